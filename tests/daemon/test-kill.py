#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon that is killed again and again while logs come has in the end what one that was never killed has.

Logs come from a directory, an HTTP data store and a Jenkins, some more before each start. What the archive has when the daemon is
killed is accepted: half of it is then removed where it came from, and must be there in the end all the same.

The short form is part of the tests; the long one takes some minutes:
meson test -C build daemon-kill -t 10 --test-args='2000 200'   (logs, kills, and maybe another seed)"""

import contextlib
import hashlib
import json
import os
import random
import sqlite3
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tap  # noqa: E402
from jenkins import Build, Jenkins  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402
from store import Store  # noqa: E402

N_LOGS, N_KILLS, SEED = (list(map(int, sys.argv[1:])) + [300, 12, 20261128][len(sys.argv) - 1 :])[:3]
LONGEST = 1.5  # seconds that a daemon lives
NOON = 1764072000  # s since 1970 UTC
HOUR = 3600
OWN = {'id', 'log', 'received_at', 'runs', 'generation'}  # what may differ: numbers, and when it came


def bare(number):
    """A log that says nothing of its run: that the source must do. Four runs after each other have the same value, so the same bytes."""
    return native(number // 4 + 1, started_at=None).replace(b'"started_at": null, ', b'')


class Lab:
    """What a lab leaves, by the digest of the logs: how they are removed where they lie."""

    def __init__(self, daemon, store, jenkins):
        self.daemon = daemon
        self.store = store
        self.builds = jenkins.jobs['perf']['nightly']
        self.builds.clear()
        self.items = {}  # name -> entry of the index
        self.n_put = Counter()  # by digest
        self.removals = {}  # digest -> functions
        store.routes['/'] = lambda handler: handler.reply(200, json.dumps({'items': [*self.items.values()]}).encode())

    def put(self, number):
        data = bare(number)
        put = (self.put_file, self.put_item, self.put_build)[number % 3]
        digest = hashlib.sha256(data).hexdigest()
        self.n_put[digest] += 1
        self.removals.setdefault(digest, []).append(put(number, data))

    def put_file(self, number, data):
        temporary = self.daemon.drop(f'dfw/shop/checkout/main/{number}_77be01c/run.json.tmp', data)
        os.utime(temporary, (NOON + number, NOON + number))
        path = temporary.with_suffix('')
        temporary.rename(path)
        return path.unlink

    def put_item(self, number, data):
        name = f'ord/shop/search/main/{number}_77be01c/run.json'
        self.items[name] = {'name': name, 'time': NOON + number}
        self.store.routes[f'/{name}'] = lambda handler: handler.reply(200, data)
        return lambda: self.items.pop(name)

    def put_build(self, number, data):
        build = Build(number + 1, (NOON + number * HOUR) * 1000, {'run.json': data}, node=f'node-{number % 7}')
        self.builds.append(build)
        return lambda: self.builds.remove(build)

    def remove(self, identities, rng):
        """Half of what was accepted, where all logs with the same bytes were."""
        counts = Counter(identity.partition('-')[0] for identity in identities)
        for digest in sorted(counts.keys() & self.removals.keys()):
            if counts[digest] < self.n_put[digest]:
                continue
            for removal in self.removals.pop(digest):
                if rng.random() < 0.5:
                    removal()


def sources(store, jenkins):
    often = 'poll-every=1s..2s'
    layout = 'layout={lab}/{project}/{suite}/{branch}/{build}_{revision}/{name}'
    return '\n'.join(
        ['[source store]', 'type=http', f'url={store.url}', 'preset=perfdash', often, layout]
        + ['[source jenkins]', 'type=jenkins', f'url={jenkins.url}', 'files=*.json', 'labels=lab=fra', often]
    )


def pages(daemon, path):
    following = f'{path}?limit=500'
    while following:
        answer = daemon.json(following)
        yield from answer['items']
        following = answer['next'] and f'{path}?limit=500&cursor={answer["next"]}'


def own(document):
    return {key: value for key, value in document.items() if key not in OWN}


def snapshot(daemon):
    """Everything that is stored, how often."""
    found = Counter()
    for log in pages(daemon, '/api/v1/logs'):
        runs = [own(daemon.json(f'/api/v1/runs/{run}')) for run in log['runs']]
        found[json.dumps([own(log), runs], sort_keys=True)] += 1
    return found


def stored(daemon):
    path = daemon.data / 'perfdash.db'
    if not path.exists():
        return set()
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'log'").fetchone()
        return {f'{digest}-{origin}' for digest, origin in database.execute('SELECT digest, origin FROM log')} if tables[0] else set()


def pending(daemon):
    return {path.stem for path in (daemon.data / 'logs/pending').glob('*.zst')}


def count_runs(daemon):
    time.sleep(0.1)
    return daemon.json('/api/v1/status')['runs']


def wait_for_all(daemon):
    wait_for(lambda: count_runs(daemon) >= N_LOGS and not pending(daemon), f'{N_LOGS} logs', 60 + N_LOGS / 10)


def undisturbed(store, jenkins):
    daemon = Daemon(source=sources(store, jenkins))
    lab = Lab(daemon, store, jenkins)
    for number in range(N_LOGS):
        lab.put(number)
    with daemon:
        wait_for_all(daemon)
        return snapshot(daemon)


def live_and_die(daemon, seconds):
    daemon.is_patient = False
    daemon.start()
    time.sleep(seconds)
    daemon.process.kill()
    daemon.process.wait()
    daemon.process.stdout.close()


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
        wait_for_all(daemon)
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
