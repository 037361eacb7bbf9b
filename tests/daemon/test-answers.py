#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How answers travel: errors, methods, headers, ETag and 304, gzip, the cache."""

import http.client
import json
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, native  # noqa: E402

NO_SERIES = '/api/v1/series/0123456789abcdef'
HITS = 'perfdash_cache_hits_total'
MISSES = 'perfdash_cache_misses_total'

# method, path, status, type of problem, a word of the detail
ERRORS = [
    ('GET', '/api/v1/nothing', 404, 'not-found', '/api/v1/nothing'),
    ('GET', '/nothing', 404, 'not-found', '/nothing'),
    ('GET', '/api/v1/series/', 404, 'not-found', '/api/v1/series/'),
    ('GET', NO_SERIES, 404, 'not-found', '0123456789abcdef'),
    ('GET', NO_SERIES + '/points', 404, 'not-found', '0123456789abcdef'),
    ('GET', '/api/v1/runs/999999', 404, 'not-found', '999999'),
    ('GET', '/api/v1/runs/first', 404, 'not-found', 'first'),
    ('GET', '/api/v1/runs/999999/log', 404, 'not-found', '999999'),
    ('GET', '/api/v1/logs/' + 64 * '0', 404, 'not-found', '0000'),
    ('GET', '/api/v1/logs/..%2f..%2fperfdash.db/raw', 404, 'not-found', 'perfdash.db'),
    ('GET', '/api/v1/series?limt=3', 400, 'bad-parameter', 'did you mean "limit"'),
    ('GET', '/api/v1/status?x=1', 400, 'bad-parameter', '"x"'),
    ('GET', '/events?x=1', 400, 'bad-parameter', '"x"'),
    ('GET', '/api/v1/series?limit=0', 400, 'bad-parameter', 'limit: "0"'),
    ('GET', '/api/v1/series?limit=10001', 400, 'bad-parameter', 'limit: "10001"'),
    ('GET', '/api/v1/series?limit=2&limit=3', 400, 'bad-parameter', 'limit'),
    ('GET', '/api/v1/series?sort=size', 400, 'bad-parameter', 'sort: "size"'),
    ('GET', '/api/v1/series?cursor=-1', 400, 'bad-parameter', 'cursor: "-1"'),
    ('GET', '/api/v1/series?match=lab', 400, 'bad-parameter', 'lab'),
    ('GET', '/api/v1/series?match=lab:~(', 400, 'bad-parameter', 'lab:~('),
    ('GET', '/api/v1/series?q=%ff', 400, 'bad-parameter', 'UTF-8'),
    ('GET', '/api/v1/series?q=a%00b', 400, 'bad-parameter', 'UTF-8'),
    ('GET', '/api/v1/logs?outcome=good', 400, 'bad-parameter', 'outcome: "good"'),
    ('GET', NO_SERIES + '/points?from=yestrday', 400, 'bad-parameter',
     'from: "yestrday" is no time such as 2026-11-23, 2026-11-23T17:12:20Z, 14d'),
    ('GET', NO_SERIES + '/points?to=-5y', 400, 'bad-parameter', 'to: "-5y"'),
    ('GET', '/api/v1/changes?since=1', 400, 'bad-parameter', 'since: "1"'),
    ('GET', '/api/v1/compare?a=from:1&b=to:1', 400, 'bad-parameter', '"1" is no time'),
    ('GET', NO_SERIES + '/points?format=xml', 400, 'bad-parameter', 'format: "xml"'),
    ('GET', NO_SERIES + '/points?max_points=1', 400, 'bad-parameter', 'max_points: "1"'),
    ('DELETE', '/api/v1/runs/1', 405, 'method-not-allowed', 'DELETE'),
    ('POST', '/api/v1/series', 405, 'method-not-allowed', 'POST'),
    ('PUT', '/', 405, 'method-not-allowed', 'PUT'),
    ('OPTIONS', '/api/v1/logs', 405, 'method-not-allowed', 'OPTIONS'),
    ('GET', '/assets/../index.html', 404, 'not-found', 'index.html'),
    ('GET', '/assets/%2e%2e/index.html', 404, 'not-found', 'index.html'),
    ('GET', '/assets/..%2f..%2f..%2fetc/passwd', 404, 'not-found', 'passwd'),
    ('GET', '/index.html.gz', 404, 'not-found', 'index.html.gz'),
]
STANDARD_HEADERS = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'",
}


def check_errors(daemon):
    for method, path, status, kind, word in ERRORS:
        answer = daemon.request(method, path)
        where = f'{method} {path}'
        if answer.status != status or answer.headers['Content-Type'] != 'application/problem+json':
            yield f'{where}: {answer.status} {answer.headers["Content-Type"]} {answer.body[:200]}'
            continue
        problem = answer.json
        yield from shapes.problems(problem, shapes.PROBLEM, where)
        if problem['type'] != f'/problems/{kind}' or problem['status'] != status or word not in problem['detail']:
            yield f'{where}: {problem}'
        if problem['request_id'] != answer.headers['X-Request-Id']:
            yield f'{where}: X-Request-Id is {answer.headers["X-Request-Id"]}'


def check_allow(daemon):
    allowed = {'/api/v1/series': 'GET, HEAD', '/api/v1/logs': 'GET, HEAD, POST', '/': 'GET, HEAD'}
    for path, methods in allowed.items():
        found = daemon.request('PATCH', path).headers['Allow']
        if found != methods:
            yield f'{path}: Allow is {found}'


def check_headers(daemon):
    for path in ('/', '/api/v1/status', '/api/v1/nothing', '/healthz', '/metrics'):
        answer = daemon.get(path)
        for name, value in STANDARD_HEADERS.items():
            if answer.headers[name] != value:
                yield f'{path}: {name} is {answer.headers[name]}'
        if answer.headers['Cache-Control'] != 'no-cache':
            yield f'{path}: Cache-Control is {answer.headers["Cache-Control"]}'


def check_head(daemon):
    for path in ('/', '/api/v1/series', '/api/v1/nothing', '/metrics'):
        got, head = daemon.get(path), daemon.request('HEAD', path)
        lengths = [answer.headers['Content-Length'] for answer in (got, head)]
        if got.status != head.status or head.sent or (lengths[0] != lengths[1] and path != '/metrics'):
            yield f'{path}: {head.status}, {len(head.sent)} bytes, Content-Length {lengths}'


def check_etag(daemon):
    first = daemon.get('/api/v1/series')
    again = daemon.get('/api/v1/series', If_None_Match=first.headers['ETag'])
    if again.status != 304 or again.sent or again.headers['ETag'] != first.headers['ETag']:
        yield f'nothing changed: {again.status}, {len(again.sent)} bytes, ETag {again.headers["ETag"]}'
    daemon.push(native(build='etag'))
    changed = daemon.get('/api/v1/series', If_None_Match=first.headers['ETag'])
    if changed.status != 200 or changed.headers['ETag'] == first.headers['ETag']:
        yield f'a log was added: {changed.status}, ETag {changed.headers["ETag"]}'
    generation = str(changed.json['generation'])
    if not changed.headers['ETag'].strip('"').endswith('-' + generation):
        yield f'ETag {changed.headers["ETag"]} does not name generation {generation}'
    missing = daemon.get('/api/v1/series?limit=0', If_None_Match='"something"')
    if missing.status != 400 or missing.headers['ETag']:
        yield f'an error has ETag {missing.headers["ETag"]}'


def check_gzip(daemon):
    plain = daemon.get('/api/v1/series')
    packed = daemon.get('/api/v1/series', Accept_Encoding='br, gzip;q=0.8')
    if packed.headers['Content-Encoding'] != 'gzip' or packed.json != plain.json:
        yield f'it is {packed.headers["Content-Encoding"]}'
    if len(packed.sent) >= len(plain.sent):
        yield f'{len(packed.sent)} bytes instead of {len(plain.sent)}'
    if packed.headers['ETag'] == plain.headers['ETag']:
        yield 'both encodings have one ETag'
    if daemon.get('/api/v1/series', If_None_Match=packed.headers['ETag']).status != 304:
        yield 'the ETag of the packed answer is not known'
    for accepted in ('identity', 'gzip;q=0'):
        if daemon.get('/api/v1/series', Accept_Encoding=accepted).headers['Content-Encoding']:
            yield f'{accepted} gets gzip'
    if daemon.get('/api/v1/status', Accept_Encoding='gzip').headers['Content-Encoding']:
        yield 'a small answer is packed'
    for answer in (plain, packed):
        if answer.headers['Vary'] != 'Accept-Encoding':
            yield f'Vary is {answer.headers["Vary"]}'


def check_cache(daemon):
    before = daemon.metric(HITS), daemon.metric(MISSES)
    path = '/api/v1/series?q=login&match=metric:latency&limit=7'
    for _ in range(5):
        daemon.get(path)
    daemon.get('/api/v1/series?limit=7&match=metric%3Alatency&q=login')
    after = daemon.metric(HITS), daemon.metric(MISSES)
    if (after[0] - before[0], after[1] - before[1]) != (5, 1):
        yield f'six requests for one answer: {before} became {after} (hits, misses)'
    if not 0 < daemon.metric('perfdash_cache_bytes') <= daemon.metric('perfdash_cache_max_bytes'):
        yield f'{daemon.metric("perfdash_cache_bytes")} bytes'
    old = daemon.json(path)
    daemon.push(native(build='cache', benchmark='login2'))
    new = daemon.json(path)
    if new['generation'] <= old['generation'] or new['matched'] <= old['matched']:
        yield f'an old answer after a change: {old["generation"]}, {new["generation"]}'


def check_bounded_cache(daemon):
    for number in range(2000):
        daemon.get(f'/api/v1/series?limit={number + 1}')
    used, limit = daemon.metric('perfdash_cache_bytes'), daemon.metric('perfdash_cache_max_bytes')
    if used > limit or limit != 1024 * 1024 or daemon.metric('perfdash_cache_evictions_total') == 0:
        yield f'{used} bytes of {limit}, {daemon.metric("perfdash_cache_evictions_total")} dropped'


def check_assets(daemon):
    page = daemon.get('/').body.decode()
    names = [part.split('"')[0] for part in page.replace('src="', 'href="').split('href="')[1:]]
    names = [name for name in names if name.startswith('assets/')]
    if len(names) < 3:
        yield f'the page names {names}'
    for name in names:
        answer = daemon.get('/' + name, Accept_Encoding='gzip')
        if answer.status != 200 or 'immutable' not in answer.headers['Cache-Control']:
            yield f'{name}: {answer.status}, Cache-Control {answer.headers["Cache-Control"]}'
        if answer.body != daemon.get('/' + name).body:
            yield f'{name}: gzip holds something else'
        if daemon.get('/' + name, If_None_Match=answer.headers['ETag']).status != 304:
            yield f'{name}: its ETag is not known'


def check_origin(daemon):
    host = f'127.0.0.1:{daemon.port}'
    body = native(build='origin')
    for origin, status in {'http://evil.example': 403, 'null': 403, f'http://{host}': 201}.items():
        answer = daemon.request('POST', '/api/v1/logs', body, {'Origin': origin})
        if answer.status != status:
            yield f'a page of {origin} gets {answer.status}'
        if answer.headers['Access-Control-Allow-Origin']:
            yield f'a page of {origin} may read the answer'
    for name, status in {'evil.example': 421, 'localhost': 200, '127.0.0.1': 200}.items():
        answer = daemon.get('/api/v1/status', Host=f'{name}:{daemon.port}')
        if answer.status != status:
            yield f'as {name} it answers {answer.status}'


def check_clients(daemon):
    paths = ['/api/v1/series', '/api/v1/labels', '/api/v1/status', '/api/v1/runs', '/metrics', '/api/v1/nothing']
    wrong = []

    def ask(number):
        connection = daemon.connect()
        for step in range(50):
            path = paths[(number + step) % len(paths)]
            connection.request('GET', path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != (404 if path.endswith('nothing') else 200) or not body:
                wrong.append(f'client {number}: {path}: {answer.status}')
            if path.startswith('/api'):
                json.loads(body)
        connection.close()

    def client(number):
        try:
            ask(number)
        except (OSError, http.client.HTTPException, ValueError) as error:
            wrong.append(f'client {number}: {error!r}')

    threads = [threading.Thread(target=client, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def check_expressions(daemon):
    """An expression that never ends stops neither itself nor others."""
    slow = threading.Thread(target=daemon.get, args=('/api/v1/series?match=benchmark:~%5E((%5Cw|.|b)%2B)%2B%5B%5Ea-z0-9%5D$',))
    slow.start()
    if daemon.get('/healthz').status != 200 or daemon.push(native(build='meanwhile')).status != 201:
        yield 'something else suffers'
    slow.join(5)
    if slow.is_alive():
        yield 'it takes more than five seconds'
    long = daemon.get('/api/v1/series?match=lab:~' + 'a' * 300)
    if long.status != 400 or '256 bytes' not in long.json['detail']:
        yield f'a long one: {long.status} {long.body}'


def check_left_connections(daemon):
    """What clients do with their connections when they have their answer leaves none open here."""

    def count():
        return len(os.listdir(f'/proc/{daemon.process.pid}/fd'))

    before = count()
    for number in range(300):
        connection = daemon.connect()
        connection.request('GET', '/api/v1/status', headers={'Connection': 'close'} if number % 3 == 0 else {})
        connection.getresponse().read()
        connection.close()
    end = time.monotonic() + 10
    while count() > before + 20 and time.monotonic() < end:
        time.sleep(0.05)
    if count() > before + 20:
        yield f'{before} files were open before 300 clients, {count()} after'


CHECKS = {
    'connections that clients leave are closed': check_left_connections,
    'every error is a problem that says what to do': check_errors,
    '405 says what is allowed': check_allow,
    'every answer has the headers that protect readers': check_headers,
    'HEAD is GET without a body': check_head,
    'an ETag lasts as long as its generation': check_etag,
    'answers are gzipped when that is wanted': check_gzip,
    'the same question is answered from the cache': check_cache,
    'the cache is bounded': check_bounded_cache,
    'assets are kept for ever': check_assets,
    'pages of other sites can neither send nor read': check_origin,
    'ten clients at a time': check_clients,
    'expressions are bounded': check_expressions,
}

if __name__ == '__main__':
    with Daemon('cache-size=1 MiB') as the_daemon:
        for letter in 'abcdefghijkl':
            the_daemon.push(native(benchmark=f'login {letter}', labels={'lab': letter, 'suite': 'checkout'}))
        tap.run([(name, lambda check=check: check(the_daemon)) for name, check in CHECKS.items()])
