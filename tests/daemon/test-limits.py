#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Limits of the logs that are kept: the oldest go, what they said stays, and so does what an open change refers to."""

import datetime
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402

N_RUNS = 40
STEP = 30  # the first run of the new level


def push_runs(daemon, suite, step):
    """The digests of logs of one suite, an hour apart; the level rises at a run."""
    begin = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=N_RUNS + 1)
    digests = []
    for i in range(N_RUNS):
        when = (begin + datetime.timedelta(hours=i)).strftime('%Y-%m-%dT%H:%M:%SZ')
        answer = daemon.push(native(10 + (5 if i >= step else 0) + i % 3 / 10, benchmark=suite, started_at=when), suite=suite, build=i)
        assert answer.status == 201, answer.body
        digests.append(answer.json['digest'])
    return digests


def set_limits(daemon, *lines):
    text = daemon.config.read_text()
    daemon.config.write_text(text.replace('[daemon]\n', '\n'.join(['[daemon]', *lines]) + '\n', 1))
    daemon.process.send_signal(signal.SIGHUP)


def file_of(daemon, digest):
    return daemon.data / 'logs' / digest[:2] / f'{digest}.zst'


def raw(daemon, digest):
    return daemon.get(f'/api/v1/logs/{digest}/raw')


def prune(daemon, *options):
    command = [os.environ['PERFDASH'], 'prune', f'--store={daemon.data}', *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def check_held(daemon, digests):
    """Those from the last run before the change on."""
    for i in (STEP - 1, STEP):
        assert raw(daemon, digests[i]).status == 200, f'log {i} is gone'
        log = daemon.json(f'/api/v1/logs/{digests[i]}')
        assert log['removed_at'] is None, log
    return [digest for digest in digests if file_of(daemon, digest).exists()]


def check_removed(daemon, digest):
    answer = raw(daemon, digest)
    assert answer.status == 410 and answer.json['type'] == '/problems/gone', answer.body
    assert 'was removed at 20' in answer.json['detail'] and 'more than 1' in answer.json['detail'], answer.json
    log = daemon.json(f'/api/v1/logs/{digest}')
    assert not list(shapes.problems(log, shapes.LOG)) and log['removed_at'], log
    run = daemon.json(f'/api/v1/runs/{log["runs"][0]}')
    assert not list(shapes.problems(run, shapes.RUN_DETAIL)), run
    assert run['log_removed_at'] == log['removed_at'] and len(run['results']) == 1, run
    assert daemon.get(f'/api/v1/runs/{log["runs"][0]}/log').status == 410


def the_oldest_go_and_what_a_change_refers_to_stays():
    with Daemon() as daemon:
        still = push_runs(daemon, 'still', N_RUNS)
        moved = push_runs(daemon, 'moved', STEP)
        wait_for(lambda: daemon.json('/api/v1/changes')['items'], 'the change')
        told = prune(daemon, '--quota=1 KiB', '--dry-run')
        assert told.returncode == 0 and 'kept were 80 logs' in told.stdout and 'it would remove 7' in told.stdout, told
        assert file_of(daemon, still[0]).exists()
        assert 'it would remove 0 logs' in prune(daemon, '--age=400d', '--dry-run').stdout
        for wrong, words in ('--age=1h', 'such as 14d'), ('--quota=much', 'such as 512 MiB'), ('--age=0d', 'a day or more'):
            refused = prune(daemon, wrong, '--dry-run')
            assert refused.returncode == 2 and words in refused.stderr, refused
        set_limits(daemon, 'logs-quota=1 KiB')
        wait_for(lambda: daemon.metric('perfdash_removed_logs_total') > 0, 'logs to be removed')
        held = check_held(daemon, moved)
        assert held and held[0] != moved[0], held
        assert daemon.metric('perfdash_kept_logs') == len(held), held
        check_removed(daemon, still[0])
        assert not any(file_of(daemon, digest).exists() for digest in still)
        # a process that ended between mark and file, and a file that somebody removed
        file_of(daemon, still[0]).write_bytes(b'left over')
        file_of(daemon, held[0]).unlink()
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: not file_of(daemon, still[0]).exists(), 'the file to go')
        answer = raw(daemon, held[0])
        assert answer.status == 410 and 'is missing' in answer.json['detail'], answer.body
        assert daemon.json('/api/v1/status')['results'] == 2 * N_RUNS


def a_log_that_is_sent_again_is_known():
    with Daemon(settings='logs-age=1d') as daemon:
        first = daemon.push(native(1))
        assert first.status == 201, first.body
        set_limits(daemon, 'logs-quota=1 B')
        wait_for(lambda: raw(daemon, first.json['digest']).status == 410, 'the log to go')
        again = daemon.push(native(1))
        assert again.status == 200 and again.json['runs'] == first.json['runs'], again.body
        # the same bytes of another build bring them back
        other = daemon.push(native(1), build=2)
        assert other.status == 201 and raw(daemon, first.json['digest']).status == 200, other.body
        assert all(log['removed_at'] is None for log in daemon.json('/api/v1/logs')['items'])


CHECKS = (the_oldest_go_and_what_a_change_refers_to_stays, a_log_that_is_sent_again_is_known)

if __name__ == '__main__':
    tap.run_functions(CHECKS)
