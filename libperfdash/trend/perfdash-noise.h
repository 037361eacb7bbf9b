/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* how much the results of a series differ from one to the next */
typedef struct {
	gsize n;
	double all;      /* of the whole series, in the unit of the values; 0: they are all equal */
	double *scale;   /* of each result, from those around it */
	double *squares; /* n + 1 sums of the squares of the scales before each result */
	double *scratch; /* 2 n values */
} PerfdashNoise;

/* the scale of absolute differences of neighbours, whose order it changes; scratch holds n values
 */
double
perfdash_noise_of_differences(double *differences, gsize n, double *scratch);

/* smallest: no scale is below it */
void
perfdash_noise_init(PerfdashNoise *self, const double *values, gsize n, double smallest);
void
perfdash_noise_clear(PerfdashNoise *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashNoise, perfdash_noise_clear)
/* of the results of a window, the root of their mean square */
double
perfdash_noise_get_scale(const PerfdashNoise *self, gsize from, gsize to);
/* how much a result has of the one before it, 0 to 0.9, a little less than what is likeliest, when
 * nothing is known of levels */
double
perfdash_noise_guess_correlation(const PerfdashNoise *self, const double *values);
/* the same, better, with the sorted indices at which the level changes; guess: how much it is more
 * or less */
double
perfdash_noise_get_correlation(const PerfdashNoise *self,
			       const double *values,
			       const guint *starts,
			       gsize n_starts,
			       double guess);

G_END_DECLS
