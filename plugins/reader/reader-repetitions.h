/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* measurements that tools repeat: those of the same benchmark and metric become one result, whose
 * replicates they are, and what the tool says of all of them becomes its statistics */
typedef struct _ReaderRepetitions ReaderRepetitions;

/* what was measured */
typedef struct {
	const char *benchmark;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
	guint line;             /* of the log, 0 unknown */
	const char *label_name; /* nullable: what else tells the result from others */
	const char *label;
} ReaderMeasure;

ReaderRepetitions *
reader_repetitions_new(void);
void
reader_repetitions_free(ReaderRepetitions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReaderRepetitions, reader_repetitions_free)
/* aggregate: NULL for one measurement; mean, median, stddev, cv, min or max of all; what has
 * another name is left out */
void
reader_repetitions_add(ReaderRepetitions *self,
		       const ReaderMeasure *measure,
		       const char *aggregate,
		       double value);
/* adds the results, in the order in which they came, and forgets them */
void
reader_repetitions_write(ReaderRepetitions *self, PerfdashRunBuilder *builder);

G_END_DECLS
