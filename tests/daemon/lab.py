# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logs that lie at three kinds of source, and what a daemon has of them: for tests of what may go wrong on the way."""

import hashlib
import json
import os
import time
from collections import Counter

from jenkins import Build
from perfdashd import native, wait_for

NOON = 1764072000  # s since 1970 UTC
HOUR = 3600
OWN = {'id', 'log', 'received_at', 'runs', 'generation'}  # what may differ: numbers, and when it came


def bare(number):
    """A log that says nothing of its run: that the source must do. Four runs after each other have the same value, so the same bytes."""
    return native(number // 4 + 1, started_at=None).replace(b'"started_at": null, ', b'')


class Lab:
    """What a lab leaves, by the digest of the logs: how they are removed where they lie. Files are written from `begin` on."""

    def __init__(self, daemon, store, jenkins, begin=NOON):
        self.begin = begin
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
        os.utime(temporary, (self.begin + number, self.begin + number))
        path = temporary.with_suffix('')
        temporary.rename(path)
        return path.unlink

    def put_item(self, number, data):
        name = f'ord/shop/search/main/{number}_77be01c/run.json'
        self.items[name] = {'name': name, 'time': self.begin + number}
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


def pending(daemon):
    return {path.stem for path in (daemon.data / 'logs/pending').glob('*.zst')}


def count_runs(daemon):
    time.sleep(0.1)
    return daemon.json('/api/v1/status')['runs']


def wait_for_all(daemon, n_logs):
    wait_for(lambda: count_runs(daemon) >= n_logs and not pending(daemon), f'{n_logs} logs', 60 + n_logs / 10)
