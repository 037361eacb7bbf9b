#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Golden tests of parsers: what is read from each log LOG of a folder is compared with the files beside it.

    golden.py [--update] [PERFDASH] FOLDER...

PERFDASH is the command to run, when it is not the perfdash of $PATH. LOG.expected.json is what `perfdash parse --format json` prints for the file, without "file":
every value must be equal to the last bit. LOG.by-eye.json is what people read from the log; see by_eye.py. --update writes
LOG.expected.json anew for every log: read the difference before you keep it. Key files (*.parser) of a folder are parsers of its
logs, before all others. Writes TAP.
"""

import json
import os
import pathlib
import subprocess
import sys

import by_eye

EXPECTED = '.expected.json'
BY_EYE = '.by-eye.json'
KEY_FILE = '.parser'


def beside(log, suffix):
    return log.with_name(log.name + suffix)


def is_log(path):
    return path.is_file() and not path.name.endswith((EXPECTED, BY_EYE, KEY_FILE))


def logs(folder):
    return filter(is_log, sorted(pathlib.Path(folder).iterdir()))


def parsers_of(folder):
    """The environment in which the key files of a folder are parsers; an empty directory stands for the installed ones."""
    search_path = os.environ.get('PERFDASH_PARSER_PATH', '')
    return os.environ | {'PERFDASH_PARSER_PATH': f'{pathlib.Path(folder).resolve()}:{search_path}'}


def parse(perfdash, paths, environment=None):
    """What perfdash reads from each path, in one call."""
    command = [perfdash, 'parse', '--format', 'json', *map(str, paths)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False)
    # perfdash has said why on stderr
    if not answer.stdout:
        sys.exit(f'Bail out! {perfdash} parse gave nothing')
    answers = json.loads(answer.stdout)
    for one in answers:
        del one['file']
    return zip(paths, answers)


def parse_all(perfdash, folders):
    """(log, what perfdash reads from it) of all folders."""
    with_key_files = [folder for folder in folders if list(pathlib.Path(folder).glob('*' + KEY_FILE))]
    plain = [path for folder in folders if folder not in with_key_files for path in logs(folder)]
    if plain:
        yield from parse(perfdash, plain)
    for folder in with_key_files:
        yield from parse(perfdash, list(logs(folder)), parsers_of(folder))


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
    folders = arguments[updates:]
    if not folders:
        sys.exit(__doc__)
    perfdash = 'perfdash' if pathlib.Path(folders[0]).is_dir() else folders.pop(0)
    n_logs = sum(1 for folder in folders for _ in logs(folder))
    if not n_logs:
        sys.exit(f'there is no log in {" ".join(folders)}')
    print(f'1..{n_logs}')
    failed = False
    for i, (path, found) in enumerate(parse_all(perfdash, folders), 1):
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
