#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The clock is set back by an hour while logs come: all are there once, and nobody waits for the hour. The clock is that of libfaketime."""

import os
import sys
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tap  # noqa: E402
from jenkins import Jenkins  # noqa: E402
from lab import Lab, count_runs, snapshot, sources, wait_for_all  # noqa: E402
from perfdashd import Daemon, wait_for  # noqa: E402
from store import Store  # noqa: E402

N_LOGS = 60
N_LATER = 6
BACK = 3600


class Clock:
    """What time it is for a daemon; monotonic time goes on as it does."""

    def __init__(self):
        if os.environ['PERFDASHD_SANITIZE'] != 'none':
            raise tap.Skip('the address sanitizer hangs when another library is loaded before it')
        libraries = sorted(Path('/usr/lib').glob('*/faketime/libfaketimeMT.so.1'))
        if not libraries:
            raise tap.Skip('libfaketime is not installed')
        self.library = libraries[0]

    def settings(self, file):
        self.file = file
        self.set(0)
        return {
            'LD_PRELOAD': str(self.library),
            'FAKETIME_TIMESTAMP_FILE': str(file),
            'FAKETIME_NO_CACHE': '1',
            'FAKETIME_DONT_FAKE_MONOTONIC': '1',
        }

    def set(self, offset):
        temporary = self.file.with_suffix('.new')
        temporary.write_text(f'{offset:+d}\n')
        temporary.rename(self.file)


def received(daemon):
    return [datetime.fromisoformat(log['received_at']).timestamp() for log in daemon.json('/api/v1/logs?limit=1000')['items']]


def import_all(store, jenkins, begin, clock=None):
    """What is stored in the end, and when it came; the clock goes back when a part has come."""
    daemon = Daemon(source=sources(store, jenkins))
    lab = Lab(daemon, store, jenkins, begin)
    if clock:
        daemon.environment = clock.settings(daemon.folder / 'clock')
    for number in range(N_LOGS // 2):
        lab.put(number)
    with daemon:
        wait_for(lambda: count_runs(daemon) >= N_LOGS // 5, 'some logs')
        if clock:
            clock.set(-BACK)
        for number in range(N_LOGS // 2, N_LOGS):
            lab.put(number)
        wait_for_all(daemon, N_LOGS)
        # once more, when all sources wait for their next poll
        time.sleep(1)
        for number in range(N_LOGS, N_LOGS + N_LATER):
            lab.put(number)
        wait_for(lambda: count_runs(daemon) == N_LOGS + N_LATER, 'what comes after the clock was set')
        return snapshot(daemon), received(daemon)


def check():
    clock = Clock()
    begin = int(time.time()) - N_LOGS - 60
    with Store() as store, Jenkins({'perf': {'nightly': []}}) as jenkins:
        expected, _ = import_all(store, jenkins, begin)
        found, times = import_all(store, jenkins, begin, clock)
    if not min(times) < begin - BACK / 2 < max(times):
        yield f'the clock was not set: logs were received from {min(times)} to {max(times)}'
    if sum(expected.values()) != N_LOGS + N_LATER or max(expected.values()) != 1:
        yield f'with a clock that goes on there are {sum(expected.values())} logs'
    for what, documents in ('lost', expected - found), ('too many', found - expected):
        yield from (f'{what}: {document}'[:1000] for document in list(documents)[:3])


if __name__ == '__main__':
    tap.run([('a clock that is set back by an hour while logs come', check)])
