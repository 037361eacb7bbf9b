#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How fast perfdashd takes in the demo, starts, and answers, and how much memory it keeps.

An answer is measured beside /healthz, in turn on the same connection: that one is computed each time, by a thread, and says nothing.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests'))

from perfdashd import Daemon, wait_for  # noqa: E402

N_STARTS = 15
N_REQUESTS = 1000


def take_in(daemon, n_logs):
    begin = time.monotonic()
    wait_for(lambda: daemon.json('/api/v1/status')['runs'] >= n_logs, f'{n_logs} logs', 300)
    seconds = time.monotonic() - begin
    status = daemon.json('/api/v1/status')
    print(f'taking in {n_logs} logs, {status["results"]} results: {seconds:.1f} s, {n_logs / seconds:.0f} logs/s')


def time_start(daemon):
    begin = time.monotonic()
    daemon.start()
    return (time.monotonic() - begin) * 1000


def ask(connection, path, headers):
    begin = time.monotonic()
    connection.request('GET', path, headers=headers)
    size = len(connection.getresponse().read())
    return (time.monotonic() - begin) * 1e6, size


def measure(daemon, path, headers):
    connection = daemon.connect()
    least, taken = [], []
    for _ in range(N_REQUESTS):
        least.append(ask(connection, '/healthz', {})[0])
        took, size = ask(connection, path, headers)
        taken.append(took)
    connection.close()
    took = statistics.median(taken)
    ratio = took / statistics.median(least)
    print(f'{path:44} {"gzip" if headers else "":4} {size:7} B {took:6.0f} us: {ratio:.2f} x /healthz')


def answer(daemon):
    series = daemon.json('/api/v1/series?limit=1')['items'][0]['id']
    for path in ('/api/v1/series?limit=100', f'/api/v1/series/{series}/points', '/'):
        for headers in ({}, {'Accept-Encoding': 'gzip'}):
            measure(daemon, path, headers)


def main():
    folder = Path(tempfile.mkdtemp(prefix='perfdash-bench-'))
    try:
        subprocess.run([ROOT / 'demo/generate.py', '--out', folder], check=True, stdout=subprocess.DEVNULL)
        n_logs = sum(path.is_file() for path in (folder / 'logs').rglob('*'))
        with Daemon(folder=folder) as daemon:
            take_in(daemon, n_logs)
            print(f'memory (VmRSS) after that: {daemon.resident() / 1e6:.1f} MB')
            daemon.stop()
            starts = []
            for _ in range(N_STARTS):
                starts.append(time_start(daemon))
                daemon.stop()
            daemon.start()
            time.sleep(2)
            print(f'memory after a start: {daemon.resident() / 1e6:.1f} MB')
            print(f'from exec to listening and ready: median {statistics.median(starts):.0f} ms, longest {max(starts):.0f} ms')
            answer(daemon)
    finally:
        shutil.rmtree(folder)


main()
