/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-selector.h"

#include "perfdash-error.h"

#include <string.h>

#define MAX_PATTERN 256
/* an expression that tries more than this on one value does not match it */
#define LIMITS      "(*LIMIT_MATCH=5000)(*LIMIT_DEPTH=500)"

typedef enum {
	MATCH_EQUAL,
	MATCH_REGEX,
	MATCH_NOT,
} MatchKind;

typedef struct {
	char *key;
	MatchKind kind;
	char *value;
	GRegex *regex;     /* of MATCH_REGEX */
	GMutex lock;       /* of known */
	GHashTable *known; /* of MATCH_REGEX: value -> whether it matches; few values are many
			      labels' */
} Match;

struct _PerfdashSelector {
	gatomicrefcount refs;
	GPtrArray *matches; /* of Match, those of one key next to each other */
	GStrv words;        /* case folded */
};

G_DEFINE_BOXED_TYPE(PerfdashSelector,
		    perfdash_selector,
		    perfdash_selector_ref,
		    perfdash_selector_unref)

static void
match_free(Match *match)
{
	g_free(match->key);
	g_free(match->value);
	g_clear_pointer(&match->regex, g_regex_unref);
	g_clear_pointer(&match->known, g_hash_table_unref);
	g_mutex_clear(&match->lock);
	g_free(match);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Match, match_free)

static gboolean
compile_regex(Match *match, const char *text, GError **error)
{
	g_autoptr(GError) local = NULL;
	if (strlen(match->value) > MAX_PATTERN) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "match \"%.40s...\": the expression is longer than %d bytes",
			    text,
			    MAX_PATTERN);
		return FALSE;
	}
	g_autofree char *limited = g_strconcat(LIMITS, match->value, NULL);
	match->regex = g_regex_new(limited, G_REGEX_OPTIMIZE, 0, &local);
	if (match->regex == NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "match \"%s\": %s",
			    text,
			    local->message);
	return match->regex != NULL;
}

static Match *
match_new(const char *text, GError **error)
{
	g_autoptr(Match) match = g_new0(Match, 1);
	g_mutex_init(&match->lock);
	const char *colon = strchr(text, ':');
	if (colon == NULL || colon == text || colon[1] == '\0') {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "match \"%s\" is none of key:value, key:~regex, key:!value",
			    text);
		return NULL;
	}
	const char *value = colon + 1;
	match->key = g_strndup(text, colon - text);
	match->kind = *value == '~' ? MATCH_REGEX : *value == '!' ? MATCH_NOT : MATCH_EQUAL;
	match->value = g_strdup(match->kind == MATCH_EQUAL ? value : value + 1);
	if (match->kind == MATCH_REGEX && !compile_regex(match, text, error))
		return NULL;
	return g_steal_pointer(&match);
}

static Match *
match_copy(const Match *match)
{
	Match *copy = g_new0(Match, 1);
	g_mutex_init(&copy->lock);
	copy->key = g_strdup(match->key);
	copy->kind = match->kind;
	copy->value = g_strdup(match->value);
	copy->regex = match->regex != NULL ? g_regex_ref(match->regex) : NULL;
	return copy;
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
	return strcmp((*(Match *const *)a)->key, (*(Match *const *)b)->key);
}

static GStrv
split_words(const char *text)
{
	g_autofree char *folded = g_utf8_casefold(text, -1);
	g_auto(GStrv) split = g_strsplit_set(folded, " \t", -1);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	for (guint i = 0; split[i] != NULL; i++) {
		if (*split[i] != '\0')
			g_strv_builder_add(words, split[i]);
	}
	return g_strv_builder_end(words);
}

/**
 * perfdash_selector_new:
 * @matches: (nullable) (array zero-terminated=1): `key:value`, `key:~regex` or `key:!value` each
 * @words: (nullable): words that must all occur in the values, whatever their case
 * @error: return location for an error, or %NULL
 *
 * Matches on the same key are alternatives, but each `!` holds; different keys must all hold. A
 * regular expression has up to 256 bytes, and does not match a value on which it would try very
 * many ways.
 *
 * Returns: (transfer full): a choice of labels, or %NULL with %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
PerfdashSelector *
perfdash_selector_new(const char *const *matches, const char *words, GError **error)
{
	g_autoptr(PerfdashSelector) self = g_new0(PerfdashSelector, 1);
	g_atomic_ref_count_init(&self->refs);
	self->matches = g_ptr_array_new_with_free_func((GDestroyNotify)match_free);
	self->words = split_words(words != NULL ? words : "");
	for (guint i = 0; matches != NULL && matches[i] != NULL; i++) {
		Match *match = match_new(matches[i], error);
		if (match == NULL)
			return NULL;
		g_ptr_array_add(self->matches, match);
	}
	g_ptr_array_sort(self->matches, compare_keys);
	return g_steal_pointer(&self);
}

/**
 * perfdash_selector_parse:
 * @text: matches as for perfdash_selector_new(), with blanks between them
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): a selector, or %NULL with %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
PerfdashSelector *
perfdash_selector_parse(const char *text, GError **error)
{
	g_return_val_if_fail(text != NULL, NULL);
	g_auto(GStrv) parts = g_strsplit_set(text, " \t", -1);
	g_autoptr(GPtrArray) matches = g_ptr_array_new();
	for (guint i = 0; parts[i] != NULL; i++) {
		if (*parts[i] != '\0')
			g_ptr_array_add(matches, parts[i]);
	}
	if (matches->len == 0) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "there is no match such as key:value");
		return NULL;
	}
	g_ptr_array_add(matches, NULL);
	return perfdash_selector_new((const char *const *)matches->pdata, NULL, error);
}

/**
 * perfdash_selector_ref:
 * @self: a #PerfdashSelector
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashSelector *
perfdash_selector_ref(PerfdashSelector *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_selector_unref:
 * @self: (transfer full): a #PerfdashSelector
 *
 * Since: 0.1
 */
void
perfdash_selector_unref(PerfdashSelector *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_ptr_array_unref(self->matches);
	g_strfreev(self->words);
	g_free(self);
}

/**
 * perfdash_selector_without:
 * @self: a #PerfdashSelector
 * @key: a label key
 *
 * Returns: (transfer full): the same choice but for its matches on @key
 *
 * Since: 0.1
 */
PerfdashSelector *
perfdash_selector_without(PerfdashSelector *self, const char *key)
{
	g_return_val_if_fail(self != NULL && key != NULL, NULL);
	PerfdashSelector *copy = g_new0(PerfdashSelector, 1);
	g_atomic_ref_count_init(&copy->refs);
	copy->matches = g_ptr_array_new_with_free_func((GDestroyNotify)match_free);
	copy->words = g_strdupv(self->words);
	for (guint i = 0; i < self->matches->len; i++) {
		const Match *match = g_ptr_array_index(self->matches, i);
		if (!g_str_equal(match->key, key))
			g_ptr_array_add(copy->matches, match_copy(match));
	}
	return copy;
}

static gboolean
regex_matches(Match *match, const char *value)
{
	gpointer known;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&match->lock);
	if (match->known == NULL)
		match->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (g_hash_table_lookup_extended(match->known, value, NULL, &known))
		return GPOINTER_TO_INT(known);
	gboolean matches = g_regex_match(match->regex, value, 0, NULL);
	g_hash_table_insert(match->known, g_strdup(value), GINT_TO_POINTER(matches));
	return matches;
}

static gboolean
match_holds(Match *match, const char *value)
{
	switch (match->kind) {
	case MATCH_NOT:
		return value == NULL || !g_str_equal(value, match->value);
	case MATCH_REGEX:
		return value != NULL && regex_matches(match, value);
	default:
		return value != NULL && g_str_equal(value, match->value);
	}
}

/* all matches on one key, of which start is the first; end is the first of another key */
static gboolean
key_holds(PerfdashSelector *self, guint start, guint *end, const char *value)
{
	const char *key = ((Match *)g_ptr_array_index(self->matches, start))->key;
	gboolean has_alternative = FALSE;
	gboolean alternative_holds = FALSE;
	gboolean negations_hold = TRUE;
	for (*end = start; *end < self->matches->len; (*end)++) {
		Match *match = g_ptr_array_index(self->matches, *end);
		if (!g_str_equal(match->key, key))
			break;
		gboolean holds = match_holds(match, value);
		if (match->kind == MATCH_NOT) {
			negations_hold &= holds;
		} else {
			has_alternative = TRUE;
			alternative_holds |= holds;
		}
	}
	return negations_hold && (!has_alternative || alternative_holds);
}

static gboolean
words_occur(PerfdashSelector *self, PerfdashLabels *labels)
{
	g_autoptr(GString) values = g_string_new(NULL);
	const char *value;
	if (self->words[0] == NULL)
		return TRUE;
	for (guint i = 0; perfdash_labels_get_nth(labels, i, &value) != NULL; i++)
		g_string_append_printf(values, "%s\n", value);
	g_autofree char *folded = g_utf8_casefold(values->str, -1);
	for (guint i = 0; self->words[i] != NULL; i++) {
		if (strstr(folded, self->words[i]) == NULL)
			return FALSE;
	}
	return TRUE;
}

/**
 * perfdash_selector_matches:
 * @self: a #PerfdashSelector
 * @labels: labels
 *
 * Returns: whether @labels are chosen
 *
 * Since: 0.1
 */
gboolean
perfdash_selector_matches(PerfdashSelector *self, PerfdashLabels *labels)
{
	g_return_val_if_fail(self != NULL && labels != NULL, FALSE);
	for (guint i = 0; i < self->matches->len;) {
		const Match *match = g_ptr_array_index(self->matches, i);
		if (!key_holds(self, i, &i, perfdash_labels_get(labels, match->key)))
			return FALSE;
	}
	return words_occur(self, labels);
}

/**
 * perfdash_selector_matches_value:
 * @self: a #PerfdashSelector
 * @key: a key
 * @value: (nullable): what it stands for, %NULL when there is nothing
 *
 * Returns: whether the matches on @key hold; they do when there are none
 *
 * Since: 0.1
 */
gboolean
perfdash_selector_matches_value(PerfdashSelector *self, const char *key, const char *value)
{
	g_return_val_if_fail(self != NULL && key != NULL, FALSE);
	for (guint i = 0; i < self->matches->len; i++) {
		const Match *match = g_ptr_array_index(self->matches, i);
		/* those of one key stand together */
		if (g_str_equal(match->key, key))
			return key_holds(self, i, &i, value);
	}
	return TRUE;
}
