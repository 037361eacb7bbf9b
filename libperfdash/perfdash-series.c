/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-series-private.h"

#include <string.h>

struct _PerfdashSeries {
	GObject parent_instance;
	PerfdashSeriesInfo *info;
	PerfdashTimeline *timeline;
	gsize n_points;
	double *values;
	guint32 first;       /* in the timeline */
	guint32 *positions;  /* in the timeline; NULL for first, first + 1, first + 2 ... */
	const gint64 *times; /* microseconds since 1970 UTC, ascending; in the timeline or owned */
	const gint64 *runs;  /* ids; likewise */
	gint64 *owned;       /* nullable: times, then runs */
};

G_DEFINE_FINAL_TYPE(PerfdashSeries, perfdash_series, G_TYPE_OBJECT)

G_DEFINE_BOXED_TYPE(PerfdashTimeline,
		    perfdash_timeline,
		    perfdash_timeline_ref,
		    perfdash_timeline_unref)

PerfdashTimeline *
perfdash_timeline_ref(PerfdashTimeline *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

void
perfdash_timeline_unref(PerfdashTimeline *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->runs);
	g_free(self->times);
	g_free(self->outcomes);
	g_free(self->builds);
	g_free(self->revisions);
	g_free(self->text);
	g_free(self);
}

/**
 * perfdash_series_get_info:
 * @self: a #PerfdashSeries
 *
 * Returns: (transfer none): what the series is of
 *
 * Since: 0.1
 */
PerfdashSeriesInfo *
perfdash_series_get_info(PerfdashSeries *self)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	return self->info;
}

/**
 * perfdash_series_get_length:
 * @self: a #PerfdashSeries
 *
 * Returns: the number of results
 *
 * Since: 0.1
 */
gsize
perfdash_series_get_length(PerfdashSeries *self)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), 0);
	return self->n_points;
}

/**
 * perfdash_series_get_times:
 * @self: a #PerfdashSeries
 * @n_points: (out): number of results
 *
 * Returns: (array length=n_points) (transfer none): when the runs started, in microseconds since
 * 1970 UTC, ascending
 *
 * Since: 0.1
 */
const gint64 *
perfdash_series_get_times(PerfdashSeries *self, gsize *n_points)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	*n_points = self->n_points;
	return self->times;
}

/**
 * perfdash_series_get_values:
 * @self: a #PerfdashSeries
 * @n_points: (out): number of results
 *
 * Returns: (array length=n_points) (transfer none): the values in the base unit, in the order of
 * time
 *
 * Since: 0.1
 */
const double *
perfdash_series_get_values(PerfdashSeries *self, gsize *n_points)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	*n_points = self->n_points;
	return self->values;
}

/**
 * perfdash_series_get_runs:
 * @self: a #PerfdashSeries
 * @n_points: (out): number of results
 *
 * Returns: (array length=n_points) (transfer none): the ids of the runs, in the order of time
 *
 * Since: 0.1
 */
const gint64 *
perfdash_series_get_runs(PerfdashSeries *self, gsize *n_points)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	*n_points = self->n_points;
	return self->runs;
}

/**
 * perfdash_series_peek_times:
 * @self: a #PerfdashSeries
 *
 * For languages that can read memory in place; see perfdash_series_get_times().
 *
 * Returns: (transfer none) (nullable): address of perfdash_series_get_length() times `gint64`,
 * valid as long as @self
 *
 * Since: 0.1
 */
gconstpointer
perfdash_series_peek_times(PerfdashSeries *self)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	return self->times;
}

/**
 * perfdash_series_peek_values:
 * @self: a #PerfdashSeries
 *
 * For languages that can read memory in place; see perfdash_series_get_values().
 *
 * Returns: (transfer none) (nullable): address of perfdash_series_get_length() times `double`,
 * valid as long as @self
 *
 * Since: 0.1
 */
gconstpointer
perfdash_series_peek_values(PerfdashSeries *self)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	return self->values;
}

/**
 * perfdash_series_peek_runs:
 * @self: a #PerfdashSeries
 *
 * For languages that can read memory in place; see perfdash_series_get_runs().
 *
 * Returns: (transfer none) (nullable): address of perfdash_series_get_length() times `gint64`,
 * valid as long as @self
 *
 * Since: 0.1
 */
gconstpointer
perfdash_series_peek_runs(PerfdashSeries *self)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	return self->runs;
}

static gsize
position_at(PerfdashSeries *self, gsize index)
{
	return self->positions != NULL ? self->positions[index] : self->first + index;
}

/**
 * perfdash_series_get_build:
 * @self: a #PerfdashSeries
 * @index: which result
 *
 * Returns: the build that was tested, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_series_get_build(PerfdashSeries *self, gsize index)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self) && index < self->n_points, "");
	return self->timeline->text + self->timeline->builds[position_at(self, index)];
}

/**
 * perfdash_series_get_revision:
 * @self: a #PerfdashSeries
 * @index: which result
 *
 * Returns: the revision that was tested, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_series_get_revision(PerfdashSeries *self, gsize index)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self) && index < self->n_points, "");
	return self->timeline->text + self->timeline->revisions[position_at(self, index)];
}

/**
 * perfdash_series_get_outcome:
 * @self: a #PerfdashSeries
 * @index: which result
 *
 * Returns: how the run ended
 *
 * Since: 0.1
 */
PerfdashOutcome
perfdash_series_get_outcome(PerfdashSeries *self, gsize index)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self) && index < self->n_points,
			     PERFDASH_OUTCOME_FAILED);
	return self->timeline->outcomes[position_at(self, index)];
}

/* the first index whose time is not before time */
static gsize
find_time(PerfdashSeries *self, gint64 time)
{
	gsize low = 0;
	gsize high = self->n_points;
	while (low < high) {
		gsize middle = low + (high - low) / 2;
		if (self->times[middle] < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * perfdash_series_slice:
 * @self: a #PerfdashSeries
 * @from: microseconds since 1970 UTC
 * @to: microseconds since 1970 UTC
 *
 * Returns: (transfer full): the results of runs that started at @from or later and before @to
 *
 * Since: 0.1
 */
PerfdashSeries *
perfdash_series_slice(PerfdashSeries *self, gint64 from, gint64 to)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self), NULL);
	gsize first = find_time(self, from);
	gsize end = MAX(first, find_time(self, to));
	if (first == 0 && end == self->n_points)
		return g_object_ref(self);
	gsize n = end - first;
	guint32 *positions = NULL;
	if (self->positions != NULL)
		positions = g_memdup2(self->positions + first, n * sizeof(guint32));
	return perfdash_series_new_take(self->info,
					self->timeline,
					self->first + first,
					positions,
					g_memdup2(self->values + first, n * sizeof(double)),
					n);
}

/* puts the lowest and the highest value of [begin, end) in their order */
static gsize
sample_bucket(PerfdashSeries *self, gsize begin, gsize end, guint *indices)
{
	gsize low = begin;
	gsize high = begin;
	for (gsize i = begin + 1; i < end; i++) {
		if (self->values[i] < self->values[low])
			low = i;
		if (self->values[i] > self->values[high])
			high = i;
	}
	indices[0] = MIN(low, high);
	indices[1] = MAX(low, high);
	return low == high ? 1 : 2;
}

/**
 * perfdash_series_sample:
 * @self: a #PerfdashSeries
 * @max_points: how many results to keep at most, at least 2
 * @n_indices: (out): how many are kept
 *
 * Thins out a series for drawing: of each of @max_points / 2 stretches of equally many results the
 * lowest and the highest stay, so that a line through them covers the same pixels.
 *
 * Returns: (array length=n_indices) (transfer full): the indices of the results to keep, ascending
 *
 * Since: 0.1
 */
guint *
perfdash_series_sample(PerfdashSeries *self, guint max_points, gsize *n_indices)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(self) && max_points >= 2, NULL);
	guint *indices = g_new(guint, MAX(1, MIN((gsize)max_points, self->n_points)));
	gsize n_buckets = max_points / 2;
	gsize n = 0;
	if (self->n_points <= max_points) {
		for (n = 0; n < self->n_points; n++)
			indices[n] = n;
	} else {
		for (gsize i = 0; i < n_buckets; i++)
			n += sample_bucket(self,
					   i * self->n_points / n_buckets,
					   (i + 1) * self->n_points / n_buckets,
					   indices + n);
	}
	*n_indices = n;
	return indices;
}

static void
perfdash_series_finalize(GObject *object)
{
	PerfdashSeries *self = PERFDASH_SERIES(object);
	perfdash_series_info_unref(self->info);
	perfdash_timeline_unref(self->timeline);
	g_free(self->positions);
	g_free(self->values);
	g_free(self->owned);
	G_OBJECT_CLASS(perfdash_series_parent_class)->finalize(object);
}

static void
perfdash_series_class_init(PerfdashSeriesClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_series_finalize;
}

static void
perfdash_series_init(PerfdashSeries *self)
{
}

static int
compare_positions(gconstpointer a, gconstpointer b, gpointer user_data)
{
	const PerfdashTimeline *timeline = user_data;
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;
	if (timeline->times[left] != timeline->times[right])
		return timeline->times[left] < timeline->times[right] ? -1 : 1;
	return timeline->runs[left] < timeline->runs[right]   ? -1
	       : timeline->runs[left] > timeline->runs[right] ? 1
							      : 0;
}

static gboolean
is_ordered(PerfdashSeries *self)
{
	if (self->timeline->is_ordered && self->positions == NULL)
		return TRUE;
	for (gsize i = 1; i < self->n_points; i++) {
		guint32 before = position_at(self, i - 1);
		guint32 here = position_at(self, i);
		if (compare_positions(&before, &here, self->timeline) > 0)
			return FALSE;
	}
	return TRUE;
}

typedef struct {
	guint32 position;
	double value;
} Point;

static void
sort_points(PerfdashSeries *self)
{
	g_autofree Point *points = g_new(Point, self->n_points);
	for (gsize i = 0; i < self->n_points; i++)
		points[i] = (Point){position_at(self, i), self->values[i]};
	g_qsort_with_data(points, self->n_points, sizeof(Point), compare_positions, self->timeline);
	if (self->positions == NULL)
		self->positions = g_new(guint32, self->n_points);
	for (gsize i = 0; i < self->n_points; i++) {
		self->positions[i] = points[i].position;
		self->values[i] = points[i].value;
	}
}

static void
set_times_and_runs(PerfdashSeries *self)
{
	if (self->n_points == 0)
		return;
	if (self->positions == NULL) {
		self->times = self->timeline->times + self->first;
		self->runs = self->timeline->runs + self->first;
		return;
	}
	self->owned = g_new(gint64, 2 * self->n_points);
	for (gsize i = 0; i < self->n_points; i++) {
		self->owned[i] = self->timeline->times[self->positions[i]];
		self->owned[self->n_points + i] = self->timeline->runs[self->positions[i]];
	}
	self->times = self->owned;
	self->runs = self->owned + self->n_points;
}

gsize
perfdash_timeline_get_size(PerfdashTimeline *timeline)
{
	return timeline->n_runs * (2 * sizeof(gint64) + 2 * sizeof(guint32) + 1) +
	       timeline->text_size;
}

gsize
perfdash_series_get_size(PerfdashSeries *self)
{
	gsize size = sizeof(PerfdashSeries) + self->n_points * sizeof(double) +
		     perfdash_timeline_get_size(self->timeline);
	if (self->positions != NULL)
		size += self->n_points * (sizeof(guint32) + 2 * sizeof(gint64));
	return size;
}

PerfdashSeries *
perfdash_series_new_take(PerfdashSeriesInfo *info,
			 PerfdashTimeline *timeline,
			 guint32 first,
			 guint32 *positions,
			 double *values,
			 gsize n_points)
{
	PerfdashSeries *self = g_object_new(PERFDASH_TYPE_SERIES, NULL);
	self->info = perfdash_series_info_ref(info);
	self->timeline = perfdash_timeline_ref(timeline);
	self->n_points = n_points;
	self->first = first;
	self->positions = positions;
	self->values = values;
	if (!is_ordered(self))
		sort_points(self);
	set_times_and_runs(self);
	return self;
}
