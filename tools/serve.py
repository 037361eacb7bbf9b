# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run perfdashd on the logs of one folder, and say when they are read and where to look: serve.py FOLDER PORT"""

import errno
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / 'build'
LAYOUT = '{lab}/{project}/{suite}/{branch}/{build}_{revision}/{name}'
DEMO_NOTICE = 'Demo data: made by demo/generate.py, not measured'
PATIENCE = 20  # seconds without a log read
LISTENING = re.compile(r'listening on (http://\S+?)/?\s*$')


def is_log(path):
    """What the daemon takes from a directory."""
    return path.is_file() and not path.name.startswith('.') and path.suffix not in ('.tmp', '.part')


def free_port(port):
    """The port, or 0 (any) when somebody else has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            print(f'port {port} is in use: taking a free one', flush=True)
            return 0
    return port


def write_config(folder, port):
    notice = DEMO_NOTICE if folder.name == 'demo' else ''
    config = folder / 'perfdashd.conf'
    config.write_text(
        f'# written by tools/run each time it starts\n'
        f'[daemon]\n'
        f'listen=127.0.0.1:{port}\n'
        f'data-dir={folder / "data"}\n'
        f'title=perfdash\n'
        f'notice={notice}\n'
        f'parser-path={BUILD / "plugins"}\n'
        f'worker={BUILD / "libperfdash" / "perfdash-worker"}\n'
        f'\n'
        f'[source {folder.name}]\n'
        f'type=directory\n'
        f'path={folder / "logs"}\n'
        f'layout={LAYOUT}\n',
        encoding='utf-8',
    )
    return config


def start(config):
    """Starts the daemon, away from the terminal's Ctrl-C, which is passed on in our own time."""
    return subprocess.Popen(
        [BUILD / 'daemon' / 'perfdashd', '--config', config],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def stop_on_signals(daemon):
    """Returns the event that is set once the daemon has been told to stop."""
    stopping = threading.Event()

    def stop(*_):
        stopping.set()
        daemon.send_signal(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    return stopping


def read_link(daemon):
    """Passes the daemon's lines on until it says where it listens; None when it ends before."""
    for line in daemon.stdout:
        print(line, end='', flush=True)
        if match := LISTENING.search(line):
            return match[1]
    return None


def pass_lines_on(daemon):
    for line in daemon.stdout:
        print(line, end='', flush=True)


def count_read(link):
    """How many files the daemon is through with, whether it could read them or not."""
    with urllib.request.urlopen(f'{link}/api/v1/sources', timeout=30) as answer:
        [source] = json.load(answer)['items']
    if source['state'] == 'error' and source['error']:
        raise RuntimeError(source['error'])
    return source['logs']


def show_progress(daemon, link, n_logs, stopping):
    """Says how far the logs are read, until they all are or the daemon is told to stop."""
    before, changed = 0, time.monotonic()
    while not stopping.wait(0.5) and daemon.poll() is None:
        try:
            n_read = count_read(link)
        except OSError:
            continue  # it is about to end
        if n_read != before:
            print(f'{n_read} of {n_logs} logs are read', flush=True)
            before, changed = n_read, time.monotonic()
        if n_read >= n_logs:
            return
        if time.monotonic() - changed > PATIENCE:
            print(f'the others wait for something: {link}/api/v1/sources', flush=True)
            return


def explain(folder, link):
    example = folder / 'logs' / 'dfw' / 'shop' / 'checkout' / 'main' / '1_abc1234'
    print(
        f'\nperfdash is at  {link}/\n'
        f'own logs go to  {folder / "logs"}/{LAYOUT}\n'
        f'for example     mkdir -p {example} && cp my.jtl {example}/\n'
        f'Ctrl-C stops it',
        flush=True,
    )


def watch_over(daemon, folder, n_logs):
    stopping = stop_on_signals(daemon)
    if link := read_link(daemon):
        threading.Thread(target=pass_lines_on, args=[daemon], daemon=True).start()
        show_progress(daemon, link, n_logs, stopping)
        if daemon.poll() is None and not stopping.is_set():
            explain(folder, link)
    return daemon.wait()


def main():
    folder, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    (folder / 'logs').mkdir(parents=True, exist_ok=True)
    n_logs = sum(map(is_log, (folder / 'logs').rglob('*')))
    daemon = start(write_config(folder, free_port(port)))
    try:
        status = watch_over(daemon, folder, n_logs)
    finally:
        daemon.terminate()
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == '__main__':
    main()
