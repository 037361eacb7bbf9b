# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what a parser reads with what people read.

LOG.by-eye.json has "format", "outcome" and "results", a list of main values, not of all:

    {"benchmark": "TCP", "metric": "latency", "what": "p99", "unit": "s", "direction": "lower", "value": 0.012, "raw": "12.0ms"}

Benchmark, metric, unit and direction must be those of a result of ours. "what" says which of its numbers is meant: a statistic
(mean, min, max, sd, p50 ...) or, when it is no name of one, its value; "value" and "sample 1" may be one of its
replicates, too. A value printed as text is as exact as its digits: half a unit of the last one ("raw"), or 0.5 %. Any other must agree to 1e-9. A percentile by
another definition may stand in "linear".
"""

import re

EXACT_FORMATS = ('json', 'csv', 'xml', 'yaml', 'jtl', 'junit')
STATS = {'avg': 'mean', 'average': 'mean', 'count': 'n', 'mdev': 'sd', 'median': 'p50', 'stddev': 'sd', 'stdev': 'sd'}
DIRECTIONS = {'unknown': 'none'}


def tolerance(wanted, exact):
    """How far from the wanted value a reader may be."""
    value = abs(wanted['value'])
    if exact:
        return 1e-9 * value
    digits = re.search(r'\d[\d,]*(?:\.(\d+))?', str(wanted.get('raw', '')))
    number = float(digits.group().replace(',', '')) if digits else 0
    if number == 0:
        return 0.005 * value
    return max(value / number * 0.5 * 10 ** -len(digits.group(1) or ''), 1e-9 * value)


def is_stat(what):
    return re.fullmatch(r'n|min|max|mean|sd|p[\d.]+', what) is not None


def numbers(result, what):
    """The numbers of a result that are called so."""
    name = STATS.get(what, what.split(' ')[0])
    if name in result['stats']:
        return [result['stats'][name]]
    if is_stat(name) and name not in ('mean', 'n') and result['stats']:
        return []
    return [result['value'], *(result.get('replicates', []) if name in ('value', 'sample') else [])]


def has_names(wanted, result):
    direction = DIRECTIONS.get(wanted['direction'], wanted['direction'])
    unit = '1' if wanted['what'] == 'count' else result['unit']
    return (
        result['benchmark'] == wanted['benchmark']
        and result['metric'] == wanted['metric']
        and unit == wanted['unit']
        and direction in (result['direction'], 'none' if wanted['what'] == 'count' else None)
    )


def problem(wanted, results, exact):
    """What is wrong with a value that people read, or None."""
    found = [number for result in results if has_names(wanted, result) for number in numbers(result, wanted['what'])]
    values = [wanted['value'], *([wanted['linear']] if 'linear' in wanted else [])]
    off = tolerance(wanted, exact)
    if any(abs(number - value) <= off for number in found for value in values):
        return None
    name = ' '.join((wanted['benchmark'], wanted['metric'], wanted['what'], f'({wanted["unit"]}, {wanted["direction"]})'))
    return f'by eye: {name} is {wanted["value"]!r}, found {found or "no such result"}'


def problems(eye, found):
    """What people read and we do not, a line each."""
    exact = eye['format'].lower().startswith(EXACT_FORMATS)
    results = [result for run in found['runs'] for result in run['results']]
    if found['outcome'] != eye['outcome'] and not (eye['outcome'] == 'no-result' and not results):
        yield f'by eye: the outcome is {eye["outcome"]}, found {found["outcome"]} {found["error"] or found["warnings"]}'
    for wanted in eye['results']:
        line = problem(wanted, results, exact)
        if line is not None:
            yield line
