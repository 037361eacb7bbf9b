# SPDX-License-Identifier: LGPL-2.1-or-later
"""perfdash's own JSON (docs/perfdash-json.md), as a lab's script would write it."""

import json

REPLICATES = 5


def moves(benchmark):
    return {benchmark.metric: 1}


def write(run, values, rng):
    document = {
        'format': 'perfdash',
        'version': 1,
        'started_at': f'{run.started:%Y-%m-%dT%H:%M:%SZ}',
        'outcome': 'ok',
        'environment': {'host': run.lab.host, 'kernel': run.lab.kernel, 'cpus': str(run.lab.cpus)},
        'parameters': {'tenants': '12'},
        'results': [
            _result(benchmark, values[benchmark.name], rng) for benchmark in run.log.benchmarks
        ],
    }
    return json.dumps(document, indent=1) + '\n', 75


def _result(benchmark, value, rng):
    result = {
        'benchmark': benchmark.name,
        'metric': benchmark.metric,
        'unit': benchmark.option('unit'),
        'direction': benchmark.better,
        'value': round(value, 3),
    }
    if benchmark.metric == 'time':
        result['replicates'] = _replicates(value, rng)
        result['value'] = round(sum(result['replicates']) / REPLICATES, 3)
    return result


def _replicates(mean, rng):
    values = [rng.uniform(0.97, 1.03) for _ in range(REPLICATES)]
    return [round(value * mean * REPLICATES / sum(values), 1) for value in values]
