/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A table for each group, under its title; the same table may be printed twice. Names may have
 * blanks: rows are read from their end, where fastest, slowest or a comparison may stand. With
 * --compare rows of the older run are there, too: (baseline). A time that is too short is 0.0000.
 */

#include "vitest-bench.h"

#include <string.h>

#include "reader-text.h"

#define N_COLUMNS 10 /* hz ... samples */

typedef enum { HZ, MIN, MAX, MEAN, P75, P99, P995, P999, RME, SAMPLES } Column;

static const struct {
	Column column;
	const char *stat;
} stats[] = {
	{MIN, "min"},
	{MAX, "max"},
	{P75, "p75"},
	{P99, "p99"},
	{P995, "p99.5"},
	{P999, "p99.9"},
	{SAMPLES, "n"},
};

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *seen; /* rows with their group */
	char *group;      /* nullable: title of the table that follows */
	gboolean in_table;
	guint n_tables;
	gboolean has_version;
} Text;

static gboolean
read_number(const char *word, double *value)
{
	const char *rest;
	const char *digits_at = g_str_has_prefix(word, "\xc2\xb1") ? word + 2 : word;
	g_auto(GStrv) parts = g_strsplit(digits_at, ",", -1);
	g_autofree char *digits = g_strjoinv("", parts);
	return reader_number(digits, value, &rest) && (*rest == '\0' || g_str_equal(rest, "%"));
}

static void
set_group(Text *self)
{
	if (self->group != NULL)
		perfdash_run_builder_add_result_label(self->builder, "group", self->group);
}

static void
add(Text *self,
    const char *benchmark,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	perfdash_run_builder_add_result(self->builder, benchmark, metric, unit, direction, value);
	set_group(self);
}

static void
add_row(Text *self, const char *benchmark, const double *values)
{
	add(self, benchmark, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, values[HZ]);
	if (values[MEAN] > 0) {
		add(self, benchmark, "time", "ms", PERFDASH_DIRECTION_LOWER, values[MEAN]);
		for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
			if (values[stats[i].column] > 0)
				perfdash_run_builder_add_stat(self->builder,
							      stats[i].stat,
							      values[stats[i].column]);
		}
	}
	add(self,
	    benchmark,
	    "relative_margin_of_error",
	    "%",
	    PERFDASH_DIRECTION_LOWER,
	    values[RME]);
	add(self, benchmark, "samples", "1", PERFDASH_DIRECTION_NONE, values[SAMPLES]);
}

/* the word with the margin of error, which only the number of samples and remarks follow */
static guint
find_margin(GStrv words)
{
	for (guint i = g_strv_length(words); i-- > 0;) {
		if (g_str_has_prefix(words[i], "\xc2\xb1") && g_str_has_suffix(words[i], "%"))
			return i;
	}
	return 0;
}

/* "· normal  3,699,681.01  0.0002 ... ±6.65%  369969   fastest" */
static gboolean
read_row(Text *self, const char *line)
{
	double values[N_COLUMNS];
	const char *row = line + strspn(line, " ");
	g_auto(GStrv) words = NULL;
	if (!g_str_has_prefix(row, "\xc2\xb7 "))
		return strstr(row, "(baseline)") != NULL;
	words = reader_words(row);
	guint margin = find_margin(words);
	if (margin < RME + 2 || words[margin + 1] == NULL)
		return FALSE;
	for (guint i = 0; i < N_COLUMNS; i++) {
		if (!read_number(words[margin - RME + i], &values[i])) {
			perfdash_run_builder_add_warning(self->builder, "%s: no result", words[1]);
			return TRUE;
		}
	}
	g_clear_pointer(&words[margin - RME], g_free);
	g_autofree char *name = g_strjoinv(" ", words + 1);
	g_autofree char *benchmark = reader_name(name);
	for (guint i = margin - RME + 1; words[i] != NULL; i++)
		g_clear_pointer(&words[i], g_free);
	char *key = g_strconcat(self->group != NULL ? self->group : "", "\n", row, NULL);
	if (g_hash_table_add(self->seen, key))
		add_row(self, benchmark, values);
	return TRUE;
}

static gboolean
is_header(const char *line)
{
	static const char *const names[] = {"name",
					    "hz",
					    "min",
					    "max",
					    "mean",
					    "p75",
					    "p99",
					    "p995",
					    "p999",
					    "rme",
					    "samples"};
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		line = reader_after(line + strspn(line, " "), names[i]);
		if (line == NULL)
			return FALSE;
	}
	return *line == '\0';
}

/* the length of a title without the time "1689ms", and in older versions the number of tests "(2)"
 */
static gsize
trim_title(const char *title)
{
	gsize length = strlen(title);
	const char *blank = strrchr(title, ' ');
	if (blank != NULL && g_ascii_isdigit(blank[1]) && g_str_has_suffix(blank, "s"))
		length = blank - title;
	const char *open = g_strrstr_len(title, length, " (");
	if (open != NULL && open[2 + strspn(open + 2, "0123456789")] == ')')
		length = open - title;
	return length;
}

/* " ✓ a.bench.js > sort 1689ms" */
static void
read_title(Text *self, const char *line)
{
	static const char *const bullets[] = {"\xe2\x9c\x93 ", "\xe2\x9d\xaf ", "\xc3\x97 "};
	line += strspn(line, " ");
	for (guint i = 0; i < G_N_ELEMENTS(bullets); i++) {
		const char *title = reader_after(line, bullets[i]);
		if (title == NULL)
			continue;
		g_autofree char *group = g_strndup(title, trim_title(title));
		g_free(self->group);
		self->group = reader_name(group);
	}
}

static void
read_version(Text *self, const char *line)
{
	const char *version = reader_after(line + strspn(line, " "), "RUN ");
	if (version == NULL || *version != 'v' || !g_ascii_isdigit(version[1]))
		return;
	if (perfdash_run_builder_get_n_results(self->builder) > 0) {
		perfdash_run_builder_next_run(self->builder);
		g_hash_table_remove_all(self->seen);
	}
	self->has_version = TRUE;
	g_autofree char *word = g_strndup(version + 1, strcspn(version + 1, " "));
	g_autofree char *value = reader_name(word);
	perfdash_run_builder_set_environment(self->builder, "tool_version", value);
}

/* benchmarks that throw have no table, but stand in the summary */
static void
set_all_failed(Text *self)
{
	perfdash_run_builder_set_label(self->builder, "tool", "vitest-bench");
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning(self->builder, "no benchmark has a result");
}

static void
read_line(Text *self, const char *line)
{
	if (is_header(line)) {
		self->in_table = TRUE;
		self->n_tables++;
		perfdash_run_builder_set_label(self->builder, "tool", "vitest-bench");
		return;
	}
	if (self->in_table && read_row(self, line))
		return;
	self->in_table = FALSE;
	read_title(self, line);
	read_version(self, line);
	if (self->has_version && self->n_tables == 0 && g_str_has_prefix(line, " BENCH  Summary"))
		set_all_failed(self);
	if (self->n_tables > 0 && g_str_has_prefix(line, "    NaNx faster than "))
		perfdash_run_builder_add_warning(self->builder, "a benchmark has no result");
}

void
vitest_bench_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Text text = {.builder = builder, .seen = seen};
	g_auto(ReaderLines) lines;
	const char *line;
	gboolean is_cut = FALSE;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		is_cut = lines.is_cut && *line != '\0';
		if (!is_cut)
			read_line(&text, line);
	}
	if (is_cut && text.in_table) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the last line has no end: the log was cut off");
	}
	g_free(text.group);
}
