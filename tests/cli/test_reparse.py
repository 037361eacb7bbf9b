#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A parser improves, and history is derived again: nothing is lost, nothing is doubled, and what people said stays attached."""

import csv
import datetime
import io
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests'))
PERFDASH = os.environ['PERFDASH']
N_LOGS = 270  # more than a segment
N_FEW = 60
STEP = 40  # here it gets slower
START = datetime.datetime(2025, 11, 14, tzinfo=datetime.timezone.utc)

FIRST = r'''[parser]
name=mill
version=1
sniff=^mill run at (?<time>\S+)
format=lines
[run]
started_at={time}
[result latency]
line=^(?<benchmark>\w+) took (?<value>\S+) ms
unit=s
direction=lower
[result gone]
line=^(?<benchmark>\w+) guessed (?<value>\S+)
unit=1
'''
# what was said to be seconds is milliseconds, another metric is read, and one is no result
SECOND = r'''[parser]
name=mill
version=2
sniff=^mill run at (?<time>\S+)
format=lines
[run]
started_at={time}
[result latency]
line=^(?<benchmark>\w+) took (?<value>\S+) ms
unit=ms
direction=lower
[result rows]
line=^(?<benchmark>\w+) read (?<value>\S+) rows
unit=1
direction=higher
'''
# the same, with the benchmark's suite and the metric under another name
THIRD = SECOND.replace('version=2', 'version=3').replace('[run]', '[run]\nlabel.suite=nightly').replace('[result latency]', '[result time]')
OTHER = r'''[parser]
name=loom
sniff=^loom
format=lines
[result speed]
line=^(?<benchmark>\w+) at (?<value>\S+)
unit=1/s
'''


def make_log(number):
    level = 31 if number < STEP else 47
    started_at = START + number * datetime.timedelta(hours=1)
    return f'''mill run at {started_at.isoformat()}
login took {level + number % 7 / 10} ms
login guessed {number}
login read {1000 + number} rows
'''


class ReparseTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)
        self.parsers = self.place / 'parsers'
        self.parsers.mkdir()
        (self.place / 'logs').mkdir()

    def run_perfdash(self, command, *arguments, store='store'):
        environment = {**os.environ, 'LC_ALL': 'C.UTF-8', 'PERFDASH_PARSER_PATH': f'{self.parsers}:{os.environ["PERFDASH_PARSER_PATH"]}'}
        return subprocess.run([PERFDASH, command, '--store', self.place / store, *map(str, arguments)], capture_output=True,
                              check=False, env=environment)

    def install(self, name, text):
        (self.parsers / f'{name}.parser').write_text(text)

    def ingest(self, n_logs=N_LOGS, store='store'):
        for number in range(n_logs):
            (self.place / 'logs' / f'{number:04}.log').write_text(make_log(number))
        answer = self.run_perfdash('ingest', '--lab', 'dfw', '--build', '7', self.place / 'logs', store=store)
        self.assertRegex(answer.stdout.decode(), rf'^{n_logs} new')

    def reparse(self, *arguments):
        answer = self.run_perfdash('reparse', '--format', 'json', *arguments)
        self.assertEqual(answer.returncode, 0, answer.stderr.decode())
        return json.loads(answer.stdout)

    def points(self, store='store'):
        """Of all series: without the ids of runs, which are of a store."""
        answer = self.run_perfdash('points', '--match', 'tool:mill', '--format', 'csv', store=store)
        self.assertEqual(answer.returncode, 0, answer.stderr.decode())
        rows = csv.DictReader(io.StringIO(answer.stdout.decode()))
        return sorted(tuple((key, value) for key, value in row.items() if key != 'run') for row in rows)

    def query(self, sql, *values):
        with sqlite3.connect(self.place / 'store/perfdash.db') as database:
            return database.execute(sql, values).fetchall()

    def changes(self):
        return self.query('SELECT id, run, previous_run, state, owner, note FROM change WHERE is_found ORDER BY id')

    def assert_like_fresh(self, n_logs=N_LOGS):
        self.ingest(n_logs, store='fresh')
        self.assertEqual(self.points(), self.points('fresh'))

    def test_improved(self):
        self.install('mill', FIRST)
        self.ingest()
        before = self.points()
        runs = self.query('SELECT id FROM run ORDER BY id')
        [(change,)] = self.query("SELECT change.id FROM change JOIN series ON series.id = series WHERE unit = 's'")
        self.query("UPDATE change SET state = 1, is_touched = 1, owner = 'ada', note = 'the new disk' WHERE id = ?", change)
        known = [row for row in self.changes() if row[0] == change]
        self.install('mill', SECOND)
        preview = self.reparse('--preview')
        [row] = preview['parsers']
        self.assertEqual((row['logs'], row['logs_same'], row['runs_changed'], row['runs_appeared'], row['runs_vanished']),
                         (N_LOGS, 0, N_LOGS, 0, 0))
        self.assertEqual([row[f'values_{what}'] for what in ('same', 'rounded', 'changed', 'moved', 'appeared', 'vanished')],
                         [0, 0, N_LOGS, 0, N_LOGS, N_LOGS])
        example = next(one for one in preview['examples'] if one['what'] == 'changed')
        self.assertEqual((example['log'], example['value_before'], example['value'], example['unit']), ('0000.log', 31, 0.031, 's'))
        self.assertEqual(self.points(), before)
        written = self.reparse()
        self.assertEqual((written['preview'], written['parsers']), (False, preview['parsers']))
        self.assertEqual(self.query('SELECT id FROM run ORDER BY id'), runs)
        self.assertEqual([row for row in self.changes() if row[0] == change], known)
        self.assert_like_fresh()
        self.assertEqual(self.reparse('--preview')['parsers'], [])
        [row] = self.reparse('--all')['parsers']
        self.assertEqual((row['logs'], row['logs_same']), (N_LOGS, N_LOGS))

    def test_other_series(self):
        """Runs and values go to other series; changes go with them, and who follows an old link is told where."""
        self.install('mill', SECOND)
        self.ingest(N_FEW)
        [(change,)] = self.query("SELECT change.id FROM change JOIN series ON series.id = series WHERE unit = 's'")
        self.query("UPDATE change SET state = 1, is_touched = 1, owner = 'ada', note = 'the new disk' WHERE id = ?", change)
        self.install('mill', THIRD)
        [row] = self.reparse()['parsers']
        self.assertEqual((row['runs_moved'], row['values_moved'], row['values_vanished']), (N_FEW, 2 * N_FEW, 0))
        self.assert_like_fresh(N_FEW)
        [(place, state, owner)] = self.query('''SELECT started_at, change.state, owner FROM change JOIN run ON run.id = change.run
            WHERE change.id = ? AND is_found''', change)
        self.assertEqual((place, state, owner), ((START + STEP * datetime.timedelta(hours=1)).timestamp() * 1e6, 1, 'ada'))
        self.assertEqual(self.query('''SELECT count(*) FROM standing JOIN run AS old ON old.id = standing.run
            JOIN run AS now ON now.id = replaced_by WHERE old.log = now.log'''), [(N_FEW,)])
        self.install('mill', THIRD.replace('version=3', 'version=4'))
        [row] = self.reparse()['parsers']
        self.assertEqual((row['logs_same'], row['runs_same']), (N_FEW, N_FEW))

    def test_failed(self):
        """What nobody could read is read when somebody can; what is not kept any more is named."""
        self.install('mill', FIRST)
        self.ingest(3)
        (self.place / 'noise.log').write_text('loom 1.0\nweave at 12\n')
        self.assertEqual(self.run_perfdash('ingest', '--build', '9', self.place / 'noise.log').returncode, 1)
        self.install('loom', OTHER)
        [(digest,)] = self.query("SELECT digest FROM log WHERE name = '0001.log'")
        (self.place / 'store/logs' / digest[:2] / f'{digest}.zst').unlink()
        report = self.reparse('--all')
        self.assertEqual([one['log'] for one in report['missing']], ['0001.log'])
        self.assertEqual({row['parser_before'].split()[0]: (row['logs'], row['runs_appeared'], row['outcomes_changed'])
                          for row in report['parsers']}, {'none': (1, 1, 1), 'mill': (2, 0, 0)})
        self.assertEqual(self.query("SELECT build FROM run JOIN log ON log.id = run.log WHERE name = 'noise.log'"), [('9',)])
        table = self.run_perfdash('reparse', '--all', '--preview').stdout.decode()
        self.assertIn(f'not kept any more: 0001.log ({digest[:12]})', table)
        (self.parsers / 'mill.parser').unlink()
        report = self.reparse()
        self.assertEqual((report['parsers'], report['orphans']), ([], 3))

    def test_killed(self):
        """Each log is as it was or as it is now, and the rest is done by the next one."""
        self.install('mill', FIRST)
        self.ingest()
        old, = self.query('SELECT DISTINCT parser_version FROM log')
        self.install('mill', SECOND)
        environment = {**os.environ, 'PERFDASH_PARSER_PATH': f'{self.parsers}:{os.environ["PERFDASH_PARSER_PATH"]}'}
        process = subprocess.Popen([PERFDASH, 'reparse', '--store', self.place / 'store'], env=environment, stdout=subprocess.DEVNULL)
        n_new = 0
        while n_new == 0 and process.poll() is None:
            [(n_new,)] = self.query('SELECT count(*) FROM log WHERE parser_version != ?', *old)
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        [(n_new,)] = self.query('SELECT count(*) FROM log WHERE parser_version != ?', *old)
        self.assertGreater(n_new, 0)
        counts = [float(dict(point)['value']) for point in self.points() if dict(point)['unit'] == '1']
        self.assertEqual(sum(count >= 1000 for count in counts), n_new)
        self.assertEqual(len(counts), N_LOGS)
        self.reparse()
        self.assert_like_fresh()


if __name__ == '__main__':
    import unittest_tap
    unittest_tap.main(sys.modules[__name__])
