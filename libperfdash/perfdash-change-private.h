/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-point-private.h"
#include "perfdash-change.h"
#include "perfdash-series.h"

G_BEGIN_DECLS

/* grows when the analysis may find other changes in the same values */
#define PERFDASH_DETECTOR_VERSION 2

struct _PerfdashChange {
	gatomicrefcount refs;
	gint64 id; /* 0 until it is stored */
	PerfdashSeriesInfo *info;
	PerfdashChangePoint *point; /* as the newest analysis has it */
	gint64 found_run;           /* the first of the new level, by the newest analysis */
	gint64 first_run;
	gint64 last_run;
	/* of the first run of the new level, by the analysis or by whoever moved it, and of the one
	 * before */
	gint64 run;
	gint64 previous_run;
	gint64 time;
	/* what made it came after from_time, a start of a run, and up to to_time */
	gint64 from_time;
	gint64 to_time;
	char *build;
	char *revision;
	char *previous_build;
	char *previous_revision;
	PerfdashChangeState state; /* new, acknowledged, ignored or historic; others follow from: */
	gboolean is_found;         /* by the newest analysis */
	gboolean is_touched;       /* by a person */
	gboolean is_moved;
	gboolean is_control; /* code cannot move its series; not stored */
	gint64 fixed_run;    /* where the level came back, or 0 */
	gint64 detected_at;
	guint detector;
	double p_adjusted; /* among the series of its day, or NaN; not stored */
	char *reason;
	char *owner;
	char *note;
	char *link;
};

/* how much speaks for a change */
typedef struct {
	gint64 id;
	double p;
} PerfdashDayChange;

/* with every text "" and no point */
PerfdashChange *
perfdash_change_new(PerfdashSeriesInfo *info);
/* gives the change its place in the series */
void
perfdash_change_set_place(PerfdashChange *self, PerfdashSeries *series, gsize index);
void
perfdash_change_set_text(char **field, const char *text);
/* where the UTC day of a time begins */
gint64
perfdash_change_find_day(gint64 time);

/* the numbers of a change point, to be stored and compared */
#define PERFDASH_N_ESTIMATES 11
double *
perfdash_change_point_get_nth(PerfdashChangePoint *point, guint i);
gboolean
perfdash_change_point_equal(PerfdashChangePoint *a, PerfdashChangePoint *b);

G_END_DECLS
