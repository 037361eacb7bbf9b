/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-labels.h>
#include <perfdash-unit.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_SERIES_INFO (perfdash_series_info_get_type())

typedef struct _PerfdashSeriesInfo PerfdashSeriesInfo;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_series_info_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashSeriesInfo *
perfdash_series_info_new(PerfdashLabels *labels, const char *unit, PerfdashDirection direction);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSeriesInfo *
perfdash_series_info_ref(PerfdashSeriesInfo *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_series_info_unref(PerfdashSeriesInfo *self);

PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_series_info_get_id(PerfdashSeriesInfo *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_series_info_get_labels(PerfdashSeriesInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_series_info_get_unit(PerfdashSeriesInfo *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashDirection
perfdash_series_info_get_direction(PerfdashSeriesInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashSeriesInfo, perfdash_series_info_unref)

G_END_DECLS
