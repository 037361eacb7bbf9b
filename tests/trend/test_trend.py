#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The detector of changes: cases with known answers, what must hold of every series, and how often it is right.

The figures are those of few series, and their bounds leave room for chance; `tools/bench trend` has more of them. Sanitizers,
for which numbers are as good as others, get fewer series of each kind: the same is computed, not as often.
"""

import json
import math
import os
import pathlib
import random
import subprocess
import sys
import unittest

import arrival
import detector
import score
import series

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
rng = random.Random(5)
SHARE = 1 if os.environ['SANITIZE'] == 'none' else 3  # one series of so many


def noise(n, scale=1.):
    return [rng.gauss(0, scale) for _ in range(n)]


def around(level, n, scale=1.):
    return [level + x for x in noise(n, scale)]


def creep(n, slope, rho):
    """Grows by slope a value, in noise of 1 % that knows of its neighbour."""
    rest, values = 0, []
    for i in range(n):
        rest = rho * rest + math.sqrt(1 - rho * rho) * rng.gauss(0, .01)
        values.append(100 * math.exp(slope * i + rest))
    return values


def of_two(n, share, low=100, high=110):
    return [(high if rng.random() < share else low) + x for x in noise(n, .5)]


# what, values, places of the changes
KNOWN = [
    ('nothing', [], []),
    ('one', [5.], []),
    ('constant', [5.] * 30, []),
    ('an outlier', [5.] * 15 + [9.] + [5.] * 15, []),
    ('two outliers together', [5.] * 15 + [9.] * 2 + [5.] * 15, []),
    ('three outliers together', [5.] * 15 + [9.] * 3 + [5.] * 15, []),
    ('four outliers together', [5.] * 25 + [6.] * 4 + [5.] * 21, [25, 29]),
    ('by turns', [1., 2.] * 12 + [1.], []),
    ('by turns, then other two', [1., 2.] * 25 + [3., 4.] * 25, [50]),
    ('ramp', [100. + i for i in range(60)], []),
    ('ramp with noise', [100 + i + x for i, x in enumerate(noise(80, 2))], []),
    ('two modes', of_two(100, .5), []),
    ('spread alone', around(100, 50) + around(100, 50, 4), []),
    ('weeks', [100 + 3 * math.sin(2 * math.pi * i / 7) + x for i, x in enumerate(noise(120, .5))], []),
    ('step', [5.] * 25 + [6.] * 25, [25]),
    ('step in the last two', [5.] * 48 + [6.] * 2, []),
    ('step in the last three', [5.] * 47 + [6.] * 3, []),
    ('step in the last four', [5.] * 46 + [6.] * 4, [46]),
    ('step in the last three with noise', around(100, 47) + around(120, 3), []),
    ('step in the last four with noise', around(100, 46) + around(120, 4), [46]),
    ('six results', [1., 1., 1., 9., 9., 9.], [3]),
    ('six results with noise', [1., 1.1, 1.05, 9., 9.1, 8.9], [3]),
    ('from zero', [0.] * 20 + [3.] * 20, [20]),
    ('negative', around(-5, 30, .1) + around(-4, 30, .1), [30]),
    ('large', [value * 1e13 for value in around(100, 30) + around(110, 30)], [30]),
    ('small', [value * 1e-14 for value in around(100, 30) + around(110, 30)], [30]),
]


def indices(answer):
    return [change['index'] for change in answer['changes']]


def ask(**values_of):
    return detector.analyze([{'id': name, 'values': values} for name, values in values_of.items()])


class KnownTest(unittest.TestCase):
    def test_known(self):
        answers = ask(**{what: values for what, values, _ in KNOWN})
        found = {what: indices(answers[what]) for what, _, _ in KNOWN}
        self.assertEqual(found, {what: truth for what, _, truth in KNOWN})

    def test_mixture(self):
        """Two modes of which the other one becomes the usual one: where, the values cannot tell exactly."""
        (place,) = indices(ask(x=of_two(100, .2) + of_two(100, .8))['x'])
        self.assertAlmostEqual(place, 100, delta=8)

    def test_refused(self):
        """A series with what is no number is no series without it."""
        for values, times, words in (([1, math.nan, 2], None, 'values[1] is NaN'), ([math.inf], None, 'values[0] is Infinity'),
                                     ([1, 2, 3], [1, 3, 2], 'time 2 is before')):
            line = json.dumps({'id': 'x', 'values': values, 'times': times})
            answer = subprocess.run([os.environ['PERFDASH'], 'analyze'], input=line, capture_output=True, check=False, text=True)
            self.assertEqual((answer.returncode, answer.stdout), (1, ''))
            self.assertIn(words, answer.stderr)


class PropertyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.drawn = [one for one in series.draw(7, every=6 * SHARE) if 'long' not in one['scenario']]
        cls.answers = detector.analyze(cls.drawn)
        cls.found = {name: indices(answer) for name, answer in cls.answers.items()}

    def find(self, change):
        """What is found when the values are changed."""
        return detector.find([{**one, 'values': change(one['values'])} for one in self.drawn])

    def test_unit(self):
        """Milliseconds or seconds; whole numbers, which are known by being whole, stay whole."""
        self.assertEqual(self.find(lambda values: [value * 1000 for value in values]), self.found)
        whole = [one for one in self.drawn if 'quant' not in one['scenario']]
        found = detector.find([{**one, 'values': [value * 1e-9 for value in one['values']]} for one in whole])
        self.assertEqual(found, {one['id']: self.found[one['id']] for one in whole})

    def test_origin(self):
        """Of values that are not all positive only differences count."""
        below = self.find(lambda values: [value - 2 * max(values) for value in values])
        further = self.find(lambda values: [value - 3 * max(values) for value in values])
        self.assertEqual(below, further)

    def test_sign(self):
        """Up and down are alike, where logarithms do not tell them apart."""
        up = self.find(lambda values: [value - values[0] for value in values])
        down = self.find(lambda values: [values[0] - value for value in values])
        self.assert_alike(up, down, lambda one, place: place, .98)

    def assert_alike(self, some, others, move, share):
        """Most changes of some are changes of others, too, nearly at the same place."""
        tally = score.Tally()
        for one in self.drawn:
            pairs = score.match([move(one, place) for place in some[one['id']]], others[one['id']], 3)
            tally.right += len(pairs)
            tally.missed += len(some[one['id']]) - len(pairs)
            tally.false += len(others[one['id']]) - len(pairs)
        self.assertGreaterEqual(tally.f1, share, tally)

    def test_reversal(self):
        self.assert_alike(self.found, self.find(lambda values: values[::-1]), lambda one, place: len(one['values']) - place, .97)

    def test_arrival(self):
        """Results one by one, or all at once."""
        arrived = {name: answers[-1] for name, answers in detector.let_arrive(self.drawn).items()}
        self.assert_alike(self.found, arrived, lambda one, place: place, .97)

    def test_added_constant(self):
        """Much that is always there, as an overhead, hides no step: the level is higher, the steps are where they were."""
        added = self.find(lambda values: [value + 20 * max(values) for value in values])
        plain = self.find(lambda values: [value + 40 * max(values) for value in values])
        self.assert_alike(added, plain, lambda one, place: place, .99)
        self.assert_alike(self.found, added, lambda one, place: place, .95)

    def test_constant_series(self):
        """One that never moves, among the others, has no change and makes or hides none."""
        constant = [{'id': f'constant {value}', 'values': [value] * 200} for value in (0, -3, 1e-300, 0.1, 1e300)]
        answers = detector.analyze([constant[0], *self.drawn, *constant[1:]])
        self.assertEqual({one['id']: answers[one['id']]['changes'] for one in constant}, {one['id']: [] for one in constant})
        self.assertEqual({one['id']: answers[one['id']] for one in self.drawn}, self.answers)

    def test_order_of_series(self):
        shuffled = random.Random(1).sample(self.drawn, len(self.drawn))
        self.assertEqual(detector.analyze(shuffled), self.answers)

    def test_intervals(self):
        """They have their estimate inside, and the truth as often as they say, or nearly so."""
        held = []
        for one in self.drawn:
            for change in self.answers[one['id']]['changes']:
                self.assertTrue(change['first'] <= change['index'] <= change['last'], (one['id'], change))
                for low, value, high in (('before_low', 'before', 'before_high'), ('after_low', 'after', 'after_high'),
                                         ('low', 'change', 'high')):
                    self.assertTrue(change[low] <= change[value] <= change[high], (one['id'], change))
                self.assertTrue(0 <= change['p'] <= 1, (one['id'], change))
                held += [change['first'] <= truth <= change['last'] for truth in one['truth'] if abs(truth - change['index']) <= 20]
        self.assertGreater(score.mean(held), .85)


class AccuracyTest(unittest.TestCase):
    def test_accuracy(self):
        drawn = [one for seed in (21, 22, 23) for one in series.draw(seed, every=3 * SHARE)]
        summary = score.summarize(drawn, detector.find(drawn))
        del summary['tallies']
        self.assertGreater(summary['f1'], .95, summary)
        self.assertGreater(summary['f1_narrow'], .93, summary)
        self.assertLess(summary['false'], .12, summary)
        self.assertLess(summary['false_drift'], .4, summary)
        self.assertGreater(summary['correlated'], .86, summary)

    def test_drift(self):
        for slope, rho in ((0, 0), (0, .6), (.0005, 0), (.0005, .6), (.001, .3)):
            with self.subTest(slope=slope, rho=rho):
                drawn = [{'id': str(k), 'values': creep(200, slope, rho)} for k in range(100 // SHARE)]
                bounds = [answer['drift'] for answer in detector.analyze(drawn).values()]
                held = score.mean([one['low'] <= math.expm1(slope) <= one['high'] for one in bounds])
                self.assertGreater(held, .85)
                seen = score.mean([one['low'] > 0 for one in bounds])
                self.assertTrue(seen > .95 if slope else seen < .1, seen)

    def test_arrival(self):
        told = arrival.measure([one for one in series.draw(21, every=12 * SHARE) if 'drift' not in one['scenario']])
        self.assertGreater(len(told.delays) / told.changes, .88, told)
        self.assertLessEqual(told.delay(.5), 5, told)
        self.assertLess(told.false_per_1000, .6, told)
        self.assertLess(told.unsteady_per_1000, 2, told)


if __name__ == '__main__':
    import unittest_tap
    unittest_tap.main(sys.modules[__name__])
