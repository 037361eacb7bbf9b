#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logs that lie in data stores which answer JSON."""

import email.utils
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402
from store import Nginx, Store  # noqa: E402

PLACE = 'dfw/shop/checkout/main/812_77be01c'
LAYOUT = 'layout={lab}/{project}/{suite}/{branch}/{build}_{revision}/{name}'
OFTEN = 'poll-every=1s..2s'
LONG_AGO = time.time() - 7200


def source(url, *lines):
    return '\n'.join(['[source store]', 'type=http', f'url={url}', OFTEN, *lines])


def logs(daemon):
    return {item['name']: item for item in daemon.json('/api/v1/logs?limit=1000')['items']}


def status(daemon):
    return next(item for item in daemon.json('/api/v1/sources')['items'] if item['name'] == 'store')


def sources(daemon, *options):
    command = [os.environ['PERFDASH'], 'sources', f'--server=http://127.0.0.1:{daemon.port}', *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def wait_for_logs(daemon, n):
    return wait_for(lambda: len(found := logs(daemon)) >= n and found, f'{n} logs')


def run_of(daemon, log):
    return daemon.json(f'/api/v1/runs/{log["runs"][0]}')


def put(nginx, path, data, when=LONG_AGO):
    target = nginx.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    os.utime(target, (when, when))
    return target


def nginx_directories_are_read_to_their_leaves():
    with Nginx() as nginx:
        put(nginx, f'{PLACE}/login.json', native(3.25))
        put(nginx, f'{PLACE}/a name, with 100% & ünusual?#.json', native(4.5))
        put(nginx, f'{PLACE}/notes.txt', b'not a log')
        with Daemon(source=source(nginx.url, 'preset=nginx', 'files=*.json', LAYOUT)) as daemon:
            found = wait_for_logs(daemon, 2)
            assert set(found) == {'login.json', 'a name, with 100% & ünusual?#.json'}, found
            run = run_of(daemon, found['login.json'])
            assert run['labels']['lab'] == 'dfw' and run['labels']['suite'] == 'checkout', run
            assert (run['build'], run['revision']) == ('812', '77be01c'), run
            assert run['url'] == f'{nginx.url}{PLACE}/login.json', run
            assert run['results'][0]['value'] == 0.00325, run


def what_comes_is_found_and_leaves_are_left_alone():
    with Nginx() as nginx:
        put(nginx, 'dfw/old/one.json', native(1))
        os.utime(nginx.root / 'dfw/old', (LONG_AGO, LONG_AGO))
        with Daemon(source=source(nginx.url, 'preset=nginx')) as daemon:
            wait_for_logs(daemon, 1)
            put(nginx, 'dfw/new/two.json', native(2))
            wait_for_logs(daemon, 2)
            wait_for(lambda: nginx.requests().count('GET /') >= 4, 'more polls')
            time.sleep(0.1)
            assert nginx.requests().count('GET /dfw/old/one.json') == 1, nginx.requests()
            assert nginx.requests().count('GET /dfw/old/') <= 2, nginx.requests()


def a_file_that_grows_is_waited_for():
    whole = native(7)
    with Nginx() as nginx, Daemon(source=source(nginx.url, 'preset=nginx')) as daemon:
        for size in range(0, len(whole), len(whole) // 4):
            put(nginx, 'run.json', whole[:size], time.time())
            time.sleep(1)
        put(nginx, 'run.json', whole, time.time())
        found = wait_for_logs(daemon, 1)
        time.sleep(3)
        assert len(logs(daemon)) == 1 and found['run.json']['outcome'] == 'ok', logs(daemon)


def a_start_fetches_nothing_twice():
    with Nginx() as nginx:
        for i in range(20):
            put(nginx, f'{i}.json', native(i + 1))
        daemon = Daemon(source=source(nginx.url, 'preset=nginx'))
        with daemon:
            wait_for_logs(daemon, 20)
            wait_for(lambda: status(daemon)['logs'] == 20, 'all to be seen')
            daemon.stop()
            daemon.start()
            before = len(nginx.requests())
            wait_for(lambda: nginx.requests()[before:].count('GET /') >= 2, 'two polls')
            assert set(nginx.requests()[before:]) == {'GET /'}, nginx.requests()[before:]
            assert len(logs(daemon)) == 20


def swift(objects, page=3):
    """A container as OpenStack Swift lists it."""

    def answer(handler):
        assert 'json' in handler.headers['Accept'], handler.headers
        marker = handler.path.partition('marker=')[2]
        names = [name for name in sorted(objects) if name > marker][:page]
        handler.reply(
            200,
            json.dumps(
                [
                    {
                        'name': name,
                        'bytes': len(objects[name]),
                        'hash': f'{hash(objects[name]):x}',
                        'last_modified': '2026-11-25T10:00:00.123450',
                        'content_type': 'application/json',
                    }
                    for name in names
                ]
            ).encode(),
        )

    return answer


def swift_pages_are_read_and_rewritten_objects_are_read_again():
    objects = {f'run-{i}.json': native(i + 1) for i in range(8)}
    with Store() as store:
        store.routes['/container'] = swift(objects)
        store.routes.update({f'/container/{name}': lambda h, n=name: h.reply(200, objects[n]) for name in objects})
        with Daemon(source=source(store.url + 'container', 'preset=swift')) as daemon:
            found = wait_for_logs(daemon, 8)
            assert run_of(daemon, found['run-0.json'])['started_at'].startswith('2026-11-23'), found
            objects['run-3.json'] = native(99)
            wait_for(lambda: len(daemon.json('/api/v1/logs?limit=1000')['items']) == 9, 'the new state')
            assert store.paths().count('/container/run-3.json') == 2, store.paths()
            assert store.paths().count('/container/run-4.json') == 1, store.paths()


def search(documents):
    def answer(handler):
        request = json.loads(handler.body)
        after = request.get('search_after', [-1])[0]
        hits = [{'_id': str(i), '_seq_no': i, '_source': d, 'sort': [i]} for i, d in enumerate(documents) if i > after]
        handler.reply(200, json.dumps({'hits': {'hits': hits[:2]}}).encode())

    return answer


def a_search_gives_results_inline_and_goes_on_where_it_was():
    documents = [json.loads(native(i + 1)) | {'@timestamp': '2026-11-25T10:00:00Z'} for i in range(5)]
    for document in documents:
        del document['@timestamp']
    with Store() as store:

        def places():
            return [json.loads(body).get('search_after', [-1])[0] for _, _, _, body in store.requests]

        store.routes['/runs/_search'] = search(documents)
        with Daemon(source=source(store.url + 'runs/_search', 'preset=elasticsearch')) as daemon:
            wait_for_logs(daemon, 5)
            wait_for(lambda: status(daemon)['logs'] == 5, 'all to be seen')
            wait_for(lambda: places()[-2:] == [4, 4], 'a search that begins where the last one ended')
            before = len(store.requests)
            documents.append(json.loads(native(6)))
            wait_for_logs(daemon, 6)
            assert min(places()[before:]) >= 4, places()
            values = sorted(run_of(daemon, log)['results'][0]['value'] for log in logs(daemon).values())
            assert [round(value * 1000) for value in values] == [1, 2, 3, 4, 5, 6], values


def a_shape_of_ones_own():
    def index(handler):
        page = {'data': {'files': [{'file': 'x', 'href': '/x.json', 'at': 1764000000, 'len': len(native(1))}]}, 'links': {'next': '/two'}}
        handler.reply(200, json.dumps(page).encode())

    def two(handler):
        page = {'data': {'files': [{'file': 'y', 'href': 'y.json', 'at': '2026-11-25T10:00:00Z'}, {'other': 1}]}, 'links': {'next': None}}
        handler.reply(200, json.dumps(page).encode())

    routes = {'/index': index, '/two': two}
    routes |= {f'/{n}.json': lambda h, v=v: h.reply(200, native(v)) for n, v in (('x', 1), ('y', 2))}
    shape = ['items=data.files', 'item-name=file', 'item-link=href', 'item-time=at', 'item-size=len', 'next=links.next']
    with Store(routes) as store, Daemon(source=source(store.url + 'index', *shape)) as daemon:
        assert set(wait_for_logs(daemon, 2)) == {'x', 'y'}


def an_index_that_has_not_changed_is_not_sent_again():
    answers = []

    def index(handler):
        if handler.headers.get('If-None-Match') == '"1"':
            answers.append(304)
            handler.send_response(304)
            handler.end_headers()
        else:
            answers.append(200)
            handler.reply(200, json.dumps({'items': [{'name': 'a.json', 'log': json.loads(native())}]}).encode(), ETag='"1"')

    with Store({'/': index}) as store, Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
        wait_for_logs(daemon, 1)
        wait_for(lambda: answers.count(304) >= 2, 'two answers without a body')


def an_index_that_could_not_be_read_is_not_unchanged():
    n_polls = 0

    def index(handler):
        nonlocal n_polls
        n_polls += 1
        if handler.headers.get('If-None-Match') == '"1"':
            handler.send_response(304)
            handler.end_headers()
        else:
            handler.reply(200, b'{"files": []}', ETag='"1"')

    with Store({'/': index}) as store, Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
        wait_for(lambda: n_polls >= 3, 'more polls')
        assert status(daemon)['cause'] == 'configuration', status(daemon)


def credentials_stay_with_their_host():
    with Store() as other, Store() as store:
        other.routes['/key/a.json'] = lambda h: h.reply(200, native())
        store.routes['/'] = lambda h: h.reply(200, b'{"items": [{"name": "a.json"}]}')
        store.routes['/a.json'] = lambda h: h.reply(302, b'', Location=f'{other.url}key/a.json?secret=1')
        daemon = Daemon()
        token = daemon.folder / 'token'
        token.write_text('s3cret\n')
        daemon.config.write_text(daemon.config.read_text() + source(store.url, 'preset=perfdash', 'user=joe', f'token-file={token}') + '\n')
        with daemon:
            wait_for_logs(daemon, 1)
            assert all(headers.get('Authorization') == 'Basic am9lOnMzY3JldA==' for _, _, headers, _ in store.requests)
            assert all('Authorization' not in headers for _, _, headers, _ in other.requests) and other.requests
            assert 's3cret' not in daemon.errors.read_text() and 'secret=1' not in daemon.errors.read_text()


FAULTS = {
    'HTML instead of JSON': (lambda h: h.reply(200, b'<html>log in</html>', 'text/html'), 'broken', 'HTML'),
    'no JSON': (lambda h: h.reply(200, b'{"items": ['), 'broken', 'not JSON'),
    'another shape': (lambda h: h.reply(200, b'{"files": []}'), 'configuration', 'items=items'),
    '500': (lambda h: h.reply(500, b'oops'), 'unreachable', '500'),
    '403 without a challenge': (lambda h: h.reply(403, b''), 'refused', 'token-file'),
    'a body that is cut': (lambda h: h.cut(b'{"items": []', 500), 'unreachable', ''),
    'a reset': (lambda h: h.hang_up(), 'unreachable', ''),
    'silence': (lambda h: h.be_silent(3), 'unreachable', ''),
    'redirects without end': (lambda h: h.reply(302, b'', Location='/'), 'broken', 'redirects'),
}


def faults_are_told_and_got_over():
    with Store() as store, Daemon(source=source(store.url, 'preset=perfdash', 'timeout=2s')) as daemon:
        for i, (name, (fault, cause, words)) in enumerate(FAULTS.items()):
            store.routes['/'] = fault
            told = wait_for(lambda: (s := status(daemon))['cause'] == cause and words in s['error'] and s, f'{name}: {status(daemon)}')
            assert told['state'] == 'error', told
            items = [{'name': f'{n}.json', 'log': json.loads(native(n + 1))} for n in range(i + 1)]
            store.routes['/'] = lambda h, items=items: h.reply(200, json.dumps({'items': items}).encode())
            wait_for_logs(daemon, i + 1)
            wait_for(lambda: status(daemon)['state'] == 'watching', f'to get over {name}')


ITEM_FAULTS = {
    'error': lambda h: h.reply(500, b'oops'),
    'busy': lambda h: h.reply(429, b'', Retry_After='1'),
    'reset': lambda h: h.hang_up(),
    'cut': lambda h: h.cut(native()[:50], 5000),
    'silence': lambda h: h.be_silent(3),
    'longer': lambda h: h.reply(200, native() + b'and more', length=len(native()) - 20),
    'shorter': lambda h: h.end_with_connection(native()[:50], 5000),
}


def logs_that_could_not_be_had_are_had_later_and_once():
    tried = set()

    def answer(handler, name, fault, data):
        if name in tried:
            return handler.reply(200, data)
        tried.add(name)
        return fault(handler)

    with Store() as store:
        store.routes['/'] = lambda h: h.reply(200, json.dumps({'items': [{'name': name} for name in ITEM_FAULTS]}).encode())
        for i, (name, fault) in enumerate(ITEM_FAULTS.items()):
            store.routes[f'/{name}'] = lambda h, name=name, fault=fault, data=native(i + 1): answer(h, name, fault, data)
        with Daemon(source=source(store.url, 'preset=perfdash', 'timeout=2s')) as daemon:
            wait_for(lambda: tried == set(ITEM_FAULTS), 'all to have failed')
            found = wait_for(lambda: len(found := logs(daemon)) == len(ITEM_FAULTS) and found, 'all logs', 150)
            values = sorted(round(run_of(daemon, log)['results'][0]['value'] * 1000) for log in found.values())
            assert values == list(range(1, len(ITEM_FAULTS) + 1)), values
            assert len(daemon.json('/api/v1/logs?limit=1000')['items']) == len(ITEM_FAULTS)


def what_follows_a_body_spoils_nothing():
    """A body that is longer than its Content-Length is whole when the index says so."""
    sizes = {f'{name}.json': len(native(i + 1)) for i, name in enumerate('ab')}
    body = json.dumps({'items': [{'name': name, 'size': size} for name, size in sizes.items()]}).encode()
    with Store() as store:
        store.routes['/'] = lambda h: h.reply(200, body + b'HTTP/1.1 200 OK\r\n\r\nmore than was promised', length=len(body))
        for i, name in enumerate(sizes):
            data = native(i + 1)
            store.routes[f'/{name}'] = lambda h, data=data: h.reply(200, data + data, length=len(data))
        with Daemon(source=source(store.url, 'preset=perfdash', 'timeout=2s')) as daemon:
            found = wait_for_logs(daemon, 2)
            assert all(log['outcome'] == 'ok' for log in found.values()), found


def a_log_of_another_size_than_the_index_says_is_not_whole():
    whole, other, packed = native(1), native(2), [gzip.compress(native(n)) for n in (3, 4)]
    answers = {
        'short.json': [lambda h: h.reply(200, whole[:-30]), lambda h: h.reply(200, whole)],
        'long.json': [lambda h: h.reply(200, other + b'{"format"'), lambda h: h.reply(200, other)],
        'packed.json.gz': [lambda h: h.reply(200, packed[0], Content_Encoding='gzip')],  # as it lies there
        'sent packed.json': [lambda h: h.reply(200, packed[1], Content_Encoding='gzip')],  # for the way
    }
    sizes = dict.fromkeys(answers, len(whole)) | {'packed.json.gz': len(packed[0])}
    items = [{'name': name, 'size': size} for name, size in sizes.items()]
    with Store({'/': lambda h: h.reply(200, json.dumps({'items': items}).encode())}) as store:
        for name, each in answers.items():
            store.routes[f'/{urllib.parse.quote(name)}'] = lambda h, each=each: each[0](h)
        with Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
            told = wait_for(lambda: len((s := status(daemon))['problems']) == 2 and s['logs'] == 4 and s, 'both to be told')
            said = {problem['item']: problem['message'] for problem in told['problems']}
            assert f'it has {len(whole) - 30} bytes, where the index says {len(whole)}' in said['short.json'], said
            assert f'it has {len(whole) + 9} bytes, where the index says {len(whole)}' in said['long.json'], said
            assert set(logs(daemon)) == {'packed.json.gz', 'sent packed.json'}, logs(daemon)
            for name in said:
                answers[name].pop(0)
            wait_for(lambda: not status(daemon)['problems'], 'them to be whole')
            assert {log['outcome'] for log in daemon.json('/api/v1/logs?limit=1000')['items']} == {'ok'}


def values(daemon, benchmark):
    """Of all runs that count, by their start."""
    found = daemon.json(f'/api/v1/series?match=benchmark:{benchmark}')['items']
    return [round(value * 1000, 6) for item in found for value in daemon.json(f'/api/v1/series/{item["id"]}/points')['values']]


def what_is_written_again_counts_once():
    lines = [b'stopwatch 2.1\ngrown latency 31 ms\n', b'more latency 3 ms\n', b'last latency 4 ms\n']
    nights = [native(value, 'nightly', f'2026-11-2{night}T01:00:00Z') for night, value in ((1, 31), (2, 32), (2, 30))]
    files = {}
    with Store() as store:
        items = lambda: [{'name': name, 'digest': hashlib.sha256(data).hexdigest()} for name, data in files.items()]  # noqa: E731
        store.routes['/'] = lambda h: h.reply(200, json.dumps({'items': items()}).encode())
        for name in 'latest.json', 'console.stopwatch':
            store.routes[f'/{name}'] = lambda h, name=name: h.reply(200, files[name])
        with Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
            for step, expected in enumerate(([31], [31, 32], [31, 30])):
                files.update({'latest.json': nights[step], 'console.stopwatch': b''.join(lines[: step + 1])})
                assert daemon.request('POST', '/api/v1/sources/store/poll').status == 200
                wait_for(lambda expected=expected: values(daemon, 'nightly') == expected, f'{expected}')
                wait_for(lambda n=2 * step + 2: len(daemon.json('/api/v1/logs')['items']) == n, 'both logs')
                assert values(daemon, 'grown') == [31], values(daemon, 'grown')
            assert (values(daemon, 'more'), values(daemon, 'last')) == ([3], [4])


def a_server_that_wants_to_be_left_alone_is():
    times = []

    def index(handler):
        times.append(time.monotonic())
        if len(times) == 1:
            handler.reply(429, b'', Retry_After=email.utils.formatdate(time.time() + 5, usegmt=True))
        else:
            handler.reply(200, b'{"items": []}')

    with Store({'/': index}) as store, Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
        wait_for(lambda: status(daemon)['cause'] == 'busy', 'busy')
        wait_for(lambda: len(times) >= 2, 'another request')
        assert times[1] - times[0] >= 3.9, times


def an_item_that_cannot_be_had_harms_no_other():
    with Store() as store:
        store.routes['/'] = lambda h: h.reply(200, b'{"items": [{"name": "gone.json"}, {"name": "cut.json"}, {"name": "good.json"}]}')
        store.routes['/good.json'] = lambda h: h.reply(200, native())
        store.routes['/cut.json'] = lambda h: h.cut(native()[:50], 5000)
        with Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
            wait_for_logs(daemon, 1)
            told = wait_for(lambda: (s := status(daemon))['failed'] == 2 and s, 'both to be told')
            assert told['logs'] == 3 and '(and 1 more files)' in told['error'], told
            time.sleep(3)
            assert store.paths().count('/gone.json') == 1, store.paths()


def a_log_that_left_the_index_is_given_up():
    items = [{'name': 'gone.json'}, {'name': 'good.json'}]
    with Store({'/': lambda h: h.reply(200, json.dumps({'items': items}).encode())}) as store:
        store.routes['/good.json'] = lambda h: h.reply(200, native())
        store.routes['/gone.json'] = lambda h: h.reply(500, b'oops')
        with Daemon(source=source(store.url, 'preset=perfdash').replace(OFTEN, 'poll-every=1s..15min')) as daemon:
            wait_for(lambda: status(daemon)['problems'] and logs(daemon), 'the problem')
            gone = items.pop(0)
            told = wait_for(lambda: (p := status(daemon)['problems']) and 'not where it was' in p[0]['message'] and p[0], 'it to be given up')
            assert told['item'] == 'gone.json' and '500' in told['message'] and told['retry_at'] is None, told
            # nobody polls for it any more
            polls = store.paths().count('/')
            time.sleep(2.5)
            assert store.paths().count('/') <= polls + 1, store.paths()
            # it is taken when it comes back
            items.append(gone)
            store.routes['/gone.json'] = lambda h: h.reply(200, native(2))
            assert daemon.request('POST', '/api/v1/sources/store/poll').status == 200
            wait_for_logs(daemon, 2)
            assert not status(daemon)['problems'], status(daemon)


def a_webhook_makes_the_next_poll_due():
    with Store() as store:
        store.routes['/'] = lambda h: h.reply(200, b'{"items": []}')
        lines = source(store.url, 'preset=perfdash').replace(OFTEN, 'poll-every=15min..15min')
        with Daemon(source=lines) as daemon:
            wait_for(lambda: status(daemon)['last_poll'], 'the first poll')
            store.routes['/'] = lambda h: h.reply(200, json.dumps({'items': [{'name': 'a.json', 'log': json.loads(native())}]}).encode())
            time.sleep(1)
            assert not logs(daemon) and len(store.requests) == 1, store.requests
            answer = daemon.request('POST', '/api/v1/sources/store/poll', b'{"build": {"number": 7}}', {'Content-Type': 'application/json'})
            assert answer.status == 200 and answer.json['name'] == 'store', answer.body
            wait_for_logs(daemon, 1)
            assert daemon.request('POST', '/api/v1/sources/store/poll').status == 200
            assert daemon.request('POST', '/api/v1/sources/nothing/poll').status == 404
            answer = daemon.request('POST', '/api/v1/sources/demo/poll')
            assert answer.status == 400 and 'is not polled' in answer.json['detail'], answer.body


def what_is_told_of_a_source():
    when = email.utils.formatdate(time.time() - 3, usegmt=True)
    items = [{'name': 'good.json', 'time': when, 'log': json.loads(native())}, {'name': 'lost.json', 'time': when, 'link': '/lost.json'}]
    with Store({'/': lambda h: h.reply(200, json.dumps({'items': items}).encode())}) as store:
        with Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
            told = wait_for(lambda: (s := status(daemon))['problems'] and s['logs'] == 2 and s, 'the problem')
            problem = told['problems'][0]
            assert problem['item'] == 'lost.json' and '404' in problem['message'], told
            assert (problem['tries'], problem['retry_at']) == (1, None), told
            assert told['delay_seconds'] >= 3, told
            assert not list(shapes.problems(daemon.json('/api/v1/sources'), shapes.SOURCES)), told
            lines = sources(daemon, '--format=csv').stdout.splitlines()
            assert lines[0].startswith('name,type,state,') and any(line.startswith('store,http,watching,') for line in lines), lines
            table = sources(daemon).stdout
            assert 'SOURCE' in table and ' ago' in table and '404' in table, table
            assert sources(daemon, '--poll=store').stdout == 'store is polled\n'
            wrong = sources(daemon, '--poll=nothing')
            assert wrong.returncode == 1 and 'there is no source "nothing"' in wrong.stderr, wrong
            metrics = daemon.get('/metrics').body.decode()
            for name in ('up', 'poll_failures', 'silent', 'delay_seconds', 'last_poll_seconds'):
                assert f'perfdash_source_{name}{{source="store"}} ' in metrics, metrics


def sources_come_and_go_with_sighup():
    with Store() as one, Store() as other, Daemon(source=source(one.url, 'preset=perfdash')) as daemon:
        for n, store in enumerate((one, other)):
            items = [{'name': f'{n}.json', 'log': json.loads(native(n + 1))}]
            store.routes['/'] = lambda h, items=items: h.reply(200, json.dumps({'items': items}).encode())
        wait_for_logs(daemon, 1)
        before = daemon.config.read_text()
        daemon.config.write_text(before.replace(one.url, 'ftp://no'))
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: 'it stays as it was' in daemon.errors.read_text(), 'the error')
        assert f'{daemon.config}:' in daemon.errors.read_text() and status(daemon)['location'] == one.url
        daemon.config.write_text(before.replace(one.url, other.url) + source(one.url, 'preset=perfdash').replace('source store', 'source more'))
        daemon.process.send_signal(signal.SIGHUP)
        wait_for_logs(daemon, 2)
        assert [item['name'] for item in daemon.json('/api/v1/sources')['items']] == ['demo', 'store', 'more']
        for _ in range(5):
            daemon.process.send_signal(signal.SIGHUP)
            time.sleep(0.1)
        asked = len(other.requests)
        wait_for(lambda: len(other.requests) > asked + 1, 'polls')
        daemon.stop()


def pages_are_read_behind_one_that_has_not_changed():
    second = [{'name': 'b.json', 'log': json.loads(native(2))}]

    def page(items, etag, next_page):
        def answer(handler):
            if handler.headers.get('If-None-Match') == etag():
                handler.send_response(304)
                handler.end_headers()
            else:
                handler.reply(200, json.dumps({'items': items, 'next': next_page}).encode(), ETag=etag())

        return answer

    first = [{'name': 'a.json', 'log': json.loads(native(1))}]
    routes = {'/': page(first, lambda: '"1"', '/two'), '/two': page(second, lambda: f'"{len(second)}"', None)}
    with Store(routes) as store, Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
        wait_for_logs(daemon, 2)
        time.sleep(3)
        second.append({'name': 'c.json', 'log': json.loads(native(3))})
        wait_for_logs(daemon, 3)


def an_index_that_points_nowhere_harms_nothing():
    items = [{'name': 'x', 'link': 'mailto:x'}, {'name': 'y', 'link': 'http:///y'}, {'name': 'a.json', 'log': json.loads(native(1))}]
    with Store() as store, Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
        for n, bad in enumerate(('mailto:x', 'http:///x', 'file:///etc/passwd', 'http://[')):
            store.routes['/'] = lambda h, bad=bad: h.reply(200, json.dumps({'items': items, 'next': bad}).encode())
            wait_for(lambda: status(daemon)['cause'] in ('broken', 'configuration'), f'the error of {bad}')
            wait_for_logs(daemon, 1)
            asked = len(store.requests)
            wait_for(lambda: len(store.requests) > asked, 'another poll')
        told = status(daemon)
        assert {problem['item'] for problem in told['problems']} == {'x', 'y'}, told


def a_log_that_was_listed_before_it_was_there_is_had_when_it_changes():
    items = [{'name': 'a.json', 'link': '/a.json', 'size': 1}]
    with Store({'/': lambda h: h.reply(200, json.dumps({'items': items}).encode())}) as store:
        with Daemon(source=source(store.url, 'preset=perfdash')) as daemon:
            wait_for(lambda: status(daemon)['problems'], 'the problem')
            store.routes['/a.json'] = lambda h: h.reply(200, native())
            items[0]['size'] = len(native())
            wait_for_logs(daemon, 1)
            assert not status(daemon)['problems'], status(daemon)


def what_is_to_be_tried_again_does_not_wait_for_the_next_poll():
    answers = [lambda h: h.reply(500, b''), lambda h: h.reply(200, native())]
    with Store() as store:
        store.routes['/'] = lambda h: h.reply(200, b'{"items": [{"name": "a.json"}]}')
        store.routes['/a.json'] = lambda h: (answers.pop(0) if len(answers) > 1 else answers[0])(h)
        lines = source(store.url, 'preset=perfdash').replace(OFTEN, 'poll-every=1s..15min')
        with Daemon(source=lines) as daemon:
            wait_for_logs(daemon, 1)


def keys_in_addresses_are_shown_to_nobody():
    with Store({'/': lambda h: h.reply(500, b'')}) as store:
        with Daemon(source=source(store.url + '?sig=s3cret', 'preset=perfdash')) as daemon:
            told = wait_for(lambda: (s := status(daemon))['error'] and s, 'the error')
            assert 's3cret' not in json.dumps(told) + daemon.errors.read_text(), told


CHECKS = (
    # the longest one
    faults_are_told_and_got_over,
    pages_are_read_behind_one_that_has_not_changed,
    an_index_that_points_nowhere_harms_nothing,
    a_log_that_was_listed_before_it_was_there_is_had_when_it_changes,
    what_is_to_be_tried_again_does_not_wait_for_the_next_poll,
    keys_in_addresses_are_shown_to_nobody,
    sources_come_and_go_with_sighup,
    a_webhook_makes_the_next_poll_due,
    a_log_that_left_the_index_is_given_up,
    what_is_told_of_a_source,
    nginx_directories_are_read_to_their_leaves,
    what_comes_is_found_and_leaves_are_left_alone,
    a_file_that_grows_is_waited_for,
    a_start_fetches_nothing_twice,
    swift_pages_are_read_and_rewritten_objects_are_read_again,
    a_search_gives_results_inline_and_goes_on_where_it_was,
    a_shape_of_ones_own,
    an_index_that_has_not_changed_is_not_sent_again,
    an_index_that_could_not_be_read_is_not_unchanged,
    credentials_stay_with_their_host,
    logs_that_could_not_be_had_are_had_later_and_once,
    what_follows_a_body_spoils_nothing,
    a_log_of_another_size_than_the_index_says_is_not_whole,
    what_is_written_again_counts_once,
    a_server_that_wants_to_be_left_alone_is,
    an_item_that_cannot_be_had_harms_no_other,
)


if __name__ == '__main__':
    tap.run_functions(CHECKS, at_once=6)
