/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The noise of a series is read from the differences of neighbours, which a change of level moves
 * in one place only. The scale is that of a normal distribution with the same quartile or the same
 * median of absolute differences, the wider one: outliers do not count, and of two modes both do.
 *
 * Labs change, and a series may be loud in one year and quiet in the next: each result has the
 * scale of the BLOCK differences around it, drawn to the scale of all with the weight of PRIOR
 * differences. Without that, clear steps of the quiet part are lost in the noise of the loud one.
 *
 * The correlation of neighbours is rho of an autoregressive process of first order. As long as no
 * levels are known it follows from the mean squares of differences over one and over two places,
 * which are as 1 to 1 + rho; they are cut at MAX_SQUARE. With levels it is that of the distances
 * from them, which is known twice as well. One standard error is taken off by half, for noise that
 * seems correlated by chance would hide small changes. */

#include "perfdash-noise.h"

#include <math.h>
#include <string.h>

#include "perfdash-sorted.h"

#define BLOCK           100
#define HALF            (BLOCK / 2)
#define PRIOR           20
#define MAX_SQUARE      16
#define MAX_RESIDUAL    3   /* standard deviations */
#define MAX_LEVEL       200 /* results that a level is fitted to: it may drift */
#define MAX_CORRELATION 0.9
/* quantiles of the absolute difference of two values of a standard normal distribution */
#define MEDIAN          (0.6744897501960817 * G_SQRT2)
#define QUARTILE        (1.1503493803760079 * G_SQRT2)

/* mean: of the differences, when half of them are 0 */
static double
get_scale(double median, double quartile, double mean)
{
	double scale = MAX(median / MEDIAN, quartile / QUARTILE);
	/* else most results equal the one before */
	return median > 0 ? scale : MAX(scale, mean);
}

static double
get_mean(const double *values, gsize n)
{
	double sum = 0;
	for (gsize i = 0; i < n; i++)
		sum += values[i];
	return sum / n;
}

double
perfdash_noise_of_differences(double *differences, gsize n, double *scratch)
{
	if (n == 0)
		return 0;
	gsize quarter = 0.75 * (n - 1);
	double quartile = perfdash_sorted_find(differences, n, 0.75 * (n - 1), scratch);
	/* it stands among those up to the quartile now */
	double median =
		perfdash_sorted_find(differences, MIN(quarter + 2, n), 0.5 * (n - 1), scratch);
	return get_scale(median, quartile, median > 0 ? 0 : get_mean(differences, n));
}

/* of the differences that lead to the results from one to another */
static double
measure(PerfdashNoise *self, const double *values, gsize from, gsize to)
{
	double *differences = self->scratch;
	for (gsize i = from; i < to; i++)
		differences[i - from] = fabs(values[i] - values[i - 1]);
	return perfdash_noise_of_differences(differences, to - from, self->scratch + self->n);
}

static void
sort_differences(PerfdashNoise *self, const double *values, gsize from, gsize to, double *sorted)
{
	for (gsize i = from; i < to; i++)
		sorted[i - from] = fabs(values[i] - values[i - 1]);
	perfdash_sorted_sort(sorted, to - from, self->scratch + self->n);
}

/* blocks are asked for in order: they overlap by half, and half of each was sorted for the one
 * before */
static double
measure_block(PerfdashNoise *self, const double *values, gsize block, double smallest)
{
	gsize center = block * HALF + HALF / 2;
	gsize from = center > HALF ? center - HALF : 1;
	gsize to = MIN(center + HALF, self->n);
	double *before = self->scratch + (block % 2) * HALF;
	double *after = self->scratch + (1 - block % 2) * HALF;
	double *both = self->scratch + BLOCK;
	if (center <= self->n) {
		if (block == 0)
			sort_differences(self, values, from, center, before);
		sort_differences(self, values, center, to, after);
		perfdash_sorted_merge(before, center - from, after, to - center, both);
	} else {
		from = to - HALF;
		sort_differences(self, values, from, to, both);
	}
	gsize n = to - from;
	double median = perfdash_sorted_get(both, n, 0.5 * (n - 1));
	double quartile = perfdash_sorted_get(both, n, 0.75 * (n - 1));
	double scale = get_scale(median, quartile, median > 0 ? 0 : get_mean(both, n));
	scale = MAX(scale, smallest);
	return sqrt((n * scale * scale + PRIOR * self->all * self->all) / (n + PRIOR));
}

/* between the centers of blocks in proportion */
static void
set_scales(PerfdashNoise *self, const double *values, double smallest)
{
	gsize n_blocks = (self->n - 1 + HALF) / HALF;
	gsize done = 0;
	double before = measure_block(self, values, 0, smallest);
	for (gsize block = 0; block < n_blocks; block++) {
		gsize center = block * HALF + HALF / 2;
		gsize to = MIN(center, self->n);
		double here = block > 0 ? measure_block(self, values, block, smallest) : before;
		for (; done < to; done++) {
			double share = (double)(gint64)(center - done) / HALF;
			self->scale[done] = here + share * (before - here);
		}
		before = here;
	}
	for (; done < self->n; done++)
		self->scale[done] = before;
}

void
perfdash_noise_init(PerfdashNoise *self, const double *values, gsize n, double smallest)
{
	self->n = n;
	self->scratch = g_new(double, 2 * n);
	self->scale = g_new(double, n);
	self->squares = g_new(double, n + 1);
	self->all = n > 1 ? MAX(measure(self, values, 1, n), smallest) : 0;
	if (self->all > 0 && n > 2 * BLOCK) {
		set_scales(self, values, smallest);
	} else {
		for (gsize i = 0; i < n; i++)
			self->scale[i] = self->all;
	}
	self->squares[0] = 0;
	for (gsize i = 0; i < n; i++)
		self->squares[i + 1] = self->squares[i] + self->scale[i] * self->scale[i];
}

void
perfdash_noise_clear(PerfdashNoise *self)
{
	g_clear_pointer(&self->scale, g_free);
	g_clear_pointer(&self->squares, g_free);
	g_clear_pointer(&self->scratch, g_free);
}

double
perfdash_noise_get_scale(const PerfdashNoise *self, gsize from, gsize to)
{
	return sqrt((self->squares[to] - self->squares[from]) / (to - from));
}

static double
get_square(double difference, double scale)
{
	double ratio = difference / scale;
	return MIN(ratio * ratio, MAX_SQUARE);
}

double
perfdash_noise_guess_correlation(const PerfdashNoise *self, const double *values)
{
	double near = 0;
	double far = 0;
	for (gsize i = 1; i < self->n; i++)
		near += get_square(values[i] - values[i - 1], self->scale[i]);
	for (gsize i = 2; i < self->n; i++)
		far += get_square(values[i] - values[i - 2], self->scale[i - 1]);
	/* differences of the largest numbers are none */
	if (near <= 0 || !isfinite(near) || !isfinite(far) || self->n < 3)
		return 0;
	double n = self->n;
	double rho = (far / (n - 2)) / (near / (n - 1)) - 1 - 0.5 / sqrt(n);
	return CLAMP(rho, 0, MAX_CORRELATION);
}

/* sums over the distances from levels, in units of the noise around them */
typedef struct {
	double n;
	double n_levels;
	double products;
	double squares;
} Distances;

/* of at most MAX_LEVEL results. Their level is the mean about the median */
static void
add_level(const PerfdashNoise *self,
	  const double *values,
	  gsize from,
	  gsize to,
	  double rho,
	  Distances *sums)
{
	gsize n = to - from;
	double unit = perfdash_noise_get_scale(self, from, to) / sqrt(1 - rho);
	double limit = MAX_RESIDUAL * unit;
	double last = 0;
	memcpy(self->scratch, values + from, n * sizeof(double));
	double median =
		perfdash_sorted_find(self->scratch, n, 0.5 * (n - 1), self->scratch + self->n);
	double level = 0;
	for (gsize i = from; i < to; i++)
		level += CLAMP(values[i] - median, -limit, limit) / n;
	level += median;
	for (gsize i = from; i < to; i++) {
		double here = CLAMP(values[i] - level, -limit, limit) / unit;
		sums->products += here * last;
		sums->squares += here * here;
		last = here;
	}
	sums->n += n;
	sums->n_levels++;
}

double
perfdash_noise_get_correlation(const PerfdashNoise *self,
			       const double *values,
			       const guint *starts,
			       gsize n_starts,
			       double guess)
{
	Distances sums = {0};
	gsize from = 0;
	if (self->all <= 0)
		return 0;
	for (gsize level = 0; level <= n_starts; level++) {
		gsize end = level < n_starts ? starts[level] : self->n;
		while (from < end) {
			gsize to = end - from < 2 * MAX_LEVEL ? end : from + MAX_LEVEL;
			add_level(self, values, from, to, guess, &sums);
			from = to;
		}
	}
	if (!(sums.squares > 0) || !isfinite(sums.products))
		return 0;
	double rho = sums.products / sums.squares;
	/* what fitting levels takes from it (Kendall, "Note on bias in the estimation of
	 * autocorrelation", Biometrika 41, 1954) */
	rho += (1 + 3 * MAX(rho, 0)) * sums.n_levels / sums.n - 0.5 / sqrt(sums.n);
	return CLAMP(rho, 0, MAX_CORRELATION);
}
