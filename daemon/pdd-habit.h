/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* a quarter of a request a minute, and a little less so that it stays below */
#define PDD_HABIT_BUDGET      350.0 /* requests a day */
/* a request is too many when it brings all results together nearer by less than 0.15 s */
#define PDD_HABIT_MOST_EFFORT sqrt(1 / (2 * 0.15))
#define PDD_HABIT_BURST_GAP   (5 * (gint64)G_TIME_SPAN_MINUTE)

#define PDD_HABIT_BINS        288 /* of a day */
#define PDD_HABIT_BIN_SECONDS (86400.0 / PDD_HABIT_BINS)
#define PDD_HABIT_STEPS       32 /* of the hazard, in the time in which one burst is due */
#define PDD_HABIT_AGES        (4 * PDD_HABIT_STEPS)

/* results that come within minutes of each other; us since 1970 UTC */
typedef struct {
	gint64 first;
	gint64 last;
	guint n_results;
} PddBurst;

/* what bursts tell of a source */
typedef struct {
	const PddBurst *bursts; /* not owned */
	guint n_bursts;
	gint64 until;
	GTimeSpan least;
	GTimeSpan most;
	gboolean is_known;                      /* or what follows is nothing */
	double size;                            /* results in a burst */
	double pause;                           /* between two of them, s */
	double follows;                         /* probability of one more */
	double days[7];                         /* factors, Monday first */
	double days_before[8];                  /* their sums */
	double rate[PDD_HABIT_BINS];            /* bursts in this part of a day */
	double rate_before[PDD_HABIT_BINS + 1]; /* their sums */
	double hazard[PDD_HABIT_AGES]; /* a factor, by the bursts that were due since the last */
	double effort;                 /* requests per second at an intensity of one */
} PddHabit;

void
pdd_habit_learn(PddHabit *habit,
		const PddBurst *bursts,
		guint n_bursts,
		gint64 until,
		GTimeSpan least,
		GTimeSpan most);
double
pdd_habit_get_clock(const PddHabit *habit, gint64 time);
double
pdd_habit_get_intensity(const PddHabit *habit, gint64 since, gint64 time);
double
pdd_habit_get_follow_up(const PddHabit *habit, gint64 silence);

G_END_DECLS
