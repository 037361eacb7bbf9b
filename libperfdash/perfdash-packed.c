/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Constructors for languages in which an array of C would be made of an object for each value:
 * what lies in memory as C has it is taken as it is. */

#include "perfdash-comparison.h"
#include "perfdash-error.h"
#include "perfdash-trend.h"

/* what is empty is an array without elements; NULL when it can be none */
static gconstpointer
get_array(GBytes *bytes, const char *what, gsize *n, GError **error)
{
	static const gint64 none = 0;
	gsize size;
	gconstpointer data = g_bytes_get_data(bytes, &size);
	*n = size / sizeof(gint64);
	if (size == 0)
		return &none;
	if (size % sizeof(gint64) == 0 && (guintptr)data % G_ALIGNOF(gint64) == 0)
		return data;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "%" G_GSIZE_FORMAT " bytes at %p are no array of %s",
		    size,
		    data,
		    what);
	return NULL;
}

static const double *
get_doubles(GBytes *bytes, gsize *n, GError **error)
{
	G_STATIC_ASSERT(sizeof(double) == sizeof(gint64));
	return get_array(bytes, "doubles", n, error);
}

/**
 * perfdash_comparison_new_packed:
 * @before: values as for perfdash_comparison_new(), doubles as the machine has them
 * @after: likewise
 * @direction: which way the metric gets better
 * @margin: the relative change that is taken for none
 * @error: return location for an error, or %NULL
 *
 * Does what perfdash_comparison_new() does, for languages in which an array of C would be made of
 * an object for each value.
 *
 * Returns: (transfer full): what can be said, or %NULL with %PERFDASH_ERROR_INVALID as for
 *   perfdash_comparison_new(), and when the bytes are no such arrays
 *
 * Since: 0.1
 */
PerfdashComparison *
perfdash_comparison_new_packed(GBytes *before,
			       GBytes *after,
			       PerfdashDirection direction,
			       double margin,
			       GError **error)
{
	g_return_val_if_fail(before != NULL && after != NULL, NULL);
	gsize n_before;
	gsize n_after;
	const double *old = get_doubles(before, &n_before, error);
	const double *new = NULL;
	if (old != NULL)
		new = get_doubles(after, &n_after, error);
	if (new == NULL)
		return NULL;
	return perfdash_comparison_new(old, n_before, new, n_after, direction, margin, error);
}

/* times may be NULL */
static gboolean
unpack(GBytes *values,
       GBytes *times,
       const double **first_value,
       gsize *n_values,
       const gint64 **first_time,
       gsize *n_times,
       GError **error)
{
	*first_time = NULL;
	*n_times = 0;
	*first_value = get_doubles(values, n_values, error);
	if (*first_value != NULL && times != NULL)
		*first_time = get_array(times, "64-bit integers", n_times, error);
	return *first_value != NULL && (times == NULL || *first_time != NULL);
}

/**
 * perfdash_trend_new_packed:
 * @values: values as for perfdash_trend_new(), doubles as the machine has them
 * @times: (nullable): when they were measured, 64-bit integers likewise, or %NULL
 * @direction: which way they get better
 * @error: return location for a #GError
 *
 * Does what perfdash_trend_new() does, for languages in which an array of C would be made of an
 * object for each value.
 *
 * Returns: (transfer full): what was found; %NULL with %PERFDASH_ERROR_INVALID as for
 *   perfdash_trend_new(), and when the bytes are no such arrays
 *
 * Since: 0.1
 */
PerfdashTrend *
perfdash_trend_new_packed(GBytes *values,
			  GBytes *times,
			  PerfdashDirection direction,
			  GError **error)
{
	g_return_val_if_fail(values != NULL, NULL);
	const double *first_value;
	const gint64 *first_time;
	gsize n_values;
	gsize n_times;
	if (!unpack(values, times, &first_value, &n_values, &first_time, &n_times, error))
		return NULL;
	return perfdash_trend_new(first_value, n_values, first_time, n_times, direction, error);
}

/**
 * perfdash_trend_extend_packed:
 * @self: a trend
 * @values: values as for perfdash_trend_extend(), doubles as the machine has them
 * @times: (nullable): when they were measured, 64-bit integers likewise, or %NULL
 * @error: return location for a #GError
 *
 * Does what perfdash_trend_extend() does, as perfdash_trend_new_packed().
 *
 * Returns: (transfer full): what is now found; %NULL with %PERFDASH_ERROR_INVALID as for
 *   perfdash_trend_extend(), and when the bytes are no such arrays
 *
 * Since: 0.1
 */
PerfdashTrend *
perfdash_trend_extend_packed(PerfdashTrend *self, GBytes *values, GBytes *times, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self) && values != NULL, NULL);
	const double *first_value;
	const gint64 *first_time;
	gsize n_values;
	gsize n_times;
	if (!unpack(values, times, &first_value, &n_values, &first_time, &n_times, error))
		return NULL;
	return perfdash_trend_extend(self, first_value, n_values, first_time, n_times, error);
}
