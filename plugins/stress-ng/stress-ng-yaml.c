/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* stress-ng writes its YAML line by line, one member a line, so that lines are all that has to be
 * understood. Versions differ in how deep they indent. A document ends with three dots. */

#include "stress-ng.h"

#include <string.h>

#include "reader-field.h"
#include "reader-text.h"

static const ReaderFact environment[] = {{"stress-ng-version:", "tool_version"},
					 {"release:", "release"},
					 {"machine:", "machine"},
					 {"compiler:", "compiler"},
					 {"cpus:", "cpus"},
					 {"cpus-online:", "cpus_online"},
					 {"totalram:", "totalram"},
					 {NULL}};
static const ReaderField counts[] = {
	{"wall-clock-time:", "wall_clock_time", "s", PERFDASH_DIRECTION_NONE},
	{"user-time:", "user_time", "s", PERFDASH_DIRECTION_NONE},
	{"system-time:", "system_time", "s", PERFDASH_DIRECTION_NONE},
	{"cpu-usage-per-instance:", "cpu_usage_per_instance", "%", PERFDASH_DIRECTION_NONE},
	{"max-rss:", "max_rss", "KiB", PERFDASH_DIRECTION_LOWER},
	{NULL}};
static const ReaderField rates[] = {{"bogo-ops-per-second-real-time:",
				     "bogo_ops_per_second_real_time",
				     "1/s",
				     PERFDASH_DIRECTION_HIGHER},
				    {"bogo-ops-per-second-usr-sys-time:",
				     "bogo_ops_per_second_cpu_time",
				     "1/s",
				     PERFDASH_DIRECTION_HIGHER},
				    {NULL}};

typedef struct {
	StressNg run;
	gboolean in_system;
	gboolean in_metrics;
	gboolean has_end; /* a document whose end was seen */
	char *stressor;   /* nullable */
	gboolean is_idle;
} Yaml;

static void
set_start(Yaml *self, const char *line)
{
	double seconds;
	const char *text = reader_after(line, "epoch-secs:");
	if (text != NULL && reader_number(text, &seconds, NULL) && seconds > 0 && seconds < 7e9)
		perfdash_run_builder_set_started_at(self->run.builder,
						    (gint64)seconds * G_USEC_PER_SEC);
}

static void
set_environment(Yaml *self, const char *line)
{
	g_autofree char *plain = g_strdup(line);
	g_strdelimit(plain, "'", ' ');
	reader_set_environment(self->run.builder, plain, environment);
	set_start(self, line);
}

static void
read_measure(Yaml *self, const char *line)
{
	const char *colon = strchr(line, ':');
	double value;
	if (colon == NULL || !reader_number(colon + 1, &value, NULL))
		return;
	g_autofree char *name = g_strndup(line, colon - line);
	stress_ng_add_measure(&self->run, self->stressor, name, value);
}

static void
read_member(Yaml *self, const char *line)
{
	PerfdashRunBuilder *builder = self->run.builder;
	const char *text;
	double value;
	if ((text = reader_after(line, "- stressor:")) != NULL) {
		g_free(self->stressor);
		self->stressor = reader_name(text);
		self->is_idle = FALSE;
	} else if (self->stressor == NULL) {
		return;
	} else if ((text = reader_after(line, "bogo-ops:")) != NULL) {
		if (!reader_number(text, &value, NULL))
			return;
		self->is_idle = value == 0;
		stress_ng_add_operations(&self->run, self->stressor, value);
	} else if (g_str_has_prefix(line, "bogo-ops-per-second-")) {
		if (!self->is_idle)
			reader_add_field(builder, self->stressor, line, rates);
	} else if (!reader_add_field(builder, self->stressor, line, counts)) {
		read_measure(self, line);
	}
}

static void
end_document(Yaml *self)
{
	if (self->run.is_open && !self->has_end) {
		perfdash_run_builder_set_outcome(self->run.builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->run.builder, "the document has no end");
	}
	stress_ng_end_run(&self->run);
	g_clear_pointer(&self->stressor, g_free);
	self->in_system = self->in_metrics = self->has_end = FALSE;
}

/* a line that begins a part of the document */
static void
read_section(Yaml *self, const char *line)
{
	if (g_str_equal(line, "system-info:")) {
		end_document(self);
		stress_ng_start_run(&self->run);
		self->in_system = TRUE;
		return;
	}
	self->in_system = FALSE;
	self->in_metrics = g_str_equal(line, "metrics:");
	self->has_end = g_str_equal(line, "...");
	if (self->has_end)
		end_document(self);
}

static void
read_line(Yaml *self, const char *line)
{
	const char *text = line + strspn(line, " ");
	if (text == line && *line != '\0' && *line != '#') {
		if (self->run.is_open || g_str_equal(line, "system-info:"))
			read_section(self, line);
	} else if (self->in_system) {
		set_environment(self, text);
	} else if (self->in_metrics) {
		read_member(self, text);
	}
}

void
stress_ng_read_yaml(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Yaml self = {.run.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || g_str_equal(line, "..."))
			read_line(&self, line);
	}
	end_document(&self);
}
