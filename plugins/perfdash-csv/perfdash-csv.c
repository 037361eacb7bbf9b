/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results as a table that any script or spreadsheet can write, see docs/perfdash-csv.md:
 *
 *   benchmark,metric,unit,value,direction,stat,label:threads
 *   login,latency,ms,31.15,lower,,4
 *   login,latency,ms,88.3,lower,p99,4
 *
 * Many tables have such columns among others; only one that has the four it must have, and none but
 * those above, is ours. It may stand anywhere in a console. */

#include <math.h>
#include <string.h>

#include "reader-csv.h"
#include "reader-text.h"

#define LABEL_PREFIX "label:"
#define MAX_COLUMNS  64
#define MAX_UNIT     32 /* bytes */
#define MAX_TABLES   1000

typedef enum {
	BENCHMARK,
	METRIC,
	UNIT,
	VALUE,
	N_NEEDED,
	DIRECTION = N_NEEDED,
	STAT,
	N_COLUMNS,
} Column;

static const char *const names[N_COLUMNS] =
	{"benchmark", "metric", "unit", "value", "direction", "stat"};

typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *header;      /* of char *, of the table that is being read; NULL before it */
	int columns[N_COLUMNS]; /* where they stand, or -1 */
	char *last;             /* what tells the last result from others, nullable */
	const char *base;       /* its unit */
	GHashTable *stats;      /* names of its statistics */
	gboolean is_cut;
} Table;

static gboolean
is_label(const char *name)
{
	g_autoptr(PerfdashLabels) none = perfdash_labels_new();
	if (!g_str_has_prefix(name, LABEL_PREFIX))
		return FALSE;
	g_autoptr(PerfdashLabels)
		labels = perfdash_labels_with(none, name + strlen(LABEL_PREFIX), "value", NULL);
	return labels != NULL;
}

static int
find_name(const char *name)
{
	for (guint i = 0; i < N_COLUMNS; i++) {
		if (g_str_equal(names[i], name))
			return i;
	}
	return -1;
}

/* where the columns stand; FALSE when not all that is needed is there, or something else */
static gboolean
find_columns(GPtrArray *header, int *columns)
{
	for (guint i = 0; i < N_COLUMNS; i++)
		columns[i] = -1;
	if (header == NULL || header->len > MAX_COLUMNS)
		return FALSE;
	for (guint i = 0; i < header->len; i++) {
		const char *name = g_ptr_array_index(header, i);
		int column = find_name(name);
		if ((column < 0 && !is_label(name)) || (column >= 0 && columns[column] >= 0))
			return FALSE;
		if (column >= 0)
			columns[column] = i;
	}
	for (guint i = 0; i < N_NEEDED; i++) {
		if (columns[i] < 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_header(GPtrArray *fields)
{
	int columns[N_COLUMNS];
	return find_columns(fields, columns);
}

static gboolean
take_header(Table *self, GPtrArray *header)
{
	if (!find_columns(header, self->columns))
		return FALSE;
	g_clear_pointer(&self->header, g_ptr_array_unref);
	self->header = reader_csv_copy(header);
	return TRUE;
}

/* the separator by which a line is a header, or 0 */
static char
find_separator(Table *self, const char *line)
{
	for (guint i = 0; i < N_NEEDED; i++) {
		if (strstr(line, names[i]) == NULL)
			return '\0';
	}
	g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
	for (const char *separator = ",;\t"; *separator != '\0'; separator++) {
		g_auto(ReaderCsv) csv = {0};
		reader_csv_init(&csv, bytes, *separator);
		if (take_header(self, reader_csv_next(&csv)))
			return *separator;
	}
	return '\0';
}

static const char *
get(Table *self, GPtrArray *fields, Column column)
{
	return reader_csv_get(fields, self->columns[column]);
}

static gboolean
is_stat(const char *name)
{
	static const char *const words[] = {"n", "min", "max", "mean", "sd", NULL};
	char *end = NULL;
	if (g_strv_contains(words, name))
		return TRUE;
	if (*name != 'p' || !g_ascii_isdigit(name[1]) || strlen(name) > 16)
		return FALSE;
	double percent = g_ascii_strtod(name + 1, &end);
	return *end == '\0' && percent >= 0 && percent <= 100;
}

/* all fields of a record that are labels of its result */
static char *
identify(Table *self, GPtrArray *fields)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < self->header->len; i++) {
		int column = find_name(g_ptr_array_index(self->header, i));
		if (column < 0 || column == BENCHMARK || column == METRIC)
			g_string_append_printf(text, "%s\n", reader_csv_get(fields, i));
	}
	return g_string_free(text, FALSE);
}

static void
add_labels(Table *self, GPtrArray *fields)
{
	for (guint i = 0; i < self->header->len; i++) {
		const char *name = g_ptr_array_index(self->header, i);
		if (!g_str_has_prefix(name, LABEL_PREFIX) || *reader_csv_get(fields, i) == '\0')
			continue;
		g_autofree char *value = reader_name(reader_csv_get(fields, i));
		perfdash_run_builder_add_result_label(self->builder,
						      name + strlen(LABEL_PREFIX),
						      value);
	}
}

static void
add_result(Table *self, GPtrArray *fields, PerfdashDirection direction, double value)
{
	g_autofree char *benchmark = reader_name(get(self, fields, BENCHMARK));
	g_autofree char *metric = reader_name(get(self, fields, METRIC));
	/* in the base unit, so that its statistics may be in another one of its kind */
	self->base = perfdash_unit_to_base(get(self, fields, UNIT), value, &value);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					metric,
					self->base,
					direction,
					value);
	add_labels(self, fields);
	g_free(self->last);
	self->last = identify(self, fields);
	g_hash_table_remove_all(self->stats);
}

/* NULL, or why the record is no statistic of the last result */
static const char *
add_stat(Table *self, GPtrArray *fields, double value)
{
	const char *name = get(self, fields, STAT);
	const char *unit = get(self, fields, UNIT);
	g_autofree char *identity = identify(self, fields);
	double base_value;
	const char *base = perfdash_unit_to_base(unit, value, &base_value);
	if (!is_stat(name))
		return "stat is none of n, min, max, mean, sd, p0 to p100";
	if (g_strcmp0(self->last, identity) != 0)
		return "a statistic stands behind its result, with the same benchmark, metric and "
		       "labels";
	if (!g_str_equal(name, "n") && !g_str_equal(base, self->base))
		return "a statistic has the unit of its result";
	if (!g_hash_table_add(self->stats, g_strdup(name)))
		return "the statistic is there twice";
	perfdash_run_builder_add_stat(self->builder,
				      name,
				      g_str_equal(name, "n") ? value : base_value);
	return NULL;
}

/* NULL, or why the record is no result */
static const char *
read_record(Table *self, GPtrArray *fields)
{
	const char *unit = get(self, fields, UNIT);
	const char *direction_text = get(self, fields, DIRECTION);
	const char *rest;
	double value;
	double base_value;
	if (fields->len != self->header->len)
		return "it has more or less fields than the header";
	if (*get(self, fields, BENCHMARK) == '\0' || *get(self, fields, METRIC) == '\0')
		return "it has no benchmark or no metric";
	g_autofree char *valid = reader_name(unit);
	if (*unit == '\0' || strlen(unit) > MAX_UNIT || !g_str_equal(valid, unit))
		return "its unit is not 1 to 32 bytes of text";
	if (!reader_number(get(self, fields, VALUE), &value, &rest) ||
	    rest[strspn(rest, " ")] != '\0')
		return "its value is no number";
	perfdash_unit_to_base(unit, value, &base_value);
	if (!isfinite(base_value))
		return "its value is too large";
	PerfdashDirection direction = perfdash_direction_of_unit(unit);
	if (*direction_text != '\0' && !perfdash_direction_from_string(direction_text, &direction))
		return "its direction is none of lower, higher, none";
	if (*get(self, fields, STAT) != '\0')
		return add_stat(self, fields, value);
	add_result(self, fields, direction, value);
	return NULL;
}

/* reads the table that begins at a line, and goes on behind it */
static void
read_table(Table *self, GBytes *log, ReaderLines *lines, const char *start, char separator)
{
	const char *data = g_bytes_get_data(log, NULL);
	guint before = lines->number - 1;
	g_autoptr(GBytes) rest = g_bytes_new_from_bytes(log, start - data, lines->end - start);
	g_auto(ReaderCsv) csv = {0};
	GPtrArray *fields;
	reader_csv_init(&csv, rest, separator);
	reader_csv_next(&csv);
	while ((fields = reader_csv_next(&csv)) != NULL && fields->len > 1 && !is_header(fields)) {
		guint line = before + csv.line;
		lines->p = MIN(csv.p, lines->end);
		lines->number = before + csv.next_line - 1;
		self->is_cut |= csv.is_cut;
		if (csv.is_cut)
			return;
		perfdash_run_builder_set_line(self->builder, line);
		const char *problem = read_record(self, fields);
		if (problem != NULL)
			perfdash_run_builder_add_warning(self->builder,
							 "line %u is left out: %s",
							 line,
							 problem);
	}
}

static void
end_run(Table *self)
{
	if (!self->is_cut)
		return;
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder,
					 "the last line has no end and is not read: the log is cut "
					 "off");
}

/* each header begins one */
static void
begin_next_run(Table *self)
{
	end_run(self);
	perfdash_run_builder_next_run(self->builder);
	g_clear_pointer(&self->last, g_free);
	self->is_cut = FALSE;
}

/* for people who wonder, and say that the log is such a table */
static void
explain_nothing(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_add_warning(builder,
					 "no line is a header: benchmark, metric, unit and value "
					 "must be there, and nothing else but direction, stat and "
					 "label:KEY, without blanks");
}

static gboolean
csv_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	g_auto(ReaderLines) lines = {0};
	g_autoptr(GHashTable) stats = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Table table = {.builder = builder, .stats = stats};
	guint n_tables = 0;
	reader_lines_init(&lines, log, builder);
	while (n_tables < MAX_TABLES) {
		const char *start = lines.p;
		const char *line = reader_lines_next(&lines);
		if (line == NULL)
			break;
		char separator = find_separator(&table, line);
		if (separator == '\0')
			continue;
		if (n_tables++ > 0)
			begin_next_run(&table);
		read_table(&table, log, &lines, start, separator);
	}
	if (n_tables == 0)
		explain_nothing(builder);
	end_run(&table);
	g_clear_pointer(&table.header, g_ptr_array_unref);
	g_free(table.last);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(CsvParser,
		       csv_parser,
		       NULL,
		       csv_parser_parse,
		       "perfdash-csv",
		       "2",
		       "perfdash's own table, any benchmark: CSV",
		       "*.perfdash.csv",
		       PERFDASH_PARSER_CONSOLE,
		       "benchmark")
