/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table for people and the comma-separated values. Names may have blanks; a row is one when two
 * times with the same unit stand in it. Bytes are counted in 1024, which until 1.7 only their name
 * says (17.2G/s, later 17.2Gi/s); until 1.4 they have none (17.2GB/s), and items are counted in
 * 1024, too. --benchmark_counters_tabular writes a new header in the middle of a run when counters
 * change. What was set up (Running ..., Run on ...) goes to stderr and may be missing. */

#include "google-benchmark.h"

#include <string.h>

#include "reader-csv.h"
#include "reader-quantity.h"
#include "reader-start.h"
#include "reader-text.h"

#define CSV_HEADER "name,iterations,real_time,cpu_time,time_unit"

/* what is printed before a table */
typedef struct {
	char *line_before; /* nullable */
	char *date;        /* nullable */
	double n_cpus, mhz;
	gboolean is_debug;
	gboolean is_new; /* since the last row */
} Context;

typedef struct {
	PerfdashRunBuilder *builder;
	GbRows *rows;
	Context context;
	char *header;   /* of the table or of the values, nullable */
	GStrv counters; /* that are columns, nullable */
	GPtrArray *csv; /* nullable: fields of the header */
	guint line;
	guint n_errors;
	guint n_runs;
} Text;

static void
context_clear(Context *context)
{
	g_clear_pointer(&context->line_before, g_free);
	g_clear_pointer(&context->date, g_free);
	memset(context, 0, sizeof(*context));
}

static const char *
find_unit(const char *word, gsize length)
{
	static const char *const units[] = {"ns", "us", "ms", "s", "%"};
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (strlen(units[i]) == length && memcmp(units[i], word, length) == 0)
			return units[i];
	}
	return NULL;
}

/* a time and its unit, or a coefficient and its order; gives what follows, or NULL */
static const char *
read_time(const char *p, double *value, const char **unit, gsize *length)
{
	const char *rest;
	if (!reader_number(p, value, &rest) || (*rest != ' ' && *rest != '\t'))
		return NULL;
	*unit = rest + strspn(rest, " \t");
	*length = strcspn(*unit, " \t");
	return *length > 0 ? *unit + *length : NULL;
}

/* what follows two times with the same unit, or NULL */
static const char *
read_times(const char *p, double times[2], const char **unit, gsize *length)
{
	const char *second;
	gsize second_length;
	p = read_time(p, &times[0], unit, length);
	p = p != NULL ? read_time(p, &times[1], &second, &second_length) : NULL;
	return p != NULL && second_length == *length && memcmp(*unit, second, *length) == 0 ? p
											    : NULL;
}

/* a power of 1000, or of 1024 when an i stands behind it */
static int
read_prefix(const char **p, gboolean *is_binary)
{
	static const char prefixes[] = "yzafpnum kMGTPEZY";
	/* version 1.8 writes k, but Ki */
	char prefix = g_str_has_prefix(*p, "Ki") ? 'k' : **p;
	const char *found = prefix != '\0' && prefix != ' ' ? strchr(prefixes, prefix) : NULL;
	*is_binary = FALSE;
	if (found == NULL)
		return 0;
	(*p)++;
	*is_binary = **p == 'i';
	*p += *is_binary;
	return found - strchr(prefixes, ' ');
}

static double
scale(const char *number, int power, gboolean is_binary)
{
	double value = 0;
	reader_scaled(number, is_binary ? 0 : 3 * power, &value);
	for (; is_binary && power > 0; power--)
		value *= 1024;
	return value;
}

static const char *
find_counter_unit(const char *text, gboolean is_bytes)
{
	if (g_str_equal(text, "/s"))
		return is_bytes ? "B/s" : "1/s";
	if (g_str_equal(text, "s") || g_str_equal(text, "%"))
		return *text == 's' ? "s" : "%";
	return *text == '\0' ? "1" : NULL;
}

static gboolean
add_counter(GbRow *row, const char *name, const char *number)
{
	const char *p;
	double value;
	gboolean is_binary;
	gboolean is_bytes = g_str_equal(name, "bytes_per_second");
	if (!reader_number(number, &value, &p))
		return FALSE;
	int power = read_prefix(&p, &is_binary);
	const char *unit = find_counter_unit(p, is_bytes);
	if (unit == NULL)
		return FALSE;
	g_autofree char *metric = reader_name(name);
	gb_row_add_counter(row, metric, unit, scale(number, power, is_binary || is_bytes));
	return TRUE;
}

/* as version 1.4 and older printed bytes and items per second */
static gboolean
add_nameless(GbRow *row, const char *word, const char *next)
{
	const char *p;
	double value;
	gboolean is_binary;
	if (!reader_number(word, &value, &p))
		return FALSE;
	int power = read_prefix(&p, &is_binary);
	if (g_str_equal(p, "B/s"))
		gb_row_add_counter(row, "bytes_per_second", "B/s", scale(word, power, TRUE));
	else if (*p == '\0' && g_strcmp0(next, "items/s") == 0)
		gb_row_add_counter(row, "items_per_second", "1/s", scale(word, power, TRUE));
	else
		return FALSE;
	return TRUE;
}

/* what stands behind the iterations: counters, and then the label */
static void
read_counters(Text *self, GbRow *row, const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	guint n_columns = self->counters != NULL ? g_strv_length(self->counters) : 0;
	if (n_columns > 0 && g_strv_length(words) < n_columns)
		return;
	for (guint i = 0; words[i] != NULL; i++) {
		char *equals = strchr(words[i], '=');
		if (i < n_columns) {
			add_counter(row, self->counters[i], words[i]);
		} else if (equals != NULL && equals != words[i]) {
			*equals = '\0';
			if (!add_counter(row, words[i], equals + 1))
				return;
		} else if (!add_nameless(row, words[i], words[i + 1])) {
			return;
		} else {
			i += g_strcmp0(words[i + 1], "items/s") == 0;
		}
	}
}

static void
add_rms(Text *self, const char *name, double percent)
{
	g_autofree char *benchmark = g_strndup(name, strlen(name) - strlen("_RMS"));
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"complexity_rms",
					"%",
					PERFDASH_DIRECTION_LOWER,
					percent);
}

static gboolean
add_row(Text *self, const char *line, const char *times_at)
{
	double times[2], iterations;
	const char *unit_text, *rest;
	gsize unit_length;
	const char *p = read_times(times_at, times, &unit_text, &unit_length);
	if (p == NULL)
		return FALSE;
	const char *unit = find_unit(unit_text, unit_length);
	g_autofree char *text = g_strndup(line, times_at - line);
	g_autofree char *name = reader_name(text);
	gboolean has_iterations = reader_number(p, &iterations, &rest);
	if (!has_iterations && g_str_has_suffix(name, "_RMS") && g_strcmp0(unit, "%") == 0)
		add_rms(self, name, times[0]);
	else if (!has_iterations && !g_str_has_suffix(name, "_BigO"))
		return FALSE;
	if (unit == NULL || !has_iterations)
		return TRUE;
	GbRow *row = gb_rows_add(self->rows, g_steal_pointer(&name), self->line);
	row->unit = unit;
	row->real = times[0];
	row->cpu = times[1];
	row->iterations = iterations;
	read_counters(self, row, rest);
	return TRUE;
}

static gboolean
add_error(Text *self, const char *line)
{
	static const char *const marks[] = {" ERROR OCCURRED: ", " SKIPPED: "};
	for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
		const char *at = strstr(line, marks[i]);
		if (at == NULL)
			continue;
		g_autofree char *text = g_strndup(line, at - line);
		g_autofree char *name = reader_name(text);
		const char *message = at + strlen(marks[i]);
		perfdash_run_builder_add_warning(self->builder, "%s: %s", name, message);
		self->n_errors++;
		return TRUE;
	}
	return FALSE;
}

static void
read_row(Text *self, const char *line)
{
	if (*line == '\0' || g_ascii_isspace(*line) || add_error(self, line))
		return;
	/* where the times stand is not known: names may have blanks and numbers */
	for (const char *p = line + strcspn(line, " "); *p != '\0'; p += strcspn(p, " ")) {
		p += strspn(p, " ");
		if (add_row(self, line, p)) {
			self->context.is_new = FALSE;
			return;
		}
	}
}

static int
find_field(Text *self, const char *name)
{
	return reader_csv_find(self->csv, name);
}

static void
read_csv_counters(Text *self, GbRow *row, GPtrArray *fields)
{
	for (guint i = find_field(self, "time_unit") + 1; i < self->csv->len; i++) {
		const char *name = g_ptr_array_index(self->csv, i);
		double value;
		if (g_str_equal(name, "label") || g_str_has_prefix(name, "error_") ||
		    !reader_number(reader_csv_get(fields, i), &value, NULL))
			continue;
		g_autofree char *metric = reader_name(name);
		gboolean is_bytes = g_str_equal(name, "bytes_per_second");
		gboolean is_items = g_str_equal(name, "items_per_second");
		gb_row_add_counter(row, metric, is_bytes ? "B/s" : is_items ? "1/s" : "1", value);
	}
}

static void
read_csv_error(Text *self, const char *name, GPtrArray *fields)
{
	const char *message = reader_csv_get(fields, find_field(self, "error_message"));
	perfdash_run_builder_add_warning(self->builder, "%s: %s", name, message);
	self->n_errors++;
}

static void
read_csv_record(Text *self, GPtrArray *fields)
{
	static const char *const columns[] = {"real_time", "cpu_time", "iterations"};
	double values[G_N_ELEMENTS(columns)];
	const char *unit = reader_csv_get(fields, find_field(self, "time_unit"));
	g_autofree char *name = reader_name(reader_csv_get(fields, find_field(self, "name")));
	gboolean is_failed = g_str_equal(reader_csv_get(fields, find_field(self, "error_occurred")),
					 "true");
	if (is_failed)
		read_csv_error(self, name, fields);
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		const char *field = reader_csv_get(fields, find_field(self, columns[i]));
		if (is_failed || !reader_number(field, &values[i], NULL)) {
			if (i == 2 && g_str_has_suffix(name, "_RMS"))
				add_rms(self, name, values[0] * 100);
			return;
		}
	}
	if (*unit != '\0' && find_unit(unit, strlen(unit)) == NULL)
		return;
	GbRow *row = gb_rows_add(self->rows, g_steal_pointer(&name), self->line);
	row->unit = *unit != '\0' ? find_unit(unit, strlen(unit)) : "ratio";
	row->real = values[0];
	row->cpu = values[1];
	row->iterations = values[2];
	read_csv_counters(self, row, fields);
	self->context.is_new = FALSE;
}

/* the fields of one line; messages with line ends are not read across them */
static GPtrArray *
split_csv(const char *line)
{
	g_auto(ReaderCsv) csv;
	g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
	reader_csv_init(&csv, bytes, ',');
	GPtrArray *fields = reader_csv_next(&csv);
	return fields != NULL ? g_ptr_array_ref(fields) : NULL;
}

static void
write_context(Text *self)
{
	Context *context = &self->context;
	perfdash_run_builder_set_label(self->builder, "tool", "google-benchmark");
	reader_set_start_text(self->builder, context->date);
	if (context->n_cpus > 0) {
		g_autofree char *cpus = g_strdup_printf("%.0f", context->n_cpus);
		g_autofree char *mhz = g_strdup_printf("%.0f", context->mhz);
		perfdash_run_builder_set_environment(self->builder, "num_cpus", cpus);
		perfdash_run_builder_set_environment(self->builder, "mhz_per_cpu", mhz);
	}
	if (context->is_debug)
		perfdash_run_builder_set_environment(self->builder, "library_build_type", "debug");
}

static void
end_run(Text *self, gboolean is_cut)
{
	guint n_results = perfdash_run_builder_get_n_results(self->builder);
	if (self->header == NULL)
		return;
	if (is_cut) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the last line has no end: the log was cut off");
	} else if (self->n_errors > 0 && n_results + gb_rows_get_n(self->rows) == 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	}
	gb_rows_write(self->rows, self->builder);
	g_clear_pointer(&self->header, g_free);
	g_clear_pointer(&self->csv, g_ptr_array_unref);
	g_clear_pointer(&self->counters, g_strfreev);
	self->n_errors = 0;
}

/* of a table, the columns behind the iterations; NULL when the line is no header of one */
static const char *
find_columns(const char *line)
{
	static const char *const columns[] = {"Benchmark", "Time", "CPU", "Iterations"};
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		line = reader_after(line, columns[i]);
		if (line == NULL)
			return NULL;
	}
	return line;
}

static gboolean
begins_run(Text *self, const char *header)
{
	return self->header == NULL || self->context.is_new || self->csv != NULL ||
	       strstr(header, "UserCounters...") != NULL || g_str_equal(header, self->header);
}

static void
take_header(Text *self, const char *line, const char *columns)
{
	if (begins_run(self, line)) {
		end_run(self, FALSE);
		if (self->n_runs++ > 0)
			perfdash_run_builder_next_run(self->builder);
		write_context(self);
		context_clear(&self->context);
	}
	g_free(self->header);
	self->header = g_strdup(line);
	g_clear_pointer(&self->counters, g_strfreev);
	if (columns == NULL)
		self->csv = split_csv(line);
	else if (strstr(columns, "UserCounters...") == NULL)
		self->counters = reader_words(columns);
}

static void
read_context(Text *self, const char *line)
{
	Context *context = &self->context;
	if (g_str_has_prefix(line, "Running ")) {
		g_autofree char *date = g_steal_pointer(&context->line_before);
		context_clear(context);
		context->date = g_steal_pointer(&date);
		context->is_new = TRUE;
	} else if (g_str_has_prefix(line, "Run on (")) {
		context->is_new = TRUE;
		reader_number_after(line, "(", &context->n_cpus);
		reader_number_after(line, " X ", &context->mhz);
	} else if (strstr(line, "***WARNING*** Library was built as DEBUG") != NULL) {
		context->is_debug = TRUE;
	}
	g_free(context->line_before);
	context->line_before = strlen(line) < 40 ? g_strdup(line) : NULL;
}

static gboolean
read_check(Text *self, const char *line)
{
	if (self->csv == NULL || strstr(line, "csv_reporter.cc") == NULL)
		return FALSE;
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder, line);
	return TRUE;
}

static void
read_line(Text *self, const char *line)
{
	const char *columns = find_columns(line);
	read_context(self, line);
	if (columns != NULL || g_str_has_prefix(line, CSV_HEADER)) {
		take_header(self, line, columns);
	} else if (self->csv != NULL && *line == '"') {
		g_autoptr(GPtrArray) fields = split_csv(line);
		if (fields != NULL && fields->len == self->csv->len)
			read_csv_record(self, fields);
	} else if (self->csv == NULL && self->header != NULL) {
		read_row(self, line);
	} else {
		read_check(self, line);
	}
}

void
gb_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_autoptr(GbRows) rows = gb_rows_new();
	Text text = {.builder = builder, .rows = rows};
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
	end_run(&text, is_cut);
	context_clear(&text.context);
}
