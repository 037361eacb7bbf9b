/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Looks for many texts at once: the four bytes at each place of the log are hashed into a small
 * table, which mostly says that no mark begins so (Wu and Manber, "A fast algorithm for
 * multi-pattern searching", University of Arizona TR-94-17, without its shifts, for marks may be as
 * short as four bytes). Shorter marks are searched one by one. A candidate that was found is taken
 * out of the table, so a mark that is in every line costs nothing more. */

#include "perfdash-marks.h"

#include <string.h>

#define BITS     13
#define N_SLOTS  (1 << BITS)
#define N_HASHED 4 /* bytes */

typedef struct {
	const char *text;
	gsize length;
	guint32 word; /* its first bytes */
	guint candidate;
	guint16 next; /* with the same hash, its place in marks + 1, or 0 */
} Mark;

typedef struct {
	GArray *marks;          /* of Mark */
	guint16 slots[N_SLOTS]; /* the first mark of a hash, its place in marks + 1, or 0 */
	gboolean *found;
	guint n_missing; /* candidates of the table that were not found yet */
} Search;

static guint32
load_word(const char *text)
{
	guint32 word;
	memcpy(&word, text, sizeof(word));
	return word;
}

static guint
hash(guint32 word)
{
	return word * 2654435761u >> (32 - BITS);
}

static void
add_mark(Search *self, guint candidate, const char *text, gsize length)
{
	guint32 word = load_word(text);
	guint16 *slot = &self->slots[hash(word)];
	Mark mark = {text, length, word, candidate, *slot};
	/* too many to look for: the candidate is asked whatever the log has */
	if (self->marks->len == G_MAXUINT16) {
		self->found[candidate] = TRUE;
		return;
	}
	g_array_append_val(self->marks, mark);
	*slot = self->marks->len;
}

/* puts the marks of a candidate into the table, unless a short one says already that it is there */
static void
add_candidate(Search *self, guint candidate, const char *marks, const char *text, gsize size)
{
	guint n_before = self->marks->len;
	if (marks == NULL || *marks == '\0')
		self->found[candidate] = TRUE;
	for (const char *mark = marks; !self->found[candidate] && *mark != '\0';) {
		/* how far a tool indents it does not matter here */
		mark += strspn(mark, " \t");
		gsize length = strcspn(mark, "\n");
		if (length >= N_HASHED)
			add_mark(self, candidate, mark, length);
		else if (length > 0)
			self->found[candidate] = memmem(text, size, mark, length) != NULL;
		mark += length + (mark[length] == '\n');
	}
	self->n_missing += !self->found[candidate] && self->marks->len > n_before;
}

static void
compare_marks(Search *self, guint16 *slot, const char *p, gsize left)
{
	guint32 word = load_word(p);
	for (guint16 *link = slot; *link != 0;) {
		Mark *mark = &g_array_index(self->marks, Mark, *link - 1);
		gboolean is_here = mark->word == word && !self->found[mark->candidate] &&
				   mark->length <= left && memcmp(mark->text, p, mark->length) == 0;
		if (is_here) {
			self->found[mark->candidate] = TRUE;
			self->n_missing--;
		}
		if (self->found[mark->candidate])
			*link = mark->next;
		else
			link = &mark->next;
	}
}

gboolean *
perfdash_marks_find(GPtrArray *candidates, const char *text, gsize size)
{
	Search self = {.marks = g_array_new(FALSE, FALSE, sizeof(Mark))};
	self.found = g_new0(gboolean, MAX(candidates->len, 1));
	for (guint i = 0; i < candidates->len; i++) {
		PerfdashCandidate *one = g_ptr_array_index(candidates, i);
		add_candidate(&self, i, one->marks, text, size);
	}
	for (gsize i = 0; i + N_HASHED <= size && self.n_missing > 0; i++) {
		guint16 *slot = &self.slots[hash(load_word(text + i))];
		if (G_UNLIKELY(*slot != 0))
			compare_marks(&self, slot, text + i, size - i);
	}
	g_array_unref(self.marks);
	return self.found;
}
