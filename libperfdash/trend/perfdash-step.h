/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-noise.h"

G_BEGIN_DECLS

#define PERFDASH_STEP_NEAR 5 /* results, within which two places are those of one step */

/* a place where one level may end and another begin, and what the results around it say */
typedef struct {
	gsize from; /* the results that were looked at are those from here */
	gsize at;   /* the first one of the new level */
	gsize to;   /* and before here */
	double before;
	double after;
	gsize n_before; /* results that are near enough to the level to tell of it */
	gsize n_after;
	double scale;    /* of a result about its level */
	double rho;      /* correlation of neighbours */
	double evidence; /* 1 and more: it is a change */
} PerfdashStep;

/* asks for many steps of one series */
typedef struct {
	const double *values;
	const PerfdashNoise *noise;
	double rho; /* of the series */
	/* sorted places of steps that were found before later results were there; NULL: nobody
	 * looked */
	const GArray *known;
	double *left;
	double *right;
	gsize right_from; /* what stands there sorted */
	gsize right_to;
	double *both;
	double *scratch;
	double *buffer; /* holds them all */
} PerfdashStepTest;

void
perfdash_step_test_init(PerfdashStepTest *self, const double *values, const PerfdashNoise *noise);
void
perfdash_step_test_clear(PerfdashStepTest *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashStepTest, perfdash_step_test_clear)

/* of the step at a result, between the steps around it. What a step says of the same results is not
 * asked again; one that nobody asked for is {0} */
void
perfdash_step_test_ask(PerfdashStepTest *self, gsize from, gsize at, gsize to, PerfdashStep *step);

/* whether a straight line explains two steps in a row, neighbours, as well */
gboolean
perfdash_step_test_are_slope(const PerfdashStepTest *self,
			     const PerfdashStep *first,
			     const PerfdashStep *second);

/* where the new level begins at best, with the levels as they are */
gsize
perfdash_step_find_place(const PerfdashStep *self, const double *values);
/* sets before to the level of at most 200 results from one to another, given their scale; the
 * number of those that are near it */
gsize
perfdash_step_fit_level(PerfdashStep *self, const double *values);
/* of a result about its level */
double
perfdash_step_get_variance(const PerfdashStep *self);
/* how many results that know nothing of each other tell as much as n of these */
double
perfdash_step_get_worth(const PerfdashStep *self, gsize n);
/* the standard error of the difference of the levels, and how many results it is known from */
double
perfdash_step_get_error(const PerfdashStep *self, double *degrees);
/* of noise that makes such a difference somewhere among n results: Student's t, by Bonferroni */
double
perfdash_step_get_p(const PerfdashStep *self, gsize n);
/* the results with which the new level begins in 95 of 100 cases, ends included */
void
perfdash_step_get_interval(const PerfdashStep *self,
			   const double *values,
			   gsize *first,
			   gsize *last);
/* how many more results on the new level would make a change of it; 0 when it is one, G_MAXUINT
 * when no number would */
guint
perfdash_step_get_missing(const PerfdashStep *self, gsize n);

G_END_DECLS
