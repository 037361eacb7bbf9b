/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-csv.h"

#include <string.h>

void
reader_csv_init(ReaderCsv *self, GBytes *text, char separator)
{
	gsize size;
	const char *data = g_bytes_get_data(text, &size);
	self->p = data != NULL ? data : "";
	self->end = self->p + size;
	self->separator = separator;
	self->line = 0;
	self->next_line = 1;
	self->is_cut = FALSE;
	self->fields = g_ptr_array_new_with_free_func(g_free);
}

void
reader_csv_clear(ReaderCsv *self)
{
	g_ptr_array_unref(self->fields);
}

/* appends what is quoted from p on, and gives what follows the closing quote */
static const char *
read_quoted(ReaderCsv *self, const char *p, GString *field)
{
	for (; p < self->end; p++) {
		if (*p == '"' && (p + 1 == self->end || p[1] != '"'))
			return p + 1;
		p += *p == '"';
		self->next_line += *p == '\n';
		g_string_append_c(field, *p);
	}
	self->is_cut = TRUE;
	return p;
}

static const char *
read_field(ReaderCsv *self, const char *p)
{
	GString *field = g_string_new(NULL);
	if (p < self->end && *p == '"')
		p = read_quoted(self, p + 1, field);
	const char *start = p;
	while (p < self->end && *p != self->separator && *p != '\n')
		p++;
	gsize size = p - start;
	if (size > 0 && start[size - 1] == '\r' && (p == self->end || *p == '\n'))
		size--;
	g_string_append_len(field, start, size);
	g_ptr_array_add(self->fields, g_string_free(field, FALSE));
	return p;
}

static gboolean
is_empty(GPtrArray *fields)
{
	return fields->len == 1 && *(const char *)g_ptr_array_index(fields, 0) == '\0';
}

GPtrArray *
reader_csv_next(ReaderCsv *self)
{
	do {
		g_ptr_array_set_size(self->fields, 0);
		if (self->p == NULL || self->p >= self->end)
			return NULL;
		self->line = self->next_line;
		self->p = read_field(self, self->p);
		while (self->p < self->end && *self->p == self->separator)
			self->p = read_field(self, self->p + 1);
		self->is_cut = self->is_cut || self->p >= self->end;
		self->next_line++;
		self->p++;
	} while (is_empty(self->fields));
	return self->fields;
}

GPtrArray *
reader_csv_copy(GPtrArray *fields)
{
	GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < fields->len; i++)
		g_ptr_array_add(copy, g_strdup(g_ptr_array_index(fields, i)));
	return copy;
}

gboolean
reader_csv_is_header(GPtrArray *header, GPtrArray *fields)
{
	for (guint i = 0; i < header->len && i < fields->len; i++) {
		if (!g_str_equal(header->pdata[i], fields->pdata[i]))
			return FALSE;
	}
	return header->len == fields->len;
}

int
reader_csv_find(GPtrArray *header, const char *name)
{
	for (guint i = 0; i < header->len; i++) {
		if (g_str_equal(g_ptr_array_index(header, i), name))
			return i;
	}
	return -1;
}

const char *
reader_csv_get(GPtrArray *fields, int index)
{
	return index >= 0 && (guint)index < fields->len ? g_ptr_array_index(fields, index) : "";
}
