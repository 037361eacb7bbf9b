/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way of a request: its head arrives and is objected to, or not; its route says who answers.
 * An answer in the cache goes out at once. Any other is made by a handler in a thread, while the
 * message pauses: the main context never waits for the store. Requests that ask the same while an
 * answer is made wait for that one. */

#include "pdd-server.h"

#include <libsoup/soup.h>
#include <string.h>

#include "pdd-assets.h"
#include "pdd-events.h"
#include "pdd-guard.h"
#include "pdd-listener.h"
#include "pdd-problem.h"
#include "pdd-upload.h"

#define THREADS 4

struct _PddServer {
	PddService *service;
	SoupServer *soup;
	PddListener *listener;
	GThreadPool *threads;
	PddUploads *uploads;
	PddEvents *events;
	GHashTable *making; /* key of an answer -> Job */
	char *etag_prefix;  /* see make_etag_prefix() */
	int n_reloads;      /* of the service, when that was made */
};

/* an answer that is being made, and who waits for it */
typedef struct {
	PddServer *server;
	char *key;
	guint64 generation;
	int n_reloads; /* of the service, when it was asked for */
	char *etag;    /* nullable: not to be cached */
	gboolean gzip;
	GPtrArray *exchanges; /* of PddExchange */
	PddAnswer *answer;    /* when it is made, or */
	GError *error;
} Job;

static void
job_free(Job *job)
{
	g_free(job->key);
	g_free(job->etag);
	g_ptr_array_unref(job->exchanges);
	g_clear_pointer(&job->answer, pdd_answer_unref);
	g_clear_error(&job->error);
	g_free(job);
}

static void
answer_exchange(Job *job, PddExchange *exchange)
{
	g_autoptr(PddAnswer) problem = NULL;
	if (exchange->is_over)
		return;
	if (job->answer == NULL)
		problem = pdd_problem_new_for_error(job->error,
						    pdd_request_get_id(exchange->request));
	pdd_exchange_answer(exchange, problem != NULL ? problem : job->answer);
	soup_server_message_unpause(exchange->message);
}

static gboolean
answer_cb(gpointer user_data)
{
	Job *job = user_data;
	GHashTable *making = job->server->making;
	if (g_hash_table_lookup(making, job->key) == job)
		g_hash_table_remove(making, job->key);
	for (guint i = 0; i < job->exchanges->len; i++)
		answer_exchange(job, g_ptr_array_index(job->exchanges, i));
	return G_SOURCE_REMOVE;
}

static PddAnswer *
call_handler(PddService *service, PddRequest *request, GError **error)
{
	if (!pdd_request_check(request, error))
		return NULL;
	return pdd_request_get_route(request)->handler(service, request, error);
}

/* gives the answer its final form and keeps it */
static PddAnswer *
finish_answer(Job *job, PddService *service, PddAnswer *answer)
{
	PddAnswer *final = job->gzip ? pdd_answer_compress(answer) : pdd_answer_ref(answer);
	/* maybe of another configuration than its ETag says */
	gboolean is_doubtful = job->n_reloads != g_atomic_int_get(&service->n_reloads);
	if (job->etag == NULL || is_doubtful || final->status != SOUP_STATUS_OK)
		return final;
	final->etag = g_strdup_printf("\"%s%s\"", job->etag, final->is_gzip ? "-gz" : "");
	perfdash_cache_insert(service->answers, job->key, job->generation, final, final->size);
	return final;
}

static void
work(gpointer data, gpointer user_data)
{
	Job *job = data;
	PddService *service = user_data;
	PddExchange *first = g_ptr_array_index(job->exchanges, 0);
	g_autoptr(PddAnswer) answer = call_handler(service, first->request, &job->error);
	if (answer != NULL)
		job->answer = finish_answer(job, service, answer);
	g_idle_add_full(G_PRIORITY_DEFAULT, answer_cb, job, (GDestroyNotify)job_free);
}

/* whether the exchange can wait for an answer that is being made already */
static gboolean
join(PddServer *self, PddExchange *exchange, const char *key, guint64 generation)
{
	Job *job = g_hash_table_lookup(self->making, key);
	if (job == NULL || job->generation != generation)
		return FALSE;
	g_ptr_array_add(job->exchanges, pdd_exchange_ref(exchange));
	return TRUE;
}

static Job *
job_new(PddServer *self, PddExchange *exchange, char *key, guint64 generation, const char *etag)
{
	Job *job = g_new0(Job, 1);
	job->server = self;
	job->key = key;
	job->generation = generation;
	job->n_reloads = self->n_reloads;
	job->etag = g_strdup(etag);
	job->gzip = pdd_exchange_accepts_gzip(exchange);
	job->exchanges = g_ptr_array_new_with_free_func((GDestroyNotify)pdd_exchange_unref);
	g_ptr_array_add(job->exchanges, pdd_exchange_ref(exchange));
	return job;
}

/* etag is without quotes */
static void
answer_stored(PddServer *self, PddExchange *exchange, const char *etag, guint64 generation)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", etag);
	g_autofree char *key = g_strdup_printf("%s %s %s",
					       self->etag_prefix,
					       pdd_exchange_accepts_gzip(exchange) ? "gzip" : "-",
					       pdd_request_get_cache_key(exchange->request));
	if (pdd_exchange_is_known(exchange, quoted)) {
		pdd_exchange_answer_not_modified(exchange, quoted);
		return;
	}
	g_autoptr(PddAnswer)
		cached = perfdash_cache_lookup(self->service->answers, key, generation);
	if (cached != NULL) {
		pdd_exchange_answer(exchange, cached);
		return;
	}
	soup_server_message_pause(exchange->message);
	if (join(self, exchange, key, generation))
		return;
	Job *job = job_new(self, exchange, g_steal_pointer(&key), generation, etag);
	g_hash_table_replace(self->making, job->key, job);
	g_thread_pool_push(self->threads, job, NULL);
}

/* what answers depend on beside what is stored */
static char *
make_etag_prefix(PddService *service)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GPtrArray) budgets = pdd_service_ref_budgets(service);
	const char *const parts[] = {perfdash_store_get_uuid(service->store),
				     PERFDASH_VERSION_S,
				     service->config->title,
				     service->config->notice};
	for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
		g_checksum_update(checksum, (const guchar *)parts[i], strlen(parts[i]) + 1);
	for (guint i = 0; i < budgets->len; i++) {
		g_autofree char *text = pdd_budget_to_string(g_ptr_array_index(budgets, i));
		g_checksum_update(checksum, (const guchar *)text, strlen(text) + 1);
	}
	return g_strndup(g_checksum_get_string(checksum), 8);
}

/* the configuration may be another one */
static void
renew_etag_prefix(PddServer *self)
{
	int n_reloads = g_atomic_int_get(&self->service->n_reloads);
	if (self->etag_prefix != NULL && self->n_reloads == n_reloads)
		return;
	g_free(self->etag_prefix);
	self->etag_prefix = make_etag_prefix(self->service);
	self->n_reloads = n_reloads;
}

static void
answer_from_store(PddServer *self, PddExchange *exchange)
{
	renew_etag_prefix(self);
	guint64 generation = perfdash_store_get_generation(self->service->store);
	gint64 window = pdd_request_get_window(exchange->request);
	g_autoptr(GString) etag = g_string_new(self->etag_prefix);
	g_string_append_printf(etag, "-%" G_GUINT64_FORMAT, generation);
	if (window != 0)
		g_string_append_printf(etag, "-%" G_GINT64_FORMAT, window);
	answer_stored(self, exchange, etag->str, generation);
}

static void
answer_volatile(PddServer *self, PddExchange *exchange)
{
	soup_server_message_pause(exchange->message);
	g_thread_pool_push(self->threads, job_new(self, exchange, g_strdup(""), 0, NULL), NULL);
}

/* without waiting for a thread: what asks whether the process lives must not wait for others */
static void
answer_at_once(PddServer *self, PddExchange *exchange)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PddAnswer) answer = call_handler(self->service, exchange->request, &error);
	if (answer == NULL)
		answer = pdd_problem_new_for_error(error, pdd_request_get_id(exchange->request));
	pdd_exchange_answer(exchange, answer);
}

static PddAnswer *
answer_without_route(PddExchange *exchange)
{
	PddRequest *request = exchange->request;
	const char *method = soup_server_message_get_method(exchange->message);
	const char *id = pdd_request_get_id(request);
	const char *allow = pdd_request_get_allow(request);
	PddAnswer *page = NULL;
	g_autoptr(GError) error = NULL;
	if (!pdd_request_check(request, &error))
		return pdd_problem_new_for_error(error, id);
	if (allow == NULL && !g_str_has_prefix(pdd_request_get_path(request), "/api/"))
		page = pdd_assets_find(exchange);
	if (page != NULL && (g_str_equal(method, "GET") || g_str_equal(method, "HEAD")))
		return page;
	if (page == NULL && allow == NULL)
		return pdd_problem_new(PDD_PROBLEM_NOT_FOUND,
				       id,
				       "there is nothing at %.200s",
				       pdd_request_get_path(request));
	g_clear_pointer(&page, pdd_answer_unref);
	PddAnswer *answer = pdd_problem_new(PDD_PROBLEM_METHOD_NOT_ALLOWED,
					    id,
					    "%.20s is not possible here",
					    method);
	pdd_answer_add_header(answer, "Allow", allow != NULL ? allow : "GET, HEAD");
	return answer;
}

static void
take_body(PddExchange *exchange)
{
	SoupMessageBody *body = soup_server_message_get_request_body(exchange->message);
	g_autoptr(GBytes) bytes = soup_message_body_flatten(body);
	pdd_request_set_body(exchange->request, bytes);
}

static void
handle(PddServer *self, PddExchange *exchange)
{
	const PddRoute *route = pdd_request_get_route(exchange->request);
	if (route == NULL) {
		g_autoptr(PddAnswer) answer = answer_without_route(exchange);
		pdd_exchange_answer(exchange, answer);
	} else if (route->kind == PDD_ROUTE_STORED || route->kind == PDD_ROUTE_TIMED) {
		answer_from_store(self, exchange);
	} else if (route->kind == PDD_ROUTE_VOLATILE) {
		answer_volatile(self, exchange);
	} else if (route->kind == PDD_ROUTE_EDIT) {
		take_body(exchange);
		answer_volatile(self, exchange);
	} else if (route->kind == PDD_ROUTE_IMMEDIATE) {
		answer_at_once(self, exchange);
	} else if (route->kind == PDD_ROUTE_EVENTS) {
		pdd_events_add(self->events, exchange);
	}
}

static PddExchange *
get_exchange(SoupServerMessage *message)
{
	return g_object_get_data(G_OBJECT(message), "pdd-exchange");
}

/* the whole request is there; an upload is on its way already */
static void
handler_cb(SoupServer *soup,
	   SoupServerMessage *message,
	   const char *path,
	   GHashTable *query,
	   gpointer user_data)
{
	PddExchange *exchange = get_exchange(message);
	if (exchange != NULL && !exchange->is_over)
		handle(user_data, exchange);
}

static void
attach_exchange(PddServer *self, SoupServerMessage *message)
{
	g_object_set_data_full(G_OBJECT(message),
			       "pdd-exchange",
			       pdd_exchange_new(self->service, message),
			       (GDestroyNotify)pdd_exchange_unref);
}

/* the head of a request is there */
static void
early_cb(SoupServer *soup,
	 SoupServerMessage *message,
	 const char *path,
	 GHashTable *query,
	 gpointer user_data)
{
	PddServer *self = user_data;
	attach_exchange(self, message);
	PddExchange *exchange = get_exchange(message);
	const PddRoute *route = pdd_request_get_route(exchange->request);
	g_autoptr(PddAnswer) objection = pdd_guard_check(exchange);
	/* a body that nobody wants takes no room */
	soup_message_body_set_accumulate(soup_server_message_get_request_body(message),
					 route != NULL && route->kind == PDD_ROUTE_EDIT &&
						 objection == NULL);
	if (objection == NULL && route == NULL && pdd_exchange_has_body(exchange))
		objection = answer_without_route(exchange);
	if (objection != NULL)
		pdd_exchange_refuse(exchange, objection);
	else if (route != NULL && route->kind == PDD_ROUTE_UPLOAD)
		pdd_uploads_accept(self->uploads, exchange);
}

static void
started_cb(SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
	pdd_exchange_add_standard_headers(soup_server_message_get_response_headers(message));
}

/* the address people can open */
char *
pdd_server_listen(PddServer *self, GError **error)
{
	const PddConfig *config = self->service->config;
	guint16 port = pdd_listener_listen(self->listener, config->address, config->port, error);
	gboolean is_v6 = strchr(config->address, ':') != NULL;
	if (port == 0)
		return NULL;
	return g_strdup_printf(is_v6 ? "http://[%s]:%u" : "http://%s:%u", config->address, port);
}

/* takes no more requests and returns when no thread is at work for one */
void
pdd_server_stop(PddServer *self)
{
	pdd_events_close(self->events);
	pdd_uploads_stop(self->uploads);
	if (pdd_service_is_ready(self->service))
		pdd_reparsing_refuse(self->service->reparsing);
	g_thread_pool_free(self->threads, FALSE, TRUE);
	self->threads = NULL;
	/* what is ready goes out */
	for (guint i = 0; i < 100 && g_main_context_pending(NULL); i++)
		g_main_context_iteration(NULL, FALSE);
	g_clear_pointer(&self->listener, pdd_listener_free);
	soup_server_disconnect(self->soup);
}

PddServer *
pdd_server_new(PddService *service)
{
	PddServer *self = g_new0(PddServer, 1);
	self->service = service;
	self->soup = soup_server_new("raw-paths", TRUE, NULL);
	self->listener = pdd_listener_new(self->soup);
	self->threads = g_thread_pool_new(work, service, THREADS, FALSE, NULL);
	self->uploads = pdd_uploads_new(service);
	self->events = pdd_events_new(service);
	self->making = g_hash_table_new(g_str_hash, g_str_equal);
	g_signal_connect(self->soup, "request-started", G_CALLBACK(started_cb), NULL);
	soup_server_add_early_handler(self->soup, "/", early_cb, self, NULL);
	soup_server_add_handler(self->soup, "/", handler_cb, self, NULL);
	soup_server_add_early_handler(self->soup, "*", early_cb, self, NULL);
	soup_server_add_handler(self->soup, "*", handler_cb, self, NULL);
	return self;
}

/* after pdd_server_stop(), and when nothing writes to the store any more */
void
pdd_server_free(PddServer *self)
{
	g_object_unref(self->soup);
	pdd_uploads_free(self->uploads);
	pdd_events_free(self->events);
	g_hash_table_unref(self->making);
	g_free(self->etag_prefix);
	g_free(self);
}
