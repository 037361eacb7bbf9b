/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* mbw's text: a line for each run of each method, and an average of them, which -a leaves out and a
 * log that was cut off has not. It is the time of all runs that is averaged: the mean of rates is
 * harmonic. */

#include <string.h>

#include "reader-text.h"

#define MAX_RATES 100000

typedef struct {
	PerfdashRunBuilder *builder;
	double wanted;    /* runs of each method, 0 unknown */
	char *method;     /* whose runs are being read, nullable */
	GArray *rates;    /* of double, MiB/s */
	GHashTable *done; /* methods of this run */
	gboolean is_short;
} Mbw;

static double
harmonic_mean(GArray *rates)
{
	double sum = 0;
	for (guint i = 0; i < rates->len; i++)
		sum += 1 / g_array_index(rates, double, i);
	return rates->len / sum;
}

static void
add_method(Mbw *self, double rate)
{
	perfdash_run_builder_set_label(self->builder, "tool", "mbw");
	perfdash_run_builder_add_result(self->builder,
					self->method,
					"bandwidth",
					"MiB/s",
					PERFDASH_DIRECTION_HIGHER,
					rate);
	for (guint i = 0; self->rates->len > 1 && i < self->rates->len; i++)
		perfdash_run_builder_add_replicate(self->builder,
						   g_array_index(self->rates, double, i));
	g_hash_table_add(self->done, g_steal_pointer(&self->method));
	g_array_set_size(self->rates, 0);
}

/* a method whose average is not there */
static void
end_method(Mbw *self)
{
	if (self->method == NULL)
		return;
	self->is_short |= self->rates->len < self->wanted;
	if (self->rates->len > 0)
		add_method(self, harmonic_mean(self->rates));
	g_clear_pointer(&self->method, g_free);
}

static void
end_run(Mbw *self)
{
	end_method(self);
	if (self->is_short) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the log ends before %.0f runs of each method",
						 self->wanted);
	}
	if (g_hash_table_size(self->done) > 0)
		perfdash_run_builder_next_run(self->builder);
	g_hash_table_remove_all(self->done);
	self->is_short = FALSE;
}

static void
read_setup(Mbw *self, const char *line)
{
	double runs;
	double elements;
	if (g_str_has_prefix(line, "Long uses ") && strstr(line, "bytes. Allocating 2*") != NULL) {
		end_run(self);
		self->wanted = 0;
		if (reader_number_after(line, "Allocating 2*", &elements)) {
			g_autofree char *text = g_strdup_printf("%.0f", elements);
			perfdash_run_builder_set_parameter(self->builder, "elements", text);
		}
	} else if (reader_number_after(line, "business... Doing ", &runs)) {
		self->wanted = runs;
	}
}

static void
read_row(Mbw *self, const char *method, gboolean is_average, const char *rest)
{
	double rate;
	if (!reader_number_after(rest, "Copy:", &rate) || strstr(rest, "MiB/s") == NULL ||
	    rate <= 0)
		return;
	if (g_strcmp0(self->method, method) != 0)
		end_method(self);
	if (g_hash_table_contains(self->done, method))
		end_run(self);
	if (self->method == NULL)
		self->method = g_strdup(method);
	if (is_average)
		add_method(self, rate);
	else if (self->rates->len < MAX_RATES)
		g_array_append_val(self->rates, rate);
}

/* "0	Method: MEMCPY	Elapsed: 0.00194	MiB: 16.00000	Copy: 8247.423 MiB/s" */
static void
read_line(Mbw *self, const char *line)
{
	static const char mark[] = "Method: ";
	const char *method = strstr(line, mark);
	gsize length = strcspn(line, " \t");
	gboolean is_average = length == strlen("AVG") && g_str_has_prefix(line, "AVG");
	if (method == NULL || (!is_average && strspn(line, "0123456789") != length)) {
		read_setup(self, line);
		return;
	}
	method += strlen(mark);
	g_autofree char *text = g_strndup(method, strcspn(method, " \t"));
	g_autofree char *name = reader_name(text);
	if (strstr(method, "Elapsed: ") != NULL)
		read_row(self, name, is_average, method);
}

static gboolean
mbw_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) rates = g_array_new(FALSE, FALSE, sizeof(double));
	g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Mbw self = {.builder = builder, .rates = rates, .done = done};
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line);
		else if (self.method != NULL ||
			 ((g_ascii_isdigit(*line) || g_str_has_prefix(line, "AVG")) &&
			  strstr(line, "Method: ") != NULL))
			self.is_short = *line != '\0';
	}
	end_run(&self);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(MbwParser,
		       mbw_parser,
		       NULL,
		       mbw_parser_parse,
		       "mbw",
		       "2",
		       "mbw, memory bandwidth: text output",
		       "*mbw*.txt;*mbw*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "Method: MEMCPY\nMethod: DUMB\nMethod: MCBLOCK")
