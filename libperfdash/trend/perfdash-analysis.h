/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-noise.h"
#include "perfdash-step.h"

G_BEGIN_DECLS

/* the levels of a part of a series */
typedef struct {
	gsize n;
	gboolean is_log; /* all values are positive, and the analysis is of their logarithms */
	double unit;     /* of values that are not logarithms, in which squares do not overflow */
	double *values;
	PerfdashNoise noise;
	double rho;
	GArray *steps;          /* of PerfdashStep */
	PerfdashStep undecided; /* its evidence is 0 when there is none */
} PerfdashAnalysis;

/* known: nullable, sorted places (guint) of the steps that were found when there were fewer values
 */
void
perfdash_analysis_init(PerfdashAnalysis *self, const double *values, gsize n, const GArray *known);
void
perfdash_analysis_clear(PerfdashAnalysis *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashAnalysis, perfdash_analysis_clear)

/* the results on a level, of which the first is that after the last step; there is one more than
 * there are steps */
void
perfdash_analysis_get_range(const PerfdashAnalysis *self, gsize level, gsize *from, gsize *to);
/* of one result about its level, as it is for all that is known of the whole series */
double
perfdash_analysis_get_noise(const PerfdashAnalysis *self);

G_END_DECLS
