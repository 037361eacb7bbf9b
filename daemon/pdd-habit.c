/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When to ask a source next.
 *
 * Results come with an intensity: so many a second are to be expected now. When requests are few,
 * the mean delay of a result is least when they are as dense as the square root of the intensity
 * (by Cauchy and Schwarz: the delay is half the distance of two requests, weighed by the intensity,
 * and their sum is given). So the next request is when the integral of
 *
 *   effort * sqrt(intensity)
 *
 * since the last one reaches one, within the bounds that are configured. The effort spends a
 * budget, a quarter of what asking once a minute costs, or less where another request saves too
 * little: it is found by doing the last weeks again with what is known now.
 *
 * Results that come within five minutes of each other are one burst. The intensity of bursts is
 * that of a modulated renewal process (Berman, Biometrika 68, 1981): a rate of the time of day and
 * of the day of the week, and a hazard of what has passed since the last burst, measured on a clock
 * that runs as fast as the rate. A build that starts by the clock makes the rate peak; one that
 * starts when the last is done makes the hazard peak; weekends stop the clock. Within a burst the
 * next result follows as fast as those before, with the probability that one more did.
 *
 * Days are those of UTC, and a builder that follows summer time comes an hour early or late for
 * some days, twice a year; the kernel of the time of day has heavy tails for that. Seasons longer
 * than a week are not seen. */

#include "pdd-habit.h"

#include <math.h>

#define SECOND      ((gint64)G_TIME_SPAN_SECOND)
#define DAY         ((gint64)G_TIME_SPAN_DAY)
#define ENOUGH      3    /* bursts, to learn from */
#define MEMORY      21.0 /* days in which what was seen loses two thirds of its weight */
#define TAIL        36   /* bins, of the kernel of the time of day */
#define CORE        2.0  /* bins, in which half of it lies */
#define BLUR        2    /* ages on each side that are taken together */
#define DOUBT       0.5  /* bursts that are thought to have come at any age */
#define REPLAYED    7    /* days */
#define BIN_SECONDS PDD_HABIT_BIN_SECONDS
#define BINS        PDD_HABIT_BINS
#define AGES        PDD_HABIT_AGES
#define STEPS       PDD_HABIT_STEPS

static double
to_seconds(gint64 span)
{
	return (double)span / (double)SECOND;
}

/* Monday is 0, and 1970 began with a Thursday */
static guint
get_weekday(gint64 time)
{
	return (guint)((time / DAY + 3) % 7);
}

static double
get_bin(gint64 time)
{
	return to_seconds(time % DAY) / BIN_SECONDS;
}

/* the bursts that are due until then, without the hazard, since a Monday long ago */
double
pdd_habit_get_clock(const PddHabit *habit, gint64 time)
{
	guint weekday = get_weekday(time);
	double place = get_bin(time);
	guint bin = MIN((guint)place, BINS - 1);
	double today = habit->rate_before[bin] + habit->rate[bin] * (place - bin);
	double day = habit->rate_before[BINS];
	double weeks = (double)((time / DAY + 3) / 7);
	return (weeks * habit->days_before[7] + habit->days_before[weekday]) * day +
	       habit->days[weekday] * today;
}

static double
get_hazard(const PddHabit *habit, double age)
{
	if (age >= (double)AGES / STEPS)
		return habit->hazard[AGES - 1] * AGES / STEPS / age;
	return habit->hazard[MAX((int)(age * STEPS), 0)];
}

/* bursts a second, when none has come since */
double
pdd_habit_get_intensity(const PddHabit *habit, gint64 since, gint64 time)
{
	double rate = habit->rate[MIN((guint)get_bin(time), BINS - 1)] / BIN_SECONDS;
	double age = pdd_habit_get_clock(habit, time) - pdd_habit_get_clock(habit, since);
	return rate * habit->days[get_weekday(time)] * get_hazard(habit, age);
}

/* further results a second, when nothing has come for a time */
double
pdd_habit_get_follow_up(const PddHabit *habit, gint64 silence)
{
	if (silence > PDD_HABIT_BURST_GAP)
		return 0;
	double goes_on = habit->follows * exp(-to_seconds(MAX(silence, 0)) / habit->pause);
	return goes_on / (goes_on + 1 - habit->follows) / habit->pause;
}

static double
get_weight(const PddHabit *habit, gint64 time)
{
	gint64 age = habit->bursts[habit->n_bursts - 1].first - time;
	return exp(-to_seconds(age) / 86400 / MEMORY);
}

static void
learn_bursts(PddHabit *habit)
{
	double bursts = 0;
	double results = 0;
	double lasted = 0;
	for (guint i = 0; i < habit->n_bursts; i++) {
		const PddBurst *burst = &habit->bursts[i];
		double weight = get_weight(habit, burst->first);
		bursts += weight;
		results += weight * burst->n_results;
		lasted += weight * to_seconds(burst->last - burst->first);
	}
	habit->size = results / bursts;
	habit->follows = (results - bursts) / (results + 1);
	habit->pause = results > bursts ? MAX(lasted / (results - bursts), 1) : 1;
}

/* each day counts as its bursts do, the more days were seen */
static void
learn_days(PddHabit *habit, double *n_days)
{
	double bursts[7] = {0};
	double seen[7] = {0};
	double sum = 0;
	gint64 end = MAX(habit->until, habit->bursts[habit->n_bursts - 1].first);
	*n_days = 0;
	for (guint i = 0; i < habit->n_bursts; i++) {
		double weight = get_weight(habit, habit->bursts[i].first);
		bursts[get_weekday(habit->bursts[i].first)] += weight;
		sum += weight;
	}
	/* what is older than a year has no weight */
	for (gint64 time = MAX(habit->bursts[0].first, end - 365 * DAY); time / DAY <= end / DAY;
	     time += DAY) {
		double weight = MIN(get_weight(habit, time), 1);
		if (time / DAY == end / DAY)
			weight *= get_bin(end) / BINS; /* the day is not over */
		seen[get_weekday(time)] += weight;
		*n_days += weight;
	}
	*n_days = MAX(*n_days, 1);
	double usual = sum / *n_days;
	double prior = 1 + usual / 4;
	for (guint i = 0; i < 7; i++) {
		habit->days[i] = (bursts[i] + prior) / (seen[i] * usual + prior);
		habit->days_before[i + 1] = habit->days_before[i] + habit->days[i];
	}
}

static void
learn_rate(PddHabit *habit, double n_days)
{
	double counts[BINS] = {0};
	double kernel[2 * TAIL + 1];
	double sum = 0;
	for (int i = -TAIL; i <= TAIL; i++)
		sum += kernel[i + TAIL] = 1 / (1 + i / CORE * i / CORE);
	for (guint i = 0; i < habit->n_bursts; i++) {
		gint64 first = habit->bursts[i].first;
		counts[MIN((guint)get_bin(first), BINS - 1)] += get_weight(habit, first);
	}
	/* one burst in all the time may have come at any time of the day */
	for (int i = 0; i < BINS; i++)
		habit->rate[i] = 1.0 / BINS / n_days;
	for (int i = 0; i < BINS; i++) {
		for (int j = 0; counts[i] > 0 && j <= 2 * TAIL; j++)
			habit->rate[(i + j - TAIL + BINS) % BINS] += counts[i] * kernel[j] / sum /
								     n_days;
	}
	for (guint i = 0; i < BINS; i++)
		habit->rate_before[i + 1] = habit->rate_before[i] + habit->rate[i];
}

static void
learn_hazard(PddHabit *habit)
{
	double ends[AGES] = {0};
	double seen[AGES] = {0};
	for (guint i = 1; i < habit->n_bursts; i++) {
		double age = pdd_habit_get_clock(habit, habit->bursts[i].first) -
			     pdd_habit_get_clock(habit, habit->bursts[i - 1].first);
		double weight = get_weight(habit, habit->bursts[i].first);
		guint step = (guint)MIN(MAX(age * STEPS, 0), AGES);
		for (guint j = 0; j < step; j++)
			seen[j] += weight / STEPS;
		if (step < AGES) {
			seen[step] += weight * (age - (double)step / STEPS);
			ends[step] += weight;
		}
	}
	for (int i = 0; i < AGES; i++) {
		double n_ends = DOUBT;
		double n_seen = DOUBT;
		for (int j = MAX(i - BLUR, 0); j <= MIN(i + BLUR, AGES - 1); j++) {
			n_ends += ends[j];
			n_seen += seen[j];
		}
		habit->hazard[i] = n_ends / n_seen;
	}
}

/* what the last days would have cost a day */
static double
get_cost(const PddHabit *habit, const float *roots, guint n_roots, double effort)
{
	double most = BIN_SECONDS / to_seconds(habit->least);
	double requests = 0;
	double sum = 0;
	double waited = 0;
	for (guint i = 0; i < n_roots; i++) {
		sum += MIN(effort * roots[i] * BIN_SECONDS, most);
		waited += BIN_SECONDS;
		if (sum >= 1 || waited >= to_seconds(habit->most)) {
			requests += MAX(sum, 1);
			sum = waited = 0;
		}
	}
	double within = MIN(effort / sqrt(habit->pause), 1 / to_seconds(habit->least));
	gint64 end = habit->bursts[habit->n_bursts - 1].first;
	for (guint i = habit->n_bursts; i > 0; i--) {
		const PddBurst *burst = &habit->bursts[i - 1];
		if (burst->first < end - (gint64)(n_roots * BIN_SECONDS) * SECOND)
			break;
		if (burst->n_results > 1)
			requests += within *
				    (to_seconds(burst->last - burst->first) + 3 * habit->pause);
	}
	return requests / (n_roots * BIN_SECONDS) * 86400;
}

static void
learn_effort(PddHabit *habit)
{
	float roots[REPLAYED * BINS];
	guint n_roots = 0;
	guint last = habit->n_bursts - 1;
	gint64 time = habit->bursts[last].first;
	gint64 bin = (gint64)(BIN_SECONDS * (double)SECOND);
	for (; n_roots < G_N_ELEMENTS(roots) && time > habit->bursts[0].first; time -= bin) {
		while (habit->bursts[last].first > time)
			last--;
		double intensity = pdd_habit_get_intensity(habit, habit->bursts[last].first, time);
		roots[n_roots++] = (float)sqrt(intensity * habit->size);
	}
	double high = PDD_HABIT_MOST_EFFORT;
	double low = 0;
	if (get_cost(habit, roots, n_roots, high) > PDD_HABIT_BUDGET) {
		for (guint i = 0; i < 24; i++) {
			double middle = (low + high) / 2;
			if (get_cost(habit, roots, n_roots, middle) > PDD_HABIT_BUDGET)
				high = middle;
			else
				low = middle;
		}
	}
	habit->effort = high;
}

/* from bursts that are sorted and stay as they are; until: when the source last answered; requests
 * are no nearer than least, and no further than most */
void
pdd_habit_learn(PddHabit *habit,
		const PddBurst *bursts,
		guint n_bursts,
		gint64 until,
		GTimeSpan least,
		GTimeSpan most)
{
	double n_days;
	*habit = (PddHabit){
		.bursts = bursts,
		.n_bursts = n_bursts,
		.until = until,
		.least = least,
		.most = most,
		.is_known = n_bursts >= ENOUGH,
	};
	if (!habit->is_known)
		return;
	learn_bursts(habit);
	learn_days(habit, &n_days);
	learn_rate(habit, n_days);
	learn_hazard(habit);
	learn_effort(habit);
}
