#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Copies what a fuzzing target starts from, its golden logs and what was once found, into a folder.

    seeds.py BUILD TARGET FOLDER
"""

import hashlib
import json
import pathlib
import subprocess
import sys

MOST_BYTES = 60000


def folders(build, target):
    """Those that the target's short campaign has for arguments."""
    tests = json.loads(subprocess.run(['meson', 'introspect', '--tests', build], stdout=subprocess.PIPE, check=True).stdout)
    [arguments] = [test['cmd'][1:] for test in tests if test['name'] == f'replay-{target}']
    return arguments


def main():
    build, target, destination = sys.argv[1:]
    for folder in map(pathlib.Path, folders(build, target)):
        for path in folder.glob('*') if folder.is_dir() else []:
            data = path.read_bytes() if path.is_file() and not path.name.endswith('.expected.json') else b''
            if 0 < len(data) <= MOST_BYTES:
                pathlib.Path(destination, hashlib.sha1(data).hexdigest()).write_bytes(data)


if __name__ == '__main__':
    main()
