# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of noise that performance results have, as factors around 1."""

import math


def gaussian(rng, n, spread):
    return [math.exp(rng.gauss(0, spread)) for _ in range(n)]


def heavy_tail(rng, n, spread):
    """Student's t with 3 degrees of freedom: mostly quiet, now and then far off."""
    return [math.exp(spread * _student(rng, 3)) for _ in range(n)]


def two_modes(rng, n, spread, gap=0.09, share=0.3):
    """Some runs land on the slow side of the machine (memory placement, turbo), the others do not."""
    return [
        math.exp(rng.gauss(0, spread)) * (1 + gap if rng.random() < share else 1) for _ in range(n)
    ]


def correlated(rng, n, spread, rho=0.6):
    """A neighbour's load that lasts longer than one run: an autoregression of order 1."""
    level, factors = 0.0, []
    for _ in range(n):
        level = rho * level + rng.gauss(0, spread * math.sqrt(1 - rho * rho))
        factors.append(math.exp(level))
    return factors


KINDS = {
    'gaussian': gaussian,
    'heavy tail': heavy_tail,
    'two modes': two_modes,
    'correlated': correlated,
    # the same as gaussian; the value is rounded to a whole number afterwards
    'whole numbers': gaussian,
}


def factors(kind, rng, n, spread):
    return KINDS[kind](rng, n, spread)


def _student(rng, df):
    return rng.gauss(0, 1) / math.sqrt(rng.gammavariate(df / 2, 2) / df)
