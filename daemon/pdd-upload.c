/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logs that are pushed. The body goes through a bounded PddBody to a thread that makes a log of it
 * and takes the log in, so that a body of any size takes the memory of a few chunks. Whatever can
 * be said against a request is said before its body is read. */

#include "pdd-upload.h"

#include "pdd-body.h"
#include "pdd-json.h"
#include "pdd-problem.h"

#define MAX_UPLOADS 16

struct _PddUploads {
	PddService *service;
	GCancellable *cancellable;
	GThreadPool *threads;
	GPtrArray *active; /* of Upload; those whose body is being read */
};

typedef struct {
	gatomicrefcount refs;
	PddUploads *uploads;
	PddExchange *exchange;
	PddBody *body;
	PerfdashOrigin *origin;
	const char *name; /* of the request, or static */
	guint64 max_size;
	gboolean is_read;  /* the whole body has arrived */
	PddAnswer *answer; /* nullable; made by the thread */
} Upload;

static void
upload_unref(Upload *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	pdd_exchange_unref(self->exchange);
	g_clear_object(&self->body);
	g_clear_object(&self->origin);
	g_clear_pointer(&self->answer, pdd_answer_unref);
	g_free(self);
}

static Upload *
upload_ref(Upload *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

static void
closure_unref(gpointer data, GClosure *closure)
{
	upload_unref(data);
}

/* calls func in the main context */
static void
call(Upload *self, GSourceFunc func)
{
	g_idle_add_full(G_PRIORITY_DEFAULT, func, upload_ref(self), (GDestroyNotify)upload_unref);
}

static gboolean
room_cb(gpointer user_data)
{
	Upload *self = user_data;
	if (!self->exchange->is_over && !self->is_read)
		soup_server_message_unpause(self->exchange->message);
	return G_SOURCE_REMOVE;
}

static void
has_room(gpointer user_data)
{
	call(user_data, room_cb);
}

static void
got_chunk_cb(SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
	Upload *self = user_data;
	if (!pdd_body_push(self->body, chunk))
		soup_server_message_pause(message);
}

static void
finished_cb(SoupServerMessage *message, gpointer user_data)
{
	Upload *self = user_data;
	pdd_body_close(self->body, PDD_BODY_CUT);
	g_ptr_array_remove_fast(self->uploads->active, self);
}

static gboolean
answer_cb(gpointer user_data)
{
	Upload *self = user_data;
	PddExchange *exchange = self->exchange;
	if (exchange->is_over)
		return G_SOURCE_REMOVE;
	if (self->is_read) {
		pdd_exchange_answer(exchange, self->answer);
		soup_server_message_unpause(exchange->message);
	} else {
		pdd_exchange_refuse(exchange, self->answer);
		g_ptr_array_remove_fast(self->uploads->active, self);
	}
	return G_SOURCE_REMOVE;
}

static PddAnswer *
answer_record(PerfdashLogRecord *record, gboolean is_new, const char *request_id)
{
	const GError *error = perfdash_log_record_get_error(record);
	const char *digest = perfdash_log_record_get_digest(record);
	PerfdashOutcome outcome = perfdash_log_record_get_outcome(record);
	gsize n_runs;
	const gint64 *runs = perfdash_log_record_get_runs(record, &n_runs);
	if (error != NULL)
		return pdd_problem_new_for_log(digest, error->message, request_id);
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "id", perfdash_log_record_get_id(record));
	pdd_json_add_text(writer, "digest", digest);
	pdd_json_add_text(writer, "outcome", perfdash_outcome_to_string(outcome));
	pdd_json_add_text(writer, "parser", perfdash_log_record_get_parser(record));
	pdd_json_add_ids(writer, "runs", runs, n_runs);
	pdd_json_add_texts(writer, "warnings", perfdash_log_record_get_warnings(record));
	perfdash_json_writer_end_object(writer);
	return pdd_answer_new(is_new ? 201 : 200,
			      "application/json",
			      perfdash_json_writer_end(writer));
}

/* NULL when everything is */
static PerfdashSelector *
get_allowed(PddExchange *exchange)
{
	PddToken *token = pdd_request_get_token(exchange->request);
	return token != NULL ? token->allowed : NULL;
}

static PddAnswer *
take_in(Upload *self, GError **error)
{
	PddService *service = self->exchange->service;
	GCancellable *cancellable = self->uploads->cancellable;
	gboolean is_new;
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_stream(self->name,
								  G_INPUT_STREAM(self->body),
								  self->max_size,
								  cancellable,
								  error);
	if (log == NULL)
		return NULL;
	g_autoptr(PerfdashLogRecord) record = perfdash_pipeline_ingest(service->pipeline,
								       log,
								       self->origin,
								       get_allowed(self->exchange),
								       &is_new,
								       cancellable,
								       error);
	if (record == NULL)
		return NULL;
	if (is_new)
		pdd_metrics_count_log(
			service->metrics,
			"push",
			perfdash_outcome_to_string(perfdash_log_record_get_outcome(record)));
	return answer_record(record, is_new, pdd_request_get_id(self->exchange->request));
}

/* what is to be written lies outside of what the token is for */
static PddAnswer *
answer_denied(PddExchange *exchange, const GError *error)
{
	PddToken *token = pdd_request_get_token(exchange->request);
	g_autofree char *limits = pdd_token_describe_limits(token);
	return pdd_problem_new(PDD_PROBLEM_FORBIDDEN,
			       pdd_request_get_id(exchange->request),
			       "%s, but token %s is for %s; nothing was kept",
			       error->message,
			       token->id,
			       limits);
}

static PddAnswer *
answer_error(Upload *self, const GError *error)
{
	const char *request_id = pdd_request_get_id(self->exchange->request);
	if (g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_DENIED))
		return answer_denied(self->exchange, error);
	switch (pdd_body_get_state(self->body)) {
	case PDD_BODY_TIMED_OUT:
		return pdd_problem_new(PDD_PROBLEM_TIMED_OUT,
				       request_id,
				       "nothing of the body came for a minute");
	case PDD_BODY_CUT:
		return pdd_problem_new(PDD_PROBLEM_BAD_REQUEST,
				       request_id,
				       "the body did not come to its end");
	default:
		return pdd_problem_new_for_error(error, request_id);
	}
}

static void
work(gpointer data, gpointer user_data)
{
	Upload *self = data;
	g_autoptr(GError) error = NULL;
	self->answer = take_in(self, &error);
	if (self->answer == NULL)
		self->answer = answer_error(self, error);
	call(self, answer_cb);
	upload_unref(self);
}

/* What is said of the start is another time when it is said again, such as "now": then it does not
 * tell this run from others. */
static gboolean
describe_started_at(PddRequest *request,
		    PerfdashRunBuilder *builder,
		    gint64 *written_at,
		    GError **error)
{
	gint64 started_at = 0;
	gboolean is_relative = FALSE;
	*written_at = g_get_real_time();
	if (!pdd_request_get_time(request, "started_at", &started_at, &is_relative, error))
		return FALSE;
	if (is_relative)
		*written_at = started_at;
	else
		perfdash_run_builder_set_started_at(builder, started_at);
	return TRUE;
}

/* the label is one of those that the token is for; the only one need not be said */
static gboolean
describe_limited(PerfdashRunBuilder *builder,
		 const char *key,
		 const char *said,
		 GStrv values,
		 GError **error)
{
	if (said == NULL && g_strv_length(values) == 1)
		said = values[0];
	if (said == NULL)
		return TRUE;
	perfdash_run_builder_set_label(builder, key, said);
	if (values[0] == NULL || g_strv_contains((const char *const *)values, said))
		return TRUE;
	g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_DENIED, "%s is \"%.64s\"", key, said);
	return FALSE;
}

static gboolean
describe_labels(PddRequest *request, PerfdashRunBuilder *builder, GError **error)
{
	static char *none[] = {NULL};
	static const char *const keys[] = {"suite", "branch"};
	PddToken *token = pdd_request_get_token(request);
	GStrv labs = token != NULL ? token->labs : none;
	GStrv projects = token != NULL ? token->projects : none;
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = pdd_request_get(request, keys[i]);
		if (value != NULL)
			perfdash_run_builder_set_label(builder, keys[i], value);
	}
	return describe_limited(builder, "lab", pdd_request_get(request, "lab"), labs, error) &&
	       describe_limited(builder,
				"project",
				pdd_request_get(request, "project"),
				projects,
				error);
}

static void
describe_run(PddRequest *request, PerfdashRunBuilder *builder)
{
	const char *build = pdd_request_get(request, "build");
	const char *revision = pdd_request_get(request, "revision");
	const char *url = pdd_request_get(request, "url");
	if (build != NULL)
		perfdash_run_builder_set_build(builder, build);
	if (revision != NULL)
		perfdash_run_builder_set_revision(builder, revision);
	if (url != NULL)
		perfdash_run_builder_set_url(builder, url);
}

/* what the address says of the run, checked as what a parser says is */
static PerfdashOrigin *
describe(PddRequest *request, const char *parser, GError **error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	gint64 written_at;
	if (!describe_labels(request, builder, error) ||
	    !describe_started_at(request, builder, &written_at, error))
		return NULL;
	describe_run(request, builder);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	if (runs == NULL)
		return NULL;
	return perfdash_origin_new("push",
				   parser,
				   g_ptr_array_index(runs, 0),
				   NULL,
				   NULL,
				   written_at,
				   error);
}

static gboolean
check_parser(PddService *service, const char *parser, GError **error)
{
	if (parser == NULL)
		return TRUE;
	g_autoptr(PerfdashParserInfo)
		info = perfdash_parser_registry_lookup(service->registry, parser);
	if (info != NULL)
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "parser: there is no parser \"%.64s\"; /api/v1/parsers lists them",
		    parser);
	return FALSE;
}

static gboolean
check_name(const char *name, GError **error)
{
	g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes(name, nothing, error);
	return log != NULL;
}

static Upload *
upload_new(PddUploads *uploads, PddExchange *exchange, GError **error)
{
	PddRequest *request = exchange->request;
	gboolean is_native = g_str_has_suffix(pdd_request_get_route(request)->path, "/runs");
	const char *name = pdd_request_get(request, "name");
	const char *parser = is_native ? "perfdash-json" : pdd_request_get(request, "parser");
	g_autoptr(PerfdashOrigin) origin = describe(request, parser, error);
	if (name == NULL)
		name = is_native ? "runs.json" : "pushed.log";
	if (origin == NULL || !check_name(name, error) ||
	    !check_parser(uploads->service, parser, error))
		return NULL;
	Upload *self = g_new0(Upload, 1);
	g_atomic_ref_count_init(&self->refs);
	self->uploads = uploads;
	self->exchange = pdd_exchange_ref(exchange);
	self->origin = g_steal_pointer(&origin);
	self->name = name;
	self->max_size = uploads->service->config->max_log_size;
	self->body = pdd_body_new(has_room, self);
	return self;
}

static void
got_body_cb(SoupServerMessage *message, gpointer user_data)
{
	Upload *self = user_data;
	self->is_read = TRUE;
	pdd_body_close(self->body, PDD_BODY_ENDED);
	/* until answer_cb() */
	soup_server_message_pause(message);
}

static void
start(PddUploads *self, Upload *upload)
{
	SoupServerMessage *message = upload->exchange->message;
	g_ptr_array_add(self->active, upload);
	g_signal_connect_data(message,
			      "got-chunk",
			      G_CALLBACK(got_chunk_cb),
			      upload_ref(upload),
			      closure_unref,
			      0);
	g_signal_connect_data(message,
			      "got-body",
			      G_CALLBACK(got_body_cb),
			      upload_ref(upload),
			      closure_unref,
			      0);
	g_signal_connect_data(message,
			      "finished",
			      G_CALLBACK(finished_cb),
			      upload_ref(upload),
			      closure_unref,
			      0);
	g_thread_pool_push(self->threads, upload, NULL);
}

static PddAnswer *
answer_busy(const char *request_id, const char *why)
{
	PddAnswer *answer = pdd_problem_new(PDD_PROBLEM_BUSY, request_id, "%s; try again", why);
	pdd_answer_add_header(answer, "Retry-After", "1");
	return answer;
}

static PddAnswer *
find_objection(PddUploads *self, PddExchange *exchange)
{
	const char *request_id = pdd_request_get_id(exchange->request);
	SoupMessageHeaders *headers = soup_server_message_get_request_headers(exchange->message);
	guint64 max_size = self->service->config->max_log_size;
	if ((guint64)soup_message_headers_get_content_length(headers) > max_size)
		return pdd_problem_new(PDD_PROBLEM_TOO_LARGE,
				       request_id,
				       "the log is larger than %" G_GUINT64_FORMAT
				       " bytes, the limit of this server (max-log-size)",
				       max_size);
	if (!pdd_service_is_ready(self->service))
		return answer_busy(request_id, "the parsers are being looked for");
	if (self->active->len >= MAX_UPLOADS)
		return answer_busy(request_id, "as many logs as possible are being received");
	return NULL;
}

/* to be called when the head of a request has arrived */
void
pdd_uploads_accept(PddUploads *self, PddExchange *exchange)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PddAnswer) objection = find_objection(self, exchange);
	Upload *upload = objection == NULL ? upload_new(self, exchange, &error) : NULL;
	if (upload != NULL) {
		start(self, upload);
		return;
	}
	if (objection == NULL && g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_DENIED))
		objection = answer_denied(exchange, error);
	if (objection == NULL)
		objection = pdd_problem_new_for_error(error, pdd_request_get_id(exchange->request));
	pdd_exchange_refuse(exchange, objection);
}

/* returns when no thread is at work any more */
void
pdd_uploads_stop(PddUploads *self)
{
	g_cancellable_cancel(self->cancellable);
	for (guint i = 0; i < self->active->len; i++)
		pdd_body_close(((Upload *)g_ptr_array_index(self->active, i))->body, PDD_BODY_CUT);
	g_thread_pool_free(self->threads, FALSE, TRUE);
	self->threads = NULL;
}

PddUploads *
pdd_uploads_new(PddService *service)
{
	PddUploads *self = g_new0(PddUploads, 1);
	self->service = service;
	self->cancellable = g_cancellable_new();
	self->active = g_ptr_array_new();
	self->threads = g_thread_pool_new(work, NULL, MAX_UPLOADS, FALSE, NULL);
	return self;
}

void
pdd_uploads_free(PddUploads *self)
{
	g_object_unref(self->cancellable);
	g_ptr_array_unref(self->active);
	g_free(self);
}
