/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks the server of a source. Blocks, and may be used from several threads: each request has a
 * session of its own while it lasts, since a session is not made for several threads. Credentials
 * go with the first request, for some servers (Jenkins) never ask for them, and to the origin that
 * is configured only: redirects are followed by hand. Messages name the address without its query,
 * which may hold a key. */

#include "pdd-client.h"

#include <libsoup/soup.h>
#include <string.h>

#include "pdd-deadline-stream.h"
#include "pdd-peer.h"

#define MAX_REDIRECTS 5
#define MAX_JSON      (64 * 1024 * 1024)
#define MAX_DEPTH     64
#define PATIENCE      (30 * G_TIME_SPAN_SECOND) /* with a server that wants to be left alone */
#define LONGEST_WAIT  G_TIME_SPAN_DAY

G_DEFINE_QUARK(pdd - client - error - quark, pdd_client_error)

/* a word for people and pages, or NULL without an error */
const char *
pdd_client_error_get_cause(const GError *error)
{
	static const char *const causes[] = {"unreachable", "refused", "gone", "busy", "broken"};
	if (error == NULL)
		return NULL;
	return error->domain == PDD_CLIENT_ERROR ? causes[error->code] : "configuration";
}

struct _PddClient {
	PddHosts *hosts;       /* outlives it */
	PddMetrics *metrics;   /* likewise */
	GAsyncQueue *sessions; /* of SoupSession, those that no request has */
	GUri *base;
	char *authorization; /* nullable */
	guint parallel;
	guint timeout;        /* seconds */
	GTimeSpan time_limit; /* of one request with its body */
};

typedef struct {
	PddClient *client;
	const char *method;
	const char *accept;
	const char *body; /* nullable: JSON */
	const PddValidators *validators;
	GCancellable *cancellable;
	SoupSession *session;
	SoupMessage *message; /* of the last request */
	char *host;           /* whose turn this is, nullable */
	PddStep step;
	gint64 begun_at; /* monotonic: when its turn came */
} Request;

static SoupSession *
take_session(PddClient *self)
{
	SoupSession *session = g_async_queue_try_pop(self->sessions);
	if (session != NULL)
		return session;
	return pdd_peer_make_session(self->base, self->timeout);
}

/* what one address was asked is over */
static void
end_turn(Request *self)
{
	if (self->host != NULL) {
		gint64 time = g_get_monotonic_time() - self->begun_at;
		pdd_metrics_spend(self->client->metrics, self->step, time);
		pdd_hosts_leave(self->client->hosts, self->host);
	}
	g_clear_pointer(&self->host, g_free);
	g_clear_object(&self->message);
}

static void
request_clear(Request *self)
{
	end_turn(self);
	if (self->session != NULL)
		g_async_queue_push(self->client->sessions, g_steal_pointer(&self->session));
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

void
pdd_validators_clear(PddValidators *validators)
{
	g_clear_pointer(&validators->etag, g_free);
	g_clear_pointer(&validators->last_modified, g_free);
}

static char *
show(GUri *uri)
{
	return g_uri_to_string_partial(uri,
				       G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY |
					       G_URI_HIDE_FRAGMENT);
}

static gboolean
is_http(GUri *uri)
{
	return (g_str_equal(g_uri_get_scheme(uri), "https") ||
		g_str_equal(g_uri_get_scheme(uri), "http")) &&
	       g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0';
}

static gboolean G_GNUC_PRINTF(4, 5)
	fail(Request *self, GError **error, PddClientError code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	g_autofree char *where = show(soup_message_get_uri(self->message));
	g_set_error(error, PDD_CLIENT_ERROR, code, "%s: %s", where, what);
	return FALSE;
}

static gboolean
is_same_origin(GUri *one, GUri *other)
{
	return g_str_equal(g_uri_get_scheme(one), g_uri_get_scheme(other)) &&
	       g_ascii_strcasecmp(g_uri_get_host(one), g_uri_get_host(other)) == 0 &&
	       g_uri_get_port(one) == g_uri_get_port(other);
}

static void
set_headers(Request *self, GUri *uri)
{
	SoupMessageHeaders *headers = soup_message_get_request_headers(self->message);
	const PddValidators *validators = self->validators;
	soup_message_headers_replace(headers, "Accept", self->accept);
	if (self->client->authorization != NULL && is_same_origin(uri, self->client->base))
		soup_message_headers_replace(headers, "Authorization", self->client->authorization);
	if (validators != NULL && validators->etag != NULL)
		soup_message_headers_replace(headers, "If-None-Match", validators->etag);
	else if (validators != NULL && validators->last_modified != NULL)
		soup_message_headers_replace(headers,
					     "If-Modified-Since",
					     validators->last_modified);
}

static gboolean
take_turn(Request *self, GUri *uri, GError **error)
{
	const char *host = g_uri_get_host(uri);
	GTimeSpan wait = pdd_hosts_enter(self->client->hosts,
					 host,
					 self->client->parallel,
					 PATIENCE,
					 self->cancellable);
	if (wait > 0)
		return fail(self,
			    error,
			    PDD_CLIENT_ERROR_BUSY,
			    "it wants to be left alone for %" G_GINT64_FORMAT " s more",
			    (gint64)(wait / G_TIME_SPAN_SECOND) + 1);
	if (wait < 0)
		return !g_cancellable_set_error_if_cancelled(self->cancellable, error);
	self->host = g_strdup(host);
	self->begun_at = g_get_monotonic_time();
	return TRUE;
}

/* a session keeps a connection to each host; libsoup does not tell which one a message takes */
static void
network_event_cb(SoupMessage *message,
		 GSocketClientEvent event,
		 GIOStream *connection,
		 gpointer user_data)
{
	SoupSession *session = user_data;
	const char *host = g_uri_get_host(soup_message_get_uri(message));
	if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION(connection))
		g_object_set_data_full(G_OBJECT(session),
				       host,
				       g_object_ref(connection),
				       g_object_unref);
}

/* whether more has come than the answer that was read to its end. Below TLS there is more anyway */
static gboolean
has_more(Request *self)
{
	GUri *uri = soup_message_get_uri(self->message);
	GSocketConnection *connection = g_object_get_data(G_OBJECT(self->session),
							  g_uri_get_host(uri));
	return connection != NULL && g_str_equal(g_uri_get_scheme(uri), "http") &&
	       g_socket_get_available_bytes(g_socket_connection_get_socket(connection)) > 0;
}

static GInputStream *
send_once(Request *self, GUri *uri, GError **error)
{
	g_autoptr(GError) local = NULL;
	end_turn(self);
	if (self->session == NULL)
		self->session = take_session(self->client);
	self->message = soup_message_new_from_uri(self->method, uri);
	soup_message_add_flags(self->message,
			       SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS);
	soup_message_disable_feature(self->message, SOUP_TYPE_AUTH_MANAGER);
	soup_message_disable_feature(self->message, SOUP_TYPE_COOKIE_JAR);
	g_signal_connect(self->message,
			 "network-event",
			 G_CALLBACK(network_event_cb),
			 self->session);
	set_headers(self, uri);
	if (self->body != NULL) {
		g_autoptr(GBytes) body = g_bytes_new(self->body, strlen(self->body));
		soup_message_set_request_body_from_bytes(self->message, "application/json", body);
	}
	if (!take_turn(self, uri, error))
		return NULL;
	GInputStream *stream =
		soup_session_send(self->session, self->message, self->cancellable, &local);
	if (stream != NULL)
		return stream;
	if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_propagate_error(error, g_steal_pointer(&local));
	else
		fail(self, error, PDD_CLIENT_ERROR_UNREACHABLE, "%s", local->message);
	return NULL;
}

/* where an answer sends us, or NULL */
static GUri *
get_redirect(Request *self)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(self->message);
	const char *location = soup_message_headers_get_one(headers, "Location");
	if (!SOUP_STATUS_IS_REDIRECTION(soup_message_get_status(self->message)) || location == NULL)
		return NULL;
	g_autoptr(GUri) uri = g_uri_parse_relative(soup_message_get_uri(self->message),
						   location,
						   SOUP_HTTP_URI_FLAGS,
						   NULL);
	/* what was asked for in secret is not sent in clear */
	gboolean is_worse = uri != NULL && !g_str_equal(g_uri_get_scheme(uri), "https") &&
			    g_str_equal(g_uri_get_scheme(self->client->base), "https");
	return uri != NULL && is_http(uri) && !is_worse ? g_steal_pointer(&uri) : NULL;
}

static gboolean
fail_for_status(Request *self, GError **error)
{
	guint status = soup_message_get_status(self->message);
	const char *reason = soup_message_get_reason_phrase(self->message);
	GTimeSpan wait = pdd_peer_get_retry_after(self->message, LONGEST_WAIT);
	if (status == 429 || status == 503) {
		if (wait > 0)
			pdd_hosts_close(self->client->hosts, self->host, wait);
		return fail(self, error, PDD_CLIENT_ERROR_BUSY, "%u %s", status, reason);
	}
	if (status == 401 || status == 403)
		return fail(self,
			    error,
			    PDD_CLIENT_ERROR_REFUSED,
			    "%u %s: see user and token-file of the source",
			    status,
			    reason);
	if (status == 404 || status == 410)
		return fail(self, error, PDD_CLIENT_ERROR_GONE, "%u %s", status, reason);
	return fail(self,
		    error,
		    status >= 500 ? PDD_CLIENT_ERROR_UNREACHABLE : PDD_CLIENT_ERROR_BROKEN,
		    "%u %s",
		    status,
		    reason);
}

/* the body of the answer, or NULL without an error when nothing has changed */
static GInputStream *
send_request(Request *self, const char *url, GError **error)
{
	g_autoptr(GUri)
		uri = g_uri_parse_relative(self->client->base, url, SOUP_HTTP_URI_FLAGS, error);
	if (uri == NULL)
		return NULL;
	/* an index may say anything */
	if (!is_http(uri)) {
		g_autofree char *where = show(uri);
		g_set_error(error,
			    PDD_CLIENT_ERROR,
			    PDD_CLIENT_ERROR_BROKEN,
			    "\"%.200s\" is no address of a server",
			    where);
		return NULL;
	}
	for (guint i = 0; i <= MAX_REDIRECTS; i++) {
		g_autoptr(GInputStream) stream = send_once(self, uri, error);
		if (stream == NULL)
			return NULL;
		GUri *next = get_redirect(self);
		if (next == NULL && soup_message_get_status(self->message) == 200)
			return pdd_deadline_stream_new(stream, self->client->time_limit);
		if (next == NULL && soup_message_get_status(self->message) == 304 &&
		    self->validators != NULL)
			return NULL;
		if (next == NULL) {
			fail_for_status(self, error);
			return NULL;
		}
		g_uri_unref(uri);
		uri = next;
	}
	fail(self, error, PDD_CLIENT_ERROR_BROKEN, "it redirects without end");
	return NULL;
}

static const char *
get_content_type(Request *self)
{
	const char *type = soup_message_headers_get_content_type(
		soup_message_get_response_headers(self->message),
		NULL);
	return type != NULL ? type : "";
}

static gboolean
is_html(Request *self)
{
	return g_str_has_prefix(get_content_type(self), "text/html") ||
	       g_str_has_prefix(get_content_type(self), "application/xhtml");
}

static GBytes *
read_bytes(Request *self, GInputStream *stream, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	guint8 buffer[32 * 1024];
	gssize n;
	while ((n = g_input_stream_read(stream, buffer, sizeof buffer, self->cancellable, &local)) >
	       0) {
		g_byte_array_append(bytes, buffer, n);
		if (bytes->len > MAX_JSON) {
			fail(self, error, PDD_CLIENT_ERROR_BROKEN, "it is larger than 64 MiB");
			return NULL;
		}
	}
	if (n == 0)
		return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
	fail(self, error, PDD_CLIENT_ERROR_UNREACHABLE, "it was cut: %s", local->message);
	return NULL;
}

static JsonNode *
parse(Request *self, GBytes *body, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(JsonParser) parser = json_parser_new_immutable();
	gsize size;
	const char *text = g_bytes_get_data(body, &size);
	if (perfdash_json_check_depth(body, MAX_DEPTH, &local) && size > 0 &&
	    json_parser_load_from_data(parser, text, size, &local) &&
	    json_parser_get_root(parser) != NULL)
		return json_parser_steal_root(parser);
	if (is_html(self))
		fail(self,
		     error,
		     PDD_CLIENT_ERROR_BROKEN,
		     "it is HTML where JSON was asked for (a page to log in?)");
	else
		fail(self,
		     error,
		     PDD_CLIENT_ERROR_BROKEN,
		     "it is not JSON: %s",
		     local != NULL ? local->message : "it is empty");
	return NULL;
}

static void
keep_validators(Request *self, PddValidators *validators)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(self->message);
	pdd_validators_clear(validators);
	validators->etag = g_strdup(soup_message_headers_get_one(headers, "ETag"));
	validators->last_modified = g_strdup(
		soup_message_headers_get_one(headers, "Last-Modified"));
}

/* NULL without an error, and is_unchanged, when it is what validators were given with */
JsonNode *
pdd_client_get_json(PddClient *self,
		    const char *url,
		    PddValidators *validators,
		    gboolean *is_unchanged,
		    GCancellable *cancellable,
		    GError **error)
{
	g_autoptr(GError) local = NULL;
	g_auto(Request) request = {.client = self,
				   .method = "GET",
				   .accept = "application/json",
				   .validators = validators,
				   .cancellable = cancellable};
	g_autoptr(GInputStream) stream = send_request(&request, url, &local);
	if (is_unchanged != NULL)
		*is_unchanged = stream == NULL && local == NULL;
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	g_autoptr(GBytes) body = stream != NULL ? read_bytes(&request, stream, error) : NULL;
	JsonNode *node = body != NULL ? parse(&request, body, error) : NULL;
	if (node != NULL && validators != NULL)
		keep_validators(&request, validators);
	return node;
}

JsonNode *
pdd_client_post_json(PddClient *self,
		     const char *url,
		     const char *body,
		     GCancellable *cancellable,
		     GError **error)
{
	g_auto(Request) request = {.client = self,
				   .method = "POST",
				   .accept = "application/json",
				   .body = body,
				   .cancellable = cancellable};
	g_autoptr(GInputStream) stream = send_request(&request, url, error);
	g_autoptr(GBytes) answer = stream != NULL ? read_bytes(&request, stream, error) : NULL;
	return answer != NULL ? parse(&request, answer, error) : NULL;
}

static void
explain(Request *self, GError *local, GError **error)
{
	if (g_error_matches(local, PERFDASH_ERROR, PERFDASH_ERROR_IO) &&
	    !g_cancellable_is_cancelled(self->cancellable))
		fail(self, error, PDD_CLIENT_ERROR_UNREACHABLE, "%s", local->message);
	else
		g_propagate_error(error, g_error_copy(local));
}

/* whether as much came as the header said: when an answer ends with its connection libsoup takes
 * less, too; and it drops what follows */
static gboolean
check_length(Request *self, GError **error)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(self->message);
	SoupMessageMetrics *metrics = soup_message_get_metrics(self->message);
	if (soup_message_get_http_version(self->message) > SOUP_HTTP_1_1 ||
	    soup_message_headers_get_encoding(headers) != SOUP_ENCODING_CONTENT_LENGTH)
		return TRUE;
	guint64 told = soup_message_headers_get_content_length(headers);
	guint64 came = soup_message_metrics_get_response_body_bytes_received(metrics);
	if (came == told && !has_more(self))
		return TRUE;
	return fail(self,
		    error,
		    PDD_CLIENT_ERROR_BROKEN,
		    "it says that it has %" G_GUINT64_FORMAT " bytes, and %s came",
		    told,
		    came < told ? "less" : "more");
}

/* size is what the index says, 0: it does not. What is stored packed may be told so, and come
 * unpacked */
static gboolean
check_size(Request *self, PerfdashLog *log, guint64 size, GError **error)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(self->message);
	guint64 told = soup_message_headers_get_content_length(headers);
	guint64 came = perfdash_log_get_size(log);
	if (size != 0 && size == came)
		return TRUE;
	if (!check_length(self, error))
		return FALSE;
	if (size == 0 ||
	    (size == told && soup_message_headers_get_one(headers, "Content-Encoding")))
		return TRUE;
	return fail(self,
		    error,
		    PDD_CLIENT_ERROR_BROKEN,
		    "it has %" G_GUINT64_FORMAT " bytes, where the index says %" G_GUINT64_FORMAT,
		    came,
		    size);
}

/* size is what is known of it in bytes, 0: nothing; one of another size is not whole */
PerfdashLog *
pdd_client_get_log(PddClient *self,
		   const char *url,
		   const char *name,
		   guint64 size,
		   guint64 max_size,
		   GCancellable *cancellable,
		   GError **error)
{
	g_autoptr(GError) local = NULL;
	g_auto(Request) request = {.client = self,
				   .method = "GET",
				   .accept = "*/*",
				   .step = PDD_STEP_FETCH,
				   .cancellable = cancellable};
	g_autoptr(GInputStream) stream = send_request(&request, url, error);
	if (stream == NULL)
		return NULL;
	if (is_html(&request) && !g_str_has_suffix(name, ".html") &&
	    !g_str_has_suffix(name, ".htm")) {
		fail(&request,
		     error,
		     PDD_CLIENT_ERROR_BROKEN,
		     "it is HTML where a log was asked for (a page to log in?)");
		return NULL;
	}
	g_autoptr(PerfdashLog)
		log = perfdash_log_new_from_stream(name, stream, max_size, cancellable, &local);
	if (log == NULL)
		explain(&request, local, error);
	return log != NULL && check_size(&request, log, size, error) ? g_steal_pointer(&log) : NULL;
}

/* how long the server wants to be left alone */
GTimeSpan
pdd_client_get_wait(PddClient *self)
{
	return pdd_hosts_get_wait(self->hosts, g_uri_get_host(self->base));
}

static gboolean
load_authorization(PddClient *self, const PddSourceConfig *config, GError **error)
{
	g_autofree char *secret = NULL;
	if (config->token_file == NULL)
		return TRUE;
	if (!g_file_get_contents(config->token_file, &secret, NULL, error)) {
		g_prefix_error(error, "token-file: ");
		return FALSE;
	}
	g_strstrip(secret);
	if (config->user == NULL) {
		self->authorization = g_strconcat("Bearer ", secret, NULL);
		return TRUE;
	}
	g_autofree char *pair = g_strconcat(config->user, ":", secret, NULL);
	g_autofree char *encoded = g_base64_encode((const guchar *)pair, strlen(pair));
	self->authorization = g_strconcat("Basic ", encoded, NULL);
	return TRUE;
}

PddClient *
pdd_client_new(PddHosts *hosts, PddMetrics *metrics, const PddSourceConfig *config, GError **error)
{
	g_autoptr(PddClient) self = g_new0(PddClient, 1);
	self->hosts = hosts;
	self->metrics = metrics;
	self->sessions = g_async_queue_new_full(g_object_unref);
	self->parallel = config->parallel;
	self->timeout = config->timeout;
	self->time_limit = 30 * (GTimeSpan)config->timeout * G_TIME_SPAN_SECOND;
	self->base = g_uri_parse(config->url, SOUP_HTTP_URI_FLAGS, error);
	if (self->base == NULL || !load_authorization(self, config, error))
		return NULL;
	return g_steal_pointer(&self);
}

void
pdd_client_free(PddClient *self)
{
	g_async_queue_unref(self->sessions);
	g_clear_pointer(&self->base, g_uri_unref);
	g_free(self->authorization);
	g_free(self);
}
