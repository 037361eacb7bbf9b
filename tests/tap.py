# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Test Anything Protocol for the checks that are written in Python."""

import concurrent.futures
import sys


class Skip(Exception):
    """Raised by a check that cannot be made here; says why."""


def outcome(check):
    """What is wrong, and what is to be remarked."""
    try:
        return list(check() or []), ''
    except Skip as skip:
        return [], f' # SKIP {skip}'


def run(checks, at_once=1):
    """Runs (name, function) pairs; a function returns what is wrong, as lines, or nothing.

    Checks that mostly wait, each for servers of its own, are run a few at once; they are told in their order.
    """
    print(f'1..{len(checks)}')
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        outcomes = (pool.map if at_once > 1 else map)(outcome, [check for _, check in checks])
        for number, ((name, _), (problems, remark)) in enumerate(zip(checks, outcomes), 1):
            failed += bool(problems)
            print(f'{"not " if problems else ""}ok {number} - {name}{remark}', flush=True)
            for problem in problems:
                print(f'# {problem}')
    sys.exit(1 if failed else 0)


def run_functions(functions, at_once=1):
    """Runs functions that assert; their names are what they check."""
    def guard(function):
        try:
            return function()
        except AssertionError as error:
            return [f'{error}'[:600]]

    run([(function.__name__.replace('_', ' '), lambda function=function: guard(function)) for function in functions], at_once)
