#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The statistics of libperfdash against those of scipy and numpy, and against what must be true of any."""

import math
import os
import pathlib
import subprocess
import sys
import unittest

import numpy
import scipy.special
import scipy.stats

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests'))


def draw(seed):
    """Sets of values as benchmarks give them: before, after, whether they have ties."""
    rng = numpy.random.default_rng(seed)
    for n, m in ((1, 1), (1, 2), (2, 2), (3, 3), (4, 4), (3, 9), (8, 8), (8, 30), (9, 9), (12, 7), (1, 60), (30, 41), (200, 150)):
        shift = rng.choice([0, 0.3, 1])
        normal = 100 + rng.normal(size=n), 100 + shift + rng.normal(size=m)
        yield *normal, False
        yield rng.lognormal(-9, 0.5, n), rng.lognormal(-9 + shift, 0.5, m), False
        yield rng.standard_cauchy(n), rng.standard_cauchy(m) + shift, False
        yield normal[0].round(), normal[1].round(), True
        yield rng.integers(0, 2, n) * 1.0, rng.integers(0, 3, m) * 1.0, True


def benjamini_hochberg(p):
    """As it is defined: the least level at which each would be among those called different."""
    ranked = sorted(p)
    return [min(1, min(ranked[k] * len(p) / (k + 1) for k in range(len(p)) if ranked[k] >= one)) for one in p]


def resampled_median(values):
    """All medians that resampling can give, with their probabilities."""
    x = sorted(values)
    n = len(x)
    k = (n + 1) // 2
    up_to = numpy.arange(n + 1) / n
    first = numpy.diff(scipy.stats.binom.sf(k - 1, n, up_to))  # that the k-th smallest of a resample is x[i]
    if n % 2 == 1:
        return list(zip(x, first))
    pairs = []
    for i in range(n):
        later = [math.comb(n, k) * (up_to[i + 1] ** k - up_to[i] ** k) * ((1 - up_to[j]) ** k - (1 - up_to[j + 1]) ** k)
                 for j in range(i + 1, n)]
        pairs += [((x[i] + x[j]) / 2, p) for j, p in zip(range(i + 1, n), later)]
        pairs.append((x[i], first[i] - sum(later)))
    return pairs


def left_out(values):
    return numpy.array([numpy.median(numpy.delete(values, i)) for i in range(len(values))])


def exact_limits(before, after):
    """The bias-corrected and accelerated interval of the difference of medians without any drawing: the changes that
    resampling can give, the share of each and of those below, and which shares the limits have."""
    changes = sorted((y - x, p * q) for x, p in resampled_median(before) for y, q in resampled_median(after))
    values, p = map(numpy.array, zip(*changes))
    seen = numpy.median(after) - numpy.median(before)
    bias = scipy.special.ndtri(p[values < seen - 1e-12].sum() + p[abs(values - seen) <= 1e-12].sum() / 2)
    pulls = numpy.concatenate([(j.mean() - j) * (len(j) - 1) / len(j) for j in (-left_out(before), left_out(after))])
    accelerated = (pulls ** 3).sum() / (pulls ** 2).sum() ** 1.5 / 6
    z = scipy.special.ndtri([0.025, 0.975])
    return values, p, scipy.special.ndtr(bias + (bias + z) / (1 - accelerated * (bias + z)))


class StatsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = subprocess.Popen([os.environ['PROBE']], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.probe.wait)
        cls.addClassCleanup(cls.probe.stdout.close)
        cls.addClassCleanup(cls.probe.stdin.close)

    def ask(self, name, *sets):
        self.probe.stdin.write(' '.join([name, *(','.join(repr(float(x)) for x in values) for values in sets)]) + '\n')
        self.probe.stdin.flush()
        return numpy.array([float(x) for x in self.probe.stdout.readline().split()])

    def assert_close(self, ours, theirs, digits=1e-12, least=1e-300):
        numpy.testing.assert_allclose(ours, theirs, rtol=digits, atol=least)

    def test_normal(self):
        z = numpy.linspace(-37, 9, 400)
        self.assert_close(self.ask('normal', z), scipy.special.ndtr(z))
        p = numpy.concatenate([10.0 ** numpy.arange(-300, 0, 7), numpy.linspace(0.001, 0.999, 300)])
        self.assert_close(self.ask('normal-quantile', p), scipy.special.ndtri(p), 1e-11, 1e-15)

    def test_student(self):
        for degrees in (0.5, 1, 1.7, 2, 3, 7.3, 30, 250, 1e4, 1e6):
            t = numpy.concatenate([numpy.linspace(-60, 60, 241), [1e-9, -1e-9, 1e5, -1e5]])
            self.assert_close(self.ask('student', t, [degrees] * len(t)), scipy.stats.t.cdf(t, degrees), 1e-8)
            p = numpy.array([1e-9, 1e-4, 0.001, 0.025, 0.1, 0.4999, 0.5, 0.6, 0.975, 0.9999])
            self.assert_close(self.ask('student-quantile', p, [degrees] * len(p)), scipy.stats.t.ppf(p, degrees), 1e-7, 1e-9)

    def test_quantile(self):
        shares = [0, 0.01, 0.25, 1 / 3, 0.5, 0.9, 0.999, 1]
        for before, _, _ in draw(1):
            self.assert_close(self.ask('quantile', before, shares), numpy.quantile(before, shares), 1e-13, 1e-15)
            self.assert_close(self.ask('mad', before), scipy.stats.median_abs_deviation(before), 1e-12, 1e-15)

    def test_mean_intervals(self):
        for before, after, _ in draw(2):
            if len(before) == 1:
                self.assert_close(self.ask('mean-interval', before)[0], before[0])
                continue
            error = scipy.stats.sem(before)
            if error > 0:
                theirs = scipy.stats.t.interval(0.95, len(before) - 1, before.mean(), error)
                self.assert_close(self.ask('mean-interval', before), [before.mean(), *theirs], 1e-8)
            old, new = before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)
            if min(old, new) < 1e-12 * after.mean() ** 2:
                continue
            # p of Welch's test is 0.05 where the interval ends
            for end in self.ask('difference-interval', before, after):
                self.assert_close(scipy.stats.ttest_ind(after - end, before, equal_var=False).pvalue, 0.05, 1e-6)
        self.assert_close(self.ask('difference-interval', [1, 1], [3, 3]), [2, 2])

    def test_mann_whitney(self):
        exact = 0
        for seed in range(20):
            for before, after, _ in draw(seed):
                theirs = scipy.stats.mannwhitneyu(after, before, alternative='two-sided', method='auto')
                p = 1 if numpy.isnan(theirs.pvalue) else theirs.pvalue
                exact += min(len(before), len(after)) <= 8
                u, ours, delta, least = self.ask('mann-whitney', before, after)
                self.assert_close([u, ours], [theirs.statistic, p], 1e-10)
                self.assert_close(delta, numpy.sign(after[:, None] - before).mean(), 1e-12, 1e-12)
                self.assert_close(least, min(1, 2 / math.comb(len(before) + len(after), len(before))))
        self.assertGreater(exact, 100)

    def test_mann_whitney_ties_only(self):
        for n, m in ((1, 1), (4, 4), (5, 100)):
            u, p, delta, _ = self.ask('mann-whitney', [7] * n, [7] * m)
            self.assertEqual((u, p, delta), (n * m / 2, 1, 0))

    def test_mann_whitney_of_ranks(self):
        """Any change of scale that keeps the order keeps the test, and sides can be swapped."""
        for before, after, _ in draw(3):
            pairs = len(before) * len(after)
            u, p, delta, _ = self.ask('mann-whitney', before, after)
            self.assertEqual((u, p), tuple(self.ask('mann-whitney', before * 1e-7, after * 1e-7)[:2]))
            self.assertEqual((u, p), tuple(self.ask('mann-whitney', numpy.arctan(before), numpy.arctan(after))[:2]))
            self.assertEqual((pairs - u, p), tuple(self.ask('mann-whitney', after, before)[:2]))
            self.assert_close(self.ask('mann-whitney', after, before)[2], -delta, 1e-12, 1e-12)

    def test_adjust(self):
        rng = numpy.random.default_rng(4)
        for n in (1, 2, 3, 10, 60):
            for p in (rng.random(n), rng.random(n) ** 6, numpy.repeat(rng.random(n), 2), numpy.zeros(n), numpy.ones(n)):
                self.assert_close(self.ask('adjust', p), benjamini_hochberg(p))
        # table 1 of Benjamini and Hochberg (1995): four are called different at 0.05
        paper = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1]
        self.assertEqual(sum(self.ask('adjust', paper) <= 0.05), 4)

    def test_bootstrap_exactly(self):
        """The limits are the changes at which the probability passes what it should be."""
        rng = numpy.random.default_rng(6)
        for n, m in ((5, 5), (5, 8), (6, 6), (6, 11), (7, 7), (9, 12), (12, 12), (14, 5), (31, 20), (8, 75)):
            for before, after in ((rng.normal(size=n), rng.normal(size=m)), (rng.exponential(size=n), 1 + rng.exponential(size=m))):
                values, p, shares = exact_limits(before, after)
                for limit, share in zip(self.ask('bootstrap', before, after), shares):
                    self.assertLess(p[values < limit - 1e-9].sum(), share + 1e-7)
                    self.assertGreater(p[values < limit + 1e-9].sum(), share - 1e-7)

    def test_bootstrap_as_scipy(self):
        rng = numpy.random.default_rng(7)
        for n, m in ((30, 41), (60, 60), (200, 25)):
            before, after = rng.lognormal(1, 0.3, n), rng.lognormal(1.1, 0.3, m)
            theirs = scipy.stats.bootstrap(
                (before, after), lambda x, y, axis: numpy.log(numpy.median(y, axis) / numpy.median(x, axis)), vectorized=True,
                method='BCa', n_resamples=20000, random_state=8).confidence_interval
            width = theirs.high - theirs.low
            self.assert_close(self.ask('bootstrap-log', before, after), theirs, 0, width * 0.08)

    def test_bootstrap_of_scale(self):
        """Other units and other origins give the interval in them, and nothing else."""
        rng = numpy.random.default_rng(9)
        before, after = rng.lognormal(size=17), rng.lognormal(size=8)
        plain = self.ask('bootstrap', before, after)
        self.assert_close(self.ask('bootstrap', before * 1e-9, after * 1e-9), plain * 1e-9, 1e-9)
        self.assert_close(self.ask('bootstrap', before + 50, after + 50), plain, 1e-9)
        self.assert_close(self.ask('bootstrap-log', before * 1e9, after * 1e9), self.ask('bootstrap-log', before, after), 1e-9)
        self.assert_close(self.ask('bootstrap', rng.permutation(before), after), plain)
        self.assert_close(self.ask('bootstrap', [3] * 6, [5] * 9), [2, 2])
        forth, back = self.ask('bootstrap-log', before, after), self.ask('bootstrap-log', after, before)
        self.assert_close(forth, -back[::-1], 1e-9)

    def test_bootstrap_holds_the_truth(self):
        rng = numpy.random.default_rng(10)
        for n, m in ((5, 5), (8, 20), (30, 30)):
            held = 0
            for _ in range(400):
                low, high = self.ask('bootstrap-log', rng.lognormal(2, 0.4, n), rng.lognormal(2, 0.4, m))
                held += low <= 0 <= high
            self.assertGreater(held, 400 * 0.925, (n, m))

    def test_power(self):
        """So many values do see an effect, or exclude it, in four of five cases."""
        rng = numpy.random.default_rng(11)
        for effect in (0.4, 0.7, 1):
            n = math.ceil(self.ask('power', [effect * 3, 3, 0.05])[0])
            seen = sum(scipy.stats.mannwhitneyu(rng.normal(size=n), rng.normal(effect, size=n)).pvalue <= 0.05 for _ in range(500))
            self.assertTrue(360 <= seen <= 450, (effect, n, seen))
        n = math.ceil(self.ask('power', [3, 6])[0])
        excluded = 0
        for _ in range(400):
            low, high = self.ask('bootstrap', rng.normal(scale=6, size=n), rng.normal(scale=6, size=n))
            excluded += -3 <= low and high <= 3
        self.assertTrue(280 <= excluded <= 370, (n, excluded))


if __name__ == '__main__':
    import unittest_tap
    unittest_tap.main(sys.modules[__name__])
