#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Are all changes of the demo found, dated within one run, and no others?

The demo's logs are made and parsed as they are by tools/run; each series is analysed on its own, without a store. Sanitizers
get those of the lab that is new, which has logs of each kind, too.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import detector

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARGIN = 1  # runs

Series = collections.namedtuple('Series', 'lab suite branch log benchmark metric labels')
Point = collections.namedtuple('Point', 'time build value')

sys.path.insert(0, str(ROOT / 'tests'))


def make_demo(folder):
    command = [sys.executable, '-B', ROOT / 'demo' / 'generate.py', '--out', folder, '--end', '2026-11-28']
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / 'logs', json.loads((folder / 'TRUTH.json').read_text())['changes']


def list_labs(root):
    return sorted(root.iterdir()) if os.environ['SANITIZE'] == 'none' else [root / 'lon']


def read_series(root):
    """All series with their points, in the order of time."""
    paths = [path for lab in list_labs(root) for path in lab.rglob('*') if path.is_file()]
    command = [os.environ['PERFDASH'], 'parse', '--format', 'json', *paths]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    series = collections.defaultdict(list)
    for log in json.loads(answer.stdout):
        lab, _, suite, branch, folder, name = pathlib.Path(log['file']).relative_to(root).parts
        for run in log['runs']:
            for result in run['results']:
                key = Series(lab, suite, branch, name, result['benchmark'], result['metric'], str(run['labels']))
                series[key].append(Point(run['started_at'], folder.split('_')[0], result['value']))
    return {key: sorted(points) for key, points in series.items()}


def find_changes(series):
    found = detector.find([{'id': number, 'values': [point.value for point in points]}
                           for number, points in enumerate(series.values())])
    return {key: found[number] for number, key in enumerate(series)}


def touches(change, key):
    """Whether a change of the truth may move a series: other metrics of the benchmark and a total may follow."""
    return (change['kind'] in ('regression', 'improvement') and key.lab in change['labs'] and key.suite == change['suite']
            and key.branch == change['branch'] and key.log == pathlib.Path(change['logs'][key.lab]).name
            and key.benchmark in (change['benchmark'], 'TOTAL'))


def moves(change, key):
    return touches(change, key) and key.benchmark == change['benchmark'] and key.metric in change['moves']


def compare(series, found, truth):
    """What is missed, and what is false."""
    for key, points in series.items():
        builds = [point.build for point in points]
        places = {builds.index(change['build']): change for change in truth if touches(change, key)}
        for place, change in places.items():
            if moves(change, key) and not any(abs(place - other) <= MARGIN for other in found[key]):
                yield f'{key}: {change["ratio"]} times at {place} of {len(points)}, found {found[key]}'
        for place in found[key]:
            if not any(abs(place - other) <= MARGIN for other in places):
                yield f'{key}: nothing at {place} of {len(points)}'


class DemoTest(unittest.TestCase):
    def test_demo(self):
        with tempfile.TemporaryDirectory() as temporary:
            root, truth = make_demo(pathlib.Path(temporary))
            n_labs = len(list_labs(root))
            series = read_series(root)
        self.assertGreater(sum(moves(change, key) for key in series for change in truth), 15 * n_labs)
        self.assertEqual(list(compare(series, find_changes(series), truth)), [])


if __name__ == '__main__':
    import unittest_tap
    unittest_tap.main(sys.modules[__name__])
