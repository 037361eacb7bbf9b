#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does a daemon parse logs again when a parser got better: one, or those that are due, while it goes on?"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, Events, wait_for  # noqa: E402

PERFDASH = os.environ['PERFDASH']
N_LOGS = 40
STEP = 20  # here it gets slower
START = datetime.now(timezone.utc) - timedelta(days=5)

# version 1 takes milliseconds for seconds
MILL = r'''[parser]
name=mill
version={version}
sniff=^mill run at (?<time>\S+)
format=lines
[run]
started_at={{time}}
[result latency]
line=^(?<benchmark>\w+) took (?<value>\S+) ms
unit={unit}
direction=lower
{more}'''
ROWS = r'''[result rows]
line=^(?<benchmark>\w+) read (?<value>\S+) rows
unit=1
'''
LOOM = r'''[parser]
name=loom
sniff=^loom
format=lines
[run]
label.lab=lon
[result speed]
line=^(?<benchmark>\w+) at (?<value>\S+)
unit=1/s
'''


def make_log(number):
    level = (31 if number < STEP else 47) + number % 7 / 10
    return f'mill run at {(START + timedelta(hours=number)).isoformat()}\nlogin took {level} ms\nlogin read {1000 + number} rows\n'.encode()


class Reparsed:
    """A daemon that has read logs with the first version of a parser, and now has the second."""

    def __init__(self, folder):
        self.parsers = Path(folder) / 'parsers'
        self.parsers.mkdir()
        # all others only take time
        shutil.copy(Path(os.environ['PERFDASH_PARSER_PATH']) / 'key-file.so', self.parsers)
        self.daemon = Daemon(f'parser-path={self.parsers}\nnew-for=30d', folder=folder)
        (self.parsers / 'mill.parser').write_text(MILL.format(version=1, unit='s', more=''))
        for number in range(N_LOGS):
            self.daemon.drop(f'dfw/shop/nightly/main/{number}_abc/{number:03}.log', make_log(number))
        self.daemon.drop('ord/shop/nightly/main/7_abc/loom.log', b'loom\nlogin at 7\n')
        self.daemon.start()
        wait_for(lambda: len(self.daemon.json('/api/v1/logs?limit=1000')['items']) == N_LOGS + 1, 'the logs')
        named = {log['name']: log['id'] for log in self.daemon.json('/api/v1/logs?limit=1000')['items']}
        self.logs = [named[f'{number:03}.log'] for number in range(N_LOGS)]
        self.loom = named['loom.log']
        self.daemon.stop()
        (self.parsers / 'mill.parser').write_text(MILL.format(version=2, unit='ms', more=ROWS))
        (self.parsers / 'loom.parser').write_text(LOOM)
        self.daemon.start()

    def post(self, path, secret=None, method='POST'):
        return self.daemon.request(method, f'/api/v1/{path}', None, {'Authorization': f'Bearer {secret}'} if secret else {})

    def job(self, path, secret=None):
        """A job from its beginning to its end."""
        answer = self.post(path, secret)
        assert answer.status == 202, answer.body
        yield from shapes.problems(answer.json, shapes.REPARSE, path)
        yield wait_for(lambda: (job := self.daemon.json('/api/v1/reparse'))['state'] != 'running' and job, path)

    def run(self, *arguments):
        environment = {**os.environ, 'LC_ALL': 'C.UTF-8', 'PERFDASH_PARSER_PATH': str(self.parsers)}
        return subprocess.run([PERFDASH, 'reparse', *map(str, arguments)], capture_output=True, text=True, check=False, env=environment)

    def there(self, *arguments):
        return self.run('--server', f'http://127.0.0.1:{self.daemon.port}', *arguments)

    def value(self, log):
        [run] = self.daemon.json(f'/api/v1/logs/{log}')['runs']
        return self.daemon.json(f'/api/v1/runs/{run}')['results'][0]['value']

    def days(self):
        """What the sources page says of all days."""
        [one] = self.daemon.json('/api/v1/sources')['items']
        return {name: sum(day[name] for day in one['days']) for name in ('logs', 'failed', 'results')}


def counts(report):
    [row] = report['parsers']
    return {what: row[f'values_{what}'] for what in ('same', 'changed', 'moved', 'appeared', 'vanished')}


def check_one(it):
    log = it.logs[0]
    path = f'logs/{log}/reparse'
    kept = it.daemon.json(f'/api/v1/logs/{log}')
    preview = it.post(f'{path}?preview=true')
    yield from shapes.problems(preview.json, shapes.REPARSED, 'preview')
    report = preview.json['report']
    if (preview.status, report['preview'], counts(report)) != (200, True, {'same': 0, 'changed': 1, 'moved': 0, 'appeared': 1, 'vanished': 0}):
        yield f'preview: {preview.body}'
    example = report['examples'][0]
    if (example['what'], example['value_before'], example['value'], example['unit']) != ('changed', 31, 0.031, 's'):
        yield f'example: {example}'
    if it.value(log) != 31 or it.daemon.json(f'/api/v1/logs/{log}') != kept:
        yield 'a preview writes'
    before = it.days()
    [run] = it.daemon.json(f'/api/v1/logs/{log}')['runs']
    with Events(it.daemon) as events:
        done = it.post(path)
        event = json.loads(events.next()['data'])
    if it.daemon.json(f'/api/v1/runs/{run}')['results'][0]['series'] not in (event['series'] or []):
        yield f'pages are not told: {event}'
    if done.json['report'] != {**report, 'preview': False} or done.json['log']['runs'] != [run] or it.value(log) != 0.031:
        yield f'done: {done.body}'
    if it.days() != {**before, 'results': before['results'] + 1}:
        yield f'{before} became {it.days()}'
    again = it.post(path).json['report']
    if again['parsers'][0]['logs_same'] != 1:
        yield f'it is not the same a second time: {again}'


def check_refused(it):
    gone = it.daemon.json(f'/api/v1/logs/{it.logs[1]}')
    [file] = (it.daemon.data / 'logs').rglob(f'{gone["digest"]}*')
    kept = file.read_bytes()
    file.unlink()
    for path, status, word in (
        ('logs/4711/reparse', 404, '4711'), (f'logs/{it.logs[1]}/reparse', 410, gone['digest']), (f'logs/{it.logs[0]}/reparse?preview=yes', 400, 'preview'),
        (f'logs/{it.logs[0]}/reparse?color=red', 400, 'color'), ('reparse?due=some', 400, 'due'), ('reparse?since=yestrday', 400, 'since'),
    ):
        answer = it.post(path)
        yield from shapes.problems(answer.json, shapes.PROBLEM, path)
        if answer.status != status or word not in answer.json['detail']:
            yield f'{path}: {answer.status} {answer.body}'
    file.write_bytes(kept)


def check_tokens(it):
    """What a token may push, it may parse again, and nothing else."""
    def create(*arguments):
        done = subprocess.run([PERFDASH, 'token', 'create', '--store', it.daemon.data, *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()
    ours, theirs = create('--scope', 'ingest', '--lab', 'ord'), create('--scope', 'triage')
    for path, secret, status, word in (
        (f'logs/{it.logs[2]}/reparse', None, 401, 'token'), (f'logs/{it.logs[2]}/reparse', theirs, 403, 'triage'),
        (f'logs/{it.logs[2]}/reparse', ours, 403, 'dfw'), (f'logs/{it.loom}/reparse', ours, 403, 'lon'),
        (f'logs/{it.loom}/reparse?preview=true', ours, 403, 'lon'), ('reparse', None, 401, 'token'), ('reparse?preview=true', ours, 403, 'limits'),
    ):
        answer = it.post(path, secret)
        if answer.status != status or word not in answer.json['detail']:
            yield f'{path}: {answer.status} {answer.body}'
    if it.value(it.logs[2]) < 1 or it.daemon.json(f'/api/v1/logs/{it.loom}')['error'] is None:
        yield 'it was done all the same'
    before = it.days()
    it.secret = create('--scope', 'ingest')
    answer = it.post(f'logs/{it.loom}/reparse', it.secret)
    if answer.status != 200 or answer.json['log']['outcome'] != 'ok' or answer.json['report']['parsers'][0]['runs_appeared'] != 1:
        yield f'{answer.status} {answer.body}'
    if before['failed'] != 1 or it.days() != {**before, 'failed': 0, 'results': before['results'] + 1}:
        yield f'{before} became {it.days()}'


def check_preview(it):
    """A job previews: the same as the command line in the store, and nothing is written."""
    if it.daemon.json('/api/v1/reparse')['state'] != 'none':
        yield 'there was a job'
    *problems, job = it.job('reparse?source=demo&since=1d&preview=true', it.secret)
    yield from problems
    yield from shapes.problems(job, shapes.REPARSE, 'the end')
    if (job['state'], job['logs'], job['done'], counts(job['report'])['changed']) != ('done', N_LOGS - 1, N_LOGS - 1, N_LOGS - 1):
        yield f'{job}'
    token = it.daemon.folder / 'token'
    token.write_text(it.secret)
    for form, *chosen in (
        ('json',), ('table', '--all', '--source', 'demo', '--parser', 'mill', '--since', '2h'), ('csv', '--failed'), ('markdown', '--failed'),
    ):
        here = it.run('--preview', '--store', it.daemon.data, '--format', form, *chosen)
        there = it.there('--preview', '--token-file', token, '--format', form, *chosen)
        if here.stdout != there.stdout or there.returncode != 0:
            yield f'{form} {chosen}: {there}'
    if it.value(it.logs[3]) < 1:
        yield 'a preview writes'
    refused = it.there('--preview')
    if refused.returncode != 1 or 'token' not in refused.stderr:
        yield f'without a token: {refused}'


def check_job(it):
    """One at a time; it can be stopped, and the next one does the rest."""
    answers = [it.post('reparse', it.secret), it.post('reparse', it.secret), it.post(f'logs/{it.logs[0]}/reparse', it.secret)]
    stopped = it.post('reparse', it.secret, 'DELETE')
    if [answer.status for answer in answers] != [202, 409, 409] or stopped.status != 200:
        yield f'{[answer.body for answer in answers]} {stopped.body}'
    yield from shapes.problems(answers[1].json, shapes.PROBLEM, '409')
    job = wait_for(lambda: (job := it.daemon.json('/api/v1/reparse'))['state'] != 'running' and job, 'the end')
    if job['state'] != 'stopped' or job['done'] >= N_LOGS or job['id'] != answers[0].json['id']:
        yield f'stopped: {job}'
    *problems, job = it.job('reparse', it.secret)
    yield from problems
    if job['state'] != 'done' or {it.value(log) < 1 for log in it.logs} != {True}:
        yield f'{job}'
    runs = it.daemon.json('/api/v1/runs?limit=1000')['items']
    if it.days() != {'logs': N_LOGS + 1, 'failed': 0, 'results': sum(run['n_results'] for run in runs)}:
        yield f'{it.days()} of {len(runs)} runs'
    # what was found of seconds is found of milliseconds
    wait_for(lambda: [True for change in it.daemon.json('/api/v1/changes?match=metric:latency')['items'] if change['before']['value'] < 1], 'the analysis')
    rest = it.there('--token-file', it.daemon.folder / 'token', '--format', 'json')
    if json.loads(rest.stdout)['parsers'] != []:
        yield f'something is due still: {rest}'


def check_mended(it):
    """A source does not go on saying that logs could not be read which were read again."""
    def failed():
        [one] = it.daemon.json('/api/v1/sources')['items']
        return one['failed'] if one['logs'] == N_LOGS + 2 else None
    it.daemon.drop('dfw/shop/nightly/main/99_abc/next.log', make_log(N_LOGS))
    wait_for(lambda: failed() is not None, 'the next log')
    if failed() != 0:
        yield f'{failed()} failed'
    it.daemon.stop()
    it.daemon.start()
    wait_for(lambda: failed() is not None, 'what is known')
    if failed() != 0:
        yield f'{failed()} failed after a start'


def check_moved(it):
    """Who has the address of a run finds the one in its place, however often it was moved."""
    log = it.logs[0]
    [first] = it.daemon.json(f'/api/v1/logs/{log}')['runs']
    ids = [first]
    for version, disk in (3, 'nvme'), (4, 'ssd'):
        it.daemon.stop()
        text = MILL.format(version=version, unit='ms', more=ROWS).replace('[run]', f'[run]\nlabel.disk={disk}')
        (it.parsers / 'mill.parser').write_text(text)
        it.daemon.start()
        ids.append(it.post(f'logs/{log}/reparse', it.secret).json['log']['runs'][-1])
    runs = [it.daemon.json(f'/api/v1/runs/{run}') for run in ids]
    yield from shapes.problems(runs[0], shapes.RUN_DETAIL, 'replaced')
    if len(set(ids)) != 3 or [run['replaced_by'] for run in runs] != [ids[2], ids[2], None]:
        yield f"{ids}: {[run['replaced_by'] for run in runs]}"
    if [run['history'][-1]['what'] for run in runs[:2]] != ['replaced', 'replaced']:
        yield f'{runs}'


def check_touched(it):
    """A file that was written again and could not be read takes nothing away; a parser that can reads it when it is touched."""
    old, path, text = it.logs[2], 'dfw/shop/nightly/main/2_abc/002.log', b'weft\nlogin at 9\n'
    it.daemon.drop(path, text)
    unread = wait_for(lambda: next((log for log in it.daemon.json('/api/v1/logs?limit=9')['items'] if log['replaced_by'] == old), None), 'the file')
    answer = it.post(f"logs/{unread['id']}/reparse", it.secret)
    if answer.status != 409 or 'touch its file' not in answer.json['detail'] or it.value(old) != (31.2 / 1000):
        yield f'{answer.body} {it.value(old)}'
    it.daemon.stop()
    (it.parsers / 'weft.parser').write_text(LOOM.replace('loom', 'weft'))
    it.daemon.start()
    it.daemon.drop(path, text)
    wait_for(lambda: it.daemon.json(f'/api/v1/logs/{old}')['replaced_by'] == unread['id'], 'the file that was touched')
    if it.value(unread['id']) != 9 or it.daemon.json(f"/api/v1/logs/{unread['id']}")['replaced_by'] is not None:
        yield f'{it.value(unread["id"])}'


def main():
    with tempfile.TemporaryDirectory() as folder:
        it = Reparsed(folder)
        try:
            tap.run([
                ('one log', lambda: check_one(it)),
                ('what cannot be done is refused', lambda: check_refused(it)),
                ('a token opens what it is for', lambda: check_tokens(it)),
                ('a preview says what would change', lambda: check_preview(it)),
                ('all that is due, one job at a time', lambda: check_job(it)),
                ('a source that was mended says so', lambda: check_mended(it)),
                ('a run that moved is found', lambda: check_moved(it)),
                ('a file without results is read when it is touched', lambda: check_touched(it)),
            ])
        finally:
            it.daemon.stop()


if __name__ == '__main__':
    main()
