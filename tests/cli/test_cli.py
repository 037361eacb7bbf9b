#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line, as people type it: what it prints, where, and with which exit status."""

import csv
import datetime
import io
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests'))
PERFDASH = os.environ['PERFDASH']
GOLDEN = ROOT / 'plugins'


def run(*arguments, stdin=None, **environment):
    return subprocess.run([PERFDASH, *map(str, arguments)], input=stdin, capture_output=True, check=False,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8', **environment})


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.place = pathlib.Path(self.folder.name)

    def assert_error(self, answer, status, *words):
        """One line on standard error that says what and of which file."""
        self.assertEqual(answer.returncode, status, answer)
        lines = answer.stderr.decode().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith('perfdash: '), lines)
        for word in words:
            self.assertIn(word, lines[0])

    def write(self, name, content):
        path = self.place / name
        path.write_bytes(content)
        return path

    def ingest(self, *arguments):
        return run('ingest', '--store', self.place / 'store', *arguments)

    def test_help(self):
        self.assertIn(b'ingest', run('--help').stdout)
        for command in ('parse', 'ingest', 'parsers', 'series', 'points', 'runs', 'hide', 'show', 'compare', 'analyze', 'reparse', 'rebuild', 'token', 'token create'):
            answer = run(*command.split(), '--help')
            self.assertEqual(answer.returncode, 0)
            self.assertIn(b'Usage:', answer.stdout)
        self.assertRegex(run('--version').stdout.decode(), r'^perfdash \d+\.\d+\.\d+\n$')

    def test_usage(self):
        self.assertEqual(run().returncode, 2)
        self.assert_error(run('prase'), 2, 'prase', '--help')
        self.assert_error(run('parse'), 2, 'files')
        self.assert_error(run('parse', '--fromat', 'json', 'x'), 2, '--fromat')
        self.assert_error(run('parse', '--format', 'yaml', 'x'), 2, 'format')
        self.assert_error(run('series', '--store', self.place, '--format', 'yaml'), 2, 'yaml')
        self.assert_error(run('series', PERFDASH_STORE=''), 1, 'PERFDASH_STORE')
        self.assert_error(self.ingest('--started-at', 'yesterday', 'x'), 2, 'yesterday')
        self.assert_error(self.ingest('--label', 'no-value', 'x'), 2, 'no-value')
        self.assert_error(self.ingest('--lab', 'a\x07b', 'x'), 2, 'control character')

    def test_changes(self):
        runs = [{'labels': {'lab': 'dfw'}, 'build': str(day), 'environment': {'kernel': '6.1' if day < 40 else '6.2'}, 'started_at': f'2026-{1 + day // 28:02}-{1 + day % 28:02}T12:00:00Z',
                 'results': [{'benchmark': 'home', 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
                              'value': (30 if day < 40 else 36) * (1 + day * 37 % 11 / 1000)}]} for day in range(80)]
        log = self.place / 'runs.json'
        log.write_text(json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}))
        store = self.place / 'changes'
        self.assertEqual(run('ingest', '--store', store, log).returncode, 0)
        [change] = json.loads(run('changes', '--store', store, '--format', 'json').stdout)
        self.assertEqual((change['state'], change['direction'], change['build']), ('historic', 'regression', '40'))
        self.assertIsNone(change['precision'])  # nobody said anything
        overall = run('changes', '--store', store, '--precision', '--format', 'json').stdout
        self.assertEqual(json.loads(overall), [{'right': 0, 'wrong': 0, 'precision': None}])
        table = run('changes', '--store', store, '--since', '2026-01-01T00:00:00Z').stdout.decode()
        self.assertRegex(table, r'home latency \(dfw\) is \d+\.\d % higher, which is worse .*, since build 40 of 2026-02-13: certain')
        self.assertEqual(json.loads(run('changes', '--store', store, '--state', 'new', '-f', 'json').stdout), [])
        [group] = json.loads(run('changes', '--store', store, '--group', '--format', 'json').stdout)
        self.assertEqual((group['changes'], group['suspect'], group['labs'], group['ids']), (1, 'unclear', 'dfw', str(change['id'])))
        self.assertIn('seen in one lab only', run('changes', '--store', store, '--group').stdout.decode())
        [cause] = json.loads(run('changes', '--store', store, str(change['id']), '--format', 'json').stdout)
        self.assertEqual((cause['key'], cause['before'], cause['after']), ('kernel', '6.1', '6.2'))
        self.assertRegex(run('changes', '--store', store, str(change['id'])).stdout.decode(), r'higher(.|\n)*kernel +6\.1 +6\.2')
        [spin] = json.loads(run('changes', '--store', store, '--control', 'benchmark:home lab:dfw', '-f', 'json').stdout)
        self.assertEqual(spin['direction'], 'neither')
        self.assert_error(run('changes', '--store', store, '--control', 'home'), 2, 'home')
        self.assert_error(run('changes', '--store', store, 'odd'), 2, 'odd')
        self.assert_error(run('changes', '--store', store, '4711'), 1, '4711')
        self.assert_error(run('changes', '--store', store, '--state', 'odd'), 2, 'odd')
        self.assert_error(run('changes', '--store', store, '--since', 'odd'), 2, 'odd')

    def test_hide(self):
        """A run of a wrong machine goes, with the change that it made, and comes back."""
        runs = [{'labels': {'lab': 'dfw'}, 'started_at': f'2026-01-{1 + day:02}T12:00:00Z',
                 'results': [{'benchmark': 'home', 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
                              'value': (30 if day < 15 else 36) * (1 + day * 37 % 11 / 1000)}]} for day in range(30)]
        log = self.write('hide.json', json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}).encode())
        store = self.place / 'hide'
        self.assertEqual(run('ingest', '--store', store, log).returncode, 0)

        def read(*arguments):
            return json.loads(run(*arguments, '--store', store, '--format', 'json').stdout)

        bad = [str(item['run']) for item in read('runs')[:15]]
        answer = run('hide', '--store', store, *bad, '--reason', 'wrong machine', '--who', 'ann')
        self.assertEqual((answer.returncode, answer.stdout), (0, b'hid 15 runs\n'))
        self.assertEqual((len(read('points', '--words', 'home')), read('changes')), (15, []))
        self.assertEqual([item['hidden'] for item in read('runs')], ['wrong machine'] * 15 + [''] * 15)
        self.assertEqual(run('show', '--store', store, *bad).stdout, b'showed 15 runs\n')
        self.assertEqual((len(read('points', '--words', 'home')), len(read('changes'))), (30, 1))
        self.assert_error(run('hide', '--store', store, bad[0]), 2, '--reason')
        self.assert_error(run('hide', '--store', store, '--reason', 'x'), 2, 'which run')
        self.assert_error(run('hide', '--store', store, 'home', '--reason', 'x'), 2, '"home"')
        self.assert_error(run('hide', '--store', store, bad[0], '4711', '--reason', 'x'), 1, '4711')
        self.assert_error(run('show', '--store', self.place / 'typo', '1'), 1, 'typo')
        self.assert_error(run('show', '--server', 'http://127.0.0.1:9', '1'), 1, '127.0.0.1')

    def test_times(self):
        """Every command takes a time in any of its forms, and means the same by it."""
        now = datetime.datetime.now(datetime.timezone.utc)
        days = [now - datetime.timedelta(days=age) for age in range(40, 0, -1)]
        runs = [{'labels': {'lab': 'dfw'}, 'started_at': day.isoformat(), 'results': [
            {'benchmark': benchmark, 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
             'value': (30 if number < 20 else 36) * (1 + number * 37 % 11 / 1000)}]}
            for number, day in enumerate(days) for benchmark in (['home', 'old'] if number < 5 else ['home'])]
        store = self.place / 'times'
        log = self.write('runs.json', json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}).encode())
        self.assertEqual(run('ingest', '--store', store, log).returncode, 0)

        def count(command, *options):
            answer = run(command, '--store', store, '-f', 'json', *options)
            self.assertEqual(answer.returncode, 0, answer)
            return len(json.loads(answer.stdout))

        cut = now - datetime.timedelta(days=14, hours=12)
        for since in ('348h', '20880m', '-348h', cut.isoformat(), cut.strftime('%Y-%m-%dT%H:%M:%SZ')):
            self.assertEqual(count('runs', '--since', since), 14, since)
            self.assertEqual(count('runs', '--until', since, '--limit', 99), 31, since)
            self.assertEqual(count('points', '-q', 'home', '--since', since), 14, since)
        self.assertEqual(count('runs', '--since', '9w', '--until', '348h', '--limit', 3), 3)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        for word, since in (('today', midnight), ('yesterday', midnight - datetime.timedelta(days=1)),
                            (f'{midnight:%Y-%m-%d}', midnight)):
            self.assertEqual(count('runs', '--since', word), sum(day >= since for day in days), word)
        self.assertEqual((count('series'), count('series', '--since', '5w'), count('series', '--until', '5w')), (2, 1, 2))
        self.assertEqual((count('changes', '--since', '3w'), count('changes', '--until', '3w'), count('changes', '--since', '2w')),
                         (1, 0, 0))
        [row] = json.loads(run('compare', '--store', store, '-f', 'json', 'to:492h', 'from:492h').stdout)['items']
        self.assertEqual((row['n_before'], row['n_after']), (20, 20))
        for command in ('runs', 'points', 'series', 'changes'):
            self.assertIn(b'14d (so long ago', run(command, '--help').stdout)
            for option in ('--since', '--until'):
                self.assert_error(run(command, '--store', store, '-q', 'x', option, 'yestrday'), 2, option[2:], '"yestrday"',
                                  '2026-11-23T17:12:20Z, 14d')

    def test_rebuild(self):
        self.assert_error(run('rebuild', '--store', self.place / 'typo'), 1, 'typo')
        self.assertFalse((self.place / 'typo').exists())
        self.assertEqual(self.ingest(GOLDEN / 'wrk/tests/plain.txt').returncode, 0)
        answer = run('rebuild', '--store', self.place / 'store')
        self.assertEqual(answer.returncode, 0, answer)
        self.assertRegex(answer.stdout, rb'^derived \d+ results of 1 runs again\n$')
        self.assert_error(run('rebuild', 'x'), 2, '"x"')

    def ingest_runs(self):
        """Six runs each of two revisions on two branches: login became 20 % slower, search did not, errors came."""
        for number, factor in enumerate((1, 1.01, 0.99, 1.005, 0.995, 1.002)):
            for revision, branch, slower in (('a', 'main', 1), ('b', 'main', 1.2), ('b', 'next', 1.2)):
                results = [{'benchmark': 'login', 'metric': 'latency', 'unit': 's', 'value': 0.5 * factor * slower},
                           {'benchmark': 'search', 'metric': 'latency', 'unit': 's', 'value': 2 * factor},
                           {'benchmark': 'login', 'metric': 'throughput', 'unit': '1/s', 'value': 90 * factor / slower},
                           {'benchmark': 'login', 'metric': 'errors', 'unit': '1', 'direction': 'lower',
                            'value': number if slower > 1 else 0}]
                run_of_it = {'format': 'perfdash', 'version': 1, 'labels': {'lab': 'dfw', 'branch': branch}, 'revision': revision,
                             'build': f'{revision}{number}', 'started_at': f'2026-11-{10 + number}T12:00:00Z', 'results': results}
                self.write(f'in-{revision}-{branch}-{number}.json', json.dumps(run_of_it).encode())
        self.assertEqual(self.ingest(*self.place.glob('in-*.json')).returncode, 0)

    def compare(self, *arguments):
        return run('compare', '--store', self.place / 'store', *arguments)

    def test_compare(self):
        self.ingest_runs()
        answer = self.compare('--format', 'json', '--match', 'branch:main', 'revision:a', 'revision:b')
        self.assertEqual(answer.returncode, 0, answer)
        compared = json.loads(answer.stdout)
        rows = {row['labels']: row for row in compared['items']}
        self.assertEqual(compared['shared_runs'], [])
        higher = compared['geometric_mean']['higher']
        self.assertAlmostEqual(higher['ratio'], 5 / 6)
        self.assertIsNone(higher['interval'])
        self.assertEqual({labels.replace(' branch=main lab=dfw', ''): row['verdict'] for labels, row in rows.items()},
                         {'benchmark=login metric=latency': 'worse', 'benchmark=login metric=throughput': 'worse',
                          'benchmark=login metric=errors': 'worse', 'benchmark=search metric=latency': 'same'})
        login = rows[next(labels for labels in rows if 'latency' in labels and 'login' in labels)]
        self.assertEqual((login['n_before'], login['n_after'], login['kind'], login['delta']), (6, 6, 'relative', 1))
        self.assertAlmostEqual(login['change'], 0.2)
        self.assertTrue(0.15 < login['low'] < 0.2 < login['high'] < 0.25, login)
        self.assertTrue(login['p'] < login['p_adjusted'] < 0.05, login)
        table, mean = csv.DictReader(io.StringIO(self.compare('-f', 'csv', '-m', 'metric:throughput', '-m', 'branch:main', 'revision:a', 'revision:b')
                                              .stdout.decode()))
        self.assertEqual((table['verdict'], table['runs_needed']), ('worse', ''))
        self.assertEqual((mean['kind'], mean['direction'], mean['low']), ('geometric mean', 'higher', ''))
        self.assertAlmostEqual(float(mean['change']), float(table['change']))
        out = self.compare('-m', 'branch:main', 'revision:a', 'revision:b').stdout.decode()
        self.assertRegex(out, re.compile(r'^6\+6 +500.5 ms +600.6 ms +\+20.0 % +\+1\d.\d % .. \+2\d.\d % +0.00\d+ +worse ', re.MULTILINE))
        self.assertRegex(out, re.compile(r'^geometric mean where higher is better: -16.7 %$', re.MULTILINE))

    def test_compare_overlap(self):
        """The same runs on both sides are named in every form."""
        self.ingest_runs()
        latency = '-m', 'metric:latency', '-m', 'branch:main'
        sides = 'to:2026-11-13', 'from:2026-11-12'
        runs = json.loads(run('runs', '--store', self.place / 'store', '-f', 'json', '-m', 'branch:main').stdout)
        both = sorted(one['run'] for one in runs if one['started_at'].startswith('2026-11-12'))
        self.assertEqual(len(both), 2)
        compared = json.loads(self.compare(*latency, '-f', 'json', *sides).stdout)
        self.assertEqual(compared['shared_runs'], both)
        ratio, (low, high) = compared['geometric_mean']['lower'].values()
        self.assertTrue(low < ratio < high, compared)
        warning = f'warning: 2 runs are on both sides, which hides what differs: {both[0]} {both[1]}'
        self.assertIn(warning, self.compare(*latency, *sides).stdout.decode().splitlines())
        answer = self.compare(*latency, '-f', 'csv', *sides)
        self.assertEqual((answer.returncode, answer.stderr.decode()), (0, f'perfdash: {warning}\n'))
        answer = self.compare(*latency, '-f', 'markdown', *sides)
        lines = answer.stdout.decode().splitlines()
        self.assertEqual(lines[:2], ['| runs | before | after | change | 95 % | p | verdict | labels |', '| --- ' * 8 + '|'])
        self.assertEqual(len(lines), 8)
        self.assertRegex(lines[2], r'^\| 6\+8 \| .* \| benchmark=login .* \|$')
        self.assertRegex(lines[5], r'^geometric mean where lower is better: [+-]\d+\.\d % \([+-].* \.\. [+-].*\)$')
        self.assertEqual(lines[7], warning)

    def test_compare_sides(self):
        self.ingest_runs()
        latency = ('--format', 'json', '--match', 'metric:latency', '--match', 'benchmark:login')

        def sides(before, after):
            answer = self.compare(*latency, before, after)
            self.assertEqual(answer.returncode, 0, answer)
            return [(row['n_before'], row['n_after'], row['labels']) for row in json.loads(answer.stdout)['items']]

        # a label of a side is no difference, what stands in none is
        self.assertEqual([row[:2] for row in sides('branch:main revision:b', 'branch:next')], [(6, 6)])
        self.assertNotIn('branch', sides('branch:main', 'branch:next')[0][2])
        self.assertEqual([row[:2] for row in sides('branch:main', 'branch:next')], [(12, 6)])
        self.assertEqual([row[:2] for row in sides('build:~^a[01]', 'build:b3')], [(2, 1)])
        self.assertEqual([row[:2] for row in sides('from:2026-11-10 to:2026-11-12', 'from:2026-11-12T12:00:00Z')], [(4, 8), (2, 4)])
        self.assertEqual([row[:2] for row in sides('branch:main revision:a', 'branch:main last:4')], [(6, 4)])
        self.assertEqual([row[:2] for row in sides('branch:main revision:a', 'branch:main revision:b last:3')], [(6, 3)])

    def budget(self, *arguments):
        return run('budget', '--store', self.place / 'store', *arguments)

    def test_budget(self):
        self.ingest_runs()
        main = ('--match', 'branch:main', '--since', 'revision:a')
        answer = self.budget(*main, '--limit', '3%', '-f', 'json')
        self.assertEqual(answer.returncode, 2, answer)
        rows = json.loads(answer.stdout)
        self.assertEqual([row['state'] for row in rows], ['exceeded'] * 3 + ['kept'])
        self.assertTrue(all(row['used'] is None or row['used'] > 5 for row in rows[:3]), rows)
        self.assertEqual((rows[3]['n_before'], rows[3]['n_after']), (6, 6))
        self.assertEqual(self.budget(*main, '--limit', '3%', '--match', 'benchmark:search').returncode, 0)
        self.assertEqual(self.budget(*main, '--limit', '20%', '--match', 'metric:latency').returncode, 3)
        self.assertEqual(self.budget(*main, '--limit', '40 %', '--match', 'metric:latency').returncode, 0)
        table = self.budget(*main, '--limit', '3%', '--match', 'metric:latency').stdout.decode()
        self.assertRegex(table, re.compile(r'^exceeded +66\d % +\d+ % \.\. \d+ %', re.MULTILINE))
        missing = self.budget('--since', 'revision:none', '--limit', '3%')
        self.assertEqual(missing.returncode, 3, missing)
        self.assertIn(b' series have no results in the baseline', missing.stdout)
        self.assert_error(self.budget('--since', 'revision:a'), 1, '--limit')
        self.assert_error(self.budget(*main, '--limit', '3'), 1, '"3"', 'percentage')
        self.assert_error(self.budget('--since', 'last:3', '--limit', '3%'), 1, 'last:3', 'baseline')
        self.assert_error(self.budget(*main, '--limit', '3%', '--now', 'next'), 1, 'next')

    def test_budget_config(self):
        """The budgets of a daemon's configuration, all or by name; a drop-in changes one."""
        self.ingest_runs()
        config = self.place / 'perfdashd.conf'
        drop_ins = self.place / 'perfdashd.conf.d'
        drop_ins.mkdir()
        budget = '[budget {}]\nmatch=branch:main {}\nsince=revision:a\nlimit={}\n'
        config.write_text('[daemon]\nlisten=127.0.0.1:0\n' + budget.format('latency', 'metric:latency', '3%') +
                          budget.format('search', 'benchmark:search', '3%'))
        every = self.budget('--config', config, '-f', 'json')
        self.assertEqual(every.returncode, 2, every)
        rows = json.loads(every.stdout)
        self.assertEqual([row['budget'] for row in rows], ['latency'] * (len(rows) - 1) + ['search'])
        self.assertEqual((rows[0]['state'], rows[-1]['state']), ('exceeded', 'kept'))
        self.assertRegex(self.budget('--config', config).stdout.decode(), re.compile(r'^latency +exceeded +66\d %', re.MULTILINE))
        search = self.budget('--config', config, '-f', 'csv', 'search')
        self.assertEqual((search.returncode, search.stdout.decode().split('\n')[1].split(',')[:2]), (0, ['search', 'kept']))
        (drop_ins / '10.conf').write_text('[budget latency]\nlimit=40%\n')
        self.assertEqual(self.budget('--config', config).returncode, 0)
        self.assert_error(self.budget('--config', config, 'memory'), 1, '"memory"', 'latency, search')
        self.assert_error(self.budget('--config', config, '--limit', '3%'), 1, '--limit')
        self.assert_error(self.budget('search', '--since', 'revision:a', '--limit', '3%'), 1, '--config')
        (drop_ins / '20.conf').write_text('[budget latency]\nlimit=much\n')
        self.assert_error(self.budget('--config', config), 1, '20.conf:2: limit: "much"')
        config.write_text('[daemon]\n')
        shutil.rmtree(drop_ins)
        self.assert_error(self.budget('--config', config), 1, '[budget NAME]')

    def test_compare_refuses(self):
        self.ingest_runs()
        self.assert_error(self.compare('revision:a'), 2, 'two sides')
        self.assert_error(self.compare('a', 'revision:b'), 2, '"a"', 'key:value')
        self.assert_error(self.compare('', 'revision:b'), 2, 'empty')
        self.assert_error(self.compare('from:yestrday', 'revision:b'), 2, 'yestrday', '14d')
        self.assert_error(self.compare('last:few', 'revision:b'), 2, 'last:few', 'last:10')
        self.assert_error(self.compare('--margin', '-1', 'revision:a', 'revision:b'), 2, 'margin')
        self.assert_error(self.compare('revision:a', 'revision:c'), 1, 'revision:c')

    def analyze(self, *lines, status=0):
        """Answers by id, and what was complained of."""
        answer = run('analyze', stdin=''.join(line + '\n' for line in lines).encode())
        self.assertEqual(answer.returncode, status, answer)
        answers = [json.loads(line) for line in answer.stdout.splitlines()]
        return answers, answer.stderr.decode().splitlines()

    def test_analyze(self):
        values = [5, 5.1, 4.9, 5, 5.05, 4.95] * 4 + [6, 6.1, 5.9, 6, 6.05, 5.95] * 4
        (answer, same), complaints = self.analyze(
            json.dumps({'id': 'é"1', 'direction': 'lower', 'other': [{'x': None}], 'values': values}), '',
            json.dumps({'id': 7, 'values': [-value for value in values], 'times': None}))
        self.assertEqual(complaints, [])
        self.assertEqual((answer['id'], same['id']), ('é"1', 7))
        (change,) = answer['changes']
        self.assertEqual([change[name] for name in ('index', 'first', 'last', 'kind', 'confidence', 'outliers')],
                         [24, 24, 24, 'regression', 'certain', 0])
        self.assertEqual([(c['index'], c['kind']) for c in same['changes']], [(24, 'neither')])
        for low, value, high, truth in (('before_low', 'before', 'before_high', 5), ('after_low', 'after', 'after_high', 6),
                                        ('low', 'change', 'high', 0.2)):
            self.assertTrue(change[low] < truth < change[high] and change[low] < change[value] < change[high], change)
        self.assertTrue(0 < change['p'] < 1e-6 and change['effect'] > 5, change)
        self.assertEqual([answer[name] for name in ('undecided', 'noise_is_relative', 'modes', 'outliers')], [None, True, 1, []])
        self.assertTrue(answer['level']['low'] < 6 < answer['level']['high'], answer)
        self.assertTrue(0 < answer['noise'] < 0.03, answer)

    def test_analyze_undecided(self):
        values = [5, 5.1, 4.9, 5, 5.05, 4.95] * 4
        (answer,), _ = self.analyze(json.dumps({'id': 'x', 'values': values + [6, 6.1, 5.9]}))
        self.assertEqual((answer['changes'], answer['undecided']['index'], answer['undecided']['confidence']), ([], 24, 'undecided'))
        more = [6, 6.1, 5.9] + [6] * answer['undecided']['runs_needed']
        (answer,), _ = self.analyze(json.dumps({'id': 'x', 'values': values + more}))
        self.assertEqual(([c['index'] for c in answer['changes']], answer['undecided']), ([24], None))

    def test_analyze_times(self):
        """However a time is written, it is the same time."""
        values = [100 + day + day % 3 for day in range(50)]
        seconds = [1767225600 + day * 86400 for day in range(50)]
        dates = [f'{datetime.datetime.fromtimestamp(time, datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}' for time in seconds]
        answers, _ = self.analyze(*[json.dumps({'id': 'x', 'values': values, 'times': times})
                                    for times in (dates, *([time * unit for time in seconds] for unit in (1, 1.0, 10**3, 10**6, 10**9)))])
        self.assertEqual([answer == answers[0] for answer in answers], [True] * 6)
        (answer,), _ = self.analyze(json.dumps({'id': 'x', 'values': values}))
        self.assertAlmostEqual(answers[0]['drift']['value'], (1 + answer['drift']['value']) ** 7 - 1)

    def test_analyze_refuses(self):
        """Each bad line is told of with its number; the others are answered, in order."""
        table = [
            ('[1,2]', 'byte 0', 'object'),
            ('{"id":"x","values":[1,2', 'a comma or ]'),
            ('{"id":"x","values":[1,', 'a number'),
            ('{"id":"x","values":[1]} x', 'byte 24', 'end of the line'),
            ('{"id":"x","values":[1],"a":' + '[' * 100, 'nested more than 64 deep'),
            ('{"values":[1,2]}', 'no "id"'),
            ('{"id":["x"],"values":[1,2]}', '"id" is neither'),
            ('{"id":"x"}', 'no "values"'),
            ('{"id":"x","values":7}', '"values" is no array'),
            ('{"id":"x","values":[1,NaN]}', 'values[1] is NaN', 'leave out'),
            ('{"id":"x","values":[1,2,-Infinity]}', 'values[2] is -Infinity', 'leave out'),
            ('{"id":"x","values":[null]}', 'values[0] is null'),
            ('{"id":"x","values":["1"]}', 'values[0] is "1"'),
            ('{"id":"x","values":[1e999]}', 'values[0] is 1e999'),
            ('{"id":"x","values":[01]}', 'values[0] is 01'),
            ('{"id":"x","values":[1],"direction":"down"}', '"down"', 'lower, higher, none'),
            ('{"id":"x","values":[1,2],"times":[1]}', '2 values and 1 times'),
            ('{"id":"x","values":[1,2],"times":[2,1]}', 'time 1 is before'),
            ('{"id":"x","values":[1],"times":["2026-11-23 17:12"]}', 'times[0]', '2026-11-23T17:12:20Z'),
            ('{"id":"x","values":[1],"times":[1e300]}', 'times[0]', 'out of range'),
        ]
        good = [json.dumps({'id': number, 'values': [1, 2, 3]}) for number in range(len(table))]
        answers, complaints = self.analyze(*[line for row, answered in zip(table, good) for line in (row[0], answered)], status=1)
        self.assertEqual([answer['id'] for answer in answers], list(range(len(table))))
        self.assertEqual(len(complaints), len(table), complaints)
        for number, (row, complaint) in enumerate(zip(table, complaints)):
            self.assertTrue(complaint.startswith(f'perfdash: standard input: line {2 * number + 1}: '), complaint)
            for words in row[1:]:
                self.assertIn(words, complaint)
        self.assert_error(run('analyze', self.write('x', b'{"id":"\xff","values":[]}')), 1, 'line 1: is not UTF-8')
        self.assert_error(run('analyze', self.place / 'missing'), 1, 'missing')
        self.assert_error(run('analyze', self.place), 1, 'directory')
        self.assert_error(run('analyze', 'a', 'b'), 2, '"b"')
        self.assertEqual(json.loads(run('analyze', self.write('y', b'{"id":1,"values":[]}')).stdout)['changes'], [])

    def test_analyze_streams(self):
        """An answer comes before the next line is asked."""
        with subprocess.Popen([PERFDASH, 'analyze', '-'], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for number in range(5):
                process.stdin.write(b'{"id":%d,"values":[1,2,3]}\n' % number)
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline())['id'], number)

    def test_explain(self):
        """Two tools in one log of Jenkins: who claims what, and which lines make which results."""
        text = (GOLDEN / 'wrk/tests/plain.txt').read_bytes() + (GOLDEN / 'fio/tests/randrw.json').read_bytes()
        log = self.write('console.txt', b''.join(b'[2026-11-23T10:00:00.000Z] ' + line for line in text.splitlines(True)))
        answer = run('parse', '--explain', log)
        self.assertEqual(answer.returncode, 0, answer)
        out = answer.stdout.decode()
        for pattern in (r'^  wrk \(90 of 100\), line 1: finds 1 run', r'^  fio \(90 of 100\), line 1: finds 1 run',
                        r'^  line +benchmark', r'^  4 +http://\S+ +latency +', r'^  9 +rand +read.iops +'):
            self.assertRegex(out, re.compile(pattern, re.MULTILINE))
        self.assert_error(run('parse', '--explain', '--format', 'json', log), 2, 'explain')

    def test_parse_json(self):
        files = [GOLDEN / 'wrk/tests/plain.txt', self.place / 'missing', GOLDEN / 'fio/tests/cut.json']
        answer = run('parse', '--format', 'json', *files)
        self.assertEqual(answer.returncode, 1)
        items = json.loads(answer.stdout)
        self.assertEqual([item['file'] for item in items], list(map(str, files)))
        self.assertEqual([item['outcome'] for item in items], ['ok', 'failed', 'partial'])
        self.assertEqual([item['error'] and item['error']['class'] for item in items], [None, 'not-found', None])
        result = items[0]['runs'][0]['results'][0]
        self.assertEqual(result, {'benchmark': 'http://127.0.0.1:18080/', 'metric': 'latency', 'unit': 's',
                                  'direction': 'lower', 'value': 0.00012336, 'stats': {'sd': 0.00048268, 'max': 0.01172}})
        self.assertEqual(run('parse', GOLDEN / 'wrk/tests/plain.txt').returncode, 0)
        self.assertEqual(run('parse', GOLDEN / 'wrk/tests/cut.txt').returncode, 0)
        self.assertEqual(run('parse', GOLDEN / 'wrk/tests/timeouts.txt').returncode, 1)

    def test_parse_table(self):
        text = run('parse', GOLDEN / 'wrk/tests/plain.txt').stdout.decode()
        self.assertIn('123.4 µs', text)
        self.assertIn('sd 482.7 µs, max 11.72 ms', text)

    def test_parse_standard_input(self):
        log = (GOLDEN / 'wrk/tests/plain.txt').read_bytes()
        (item,) = json.loads(run('parse', '-f', 'json', '-', stdin=log).stdout)
        self.assertEqual((item['file'], item['parser']), ('-', 'wrk'))

    def test_bad_logs(self):
        noise = bytes(range(256)) * 40
        deep = b'{"format":"perfdash","version":1,"results":' + b'[' * 100000
        cases = {
            'empty': (b'', 'empty'),
            'noise': (noise, 'no parser recognises'),
            'deep': (deep, 'nested more than 64 deep'),
        }
        for name, (content, words) in cases.items():
            path = self.write(name, content)
            self.assert_error(run('parse', path), 1, name, words)
        self.assert_error(run('parse', '--parser', 'nobody', self.write('x', b'x')), 1, 'nobody', 'jmeter')
        self.assert_error(run('parse', self.place), 1, 'directory')

    def test_ingest(self):
        logs = self.place / 'logs'
        logs.mkdir()
        for name in ('plain.txt', 'latency.txt', 'errors.txt'):
            (logs / name).write_bytes((GOLDEN / 'wrk/tests' / name).read_bytes())
        (logs / '.hidden').write_bytes(b'x')
        facts = ('--lab', 'dfw', '--suite', 'web', '--build', '7', '--started-at', '2026-11-23T17:12:20Z')
        first = self.ingest(*facts, logs)
        self.assertEqual((first.returncode, first.stdout, first.stderr), (0, b'3 new, 0 known, 0 failed\n', b''))
        (logs / 'plain.txt').rename(logs / 'moved.txt')
        self.assertEqual(self.ingest(*facts, logs).stdout, b'0 new, 3 known, 0 failed\n')
        (logs / 'bad.txt').write_bytes(b'nothing')
        third = self.ingest(*facts, logs)
        self.assertEqual((third.returncode, third.stdout), (1, b'0 new, 3 known, 1 failed\n'))
        self.assert_error(third, 1, 'bad.txt', 'no parser recognises')
        self.check_lists()
        elsewhere = ('--lab', 'ord', *facts[2:])
        self.assertEqual(self.ingest(*elsewhere, logs / 'moved.txt').stdout, b'1 new, 0 known, 0 failed\n')

    def check_lists(self):
        store = self.place / 'store'
        series = json.loads(run('series', '--store', store, '--match', 'metric:latency', '--match', 'stat:p99', '--format',
                                'json').stdout)
        self.assertEqual([(s['unit'], s['direction'], s['n'], s['last'], s['last_time']) for s in series],
                         [('s', 'lower', 1, 0.00207, '2026-11-23T17:12:20.000Z')])
        points = list(csv.DictReader(io.StringIO(run('points', series[0]['id'], '--format', 'csv',
                                                     PERFDASH_STORE=str(store)).stdout.decode())))
        self.assertEqual([(p['value'], p['build'], p['outcome']) for p in points], [('0.00207', '7', 'ok')])
        runs = json.loads(run('runs', '--store', store, '--format', 'json', '--limit', '2').stdout)
        self.assertEqual([r['log'] for r in runs], ['plain.txt', 'latency.txt'])
        table = run('series', '--store', store, '-q', 'plain nothing').stdout.decode()
        self.assertEqual(len(table.splitlines()), 1)
        self.assertIn('▄', run('series', '--store', store).stdout.decode())
        self.assert_error(run('points', 'abc', '--store', store), 1, 'abc')
        self.assert_error(run('points', '--store', store), 2, 'which series')

    def test_stores_that_are_not_ours(self):
        store = self.place / 'store'
        store.mkdir()
        with sqlite3.connect(store / 'perfdash.db') as database:
            database.execute('CREATE TABLE t (x)')
        self.assert_error(run('series', '--store', store), 1, 'another program')
        self.assert_error(self.ingest(GOLDEN / 'wrk/tests/plain.txt'), 1, 'another program')
        (store / 'perfdash.db').unlink()
        self.assertEqual(self.ingest(GOLDEN / 'wrk/tests/plain.txt').returncode, 0)
        with sqlite3.connect(store / 'perfdash.db') as database:
            database.execute('PRAGMA user_version = 99')
        self.assert_error(run('series', '--store', store), 1, 'version 99', 'newer perfdash')
        self.assert_error(run('series', '--store', self.place / 'nowhere'), 1, 'nowhere')
        self.assert_error(run('ingest', '--store', '/proc/nowhere', GOLDEN / 'wrk/tests/plain.txt'), 1, '/proc/nowhere')

    def test_parsers(self):
        names = [p['name'] for p in json.loads(run('parsers', '--format', 'json').stdout)]
        self.assertEqual(names, sorted(names))
        self.assertLessEqual({'fio', 'google-benchmark', 'jmeter', 'perfdash-json', 'pgbench', 'wrk'}, set(names))

    def test_blocked_parsers(self):
        """A module or key file that cannot be used is listed with the reason, and keeps no other from being used."""
        broken = self.write('broken.parser', b'[parser]\nformat=lines\nglob=*\n\n[result x]\nlines=x\n')
        search_path = f'{os.environ["MALICE"]}:{self.place}:{os.environ["PERFDASH_PARSER_PATH"]}'
        listed = json.loads(run('parsers', '--format', 'json', PERFDASH_PARSER_PATH=search_path).stdout)
        parsers = {parser['name']: parser for parser in listed}
        for name, words in (('wrong-abi', 'made for parser ABI 2, this is ABI 1'), ('no-symbol', 'has no symbol perfdash_parser_module'),
                            ('crash-on-load', 'crashed'), ('broken', f'{broken}:6: key lines: ')):
            self.assertIn(words, parsers[name]['blocked'] or '')
            self.assertIn(name, parsers[name]['path'])
        self.assertEqual((parsers['broken']['kind'], parsers['wrk']['kind']), ('key-file', 'module'))
        self.assertIsNone(parsers['wrk']['blocked'])
        table = run('parsers', PERFDASH_PARSER_PATH=search_path).stdout.decode()
        self.assertIn('compile it again', table)

    def test_key_file(self):
        """A key file is tried before it is installed; what is wrong with it is said with file, line and key."""
        folder = GOLDEN / 'key-file/tests'
        answer = run('parse', '--explain', '--parser', folder / 'batch.parser', folder / 'whole.log')
        self.assertEqual(answer.returncode, 0, answer)
        out = answer.stdout.decode()
        self.assertIn('whole.log: our-batch, ok', out)
        self.assertRegex(out, re.compile(r'^  10 +export +latency +870 µs', re.MULTILINE))
        answer = run('parse', '--explain', folder / 'whole.log', PERFDASH_PARSER_PATH=f'{folder}:{os.environ["PERFDASH_PARSER_PATH"]}')
        self.assertIn('  our-batch (90 of 100), line 1: finds 1 run', answer.stdout.decode())
        path = self.write('a.parser', b'[parser]\nformat=lines\nsniff=(\n')
        self.assert_error(run('parse', '--parser', path, folder / 'whole.log'), 1, f'{path}:3: key sniff: ', 'no regular expression')
        self.assert_error(run('parse', '--parser', self.place / 'none.parser', folder / 'whole.log'), 1, 'none.parser', 'No such file')


if __name__ == '__main__':
    import unittest_tap
    unittest_tap.main(sys.modules[__name__])
