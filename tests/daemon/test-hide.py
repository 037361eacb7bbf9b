#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Can a run that is no measurement be hidden, everywhere, and shown again, as docs/api.md says?"""

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
STEP = 40


def fill(daemon, lab='dfw'):
    """A step, and before it the day on which the machine was another one."""
    now = datetime.now(timezone.utc)
    runs = [{'labels': {'lab': lab, 'project': 'shop', 'suite': 'checkout'}, 'build': str(800 + day),
             'started_at': (now - timedelta(days=N_DAYS - day)).isoformat(),
             'results': [{'benchmark': 'cart', 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
                          'value': 300 if day == 20 else (30 if day < STEP else 36) * (1 + day * 37 % 11 / 1000)}]}
            for day in range(N_DAYS)]
    answer = daemon.push(json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}).encode(), '/api/v1/runs', name=f'{lab}.json')
    assert answer.status == 201, answer.body
    return json.loads(answer.body)['runs']


def send(daemon, path, body, method='PATCH', secret=None):
    connection = http.client.HTTPConnection('127.0.0.1', daemon.port, timeout=20)
    headers = {'Content-Type': 'application/json'} | ({'Authorization': f'Bearer {secret}'} if secret else {})
    connection.request(method, f'/api/v1/{path}', json.dumps(body).encode(), headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def hide(daemon, *runs, hidden=True):
    status, answer = send(daemon, 'runs/bulk', {'ids': runs, 'hidden': hidden, 'who': 'ann'} | ({'reason': 'wrong machine'} if hidden else {}),
                          'POST')
    assert status == 200, answer
    assert answer['changed'] == len(runs), answer


def series_id(daemon):
    [series] = daemon.json('/api/v1/series?match=lab:dfw')['items']
    return series['id']


def said(daemon, series):
    """What stands in every answer about the series, when the analysis is done."""
    path = f'/api/v1/series/{series}'
    daemon.json(f'{path}/trend')
    answers = [daemon.json(f'/api/v1/{path}') for path in (
        f'series/{series}', f'series/{series}/points', f'series/{series}/trend', 'series', 'labels', 'changes',
        'compare?a=build:~^8[0-3]&b=build:~^8[45]')]
    for answer in answers:
        answer.pop('generation', None)
    return answers


def wait_for_change(daemon, wanted):
    def found():
        builds = [change['build'] for change in daemon.json('/api/v1/changes')['items']]
        return builds == wanted
    wait_for(found, f'changes at {wanted}')


def check_one(daemon, runs):
    series = series_id(daemon)
    wait_for_change(daemon, ['840'])
    before = said(daemon, series)
    etag = daemon.get(f'/api/v1/series/{series}/points').headers['ETag']
    with Events(daemon) as events:
        status, run = send(daemon, f'runs/{runs[20]}', {'hidden': True, 'reason': 'wrong machine', 'who': 'ann'})
        event = json.loads(events.next()['data'])
    if series not in event['series']:
        yield f'the page is not told: {event}'
    if status != 200 or (run['hidden']['reason'], run['hidden']['who']) != ('wrong machine', 'ann'):
        yield f'{status}: {run}'
    yield from shapes.problems(run, shapes.RUN_DETAIL, 'PATCH')
    points = daemon.json(f'/api/v1/series/{series}/points')
    if runs[20] in points['runs'] or len(points['runs']) != N_DAYS - 1 or max(points['values']) > 0.05:
        yield 'it is among the points'
    trend = daemon.json(f'/api/v1/series/{series}/trend')
    yield from shapes.problems(trend, shapes.TREND, 'the trend')
    if [(item['run'], item['build'], item['value'], item['reason']) for item in trend['hidden']] != [(runs[20], '820', 0.3, 'wrong machine')]:
        yield f'hidden: {trend["hidden"]}'
    if trend['hidden'][0]['hidden_at'] != run['hidden']['time']:
        yield f'when: {trend["hidden"]}'
    if daemon.get(f'/api/v1/series/{series}/points').headers['ETag'] == etag:
        yield 'its ETag is the old one'
    if daemon.json('/api/v1/compare?a=build:~^8[0-3]&b=build:~^8[45]')['items'][0]['n_before'] != STEP - 1:
        yield 'it is compared'
    status, run = send(daemon, f'runs/{runs[20]}', {'hidden': False, 'who': 'bob'})
    if status != 200 or run['hidden'] is not None:
        yield f'{status}: {run["hidden"]}'
    history = [(item['who'], item['what'], item['value']) for item in run['history']]
    if history != [('ann', 'hidden', 'wrong machine'), ('bob', 'shown', '')]:
        yield f'history: {history}'
    wait_for(lambda: said(daemon, series) == before, 'everything to be as before')


def check_list(daemon, runs):
    hide(daemon, *runs[:3])
    for query, wanted in ('hidden=true', runs[2::-1]), ('hidden=false&limit=1000', runs[:2:-1]), ('limit=1000', runs[::-1]):
        page = daemon.json(f'/api/v1/runs?match=lab:dfw&{query}')
        yield from shapes.problems(page, shapes.RUNS, query)
        if [run['id'] for run in page['items']] != wanted:
            yield f'{query}: {[run["id"] for run in page["items"]]}'
    if daemon.get('/api/v1/runs?hidden=maybe').status != 400:
        yield 'hidden=maybe is taken'
    hide(daemon, *runs[:3], hidden=False)


def check_all(daemon, runs):
    """A series of which everything is hidden is in no list; its page is still there, to take it back."""
    series = series_id(daemon)
    wait_for_change(daemon, ['840'])
    hide(daemon, *runs)
    wait_for_change(daemon, [])
    for path in 'series', 'labels':
        if daemon.json(f'/api/v1/{path}?match=lab:dfw').get('matched', 0):
            yield f'{path} has it'
    one = daemon.json(f'/api/v1/series/{series}')
    if one['n'] != 0 or one['last'] is not None:
        yield f'{one}'
    if len(daemon.json(f'/api/v1/series/{series}/trend')['hidden']) != N_DAYS:
        yield 'the trend does not tell which are hidden'
    if daemon.json(f'/api/v1/series/{series}/points')['n'] != 0:
        yield 'it has points'
    hide(daemon, *runs, hidden=False)
    wait_for_change(daemon, ['840'])


def check_refused(daemon, runs):
    for body, status, word in (
        ({'hidden': True}, 400, 'reason'), ({'hidden': True, 'reason': ''}, 400, 'reason'), ({'reason': 'x'}, 400, 'hidden'),
        ({'hidden': 'yes', 'reason': 'x'}, 400, 'hidden'), ({'hidden': True, 'reason': 'x', 'colour': 'red'}, 400, 'colour'),
        ({'hidden': False, 'reason': 'x'}, 400, 'reason'), ({'hidden': True, 'reason': 'x' * 201}, 400, 'reason'),
        ({'hidden': True, 'reason': 'x', 'who': 'x' * 201}, 400, 'who'), ({'hidden': True, 'reason': 'x', 'ids': [1]}, 400, 'ids'), ([], 400, 'object'),
    ):
        found, answer = send(daemon, f'runs/{runs[0]}', body)
        if found != status or word not in answer['detail']:
            yield f'{body}: {found} {answer}'
    for path in 'runs/4711', 'runs/x':
        if send(daemon, path, {'hidden': True, 'reason': 'x'})[0] != 404:
            yield f'{path} is there'
    status, answer = send(daemon, 'runs/bulk', {'ids': [runs[0], 4711], 'hidden': True, 'reason': 'x'}, 'POST')
    if status != 404 or '4711' not in answer['detail'] or daemon.json(f'/api/v1/runs/{runs[0]}')['hidden'] is not None:
        yield f'half of it is done: {status} {answer}'
    for ids in [], ['x'], [runs[0]] * 1001, 7:
        if send(daemon, 'runs/bulk', {'ids': ids, 'hidden': True, 'reason': 'x'}, 'POST')[0] != 400:
            yield f'{str(ids)[:20]} is taken'


def check_restart(daemon, runs):
    hide(daemon, runs[20])
    series = series_id(daemon)
    wait_for(lambda: daemon.json(f'/api/v1/series/{series}/trend')['changes'], 'the change')
    before = said(daemon, series)
    daemon.stop()
    daemon.start()
    if said(daemon, series) != before:
        yield 'it is another after a restart'


def main():
    with Daemon('new-for=30d') as daemon:
        runs = fill(daemon)
        tap.run([
            ('one is hidden, and shown again', lambda: check_one(daemon, runs)),
            ('lists tell which', lambda: check_list(daemon, runs)),
            ('all of a series are hidden', lambda: check_all(daemon, runs)),
            ('what makes no sense is refused', lambda: check_refused(daemon, runs)),
            ('it outlives the daemon', lambda: check_restart(daemon, runs)),
        ])


if __name__ == '__main__':
    main()
