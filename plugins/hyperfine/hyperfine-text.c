/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is printed for people, the comma-separated values and the tables in Markdown, AsciiDoc and
 * Org mode. Each time of the first has its own unit; of a table the header has it. What the command
 * prints may stand between its name and its times. A cell of AsciiDoc has a line of its own. */

#include "hyperfine.h"

#include <string.h>

#include "reader-csv.h"
#include "reader-text.h"

#define CSV_HEADER "command,mean,stddev,median,user,system,min,max"
#define MAX_RECORD 16384 /* bytes */
#define N_CELLS    5

/* what is being read */
typedef enum {
	NOTHING,
	OUTPUT,
	TABLE,
} Form;

typedef struct {
	PerfdashRunBuilder *builder;
	Form form;
	HyperfineTimes times; /* of the command whose times are being read */
	char *unit;           /* of the table */
	GPtrArray *cells;     /* of the row that is being read */
	guint n_runs;
	gboolean is_over; /* a summary was read: what follows is another run */
} Text;

static void
begin_run(Text *self, Form form)
{
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	self->form = form;
	self->is_over = FALSE;
	perfdash_run_builder_set_label(self->builder, "tool", "hyperfine");
}

static void
set_partial(Text *self, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

static void
end_command(Text *self)
{
	if (self->times.mean.unit != NULL) {
		hyperfine_times_add(&self->times, self->builder);
		hyperfine_times_add_rest(&self->times, self->builder);
	}
	hyperfine_times_clear(&self->times);
}

/* the name behind "Benchmark 1: " or, until 1.12, "Benchmark #1: " */
static const char *
find_command(const char *line, double *number)
{
	const char *p = reader_after(line, "Benchmark ");
	if (p == NULL)
		return NULL;
	p += *p == '#';
	return g_ascii_isdigit(*p) && reader_number(p, number, &p) ? reader_after(p, ": ") : NULL;
}

static void
take_command(Text *self, const char *command, double number)
{
	end_command(self);
	if (self->form != OUTPUT || self->is_over || number == 1)
		self->form = NOTHING;
	self->times.command = g_strdup(command);
}

static void
take_times(Text *self, const char *line)
{
	if (self->form != OUTPUT)
		begin_run(self, OUTPUT);
	self->times.mean = reader_quantity_after(line, "): ", reader_times);
	self->times.sd = reader_quantity_after(line, "\xc2\xb1 ", reader_times);
	if (strstr(line, "mean \xc2\xb1") != NULL)
		self->times.sd = reader_quantity_after(strstr(line, "): "),
						       "\xc2\xb1",
						       reader_times);
	self->times.user = reader_quantity_after(line, "User: ", reader_times);
	self->times.system = reader_quantity_after(line, "System: ", reader_times);
	self->times.n_runs = strstr(line, "Time (abs ") != NULL;
}

static void
take_range(Text *self, const char *line)
{
	const char *rest = line;
	const char *at = strstr(line, "): ");
	self->times.min = reader_quantity(at + strlen("): "), reader_times, &rest);
	at = strstr(rest, "\xe2\x80\xa6");
	self->times.max = reader_quantity(at != NULL ? at + 3 : NULL, reader_times, &rest);
	double n_runs;
	if (self->times.max.unit != NULL && strstr(rest, " runs") != NULL &&
	    reader_number(rest, &n_runs, NULL))
		self->times.n_runs = n_runs;
	end_command(self);
}

static void
take_error(Text *self, const char *line)
{
	gboolean has_results = self->form == OUTPUT;
	if (self->times.command == NULL)
		return;
	if (!has_results)
		begin_run(self, OUTPUT);
	perfdash_run_builder_set_outcome(self->builder,
					 has_results ? PERFDASH_OUTCOME_PARTIAL
						     : PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning(self->builder, "%s: %s", self->times.command, line);
	hyperfine_times_clear(&self->times);
	self->is_over = TRUE;
}

/* blanks before the name are lost when the time of day stands before them */
static gboolean
is_own(const char *line, const char *name)
{
	line += strspn(line, " ");
	return g_str_has_prefix(line, name) && strstr(line, "): ") != NULL;
}

static void
read_output(Text *self, const char *line)
{
	double number;
	const char *command = find_command(line, &number);
	if (command != NULL)
		take_command(self, command, number);
	else if (self->times.command != NULL &&
		 (is_own(line, "Time (mean ") || is_own(line, "Time (abs ")))
		take_times(self, line);
	else if (self->times.mean.unit != NULL && is_own(line, "Range ("))
		take_range(self, line);
	else if (g_str_has_prefix(line, "Error: Command terminated with "))
		take_error(self, line);
	else if (self->form == OUTPUT && g_str_has_prefix(line, "Summary"))
		self->is_over = TRUE;
	else if (self->form == OUTPUT && strstr(line, "Ignoring non-zero exit code") != NULL)
		perfdash_run_builder_add_warning(self->builder, "a command failed in some runs");
}

static ReaderQuantity
get_seconds(GPtrArray *header, GPtrArray *fields, const char *name)
{
	ReaderQuantity quantity = {0, NULL};
	const char *text = reader_csv_get(fields, reader_csv_find(header, name));
	if (reader_number(text, &quantity.value, NULL))
		quantity.unit = "s";
	return quantity;
}

static GStrv
get_parameters(GPtrArray *header, GPtrArray *fields)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	for (guint i = 8; i < MIN(header->len, 16); i++) {
		const char *name = reader_after(g_ptr_array_index(header, i), "parameter_");
		if (name != NULL)
			hyperfine_add_parameter(builder, name, reader_csv_get(fields, i));
	}
	return g_strv_builder_end(builder);
}

static gboolean
add_record(Text *self, GPtrArray *header, GPtrArray *fields)
{
	g_auto(HyperfineTimes) times = {g_strdup(reader_csv_get(fields, 0)),
					get_seconds(header, fields, "mean"),
					get_seconds(header, fields, "stddev"),
					get_seconds(header, fields, "median"),
					get_seconds(header, fields, "min"),
					get_seconds(header, fields, "max"),
					get_seconds(header, fields, "user"),
					get_seconds(header, fields, "system")};
	if (fields->len != header->len || times.mean.unit == NULL || times.max.unit == NULL)
		return FALSE;
	/* how a single run is told */
	if (times.min.value == times.max.value && times.sd.value == 0)
		times.sd.unit = NULL;
	times.parameters = get_parameters(header, fields);
	hyperfine_times_add(&times, self->builder);
	hyperfine_times_add_rest(&times, self->builder);
	return TRUE;
}

/* the records behind a header; commands may have line ends */
static void
read_csv(Text *self, ReaderLines *lines, const char *header_line)
{
	g_auto(ReaderCsv) header_csv;
	g_autoptr(GBytes) header_bytes = g_bytes_new(header_line, strlen(header_line));
	reader_csv_init(&header_csv, header_bytes, ',');
	GPtrArray *header = reader_csv_next(&header_csv);
	end_command(self);
	begin_run(self, NOTHING);
	while (lines->p < lines->end) {
		g_auto(ReaderCsv) csv;
		gsize size = MIN(lines->end - lines->p, MAX_RECORD);
		g_autoptr(GBytes) bytes = g_bytes_new_static(lines->p, size);
		reader_csv_init(&csv, bytes, ',');
		GPtrArray *fields = *lines->p != '\n' ? reader_csv_next(&csv) : NULL;
		perfdash_run_builder_set_line(self->builder, lines->number + 1);
		if (fields == NULL)
			return;
		if (csv.is_cut) {
			if (size < MAX_RECORD)
				set_partial(self,
					    "the last record has no end: the log was cut off");
			return;
		}
		if (!add_record(self, header, fields))
			return;
		lines->p = csv.p;
		lines->number += csv.next_line - 1;
	}
}

/* the unit of "| Command | Mean [ms] | ..." or of its second cell in AsciiDoc */
static char *
find_table_unit(const char *line)
{
	const char *p = strstr(line, "| Command ");
	p = p != NULL ? strstr(p, " Mean [") : NULL;
	if (p == NULL)
		p = reader_after(line, "| Mean [") != NULL ? line + 1 : NULL;
	if (p == NULL)
		return NULL;
	p += strlen(" Mean [");
	g_autofree char *unit = g_strndup(p, strcspn(p, "]"));
	ReaderQuantity one;
	g_autofree char *text = g_strconcat("1 ", unit, NULL);
	one = reader_quantity(text, reader_times, NULL);
	return one.unit != NULL ? g_strdup(one.unit) : NULL;
}

static ReaderQuantity
get_cell(Text *self, const char *text)
{
	ReaderQuantity quantity = {0, NULL};
	if (text != NULL && reader_number(text, &quantity.value, NULL))
		quantity.unit = self->unit;
	return quantity;
}

static void
add_cells(Text *self)
{
	char *command = g_ptr_array_index(self->cells, 0);
	const char *mean = g_ptr_array_index(self->cells, 1);
	const char *sd = strstr(mean, "\xc2\xb1");
	gsize length = strlen(command);
	if (length > 2 && command[0] == command[length - 1] && strchr("`=", command[0]) != NULL) {
		command[length - 1] = '\0';
		command++;
	}
	HyperfineTimes times = {command, get_cell(self, mean)};
	times.sd = get_cell(self, sd != NULL ? sd + 2 : NULL);
	times.min = get_cell(self, g_ptr_array_index(self->cells, 2));
	times.max = get_cell(self, g_ptr_array_index(self->cells, 3));
	if (times.mean.unit != NULL && times.max.unit != NULL)
		hyperfine_times_add(&times, self->builder);
}

/* the bar that ends a cell; one of the command has a backslash before it */
static const char *
find_bar(const char *p)
{
	while (*p != '\0' && *p != '|')
		p += *p == '\\' && p[1] == '|' ? 2 : 1;
	return p;
}

/* FALSE when the table is at its end, and the line none of it */
static gboolean
read_table(Text *self, const char *line)
{
	if (*line != '|') {
		self->form = *line == '\0' && self->cells->len == 0 ? TABLE : NOTHING;
		return self->form == TABLE;
	}
	if (g_str_has_prefix(line, "|:-") || g_str_has_prefix(line, "|--") ||
	    g_str_has_prefix(line, "|="))
		return TRUE;
	for (const char *p = line + 1; *p != '\0'; p += *p == '|') {
		const char *end = find_bar(p);
		g_auto(GStrv) parts = NULL;
		g_autofree char *cell = g_strndup(p, end - p);
		parts = g_strsplit(g_strstrip(cell), "\\|", -1);
		if (*cell != '\0')
			g_ptr_array_add(self->cells, g_strjoinv("|", parts));
		p = end;
	}
	if (self->cells->len >= N_CELLS) {
		if (self->cells->len == N_CELLS)
			add_cells(self);
		g_ptr_array_set_size(self->cells, 0);
	}
	return TRUE;
}

static void
take_table(Text *self, const char *unit, const char *line)
{
	end_command(self);
	begin_run(self, TABLE);
	g_free(self->unit);
	self->unit = g_strdup(unit);
	g_ptr_array_set_size(self->cells, 0);
	/* AsciiDoc: the command was the line before */
	if (!g_str_has_prefix(line, "| Command "))
		g_ptr_array_add(self->cells, g_strdup("Command"));
	read_table(self, line);
}

static void
end_text(Text *self, gboolean is_cut)
{
	gboolean is_missing = self->times.command != NULL && self->times.mean.unit == NULL;
	end_command(self);
	if (self->n_runs > 0 && self->form != NOTHING && (is_missing || is_cut))
		set_partial(self, "the log ends before all commands have their times");
}

void
hyperfine_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
	Text text = {.builder = builder, .cells = cells};
	g_auto(ReaderLines) lines;
	const char *line;
	gboolean is_cut = FALSE;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		g_autofree char *unit = find_table_unit(line);
		is_cut = lines.is_cut && *line != '\0';
		if (is_cut)
			break;
		if (g_str_has_prefix(line, CSV_HEADER)) {
			g_autofree char *header = g_strdup(line);
			read_csv(&text, &lines, header);
		} else if (unit != NULL) {
			take_table(&text, unit, line);
		} else if (text.form != TABLE || !read_table(&text, line)) {
			read_output(&text, line);
		}
	}
	end_text(&text, is_cut);
	g_free(text.unit);
}
