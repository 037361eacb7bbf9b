#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logs that appear in a directory, and the events that tell of them."""

import json
import os
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, Events, native, wait_for  # noqa: E402

PLACE = 'dfw/shop/checkout/main/812_77be01c'
BEGIN = time.monotonic()
LATENCY = 1.0  # seconds from the end of writing to the log being stored


def logs(daemon):
    return {item['name']: item for item in daemon.json('/api/v1/logs?limit=1000')['items']}


def source(daemon):
    return daemon.json('/api/v1/sources')['items'][0]


def wait_for_log(daemon, name, patience=20):
    return wait_for(lambda: logs(daemon).get(name), f'{name} in {daemon.logs}', patience)


def check_latency(daemon):
    took = []
    for number in range(5):
        folder = f'{PLACE[:-3]}{number:03}'
        daemon.drop(f'{folder}/latency-{number}.json', native(value=number + 1))
        begin = time.monotonic()
        wait_for_log(daemon, f'latency-{number}.json')
        took.append(time.monotonic() - begin)
    print(f'# stored after {", ".join(f"{seconds * 1000:.0f}" for seconds in took)} ms')
    if max(took) > LATENCY:
        yield f'it took {max(took):.2f} s'


def check_layout(daemon):
    daemon.drop(f'{PLACE}/layout.json', native(value=20))
    run = daemon.json(f'/api/v1/runs/{wait_for_log(daemon, "layout.json")["runs"][0]}')
    expected = {'lab': 'dfw', 'project': 'shop', 'suite': 'checkout', 'branch': 'main', 'site': 'dallas'}
    if any(run['labels'].get(key) != value for key, value in expected.items()):
        yield f'labels: {run["labels"]}'
    if (run['build'], run['revision'], run['log']['name']) != ('812', '77be01c', 'layout.json'):
        yield f'run: {run}'
    unfit = {'unfit-1.json': ({'lab': 'ord'}, 'ord/unfit-1.json'), 'unfit-2.json': ({}, 'unfit-2.json'),
             'unfit-3.json': ({'lab': 'ord', 'branch': 'main'}, 'ord/shop/checkout/main/nightly/unfit-3.json')}
    for name, (labels, path) in unfit.items():
        daemon.drop(path, native(value=21, build=name))
        run = daemon.json(f'/api/v1/runs/{wait_for_log(daemon, name)["runs"][0]}')
        if any(run['labels'].get(key) != value for key, value in labels.items()) or run['labels']['site'] != 'dallas':
            yield f'{path}: {run["labels"]}'


def check_log_wins(daemon):
    target = daemon.logs / 'own.json'
    body = native(value=22, started_at='2026-01-02T03:04:05Z', labels={'site': 'austin'})
    target.write_bytes(body)
    run = daemon.json(f'/api/v1/runs/{wait_for_log(daemon, "own.json")["runs"][0]}')
    if run['labels']['site'] != 'austin' or run['started_at'] != '2026-01-02T03:04:05.000Z':
        yield f'what the log says does not count: {run}'
    document = json.loads(body)
    del document['runs'][0]['started_at']
    stamped = daemon.logs / 'stamped.json.tmp'
    stamped.write_text(json.dumps(document))
    os.utime(stamped, (1790000000, 1790000000))
    stamped.rename(daemon.logs / 'stamped.json')
    run = daemon.json(f'/api/v1/runs/{wait_for_log(daemon, "stamped.json")["runs"][0]}')
    if run['started_at'] != '2026-09-21T14:13:20.000Z':
        yield f'the time of the file does not count: {run["started_at"]}'


def check_slow_writer(daemon):
    """A log is not read before its writer has closed it, however long that takes."""
    body = native(value=23)
    with (daemon.logs / 'slow.json').open('wb') as log:
        log.write(body[:40])
        log.flush()
        time.sleep(3)
        if 'slow.json' in logs(daemon):
            yield 'it was read while it was written'
        log.write(body[40:])
    record = wait_for_log(daemon, 'slow.json')
    if record['outcome'] != 'ok' or record['size'] != len(body):
        yield f'{record}'


def check_linked(daemon):
    """Files that get their name when they are whole: by link and unlink, or from a file that had none."""
    for number in range(20):
        with (daemon.folder / 'elsewhere').open('wb') as log:
            log.write(native(value=500 + number))
        os.link(daemon.folder / 'elsewhere', daemon.logs / f'linked-{number}.json')
        os.unlink(daemon.folder / 'elsewhere')
        unnamed = os.open(daemon.logs, os.O_TMPFILE | os.O_WRONLY, 0o644)
        os.write(unnamed, native(value=600 + number))
        # only linkat() follows the link that stands for the file
        os.link(f'/proc/self/fd/{unnamed}', daemon.logs / f'unnamed-{number}.json', src_dir_fd=unnamed)
        os.close(unnamed)
    for number in range(20):
        wait_for_log(daemon, f'linked-{number}.json', 10)
        wait_for_log(daemon, f'unnamed-{number}.json', 10)
    return []


def check_ignored(daemon):
    for name in ('.hidden.json', 'half.json.tmp', 'half.json.part'):
        daemon.drop(name, native(value=24))
    daemon.drop('.cache/inside.json', native(value=24))
    outside = daemon.folder / 'outside.json'
    outside.write_bytes(native(value=25))
    (daemon.logs / 'link.json').symlink_to(outside)
    (daemon.logs / 'linked').symlink_to(daemon.folder)
    os.mkfifo(daemon.logs / 'pipe')
    daemon.drop('last.json', native(value=26))
    wait_for_log(daemon, 'last.json')
    time.sleep(3)
    for name in sorted(set(logs(daemon)) & {'.hidden.json', 'half.json.tmp', 'half.json.part', 'inside.json',
                                            'link.json', 'outside.json', 'pipe'}):
        yield f'{name} was read'
    if source(daemon)['failed']:
        yield f'it was tried: {source(daemon)["error"]}'
    (daemon.logs / 'half.json.part').rename(daemon.logs / 'whole.json')
    wait_for_log(daemon, 'whole.json')


def check_unreadable(daemon):
    before = source(daemon)
    (daemon.logs / 'empty.log').touch()
    daemon.drop('noise.log', bytes(range(256)) * 100)
    daemon.drop('bad\nname/x.json', native(value=27))
    os.makedirs(os.path.join(os.fsencode(daemon.logs), b'\xff'))
    with open(os.path.join(os.fsencode(daemon.logs), b'\xff', b'y.json'), 'wb') as log:
        log.write(native(value=28))
    with (daemon.logs / 'huge.log').open('wb') as log:
        log.truncate(65 * 1024 * 1024)
    for name in ('noise.log', 'empty.log'):
        record = wait_for_log(daemon, name)
        if record['error'] is None or record['source'] != 'demo':
            yield f'{name}: {record}'
    found = wait_for(lambda: source(daemon)['failed'] == before['failed'] + 5 and source(daemon), 'five failed files')
    yield from shapes.problems(found, shapes.SOURCE, 'source')
    if found['state'] != 'watching' or 'and 2 more files' not in found['error']:
        yield f'source: {found}'
    daemon.drop('after.json', native(value=29))
    wait_for_log(daemon, 'after.json')


def check_many(daemon):
    before = source(daemon)['logs']
    begin = time.monotonic()
    for number in range(200):
        daemon.drop(f'many/{number % 7}/{number}.json', native(value=100 + number))
    wait_for(lambda: source(daemon)['logs'] == before + 200, '200 logs', 60)
    print(f'# 200 logs in {time.monotonic() - begin:.2f} s')
    if daemon.metric('perfdash_source_logs{source="demo"}') != before + 200:
        yield 'the metrics count others'


def check_event(daemon):
    time.sleep(1)  # what was dropped before is told
    with Events(daemon) as events:
        if events.response.headers['Content-Type'] != 'text/event-stream':
            yield f'it is {events.response.headers["Content-Type"]}'
        daemon.drop(f'{PLACE}/event.json', native(value=30, benchmark='event'))
        begin = time.monotonic()
        event = events.next()
        took = time.monotonic() - begin
        print(f'# told after {took * 1000:.0f} ms')
        data = json.loads(event['data'])
        if event['event'] != 'change' or event['id'] != str(data['generation']) or took > 2:
            yield f'{event} after {took:.2f} s'
        item = daemon.json('/api/v1/series?match=benchmark:event')['items'][0]
        if data['series'] != [item['id']]:
            yield f'it names {data["series"]}, not {item["id"]}'
    with Events(daemon, Last_Event_ID='1') as events:
        if json.loads(events.next()['data'])['series'] is not None:
            yield 'who was away is told what changed'


def check_crowd(daemon):
    """Clients are bounded, and those that go away make room."""
    crowd = []
    for _ in range(256):
        client = socket.create_connection(('127.0.0.1', daemon.port), timeout=5)
        client.sendall(b'GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
        crowd.append((client, client.recv(4096)))
    refused = daemon.raw(b'GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n', patience=1)
    if any(b' 200 ' not in head[:20] for _, head in crowd):
        yield 'not all of 256 may listen'
    if b' 503 ' not in refused[:20] or b'/problems/busy' not in refused or b'Retry-After' not in refused:
        yield f'the last one is told {refused}'
    if daemon.metric('perfdash_event_clients') != 256:
        yield f'{daemon.metric("perfdash_event_clients")} are counted'
    for client, _ in crowd:
        client.close()
    wait_for(lambda: daemon.metric('perfdash_event_clients') == 0, 'clients that are gone are forgotten')


def check_hopeless(daemon):
    """What no other try will help is tried with the look at all files, each minute, and not every few seconds."""
    time.sleep(4)  # others took a second and more since those failed
    tries = [problem['tries'] for problem in source(daemon)['problems']]
    if len(tries) != 3 or max(tries) > 1 + (time.monotonic() - BEGIN) // 60:
        yield f'they were tried {tries} times'


def write(daemon, path, data):
    """In one step, as a careful lab does."""
    daemon.drop(f'{path}.tmp', data).rename(daemon.logs / path)


def values(daemon, benchmark):
    """Of all runs that count, by their start."""
    found = []
    for item in daemon.json(f'/api/v1/series?match=benchmark:{benchmark}')['items']:
        found += daemon.json(f'/api/v1/series/{item["id"]}/points')['values']
    return [round(value * 1000, 6) for value in found]


def night(benchmark, number, value):
    return native(value, benchmark, f'2026-11-2{number}T01:00:00Z')


def check_written_again(daemon):
    """What is the same run is not there twice, whatever becomes of its file and of the daemon; what is another run is."""
    build = PLACE.replace('812', '900')
    lines = b'stopwatch 2.1\ngrown latency 31 ms\n'
    steps = [
        ('each night overwrites it', 'latest.json', night('nightly', 1, 31), 'nightly', [31]),
        ('each night overwrites it', 'latest.json', night('nightly', 2, 32), 'nightly', [31, 32]),
        ('it is written again', 'latest.json', night('nightly', 2, 30), 'nightly', [31, 30]),
        ('it is set back', 'latest.json', night('nightly', 2, 32), 'nightly', [31, 32]),
        ('a build is measured again', f'{build}/again.json', night('again', 1, 31), 'again', [31]),
        ('a build is measured again', f'{build}/again.json', night('again', 2, 30), 'again', [30]),
        ('it grows', 'grown.stopwatch', lines, 'grown', [31]),
        ('it grows', 'grown.stopwatch', lines + b'more latency 3 ms\n', 'more', [3]),
        ('it has grown', 'grown.stopwatch', lines + b'more latency 3 ms\nlast latency 4 ms\n', 'grown', [31]),
        ('it is set back', 'grown.stopwatch', lines, 'more', []),
    ]
    for number, (what, path, data, benchmark, expected) in enumerate(steps):
        write(daemon, path, data)
        if number % 3 == 2:  # while it is on its way, or just before or behind
            time.sleep(0.02 * number)
            daemon.kill()
            daemon.start()
        try:
            wait_for(lambda: values(daemon, benchmark) == expected, what)
        except AssertionError:
            yield f'{path}, {what}: {values(daemon, benchmark)}, not {expected}'
    log = logs(daemon)['grown.stopwatch']
    of_path = [item for item in daemon.json('/api/v1/logs?limit=1000')['items'] if item['name'] == 'grown.stopwatch']
    first = min(item['id'] for item in of_path)
    if sorted((item['id'] == first, item['replaced_by']) for item in of_path) != [(False, first), (False, first), (True, None)]:
        yield f'logs: {of_path}'
    if daemon.get(f'/api/v1/logs/{log["id"]}/raw').status != 200 or list(shapes.problems(log, shapes.LOG)):
        yield f'what was replaced cannot be had any more: {log}'
    # nothing of it counts, so nothing of it is to be read again
    old = next(item for item in of_path if item['replaced_by'])
    answer = daemon.request('POST', f'/api/v1/logs/{old["id"]}/reparse')
    if answer.status != 409 or f'log {first} took the place' not in answer.json['detail'] or daemon.json(f'/api/v1/logs/{old["id"]}') != old:
        yield f'what was replaced is parsed again: {answer.body}'


CHECKS = {
    'a log is stored within a second': check_latency,
    'the path says what it can': check_layout,
    'what the log says counts more': check_log_wins,
    'a log that is being written is left alone': check_slow_writer,
    'files that are named when they are whole': check_linked,
    'hidden and unfinished files and links are left alone': check_ignored,
    'what cannot be read is counted and stops nothing': check_unreadable,
    'many logs at once': check_many,
    'an event tells of a new log': check_event,
    'listeners are bounded': check_crowd,
    'what no other try will help is not tried all the time': check_hopeless,
    'what is written again counts once': check_written_again,
}

if __name__ == '__main__':
    with Daemon('max-log-size=64 MiB', source='labels=site=dallas') as the_daemon:
        tap.run([(name, lambda check=check: check(the_daemon)) for name, check in CHECKS.items()])
