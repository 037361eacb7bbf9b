#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Golden tests of parsers: what is read from each log LOG of a folder is compared with the files beside it.

    golden.py [--update] PERFDASH FOLDER...

PERFDASH is the command to run. LOG.expected.json is what `perfdash parse --format json` prints for the file, without "file":
every value must be equal to the last bit. LOG.by-eye.json is what people read from the log; see by_eye.py. --update writes
LOG.expected.json anew for every log: read the difference before you keep it. Writes TAP.
"""

import json
import pathlib
import subprocess
import sys

import by_eye

EXPECTED = '.expected.json'
BY_EYE = '.by-eye.json'


def beside(log, suffix):
    return log.with_name(log.name + suffix)


def is_log(path):
    return path.is_file() and not path.name.endswith((EXPECTED, BY_EYE))


def logs(folders):
    for folder in folders:
        yield from filter(is_log, sorted(pathlib.Path(folder).iterdir()))


def parse(perfdash, paths):
    """What perfdash reads from each path, in one call."""
    answer = subprocess.run([perfdash, 'parse', '--format', 'json', *map(str, paths)], stdout=subprocess.PIPE, check=False)
    answers = json.loads(answer.stdout)
    for one in answers:
        del one['file']
    return answers


def differences(expected, found, place=''):
    """Where two JSON values differ, a line each."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            if key not in found:
                yield f'{place}.{key}: missing, expected {expected[key]!r}'
            elif key not in expected:
                yield f'{place}.{key}: not expected, found {found[key]!r}'
            else:
                yield from differences(expected[key], found[key], f'{place}.{key}')
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f'{place}: {len(found)} items, expected {len(expected)}'
        for i, (a, b) in enumerate(zip(expected, found)):
            yield from differences(a, b, f'{place}[{i}]')
    elif expected != found or isinstance(expected, bool) != isinstance(found, bool):
        yield f'{place}: {found!r}, expected {expected!r}'


def problems(log, found):
    """What is wrong with what was read from a log, a line each."""
    if not beside(log, EXPECTED).exists():
        yield f'there is no {log.name}{EXPECTED}: --update writes it'
        return
    yield from differences(json.loads(beside(log, EXPECTED).read_text()), found)
    if beside(log, BY_EYE).exists():
        yield from by_eye.problems(json.loads(beside(log, BY_EYE).read_text()), found)


def update(log, found):
    beside(log, EXPECTED).write_text(json.dumps(found, indent=1, ensure_ascii=False) + '\n')


def main():
    arguments = sys.argv[1:]
    updates = arguments[:1] == ['--update']
    perfdash, *folders = arguments[updates:]
    paths = list(logs(folders))
    if not paths:
        sys.exit(f'there is no log in {" ".join(folders)}')
    print(f'1..{len(paths)}')
    failed = False
    for i, (path, found) in enumerate(zip(paths, parse(perfdash, paths)), 1):
        if updates:
            update(path, found)
        lines = list(problems(path, found))
        failed |= bool(lines)
        print(f'{"not ok" if lines else "ok"} {i} - {path.parent.parent.name}/{path.name}')
        for line in lines[:40]:
            print('#', line)
    return failed


if __name__ == '__main__':
    sys.exit(main())
