/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-json.h"

G_BEGIN_DECLS

/* the models of changes as docs/api.md writes them */
void
pdd_json_add_estimate(PerfdashJsonWriter *writer,
		      const char *name,
		      double value,
		      double low,
		      double high);
void
pdd_json_add_change_point(PerfdashJsonWriter *writer, PerfdashChangePoint *point);
void
pdd_json_add_history(PerfdashJsonWriter *writer, GPtrArray *events);
void
pdd_json_add_causes(PerfdashJsonWriter *writer, GPtrArray *causes);
/* of a series, or of all with NULL */
void
pdd_json_add_precision(PerfdashJsonWriter *writer,
		       PerfdashPrecision *precision,
		       const char *series);
void
pdd_json_begin_change(PerfdashJsonWriter *writer, PerfdashChange *change);

/* those of SERIES */
void
pdd_json_add_baseline(PerfdashJsonWriter *writer, PerfdashBaseline *baseline);
void
pdd_json_add_open_change(PerfdashJsonWriter *writer, PerfdashChange *change);

G_END_DECLS
