#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Are changes found, listed, judged and told of, as docs/api.md says?"""

import http.client
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, Events, wait_for  # noqa: E402

N_DAYS = 60
# series of which not all can be said
ODD = {
    'flat': [5] * 20 + [6] * 20,
    'from zero': [0] * 20 + [3] * 20,
    'below zero': [-5, -5.1] * 10 + [-3, -3.1] * 10,
    'constant': [7] * 12,
    'short': [1.5],
    'late': [100, 101, 99, 100.5] * 10 + [120, 121, 119],
}


def runs():
    """Two benchmarks that got slower twelve days ago, one of which is well again."""
    now = datetime.now(timezone.utc)
    for day in range(N_DAYS):
        noise = day * 37 % 11 / 1000
        results = [{'benchmark': name, 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
                    'value': (30 if day < 48 or (name == 'cart' and day >= 54) else 36) * (1 + noise)}
                   for name in ('home', 'cart')]
        yield {'labels': {'lab': 'dfw', 'suite': 'checkout'}, 'build': str(800 + day), 'revision': f'{day:07x}',
               'started_at': (now - timedelta(days=N_DAYS - day)).isoformat(), 'results': results}


def fill(daemon):
    body = json.dumps({'format': 'perfdash', 'version': 1, 'runs': list(runs())}).encode()
    answer = daemon.push(body, '/api/v1/runs', name='history.json')
    assert answer.status == 201, answer.body
    wait_for(lambda: daemon.json('/api/v1/changes')['matched'] == 3, 'three changes')


def send(daemon, method, path, body, headers=()):
    connection = http.client.HTTPConnection('127.0.0.1', daemon.port, timeout=20)
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, path, text, {'Content-Type': 'application/json', **dict(headers)})
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def of(daemon, benchmark, direction='regression'):
    [change] = daemon.json(f'/api/v1/changes?match=benchmark:{benchmark}&direction={direction}')['items']
    return change


def check_list(daemon):
    home = of(daemon, 'home')
    wanted = {'state': 'new', 'build': '848', 'previous_build': '847', 'direction': 'regression', 'owner': ''}
    yield from (f'{key}: {home[key]}' for key, value in wanted.items() if home[key] != value)
    if abs(home['change']['value'] - 0.2) > 0.01:
        yield f'change: {home["change"]}'
    if of(daemon, 'cart')['state'] != 'fixed':
        yield 'what is well again is not fixed'
    for query, n in ('state=new', 2), ('state=fixed', 1), ('since=-7d', 1), ('match=lab:ord', 0), ('limit=1', 1):
        items = daemon.json(f'/api/v1/changes?{query}')['items']
        if len(items) != n:
            yield f'{query}: {len(items)}, not {n}'
    page = daemon.json('/api/v1/changes?limit=2')
    rest = daemon.json(f'/api/v1/changes?limit=2&cursor={page["next"]}')
    if len({item['id'] for item in page['items'] + rest['items']}) != 3 or rest['next'] is not None:
        yield 'the pages are not the list'
    for query in 'state=odd', 'direction=up', 'since=x':
        if daemon.get(f'/api/v1/changes?{query}').status != 400:
            yield f'{query} is taken'


def check_overview(daemon):
    def one(benchmark):
        [series] = daemon.json(f'/api/v1/series?match=benchmark:{benchmark}')['items']
        return series

    home, cart = one('home'), one('cart')
    if home['baseline']['verdict'] != 'worse' or abs(home['baseline']['change']['value'] - 0.2) > 0.01:
        yield f'home: {home["baseline"]}'
    if (cart['baseline']['verdict'], cart['baseline']['changes']) != ('same', 2):
        yield f'what is well again: {cart["baseline"]}'
    if home['open_change']['id'] != of(daemon, 'home')['id'] or home['open_change']['state'] != 'new':
        yield f'open: {home["open_change"]}'
    for sort, wanted in ('-baseline', ['home', 'cart']), ('baseline', ['cart', 'home']):
        items = daemon.json(f'/api/v1/series?sort={sort}')['items']
        if [item['labels']['benchmark'] for item in items] != wanted:
            yield f'{sort} is not the order'


def check_edit(daemon):
    change = of(daemon, 'home')
    path = f'/api/v1/changes/{change["id"]}'
    before = daemon.json('/api/v1/status')['generation']
    status, answer = send(daemon, 'PATCH', path, {'who': 'ann', 'state': 'acknowledged', 'owner': 'bob',
                                                  'link': 'https://tracker.example/1', 'note': 'a\nb'})
    if (status, answer.get('state'), answer.get('owner')) != (200, 'acknowledged', 'bob'):
        yield f'{status}: {answer}'
    if daemon.json('/api/v1/status')['generation'] <= before:
        yield 'the generation stays'
    history = [(event['who'], event['what']) for event in daemon.json(path)['history']]
    [series] = daemon.json('/api/v1/series?match=benchmark:home')['items']
    if series['open_change']['state'] != 'acknowledged':
        yield f'the list says {series["open_change"]}'
    if history[0] != ('', 'found') or ('ann', 'state') not in history:
        yield f'history: {history}'
    precision = daemon.json('/api/v1/changes')['precision']
    if precision != {'right': 2, 'wrong': 0, 'value': 1}:
        yield f'precision: {precision}'
    trend = daemon.json(f'/api/v1/series/{series["id"]}/trend')
    if trend['precision'] != {'right': 1, 'wrong': 0, 'value': 1}:
        yield f'precision of the series: {trend["precision"]}'
    status, answer = send(daemon, 'PATCH', path, {'run': change['previous_run']})
    if (status, answer.get('build'), answer.get('moved')) != (200, '847', True):
        yield f'moved: {status} {answer}'
    send(daemon, 'PATCH', path, {'run': None})


def check_refused(daemon):
    path = f'/api/v1/changes/{of(daemon, "home")["id"]}'
    for body in (b'', b'nonsense', b'[]', {'state': 'fixed'}, {'state': 'ignored'}, {'colour': 'red'}, {'owner': 1},
                 {'run': 'x'}, {'run': 4711}, {'link': 'javascript:x'}):
        status, answer = send(daemon, 'PATCH', path, body)
        if status != 400 or answer['type'] != '/problems/bad-parameter':
            yield f'{body[:20] if isinstance(body, bytes) else body}: {status} {answer}'
    if send(daemon, 'PATCH', '/api/v1/changes/4711', {'owner': 'x'})[0] != 404:
        yield 'a change that is not there is edited'
    if {send(daemon, 'PATCH', path, body)[0] for body in (b' ' * 200000, b'[' * 100000)} != {413}:
        yield 'a large body is taken'
    if send(daemon, 'PATCH', path, {'owner': 'x'}, [('Origin', 'https://evil.example')])[0] != 403:
        yield 'a page of another site edits'


def check_bulk(daemon):
    ids = [item['id'] for item in daemon.json('/api/v1/changes')['items']]
    body = {'ids': ids, 'who': 'ann', 'owner': 'carol'}
    if send(daemon, 'POST', '/api/v1/changes/bulk', {**body, 'ids': [*ids, 4711]})[0] != 404:
        yield 'one that is not there does no harm'
    if any(item['owner'] == 'carol' for item in daemon.json('/api/v1/changes')['items']):
        yield 'some were edited when not all could be'
    status, answer = send(daemon, 'POST', '/api/v1/changes/bulk', body)
    if (status, answer.get('changed')) != (200, 3):
        yield f'{status}: {answer}'
    if any(item['owner'] != 'carol' for item in daemon.json('/api/v1/changes')['items']):
        yield 'not all were edited'


def check_trend(daemon):
    series = of(daemon, 'cart')['series']['id']
    trend = daemon.json(f'/api/v1/series/{series}/trend')
    if [event['what'] for event in trend['changes'][0]['history']][:1] != ['found']:
        yield f'history: {trend["changes"][0]}'
    if trend['n'] != N_DAYS or len(trend['changes']) != 2 or len(trend['levels']) != 3:
        yield f'{trend}'
    if not 0 < trend['noise'] < 0.02 or trend['modes'] != 1 or trend['undecided'] is not None:
        yield f'{trend}'
    if daemon.get('/api/v1/series/0123456789abcdef/trend').status != 404:
        yield 'a series that is not there has a trend'


def odd_runs():
    """What is measured on the newest days of the same runs."""
    now = datetime.now(timezone.utc)
    for day in range(max(map(len, ODD.values()))):
        results = [{'benchmark': name, 'metric': 'load', 'unit': '1', 'direction': 'none', 'value': values[-1 - day]}
                   for name, values in ODD.items() if day < len(values)]
        yield {'labels': {'lab': 'ord', 'suite': 'odd'}, 'started_at': (now - timedelta(days=day)).isoformat(), 'results': results}


def check_shapes(daemon):
    """Also of series that are flat, begin at zero, or are too short to tell."""
    body = json.dumps({'format': 'perfdash', 'version': 1, 'runs': list(odd_runs())}).encode()
    daemon.push(body, '/api/v1/runs', name='odd.json')
    wait_for(lambda: daemon.json('/api/v1/changes?match=suite:odd')['matched'] == 3, 'the changes of odd series')
    page = daemon.json('/api/v1/changes')
    yield from shapes.problems(page, shapes.CHANGES, 'GET changes')
    yield from shapes.problems(daemon.json('/api/v1/changes?match=lab:none'), shapes.CHANGES, 'GET no changes')
    zero = of(daemon, 'from+zero', 'neither')
    if zero['change'] != {'value': None, 'low': None, 'high': None}:
        yield f'a share of nothing: {zero["change"]}'
    for change in page['items']:
        path = f'/api/v1/changes/{change["id"]}'
        yield from shapes.problems(daemon.json(path), shapes.CHANGE_DETAIL, f'GET {path}')
        status, answer = send(daemon, 'PATCH', path, {'who': 'ann', 'note': 'seen'})
        yield from shapes.problems(answer, shapes.CHANGE_DETAIL, f'PATCH {path}: {status}')
    _, answer = send(daemon, 'POST', '/api/v1/changes/bulk', {'ids': [page['items'][0]['id']], 'owner': 'bob'})
    yield from shapes.problems(answer, shapes.CHANGED, 'POST bulk')
    undecided = []
    for series in daemon.json('/api/v1/series')['items']:
        trend = daemon.json(f'/api/v1/series/{series["id"]}/trend')
        yield from shapes.problems(trend, shapes.TREND, f'the trend of {series["labels"]["benchmark"]}')
        undecided += [series['labels']['benchmark']] if trend['undecided'] else []
    if undecided != ['late']:
        yield f'undecided is what {undecided} do'


def check_compare_shapes(daemon):
    """What cannot be said of a row is null."""
    now = datetime.now(timezone.utc)
    then = (now - timedelta(days=12, hours=12)).strftime('%Y-%m-%dT%H:%M:%SZ')
    last = (now - timedelta(hours=12)).strftime('%Y-%m-%dT%H:%M:%SZ')
    for side in then, last:
        path = f'/api/v1/compare?a=to:{side}&b=from:{side}'
        yield from shapes.problems(daemon.json(path), shapes.COMPARISONS, path)


def check_restart(daemon):
    before = daemon.json('/api/v1/changes')
    daemon.stop()
    daemon.start()
    after = daemon.json('/api/v1/changes')
    if before != after:
        yield 'changes are others after a restart'


def check_told(daemon):
    """What was found after the results were stored is an event of its own."""
    now = datetime.now(timezone.utc)
    told = [{'labels': {'lab': 'ord', 'suite': 'told'}, 'started_at': (now - timedelta(days=40 - day)).isoformat(),
             'results': [{'benchmark': 'told', 'metric': 'load', 'unit': '1', 'value': (30 if day < 28 else 36) + day * 37 % 11 / 100}]}
            for day in range(40)]
    path = '/api/v1/changes?match=benchmark:told'
    with Events(daemon) as events:
        daemon.push(json.dumps({'format': 'perfdash', 'version': 1, 'runs': told}).encode(), '/api/v1/runs', name='told.json')
        wait_for(lambda: daemon.json(path)['matched'] == 1, 'the change')
        page = daemon.json(path)
        for _ in range(10):
            event = json.loads(events.next()['data'])
            if event['generation'] >= page['generation']:
                break
        else:
            yield 'the change is not told'
        if event['series'] is not None and page['items'][0]['series']['id'] not in event['series']:
            yield f'{event} names others'


def check_imported():
    """History makes no work: what is older than new-for is historic from the beginning."""
    with Daemon('new-for=9d') as daemon:
        fill(daemon)
        states = {(item['build'], item['state']) for item in daemon.json('/api/v1/changes')['items']}
        if states != {('848', 'historic'), ('854', 'new')}:
            yield f'{states}'


def main():
    with Daemon('new-for=30d') as daemon:
        fill(daemon)
        tap.run([
            ('changes are listed', lambda: check_list(daemon)),
            ('series are compared with their baseline', lambda: check_overview(daemon)),
            ('a change is edited', lambda: check_edit(daemon)),
            ('what makes no sense is refused', lambda: check_refused(daemon)),
            ('many are edited at once', lambda: check_bulk(daemon)),
            ('the trend of a series is told', lambda: check_trend(daemon)),
            ('what is found is told at once', lambda: check_told(daemon)),
            ('changes outlive the daemon', lambda: check_restart(daemon)),
            ('every answer has its documented shape', lambda: check_shapes(daemon)),
            ('imported history is not new', check_imported),
            ('so have comparisons', lambda: check_compare_shapes(daemon)),
        ])


if __name__ == '__main__':
    main()
