# SPDX-License-Identifier: LGPL-2.1-or-later
"""What makes gi.repository.Perfdash feel like Python."""

import ctypes
import math
import os

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from .conversion import pack_times, pack_values, to_datetime, to_microseconds, view

Perfdash = get_introspection_module('Perfdash')

__all__ = []


def export(cls):
    """An overridden class goes by its own name."""
    cls = override(cls)
    globals()[cls.__name__] = cls
    __all__.append(cls.__name__)
    return cls


def reads(name, convert=lambda value: value):
    """A property that is what get_NAME() returns, converted."""
    return property(lambda self: convert(getattr(self, f'get_{name}')()))


def to_id(change):
    return change.get_id() if isinstance(change, Perfdash.Change) else change


def to_word(value):
    """Of a value of an enumeration; what is a word already stays."""
    return getattr(value, 'value_nick', value)


def to_filter(match, q, state, direction, since):
    """The arguments of Store.list_changes()."""
    begin = GLib.MININT64 if since is None else to_microseconds(since)
    return Perfdash.Selector.new(list(match), q), to_word(state), to_word(direction), begin


class Labels(Perfdash.Labels):
    """Labels are a read-only mapping."""

    def __getitem__(self, key):
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key):
        return self.get(key) is not None

    def __len__(self):
        return self.get_length()

    def __iter__(self):
        return iter(self.keys())

    def keys(self):
        return [self.get_nth(i)[0] for i in range(self.get_length())]

    def items(self):
        return [self.get_nth(i) for i in range(self.get_length())]

    def __eq__(self, other):
        return dict(self.items()) == dict(other.items() if hasattr(other, 'items') else other)

    __hash__ = None

    def __repr__(self):
        return f'<Perfdash.Labels {self.to_string()}>'


class SeriesInfo(Perfdash.SeriesInfo):
    """What a series is of."""

    id = reads('id')
    labels = reads('labels')
    unit = reads('unit')
    direction = reads('direction')

    def __repr__(self):
        return f'<Perfdash.SeriesInfo {self.id} {self.labels.to_string()} unit={self.unit}>'


class Series(Perfdash.Series):
    """The results of a series in the order of time. values, times and runs are memory of the library: numpy.asarray() copies
    nothing, and nothing can be written."""

    info = reads('info')

    @property
    def values(self):
        return view(self, self.peek_values(), len(self), ctypes.c_double)

    @property
    def times(self):
        """Microseconds since 1970 UTC."""
        return view(self, self.peek_times(), len(self), ctypes.c_int64)

    @property
    def runs(self):
        return view(self, self.peek_runs(), len(self), ctypes.c_int64)

    def __len__(self):
        return self.get_length()

    def __bool__(self):
        return True

    def __iter__(self):
        """Pairs of datetime and value."""
        return zip(map(to_datetime, self.times), self.values)

    def __repr__(self):
        return f'<Perfdash.Series {self.info.id} {self.info.labels.to_string()} n={len(self)}>'


class Result(Perfdash.Result):
    """The value of one metric of one benchmark in one run."""

    benchmark = reads('benchmark')
    metric = reads('metric')
    unit = reads('unit')
    direction = reads('direction')
    value = reads('value')

    @property
    def stats(self):
        return dict(self.get_nth_stat(i) for i in range(self.get_n_stats()))

    replicates = reads('replicates')

    def __repr__(self):
        return f'<Perfdash.Result {self.benchmark} {self.metric} {self.value} {self.unit}>'


class Run(Perfdash.Run):
    """One execution of a test; iterates over its results."""

    id = reads('id')
    labels = reads('labels')
    build = reads('build')
    revision = reads('revision')
    started_at = reads('started_at', to_datetime)
    outcome = reads('outcome')
    environment = reads('environment')
    parameters = reads('parameters')

    @property
    def results(self):
        return [self.get_result(i) for i in range(self.get_n_results())]

    def __len__(self):
        return self.get_n_results()

    def __bool__(self):
        return True

    def __iter__(self):
        return iter(self.results)

    def __repr__(self):
        return f'<Perfdash.Run {self.id} {self.labels.to_string()} build={self.build} results={len(self)}>'


class Comparison(Perfdash.Comparison):
    """What can be said about the values of one metric before and after."""

    before = reads('before')
    after = reads('after')
    change = reads('change')

    @property
    def interval(self):
        """Where the change is in 95 of 100 cases; None of a single value."""
        has_interval, low, high = self.get_interval()
        return (low, high) if has_interval else None

    p = reads('p')
    p_adjusted = reads('p_adjusted')
    delta = reads('delta')
    verdict = reads('verdict')

    def __repr__(self):
        return f'<Perfdash.Comparison {self.before} {self.after} {self.verdict.value_nick}>'


class ChangePoint(Perfdash.ChangePoint):
    """A place in a series from which on its values are on another level. What has an interval has it in NAME_interval."""

    index = reads('index')

    @property
    def range(self):
        """The first and the last place where it may lie."""
        return self.get_range()

    before = reads('before', lambda got: got[0])
    before_interval = reads('before', lambda got: got[1:])
    after = reads('after', lambda got: got[0])
    after_interval = reads('after', lambda got: got[1:])
    # as a share of the level before: 0.1 is 10 % more
    change = reads('change', lambda got: got[0])
    change_interval = reads('change', lambda got: got[1:])
    effect = reads('effect')
    p = reads('p')
    kind = reads('kind')
    confidence = reads('confidence')
    runs_needed = reads('runs_needed')

    def __repr__(self):
        return f'<Perfdash.ChangePoint {self.index} {self.change:+.1%} {self.kind.value_nick}, {self.confidence}>'


class Change(Perfdash.Change):
    """A change of level of a series of a store, and what people said of it. Times are datetimes, what nobody said is ''."""

    id = reads('id')
    info = reads('info')
    point = reads('point')
    run = reads('run')
    previous_run = reads('previous_run')
    run_range = reads('run_range', tuple)
    time = reads('time', to_datetime)
    time_range = reads('time_range', lambda times: tuple(map(to_datetime, times)))
    build = reads('build', lambda builds: builds[0])
    previous_build = reads('build', lambda builds: builds[1])
    revision = reads('revision', lambda revisions: revisions[0])
    previous_revision = reads('revision', lambda revisions: revisions[1])
    detected_at = reads('detected_at', to_datetime)
    state = reads('state')
    reason = reads('reason')
    owner = reads('owner')
    note = reads('note')
    link = reads('link')
    fixed_run = reads('fixed_run', lambda run: run or None)
    # of its point, which has the rest
    before = property(lambda self: self.point.before)
    after = property(lambda self: self.point.after)
    change = property(lambda self: self.point.change)
    change_interval = property(lambda self: self.point.change_interval)
    p = property(lambda self: self.point.p)
    kind = property(lambda self: self.point.kind)
    confidence = property(lambda self: self.point.confidence)

    @property
    def p_adjusted(self):
        """Among the series of its day; None of one that is not new."""
        p = self.get_p_adjusted()
        return None if math.isnan(p) else p

    def __str__(self):
        return self.describe()

    def __repr__(self):
        return (f'<Perfdash.Change {self.id} {self.info.labels.to_string()} {self.change:+.1%} {self.kind.value_nick}, '
                f'{self.confidence}, {self.state.value_nick}>')


class ChangeEvent(Perfdash.ChangeEvent):
    """Something that happened to a change; who is '' when the analysis did it."""

    time = reads('time', to_datetime)
    who = reads('who')
    what = reads('what')
    value = reads('value')

    def __repr__(self):
        return f'<Perfdash.ChangeEvent {self.time:%Y-%m-%d %H:%M} {self.who or "analysis"}: {self.what} {self.value!r}>'


class ChangeGroup(Perfdash.ChangeGroup):
    """Changes that one cause can explain; len() and iteration are of them."""

    changes = reads('changes')
    worst = reads('worst')
    typical = reads('typical')
    time_range = reads('time_range', lambda times: tuple(map(to_datetime, times)))
    suspect = reads('suspect')
    evidence = reads('evidence')

    def __len__(self):
        return len(self.changes)

    def __iter__(self):
        return iter(self.changes)

    def __str__(self):
        return self.describe()

    def __repr__(self):
        return f'<Perfdash.ChangeGroup n={len(self)} suspect={self.suspect.value_nick} {[change.id for change in self]}>'


class Precision(Perfdash.Precision):
    """How often the analysis was right, by what people said of changes: acknowledged and fixed ones are, ignored ones are not."""

    right = property(lambda self: self.get(None)[1])
    wrong = property(lambda self: self.get(None)[2])
    value = property(lambda self: self.of(None))

    def of(self, series):
        """The share of right ones in a series, of an id or a SeriesInfo; None when nobody said anything."""
        share = self.get(series.get_id() if isinstance(series, Perfdash.SeriesInfo) else series)[0]
        return None if math.isnan(share) else share

    def __str__(self):
        return self.describe(None)

    def __repr__(self):
        return f'<Perfdash.Precision right={self.right} wrong={self.wrong}>'


class Trend(Perfdash.Trend):
    """The changes of level in a list or an array of values: Trend(values), Trend(values, times, Perfdash.Direction.LOWER). Times
    are datetimes, an array of numpy.datetime64 (of UTC), or microseconds since 1970 UTC. Arrays of numpy, columns of pandas and
    whatever has a buffer are passed on as they are. len() and iteration are of the changes."""

    def __new__(cls, values, times=None, direction=Perfdash.Direction.NONE):
        return Perfdash.Trend.new_packed(pack_values(values), pack_times(times), direction)

    def __init__(self, values, times=None, direction=Perfdash.Direction.NONE):
        """What __new__ gives is complete."""

    def extend(self, values, times=None):
        """The Trend of the same values and those that arrived since, behind them; only the tail is analysed again."""
        return self.extend_packed(pack_values(values), pack_times(times))

    changes = reads('changes')
    undecided = reads('undecided')

    @property
    def level(self):
        return self.get_level()[0]

    @property
    def level_interval(self):
        return self.get_level()[1:]

    @property
    def noise(self):
        return self.get_noise()[0]

    @property
    def noise_is_relative(self):
        return self.get_noise()[1]

    correlation = reads('correlation')
    n_modes = reads('n_modes')

    @property
    def drift(self):
        """Per week, or per value without times; None when there are not enough values to tell."""
        is_known, drift, _, _ = self.get_drift()
        return drift if is_known else None

    @property
    def drift_interval(self):
        is_known, _, low, high = self.get_drift()
        return (low, high) if is_known else None

    outliers = reads('outliers')

    def __len__(self):
        return len(self.get_changes())

    def __bool__(self):
        return True

    def __iter__(self):
        return iter(self.get_changes())

    def __getitem__(self, index):
        return self.get_changes()[index]

    def __repr__(self):
        return f'<Perfdash.Trend n={self.get_length()} changes={[change.index for change in self]}>'


class Store(Perfdash.Store):
    """A store of this machine: Store.open() takes its directory, its file or its URI."""

    @classmethod
    def open(cls, place, read_only=True):
        place = os.fspath(place)
        if not place.startswith('sqlite:'):
            if os.path.isdir(place):
                place = os.path.join(place, 'perfdash.db')
            place = 'sqlite:' + place
        flags = Perfdash.StoreFlags.READ_ONLY if read_only else Perfdash.StoreFlags.NONE
        return _open(place, flags)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def series(self, match=(), q=None):
        """SeriesInfo of the series that are chosen: match holds key:value, key:~regex or key:!value each, q words."""
        return self.list_series(Perfdash.Selector.new(list(match), q))

    def read(self, series):
        """The Series of an id or a SeriesInfo."""
        return self.load_series(series if isinstance(series, str) else series.get_id())

    def run(self, run_id):
        return self.load_run(run_id)

    def runs(self, match=(), q=None, limit=100, before=0, standing=None):
        """Runs, the one that came last first; standing is 'shown' or 'hidden', None for both."""
        heads = self.list_runs(Perfdash.Selector.new(list(match), q), standing, before, limit)
        return [self.load_run(head.get_id()) for head in heads]

    def changes(self, match=(), q=None, state=None, direction=None, since=None):
        """Changes, the newest first. state and direction are words, such as 'new' and 'regression', or a Perfdash.ChangeState and
        a Perfdash.ChangeKind; since is a datetime."""
        return self.list_changes(*to_filter(match, q, state, direction, since))

    def change_groups(self, match=(), q=None, state=None, direction=None, since=None):
        """ChangeGroups, the newest first, that have a change which changes() gives."""
        return self.list_change_groups(*to_filter(match, q, state, direction, since))

    def change(self, change_id):
        return self.load_change(change_id)

    def precision(self, match=(), q=None):
        """The Precision of all changes of the series that are chosen."""
        return Perfdash.Precision.new(self.changes(match, q))

    def history(self, change):
        """What happened to a change, or to the change of an id: ChangeEvents, the oldest first."""
        return self.list_change_events(self.load_change(to_id(change)).id)

    def edit(self, changes, who, **fields):
        """Say something of a change, or the same of several at once: of all or, when one cannot be, of none. fields are state
        ('new', 'acknowledged', or 'ignored' with a reason), reason, owner, note and link; '' takes one away. run moves a change to
        the run of that id, None back to where it is found. The changes stay as they were read: read them again. The store has
        to be open for writing."""
        edit = Perfdash.ChangeEdit.new(who)
        for name, value in fields.items():
            if name == 'run':
                edit.set_run(value or 0)
            else:
                edit.set(name, to_word(value))
        several = changes if hasattr(changes, '__iter__') else [changes]
        self.update_changes([to_id(change) for change in several], edit)

    def __repr__(self):
        return f'<Perfdash.Store {self.get_uri()}>'


_open = Perfdash.Store.open

for _class in (Labels, SeriesInfo, Series, Result, Run, Comparison, ChangePoint, Change, ChangeEvent, ChangeGroup, Precision,
               Trend, Store):
    export(_class)


def parse(log, parser=None, registry=None):
    """Read a log, a path or bytes, and give its runs. Raises GLib.Error of the domain perfdash-error when it cannot be read."""
    registry = registry or Perfdash.ParserRegistry.new(None)
    if isinstance(log, (bytes, bytearray)):
        log = Perfdash.Log.new_from_bytes('log', GLib.Bytes.new(bytes(log)))
    else:
        with open(log, 'rb') as file:
            log = Perfdash.Log.new_from_bytes(os.path.basename(os.fspath(log)), GLib.Bytes.new(file.read()))
    result = Perfdash.ParserRunner.new(registry).parse(log, parser, None)
    error = result.get_error()
    if error is not None:
        raise error
    return result.get_runs()


def compare(before, after, direction=Perfdash.Direction.NONE, margin=Perfdash.COMPARISON_MARGIN):
    """The Comparison of two lists or arrays, one value of each run."""
    return Perfdash.Comparison.new_packed(pack_values(before), pack_values(after), direction, margin)


__all__ += ['compare', 'parse']
