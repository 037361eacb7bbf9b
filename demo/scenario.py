# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the demo's labs run and what happened to it: the tables that generate.py turns into logs.

Days are counted back from the end, so that the newest changes are always recent.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lab:
    name: str
    hour: float  # UTC, when the nightly round starts
    speed: float  # of its machines, against the slowest lab
    host: str
    cpus: int
    mhz: int
    kernel: str
    jtl: str = 'csv'  # how JMeter is told to write its results
    midday: bool = False  # also runs the midday builds of working days
    branches: tuple = ('main',)
    silent: int = 0  # reports nothing in this many last days


@dataclass(frozen=True)
class Branch:
    name: str
    first_build: int
    every: int  # days between nightly builds
    midday: bool  # has builds at midday of working days


@dataclass(frozen=True)
class Benchmark:
    name: str
    metric: str
    level: float  # in the unit the tool prints; what a machine of speed 1 reaches
    noise: str
    spread: float
    better: str = 'lower'
    machine: bool = True  # depends on the speed of the machine
    options: tuple = ()  # (key, value) pairs for the format

    def option(self, key):
        return dict(self.options)[key]


@dataclass(frozen=True)
class Log:
    name: str  # of the file
    tool: str
    benchmarks: tuple


@dataclass(frozen=True)
class Suite:
    project: str
    name: str
    logs: tuple


@dataclass(frozen=True)
class Change:
    kind: str  # regression, improvement, drift or outlier
    suite: str
    benchmark: str
    ratio: float  # new level / old level; of a drift: last level / first level
    day: int  # before the end; ignored for a drift, which lasts all the time
    note: str
    labs: tuple = ('dfw', 'ord', 'lon')
    branch: str = 'main'


LABS = (
    Lab('dfw', 1.5, 1.14, 'dfw-perf-04', 16, 3000, '6.1.0-28-amd64', midday=True),
    Lab('ord', 3.2, 1.06, 'ord-bench-2', 8, 2600, '6.1.0-27-amd64', branches=('main', 'release-2.4')),
    Lab('lon', 0.7, 1.00, 'lon-rig-a', 8, 2400, '5.10.0-32-amd64', jtl='xml', silent=12),
)

BRANCHES = (
    Branch('main', 4180, every=1, midday=True),
    Branch('release-2.4', 2403, every=3, midday=False),
)


def _page(name, path, level, noise, spread, size):
    options = (('path', path), ('bytes', size), ('method', name.split()[0]))
    return Benchmark(name, 'latency', level, noise, spread, options=options)


def _endpoint(file, path, level, noise, spread, body):
    benchmark = Benchmark(
        f'http://shop.test:8080{path}', 'latency', level, noise, spread, options=(('bytes', body),)
    )
    return Log(file, 'wrk', (benchmark,))


def _job(name, rw, bs, depth, level, noise, spread):
    return Benchmark(
        name,
        ('write' if 'write' in rw else 'read') + '.iops',
        level,
        noise,
        spread,
        better='higher',
        options=(('rw', rw), ('bs', bs), ('depth', depth)),
    )


def _micro(name, level, noise, spread, counter, amount):
    return Benchmark(
        name, 'real_time', level, noise, spread, options=(('counter', counter), ('amount', amount))
    )


def _pgbench(file, script, mode, clients, level, noise, spread):
    benchmark = Benchmark(
        f'<builtin: {script}>',
        'throughput',
        level,
        noise,
        spread,
        better='higher',
        options=(('mode', mode), ('clients', clients)),
    )
    return Log(file, 'pgbench', (benchmark,))


def _native(name, metric, unit, level, noise, spread, better='lower', machine=False):
    return Benchmark(
        name, metric, level, noise, spread, better, machine, options=(('unit', unit),)
    )


SUITES = (
    Suite(
        'storefront',
        'checkout',
        (
            Log(
                'results.jtl',
                'jmeter',
                (
                    _page('GET home', '/', 31, 'gaussian', 0.025, 18230),
                    _page('GET search', '/search?q=lamp', 96, 'heavy tail', 0.02, 40112),
                    _page('GET product', '/product/4711', 48, 'correlated', 0.035, 25876),
                    _page('POST cart', '/cart', 64, 'gaussian', 0.03, 912),
                    _page('POST checkout', '/checkout', 184, 'gaussian', 0.03, 2204),
                ),
            ),
        ),
    ),
    Suite(
        'storefront',
        'api',
        (
            _endpoint('wrk-cart.txt', '/api/cart', 2150, 'gaussian', 0.02, 412),
            _endpoint('wrk-stock.txt', '/api/stock', 890, 'two modes', 0.012, 148),
        ),
    ),
    Suite(
        'engine',
        'storage',
        (
            Log(
                'fio.json',
                'fio',
                (
                    _job('seq-read', 'read', '1m', 8, 1920, 'gaussian', 0.015),
                    _job('rand-read', 'randread', '4k', 32, 118000, 'correlated', 0.03),
                    _job('rand-write', 'randwrite', '4k', 32, 64500, 'heavy tail', 0.018),
                ),
            ),
        ),
    ),
    Suite(
        'engine',
        'micro',
        (
            Log(
                'microbench.json',
                'googlebenchmark',
                (
                    _micro('BM_ParseOrder/64', 412, 'gaussian', 0.012, 'bytes', 64),
                    _micro('BM_ParseOrder/4096', 18350, 'gaussian', 0.01, 'bytes', 4096),
                    _micro('BM_SerializeOrder/1024', 3970, 'gaussian', 0.014, 'bytes', 1024),
                    _micro('BM_PriceBasket/16', 1240, 'two modes', 0.009, 'items', 16),
                    _micro('BM_PriceBasket/256', 20900, 'two modes', 0.009, 'items', 256),
                    _micro('BM_HashLookup/1024', 23.4, 'gaussian', 0.015, 'items', 1),
                    _micro('BM_HashLookup/1048576', 88.5, 'heavy tail', 0.02, 'items', 1),
                    _micro('BM_MergeIndex/65536', 4120000, 'correlated', 0.02, 'items', 65536),
                ),
            ),
        ),
    ),
    Suite(
        'engine',
        'database',
        (
            _pgbench('pgbench-tpcb.txt', 'TPC-B (sort of)', 'simple', 16, 2870, 'gaussian', 0.02),
            _pgbench('pgbench-select.txt', 'select only', 'prepared', 32, 61400, 'gaussian', 0.015),
        ),
    ),
    Suite(
        'engine',
        'startup',
        (
            Log(
                'startup.perfdash.json',
                'native',
                (
                    _native('cold start', 'time', 'ms', 1480, 'gaussian', 0.02, machine=True),
                    _native('idle', 'resident_memory', 'MiB', 212, 'gaussian', 0.006),
                    _native('after one hour', 'resident_memory', 'MiB', 391, 'gaussian', 0.008),
                    _native('checkout request', 'allocations', '1', 46, 'whole numbers', 0.03),
                    _native('page cache', 'hit_ratio', '%', 93.5, 'gaussian', 0.004, 'higher'),
                ),
            ),
        ),
    ),
)

CHANGES = (
    Change('improvement', 'checkout', 'GET search', 0.70, 71, 'search answers come from the index'),
    Change('regression', 'micro', 'BM_SerializeOrder/1024', 1.35, 61, 'every field is copied twice'),
    Change('regression', 'storage', 'rand-write', 0.87, 52, 'new firmware on the disks', ('ord',)),
    Change('improvement', 'micro', 'BM_SerializeOrder/1024', 0.74, 48, 'the copy is gone again'),
    Change('improvement', 'micro', 'BM_HashLookup/1048576', 0.82, 45, 'one probe fits a cache line'),
    Change('regression', 'startup', 'checkout request', 1.20, 40, 'the audit log formats eagerly'),
    Change('regression', 'checkout', 'POST checkout', 1.22, 34, 'the tax service is asked twice'),
    Change('improvement', 'startup', 'cold start', 0.75, 26, 'the catalogue is mapped, not read'),
    Change(
        'improvement',
        'micro',
        'BM_HashLookup/1048576',
        0.82,
        23,
        'one probe fits a cache line, picked from main',
        ('ord',),
        'release-2.4',
    ),
    Change('regression', 'database', '<builtin: TPC-B (sort of)>', 0.92, 20, 'an index more to keep'),
    Change('regression', 'api', 'http://shop.test:8080/api/stock', 1.15, 9, 'a lock around the counter'),
    Change('regression', 'startup', 'idle', 1.06, 4, 'a thread pool for each tenant'),
    Change('drift', 'startup', 'after one hour', 1.14, 0, 'something leaks, a little more each week'),
    Change('outlier', 'api', 'http://shop.test:8080/api/cart', 3.1, 29, 'a backup ran', ('dfw',)),
    Change('outlier', 'database', '<builtin: select only>', 0.45, 64, 'a rebuild of the disks', ('lon',)),
)
