/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a README, a wiki page, a mail or a commit message shows of a tool's output was not measured
 * by the job that printed the text. It is shown as Markdown does: between fences (``` or ~~~), or
 * indented behind a blank line (CommonMark 0.31, sections 4.4 and 4.5). Fences are unmistakable.
 * Indented blocks are not, as tools indent parts of what they print: one is a quotation for a
 * parser only when a mark of it stands in the block, further to the right than the tool puts it. A
 * log that is indented as a whole, or right below the line that names it, is no quotation. */

#include "perfdash-quotation.h"

#include <string.h>

#define MAX_QUOTATIONS 10000 /* people write fewer */
#define INDENTATION    4     /* columns */
#define MIN_FENCE      3     /* characters */
#define MAX_FENCE      5     /* more are a ruler */
#define N_FENCES       (2 * (MAX_FENCE + 1))

/* what stands above a line */
typedef enum {
	NOTHING,   /* or indented lines that are no quotation */
	PARAGRAPH, /* a line that is not indented */
	GAP,       /* blank lines below one */
	BLOCK,     /* an indented one that begins below a gap */
} Above;

typedef struct {
	const char *begin;
	const char *end; /* of its text */
	const char *next;
	guint columns; /* that it is indented */
} Line;

typedef struct {
	const char *text;
	const char *end;
	guint number; /* of the line that is next */
	Above above;
	gboolean is_unclosed[N_FENCES]; /* fences that nothing closes any more */
	GArray *found;
} Search;

/* a tab is as wide as what Markdown wants, wherever it stands */
static guint
count_columns(const char *p, const char *end, const char **behind)
{
	guint columns = 0;
	for (; p < end && (*p == ' ' || *p == '\t'); p++)
		columns += *p == '\t' ? INDENTATION : 1;
	*behind = p;
	return columns;
}

/* the line at p, without blanks around it */
static Line
read_line(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', end - p);
	Line line = {.end = newline != NULL ? newline : end};
	line.next = newline != NULL ? newline + 1 : end;
	line.columns = count_columns(p, line.end, &line.begin);
	while (line.end > line.begin && g_ascii_isspace(line.end[-1]))
		line.end--;
	return line;
}

/* which fence a line is, or 0; only one that opens may say what is in it, and what it says is none
 * of the ~~~ ^ that compilers put below a line */
static guint
get_fence(const Line *line, gboolean opens)
{
	const char *p = line->begin;
	if (p == line->end || (*p != '`' && *p != '~'))
		return 0;
	while (p < line->end && *p == *line->begin)
		p++;
	gsize n = p - line->begin;
	if (n < MIN_FENCE || n > MAX_FENCE || (p < line->end && !opens))
		return 0;
	while (p < line->end && g_ascii_isspace(*p))
		p++;
	if (p < line->end && !g_ascii_isalnum(*p) && *p != '{' && *p != '.')
		return 0;
	for (; p < line->end; p++) {
		if (*p == '`' || *p == '~')
			return 0;
	}
	return n + (*line->begin == '~' ? MAX_FENCE + 1 : 0);
}

static void
add(Search *self, const char *begin, const char *end, gboolean is_certain)
{
	PerfdashQuotation one = {begin - self->text, end - self->text, self->number, is_certain};
	g_array_append_val(self->found, one);
}

/* goes behind a fence that is closed; one that is not hides nothing */
static gboolean
skip_fenced(Search *self, const char **p, const Line *opening)
{
	guint fence = get_fence(opening, TRUE);
	guint n_lines = 1;
	if (fence == 0 || self->is_unclosed[fence])
		return FALSE;
	for (const char *next = opening->next; next < self->end;) {
		Line line = read_line(next, self->end);
		next = line.next;
		n_lines++;
		if (get_fence(&line, FALSE) != fence)
			continue;
		add(self, *p, next, TRUE);
		self->number += n_lines;
		self->above = PARAGRAPH;
		*p = next;
		return TRUE;
	}
	self->is_unclosed[fence] = TRUE;
	return FALSE;
}

/* a line that is neither blank nor a fence */
static void
take_line(Search *self, const char *p, const Line *line)
{
	if (line->columns < INDENTATION) {
		self->above = PARAGRAPH;
	} else if (self->above == BLOCK) {
		PerfdashQuotation *last = &g_array_index(self->found,
							 PerfdashQuotation,
							 self->found->len - 1);
		last->end = line->next - self->text;
	} else if (self->above == GAP) {
		add(self, p, line->next, FALSE);
		self->above = BLOCK;
	} else {
		self->above = NOTHING;
	}
}

GArray *
perfdash_quotation_find(const char *text, gsize size)
{
	Search self = {.text = text, .end = text + size, .number = 1};
	self.found = g_array_new(FALSE, FALSE, sizeof(PerfdashQuotation));
	for (const char *p = text; p < self.end && self.found->len < MAX_QUOTATIONS;) {
		Line line = read_line(p, self.end);
		gboolean is_blank = line.begin == line.end;
		gboolean is_in_block = line.columns >= INDENTATION && self.above >= GAP;
		if (!is_blank && !is_in_block && skip_fenced(&self, &p, &line))
			continue;
		if (!is_blank)
			take_line(&self, p, &line);
		else if (self.above == PARAGRAPH)
			self.above = GAP;
		p = line.next;
		self.number++;
	}
	return self.found;
}

static int
compare_with_offset(gconstpointer a, gconstpointer b)
{
	const PerfdashQuotation *one = a;
	gsize offset = *(const gsize *)b;
	return offset < one->begin ? 1 : offset >= one->end ? -1 : 0;
}

const PerfdashQuotation *
perfdash_quotation_at(GArray *quotations, gsize offset)
{
	guint i;
	if (!g_array_binary_search(quotations, &offset, compare_with_offset, &i))
		return NULL;
	return &g_array_index(quotations, PerfdashQuotation, i);
}

/* whether a mark, which begins with the blanks that its tool puts before it, stands in a block as
 * it does in no tool's output */
static gboolean
is_moved(const char *block, const char *end, const char *mark, gsize length)
{
	const char *text;
	guint own = count_columns(mark, mark + length, &text);
	length -= text - mark;
	for (const char *p = block; length > 0 && p < end;) {
		const char *at = memmem(p, end - p, text, length);
		if (at == NULL)
			return FALSE;
		const char *newline = memrchr(p, '\n', at - p);
		const char *behind;
		guint columns = count_columns(newline != NULL ? newline + 1 : p, at, &behind);
		if (columns >= own + INDENTATION)
			return TRUE;
		/* the others of the line are indented alike */
		p = memchr(at, '\n', end - at);
		p = p != NULL ? p + 1 : end;
	}
	return FALSE;
}

static gboolean
is_quoted(const PerfdashQuotation *self, const char *text, const char *marks)
{
	if (self->is_certain)
		return TRUE;
	for (const char *mark = marks; mark != NULL && *mark != '\0';) {
		gsize length = strcspn(mark, "\n");
		if (is_moved(text + self->begin, text + self->end, mark, length))
			return TRUE;
		mark += length + (mark[length] == '\n');
	}
	return FALSE;
}

static void
blank_out(char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p != '\n')
			*p = ' ';
	}
}

GBytes *
perfdash_quotation_hide(GArray *quotations, GBytes *text, const char *marks, guint *first)
{
	gsize size;
	const char *data = g_bytes_get_data(text, &size);
	g_autofree char *copy = NULL;
	guint line = 0;
	for (guint i = 0; i < quotations->len; i++) {
		PerfdashQuotation *one = &g_array_index(quotations, PerfdashQuotation, i);
		if (!is_quoted(one, data, marks))
			continue;
		if (copy == NULL) {
			copy = g_memdup2(data, size);
			line = one->line;
		}
		blank_out(copy + one->begin, copy + one->end);
	}
	if (first != NULL)
		*first = line;
	if (copy == NULL)
		return g_bytes_ref(text);
	return g_bytes_new_take(g_steal_pointer(&copy), size);
}
