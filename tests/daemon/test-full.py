#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A disk that is full: nothing is lost, nothing comes twice, and it is told. The disk is a small tmpfs, which takes root to mount."""

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tap  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402
from store import Store  # noqa: E402

SIZE = 4  # MiB
N_LOGS = 12


@contextlib.contextmanager
def disk():
    with tempfile.TemporaryDirectory(prefix='perfdash-disk-') as folder:
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={SIZE}m', 'tmpfs', folder], check=False, capture_output=True, text=True)
        if mounted.returncode != 0:
            raise tap.Skip(f'no disk of our own: {mounted.stderr.strip()}')
        try:
            yield Path(folder)
        finally:
            subprocess.run(['umount', folder], check=True)


def fill(path):
    """Takes all room that is left."""
    with path.open('wb', buffering=0) as ballast, contextlib.suppress(OSError):
        for size in (65536, 4096):
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(b'\0' * size)


def values(daemon):
    found = []
    for log in daemon.json('/api/v1/logs?limit=1000')['items']:
        found += [daemon.json(f'/api/v1/runs/{run}')['build'] for run in log['runs']]
    return sorted(found)


def count_runs(daemon):
    time.sleep(0.2)
    return daemon.json('/api/v1/status')['runs']


def told(daemon, name):
    item = next(item for item in daemon.json('/api/v1/sources')['items'] if item['name'] == name)
    return 'space' in (item['error'] or '') or 'full' in (item['error'] or '')


def check():
    """Logs are dropped and pushed while the disk is full; when there is room, all are there once."""
    with disk() as folder, Daemon(folder=folder) as daemon:
        daemon.drop('before.json', native(1, build='before'))
        wait_for(lambda: values(daemon) == ['before'], 'a log while there is room')
        names = [f'build-{number}' for number in range(N_LOGS)]
        elsewhere = [daemon.drop(f'{name}.json.tmp', native(number + 2, build=name)) for number, name in enumerate(names)]
        fill(folder / 'ballast')
        for path in elsewhere:
            path.rename(path.with_suffix(''))
        pushed = native(99, build='pushed')
        refused = daemon.push(pushed)
        if refused.status < 500:
            yield f'a push was answered {refused.status} {refused.body}'
        wait_for(lambda: told(daemon, 'demo'), 'the source to tell of it')
        if values(daemon) != ['before']:
            yield f'stored without room: {values(daemon)}'
        (folder / 'ballast').unlink()
        if daemon.push(pushed).status != 201:
            yield 'a push is not taken when there is room again'
        wait_for(lambda: count_runs(daemon) >= N_LOGS + 2, 'all logs', 90)
        daemon.stop()
        daemon.start()
        if values(daemon) != sorted(['before', 'pushed', *names]):
            yield f'in the end there are {values(daemon)}'
        if list((daemon.data / 'logs/pending').iterdir()):
            yield 'something is pending still'


if __name__ == '__main__':
    tap.run([('a disk that is full', check)])
