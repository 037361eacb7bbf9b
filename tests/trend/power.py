# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which changes can be found, and whether the bounds that are told hold the truth."""

import collections
import random

import detector
import score

SIZES = (.5, .6, .7, .8, 1, 1.2, 1.4, 1.6, 1.8, 2.2, 2.6, 3, 3.5, 4, 5, 6)  # standard deviations of a value
MARGIN = 5  # results, within which a change is found
SHARES = ((20, 80), (30, 70))  # of the upper heap, before and after, in percent

Power = collections.namedtuple('Power', 'half most size place found')


def draw_steps(chance, n_side, size, count):
    for _ in range(count):
        yield [100 + chance.gauss(0, 1) + size * (place >= n_side) for place in range(2 * n_side)]


def draw_heaps(chance, n_side, shares, count):
    for _ in range(count):
        yield [100 + 12 * (100 * chance.random() < shares[place >= n_side]) + chance.gauss(0, 1) for place in range(2 * n_side)]


def find_near(drawn, place):
    """For each series the change that was made, or None."""
    answers = detector.analyze([{'id': number, 'values': values} for number, values in enumerate(drawn)])
    return [next((change for change in answers[number]['changes'] if abs(change['index'] - place) <= MARGIN), None)
            for number in range(len(drawn))]


def measure(n_side, count=100):
    """The sizes of which half and nine of ten are found, the shares of bounds that hold size and place, and how many were found."""
    chance = random.Random(n_side)
    found = {size: [change for change in find_near(list(draw_steps(chance, n_side, size, count)), n_side) if change] for size in SIZES}
    shares = [len(found[size]) / count for size in SIZES]
    size_of = lambda share: next((size for size, reached in zip(SIZES, shares) if reached >= share), float('inf'))
    changes = [(size / 100, change) for size in SIZES for change in found[size]]
    return Power(size_of(.5), size_of(.9), score.mean(change['low'] <= truth <= change['high'] for truth, change in changes),
                 score.mean(change['first'] <= n_side <= change['last'] for _, change in changes), len(changes))


def measure_heaps(shares, n_side=100, count=100):
    """The share of changes between heaps that is found."""
    found = find_near(list(draw_heaps(random.Random(1), n_side, shares, count)), n_side)
    return score.mean(change is not None for change in found)
