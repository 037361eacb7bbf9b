#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logs that are pushed: what is taken, what is refused, and that nothing else suffers."""

import os
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402

MIB = 1024 * 1024
GIB = 1024 * MIB
LIMIT = 1100 * MIB
# a gibibyte may cost a few buffers, never a copy; a sanitizer keeps what was freed for a while
MOST_GROWTH = (24 if os.environ.get('PERFDASHD_SANITIZE', 'none') == 'none' else 640) * MIB
NESTED = b'{"format": "perfdash", "version": 1, "runs": ' + b'[' * 100000
# what nobody can read, and the class of error that is kept with it
UNREADABLE = {
    'prose': (b'It was a dark and stormy night.\n', 'unreadable'),
    'noise': (bytes(range(256)) * 500, 'unreadable'),
    'nothing': (b'', 'unreadable'),
    'nested': (NESTED, None),
    'wrong': (native().replace(b'"value"', b'"valeu"'), 'broken'),
}
BAD_PARAMETERS = {
    'lab=a%0ab': 'control character',
    'lab=%1b[2J': 'control character',
    'build=' + 'x' * 2000: '1024',
    'started_at=yestrday': 'started_at',
    'url=javascript:alert(1)': 'http',
    'lob=dfw': 'did you mean "lab"',
    'parser=nobody': 'nobody',
    'name=%00': 'UTF-8',
    'lab=a&lab=b': 'more than once',
}


def check_push(daemon):
    parameters = {'lab': 'dfw', 'project': 'shop', 'suite': 'checkout', 'branch': 'main', 'revision': '77be01c',
                  'build': '812', 'url': 'https://ci.example/job/812/', 'name': 'results.json',
                  'started_at': '2026-11-23T17:12:20+01:00'}
    body = native(started_at='2026-11-20T00:00:00Z')
    first, second = daemon.push(body, **parameters), daemon.push(body, **parameters)
    yield from shapes.problems(first.json, shapes.PUSHED)
    if (first.status, second.status) != (201, 200) or first.json != second.json:
        yield f'{first.status} {first.body}, then {second.status} {second.body}'
    run = daemon.json(f'/api/v1/runs/{first.json["runs"][0]}')
    for key in ('build', 'revision', 'url'):
        if run[key] != parameters[key]:
            yield f'{key} is {run[key]!r}'
    if any(run['labels'].get(key) != parameters[key] for key in ('lab', 'project', 'suite', 'branch')):
        yield f'labels: {run["labels"]}'
    if run['started_at'] != '2026-11-20T00:00:00.000Z' or run['log']['name'] != 'results.json':
        yield f'the log says when it started: {run["started_at"]}, {run["log"]}'
    record = daemon.json(f'/api/v1/logs/{first.json["digest"]}')
    if (record['source'], record['size'], record['runs']) != ('push', len(body), first.json['runs']):
        yield f'record: {record}'


def check_same_bytes(daemon):
    """A size that several builds share is a result of each of them, however often it is sent."""
    body = native(benchmark='size', started_at=None).replace(b'"started_at": null, ', b'')
    facts = [{'build': '811'}, {'build': '812'}, {'build': '812', 'lab': 'ord'}, {'build': '812', 'started_at': '2026-11-01'}, {}]
    pushed = [daemon.push(body, **fact) for fact in facts]
    again = [daemon.push(body, **fact, name='renamed.json') for fact in facts]
    if [answer.status for answer in pushed + again] != [201] * len(facts) + [200] * len(facts):
        yield f'{[answer.status for answer in pushed + again]}'
    if [answer.json for answer in pushed] != [answer.json for answer in again]:
        yield 'it is another log when it is sent again'
    if [daemon.push(body, started_at=time).status for time in ('now', '-5m')] != [200, 200]:
        yield 'a time that moves tells logs apart'
    digest = pushed[0].json['digest']
    logs = daemon.json(f'/api/v1/logs?digest={digest}')['items']
    if [log['id'] for log in logs] != [answer.json['id'] for answer in reversed(pushed)]:
        yield f'logs with these bytes: {logs}'
    if daemon.json(f'/api/v1/logs/{digest}') != logs[0] or daemon.json(f'/api/v1/logs/{logs[-1]["id"]}') != logs[-1]:
        yield 'a log is not found by its id, or the newest not by its bytes'
    for answer, fact in zip(pushed, facts):
        run = daemon.json(f'/api/v1/runs/{answer.json["runs"][0]}')
        raw = [daemon.get(path).body for path in (f'/api/v1/runs/{run["id"]}/log', f'/api/v1/logs/{answer.json["id"]}/raw')]
        if run['build'] != fact.get('build', '') or run['log']['id'] != answer.json['id'] or raw != [body, body]:
            yield f'{fact}: {run}'


def check_runs_route(daemon):
    answer = daemon.push(native(build='native'), '/api/v1/runs', lab='dfw')
    if answer.status != 201 or answer.json['parser'] != 'perfdash-json':
        yield f'native: {answer.status} {answer.body}'
    answer = daemon.push(b'Running 10s test @ http://x/\n', '/api/v1/runs')
    if answer.status != 422:
        yield f'something else: {answer.status} {answer.body}'


def check_unreadable(daemon):
    for name, (body, kind) in UNREADABLE.items():
        answer = daemon.push(body, name=name)
        if answer.status != 422:
            yield f'{name}: {answer.status} {answer.body[:200]}'
            continue
        problem = answer.json
        yield from shapes.problems(problem, {**shapes.PROBLEM, 'digest': shapes.DIGEST}, name)
        record = daemon.json(f'/api/v1/logs/{problem["digest"]}')
        yield from shapes.problems(record, shapes.LOG, name)
        if record['error'] is None or (kind and record['error']['class'] != kind) or record['runs']:
            yield f'{name}: {record}'
        if daemon.get(f'/api/v1/logs/{problem["digest"]}/raw').body != body:
            yield f'{name}: the log is not kept as it was'
        if daemon.push(body, name=name).status != 422:
            yield f'{name}: it can be read the second time'
    failed = daemon.json('/api/v1/logs?outcome=no-result')['items'] + daemon.json('/api/v1/logs?outcome=failed')['items']
    if len(failed) < len(UNREADABLE):
        yield f'{len(failed)} of {len(UNREADABLE)} are listed'
    if daemon.push(native(build='after')).status != 201:
        yield 'a good log is not taken any more'


def check_cut_document(daemon):
    body = native(build='cut document')[:-30]
    answer = daemon.push(body, name='cut.json')
    record = daemon.json(f'/api/v1/logs/{answer.json["digest"]}')
    if answer.status != 201 or record['outcome'] != 'partial' or 'cut off' not in ' '.join(record['warnings']):
        yield f'{answer.status} {record}'


def check_parameters(daemon):
    logs = len(daemon.json('/api/v1/logs')['items'])
    for query, word in BAD_PARAMETERS.items():
        answer = daemon.request('POST', '/api/v1/logs?' + query, native(build=query[:100]))
        if answer.status != 400 or answer.json['type'] != '/problems/bad-parameter' or word not in answer.json['detail']:
            yield f'{query[:60]}: {answer.status} {answer.body}'
    if len(daemon.json('/api/v1/logs')['items']) != logs:
        yield 'a log was kept all the same'


def stream(daemon, size, chunked, path='/api/v1/logs?name=big.log'):
    """Sends size bytes of which no two pieces are the same; gives what came back and how much went out."""
    piece = os.urandom(MIB)
    received = bytearray()
    sent = 0
    with socket.create_connection(('127.0.0.1', daemon.port), timeout=120) as connection:
        length = 'Transfer-Encoding: chunked' if chunked else f'Content-Length: {size}'
        connection.sendall(f'POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n'.encode())
        try:
            while sent < size:
                data = sent.to_bytes(8, 'little') + piece[8:]
                connection.sendall(b'%x\r\n%b\r\n' % (len(data), data) if chunked else data)
                sent += len(data)
            connection.sendall(b'0\r\n\r\n' if chunked else b'')
        except OSError:
            pass
        while b'"status":' not in received and b'"outcome"' not in received:
            data = connection.recv(65536)
            if not data:
                break
            received += data
    return bytes(received), sent


def check_gibibyte(daemon):
    before = daemon.resident()
    answer, sent = stream(daemon, GIB, chunked=False)
    growth = daemon.resident('VmHWM') - before
    print(f'# 1 GiB: peak {growth / MIB:.1f} MiB above {before / MIB:.1f} MiB')
    if not answer.startswith(b'HTTP/1.1 422') or sent != GIB:
        yield f'below the limit: {answer[:300]} after {sent} bytes'
    if growth > MOST_GROWTH:
        yield f'memory grew by {growth / MIB:.1f} MiB'


def check_too_large(daemon):
    begin = time.monotonic()
    answer, sent = stream(daemon, LIMIT + MIB, chunked=False)
    if not answer.startswith(b'HTTP/1.1 413') or sent > 64 * MIB:
        yield f'with its length said: {answer[:200]} after {sent} bytes'
    if time.monotonic() - begin > 5:
        yield f'it took {time.monotonic() - begin:.1f} s to say so'
    before = daemon.resident('VmHWM')
    answer, sent = stream(daemon, 2 * GIB, chunked=True)
    if not answer.startswith(b'HTTP/1.1 413') or sent > LIMIT + 64 * MIB or b'/problems/too-large' not in answer:
        yield f'without: {answer[:200]} after {sent} bytes'
    if daemon.resident('VmHWM') - before > MOST_GROWTH:
        yield f'memory grew by {(daemon.resident("VmHWM") - before) / MIB:.1f} MiB'
    if any(item['size'] > GIB for item in daemon.json('/api/v1/logs')['items']):
        yield 'it was kept'


def check_refused_early(daemon):
    """A body that is not wanted is not waited for."""
    for line in ('POST /api/v1/logs?lob=x', 'POST /api/v1/nothing', 'GET /api/v1/status'):
        answer = daemon.raw(f'{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n'.encode())
        if answer[9:12] not in (b'400', b'404') or b'Connection: close' not in answer:
            yield f'{line}: {answer[:200]}'


def check_expect(daemon):
    body = native(build='expect')
    head = f'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n'
    with socket.create_connection(('127.0.0.1', daemon.port), timeout=10) as connection:
        connection.sendall(head.encode())
        if not connection.recv(4096).startswith(b'HTTP/1.1 100'):
            yield 'it does not say 100 Continue'
        connection.sendall(body)
        if not connection.recv(4096).startswith(b'HTTP/1.1 201'):
            yield 'it does not take the body then'


def check_cut_off(daemon):
    logs = len(daemon.json('/api/v1/logs')['items'])
    for _ in range(20):
        with socket.create_connection(('127.0.0.1', daemon.port)) as connection:
            connection.sendall(b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n' + b'x' * 5000)
    wait_for(lambda: daemon.push(native(build='cut')).status in (200, 201), 'uploads that were cut off block others')
    if len(daemon.json('/api/v1/logs')['items']) != logs + 1:
        yield 'a log that was cut off is kept'


def check_parallel(daemon):
    statuses = []

    def push(number):
        statuses.append(daemon.push(native(value=1 + number % 5, build='parallel')).status)

    threads = [threading.Thread(target=push, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if statuses.count(201) != 5 or statuses.count(200) != 7:
        yield f'five logs, pushed twelve times at once: {sorted(statuses)}'


CHECKS = {
    'a log is taken once': check_push,
    'the same bytes of several builds': check_same_bytes,
    'runs are pushed as native JSON': check_runs_route,
    'what cannot be read is kept with its error': check_unreadable,
    'a document that was cut off is partial': check_cut_document,
    'bad parameters are refused, nothing is kept': check_parameters,
    'a body of 1 GiB takes no memory': check_gibibyte,
    'a body over the limit is 413': check_too_large,
    'a body that is not wanted is not read': check_refused_early,
    '100 Continue': check_expect,
    'uploads that are cut off leave nothing': check_cut_off,
    'the same log from many at once': check_parallel,
}

if __name__ == '__main__':
    with Daemon(f'max-log-size={LIMIT}\nparse-timeout=20s') as the_daemon:
        tap.run([(name, lambda check=check: check(the_daemon)) for name, check in CHECKS.items()])
