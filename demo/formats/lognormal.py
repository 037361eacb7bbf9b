# SPDX-License-Identifier: LGPL-2.1-or-later
"""The lognormal distribution by its mean: what request times look like."""

import math
from statistics import NormalDist

_NORMAL = NormalDist()
_SCORES = {}


def score(p):
    """The standard normal quantile; few different ones are asked for, very often."""
    if p not in _SCORES:
        _SCORES[p] = _NORMAL.inv_cdf(p)
    return _SCORES[p]


class Lognormal:
    def __init__(self, mean, sigma):
        self.mean = mean
        self.sigma = sigma
        self.mu = math.log(mean) - sigma * sigma / 2

    @property
    def sd(self):
        return self.mean * math.sqrt(math.expm1(self.sigma * self.sigma))

    def quantile(self, p):
        return math.exp(self.mu + self.sigma * score(p))

    def share_below(self, x):
        return 0.5 * math.erfc((self.mu - math.log(x)) / (self.sigma * math.sqrt(2)))

    def highest_of(self, n):
        return self.quantile(1 - 0.5 / n)

    def lowest_of(self, n):
        return self.quantile(0.5 / n)

    def even_sample(self, n):
        """n values in order, one from each n-th of the distribution, with exactly this mean."""
        values = [math.exp(self.sigma * score((i + 0.5) / n)) for i in range(n)]
        scale = self.mean * n / sum(values)
        return [value * scale for value in values]
