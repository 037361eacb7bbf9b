/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Simulated weeks: sources as labs have them, asked as the cadence says and at fixed intervals.
 * What comes of it is a table of requests spent and delays reached, in the first week nothing
 * counts. With sanitizers there is one seed: the same is asked, not as often.
 *
 *   cadence-weeks             the table; fails when the promises of docs/sources.md do not hold
 *   cadence-weeks SOURCE DAY  what came and what was asked on that day, for docs/sources/draw.py */

#include <stdlib.h>
#include <string.h>

#include "pdd-cadence.h"

#define SECOND   ((gint64)G_TIME_SPAN_SECOND)
#define MINUTE   ((gint64)G_TIME_SPAN_MINUTE)
#define HOUR     ((gint64)G_TIME_SPAN_HOUR)
#define DAY      ((gint64)G_TIME_SPAN_DAY)
#define MONDAY   (20640 * DAY) /* 2026-07-06 */
#define WEEKS    12
#define LEARNING 1 /* weeks that do not count */
#ifndef SEEDS
#define SEEDS 3
#endif
#define HANDLING (5 * SECOND) /* to fetch, parse and store what was seen */

#define HEAD                                                                                       \
	"| source | learned: a day | median | p90 | 1 min: a day | median | p90 | 4 min: a day | " \
	"median | p90 | 15 min: a day | median | p90 "                                             \
	"|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"

typedef void (*Make)(GRand *chance, GArray *times);

static void
add(GArray *times, gint64 time)
{
	g_array_append_val(times, time);
}

static gint64
between(GRand *chance, gint64 low, gint64 high)
{
	return low + (gint64)(g_rand_double(chance) * (double)(high - low));
}

static void
add_nights(GRand *chance, GArray *times, guint first, guint last)
{
	for (guint day = first; day < last; day++) {
		gint64 start = MONDAY + day * DAY + HOUR +
			       between(chance, -20 * MINUTE, 20 * MINUTE);
		if (day % 7 < 5 && g_rand_double(chance) > 0.05)
			add(times, start + between(chance, 42 * MINUTE, 48 * MINUTE));
	}
}

static void
add_hours(GRand *chance, GArray *times, guint first, guint last)
{
	for (guint hour = first * 24; hour < last * 24; hour++) {
		if (g_rand_double(chance) > 0.02)
			add(times,
			    MONDAY + hour * HOUR + between(chance, 20 * MINUTE, 28 * MINUTE));
	}
}

static void
make_nightly(GRand *chance, GArray *times)
{
	add_nights(chance, times, 0, WEEKS * 7);
}

static void
make_hourly(GRand *chance, GArray *times)
{
	add_hours(chance, times, 0, WEEKS * 7);
}

/* each run starts when the last is done */
static void
make_chained(GRand *chance, GArray *times)
{
	for (gint64 time = MONDAY; time < MONDAY + WEEKS * 7 * DAY;
	     time += between(chance, 57 * MINUTE, 64 * MINUTE))
		add(times, time);
}

static gint64
wait_for_chance(GRand *chance, gint64 mean)
{
	double wait = 0;
	/* exponential, by the fraction of a minute in which it comes */
	while (g_rand_double(chance) > 1 / 600.0)
		wait += (double)mean / 600.0;
	return (gint64)wait;
}

/* pushes in working hours, six a day; each gives 5 to 30 results within minutes */
static void
make_bursty(GRand *chance, GArray *times)
{
	for (guint day = 0; day < WEEKS * 7; day++) {
		gint64 begin = MONDAY + day * DAY + 8 * HOUR;
		gint64 push = begin;
		while (day % 7 < 5 &&
		       (push += wait_for_chance(chance, 100 * MINUTE)) < begin + 10 * HOUR) {
			gint64 time = push;
			for (int n = g_rand_int_range(chance, 5, 31); n > 0; n--)
				add(times, time += wait_for_chance(chance, 25 * SECOND));
		}
	}
}

static void
make_irregular(GRand *chance, GArray *times)
{
	gint64 time = MONDAY;
	while ((time += wait_for_chance(chance, 6 * HOUR)) < MONDAY + WEEKS * 7 * DAY)
		add(times, time);
}

/* something in the first days, and then nothing any more */
static void
make_idle(GRand *chance, GArray *times)
{
	for (guint i = 0; i < 4; i++)
		add(times, MONDAY + between(chance, 0, 3 * DAY));
}

static void
make_changed(GRand *chance, GArray *times)
{
	add_nights(chance, times, 0, WEEKS * 7 / 2);
	add_hours(chance, times, WEEKS * 7 / 2, WEEKS * 7);
}

typedef struct {
	const char *name;
	Make make;
	gboolean is_promised;
} Source;

static const Source SOURCES[] = {
	{"nightly", make_nightly, TRUE},
	{"hourly", make_hourly, TRUE},
	{"chained", make_chained, TRUE},
	{"bursty", make_bursty, TRUE},
	{"irregular", make_irregular, FALSE},
	{"changed", make_changed, FALSE},
	{"idle", make_idle, FALSE},
};

static int
compare_times(gconstpointer a, gconstpointer b)
{
	gint64 left = *(const gint64 *)a;
	gint64 right = *(const gint64 *)b;
	return (left > right) - (left < right);
}

static GArray *
make_times(const Source *source, guint32 seed)
{
	g_autoptr(GRand) chance = g_rand_new_with_seed(seed);
	GArray *times = g_array_new(FALSE, FALSE, sizeof(gint64));
	source->make(chance, times);
	g_array_sort(times, compare_times);
	return times;
}

typedef struct {
	GArray *delays; /* us */
	guint n_polls;
	guint n_silent; /* polls that found it silent */
	GArray *polls;  /* all */
} Outcome;

static Outcome *
outcome_new(void)
{
	Outcome *outcome = g_new0(Outcome, 1);
	outcome->delays = g_array_new(FALSE, FALSE, sizeof(gint64));
	outcome->polls = g_array_new(FALSE, FALSE, sizeof(gint64));
	return outcome;
}

static void
outcome_free(Outcome *outcome)
{
	g_array_unref(outcome->delays);
	g_array_unref(outcome->polls);
	g_free(outcome);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outcome, outcome_free)

/* 0: as the cadence says */
static void
ask(const GArray *times, gint64 interval, guint32 seed, Outcome *outcome)
{
	g_autoptr(PddCadence)
		cadence = interval > 0 ? NULL : pdd_cadence_new(15 * SECOND, 15 * MINUTE, seed);
	g_autoptr(GRand) chance = g_rand_new_with_seed(seed);
	gint64 now = MONDAY + between(chance, 0, interval);
	guint seen = 0;
	while (now < MONDAY + WEEKS * 7 * DAY) {
		gboolean counts = now >= MONDAY + LEARNING * 7 * DAY;
		for (; seen < times->len && g_array_index(times, gint64, seen) <= now; seen++) {
			gint64 time = g_array_index(times, gint64, seen);
			gint64 delay = now - time;
			if (counts)
				g_array_append_val(outcome->delays, delay);
			if (interval == 0)
				pdd_cadence_add_arrival(cadence, time);
		}
		outcome->n_polls += counts ? 1 : 0;
		g_array_append_val(outcome->polls, now);
		if (interval == 0) {
			pdd_cadence_add_poll(cadence, now);
			outcome->n_silent += counts && pdd_cadence_is_silent(cadence, now) ? 1 : 0;
		}
		now = interval > 0 ? now + interval : pdd_cadence_get_next(cadence);
	}
}

static double
find_delay(const Outcome *outcome, double share)
{
	if (outcome->delays->len == 0)
		return 0;
	g_array_sort(outcome->delays, compare_times);
	guint place = (guint)(share * (outcome->delays->len - 1));
	return (double)g_array_index(outcome->delays, gint64, place) / (double)SECOND;
}

static double
find_requests(const Outcome *outcome)
{
	return outcome->n_polls / (double)(SEEDS * (WEEKS - LEARNING) * 7);
}

static Outcome *
ask_all(const Source *source, gint64 interval)
{
	Outcome *outcome = outcome_new();
	for (guint32 seed = 1; seed <= SEEDS; seed++) {
		g_autoptr(GArray) times = make_times(source, seed);
		ask(times, interval, seed, outcome);
	}
	return outcome;
}

static void
print_cells(const Outcome *outcome)
{
	g_print(" %.0f | %.0f s | %.0f s |",
		find_requests(outcome),
		find_delay(outcome, 0.5),
		find_delay(outcome, 0.9));
}

static gboolean
print_row(const Source *source)
{
	g_autoptr(Outcome) learned = ask_all(source, 0);
	double share = find_requests(learned) / (24 * 60);
	gboolean is_kept = share <= 0.25 &&
			   (!source->is_promised ||
			    find_delay(learned, 0.5) + (double)(HANDLING / SECOND) < 60);
	g_print("| %s |", source->name);
	print_cells(learned);
	for (guint minutes = 1; minutes <= 15; minutes += minutes == 1 ? 3 : 11) {
		g_autoptr(Outcome) fixed = ask_all(source, minutes * MINUTE);
		print_cells(fixed);
	}
	g_print("%s\n", is_kept ? "" : " broken");
	if (source->is_promised && learned->n_silent > learned->n_polls / 50) {
		g_printerr("%s was called silent %u times\n", source->name, learned->n_silent);
		return FALSE;
	}
	return is_kept;
}

static void
print_times(const char *what, const GArray *times, gint64 begin)
{
	for (guint i = 0; i < times->len; i++) {
		gint64 time = g_array_index(times, gint64, i);
		if (time >= begin && time < begin + DAY)
			g_print("%s %.0f\n", what, (double)(time - begin) / (double)SECOND);
	}
}

static void
print_day(const Source *source, guint day)
{
	g_autoptr(GArray) times = make_times(source, 1);
	g_autoptr(Outcome) outcome = outcome_new();
	ask(times, 0, 1, outcome);
	print_times("result", times, MONDAY + day * DAY);
	print_times("request", outcome->polls, MONDAY + day * DAY);
}

int
main(int argc, char **argv)
{
	gboolean is_kept = TRUE;
	if (argc != 3)
		g_print("%s", HEAD);
	for (guint i = 0; i < G_N_ELEMENTS(SOURCES); i++) {
		if (argc == 3 && strcmp(argv[1], SOURCES[i].name) == 0)
			print_day(&SOURCES[i], (guint)g_ascii_strtoull(argv[2], NULL, 10));
		else if (argc != 3)
			is_kept = print_row(&SOURCES[i]) && is_kept;
	}
	return is_kept ? 0 : 1;
}
