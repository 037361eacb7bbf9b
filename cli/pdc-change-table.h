/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdc-table.h"

G_BEGIN_DECLS

/* changes, groups of them, what may have caused one and how many were real, as rows; NULL after
 * complaining of the format */
PdcTable *
pdc_change_table_new(const char *format);
void
pdc_change_table_add(PdcTable *table, PerfdashChange *change, PerfdashPrecision *precision);
PdcTable *
pdc_group_table_new(const char *format);
void
pdc_group_table_add(PdcTable *table, PerfdashChangeGroup *group);
PdcTable *
pdc_cause_table_new(const char *format);
void
pdc_cause_table_add(PdcTable *table, PerfdashCause *cause);
PdcTable *
pdc_precision_table_new(const char *format);
void
pdc_precision_table_add(PdcTable *table, PerfdashPrecision *precision);

G_END_DECLS
