#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon that is killed again and again while logs come has in the end what one that was never killed has.

Logs come from a directory, an HTTP data store and a Jenkins, some more before each start. What the archive has when the daemon is
killed is accepted: half of it is then removed where it came from, and must be there in the end all the same.

The short form is part of the tests; the long one takes some minutes:
meson test -C build daemon-kill -t 10 --test-args='2000 200'   (logs, kills, and maybe another seed)"""

import contextlib
import random
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tap  # noqa: E402
from jenkins import Jenkins  # noqa: E402
from lab import Lab, pending, snapshot, sources, wait_for_all  # noqa: E402
from perfdashd import Daemon  # noqa: E402
from store import Store  # noqa: E402

N_LOGS, N_KILLS, SEED = (list(map(int, sys.argv[1:])) + [300, 12, 20261128][len(sys.argv) - 1 :])[:3]
LONGEST = 1.5  # seconds that a daemon lives


def stored(daemon):
    path = daemon.data / 'perfdash.db'
    if not path.exists():
        return set()
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'log'").fetchone()
        return {f'{digest}-{origin}' for digest, origin in database.execute('SELECT digest, origin FROM log')} if tables[0] else set()


def undisturbed(store, jenkins):
    daemon = Daemon(source=sources(store, jenkins))
    lab = Lab(daemon, store, jenkins)
    for number in range(N_LOGS):
        lab.put(number)
    with daemon:
        wait_for_all(daemon, N_LOGS)
        return snapshot(daemon)


def live_and_die(daemon, seconds):
    daemon.is_patient = False
    daemon.start()
    time.sleep(seconds)
    daemon.kill()


def killed(store, jenkins):
    """What is stored after all, and how many logs were pending at a kill."""
    rng = random.Random(SEED)
    daemon = Daemon(source=sources(store, jenkins))
    lab = Lab(daemon, store, jenkins)
    n_put = n_pending = 0
    for life in range(1, N_KILLS + 1):
        while n_put < N_LOGS * life // N_KILLS:
            lab.put(n_put)
            n_put += 1
        live_and_die(daemon, rng.uniform(0, LONGEST))
        n_pending += len(pending(daemon))
        lab.remove(stored(daemon) | pending(daemon), rng)
    n_removed = N_LOGS - len(lab.items) - len(lab.builds) - sum(path.is_file() for path in daemon.logs.rglob('*'))
    n_before = len(stored(daemon))
    daemon.is_patient = True
    with daemon:
        wait_for_all(daemon, N_LOGS)
        daemon.stop()
        daemon.start()
        print(f'# seed {SEED}: {N_KILLS} kills; {n_pending} times a log was accepted and not settled, {n_removed} logs were gone', end='')
        print(f' at their source, {n_before} of {N_LOGS} were stored before the last kill', flush=True)
        return snapshot(daemon)


def check():
    with Store() as store, Jenkins({'perf': {'nightly': []}}) as jenkins:
        expected = undisturbed(store, jenkins)
        found = killed(store, jenkins)
    if sum(expected.values()) != N_LOGS or max(expected.values()) != 1:
        yield f'without kills there are {sum(expected.values())} logs'
    for what, documents in ('lost', expected - found), ('too many', found - expected):
        yield from (f'{what}: {document}'[:1000] for document in list(documents)[:3])


if __name__ == '__main__':
    tap.run([('a daemon that is killed has what one that is not has', check)])
