#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Is the demo the same each time, in the tools' own formats, and is TRUTH.json true?

The logs are read back here with a few expressions of their own, not with a parser of the project.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path
from statistics import fmean, median

import tap

GENERATOR = Path(__file__).resolve().parent.parent / 'demo' / 'generate.py'
LAYOUT = re.compile(r'(dfw|ord|lon)/[a-z]+/[a-z]+/(main|release-2\.4)/\d+_[0-9a-f]{7,12}/[^/]+')
WINDOW = 8  # builds on each side of a change
MICROSECONDS = {'us': 1, 'ms': 1e3, 's': 1e6}


def generate(folder, *arguments):
    command = [sys.executable, '-B', GENERATOR, '--out', folder, '--end', '2026-11-24', *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def digest(folder):
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob('*') if path.is_file()):
        stamp = path.stat().st_mtime_ns if path.name != 'TRUTH.json' else 0
        total.update(f'{path.relative_to(folder)} {stamp}\n'.encode() + path.read_bytes())
    return total.hexdigest()


def read_jmeter(text):
    """label -> mean elapsed"""
    if text.startswith('<?xml'):
        samples = xml.etree.ElementTree.fromstring(text)
        rows = [(sample.get('lb'), int(sample.get('t'))) for sample in samples]
    else:
        header, *lines = text.splitlines()
        assert header.startswith('timeStamp,elapsed,label,responseCode')
        assert all(line.count(',') == header.count(',') for line in lines)
        rows = [(line.split(',')[2], int(line.split(',')[1])) for line in lines]
    return {label: fmean(t for name, t in rows if name == label) for label in {r[0] for r in rows}}


def read_fio(text):
    report = json.loads(text)
    assert report['fio version'].startswith('fio-')
    return {job['jobname']: job['read']['iops'] + job['write']['iops'] for job in report['jobs']}


def read_wrk(text):
    url = re.match(r'Running \d+s test @ (\S+)\n  \d+ threads and \d+ connections\n', text)[1]
    latency = re.search(r'^    Latency +([\d.]+)(us|ms|s) ', text, re.M)
    assert re.search(r'^Requests/sec: +[\d.]+\nTransfer/sec: +[\d.]+[KMG]?B\n', text, re.M)
    return {url: float(latency[1]) * MICROSECONDS[latency[2]]}


def read_googlebenchmark(text):
    report = json.loads(text)
    assert {'date', 'host_name', 'library_build_type'} <= report['context'].keys()
    return {row['name']: row['real_time'] for row in report['benchmarks']}


def read_pgbench(text):
    script = re.search(r'^transaction type: (.+)$', text, re.M)[1]
    tps = re.search(r'^tps = ([\d.]+) \(without initial connection time\)$', text, re.M)[1]
    return {script: float(tps)}


def read_native(text):
    run = json.loads(text)
    assert (run['format'], run['version']) == ('perfdash', 1)
    return {result['benchmark']: result['value'] for result in run['results']}


READERS = {
    'results.jtl': read_jmeter,
    'fio.json': read_fio,
    'wrk-cart.txt': read_wrk,
    'wrk-stock.txt': read_wrk,
    'microbench.json': read_googlebenchmark,
    'pgbench-tpcb.txt': read_pgbench,
    'pgbench-select.txt': read_pgbench,
    'startup.perfdash.json': read_native,
}


def unreadable(root):
    for path in sorted(path for path in root.rglob('*') if path.is_file()):
        name = path.relative_to(root)
        if not LAYOUT.fullmatch(str(name)):
            yield f'{name}: not where the layout wants it'
        try:
            values = READERS[path.name](path.read_text(encoding='utf-8'))
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            yield f'{name}: {error!r}'
        else:
            if not values or min(values.values()) <= 0:
                yield f'{name}: holds no values'


def values_of(root, change, lab):
    """The values of the changed benchmark in one lab, by build."""
    folder = root / change['logs'][lab]
    return {
        int(path.parent.name.split('_')[0]): READERS[path.name](path.read_text())[change['benchmark']]
        for path in folder.parent.parent.glob(f'*/{folder.name}')
    }


def seen_ratio(change, values):
    builds = sorted(values)
    at = builds.index(int(change['build']))
    if change['kind'] == 'drift':
        before, after = builds[:WINDOW], builds[-WINDOW:]
    elif change['kind'] == 'outlier':
        before, after = builds[at - WINDOW : at], builds[at : at + 1]
    else:
        before, after = builds[at - WINDOW : at], builds[at : at + WINDOW]
    return median(values[b] for b in after) / median(values[b] for b in before)


def untrue(root, truth):
    for change in truth['changes']:
        for lab in change.get('logs', ()):
            seen = seen_ratio(change, values_of(root, change, lab))
            # half of the change is a wide margin for noise, and a drift is over sooner in a lab that fell silent
            if abs(seen - change['ratio']) > abs(change['ratio'] - 1) / 2:
                where = f'{change["suite"]}: {change["benchmark"]} in {lab}'
                yield f'{where}: {seen:.3f} times, not {change["ratio"]}, at build {change["build"]}'


def wrong_kinds(truth):
    kinds = [change['kind'] for change in truth['changes']]
    wanted = {'regression': 5, 'improvement': 3, 'drift': 1, 'outlier': 1, 'silence': 1}
    for kind, least in wanted.items():
        if kinds.count(kind) < least:
            yield f'{kinds.count(kind)} of kind {kind}, not {least}'
    for change in truth['changes']:
        worse = (change.get('ratio', 1) > 1) == (change.get('better') == 'lower')
        if change['kind'] in ('regression', 'improvement') and worse != (change['kind'] == 'regression'):
            yield f'{change["benchmark"]} moves the other way'


def wrong_silence(root, truth):
    for change in (change for change in truth['changes'] if change['kind'] == 'silence'):
        [lab] = change['labs']
        last = max(int(path.name.split('_')[0]) for path in root.glob(f'{lab}/*/*/main/*'))
        newest = max(int(path.name.split('_')[0]) for path in root.glob('*/*/*/main/*'))
        if last != int(change['build']) or last == newest:
            yield f'{lab}: last build {last}, {change["build"]} in TRUTH.json, {newest} elsewhere'


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        first = generate(folder / 'first')
        root, truth = first / 'logs', json.loads((first / 'TRUTH.json').read_text())
        n_logs = sum(path.is_file() for path in root.rglob('*'))
        same = digest(generate(folder / 'again')) == digest(first)
        other = digest(generate(folder / 'other', '--seed', '2')) != digest(first)
        tap.run([
            ('the same arguments give the same files and dates', lambda: [] if same else ['differ']),
            ('another seed gives other files', lambda: [] if other else ['the same files']),
            ('TRUTH.json counts the logs', lambda: [] if truth['logs'] == n_logs else [str(n_logs)]),
            ('every log is in its place and in the format of its tool', lambda: unreadable(root)),
            ('TRUTH.json has changes of every kind', lambda: wrong_kinds(truth)),
            ('the logs show what TRUTH.json says', lambda: untrue(root, truth)),
            ('the silent lab is silent', lambda: wrong_silence(root, truth)),
        ])


if __name__ == '__main__':
    main()
