/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-suggestion.h"

#include <string.h>

#define MAX_WORD 63

/* Levenshtein's distance, one row at a time */
static guint
distance(const char *a, const char *b)
{
	guint row[MAX_WORD + 1];
	guint length = strlen(b);
	for (guint j = 0; j <= length; j++)
		row[j] = j;
	for (guint i = 0; a[i] != '\0'; i++) {
		guint diagonal = row[0];
		row[0] = i + 1;
		for (guint j = 0; j < length; j++) {
			guint replaced = diagonal + (a[i] != b[j]);
			diagonal = row[j + 1];
			row[j + 1] = MIN(replaced, MIN(row[j], row[j + 1]) + 1);
		}
	}
	return row[length];
}

/* the candidate that word is a likely misspelling of, or NULL */
const char *
pdd_suggestion_find(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	gsize length = strlen(word);
	guint nearest = MAX(1, length / 3) + 1;
	if (length > MAX_WORD)
		return NULL;
	for (guint i = 0; candidates[i] != NULL; i++) {
		guint d = distance(word, candidates[i]);
		if (d < nearest) {
			nearest = d;
			best = candidates[i];
		}
	}
	return best;
}

/* the end of a message about an unknown word: ` (did you mean "listen"?)`, or "" */
char *
pdd_suggestion_format(const char *word, const char *const *candidates)
{
	const char *best = pdd_suggestion_find(word, candidates);
	return best != NULL ? g_strdup_printf(" (did you mean \"%s\"?)", best) : g_strdup("");
}
