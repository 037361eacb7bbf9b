# SPDX-License-Identifier: LGPL-2.1-or-later
"""wrk --latency: text for people, each number with a unit of its own."""

from .lognormal import Lognormal

THREADS = 4
CONNECTIONS = 64
SECONDS = 30
HEADERS = 236  # bytes before the body of an answer

# a number moves to the next unit when it reaches 85 % of it
TIME = (('us', 1), ('ms', 1e3), ('s', 1e6))
METRIC = (('', 1), ('k', 1e3), ('M', 1e6), ('G', 1e9))
BINARY = (('', 1), ('K', 1024), ('M', 1024**2), ('G', 1024**3))


def moves(benchmark):
    rates = ('throughput', 'transfer', 'requests_per_second_per_thread', 'requests', 'bytes_read')
    return {'latency': 1, **{metric: -1 for metric in rates}}


def write(run, values, rng):
    [benchmark] = run.log.benchmarks
    mean = values[benchmark.name]
    seconds = SECONDS + rng.uniform(0.02, 0.1)
    requests = round(CONNECTIONS / (mean / 1e6) * seconds * rng.uniform(0.996, 0.999))
    read = requests * (HEADERS + benchmark.option('bytes'))
    latency = Lognormal(mean, 0.45 * rng.uniform(0.95, 1.05))
    lines = [
        f'Running {SECONDS}s test @ {benchmark.name}',
        f'  {THREADS} threads and {CONNECTIONS} connections',
        '  Thread Stats   Avg      Stdev     Max   +/- Stdev',
        _thread_row('Latency', latency.mean, latency.sd, latency.highest_of(requests), 'time', rng),
        _per_thread(requests / seconds / THREADS, rng),
        '  Latency Distribution',
        *(_percentile(latency, p) for p in (50, 75, 90, 99)),
        f'  {requests} requests in {_scaled(seconds * 1e6, TIME)}, {_scaled(read, BINARY)}B read',
        f'Requests/sec: {requests / seconds:9.2f}',
        f'Transfer/sec: {_scaled(read / seconds, BINARY):>10}B',
    ]
    return '\n'.join(lines) + '\n', seconds


def _scaled(value, units):
    name, size = [unit for unit in units if unit[1] == 1 or value >= unit[1] * 0.85][-1]
    return f'{value / size:.2f}{name}'


def _column(text, width):
    """Right-aligned, with the unit standing to the right of the numbers' column."""
    pad = 2 - sum(character.isalpha() for character in text[-2:])
    return f'{text:>{width - pad}}' + ' ' * pad


def _thread_row(name, mean, sd, highest, kind, rng):
    units = TIME if kind == 'time' else METRIC
    within = rng.uniform(68, 79)
    return (
        f'    {name:<10}{_column(_scaled(mean, units), 8)}{_column(_scaled(sd, units), 10)}'
        f'{_column(_scaled(highest, units), 9)}{within:8.2f}%'
    )


def _per_thread(rate, rng):
    return _thread_row('Req/Sec', rate, rate * rng.uniform(0.04, 0.06), rate * 1.14, 'rate', rng)


def _percentile(latency, p):
    return f'{p:7d}%{_column(_scaled(latency.quantile(p / 100), TIME), 10)}'
