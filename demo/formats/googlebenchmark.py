# SPDX-License-Identifier: LGPL-2.1-or-later
"""Google Benchmark --benchmark_format=json."""

CACHES = (('Data', 1, 32768, 1), ('Instruction', 1, 32768, 1), ('Unified', 2, 1048576, 1))
COUNTERS = {'bytes': 'bytes_per_second', 'items': 'items_per_second'}
MEASURED = 0.5  # seconds of CPU time for each benchmark


def moves(benchmark):
    return {'real_time': 1, 'cpu_time': 1, COUNTERS[benchmark.option('counter')]: -1}


def write(run, values, rng):
    rows = [
        _row(family, values[benchmark.name], benchmark, rng)
        for family, benchmark in enumerate(run.log.benchmarks)
    ]
    body = _context(run, rng) + '  "benchmarks": [\n' + ',\n'.join(rows) + '\n  ]\n'
    return '{\n' + body + '}\n', len(rows) * 1.7


def _context(run, rng):
    loads = ','.join(f'{rng.uniform(0.2, 1.4):.6g}' for _ in range(3))
    caches = ',\n'.join(_cache(*cache) for cache in CACHES)
    return f'''  "context": {{
    "date": "{run.started:%Y-%m-%dT%H:%M:%S}+00:00",
    "host_name": "{run.lab.host}",
    "executable": "./build/micro",
    "num_cpus": {run.lab.cpus},
    "mhz_per_cpu": {run.lab.mhz},
    "cpu_scaling_enabled": false,
    "caches": [
{caches}
    ],
    "load_avg": [{loads}],
    "library_build_type": "release"
  }},
'''


def _cache(kind, level, size, sharing):
    return f'''      {{
        "type": "{kind}",
        "level": {level},
        "size": {size},
        "num_sharing": {sharing}
      }}'''


def _row(family, real, benchmark, rng):
    cpu = real * rng.uniform(0.993, 0.999)
    rate = benchmark.option('amount') / (cpu * 1e-9)
    return f'''    {{
      "name": "{benchmark.name}",
      "family_index": {family},
      "per_family_instance_index": 0,
      "run_name": "{benchmark.name}",
      "run_type": "iteration",
      "repetitions": 1,
      "repetition_index": 0,
      "threads": 1,
      "iterations": {round(MEASURED / (cpu * 1e-9))},
      "real_time": {real:.16e},
      "cpu_time": {cpu:.16e},
      "time_unit": "ns",
      "{COUNTERS[benchmark.option('counter')]}": {rate:.16e}
    }}'''
