# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Test Anything Protocol for the checks that are written in Python."""

import sys


def run(checks):
    """Runs (name, function) pairs; a function returns what is wrong, as lines, or nothing."""
    print(f'1..{len(checks)}')
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        problems = list(check() or [])
        failed += bool(problems)
        print(f'{"not " if problems else ""}ok {number} - {name}', flush=True)
        for problem in problems:
            print(f'# {problem}')
    sys.exit(1 if failed else 0)
