/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which of the runs that console parsers found stand: no line counts twice, and what has more
 * results has it. */

#include "perfdash-found-runs.h"

#include "perfdash-result-private.h"
#include "perfdash-run-private.h"

static void
clear_found(gpointer data)
{
	g_object_unref(((PerfdashFoundRun *)data)->run);
}

GArray *
perfdash_found_runs_new(void)
{
	GArray *self = g_array_new(FALSE, FALSE, sizeof(PerfdashFoundRun));
	g_array_set_clear_func(self, clear_found);
	return self;
}

void
perfdash_found_runs_add(GArray *self, PerfdashCandidate *candidate, PerfdashRun *run)
{
	PerfdashFoundRun one = {candidate, g_object_ref(run), 0, FALSE};
	if (run->results->len > 0)
		one.first = ((PerfdashResult *)g_ptr_array_index(run->results, 0))->line;
	g_array_append_val(self, one);
}

static int
compare_by_size(gconstpointer a, gconstpointer b)
{
	guint left = ((const PerfdashFoundRun *)a)->run->results->len;
	guint right = ((const PerfdashFoundRun *)b)->run->results->len;
	return (left < right) - (left > right);
}

/* by line; a run whose line is not known was found at the end */
static guint
get_first_line(PerfdashRun *run)
{
	if (run->results->len == 0)
		return 0;
	guint line = ((PerfdashResult *)run->results->pdata[0])->line;
	return line > 0 ? line : G_MAXUINT;
}

int
perfdash_found_runs_compare(gconstpointer a, gconstpointer b)
{
	guint left = get_first_line(*(PerfdashRun *const *)a);
	guint right = get_first_line(*(PerfdashRun *const *)b);
	return (left > right) - (left < right);
}

static int
compare_by_line(gconstpointer a, gconstpointer b)
{
	return perfdash_found_runs_compare(&((const PerfdashFoundRun *)a)->run,
					   &((const PerfdashFoundRun *)b)->run);
}

/* whether all lines of a run are free or of its own parser; if so it has them */
static gboolean
take_lines(GHashTable *owners, const PerfdashFoundRun *one)
{
	GPtrArray *results = one->run->results;
	for (guint i = 0; i < results->len; i++) {
		PerfdashResult *result = g_ptr_array_index(results, i);
		gpointer owner = g_hash_table_lookup(owners, GUINT_TO_POINTER(result->line));
		if (result->line > 0 && owner != NULL && owner != one->candidate)
			return FALSE;
	}
	for (guint i = 0; i < results->len; i++) {
		PerfdashResult *result = g_ptr_array_index(results, i);
		g_hash_table_insert(owners, GUINT_TO_POINTER(result->line), one->candidate);
	}
	return TRUE;
}

void
perfdash_found_runs_settle(GArray *self)
{
	g_autoptr(GHashTable) owners = g_hash_table_new(NULL, NULL);
	g_array_sort(self, compare_by_size);
	for (guint i = 0; i < self->len; i++) {
		PerfdashFoundRun *one = &g_array_index(self, PerfdashFoundRun, i);
		one->is_dropped = !take_lines(owners, one);
	}
	g_array_sort(self, compare_by_line);
}

void
perfdash_found_runs_set_partial(GPtrArray *runs, const char *warning)
{
	PerfdashRun *last = g_ptr_array_index(runs, runs->len - 1);
	g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
	g_strv_builder_addv(warnings, (const char **)last->warnings);
	g_strv_builder_add(warnings, warning);
	g_strfreev(last->warnings);
	last->warnings = g_strv_builder_end(warnings);
	if (last->outcome == PERFDASH_OUTCOME_OK)
		last->outcome = PERFDASH_OUTCOME_PARTIAL;
}
