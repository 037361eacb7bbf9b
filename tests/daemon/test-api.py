#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does every route answer as docs/api.md says?"""

import csv
import io
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, native  # noqa: E402

LABELS = {'lab': 'dfw', 'project': 'shop', 'suite': 'checkout', 'branch': 'main'}
NAME = ('project', 'suite', 'benchmark', 'metric', 'stat', 'branch', 'lab')
DOCUMENT = Path(__file__).resolve().parents[2] / 'docs' / 'api.md'
# what examples of the document have where any member may stand, and in what is sent
FREE_NAMES = {'lab', 'project', 'suite', 'branch', 'tool', 'n', 'min', 'max', 'sd', 'p50', 'p99', 'ids'}
STATS = {'n': 40, 'min': 2.9, 'max': 7.7, 'p50': 3.1, 'p99': 6.8}


def runs():
    """Forty days of two benchmarks in two labs, and one run that was cut off."""
    for day in range(40):
        stamp = f'2026-10-{day + 1:02}T12:00:00Z' if day < 31 else f'2026-11-{day - 30:02}T12:00:00Z'
        for lab in ('dfw', 'ord'):
            results = [
                {'benchmark': 'login', 'metric': 'latency', 'unit': 'ms', 'value': 3.0 + (day % 5) / 10,
                 'stats': STATS, 'replicates': [3.0, 3.1], 'labels': {'threads': '4'}},
                {'benchmark': 'GET /a,b', 'metric': 'rate', 'unit': '1/s', 'value': 1000 + day},
            ]
            yield {'labels': {**LABELS, 'lab': lab}, 'build': str(800 + day), 'revision': f'{day:07x}',
                   'url': 'https://ci.example/job/1/', 'started_at': stamp,
                   'outcome': 'partial' if day == 39 else 'ok', 'environment': {'kernel': '6.1.0'},
                   'parameters': {'threads': '4'}, 'results': results}


def fill(daemon):
    body = json.dumps({'format': 'perfdash', 'version': 1, 'runs': list(runs())}).encode()
    answer = daemon.push(body, '/api/v1/runs', name='history.json')
    assert answer.status == 201, answer.body
    return answer.json


def check_shapes(daemon, pushed):
    series = daemon.json('/api/v1/series?match=metric:latency')['items'][0]['id']
    run = pushed['runs'][0]
    routes = {
        '/api/v1/labels': shapes.LABELS,
        '/api/v1/labels?match=lab:dfw&q=login&values=1': shapes.LABELS,
        '/api/v1/labels/lab/values': shapes.LABEL_VALUES,
        '/api/v1/series': shapes.SERIES_PAGE,
        f'/api/v1/series/{series}': shapes.SERIES,
        f'/api/v1/series/{series}/points': shapes.POINTS,
        '/api/v1/compare?a=to:2026-10-20&b=from:2026-10-20&match=metric:rate': shapes.COMPARISONS,
        '/api/v1/compare?a=build:800&b=build:801': shapes.COMPARISONS,
        '/api/v1/runs': shapes.RUNS,
        f'/api/v1/runs/{run}': shapes.RUN_DETAIL,
        '/api/v1/logs': shapes.LOGS,
        f'/api/v1/logs/{pushed["digest"]}': shapes.LOG,
        '/api/v1/status': shapes.STATUS,
        '/api/v1/sources': shapes.SOURCES,
        '/api/v1/parsers': shapes.PARSERS,
    }
    yield from shapes.problems(pushed, shapes.PUSHED, 'POST /api/v1/runs')
    for path, shape in routes.items():
        answer = daemon.get(path)
        if answer.headers['Content-Type'] != 'application/json':
            yield f'{path}: is {answer.headers["Content-Type"]}'
        yield from shapes.problems(answer.json, shape, path)


def check_checker(*_):
    """The shapes themselves notice what is missing, added and of another type."""
    good = {'version': '0.1.0', 'generation': 1, 'title': '', 'notice': '', 'series': 0, 'runs': 0,
            'results': 0, 'last_result': None}
    for bad in ({**good, 'series': '0'}, {**good, 'more': 1}, {**good, 'last_result': 'today'},
                {key: value for key, value in good.items() if key != 'runs'}, {**good, 'runs': True}, []):
        if not list(shapes.problems(bad, shapes.STATUS)):
            yield f'{bad} passes'
    yield from shapes.problems(good, shapes.STATUS)


def check_document(*_):
    """No member is in only one of the document and the shapes."""
    text = DOCUMENT.read_text()
    shown = set(re.findall(r'"(\w+)":', text))
    checked = {name for key, shape in vars(shapes).items() if key.isupper() for name in shapes.member_names(shape)}
    yield from (f'{name} is shown, but not checked' for name in shown - checked - FREE_NAMES)
    yield from (f'{name} is checked, but not told of' for name in checked - shown - set(re.findall(r'`(\w+)`', text)))


def check_status(daemon, pushed):
    status = daemon.json('/api/v1/status')
    expected = {'title': 'The labs', 'notice': 'Demo data', 'runs': 80, 'last_result': '2026-11-09T12:00:00.000Z'}
    for key, value in expected.items():
        if status[key] != value:
            yield f'{key} is {status[key]!r}, not {value!r}'
    if status['series'] < 4 or status['results'] < 160:
        yield f'{status["series"]} series, {status["results"]} results'


def check_series(daemon, pushed):
    total = daemon.json('/api/v1/status')['series']
    page = daemon.json('/api/v1/series?limit=3')
    if (page['total'], page['matched'], len(page['items']), page['next']) != (total, total, 3, '3'):
        yield f'first page: {page["total"]} {page["matched"]} {len(page["items"])} {page["next"]}'
    seen = [item['id'] for item in page['items']]
    while page['next']:
        page = daemon.json(f'/api/v1/series?limit=3&cursor={page["next"]}')
        seen += [item['id'] for item in page['items']]
    if len(seen) != total or len(set(seen)) != total:
        yield f'pages hold {len(seen)} series, {len(set(seen))} of them different'
    chosen = daemon.json('/api/v1/series?match=lab:dfw&match=benchmark:~%5ElOgin&match=metric:latency')
    if chosen['matched'] != 0:
        yield 'a regular expression ignores case'
    chosen = daemon.json('/api/v1/series?match=lab:!ord&match=benchmark:~log&match=metric:latency&q=CHECK+dfw')
    item = next(item for item in chosen['items'] if 'stat' not in item['labels'])
    expected = {'value': 0.0034, 'time': '2026-11-09T12:00:00.000Z', 'build': '839', 'revision': '0000027'}
    found = {key: item['last'][key] for key in expected}
    if item['n'] != 40 or found != expected or item['unit'] != 's' or item['direction'] != 'lower':
        yield f'login in dfw: {item}'
    if len(item['spark']) != 32 or item['spark'][-1] != 0.0034:
        yield f'spark: {item["spark"]}'


def check_sort(daemon, pushed):
    for sort, key in {'last': lambda item: item['last']['time'], 'change': lambda item: item['week']['change']}.items():
        for sign in ('', '-'):
            items = daemon.json(f'/api/v1/series?sort={sign}{sort}&match=stat:!p99')['items']
            values = [key(item) for item in items if item['week'] is not None]
            if values != sorted(values, reverse=sign == '-') or len(values) < 4:
                yield f'sort={sign}{sort}: {values}'
    names = [[item['labels'].get(key, '') for key in NAME] for item in daemon.json('/api/v1/series')['items']]
    if names != sorted(names) or len(names) < 4:
        yield f'sort=name: {names}'


def check_compare(daemon, pushed):
    answer = daemon.json('/api/v1/compare?a=to:2026-10-21&b=from:2026-10-21&match=metric:rate')
    items = answer['items']
    if [item['labels']['lab'] for item in items] != ['dfw', 'ord'] or answer['matched'] != 2:
        yield f'rows: {items}'
    for item in items:
        # the rate of day n is 1000 + n: medians of days 0..19 and 20..39
        expected = {'n_before': 20, 'n_after': 20, 'before': 1009.5, 'after': 1029.5, 'is_relative': True, 'verdict': 'better', 'delta': 1}
        found = {key: item[key] for key in expected}
        if found != expected or abs(item['change'] - 20 / 1009.5) > 1e-12 or item['p_adjusted'] > 1e-6:
            yield f'a rate that grows: {item}'
    if answer['shared_runs'] != []:
        yield f'on both sides: {answer["shared_runs"]}'
    shared = daemon.json('/api/v1/compare?a=to:2026-10-22&b=from:2026-10-21&match=metric:rate')['shared_runs']
    if shared != sorted(run['id'] for run in daemon.json('/api/v1/runs?match=lab:~.')['items'] if run['build'] == '820'):
        yield f'on both sides: {shared}'
    labs = daemon.json('/api/v1/compare?a=lab:dfw&b=lab:ord&limit=2&margin=0')
    if len(labs['items']) != 2 or labs['next'] != '2' or labs['margin'] != 0 or 'lab' in labs['items'][0]['labels']:
        yield f'one lab with the other: {labs}'
    for query, word in {'a=build:1': '"b"', 'a=build:1&b=nonsense': 'nonsense', 'a=build:1&b=build:2&margin=x': 'margin'}.items():
        answer = daemon.get('/api/v1/compare?' + query)
        if answer.status != 400 or word not in answer.json['detail']:
            yield f'{query}: {answer.status} {answer.body}'


def check_points(daemon, pushed):
    series = next(item for item in daemon.json('/api/v1/series?match=lab:dfw&match=benchmark:login')['items']
                  if 'stat' not in item['labels'])['id']
    path = f'/api/v1/series/{series}/points'
    points = daemon.json(path)
    columns = ('times', 'values', 'runs', 'builds', 'revisions', 'outcomes')
    if {len(points[name]) for name in columns} != {40} or points['n'] != 40 or points['sampled']:
        yield f'columns: {[len(points[name]) for name in columns]}'
    if points['times'] != sorted(points['times']) or points['times'][0] != 1790856000000:
        yield f'times begin with {points["times"][:2]}'
    if points['outcomes'] != ['ok'] * 39 + ['partial'] or points['builds'][0] != '800':
        yield f'outcomes {points["outcomes"]}, builds {points["builds"]}'
    window = daemon.json(f'{path}?from=2026-10-02T12:00:00Z&to=2026-10-05T12:00:00Z')
    if window['builds'] != ['801', '802', '803']:
        yield f'from is included, to is not: {window["builds"]}'
    for old, new in ('-520w', '-1h'), ('520w', '1h'), ('2026-01-01', 'today'), ('87600h', 'now'):
        if daemon.json(f'{path}?from={old}&to=2027-01-01')['n'] != 40 or daemon.json(f'{path}?from={new}')['n'] != 0:
            yield f'from {old} or {new} on there are others'
    sampled = daemon.json(f'{path}?max_points=10')
    if not sampled['sampled'] or len(sampled['values']) > 10 or sampled['n'] != 40:
        yield f'max_points: {sampled["sampled"]} {len(sampled["values"])} of {sampled["n"]}'
    if (min(sampled['values']), max(sampled['values'])) != (min(points['values']), max(points['values'])):
        yield 'a sample lost the lowest or the highest result'


def check_formats(daemon, pushed):
    series = daemon.json('/api/v1/series?match=lab:ord&match=metric:rate')['items'][0]['id']
    path = f'/api/v1/series/{series}/points'
    points = daemon.json(path)
    answer = daemon.get(f'{path}?format=csv')
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline='')))
    if list(rows[0]) != ['time', 'value', 'unit', 'run', 'build', 'revision', 'outcome']:
        yield f'columns of CSV: {list(rows[0])}'
    lines = [json.loads(line) for line in daemon.get(f'{path}?format=ndjson').body.splitlines()]
    for name, found in (('CSV', rows), ('NDJSON', lines)):
        if [float(row['value']) for row in found] != points['values']:
            yield f'{name} has other values'
        if [int(row['run']) for row in found] != points['runs'] or found[0]['time'] != '2026-10-01T12:00:00.000Z':
            yield f'{name} begins with {found[0]}'
    if not answer.headers['Content-Type'].startswith('text/csv'):
        yield f'CSV is {answer.headers["Content-Type"]}'


def check_labels(daemon, pushed):
    items = {item['key']: item for item in daemon.json('/api/v1/labels?match=lab:dfw')['items']}
    if list(items)[:4] != ['lab', 'project', 'suite', 'branch']:
        yield f'order of keys: {list(items)}'
    if [value['value'] for value in items['lab']['values']] != ['dfw', 'ord']:
        yield f'the chosen key hides its other values: {items["lab"]}'
    if items['benchmark']['n_values'] != 2:
        yield f'benchmarks: {items["benchmark"]}'
    short = {item['key']: item for item in daemon.json('/api/v1/labels?values=1')['items']}
    if short['lab']['n_values'] != 2 or len(short['lab']['values']) != 1:
        yield f'values=1: {short["lab"]}'
    page = daemon.json('/api/v1/labels/lab/values?limit=1')
    rest = daemon.json(f'/api/v1/labels/lab/values?limit=1&cursor={page["next"]}')
    if [page['items'][0]['value'], rest['items'][0]['value'], rest['next']] != ['dfw', 'ord', None]:
        yield f'pages of values: {page}, {rest}'
    if [item['value'] for item in daemon.json('/api/v1/labels/lab/values?q=OR')['items']] != ['ord']:
        yield 'q does not filter values'


def check_runs(daemon, pushed):
    page = daemon.json('/api/v1/runs?match=lab:dfw&limit=30')
    rest = daemon.json(f'/api/v1/runs?match=lab:dfw&limit=30&cursor={page["next"]}')
    seen = [run['id'] for run in page['items'] + rest['items']]
    if len(seen) != 40 or len(set(seen)) != 40 or rest['next'] is not None:
        yield f'{len(seen)} runs on two pages, then {rest["next"]}'
    run = daemon.json(f'/api/v1/runs/{seen[0]}')
    series = {item['id'] for item in daemon.json('/api/v1/series?match=lab:dfw')['items']}
    if not {result['series'] for result in run['results']} <= series:
        yield 'a result names a series that there is not'
    login = next(result for result in run['results'] if result['benchmark'] == 'login')
    if login['labels'] != {'threads': '4'} or login['stats']['p99'] != 0.0068 or login['stats']['n'] != 40:
        yield f'result: {login}'
    if login['replicates'] != [0.003, 0.0031] or run['environment'] != {'kernel': '6.1.0'}:
        yield f'replicates {login["replicates"]}, environment {run["environment"]}'


def check_raw_log(daemon, pushed):
    for path in (f'/api/v1/runs/{pushed["runs"][0]}/log', f'/api/v1/logs/{pushed["digest"]}/raw'):
        answer = daemon.get(path)
        if json.loads(answer.body)['format'] != 'perfdash' or len(json.loads(answer.body)['runs']) != 80:
            yield f'{path}: {answer.body[:80]}'
        if answer.headers['Content-Type'] != 'text/plain; charset=utf-8':
            yield f'{path}: is {answer.headers["Content-Type"]}'
        if answer.headers['Content-Security-Policy'] != 'sandbox':
            yield f'{path}: a browser may run it'


def check_health(daemon, pushed):
    for path in ('/healthz', '/readyz'):
        if daemon.get(path).status != 200:
            yield path
    text = daemon.get('/metrics').body.decode()
    for name in ('perfdash_requests_total{route="/api/v1/runs/{id}",status="200"}', 'perfdash_store_runs 80',
                 'perfdash_request_seconds_count', 'perfdash_cache_misses_total',
                 'perfdash_logs_total{source="push",outcome=', 'perfdash_source_up{source="demo"} 1',
                 'process_resident_memory_bytes'):
        if name not in text:
            yield f'/metrics lacks {name}'


def check_page(daemon, pushed):
    for path in ('/', '/trend?series=1', '/runs/1'):
        answer = daemon.get(path)
        if answer.status != 200 or not answer.headers['Content-Type'].startswith('text/html'):
            yield f'{path}: {answer.status} {answer.headers["Content-Type"]}'
        if "require-trusted-types-for 'script'" not in answer.headers['Content-Security-Policy']:
            yield f'{path}: has no strict policy'
    lost = daemon.get('/nowhere', Accept='text/html')
    if lost.status != 404 or b'<html' not in lost.body:
        yield f'a person who goes astray gets {lost.status} {lost.body[:40]}'


CHECKS = {
    'the checker of shapes notices': check_checker,
    'every answer has its documented shape': check_shapes,
    'the document tells of every member': check_document,
    'status counts what is there': check_status,
    'series are chosen and paged': check_series,
    'series are sorted': check_sort,
    'sets of runs are compared': check_compare,
    'points are in order, cut and sampled': check_points,
    'points as CSV and NDJSON are the same': check_formats,
    'labels are counted': check_labels,
    'runs are paged and whole': check_runs,
    'a log comes back as it was': check_raw_log,
    'health and metrics': check_health,
    'the pages are served': check_page,
}

if __name__ == '__main__':
    with Daemon('title=The labs\nnotice=Demo data') as the_daemon:
        everything = fill(the_daemon)
        tap.run([(name, lambda check=check: check(the_daemon, everything)) for name, check in CHECKS.items()])
