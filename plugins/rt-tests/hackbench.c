/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* hackbench's text: how it was set up, and one time in seconds. "Time: " alone is of no tool. */

#include <string.h>

#include "reader-text.h"
#include "rt-tests.h"

/* what stands before the numbers of the lines before the time */
static const struct {
	const char *mark;
	const char *key;
} parameters[] = {
	{" mode with ", "groups"},
	{" groups using ", "file_descriptors"},
	{"(== ", "tasks"},
	{"Each sender will pass ", "messages"},
	{" messages of ", "message_bytes"},
};

typedef struct {
	PerfdashRunBuilder *builder;
	gboolean is_open;
	gboolean has_failed;
	gboolean is_stopped; /* by a signal */
} Hackbench;

static void
end_run(Hackbench *self)
{
	if (self->is_open && self->has_failed) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_next_run(self->builder);
	} else if (self->is_open) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the log ends before the time");
		perfdash_run_builder_next_run(self->builder);
	}
	self->is_open = self->has_failed = self->is_stopped = FALSE;
}

static void
read_parameters(Hackbench *self, const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(parameters); i++) {
		double value;
		if (!reader_number_after(line, parameters[i].mark, &value))
			continue;
		g_autofree char *text = g_strdup_printf("%.0f", value);
		perfdash_run_builder_set_parameter(self->builder, parameters[i].key, text);
	}
}

static gboolean
is_start(const char *line)
{
	return (g_str_has_prefix(line, "Running in ") && strstr(line, " mode with ") != NULL &&
		g_str_has_suffix(line, " tasks)")) ||
	       (g_str_has_prefix(line, "Running with ") && strstr(line, "*40 (== ") != NULL);
}

static void
start_run(Hackbench *self, const char *line)
{
	end_run(self);
	self->is_open = TRUE;
	perfdash_run_builder_set_label(self->builder, "tool", "hackbench");
	if (strstr(line, " process mode ") != NULL || strstr(line, " threaded mode ") != NULL)
		perfdash_run_builder_set_parameter(
			self->builder,
			"mode",
			strstr(line, " process mode ") != NULL ? "process" : "thread");
	read_parameters(self, line);
}

/* what was stopped prints the time until then */
static void
read_time(Hackbench *self, double seconds)
{
	perfdash_run_builder_add_result(self->builder,
					"hackbench",
					"time",
					"s",
					PERFDASH_DIRECTION_LOWER,
					seconds);
	if (self->is_stopped)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	else if (self->has_failed)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	self->is_open = self->has_failed = self->is_stopped = FALSE;
	perfdash_run_builder_next_run(self->builder);
}

static void
read_line(Hackbench *self, const char *line)
{
	const char *text = reader_after(line, "Time:");
	double seconds;
	if (is_start(line)) {
		start_run(self, line);
	} else if (!self->is_open) {
		return;
	} else if (g_str_has_prefix(line, "Each sender will pass ")) {
		read_parameters(self, line);
	} else if (text != NULL && reader_number(text, &seconds, NULL)) {
		read_time(self, seconds);
	} else if (g_str_has_prefix(line, "Signal ") && strstr(line, " caught, ") != NULL) {
		perfdash_run_builder_add_warning_literal(self->builder, line);
		self->is_stopped = TRUE;
	} else if (self->is_stopped) {
		return;
	} else if (strstr(line, " (error: ") != NULL || strstr(line, "longjmp'ed out") != NULL) {
		perfdash_run_builder_add_warning_literal(self->builder, line);
		self->has_failed = TRUE;
	}
}

void
rt_tests_read_hackbench(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Hackbench self = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line);
	}
	end_run(&self);
}
