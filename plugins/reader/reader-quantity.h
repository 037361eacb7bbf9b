/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a number with its unit, as a tool prints it */
typedef struct {
	double value;
	const char *unit; /* one that perfdash_unit_to_base() knows; NULL when nothing was there */
} ReaderQuantity;

/* what may stand behind a number */
typedef struct {
	const char *suffix;
	const char *unit;
	int power_of_ten; /* that the number is multiplied by */
} ReaderSuffix;

/* tables end with NULL */
extern const ReaderSuffix reader_times[];      /* ns us ms s m h, and their longer names */
extern const ReaderSuffix reader_counts[];     /* nothing, or k M G T of 1000 */
extern const ReaderSuffix reader_sizes_1024[]; /* B, and KB MB GB TB of 1024 */
extern const ReaderSuffix reader_sizes_1000[]; /* B, and kB MB GB TB of 1000 */

/* the number at text, and what stands behind it, with blanks between them or not, up to the next
 * blank, comma or bracket; rest, when not NULL, points behind both. No unit when there is no number
 * or what stands behind it is not in the table */
ReaderQuantity
reader_quantity(const char *text, const ReaderSuffix *suffixes, const char **rest);
/* the quantity behind the first place where mark stands in text */
ReaderQuantity
reader_quantity_after(const char *text, const char *mark, const ReaderSuffix *suffixes);
/* in its base unit; 0 when nothing was there */
double
reader_quantity_to_base(ReaderQuantity quantity);

/* a result, when something was there */
void
reader_add(PerfdashRunBuilder *builder,
	   const char *benchmark,
	   const char *metric,
	   PerfdashDirection direction,
	   ReaderQuantity quantity);
/* a statistic of the result that was added by reader_add(), when something was there */
void
reader_add_stat(PerfdashRunBuilder *builder, const char *name, ReaderQuantity quantity);
/* likewise, a percentile: 99.9 is p99.9 */
void
reader_add_percentile(PerfdashRunBuilder *builder, double percent, ReaderQuantity quantity);

G_END_DECLS
