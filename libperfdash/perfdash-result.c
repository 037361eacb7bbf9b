/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-result-private.h"

G_DEFINE_BOXED_TYPE(PerfdashResult, perfdash_result, perfdash_result_ref, perfdash_result_unref)

/* unit is interned */
PerfdashResult *
perfdash_result_new(PerfdashLabels *labels,
		    const char *unit,
		    PerfdashDirection direction,
		    double value)
{
	PerfdashResult *self = g_new0(PerfdashResult, 1);
	g_atomic_ref_count_init(&self->refs);
	self->labels = perfdash_labels_ref(labels);
	self->unit = unit;
	self->direction = direction;
	self->value = value;
	return self;
}

/* p50, p99.9 */
gboolean
perfdash_stat_is_percentile(const char *name)
{
	char *end = NULL;
	if (name[0] != 'p' || !g_ascii_isdigit(name[1]))
		return FALSE;
	double percent = g_ascii_strtod(name + 1, &end);
	return *end == '\0' && percent >= 0 && percent <= 100;
}

/**
 * perfdash_result_ref:
 * @self: a #PerfdashResult
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashResult *
perfdash_result_ref(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_result_unref:
 * @self: (transfer full): a #PerfdashResult
 *
 * Since: 0.1
 */
void
perfdash_result_unref(PerfdashResult *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	perfdash_labels_unref(self->labels);
	g_clear_pointer(&self->stats, g_array_unref);
	g_clear_pointer(&self->replicates, g_array_unref);
	g_free(self);
}

/**
 * perfdash_result_get_labels:
 * @self: a #PerfdashResult
 *
 * Returns: (transfer none): `benchmark`, `metric` and what else tells this result from the others
 * of its run
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_result_get_labels(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->labels;
}

/**
 * perfdash_result_get_benchmark:
 * @self: a #PerfdashResult
 *
 * Returns: the benchmark, such as `GET /login`
 *
 * Since: 0.1
 */
const char *
perfdash_result_get_benchmark(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return perfdash_labels_get(self->labels, "benchmark");
}

/**
 * perfdash_result_get_metric:
 * @self: a #PerfdashResult
 *
 * Returns: the metric, such as `latency`
 *
 * Since: 0.1
 */
const char *
perfdash_result_get_metric(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return perfdash_labels_get(self->labels, "metric");
}

/**
 * perfdash_result_get_unit:
 * @self: a #PerfdashResult
 *
 * Returns: the base unit
 *
 * Since: 0.1
 */
const char *
perfdash_result_get_unit(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->unit;
}

/**
 * perfdash_result_get_direction:
 * @self: a #PerfdashResult
 *
 * Returns: which way the metric gets better
 *
 * Since: 0.1
 */
PerfdashDirection
perfdash_result_get_direction(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_DIRECTION_NONE);
	return self->direction;
}

/**
 * perfdash_result_get_line:
 * @self: a #PerfdashResult
 *
 * Returns: the line of the log that the result was read from, or 0 when that is not known; a result
 * from a store does not know
 *
 * Since: 0.1
 */
guint
perfdash_result_get_line(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->line;
}

/**
 * perfdash_result_get_value:
 * @self: a #PerfdashResult
 *
 * Returns: the value in base units; finite
 *
 * Since: 0.1
 */
double
perfdash_result_get_value(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->value;
}

/**
 * perfdash_result_get_n_stats:
 * @self: a #PerfdashResult
 *
 * Returns: how many statistics the log gave beside the value
 *
 * Since: 0.1
 */
guint
perfdash_result_get_n_stats(PerfdashResult *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->stats != NULL ? self->stats->len : 0;
}

/**
 * perfdash_result_get_nth_stat:
 * @self: a #PerfdashResult
 * @index: which one, in the order of the log
 * @value: (out) (optional): its value, in the unit of the result (`n`: a count)
 *
 * Returns: (nullable): its name: `n`, `min`, `max`, `mean`, `sd`, or a percentile such as `p99.9`
 *
 * Since: 0.1
 */
const char *
perfdash_result_get_nth_stat(PerfdashResult *self, guint index, double *value)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (index >= perfdash_result_get_n_stats(self))
		return NULL;
	PerfdashStat *stat = &g_array_index(self->stats, PerfdashStat, index);
	if (value != NULL)
		*value = stat->value;
	return stat->name;
}

/**
 * perfdash_result_get_stat:
 * @self: a #PerfdashResult
 * @name: the name of a statistic
 * @value: (out) (optional): its value
 *
 * Returns: whether the log gave it
 *
 * Since: 0.1
 */
gboolean
perfdash_result_get_stat(PerfdashResult *self, const char *name, double *value)
{
	g_return_val_if_fail(self != NULL && name != NULL, FALSE);
	for (guint i = 0; i < perfdash_result_get_n_stats(self); i++) {
		if (g_str_equal(perfdash_result_get_nth_stat(self, i, value), name))
			return TRUE;
	}
	return FALSE;
}

/**
 * perfdash_result_get_replicates:
 * @self: a #PerfdashResult
 * @n_replicates: (out): how many
 *
 * Returns: (array length=n_replicates) (transfer none) (nullable): the single measurements behind
 * the value
 *
 * Since: 0.1
 */
const double *
perfdash_result_get_replicates(PerfdashResult *self, gsize *n_replicates)
{
	g_return_val_if_fail(self != NULL, NULL);
	*n_replicates = self->replicates != NULL ? self->replicates->len : 0;
	return self->replicates != NULL ? (const double *)self->replicates->data : NULL;
}
