/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* errors as RFC 9457 writes them */

#include "pdd-problem.h"

#include <perfdash.h>

static const struct {
	guint status;
	const char *type;
	const char *title;
} kinds[] = {
	[PDD_PROBLEM_BAD_REQUEST] = {400, "/problems/bad-request", "Bad request"},
	[PDD_PROBLEM_BAD_PARAMETER] = {400, "/problems/bad-parameter", "Bad parameter"},
	[PDD_PROBLEM_UNAUTHORIZED] = {401, "/problems/unauthorized", "Unauthorized"},
	[PDD_PROBLEM_FORBIDDEN] = {403, "/problems/forbidden", "Forbidden"},
	[PDD_PROBLEM_CROSS_ORIGIN] = {403, "/problems/cross-origin", "Request of another site"},
	[PDD_PROBLEM_NOT_FOUND] = {404, "/problems/not-found", "Not found"},
	[PDD_PROBLEM_METHOD_NOT_ALLOWED] = {405,
					    "/problems/method-not-allowed",
					    "Method not allowed"},
	[PDD_PROBLEM_TIMED_OUT] = {408, "/problems/timed-out", "Timed out"},
	[PDD_PROBLEM_CONFLICT] = {409, "/problems/conflict", "Conflict"},
	[PDD_PROBLEM_GONE] = {410, "/problems/gone", "Gone"},
	[PDD_PROBLEM_TOO_LARGE] = {413, "/problems/too-large", "Too large"},
	[PDD_PROBLEM_UNKNOWN_HOST] = {421, "/problems/unknown-host", "Unknown host"},
	[PDD_PROBLEM_UNREADABLE_LOG] = {422, "/problems/unreadable-log", "Unreadable log"},
	[PDD_PROBLEM_INTERNAL] = {500, "/problems/internal", "Internal error"},
	[PDD_PROBLEM_BUSY] = {503, "/problems/busy", "Busy"},
};

static void
add_member(PerfdashJsonWriter *writer, const char *name, const char *value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_string(writer, value);
}

static PddAnswer *
problem_new(PddProblem problem, const char *digest, const char *detail, const char *request_id)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	add_member(writer, "type", kinds[problem].type);
	add_member(writer, "title", kinds[problem].title);
	perfdash_json_writer_name(writer, "status");
	perfdash_json_writer_int(writer, kinds[problem].status);
	add_member(writer, "detail", detail);
	add_member(writer, "request_id", request_id);
	if (digest != NULL)
		add_member(writer, "digest", digest);
	perfdash_json_writer_end_object(writer);
	return pdd_answer_new(kinds[problem].status,
			      "application/problem+json",
			      perfdash_json_writer_end(writer));
}

PddAnswer *
pdd_problem_new(PddProblem problem, const char *request_id, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *detail = g_strdup_vprintf(format, args);
	va_end(args);
	return problem_new(problem, NULL, detail, request_id);
}

static PddProblem
problem_of_error(const GError *error)
{
	if (error->domain != PERFDASH_ERROR)
		return PDD_PROBLEM_INTERNAL;
	switch ((PerfdashError)error->code) {
	case PERFDASH_ERROR_INVALID:
		return PDD_PROBLEM_BAD_PARAMETER;
	case PERFDASH_ERROR_NOT_FOUND:
		return PDD_PROBLEM_NOT_FOUND;
	case PERFDASH_ERROR_OVER_LIMIT:
		return PDD_PROBLEM_TOO_LARGE;
	case PERFDASH_ERROR_DENIED:
		return PDD_PROBLEM_FORBIDDEN;
	case PERFDASH_ERROR_TIMED_OUT:
		return PDD_PROBLEM_TIMED_OUT;
	default:
		return PDD_PROBLEM_INTERNAL;
	}
}

PddAnswer *
pdd_problem_new_for_error(const GError *error, const char *request_id)
{
	PddProblem problem = problem_of_error(error);
	if (problem == PDD_PROBLEM_INTERNAL)
		g_warning("request %s: %s", request_id, error->message);
	return problem_new(problem, NULL, error->message, request_id);
}

/* a log that was kept, but could not be read */
PddAnswer *
pdd_problem_new_for_log(const char *digest, const char *detail, const char *request_id)
{
	return problem_new(PDD_PROBLEM_UNREADABLE_LOG, digest, detail, request_id);
}
