# SPDX-License-Identifier: LGPL-2.1-or-later
"""JMeter's result file: CSV with the default columns of JMeter 5, or XML where the lab asked for it.

The test plan sends at a fixed pace, so a slower page does not slow the others.
"""

from xml.sax.saxutils import quoteattr

from .lognormal import Lognormal

SAMPLES = 28  # of each page
PACE = 350  # ms between two requests
THREADS = 6
FAILURES = 0.002
COLUMNS = (
    'timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,'
    'bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect'
)


def moves(benchmark):
    return {'latency': 1}


def write(run, values, rng):
    samples = _samples(run, values, rng)
    samples.sort(key=lambda sample: sample['start'] + sample['elapsed'])
    text = {'csv': _csv, 'xml': _xml}[run.lab.jtl](samples)
    last = samples[-1]
    return text, (last['start'] + last['elapsed']) / 1000 - run.started.timestamp()


def _samples(run, values, rng):
    begin = int(run.started.timestamp() * 1000)
    n_pages = len(run.log.benchmarks)
    samples = []
    for page, benchmark in enumerate(run.log.benchmarks):
        sigma = 0.35 * rng.uniform(0.92, 1.08)
        times = Lognormal(values[benchmark.name], sigma).even_sample(SAMPLES)
        rng.shuffle(times)
        for i, elapsed in enumerate(times):
            start = begin + (i * n_pages + page) * PACE + rng.randrange(60)
            samples.append(_sample(benchmark, start, max(1, round(elapsed)), rng))
    return samples


def _sample(benchmark, start, elapsed, rng):
    return {
        'start': start,
        'elapsed': elapsed,
        'benchmark': benchmark,
        'thread': f'Shoppers 1-{rng.randrange(THREADS) + 1}',
        'ok': rng.random() >= FAILURES,
        'bytes': benchmark.option('bytes') + rng.randrange(8),
        'latency': max(1, elapsed - rng.randrange(4)),
        'connect': rng.randrange(2),
    }


def _csv(samples):
    return '\n'.join([COLUMNS, *map(_csv_row, samples)]) + '\n'


def _csv_row(sample):
    path = sample['benchmark'].option('path')
    code, message = ('200', 'OK') if sample['ok'] else ('503', 'Service Unavailable')
    return (
        f'{sample["start"]},{sample["elapsed"]},{sample["benchmark"].name},{code},{message},'
        f'{sample["thread"]},text,{str(sample["ok"]).lower()},,{sample["bytes"]},{120 + len(path)},'
        f'{THREADS},{THREADS},http://shop.test{path},{sample["latency"]},0,{sample["connect"]}'
    )


def _xml(samples):
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n'
    return head + '\n'.join(map(_xml_row, samples)) + '\n\n</testResults>\n'


def _xml_row(sample):
    code, message = ('200', 'OK') if sample['ok'] else ('503', 'Service Unavailable')
    label = quoteattr(sample['benchmark'].name)
    sent = 120 + len(sample['benchmark'].option('path'))
    return (
        f'<httpSample t="{sample["elapsed"]}" it="0" lt="{sample["latency"]}" ct="{sample["connect"]}"'
        f' ts="{sample["start"]}" s="{str(sample["ok"]).lower()}" lb={label} rc="{code}" rm="{message}"'
        f' tn="{sample["thread"]}" dt="text" by="{sample["bytes"]}" sby="{sent}"'
        f' ng="{THREADS}" na="{THREADS}"/>'
    )
