/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* perf stat as text, with -x and with -j. Text has a header with the command and ends with the time
 * that elapsed; the other formats have neither, so that an event that everybody's perf has must be
 * among their lines, or "# started on" before them. Of a command that a signal ended a line stands
 * before the header. */

#include "perf-stat.h"

#include <string.h>

#include "reader-text.h"

/* what the lines at hand belong to */
typedef enum { NOTHING, TEXT, TEXT_TIMES, TEXT_SERIES, ROWS } Part;

typedef struct {
	PerfStat *run;
	Part part;
	gboolean is_started; /* "# started on" came last */
	double last_time;    /* of a series, seconds */
	char *last_line;     /* that is not empty, nullable */
} Reading;

#define NO_COMMAND "(command not printed)"

static const char stats_for[] = "Performance counter stats for ";

/* "sleep: Interrupt": name of the program and signal, as psignal() says it */
static gboolean
is_signal(const char *line, const char *command)
{
	static const char *const signals[] = {"Hangup",
					      "Interrupt",
					      "Quit",
					      "Aborted",
					      "Killed",
					      "Segmentation fault",
					      "Terminated",
					      "Alarm clock",
					      "Bus error",
					      "Illegal instruction",
					      "Broken pipe",
					      "Floating point exception",
					      NULL};
	/* what a terminal shows of the key that was pressed */
	line += g_str_has_prefix(line, "^C") ? strlen("^C") : 0;
	const char *colon = strstr(line, ": ");
	return colon != NULL && colon > line && strncmp(line, command, colon - line) == 0 &&
	       g_strv_contains(signals, colon + 2);
}

/* "for 'sleep 1' (3 runs):", "for process id '1':" */
static void
start_text(Reading *self, const char *text)
{
	const char *end = strrchr(text, '\'');
	const char *runs = strrchr(text, '(');
	double n;
	g_autofree char *command = NULL;
	if (*text == '\'' && end != NULL && end > text)
		command = g_strndup(text + 1, end - text - 1);
	else
		command = g_strndup(text, strcspn(text, ":"));
	perf_stat_start_run(self->run, command);
	if (runs != NULL && (end == NULL || runs > end) && strstr(runs, " runs)") != NULL &&
	    reader_number(runs + 1, &n, NULL))
		perf_stat_set_repetitions(self->run, n);
	if (self->last_line != NULL && is_signal(self->last_line, command))
		perf_stat_set_partial(self->run, self->last_line);
	self->part = TEXT;
}

/* the number that stands first in a line */
static gboolean
read_seconds(const char *line, double *seconds)
{
	line += strspn(line, " \t");
	return perf_stat_number(line, strcspn(line, " \t"), FALSE, seconds);
}

/* "0.021774 (+0.000111) #" of --table */
static gboolean
read_repetition(Reading *self, const char *line)
{
	double seconds;
	if (strstr(line, " (+") == NULL && strstr(line, " (-") == NULL)
		return FALSE;
	if (strstr(line, ") #") == NULL || !read_seconds(line, &seconds))
		return FALSE;
	perf_stat_add_repetition(self->run, seconds);
	return TRUE;
}

static void
read_times(Reading *self, const char *line, guint number)
{
	static const struct {
		const char *mark;
		const char *metric;
	} times[] = {
		{" seconds time elapsed", "elapsed_time"},
		{" seconds user", "user_time"},
		{" seconds sys", "system_time"},
	};
	double seconds;
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		if (strstr(line, times[i].mark) == NULL || !read_seconds(line, &seconds))
			continue;
		perf_stat_add_time(self->run, times[i].metric, seconds, number);
		self->part = TEXT_TIMES;
		return;
	}
	if (self->part == TEXT_TIMES && line[strspn(line, " \t")] != '\0') {
		perf_stat_end_run(self->run);
		self->part = NOTHING;
	}
}

/* whether time went back: another series begins */
static gboolean
begins_series(Reading *self, const PerfStatRow *row)
{
	gboolean begins = row->is_interval && row->time < self->last_time;
	self->last_time = row->is_interval ? row->time : 0;
	return begins;
}

static void
read_other_line(Reading *self, const char *line, guint number)
{
	g_auto(PerfStatRow) row = {0};
	if (reader_is_quoted(line))
		return;
	if (perf_stat_read_json(line, &row) || perf_stat_read_csv(line, &row)) {
		gboolean begins = begins_series(self, &row);
		if (self->part != ROWS || begins || perf_stat_repeats(self->run, &row))
			perf_stat_start_run(self->run, NULL);
		self->part = ROWS;
		if (self->is_started || perf_stat_is_known_event(row.event))
			perf_stat_set_certain(self->run);
		perf_stat_add_row(self->run, &row, number);
	} else if (self->part == ROWS && *line != '\0') {
		perf_stat_end_run(self->run);
		self->part = NOTHING;
	}
}

static void
read_text_line(Reading *self, const char *line, guint number)
{
	g_auto(PerfStatRow) row = {0};
	if (self->part != TEXT || strstr(line, " seconds time elapsed") != NULL)
		read_times(self, line, number);
	else if (!read_repetition(self, line) && perf_stat_read_text(line, FALSE, &row))
		perf_stat_add_row(self->run, &row, number);
	/* it may be the first one of another run */
	if (self->part == NOTHING)
		read_other_line(self, line, number);
}

static void
read_series_line(Reading *self, const char *line, guint number)
{
	double seconds;
	g_auto(PerfStatRow) row = {0};
	if (*line == '#' || *line == '\0')
		return;
	if (read_seconds(line, &seconds) && perf_stat_read_text(line, TRUE, &row)) {
		if (begins_series(self, &row))
			perf_stat_start_run(self->run, NO_COMMAND);
		perf_stat_add_row(self->run, &row, number);
		return;
	}
	perf_stat_end_run(self->run);
	self->part = NOTHING;
	read_other_line(self, line, number);
}

static gboolean
is_series_header(const char *line)
{
	return *line == '#' && strstr(line, " time ") != NULL && strstr(line, " counts ") != NULL &&
	       g_str_has_suffix(line, " events");
}

static void
read_line(Reading *self, const char *line, guint number)
{
	const char *header = reader_after(line + strspn(line, " "), stats_for);
	if (header != NULL && strchr(header, ':') != NULL) {
		/* a summary has all of the series before it */
		if (self->part == TEXT_SERIES)
			perf_stat_drop_run(self->run);
		start_text(self, header);
	} else if (g_str_has_prefix(line, "# started on ")) {
		perf_stat_end_run(self->run);
		self->part = NOTHING;
		self->is_started = TRUE;
	} else if (is_series_header(line)) {
		if (self->part != TEXT_SERIES)
			perf_stat_start_run(self->run, NO_COMMAND);
		self->part = TEXT_SERIES;
	} else if (self->part == TEXT_SERIES) {
		read_series_line(self, line, number);
	} else if (self->part == TEXT || self->part == TEXT_TIMES) {
		read_text_line(self, line, number);
	} else {
		read_other_line(self, line, number);
	}
	if (*line != '\0' && !g_str_has_prefix(line, "# started on ")) {
		self->is_started = self->is_started && self->part == ROWS;
		g_free(self->last_line);
		self->last_line = g_strdup(line);
	}
}

static void
end(Reading *self, gboolean is_cut)
{
	if (self->part == TEXT)
		perf_stat_set_partial(self->run, "the log ends before the time that elapsed");
	else if (is_cut && self->part != NOTHING)
		perf_stat_set_partial(self->run, "the last line was cut off");
	perf_stat_end_run(self->run);
}

static gboolean
perf_stat_parser_parse(PerfdashParser *parser,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(PerfStat) run = perf_stat_new(builder);
	Reading self = {.run = run};
	gboolean is_cut = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		is_cut = lines.is_cut;
		if (!is_cut)
			read_line(&self, line, lines.number);
	}
	end(&self, is_cut);
	g_free(self.last_line);
	return TRUE;
}

/* how far they are indented at most: a count ends in the 18th column, a time in the 16th */
#define COUNT "                  "
#define TIME  "     "

PERFDASH_DEFINE_PARSER(PerfStatParser,
		       perf_stat_parser,
		       NULL,
		       perf_stat_parser_parse,
		       "perf-stat",
		       "3",
		       "perf stat, events of a command: text, -x and -j output",
		       "*perf*stat*",
		       PERFDASH_PARSER_CONSOLE,
		       "Performance counter stats for \ncounts unit events\ncounts events\n"
		       "\"counter-value\"\n# started on \n" COUNT "-clock\n" COUNT
		       "context-switches\n" COUNT "page-faults\n" COUNT "cycles\n" COUNT
		       "instructions\n" COUNT "branches\n" COUNT "cache-\n" TIME ",msec,\n" TIME
		       ";msec;\n" TIME "|msec|")
