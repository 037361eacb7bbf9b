/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Three lines for a benchmark: mean and p75; range and p99; range and mean of the heap. A compact
 * one has mean, p75 and p99 in one line, and version 0.1 had the range, p75 and p99 there. At the
 * ends stand histograms. Markdown has all in cells with backquotes. Sizes are of 1024. */

#include "mitata.h"

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define NAME_COLUMN 24 /* the narrowest one of the versions */

#define ELLIPSIS    " \xe2\x80\xa6 "

static const ReaderSuffix times[] = {{"ps", "ns", -3},
				     {"ns", "ns", 0},
				     {"\xc2\xb5s", "us", 0},
				     {"\xce\xbcs", "us", 0},
				     {"us", "us", 0},
				     {"ms", "ms", 0},
				     {"s", "s", 0},
				     {"m", "min", 0},
				     {"h", "h", 0},
				     {NULL}};
static const ReaderSuffix sizes[] = {{"b", "B", 0},
				     {"kb", "KiB", 0},
				     {"mb", "MiB", 0},
				     {"gb", "GiB", 0},
				     {"tb", "TiB", 0},
				     {NULL}};

typedef struct {
	PerfdashRunBuilder *builder;
	char *group;     /* nullable */
	char *benchmark; /* nullable: whose lines are being read */
	guint n_lines;   /* of them that were read */
	gboolean in_table;
	gboolean is_markdown;
	guint n_runs;
	guint n_good, n_failed; /* benchmarks of the run */
} Text;

static void
set_group(Text *self, const char *name)
{
	g_free(self->group);
	self->group = name != NULL ? reader_name(name) : NULL;
}

static void
add(Text *self, const char *metric, ReaderQuantity quantity)
{
	if (quantity.unit == NULL)
		return;
	reader_add(self->builder, self->benchmark, metric, PERFDASH_DIRECTION_LOWER, quantity);
	if (self->group != NULL)
		perfdash_run_builder_add_result_label(self->builder, "group", self->group);
}

/* "(min … max)"; gives what follows, or NULL */
static const char *
read_range(const char *text, const ReaderSuffix *suffixes, ReaderQuantity range[2])
{
	const char *p = text + strspn(text, " ");
	const char *close = *p == '(' ? strchr(p, ')') : NULL;
	const char *middle = close != NULL ? g_strstr_len(p, close - p, ELLIPSIS) : NULL;
	if (middle == NULL)
		return NULL;
	range[0] = reader_quantity(p + 1, suffixes, NULL);
	range[1] = reader_quantity(middle + strlen(ELLIPSIS), suffixes, NULL);
	return range[0].unit != NULL && range[1].unit != NULL ? close + 1 : NULL;
}

static void
add_range(Text *self, const ReaderQuantity range[2])
{
	reader_add_stat(self->builder, "min", range[0]);
	reader_add_stat(self->builder, "max", range[1]);
}

/* where the number begins that ends with " us/iter", or NULL */
static const char *
find_mean(const char *line)
{
	const char *p = strstr(line, "/iter");
	const char *unit = p;
	while (unit != NULL && unit > line && unit[-1] != ' ')
		unit--;
	const char *number = unit;
	while (number != NULL && number > line && number[-1] == ' ')
		number--;
	while (number != NULL && number > line && number[-1] != ' ')
		number--;
	return number != line ? number : NULL;
}

static void
take_name(Text *self, const char *line, gsize length)
{
	g_autofree char *text = g_strndup(line, length);
	g_free(self->benchmark);
	self->benchmark = reader_name(text);
	self->n_lines = 1;
}

/* version 0.1 writes "2'302 µs" */
static char *
join_thousands(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "'", -1);
	return g_strjoinv("", parts);
}

static gboolean
read_mean(Text *self, const char *line)
{
	const char *number = find_mean(line);
	ReaderQuantity range[2] = {{0, NULL}, {0, NULL}};
	if (number == NULL || *line == ' ')
		return FALSE;
	g_autofree char *text = join_thousands(number);
	char *iteration = strstr(text, "/iter");
	const char *rest = iteration + strlen("/iter");
	*iteration = '\0';
	ReaderQuantity mean = reader_quantity(text, times, NULL);
	/* "12,345 ns/iter (+/- 99)" is of another tool */
	if (mean.unit == NULL || g_str_has_prefix(rest + strspn(rest, " "), "(+/-"))
		return FALSE;
	take_name(self, line, number - line);
	add(self, "time", mean);
	self->n_good++;
	const char *behind = read_range(rest, times, range);
	if (behind != NULL)
		add_range(self, range);
	ReaderQuantity p75 = reader_quantity(behind != NULL ? behind : rest, times, &rest);
	ReaderQuantity p99 = reader_quantity(p75.unit != NULL ? rest : NULL, times, NULL);
	reader_add_stat(self->builder, "p75", p75);
	reader_add_stat(self->builder, "p99", p99);
	if (p99.unit != NULL || behind != NULL)
		g_clear_pointer(&self->benchmark, g_free);
	return TRUE;
}

/* the name stands in a column of its own, which long names fill */
static gboolean
read_error(Text *self, const char *line)
{
	const char *at = strstr(line, " error: ");
	if (at == NULL || at == line || *line == ' ')
		return FALSE;
	if (!self->is_markdown && at[-1] != ' ' && at - line < NAME_COLUMN)
		return FALSE;
	take_name(self, line, at - line);
	mitata_add_error(self->builder, self->benchmark, at + strlen(" error: "));
	g_clear_pointer(&self->benchmark, g_free);
	self->n_failed++;
	return TRUE;
}

/* the second and the third line of a benchmark */
static void
read_more(Text *self, const char *line)
{
	ReaderQuantity range[2];
	gboolean is_time = self->n_lines == 1;
	const ReaderSuffix *suffixes = is_time ? times : sizes;
	const char *rest = read_range(line, suffixes, range);
	if (rest == NULL) {
		g_clear_pointer(&self->benchmark, g_free);
		return;
	}
	ReaderQuantity last = reader_quantity(rest, suffixes, NULL);
	if (!is_time)
		add(self, "heap", last);
	if (is_time || last.unit != NULL)
		add_range(self, range);
	if (is_time)
		reader_add_stat(self->builder, "p99", last);
	if (++self->n_lines == 3)
		g_clear_pointer(&self->benchmark, g_free);
}

static void
end_run(Text *self)
{
	if (self->n_good == 0 && self->n_failed > 0)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	self->n_good = 0;
	self->n_failed = 0;
	self->in_table = FALSE;
	g_clear_pointer(&self->benchmark, g_free);
	set_group(self, NULL);
}

static void
begin_run(Text *self)
{
	end_run(self);
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "mitata");
}

static gboolean
read_fact(Text *self, const char *line)
{
	static const char *const keys[] = {"cpu", "runtime"};
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = reader_after(line, keys[i]);
		if (value == NULL || *value != ':')
			continue;
		g_autofree char *fact = reader_name(value + 1);
		perfdash_run_builder_set_environment(self->builder, keys[i], fact);
		return TRUE;
	}
	return FALSE;
}

static gboolean
is_header(const char *line)
{
	return g_str_has_prefix(line, "benchmark ") &&
	       strstr(line, "(min \xe2\x80\xa6 max)") != NULL &&
	       (strstr(line, " avg (min") != NULL || strstr(line, "time (avg)") != NULL);
}

/* | benchmark | avg | min | p75 | p99 | max |, whose first cell may be a group or empty */
static gboolean
is_markdown_header(const char *line)
{
	static const char *const names[] = {"avg", "min", "p75", "p99", "max"};
	const char *p = *line == '|' ? strchr(line + 1, '|') : NULL;
	for (guint i = 0; p != NULL && i < G_N_ELEMENTS(names); i++) {
		p = reader_after(p + 1 + strspn(p + 1, " "), names[i]);
		if (p != NULL && *p != '|')
			p = NULL;
	}
	return p != NULL;
}

static void
read_markdown_row(Text *self, char *line)
{
	g_auto(GStrv) cells = g_strsplit(line, "|", -1);
	guint n = g_strv_length(cells);
	ReaderQuantity values[5] = {{0, NULL}};
	static const char *const stats[] = {NULL, "min", "p75", "p99", "max"};
	if (n < 7) {
		if (n >= 3 && strstr(cells[2], "error: ") != NULL)
			read_error(self, g_strstrip(g_strdelimit(line + 1, "|", ' ')));
		return;
	}
	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		g_strdelimit(cells[2 + i], "`", ' ');
		char *iteration = strstr(cells[2 + i], "/iter");
		if (iteration != NULL)
			*iteration = '\0';
		values[i] = reader_quantity(cells[2 + i], times, NULL);
	}
	if (values[0].unit == NULL)
		return;
	take_name(self, cells[1], strlen(cells[1]));
	add(self, "time", values[0]);
	for (guint i = 1; i < G_N_ELEMENTS(values); i++)
		reader_add_stat(self->builder, stats[i], values[i]);
	g_clear_pointer(&self->benchmark, g_free);
	self->n_good++;
}

static void
take_markdown_header(Text *self, const char *line)
{
	g_autofree char *cell = g_strndup(line + 1, strcspn(line + 1, "|"));
	const char *group = reader_after(g_strstrip(cell), "\xe2\x80\xa2");
	if (!self->in_table && self->n_good == 0 && self->n_failed == 0)
		begin_run(self);
	self->in_table = TRUE;
	self->is_markdown = TRUE;
	set_group(self, group);
}

static void
read_table(Text *self, const char *line)
{
	const char *group = reader_after(line, "\xe2\x80\xa2");
	if (group != NULL) {
		set_group(self, group);
		g_clear_pointer(&self->benchmark, g_free);
	} else if (self->benchmark != NULL && *line == ' ') {
		read_more(self, line);
	} else if (!read_mean(self, line)) {
		read_error(self, line);
	}
}

static void
read_line(Text *self, const char *line)
{
	if (g_str_has_prefix(line, "clk: ~")) {
		begin_run(self);
	} else if (is_header(line)) {
		if (self->in_table || self->n_runs == 0)
			begin_run(self);
		self->in_table = TRUE;
		self->is_markdown = FALSE;
	} else if (is_markdown_header(line)) {
		take_markdown_header(self, line);
	} else if (!self->in_table) {
		if (self->n_runs > 0)
			read_fact(self, line);
	} else if (self->is_markdown && *line == '|') {
		g_autofree char *copy = g_strdup(line);
		read_markdown_row(self, copy);
	} else if (!self->is_markdown) {
		read_table(self, line);
	}
}

void
mitata_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	Text text = {.builder = builder};
	g_auto(ReaderLines) lines;
	const char *line;
	gboolean is_cut = FALSE;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		is_cut = lines.is_cut && *line != '\0';
		if (!is_cut)
			read_line(&text, line);
	}
	gboolean in_table = text.in_table;
	end_run(&text);
	if (is_cut && in_table) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the last line has no end: the log was cut off");
	}
}
