/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logs are parsed again: one at once, or all that are chosen while others go on. */

#include "pdd-api.h"
#include "pdd-json.h"
#include "pdd-problem.h"

#define SEARCHING "the parsers are being looked for"

static PddAnswer *
answer_busy(PddRequest *request, const char *why)
{
	PddAnswer *answer = pdd_problem_new(PDD_PROBLEM_BUSY,
					    pdd_request_get_id(request),
					    "%s; try again",
					    why);
	pdd_answer_add_header(answer, "Retry-After", "1");
	return answer;
}

static PddAnswer *
answer_under_way(PddRequest *request)
{
	PddAnswer *answer = pdd_problem_new(PDD_PROBLEM_CONFLICT,
					    pdd_request_get_id(request),
					    "logs are being parsed again already, one request at a "
					    "time; GET /api/v1/reparse tells how far it is");
	pdd_answer_add_header(answer, "Retry-After", "5");
	return answer;
}

static PddAnswer *
answer_denied(PddRequest *request, const GError *error)
{
	PddToken *token = pdd_request_get_token(request);
	g_autofree char *limits = pdd_token_describe_limits(token);
	return pdd_problem_new(PDD_PROBLEM_FORBIDDEN,
			       pdd_request_get_id(request),
			       "%s, but token %s is for %s; it stays as it is",
			       error->message,
			       token->id,
			       limits);
}

/* NULL with error set when it is nothing that who asks can know more of */
static PddAnswer *
answer_error(PddRequest *request, PerfdashLogRecord *log, GError *local, GError **error)
{
	g_autoptr(GError) mine = local;
	if (g_error_matches(mine, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
		return pdd_api_answer_gone(request, log);
	if (g_error_matches(mine, PERFDASH_ERROR, PERFDASH_ERROR_DENIED))
		return answer_denied(request, mine);
	if (g_error_matches(mine, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return answer_busy(request, "the server ends");
	if (g_error_matches(mine, PERFDASH_ERROR, PERFDASH_ERROR_BLOCKED))
		return pdd_problem_new(PDD_PROBLEM_CONFLICT,
				       pdd_request_get_id(request),
				       "%s",
				       mine->message);
	g_propagate_error(error, g_steal_pointer(&mine));
	return NULL;
}

static gboolean
get_preview(PddRequest *request, gboolean *is_preview, GError **error)
{
	static const char *const choices[] = {"false", "true", NULL};
	guint choice = 0;
	if (!pdd_request_get_choice(request, "preview", choices, &choice, error))
		return FALSE;
	*is_preview = choice == 1;
	return TRUE;
}

/* log as it is now, which is no other after a preview */
static PddAnswer *
answer_log(PddService *service, gint64 id, GBytes *report, GError **error)
{
	guint64 generation = perfdash_store_get_generation(service->store);
	g_autoptr(PerfdashLogRecord) log = perfdash_store_load_log(service->store, id, error);
	if (log == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	perfdash_json_writer_name(writer, "log");
	pdd_json_write_log(writer, log);
	pdd_json_add_raw(writer, "report", report);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

PddAnswer *
pdd_api_reparse_log(PddService *service, PddRequest *request, GError **error)
{
	PddToken *token = pdd_request_get_token(request);
	g_autoptr(GError) local = NULL;
	gboolean is_preview;
	g_autoptr(PerfdashLogRecord) log = pdd_api_load_log(service, request, error);
	if (log == NULL || !get_preview(request, &is_preview, error))
		return NULL;
	if (!pdd_service_is_ready(service))
		return answer_busy(request, SEARCHING);
	g_autoptr(GBytes) report = pdd_reparsing_read_log(service->reparsing,
							  log,
							  token != NULL ? token->allowed : NULL,
							  is_preview,
							  &local);
	if (local != NULL)
		return answer_error(request, log, g_steal_pointer(&local), error);
	if (report == NULL)
		return answer_under_way(request);
	return answer_log(service, perfdash_log_record_get_id(log), report, error);
}

static gboolean
read_choice(PddRequest *request, PddReparseChoice *choice, GError **error)
{
	/* in the order of PerfdashDue */
	static const char *const dues[] = {"outdated", "failed", "all", NULL};
	guint due = PERFDASH_DUE_OUTDATED;
	gboolean is_relative;
	if (!pdd_request_get_choice(request, "due", dues, &due, error) ||
	    !get_preview(request, &choice->is_preview, error) ||
	    !pdd_request_get_time(request, "since", &choice->since, &is_relative, error))
		return FALSE;
	choice->due = due;
	choice->source = pdd_request_get(request, "source");
	choice->parser = pdd_request_get(request, "parser");
	return TRUE;
}

/* what is chosen may be of anyone */
static PddAnswer *
answer_limited(PddRequest *request, PddToken *token)
{
	g_autofree char *limits = pdd_token_describe_limits(token);
	return pdd_problem_new(PDD_PROBLEM_FORBIDDEN,
			       pdd_request_get_id(request),
			       "token %s is for %s, and logs of others may be among these; use one "
			       "without limits, or POST /api/v1/logs/{id}/reparse for one log",
			       token->id,
			       limits);
}

static PddAnswer *
answer_job(PddService *service, guint status)
{
	return pdd_answer_new(status,
			      "application/json",
			      pdd_reparsing_describe(service->reparsing));
}

PddAnswer *
pdd_api_reparse_logs(PddService *service, PddRequest *request, GError **error)
{
	PddToken *token = pdd_request_get_token(request);
	PddReparseChoice choice = {0};
	if (!read_choice(request, &choice, error))
		return NULL;
	if (token != NULL && token->allowed != NULL)
		return answer_limited(request, token);
	if (!pdd_service_is_ready(service))
		return answer_busy(request, SEARCHING);
	if (!pdd_reparsing_begin(service->reparsing, &choice))
		return answer_under_way(request);
	return answer_job(service, 202);
}

PddAnswer *
pdd_api_get_reparse(PddService *service, PddRequest *request, GError **error)
{
	return pdd_service_is_ready(service) ? answer_job(service, 200)
					     : answer_busy(request, SEARCHING);
}

PddAnswer *
pdd_api_stop_reparse(PddService *service, PddRequest *request, GError **error)
{
	PddToken *token = pdd_request_get_token(request);
	if (token != NULL && token->allowed != NULL)
		return answer_limited(request, token);
	if (!pdd_service_is_ready(service))
		return answer_busy(request, SEARCHING);
	pdd_reparsing_cancel(service->reparsing);
	return answer_job(service, 200);
}
