/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An expression such as (a+)+$ takes time that doubles with every letter of the log. So every match
 * has a limit of steps, and all matches of one expression one of time; that an expression reached
 * one is an error which says which expression. */

#include "key-file-regex.h"

#include <string.h>

#define MAX_STEPS     "(*LIMIT_MATCH=500000)"
#define MAX_TIME      (10 * G_USEC_PER_SEC)

/* fewer letters tell logs apart badly */
#define MIN_BEGINNING 4

/* GLib says "Error while compiling regular expression ... at char N: why" of all it was given */
static gboolean
block_regex(const KeyFileEntry *entry, const GError *reason, GError **error)
{
	const char *at = g_strrstr(reason->message, " at char ");
	if (at == NULL)
		return key_file_block(error, &entry->place, "%s", reason->message);
	const char *why = strchr(at, ':');
	guint64 position = g_ascii_strtoull(at + strlen(" at char "), NULL, 10);
	guint64 prefix = strlen(MAX_STEPS);
	return key_file_block(error,
			      &entry->place,
			      "\"%s\" is no regular expression: character %" G_GUINT64_FORMAT "%s",
			      entry->value,
			      position > prefix ? position - prefix : 1,
			      why != NULL ? why : "");
}

KeyFileRegex *
key_file_regex_new(const KeyFileEntry *entry, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autofree char *bounded = g_strconcat(MAX_STEPS, entry->value, NULL);
	if (*entry->value == '\0') {
		key_file_block(error, &entry->place, "needs a regular expression");
		return NULL;
	}
	GRegex *regex = g_regex_new(bounded, G_REGEX_MULTILINE, 0, &local);
	if (regex == NULL) {
		block_regex(entry, local, error);
		return NULL;
	}
	KeyFileRegex *self = g_new0(KeyFileRegex, 1);
	self->regex = regex;
	self->place = entry->place;
	return self;
}

void
key_file_regex_free(KeyFileRegex *self)
{
	g_regex_unref(self->regex);
	g_free(self);
}

gboolean
key_file_regex_has_group(KeyFileRegex *self, const char *name)
{
	return g_regex_get_string_number(self->regex, name) >= 0;
}

GStrv
key_file_regex_list_groups(KeyFileRegex *self)
{
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	const char *p = g_regex_get_pattern(self->regex);
	while ((p = strstr(p, "(?")) != NULL) {
		p += strlen("(?");
		p += *p == 'P';
		gsize length = *p == '<' || *p == '\'' ? strcspn(p + 1, ">'") : 0;
		g_autofree char *name = g_strndup(p + 1, length);
		if (length > 0 && key_file_regex_has_group(self, name))
			g_strv_builder_add(names, name);
	}
	return g_strv_builder_end(names);
}

/* what may stand in one of several branches, or be left out, is not plain */
char *
key_file_regex_get_beginning(const KeyFileRegex *self)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    " _-/,:;#=@%&\"'<>~!";
	const char *pattern = g_regex_get_pattern(self->regex) + strlen(MAX_STEPS);
	if (strchr(pattern, '|') != NULL)
		return NULL;
	pattern += *pattern == '^';
	gsize length = strspn(pattern, plain);
	if (length > 0 && pattern[length] != '\0' && strchr("?*{", pattern[length]) != NULL)
		length--;
	return length >= MIN_BEGINNING ? g_strndup(pattern, length) : NULL;
}

static gboolean
set_too_long(KeyFileRegex *self, guint line, const char *what, GError **error)
{
	g_autofree char *place = key_file_place_to_string(&self->place);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BROKEN,
		    "%s: the expression %s at line %u of the log: make it more exact, with "
		    "[^:]* in place of .* or \\w+ in place of (\\w+)+",
		    place,
		    what,
		    line);
	return FALSE;
}

gboolean
key_file_regex_match(KeyFileRegex *self,
		     const char *text,
		     guint line,
		     GMatchInfo **match,
		     GError **error)
{
	g_autoptr(GError) local = NULL;
	gint64 start = g_get_monotonic_time();
	gboolean matches = g_regex_match_full(self->regex, text, -1, 0, 0, match, &local);
	self->spent += g_get_monotonic_time() - start;
	if (local != NULL)
		return set_too_long(self, line, "tries too many ways to match", error);
	if (self->spent > MAX_TIME)
		return set_too_long(self, line, "has taken more than 10 s", error);
	return matches;
}
