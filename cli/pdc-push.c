/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sends logs to a server. The same log again changes nothing there, so whatever may pass is tried
 * again, also when nobody knows whether the last attempt went through: a connection that cannot be
 * made or breaks, and the statuses that say so (408, 429, 502, 503, 504). The waits double, with
 * jitter, so that many jobs which wait for one server do not come back at the same moment, and take
 * Retry-After for their least. All of them together have an end: after that long without an answer
 * each further log is tried once.
 *
 * A token goes to the server that was named and to no other: redirections are reported, not
 * followed. */

#include "pdc-push.h"

#include <string.h>

#include "pdc-command.h"
#include "pdc-progress.h"
#include "pdd-token.h"

#define FIRST_WAIT  0.5 /* seconds */
#define MAX_WAIT    30.0
#define MAX_ASKED   60.0 /* of Retry-After */
#define MAX_DOUBLED 10
#define MAX_ANSWER  65536
#define MAX_UNASKED (1024 * 1024) /* bytes */

struct _PdcPush {
	char *address; /* with everything but the name of the log */
	char *token;   /* nullable */
	SoupSession *session;
	gint64 retry_for;    /* microseconds */
	gint64 silent_since; /* monotonic: of the first attempt without an answer, or 0 */
	guint n_failed;      /* attempts since then */
};

/* what became of one attempt */
typedef struct {
	SoupMessage *message;
	GString *body;
	GError *error;
} Attempt;

static void
attempt_clear(Attempt *attempt)
{
	g_clear_object(&attempt->message);
	g_string_free(attempt->body, TRUE);
	g_clear_error(&attempt->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

static gboolean G_GNUC_PRINTF(2, 3) refuse(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_propagate_error(error,
			  g_error_new_valist(PERFDASH_ERROR, PERFDASH_ERROR_INVALID, format, args));
	va_end(args);
	return FALSE;
}

/* text of a server, for a terminal */
static char *
clean(const char *text, gssize length)
{
	char *valid = g_utf8_make_valid(text, length);
	for (char *p = valid; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	}
	return valid;
}

static gboolean
has_type(SoupMessage *message, const char *type)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(message);
	return g_strcmp0(soup_message_headers_get_content_type(headers, NULL), type) == 0;
}

/* the value of a member of a JSON object, such as the server writes it */
static char *
find_member(const GString *body, const char *pattern)
{
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_RAW, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	if (!g_regex_match_full(regex, body->str, body->len, 0, 0, &match, NULL))
		return NULL;
	return g_match_info_fetch(match, 1);
}

/* what a problem document says, or the status */
static char *
describe_answer(const Attempt *attempt)
{
	SoupMessage *message = attempt->message;
	SoupMessageHeaders *headers = soup_message_get_response_headers(message);
	const char *location = soup_message_headers_get_one(headers, "Location");
	const char *type = soup_message_headers_get_content_type(headers, NULL);
	g_autofree char *detail = NULL;
	g_autofree char *text = NULL;
	if (attempt->error != NULL)
		return g_strdup(attempt->error->message);
	if (has_type(message, "application/problem+json"))
		detail = find_member(attempt->body, "\"detail\":\"((?:[^\"\\\\]|\\\\.)*)\"");
	if (detail != NULL) {
		g_autofree char *unescaped = g_strcompress(detail);
		return clean(unescaped, -1);
	}
	if (SOUP_STATUS_IS_REDIRECTION(soup_message_get_status(message)) && location != NULL)
		text = g_strdup_printf("the server sends on to %.200s: give its --server",
				       location);
	else
		text = g_strdup_printf(
			"the answer is %u %.100s of type %.100s, which is not of perfdash",
			soup_message_get_status(message),
			soup_message_get_reason_phrase(message),
			type != NULL ? type : "unknown");
	return clean(text, -1);
}

static gboolean
is_passing_error(const GError *error)
{
	return error->domain != G_TLS_ERROR && error->domain != G_FILE_ERROR &&
	       !g_error_matches(error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND) &&
	       !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static gboolean
may_pass(const Attempt *attempt)
{
	static const guint statuses[] = {SOUP_STATUS_REQUEST_TIMEOUT,
					 429,
					 SOUP_STATUS_BAD_GATEWAY,
					 SOUP_STATUS_SERVICE_UNAVAILABLE,
					 SOUP_STATUS_GATEWAY_TIMEOUT};
	if (attempt->error != NULL)
		return is_passing_error(attempt->error);
	for (guint i = 0; i < G_N_ELEMENTS(statuses); i++) {
		if (soup_message_get_status(attempt->message) == statuses[i])
			return TRUE;
	}
	return FALSE;
}

/* seconds that the server wants to be left alone */
static double
get_retry_after(SoupMessage *message)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(message);
	const char *value = soup_message_headers_get_one(headers, "Retry-After");
	double seconds = 0;
	if (value == NULL)
		return 0;
	g_autoptr(GDateTime) date = soup_date_time_new_from_http_string(value);
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	if (date != NULL)
		seconds = g_date_time_difference(date, now) / (double)G_USEC_PER_SEC;
	else
		seconds = g_ascii_strtoull(value, NULL, 10);
	return CLAMP(seconds, 0, MAX_ASKED);
}

/* microseconds */
static gint64
choose_wait(PdcPush *self, const Attempt *attempt)
{
	guint n_doubled = MIN(self->n_failed - 1, MAX_DOUBLED);
	double most = MIN(FIRST_WAIT * (1 << n_doubled), MAX_WAIT);
	double wait = g_random_double_range(most / 2, most);
	double asked = attempt->error == NULL ? get_retry_after(attempt->message) : 0;
	return (asked > 0 ? asked + wait / 2 : wait) * G_USEC_PER_SEC;
}

/* FALSE when there was no answer for too long */
static gboolean
wait_for_server(PdcPush *self, const char *path, const Attempt *attempt)
{
	gint64 now = g_get_monotonic_time();
	if (self->silent_since == 0)
		self->silent_since = now;
	self->n_failed++;
	gint64 wait = choose_wait(self, attempt);
	if (now + wait - self->silent_since > self->retry_for)
		return FALSE;
	g_autofree char *reason = describe_answer(attempt);
	pdc_progress_clear();
	pdc_complain("%s: %s; trying again in %.1f s", path, reason, wait / (double)G_USEC_PER_SEC);
	g_usleep(wait);
	return TRUE;
}

/* libsoup takes an answer that ends too early for whole */
static gboolean
check_length(const Attempt *attempt, GError **error)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(attempt->message);
	if (soup_message_headers_get_encoding(headers) != SOUP_ENCODING_CONTENT_LENGTH ||
	    attempt->body->len >= MAX_ANSWER ||
	    (goffset)attempt->body->len >= soup_message_headers_get_content_length(headers))
		return TRUE;
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "the answer was cut off");
	return FALSE;
}

/* streams the file, and reads the beginning of the answer */
static gboolean
exchange(PdcPush *self, Attempt *attempt, GFile *file, GError **error)
{
	char buffer[4096];
	gssize n;
	g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, error);
	g_autoptr(GFileInfo) info = NULL;
	if (stream != NULL)
		info = g_file_input_stream_query_info(stream, "standard::size", NULL, error);
	if (info == NULL)
		return FALSE;
	soup_message_set_request_body(attempt->message,
				      "application/octet-stream",
				      G_INPUT_STREAM(stream),
				      g_file_info_get_size(info));
	/* an answer that comes while much is sent still would be lost with the connection */
	if (g_file_info_get_size(info) > MAX_UNASKED)
		soup_message_headers_set_expectations(
			soup_message_get_request_headers(attempt->message),
			SOUP_EXPECTATION_CONTINUE);
	g_autoptr(GInputStream)
		answer = soup_session_send(self->session, attempt->message, NULL, error);
	if (answer == NULL)
		return FALSE;
	while ((n = g_input_stream_read(answer, buffer, sizeof(buffer), NULL, error)) > 0 &&
	       attempt->body->len < MAX_ANSWER)
		g_string_append_len(attempt->body, buffer, n);
	return n >= 0 && check_length(attempt, error);
}

static void
try(PdcPush *self, Attempt *attempt, const char *path)
{
	g_autoptr(GFile) file = g_file_new_for_path(path);
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *address = g_strdup_printf("%s&name=%s", self->address, escaped);
	attempt->body = g_string_new(NULL);
	attempt->message = soup_message_new("POST", address);
	soup_message_set_flags(attempt->message, SOUP_MESSAGE_NO_REDIRECT);
	if (self->token != NULL) {
		g_autofree char *value = g_strconcat("Bearer ", self->token, NULL);
		soup_message_headers_append(soup_message_get_request_headers(attempt->message),
					    "Authorization",
					    value);
	}
	exchange(self, attempt, file, &attempt->error);
}

static char *
explain(PdcPush *self, const Attempt *attempt)
{
	char *reason = describe_answer(attempt);
	if (attempt->error != NULL || self->token != NULL ||
	    soup_message_get_status(attempt->message) != SOUP_STATUS_UNAUTHORIZED)
		return reason;
	g_autofree char *short_reason = reason;
	return g_strconcat(short_reason, "; give it by --token-file or PERFDASH_TOKEN", NULL);
}

static PdcPushOutcome
judge(PdcPush *self, const Attempt *attempt, char **reason)
{
	guint status = attempt->error == NULL ? soup_message_get_status(attempt->message) : 0;
	gboolean is_refused = status == SOUP_STATUS_UNAUTHORIZED ||
			      status == SOUP_STATUS_FORBIDDEN || SOUP_STATUS_IS_REDIRECTION(status);
	if ((status == SOUP_STATUS_OK || status == SOUP_STATUS_CREATED) &&
	    has_type(attempt->message, "application/json")) {
		g_autofree char *digest = find_member(attempt->body,
						      "\"digest\":\"([0-9a-f]{64})\"");
		if (digest != NULL)
			return status == SOUP_STATUS_CREATED ? PDC_PUSH_NEW : PDC_PUSH_KNOWN;
	}
	*reason = explain(self, attempt);
	return is_refused || (attempt->error != NULL && attempt->error->domain == G_TLS_ERROR)
		       ? PDC_PUSH_STOPPED
		       : PDC_PUSH_REFUSED;
}

PdcPushOutcome
pdc_push_send(PdcPush *self, const char *path, char **reason)
{
	while (TRUE) {
		g_auto(Attempt) attempt = {0};
		try(self, &attempt, path);
		gboolean passes = may_pass(&attempt);
		if (!passes) {
			self->silent_since = 0;
			self->n_failed = 0;
		}
		if (!passes || !wait_for_server(self, path, &attempt))
			return judge(self, &attempt, reason);
	}
}

static gboolean
is_local(GUri *uri)
{
	const char *host = g_uri_get_host(uri);
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
	return g_ascii_strcasecmp(host, "localhost") == 0 ||
	       (address != NULL && g_inet_address_get_is_loopback(address));
}

/* of the file, else of the environment, else none */
static gboolean
read_token(PdcPush *self, const char *file, GError **error)
{
	g_autoptr(GError) local = NULL;
	const char *where = file != NULL ? file : "PERFDASH_TOKEN";
	if (file == NULL)
		self->token = g_strdup(g_getenv("PERFDASH_TOKEN"));
	else if (!g_file_get_contents(file, &self->token, NULL, &local))
		return refuse(error, "%s", local->message);
	if (self->token == NULL || *g_strstrip(self->token) == '\0') {
		g_clear_pointer(&self->token, g_free);
		return file == NULL || refuse(error, "there is no token in %s", file);
	}
	for (const char *p = self->token; *p != '\0'; p++) {
		if (!g_ascii_isgraph(*p))
			return refuse(error, "what is in %s is no token", where);
	}
	/* that of a proxy in front may be of another kind */
	if (g_str_has_prefix(self->token, "pd_") && !pdd_token_is_secret(self->token))
		return refuse(error, "the token in %s is not whole: was it cut?", where);
	return TRUE;
}

static GUri *
parse_server(const char *server, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(server, SOUP_HTTP_URI_FLAGS, NULL);
	const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
	if ((g_str_equal(scheme, "http") || g_str_equal(scheme, "https")) &&
	    *g_uri_get_host(uri) != '\0' && g_uri_get_query(uri) == NULL &&
	    g_uri_get_fragment(uri) == NULL)
		return g_steal_pointer(&uri);
	refuse(error, "server \"%s\" is no address such as https://perfdash.example", server);
	return NULL;
}

SoupSession *
pdc_push_make_session(GUri *uri, guint timeout)
{
	/* over HTTP/2 it would wait for a 100 Continue that many servers do not send there */
	g_setenv("SOUP_FORCE_HTTP1", "1", TRUE);
	g_autoptr(GProxyResolver) direct = g_simple_proxy_resolver_new(NULL, NULL);
	SoupSession *session = soup_session_new_with_options("timeout",
							     timeout,
							     "user-agent",
							     "perfdash/" PERFDASH_VERSION_S,
							     NULL);
	/* the length of an answer is that of what is read */
	soup_session_remove_feature_by_type(session, SOUP_TYPE_CONTENT_DECODER);
	if (is_local(uri))
		soup_session_set_proxy_resolver(session, direct);
	return session;
}

PdcPush *
pdc_push_new(const char *server, const char *query, const PdcPushOptions *options, GError **error)
{
	g_autoptr(PdcPush) self = g_new0(PdcPush, 1);
	g_autoptr(GUri) uri = parse_server(server, error);
	if (uri == NULL || !read_token(self, options->token_file, error))
		return NULL;
	if (self->token != NULL && !options->insecure && !is_local(uri) &&
	    g_str_equal(g_uri_get_scheme(uri), "http")) {
		refuse(error,
		       "everybody on the way to %s would see the token: use https, or --insecure",
		       g_uri_get_host(uri));
		return NULL;
	}
	self->address = g_strconcat(server,
				    g_str_has_suffix(server, "/") ? "" : "/",
				    "api/v1/logs?",
				    query,
				    NULL);
	self->retry_for = options->retry_for * G_TIME_SPAN_SECOND;
	self->session = pdc_push_make_session(uri, options->timeout);
	return g_steal_pointer(&self);
}

void
pdc_push_free(PdcPush *self)
{
	g_free(self->address);
	g_free(self->token);
	g_clear_object(&self->session);
	g_free(self);
}
