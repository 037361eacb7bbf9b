/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Artillery's counters, rates and distributions have names that plugins and scripts add to. An
 * answer with a bad status is a response like others; only what has no answer is an error. Whether
 * a distribution is one of times, its name must tell. */

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "artillery.h"
#include "reader-text.h"

static const struct {
	const char *name; /* in a report */
	const char *stat;
	gsize offset;
} stats[] = {
	{"count", "n", offsetof(ArtillerySummary, n)},
	{"min", "min", offsetof(ArtillerySummary, min)},
	{"max", "max", offsetof(ArtillerySummary, max)},
	{"mean", "mean", offsetof(ArtillerySummary, mean)},
	{"median", "p50", offsetof(ArtillerySummary, p50)},
	{"p75", "p75", offsetof(ArtillerySummary, p75)},
	{"p90", "p90", offsetof(ArtillerySummary, p90)},
	{"p95", "p95", offsetof(ArtillerySummary, p95)},
	{"p99", "p99", offsetof(ArtillerySummary, p99)},
	{"p999", "p99.9", offsetof(ArtillerySummary, p999)},
};

static const char *const times[] =
	{"response_time", "session_length", "TTFB", "FCP", "LCP", "FID", "INP", "latency"};

void
artillery_summary_clear(ArtillerySummary *self)
{
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++)
		G_STRUCT_MEMBER(double, self, stats[i].offset) = NAN;
}

double *
artillery_summary_get(ArtillerySummary *self, const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (g_str_equal(stats[i].name, name))
			return G_STRUCT_MEMBER_P(self, stats[i].offset);
	}
	return NULL;
}

ArtilleryReport *
artillery_report_new(void)
{
	ArtilleryReport *self = g_new0(ArtilleryReport, 1);
	self->names = g_ptr_array_new_with_free_func(g_free);
	self->values = g_array_new(FALSE, TRUE, sizeof(ArtilleryValue));
	self->indexes = g_hash_table_new(g_str_hash, g_str_equal);
	return self;
}

void
artillery_report_free(ArtilleryReport *self)
{
	g_hash_table_unref(self->indexes);
	g_ptr_array_unref(self->names);
	g_array_unref(self->values);
	g_free(self);
}

ArtilleryValue *
artillery_report_ensure(ArtilleryReport *self, const char *name)
{
	g_autofree char *key = reader_name(name);
	guint index = GPOINTER_TO_UINT(g_hash_table_lookup(self->indexes, key));
	if (index == 0) {
		ArtilleryValue value = {0};
		artillery_summary_clear(&value.summary);
		g_array_append_val(self->values, value);
		index = self->values->len;
		g_hash_table_insert(self->indexes, key, GUINT_TO_POINTER(index));
		g_ptr_array_add(self->names, g_steal_pointer(&key));
	}
	return &g_array_index(self->values, ArtilleryValue, index - 1);
}

static double
get(ArtilleryReport *self, const char *name)
{
	guint index = GPOINTER_TO_UINT(g_hash_table_lookup(self->indexes, name));
	return index > 0 ? g_array_index(self->values, ArtilleryValue, index - 1).number : 0;
}

/* sums up the answers by their status; FALSE when there are none */
static gboolean
count_codes(ArtilleryReport *self, double *good)
{
	gboolean found = FALSE;
	*good = 0;
	for (guint i = 0; i < self->names->len; i++) {
		const char *code = reader_after(self->names->pdata[i], "http.codes.");
		if (code == NULL)
			continue;
		found = TRUE;
		if (*code < '4')
			*good += g_array_index(self->values, ArtilleryValue, i).number;
	}
	return found;
}

static const char *
find_failure(ArtilleryReport *self)
{
	double good;
	double created = get(self, "vusers.created");
	if (count_codes(self, &good))
		return good == 0 ? "every request was an error" : NULL;
	if (get(self, "http.requests") > 0 && get(self, "http.responses") == 0)
		return "no request was answered";
	if (created > 0 && get(self, "vusers.failed") >= created)
		return "every virtual user failed";
	return created == 0 && get(self, "http.responses") == 0 ? "nothing was run" : NULL;
}

static gboolean
is_bad(const char *name)
{
	return g_str_has_prefix(name, "errors.") || strstr(name, ".errors.") != NULL ||
	       g_str_has_suffix(name, ".failed");
}

static gboolean
is_time(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		if (strstr(name, times[i]) != NULL)
			return TRUE;
	}
	return FALSE;
}

static void
add_summary(PerfdashRunBuilder *builder, const char *name, ArtillerySummary *summary)
{
	/* version 1 has no mean */
	double value = isfinite(summary->mean) ? summary->mean : summary->p50;
	if (!isfinite(value))
		return;
	perfdash_run_builder_add_result(builder,
					ARTILLERY_BENCHMARK,
					name,
					is_time(name) ? "ms" : "1",
					is_time(name) ? PERFDASH_DIRECTION_LOWER
						      : PERFDASH_DIRECTION_NONE,
					value);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		double number = G_STRUCT_MEMBER(double, summary, stats[i].offset);
		if (isfinite(number) && !g_str_equal(stats[i].stat, "mean"))
			perfdash_run_builder_add_stat(builder, stats[i].stat, number);
	}
}

static void
add_value(PerfdashRunBuilder *builder, const char *name, ArtilleryValue *value, gboolean is_good)
{
	if (value->line > 0)
		perfdash_run_builder_set_line(builder, value->line);
	if (value->kind == ARTILLERY_COUNTER)
		perfdash_run_builder_add_result(builder,
						ARTILLERY_BENCHMARK,
						name,
						"1",
						is_bad(name) ? PERFDASH_DIRECTION_LOWER
							     : PERFDASH_DIRECTION_NONE,
						value->number);
	else if (is_good && value->kind == ARTILLERY_RATE)
		perfdash_run_builder_add_result(builder,
						ARTILLERY_BENCHMARK,
						name,
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						value->number);
	else if (is_good)
		add_summary(builder, name, &value->summary);
}

gboolean
artillery_report_write(ArtilleryReport *self, PerfdashRunBuilder *builder)
{
	const char *failure = find_failure(self);
	perfdash_run_builder_set_label(builder, "tool", "artillery");
	if (failure != NULL) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning_literal(builder, failure);
	}
	for (guint i = 0; i < self->names->len; i++)
		add_value(builder,
			  self->names->pdata[i],
			  &g_array_index(self->values, ArtilleryValue, i),
			  failure == NULL);
	return failure == NULL;
}
