/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What dd writes when it ends is translated, with decimal commas and the full-width commas of
 * Chinese and Japanese; so it is known by its shape: two lines of records such as "64+0" and then
 * one that begins with the bytes and ends with seconds and a rate. dd rounds that rate to two
 * digits, and BusyBox means 1024 by it: it is computed anew. Lines of status=progress have no
 * records before them, and count only when dd was killed. A dd that met an error writes the same
 * lines behind it. */

#include <math.h>
#include <string.h>

#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	guint n_records; /* lines of records that stand before this one */
	char *failure;   /* nullable: what the dd that is ending says it met */
} Dd;

static void
start(Dd *self)
{
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "dd");
}

static void
fail(Dd *self, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

/* "64+0 records in", in any language */
static gboolean
is_records(const char *line)
{
	for (const char *p = strchr(line, '+'); p != NULL; p = strchr(p + 1, '+')) {
		if (p > line && g_ascii_isdigit(p[-1]) && g_ascii_isdigit(p[1]))
			return strlen(line) < 120;
	}
	return FALSE;
}

/* "1 truncated record" stands between the records and the bytes */
static gboolean
is_truncated_records(const char *line)
{
	return g_ascii_isdigit(*line) && strpbrk(line, "/,(") == NULL && strlen(line) < 80;
}

/* a number with a point or a decimal comma */
static gboolean
read_decimal(const char *text, double *value, const char **rest)
{
	g_autofree char *number = g_strndup(text, MIN(strlen(text), 40));
	const char *end;
	g_strdelimit(number, ",", '.');
	if (!reader_number(number, value, &end))
		return FALSE;
	*rest = text + (end - number);
	return TRUE;
}

/* where the last comma is that has a blank behind it or is of full width; NULL without one */
static const char *
find_last_comma(const char *line, const char *end, const char **behind)
{
	static const char *const commas[] = {", ", "\xef\xbc\x8c", "\xe3\x80\x81", NULL};
	const char *last = NULL;
	for (guint i = 0; commas[i] != NULL; i++) {
		const char *at = g_strrstr_len(line, end - line, commas[i]);
		if (at != NULL && at > last) {
			last = at;
			*behind = at + strlen(commas[i]);
		}
	}
	return last;
}

/* "67108864 bytes (67 MB, 64 MiB) copied, 0.0332811 s, 2.0 GB/s" */
static gboolean
find_seconds(const char *line, double *seconds)
{
	const char *rate;
	const char *time;
	const char *rest;
	double ignored;
	const char *comma = find_last_comma(line, line + strlen(line), &rate);
	if (comma == NULL || find_last_comma(line, comma, &time) == NULL)
		return FALSE;
	/* "Infinity B/s" when no time has passed */
	if (!g_str_has_prefix(rate, "Infinity") &&
	    !read_decimal(rate + strspn(rate, " "), &ignored, &rest))
		return FALSE;
	time += strspn(time, " ");
	return strstr(rate, "/s") != NULL && read_decimal(time, seconds, &rest) && *rest == ' ' &&
	       rest[1] == 's';
}

/* "10485760 bytes transferred in 0.002 secs (5242880000 bytes/sec)": macOS and the BSDs */
static gboolean
find_bsd_seconds(const char *line, double *seconds)
{
	return strstr(line, "bytes/sec)") != NULL &&
	       reader_number_after(line, " bytes transferred in ", seconds);
}

static void
add(Dd *self, const char *metric, const char *unit, PerfdashDirection better, double value)
{
	perfdash_run_builder_add_result(self->builder, "dd", metric, unit, better, value);
}

static gboolean
read_copied(Dd *self, const char *line)
{
	double bytes;
	double seconds;
	/* a word stands before the number in Ukrainian */
	const char *number = strpbrk(line, "0123456789");
	if (number == NULL || number - line > 40 || !reader_number(number, &bytes, NULL) ||
	    (!find_seconds(line, &seconds) && !find_bsd_seconds(line, &seconds)))
		return FALSE;
	start(self);
	add(self, "bytes", "B", PERFDASH_DIRECTION_NONE, bytes);
	add(self, "time", "s", PERFDASH_DIRECTION_LOWER, seconds);
	if (self->failure != NULL)
		fail(self, self->failure);
	else if (bytes > 0 && seconds > 0 && isfinite(bytes / seconds))
		add(self, "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER, bytes / seconds);
	g_clear_pointer(&self->failure, g_free);
	return TRUE;
}

/* the last line of status=progress of a dd that was killed: it redraws one and never ends it */
static void
read_last_progress(Dd *self, const char *line)
{
	static const char copied[] = ") copied, ";
	const char *rest;
	double bytes;
	double seconds;
	g_autofree char *text = g_strchomp(g_strdup(line));
	if (!g_ascii_isdigit(*text) || !g_str_has_suffix(text, "B/s") ||
	    !reader_number(text, &bytes, &rest) || !g_str_has_prefix(rest, " bytes (") ||
	    strstr(rest, copied) == NULL || !reader_number_after(rest, copied, &seconds) ||
	    bytes <= 0 || seconds <= 0)
		return;
	start(self);
	add(self, "bytes", "B", PERFDASH_DIRECTION_NONE, bytes);
	add(self, "time", "s", PERFDASH_DIRECTION_LOWER, seconds);
	add(self, "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER, bytes / seconds);
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder, "the log ends before dd did");
}

/* of a line that was cut off behind them, the bytes are certain */
static void
read_cut(Dd *self, const char *line)
{
	double bytes;
	const char *rest;
	gboolean is_next = self->n_runs > 0 && (self->n_records > 0 || is_records(line));
	if (is_next && (self->n_records < 2 || strchr(line, ',') == NULL)) {
		start(self);
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the log ends before the bytes");
	}
	if (self->n_records < 2 || !g_ascii_isdigit(*line) || !reader_number(line, &bytes, &rest) ||
	    *rest != ' ' || strchr(rest, ',') == NULL)
		return;
	start(self);
	add(self, "bytes", "B", PERFDASH_DIRECTION_NONE, bytes);
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder, "the log ends before the time");
}

static void
read_message(Dd *self, const char *line)
{
	if (g_str_has_prefix(line, "dd: failed to open ") ||
	    g_str_has_prefix(line, "dd: opening ")) {
		start(self);
		fail(self, line);
	} else if (g_str_has_prefix(line, "dd: ") && !g_str_has_prefix(line, "dd: warning: ")) {
		g_free(self->failure);
		self->failure = g_strdup(line);
	} else if (self->n_records == 0) {
		/* the error of another dd, which had nothing more to say */
		g_clear_pointer(&self->failure, g_free);
	}
}

static void
read_line(Dd *self, const char *line)
{
	if (self->n_records >= 2 && read_copied(self, line)) {
		self->n_records = 0;
	} else if (is_records(line)) {
		self->n_records++;
	} else if (self->n_records < 2 || !is_truncated_records(line)) {
		self->n_records = 0;
		read_message(self, line);
	}
}

static gboolean
dd_parser_parse(PerfdashParser *parser,
		const char *name,
		GBytes *log,
		PerfdashRunBuilder *builder,
		GError **error)
{
	g_auto(ReaderLines) lines;
	Dd self = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (lines.is_cut && self.n_records < 2)
			read_last_progress(&self, line);
		/* a rate that ends with its unit is whole */
		if (!lines.is_cut || g_str_has_suffix(line, "B/s"))
			read_line(&self, line);
		else
			read_cut(&self, line);
	}
	g_free(self.failure);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(DdParser,
		       dd_parser,
		       NULL,
		       dd_parser_parse,
		       "dd",
		       "2",
		       "dd, disks: text output in any language",
		       "*dd*.txt;*dd*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "B/s\nbytes/sec)\ndd: failed to open \ndd: opening ")
