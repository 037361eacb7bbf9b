# SPDX-License-Identifier: LGPL-2.1-or-later
"""What makes gi.repository.Perfdash feel like Python."""

import ctypes
import datetime
import os

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

Perfdash = get_introspection_module('Perfdash')

__all__ = []


def export(cls):
    """An overridden class goes by its own name."""
    cls = override(cls)
    globals()[cls.__name__] = cls
    __all__.append(cls.__name__)
    return cls


def view(owner, address, length, c_type):
    """Memory of owner as a read-only memoryview; owner lives as long as the view."""
    if length == 0:
        return memoryview(b'').cast(c_type._type_)
    array = (c_type * length).from_address(address)
    array.owner = owner
    code = 'd' if c_type is ctypes.c_double else 'q'
    return memoryview(array).cast('B').cast(code).toreadonly()


def to_datetime(microseconds):
    """Of microseconds since 1970 UTC; None of 0, which means unknown."""
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return epoch + datetime.timedelta(microseconds=microseconds) if microseconds else None


def to_floats(values):
    """Of anything that iterates over numbers; an array of numpy does it in C."""
    return values.astype(float).tolist() if hasattr(values, 'astype') else [float(value) for value in values]


def to_microseconds(time):
    if not isinstance(time, datetime.datetime):
        return int(time)
    if time.tzinfo is None:
        raise ValueError(f'{time} has no time zone')
    return (time - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


def to_times(times):
    """Microseconds since 1970 UTC; None stays None."""
    if times is None:
        return None
    if hasattr(times, 'astype'):
        return times.astype('datetime64[us]' if times.dtype.kind == 'M' else 'int64').astype('int64').tolist()
    return [to_microseconds(time) for time in times]


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

    @property
    def id(self):
        return self.get_id()

    @property
    def labels(self):
        return self.get_labels()

    @property
    def unit(self):
        return self.get_unit()

    @property
    def direction(self):
        return self.get_direction()

    def __repr__(self):
        return f'<Perfdash.SeriesInfo {self.id} {self.labels.to_string()} unit={self.unit}>'


class Series(Perfdash.Series):
    """The results of a series in the order of time. values, times and runs are memory of the library: numpy.asarray() copies
    nothing, and nothing can be written."""

    @property
    def info(self):
        return self.get_info()

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

    @property
    def benchmark(self):
        return self.get_benchmark()

    @property
    def metric(self):
        return self.get_metric()

    @property
    def unit(self):
        return self.get_unit()

    @property
    def direction(self):
        return self.get_direction()

    @property
    def value(self):
        return self.get_value()

    @property
    def stats(self):
        return dict(self.get_nth_stat(i) for i in range(self.get_n_stats()))

    @property
    def replicates(self):
        return self.get_replicates()

    def __repr__(self):
        return f'<Perfdash.Result {self.benchmark} {self.metric} {self.value} {self.unit}>'


class Run(Perfdash.Run):
    """One execution of a test; iterates over its results."""

    @property
    def id(self):
        return self.get_id()

    @property
    def labels(self):
        return self.get_labels()

    @property
    def build(self):
        return self.get_build()

    @property
    def revision(self):
        return self.get_revision()

    @property
    def started_at(self):
        return to_datetime(self.get_started_at())

    @property
    def outcome(self):
        return self.get_outcome()

    @property
    def environment(self):
        return self.get_environment()

    @property
    def parameters(self):
        return self.get_parameters()

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

    @property
    def before(self):
        return self.get_before()

    @property
    def after(self):
        return self.get_after()

    @property
    def change(self):
        return self.get_change()

    @property
    def interval(self):
        """Where the change is in 95 of 100 cases; None of a single value."""
        has_interval, low, high = self.get_interval()
        return (low, high) if has_interval else None

    @property
    def p(self):
        return self.get_p()

    @property
    def p_adjusted(self):
        return self.get_p_adjusted()

    @property
    def delta(self):
        return self.get_delta()

    @property
    def verdict(self):
        return self.get_verdict()

    def __repr__(self):
        return f'<Perfdash.Comparison {self.before} {self.after} {self.verdict.value_nick}>'


class ChangePoint(Perfdash.ChangePoint):
    """A place in a series from which on its values are on another level. What has an interval has it in NAME_interval."""

    @property
    def index(self):
        return self.get_index()

    @property
    def range(self):
        """The first and the last place where it may lie."""
        return self.get_range()

    @property
    def before(self):
        return self.get_before()[0]

    @property
    def before_interval(self):
        return self.get_before()[1:]

    @property
    def after(self):
        return self.get_after()[0]

    @property
    def after_interval(self):
        return self.get_after()[1:]

    @property
    def change(self):
        """As a share of the level before: 0.1 is 10 % more."""
        return self.get_change()[0]

    @property
    def change_interval(self):
        return self.get_change()[1:]

    @property
    def effect(self):
        return self.get_effect()

    @property
    def p(self):
        return self.get_p()

    @property
    def kind(self):
        return self.get_kind()

    @property
    def confidence(self):
        return self.get_confidence()

    @property
    def runs_needed(self):
        return self.get_runs_needed()

    def __repr__(self):
        return f'<Perfdash.ChangePoint {self.index} {self.change:+.1%} {self.kind.value_nick}, {self.confidence}>'


class Trend(Perfdash.Trend):
    """The changes of level in a list or an array of values: Trend(values), Trend(values, times, Perfdash.Direction.LOWER). Times
    are datetimes, an array of numpy.datetime64, or microseconds since 1970 UTC. len() and iteration are of the changes."""

    def __new__(cls, values, times=None, direction=Perfdash.Direction.NONE):
        return Perfdash.Trend.new(to_floats(values), to_times(times), direction)

    def __init__(self, values, times=None, direction=Perfdash.Direction.NONE):
        """What __new__ gives is complete."""

    def extend(self, values, times=None):
        """The Trend of the same values and those that arrived since, behind them; only the tail is analysed again."""
        return _extend(self, to_floats(values), to_times(times))

    @property
    def changes(self):
        return self.get_changes()

    @property
    def undecided(self):
        return self.get_undecided()

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

    @property
    def correlation(self):
        return self.get_correlation()

    @property
    def n_modes(self):
        return self.get_n_modes()

    @property
    def drift(self):
        """Per week, or per value without times; None when there are not enough values to tell."""
        is_known, drift, _, _ = self.get_drift()
        return drift if is_known else None

    @property
    def drift_interval(self):
        is_known, _, low, high = self.get_drift()
        return (low, high) if is_known else None

    @property
    def outliers(self):
        return self.get_outliers()

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

    def runs(self, match=(), q=None, limit=100, before=0):
        """Runs, the one that came last first."""
        heads = self.list_runs(Perfdash.Selector.new(list(match), q), before, limit)
        return [self.load_run(head.get_id()) for head in heads]

    def __repr__(self):
        return f'<Perfdash.Store {self.get_uri()}>'


_open = Perfdash.Store.open
_extend = Perfdash.Trend.extend

for _class in (Labels, SeriesInfo, Series, Result, Run, Comparison, ChangePoint, Trend, Store):
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
    return Perfdash.Comparison.new([float(value) for value in before], [float(value) for value in after], direction, margin)


__all__ += ['compare', 'parse']
