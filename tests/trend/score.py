#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How well changes that were found fit those that are known.

usage: score.py TRUTH FOUND: lines of JSON, {"id","values","truth":[index...]} with a "scenario" when they were drawn, and what
`perfdash analyze` says of them. Places of "maybe":[index...] and ranges of "wander":[[first,last]...] are those that one may
argue about: neither is found nor missed there.
"""

import collections
import dataclasses
import json
import sys

MARGIN = 5  # results


@dataclasses.dataclass
class Tally:
    right: int = 0
    false: int = 0
    missed: int = 0
    results: int = 0

    @property
    def f1(self):
        everything = 2 * self.right + self.false + self.missed
        return 2 * self.right / everything if everything else 1.

    @property
    def precision(self):
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self):
        return self.right / max(1, self.right + self.missed)

    @property
    def false_per_1000(self):
        return 1000 * self.false / max(1, self.results)


def match(truth, found, margin):
    """Pairs of places, each in one pair, the nearest first."""
    near = sorted((abs(t - f), t, f) for t in truth for f in found if abs(t - f) <= margin)
    pairs = {}
    for _, t, f in near:
        if t not in pairs and f not in pairs.values():
            pairs[t] = f
    return pairs


def is_arguable(series, place, margin):
    """A change that a person saw may as well be two of them."""
    if 'maybe' not in series and 'wander' not in series:
        return False
    return (any(abs(place - maybe) <= margin for maybe in series.get('maybe', []))
            or any(first - 2 <= place <= last + 2 for first, last in series.get('wander', []))
            or any(abs(place - truth) <= 2 for truth in series['truth']))


def score(series, found, margin=MARGIN):
    """The tally of some series; found has the places of each id."""
    tally = Tally()
    for one in series:
        places = found[one['id']]
        pairs = match(one['truth'], places, margin)
        tally.right += len(pairs)
        tally.missed += len(one['truth']) - len(pairs)
        tally.false += sum(place not in pairs.values() and not is_arguable(one, place, margin) for place in places)
        tally.results += len(one['values'])
    return tally


def by_scenario(series):
    scenarios = collections.defaultdict(list)
    for one in series:
        scenarios[one.get('scenario') or one.get('scen', 'labelled')].append(one)
    return scenarios


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


def summarize(series, found):
    """Means over scenarios. Those with drift stand apart: what is a step there is a matter of taste."""
    tallies = {name: score(some, found) for name, some in by_scenario(series).items()}
    narrow = {name: score(some, found, 2) for name, some in by_scenario(series).items()}
    with_change = [name for name in tallies if not name.startswith('null-') and name not in ('drift', 'labelled')]
    without = [name for name in tallies if name.startswith('null-') and name != 'null-drift']
    summary = {'tallies': tallies}
    if with_change:
        summary |= {'f1': mean(tallies[name].f1 for name in with_change), 'f1_narrow': mean(narrow[name].f1 for name in with_change),
                    'correlated': tallies['step-ar'].f1}
    if without:
        summary['false'] = mean(tallies[name].false_per_1000 for name in without)
        summary['false_drift'] = tallies['null-drift'].false_per_1000
    if 'labelled' in tallies:
        summary['labelled'] = tallies['labelled'].f1
    return summary


def main():
    with open(sys.argv[1], encoding='utf-8') as truth, open(sys.argv[2], encoding='utf-8') as answers:
        series = [json.loads(line) for line in truth]
        found = {answer['id']: [change['index'] for change in answer['changes']] for answer in map(json.loads, answers)}
    summary = summarize(series, found)
    for name, tally in summary.pop('tallies').items():
        print(f'{name:16} F1 {tally.f1:.3f} precision {tally.precision:.3f} recall {tally.recall:.3f} '
              f'false/1000 {tally.false_per_1000:.2f}')
    for name, value in summary.items():
        print(f'{name:16} {value:.4f}')


if __name__ == '__main__':
    main()
