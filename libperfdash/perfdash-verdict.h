/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashVerdict:
 * @PERFDASH_VERDICT_NOT_ENOUGH_DATA: the values cannot tell
 * @PERFDASH_VERDICT_SAME: what change there may be is within the margin
 * @PERFDASH_VERDICT_BETTER: changed the way that is better
 * @PERFDASH_VERDICT_WORSE: changed the way that is worse
 * @PERFDASH_VERDICT_CHANGED: changed, and neither way is better
 *
 * What a comparison says.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_VERDICT_NOT_ENOUGH_DATA,
	PERFDASH_VERDICT_SAME,
	PERFDASH_VERDICT_BETTER,
	PERFDASH_VERDICT_WORSE,
	PERFDASH_VERDICT_CHANGED,
} PerfdashVerdict;

#define PERFDASH_TYPE_VERDICT (perfdash_verdict_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_verdict_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_verdict_to_string(PerfdashVerdict verdict);

G_END_DECLS
