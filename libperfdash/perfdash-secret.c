/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logs name what was tested by its address and its command, and labels are shown to everybody. What
 * identifies a test is kept, what opens a door is replaced by the same mark every time: a token
 * that is new in each run would otherwise make each run a series of its own. */

#include "perfdash-secret.h"

#include <string.h>

#define MARK "***"

/* parts of names whose values are secrets, in small letters */
static const char *const secret_names[] = {
	"password",   "passwd",    "passphrase",  "pwd",           "secret",
	"token",      "apikey",    "api_key",     "api-key",       "access_key",
	"access-key", "accesskey", "private_key", "authorization", "credential",
	"signature",  "sessionid", "session_id",  "jsessionid",    "cookie"};
/* names that are secrets only in the query of an address */
static const char *const secret_parameters[] = {"auth", "code", "key", "sig", "sid", "jwt"};

static gboolean
is_name(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

static gboolean
is_separator(char c)
{
	return c == '=' || c == ':' || c == ' ';
}

/* the name that ends before p */
static const char *
find_name(const char *start, const char *p)
{
	while (p > start && is_name(p[-1]))
		p--;
	return p;
}

static gboolean
is_in_query(const char *start, const char *name)
{
	return name > start && (name[-1] == '?' || name[-1] == '&');
}

static gboolean
is_secret(const char *start, const char *name, gsize length)
{
	g_autofree char *small = g_ascii_strdown(name, length);
	gboolean in_query = is_in_query(start, name);
	for (guint i = 0; i < G_N_ELEMENTS(secret_names); i++) {
		if (strstr(small, secret_names[i]) != NULL)
			return TRUE;
	}
	for (guint i = 0; in_query && i < G_N_ELEMENTS(secret_parameters); i++) {
		if (g_str_equal(small, secret_parameters[i]))
			return TRUE;
	}
	return FALSE;
}

/* whether user:password begins at name, as curl is told it */
static gboolean
is_login(const char *start, const char *name)
{
	return (name - start >= 3 && memcmp(name - 3, "-u ", 3) == 0) ||
	       (name - start >= 7 && memcmp(name - 7, "--user ", 7) == 0);
}

/* tests are told apart by how many tokens they had, but hardly by a password */
static gboolean
is_number(const char *start, const char *name, gsize length, const char *value, const char *end)
{
	g_autofree char *small = g_ascii_strdown(name, length);
	return value + strspn(value, "0123456789") == end && !is_in_query(start, name) &&
	       strstr(small, "pass") == NULL && strstr(small, "pwd") == NULL;
}

/* behind a value; the value of a header may have a scheme, a blank and then the secret */
static const char *
skip_value(const char *value)
{
	static const char *const schemes[] = {"Basic ", "Bearer ", "Digest ", "Token "};
	for (guint i = 0; i < G_N_ELEMENTS(schemes); i++) {
		if (g_ascii_strncasecmp(value, schemes[i], strlen(schemes[i])) == 0)
			value += strlen(schemes[i]);
	}
	return value + strcspn(value, "&;,\"'<>()[]{}| \t");
}

/* appends the separator at p and a mark in place of the value behind it; behind that, or NULL when
 * nothing there is secret */
static const char *
hide_value(GString *hidden, const char *start, const char *p)
{
	const char *name_end = p > start && strchr("\"'", p[-1]) != NULL ? p - 1 : p;
	const char *name = find_name(start, name_end);
	gsize length = name_end - name;
	/* a blank is only behind an option */
	if (length == 0 || (*p == ' ' && strncmp(name, "--", 2) != 0))
		return NULL;
	/* the value comes last: one of "a=a=a=..." goes to the end of the text */
	if (!is_secret(start, name, length) && (*p != ':' || !is_login(start, name)))
		return NULL;
	const char *value = p + 1 + strspn(p + 1, *p == ':' ? " \"'" : "\"'");
	const char *end = skip_value(value);
	if (end == value || (*p == ' ' && *value == '-') ||
	    is_number(start, name, length, value, end))
		return NULL;
	g_string_append_len(hidden, p, value - p);
	g_string_append(hidden, MARK);
	return end;
}

/* behind the user and password of an address whose "://" is at p, or NULL */
static const char *
skip_user(const char *p)
{
	const char *host = p + strlen("://");
	gsize length = strcspn(host, "/?# \t\"'<>");
	const char *at = memchr(host, '@', length);
	while (at != NULL) {
		const char *next = memchr(at + 1, '@', host + length - at - 1);
		if (next == NULL)
			return at + 1;
		at = next;
	}
	return NULL;
}

char *
perfdash_secret_hide(const char *text)
{
	if (strpbrk(text, "=: ") == NULL)
		return NULL;
	GString *hidden = g_string_new(NULL);
	gboolean changed = FALSE;
	for (const char *p = text; *p != '\0';) {
		const char *behind = NULL;
		/* g_str_has_prefix() may measure all of the text */
		if (strncmp(p, "://", 3) == 0) {
			behind = skip_user(p);
			if (behind != NULL)
				g_string_append(hidden, "://");
		} else if (is_separator(*p)) {
			behind = hide_value(hidden, text, p);
		}
		changed = changed || behind != NULL;
		if (behind == NULL) {
			g_string_append_c(hidden, *p);
			behind = p + 1;
		}
		p = behind;
	}
	return g_string_free(hidden, !changed);
}
