/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* bonnie++ prints the same numbers as a table for people, rounded, and as a line of CSV below it:
 * where there is such a line, it counts and the table does not. Before version 1.9 the CSV has no
 * sign of what it is; then the table counts. "+++++" was too fast to measure and is no value. Rates
 * of data are KiB/s, in tables of 2.x with k, m or g of 1024 instead; latencies have units of their
 * own. */

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define N_IO        6
#define N_CREATE    6
#define MAX_MESSAGE 300

static const char *const io_metrics[N_IO] =
	{"putc", "put_block", "rewrite", "getc", "get_block", "seeks"};
static const char *const create_metrics[N_CREATE] =
	{"seq_create", "seq_stat", "seq_delete", "random_create", "random_stat", "random_delete"};
/* what the letters of version 2 stand for */
static const ReaderSuffix rates[] = {{"", "KiB/s", 0},
				     {"k", "KiB/s", 0},
				     {"m", "MiB/s", 0},
				     {"g", "GiB/s", 0},
				     {NULL}};

typedef enum { SECTION_NONE, SECTION_IO, SECTION_CREATE } Section;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	GHashTable *told; /* lines of headings whose tables are told as CSV, too */
	gboolean is_told; /* the table is one of those */
	Section section;
	gboolean is_open; /* a table is being read */
	gboolean has_create;
	char *version;        /* nullable */
	char *name;           /* nullable */
	char *failure;        /* nullable: a message of a run without results */
	gboolean has_started; /* lines of progress were there, but no results */
	gboolean has_blocks;  /* of them the one that is in all runs */
} Bonnie;

static void
start_run(Bonnie *self, const char *version)
{
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "bonnie++");
	if (version != NULL) {
		g_autofree char *name = reader_name(version);
		perfdash_run_builder_set_environment(self->builder, "tool_version", name);
	}
	g_clear_pointer(&self->failure, g_free);
	self->has_started = self->has_blocks = FALSE;
}

static void
set_parameter(Bonnie *self, const char *key, const char *value)
{
	g_autofree char *name = reader_name(value);
	if (*value != '\0')
		perfdash_run_builder_set_parameter(self->builder, key, name);
}

/* "258", and in a table of version 2 "258k"; files and seeks are counted */
static void
add_rate(Bonnie *self,
	 const char *benchmark,
	 const char *metric,
	 gboolean is_data,
	 const char *text)
{
	ReaderQuantity rate = reader_quantity(text, is_data ? rates : reader_counts, NULL);
	if (rate.unit == NULL || rate.value <= 0)
		return;
	if (!is_data)
		rate.unit = "1/s";
	reader_add(self->builder, benchmark, metric, PERFDASH_DIRECTION_HIGHER, rate);
}

static void
add_latency(Bonnie *self, const char *benchmark, const char *metric, const char *text)
{
	ReaderQuantity time = reader_quantity(text, reader_times, NULL);
	g_autofree char *name = g_strconcat(metric, "_latency", NULL);
	reader_add(self->builder, benchmark, name, PERFDASH_DIRECTION_LOWER, time);
}

static void
end_table(Bonnie *self)
{
	if (self->is_open && self->section == SECTION_CREATE && !self->has_create) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the table of files has no row");
	}
	self->is_open = self->has_create = FALSE;
	self->section = SECTION_NONE;
	g_clear_pointer(&self->name, g_free);
	g_clear_pointer(&self->version, g_free);
}

static void
end_without_results(Bonnie *self)
{
	g_autofree char *why = g_steal_pointer(&self->failure);
	end_table(self);
	start_run(self, NULL);
	perfdash_run_builder_set_outcome(self->builder,
					 why != NULL ? PERFDASH_OUTCOME_FAILED
						     : PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder,
						 why != NULL ? why
							     : "the log ends before the results");
}

static gboolean
is_csv(const char *line)
{
	return g_str_has_prefix(line, "1.9") && g_ascii_isdigit(line[3]) && line[4] == ',' &&
	       (g_str_has_prefix(line + 5, "1.9") || g_str_has_prefix(line + 5, "2."));
}

static gboolean
is_ready(GStrv fields, guint n, guint i)
{
	return i < n && *fields[i] != '\0';
}

/* rates come in pairs with the load of the processor, then what the files were, then as many for
 * files, then the latencies; version 1.98 has how many seeks there were before all that */
static void
read_csv(Bonnie *self, const char *line, gboolean is_cut)
{
	g_auto(GStrv) fields = g_strsplit(line, ",", 100);
	guint n = g_strv_length(fields);
	double format = 0;
	reader_number(fields[0], &format, NULL);
	guint io = format >= 1.98 ? 9 : 7;
	guint create = io + 2 * N_IO + 5;
	guint latency = create + 2 * N_CREATE;
	gboolean is_whole = n >= latency + N_IO + N_CREATE && !is_cut;
	if (n < io + 2)
		return;
	/* what was cut off may be a part of a number */
	if (is_cut)
		n--;
	if (self->failure != NULL)
		end_without_results(self);
	end_table(self);
	self->is_told = FALSE;
	start_run(self, fields[1]);
	g_autofree char *name = reader_name(fields[2]);
	set_parameter(self, "concurrency", fields[3]);
	set_parameter(self, "size", fields[5]);
	if (is_ready(fields, n, io + 2 * N_IO))
		set_parameter(self, "files", fields[io + 2 * N_IO]);
	for (guint i = 0; i < N_IO && is_ready(fields, n, io + 2 * i); i++)
		add_rate(self, name, io_metrics[i], i < N_IO - 1, fields[io + 2 * i]);
	for (guint i = 0; i < N_CREATE && create + 2 * i < n; i++)
		add_rate(self, name, create_metrics[i], FALSE, fields[create + 2 * i]);
	for (guint i = 0; i < N_IO && latency + i < n; i++)
		add_latency(self, name, io_metrics[i], fields[latency + i]);
	for (guint i = 0; i < N_CREATE && latency + N_IO + i < n; i++)
		add_latency(self, name, create_metrics[i], fields[latency + N_IO + i]);
	if (!is_whole) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the line of results was cut off");
	}
}

/* a number, or "+++++" */
static gboolean
is_value(const char *word)
{
	double value;
	const char *rest;
	if (*word == '+' && word[strspn(word, "+")] == '\0')
		return TRUE;
	return reader_number(word, &value, &rest) && strlen(rest) <= 1;
}

/* the twelve values at the end of a row, or NULL; what stands before them are its names */
static GStrv
find_values(GStrv words)
{
	guint n = g_strv_length(words);
	if (n < 12)
		return NULL;
	for (guint i = n - 12; i < n; i++) {
		if (!is_value(words[i]))
			return NULL;
	}
	return words + n - 12;
}

/* "labhost     64M:64k  258k  24 +++++ +++ ..." */
static void
read_io_row(Bonnie *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	GStrv values = find_values(words);
	if (values == NULL || values - words < 2)
		return;
	start_run(self, self->version);
	set_parameter(self, "size", values[-1]);
	const char *size = strstr(line, values[-1]);
	g_autofree char *name = g_strndup(line, size - line);
	g_free(self->name);
	self->name = reader_name(name);
	for (guint i = 0; i < N_IO; i++)
		add_rate(self, self->name, io_metrics[i], i < N_IO - 1, values[2 * i]);
	self->is_open = TRUE;
}

/* "                 16 20285  28 +++++ +++ ..." */
static void
read_create_row(Bonnie *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	GStrv values = find_values(words);
	if (values == NULL || values - words != 1)
		return;
	if (!self->is_open)
		start_run(self, self->version);
	self->is_open = self->has_create = TRUE;
	set_parameter(self, "files", words[0]);
	for (guint i = 0; i < N_CREATE; i++)
		add_rate(self,
			 self->name != NULL ? self->name : "bonnie++",
			 create_metrics[i],
			 FALSE,
			 values[2 * i]);
}

/* "Latency              1150ms    6954us    8096us    1574ms    2669us   12312us" */
static void
read_latencies(Bonnie *self, const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	const char *const *metrics = self->section == SECTION_IO ? io_metrics : create_metrics;
	for (guint i = 0; i < N_IO && words[i] != NULL; i++)
		add_latency(self,
			    self->name != NULL ? self->name : "bonnie++",
			    metrics[i],
			    words[i]);
}

static gboolean
is_io_heading(const char *line)
{
	return strstr(line, "------Sequential Output------") != NULL;
}

static gboolean
is_create_heading(const char *line)
{
	return strstr(line, "------Sequential Create------") != NULL;
}

/* "Version 2.00a       ------Sequential Output------ --Sequential Input- --Random-" */
static gboolean
read_heading(Bonnie *self, const char *line, guint number)
{
	const char *version = reader_after(line, "Version ");
	gboolean is_io = is_io_heading(line);
	if (!is_io && !is_create_heading(line))
		return FALSE;
	gboolean is_told = g_hash_table_contains(self->told, GUINT_TO_POINTER(number));
	if (self->failure != NULL)
		end_without_results(self);
	if (is_io || is_told || self->has_create)
		end_table(self);
	self->is_told = is_told || (self->is_told && !is_io);
	if (version != NULL) {
		g_free(self->version);
		self->version = g_strndup(version, strcspn(version, " "));
	}
	self->section = is_io ? SECTION_IO : SECTION_CREATE;
	return TRUE;
}

static void
read_table(Bonnie *self, const char *line, guint number)
{
	const char *latencies = reader_after(line, "Latency  ");
	if (read_heading(self, line, number) || self->is_told)
		return;
	if (latencies != NULL && self->is_open)
		read_latencies(self, latencies);
	else if (self->section == SECTION_IO && !self->is_open)
		read_io_row(self, line);
	else if (self->section == SECTION_CREATE && !self->has_create)
		read_create_row(self, line);
}

static gboolean
is_progress(const char *line)
{
	return g_str_has_prefix(line, "Writing intelligently...") ||
	       g_str_has_prefix(line, "Writing a byte at a time...") ||
	       g_str_has_prefix(line, "Writing with putc()...");
}

/* a run that stops before its results says why in its progress: "Writing intelligently...Can't
 * write block 1234.: No space left on device" */
static void
read_progress(Bonnie *self, const char *line)
{
	const char *message = strstr(line, "Can't ");
	gboolean is_blocks = g_str_has_prefix(line, "Writing intelligently...");
	if (is_progress(line)) {
		/* what comes first, or comes again */
		if (self->has_started && (!is_blocks || self->has_blocks))
			end_without_results(self);
		self->has_started = TRUE;
		self->has_blocks = is_blocks;
	}
	if (self->has_started && self->failure == NULL && message != NULL)
		self->failure = g_strndup(message, MIN(strlen(message), MAX_MESSAGE));
}

/* whether a table's heading and a line of CSV are of one version */
static gboolean
is_same_version(const char *heading, const char *csv)
{
	const char *version = reader_after(heading, "Version ");
	const char *other = strchr(csv, ',') + 1;
	gsize length = version != NULL ? strcspn(version, " ") : 0;
	return strncmp(version != NULL ? version : "", other, length) == 0;
}

/* whether a line that has no end is of the table that is open */
static gboolean
is_rest(Bonnie *self, const char *line)
{
	if (!is_csv(line))
		return self->is_open && g_str_has_prefix(line, "Latency");
	return self->is_open && self->version != NULL &&
	       g_str_has_prefix(strchr(line, ',') + 1, self->version);
}

/* finds the tables that have a line of CSV below them, with no other run between */
static void
find_told(Bonnie *self, GBytes *log)
{
	g_auto(ReaderLines) lines;
	g_autofree char *heading = NULL;
	const char *line;
	guint number = 0;
	reader_lines_init(&lines, log, NULL);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (is_io_heading(line) || (heading == NULL && is_create_heading(line))) {
			g_free(heading);
			heading = g_strdup(line);
			number = lines.number;
		} else if (is_csv(line) && heading != NULL && !lines.is_cut &&
			   is_same_version(heading, line)) {
			g_hash_table_add(self->told, GUINT_TO_POINTER(number));
		}
		if (is_csv(line) || is_progress(line))
			g_clear_pointer(&heading, g_free);
	}
}

static void
set_cut(Bonnie *self)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder, "the last line was cut off");
}

static gboolean
bonnie_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL);
	Bonnie self = {.builder = builder, .told = told};
	const char *line;
	find_told(&self, log);
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (lines.is_cut && is_rest(&self, line))
			set_cut(&self);
		else if (is_csv(line))
			read_csv(&self, line, lines.is_cut);
		else if (!lines.is_cut)
			read_table(&self, line, lines.number);
		read_progress(&self, line);
	}
	if (self.has_started)
		end_without_results(&self);
	end_table(&self);
	g_free(self.failure);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(BonnieParser,
		       bonnie_parser,
		       NULL,
		       bonnie_parser_parse,
		       "bonnie",
		       "3",
		       "bonnie++, disks and file systems: CSV line and table",
		       "*bonnie*.txt;*bonnie*.csv;*bonnie*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "------Sequential Output------\n------Sequential Create------\n"
		       "1.96,1.9\n1.97,1.9\n1.98,1.9\n1.98,2.\n1.99,2.\n"
		       "Writing intelligently...\nWriting a byte at a time...")
