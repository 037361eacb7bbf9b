/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* STREAM in C and in Fortran: a table of four kernels, whose header and number of decimals changed
 * over the versions while its columns did not. MB are of 10^6. Rates of a run whose solution does
 * not validate are of no worth, and a table without a verdict is cut off. */

#include <string.h>

#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	gboolean is_open;
	gboolean in_table;
	guint n_kernels; /* that were read */
	gboolean has_verdict;
} Stream;

static const char *const kernels[] = {"Copy", "Scale", "Add", "Triad"};

/* what stands between two texts of a line, as a parameter */
static const struct {
	const char *before;
	const char *key;
} parameters[] = {
	{"Array size = ", "array_size"},
	{"Offset = ", "offset"},
	{"Each kernel will be executed ", "repetitions"},
	{"Number of Threads requested = ", "threads"},
	{"Number of Threads = ", "threads"},
	{"The total memory requirement is ", "memory_mb"},
};

static void
end_run(Stream *self)
{
	if (self->n_kernels > 0) {
		if (!self->has_verdict) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(self->builder,
							 "the log ends before STREAM says "
							 "whether the solution validates");
		}
		perfdash_run_builder_next_run(self->builder);
	}
	self->is_open = self->in_table = self->has_verdict = FALSE;
	self->n_kernels = 0;
}

static void
start_run(Stream *self)
{
	end_run(self);
	perfdash_run_builder_set_label(self->builder, "tool", "STREAM");
	self->is_open = TRUE;
}

static void
read_version(Stream *self, const char *line)
{
	const char *revision = reader_after(line + strlen("STREAM version"), " $Revision:");
	start_run(self);
	if (revision == NULL)
		return;
	g_autofree char *word = g_strndup(revision, strcspn(revision, " $"));
	g_autofree char *version = reader_name(word);
	if (*word != '\0')
		perfdash_run_builder_set_environment(self->builder, "tool_version", version);
}

static void
read_parameters(Stream *self, const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(parameters); i++) {
		double value;
		if (!reader_number_after(line, parameters[i].before, &value))
			continue;
		g_autofree char *text = g_strdup_printf("%.0f", value);
		perfdash_run_builder_set_parameter(self->builder, parameters[i].key, text);
	}
}

static gboolean
is_header(const char *line)
{
	return g_str_has_prefix(line, "Function ") && strstr(line, "Avg time ") != NULL &&
	       (strstr(line, "Rate MB/s") != NULL || strstr(line, "Rate (MB/s)") != NULL);
}

/* rate, and average, shortest and longest time */
static void
add_kernel(Stream *self, const char *kernel, const double *columns)
{
	perfdash_run_builder_add_result(self->builder,
					kernel,
					"bandwidth",
					"MB/s",
					PERFDASH_DIRECTION_HIGHER,
					columns[0]);
	perfdash_run_builder_add_result(self->builder,
					kernel,
					"time",
					"s",
					PERFDASH_DIRECTION_LOWER,
					columns[1]);
	perfdash_run_builder_add_stat(self->builder, "min", columns[2]);
	perfdash_run_builder_add_stat(self->builder, "max", columns[3]);
	self->n_kernels++;
}

static gboolean
read_kernel(Stream *self, const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(kernels); i++) {
		const char *text = reader_after(line, kernels[i]);
		double columns[4];
		guint n = 0;
		if (text == NULL || *text != ':')
			continue;
		text++;
		while (n < G_N_ELEMENTS(columns) && reader_number(text, &columns[n], &text))
			n++;
		if (n == G_N_ELEMENTS(columns))
			add_kernel(self, kernels[i], columns);
		else
			perfdash_run_builder_add_warning(self->builder,
							 "%s was not measured",
							 kernels[i]);
		return TRUE;
	}
	return FALSE;
}

static void
read_verdict(Stream *self, const char *line)
{
	if (g_str_has_prefix(line, "Solution Validates")) {
		self->has_verdict = TRUE;
		end_run(self);
	} else if (g_str_has_prefix(line, "Failed Validation")) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning_literal(self->builder, line);
		self->has_verdict = TRUE;
	}
}

static void
read_line(Stream *self, const char *line)
{
	line += strspn(line, " ");
	if (g_ascii_strncasecmp(line, "STREAM version ", strlen("STREAM version ")) == 0 &&
	    strstr(line, "$Revision") != NULL) {
		read_version(self, line);
	} else if (is_header(line)) {
		if (!self->is_open || self->in_table)
			start_run(self);
		self->in_table = TRUE;
	} else if (self->in_table && !read_kernel(self, line)) {
		read_verdict(self, line);
	} else if (self->is_open && !self->in_table) {
		read_parameters(self, line);
	}
}

/* a verdict that is there to its last word, without a line end */
static gboolean
is_whole_verdict(const char *line)
{
	return g_str_has_prefix(line, "Solution Validates") &&
	       (strchr(line, ':') == NULL || g_str_has_suffix(line, " arrays"));
}

static gboolean
stream_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	g_auto(ReaderLines) lines;
	Stream self = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || is_whole_verdict(line))
			read_line(&self, line);
	}
	end_run(&self);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(StreamParser,
		       stream_parser,
		       NULL,
		       stream_parser_parse,
		       "stream",
		       "2",
		       "STREAM, memory bandwidth: text output of C and Fortran",
		       "*stream*.txt;*stream*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "Rate MB/s  Avg time\nRate (MB/s)  ")
