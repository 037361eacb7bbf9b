/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of results stands at the end of what JMH prints; when it is missing, the benchmarks
 * that were finished have a block Result "...". Columns of parameters stand between name and mode;
 * count and error may be empty; a score that is too small is "≈ 10⁻⁴", which is no number. Percent-
 * iles and what profilers measure are rows of their own, name:·gc.count. Numbers may have a decimal
 * comma. -rf csv and scsv have a header that is JMH's alone. */

#include "jmh.h"

#include <string.h>

#include "reader-csv.h"
#include "reader-text.h"

static const char *const modes[] = {"thrpt", "avgt", "sample", "ss", NULL};

static const struct {
	const char *prefix;
	const char *key;
	gboolean is_environment;
} facts[] = {
	{"# JMH version: ", "tool_version", TRUE},
	{"# VM version: ", "vm_version", TRUE},
	{"# Threads: ", "threads", FALSE},
	{"# Warmup: ", "warmup", FALSE},
	{"# Measurement: ", "measurement", FALSE},
};

/* a benchmark that is finished: what stands behind Result */
typedef struct {
	char *benchmark;
	char *mode;
	JmhUnit unit;
	double score, min, max, sd;
	gboolean has_score, has_range;
	guint line;
} Finished;

typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *parameters;   /* names of the columns; NULL outside of the table */
	char *header;            /* nullable: its line, for where they stand */
	gboolean has_bare_error; /* version 1.10 and older: no ± before it */
	char *main;              /* nullable: the benchmark whose score was added last */
	GPtrArray *stats;        /* names of those that it has */
	GPtrArray *csv;          /* header, nullable */
	char separator;
	GPtrArray *finished; /* of Finished */
	char *mode;          /* nullable: of the benchmark that runs */
	char *arguments;     /* nullable: its parameters */
	guint n_failed;
	guint n_rows; /* of the table */
	guint n_runs;
	gboolean is_running; /* a run has begun and its table was not read */
	guint line;
} Text;

static void
finished_free(Finished *self)
{
	g_free(self->benchmark);
	g_free(self->mode);
	g_free(self);
}

static gboolean
read_number(const char *text, double *value)
{
	const char *rest;
	g_autofree char *number = g_strdup(text);
	char *comma = strchr(number, ',');
	if (comma != NULL && strchr(number, '.') == NULL)
		*comma = '.';
	return reader_number(number, value, &rest) && *rest == '\0';
}

/* benchmarks that failed are not in the table; it may be left without a row */
static void
end_table(Text *self)
{
	if (!self->is_running && self->n_failed > 0 && self->n_rows == 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder, "no benchmark has a result");
	}
	self->n_failed = self->n_rows = 0;
}

static void
begin_run(Text *self)
{
	end_table(self);
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "jmh");
	self->is_running = TRUE;
}

static void
write_finished(Text *self, const Finished *one)
{
	if (!one->has_score || one->unit.unit == NULL)
		return;
	perfdash_run_builder_set_line(self->builder, one->line);
	perfdash_run_builder_add_result(self->builder,
					one->benchmark,
					one->mode,
					one->unit.unit,
					one->unit.direction,
					jmh_unit_convert(&one->unit, one->score));
	if (!one->has_range)
		return;
	perfdash_run_builder_add_stat(self->builder, "min", jmh_unit_convert(&one->unit, one->min));
	perfdash_run_builder_add_stat(self->builder, "max", jmh_unit_convert(&one->unit, one->max));
	perfdash_run_builder_add_stat(self->builder, "sd", jmh_unit_convert(&one->unit, one->sd));
}

/* a run whose table is missing */
static void
end_run(Text *self)
{
	if (self->is_running && (self->finished->len > 0 || self->n_failed > 0)) {
		for (guint i = 0; i < self->finished->len; i++)
			write_finished(self, g_ptr_array_index(self->finished, i));
		perfdash_run_builder_set_outcome(self->builder,
						 self->finished->len > 0 ? PERFDASH_OUTCOME_PARTIAL
									 : PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder, "the table of results is missing");
	} else {
		end_table(self);
	}
	g_ptr_array_set_size(self->finished, 0);
	self->is_running = FALSE;
	self->n_failed = 0;
}

static gboolean
read_fact(Text *self, const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
		const char *text = reader_after(line, facts[i].prefix);
		if (text == NULL)
			continue;
		g_autofree char *value = reader_name(text);
		if (!self->is_running)
			begin_run(self);
		if (facts[i].is_environment)
			perfdash_run_builder_set_environment(self->builder, facts[i].key, value);
		else
			perfdash_run_builder_set_parameter(self->builder, facts[i].key, value);
		return TRUE;
	}
	return FALSE;
}

static const char *
find_mode(const char *text)
{
	static const char *const names[] = {"Throughput",
					    "Average time",
					    "Sampling time",
					    "Single shot"};
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_str_has_prefix(text, names[i]))
			return modes[i];
	}
	return NULL;
}

/* (n = 1, kind = x) as " n=1 kind=x" */
static char *
get_arguments(const char *text)
{
	g_autoptr(GString) all = g_string_new(NULL);
	g_autofree char *inner = g_strndup(text + 1, MAX(strlen(text), 2) - 2);
	g_auto(GStrv) parts = g_strsplit(inner, ", ", -1);
	for (guint i = 0; parts[i] != NULL; i++) {
		g_auto(GStrv) sides = g_strsplit(parts[i], " = ", 2);
		g_autofree char *one = g_strjoinv("=", sides);
		g_string_append_printf(all, " %s", one);
	}
	return g_strdup(all->str);
}

static void
take_result(Text *self, const char *name)
{
	Finished *one = g_new0(Finished, 1);
	g_autofree char *plain = g_strndup(name, strcspn(name, "\""));
	g_autofree char *all = g_strconcat(plain, self->arguments, NULL);
	one->benchmark = reader_name(all);
	one->mode = g_strdup(self->mode != NULL ? self->mode : "score");
	one->line = self->line;
	g_ptr_array_add(self->finished, one);
}

/* "  782.015 ±(99.9%) 78.340 ops/s [Average]", or without the error */
static void
read_score(Finished *one, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	guint n = g_strv_length(words);
	if (n < 2 || !read_number(words[0], &one->score))
		return;
	for (guint i = 1; i < n; i++) {
		if (strstr(words[i], "ops/") != NULL || g_str_has_suffix(words[i], "/op")) {
			one->unit = jmh_unit_find(words[i]);
			one->has_score = TRUE;
		}
	}
}

/* "  (min, avg, max) = (388.758, 782.015, 996.012), stdev = 139.250" */
static void
read_range(Finished *one, const char *line)
{
	const char *p = strstr(line, ") = (");
	const char *sd = strstr(line, "stdev = ");
	if (p == NULL || sd == NULL)
		return;
	g_auto(GStrv) parts = g_strsplit_set(p + strlen(") = ("), " )", -1);
	for (guint i = 0; i < 3 && parts[i] != NULL; i++) {
		gsize length = strlen(parts[i]);
		if (length > 0 && parts[i][length - 1] == ',')
			parts[i][length - 1] = '\0';
	}
	one->has_range = g_strv_length(parts) >= 3 && read_number(parts[0], &one->min) &&
			 read_number(parts[2], &one->max) &&
			 read_number(sd + strlen("stdev = "), &one->sd);
}

static void
read_progress(Text *self, const char *line)
{
	const char *mode = reader_after(line, "# Benchmark mode: ");
	const char *arguments = reader_after(line, "# Parameters: ");
	const char *result = reader_after(line, "Result \"");
	Finished *last = self->finished->len > 0
				 ? g_ptr_array_index(self->finished, self->finished->len - 1)
				 : NULL;
	if (read_fact(self, line) || !self->is_running)
		return;
	if (mode != NULL) {
		g_free(self->mode);
		self->mode = g_strdup(find_mode(mode));
		g_clear_pointer(&self->arguments, g_free);
	} else if (arguments != NULL && *arguments == '(') {
		g_free(self->arguments);
		self->arguments = get_arguments(arguments);
	} else if (result != NULL) {
		take_result(self, result);
	} else if (last != NULL && !last->has_score && self->line <= last->line + 2) {
		read_score(last, line);
	} else if (last != NULL && !last->has_range && self->line <= last->line + 4) {
		read_range(last, line);
	} else if (g_str_equal(line, "<failure>") || g_str_has_suffix(line, ": <failure>")) {
		self->n_failed++;
		perfdash_run_builder_add_warning(self->builder, "a benchmark failed");
	}
}

/* the columns of parameters; NULL when the line is no header */
static GPtrArray *
read_header(const char *line)
{
	if (!g_str_has_prefix(line, "Benchmark "))
		return NULL;
	g_auto(GStrv) words = reader_words(line);
	g_autoptr(GPtrArray) parameters = g_ptr_array_new_with_free_func(g_free);
	guint i = 1;
	for (; words[i] != NULL && *words[i] == '('; i++)
		g_ptr_array_add(parameters, g_strndup(words[i] + 1, MAX(strlen(words[i]), 2) - 2));
	gboolean has_count = g_strcmp0(words[i], "Mode") == 0 && words[i + 1] != NULL &&
			     (g_str_equal(words[i + 1], "Cnt") ||
			      g_str_equal(words[i + 1], "Samples") ||
			      g_str_equal(words[i + 1], "Score") ||
			      g_str_equal(words[i + 1], "Mean"));
	if (!has_count || strstr(line, " Units") == NULL)
		return NULL;
	return g_steal_pointer(&parameters);
}

/* what stands below a column of the header; columns end where their cells end */
static char *
cut_cell(Text *self, const char *line, const char *name)
{
	g_autofree char *title = g_strdup_printf("(%s)", name);
	const char *at = strstr(self->header, title);
	gsize end = at != NULL ? at - self->header + strlen(title) : 0;
	gsize begin = at != NULL ? at - self->header : 0;
	if (at == NULL || !g_utf8_validate(line, -1, NULL) || g_utf8_strlen(line, -1) < (long)end)
		return NULL;
	const char *p = g_utf8_offset_to_pointer(line, begin);
	const char *stop = g_utf8_offset_to_pointer(line, end);
	/* two blanks are before the cell, which may be wider than its title */
	while (p > line + 1 && !(p[-1] == ' ' && p[-2] == ' '))
		p--;
	g_autofree char *cell = g_strndup(p, MAX(stop - p, 0));
	g_strstrip(cell);
	return *cell != '\0' ? g_steal_pointer(&cell) : NULL;
}

static char *
join_name(Text *self, const char *line, GStrv words, guint mode)
{
	g_autoptr(GString) name = g_string_new(NULL);
	guint n = self->parameters->len;
	g_string_append_len(name, words[0], strcspn(words[0], ":"));
	for (guint i = 0; i < n; i++) {
		const char *key = g_ptr_array_index(self->parameters, i);
		/* values may have blanks */
		g_autofree char *value = mode - 1 == n ? g_strdup(words[1 + i])
						       : cut_cell(self, line, key);
		if (value != NULL && !g_str_equal(value, "N/A"))
			g_string_append_printf(name, " %s=%s", key, value);
	}
	return reader_name(name->str);
}

/* the percentile that a row is of the benchmark above it: "name:name·p0.99", "name:p0.99" */
static char *
find_percentile(const char *name)
{
	const char *colon = strchr(name, ':');
	const char *dot = colon != NULL ? g_strrstr(colon,
						    "\xc2\xb7"
						    "p")
					: NULL;
	const char *number = dot != NULL ? dot + 3 : NULL;
	if (number == NULL && colon != NULL && colon[1] == 'p')
		number = colon + 2;
	return number != NULL ? jmh_find_percentile(number, 1) : NULL;
}

static void
add_score(Text *self,
	  const char *benchmark,
	  const char *row_name,
	  const char *mode,
	  const JmhUnit *unit,
	  double score)
{
	const char *colon = strchr(row_name, ':');
	g_autofree char *metric = reader_name(colon != NULL ? jmh_skip_dot(colon + 1) : mode);
	g_autofree char *stat = find_percentile(row_name);
	double value = jmh_unit_convert(unit, score);
	if (stat != NULL) {
		if (g_strcmp0(self->main, benchmark) == 0)
			jmh_add_stat(self->builder, self->stats, stat, value);
		return;
	}
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					metric,
					unit->unit,
					unit->direction,
					value);
	g_free(self->main);
	self->main = colon == NULL ? g_strdup(benchmark) : NULL;
	g_ptr_array_set_size(self->stats, 0);
}

/* FALSE when the line is no row */
static gboolean
read_row(Text *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	guint n = g_strv_length(words);
	guint mode = 1;
	double score;
	while (mode < n && !g_strv_contains(modes, words[mode]))
		mode++;
	if (n < 4 || mode + 2 >= n)
		return FALSE;
	/* between mode and unit: [count] score [± error] */
	guint n_left = n - mode - 2;
	gboolean has_error = n_left >= 3 && g_str_equal(words[n - 3], "\xc2\xb1");
	g_autofree char *benchmark = join_name(self, line, words, mode);
	JmhUnit unit = jmh_unit_find(words[n - 1]);
	gboolean has_bare_error = self->has_bare_error && n_left >= 3;
	const char *text = words[n - (has_error ? 4 : has_bare_error ? 3 : 2)];
	if (strstr(line, "\xe2\x89\x88") != NULL)
		perfdash_run_builder_add_warning(self->builder,
						 "%s: the score is too small to be printed",
						 benchmark);
	else if (unit.unit != NULL && read_number(text, &score))
		add_score(self, benchmark, words[0], words[mode], &unit, score);
	return TRUE;
}

static void
read_record(Text *self, const char *line)
{
	g_auto(ReaderCsv) csv;
	g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
	double score;
	reader_csv_init(&csv, bytes, self->separator);
	GPtrArray *fields = reader_csv_next(&csv);
	if (fields == NULL || fields->len != self->csv->len) {
		g_clear_pointer(&self->csv, g_ptr_array_unref);
		return;
	}
	const char *name = reader_csv_get(fields, 0);
	g_autoptr(GString) all = g_string_new(NULL);
	g_string_append_len(all, name, strcspn(name, ":"));
	JmhUnit unit = jmh_unit_find(reader_csv_get(fields, reader_csv_find(self->csv, "Unit")));
	for (guint i = 0; i < self->csv->len; i++) {
		const char *key = reader_after(g_ptr_array_index(self->csv, i), "Param: ");
		const char *value = reader_csv_get(fields, i);
		if (key != NULL && *value != '\0')
			g_string_append_printf(all, " %s=%s", key, value);
	}
	g_autofree char *benchmark = reader_name(all->str);
	const char *text = reader_csv_get(fields, reader_csv_find(self->csv, "Score"));
	if (unit.unit != NULL && read_number(text, &score))
		add_score(self, benchmark, name, reader_csv_get(fields, 1), &unit, score);
}

static gboolean
read_csv_header(Text *self, const char *line)
{
	static const char *const headers[] = {"\"Benchmark\",\"Mode\",\"Threads\"",
					      "\"Benchmark\";\"Mode\";\"Threads\""};
	for (guint i = 0; i < G_N_ELEMENTS(headers); i++) {
		if (!g_str_has_prefix(line, headers[i]))
			continue;
		g_auto(ReaderCsv) csv;
		g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
		self->separator = headers[i][strlen("\"Benchmark\"")];
		reader_csv_init(&csv, bytes, self->separator);
		g_clear_pointer(&self->csv, g_ptr_array_unref);
		self->csv = g_ptr_array_ref(reader_csv_next(&csv));
		end_run(self);
		begin_run(self);
		self->is_running = FALSE;
		return TRUE;
	}
	return FALSE;
}

static void
take_header(Text *self, const char *line, GPtrArray *parameters)
{
	if (!self->is_running)
		begin_run(self);
	g_ptr_array_set_size(self->finished, 0);
	g_clear_pointer(&self->parameters, g_ptr_array_unref);
	g_clear_pointer(&self->main, g_free);
	self->parameters = parameters;
	g_free(self->header);
	self->header = g_strdup(line);
	self->has_bare_error = strstr(line, " error ") != NULL;
	self->is_running = FALSE;
}

static void
read_line(Text *self, const char *line)
{
	GPtrArray *parameters = read_header(line);
	if (parameters != NULL) {
		take_header(self, line, parameters);
		return;
	}
	if (self->parameters != NULL && read_row(self, line)) {
		self->n_rows++;
		return;
	}
	g_clear_pointer(&self->parameters, g_ptr_array_unref);
	if (read_csv_header(self, line))
		return;
	if (self->csv != NULL)
		read_record(self, line);
	else
		read_progress(self, line);
}

static void
end_text(Text *self, gboolean is_cut)
{
	if (is_cut && (self->parameters != NULL || self->csv != NULL)) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the last line has no end: the log was cut off");
	}
	end_run(self);
	g_clear_pointer(&self->parameters, g_ptr_array_unref);
	g_clear_pointer(&self->csv, g_ptr_array_unref);
	g_free(self->main);
	g_free(self->header);
	g_free(self->mode);
	g_free(self->arguments);
}

void
jmh_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_autoptr(GPtrArray)
		finished = g_ptr_array_new_with_free_func((GDestroyNotify)finished_free);
	g_autoptr(GPtrArray) stats = g_ptr_array_new_with_free_func(g_free);
	Text text = {.builder = builder, .finished = finished, .stats = stats};
	g_auto(ReaderLines) lines;
	const char *line;
	gboolean is_cut = FALSE;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		text.line = lines.number;
		is_cut = lines.is_cut && *line != '\0';
		if (!is_cut)
			read_line(&text, line);
	}
	end_text(&text, is_cut);
}
