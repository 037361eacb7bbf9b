/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where a JSON document ends that stands between other lines. Brackets alone would tell, were it
 * not for programs that are killed while they write: what the job printed next would be taken into
 * a document that never ends. So the order of words is looked at as well: the line in which
 * something stands that JSON does not allow there is none of the document's. */

#include "perfdash-json-span.h"

#include <string.h>

#define WORD_CHARS  "0123456789+-.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_%"
#define DIGIT_CHARS "0123456789+-.eE"

/* what stands before a place, or at it */
typedef enum {
	NOTHING = '\0',
	KEY = 'k',
	STRING = 's',
	SCALAR = 'n',
	VALUE = 'v',
} Word;

typedef struct {
	const char *p;
	const char *end;
	const char *line; /* begin of the line p is in */
	GString *open;    /* brackets */
	char before;      /* a Word or a character of JSON */
} Span;

gboolean
perfdash_json_span_begins(const char *text, const char *end)
{
	char open = *text;
	const char *p = text + 1;
	if (open != '{' && open != '[')
		return FALSE;
	while (p < end && g_ascii_isspace(*p))
		p++;
	if (p == end)
		return FALSE;
	return open == '{' ? *p == '"' || *p == '}' : strchr("{[\"]", *p) != NULL;
}

/* the last bracket that is open */
static char
get_inner(const Span *self)
{
	return self->open->len > 0 ? self->open->str[self->open->len - 1] : '\0';
}

static gboolean
may_be_value(const Span *self)
{
	char before = self->before;
	return before == NOTHING || before == ':' ||
	       (get_inner(self) == '[' && (before == '[' || before == ','));
}

static gboolean
may_be_key(const Span *self)
{
	return get_inner(self) == '{' && (self->before == '{' || self->before == ',');
}

/* a comma behind the last element is often written */
static gboolean
may_be_close(const Span *self, char open)
{
	return get_inner(self) == open &&
	       (self->before == open || self->before == VALUE || self->before == ',');
}

/* takes a word, when JSON allows it here */
static gboolean
take(Span *self, char word)
{
	gboolean is_key = word == STRING && may_be_key(self);
	switch (word) {
	case '{':
	case '[':
		if (!may_be_value(self))
			return FALSE;
		g_string_append_c(self->open, word);
		self->before = word;
		return TRUE;
	case '}':
	case ']':
		if (!may_be_close(self, word == '}' ? '{' : '['))
			return FALSE;
		g_string_truncate(self->open, self->open->len - 1);
		self->before = VALUE;
		return TRUE;
	case ',':
	case ':':
		if (self->before != (word == ',' ? VALUE : KEY))
			return FALSE;
		self->before = word;
		return TRUE;
	default:
		if (!is_key && !may_be_value(self))
			return FALSE;
		self->before = is_key ? KEY : VALUE;
		return TRUE;
	}
}

/* goes behind a string; FALSE when its line ends first */
static gboolean
skip_string(Span *self)
{
	const char *p = self->p + 1;
	while (p < self->end && *p != '"' && *p != '\n')
		p += *p == '\\' && p + 1 < self->end && p[1] != '\n' ? 2 : 1;
	self->p = p < self->end && *p == '"' ? p + 1 : p;
	return p == self->end || *p == '"';
}

/* goes behind a number or a word; FALSE when it is none of those that programs write */
static gboolean
skip_scalar(Span *self)
{
	static const char *const words[] = {"true", "false", "null", "nan", "inf", "infinity"};
	const char *begin = self->p;
	while (self->p < self->end && memchr(WORD_CHARS, *self->p, strlen(WORD_CHARS)) != NULL)
		self->p++;
	if (self->p == self->end && self->p > begin)
		return TRUE;
	if (begin < self->p && (*begin == '-' || *begin == '+'))
		begin++;
	gsize size = self->p - begin;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strlen(words[i]) == size && g_ascii_strncasecmp(begin, words[i], size) == 0)
			return TRUE;
	}
	for (const char *p = begin; p < self->p; p++) {
		if (memchr(DIGIT_CHARS, *p, strlen(DIGIT_CHARS)) == NULL)
			return FALSE;
	}
	return size > 0;
}

/* goes behind the next word; FALSE when it is none of the document's */
static gboolean
skip_word(Span *self)
{
	char c = *self->p;
	if (c == '"')
		return take(self, STRING) && skip_string(self);
	if (strchr("{}[],:", c) == NULL || c == '\0')
		return take(self, SCALAR) && skip_scalar(self);
	if (!take(self, c))
		return FALSE;
	self->p++;
	return TRUE;
}

/* as perfdash_json_span_find_end(), which says what it gives */
static const char *
find_end(const char *text, const char *end, gboolean *is_whole)
{
	g_autoptr(GString) open = g_string_new(NULL);
	Span self = {.p = text, .end = end, .line = text, .open = open, .before = NOTHING};
	while (self.p < end) {
		const char *word = self.p;
		if (*word == '\n')
			self.line = word + 1;
		if (g_ascii_isspace(*word)) {
			self.p++;
			continue;
		}
		if (!skip_word(&self))
			return self.line > text ? self.line : word;
		if (open->len == 0) {
			*is_whole = TRUE;
			return self.p;
		}
	}
	return end;
}

const char *
perfdash_json_span_find_end(const char *text, const char *end)
{
	gboolean is_whole = FALSE;
	return find_end(text, end, &is_whole);
}

gboolean
perfdash_json_span_is_whole(const char *text, const char *end)
{
	gboolean is_whole = FALSE;
	find_end(text, end, &is_whole);
	return is_whole;
}
