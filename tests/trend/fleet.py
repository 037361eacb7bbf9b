# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the adjustment of p over all series of a day is worth, on fleets of series of which some change.

A fleet has results every day; its changes of the last days are told, and are adjusted day by day (Benjamini and Hochberg) as the
store does. The same seed gives the same fleet.
"""

import collections

import detector
import numpy
import series

MARGIN = 5          # results, within which a change is found
LEVEL = .05         # of p, adjusted or not
NOISE = .02         # standard deviation of a result, as a share of its level
SIZES = (2, 8)      # of a change, in standard deviations
FLOOR = -.9         # outliers stay above it, as shares of the level, so that values are positive

Told = collections.namedtuple('Told', 'changes true false new_true new_false')


def draw(seed, n, days_before, days, share):
    """Series by id, and the place of its change or None."""
    rng = numpy.random.default_rng(seed)
    for number in range(n):
        noise = series.DRAW[series.NOISES[number % len(series.NOISES)]]
        values = NOISE * noise(rng, days_before + days)
        place = None
        if rng.random() < share:
            place = days_before + int(rng.integers(0, days - 4))
            values[place:] += NOISE * rng.uniform(*SIZES) * rng.choice([-1, 1])
        yield f'{seed}-{number}', (1 + numpy.clip(values, FLOOR, None)).tolist(), place


def adjust(p, n):
    """p among n, of which the others are 1."""
    order = numpy.argsort(p)
    ranked = numpy.asarray(p)[order] * n / numpy.arange(1, len(p) + 1)
    adjusted = numpy.empty(len(p))
    adjusted[order] = numpy.minimum.accumulate(ranked[::-1])[::-1]
    return adjusted


def is_true(change, place):
    return place is not None and abs(change['index'] - place) <= MARGIN


def measure_one(seed, n, days_before, days, share):
    fleet = list(draw(seed, n, days_before, days, share))
    places = {name: place for name, _, place in fleet}
    answers = detector.analyze([{'id': name, 'values': values} for name, values, _ in fleet])
    by_day = collections.defaultdict(list)
    for name, answer in answers.items():
        for change in answer['changes']:
            if change['index'] >= days_before:
                by_day[change['index']].append((change['p'], is_true(change, places[name])))
    told = collections.Counter()
    for changes in by_day.values():
        adjusted = adjust([p for p, _ in changes], n)
        for (_, truth), p in zip(changes, adjusted):
            told['told', truth] += 1
            told['new', truth] += p <= LEVEL
    return Told(sum(place is not None for place in places.values()), told['told', True], told['told', False],
                told['new', True], told['new', False])


def measure(seeds, n, days_before, days, share):
    return Told(*map(sum, zip(*(measure_one(seed, n, days_before, days, share) for seed in seeds))))
