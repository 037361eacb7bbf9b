/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-side.h"

#include <string.h>

#include "perfdash-error.h"
#include "perfdash-time.h"

struct _PerfdashSide {
	PerfdashSelector *series; /* by labels */
	PerfdashSelector *runs;   /* by build, revision and run */
	GStrv keys;               /* of labels */
	gint64 from;              /* microseconds since 1970 UTC */
	gint64 to;
};

void
perfdash_side_free(PerfdashSide *self)
{
	g_clear_pointer(&self->series, perfdash_selector_unref);
	g_clear_pointer(&self->runs, perfdash_selector_unref);
	g_strfreev(self->keys);
	g_free(self);
}

static gboolean
is_of_runs(const char *term)
{
	return g_str_has_prefix(term, "build:") || g_str_has_prefix(term, "revision:") ||
	       g_str_has_prefix(term, "run:");
}

static gboolean
read_term(PerfdashSide *self,
	  const char *term,
	  GStrvBuilder *series,
	  GStrvBuilder *runs,
	  GStrvBuilder *keys,
	  GError **error)
{
	gint64 now = g_get_real_time();
	if (g_str_has_prefix(term, "from:"))
		return perfdash_time_parse(term + strlen("from:"), now, &self->from, NULL, error);
	if (g_str_has_prefix(term, "to:"))
		return perfdash_time_parse(term + strlen("to:"), now, &self->to, NULL, error);
	if (is_of_runs(term)) {
		g_strv_builder_add(runs, term);
		return TRUE;
	}
	g_autofree char *key = g_strndup(term, strcspn(term, ":"));
	g_strv_builder_add(keys, key);
	g_strv_builder_add(series, term);
	return TRUE;
}

static PerfdashSelector *
select_by(GStrvBuilder *terms, GError **error)
{
	g_auto(GStrv) matches = g_strv_builder_end(terms);
	return perfdash_selector_new((const char *const *)matches, NULL, error);
}

PerfdashSide *
perfdash_side_new(const char *text, GError **error)
{
	g_autoptr(PerfdashSide) self = g_new0(PerfdashSide, 1);
	g_autoptr(GStrvBuilder) series = g_strv_builder_new();
	g_autoptr(GStrvBuilder) runs = g_strv_builder_new();
	g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
	g_auto(GStrv) terms = g_strsplit_set(text, " \t", -1);
	gboolean is_empty = TRUE;
	self->from = G_MININT64;
	self->to = G_MAXINT64;
	for (guint i = 0; terms[i] != NULL; i++) {
		if (*terms[i] == '\0')
			continue;
		if (!read_term(self, terms[i], series, runs, keys, error))
			return NULL;
		is_empty = FALSE;
	}
	if (is_empty) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "a side is empty: choose runs, such as \"revision:77be01c\"");
		return NULL;
	}
	self->keys = g_strv_builder_end(keys);
	self->series = select_by(series, error);
	if (self->series != NULL)
		self->runs = select_by(runs, error);
	return self->runs != NULL ? g_steal_pointer(&self) : NULL;
}

gboolean
perfdash_side_chooses_by(PerfdashSide *self, const char *key)
{
	return g_strv_contains((const char *const *)self->keys, key);
}

gboolean
perfdash_side_has_series(PerfdashSide *self, PerfdashLabels *labels)
{
	return perfdash_selector_matches(self->series, labels);
}

static gboolean
has_run(PerfdashSide *self, PerfdashSeries *series, gsize index, gint64 run)
{
	char id[32];
	const char *build = perfdash_series_get_build(series, index);
	const char *revision = perfdash_series_get_revision(series, index);
	g_snprintf(id, sizeof(id), "%" G_GINT64_FORMAT, run);
	return perfdash_selector_matches_value(self->runs, "run", id) &&
	       perfdash_selector_matches_value(self->runs,
					       "build",
					       *build != '\0' ? build : NULL) &&
	       perfdash_selector_matches_value(self->runs,
					       "revision",
					       *revision != '\0' ? revision : NULL);
}

/* what a failed run measured says nothing of how fast it is */
static gboolean
has_result(PerfdashSide *self, PerfdashSeries *series, gsize index, gint64 run)
{
	return perfdash_series_get_outcome(series, index) != PERFDASH_OUTCOME_FAILED &&
	       has_run(self, series, index, run);
}

void
perfdash_side_add_values(PerfdashSide *self, PerfdashSeries *series, GArray *values)
{
	g_autoptr(PerfdashSeries) window = perfdash_series_slice(series, self->from, self->to);
	gsize n;
	const double *all = perfdash_series_get_values(window, &n);
	const gint64 *runs = perfdash_series_get_runs(window, &n);
	for (gsize i = 0; i < n; i++) {
		if (has_result(self, window, i, runs[i]))
			g_array_append_val(values, all[i]);
	}
}

void
perfdash_side_add_shared_runs(PerfdashSide *self,
			      PerfdashSide *other,
			      PerfdashSeries *series,
			      GArray *runs)
{
	g_autoptr(PerfdashSeries) window = perfdash_series_slice(series,
								 MAX(self->from, other->from),
								 MIN(self->to, other->to));
	gsize n;
	const gint64 *all = perfdash_series_get_runs(window, &n);
	for (gsize i = 0; i < n; i++) {
		if (has_result(self, window, i, all[i]) && has_run(other, window, i, all[i]))
			g_array_append_val(runs, all[i]);
	}
}
