/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-residuals.h"

#include <math.h>
#include <string.h>

#include "perfdash-distribution.h"
#include "perfdash-sorted.h"

#define SURE       0.975
#define FAR        4    /* standard deviations */
#define BLOCK      50   /* results that a level is the median of: drift moves it little */
#define MAX_MODES  1000 /* newest values in which modes are looked for */
#define MIN_MODES  20
#define MIN_SHARE  0.1
#define MIN_ASHMAN 4.5
#define MIN_DRIFT  10 /* values */
#define MAX_RHO    0.95
#define WEEK       ((double)7 * G_TIME_SPAN_DAY)

/* a level that drifts is not the same at both of its ends */
static void
subtract_median(double *values, gsize n, double *scratch)
{
	memcpy(scratch, values, n * sizeof(double));
	double median = perfdash_sorted_find(scratch, n, 0.5 * (n - 1), scratch + n);
	for (gsize i = 0; i < n; i++)
		values[i] -= median;
}

void
perfdash_residuals_init(PerfdashResiduals *self, const PerfdashAnalysis *analysis)
{
	double scratch[4 * BLOCK];
	self->analysis = analysis;
	self->distances = g_memdup2(analysis->values, analysis->n * sizeof(double));
	self->unit = 1 / sqrt(1 - analysis->rho);
	for (gsize level = 0; level <= analysis->steps->len; level++) {
		gsize from;
		gsize to;
		perfdash_analysis_get_range(analysis, level, &from, &to);
		for (; from < to; from += BLOCK) {
			/* what is left over goes with the last block */
			gsize n = to - from < 2 * BLOCK ? to - from : BLOCK;
			subtract_median(self->distances + from, n, scratch);
			if (n > BLOCK)
				break;
		}
	}
}

void
perfdash_residuals_clear(PerfdashResiduals *self)
{
	g_clear_pointer(&self->distances, g_free);
}

gboolean
perfdash_residuals_is_outlier(const PerfdashResiduals *self, gsize i)
{
	double scale = self->analysis->noise.scale[i] * self->unit;
	return fabs(self->distances[i]) > FAR * scale;
}

typedef struct {
	double n;
	double sum;
	double squares;
} Heap;

static double
get_mean(const Heap *heap)
{
	return heap->sum / heap->n;
}

static double
get_square(const Heap *heap)
{
	return MAX(heap->squares / heap->n - get_mean(heap) * get_mean(heap), 0);
}

/* of sorted values cut where both heaps are narrowest */
static double
get_ashman(const double *sorted, gsize n)
{
	Heap left = {0};
	Heap right = {0};
	double narrowest = G_MAXDOUBLE;
	double ashman = 0;
	for (gsize i = 0; i < n; i++)
		right = (Heap){right.n + 1,
			       right.sum + sorted[i],
			       right.squares + sorted[i] * sorted[i]};
	for (gsize i = 0; i + 1 < n; i++) {
		left = (Heap){left.n + 1,
			      left.sum + sorted[i],
			      left.squares + sorted[i] * sorted[i]};
		right = (Heap){right.n - 1,
			       right.sum - sorted[i],
			       right.squares - sorted[i] * sorted[i]};
		double left_square = get_square(&left);
		double right_square = get_square(&right);
		double width = left.n * left_square + right.n * right_square;
		if (MIN(left.n, right.n) < MIN_SHARE * n || sorted[i] == sorted[i + 1] ||
		    width >= narrowest)
			continue;
		narrowest = width;
		double apart = get_mean(&right) - get_mean(&left);
		ashman = left_square + right_square > 0
				 ? apart * G_SQRT2 / sqrt(left_square + right_square)
				 : G_MAXDOUBLE;
	}
	return ashman;
}

guint
perfdash_residuals_count_modes(const PerfdashResiduals *self)
{
	gsize n = 0;
	gsize from = self->analysis->n > MAX_MODES ? self->analysis->n - MAX_MODES : 0;
	double values[MAX_MODES];
	double scratch[MAX_MODES];
	for (gsize i = from; i < self->analysis->n; i++) {
		if (!perfdash_residuals_is_outlier(self, i))
			values[n++] = self->distances[i] / self->analysis->noise.scale[i];
	}
	if (n < MIN_MODES || self->analysis->noise.all <= 0)
		return 1;
	perfdash_sorted_sort(values, n, scratch);
	return get_ashman(values, n) >= MIN_ASHMAN ? 2 : 1;
}

/* sums about the means of each level */
typedef struct {
	double n; /* values less levels */
	double xx;
	double xy;
	double value;      /* the slope */
	double rest;       /* squares of what the slope leaves */
	double neighbours; /* products of that of neighbours */
} Slope;

/* of the values of a level that are no outliers */
typedef struct {
	gsize from;
	gsize to;
	double n;
	double x; /* mean */
	double y;
} Centre;

static double
get_x(const gint64 *times, gsize i, gsize origin)
{
	return times != NULL ? ((double)times[i] - (double)times[origin]) / WEEK
			     : (double)(gint64)(i - origin);
}

static double
get_y(const PerfdashResiduals *self, gsize i, gsize origin)
{
	return self->analysis->values[i] - self->analysis->values[origin];
}

static Centre
get_centre(const PerfdashResiduals *self, const gint64 *times, guint level)
{
	Centre centre = {0};
	perfdash_analysis_get_range(self->analysis, level, &centre.from, &centre.to);
	for (gsize i = centre.from; i < centre.to; i++) {
		if (perfdash_residuals_is_outlier(self, i))
			continue;
		centre.n++;
		centre.x += (get_x(times, i, centre.from) - centre.x) / centre.n;
		centre.y += (get_y(self, i, centre.from) - centre.y) / centre.n;
	}
	return centre;
}

static void
add_level(const PerfdashResiduals *self, const gint64 *times, const Centre *centre, Slope *slope)
{
	if (centre->n < 2)
		return;
	slope->n += centre->n - 1;
	for (gsize i = centre->from; i < centre->to; i++) {
		double x = get_x(times, i, centre->from) - centre->x;
		if (perfdash_residuals_is_outlier(self, i))
			continue;
		slope->xx += x * x;
		slope->xy += x * (get_y(self, i, centre->from) - centre->y);
	}
}

static void
add_rest(const PerfdashResiduals *self, const gint64 *times, const Centre *centre, Slope *slope)
{
	double before = 0; /* of an outlier, too */
	for (gsize i = centre->from; centre->n >= 2 && i < centre->to; i++) {
		double x = get_x(times, i, centre->from) - centre->x;
		double rest = get_y(self, i, centre->from) - centre->y - slope->value * x;
		if (perfdash_residuals_is_outlier(self, i))
			rest = 0;
		slope->rest += rest * rest;
		slope->neighbours += rest * before;
		before = rest;
	}
}

/* of what the slope leaves, for what drifts is alike to its neighbours because of the drift; less
 * what a slope and a mean that are estimated take from it (Marriott and Pope, "Bias in the
 * estimation of autocorrelations", Biometrika 41, 1954) */
static double
get_inflation(const Slope *slope)
{
	double rho = slope->rest > 0 ? slope->neighbours / slope->rest : 0;
	rho = CLAMP(rho + (2 + 4 * rho) / slope->n, 0, MAX_RHO);
	return (1 + rho) / (1 - rho);
}

gboolean
perfdash_residuals_get_drift(const PerfdashResiduals *self,
			     const gint64 *times,
			     PerfdashEstimate *drift)
{
	const PerfdashAnalysis *analysis = self->analysis;
	guint n_levels = analysis->steps->len + 1;
	g_autofree Centre *centres = g_new(Centre, n_levels);
	Slope slope = {0};
	*drift = (PerfdashEstimate){NAN, NAN, NAN};
	for (guint level = 0; level < n_levels; level++) {
		centres[level] = get_centre(self, times, level);
		add_level(self, times, &centres[level], &slope);
	}
	if (slope.n < MIN_DRIFT || slope.xx <= 0)
		return FALSE;
	slope.value = slope.xy / slope.xx;
	for (guint level = 0; level < n_levels; level++)
		add_rest(self, times, &centres[level], &slope);
	double inflation = get_inflation(&slope);
	double degrees = slope.n / inflation - 1;
	if (degrees < 1)
		return FALSE;
	double error = sqrt(slope.rest / (slope.n - 1) * inflation / slope.xx);
	/* squares of the largest numbers are none */
	if (!isfinite(slope.value) || !isfinite(error))
		return FALSE;
	double reach = perfdash_t_quantile(SURE, degrees) * error;
	double low = slope.value - reach;
	double high = slope.value + reach;
	if (analysis->is_log)
		*drift = (PerfdashEstimate){expm1(slope.value), expm1(low), expm1(high)};
	else
		*drift = (PerfdashEstimate){slope.value * analysis->unit,
					    low * analysis->unit,
					    high * analysis->unit};
	return TRUE;
}
