/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* InfluxDB line protocol: "measurement,tag=value field=1.5,other=3i 1465839830100400200". Blanks,
 * commas and equal signs are escaped by backslashes in names, strings are quoted. The time may be
 * missing; it is in nanoseconds, or in whatever precision it was written with. As nothing names the
 * format, every line of the head must be of it. A unit is there only when the name of a field ends
 * with it. */

#include <string.h>

#include "reader-label.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_LABELS 30

typedef struct {
	char *key;
	char *value;
	gboolean is_string;
} Pair;

typedef struct {
	char *measurement;
	GArray *tags;   /* of Pair */
	GArray *fields; /* of Pair */
	double time;    /* in no known unit, 0 unknown */
} Point;

static void
clear_pair(gpointer data)
{
	Pair *pair = data;
	g_free(pair->key);
	g_free(pair->value);
}

static void
point_clear(Point *point)
{
	g_free(point->measurement);
	g_array_unref(point->tags);
	g_array_unref(point->fields);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Point, point_clear)

static void
point_init(Point *point)
{
	*point = (Point){.tags = g_array_new(FALSE, FALSE, sizeof(Pair)),
			 .fields = g_array_new(FALSE, FALSE, sizeof(Pair))};
	g_array_set_clear_func(point->tags, clear_pair);
	g_array_set_clear_func(point->fields, clear_pair);
}

/* a name or value up to one of the characters that end it, without its escapes */
static const char *
read_word(const char *p, const char *ends, char **word)
{
	GString *text = g_string_new(NULL);
	for (; *p != '\0' && strchr(ends, *p) == NULL; p++) {
		if (*p == '\\' && p[1] != '\0' && strchr(" ,=\\\"", p[1]) != NULL)
			p++;
		g_string_append_c(text, *p);
	}
	*word = g_string_free(text, FALSE);
	return p;
}

static const char *
read_string(const char *p, char **word)
{
	p = read_word(p + 1, "\"", word);
	return *p == '"' ? p + 1 : NULL;
}

/* "key=value,key=value" */
static const char *
read_pairs(const char *p, GArray *pairs)
{
	for (;;) {
		Pair pair = {NULL, NULL, FALSE};
		p = read_word(p, "=, ", &pair.key);
		pair.is_string = *p == '=' && p[1] == '"';
		if (*p == '=')
			p = pair.is_string ? read_string(p + 1, &pair.value)
					   : read_word(p + 1, ", ", &pair.value);
		g_array_append_val(pairs, pair);
		if (p == NULL || pair.value == NULL || *pair.key == '\0')
			return NULL;
		if (*p != ',')
			return p;
		p++;
	}
}

/* TRUE for what a field may be besides a number */
static gboolean
is_word(const char *value)
{
	static const char *const words[] =
		{"t", "T", "true", "True", "TRUE", "f", "F", "false", "False", "FALSE", NULL};
	return g_strv_contains(words, value);
}

static gboolean
read_number(const char *text, double *value)
{
	const char *rest;
	return reader_number(text, value, &rest) &&
	       (*rest == '\0' || ((*rest == 'i' || *rest == 'u') && rest[1] == '\0'));
}

static gboolean
has_values(const GArray *fields)
{
	double value;
	for (guint i = 0; i < fields->len; i++) {
		const Pair *field = &g_array_index(fields, Pair, i);
		if (!field->is_string && !is_word(field->value) &&
		    !read_number(field->value, &value))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_point(const char *line, Point *point)
{
	const char *p = read_word(line, ", ", &point->measurement);
	const char *rest;
	if (*point->measurement == '\0')
		return FALSE;
	if (*p == ',')
		p = read_pairs(p + 1, point->tags);
	if (p == NULL || *p != ' ')
		return FALSE;
	p = read_pairs(p + 1, point->fields);
	if (p == NULL || !has_values(point->fields))
		return FALSE;
	if (*p == '\0')
		return TRUE;
	return reader_number(p + 1, &point->time, &rest) && *rest == '\0';
}

/* microseconds since 1970: only one precision makes it a time of these years */
static double
get_microseconds(double time)
{
	return time < 1e11   ? time * 1e6
	       : time < 1e14 ? time * 1e3
	       : time < 1e17 ? time
			     : time / 1e3;
}

static const char *
get_unit(const char *field)
{
	static const char *const suffixes[][2] = {{"_ns", "ns"},
						  {"_us", "us"},
						  {"_ms", "ms"},
						  {"_seconds", "s"},
						  {"_bytes", "B"},
						  {"_percent", "%"},
						  {"_per_sec", "1/s"},
						  {"_per_second", "1/s"}};
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (g_str_has_suffix(field, suffixes[i][0]))
			return suffixes[i][1];
	}
	return "1";
}

static void
add_point(PerfdashRunBuilder *builder, const Point *point)
{
	g_autofree char *benchmark = reader_name(point->measurement);
	double value;
	for (guint i = 0; i < point->fields->len; i++) {
		const Pair *field = &g_array_index(point->fields, Pair, i);
		g_autofree char *metric = reader_name(field->key);
		if (field->is_string || !read_number(field->value, &value))
			continue;
		const char *unit = get_unit(metric);
		perfdash_run_builder_add_result(builder,
						benchmark,
						metric,
						unit,
						perfdash_direction_of_unit(unit),
						value);
		for (guint j = 0; j < MIN(point->tags->len, MAX_LABELS); j++) {
			const Pair *tag = &g_array_index(point->tags, Pair, j);
			reader_add_label(builder, tag->key, tag->value);
		}
	}
}

static gboolean
is_blank(const char *line)
{
	return *line == '\0' || *line == '#';
}

/* points of one time are one run */
static gboolean
influx_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	g_auto(ReaderLines) lines;
	double time = -1;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		g_auto(Point) point;
		point_init(&point);
		if (is_blank(line))
			continue;
		if (lines.is_cut || !read_point(line, &point)) {
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(builder,
							 lines.is_cut ? "line %u was cut off"
								      : "line %u is no point",
							 lines.number);
			continue;
		}
		if (time >= 0 && point.time != time)
			perfdash_run_builder_next_run(builder);
		if (point.time != time) {
			perfdash_run_builder_set_label(builder, "tool", "influx");
			reader_set_start(builder, get_microseconds(point.time));
		}
		time = point.time;
		add_point(builder, &point);
	}
	return TRUE;
}

static guint
influx_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_auto(ReaderLines) lines;
	guint n = 0;
	gboolean is_certain = FALSE;
	const char *line;
	reader_lines_init(&lines, head, NULL);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut) {
		g_auto(Point) point;
		point_init(&point);
		if (is_blank(line))
			continue;
		if (reader_is_quoted(line) || !read_point(line, &point))
			return 0;
		/* "a b=1" alone may be anything */
		is_certain |= point.tags->len > 0 && point.time > 1e9 &&
			      get_microseconds(point.time) > 1e15;
		n++;
	}
	return n == 0 ? 0 : is_certain ? 85 : 50;
}

PERFDASH_DEFINE_PARSER(InfluxParser,
		       influx_parser,
		       influx_parser_probe,
		       influx_parser_parse,
		       "influx",
		       "2",
		       "InfluxDB, other dashboards: line protocol",
		       "*.lp;*.line;*influx*.txt",
		       PERFDASH_PARSER_DOCUMENT,
		       "=")
