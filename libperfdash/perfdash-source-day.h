/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashSourceDay:
 * @source: where the logs came from
 * @day: when the UTC day began, in microseconds since 1970 UTC
 * @logs: number of logs that were taken in on that day
 * @failed: number of those that could not be read
 * @results: number of results in the others
 *
 * What came from a source on a day.
 *
 * Since: 0.1
 */
typedef struct {
	char *source;
	gint64 day;
	guint64 logs;
	guint64 failed;
	guint64 results;
} PerfdashSourceDay;

#define PERFDASH_TYPE_SOURCE_DAY (perfdash_source_day_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_source_day_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashSourceDay *
perfdash_source_day_copy(const PerfdashSourceDay *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_source_day_free(PerfdashSourceDay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashSourceDay, perfdash_source_day_free)

G_END_DECLS
