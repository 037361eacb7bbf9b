/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* memtier_benchmark's JSON file and its tables. With --run-count there are several sections: each
 * run when asked for, the best and the worst, and the average of all. KB is of 1024. */

#include "memtier.h"

#include <string.h>

#include "reader-json.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define MAX_PERCENTILES 40

char *
memtier_benchmark_name(const char *title, const char *command)
{
	const char *runs = strstr(title, " (");
	g_autofree char *start = runs != NULL ? g_strndup(title, runs - title) : g_strdup(title);
	g_autofree char *text = command != NULL ? g_strdup_printf("%s / %s", start, command)
						: g_strdup(start);
	return reader_name(text);
}

gboolean
memtier_is_title(const char *text)
{
	return g_str_equal(text, "ALL STATS") || g_str_equal(text, "BEST RUN RESULTS") ||
	       g_str_equal(text, "WORST RUN RESULTS") ||
	       g_str_has_prefix(text, "AGGREGATED AVERAGE RESULTS (") ||
	       (g_str_has_prefix(text, "RUN #") && g_str_has_suffix(text, " RESULTS"));
}

void
memtier_set_unfinished(PerfdashRunBuilder *builder, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(builder, outcome);
	perfdash_run_builder_add_warning_literal(builder, why);
}

void
memtier_add_percentile(PerfdashRunBuilder *builder, GArray *seen, const char *percent, double value)
{
	/* the builder knows the unit of the result */
	ReaderQuantity quantity = {value, "1"};
	double number;
	if (!reader_number(percent, &number, NULL) || number < 0 || number > 100 ||
	    seen->len == MAX_PERCENTILES)
		return;
	for (guint i = 0; i < seen->len; i++) {
		if (g_array_index(seen, double, i) == number)
			return;
	}
	g_array_append_val(seen, number);
	reader_add_percentile(builder, number, quantity);
}

static gboolean
is_own_json(const char *text)
{
	return strstr(text, "\"run information\":") != NULL &&
	       strstr(text, "\"Connections per thread\":") != NULL;
}

static guint
memtier_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	return reader_json_is_own(head, is_own_json) ? 95 : 0;
}

static gboolean
memtier_parser_parse(PerfdashParser *self,
		     const char *name,
		     GBytes *log,
		     PerfdashRunBuilder *builder,
		     GError **error)
{
	if (reader_json_is_own(log, is_own_json))
		return memtier_json_read(log, builder, error);
	memtier_text_read(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(MemtierParser,
		       memtier_parser,
		       memtier_parser_probe,
		       memtier_parser_parse,
		       "memtier",
		       "2",
		       "memtier_benchmark, Redis and memcached: JSON and text",
		       "*memtier*.json;*memtier*.txt;*memtier*.log",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"Connections per thread\":\nConnections per thread\n[RUN #\n"
		       "ALL STATS\nBEST RUN RESULTS")
