/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a README, a wiki page, a mail or a commit message shows of a tool's output was not measured
 * by the job that printed the text. Blocks that a page marks are certainly shown
 * (perfdash-markup.c). Indented ones behind a blank line (CommonMark 0.31, section 4.4) are not
 * certain, as tools indent parts of what they print: one is a quotation for a parser only when a
 * mark of it stands in the block, further to the right than the tool puts it; so it is for rows of
 * a table. A log that is indented as a whole, right below the line that names it, or below the
 * command that printed it ("+
 * ./run", "$ ./run", or what npm says of a script) and a blank line, is no quotation: what a page
 * shows has words above it. */

#include "perfdash-quotation.h"

#include <string.h>

#include "perfdash-markup.h"

#define MAX_QUOTATIONS 10000 /* people write fewer */
#define INDENTATION    PERFDASH_MARKUP_TAB
#define CELL           2 /* columns: a bar and a blank */

/* what stands above a line */
typedef enum {
	NOTHING,   /* or indented lines that are no quotation */
	COMMAND,   /* one that a shell or npm runs, and maybe blank lines */
	PARAGRAPH, /* a line that is not indented */
	TABLE,     /* rows between bars */
	GAP,       /* blank lines below one */
	BLOCK,     /* an indented one that begins below a gap */
} Above;

typedef struct {
	const char *text;
	guint number; /* of the line that is next */
	Above above;
	PerfdashMarkup markup;
	GArray *found;
} Search;

static void
add(Search *self, const char *begin, const char *end, guint moved)
{
	PerfdashQuotation one = {begin - self->text, end - self->text, self->number, moved};
	g_array_append_val(self->found, one);
}

static void
extend(Search *self, const char *end)
{
	PerfdashQuotation *last = &g_array_index(self->found,
						 PerfdashQuotation,
						 self->found->len - 1);
	last->end = end - self->text;
}

/* goes behind a block that the page marks as one */
static gboolean
skip_marked(Search *self, const char **p, const PerfdashMarkupLine *line, gboolean is_in_block)
{
	gboolean is_below_gap = self->above == NOTHING || self->above == GAP;
	const char *end = perfdash_markup_skip(&self->markup, line, is_in_block, is_below_gap);
	if (end == NULL)
		return FALSE;
	add(self, *p, end, 0);
	for (; (*p = memchr(*p, '\n', end - *p)) != NULL; (*p)++)
		self->number++;
	self->above = PARAGRAPH;
	*p = end;
	return TRUE;
}

/* npm says "> package@1.2.0 bench" and "> ./bench.sh" */
static gboolean
is_command(const PerfdashMarkupLine *line, Above above)
{
	if (line->end - line->begin < 3 || line->begin[1] != ' ')
		return FALSE;
	if (*line->begin != '>')
		return *line->begin == '+' || *line->begin == '$';
	const char *at = memchr(line->begin, '@', line->end - line->begin - 1);
	return above == COMMAND || (at != NULL && g_ascii_isdigit(at[1]));
}

/* a row of a table, or a ruler between rows */
static gboolean
is_row(const PerfdashMarkupLine *line)
{
	if (line->end - line->begin < 3)
		return FALSE;
	return *line->begin == line->end[-1] &&
	       (*line->begin == '|' || (*line->begin == '+' && line->begin[1] == '-'));
}

/* a line that is neither blank nor in a block that is marked */
static void
take_line(Search *self, const char *p, const PerfdashMarkupLine *line)
{
	if (line->columns < INDENTATION && is_row(line)) {
		if (self->above == TABLE)
			extend(self, line->next);
		else
			add(self, p, line->next, CELL);
		self->above = TABLE;
	} else if (line->columns < INDENTATION) {
		self->above = is_command(line, self->above) ? COMMAND : PARAGRAPH;
	} else if (self->above == BLOCK) {
		extend(self, line->next);
	} else if (self->above == GAP) {
		add(self, p, line->next, INDENTATION);
		self->above = BLOCK;
	} else {
		self->above = NOTHING;
	}
}

GArray *
perfdash_quotation_find(const char *text, gsize size)
{
	const char *end = text + size;
	Search self = {.text = text, .number = 1, .markup = {.begin = text, .end = end}};
	self.found = g_array_new(FALSE, FALSE, sizeof(PerfdashQuotation));
	for (const char *p = text; p < end && self.found->len < MAX_QUOTATIONS;) {
		PerfdashMarkupLine line = perfdash_markup_read_line(p, end);
		gboolean is_blank = line.begin == line.end;
		gboolean is_in_block = line.columns >= INDENTATION && self.above >= GAP;
		if (!is_blank && skip_marked(&self, &p, &line, is_in_block))
			continue;
		if (!is_blank)
			take_line(&self, p, &line);
		else if (self.above == PARAGRAPH || self.above == TABLE)
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

/* the columns of a line that are left of its text, or in a row left of what its first cell says */
static guint
count_margin(const char *line, const char *end, guint moved)
{
	guint columns = perfdash_markup_count_columns(line, end, &line);
	if (moved == CELL && line < end && *line == '|')
		columns += 1 + perfdash_markup_count_columns(line + 1, end, &line);
	return columns;
}

/* whether a mark, which begins with the blanks that its tool puts before it, stands in a block as
 * it does in no tool's output */
static gboolean
is_moved(const char *block, const char *end, const char *mark, gsize length, guint moved)
{
	const char *text;
	guint own = perfdash_markup_count_columns(mark, mark + length, &text);
	length -= text - mark;
	/* it is of a table of the tool */
	if (moved == CELL && memchr(text, '|', length) != NULL)
		return FALSE;
	for (const char *p = block; length > 0 && p < end;) {
		const char *at = memmem(p, end - p, text, length);
		if (at == NULL)
			return FALSE;
		const char *newline = memrchr(p, '\n', at - p);
		if (count_margin(newline != NULL ? newline + 1 : p, at, moved) >= own + moved)
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
	if (self->moved == 0)
		return TRUE;
	for (const char *mark = marks; mark != NULL && *mark != '\0';) {
		gsize length = strcspn(mark, "\n");
		if (is_moved(text + self->begin, text + self->end, mark, length, self->moved))
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
