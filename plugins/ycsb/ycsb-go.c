/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* go-ycsb writes a line for each kind of operation every ten seconds, about all that was done so
 * far, and once more behind "Run finished": the last one of a kind counts. outputstyle makes them
 * an array of objects, or a table whose headings are in capitals. What failed is a kind of its own,
 * READ_ERROR. Its properties may have passwords among them. */

#include "ycsb-go.h"

#include <string.h>

#include "reader-duration.h"
#include "reader-json.h"
#include "reader-text.h"
#include "ycsb-run.h"

#define MARK      " - Takes(s): "
#define MAX_KINDS 200

/* what the line of a kind said last */
typedef struct {
	char *kind;
	char *values;
	guint line;
} Summary;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_open;
	gboolean is_finished;
	gboolean is_cut;
	ReaderQuantity duration;
	GPtrArray *summaries; /* of Summary */
	char **headings;      /* nullable: of the table */
} Reading;

/* what go-ycsb calls a number, and what YCSB calls it */
static const char *const measurements[][2] = {{"Count", "Operations"},
					      {"OPS", "Throughput(ops/sec)"},
					      {"Avg(us)", "AverageLatency(us)"},
					      {"Min(us)", "MinLatency(us)"},
					      {"Max(us)", "MaxLatency(us)"}};

static const char *const properties[][2] = {{"\"threadcount\"=\"", "threads"},
					    {"\"target\"=\"", "target"},
					    {"\"recordcount\"=\"", "records"},
					    {"\"requestdistribution\"=\"", "distribution"}};

static void
summary_free(gpointer data)
{
	Summary *self = data;
	g_free(self->kind);
	g_free(self->values);
	g_free(self);
}

static Summary *
find_summary(Reading *self, const char *kind)
{
	for (guint i = 0; i < self->summaries->len; i++) {
		Summary *summary = g_ptr_array_index(self->summaries, i);
		if (g_str_equal(summary->kind, kind))
			return summary;
	}
	return NULL;
}

static void
take_value(YcsbRun *run, const Summary *summary, const char *name, const char *value)
{
	for (guint i = 0; i < G_N_ELEMENTS(measurements); i++) {
		if (g_ascii_strcasecmp(measurements[i][0], name) == 0)
			ycsb_run_take(run, summary->kind, measurements[i][1], value, summary->line);
	}
	gsize length = strspn(name, "0123456789.");
	if (length == 0 || g_ascii_strcasecmp(name + length, "th(us)") != 0)
		return;
	g_autofree char *percentile = g_strdup_printf("%.*sthPercentileLatency(us)",
						      (int)(strlen(name) - strlen("th(us)")),
						      name);
	ycsb_run_take(run, summary->kind, percentile, value, summary->line);
}

/* "10.0, Count: 39821, OPS: 3985.1, Avg(us): 11823, ..." */
static void
take_summary(YcsbRun *run, const Summary *summary)
{
	g_auto(GStrv) fields = g_strsplit(summary->values, ", ", 40);
	for (guint i = 0; fields[i] != NULL; i++) {
		char *colon = strstr(fields[i], ": ");
		if (colon == NULL)
			continue;
		*colon = '\0';
		take_value(run, summary, fields[i], colon + strlen(": "));
	}
}

static void
write_duration(Reading *self)
{
	if (self->duration.unit == NULL)
		return;
	reader_add(self->builder, "OVERALL", "duration", PERFDASH_DIRECTION_NONE, self->duration);
}

static void
end_run(Reading *self)
{
	g_autoptr(YcsbRun) run = ycsb_run_new();
	for (guint i = 0; i < self->summaries->len; i++)
		take_summary(run, g_ptr_array_index(self->summaries, i));
	if (ycsb_run_has_results(run)) {
		run->is_cut = self->is_cut;
		ycsb_run_write(run, self->builder);
		write_duration(self);
		perfdash_run_builder_set_label(self->builder, "tool", "go-ycsb");
		if (!self->is_finished) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(self->builder,
							 "the log ends before the run did");
		}
	}
	g_ptr_array_set_size(self->summaries, 0);
	self->is_open = self->is_finished = FALSE;
	self->duration.unit = NULL;
}

static void
start_run(Reading *self)
{
	end_run(self);
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	self->is_open = TRUE;
}

static void
keep_summary(Reading *self, const char *kind, const char *values, guint line)
{
	Summary *summary = find_summary(self, kind);
	if (!self->is_open || (summary != NULL && self->is_finished)) {
		start_run(self);
		summary = NULL;
	}
	if (summary == NULL) {
		if (self->summaries->len == MAX_KINDS)
			return;
		summary = g_new0(Summary, 1);
		summary->kind = g_strdup(kind);
		g_ptr_array_add(self->summaries, summary);
	}
	g_free(summary->values);
	summary->values = g_strdup(values);
	summary->line = line;
}

/* "READ   - Takes(s): 10.0, Count: 39821, ..." */
static gboolean
read_summary(Reading *self, const char *line, guint number)
{
	gsize length = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	const char *mark = line + length + strspn(line + length, " ");
	if (length == 0 || mark == line + length || !g_str_has_prefix(mark - 1, MARK) ||
	    strstr(mark, ", Count: ") == NULL || strstr(mark, ", OPS: ") == NULL)
		return FALSE;
	g_autofree char *kind = g_strndup(line, length);
	keep_summary(self, kind, mark - 1 + strlen(MARK), number);
	return TRUE;
}

/* what an object or a row says, in the form of a line */
static void
keep_values(Reading *self, GString *values, const char *kind, guint line)
{
	if (kind != NULL && *kind != '\0')
		keep_summary(self, kind, values->str, line);
}

/* [{"Operation":"READ","Takes(s)":"10.0","Count":"39821", ...}, ...] */
static gboolean
read_json(Reading *self, const char *line, guint number)
{
	if (!g_str_has_prefix(line, "[{\"") || strstr(line, "\"Takes(s)\"") == NULL)
		return FALSE;
	g_autoptr(JsonParser) parser = reader_json_load(line, strlen(line), NULL);
	JsonArray *kinds = parser != NULL ? reader_json_root_array(parser) : NULL;
	for (guint i = 0; kinds != NULL && i < json_array_get_length(kinds); i++) {
		JsonObject *one = reader_json_element(kinds, i);
		g_autoptr(GString) values = g_string_new(NULL);
		g_autoptr(GList) members = one != NULL ? json_object_get_members(one) : NULL;
		for (GList *l = members; l != NULL; l = l->next) {
			const char *value = reader_json_string(one, l->data);
			if (value != NULL)
				g_string_append_printf(values, ", %s: %s", (char *)l->data, value);
		}
		if (one != NULL)
			keep_values(self, values, reader_json_string(one, "Operation"), number);
	}
	return kinds != NULL;
}

static GStrv
split_row(const char *line)
{
	GStrv cells = g_strsplit(line + 1, "|", 40);
	for (guint i = 0; cells[i] != NULL; i++)
		g_strstrip(cells[i]);
	return cells;
}

/* "| READ      |     10.0 | 39821 | 3985.1 |" */
static gboolean
read_row(Reading *self, const char *line, guint number)
{
	if (*line != '|') {
		if (*line != '+')
			g_clear_pointer(&self->headings, g_strfreev);
		return FALSE;
	}
	g_auto(GStrv) cells = split_row(line);
	guint n = g_strv_length(cells);
	g_autoptr(GString) values = g_string_new(NULL);
	if (n > 2 && g_str_equal(cells[0], "OPERATION") && g_str_equal(cells[1], "TAKES(S)")) {
		g_strfreev(self->headings);
		self->headings = g_steal_pointer(&cells);
		return TRUE;
	}
	if (self->headings == NULL || n != g_strv_length(self->headings))
		return FALSE;
	for (guint i = 1; i < n; i++)
		g_string_append_printf(values, ", %s: %s", self->headings[i], cells[i]);
	keep_values(self, values, cells[0], number);
	return TRUE;
}

static void
set_parameter(Reading *self, const char *key, const char *value)
{
	g_autofree char *text = g_strndup(value, strcspn(value, "\""));
	g_autofree char *name = reader_name(text);
	perfdash_run_builder_set_parameter(self->builder, key, name);
	perfdash_run_builder_set_label(self->builder, key, name);
}

static void
read_property(Reading *self, const char *line)
{
	const char *value = reader_after(line, "\"dotransactions\"=\"");
	if (value != NULL)
		set_parameter(self, "phase", *value == 't' ? "run" : "load");
	for (guint i = 0; i < G_N_ELEMENTS(properties); i++) {
		value = reader_after(line, properties[i][0]);
		if (value != NULL)
			set_parameter(self, properties[i][1], value);
	}
}

/* "Run finished, takes 1m24.170438017s"; what follows is said of the whole run */
static gboolean
read_end(Reading *self, const char *line)
{
	const char *text = reader_after(line, "Run finished, takes ");
	ReaderQuantity duration = {0, NULL};
	if (text != NULL)
		duration = reader_duration(text, NULL);
	if (duration.unit == NULL)
		return FALSE;
	if (!self->is_open || self->is_finished)
		start_run(self);
	g_ptr_array_set_size(self->summaries, 0);
	self->duration = duration;
	self->is_finished = TRUE;
	return TRUE;
}

static void
read_line(Reading *self, const char *line, guint number)
{
	if (read_summary(self, line, number) || read_json(self, line, number) ||
	    read_row(self, line, number) || read_end(self, line))
		return;
	if (g_str_has_prefix(line, "***************** properties *****"))
		start_run(self);
	else if (self->is_open && *line == '"' && self->summaries->len == 0)
		read_property(self, line);
}

void
ycsb_go_read(GBytes *log, PerfdashRunBuilder *builder, guint n_runs)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GPtrArray) summaries = g_ptr_array_new_with_free_func(summary_free);
	Reading self = {.builder = builder, .n_runs = n_runs, .summaries = summaries};
	const char *line;
	reader_lines_init(&lines, log, NULL);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line, lines.number);
		else
			self.is_cut = self.is_finished && g_ascii_isupper(*line);
	}
	end_run(&self);
	g_strfreev(self.headings);
}
