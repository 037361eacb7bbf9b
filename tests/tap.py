# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Test Anything Protocol for the checks that are written in Python."""

import sys


class Skip(Exception):
    """Raised by a check that cannot be made here; says why."""


def run(checks):
    """Runs (name, function) pairs; a function returns what is wrong, as lines, or nothing."""
    print(f'1..{len(checks)}')
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        try:
            problems, remark = list(check() or []), ''
        except Skip as skip:
            problems, remark = [], f' # SKIP {skip}'
        failed += bool(problems)
        print(f'{"not " if problems else ""}ok {number} - {name}{remark}', flush=True)
        for problem in problems:
            print(f'# {problem}')
    sys.exit(1 if failed else 0)


def run_functions(functions):
    """Runs functions that assert; their names are what they check."""
    def guard(function):
        try:
            return function()
        except AssertionError as error:
            return [f'{error}'[:600]]

    run([(function.__name__.replace('_', ' '), lambda function=function: guard(function)) for function in functions])
