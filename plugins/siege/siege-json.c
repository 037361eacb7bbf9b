/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* siege's JSON: a flat object, a line a member. One that is cut off is read as far as its lines are
 * whole. Times are seconds of two decimals, MB are 1024 * 1024 bytes. */

#include <string.h>

#include "reader-json.h"
#include "siege.h"

static const struct {
	const char *member;
	const char *metric;
	const char *stat; /* NULL: the value */
	const char *kind; /* nullable */
	const char *unit;
	PerfdashDirection direction;
} members[] = {
	{"transactions", "transactions", NULL, NULL, "1", PERFDASH_DIRECTION_NONE},
	{"availability", "availability", NULL, NULL, "%", PERFDASH_DIRECTION_HIGHER},
	{"elapsed_time", "duration", NULL, NULL, "s", PERFDASH_DIRECTION_NONE},
	{"data_transferred", "bytes_read", NULL, NULL, "MiB", PERFDASH_DIRECTION_NONE},
	{"response_time", "latency", NULL, NULL, "s", PERFDASH_DIRECTION_LOWER},
	{"transaction_rate", "throughput", NULL, NULL, "1/s", PERFDASH_DIRECTION_HIGHER},
	{"throughput", "transfer", NULL, NULL, "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{"concurrency", "concurrency", NULL, NULL, "1", PERFDASH_DIRECTION_NONE},
	{"successful_transactions",
	 "transactions",
	 NULL,
	 "successful",
	 "1",
	 PERFDASH_DIRECTION_NONE},
	{"failed_transactions", "errors", NULL, NULL, "1", PERFDASH_DIRECTION_LOWER},
	{"longest_transaction", "latency", "max", NULL, "s", PERFDASH_DIRECTION_LOWER},
	{"shortest_transaction", "latency", "min", NULL, "s", PERFDASH_DIRECTION_LOWER},
};

gboolean
siege_json_is_own(const char *text)
{
	return strstr(text, "\"transactions\":") != NULL &&
	       strstr(text, "\"availability\":") != NULL;
}

static void
add(ReaderReport *report, guint i, double value)
{
	ReaderQuantity quantity = {value, members[i].unit};
	if (members[i].stat != NULL)
		reader_report_add_stat(report, members[i].metric, members[i].stat, quantity);
	else if (members[i].kind != NULL)
		reader_report_add_kind(report,
				       members[i].metric,
				       "kind",
				       members[i].kind,
				       members[i].direction,
				       quantity);
	else
		reader_report_add(report, members[i].metric, members[i].direction, quantity);
}

/* a line of a document that is cut off */
static void
salvage(ReaderReport *report, const char *line)
{
	line += strspn(line, "{ \t");
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		double value;
		g_autofree char *mark = g_strdup_printf("\"%s\":", members[i].member);
		const char *text = reader_after(line, mark);
		if (text != NULL && reader_number(text, &value, NULL))
			add(report, i, value);
	}
}

static void
salvage_lines(ReaderReport *report, GBytes *document)
{
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, document, NULL);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut)
		salvage(report, line);
}

gboolean
siege_json_read(GBytes *document, PerfdashRunBuilder *builder)
{
	gsize size;
	const char *data = g_bytes_get_data(document, &size);
	g_autoptr(ReaderReport) report = reader_report_new();
	g_autoptr(JsonParser) parser = reader_json_load(data, size, NULL);
	JsonObject *root = parser != NULL ? reader_json_root_object(parser) : NULL;
	for (guint i = 0; root != NULL && i < G_N_ELEMENTS(members); i++) {
		double value;
		if (reader_json_number(root, members[i].member, &value))
			add(report, i, value);
	}
	if (root == NULL)
		salvage_lines(report, document);
	siege_end_run(report, builder, root == NULL ? "the document is cut off" : NULL);
	return TRUE;
}
