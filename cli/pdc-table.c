/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-table.h"

#include <math.h>
#include <string.h>

#include "pdc-command.h"

typedef struct {
	char *text;
	gboolean is_text; /* else it is JSON as it stands */
} Cell;

struct _PdcTable {
	char *format;
	GStrv names;
	guint n_columns;
	GArray *cells; /* of Cell, row by row */
};

static void
clear_cell(gpointer data)
{
	g_free(((Cell *)data)->text);
}

static gboolean
is_for_people(const char *format)
{
	return g_str_equal(format, "table") || g_str_equal(format, "markdown");
}

PdcTable *
pdc_table_new(const char *format,
	      const char *const *names_for_people,
	      const char *const *names_for_programs)
{
	static const char *const formats[] = {"table", "markdown", "json", "csv", NULL};
	if (format == NULL)
		format = "table";
	if (!g_strv_contains(formats, format)) {
		pdc_complain("format \"%s\" is none of table, markdown, json, csv", format);
		return NULL;
	}
	PdcTable *self = g_new0(PdcTable, 1);
	self->format = g_strdup(format);
	self->names = g_strdupv(
		(GStrv)(is_for_people(format) ? names_for_people : names_for_programs));
	self->n_columns = g_strv_length(self->names);
	self->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	g_array_set_clear_func(self->cells, clear_cell);
	return self;
}

void
pdc_table_free(PdcTable *self)
{
	g_free(self->format);
	g_strfreev(self->names);
	g_array_unref(self->cells);
	g_free(self);
}

gboolean
pdc_table_is_for_people(PdcTable *self)
{
	return is_for_people(self->format);
}

gboolean
pdc_table_is_markdown(PdcTable *self)
{
	return g_str_equal(self->format, "markdown");
}

gboolean
pdc_table_is_json(PdcTable *self)
{
	return g_str_equal(self->format, "json");
}

static void
add(PdcTable *self, char *text, gboolean is_text)
{
	Cell cell = {text, is_text};
	g_array_append_val(self->cells, cell);
}

void
pdc_table_add_text(PdcTable *self, const char *text)
{
	add(self, g_strdup(text), TRUE);
}

static char *
end_writer(PerfdashJsonWriter *writer)
{
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

void
pdc_table_add_double(PdcTable *self, double value)
{
	if (!isfinite(value)) {
		pdc_table_add_nothing(self);
		return;
	}
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_double(writer, value);
	add(self, end_writer(writer), FALSE);
}

void
pdc_table_add_int(PdcTable *self, gint64 value)
{
	add(self, g_strdup_printf("%" G_GINT64_FORMAT, value), FALSE);
}

void
pdc_table_add_time(PdcTable *self, gint64 microseconds)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_time(writer, microseconds);
	g_autofree char *quoted = end_writer(writer);
	add(self, g_strndup(quoted + 1, strlen(quoted) - 2), TRUE);
}

void
pdc_table_add_nothing(PdcTable *self)
{
	add(self, g_strdup("null"), FALSE);
}

static const char *
plain(const Cell *cell)
{
	return !cell->is_text && g_str_equal(cell->text, "null") ? "" : cell->text;
}

static void
print_csv_field(const char *text, gboolean last)
{
	if (strpbrk(text, ",\"\r\n") != NULL) {
		g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
		g_autofree char *doubled = g_strjoinv("\"\"", parts);
		g_print("\"%s\"", doubled);
	} else {
		g_print("%s", text);
	}
	g_print("%s", last ? "\r\n" : ",");
}

static void
print_csv(PdcTable *self)
{
	for (guint i = 0; i < self->n_columns; i++)
		print_csv_field(self->names[i], i + 1 == self->n_columns);
	for (guint i = 0; i < self->cells->len; i++)
		print_csv_field(plain(&g_array_index(self->cells, Cell, i)),
				(i + 1) % self->n_columns == 0);
}

void
pdc_table_write(PdcTable *self, PerfdashJsonWriter *writer)
{
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < self->cells->len; i++) {
		Cell *cell = &g_array_index(self->cells, Cell, i);
		guint column = i % self->n_columns;
		if (column == 0)
			perfdash_json_writer_begin_object(writer);
		perfdash_json_writer_name(writer, self->names[column]);
		if (cell->is_text)
			perfdash_json_writer_string(writer, cell->text);
		else
			perfdash_json_writer_raw(writer, cell->text, strlen(cell->text));
		if (column + 1 == self->n_columns)
			perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
}

static void
print_json(PdcTable *self)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	pdc_table_write(self, writer);
	g_autofree char *text = end_writer(writer);
	g_print("%s\n", text);
}

/* what stands in a cell of Markdown stays in it, and is no markup */
static void
print_markdown_cell(const char *text, gboolean last)
{
	g_autoptr(GString) escaped = g_string_new(NULL);
	for (const char *p = text; *p != '\0'; p++) {
		if (strchr("\\|*_`[<", *p) != NULL)
			g_string_append_c(escaped, '\\');
		g_string_append_c(escaped, *p == '\n' || *p == '\r' ? ' ' : *p);
	}
	g_print("| %s %s", escaped->str, last ? "|\n" : "");
}

static void
print_markdown(PdcTable *self)
{
	for (guint i = 0; i < self->n_columns; i++)
		print_markdown_cell(self->names[i], i + 1 == self->n_columns);
	for (guint i = 0; i < self->n_columns; i++) {
		gboolean number = i < self->cells->len &&
				  !g_array_index(self->cells, Cell, i).is_text;
		g_print("| %s %s", number ? "--:" : "---", i + 1 == self->n_columns ? "|\n" : "");
	}
	for (guint i = 0; i < self->cells->len; i++)
		print_markdown_cell(plain(&g_array_index(self->cells, Cell, i)),
				    (i + 1) % self->n_columns == 0);
}

static void
print_padded(const char *text, gsize width, gboolean right, gboolean last)
{
	gsize length = g_utf8_strlen(text, -1);
	int padding = width > length ? width - length : 0;
	if (right)
		g_print("%*s%s%s", padding, "", text, last ? "\n" : "  ");
	else
		g_print("%s%*s%s", text, last ? 0 : padding, "", last ? "\n" : "  ");
}

static void
print_table(PdcTable *self)
{
	g_autofree gsize *widths = g_new0(gsize, self->n_columns);
	for (guint i = 0; i < self->n_columns; i++)
		widths[i] = g_utf8_strlen(self->names[i], -1);
	for (guint i = 0; i < self->cells->len; i++) {
		const char *text = plain(&g_array_index(self->cells, Cell, i));
		gsize *width = &widths[i % self->n_columns];
		*width = MAX(*width, (gsize)g_utf8_strlen(text, -1));
	}
	for (guint i = 0; i < self->n_columns; i++) {
		gboolean number = self->cells->len > 0 &&
				  !g_array_index(self->cells, Cell, i).is_text;
		print_padded(self->names[i], widths[i], number, i + 1 == self->n_columns);
	}
	for (guint i = 0; i < self->cells->len; i++) {
		Cell *cell = &g_array_index(self->cells, Cell, i);
		guint column = i % self->n_columns;
		print_padded(plain(cell),
			     widths[column],
			     !cell->is_text,
			     column + 1 == self->n_columns);
	}
}

void
pdc_table_print(PdcTable *self)
{
	g_assert(self->cells->len % self->n_columns == 0);
	if (pdc_table_is_json(self))
		print_json(self);
	else if (g_str_equal(self->format, "csv"))
		print_csv(self);
	else if (pdc_table_is_markdown(self))
		print_markdown(self);
	else
		print_table(self);
}
