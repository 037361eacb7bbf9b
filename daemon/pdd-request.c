/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is asked for, apart from the connection it came in by: a route, what its path names, and
 * parameters. Nothing unknown is passed over: a misspelt parameter would give a wrong answer. */

#include "pdd-request.h"

#include <string.h>

#include "pdd-suggestion.h"

#define MINUTE (60 * G_USEC_PER_SEC)

typedef struct {
	char *name;
	char *value;
} Parameter;

struct _PddRequest {
	char id[17];
	char *path;
	const PddRoute *route; /* nullable */
	char *allow;           /* nullable: the methods of the path, when this one has no route */
	GStrv captures;        /* nullable */
	GArray *parameters;    /* of Parameter, sorted */
	gboolean is_malformed; /* the path or the query cannot be decoded */
	char *cache_key;
	gint64 now; /* microseconds, of the running minute: relative times of one minute are the
		       same */
	gboolean is_relative;
	GBytes *body;    /* nullable */
	PddToken *token; /* nullable */
};

static void
parameter_clear(Parameter *parameter)
{
	g_free(parameter->name);
	g_free(parameter->value);
}

static int
compare_parameters(gconstpointer a, gconstpointer b)
{
	const Parameter *one = a;
	const Parameter *other = b;
	int order = strcmp(one->name, other->name);
	return order != 0 ? order : strcmp(one->value, other->value);
}

/* NULL when it is not the UTF-8 text of a C string */
static char *
decode(const char *text, gsize length, gboolean is_query)
{
	g_autofree char *copy = g_strndup(text, length);
	if (is_query)
		g_strdelimit(copy, "+", ' ');
	char *decoded = g_uri_unescape_segment(copy, copy + length, NULL);
	if (decoded != NULL && !g_utf8_validate(decoded, -1, NULL))
		g_clear_pointer(&decoded, g_free);
	return decoded;
}

static void
add_parameter(PddRequest *self, const char *text, gsize length)
{
	const char *equals = memchr(text, '=', length);
	gsize name_length = equals != NULL ? (gsize)(equals - text) : length;
	Parameter parameter = {decode(text, name_length, TRUE), NULL};
	parameter.value = equals != NULL ? decode(equals + 1, text + length - equals - 1, TRUE)
					 : g_strdup("");
	if (parameter.name == NULL || parameter.value == NULL) {
		self->is_malformed = TRUE;
		parameter_clear(&parameter);
		return;
	}
	/* an empty field of a form asks for nothing */
	if (*parameter.value == '\0' && equals != NULL && *parameter.name != '\0' &&
	    self->route != NULL &&
	    g_strv_contains((const char *const *)self->route->parameters, parameter.name)) {
		parameter_clear(&parameter);
		return;
	}
	g_array_append_val(self->parameters, parameter);
}

static void
parse_query(PddRequest *self, const char *query)
{
	for (const char *p = query; *p != '\0';) {
		gsize length = strcspn(p, "&");
		if (length > 0)
			add_parameter(self, p, length);
		p += length;
		if (*p == '&')
			p++;
	}
	g_array_sort(self->parameters, compare_parameters);
}

static GStrv
split_path(PddRequest *self, const char *path)
{
	g_autoptr(GStrvBuilder) segments = g_strv_builder_new();
	for (const char *p = path; *p == '/';) {
		gsize length = strcspn(p + 1, "/");
		g_autofree char *segment = decode(p + 1, length, FALSE);
		if (segment == NULL)
			self->is_malformed = TRUE;
		else
			g_strv_builder_add(segments, segment);
		p += length + 1;
	}
	return g_strv_builder_end(segments);
}

static gboolean
counts_from_now(PddRequest *self, const char *text)
{
	gint64 time;
	gboolean is_relative;
	return perfdash_time_parse(text, self->now, &time, &is_relative, NULL) && is_relative;
}

/* the times of a side of a comparison */
static gboolean
side_is_relative(PddRequest *self, const char *side)
{
	g_auto(GStrv) terms = g_strsplit_set(side, " \t", -1);
	for (guint i = 0; terms[i] != NULL; i++) {
		if ((g_str_has_prefix(terms[i], "from:") || g_str_has_prefix(terms[i], "to:")) &&
		    counts_from_now(self, strchr(terms[i], ':') + 1))
			return TRUE;
	}
	return FALSE;
}

static gboolean
depends_on_clock(PddRequest *self)
{
	static const char *const times[] = {"from", "to", "since", NULL};
	static const char *const sides[] = {"a", "b", NULL};
	if (self->route != NULL && self->route->kind == PDD_ROUTE_TIMED)
		return TRUE;
	for (guint i = 0; i < self->parameters->len; i++) {
		const Parameter *parameter = &g_array_index(self->parameters, Parameter, i);
		if (g_strv_contains(times, parameter->name) &&
		    counts_from_now(self, parameter->value))
			return TRUE;
		if (g_strv_contains(sides, parameter->name) &&
		    side_is_relative(self, parameter->value))
			return TRUE;
	}
	return FALSE;
}

static char *
build_cache_key(PddRequest *self)
{
	GString *key = g_string_new(self->path);
	for (guint i = 0; i < self->parameters->len; i++) {
		const Parameter *parameter = &g_array_index(self->parameters, Parameter, i);
		g_string_append_c(key, i == 0 ? '?' : '&');
		g_string_append_uri_escaped(key, parameter->name, NULL, TRUE);
		g_string_append_c(key, '=');
		g_string_append_uri_escaped(key, parameter->value, NULL, TRUE);
	}
	if (self->is_relative)
		g_string_append_printf(key, "#%" G_GINT64_FORMAT, pdd_request_get_window(self));
	return g_string_free(key, FALSE);
}

/* path and query are as the client wrote them */
PddRequest *
pdd_request_new(const char *method, const char *path, const char *query)
{
	PddRequest *self = g_new0(PddRequest, 1);
	g_snprintf(self->id, sizeof(self->id), "%08x%08x", g_random_int(), g_random_int());
	self->path = g_strdup(path);
	self->parameters = g_array_new(FALSE, FALSE, sizeof(Parameter));
	g_array_set_clear_func(self->parameters, (GDestroyNotify)parameter_clear);
	g_auto(GStrv) segments = split_path(self, path);
	self->route = pdd_router_match(method,
				       (const char *const *)segments,
				       &self->captures,
				       &self->allow);
	parse_query(self, query != NULL ? query : "");
	self->now = g_get_real_time() / MINUTE * MINUTE;
	self->is_relative = depends_on_clock(self);
	self->cache_key = build_cache_key(self);
	return self;
}

void
pdd_request_free(PddRequest *self)
{
	g_free(self->path);
	g_free(self->allow);
	g_strfreev(self->captures);
	g_array_unref(self->parameters);
	g_free(self->cache_key);
	g_clear_pointer(&self->body, g_bytes_unref);
	g_clear_pointer(&self->token, pdd_token_unref);
	g_free(self);
}

/* a route that changes something and does not say what that takes takes everything */
PddScope
pdd_request_get_scope(PddRequest *self)
{
	if (self->route == NULL || g_str_equal(self->route->method, "GET"))
		return PDD_SCOPE_NONE;
	return self->route->scope != PDD_SCOPE_NONE ? self->route->scope : PDD_SCOPE_ADMIN;
}

void
pdd_request_set_token(PddRequest *self, PddToken *token)
{
	g_clear_pointer(&self->token, pdd_token_unref);
	self->token = pdd_token_ref(token);
}

/* NULL when it came without one */
PddToken *
pdd_request_get_token(PddRequest *self)
{
	return self->token;
}

void
pdd_request_set_body(PddRequest *self, GBytes *body)
{
	g_clear_pointer(&self->body, g_bytes_unref);
	self->body = g_bytes_ref(body);
}

/* NULL when there is none */
GBytes *
pdd_request_get_body(PddRequest *self)
{
	return self->body;
}

const char *
pdd_request_get_id(PddRequest *self)
{
	return self->id;
}

const char *
pdd_request_get_path(PddRequest *self)
{
	return self->path;
}

const PddRoute *
pdd_request_get_route(PddRequest *self)
{
	return self->route;
}

const char *
pdd_request_get_allow(PddRequest *self)
{
	return self->allow;
}

const char *
pdd_request_get_capture(PddRequest *self, guint index)
{
	return self->captures[index];
}

/* the same for requests that ask the same */
const char *
pdd_request_get_cache_key(PddRequest *self)
{
	return self->cache_key;
}

/* the minute that relative times count from, or 0 when the answer does not depend on the clock */
gint64
pdd_request_get_window(PddRequest *self)
{
	return self->is_relative ? self->now / MINUTE : 0;
}

static gboolean
check_parameter(PddRequest *self, guint index, GError **error)
{
	const char *const *known = (const char *const *)self->route->parameters;
	const Parameter *parameter = &g_array_index(self->parameters, Parameter, index);
	if (!g_strv_contains(known, parameter->name)) {
		g_autofree char *hint = pdd_suggestion_format(parameter->name, known);
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "unknown parameter \"%.64s\"%s",
			    parameter->name,
			    hint);
		return FALSE;
	}
	if (index > 0 && !g_str_equal(parameter->name, "match") &&
	    g_str_equal(parameter->name, parameter[-1].name)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "%s: given more than once",
			    parameter->name);
		return FALSE;
	}
	return TRUE;
}

/* whether path and query can be read and there is no unknown or repeated parameter */
gboolean
pdd_request_check(PddRequest *self, GError **error)
{
	if (self->is_malformed) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "the address is not percent-encoded UTF-8");
		return FALSE;
	}
	for (guint i = 0; self->route != NULL && i < self->parameters->len; i++) {
		if (!check_parameter(self, i, error))
			return FALSE;
	}
	return TRUE;
}

/* NULL when it is not given */
const char *
pdd_request_get(PddRequest *self, const char *name)
{
	for (guint i = 0; i < self->parameters->len; i++) {
		const Parameter *parameter = &g_array_index(self->parameters, Parameter, i);
		if (g_str_equal(parameter->name, name))
			return parameter->value;
	}
	return NULL;
}

/* leaves number as it is when the parameter is not given */
gboolean
pdd_request_get_number(PddRequest *self,
		       const char *name,
		       guint64 min,
		       guint64 max,
		       guint64 *number,
		       GError **error)
{
	const char *value = pdd_request_get(self, name);
	if (value == NULL || g_ascii_string_to_unsigned(value, 10, min, max, number, NULL))
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "%s: \"%.64s\" is not a whole number from %" G_GUINT64_FORMAT
		    " to %" G_GUINT64_FORMAT,
		    name,
		    value,
		    min,
		    max);
	return FALSE;
}

/* of a list whose cursor is a place in it; 100 at a time when it is not said */
gboolean
pdd_request_get_page(PddRequest *self, guint64 *begin, guint64 *limit, GError **error)
{
	*begin = 0;
	*limit = 100;
	return pdd_request_get_number(self, "limit", 1, 10000, limit, error) &&
	       pdd_request_get_number(self, "cursor", 0, G_MAXUINT32, begin, error);
}

/* in microseconds since 1970 UTC; leaves time and is_relative, which may be NULL, as they are when
 * the parameter is not given */
gboolean
pdd_request_get_time(PddRequest *self,
		     const char *name,
		     gint64 *time,
		     gboolean *is_relative,
		     GError **error)
{
	const char *value = pdd_request_get(self, name);
	if (value == NULL || perfdash_time_parse(value, self->now, time, is_relative, error))
		return TRUE;
	g_prefix_error(error, "%s: ", name);
	return FALSE;
}

/* the index in choices; leaves it as it is when the parameter is not given */
gboolean
pdd_request_get_choice(PddRequest *self,
		       const char *name,
		       const char *const *choices,
		       guint *choice,
		       GError **error)
{
	const char *value = pdd_request_get(self, name);
	if (value == NULL)
		return TRUE;
	for (guint i = 0; choices[i] != NULL; i++) {
		if (g_str_equal(choices[i], value)) {
			*choice = i;
			return TRUE;
		}
	}
	g_autofree char *known = g_strjoinv(", ", (char **)choices);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "%s: \"%.64s\" is none of %s",
		    name,
		    value,
		    known);
	return FALSE;
}

GStrv
pdd_request_dup_matches(PddRequest *self)
{
	g_autoptr(GStrvBuilder) matches = g_strv_builder_new();
	for (guint i = 0; i < self->parameters->len; i++) {
		const Parameter *parameter = &g_array_index(self->parameters, Parameter, i);
		if (g_str_equal(parameter->name, "match"))
			g_strv_builder_add(matches, parameter->value);
	}
	return g_strv_builder_end(matches);
}

PerfdashSelector *
pdd_request_get_selector(PddRequest *self, GError **error)
{
	g_auto(GStrv) matches = pdd_request_dup_matches(self);
	return perfdash_selector_new((const char *const *)matches,
				     pdd_request_get(self, "q"),
				     error);
}
