#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bindings, as scripts use them."""

import array
import contextlib
import datetime
import decimal
import gc
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

import gi
import gi.overrides

ROOT = pathlib.Path(__file__).resolve().parents[2]
gi.overrides.__path__.insert(0, str(ROOT / 'bindings'))
gi.require_version('Perfdash', '1')
from gi.repository import GLib, Perfdash  # noqa: E402

try:
    import numpy
except ImportError:
    numpy = None

PERFDASH = os.environ['PERFDASH']
EXAMPLES = ROOT / 'bindings' / 'examples'


def native(started_at, value):
    result = {'benchmark': 'login', 'metric': 'latency', 'unit': 'ms', 'value': value,
              'stats': {'n': 3, 'p99': value * 2}, 'replicates': [value, value]}
    run = {'format': 'perfdash', 'version': 1, 'labels': {'lab': 'dfw', 'suite': 'checkout'}, 'build': '812',
           'started_at': started_at, 'environment': {'kernel': '6.1'}, 'results': [result]}
    return json.dumps(run).encode()


def ingest(place):
    """A store of twenty days."""
    logs = pathlib.Path(place, 'in')
    logs.mkdir()
    for day in range(1, 21):
        (logs / f'{day:02}.json').write_bytes(native(f'2026-11-{day:02}T12:00:00Z', 30 + day))
    subprocess.run([PERFDASH, 'ingest', '--store', place, logs], check=True, stdout=subprocess.DEVNULL)


class OwnershipTest(unittest.TestCase):
    def test_parse_result_keeps_its_runs(self):
        builder = Perfdash.RunBuilder.new()
        builder.add_result('login', 'latency', 'ms', Perfdash.Direction.LOWER, 3)
        result = Perfdash.ParseResult.new('x', '1', builder.end())
        gc.collect()
        self.assertEqual(result.get_outcome(), Perfdash.Outcome.OK)
        self.assertEqual(result.get_runs()[0].get_n_results(), 1)


class ComparisonTest(unittest.TestCase):
    def test_compare(self):
        lower = Perfdash.Direction.LOWER
        slower = Perfdash.compare([10, 11, 12, 13, 14], [20, 21, 22, 23, 24], lower)
        self.assertEqual((slower.before, slower.after, slower.delta), (12, 22, 1))
        self.assertEqual(slower.change, 22 / 12 - 1)
        low, high = slower.interval
        self.assertTrue(0.4 < low < slower.change < high < 1.5, slower.interval)
        self.assertEqual(slower.verdict, Perfdash.Verdict.WORSE)
        self.assertEqual(repr(slower), '<Perfdash.Comparison 12.0 22.0 worse>')
        single = Perfdash.compare([10], [20], lower)
        self.assertIsNone(single.interval)
        self.assertEqual((single.verdict, single.get_runs_needed()), (Perfdash.Verdict.NOT_ENOUGH_DATA, 4))
        adjusted = Perfdash.Comparison.adjust([slower, slower, single])
        self.assertEqual([one.p_adjusted for one in adjusted], [slower.p, slower.p, 1])
        self.assertAlmostEqual(Perfdash.Comparison.get_mean_ratio([slower, slower])[1], 22 / 12)
        with self.assertRaisesRegex(GLib.Error, 'value 2 of those after is NaN'):
            Perfdash.compare([1], [1, float('nan')])


class TrendTest(unittest.TestCase):
    VALUES = [5, 5.1, 4.9, 5, 5.05, 4.95] * 4 + [6, 6.1, 5.9, 6, 6.05, 5.95] * 4

    def test_trend(self):
        trend = Perfdash.Trend(self.VALUES, direction=Perfdash.Direction.LOWER)
        self.assertIsInstance(trend, Perfdash.Trend)
        (change,) = trend
        self.assertEqual((len(trend), trend.get_length(), trend[0].index, trend.changes[0].index), (1, 48, 24, 24))
        self.assertEqual((change.range, change.kind, change.confidence), ((24, 24), Perfdash.ChangeKind.REGRESSION, 'certain'))
        low, high = change.change_interval
        self.assertTrue(0.17 < low < change.change < high < 0.23, change.change_interval)
        self.assertTrue(change.before_interval[0] < 5 < change.before_interval[1], change.before_interval)
        self.assertTrue(change.after_interval[0] < change.after < change.after_interval[1], change.after_interval)
        self.assertEqual(repr(change), '<Perfdash.ChangePoint 24 +20.0% regression, certain>')
        self.assertEqual(repr(trend), '<Perfdash.Trend n=48 changes=[24]>')
        self.assertTrue(trend.level_interval[0] < 6 < trend.level_interval[1], trend.level_interval)
        self.assertEqual((trend.noise_is_relative, trend.n_modes, list(trend.outliers), trend.undecided), (True, 1, [], None))
        self.assertLess(trend.drift_interval[0], trend.drift)
        self.assertEqual(len(Perfdash.Trend([])), 0)
        self.assertIsNone(Perfdash.Trend([1, 2]).drift)

    def test_extend(self):
        trend = Perfdash.Trend(self.VALUES[:27])
        self.assertEqual((len(trend), trend.undecided.index), (0, 24))
        self.assertGreater(trend.undecided.runs_needed, 0)
        self.assertEqual(repr(trend.extend(self.VALUES)), '<Perfdash.Trend n=48 changes=[24]>')
        with self.assertRaisesRegex(GLib.Error, 'there are 2 values, and there were 27'):
            trend.extend([1, 2])

    def test_times(self):
        days = [datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(days=day) for day in range(48)]
        drift = Perfdash.Trend(self.VALUES, days).drift
        self.assertEqual(Perfdash.Trend(self.VALUES, [int(day.timestamp()) * 10**6 for day in days]).drift, drift)
        self.assertAlmostEqual((1 + Perfdash.Trend(self.VALUES).drift) ** 7 - 1, drift)
        with self.assertRaisesRegex(ValueError, 'has no time zone'):
            Perfdash.Trend([1], [datetime.datetime(2026, 1, 1)])
        with self.assertRaisesRegex(GLib.Error, '48 values and 2 times'):
            Perfdash.Trend(self.VALUES, days[:2])
        with self.assertRaisesRegex(GLib.Error, 'order values by time'):
            Perfdash.Trend(self.VALUES, days[::-1])
        with self.assertRaisesRegex(GLib.Error, 'value 1 is not a number'):
            Perfdash.Trend([1, float('nan')])

    @unittest.skipIf(numpy is None, 'numpy is not installed')
    def test_numpy(self):
        days = numpy.datetime64('2026-01-01') + numpy.arange(48)
        trend = Perfdash.Trend(numpy.array(self.VALUES), days)
        self.assertEqual([change.index for change in trend], [24])
        self.assertAlmostEqual((1 + Perfdash.Trend(self.VALUES).drift) ** 7 - 1, trend.drift)
        for kind in 'float32', '>f8', 'int8', 'uint64', 'float64', object:
            self.assertEqual(len(Perfdash.Trend(numpy.array([1] * 20 + [3] * 20, dtype=kind))), 1, kind)
        table = numpy.array([self.VALUES, self.VALUES]).T
        self.assertEqual(repr(Perfdash.Trend(table[:, 1])), repr(trend))
        self.assertEqual(repr(Perfdash.Trend(numpy.array(self.VALUES[:27])).extend(numpy.array(self.VALUES))), repr(trend))
        self.assertEqual(Perfdash.compare(numpy.array([1, 2]), numpy.float32([2, 4])).change, 1)

    def test_buffers(self):
        """Whatever holds numbers is the same as a list of them."""
        whole = repr(Perfdash.Trend(self.VALUES))
        doubles = array.array('d', self.VALUES)
        for values in doubles, memoryview(doubles), tuple(self.VALUES), map(float, self.VALUES), Column(self.VALUES), Column(doubles):
            self.assertEqual(repr(Perfdash.Trend(values)), whole, values)
        self.assertEqual(repr(Perfdash.Trend(Tensor(self.VALUES), Tensor(range(48)))), repr(Perfdash.Trend(self.VALUES, range(48))))
        self.assertEqual(repr(Perfdash.Trend(memoryview(array.array('d', self.VALUES[::-1]))[::-1])), whole)
        self.assertEqual(len(Perfdash.Trend(array.array('i', [1] * 20 + [3] * 20))), 1)
        drift = Perfdash.Trend(doubles, range(48)).drift
        self.assertEqual(Perfdash.Trend(doubles, array.array('q', range(48))).drift, drift)
        self.assertEqual(Perfdash.compare(array.array('d', [1, 2]), (decimal.Decimal(2), 4)).change, 1)
        with self.assertRaisesRegex(GLib.Error, '7 bytes at .* are no array of doubles'):
            Perfdash.Trend.new_packed(GLib.Bytes.new(b'1234567'), None, Perfdash.Direction.NONE)

    def assert_refused(self, error, words, *arguments):
        with self.assertRaisesRegex(error, words):
            Perfdash.Trend(*arguments)
        if len(arguments) == 1:
            with self.assertRaisesRegex(error, words):
                Perfdash.compare([1, 2], *arguments)

    def test_refused(self):
        self.assert_refused(TypeError, 'value 1: .* is complex: take its .real', [1, 2j])
        self.assert_refused(TypeError, "value 1: '2' is text: convert it with float", [1, '2'])
        self.assert_refused(TypeError, 'value 1: .*NoneType', [1, None])
        self.assert_refused(TypeError, 'value 0: .*list', [[1, 2], [3, 4]])
        self.assert_refused(TypeError, 'array of numbers is wanted, not str', '12')
        self.assert_refused(TypeError, 'array of numbers is wanted, not bytes', b'12')
        self.assert_refused(TypeError, 'value 1: 0.5 is neither a datetime nor whole microseconds', [1, 2], [0, 0.5])

    @unittest.skipIf(numpy is None, 'numpy is not installed')
    def test_numpy_refused(self):
        day = numpy.datetime64('2026-01-01')
        self.assert_refused(TypeError, 'complex numbers are not in an order: take .real', numpy.array([1, 2j]))
        self.assert_refused(TypeError, "value 0: .* is text: convert it with float", numpy.array(['1', '2']))
        self.assert_refused(ValueError, 'not an array of 2 dimensions: choose a column', numpy.ones((3, 2)))
        self.assert_refused(ValueError, 'not an array of 0 dimensions', numpy.array(1.5))
        self.assert_refused(TypeError, 'numbers, not datetime64.*times stand behind', numpy.array([day, day]))
        self.assert_refused(ValueError, 'NaT is no time', [1, 2], numpy.array([day, 'NaT'], dtype='datetime64[ns]'))
        self.assert_refused(ValueError, 'NaT is no time', [1, 2], [day, numpy.datetime64('NaT')])
        self.assert_refused(ValueError, 'masked is no time', [1, 2], numpy.ma.array([1, 2], mask=[0, 1]))
        self.assert_refused(TypeError, 'microseconds since 1970 UTC, not float64', [1, 2], numpy.array([0.5, 1]))
        self.assert_refused(GLib.Error, 'order values by time', [1, 2], numpy.array([day, day - 1]))
        for bad, word in (numpy.array([1, 2, numpy.nan]), '(2|3) .*is (not a number|NaN)'), (numpy.float32([1, 2, -numpy.inf]), '(2|3) .*is infinite'):
            self.assert_refused(GLib.Error, word, bad)
        self.assert_refused(GLib.Error, 'is (not a number|NaN)', numpy.ma.array([1., 2, 3], mask=[0, 0, 1]))

    def test_readme(self):
        """What README.md says of Python works as it stands there, but for the place of the store."""
        text = (ROOT / 'README.md').read_text()
        [example] = re.findall(r'^\* Python, .*\n\n((?:(?: {6}.*)?\n)+)', text, re.MULTILINE)
        with tempfile.TemporaryDirectory() as place:
            ingest(place)
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(textwrap.dedent(example).replace('/var/lib/perfdash', place), {})
        self.assertIn('metric=latency', printed.getvalue())


class Tensor(list):
    """Its type is none of numpy."""

    dtype = 'float64'


class Column:
    """As pandas has it: no list, no buffer, but an array inside."""

    def __init__(self, values):
        self.inside = values

    def to_numpy(self):
        return self.inside


class StoreTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        ingest(cls.place.name)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def setUp(self):
        self.store = Perfdash.Store.open(self.place.name)

    def only(self, *match):
        infos = self.store.series(match=['metric:latency', *match])
        self.assertEqual(len(infos), 1)
        return infos[0]

    def test_series(self):
        info = self.only('stat:p99')
        self.assertEqual(info.labels['lab'], 'dfw')
        self.assertIn('suite', info.labels)
        self.assertEqual(info.labels, {'benchmark': 'login', 'lab': 'dfw', 'metric': 'latency', 'stat': 'p99',
                                       'suite': 'checkout'})
        self.assertRaises(KeyError, lambda: info.labels['nothing'])
        self.assertEqual(len(self.store.series(q='LOGIN dfw')), 2)
        self.assertEqual(self.store.series(match=['lab:lon']), [])
        self.assertEqual(info.unit, 's')
        self.assertEqual(info.direction, Perfdash.Direction.LOWER)

    def test_memory(self):
        series = self.store.read(next(i for i in self.store.series() if 'stat' not in i.labels))
        self.assertEqual(list(series.values), [(30 + day) / 1000 for day in range(1, 21)])
        self.assertEqual(len(series), 20)
        self.assertEqual(len(series.runs), 20)
        time, value = list(series)[0]
        self.assertEqual(time.isoformat(), '2026-11-01T12:00:00+00:00')
        self.assertEqual(value, 0.031)
        with self.assertRaises(TypeError):
            series.values[0] = 1

    def test_memory_outlives_its_series(self):
        values = self.store.read(self.only('stat:p99')).values
        gc.collect()
        self.assertEqual(values[0], 0.062)

    @unittest.skipIf(numpy is None, 'numpy is not installed')
    def test_numpy_copies_nothing(self):
        series = self.store.read(self.only('stat:p99'))
        array = numpy.asarray(series.values)
        self.assertEqual(array.__array_interface__['data'][0], series.peek_values())
        self.assertAlmostEqual(array.mean(), 0.081)

    def test_run(self):
        run = self.store.runs(limit=1)[0]
        self.assertEqual((run.build, run.labels['lab'], run.environment['kernel']), ('812', 'dfw', '6.1'))
        self.assertEqual(run.started_at.isoformat(), '2026-11-20T12:00:00+00:00')
        (result,) = run
        self.assertEqual(result.stats, {'n': 3, 'p99': 0.1})
        self.assertEqual(result.replicates, [0.05, 0.05])
        self.assertEqual(self.store.run(run.id).results[0].value, 0.05)

    def test_hide(self):
        with tempfile.TemporaryDirectory() as place:
            shutil.copy(pathlib.Path(self.place.name, 'perfdash.db'), place)
            with Perfdash.Store.open(place, read_only=False) as store:
                bad = [run.id for run in store.runs()[:3]]
                store.hide_runs(bad, 'wrong machine', 'ann')
                series = store.read(next(i for i in store.series() if 'stat' not in i.labels))
                self.assertEqual(list(series.values), [(30 + day) / 1000 for day in range(1, 18)])
                hidden = store.run(bad[0])
                event = hidden.get_standing_event()
                self.assertEqual((hidden.get_standing(), event.who, event.value), (Perfdash.Standing.HIDDEN, 'ann', 'wrong machine'))
                self.assertEqual([run.id for run in store.runs(standing='hidden')], bad)
                with self.assertRaises(GLib.Error) as raised:
                    store.hide_runs([1, 999], 'odd', 'ann')
                self.assertIn('there is no run 999', str(raised.exception))
                store.show_runs(bad, 'bob')
                self.assertIsNone(store.run(bad[0]).get_standing_event())
                self.assertEqual([event.what for event in store.list_run_events(bad[0])], ['hidden', 'shown'])
                self.assertEqual(len(store.read(series.info)), 20)

    def test_errors(self):
        with self.assertRaises(GLib.Error) as raised:
            self.store.run(999)
        self.assertTrue(raised.exception.matches(Perfdash.error_quark(), Perfdash.Error.NOT_FOUND))
        with self.assertRaises(GLib.Error) as raised:
            self.store.series(match=['nonsense'])
        self.assertTrue(raised.exception.matches(Perfdash.error_quark(), Perfdash.Error.INVALID))

    def test_groups(self):
        """Scripts learn which changes belong together, whom to suspect, and what else changed."""
        runs = [{'labels': {'lab': lab, 'suite': 'checkout'}, 'started_at': f'2026-01-01T{hour:02}:{minute:02}:00Z', 'revision': str(number),
                 'environment': {'kernel': '6.1' if number < 30 else '6.2'},
                 'results': [{'benchmark': 'home', 'metric': 'time', 'unit': 'ms', 'direction': 'lower',
                              'value': (30 if number < 30 else 36) * (1 + number * 37 % 11 / 1000)}]}
                for number, (hour, minute) in enumerate((hour, minute) for hour in range(12) for minute in range(0, 60, 12)) for lab in ('ord', 'lon')]
        log = pathlib.Path(self.place.name) / 'groups.json'
        log.write_text(json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}))
        with tempfile.TemporaryDirectory() as place:
            subprocess.run([PERFDASH, 'ingest', '--store', place, log], check=True, capture_output=True)
            store = Perfdash.Store.open(place)
            [group] = store.list_change_groups(None, None, 'regression', 0)
            self.assertEqual(group.get_suspect(), Perfdash.Suspect.CODE)
            self.assertEqual(group.get_evidence(), ['seen in 2 labs: lon and ord'])
            self.assertEqual(group.list_values('lab'), ['lon', 'ord'])
            self.assertEqual(group.get_typical().get_revision(), ('30', '29'))
            for change in group.get_changes():
                [cause] = store.list_causes(change)
                self.assertEqual((cause.get_key(), cause.get_before(), cause.get_after()), ('kernel', ('6.1', 5), ('6.2', 5)))
            store.set_controls([Perfdash.Selector.parse('lab:ord metric:time')])
            self.assertEqual(len(store.list_changes(None, None, 'regression', 0)), 1)

    def test_context(self):
        with Perfdash.Store.open(pathlib.Path(self.place.name)) as store:
            totals = store.get_totals()
            self.assertEqual((totals.runs, totals.series, totals.results), (20, 2, 20))

    def test_weekly_report(self):
        answer = subprocess.run([sys.executable, EXAMPLES / 'weekly_report.py', self.place.name], stdout=subprocess.PIPE,
                                env=example_environment(), check=True, text=True)
        self.assertEqual(len(answer.stdout.splitlines()), 2)
        self.assertIn('+17.5%', answer.stdout)


class ChangesTest(unittest.TestCase):
    """A script does the triage: what changed, what people said of it, and what it says itself."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        # what is found in runs of long ago is not new
        self.start = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) - datetime.timedelta(days=2)
        runs = [{'labels': {'lab': 'dfw', 'suite': 'checkout'}, 'build': str(800 + number),
                 'started_at': (self.start + datetime.timedelta(hours=number)).isoformat(),
                 'results': [{'benchmark': 'login', 'metric': metric, 'unit': 'ms', 'direction': 'lower',
                              'value': (30 + number % 3 / 10) * (step if number >= 20 else 1)}
                             for metric, step in (('p50', 1.2), ('p99', 0.8))]} for number in range(40)]
        log = pathlib.Path(place.name) / 'runs.json'
        log.write_text(json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}))
        subprocess.run([PERFDASH, 'ingest', '--store', place.name, log], check=True, capture_output=True)
        self.place = place.name
        self.store = Perfdash.Store.open(place.name, read_only=False)
        [self.worse] = self.store.changes(direction='regression')

    @contextlib.contextmanager
    def assert_refused(self, code, text):
        """What is refused is an exception that says what kind it is, to programs as to people."""
        with self.assertRaisesRegex(GLib.Error, text) as raised:
            yield
        self.assertEqual((raised.exception.domain, raised.exception.code), ('perfdash-error-quark', int(code)))

    def test_list(self):
        better, worse = sorted(self.store.changes(), key=lambda change: change.change)
        self.assertEqual((worse.id, worse.kind, better.kind),
                         (self.worse.id, Perfdash.ChangeKind.REGRESSION, Perfdash.ChangeKind.IMPROVEMENT))
        for wanted, chosen in ((1, {'direction': 'improvement'}), (1, {'direction': Perfdash.ChangeKind.REGRESSION}),
                               (2, {'state': 'new'}), (2, {'state': Perfdash.ChangeState.NEW}), (0, {'state': 'ignored'}),
                               (1, {'match': ['metric:p50']}), (2, {'q': 'checkout'}), (0, {'match': ['lab:lon']}),
                               (2, {'since': worse.time}), (0, {'since': worse.time + datetime.timedelta(seconds=1)})):
            with self.subTest(chosen):
                self.assertEqual(len(self.store.changes(**chosen)), wanted)
                self.assertEqual(len(self.store.change_groups(**chosen)) > 0, wanted > 0)
        with self.assert_refused(Perfdash.Error.INVALID, 'state "odd" is none of new'):
            self.store.changes(state='odd')
        with self.assert_refused(Perfdash.Error.INVALID, 'direction "down" is none of regression'):
            self.store.changes(direction='down')
        with self.assertRaisesRegex(ValueError, 'has no time zone'):
            self.store.changes(since=datetime.datetime(2026, 1, 1))

    def test_change(self):
        change = self.store.change(self.worse.id)
        low, high = change.change_interval
        self.assertTrue(0.15 < low < change.change < high < 0.25, (low, change.change, high))
        self.assertTrue(0.0299 < change.before < 0.0303 and 0.0359 < change.after < 0.0363, (change.before, change.after))
        self.assertTrue(change.p < 1e-6 and change.p <= change.p_adjusted < 1e-6, (change.p, change.p_adjusted))
        self.assertEqual((change.point.change, change.confidence, change.state), (change.change, 'certain', Perfdash.ChangeState.NEW))
        self.assertEqual((change.build, change.previous_build, change.revision), ('820', '819', ''))
        hours = [self.start + datetime.timedelta(hours=hour) for hour in (19, 20)]
        self.assertEqual((change.time, change.time_range), (hours[1], tuple(hours)))
        self.assertEqual((change.info.labels['metric'], self.store.run(change.run).build, change.fixed_run), ('p50', '820', None))
        self.assertEqual(repr(change), f'<Perfdash.Change {change.id} benchmark=login lab=dfw metric=p50 suite=checkout '
                                       f'{change.change:+.1%} regression, certain, new>')
        self.assertRegex(str(change), 'login p50 .* which is worse .*, since build 820')
        with self.assert_refused(Perfdash.Error.NOT_FOUND, 'there is no change 999'):
            self.store.change(999)

    def test_edit(self):
        said = {'state': 'ignored', 'reason': 'new disk', 'owner': 'bob', 'note': 'seen\nin dfw', 'link': 'https://bugs/1'}
        self.store.edit(self.worse, 'ann', **said)
        change = self.store.change(self.worse.id)
        self.assertEqual({name: getattr(change, name) for name in said}, {**said, 'state': Perfdash.ChangeState.IGNORED})
        found, *events = self.store.history(change)
        self.assertEqual((found.who, found.what), ('', 'found'))
        self.assertEqual({event.what: event.value for event in events}, said)
        self.assertEqual({event.who for event in events}, {'ann'})
        age = datetime.datetime.now(datetime.timezone.utc) - events[0].time
        self.assertTrue(datetime.timedelta() <= age < datetime.timedelta(hours=1), age)
        self.assertRegex(repr(events[0]), r"<Perfdash.ChangeEvent \d{4}-\d\d-\d\d \d\d:\d\d ann: \w+ '.+'>")
        self.store.edit(change.id, 'cem', state=Perfdash.ChangeState.ACKNOWLEDGED, owner='')
        change = self.store.change(change.id)
        self.assertEqual((change.state, change.owner, change.reason, change.link),
                         (Perfdash.ChangeState.ACKNOWLEDGED, '', '', 'https://bugs/1'))

    def test_edit_several(self):
        changes = self.store.changes()
        self.store.edit(changes, 'ann', state='acknowledged')
        self.assertEqual([change.id for change in self.store.changes(state='acknowledged')], [change.id for change in changes])
        with self.assert_refused(Perfdash.Error.NOT_FOUND, 'there is no change 999'):
            self.store.edit([changes[0].id, 999], 'ann', owner='bob')
        self.assertEqual({change.owner for change in self.store.changes()}, {''})

    def test_precision(self):
        """How often the analysis was right is told to scripts, and by the command line below its table."""
        lines = self.run_changes('table')
        self.assertEqual((self.store.precision().value, str(self.store.precision())), (None, ''))
        better, worse = sorted(self.store.changes(), key=lambda change: change.change)
        self.store.edit(worse, 'ann', state='acknowledged')
        self.store.edit(better, 'ann', state='ignored', reason='noise')
        precision = self.store.precision()
        self.assertEqual(repr(precision), '<Perfdash.Precision right=1 wrong=1>')
        self.assertEqual((precision.value, precision.of(worse.info), precision.of(better.info), precision.of('f00d')), (0.5, 1, 0, None))
        self.assertEqual(self.store.precision(match=['metric:p99']).value, 0)
        sentence = '1 of 2 changes that somebody judged was real: a precision of 50 %'
        self.assertEqual(str(precision), sentence)
        self.assertEqual(self.run_changes('table')[len(lines):], [sentence])
        self.assertEqual(self.run_changes('table', '--match', 'metric:p50')[-1], '1 of 1 change that somebody judged was real: a precision of 100 %')
        self.assertNotIn(sentence, self.run_changes('markdown'))
        self.assertEqual(json.loads('\n'.join(self.run_changes('json', '--precision'))), [{'right': 1, 'wrong': 1, 'precision': 0.5}])
        self.assertEqual(self.run_changes('csv', '--precision', '--match', 'metric:p50'), ['right,wrong,precision', '1,0,1'])
        rows = json.loads('\n'.join(self.run_changes('json')))
        self.assertEqual({row['id']: row['precision'] for row in rows}, {worse.id: 1, better.id: 0})

    def run_changes(self, form, *options):
        arguments = [PERFDASH, 'changes', '--store', self.place, '--format', form, *options]
        return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.splitlines()

    def test_move(self):
        runs = self.store.read(self.worse.info).runs
        self.store.edit(self.worse, 'ann', run=runs[18])
        change = self.store.change(self.worse.id)
        self.assertEqual((change.run, change.build, change.is_moved()), (runs[18], '818', True))
        self.store.edit(change, 'ann', run=None)
        change = self.store.change(change.id)
        self.assertEqual((change.run, change.is_moved()), (self.worse.run, False))

    def test_edit_is_refused(self):
        for wanted, said in (('reason: say why', {'state': 'ignored'}), ('state: the analysis sees', {'state': 'fixed'}),
                             ('link: it is not an address', {'link': 'javascript:x'}), ('owner: .* more than one line', {'owner': 'a\nb'}),
                             ('"colour" is none of state', {'colour': 'red'}), ('run: the series has no such run', {'run': 999})):
            with self.subTest(said), self.assert_refused(Perfdash.Error.INVALID, wanted):
                self.store.edit(self.worse, 'ann', **said)
        self.assertEqual(len(self.store.history(self.worse)), 1)
        with self.assert_refused(Perfdash.Error.NOT_FOUND, 'there is no change 999'):
            self.store.history(999)
        with self.assert_refused(Perfdash.Error.STORE, 'was opened for reading only'):
            Perfdash.Store.open(self.place).edit(self.worse, 'ann', owner='bob')

    def test_groups(self):
        groups = self.store.change_groups()
        self.assertEqual(sorted(change.id for group in groups for change in group), sorted(c.id for c in self.store.changes()))
        self.assertRegex(repr(groups[0]), r'<Perfdash.ChangeGroup n=\d suspect=\w+ \[\d.*\]>')


def example_environment():
    """The examples import what is installed; here they are shown the overrides of the tree."""
    code = f'import gi.overrides; gi.overrides.__path__.insert(0, {str(ROOT / "bindings")!r})'
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / 'sitecustomize.py').write_text(code)
    return {**os.environ, 'PYTHONPATH': str(folder)}


class ParseTest(unittest.TestCase):
    def test_bytes(self):
        (run,) = Perfdash.parse(native('2026-11-23T17:12:20Z', 31.15))
        self.assertEqual(run.results[0].value, 0.03115)

    def test_file(self):
        (run,) = Perfdash.parse(ROOT / 'plugins' / 'wrk' / 'tests' / 'plain.txt')
        self.assertEqual(run.labels, {'tool': 'wrk'})

    def test_unreadable(self):
        with self.assertRaises(GLib.Error) as raised:
            Perfdash.parse(b'no log at all')
        self.assertTrue(raised.exception.matches(Perfdash.error_quark(), Perfdash.Error.UNREADABLE))

    def test_parser_in_python(self):
        sys.path.insert(0, str(EXAMPLES))
        import parser_in_python
        registry = Perfdash.ParserRegistry.new(None)
        registry.add('lines', parser_in_python.LineParser())
        (run,) = Perfdash.parse(b'#milliseconds\nlog in 31.15\n', registry=registry)
        self.assertEqual([(r.benchmark, r.value) for r in run], [('log in', 0.03115)])
        with self.assertRaises(GLib.Error) as raised:
            Perfdash.parse(b'#milliseconds\nlog in fast\n', registry=registry)
        self.assertIn('line 2: not a benchmark and a number', raised.exception.message)
        self.assertTrue(raised.exception.matches(Perfdash.error_quark(), Perfdash.Error.BROKEN))
        # what it does not claim goes to the others
        self.assertEqual(len(Perfdash.parse(native('2026-11-23T17:12:20Z', 1), registry=registry)), 1)


if __name__ == '__main__':
    sys.path.insert(0, str(ROOT / 'tests'))
    import unittest_tap
    unittest_tap.main(sys.modules[__name__])
