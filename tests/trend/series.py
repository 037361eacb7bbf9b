#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Series of performance results with changes that are known, drawn by chance.

The same seed gives the same series. A change is the place of the first result of the new level, from 0. Sizes of steps are in
units of the noise of one result, whose scale is a robust one: spikes and tails do not count for it.
"""

import dataclasses
import json
import sys
import zlib

import numpy
import scipy.stats

NOISES = ('gauss', 'lognorm', 'heavy', 'bimodal', 'spike', 'ar')
SKEWED = ('gauss', 'lognorm', 'heavy')
WARM_UP = 50  # results after which a correlated noise has forgotten its start


def draw_lognorm(rng, n):
    shape = rng.uniform(.4, .9)
    z = numpy.exp(shape * rng.standard_normal(n))
    mean, sd = numpy.exp(shape * shape / 2), numpy.sqrt((numpy.exp(shape * shape) - 1) * numpy.exp(shape * shape))
    return (z - mean) / sd


def draw_heavy(rng, n):
    degrees = rng.choice([2.5, 3., 4.])
    x = rng.standard_t(degrees, n)
    return x / (scipy.stats.t.ppf(.75, degrees) * 1.4826)


def draw_bimodal(rng, n):
    share, distance = rng.uniform(.1, .5), rng.uniform(3, 8)
    x = rng.standard_normal(n) + distance * (rng.random(n) < share)
    return (x - distance * share) / numpy.sqrt(1 + distance * distance * share * (1 - share))


def draw_spike(rng, n):
    """One or two results far away, mostly above."""
    x = rng.standard_normal(n)
    rate, sign = rng.uniform(.02, .06), rng.choice([1, 1, 1, -1])
    i = 0
    while i < n:
        if rng.random() < rate:
            width = 1 if rng.random() < .8 else 2
            x[i:i + width] += sign * rng.uniform(5, 40)
            i += width
        i += 1
    return x


def draw_ar(rng, n):
    rho = rng.uniform(.3, .7)
    shocks = rng.standard_normal(n + WARM_UP) * numpy.sqrt(1 - rho * rho)
    x = numpy.zeros(n + WARM_UP)
    for i in range(1, n + WARM_UP):
        x[i] = rho * x[i - 1] + shocks[i]
    return x[WARM_UP:]


DRAW = {'gauss': lambda rng, n: rng.standard_normal(n), 'lognorm': draw_lognorm, 'heavy': draw_heavy, 'bimodal': draw_bimodal,
        'spike': draw_spike, 'ar': draw_ar}


@dataclasses.dataclass
class Scenario:
    """Ranges end before their second number where they are of whole numbers."""
    n: tuple                 # results
    noises: tuple = NOISES   # by turns
    changes: object = 1      # how many, or a range
    gap: int = 1             # results between changes
    edge: int = 12           # results before the first change and behind the last
    size: tuple = (1., 12.)  # of a step, in units of the noise
    unit: tuple = None       # of whole numbers: units in one unit of the noise
    drift: tuple = None      # from the first result to the last, in units of the noise
    varies: bool = False     # noise changes with the level
    count: int = 60          # series


SCENARIOS = {
    **{f'step-{noise}': Scenario((60, 201), (noise,)) for noise in NOISES},
    'short': Scenario((10, 31), ('gauss', 'lognorm', 'heavy', 'spike'), edge=None, size=(3., 15.), count=120),
    'multi': Scenario((150, 401), changes=(2, 6), gap=25, edge=15),
    'close': Scenario((120, 251), changes=(3, 6), gap=6, edge=10, size=(2.5, 12.)),
    'hetero': Scenario((100, 301), SKEWED, (1, 4), gap=25, edge=15, size=(2., 12.), varies=True),
    'quant': Scenario((60, 301), ('gauss', 'lognorm', 'spike'), (1, 3), gap=25, size=(1.5, 12.), unit=(.3, 1.7)),
    'drift': Scenario((100, 301), SKEWED, (1, 3), gap=30, edge=15, size=(4., 12.), drift=(2, 6)),
    'long': Scenario((1000, 2001), changes=(3, 13), gap=40, edge=30, count=18),
    **{f'null-{noise}': Scenario((60, 301), (noise,), 0) for noise in NOISES},
    'null-short': Scenario((10, 31), changes=0, count=120),
    'null-quant': Scenario((60, 301), ('gauss', 'lognorm', 'spike'), 0, unit=(.2, 1.7)),
    'null-drift': Scenario((100, 301), ('gauss',), 0, drift=(2, 6)),
    'null-long': Scenario((1000, 2001), changes=0, count=18),
}


def draw_places(rng, n, scenario):
    if scenario.changes == 0:
        return []
    k = scenario.changes if scenario.changes == 1 else int(rng.integers(*scenario.changes))
    edge = scenario.edge or (4 if n < 16 else 5)
    for _ in range(2000):
        places = numpy.sort(rng.integers(edge, n - edge + 1, k))
        if k < 2 or numpy.diff(places).min() >= scenario.gap:
            return [int(place) for place in places]
    return [int(place) for place in numpy.linspace(edge, n - edge, k)]


def draw_step(rng, noise, low, high):
    """From 1 % to 30 % of the level."""
    for _ in range(200):
        size = numpy.exp(rng.uniform(numpy.log(low), numpy.log(high)))
        if .01 <= size * noise <= .30:
            return size * rng.choice([-1, 1])
    return 3 * rng.choice([-1, 1])


def draw_levels(rng, n, places, noise, scenario):
    """Levels and scales of all results."""
    levels, scales, level, scale = numpy.zeros(n), numpy.ones(n), 0., 1.
    for place in places:
        step = draw_step(rng, noise, *scenario.size)
        if abs((level + step) * noise) > .6:
            step = -step
        level += step
        levels[place:] = level
        if scenario.varies:
            scale = float(numpy.clip(scale * numpy.exp(rng.uniform(numpy.log(.5), numpy.log(3))), .4, 4))
            scales[place:] = scale
    return levels, scales


def draw_series(rng, scenario, number):
    n = int(rng.integers(*scenario.n))
    places = draw_places(rng, n, scenario)
    unit = 1 / rng.uniform(*scenario.unit) if scenario.unit else 0
    drift = float(rng.uniform(*scenario.drift) * rng.choice([-1, 1])) if scenario.drift else 0
    base = 10 ** rng.uniform(1, 6)
    noise = numpy.exp(rng.uniform(numpy.log(.003), numpy.log(.04)))
    levels, scales = draw_levels(rng, n, places, noise, scenario)
    x = DRAW[scenario.noises[number % len(scenario.noises)]](rng, n) * scales + levels
    if drift:
        x = x + numpy.linspace(0, drift, n)
    values = base + base * noise * x
    if unit:
        values = numpy.round(values / (base * noise * unit))
    return [float(value) for value in values], places


def draw(seed, every=1):
    """All series of a seed, or one of so many of each scenario."""
    for name, scenario in SCENARIOS.items():
        for number in range(0, scenario.count, every):
            rng = numpy.random.default_rng([seed, zlib.crc32(name.encode()), number])
            values, places = draw_series(rng, scenario, number)
            yield {'id': f'{seed}/{name}/{number}', 'scenario': name, 'values': values, 'truth': places}


if __name__ == '__main__':
    for line in draw(int(sys.argv[1])):
        print(json.dumps(line))
