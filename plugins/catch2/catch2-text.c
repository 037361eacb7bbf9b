/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Catch2's console: a row of a benchmark has three lines, without analysis one. A name that is too
 * long goes over several lines, the numbers stand behind the last of them. Every number has a unit
 * of its own. */

#include "catch2.h"

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define MAX_NAME_LINES 50

/* what the next line of a table is */
typedef enum { NO_TABLE, HEADER, NAME, MEANS, DEVIATIONS } Part;
/* the name of a test case stands between two rulers, names of sections behind it */
typedef enum { NO_TITLE, TITLE, SECTIONS } Title;

typedef struct {
	Catch2 run;
	Part part;
	gboolean has_analysis;
	Title title;
	GString *name; /* the lines of a name so far */
	guint n_name_lines;
	Catch2Benchmark benchmark;
} Text;

static gboolean
is_ruler(const char *line, char of)
{
	gsize n = 0;
	while (line[n] == of)
		n++;
	return n >= 20 && line[n + strspn(line + n, " ")] == '\0';
}

static void
clear_name(Text *self)
{
	g_string_truncate(self->name, 0);
	self->n_name_lines = 0;
}

static void
append_name(Text *self, const char *text, gsize length)
{
	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (length == 0 || self->n_name_lines++ >= MAX_NAME_LINES)
		return;
	if (self->name->len > 0)
		g_string_append_c(self->name, ' ');
	g_string_append_len(self->name, text, length);
}

static gboolean
is_whole_number(const char *word)
{
	return *word != '\0' && word[strspn(word, "0123456789")] == '\0';
}

/* where the last n words of a line begin; NULL when it has not so many */
static const char *
find_last_words(const char *line, guint n)
{
	const char *p = line + strlen(line);
	while (n-- > 0) {
		while (p > line && p[-1] == ' ')
			p--;
		if (p == line)
			return NULL;
		while (p > line && p[-1] != ' ')
			p--;
	}
	return p;
}

/* "Fibonacci 10      100      77    13.6059 ms": name, samples, iterations, estimate or mean */
static gboolean
read_first_row(Text *self, const char *line)
{
	const char *numbers = find_last_words(line, 4);
	if (numbers == NULL || numbers - line < 2 || numbers[-1] != ' ' || numbers[-2] != ' ')
		return FALSE;
	g_auto(GStrv) words = reader_words(numbers);
	g_autofree char *time = g_strconcat(words[2], " ", words[3], NULL);
	ReaderQuantity quantity = reader_quantity(time, reader_times, NULL);
	if (!is_whole_number(words[0]) || !is_whole_number(words[1]) || quantity.unit == NULL)
		return FALSE;
	append_name(self, line, numbers - line);
	if (self->name->len == 0)
		return FALSE;
	catch2_benchmark_clear(&self->benchmark);
	self->benchmark.name = g_strdup(self->name->str);
	reader_number(words[0], &self->benchmark.samples, NULL);
	clear_name(self);
	if (self->has_analysis) {
		self->part = MEANS;
		return TRUE;
	}
	self->benchmark.has_mean = TRUE;
	self->benchmark.mean = reader_quantity_to_base(quantity);
	catch2_add_benchmark(&self->run, &self->benchmark);
	return TRUE;
}

static void
read_failure(Text *self, const char *line, const char *message)
{
	append_name(self, line, message - line);
	g_autofree char *name = reader_name(self->name->str);
	catch2_add_failure(&self->run, name, message);
	clear_name(self);
}

/* three quantities, of which the first counts; what stands before them is more of the name */
static gboolean
read_quantity_row(const char *line, Catch2Benchmark *benchmark, double *value)
{
	const char *numbers = find_last_words(line, 6);
	const char *start = line + strspn(line, " ");
	if (numbers == NULL)
		return FALSE;
	g_autofree char *more = numbers > start ? g_strndup(start, numbers - start) : NULL;
	line = numbers;
	ReaderQuantity first = reader_quantity(line, reader_times, &line);
	ReaderQuantity low = reader_quantity(line, reader_times, &line);
	ReaderQuantity high = reader_quantity(line, reader_times, &line);
	if (first.unit == NULL || low.unit == NULL || high.unit == NULL)
		return FALSE;
	*value = reader_quantity_to_base(first);
	if (more != NULL) {
		char *name = g_strconcat(benchmark->name, " ", g_strchomp(more), NULL);
		g_free(benchmark->name);
		benchmark->name = name;
	}
	return TRUE;
}

static void
read_table_line(Text *self, const char *line)
{
	const char *failed = strstr(line, "Benchmark failed (");
	Catch2Benchmark *benchmark = &self->benchmark;
	if (self->part == HEADER) {
		if (is_ruler(line, '-'))
			self->part = NAME;
	} else if (self->part == MEANS && read_quantity_row(line, benchmark, &benchmark->mean)) {
		benchmark->has_mean = TRUE;
		self->part = DEVIATIONS;
	} else if (self->part == DEVIATIONS) {
		benchmark->has_sd = read_quantity_row(line, benchmark, &benchmark->sd);
		catch2_add_benchmark(&self->run, benchmark);
		self->part = NAME;
	} else if (line[strspn(line, " ")] == '\0') {
		clear_name(self);
		self->part = NAME;
	} else if (failed != NULL) {
		read_failure(self, line, failed);
	} else if (!read_first_row(self, line)) {
		append_name(self, line, strlen(line));
	}
}

static gboolean
is_header(const char *line)
{
	return g_str_has_prefix(line, "benchmark name  ") && strstr(line, " samples ") != NULL &&
	       strstr(line, " iterations ") != NULL;
}

/* "test cases: 3 | 2 passed | 1 failed" */
static gboolean
read_end(Text *self, const char *line)
{
	const char *failed = strstr(line, " failed");
	if (g_str_has_prefix(line, "All tests passed (")) {
		self->run.has_end = TRUE;
	} else if (g_str_has_prefix(line, "test cases:")) {
		self->run.has_end = TRUE;
		self->run.has_failed = failed != NULL;
	} else {
		return FALSE;
	}
	catch2_end_run(&self->run);
	return TRUE;
}

static void
read_banner(Text *self, const char *line, const char *is_catch)
{
	const char *version = strstr(is_catch, " v");
	g_autofree char *text = g_strndup(version + 2, strcspn(version + 2, " "));
	g_strchomp(text);
	catch2_start_run(&self->run, text);
}

static void
read_line(Text *self, const char *line)
{
	const char *banner = strstr(line, " is a Catch");
	if (banner != NULL && g_str_has_suffix(line, " host application.") &&
	    strstr(banner, " v") != NULL) {
		self->part = NO_TABLE;
		read_banner(self, line, banner);
	} else if (is_header(line)) {
		if (!self->run.is_open)
			catch2_start_run(&self->run, NULL);
		clear_name(self);
		self->has_analysis = strstr(line, " mean") == NULL;
		self->part = HEADER;
	} else if (self->part != NO_TABLE && !(self->part != HEADER && is_ruler(line, '-')) &&
		   !is_ruler(line, '=')) {
		read_table_line(self, line);
	} else if (is_ruler(line, '-') || is_ruler(line, '=')) {
		gboolean begins = *line == '-' &&
				  (self->part != NO_TABLE || self->title == NO_TITLE);
		self->title = begins ? TITLE : NO_TITLE;
		self->part = NO_TABLE;
		clear_name(self);
	} else if (self->title == TITLE && self->run.is_open && *line != '\0') {
		catch2_set_test_case(&self->run, line);
		self->title = SECTIONS;
	}
	if (self->part == NO_TABLE && read_end(self, line))
		self->title = NO_TITLE;
}

void
catch2_read_text(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Text self = {.run.builder = builder, .name = g_string_new(NULL)};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line);
	}
	catch2_end_run(&self.run);
	catch2_benchmark_clear(&self.benchmark);
	g_string_free(self.name, TRUE);
}
