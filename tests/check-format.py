#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Is every C file as clang-format writes it?"""

import shutil
import subprocess
import sys
from pathlib import Path

import tap
from tree import Tree


def main():
    root = Path(__file__).resolve().parent.parent
    # another version has other opinions; Debian 12 has this one
    program = shutil.which('clang-format-14')
    if not program:
        print('1..0 # SKIP clang-format-14 is not installed')
        sys.exit(0)
    files = Tree(root).files('.c', '.h')

    def unformatted():
        command = [program, '--dry-run', '--Werror', '--ferror-limit=1', *map(str, files)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        return [line for line in done.stderr.splitlines() if 'error:' in line] or [
            f'clang-format exits {done.returncode}: {done.stderr}'
        ] * bool(done.returncode)

    tap.run([(f'{len(files)} files are as clang-format writes them', unformatted)])


if __name__ == '__main__':
    main()
