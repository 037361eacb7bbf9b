#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does tools/count-tests.py see every way in which a test can fail?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import tap

COUNTER = Path(__file__).resolve().parent.parent / 'tools' / 'count-tests.py'
TAP = '<testsuite name="perfdash.a:b / {0}">{1}</testsuite>'
CASE = '<testcase name="{1}" classname="perfdash.a:b / {0}">{2}</testcase>'
ALONE = '<testsuite name="perfdash"><testcase name="a:b / {0}" classname="perfdash">{1}</testcase></testsuite>'


def cases(program, *inner):
    return TAP.format(program, ''.join(CASE.format(program, n, i) for n, i in enumerate(inner)))


# what happened, JUnit's words, meson's results, the line, the exit status
TABLE = [
    ('all is well', cases('x', '', '') + ALONE.format('y', ''), 'OK OK', '3 passed, 0 failed, 0 skipped', 0),
    ('a case fails', cases('x', '', '<failure/>'), 'FAIL', '1 passed, 1 failed, 0 skipped', 1),
    ('a case is skipped', cases('x', '', '<skipped/>'), 'OK', '1 passed, 0 failed, 1 skipped', 0),
    ('a crash after the last case', cases('x', '', ''), 'ERROR', '2 passed, 1 failed, 0 skipped', 1),
    ('a program that says nothing', ALONE.format('x', '<error/>'), 'ERROR', '0 passed, 1 failed, 0 skipped', 1),
    ('a timeout', ALONE.format('x', ''), 'TIMEOUT', '0 passed, 1 failed, 0 skipped', 1),
    ('no test at all', '', '', '0 passed, 0 failed, 0 skipped', 1),
    ('a control character', cases('x', '\x01'), 'OK', '1 passed, 0 failed, 0 skipped', 0),
]


def count(junit, results):
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder, 'meson-logs')
        logs.mkdir()
        (logs / 'testlog.junit.xml').write_text(f'<testsuites>{junit}</testsuites>')
        programs = zip(('x', 'y'), results.split())
        lines = [json.dumps({'name': f'a:b / {name}', 'result': result}) for name, result in programs]
        (logs / 'testlog.json').write_text('\n'.join(lines))
        command = [sys.executable, '-B', COUNTER, folder]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def wrong(junit, results, line, status):
    done = count(junit, results)
    if done.stdout.splitlines()[-1:] != [line] or done.returncode != status:
        yield f'{done.stdout!r} {done.stderr!r} and status {done.returncode}, not {line!r} and {status}'


def no_log():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, '-B', COUNTER, folder]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            yield 'a folder without a log of its tests passes'


tap.run([(what, lambda case=case: wrong(*case)) for what, *case in TABLE] + [('no log', no_log)])
