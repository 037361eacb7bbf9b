/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* stress-ng's text. Every line has a prefix, "stress-ng: metrc: [PID] " and before 0.14 "info:",
 * with or without a time, or none with --log-brief. The table comes before the line that says that
 * the run is completed, in old versions after it. A run that was interrupted says it was
 * successful: only its time tells. */

#include "stress-ng.h"

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define SHORTEST_SHARE 0.9 /* of the wanted time that a whole run takes */
#define SECONDS_A_DAY  86400

typedef struct {
	StressNg run;
	gboolean in_table;
	gboolean in_measures;
	gboolean has_log; /* lines that tell of the run, not of its metrics alone */
	gboolean is_completed;
	double wanted;   /* seconds, 0 unknown */
	char *stressors; /* how many of which are started, nullable */
} Text;

static const struct {
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} columns[] = {
	{"wall_clock_time", "s", PERFDASH_DIRECTION_NONE},
	{"user_time", "s", PERFDASH_DIRECTION_NONE},
	{"system_time", "s", PERFDASH_DIRECTION_NONE},
	{"bogo_ops_per_second_real_time", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"bogo_ops_per_second_cpu_time", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"cpu_usage_per_instance", "%", PERFDASH_DIRECTION_NONE},
	{"max_rss", "KiB", PERFDASH_DIRECTION_LOWER},
};

static void
ensure_run(Text *self)
{
	PerfdashRunBuilder *builder = self->run.builder;
	if (self->run.is_open)
		return;
	stress_ng_start_run(&self->run);
	if (self->stressors != NULL)
		perfdash_run_builder_set_parameter(builder, "stressors", self->stressors);
	if (self->wanted > 0) {
		g_autofree char *text = g_strdup_printf("%.0f s", self->wanted);
		perfdash_run_builder_set_parameter(builder, "duration", text);
	}
}

static void
end_run(Text *self)
{
	/* a run that was killed has no metrics */
	if (self->stressors != NULL && !self->is_completed)
		ensure_run(self);
	if (self->run.is_open && self->has_log && !self->is_completed) {
		perfdash_run_builder_set_outcome(self->run.builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->run.builder,
						 "the log ends before the run is completed");
	}
	stress_ng_end_run(&self->run);
	g_free(self->stressors);
	*self = (Text){.run.builder = self->run.builder};
}

/* what stands behind the prefix of a line; NULL when it is no line of stress-ng */
static const char *
skip_prefix(const char *line, gboolean *has_prefix)
{
	const char *text = reader_after(line, "stress-ng: ");
	*has_prefix = text != NULL;
	if (text == NULL)
		return line;
	const char *bracket = strchr(text, '[');
	if (bracket == NULL || bracket - text > 24)
		return NULL;
	const char *behind = bracket + 1 + strspn(bracket + 1, "0123456789");
	return g_str_has_prefix(behind, "] ") ? behind + strlen("] ") : NULL;
}

/* "1 min, 0.03 secs", "60 second", "2.04s"; 0 when there is none */
static double
read_duration(const char *text)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {{"day", SECONDS_A_DAY}, {"hour", 3600}, {"min", 60}, {"s", 1}};
	double sum = 0;
	double value;
	while (reader_number(text, &value, &text)) {
		text += strspn(text, " ");
		guint i = 0;
		while (i < G_N_ELEMENTS(units) && !g_str_has_prefix(text, units[i].unit))
			i++;
		if (i == G_N_ELEMENTS(units))
			break;
		sum += value * units[i].seconds;
		text += strspn(text, "abcdefghijklmnopqrstuvwxyz");
		if (*text != ',')
			break;
		text++;
	}
	return sum;
}

static void
read_completion(Text *self, const char *line)
{
	double took = read_duration(strstr(line, "run completed in ") +
				    strlen("run completed in "));
	ensure_run(self);
	self->is_completed = self->has_log = TRUE;
	stress_ng_set_ok(&self->run, *line != 'u', "stress-ng says the run was not successful");
	if (*line == 'u' || self->wanted == 0 || took >= SHORTEST_SHARE * self->wanted)
		return;
	perfdash_run_builder_set_outcome(self->run.builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->run.builder,
					 "the run was stopped after %.3g of %.3g s",
					 took,
					 self->wanted);
}

/* lines that tell what is about to run begin a run */
static gboolean
read_beginning(Text *self, const char *line)
{
	gboolean is_time = strstr(line, " run per stressor") != NULL;
	if (!is_time && !g_str_has_prefix(line, "dispatching hogs:"))
		return FALSE;
	if (is_time || self->run.n_stressors > 0 || self->is_completed) {
		double wanted = self->run.n_stressors > 0 || self->is_completed ? 0 : self->wanted;
		end_run(self);
		self->wanted = wanted;
	}
	const char *setting = reader_after(line, "setting to a ");
	const char *stressors = reader_after(line, "dispatching hogs:");
	if (is_time && setting != NULL)
		self->wanted = read_duration(setting);
	if (stressors != NULL) {
		g_free(self->stressors);
		self->stressors = reader_name(stressors);
	}
	self->has_log = TRUE;
	return TRUE;
}

static gboolean
is_header(const char *line, gboolean has_prefix)
{
	return g_str_has_prefix(line, "stressor ") &&
	       strstr(line, " bogo ops real time ") != NULL &&
	       (has_prefix || strstr(line, " usr time  sys time ") != NULL);
}

static void
add_columns(Text *self, const char *stressor, const double *values, guint n)
{
	stress_ng_add_operations(&self->run, stressor, values[0]);
	for (guint i = 1; i < n && i <= G_N_ELEMENTS(columns); i++) {
		gboolean is_rate = columns[i - 1].direction == PERFDASH_DIRECTION_HIGHER;
		if (!is_rate || values[0] > 0)
			perfdash_run_builder_add_result(self->run.builder,
							stressor,
							columns[i - 1].metric,
							columns[i - 1].unit,
							columns[i - 1].direction,
							values[i]);
	}
}

/* "cpu    1346   2.01   0.83   0.04   669.25   1535.97   21.79   6468" */
static gboolean
read_row(Text *self, const char *line)
{
	double values[1 + G_N_ELEMENTS(columns)];
	guint n = 0;
	gsize length = strcspn(line, " \t");
	const char *text = line + length;
	while (n < G_N_ELEMENTS(values) && reader_number(text, &values[n], &text))
		n++;
	if (length == 0 || n < 6 || text[strspn(text, " \t")] != '\0')
		return FALSE;
	g_autofree char *word = g_strndup(line, length);
	g_autofree char *stressor = reader_name(word);
	add_columns(self, stressor, values, n);
	return TRUE;
}

/* "switch   20080.54 nanosecs per context switch (pipe method) (geometic mean of 1 instances)" */
static gboolean
read_measure(Text *self, const char *line)
{
	gsize length = strcspn(line, " \t");
	const char *rest;
	double value;
	if (!reader_number(line + length, &value, &rest) || *rest != ' ')
		return FALSE;
	const char *mean = g_strrstr(rest, " mean of ");
	const char *bracket = mean != NULL ? g_strrstr_len(rest, mean - rest, " (") : NULL;
	g_autofree char *name = bracket != NULL ? g_strndup(rest, bracket - rest) : g_strdup(rest);
	g_autofree char *word = g_strndup(line, length);
	g_autofree char *stressor = reader_name(word);
	stress_ng_add_measure(&self->run, stressor, name, value);
	return TRUE;
}

static void
read_verdict(Text *self, const char *line)
{
	double failed;
	const char *text = reader_after(line, "failed:");
	if (text != NULL && self->run.is_open && reader_number(text, &failed, NULL) && failed > 0)
		stress_ng_set_ok(&self->run, FALSE, line);
	text = reader_after(line, "metrics untrustworthy:");
	if (text != NULL && self->run.is_open && reader_number(text, &failed, NULL) && failed > 0)
		perfdash_run_builder_add_warning_literal(self->run.builder, line);
}

static void
read_line(Text *self, const char *line)
{
	gboolean has_prefix;
	const char *text = skip_prefix(line, &has_prefix);
	if (text == NULL)
		return;
	if (self->in_table && (read_row(self, text) || strstr(text, "(real time)") != NULL))
		return;
	self->in_table = FALSE;
	if (self->in_measures && read_measure(self, text))
		return;
	self->in_measures = FALSE;
	if (is_header(text, has_prefix)) {
		if (self->run.n_stressors > 0)
			end_run(self);
		ensure_run(self);
		self->in_table = TRUE;
	} else if (self->run.is_open && g_str_has_prefix(text, "miscellaneous metrics:")) {
		self->in_measures = TRUE;
	} else if (g_str_has_prefix(text, "successful run completed in ") ||
		   g_str_has_prefix(text, "unsuccessful run completed in ")) {
		if (has_prefix || self->has_log)
			read_completion(self, text);
	} else if (!read_beginning(self, text)) {
		read_verdict(self, text);
	}
}

void
stress_ng_read_text(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Text self = {.run.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line);
	}
	end_run(&self);
}
