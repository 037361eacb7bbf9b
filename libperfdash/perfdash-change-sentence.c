/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Says a change in words. */

#include "perfdash-change-private.h"

#include <math.h>

#include "perfdash-unit.h"

static const char *
get_label(PerfdashChange *self, const char *key)
{
	const char *value = perfdash_labels_get(perfdash_series_info_get_labels(self->info), key);
	return value != NULL ? value : "";
}

/* such as "12.3 % worse (10.1 % to 14.6 %)" */
static void
append_size(GString *text, const PerfdashChangePoint *point)
{
	static const char *const ways[3][2] = {
		{"lower", "higher"},
		{"lower, which is worse", "higher, which is worse"},
		{"lower, which is better", "higher, which is better"}};
	gboolean up = point->after.value > point->before.value;
	const char *way = ways[point->kind][up];
	if (isnan(point->change.value)) {
		g_string_append(text, way);
		return;
	}
	double low = MIN(fabs(point->change.low), fabs(point->change.high));
	double high = MAX(fabs(point->change.low), fabs(point->change.high));
	g_string_append_printf(text,
			       "%.1f %% %s (%.1f to %.1f %%)",
			       fabs(point->change.value) * 100,
			       way,
			       low * 100,
			       high * 100);
}

/* such as "GET /cart latency p99 (checkout, dfw, main)" */
static void
append_place(GString *text, PerfdashChange *self)
{
	static const char *const keys[] = {"suite", "lab", "branch"};
	g_autoptr(GPtrArray) where = g_ptr_array_new();
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (*get_label(self, keys[i]) != '\0')
			g_ptr_array_add(where, (char *)get_label(self, keys[i]));
	}
	g_ptr_array_add(where, NULL);
	g_autofree char *joined = g_strjoinv(", ", (GStrv)where->pdata);
	const char *stat = get_label(self, "stat");
	g_string_append_printf(text,
			       "%s %s",
			       get_label(self, "benchmark"),
			       get_label(self, "metric"));
	if (*stat != '\0')
		g_string_append_printf(text, " %s", stat);
	if (*joined != '\0')
		g_string_append_printf(text, " (%s)", joined);
}

/**
 * perfdash_change_describe:
 * @self: a change
 *
 * Returns: (transfer full): a sentence: what changed where, by how much, between which builds or
 *   revisions, when, and how sure that is
 *
 * Since: 0.1
 */
char *
perfdash_change_describe(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	GString *text = g_string_new(NULL);
	const char *unit = perfdash_series_info_get_unit(self->info);
	g_autofree char *before = perfdash_unit_format(unit, self->point->before.value);
	g_autofree char *after = perfdash_unit_format(unit, self->point->after.value);
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(self->time / G_USEC_PER_SEC);
	g_autofree char *day = g_date_time_format(time, "%Y-%m-%d");
	append_place(text, self);
	g_string_append(text, " is ");
	append_size(text, self->point);
	g_string_append_printf(text, ", %s to %s,", before, after);
	if (*self->build != '\0')
		g_string_append_printf(text, " since build %s", self->build);
	else
		g_string_append_printf(text, " since run %" G_GINT64_FORMAT, self->run);
	if (perfdash_change_is_without_code(self))
		g_string_append_printf(text, " (no code between, %.12s)", self->revision);
	else if (*self->revision != '\0' && *self->previous_revision != '\0')
		g_string_append_printf(text,
				       " (%.12s..%.12s)",
				       self->previous_revision,
				       self->revision);
	g_string_append_printf(text,
			       " of %s: %s",
			       day,
			       perfdash_change_point_get_confidence(self->point));
	return g_string_free(text, FALSE);
}
