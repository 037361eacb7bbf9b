/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-side.h"

#include <string.h>

#include "perfdash-error.h"
#include "perfdash-time.h"

struct _PerfdashSide {
	PerfdashSelector *series; /* by labels */
	PerfdashSelector *runs;   /* by build, revision and run */
	gboolean names_runs;
	GStrv keys;  /* of labels */
	gint64 from; /* microseconds since 1970 UTC */
	gint64 to;
	gboolean is_relative; /* from or to is so long ago */
	guint last;           /* at most so many results of a series, the newest */
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
read_last(const char *term, guint *last, GError **error)
{
	guint64 number;
	if (!g_ascii_string_to_unsigned(term + strlen("last:"), 10, 1, 1000000, &number, NULL)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "\"%s\" is no number of runs: write last:10",
			    term);
		return FALSE;
	}
	*last = number;
	return TRUE;
}

static gboolean
is_of_runs(const char *term)
{
	return g_str_has_prefix(term, "build:") || g_str_has_prefix(term, "revision:") ||
	       g_str_has_prefix(term, "run:");
}

static gboolean
read_time(PerfdashSide *self, const char *text, gint64 *time, GError **error)
{
	gboolean is_relative = FALSE;
	gboolean is_fine = perfdash_time_parse(text, g_get_real_time(), time, &is_relative, error);
	self->is_relative |= is_relative;
	return is_fine;
}

static gboolean
read_term(PerfdashSide *self,
	  const char *term,
	  GStrvBuilder *series,
	  GStrvBuilder *runs,
	  GStrvBuilder *keys,
	  GError **error)
{
	if (g_str_has_prefix(term, "from:"))
		return read_time(self, term + strlen("from:"), &self->from, error);
	if (g_str_has_prefix(term, "to:"))
		return read_time(self, term + strlen("to:"), &self->to, error);
	if (g_str_has_prefix(term, "last:"))
		return read_last(term, &self->last, error);
	if (is_of_runs(term)) {
		self->names_runs = TRUE;
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
	self->last = G_MAXUINT;
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

const char *
perfdash_side_get_lone_key(PerfdashSide *self, PerfdashSide *other)
{
	for (guint i = 0; self->keys[i] != NULL; i++) {
		if (!perfdash_side_chooses_by(other, self->keys[i]))
			return self->keys[i];
	}
	return NULL;
}

gboolean
perfdash_side_is_of_all_runs(PerfdashSide *self)
{
	return !self->names_runs && self->from == G_MININT64 && self->to == G_MAXINT64 &&
	       self->last == G_MAXUINT;
}

gboolean
perfdash_side_moves(PerfdashSide *self)
{
	return self->last != G_MAXUINT || self->is_relative ||
	       (!self->names_runs && self->from != G_MININT64 && self->to == G_MAXINT64);
}

gboolean
perfdash_side_is_relative(PerfdashSide *self)
{
	return self->is_relative;
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
has_result(PerfdashSide *self, PerfdashSeries *series, gsize index, gint64 time, gint64 run)
{
	return time >= self->from && time < self->to &&
	       perfdash_series_get_outcome(series, index) != PERFDASH_OUTCOME_FAILED &&
	       has_run(self, series, index, run);
}

GArray *
perfdash_side_find(PerfdashSide *self, PerfdashSeries *series, const GArray *except)
{
	GArray *places = g_array_new(FALSE, FALSE, sizeof(guint));
	gsize n;
	guint next = 0;
	const gint64 *times = perfdash_series_get_times(series, &n);
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	for (guint i = 0; i < n; i++) {
		if (except != NULL && next < except->len && g_array_index(except, guint, next) == i)
			next++;
		else if (has_result(self, series, i, times[i], runs[i]))
			g_array_append_val(places, i);
	}
	if (places->len > self->last)
		g_array_remove_range(places, 0, places->len - self->last);
	return places;
}
