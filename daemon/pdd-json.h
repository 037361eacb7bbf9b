/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-answer.h"

G_BEGIN_DECLS

/* members of an object, and the models as docs/api.md writes them */
void
pdd_json_add_text(PerfdashJsonWriter *writer, const char *name, const char *value);
void
pdd_json_add_int(PerfdashJsonWriter *writer, const char *name, gint64 value);
void
pdd_json_add_double(PerfdashJsonWriter *writer, const char *name, double value);
void
pdd_json_add_number(PerfdashJsonWriter *writer, const char *name, double value);
void
pdd_json_add_boolean(PerfdashJsonWriter *writer, const char *name, gboolean value);
void
pdd_json_add_null(PerfdashJsonWriter *writer, const char *name);
void
pdd_json_add_raw(PerfdashJsonWriter *writer, const char *name, GBytes *json);
void
pdd_json_add_time(PerfdashJsonWriter *writer, const char *name, gint64 microseconds);
void
pdd_json_add_texts(PerfdashJsonWriter *writer, const char *name, const char *const *values);
void
pdd_json_add_ids(PerfdashJsonWriter *writer, const char *name, const gint64 *ids, gsize n_ids);
void
pdd_json_add_labels(PerfdashJsonWriter *writer, const char *name, PerfdashLabels *labels);
void
pdd_json_add_series_info(PerfdashJsonWriter *writer, PerfdashSeriesInfo *info);
void
pdd_json_add_spark(PerfdashJsonWriter *writer, PerfdashSummary *summary);
void
pdd_json_begin_items(PerfdashJsonWriter *writer);
void
pdd_json_end_items(PerfdashJsonWriter *writer, const char *next);
void
pdd_json_write_summary(PerfdashJsonWriter *writer,
		       PerfdashSummary *summary,
		       PerfdashChange *open_change);
void
pdd_json_begin_run(PerfdashJsonWriter *writer, PerfdashRun *run);
void
pdd_json_write_log(PerfdashJsonWriter *writer, PerfdashLogRecord *log);
PddAnswer *
pdd_json_end(PerfdashJsonWriter *writer);

G_END_DECLS
