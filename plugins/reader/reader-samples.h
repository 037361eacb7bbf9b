/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* single measurements of a log, of which only their distribution becomes a result */
typedef struct {
	GArray *values; /* of double */
} ReaderSamples;

void
reader_samples_init(ReaderSamples *self);
void
reader_samples_clear(ReaderSamples *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReaderSamples, reader_samples_clear)
void
reader_samples_add(ReaderSamples *self, double value);
/* a result with the mean as value, and n, min, max, sd and percentiles; nothing when there is no
 * sample. Sorts the samples */
void
reader_samples_end(ReaderSamples *self,
		   PerfdashRunBuilder *builder,
		   const char *benchmark,
		   const char *metric,
		   const char *unit,
		   PerfdashDirection direction);

G_END_DECLS
