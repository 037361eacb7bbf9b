/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How often the analysis was right, by what people said of it. Precision is the share of those
 * found that are real: what is acknowledged is, and what is fixed, for the level came back; what is
 * ignored is not. The rest says nothing. */

#include "perfdash-precision.h"

#include <math.h>

typedef struct {
	guint right;
	guint wrong;
} Count;

struct _PerfdashPrecision {
	GObject parent_instance;
	Count overall;
	GHashTable *by_series; /* id -> Count */
};

/**
 * PerfdashPrecision:
 *
 * How often changes were right, by what people said of them: of all, and of each series.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE(PerfdashPrecision, perfdash_precision, G_TYPE_OBJECT)

static void
add(Count *count, PerfdashChangeState state)
{
	count->right += state == PERFDASH_CHANGE_STATE_ACKNOWLEDGED ||
			state == PERFDASH_CHANGE_STATE_FIXED;
	count->wrong += state == PERFDASH_CHANGE_STATE_IGNORED;
}

static Count *
ensure_series(PerfdashPrecision *self, const char *id)
{
	Count *count = g_hash_table_lookup(self->by_series, id);
	if (count == NULL) {
		count = g_new0(Count, 1);
		g_hash_table_insert(self->by_series, g_strdup(id), count);
	}
	return count;
}

/**
 * perfdash_precision_new:
 * @changes: (element-type PerfdashChange): changes, in any order
 *
 * Returns: (transfer full): how many of them were right
 *
 * Since: 0.1
 */
PerfdashPrecision *
perfdash_precision_new(GPtrArray *changes)
{
	g_return_val_if_fail(changes != NULL, NULL);
	PerfdashPrecision *self = g_object_new(PERFDASH_TYPE_PRECISION, NULL);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		PerfdashSeriesInfo *info = perfdash_change_get_info(change);
		PerfdashChangeState state = perfdash_change_get_state(change);
		add(&self->overall, state);
		add(ensure_series(self, perfdash_series_info_get_id(info)), state);
	}
	return self;
}

/**
 * perfdash_precision_get:
 * @self: a precision
 * @series: (nullable): the id of a series, or %NULL for all of them
 * @right: (out) (optional): how many changes are acknowledged or fixed
 * @wrong: (out) (optional): how many are ignored
 *
 * Returns: @right as a share of both, from 0 to 1; NaN when nobody said anything
 *
 * Since: 0.1
 */
double
perfdash_precision_get(PerfdashPrecision *self, const char *series, guint *right, guint *wrong)
{
	static const Count none = {0};
	g_return_val_if_fail(PERFDASH_IS_PRECISION(self), NAN);
	const Count *count = &self->overall;
	if (series != NULL)
		count = g_hash_table_lookup(self->by_series, series);
	if (count == NULL)
		count = &none;
	if (right != NULL)
		*right = count->right;
	if (wrong != NULL)
		*wrong = count->wrong;
	guint n = count->right + count->wrong;
	return n > 0 ? count->right / (double)n : NAN;
}

/**
 * perfdash_precision_describe:
 * @self: a precision
 * @series: (nullable): the id of a series, or %NULL for all of them
 *
 * Returns: (transfer full): a sentence, such as "7 of 8 changes that somebody judged were real: a
 *   precision of 88 %"; "" when nobody said anything
 *
 * Since: 0.1
 */
char *
perfdash_precision_describe(PerfdashPrecision *self, const char *series)
{
	guint right;
	guint wrong;
	double value = perfdash_precision_get(self, series, &right, &wrong);
	guint n = right + wrong;
	if (n == 0)
		return g_strdup("");
	return g_strdup_printf("%u of %u change%s that somebody judged %s real: a precision of "
			       "%.0f %%",
			       right,
			       n,
			       n == 1 ? "" : "s",
			       right == 1 ? "was" : "were",
			       100 * value);
}

static void
perfdash_precision_finalize(GObject *object)
{
	PerfdashPrecision *self = PERFDASH_PRECISION(object);
	g_hash_table_unref(self->by_series);
	G_OBJECT_CLASS(perfdash_precision_parent_class)->finalize(object);
}

static void
perfdash_precision_class_init(PerfdashPrecisionClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_precision_finalize;
}

static void
perfdash_precision_init(PerfdashPrecision *self)
{
	self->by_series = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}
