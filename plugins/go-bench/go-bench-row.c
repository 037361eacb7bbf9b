/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A line of results: the name, how often it ran, and any number of values with their units. The
 * name is printed before the benchmark runs, so what the code under test prints may stand before,
 * between and behind: the line is read from its end. */

#include "go-bench.h"

#include <string.h>

#include "reader-text.h"

static gboolean
is_number(const char *word)
{
	double value;
	const char *rest;
	return reader_number(word, &value, &rest) && *rest == '\0';
}

static gboolean
is_count(const char *word)
{
	gsize n_digits = strspn(word, "0123456789");
	return n_digits > 0 && n_digits < 19 && word[n_digits] == '\0';
}

/* the name of a benchmark in a word; a small letter behind the prefix makes it another word */
static const char *
find_in_word(const char *word)
{
	const char *name = strstr(word, "Benchmark");
	const char *behind = name != NULL ? name + strlen("Benchmark") : "";
	return *behind != '\0' && !g_ascii_islower(*behind) && *behind != ':' ? name : NULL;
}

char *
go_bench_find_name(const char *line)
{
	g_autofree char *word = g_strndup(line, strcspn(line, " \t"));
	return find_in_word(word) == word ? g_steal_pointer(&word) : NULL;
}

static const char *
choose_name(GStrv words, guint n_before, const char *line, const char *pending)
{
	const char *name = n_before > 0 ? find_in_word(words[n_before - 1]) : NULL;
	if (name != NULL)
		return name;
	/* in the numbers of prose there is no tab */
	g_autofree char *count = g_strconcat(words[n_before], "\t", NULL);
	if (strstr(line, count) == NULL)
		return NULL;
	return n_before > 0 && find_in_word(words[0]) == words[0] ? words[0] : pending;
}

static void
clear_value(gpointer data)
{
	g_free(((GoBenchValue *)data)->unit);
}

void
go_bench_row_free(GoBenchRow *self)
{
	g_free(self->name);
	g_array_unref(self->values);
	g_free(self);
}

static GoBenchRow *
row_new(const char *name, GStrv pairs)
{
	GoBenchRow *self = g_new0(GoBenchRow, 1);
	self->name = reader_name(name);
	self->values = g_array_new(FALSE, FALSE, sizeof(GoBenchValue));
	g_array_set_clear_func(self->values, clear_value);
	for (guint i = 0; pairs[i] != NULL; i += 2) {
		GoBenchValue one = {0, reader_name(pairs[i + 1])};
		reader_number(pairs[i], &one.value, NULL);
		g_array_append_val(self->values, one);
	}
	return self;
}

GoBenchRow *
go_bench_row_parse(const char *line, const char *pending)
{
	g_auto(GStrv) words = reader_words(line);
	guint n = g_strv_length(words);
	guint first = n;
	while (first >= 3 && is_number(words[first - 2]) && !is_number(words[first - 1]))
		first -= 2;
	if (first == n || !is_count(words[first - 1]))
		return NULL;
	const char *name = choose_name(words, first - 1, line, pending);
	return name != NULL ? row_new(name, words + first) : NULL;
}
