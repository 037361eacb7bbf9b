#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Is every C file as clang-format writes it, and has shellcheck nothing to say about the scripts?"""

import shutil
import subprocess
from pathlib import Path

import tap
from tree import Tree

TREE = Tree(Path(__file__).resolve().parent.parent)


def is_shell(path):
    return path.suffix == '.sh' or (not path.suffix and TREE.lines(path)[0] == '#!/bin/sh')


def complaints(command, files):
    if not shutil.which(command[0]):
        raise tap.Skip(f'{command[0]} is not installed')
    done = subprocess.run(
        [*command, *map(str, files)], cwd=TREE.root, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def main():
    sources = TREE.files('.c', '.h')
    scripts = [path for path in TREE.files() if is_shell(path)]
    # another version of clang-format has other opinions; Debian 12 has this one
    clang_format = ['clang-format-14', '--dry-run', '--Werror', '--ferror-limit=1']
    tap.run([
        ('C files are as clang-format writes them', lambda: complaints(clang_format, sources)),
        ('shellcheck agrees with the scripts', lambda: complaints(['shellcheck', '-x'], scripts)),
    ])


if __name__ == '__main__':
    main()
