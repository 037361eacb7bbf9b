#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`perfdash ingest --server` over a network and with a server that fail in every way: nothing is lost, nothing doubled."""

import os
import random
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tap  # noqa: E402
from perfdashd import Daemon, native  # noqa: E402

PERFDASH = os.environ['PERFDASH']
N_LOGS = 60
HTML = b'<html><body><h1>Please sign in</h1></body></html>'


def canned(status, body=HTML, kind='text/html', **headers):
    lines = [f'HTTP/1.1 {status}', f'Content-Type: {kind}', f'Content-Length: {len(body)}', 'Connection: close',
             *(f'{name.replace("_", "-")}: {value}' for name, value in headers.items())]
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    connection.close()


def read_request(connection):
    """A whole request; what is there of it when it is cut off."""
    data = b''
    while b'\r\n\r\n' not in data and (chunk := connection.recv(65536)):
        data += chunk
    head, _, body = data.partition(b'\r\n\r\n')
    if b'expect: 100-continue' in head.lower():
        connection.sendall(b'HTTP/1.1 100 Continue\r\n\r\n')
    length = re.search(rb'(?i)content-length: (\d+)', head)
    while length and len(body) < int(length[1]) and (chunk := connection.recv(65536)):
        body += chunk
    return head + b'\r\n\r\n' + body


def pass_on(one, other):
    """Bytes in one direction, until either side is gone."""
    try:
        while chunk := one.recv(65536):
            other.sendall(chunk)
    except OSError:
        pass
    for side in (one, other):
        try:
            side.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Network:
    """What stands between the command and the daemon; each connection takes the next of some faults."""

    def __init__(self, daemon=None, faults=()):
        self.daemon = daemon
        self.faults = list(faults)
        self.requests = []  # heads of those that met a fault
        self.n_connections = 0
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.n_connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        fault = self.faults.pop(0) if self.faults else None
        try:
            if fault is not None:
                self.fail(connection, fault)
            else:
                self.forward(connection)
        except OSError:
            connection.close()

    def forward(self, connection):
        server = socket.create_connection(('127.0.0.1', self.daemon.port))
        threading.Thread(target=pass_on, args=(server, connection), daemon=True).start()
        pass_on(connection, server)

    def fail(self, connection, fault):
        if fault == 'reset':
            connection.recv(1000)
            reset(connection)
            return
        request = read_request(connection)
        self.requests.append(request.partition(b'\r\n\r\n')[0].decode())
        if fault == 'lose the answer':
            with socket.create_connection(('127.0.0.1', self.daemon.port)) as server:
                server.sendall(re.sub(rb'(?i)\r\nexpect: 100-continue', b'', request))
                assert server.recv(65536)
            reset(connection)
        elif fault == 'say nothing':
            connection.recv(1)  # until the client has waited long enough
            connection.close()
        elif fault == 'cut the answer':
            connection.sendall(canned('201 Created', b'{"digest":"', 'application/json').replace(b'Length: 11', b'Length: 500'))
            connection.close()
        else:
            connection.sendall(fault)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
            connection.close()


def ingest(network, *arguments, **environment):
    command = [PERFDASH, 'ingest', '--server', f'http://127.0.0.1:{network.port}', *map(str, arguments)]
    clean = {name: value for name, value in os.environ.items() if name != 'PERFDASH_TOKEN'}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env={**clean, **environment})


def write(daemon, name, body):
    path = daemon.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    return path


def secret(daemon, *arguments):
    command = [PERFDASH, 'token', 'create', '--store', daemon.data, '--scope', 'ingest', *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def wrong(done, status, *words):
    if done.returncode != status:
        yield f'exit status {done.returncode}: {done.stdout}{done.stderr}'
    yield from (f'{word!r} is not in {done.stdout}{done.stderr}' for word in words if word not in done.stdout + done.stderr)


# what may pass: bytes are answered, the others are done by Network
PASSING = {
    'reset': None,
    'lose the answer': None,
    'say nothing': None,
    'cut the answer': None,
    '408': canned('408 Request Timeout'),
    '429': canned('429 Too Many Requests', Retry_After='1'),
    '502 of a proxy': canned('502 Bad Gateway'),
    '503': canned('503 Service Unavailable', b'{"detail":"as many logs as possible are being received"}', 'application/problem+json'),
    '503, later': canned('503 Service Unavailable', Retry_After='Fri, 01 Jan 2021 00:00:00 GMT'),
    '504': canned('504 Gateway Timeout'),
}


def check_passing(daemon):
    """Each fault twice in a row, on a log of its own."""
    for number, (name, fault) in enumerate(PASSING.items()):
        path = write(daemon, f'passing {number}.json', native(build=name))
        with Network(daemon, [fault or name] * 2) as network:
            done = ingest(network, '--timeout', 2, path)
        is_known = name == 'lose the answer'
        yield from (f'{name}: {problem}' for problem in wrong(done, 0, '0 new, 1 known' if is_known else '1 new, 0 known'))
        if network.n_connections != 3 or done.stderr.count('trying again in') != 2:
            yield f'{name}: {network.n_connections} connections: {done.stderr}'
        if '<' in done.stderr:
            yield f'{name}: markup is shown: {done.stderr}'
        found = [run for run in daemon.json('/api/v1/runs?limit=1000')['items'] if run['build'] == name]
        if len(found) != 1:
            yield f'{name}: {len(found)} runs'


def check_retry_after(daemon):
    path = write(daemon, 'later.json', native(build='later'))
    with Network(daemon, [canned('503 Service Unavailable', Retry_After='2'), canned('429 Too Many', Retry_After='1')]) as network:
        done = ingest(network, path)
    yield from wrong(done, 0)
    waits = [float(text) for text in re.findall(r'again in ([\d.]+) s', done.stderr)]
    if len(waits) != 2 or waits[0] < 2 or waits[1] < 1:
        yield f'waits of {waits} s'
    # what a server wants has an end
    with Network(daemon, [canned('503 Service Unavailable', Retry_After='100000')]) as network:
        done = ingest(network, '--retry-for', 5, path)
    yield from wrong(done, 1, '503')


def check_end(daemon):
    """A server that never answers is given up; each further log is tried once."""
    paths = [write(daemon, f'never {number}.json', native(build=f'never {number}')) for number in range(4)]
    with Network(daemon, [canned('503 Service Unavailable')] * 1000) as network:
        done = ingest(network, '--retry-for', 1, *paths)
    yield from wrong(done, 1, '4 failed', '503')
    if network.n_connections < 5 or any(done.stderr.count(path.name + ': ') != 1 for path in paths[1:]):
        yield f'{network.n_connections} connections: {done.stderr}'


def check_final(daemon):
    """What will not pass is not tried again, and says why."""
    token = secret(daemon)
    paths = [write(daemon, f'final {number}.json', native(build=f'final {number}')) for number in range(2)]
    for fault, words in {
        canned('200 OK'): ['text/html', '2 failed'],
        canned('201 Created', b'{"ok":true}', 'application/json'): ['not of perfdash', '2 failed'],
        canned('500 Internal Server Error'): ['500', '2 failed'],
        canned('413 Too Large', b'{"detail":"larger\\u001b[2J than 5 bytes"}', 'application/problem+json'): ['than 5 bytes', '2 failed'],
        canned('404 Not Found', '\x1b[2J\x07'.encode()): ['404', '2 failed'],
    }.items():
        with Network(daemon, [fault] * 10) as network:
            done = ingest(network, *paths, PERFDASH_TOKEN=token)
        yield from wrong(done, 1, *words)
        if network.n_connections != 2 or '\x1b' in done.stderr or '\x07' in done.stderr or token in done.stderr + done.stdout:
            yield f'{network.n_connections} connections: {done.stderr!r}'
        if any(f'Authorization: Bearer {token}' not in request for request in network.requests):
            yield f'the token is not sent: {network.requests}'


def check_refused(daemon):
    """Without a token that counts, the first answer is the last."""
    secret(daemon)
    paths = [write(daemon, f'refused/{number}.json', native(build=f'refused {number}')) for number in range(5)]
    revoked = secret(daemon, '--name', 'gone')
    subprocess.run([PERFDASH, 'token', 'revoke', '--store', daemon.data, 'gone'], check=True, capture_output=True)
    cart = secret(daemon, '--project', 'cart')
    for token, arguments, words in (('', (), ['--token-file', 'PERFDASH_TOKEN', 'token create']), (revoked, (), ['revoked on']),
                                    (cart, ('--project', 'shop'), ['project is "shop"', 'for project cart'])):
        with Network(daemon) as network:
            done = ingest(network, *arguments, paths[0].parent, PERFDASH_TOKEN=token)
        yield from wrong(done, 1, *words, '0 new, 0 known, 1 failed')
        if network.n_connections != 1:
            yield f'{network.n_connections} connections'
    file = write(daemon, 'token', secret(daemon).encode() + b'\n')
    with Network(daemon) as network:
        yield from wrong(ingest(network, '--token-file', file, paths[0].parent, PERFDASH_TOKEN=revoked), 0, '5 new')


def check_large(daemon):
    """A log that is refused is not sent: the answer would be lost with the connection."""
    path = write(daemon, 'large.log', os.urandom(30 * 1024 * 1024))
    with Network(daemon) as network:
        yield from wrong(ingest(network, path), 1, 'token create')
        yield from wrong(ingest(network, path, PERFDASH_TOKEN=secret(daemon)), 1, 'larger than', 'max-log-size')


def check_redirect(daemon):
    token = secret(daemon)
    path = write(daemon, 'redirect.json', native(build='redirect'))
    with Network(daemon) as other:
        for status in ('301 Moved', '302 Found', '307 Temporary Redirect', '308 Permanent Redirect'):
            to = f'http://127.0.0.1:{other.port}/api/v1/logs'
            with Network(daemon, [canned(status, Location=to)]) as network:
                yield from wrong(ingest(network, path, PERFDASH_TOKEN=token), 1, to, '--server')
        if other.n_connections:
            yield 'the token went to another server'


def check_usage(daemon):
    token = secret(daemon)
    path = write(daemon, 'usage.json', native(build='usage'))
    cut = write(daemon, 'cut', token[:-3].encode())
    for server, arguments, word in (('http://perfdash.example', (), 'https'), ('perfdash.example', (), 'no address'),
                                    ('ftp://x/', (), 'no address'), ('https://x/?a=b', (), 'no address'),
                                    ('http://127.0.0.1:1', ('--token-file', cut), 'not whole'),
                                    ('http://127.0.0.1:1', ('--token-file', '/nowhere'), '/nowhere'),
                                    ('http://127.0.0.1:1', ('--timeout', '0'), 'timeout')):
        done = subprocess.run([PERFDASH, 'ingest', '--server', server, *arguments, path], capture_output=True, text=True,
                              check=False, timeout=60, env={**os.environ, 'PERFDASH_TOKEN': token})
        yield from (f'{server} {arguments}: {problem}' for problem in wrong(done, 2, word))
        if token in done.stderr:
            yield 'the token is shown'


def check_kills():
    """The daemon is killed while logs come in, the command goes on, and each log is there once."""
    with Daemon() as daemon, Network(daemon) as network:
        for number in range(N_LOGS):
            write(daemon, f'killed/{number}.json', native(value=1 + number, build=str(number), started_at=f'2026-11-23T17:{number:02}:00Z'))
        folder = daemon.folder / 'killed'
        command = [PERFDASH, 'ingest', '--server', f'http://127.0.0.1:{network.port}', folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            kills = 0
            while process.poll() is None and kills < 8:
                time.sleep(random.uniform(0.02, 0.3))
                daemon.process.kill()
                daemon.process.wait()
                daemon.process.stdout.close()
                kills += 1
                daemon.start()
            output, errors = process.communicate(timeout=120)
        print(f'# {kills} kills, {errors.count("trying again")} attempts more: {output.strip()}')
        if process.returncode != 0 or 'trying again' not in errors:
            yield f'exit status {process.returncode}: {output}{errors}'
        builds = [run['build'] for run in daemon.json('/api/v1/runs?limit=1000')['items']]
        if sorted(builds) != sorted(str(number) for number in range(N_LOGS)):
            yield f'{len(builds)} runs of {len(set(builds))} builds'
        [series] = daemon.json('/api/v1/series')['items']
        values = daemon.json(f'/api/v1/series/{series["id"]}/points')['values']
        if len(values) != N_LOGS or len(daemon.json('/api/v1/logs?limit=1000')['items']) != N_LOGS:
            yield f'{len(values)} results'
        yield from wrong(ingest(network, folder), 0, f'0 new, {N_LOGS} known')


CHECKS = {
    'what may pass is tried again until it does': check_passing,
    'Retry-After is obeyed, up to a point': check_retry_after,
    'a server that never answers is given up': check_end,
    'what will not pass is final': check_final,
    'a token that does not count ends it at once': check_refused,
    'a large log that is refused says why': check_large,
    'a token goes to no other server': check_redirect,
    'a wrong server or token is wrong usage': check_usage,
}

if __name__ == '__main__':
    with Daemon('max-log-size=20 MiB') as the_daemon:
        checks = [(name, lambda check=check: check(the_daemon)) for name, check in CHECKS.items()]
        tap.run([*checks, ('the daemon is killed and comes back', check_kills)])
