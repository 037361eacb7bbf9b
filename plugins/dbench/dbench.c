/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* dbench 3 and 4 (and tbench): a line each second, in 4 a table of operations, and then the line
 * that counts, which alone names the clients. MB are of 10^6 bytes, times are milliseconds. The
 * lines of each second give the mean so far; they count only when the log ends before the last
 * line. */

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define MAX_OPERATIONS 200

static const ReaderSuffix rates[] = {{"MB/sec", "B/s", 6}, {NULL}};

typedef struct {
	char *name;
	double count;
	double mean; /* ms */
	double max;
	gboolean has_times;
	guint line;
} Operation;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_open; /* a heading was there, but no end */
	gboolean in_table;
	char *version;      /* nullable */
	GArray *operations; /* of Operation */
	ReaderQuantity so_far;
	double clients_so_far;
	guint line_so_far;
	char *failure; /* nullable */
} Dbench;

static void
clear_operation(gpointer data)
{
	g_free(((Operation *)data)->name);
}

static void
forget(Dbench *self)
{
	g_array_set_size(self->operations, 0);
	g_clear_pointer(&self->version, g_free);
	g_clear_pointer(&self->failure, g_free);
	self->so_far.unit = NULL;
	self->is_open = self->in_table = FALSE;
}

static void
start_run(Dbench *self)
{
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "dbench");
	if (self->version != NULL)
		perfdash_run_builder_set_environment(self->builder, "tool_version", self->version);
}

static void
add_operations(Dbench *self, const char *benchmark)
{
	for (guint i = 0; i < self->operations->len; i++) {
		Operation *one = &g_array_index(self->operations, Operation, i);
		g_autofree char *name = g_strdup_printf("%s %s", benchmark, one->name);
		perfdash_run_builder_set_line(self->builder, one->line);
		perfdash_run_builder_add_result(self->builder,
						name,
						"operations",
						"1",
						PERFDASH_DIRECTION_NONE,
						one->count);
		if (!one->has_times)
			continue;
		perfdash_run_builder_add_result(self->builder,
						name,
						"latency",
						"ms",
						PERFDASH_DIRECTION_LOWER,
						one->mean);
		perfdash_run_builder_add_stat(self->builder, "max", one->max);
	}
}

static void
fail(Dbench *self, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

/* "Throughput 116.335 MB/sec  2 clients  2 procs  max_latency=366.602 ms", in version 3
 * "Throughput 116.335 MB/sec 2 procs" */
static gboolean
read_end(Dbench *self, const char *line)
{
	const char *rest;
	const char *text = reader_after(line, "Throughput ");
	ReaderQuantity rate = reader_quantity(text, rates, &rest);
	const char *procs = text != NULL ? strstr(text, " procs") : NULL;
	if (rate.unit == NULL || procs == NULL)
		return FALSE;
	const char *clients = strstr(text, " clients");
	double latency;
	clients = clients != NULL ? clients : procs;
	const char *number = clients;
	while (number > text && g_ascii_isdigit(number[-1]))
		number--;
	g_autofree char *count = g_strndup(number, clients - number);
	g_autofree char *benchmark = g_strdup_printf("dbench %s clients", count);
	if (*count == '\0')
		return FALSE;
	start_run(self);
	perfdash_run_builder_set_parameter(self->builder, "clients", count);
	if (strstr(rest, "(sync open)") != NULL)
		perfdash_run_builder_set_parameter(self->builder, "sync_open", "yes");
	if (strstr(rest, "(sync dirs)") != NULL)
		perfdash_run_builder_set_parameter(self->builder, "sync_dirs", "yes");
	if (self->failure != NULL || rate.value <= 0) {
		fail(self, self->failure != NULL ? self->failure : "nothing was transferred");
		forget(self);
		return TRUE;
	}
	reader_add(self->builder, benchmark, "throughput", PERFDASH_DIRECTION_HIGHER, rate);
	if (reader_number_after(procs, "max_latency=", &latency))
		perfdash_run_builder_add_result(self->builder,
						benchmark,
						"max_latency",
						"ms",
						PERFDASH_DIRECTION_LOWER,
						latency);
	add_operations(self, benchmark);
	forget(self);
	return TRUE;
}

/* a run without its last line */
static void
end_cut(Dbench *self)
{
	if (self->is_open && self->failure != NULL) {
		start_run(self);
		fail(self, self->failure);
	} else if (self->is_open && self->so_far.unit != NULL && self->so_far.value > 0) {
		g_autofree char *benchmark = g_strdup_printf("dbench %.0f clients",
							     self->clients_so_far);
		start_run(self);
		perfdash_run_builder_set_line(self->builder, self->line_so_far);
		reader_add(self->builder,
			   benchmark,
			   "throughput",
			   PERFDASH_DIRECTION_HIGHER,
			   self->so_far);
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(
			self->builder,
			"the log ends before the result; this is the mean so far");
	}
	forget(self);
}

/* "   2     29646   116.33 MB/sec  execute   3 sec  latency 301.916 ms" */
static void
read_second(Dbench *self, const char *line, guint number)
{
	double clients;
	double operations;
	const char *rest;
	if (!reader_number(line, &clients, &rest) || !reader_number(rest, &operations, &rest))
		return;
	ReaderQuantity rate = reader_quantity(rest, rates, &rest);
	if (rate.unit == NULL || !g_str_has_prefix(rest, "  execute "))
		return;
	self->so_far = rate;
	self->clients_so_far = clients;
	self->line_so_far = number;
}

/* " NTCreateX      12169     0.055    82.116" */
static void
read_operation(Dbench *self, const char *line, guint number)
{
	g_auto(GStrv) words = reader_words(line);
	Operation one = {.line = number};
	if (g_strv_length(words) != 4) {
		self->in_table = self->in_table && *line != '\0';
		return;
	}
	if (!reader_number(words[1], &one.count, NULL) || one.count <= 0 ||
	    self->operations->len == MAX_OPERATIONS)
		return;
	one.has_times = reader_number(words[2], &one.mean, NULL) &&
			reader_number(words[3], &one.max, NULL);
	one.name = reader_name(words[0]);
	g_array_append_val(self->operations, one);
}

static gboolean
is_failure(const char *line)
{
	return g_str_has_prefix(line, "Child failed with status") ||
	       g_str_has_prefix(line, "dbench: ") ||
	       g_str_has_prefix(line, "Unable to open loadfile") ||
	       (*line == '[' && strstr(line, " failed for handle ") != NULL);
}

/* "Running for 4 seconds with load '/usr/share/dbench/client.txt' and minimum warmup 0 secs" */
static void
read_line(Dbench *self, const char *line, guint number)
{
	const char *version = reader_after(line, "dbench version ");
	if (version != NULL) {
		end_cut(self);
		g_autofree char *text = g_strndup(version, strcspn(version, " "));
		self->version = reader_name(text);
		self->is_open = TRUE;
	} else if (read_end(self, line)) {
		return;
	} else if (reader_after(line + strspn(line, " "), "Operation ") != NULL &&
		   strstr(line, " AvgLat ") != NULL) {
		g_array_set_size(self->operations, 0);
		self->in_table = TRUE;
	} else if (self->in_table) {
		read_operation(self, line, number);
	} else if (self->is_open && self->failure == NULL && is_failure(line)) {
		self->failure = g_strdup(line);
	} else if (self->is_open) {
		read_second(self, line, number);
	}
}

static gboolean
dbench_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) operations = g_array_new(FALSE, FALSE, sizeof(Operation));
	Dbench self = {.builder = builder, .operations = operations};
	const char *line;
	g_array_set_clear_func(operations, clear_operation);
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || g_str_has_suffix(line, " ms"))
			read_line(&self, line, lines.number);
	}
	end_cut(&self);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(DbenchParser,
		       dbench_parser,
		       NULL,
		       dbench_parser_parse,
		       "dbench",
		       "1",
		       "dbench, file systems: text output of versions 3 and 4",
		       "*dbench*.txt;*dbench*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "dbench version \nThroughput ")
