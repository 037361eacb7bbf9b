#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How fast small logs come from a data store into a daemon that has nothing yet, where the time goes, and how much memory that takes.

The store is NGINX on this machine. Beside it stand, from the same run, what limits it: the same files fetched one after the other
over one connection, files made durable one after the other, and what the processors could do alone.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from perfdashd import Daemon, native, wait_for  # noqa: E402
from store import Nginx  # noqa: E402

N_LOGS = int(os.environ.get('PERFDASH_BENCH_LOGS', '10000'))
N_FOLDERS = 20
LONG_AGO = time.time() - 86400
SOURCE = '[source store]\ntype=http\nurl={}\npreset=nginx\npoll-every=1min..15min\nlayout={{lab}}/{{suite}}/{{build}}.json'
TICKS = os.sysconf('SC_CLK_TCK')


def make_log(i):
    metrics = [('latency', 'ms', 3 + i % 7 / 10), ('p99', 'ms', 9 + i % 5), ('rate', '1/s', 900 + i % 90), ('errors', '1', i % 3)]
    results = [{'benchmark': 'login', 'metric': m, 'unit': unit, 'value': value} for m, unit, value in metrics]
    started = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(LONG_AGO - 60 * i))
    return native(i + 1, started_at=started, results=[*results, {'benchmark': 'pay', 'metric': 'latency', 'unit': 'ms', 'value': i + 1.5}])


def fill(nginx):
    """The addresses of logs, all different, with five results each."""
    urls = []
    for i in range(N_LOGS):
        path = Path(f'lab-{i % 4}', f'suite-{i % N_FOLDERS}', f'{i}.json')
        target = nginx.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(make_log(i))
        os.utime(target, (LONG_AGO, LONG_AGO))
        urls.append(f'{nginx.url}{path}')
    return urls


def time_fetching(urls):
    """Logs a second that curl gets over one connection."""
    with tempfile.NamedTemporaryFile('w', suffix='.curl') as config:
        config.write(''.join(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls))
        config.flush()
        begin = time.monotonic()
        subprocess.run(['curl', '--silent', '--fail', '--config', config.name], check=True)
        return len(urls) / (time.monotonic() - begin)


def time_syncing(folder, n=200):
    """Files a second that are made, written and are on disk, each before the next one is begun."""
    begin = time.monotonic()
    for i in range(n):
        with (folder / f'sync-{i}').open('wb') as file:
            file.write(make_log(i))
            file.flush()
            os.fsync(file.fileno())
    rate = n / (time.monotonic() - begin)
    for i in range(n):
        (folder / f'sync-{i}').unlink()
    return rate


def processor_seconds(pid):
    """What a process used, and what those of its children did that it has waited for."""
    with contextlib.suppress(OSError):
        fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
        return sum(map(int, fields[11:13])) / TICKS, sum(map(int, fields[13:15])) / TICKS
    return 0, 0


def children(pid):
    found = []
    for task in Path(f'/proc/{pid}/task').iterdir():
        with contextlib.suppress(OSError):
            found += (task / 'children').read_text().split()
    return found


def worker_seconds(daemon):
    return sum(sum(processor_seconds(pid)) for pid in children(daemon.process.pid))


def memory(daemon):
    """MB: resident, of that anonymous, and its share (PSS)."""
    text = Path(f'/proc/{daemon.process.pid}/smaps_rollup').read_text()
    return {name: int(re.search(rf'^{name}:\s+(\d+)', text, re.MULTILINE)[1]) / 1000 for name in ('Rss', 'Anonymous', 'Pss')}


def watch(daemon, n_logs):
    """Seconds until all logs are stored, and the memory while they are."""
    begin = time.monotonic()
    peak = memory(daemon)
    while daemon.json('/api/v1/status')['runs'] < n_logs:
        peak = {name: max(value, peak[name]) for name, value in memory(daemon).items()}
        if time.monotonic() - begin > 600:
            raise AssertionError(f'{daemon.json("/api/v1/status")}: {daemon.errors.read_text()}')
        time.sleep(0.1)
    return time.monotonic() - begin, peak


def settle(daemon):
    """Memory when nothing is to be done any more."""
    quiet, last = 0, -1.0
    while quiet < 3:
        time.sleep(1)
        now = processor_seconds(daemon.process.pid)[0]
        quiet = quiet + 1 if now - last < 0.02 else 0
        last = now
    return memory(daemon)


def show_memory(name, figures):
    print(f'memory {name:6} ' + ', '.join(f'{what} {value:6.1f} MB' for what, value in figures.items()))


def steps(daemon):
    pattern = r'^perfdash_intake_(seconds|steps)_total\{step="([a-z]+)"\} (\S+)$'
    found = {}
    for what, step, value in re.findall(pattern, daemon.get('/metrics').body.decode(), re.MULTILINE):
        found.setdefault(step, {})[what] = float(value)
    return found


def show_steps(daemon, seconds):
    print(f'{"step":8} {"times":>7} {"each":>9} {"of the time, in all threads":>28}')
    for step, figures in steps(daemon).items():
        spent, n = figures['seconds'], figures['steps']
        print(f'{step:8} {n:7.0f} {1000 * spent / max(n, 1):6.2f} ms {spent:8.1f} s = {spent / seconds:4.2f} at a time')


def main():
    load = os.getloadavg()[0]
    with Nginx() as nginx:
        urls = fill(nginx)
        fetching = time_fetching(urls)
        with Daemon() as daemon:
            begin_memory = settle(daemon)
            syncing = time_syncing(daemon.folder)
            daemon.stop()
            daemon.config.write_text(daemon.config.read_text() + SOURCE.format(nginx.url) + '\n')
            server = processor_seconds(nginx.process.pid)
            daemon.start()
            seconds, peak = watch(daemon, len(urls))
            used = {
                'daemon': processor_seconds(daemon.process.pid)[0],
                'workers': worker_seconds(daemon),
                'nginx': sum(sum(processor_seconds(pid)) for pid in [nginx.process.pid, *children(nginx.process.pid)]) - sum(server),
            }
            show_steps(daemon, seconds)
            end = settle(daemon)
            logs = daemon.json('/api/v1/logs?limit=1')
    rate = len(urls) / seconds
    print(f'{len(urls)} logs, {os.cpu_count()} processors, load before that {load:.1f}: {seconds:.1f} s, {rate:.0f} logs/s')
    print('processor time: ' + ', '.join(f'{who} {s:.1f} s = {1000 * s / len(urls):.2f} ms a log' for who, s in used.items()))
    possible = os.cpu_count() * len(urls) / sum(used.values())
    print(f'the processors could do {possible:.0f} logs/s if nothing else used them: {rate / possible:.2f} of that')
    print(f'curl gets {fetching:.0f} logs/s over one connection: {rate / fetching:.3f} of that')
    print(f'the disk takes {syncing:.0f} files/s one after the other: {rate / syncing:.2f} of that')
    for name, figures in (('before', begin_memory), ('peak', peak), ('after', end)):
        show_memory(name, figures)


main()
