/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-change-point.h>
#include <perfdash-series-info.h>

G_BEGIN_DECLS

/**
 * PerfdashChangeState:
 * @PERFDASH_CHANGE_STATE_NEW: nobody has looked at it
 * @PERFDASH_CHANGE_STATE_ACKNOWLEDGED: somebody says that it is real
 * @PERFDASH_CHANGE_STATE_IGNORED: somebody says that it is not worth looking at, and why
 * @PERFDASH_CHANGE_STATE_FIXED: a regression, and the level is back
 * @PERFDASH_CHANGE_STATE_HISTORIC: it was old already when it was found
 * @PERFDASH_CHANGE_STATE_WITHDRAWN: somebody had a hand in it, and it is not found any more
 * @PERFDASH_CHANGE_STATE_UNSURE: nobody has looked at it, and among so many series it may be chance
 *
 * Where a change stands in its life.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_CHANGE_STATE_NEW,
	PERFDASH_CHANGE_STATE_ACKNOWLEDGED,
	PERFDASH_CHANGE_STATE_IGNORED,
	PERFDASH_CHANGE_STATE_FIXED,
	PERFDASH_CHANGE_STATE_HISTORIC,
	PERFDASH_CHANGE_STATE_WITHDRAWN,
	PERFDASH_CHANGE_STATE_UNSURE,
} PerfdashChangeState;

#define PERFDASH_TYPE_CHANGE_STATE (perfdash_change_state_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_change_state_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_state_to_string(PerfdashChangeState state);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_change_state_from_string(const char *text, PerfdashChangeState *state);

#define PERFDASH_TYPE_CHANGE (perfdash_change_get_type())

typedef struct _PerfdashChange PerfdashChange;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_change_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashChange *
perfdash_change_ref(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_unref(PerfdashChange *self);

PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_change_get_id(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSeriesInfo *
perfdash_change_get_info(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangePoint *
perfdash_change_get_point(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_change_get_run(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_change_get_previous_run(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_get_run_range(PerfdashChange *self, gint64 *first, gint64 *last);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_get_time_range(PerfdashChange *self, gint64 *from, gint64 *to);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_change_get_time(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_get_build(PerfdashChange *self, const char **previous);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_get_revision(PerfdashChange *self, const char **previous);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_change_is_without_code(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_change_get_p_adjusted(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_change_get_detected_at(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_change_get_detector(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangeState
perfdash_change_get_state(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_get_reason(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_get_owner(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_get_note(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_get_link(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_change_is_moved(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_change_is_control(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_change_get_fixed_run(PerfdashChange *self);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_change_describe(PerfdashChange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashChange, perfdash_change_unref)

G_END_DECLS
