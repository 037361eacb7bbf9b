#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints a database of the version that the given programs write, as SQL: make.py PERFDASH PERFDASHD > tests/databases/N.sql

A file is made when a version is new, and never changed afterwards: later versions of the program must be able to open it.
"""

import datetime
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time

N_RUNS = 280
START = datetime.datetime(2023, 11, 14, tzinfo=datetime.timezone.utc)


def make_log():
    """Runs enough for a segment and a tail, of two streams, with everything a run can say; the 17th is hidden."""
    runs = []
    for i in range(N_RUNS):
        started_at = START + i * datetime.timedelta(hours=1)
        results = [{'benchmark': 'GET /cart', 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
                    'value': round(31 + i % 7 / 10, 1), 'stats': {'p99': 40 + i % 5, 'n': 1000},
                    'replicates': [31.5, 32.25]}]
        results.append({'benchmark': 'GET /home', 'metric': 'time', 'unit': 'ms', 'direction': 'lower',
                        'value': round((12 if i < 200 else 15) + i % 7 / 10, 1)})
        if i % 10:
            results.append({'benchmark': 'GET /cart', 'metric': 'errors', 'unit': '1', 'value': i / 3})
        runs.append({'labels': {'lab': 'dfw' if i % 20 else 'iad', 'suite': 'checkout'},
                     'started_at': started_at.isoformat(),
                     'build': str(800 + i), 'revision': f'{i * 2654435761 % 2**32:08x}',
                     'url': f'https://ci.example/{800 + i}/',
                     'environment': {'kernel': '6.1.0'}, 'parameters': {'threads': '4'}, 'results': results})
    return {'format': 'perfdash', 'version': 1, 'runs': runs}


def write_again(place, store):
    """A file that a source finds, and finds written again: its first log is replaced by the other, which lies there."""
    logs, config, database = place / 'found' / '7', place / 'perfdashd.conf', sqlite3.connect(store / 'perfdash.db')
    logs.mkdir(parents=True)
    config.write_text(f'[daemon]\nlisten=127.0.0.1:0\ndata-dir={store}\n'
                      f'[source found]\ntype=directory\npath={logs.parent}\nlayout={{build}}/{{name}}\n')
    daemon = subprocess.Popen([sys.argv[2], '--config', config], stdout=sys.stderr, env={**os.environ, 'TZ': 'UTC'})
    for n, value in enumerate((31, 30), 3):
        result = {'benchmark': 'again', 'metric': 'latency', 'unit': 'ms', 'value': value}
        run = {'labels': {'lab': 'ord'}, 'started_at': START.isoformat(), 'results': [result]}
        (logs / 'again.json').write_text(json.dumps({'format': 'perfdash', 'version': 1, 'runs': [run]}))
        end = time.monotonic() + 30
        while database.execute('SELECT max(id) FROM log').fetchone() != (n,):
            assert time.monotonic() < end
            time.sleep(0.1)
    daemon.terminate()
    assert daemon.wait(30) == 0
    database.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / 'runs.json').write_text(json.dumps(make_log()))
        (place / 'noise.log').write_text('nothing that a parser knows\n')
        store = place / 'store'
        for name, status in ('runs.json', 0), ('noise.log', 1):
            answer = subprocess.run([sys.argv[1], 'ingest', '--store', store, place / name], check=False,
                                    env={**os.environ, 'TZ': 'UTC'}, stdout=sys.stderr)
            assert answer.returncode == status
        subprocess.run([sys.argv[1], 'hide', '--store', store, '17', '--reason', 'wrong machine', '--who', 'ann'], check=True,
                       stdout=sys.stderr)
        write_again(place, store)
        with sqlite3.connect(store / 'perfdash.db') as database:
            print('-- SPDX-License-Identifier: LGPL-2.1-or-later')
            for pragma in ('application_id', 'user_version'):
                value, = database.execute(f'PRAGMA {pragma}').fetchone()
                print(f'PRAGMA {pragma} = {value};')
            for line in database.iterdump():
                print(line)


main()
