# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real perfdashd on a real socket, with a directory of its own."""

import gzip
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

PROGRAM = os.environ['PERFDASHD']
PATIENCE = 20  # seconds that anything may take on a busy machine


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.sent = response.read()
        packed = self.headers.get('Content-Encoding') == 'gzip'
        self.body = gzip.decompress(self.sent) if packed else self.sent

    @property
    def json(self):
        return json.loads(self.body)


def wait_for(check, what, patience=PATIENCE):
    """What check() gives as soon as that is something."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f'{what}: not within {patience} s')


class Daemon:
    """Started and stopped by `with`; the directory lives as long as the object's folder is wanted."""

    def __init__(self, settings='', folder=None, source='', is_patient=True, files=None, environment=None):
        self.is_own = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix='perfdashd-'))
        self.data = self.folder / 'data'
        self.logs = self.folder / 'logs'
        self.logs.mkdir(exist_ok=True)
        self.config = self.folder / 'perfdashd.conf'
        self.is_patient = is_patient
        self.files = files  # how many it may have open
        self.environment = environment  # beside that of the tests
        self.config.write_text(
            f'[daemon]\nlisten=127.0.0.1:0\ndata-dir={self.data}\n{settings}\n'
            f'[source demo]\npath={self.logs}\n'
            f'layout={{lab}}/{{project}}/{{suite}}/{{branch}}/{{build}}_{{revision}}/{{name}}\n{source}\n'
        )
        self.process = None
        self.errors = self.folder / 'stderr'

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        elif self.process.returncode != 0:
            print(''.join(f'# perfdashd: {line}\n' for line in self.errors.read_text().splitlines()), end='', flush=True)
        self.process.wait()
        self.process.stdout.close()
        if self.is_own:
            shutil.rmtree(self.folder)

    def start(self):
        command = [PROGRAM, '--config', self.config]
        with self.errors.open('a') as errors:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                preexec_fn=None if self.files is None else self.limit,
                env=os.environ | (self.environment or {}),
            )
        line = self.process.stdout.readline()
        match = re.fullmatch(r'listening on http://127\.0\.0\.1:(\d+)\n', line)
        assert match, f'it said {line!r} and {self.errors.read_text()!r}'
        self.port = int(match[1])
        if self.is_patient:
            wait_for(lambda: self.get('/readyz').status == 200, '/readyz')

    def limit(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.files, self.files))

    def stop(self):
        """Seconds it took to stop cleanly."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        assert status == 0, f'exit status {status}: {self.errors.read_text()}'
        self.process.stdout.close()
        return time.monotonic() - begin

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def connect(self, timeout=PATIENCE):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout)

    def request(self, method, path, body=None, headers=None):
        connection = self.connect()
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request('GET', path, headers={name.replace('_', '-'): v for name, v in headers.items()})

    def json(self, path):
        answer = self.get(path)
        assert answer.status == 200, f'{path}: {answer.status} {answer.body[:300]}'
        return answer.json

    def push(self, body, path='/api/v1/logs', **parameters):
        query = urllib.parse.urlencode(parameters)
        return self.request('POST', f'{path}?{query}' if query else path, body)

    def raw(self, data, patience=2):
        """Everything that comes back for some bytes, until the server closes or stays silent."""
        received = b''
        with socket.create_connection(('127.0.0.1', self.port), timeout=patience) as connection:
            try:
                connection.sendall(data)
                while chunk := connection.recv(65536):
                    received += chunk
            except OSError:
                pass
        return received

    def metric(self, name):
        """The value of a line of /metrics, 0 when there is none."""
        for line in self.get('/metrics').body.decode().splitlines():
            if line.startswith(name + ' '):
                return float(line.rpartition(' ')[2])
        return 0.0

    def resident(self, field='VmRSS'):
        status = Path(f'/proc/{self.process.pid}/status').read_text()
        return int(re.search(rf'{field}:\s+(\d+) kB', status)[1]) * 1024

    def drop(self, path, data):
        """A log as a lab leaves it: copied into the directory of its build."""
        target = self.logs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return target


def native(value=3.2, benchmark='login', started_at='2026-11-23T17:12:20Z', **extra):
    """A log in the project's own format, with one result."""
    result = {'benchmark': benchmark, 'metric': 'latency', 'unit': 'ms', 'value': value}
    run = {'started_at': started_at, 'results': [result], **extra}
    return json.dumps({'format': 'perfdash', 'version': 1, 'runs': [run]}).encode()


class Events:
    """A client of /events."""

    def __init__(self, daemon, **headers):
        self.connection = daemon.connect(timeout=5)
        self.connection.request('GET', '/events', headers={k.replace('_', '-'): v for k, v in headers.items()})
        self.response = self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()
        self.connection.close()

    def next(self):
        """The fields of the next event."""
        fields = {}
        while True:
            line = self.response.readline().decode()
            assert line, 'the stream of events has ended'
            line = line.rstrip('\n')
            if not line and 'event' in fields:
                return fields
            name, _, value = line.partition(': ')
            if not line:
                fields = {}
            else:
                fields[name] = value
