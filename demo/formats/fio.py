# SPDX-License-Identifier: LGPL-2.1-or-later
"""fio --output-format=json: one report with several jobs, most of it about what did not happen."""

from datetime import timedelta

from .lognormal import Lognormal

MILLISECONDS = 60000  # of each job
PERCENTILES = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99)
SIZES = {'4k': 4096, '1m': 1048576}
DEPTHS = ('1', '2', '4', '8', '16', '32', '>=64')
SUBMITS = ('0', '4', '8', '16', '32', '64', '>=64')
NANOSECONDS = (2, 4, 10, 20, 50, 100, 250, 500, 750, 1000)
MICROSECONDS = (2, 4, 10, 20, 50, 100, 250, 500, 750, 1000)
NO_TIMES = {'min': 0, 'max': 0, 'mean': 0.0, 'stddev': 0.0, 'N': 0}


def moves(benchmark):
    way = benchmark.metric.split('.')[0]
    up = ('iops', 'bandwidth', 'io_bytes', 'total_ios')
    down = ('completion_latency', 'total_latency')
    return {**{f'{way}.{m}': 1 for m in up}, **{f'{way}.{m}': -1 for m in down}}


def write(run, values, rng):
    seconds = len(run.log.benchmarks) * MILLISECONDS / 1000 + 3
    end = run.started + timedelta(seconds=seconds)
    report = {
        'fio version': 'fio-3.33',
        'timestamp': int(end.timestamp()),
        'timestamp_ms': int(end.timestamp()) * 1000 + rng.randrange(1000),
        'time': end.strftime('%a %b %e %H:%M:%S %Y'),
        'jobs': [
            _job(group, benchmark, values[benchmark.name], rng)
            for group, benchmark in enumerate(run.log.benchmarks)
        ],
    }
    return _json(report, '') + '\n', seconds


def _job(group, benchmark, iops, rng):
    way = benchmark.metric.split('.')[0]
    depth = benchmark.option('depth')
    latency = Lognormal(depth / iops * 1e9 * 0.97, 0.4 * rng.uniform(0.95, 1.05))
    block = _direction(benchmark, iops, latency, rng)
    return {
        'jobname': benchmark.name,
        'groupid': group,
        'error': 0,
        'eta': 0,
        'elapsed': (group + 1) * MILLISECONDS // 1000 + 1,
        'job options': _options(benchmark),
        **{other: block if other == way else IDLE for other in ('read', 'write', 'trim')},
        'sync': {'total_ios': 0, 'lat_ns': NO_TIMES},
        'job_runtime': block['runtime'] - 1,
        'usr_cpu': rng.uniform(6, 11),
        'sys_cpu': rng.uniform(20, 31),
        'ctx': round(block['total_ios'] * rng.uniform(0.7, 0.8)),
        'majf': 0,
        'minf': rng.randrange(50, 60),
        'iodepth_level': {d: 100.0 if d == str(depth) else 0.0 for d in DEPTHS},
        'iodepth_submit': {d: 100.0 if d == '4' else 0.0 for d in SUBMITS},
        'iodepth_complete': {d: 100.0 if d == '4' else 0.0 for d in SUBMITS},
        **_histogram(latency),
        'latency_depth': depth,
        'latency_target': 0,
        'latency_percentile': 100.0,
        'latency_window': 0,
    }


def _options(benchmark):
    return {
        'name': benchmark.name,
        'filename': '/srv/fio/test',
        'size': '4g',
        'direct': '1',
        'rw': benchmark.option('rw'),
        'bs': benchmark.option('bs'),
        'ioengine': 'libaio',
        'iodepth': str(benchmark.option('depth')),
        'runtime': str(MILLISECONDS // 1000),
        'time_based': '',
    }


def _direction(benchmark, iops, latency, rng):
    size = SIZES[benchmark.option('bs')]
    runtime = MILLISECONDS + rng.randrange(4)
    ios = round(iops * runtime / 1000)
    iops = ios * 1000 / runtime
    kib = iops * size / 1024
    # submitting is work of the processor, which a slower disk does not slow down
    submission = benchmark.option('depth') / benchmark.level * 1e9 * rng.uniform(0.02, 0.03)
    slat = Lognormal(submission, 0.5)
    total = Lognormal(latency.mean + slat.mean, latency.sigma)
    return {
        'io_bytes': ios * size,
        'io_kbytes': ios * size // 1024,
        'bw_bytes': int(iops * size),
        'bw': int(kib),
        'iops': iops,
        'runtime': runtime,
        'total_ios': ios,
        'short_ios': 0,
        'drop_ios': 0,
        'slat_ns': _times(slat, ios),
        'clat_ns': {**_times(latency, ios), 'percentile': _percentiles(latency)},
        'lat_ns': _times(total, ios),
        **_samples('bw', int(kib * 0.9), int(kib * 1.08), kib * 1.001, kib * 0.03),
        **_samples('iops', int(iops * 0.9), int(iops * 1.08), iops * 1.001, iops * 0.03),
    }


def _samples(name, low, high, mean, sd):
    n = MILLISECONDS // 500 - 1
    if name == 'bw':
        return dict(bw_min=low, bw_max=high, bw_agg=100.0, bw_mean=mean, bw_dev=sd, bw_samples=n)
    return dict(iops_min=low, iops_max=high, iops_mean=mean, iops_stddev=sd, iops_samples=n)


def _times(latency, n):
    low, high = int(latency.lowest_of(n)), int(latency.highest_of(n))
    return {'min': low, 'max': high, 'mean': latency.mean, 'stddev': latency.sd, 'N': n}


def _percentiles(latency):
    return {f'{p:f}': _bucket(int(latency.quantile(p / 100))) for p in PERCENTILES}


def _bucket(ns):
    """fio keeps 64 buckets for each power of two and prints the middle of one."""
    width = 1 << max(0, ns.bit_length() - 7)
    return ns // width * width + width // 2


def _histogram(latency):
    """The share of requests in each bin, by three scales; a bin ends where its name says."""
    edges = [*NANOSECONDS, *(us * 1000 for us in MICROSECONDS)]
    edges += [ms * 1000000 for ms in (*MICROSECONDS, 2000)]
    below = [latency.share_below(edge) * 100 for edge in edges] + [100.0]
    shares = [below[0]] + [b - a for a, b in zip(below, below[1:])]
    names = [str(n) for n in NANOSECONDS]
    return {
        'latency_ns': dict(zip(names, shares)),
        'latency_us': dict(zip(names, shares[10:20])),
        'latency_ms': dict(zip([*names, '2000', '>=2000'], shares[20:])),
    }


def _json(value, indent):
    """JSON the way fio spells it: a blank before each colon, six decimals."""
    inner = indent + '  '
    if isinstance(value, dict):
        rows = [f'{inner}"{key}" : {_json(item, inner)}' for key, item in value.items()]
        return '{\n' + ',\n'.join(rows) + f'\n{indent}}}'
    if isinstance(value, list):
        rows = [inner + _json(item, inner) for item in value]
        return '[\n' + ',\n'.join(rows) + f'\n{indent}]'
    if isinstance(value, float):
        return f'{value:.6f}'
    return f'"{value}"' if isinstance(value, str) else str(value)


def _idle():
    counts = 'io_bytes io_kbytes bw_bytes bw'.split()
    more = 'runtime total_ios short_ios drop_ios'.split()
    return {
        **dict.fromkeys(counts, 0),
        'iops': 0.0,
        **dict.fromkeys(more, 0),
        **dict.fromkeys(('slat_ns', 'clat_ns', 'lat_ns'), NO_TIMES),
        **dict(bw_min=0, bw_max=0, bw_agg=0.0, bw_mean=0.0, bw_dev=0.0, bw_samples=0),
        **dict(iops_min=0, iops_max=0, iops_mean=0.0, iops_stddev=0.0, iops_samples=0),
    }


IDLE = _idle()
