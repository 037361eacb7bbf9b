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
KEY_FILES = pathlib.Path(__file__).resolve().parents[2] / 'plugins' / 'key-file' / 'tests'


def folders(build, target):
    """Those that the target's short campaign has for arguments."""
    tests = json.loads(subprocess.run(['meson', 'introspect', '--tests', build], stdout=subprocess.PIPE, check=True).stdout)
    [arguments] = [test['cmd'][1:] for test in tests if test['name'] == f'replay-{target}']
    return arguments


def files(folder):
    """The bytes of each log, and of each key file, of a folder."""
    for path in sorted(folder.glob('*')) if folder.is_dir() else []:
        if path.is_file() and not path.name.endswith('.expected.json'):
            yield path, path.read_bytes()


def pairs():
    """Each key file with each log, as the target key-file has them."""
    every = list(files(KEY_FILES))
    for path, key_file in every:
        for _, log in every if path.suffix == '.parser' else []:
            yield key_file + b'\0' + log


def write(target, names, destination):
    """Files of the folders into another one, named by their content; gives their number."""
    seeds = [data for name in names for _, data in files(pathlib.Path(name))]
    seeds = [data for data in [*seeds, *(pairs() if target == 'key-file' else [])] if 0 < len(data) <= MOST_BYTES]
    for data in seeds:
        pathlib.Path(destination, hashlib.sha1(data).hexdigest()).write_bytes(data)
    return len(seeds)


def main():
    build, target, destination = sys.argv[1:]
    write(target, folders(build, target), destination)


if __name__ == '__main__':
    main()
