/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-answer.h"

G_BEGIN_DECLS

/* the kinds of problem; each has a stable type, a title and a status */
typedef enum {
	PDD_PROBLEM_BAD_REQUEST,
	PDD_PROBLEM_BAD_PARAMETER,
	PDD_PROBLEM_UNAUTHORIZED,
	PDD_PROBLEM_FORBIDDEN,
	PDD_PROBLEM_CROSS_ORIGIN,
	PDD_PROBLEM_NOT_FOUND,
	PDD_PROBLEM_METHOD_NOT_ALLOWED,
	PDD_PROBLEM_TIMED_OUT,
	PDD_PROBLEM_CONFLICT,
	PDD_PROBLEM_GONE,
	PDD_PROBLEM_TOO_LARGE,
	PDD_PROBLEM_UNKNOWN_HOST,
	PDD_PROBLEM_UNREADABLE_LOG,
	PDD_PROBLEM_INTERNAL,
	PDD_PROBLEM_BUSY,
} PddProblem;

PddAnswer *
pdd_problem_new(PddProblem problem, const char *request_id, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
PddAnswer *
pdd_problem_new_for_error(const GError *error, const char *request_id);
PddAnswer *
pdd_problem_new_for_log(const char *digest, const char *detail, const char *request_id);

G_END_DECLS
