#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Are changes that one cause can explain put together, and is the cause told, and are budgets judged, as docs/api.md says?"""

import json
import signal
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from perfdashd import Daemon, wait_for  # noqa: E402

N_DAYS = 60
LAB_DAY = 40   # a new kernel in lab dfw: everything there is slower
CODE_DAY = 50  # cart is slower in both labs
SUITES = {'checkout': ('cart', 'pay'), 'search': ('find',), 'calibration': ('spin',)}


def level(lab, benchmark, day):
    slower = 1.2 if lab == 'dfw' and day >= LAB_DAY else 1
    return slower * (1.3 if benchmark == 'cart' and day >= CODE_DAY else 1)


def runs():
    now = datetime.now(timezone.utc)
    for day in range(N_DAYS):
        for number, lab in enumerate(('dfw', 'ord')):
            for suite, benchmarks in SUITES.items():
                results = [{'benchmark': name, 'metric': 'latency', 'unit': 'ms', 'direction': 'lower',
                            'value': 30 * level(lab, name, day) * (1 + (day + 5 * number) * 37 % 11 / 1000)} for name in benchmarks]
                yield {'labels': {'lab': lab, 'project': 'shop', 'suite': suite}, 'build': str(800 + day), 'revision': f'{day:07x}',
                       'environment': {'kernel': '6.2' if lab == 'dfw' and day >= LAB_DAY else '6.1', 'pid': str(day)},
                       'started_at': (now - timedelta(days=N_DAYS - day, hours=number)).isoformat(), 'results': results}


def fill(daemon):
    body = json.dumps({'format': 'perfdash', 'version': 1, 'runs': list(runs())}).encode()
    assert daemon.push(body, '/api/v1/runs', name='history.json').status == 201
    wait_for(lambda: daemon.json('/api/v1/changes')['matched'] == 6, 'six changes')


def check_groups(daemon):
    page = daemon.json('/api/v1/changes/groups')
    yield from shapes.problems(page, shapes.CHANGE_GROUPS, 'GET groups')
    found = [(group['suspect'], group['changes'], group['regressions'], group['controls']) for group in page['items']]
    if found != [('code', 2, 2, 0), ('lab', 4, 3, 1)]:
        yield f'{found}: {page["items"]}'
        return
    code, lab = page['items']
    if code['labels']['lab']['values'] != ['dfw', 'ord'] or (code['previous_build'], code['build']) != ('849', '850'):
        yield f'{code}'
    for sentence in '4 of 4 series of lab dfw moved between', 'the same tests in ord did not', '1 of 1 control series of lab dfw moved':
        if sentence not in '\n'.join(lab['evidence']):
            yield f'{lab["evidence"]} does not say {sentence}'
    for query, n in ('match=lab:ord', 1), ('match=suite:search', 1), ('direction=neither', 1), ('match=lab:lon', 0), ('limit=1', 1):
        items = daemon.json(f'/api/v1/changes/groups?{query}')['items']
        if len(items) != n:
            yield f'{query}: {len(items)}, not {n}'
    rest = daemon.json('/api/v1/changes/groups?limit=1&cursor=1')
    if [group['id'] for group in rest['items']] != [lab['id']] or rest['next'] is not None:
        yield f'the second page is {rest}'
    for query in 'state=odd', 'direction=up', 'since=x', 'group=lab':
        if daemon.get(f'/api/v1/changes/groups?{query}').status != 400:
            yield f'{query} is taken'


def check_causes(daemon):
    for change in daemon.json('/api/v1/changes?match=lab:dfw')['items']:
        causes = [(cause['key'], cause['before'], cause['after']) for cause in daemon.json(f'/api/v1/changes/{change["id"]}')['causes']]
        if causes != ([('kernel', '6.1', '6.2')] if change['build'] == str(800 + LAB_DAY) else []):
            yield f'{change["sentence"]}: {causes}'


def check_control(daemon):
    [spin] = daemon.json('/api/v1/changes?match=benchmark:spin')['items']
    if (spin['control'], spin['direction']) != (True, 'neither') or 'worse' in spin['sentence']:
        yield f'{spin}'
    if daemon.json('/api/v1/changes?direction=regression')['matched'] != 5:
        yield 'a control series is a regression'


def budget(name, limit, match='metric:latency', now='last:10'):
    return f'[budget {name}]\ntitle={name} since 800\nmatch={match}\nsince=build:~^80\nnow={now}\nlimit={limit}\n'


def check_budgets(daemon):
    page = daemon.json('/api/v1/budgets')
    yield from shapes.problems(page, shapes.BUDGETS, 'GET budgets')
    told = [(one['name'], one['title'], one['since'], one['limit'], one['state']) for one in page['items']]
    if told != [('all', 'all since 800', 'build:~^80', 0.25, 'exceeded'), ('find', 'find since 800', 'build:~^80', 0.25, 'kept'),
                ('creep', 'creep since 800', 'build:~^80', 0.1, 'not-enough-data')]:
        yield f'{told}'
    for name, state in ('all', 'exceeded'), ('find', 'kept'), ('creep', 'not-enough-data'):
        told = [one for one in ('kept', 'not-enough-data', 'unclear', 'exceeded') if daemon.metric(f'perfdash_budget_state{{budget="{name}",state="{one}"}}') == 1]
        if told != [state]:
            yield f'/metrics: {name} is {told}'
    every, find, creep = page['items']
    if every['series'] != {'exceeded': 2, 'unclear': 0, 'not_enough_data': 0, 'kept': 6, 'without_baseline': 0}:
        yield f'{every["series"]}'
    worst = every['worst']
    if (worst['labels']['benchmark'], worst['labels']['lab']) != ('cart', 'dfw') or worst['used'] != every['used'] or not 2.2 < worst['used']['value'] < 2.3:
        yield f'the worst is {worst}'
    if not 0.7 < find['used']['value'] < 0.9 or (creep['worst'], creep['used']) != (None, None):
        yield f'{find["used"]} {creep}'


def check_budget_pages(daemon):
    """All series, the worst first, on pages of one judgement."""
    page = daemon.json('/api/v1/budgets/all?limit=5')
    yield from shapes.problems(page, shapes.BUDGET_DETAIL, 'GET budgets/all')
    rest = daemon.json('/api/v1/budgets/all?limit=5&cursor=5')
    rows = page['items'] + rest['items']
    if (page['matched'], page['next'], rest['next'], len({row['id'] for row in rows})) != (8, '5', None, 8):
        yield f'{page["matched"]} {page["next"]} {rest["next"]} {rows}'
    if [row['state'] for row in rows] != ['exceeded'] * 2 + ['kept'] * 6:
        yield f'{rows}'
    if any((row['comparison']['n_before'], row['comparison']['n_after']) != (10, 10) for row in rows):
        yield f'{rows}'
    if daemon.get('/api/v1/budgets/any').status != 404 or daemon.get('/api/v1/budgets/all?match=lab:ord').status != 400:
        yield 'what is not there is answered'


def check_creep(daemon):
    """0.1 % more a day, and 10 % allowed since the day 4.5: half is used at the day 54.5, the rest about 50 days later."""
    now = datetime.now(timezone.utc)
    values = [30 * (1 + day / 1000) * (1 + day * 37 % 11 / 1000) for day in range(N_DAYS)]
    creep = [{'labels': {'lab': 'lon', 'project': 'shop', 'suite': 'slow'}, 'build': str(800 + day), 'started_at': (now - timedelta(days=N_DAYS - day)).isoformat(),
              'results': [{'benchmark': 'creep', 'metric': 'memory', 'unit': 'B', 'direction': 'lower', 'value': value}]} for day, value in enumerate(values)]
    body = json.dumps({'format': 'perfdash', 'version': 1, 'runs': creep}).encode()
    assert daemon.push(body, '/api/v1/runs', name='creep.json').status == 201
    page = daemon.json('/api/v1/budgets/creep')
    yield from shapes.problems(page, shapes.BUDGET_DETAIL, 'GET budgets/creep')
    [row] = page['items']
    if row['state'] != 'kept' or not 0.4 < row['used']['value'] < 0.6 or not 0.005 < row['drift_per_week']['value'] < 0.008:
        yield f'{row}'
    first, last = (datetime.fromisoformat(row['used_up'][end].replace('Z', '+00:00')) - now for end in ('first', 'last'))
    if not timedelta(days=25) < first < timedelta(days=50) < last < timedelta(days=90):
        yield f'{first} {last}'


def check_budgets_reload(daemon):
    """Other budgets are another answer, though the store is the same; with those of before it is that of before."""
    def tag():
        return daemon.get('/api/v1/budgets').headers['ETag']

    # the minute may end between two of them
    if not any(daemon.get('/api/v1/budgets', If_None_Match=tag()).status == 304 for _ in range(2)):
        yield 'the same is sent again'
    before = tag().split('-')[0]
    config = daemon.config.read_text()
    for text, limit in (config.replace('limit=25%', 'limit=70%', 1), 0.7), (config, 0.25):
        daemon.config.write_text(text)
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: daemon.json('/api/v1/budgets')['items'][0]['limit'] == limit, f'the limit {limit}')
        if (tag().split('-')[0] == before) != (limit == 0.25):
            yield f'{limit}: {before} and {tag()}'
    daemon.config.write_text(config.replace('limit=25%', 'limit=much'))
    daemon.process.send_signal(signal.SIGHUP)
    wait_for(lambda: 'limit: "much"' in daemon.errors.read_text(), 'what is wrong')
    if daemon.json('/api/v1/budgets')['items'][0]['limit'] != 0.25:
        yield 'what is wrong counts'
    daemon.config.write_text(config)


def main():
    budgets = budget('all', '25%') + budget('find', '25%', 'benchmark:find', 'from:15d') + budget('creep', '10%', 'benchmark:creep')
    with Daemon('new-for=30d\ncontrol=suite:calibration metric:latency', source=budgets) as daemon:
        fill(daemon)
        tap.run([
            ('changes are grouped by what may have caused them', lambda: check_groups(daemon)),
            ('what changed around the code is told', lambda: check_causes(daemon)),
            ('a control series is evidence, and no regression', lambda: check_control(daemon)),
            ('budgets of the configuration are judged', lambda: check_budgets(daemon)),
            ('all series of a budget, on pages', lambda: check_budget_pages(daemon)),
            ('budgets are read again', lambda: check_budgets_reload(daemon)),
            ('a budget tells when drift uses it up', lambda: check_creep(daemon)),
        ])


if __name__ == '__main__':
    main()
