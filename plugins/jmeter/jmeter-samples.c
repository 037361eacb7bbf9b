/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Percentiles are exact, by nearest rank: the smallest time that at least p percent of the samples
 * do not exceed (Hyndman and Fan, "Sample quantiles in statistical packages", The American
 * Statistician 1996, definition 1). JMeter measures whole milliseconds.
 *
 * TOTAL is over all rows, as in JMeter's own reports: a transaction controller that writes a row
 * beside those of its samples counts there, too. When samples have that name, the sum has another.
 */

#include "jmeter-samples.h"

#include <math.h>
#include <stdlib.h>

#define ALL       "TOTAL"
#define OTHER_ALL "TOTAL of all samples"

typedef struct {
	char *label;
	GArray *elapsed; /* guint32, milliseconds */
	guint64 sum;
	guint64 n_errors;
	guint64 n_started; /* samples of which it is known when they started */
	gint64 first_start;
	gint64 last_end;
} Group;

struct _JmeterSamples {
	GHashTable *by_label; /* label -> Group */
	GPtrArray *groups;    /* in the order of the log */
	Group *all;
};

static Group *
group_new(const char *label)
{
	Group *group = g_new0(Group, 1);
	group->label = g_strdup(label);
	group->elapsed = g_array_new(FALSE, FALSE, sizeof(guint32));
	group->first_start = G_MAXINT64;
	group->last_end = G_MININT64;
	return group;
}

static void
group_free(Group *group)
{
	g_free(group->label);
	g_array_unref(group->elapsed);
	g_free(group);
}

JmeterSamples *
jmeter_samples_new(void)
{
	JmeterSamples *self = g_new0(JmeterSamples, 1);
	self->by_label = g_hash_table_new(g_str_hash, g_str_equal);
	self->groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
	self->all = group_new(ALL);
	return self;
}

void
jmeter_samples_free(JmeterSamples *self)
{
	g_hash_table_unref(self->by_label);
	g_ptr_array_unref(self->groups);
	group_free(self->all);
	g_free(self);
}

static void
group_add(Group *group, const JmeterSample *sample)
{
	guint32 elapsed = CLAMP(sample->elapsed, 0, G_MAXUINT32);
	g_array_append_val(group->elapsed, elapsed);
	group->sum += elapsed;
	group->n_errors += !sample->success;
	if (!sample->has_start)
		return;
	group->n_started++;
	group->first_start = MIN(group->first_start, sample->start);
	group->last_end = MAX(group->last_end, sample->start + sample->elapsed);
}

void
jmeter_samples_add(JmeterSamples *self, const char *label, const JmeterSample *sample)
{
	Group *group = g_hash_table_lookup(self->by_label, label);
	if (group == NULL) {
		group = group_new(label);
		g_ptr_array_add(self->groups, group);
		if (g_str_equal(label, ALL)) {
			g_free(self->all->label);
			self->all->label = g_strdup(OTHER_ALL);
		}
		g_hash_table_insert(self->by_label, group->label, group);
	}
	group_add(group, sample);
	if (sample->in_total)
		group_add(self->all, sample);
}

static int
compare_elapsed(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;
	return (left > right) - (left < right);
}

static double
percentile(GArray *sorted, double percent)
{
	guint rank = ceil(percent / 100 * sorted->len);
	return g_array_index(sorted, guint32, MAX(rank, 1) - 1);
}

static double
standard_deviation(GArray *values, double mean)
{
	double sum = 0;
	for (guint i = 0; i < values->len; i++) {
		double distance = g_array_index(values, guint32, i) - mean;
		sum += distance * distance;
	}
	return values->len > 1 ? sqrt(sum / (values->len - 1)) : 0;
}

static void
add_latency(PerfdashRunBuilder *builder, Group *group)
{
	static const struct {
		const char *name;
		double percent;
	} percentiles[] = {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}};
	guint n = group->elapsed->len;
	double mean = (double)group->sum / n;
	qsort(group->elapsed->data, n, sizeof(guint32), compare_elapsed);
	perfdash_run_builder_add_result(builder,
					group->label,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					mean);
	perfdash_run_builder_add_stat(builder, "n", n);
	perfdash_run_builder_add_stat(builder, "min", g_array_index(group->elapsed, guint32, 0));
	perfdash_run_builder_add_stat(builder,
				      "max",
				      g_array_index(group->elapsed, guint32, n - 1));
	perfdash_run_builder_add_stat(builder, "sd", standard_deviation(group->elapsed, mean));
	for (guint i = 0; i < G_N_ELEMENTS(percentiles); i++)
		perfdash_run_builder_add_stat(builder,
					      percentiles[i].name,
					      percentile(group->elapsed, percentiles[i].percent));
}

static void
add_group(PerfdashRunBuilder *builder, Group *group)
{
	double n = group->elapsed->len;
	gboolean is_timed = group->n_started == group->elapsed->len;
	gint64 span = is_timed ? group->last_end - group->first_start : 0;
	perfdash_run_builder_add_result(builder,
					group->label,
					"samples",
					"1",
					PERFDASH_DIRECTION_NONE,
					n);
	perfdash_run_builder_add_result(builder,
					group->label,
					"errors",
					"1",
					PERFDASH_DIRECTION_LOWER,
					group->n_errors);
	perfdash_run_builder_add_result(builder,
					group->label,
					"error_rate",
					"ratio",
					PERFDASH_DIRECTION_LOWER,
					group->n_errors / n);
	add_latency(builder, group);
	if (span > 0)
		perfdash_run_builder_add_result(builder,
						group->label,
						"throughput",
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						n * 1000 / span);
}

void
jmeter_samples_end(JmeterSamples *self, gboolean has_zone, PerfdashRunBuilder *builder)
{
	guint n = self->all->elapsed->len;
	perfdash_run_builder_set_label(builder, "tool", "jmeter");
	if (n == 0)
		return;
	if (has_zone && self->all->n_started == n)
		perfdash_run_builder_set_started_at(builder, self->all->first_start * 1000);
	for (guint i = 0; i < self->groups->len; i++)
		add_group(builder, g_ptr_array_index(self->groups, i));
	add_group(builder, self->all);
	if (self->all->n_errors == n) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "every sample was an error");
	}
}
