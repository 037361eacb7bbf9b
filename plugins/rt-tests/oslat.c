/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* oslat's text: a table on its side, with a column for each core and a row for each number. */

#include <string.h>

#include "reader-text.h"
#include "rt-tests.h"

#define MAX_CORES      4096
#define SHORTEST_SHARE 0.9 /* of the wanted time that a whole run takes */

/* the rows, in the order of the table */
enum { MIN_ROW, MEAN_ROW, MAX_ROW, N_ROWS };
static const char *const rows[N_ROWS] = {"Minimum:", "Average:", "Maximum:"};

typedef struct {
	PerfdashRunBuilder *builder;
	char *version; /* nullable */
	GArray *cores; /* of double */
	GArray *numbers[N_ROWS];
	guint line;    /* of the averages */
	double wanted; /* seconds; 0 unknown */
	double took;
	gboolean is_started;
	gboolean is_stopped;
	gboolean is_cut; /* the log ends in the middle of a line */
} Oslat;

static void
read_numbers(GArray *numbers, const char *text)
{
	double value;
	g_array_set_size(numbers, 0);
	while (numbers->len < MAX_CORES && reader_number(text, &value, &text))
		g_array_append_val(numbers, value);
}

static void
add_core(Oslat *self, guint i)
{
	g_autofree char *benchmark = g_strdup_printf("core %.0f",
						     g_array_index(self->cores, double, i));
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"latency",
					"us",
					PERFDASH_DIRECTION_LOWER,
					g_array_index(self->numbers[MEAN_ROW], double, i));
	perfdash_run_builder_add_stat(self->builder,
				      "min",
				      g_array_index(self->numbers[MIN_ROW], double, i));
	if (i < self->numbers[MAX_ROW]->len)
		perfdash_run_builder_add_stat(self->builder,
					      "max",
					      g_array_index(self->numbers[MAX_ROW], double, i));
}

static void
set_partial(Oslat *self, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

static void
add_results(Oslat *self)
{
	perfdash_run_builder_set_line(self->builder, self->line);
	perfdash_run_builder_set_label(self->builder, "tool", "oslat");
	if (self->version != NULL)
		perfdash_run_builder_set_environment(self->builder, "tool_version", self->version);
	for (guint i = 0; i < self->cores->len; i++)
		add_core(self, i);
	if (self->cores->len == 0)
		set_partial(self, "the log ends before the results");
	else if (self->is_cut)
		set_partial(self, "the log ends in the table");
	else if (self->numbers[MAX_ROW]->len == 0)
		set_partial(self, "the log ends before the maximum");
	else if (!self->is_stopped && self->took > 0 && self->took < SHORTEST_SHARE * self->wanted)
		set_partial(self, "the test was stopped before its time");
	if (self->is_stopped)
		set_partial(self, "the trace threshold was reached");
	perfdash_run_builder_next_run(self->builder);
}

static void
end_run(Oslat *self)
{
	guint n = self->cores->len;
	guint n_max = self->numbers[MAX_ROW]->len;
	if (n > 0 && self->numbers[MIN_ROW]->len == n && self->numbers[MEAN_ROW]->len == n &&
	    (n_max == n || n_max == 0)) {
		add_results(self);
	} else if (self->is_started) {
		g_array_set_size(self->cores, 0);
		add_results(self);
	}
	g_array_set_size(self->cores, 0);
	for (guint i = 0; i < N_ROWS; i++)
		g_array_set_size(self->numbers[i], 0);
	self->is_started = self->is_stopped = FALSE;
	self->wanted = self->took = 0;
}

static void
read_row(Oslat *self, const char *text, guint number)
{
	for (guint i = 0; i < N_ROWS; i++) {
		const char *rest = reader_after(text, rows[i]);
		if (rest == NULL || strstr(rest, "(us)") == NULL)
			continue;
		read_numbers(self->numbers[i], rest);
		if (i == MEAN_ROW)
			self->line = number;
		return;
	}
	if (reader_number_after(text, "Duration:", &self->took))
		end_run(self);
}

static void
read_line(Oslat *self, const char *line, guint number)
{
	const char *text = line + strspn(line, " ");
	const char *rest;
	if ((rest = reader_after(text, "oslat V ")) != NULL) {
		if (self->is_started || self->cores->len > 0)
			end_run(self);
		g_free(self->version);
		self->version = reader_name(rest);
	} else if (self->version != NULL && g_str_equal(text, "Test starts...")) {
		self->is_started = TRUE;
	} else if (self->version != NULL && (rest = reader_after(text, "Total runtime:")) != NULL) {
		reader_number(rest, &self->wanted, NULL);
	} else if (g_str_has_prefix(text, "oslat: Trace threshold ")) {
		self->is_stopped = TRUE;
	} else if ((rest = reader_after(text, "Core:\t")) != NULL) {
		if (self->cores->len > 0)
			end_run(self);
		read_numbers(self->cores, rest);
	} else if (self->cores->len > 0) {
		read_row(self, text, number);
	}
}

void
rt_tests_read_oslat(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) cores = g_array_new(FALSE, FALSE, sizeof(double));
	Oslat self = {.builder = builder, .cores = cores};
	const char *line;
	for (guint i = 0; i < N_ROWS; i++)
		self.numbers[i] = g_array_new(FALSE, FALSE, sizeof(double));
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line, lines.number);
		else
			self.is_cut = *line != '\0';
	}
	end_run(&self);
	for (guint i = 0; i < N_ROWS; i++)
		g_array_unref(self.numbers[i]);
	g_free(self.version);
}
