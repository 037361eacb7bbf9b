# SPDX-License-Identifier: LGPL-2.1-or-later
"""pgbench -P 15: text with a line of progress every quarter of a minute."""

SECONDS = 60
THREADS = 4


def moves(benchmark):
    return {'throughput': 1, 'transactions': 1, 'latency': -1}


def write(run, values, rng):
    [benchmark] = run.log.benchmarks
    tps = values[benchmark.name]
    clients = benchmark.option('clients')
    connecting = rng.uniform(11, 19)
    transactions = round(tps * (SECONDS - connecting / 1000))
    spread = rng.uniform(0.5, 0.6)
    lines = [
        'pgbench (15.13 (Debian 15.13-0+deb12u1))',
        'starting vacuum...end.',
        *(_progress(second, tps, clients, spread, rng) for second in range(15, SECONDS + 1, 15)),
        f'transaction type: {benchmark.name}',
        'scaling factor: 100',
        f'query mode: {benchmark.option("mode")}',
        f'number of clients: {clients}',
        f'number of threads: {THREADS}',
        'maximum number of tries: 1',
        f'duration: {SECONDS} s',
        f'number of transactions actually processed: {transactions}',
        'number of failed transactions: 0 (0.000%)',
        f'latency average = {_latency(tps, clients):.3f} ms',
        f'latency stddev = {_latency(tps, clients) * spread:.3f} ms',
        f'initial connection time = {connecting:.3f} ms',
        f'tps = {tps:.6f} (without initial connection time)',
    ]
    return '\n'.join(lines) + '\n', SECONDS + 1.5


def _latency(tps, clients):
    return clients / tps * 1000


def _progress(second, tps, clients, spread, rng):
    now = tps * rng.uniform(0.97, 1.03)
    latency = _latency(now, clients)
    return (
        f'progress: {second}.0 s, {now:.1f} tps, lat {latency:.3f} ms'
        f' stddev {latency * spread:.3f}, 0 failed'
    )
