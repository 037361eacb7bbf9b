#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Golden tests of parsers: each log LOG in a folder is read and compared with LOG.expected.json.

    golden.py PERFDASH FOLDER...

PERFDASH is the command to run. The expected JSON is what `perfdash parse --format json` prints for the file, without
"file". Every value must be equal to the last bit. Writes TAP.
"""

import json
import pathlib
import subprocess
import sys

SUFFIX = '.expected.json'


def logs(folders):
    for folder in folders:
        for expected in sorted(pathlib.Path(folder).glob('*' + SUFFIX)):
            yield expected.with_name(expected.name.removesuffix(SUFFIX))


def parse(perfdash, paths):
    """What perfdash reads from each path, in one call."""
    answer = subprocess.run([perfdash, 'parse', '--format', 'json', *map(str, paths)], stdout=subprocess.PIPE, check=False)
    return json.loads(answer.stdout)


def differences(expected, found, place=''):
    """Where two JSON values differ, a line each."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in expected.keys() | found.keys():
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


def main():
    perfdash, *folders = sys.argv[1:]
    paths = list(logs(folders))
    if not paths:
        sys.exit(f'there is no *{SUFFIX} in {" ".join(folders)}')
    print(f'1..{len(paths)}')
    failed = False
    for i, (path, found) in enumerate(zip(paths, parse(perfdash, paths)), 1):
        del found['file']
        expected = json.loads(path.with_name(path.name + SUFFIX).read_text())
        lines = list(differences(expected, found))
        failed |= bool(lines)
        print(f'{"not ok" if lines else "ok"} {i} - {path.parent.parent.name}/{path.name}')
        for line in lines[:20]:
            print('#', line)
    return failed


if __name__ == '__main__':
    sys.exit(main())
