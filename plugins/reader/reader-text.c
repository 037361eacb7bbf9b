/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-text.h"

#include <math.h>
#include <string.h>

#define MAX_NAME 1000 /* bytes */

void
reader_lines_init(ReaderLines *self, GBytes *log, PerfdashRunBuilder *builder)
{
	gsize size;
	const char *data = g_bytes_get_data(log, &size);
	self->p = data != NULL ? data : "";
	self->end = self->p + size;
	self->number = 0;
	self->is_cut = FALSE;
	self->line = g_string_new(NULL);
	self->builder = builder;
	self->hides_quotes = FALSE;
	if (size >= 3 && memcmp(self->p, "\xef\xbb\xbf", 3) == 0)
		self->p += 3;
}

void
reader_lines_clear(ReaderLines *self)
{
	g_string_free(self->line, TRUE);
}

/* bytes that are no UTF-8 are letters of an older encoding: Latin-1 has the most likely ones */
static void
make_valid(GString *line)
{
	const char *end;
	if (g_utf8_validate_len(line->str, line->len, &end))
		return;
	GString *valid = g_string_new_len(line->str, end - line->str);
	const char *p = end;
	const char *line_end = line->str + line->len;
	while (p < line_end) {
		guchar byte = *p;
		g_string_append_unichar(valid, byte < 0x80 || byte >= 0xa0 ? byte : 0xfffd);
		g_utf8_validate_len(p + 1, line_end - p - 1, &end);
		g_string_append_len(valid, p + 1, end - p - 1);
		p = end;
	}
	g_string_assign(line, valid->str);
	g_string_free(valid, TRUE);
}

/* whether a text is one string of a program, and maybe what separates it from the next */
static gboolean
is_string(const char *text)
{
	char quote = *text;
	if (quote != '"' && quote != '\'')
		return FALSE;
	for (text++; *text != quote && *text != '\0'; text++) {
		if (*text == '\\' && text[1] != '\0')
			text++;
	}
	return *text == quote && text[1 + strspn(text + 1, ",;) ")] == '\0';
}

gboolean
reader_is_quoted(const char *line)
{
	static const char *const marks[] = {">", "#", "+", "//", "/*", "* "};
	line += strspn(line, " \t");
	for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (g_str_has_prefix(line, marks[i]))
			return TRUE;
	}
	return is_string(line);
}

const char *
reader_lines_next(ReaderLines *self)
{
	if (self->p == NULL || self->p >= self->end) {
		/* what is found only now may be of any line */
		if (self->builder != NULL)
			perfdash_run_builder_set_line(self->builder, 0);
		return NULL;
	}
	const char *newline = memchr(self->p, '\n', self->end - self->p);
	const char *line_end = newline != NULL ? newline : self->end;
	g_string_truncate(self->line, 0);
	g_string_append_len(self->line, self->p, line_end - self->p);
	while (self->line->len > 0 && self->line->str[self->line->len - 1] == '\r')
		g_string_truncate(self->line, self->line->len - 1);
	make_valid(self->line);
	self->is_cut = newline == NULL;
	self->p = newline != NULL ? newline + 1 : self->end;
	self->number++;
	if (self->builder != NULL)
		perfdash_run_builder_set_line(self->builder, self->number);
	const char *redrawn = strrchr(self->line->str, '\r');
	const char *line = redrawn != NULL ? redrawn + 1 : self->line->str;
	return self->hides_quotes && reader_is_quoted(line) ? "" : line;
}

const char *
reader_after(const char *line, const char *prefix)
{
	if (!g_str_has_prefix(line, prefix))
		return NULL;
	line += strlen(prefix);
	return line + strspn(line, " \t");
}

gboolean
reader_number_after(const char *text, const char *mark, double *value)
{
	const char *at = text != NULL ? strstr(text, mark) : NULL;
	return at != NULL && reader_number(at + strlen(mark), value, NULL);
}

GStrv
reader_words(const char *line)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	while (*(line += strspn(line, " \t")) != '\0') {
		gsize length = strcspn(line, " \t");
		g_autofree char *word = g_strndup(line, length);
		g_strv_builder_add(words, word);
		line += length;
	}
	return g_strv_builder_end(words);
}

GRegex *
reader_pattern(gsize *compiled, const char *pattern)
{
	if (g_once_init_enter(compiled))
		g_once_init_leave(compiled, (gsize)g_regex_new(pattern, 0, 0, NULL));
	return (GRegex *)*compiled;
}

char *
reader_name(const char *text)
{
	g_autofree char *name = g_utf8_make_valid(text, -1);
	for (char *p = name; *p != '\0'; p = g_utf8_next_char(p)) {
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			memset(p, ' ', g_utf8_next_char(p) - p);
	}
	g_strstrip(name);
	if (strlen(name) > MAX_NAME)
		*g_utf8_find_prev_char(name, name + MAX_NAME) = '\0';
	return *name != '\0' ? g_steal_pointer(&name) : g_strdup("unnamed");
}

char *
reader_text(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	char *text = g_malloc(size + 1);
	for (gsize i = 0; i < size; i++)
		text[i] = data[i] != '\0' ? data[i] : ' ';
	text[size] = '\0';
	return text;
}

gboolean
reader_number(const char *text, double *value, const char **rest)
{
	char *end = NULL;
	while (*text == ' ' || *text == '\t')
		text++;
	/* what strtod() takes beyond decimals is no number of a tool */
	const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
	if (!g_ascii_isdigit(*digits) && !(*digits == '.' && g_ascii_isdigit(digits[1])))
		return FALSE;
	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
		return FALSE;
	double number = g_ascii_strtod(text, &end);
	if (rest != NULL)
		*rest = end;
	if (!isfinite(number))
		return FALSE;
	*value = number;
	return TRUE;
}

gboolean
reader_scaled(const char *text, int power_of_ten, double *value)
{
	const char *rest;
	char scaled[64];
	while (*text == ' ')
		text++;
	if (!reader_number(text, value, &rest) || rest - text > 40)
		return FALSE;
	if (power_of_ten == 0)
		return TRUE;
	/* "1.5e+03k" */
	gsize length = strcspn(text, "eE");
	if (length < (gsize)(rest - text))
		power_of_ten += CLAMP(g_ascii_strtoll(text + length + 1, NULL, 10), -999, 999);
	else
		length = rest - text;
	g_snprintf(scaled, sizeof(scaled), "%.*se%d", (int)length, text, power_of_ten);
	return reader_number(scaled, value, NULL);
}
