#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starting and stopping: configuration, what makes a start impossible, and that nothing is lost between."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tap  # noqa: E402
from perfdashd import PROGRAM, Daemon, native, wait_for  # noqa: E402

EXAMPLE = Path(os.environ['PERFDASHD_EXAMPLE'])
STOP_TIME = 2  # seconds

# a configuration, and what is said about it after the name of the file
MISTAKES = {
    '[daemon]\n\nlisen=127.0.0.1:1\n': [':3: unknown key "lisen" in [daemon] (did you mean "listen"?)'],
    '[deamon]\n': [':1: unknown group [deamon]: there are [daemon], [source NAME] and [budget NAME]'],
    '[daemon]\nlisten=nowhere\n': [':2: listen: "nowhere" is not ADDRESS:PORT, such as 127.0.0.1:8731 or [::1]:8731'],
    '[daemon]\nlisten=example.org:80\n': [':2: listen: "example.org:80" is not'],
    '[daemon]\nlisten=127.0.0.1:70000\n': [':2: listen: "127.0.0.1:70000" is not'],
    '[daemon]\ncache-size=much\n': [':2: cache-size: "much" is not a size such as 512 MiB'],
    '[daemon]\nmax-log-size=99999999 TiB\n': [':2: max-log-size: "99999999 TiB" is not a size'],
    '[daemon]\nsandbox=maybe\n': [':2: sandbox: "maybe" is none of yes, no'],
    '[daemon]\nparse-timeout=0\n': [':2: parse-timeout: "0" is not a time such as 60s, up to 10min'],
    '[daemon]\nnew-for=14\n': [':2: new-for: "14" is not a number of days such as 14d, up to 36500d'],
    '[daemon]\nnew-for=2w\n': [':2: new-for: "2w" is not a number of days such as 14d, up to 36500d'],
    '[daemon]\nnew-for=-1d\n': [':2: new-for: "-1d" is not a number of days such as 14d, up to 36500d'],
    '[daemon]\nnew-for=36501d\n': [':2: new-for: "36501d" is not a number of days such as 14d, up to 36500d'],
    '[daemon]\ncontrol=suite\n': [':2: control: '],
    '[daemon]\ncontrol=suite:x;;\n': [':2: control: there is no match such as key:value'],
    '[daemon]\nnew-for=d\n': [':2: new-for: "d" is not a number of days such as 14d, up to 36500d'],
    '[daemon]\ndata-dir=here\n': [':2: data-dir: "here" is not an absolute path'],
    '[daemon]\ntitle=a\ntitle=b\n': [':3: title is set twice'],
    '[daemon]\ntitle\n': [':2: "title" is not key=value'],
    'title=a\n': [':1: "title=a" is in no [group]'],
    '[daemon\ntitle=a\n': [':1: "[daemon" is not a [group]', ':2: "title=a" is in no [group]'],
    '[source a b]\npath=/\n': [':1: source name "a b" is not 1 to 64 of'],
    '[source a]\ntype=directory\n': [':1: [source a] has no path'],
    '[source a]\npath=/\ntype=ftp\n': [':3: type: "ftp" is no type of source: there are directory, http, jenkins'],
    '[source a]\ntype=jenkins\npath=/\n': [':1: [source a] has no url', ':3: path is not of type=jenkins, but of directory'],
    '[source a]\npath=/srv\nfiles=*.jtl\n': [':3: files is not of type=directory, but of http, jenkins'],
    '[source a]\ntype=http\nurl=https://x/\npreset=nginx\njobs=perf/*\n': [':5: jobs is not of type=http, but of jenkins'],
    '[source a]\ntype=jenkins\nurl=https://x/\nlayout={lab}/{name}\n': [':4: layout is not of type=jenkins, but of directory, http'],
    '[source a]\ntype=jenkins\nurl=ftp://x/\n': [':3: url: "ftp://x/" is not an address such as https://jenkins.example/'],
    '[source a]\ntype=jenkins\nurl=https://joe:secret@x/\n': [':3: url: credentials do not belong here: use user and token-file'],
    '[source a]\ntype=jenkins\nurl=https://x/\nuser=joe\n': [':1: [source a] has a user and no token-file'],
    '[source a]\ntype=jenkins\nurl=https://x/\ntoken-file=jenkins\n': [':4: token-file: "jenkins" is neither an absolute path nor a credential'],
    '[source a]\ntype=jenkins\nurl=https://x/\nmap=lab=color\n': [':4: map: "color" is none of job, folder, branch, node'],
    '[source a]\ntype=jenkins\nurl=https://x/\nmap=lab\n': [':4: map: "lab" is not FIELD=FACT, such as branch=param:BRANCH'],
    '[source a]\ntype=jenkins\nurl=https://x/\nmap=metric=job\n': [':4: map: label metric belongs to a result'],
    '[source a]\ntype=jenkins\nurl=https://x/\nconsole=maybe\n': [':4: console: "maybe" is none of yes, no'],
    '[source a]\ntype=jenkins\nurl=https://x/\nfiles=;\n': [':4: files: there is no glob such as'],
    '[source a]\ntype=http\nurl=https://x/\n': [':1: [source a]: there is neither preset nor both of items and item-name'],
    '[source a]\ntype=http\nurl=https://x/\npreset=s3\n': [':4: preset: "s3" is none of nginx, swift, elasticsearch, perfdash'],
    '[source a]\ntype=http\nurl=https://x/\npreset=swift\nrequest={\n': [':1: [source a]: request: '],
    '[source a]\ntype=http\nurl=https://x/\npreset=nginx\npoll-every=1h\n': [':5: poll-every: "1h" is not two times such as 20s..15min'],
    '[source a]\ntype=http\nurl=https://x/\npreset=nginx\nparallel=0\n': [':5: parallel: "0" is not a number from 1 to 16'],
    '[source a]\ntype=http\nurl=https://x/\npreset=nginx\ntimeout=2d\n': [':5: timeout: "2d" is not a time such as 60s'],
    '[source a]\ntype=jenkins\nurl=https://x/\nfirst-import=ever\n': [':4: first-import: "ever" is neither a time such as 365d nor all'],
    '[source a]\npath=/\nlayout={lab}/{Suite}\n': [':3: layout: label key "Suite" is not'],
    '[source a]\npath=/\nlayout={lab/x\n': [':3: layout: layout "{lab" has a { without its }'],
    '[source a]\npath=/\nlayout={benchmark}/x\n': [':3: layout: label benchmark belongs to a result'],
    '[source a]\npath=/\nlabels=lab\n': [':3: labels: "lab" is not key=value'],
    '[source a]\npath=/\nlabels=metric=x\n': [':3: labels: label metric belongs to a result'],
    '[budget a b]\nsince=revision:1\nlimit=3%\n': [':1: budget name "a b" is not 1 to 64 of'],
    '[budget p99]\nlimit=3%\n': [':1: [budget p99] has no since'],
    '[budget p99]\nsince=revision:1\n': [':1: [budget p99] has no limit'],
    '[budget p99]\nsince=revision:1\nlimit=3\n': [':3: limit: "3" is not a percentage of more than 0, such as 3%'],
    '[budget p99]\nsince=last:3\nlimit=3%\n': [':2: since: "last:3" is no baseline, as newer runs would belong to it'],
    '[budget p99]\nsince=revision:1\nlimit=3%\nnow=next\n': [':4: now: '],
    '[budget p99]\nsince=revision:1\nlimit=3%\nmatch=stat\n': [':4: match: '],
    '[budget p99]\nsince=branch:release-2.4\nlimit=3%\n': [':1: [budget p99]: the baseline chooses series by their branch'],
    '[budget p99]\nsince=revision:1\nlimits=3%\n': [':3: unknown key "limits" in [budget p99] (did you mean "limit"?)'],
    '[daemon]\nlisen=1\n[source a]\npaht=/\n': [':2: unknown key "lisen"', ':4: unknown key "paht"', ':3: [source a] has no path'],
}


def run(*arguments, patience=10):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=patience)


def refusal(config):
    """What perfdashd says when it does not start, which must be one line."""
    result = run('--config', config)
    if result.returncode != 1 or result.stdout or result.stderr.count('\n') != 1:
        return f'status {result.returncode}, said {result.stdout!r} and {result.stderr!r}'
    return result.stderr.strip()


class Folder:
    """A configuration for a daemon that is not expected to start."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix='perfdashd-'))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def config(self, data, listen='127.0.0.1:0'):
        path = self.path / 'perfdashd.conf'
        path.write_text(f'[daemon]\nlisten={listen}\ndata-dir={data}\n')
        return path


def check_options():
    version = run('--version')
    if version.returncode or not version.stdout.startswith('perfdashd 0.'):
        yield f'--version: {version}'
    for arguments in ([], ['--config'], ['--confg', 'x'], ['--config', '/nonexistent', '--check-config'], ['stray']):
        result = run(*arguments)
        if result.returncode != 1 or not result.stderr or result.stdout:
            yield f'{arguments}: {result}'


def check_mistakes():
    with Folder() as folder:
        path = folder.path / 'perfdash.conf'
        for text, expected in MISTAKES.items():
            path.write_text(text)
            for arguments in (['--check-config'], []):
                result = run('--config', path, *arguments)
                lines = result.stderr.splitlines()
                said = len(lines) == len(expected) and all(
                    line.startswith(f'{path}{start}') for line, start in zip(lines, expected))
                if result.returncode != 1 or not said:
                    yield f'{text!r}: status {result.returncode}, {lines}'


def check_example():
    result = run('--config', EXAMPLE, '--check-config')
    if result.returncode or result.stderr:
        yield f'{EXAMPLE}: {result.stderr}'


def check_drop_ins():
    with Folder() as folder:
        config = folder.config('/var/lib/x')
        drop_ins = Path(f'{config}.d')
        drop_ins.mkdir()
        (drop_ins / '10-sources.conf').write_text('[source late]\npath=/srv\n')
        (drop_ins / '20-data.conf').write_text(f'[daemon]\ndata-dir={folder.path}/data\ntitle=Second\n')
        (drop_ins / 'notes.txt').write_text('nonsense')
        if run('--config', config, '--check-config').returncode:
            yield 'drop-ins are mistakes'
        (drop_ins / '30-bad.conf').write_text('[daemon]\ntitel=x\n')
        result = run('--config', config, '--check-config')
        if not result.stderr.startswith(f'{drop_ins}/30-bad.conf:2: unknown key "titel"'):
            yield f'a mistake in a drop-in: {result.stderr}'


def check_port_in_use():
    with Folder() as folder, socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(folder.config(folder.path / 'data', f'127.0.0.1:{port}'))
        if f'127.0.0.1 port {port}' not in said or 'in use' not in said:
            yield said


def check_data_dir():
    with Folder() as folder:
        (folder.path / 'file').write_text('')
        for data in (folder.path / 'file', folder.path / 'file' / 'below', Path('/proc/1/perfdash'), Path('/proc/1')):
            said = refusal(folder.config(data))
            if str(data) not in said and str(data.parent) not in said:
                yield f'{data}: {said}'


def check_foreign_database():
    with Folder() as folder:
        data = folder.path / 'data'
        data.mkdir()
        database = data / 'perfdash.db'
        foreign = sqlite3.connect(database)
        foreign.execute('create table recipes (name text)')
        foreign.commit()
        foreign.close()
        before = database.read_bytes()
        said = refusal(folder.config(data))
        if 'perfdash.db' not in said or database.read_bytes() != before:
            yield f'of another program: {said}'
        database.write_bytes(b'not a database at all\n' * 100)
        said = refusal(folder.config(data))
        if 'perfdash.db' not in said:
            yield f'no database: {said}'


def check_newer_database():
    with Folder() as folder:
        with Daemon(folder=folder.path) as daemon:
            daemon.push(native())
            daemon.stop()
        database = folder.path / 'data' / 'perfdash.db'
        newer = sqlite3.connect(database)
        newer.execute('pragma user_version = 9999')
        newer.commit()
        newer.close()
        said = refusal(folder.config(folder.path / 'data'))
        if 'perfdash.db' not in said or 'newer' not in said:
            yield said


def check_second_daemon():
    with Daemon() as daemon:
        said = refusal(daemon.config)
        if 'in use by another perfdashd' not in said or str(daemon.data) not in said:
            yield said
        if daemon.get('/healthz').status != 200:
            yield 'the first one suffers'


def wait_for_analysis(daemon):
    """The analysis of the newest results is through when nothing is written for two seconds."""
    seen = []

    def is_still():
        generation = daemon.json('/api/v1/status')['generation']
        if not seen or seen[0] != generation:
            seen[:] = [generation, time.monotonic()]
        return time.monotonic() - seen[1] > 2

    wait_for(is_still, 'the analysis')


def check_restart():
    with Folder() as folder:
        with Daemon(folder=folder.path) as daemon:
            for number in range(30):
                daemon.drop(f'dfw/{number}.json', native(value=number + 1))
            wait_for(lambda: daemon.json('/api/v1/sources')['items'][0]['logs'] == 30, '30 logs')
            pushed = daemon.push(b'nobody reads this').json['digest']
            wait_for_analysis(daemon)
            before = {path: daemon.get(path) for path in
                      ('/api/v1/status', '/api/v1/series', '/api/v1/runs', '/api/v1/logs', '/api/v1/labels')}
            raw = daemon.get(f'/api/v1/logs/{pushed}/raw').body
            read = daemon.json('/api/v1/sources')['items'][0]['last_read']
            daemon.stop()
        with Daemon(folder=folder.path) as daemon:
            wait_for(lambda: daemon.json('/api/v1/sources')['items'][0]['logs'] == 30, 'the files are known')
            for path, answer in before.items():
                after = daemon.get(path)
                if after.json != answer.json or after.headers['ETag'] != answer.headers['ETag']:
                    yield f'{path} was {answer.body[:200]}, is {after.body[:200]}'
            if daemon.get(f'/api/v1/logs/{pushed}/raw').body != raw:
                yield 'a log is lost'
            time.sleep(1)
            if daemon.json('/api/v1/sources')['items'][0]['last_read'] != read:
                yield 'known files were read again'
            daemon.drop('dfw/new.json', native(value=99))
            wait_for(lambda: daemon.json('/api/v1/status')['runs'] == 31, 'a new log')


def check_forgotten_store():
    """Files are remembered for one store only: a new one gets them all."""
    with Folder() as folder:
        for _ in range(2):
            with Daemon(folder=folder.path) as daemon:
                daemon.drop('dfw/one.json', native())
                wait_for(lambda: daemon.json('/api/v1/status')['runs'] == 1, 'the log')
                daemon.stop()
            for database in (folder.path / 'data').glob('perfdash.db*'):
                database.unlink()
    return []


def check_stop():
    for name in (signal.SIGTERM, signal.SIGINT):
        with Daemon() as daemon:
            listener = socket.create_connection(('127.0.0.1', daemon.port), timeout=5)
            listener.sendall(b'GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
            listener.recv(4096)
            upload = socket.create_connection(('127.0.0.1', daemon.port))
            upload.sendall(b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\nhalf')
            idle = socket.create_connection(('127.0.0.1', daemon.port))
            for number in range(100):
                daemon.drop(f'{number}.json', native(value=number + 1))
            time.sleep(0.1)
            begin = time.monotonic()
            daemon.process.send_signal(name)
            status = daemon.process.wait(10)
            took = time.monotonic() - begin
            print(f'# {name.name} while logs come in: {took * 1000:.0f} ms')
            if status != 0 or took > STOP_TIME:
                yield f'{name.name}: status {status} after {took:.2f} s: {daemon.errors.read_text()}'
            if (daemon.data / 'perfdash.db-wal').exists():
                yield f'{name.name}: the database is not closed'
            for connection in (listener, upload, idle):
                connection.close()
            daemon.start()
            wait_for(lambda: daemon.json('/api/v1/status')['runs'] == 100, 'the rest of the logs')
            if sqlite3.connect(daemon.data / 'perfdash.db').execute('pragma integrity_check').fetchone() != ('ok',):
                yield 'the database is damaged'


def check_killed():
    """What was answered with 201 is there after a kill."""
    with Daemon() as daemon:
        taken = []

        def push():
            for number in range(1000):
                try:
                    answer = daemon.push(native(value=number + 1))
                except OSError:
                    return
                if answer.status == 201:
                    taken.append(answer.json['digest'])

        pusher = threading.Thread(target=push)
        pusher.start()
        time.sleep(0.7)
        daemon.process.kill()
        daemon.process.wait()
        pusher.join()
        daemon.start()
        for digest in taken:
            if daemon.get(f'/api/v1/logs/{digest}').status != 200 or daemon.get(f'/api/v1/logs/{digest}/raw').status != 200:
                yield f'{digest} is lost'
        print(f'# {len(taken)} logs taken before the kill')
        if not taken:
            yield 'nothing was taken in 0.7 s'


def check_slow_module():
    """A parser that never says what it is keeps neither pages away nor the end."""
    with Folder() as folder:
        worker = folder.path / 'worker'
        worker.write_text('#!/bin/sh\nexec sleep 60\n')
        worker.chmod(0o755)
        with Daemon(f'worker={worker}', is_patient=False) as daemon:
            found = {path: daemon.get(path).status for path in ('/api/v1/status', '/', '/readyz', '/api/v1/parsers')}
            if found != {'/api/v1/status': 200, '/': 200, '/readyz': 503, '/api/v1/parsers': 503}:
                yield f'while parsers are looked for: {found}'
            if daemon.push(native()).status != 503:
                yield 'a log is taken all the same'
            took = daemon.stop()
            if took > STOP_TIME:
                yield f'it stops after {took:.1f} s'


def check_blocked_parsers():
    """What cannot be used is shown with the reason; the others read."""
    with Folder() as folder:
        broken = folder.path / 'broken.parser'
        broken.write_text('[parser]\nformat=lines\nglob=*\n\n[result x]\nlines=x\n')
        search_path = ':'.join((os.environ['MALICE'], str(folder.path), os.environ['PERFDASH_PARSER_PATH']))
        with Daemon(f'parser-path={search_path}') as daemon:
            parsers = {parser['name']: parser for parser in daemon.json('/api/v1/parsers')['items']}
            reasons = {'wrong-abi': 'made for parser ABI 2, this is ABI 1: compile it again', 'no-symbol': 'has no symbol',
                       'crash-on-load': 'crashed', 'broken': f'{broken}:6: key lines: there is no such key here'}
            for name, words in reasons.items():
                if words not in (parsers[name]['blocked'] or ''):
                    yield f'{name} is blocked for the reason {parsers[name]["blocked"]!r}'
            if (parsers['broken']['kind'], parsers['wrk']['kind'], parsers['wrk']['blocked']) != ('key-file', 'module', None):
                yield f'{parsers["broken"]} {parsers["wrk"]}'
            # the malicious ones that are not blocked claim every log
            answer = daemon.push(native(), parser='perfdash-json')
            if answer.status != 201 or answer.json['parser'] != 'perfdash-json':
                yield f'no log is read beside them: {answer.body}'


def check_no_worker():
    with Folder() as folder:
        config = folder.config(folder.path / 'data')
        config.write_text(config.read_text() + f'worker={folder.path}/nothing\n')
        result = run('--config', config)
        if result.returncode != 1 or result.stderr.count('\n') != 1 or f'{folder.path}/nothing' not in result.stderr:
            yield f'{result}'


GARBAGE = [
    b'\x00' * 1000,
    b'\xff\xfe\xfd\r\n\r\n',
    b'GET\r\n\r\n',
    b'GET / HTTP/9.9\r\n\r\n',
    b'GET / HTTP/1.1\r\n\r\n',
    b'GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n',
    b'GET http://[::1/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    b'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n',
    b'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n',
    b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n',
    b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd',
    b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc',
    b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc',
    b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nabc',
    b'GET / HTTP/1.1\r\nHost: localhost\r\nX: ' + b'a' * 100000 + b'\r\n\r\n',
    b'GET /' + b'a' * 100000 + b' HTTP/1.1\r\nHost: localhost\r\n\r\n',
    b'GET / HTTP/1.1\r\n' + b'A: b\r\n' * 5000 + b'\r\n',
    b'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n',
    b'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n',
    b'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    b'GET https://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    b'GET /events HTTP/1.0\r\n\r\n',
    b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
]


def check_garbage():
    with Daemon() as daemon:
        for data in GARBAGE:
            answer = daemon.raw(data, patience=0.5)
            if b' 200 ' in answer[:20] and b'/events' not in data or b'perfdash_requests_total' in answer:
                yield f'{data[:60]}: {answer[:100]}'
            if daemon.process.poll() is not None:
                yield f'{data[:60]}: it died: {daemon.errors.read_text()}'
                return
        if daemon.get('/healthz').status != 200:
            yield 'it does not answer any more'
        log = daemon.errors.read_text()
        if 'CRITICAL' in log or 'assert' in log:
            yield log[-500:]


def check_exhausted():
    """More connections than there are files for: the rest is closed, and all is well when they are gone."""
    with Daemon(files=300) as daemon:
        crowd = [socket.create_connection(('127.0.0.1', daemon.port)) for _ in range(400)]
        time.sleep(0.5)
        for connection in crowd:
            connection.close()
        wait_for(lambda: daemon.get('/healthz').status == 200, 'an answer')
        if daemon.push(native()).status != 201:
            yield 'no log is taken any more'


def check_changed_title():
    """What a browser kept of another configuration does not count."""
    with Folder() as folder:
        with Daemon('title=First', folder=folder.path) as daemon:
            tag = daemon.get('/api/v1/status').headers['ETag']
            daemon.stop()
        with Daemon('title=Second', folder=folder.path) as daemon:
            answer = daemon.get('/api/v1/status', If_None_Match=tag)
            if answer.status != 200 or answer.json['title'] != 'Second':
                yield f'{answer.status} {answer.body}'


CHECKS = {
    'options': check_options,
    'mistakes in the configuration are said with file and line': check_mistakes,
    'the example has none': check_example,
    'drop-ins are read': check_drop_ins,
    'a port in use': check_port_in_use,
    'a data directory that cannot be one': check_data_dir,
    'a database of another program': check_foreign_database,
    'a database of a newer version': check_newer_database,
    'a second daemon on the same data': check_second_daemon,
    'a restart keeps everything and reads nothing again': check_restart,
    'a new store gets all logs': check_forgotten_store,
    'a module that never answers': check_slow_module,
    'parsers that are blocked': check_blocked_parsers,
    'a worker that is not there': check_no_worker,
    'SIGTERM and SIGINT end it cleanly': check_stop,
    'a kill loses nothing that was answered': check_killed,
    'garbage does not kill it': check_garbage,
    'connections without end': check_exhausted,
    'another title': check_changed_title,
}

if __name__ == '__main__':
    tap.run(list(CHECKS.items()))
