/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-api.h"
#include "pdd-json.h"
#include "pdd-problem.h"

static gboolean
check_outcome(const char *text, GError **error)
{
	PerfdashOutcome outcome;
	if (text == NULL || perfdash_outcome_from_string(text, &outcome))
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "outcome: \"%.64s\" is none of ok, partial, failed, no-result",
		    text);
	return FALSE;
}

PddAnswer *
pdd_api_list_logs(PddService *service, PddRequest *request, GError **error)
{
	const char *outcome = pdd_request_get(request, "outcome");
	const char *digest = pdd_request_get(request, "digest");
	guint64 generation = perfdash_store_get_generation(service->store);
	guint64 limit = 100;
	guint64 before = 0;
	if (!check_outcome(outcome, error) ||
	    !pdd_request_get_number(request, "limit", 1, 1000, &limit, error) ||
	    !pdd_request_get_number(request, "cursor", 1, G_MAXINT64, &before, error))
		return NULL;
	/* one more tells whether there is a next page */
	g_autoptr(GPtrArray) logs =
		perfdash_store_list_logs(service->store, outcome, digest, before, limit + 1, error);
	if (logs == NULL)
		return NULL;
	g_autofree char *next = NULL;
	if (logs->len > limit)
		next = g_strdup_printf(
			"%" G_GINT64_FORMAT,
			perfdash_log_record_get_id(g_ptr_array_index(logs, limit - 1)));
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_begin_items(writer);
	for (guint i = 0; i < MIN(logs->len, limit); i++)
		pdd_json_write_log(writer, g_ptr_array_index(logs, i));
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

/* by its id, or the newest with these bytes by their digest */
PerfdashLogRecord *
pdd_api_load_log(PddService *service, PddRequest *request, GError **error)
{
	const char *text = pdd_request_get_capture(request, 0);
	guint64 id;
	if (g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &id, NULL))
		return perfdash_store_load_log(service->store, id, error);
	return perfdash_store_find_log(service->store, text, NULL, error);
}

PddAnswer *
pdd_api_get_log(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashLogRecord) log = pdd_api_load_log(service, request, error);
	if (log == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	pdd_json_write_log(writer, log);
	return pdd_json_end(writer);
}

/* what the log said is still there, its bytes are not */
PddAnswer *
pdd_api_answer_gone(PddRequest *request, PerfdashLogRecord *log)
{
	gint64 removed_at = perfdash_log_record_get_removed_at(log);
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(removed_at / G_USEC_PER_SEC);
	g_autofree char *when = removed_at != 0 ? g_date_time_format_iso8601(time) : NULL;
	const char *reason = perfdash_log_record_get_removed_reason(log);
	return pdd_problem_new(PDD_PROBLEM_GONE,
			       pdd_request_get_id(request),
			       "log %s %s%s%s%s; its results are still there",
			       perfdash_log_record_get_digest(log),
			       when != NULL ? "was removed at " : "is missing from the archive",
			       when != NULL ? when : "",
			       when != NULL ? " because " : "",
			       when != NULL ? reason : "");
}

/* a log as its tool wrote it: bytes from outside, which no browser may take for anything else */
PddAnswer *
pdd_api_open_log(PddService *service, PddRequest *request, PerfdashLogRecord *log, GError **error)
{
	const char *digest = perfdash_log_record_get_digest(log);
	g_autoptr(GError) local = NULL;
	g_autoptr(GInputStream) stream = perfdash_archive_open(service->archive, digest, &local);
	if (g_error_matches(local, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
		return pdd_api_answer_gone(request, log);
	if (stream == NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	PddAnswer *answer = pdd_answer_new_for_stream("text/plain; charset=utf-8",
						      g_steal_pointer(&stream),
						      perfdash_log_record_get_size(log));
	answer->etag = g_strdup_printf("\"%s\"", digest);
	pdd_answer_add_header(answer, "Content-Security-Policy", "sandbox");
	return answer;
}

PddAnswer *
pdd_api_get_raw_log(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashLogRecord) log = pdd_api_load_log(service, request, error);
	return log != NULL ? pdd_api_open_log(service, request, log, error) : NULL;
}
