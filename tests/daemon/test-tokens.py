#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who may write: what a token opens, what it does not, and that nobody learns one."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402

PERFDASH = os.environ['PERFDASH']
SECRET = re.compile(r'pd_[0-9a-f]{72}')
HOUR = 3600 * 1000 * 1000
SECRETS = set()  # all that were ever made


def token(daemon, *arguments, status=0):
    """What `perfdash token` prints."""
    command = [PERFDASH, 'token', *arguments, '--store', daemon.data]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status, f'{command}: {done}'
    return done.stdout if status == 0 else done.stderr


def create(daemon, scope='ingest', *arguments):
    secret = token(daemon, 'create', '--scope', scope, *arguments).strip()
    SECRETS.add(secret)
    return secret


def tokens(daemon):
    return {row['name']: row for row in json.loads(token(daemon, 'list', '--format', 'json'))}


def file_of(daemon, name):
    return daemon.data / 'tokens' / tokens(daemon)[name]['id']


def send(daemon, secret, body, path='/api/v1/logs', method='POST', scheme='Bearer', **parameters):
    query = urllib.parse.urlencode(parameters)
    headers = {} if secret is None else {'Authorization': f'{scheme} {secret}'}
    return daemon.request(method, f'{path}?{query}' if query else path, body, headers)


def refusal(answer, status, *words, error=None):
    """What is wrong with an answer that should say no, and why."""
    kind = {401: '/problems/unauthorized', 403: '/problems/forbidden', 400: '/problems/bad-request'}[status]
    if answer.status != status or answer.json['type'] != kind:
        yield f'{answer.status} {answer.body}, not {status} {kind}'
        return
    yield from shapes.problems(answer.json, shapes.PROBLEM)
    yield from (f'{word!r} is not in {answer.json["detail"]!r}' for word in words if word not in answer.json['detail'])
    challenge = answer.headers.get('WWW-Authenticate', '')
    if status == 401 and not challenge.startswith('Bearer realm="perfdash"'):
        yield f'WWW-Authenticate: {challenge}'
    if error is not None and f'error="{error}"' not in challenge:
        yield f'{error} is not in {challenge}'


def check_open(daemon):
    """Nobody made a token, nobody else reaches the address: the line of the README works."""
    if send(daemon, None, native(build='open')).status != 201:
        yield 'pushing is not open'
    if send(daemon, 'of-a-proxy', native(build='proxy')).status != 201:
        yield 'a token that is not ours is not left alone'
    yield from refusal(send(daemon, 'pd_1234', native(build='x')), 401, 'cut', error='invalid_token')


def check_secret(daemon):
    first, second = create(daemon, 'ingest', '--name', 'first'), create(daemon, 'ingest', '--name', 'second')
    if first == second or not SECRET.fullmatch(first):
        yield f'{first} and {second}'
    kept = b''.join(path.read_bytes() for path in (daemon.data / 'tokens').iterdir())
    if any(secret[3:].encode() in kept or secret in token(daemon, 'list') for secret in (first, second)):
        yield 'a secret is kept'
    modes = {oct(path.stat().st_mode & 0o777) for path in (daemon.data / 'tokens').iterdir()}
    if modes != {'0o600'} or (daemon.data / 'tokens').stat().st_mode & 0o77:
        yield f'others may read them: {modes}'


def check_closed(daemon):
    """Made while the daemon runs, known at once; reading stays open, and so does what nobody has a token for."""
    secret = create(daemon)
    yield from refusal(send(daemon, None, native(build='none')), 401, 'Authorization: Bearer', 'token create --scope ingest')
    if send(daemon, secret, native(build='closed')).status != 201 or send(daemon, secret, native(build='closed')).status != 200:
        yield 'the token does not open'
    if send(daemon, secret, native(build='native'), '/api/v1/runs', scheme='bEARER').status != 201:
        yield 'runs are not taken'
    if daemon.get('/api/v1/series').status != 200 or daemon.get('/').status != 200:
        yield 'reading is closed'
    if send(daemon, None, b'{"state":"ignored"}', '/api/v1/changes/1', 'PATCH').status != 404:
        yield 'triage is closed'


def check_wrong(daemon):
    secret = create(daemon)
    other = secret[:3] + secret[:2:-1]
    changed = secret[:10] + ('0' if secret[10] != '0' else '1') + secret[11:]
    for wrong in (secret[:-1], secret + '0', other, changed, secret.upper(), 'pd_', 'x', '', secret + ', Bearer ' + secret, 'é'):
        answer = daemon.raw(
            f'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {wrong}\r\nContent-Length: 9\r\n\r\n'.encode())
        if not answer.startswith(b'HTTP/1.1 401'):
            yield f'{wrong}: {answer[:100]}'
    for scheme in ('Basic', 'Token', 'Bearerx'):
        yield from refusal(send(daemon, secret, native(), scheme=scheme), 401)


def check_scopes(daemon):
    ingest, triage, admin = (create(daemon, scope) for scope in ('ingest', 'triage', 'admin'))
    edit = ('/api/v1/changes/bulk', 'POST')
    body = b'{"ids":[1],"state":"acknowledged"}'
    for secret, can_push, can_edit in ((ingest, 201, 403), (triage, 403, 404), (admin, 201, 404)):
        pushed, edited = send(daemon, secret, native(build=secret[:9])), send(daemon, secret, body, *edit)
        if (pushed.status, edited.status) != (can_push, can_edit):
            yield f'{pushed.status} {edited.status}, not {can_push} {can_edit}'
    yield from refusal(send(daemon, triage, native()), 403, 'is for triage', 'wants ingest', error='insufficient_scope')
    yield from refusal(send(daemon, None, body, *edit), 401, '--scope triage')
    yield from refusal(send(daemon, ingest, b'{"hidden":false}', '/api/v1/runs/1', 'PATCH'), 403, 'wants triage')


def check_revoked(daemon):
    secret = create(daemon, 'ingest', '--name', 'lost')
    used = send(daemon, secret, native(build='before'))
    token(daemon, 'revoke', 'lost')
    if used.status != 201:
        yield f'{used.status} before'
    yield from refusal(send(daemon, secret, native(build='after')), 401, 'lost', 'revoked on', error='invalid_token')
    if tokens(daemon)['lost']['state'] != 'revoked' or 'no token' not in token(daemon, 'revoke', 'lost', status=1):
        yield 'it is not listed as revoked'
    again = create(daemon, 'ingest', '--name', 'lost')
    if send(daemon, again, native(build='again')).status != 201:
        yield 'a new one with the name does not work'
    if 'already' not in token(daemon, 'create', '--scope', 'ingest', '--name', 'lost', status=2):
        yield 'two can have one name'


def check_revoked_beside_broken(daemon):
    secret = create(daemon, 'ingest', '--name', 'leaked')
    leaked = tokens(daemon)['leaked']['id']
    broken = daemon.data / 'tokens' / ('0' * len(leaked))
    broken.write_text('no token at all')
    token(daemon, 'revoke', leaked)
    yield from refusal(send(daemon, secret, native(build='leaked')), 401, 'leaked', 'revoked on', error='invalid_token')
    broken.unlink()


def check_last_revoked():
    """Taking the last token away does not open what it closed."""
    with Daemon() as daemon:
        create(daemon, 'ingest', '--name', 'only')
        token(daemon, 'revoke', 'only')
        yield from refusal(send(daemon, None, native()), 401)


def check_expired(daemon):
    secret = create(daemon, 'ingest', '--name', 'short', '--expires', '1d')
    before = send(daemon, secret, native(build='in time')).status
    path = file_of(daemon, 'short')
    now = time.time_ns() // 1000
    path.write_text(re.sub(r'expires-at=\d+', f'expires-at={now - HOUR}', path.read_text()))
    if before != 201 or tokens(daemon)['short']['state'] != 'expired':
        yield f'{before}, {tokens(daemon)["short"]}'
    yield from refusal(send(daemon, secret, native(build='late')), 401, 'short', 'expired on', error='invalid_token')
    for when in ('1', '0d', 'yesterday', '2020-01-01', '-3d', '40000d'):
        if when not in token(daemon, 'create', '--scope', 'ingest', f'--expires={when}', status=2):
            yield f'{when} is taken'


def check_use(daemon):
    secret = create(daemon, 'ingest', '--name', 'used')
    if tokens(daemon)['used']['last_use']:
        yield 'it was used before it was'
    send(daemon, secret, native(build='use'))
    first = tokens(daemon)['used']['last_use']
    age = datetime.now(timezone.utc) - datetime.fromisoformat(first.replace('Z', '+00:00'))
    path = file_of(daemon, 'used')
    if age > timedelta(seconds=60):
        yield f'used {age} ago'
    # within a minute nothing is written, after it there is
    for ago, is_written in ((30, False), (90, True)):
        moment = (time.time_ns() // 10**9 - ago) * 10**9
        os.utime(path, ns=(moment, moment))
        send(daemon, secret, native(build=f'use {ago}'))
        if (path.stat().st_mtime_ns != moment) != is_written:
            yield f'{ago} s later: {path.stat().st_mtime_ns - moment} ns'
    token(daemon, 'revoke', 'used')
    before = path.stat().st_mtime_ns
    send(daemon, secret, native(build='use'))
    if path.stat().st_mtime_ns != before:
        yield 'what is refused counts as use'


def run_of(daemon, answer):
    return daemon.json(f'/api/v1/runs/{answer.json["runs"][0]}')['labels']


def result_of(project):
    """A log whose one result says another project than its run."""
    body = json.loads(native(build='result', labels={'project': 'shop', 'lab': 'dfw'}))
    body['runs'][0]['results'].append({'benchmark': 'b', 'metric': 'latency', 'unit': 's', 'value': 1, 'labels': {'project': project}})
    return json.dumps(body).encode()


def check_limits(daemon):
    shop = create(daemon, 'ingest', '--name', 'shop', '--project', 'shop')
    both = create(daemon, 'ingest', '--project', 'shop', '--project', 'cart', '--lab', 'dfw')
    answer = send(daemon, shop, native(build='limits'))
    if answer.status != 201 or run_of(daemon, answer).get('project') != 'shop':
        yield f'what the token says is not added: {answer.status} {answer.body}'
    answer = send(daemon, both, native(build='cart'), project='cart')
    if answer.status != 201 or (run_of(daemon, answer).get('project'), run_of(daemon, answer).get('lab')) != ('cart', 'dfw'):
        yield f'one of two: {answer.status} {answer.body}'
    yield from refusal(send(daemon, shop, native(build='l1'), project='bank'), 403, 'project is "bank"', 'project shop', 'nothing was kept')
    yield from refusal(send(daemon, both, native(build='l2'), project='shop', lab='fra'), 403, 'lab is "fra"', 'shop or cart in lab dfw')
    # the log itself
    logs = len(daemon.json('/api/v1/logs')['items'])
    for body in (native(build='l3', labels={'project': 'bank'}), result_of('bank')):
        yield from refusal(send(daemon, shop, body, project='shop'), 403, 'project=bank', 'project shop')
    yield from refusal(send(daemon, both, native(build='l4')), 403, 'project shop or cart')
    mixed = json.loads(native(build='l5', labels={'project': 'shop'}))
    mixed['runs'].append({**mixed['runs'][0], 'labels': {'project': 'bank'}, 'build': 'l6'})
    yield from refusal(send(daemon, shop, json.dumps(mixed).encode(), '/api/v1/runs'), 403, 'project=bank')
    if len(daemon.json('/api/v1/logs')['items']) != logs or daemon.json('/api/v1/series?match=project:bank')['matched']:
        yield 'something was kept all the same'
    if send(daemon, shop, result_of('shop')).status != 201:
        yield 'what is within the limits is not taken'


def check_limits_of_known(daemon):
    """What others took in is not answered as if it were one's own."""
    shop, cart = (create(daemon, 'ingest', '--project', name) for name in ('shop', 'cart'))
    body = native(build='known')
    statuses = []

    def push(secret):
        statuses.append((secret == shop, send(daemon, secret, body, project='shop' if secret == shop else 'cart').status))

    if send(daemon, shop, body).status != 201:
        yield 'it is not taken'
    if send(daemon, cart, body).status != 201 or send(daemon, cart, body).status != 200:
        yield 'the same bytes of another project are not a log of their own'
    body = native(build='known', labels={'project': 'shop'})
    if send(daemon, create(daemon, 'ingest'), body, project='cart').status != 201:
        yield 'who may push for all projects may not'
    yield from refusal(send(daemon, cart, body), 403, 'here already', 'project=shop', 'project cart')
    body = native(build='at once', labels={'project': 'shop'})
    threads = [threading.Thread(target=push, args=(secret,)) for secret in (shop, cart) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if sorted(statuses) != [(False, 403)] * 6 + [(True, 200)] * 5 + [(True, 201)]:
        yield f'at once: {sorted(statuses)}'


def check_limits_of_triage():
    with Daemon() as daemon:
        now = datetime.now(timezone.utc)
        runs = [{'labels': {'project': project}, 'build': str(day), 'started_at': (now - timedelta(days=60 - day)).isoformat(),
                 'results': [{'benchmark': 'home', 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
                              'value': (30 if day < 48 else 36) * (1 + day * 37 % 11 / 1000)}]}
                for day in range(60) for project in ('shop', 'bank')]
        daemon.push(json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}).encode(), '/api/v1/runs')
        wait_for(lambda: daemon.json('/api/v1/changes')['matched'] == 2, 'two changes')
        changes = {item['series']['labels']['project']: item['id'] for item in daemon.json('/api/v1/changes')['items']}
        secret = create(daemon, 'triage', '--project', 'shop')
        body = json.dumps({'state': 'acknowledged'}).encode()
        bulk = json.dumps({'state': 'acknowledged', 'ids': list(changes.values())}).encode()
        yield from refusal(send(daemon, secret, bulk, '/api/v1/changes/bulk'), 403, 'project shop')
        yield from refusal(send(daemon, secret, body, f'/api/v1/changes/{changes["bank"]}', 'PATCH'), 403, 'project shop')
        if any(item['state'] != 'new' for item in daemon.json('/api/v1/changes')['items']):
            yield 'one was changed'
        if send(daemon, secret, body, f'/api/v1/changes/{changes["shop"]}', 'PATCH').status != 200:
            yield 'its own cannot be changed'
        ids = {run['labels']['project']: run['id'] for run in daemon.json('/api/v1/runs')['items']}
        hide = json.dumps({'hidden': True, 'reason': 'odd', 'ids': list(ids.values())}).encode()
        yield from refusal(send(daemon, secret, hide, '/api/v1/runs/bulk'), 403, 'project shop')
        body = json.dumps({'hidden': True, 'reason': 'odd'}).encode()
        for project, status in ('bank', 403), ('shop', 200):
            if send(daemon, secret, body, f'/api/v1/runs/{ids[project]}', 'PATCH').status != status:
                yield f'a run of {project} is not {status}'


def check_address(daemon):
    secret = create(daemon, 'ingest', '--name', 'told')
    for path in ('/api/v1/logs?token=', '/api/v1/logs?lab=a&access_token=', '/?token=', '/api/v1/series?api_key='):
        answer = daemon.request('POST' if '/logs' in path else 'GET', path + secret, native() if '/logs' in path else None)
        yield from refusal(answer, 400, 'Authorization: Bearer', 'revoke')
        if secret.encode() in answer.body:
            yield 'it is said again'


def check_early(daemon):
    """A body that is not wanted is not waited for."""
    answer = daemon.raw(b'POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n')
    if not answer.startswith(b'HTTP/1.1 401') or b'Connection: close' not in answer:
        yield f'{answer[:200]}'


def check_settings():
    for auth, without, wrong in (('open', 201, 401), ('tokens', 401, 401)):
        with Daemon(f'auth={auth}') as daemon:
            answers = [send(daemon, None, native()).status]
            secret = create(daemon, 'ingest', '--name', 'a')
            answers += [send(daemon, secret, native(build='a')).status, send(daemon, None, native(build='b')).status]
            token(daemon, 'revoke', 'a')
            answers.append(send(daemon, secret, native(build='c')).status)
            if answers != [without, 201, without, wrong]:
                yield f'{auth}: {answers}'


def check_many(daemon):
    """Tokens come and go while a daemon answers; each counts from the moment it is there."""
    failures = []

    def live(number):
        secret = create(daemon, 'ingest', '--name', f'many {number}')
        made = send(daemon, secret, native(build=f'many {number}')).status
        token(daemon, 'revoke', f'many {number}')
        gone = send(daemon, secret, native(build=f'many {number}')).status
        if (made, gone) != (201, 401):
            failures.append(f'{number}: {made}, then {gone}')

    threads = [threading.Thread(target=live, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from failures


def check_broken(daemon):
    """A file that cannot be understood closes; it never opens."""
    secret = create(daemon, 'ingest', '--name', 'broken', '--project', 'shop')
    path = file_of(daemon, 'broken')
    text = path.read_text()
    for line in ('projects=', 'expires-at=soon', 'scope=root', 'digest=00'):
        key = line.partition('=')[0]
        path.write_text(re.sub(f'{key}=.*\n', '', text) + line + '\n')
        for used in (secret, None):
            if (status := send(daemon, used, native(build='broken')).status) not in (401, 500):
                yield f'{line}: {status}'
    path.write_text(text)
    if send(daemon, secret, native(build='mended')).status != 201:
        yield 'mended, it does not work'


def check_silence(daemon):
    """After all of the above no secret stands anywhere."""
    texts = [daemon.errors.read_text(), daemon.get('/metrics').body.decode()]
    texts += [path.read_text(errors='replace') for path in daemon.data.rglob('*') if path.is_file()]
    if not SECRETS or any(secret in text for secret in SECRETS for text in texts):
        yield 'a secret was written down'


CHECKS = {
    'without tokens pushing is open on a loopback address': check_open,
    'a secret is shown once and kept nowhere': check_secret,
    'a token closes what it is for, and nothing else': check_closed,
    'what is no token, or none of ours': check_wrong,
    'scopes': check_scopes,
    'a token that was revoked': check_revoked,
    'a token that is revoked beside one that is broken': check_revoked_beside_broken,
    'a token that has expired': check_expired,
    'when a token was used': check_use,
    'a token is for a project and a lab, whatever a log says': check_limits,
    'the same log by tokens of others': check_limits_of_known,
    'a token in an address is refused': check_address,
    'who may not write need not send': check_early,
    'tokens come and go while the daemon runs': check_many,
    'a broken file opens nothing': check_broken,
    'no secret is written down': check_silence,
}
ALONE = {
    'the last token that is revoked leaves it closed': check_last_revoked,
    'triage of a project': check_limits_of_triage,
    'auth=open and auth=tokens': check_settings,
}

if __name__ == '__main__':
    with Daemon() as the_daemon:
        checks = [(name, lambda check=check: check(the_daemon)) for name, check in CHECKS.items()]
        tap.run([*checks, *ALONE.items()])
