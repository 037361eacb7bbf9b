/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* YCSB's results: lines such as "[READ], Operations, 100", or JSON objects of the same, in an array
 * or one behind the other with nothing between them. The command line may have passwords in it: of
 * it only workload, phase, threads and target are kept. */

#include <string.h>

#include "reader-text.h"
#include "ycsb-go.h"
#include "ycsb-run.h"

#define MAX_PREFIX 40  /* bytes */
#define MAX_MEMBER 400 /* bytes between the members of an object */

typedef struct {
	PerfdashRunBuilder *builder;
	YcsbRun *run; /* nullable */
	guint n_runs;
	gboolean has_command, has_version; /* of the run; each is said once */
	gboolean is_json;                  /* its results are objects */
	const char *text;
	const char *objects; /* as far as they are read; NULL when there are none */
	const char *counted; /* as far as lines are counted */
	guint line;
} Reading;

static void
end_run(Reading *self)
{
	if (self->run == NULL)
		return;
	ycsb_run_write(self->run, self->builder);
	g_clear_pointer(&self->run, ycsb_run_free);
}

static void
start_run(Reading *self)
{
	end_run(self);
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	self->run = ycsb_run_new();
	self->has_command = self->has_version = self->is_json = FALSE;
}

/* what is said before the results, or their begin, belongs to the run that follows */
static void
start_head(Reading *self)
{
	if (self->run == NULL || ycsb_run_has_results(self->run))
		start_run(self);
}

/* a line that comes before all others of a run, and only once */
static void
start_head_once(Reading *self, gboolean *has)
{
	if (self->run != NULL && (*has || self->run->n_operations >= 0))
		start_run(self);
	start_head(self);
	*has = TRUE;
}

static void
take(Reading *self, const char *section, const char *measurement, const char *value, guint line)
{
	gboolean is_first = g_str_equal(section, "OVERALL") &&
			    g_str_equal(measurement, "RunTime(ms)");
	if (is_first)
		start_head(self);
	if (self->run != NULL)
		ycsb_run_take(self->run, section, measurement, value, line);
}

/* "[READ], AverageLatency(us), 7030.92" */
static gboolean
read_measurement(Reading *self, const char *line, guint number)
{
	const char *section = *line == '[' ? strstr(line, "], ") : NULL;
	const char *value = section != NULL ? g_strrstr(section + 1, ", ") : NULL;
	if (value == NULL || value <= section + 2)
		return FALSE;
	g_autofree char *name = g_strndup(line + 1, section - line - 1);
	const char *measurement = section + strlen("], ");
	g_autofree char *what = g_strndup(measurement, value - measurement);
	take(self, name, what, value + strlen(", "), number);
	return TRUE;
}

static void
set_parameter(Reading *self, const char *key, const char *value)
{
	g_autofree char *name = reader_name(value);
	perfdash_run_builder_set_parameter(self->builder, key, name);
	perfdash_run_builder_set_label(self->builder, key, name);
}

static void
read_option(Reading *self, const char *option, const char *value)
{
	if (g_str_equal(option, "-load") || g_str_equal(option, "-t"))
		set_parameter(self, "phase", *(option + 1) == 'l' ? "load" : "run");
	else if (value == NULL)
		return;
	else if (g_str_equal(option, "-P")) {
		g_autofree char *workload = g_path_get_basename(value);
		set_parameter(self, "workload", workload);
	} else if (g_str_equal(option, "-threads"))
		set_parameter(self, "threads", value);
	else if (g_str_equal(option, "-target"))
		set_parameter(self, "target", value);
}

static gboolean
read_command(Reading *self, const char *line)
{
	const char *options = reader_after(line, "Command line:");
	if (options == NULL)
		return FALSE;
	g_auto(GStrv) words = reader_words(options);
	start_head_once(self, &self->has_command);
	for (guint i = 0; words[i] != NULL; i++)
		read_option(self, words[i], words[i + 1]);
	return TRUE;
}

static gboolean
read_version(Reading *self, const char *line)
{
	const char *version = reader_after(line, "YCSB Client ");
	if (version == NULL || !g_ascii_isdigit(*version))
		return FALSE;
	g_autofree char *name = reader_name(version);
	start_head_once(self, &self->has_version);
	perfdash_run_builder_set_environment(self->builder, "tool_version", name);
	return TRUE;
}

/* "2020-05-01 10:00:10:123 10 sec: 12345 operations; 1234.5 current ops/sec; ..." */
static void
read_progress(Reading *self, const char *line, guint number)
{
	double value;
	const char *sec = strstr(line, " sec: ");
	const char *rest;
	if (ycsb_run_has_results(self->run) || sec == NULL ||
	    !reader_number(sec + strlen(" sec: "), &value, &rest) ||
	    !g_str_has_prefix(rest, " operations; "))
		return;
	self->run->n_operations = value;
	self->run->line = number;
}

static void
read_line(Reading *self, const char *line, guint number)
{
	if (read_measurement(self, line, number) || read_command(self, line) ||
	    read_version(self, line) || self->run == NULL)
		return;
	if (g_str_has_prefix(line, "Error initializing datastore bindings"))
		self->run->has_failed = TRUE;
	else
		read_progress(self, line, number);
}

/* the value behind the name of a member that follows soon in the same object, with its quotes or
 * without; rest points behind it. NULL when it has no end */
static char *
read_member(const char *text, const char *name, const char **rest)
{
	const char *at = g_strstr_len(text, MAX_MEMBER, name);
	if (at == NULL || memchr(text, '}', at - text) != NULL)
		return NULL;
	at += strlen(name);
	at += strspn(at, " :");
	gboolean is_string = *at == '"';
	const char *start = at + is_string;
	const char *ends = is_string ? "\"" : ",} \n";
	gsize length = 0;
	while (length < MAX_MEMBER && strchr(ends, start[length]) == NULL)
		length++;
	if (length == MAX_MEMBER || start[length] == '\0')
		return NULL;
	*rest = start + length;
	return g_strndup(start, length);
}

/* whether a place near the begin of a line is in one that only shows what YCSB writes */
static gboolean
is_in_quote(const char *text, const char *p)
{
	const char *line = p;
	while (line > text && line[-1] != '\n' && p - line < MAX_PREFIX)
		line--;
	g_autofree char *begin = g_strndup(line, p - line);
	return reader_is_quoted(begin) || begin[strspn(begin, " ")] == '\'';
}

/* the object that p is in, and what is behind it */
static void
read_object(Reading *self, const char *p)
{
	g_autofree char *section = read_member(p, "\"metric\"", &p);
	g_autofree char *measurement = section != NULL ? read_member(p, "\"measurement\"", &p)
						       : NULL;
	g_autofree char *value = measurement != NULL ? read_member(p, "\"value\"", &p) : NULL;
	for (; self->counted < p; self->counted++)
		self->line += *self->counted == '\n';
	self->objects = value != NULL ? p : p + 1;
	if (value != NULL)
		take(self, section, measurement, value, self->line);
	if (self->run != NULL)
		self->run->is_cut |= value == NULL;
	self->is_json = TRUE;
}

/* objects that begin before a place */
static void
read_objects(Reading *self, const char *end)
{
	const char *p = self->objects;
	while (p != NULL && (p = strstr(p, "\"metric\"")) != NULL && p < end) {
		self->objects = p + 1;
		if (!is_in_quote(self->text, p))
			read_object(self, p);
		p = self->objects;
	}
	self->objects = p;
}

/* whether an object has no end */
static gboolean
is_json_cut(const char *text)
{
	const char *open = strrchr(text, '{');
	return open != NULL && strchr(open, '}') == NULL;
}

static void
read_lines(Reading *self)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GBytes) log = g_bytes_new_static(self->text, strlen(self->text));
	const char *line;
	reader_lines_init(&lines, log, NULL);
	while ((line = reader_lines_next(&lines)) != NULL) {
		read_objects(self, lines.p);
		if (!lines.is_cut)
			read_line(self, line, lines.number);
		else if (self->run != NULL && ycsb_run_has_results(self->run) && *line == '[')
			self->run->is_cut = TRUE;
	}
}

static gboolean
ycsb_parser_parse(PerfdashParser *parser,
		  const char *name,
		  GBytes *log,
		  PerfdashRunBuilder *builder,
		  GError **error)
{
	g_autofree char *text = reader_text(log);
	Reading reading = {.builder = builder, .text = text, .counted = text, .line = 1};
	if (strstr(text, "\"OVERALL\"") != NULL && strstr(text, "\"RunTime(ms)\"") != NULL)
		reading.objects = text;
	read_lines(&reading);
	if (reading.run != NULL && reading.is_json && is_json_cut(text))
		reading.run->is_cut = TRUE;
	end_run(&reading);
	ycsb_go_read(log, builder, reading.n_runs);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(YcsbParser,
		       ycsb_parser,
		       NULL,
		       ycsb_parser_parse,
		       "ycsb",
		       "4",
		       "YCSB and go-ycsb, databases: text and JSON",
		       "*ycsb*.txt;*ycsb*.log;*ycsb*.json;*ycsb*.dat",
		       PERFDASH_PARSER_CONSOLE,
		       "[OVERALL], RunTime(ms), \n\"RunTime(ms)\"\nYCSB Client \n- Takes(s): "
		       "\n\"Takes(s)\"\n| TAKES(S) |")
