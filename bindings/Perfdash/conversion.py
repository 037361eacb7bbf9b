# SPDX-License-Identifier: LGPL-2.1-or-later
"""Numbers and times of Python, numpy and pandas as C has them, and back."""

import array
import ctypes
import datetime
import math
import operator

from gi.repository import GLib


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


def unwrap(values):
    """What has an array inside, such as a column of pandas, is that array; what is an iterator, a list. Text has no numbers."""
    if isinstance(values, (str, bytes, bytearray)):
        raise TypeError(f'a list or an array of numbers is wanted, not {type(values).__name__}')
    if hasattr(values, 'to_numpy'):
        values = values.to_numpy()
    if not hasattr(values, 'dtype'):
        return values if isinstance(values, (list, tuple, array.array, memoryview)) else list(values)
    if getattr(values, 'ndim', 1) != 1:
        raise ValueError(f'one series is wanted, not an array of {values.ndim} dimensions: choose a column, such as array[:, 0]')
    return values


def buffer_of(values, codes):
    """The memory of an array of 8 bytes an element whose type is one of codes, or None."""
    try:
        memory = memoryview(values)
    except TypeError:
        return None
    if memory.ndim != 1:
        raise ValueError(f'one series is wanted, not an array of {memory.ndim} dimensions')
    return memory.tobytes() if memory.itemsize == 8 and memory.format in codes else None


def pack(code, values, convert):
    """Bytes of an array of that code, of what convert makes of each value; who cannot be one is named."""
    try:
        return array.array(code, values).tobytes()
    except (TypeError, OverflowError):
        packed = array.array(code)
    for index, value in enumerate(values):
        try:
            packed.append(convert(value))
        except (TypeError, ValueError, OverflowError) as error:
            raise type(error)(f'value {index}: {error}') from None
    return packed.tobytes()


def to_number(value):
    if isinstance(value, (str, bytes)):
        raise TypeError(f'{value!r} is text: convert it with float()')
    if isinstance(value, complex):
        raise TypeError(f'{value!r} is complex: take its .real or abs()')
    return float(value)


def pack_values(values):
    """Doubles as C has them, of anything that holds numbers; arrays are converted as a whole."""
    values = unwrap(values)
    kind = getattr(getattr(values, 'dtype', None), 'kind', '')
    if kind == 'c':
        raise TypeError('complex numbers are not in an order: take .real or abs() of the array')
    if kind in ('M', 'm'):
        raise TypeError(f'values are numbers, not {values.dtype}: times stand behind them')
    if kind and kind in 'fiub':
        floats = values.astype('float64')
        # what is masked was not measured
        return GLib.Bytes.new((floats.filled(math.nan) if hasattr(floats, 'filled') else floats).tobytes())
    return GLib.Bytes.new(buffer_of(values, 'd') or pack('d', values, to_number))


def to_microseconds(time):
    if time != time:
        raise ValueError('NaT is no time')
    if getattr(getattr(time, 'dtype', None), 'kind', '') == 'M':
        return int(time.astype('datetime64[us]').astype('int64'))
    if not isinstance(time, datetime.datetime):
        try:
            return operator.index(time)
        except TypeError:
            raise TypeError(f'{time!r} is neither a datetime nor whole microseconds since 1970 UTC') from None
    if time.tzinfo is None:
        raise ValueError(f'{time} has no time zone')
    return (time - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


def pack_times(times):
    """Microseconds since 1970 UTC as C has them; None stays None."""
    if times is None:
        return None
    times = unwrap(times)
    kind = getattr(getattr(times, 'dtype', None), 'kind', '')
    if hasattr(times, 'filled') and times.mask.any():
        raise ValueError('what is masked is no time: leave out what was not measured')
    if kind == 'M':
        if (times != times).any():
            raise ValueError('NaT is no time: leave out what was not measured')
        times = times.astype('datetime64[us]')
    elif kind == 'f':
        raise TypeError(f'times are datetimes or whole microseconds since 1970 UTC, not {times.dtype}')
    if kind and kind in 'Miu':
        return GLib.Bytes.new(times.astype('int64').tobytes())
    return GLib.Bytes.new(buffer_of(times, 'ql') or pack('q', times, to_microseconds))
