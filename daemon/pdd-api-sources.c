/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-api.h"
#include "pdd-json.h"
#include "pdd-source.h"

#define MAX_PROBLEMS 20

static const char *
get_state(const PddSourceStatus *status)
{
	if (!status->is_watching)
		return "error";
	return status->is_silent ? "silent" : "watching";
}

static void
add_seconds(PerfdashJsonWriter *writer, const char *name, GTimeSpan span)
{
	if (span >= 0)
		pdd_json_add_double(writer, name, span / (double)G_USEC_PER_SEC);
	else
		pdd_json_add_null(writer, name);
}

static void
write_problems(PerfdashJsonWriter *writer, PddSource *source)
{
	g_autoptr(GPtrArray) problems = pdd_source_list_problems(source, MAX_PROBLEMS);
	perfdash_json_writer_name(writer, "problems");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < problems->len; i++) {
		const PddSourceProblem *problem = g_ptr_array_index(problems, i);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_text(writer, "item", problem->item);
		pdd_json_add_text(writer, "message", problem->message);
		pdd_json_add_int(writer, "tries", problem->n_tries);
		pdd_json_add_time(writer, "retry_at", problem->retry_at);
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
}

static void
write_source(PerfdashJsonWriter *writer, PddSource *source)
{
	const PddSourceConfig *config = pdd_source_get_config(source);
	g_auto(PddSourceStatus) status = {0};
	pdd_source_get_status(source, &status);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "name", pdd_source_get_name(source));
	pdd_json_add_text(writer, "type", config->type);
	pdd_json_add_text(writer, "location", config->location);
	pdd_json_add_text(writer, "state", get_state(&status));
	pdd_json_add_time(writer, "last_read", status.last_read);
	pdd_json_add_int(writer, "logs", status.n_logs);
	pdd_json_add_int(writer, "failed", status.n_failed);
	pdd_json_add_time(writer, "last_poll", status.last_poll);
	pdd_json_add_time(writer, "next_poll", status.next_poll);
	pdd_json_add_int(writer, "poll_failures", status.n_failures);
	add_seconds(writer, "usual_seconds", status.usual != 0 ? status.usual : -1);
	pdd_json_add_time(writer, "due", status.due);
	add_seconds(writer, "delay_seconds", status.delay);
	pdd_json_add_text(writer, "cause", status.cause);
	pdd_json_add_text(writer, "error", status.error);
	write_problems(writer, source);
	perfdash_json_writer_end_object(writer);
}

PddAnswer *
pdd_api_list_sources(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_begin_items(writer);
	g_autoptr(GPtrArray) sources = pdd_service_ref_sources(service);
	for (guint i = 0; i < sources->len; i++)
		write_source(writer, g_ptr_array_index(sources, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

static PddSource *
find_source(PddService *service, const char *name, GError **error)
{
	g_autoptr(GPtrArray) sources = pdd_service_ref_sources(service);
	for (guint i = 0; i < sources->len; i++) {
		PddSource *source = g_ptr_array_index(sources, i);
		if (g_str_equal(pdd_source_get_name(source), name))
			return g_object_ref(source);
	}
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_NOT_FOUND,
		    "there is no source \"%.64s\"; /api/v1/sources lists them",
		    name);
	return NULL;
}

/* what a body may say, such as that of a webhook, is not read */
PddAnswer *
pdd_api_poll_source(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PddSource)
		source = find_source(service, pdd_request_get_capture(request, 0), error);
	if (source == NULL)
		return NULL;
	if (!pdd_source_poll_now(source)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "source %s is not polled: it reads what appears at once",
			    pdd_source_get_name(source));
		return NULL;
	}
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	write_source(writer, source);
	return pdd_json_end(writer);
}
