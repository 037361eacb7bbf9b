/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-log-record.h>
#include <perfdash-parse-result.h>
#include <perfdash-series-info.h>

G_BEGIN_DECLS

/**
 * PerfdashReread:
 * @PERFDASH_REREAD_SAME: nothing is different
 * @PERFDASH_REREAD_ROUNDED: a value is the same in its first six digits; of runs there are none
 * @PERFDASH_REREAD_CHANGED: a value is another; something is different in a run
 * @PERFDASH_REREAD_MOVED: a value is in another series, for its labels or its unit are others; the
 * labels of a run are others
 * @PERFDASH_REREAD_APPEARED: it was not there before
 * @PERFDASH_REREAD_VANISHED: it is not there any more
 *
 * What becomes of a run or a value when its log is read again.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_REREAD_SAME,
	PERFDASH_REREAD_ROUNDED,
	PERFDASH_REREAD_CHANGED,
	PERFDASH_REREAD_MOVED,
	PERFDASH_REREAD_APPEARED,
	PERFDASH_REREAD_VANISHED,
} PerfdashReread;

/**
 * PERFDASH_N_REREADS:
 *
 * How many kinds of #PerfdashReread there are.
 *
 * Since: 0.1
 */
#define PERFDASH_N_REREADS   6

#define PERFDASH_TYPE_REREAD (perfdash_reread_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_reread_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_reread_to_string(PerfdashReread reread);

#define PERFDASH_TYPE_REREADING (perfdash_rereading_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashRereading, perfdash_rereading, PERFDASH, REREADING, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashRereading *
perfdash_rereading_new(PerfdashLogRecord *record, GPtrArray *runs, PerfdashParseResult *parsed);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_rereading_get_record(PerfdashRereading *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParseResult *
perfdash_rereading_get_parsed(PerfdashRereading *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_rereading_is_same(PerfdashRereading *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_rereading_count_runs(PerfdashRereading *self, PerfdashReread reread);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_rereading_count_values(PerfdashRereading *self, PerfdashReread reread);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_rereading_get_n_examples(PerfdashRereading *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashReread
perfdash_rereading_get_example(PerfdashRereading *self,
			       guint index,
			       PerfdashSeriesInfo **before,
			       double *value_before,
			       PerfdashSeriesInfo **after,
			       double *value_after);

G_END_DECLS
