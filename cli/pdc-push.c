/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sends logs to a server. The same log again changes nothing there, so whatever may pass is tried
 * again, also when nobody knows whether the last attempt went through: a connection that cannot be
 * made or breaks, and the statuses that say so (408, 429, 502, 503, 504). The waits double, with
 * jitter, so that many jobs which wait for one server do not come back at the same moment, and take
 * Retry-After for their least. All of them together have an end: after that long without an answer
 * each further log is tried once. */

#include "pdc-push.h"

#include <string.h>

#include "pdc-command.h"
#include "pdc-progress.h"
#include "pdc-server.h"
#include "pdd-peer.h"

#define FIRST_WAIT  0.5 /* seconds */
#define MAX_WAIT    30.0
#define MAX_ASKED   G_TIME_SPAN_MINUTE /* of Retry-After */
#define MAX_DOUBLED 10
#define MAX_ANSWER  65536
#define MAX_UNASKED (1024 * 1024) /* bytes */

struct _PdcPush {
	PdcServer *server;
	char *query;         /* with everything but the name of the log */
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

static char *
describe_answer(const Attempt *attempt)
{
	if (attempt->error != NULL)
		return g_strdup(attempt->error->message);
	return pdc_server_describe(attempt->message, attempt->body->str, attempt->body->len);
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

/* microseconds */
static gint64
choose_wait(PdcPush *self, const Attempt *attempt)
{
	guint n_doubled = MIN(self->n_failed - 1, MAX_DOUBLED);
	double most = MIN(FIRST_WAIT * (1 << n_doubled), MAX_WAIT);
	double wait = g_random_double_range(most / 2, most);
	GTimeSpan asked = attempt->error == NULL
				  ? pdd_peer_get_retry_after(attempt->message, MAX_ASKED)
				  : 0;
	return (asked > 0 ? wait / 2 : wait) * G_USEC_PER_SEC + asked;
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
	g_autoptr(GInputStream) answer = soup_session_send(pdc_server_get_session(self->server),
							   attempt->message,
							   NULL,
							   error);
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
	g_autofree char *place = g_strdup_printf("api/v1/logs?%s&name=%s", self->query, escaped);
	attempt->body = g_string_new(NULL);
	attempt->message = pdc_server_make_message(self->server, "POST", place);
	exchange(self, attempt, file, &attempt->error);
}

static char *
explain(PdcPush *self, const Attempt *attempt)
{
	char *reason = describe_answer(attempt);
	if (attempt->error != NULL || pdc_server_has_token(self->server) ||
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
	if (status == SOUP_STATUS_OK || status == SOUP_STATUS_CREATED) {
		g_autofree char *digest = pdc_server_read_member(attempt->message,
								 attempt->body->str,
								 attempt->body->len,
								 "digest");
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

PdcPush *
pdc_push_new(const char *server, const char *query, const PdcPushOptions *options, GError **error)
{
	g_autoptr(PdcPush) self = g_new0(PdcPush, 1);
	self->server = pdc_server_new(server,
				      options->token_file,
				      options->insecure,
				      options->timeout,
				      error);
	if (self->server == NULL)
		return NULL;
	self->query = g_strdup(query);
	self->retry_for = options->retry_for * G_TIME_SPAN_SECOND;
	return g_steal_pointer(&self);
}

void
pdc_push_free(PdcPush *self)
{
	g_clear_pointer(&self->server, pdc_server_free);
	g_free(self->query);
	g_free(self);
}
