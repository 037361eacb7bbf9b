# SPDX-License-Identifier: LGPL-2.1-or-later
"""Count what `meson test` ran in some build folders, case by case: count-tests.py BUILD...

Fails when a test failed, when a folder has no log of its tests, and when nothing ran at all.
"""

import json
import re
import sys
import xml.etree.ElementTree
from collections import Counter
from pathlib import Path

NOT_XML = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]')  # meson writes them all the same
GOOD = ('OK', 'EXPECTEDFAIL', 'SKIP')


def read_cases(junit):
    """(program, case, how it ended); a program that speaks TAP has many cases, another one of its own name"""
    text = NOT_XML.sub('', junit.read_text(encoding='utf-8', errors='replace'))
    for case in xml.etree.ElementTree.fromstring(text.encode()).iter('testcase'):
        program = case.get('classname').partition('.')[2] or case.get('name')
        yield program, case.get('name'), outcome_of(case)


def outcome_of(case):
    if case.find('skipped') is not None:
        return 'skipped'
    bad = case.find('failure') is not None or case.find('error') is not None
    return 'failed' if bad else 'passed'


def failed_programs(testlog):
    """What meson itself calls bad: a timeout, a crash after the last case, a wrong exit status."""
    tests = [json.loads(line) for line in testlog.read_text(encoding='utf-8').splitlines()]
    return {test['name'] for test in tests if test['result'] not in GOOD}


def count(folder):
    logs = Path(folder) / 'meson-logs'
    bad = failed_programs(logs / 'testlog.json')
    total, blamed = Counter(), set()
    for program, case, outcome in read_cases(logs / 'testlog.junit.xml'):
        if program == case and program in bad:
            outcome = 'failed'  # a timeout looks like a success there
        total[outcome] += 1
        if outcome == 'failed':
            blamed.add(program)
    # a program none of whose cases failed, but which did not end well
    total['failed'] += len(bad - blamed)
    for program in sorted(bad):
        print(f'failed in {folder}: {program}')
    return total


def main():
    total = sum((count(folder) for folder in sys.argv[1:]), Counter())
    print(f'{total["passed"]} passed, {total["failed"]} failed, {total["skipped"]} skipped')
    sys.exit(1 if total['failed'] or not total['passed'] else 0)


if __name__ == '__main__':
    main()
