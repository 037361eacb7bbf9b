/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashOutcome:
 * @PERFDASH_OUTCOME_OK: the run ended and its results are whole
 * @PERFDASH_OUTCOME_PARTIAL: the run or its log was cut off; the results are what the log proves
 * @PERFDASH_OUTCOME_FAILED: the test failed; its numbers are no measurements
 * @PERFDASH_OUTCOME_NO_RESULT: there is nothing in the log to read
 *
 * How a run, or the reading of a log, ended.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_OUTCOME_OK,
	PERFDASH_OUTCOME_PARTIAL,
	PERFDASH_OUTCOME_FAILED,
	PERFDASH_OUTCOME_NO_RESULT,
} PerfdashOutcome;

#define PERFDASH_TYPE_OUTCOME (perfdash_outcome_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_outcome_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_outcome_to_string(PerfdashOutcome outcome);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_outcome_from_string(const char *text, PerfdashOutcome *outcome);

G_END_DECLS
