/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what a benchmark measures */
typedef struct {
	const char *prefix; /* of the name of its function */
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} AsvKind;

const AsvKind *
asv_find_kind(const char *benchmark);
/* what asv run prints, each commit as a run */
void
asv_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
