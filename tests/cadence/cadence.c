/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-cadence.h"

#include <string.h>

#define SECOND ((gint64)G_TIME_SPAN_SECOND)
#define MINUTE ((gint64)G_TIME_SPAN_MINUTE)
#define HOUR   ((gint64)G_TIME_SPAN_HOUR)
#define DAY    ((gint64)G_TIME_SPAN_DAY)
#define MONDAY (20640 * DAY) /* 2026-07-06 */
#define LEAST  (15 * SECOND)
#define MOST   (15 * MINUTE)

/* weeks of results at 02:00, Monday to Friday, polled at the end */
static PddCadence *
make_nightly(guint n_weeks, gint64 now)
{
	PddCadence *cadence = pdd_cadence_new(LEAST, MOST, 1);
	for (guint day = 0; day < n_weeks * 7; day++) {
		if (day % 7 < 5)
			pdd_cadence_add_arrival(cadence,
						MONDAY + day * DAY + 2 * HOUR + day % 3 * MINUTE);
	}
	pdd_cadence_add_poll(cadence, now);
	return cadence;
}

/* within the bounds, the more often the nearer a result is due */
static void
test_due(void)
{
	gint64 night = MONDAY + 28 * DAY + 2 * HOUR;
	g_autoptr(PddCadence) far = make_nightly(4, night - 10 * HOUR);
	g_autoptr(PddCadence) near = make_nightly(4, night);
	gint64 idle = pdd_cadence_get_next(far) - (night - 10 * HOUR);
	gint64 busy = pdd_cadence_get_next(near) - night;
	g_assert_cmpint(idle, >, 10 * MINUTE);
	g_assert_cmpint(idle, <=, MOST);
	g_assert_cmpint(busy, <, 40 * SECOND);
	g_assert_cmpint(busy, >=, LEAST);
	g_assert_cmpint(ABS(pdd_cadence_get_due(far) - night), <, 20 * MINUTE);
	g_assert_cmpint(ABS(pdd_cadence_get_usual(far) - DAY), <, 3 * MINUTE);
}

/* a new source is asked at once, then often, then seldom */
static void
test_unknown(void)
{
	g_autoptr(PddCadence) cadence = pdd_cadence_new(LEAST, MOST, 1);
	g_assert_cmpint(pdd_cadence_get_next(cadence), ==, 0);
	pdd_cadence_add_poll(cadence, MONDAY);
	g_assert_cmpint(pdd_cadence_get_next(cadence), ==, MONDAY + MINUTE);
	for (guint i = 0; i < 100; i++)
		pdd_cadence_add_poll(cadence, pdd_cadence_get_next(cadence));
	g_assert_cmpint(pdd_cadence_get_wait(cadence, pdd_cadence_get_next(cadence) - DAY),
			==,
			MOST);
	pdd_cadence_add_poll(cadence, MONDAY + DAY);
	g_assert_cmpint(pdd_cadence_get_next(cadence), ==, MONDAY + DAY + MOST);
	g_assert_cmpint(pdd_cadence_get_usual(cadence), ==, 0);
	g_assert_cmpint(pdd_cadence_get_due(cadence), ==, 0);
	g_assert_false(pdd_cadence_is_silent(cadence, MONDAY + 400 * DAY));
}

static void
test_failures(void)
{
	g_autoptr(PddCadence) cadence = make_nightly(2, MONDAY + 14 * DAY);
	g_autoptr(PddCadence) other = pdd_cadence_new(LEAST, MOST, 2);
	gint64 now = MONDAY + 14 * DAY;
	for (guint i = 1; i <= 80; i++) {
		gint64 longest = MIN(LEAST << MIN(i, 10), MOST);
		pdd_cadence_add_failure(cadence, now, 0);
		pdd_cadence_add_failure(other, now, 0);
		gint64 wait = pdd_cadence_get_next(cadence) - now;
		g_assert_cmpint(wait, >=, longest / 2);
		g_assert_cmpint(wait, <=, longest);
		g_assert_cmpuint(pdd_cadence_get_n_failures(cadence), ==, i);
		if (i > 1) /* sources that failed together do not come together */
			g_assert_cmpint(pdd_cadence_get_next(other), !=, now + wait);
		now += wait;
	}
	pdd_cadence_add_poll(cadence, now);
	g_assert_cmpuint(pdd_cadence_get_n_failures(cadence), ==, 0);
}

/* what the server asks for is kept beyond the upper bound, up to a day */
static void
test_retry_after(void)
{
	g_autoptr(PddCadence) cadence = pdd_cadence_new(LEAST, MOST, 1);
	pdd_cadence_add_failure(cadence, MONDAY, 3 * HOUR);
	g_assert_cmpint(pdd_cadence_get_wait(cadence, MONDAY), >=, 3 * HOUR);
	g_assert_cmpint(pdd_cadence_get_wait(cadence, MONDAY), <=, 3 * HOUR + LEAST);
	g_assert_cmpint(pdd_cadence_get_wait(cadence, MONDAY - 9 * HOUR), <=, 3 * HOUR + LEAST);
	pdd_cadence_add_failure(cadence, MONDAY, G_MAXINT64);
	g_assert_cmpint(pdd_cadence_get_wait(cadence, MONDAY), <=, DAY + LEAST);
	pdd_cadence_add_poll(cadence, MONDAY);
	g_assert_cmpint(pdd_cadence_get_wait(cadence, MONDAY), <=, MOST);
}

/* a clock that is set never keeps a source waiting for longer than the upper bound */
static void
test_clock(void)
{
	static const gint64 steps[] = {-5 * HOUR, 7 * HOUR, -400 * DAY, 400 * DAY, -20640 * DAY};
	g_autoptr(PddCadence) cadence = make_nightly(4, MONDAY + 28 * DAY);
	gint64 now = MONDAY + 28 * DAY;
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		now += steps[i];
		gint64 wait = pdd_cadence_get_wait(cadence, now);
		g_assert_cmpint(wait, >=, 0);
		g_assert_cmpint(wait, <=, MOST);
		now += wait;
		pdd_cadence_add_poll(cadence, now);
		g_assert_cmpint(pdd_cadence_get_next(cadence), >=, MAX(now, 1) + LEAST);
		g_assert_cmpint(pdd_cadence_get_next(cadence), <=, MAX(now, 1) + MOST);
	}
}

/* weekends are no silence, three nights are */
static void
test_silence(void)
{
	gint64 monday = MONDAY + 56 * DAY;
	g_autoptr(PddCadence) cadence = make_nightly(8, monday);
	g_assert_false(pdd_cadence_is_silent(cadence, monday));
	g_assert_false(pdd_cadence_is_silent(cadence, monday + 9 * HOUR));
	g_assert_false(pdd_cadence_is_silent(cadence, monday - 400 * DAY));
	g_assert_false(pdd_cadence_is_silent(cadence, monday + DAY + 20 * HOUR));
	g_assert_true(pdd_cadence_is_silent(cadence, monday + 3 * DAY + 3 * HOUR));
}

/* twenty results within minutes, each day: the interval is a day */
static void
test_bursts(void)
{
	g_autoptr(PddCadence) cadence = pdd_cadence_new(LEAST, MOST, 1);
	for (guint i = 0; i < 10 * 20; i++) { /* in no order */
		guint place = i * 77 % 200;
		pdd_cadence_add_arrival(cadence,
					MONDAY + place / 20 * DAY + place % 20 * 40 * SECOND);
	}
	gint64 last = MONDAY + 9 * DAY + 19 * 40 * SECOND;
	pdd_cadence_add_poll(cadence, last + 5 * SECOND);
	g_assert_cmpint(pdd_cadence_get_usual(cadence), ==, DAY);
	g_assert_cmpint(pdd_cadence_get_next(cadence), <, last + MINUTE);
}

/* results without end are no burst of which nothing can be learned */
static void
test_steady(void)
{
	g_autoptr(PddCadence) cadence = pdd_cadence_new(LEAST, MOST, 1);
	gint64 now = MONDAY;
	for (guint i = 0; i < 2 * 720; i++)
		pdd_cadence_add_arrival(cadence, now += 2 * MINUTE);
	pdd_cadence_add_poll(cadence, now);
	g_assert_cmpint(ABS(pdd_cadence_get_usual(cadence) - 2 * MINUTE), <, SECOND);
	g_assert_false(pdd_cadence_is_silent(cadence, now + HOUR));
	g_assert_true(pdd_cadence_is_silent(cadence, now + 8 * HOUR));
}

/* a source whose clock goes before ours is asked when its results come by ours */
static void
test_ahead(void)
{
	g_autoptr(PddCadence) cadence = pdd_cadence_new(LEAST, MOST, 1);
	for (guint day = 0; day < 14; day++) {
		gint64 now = MONDAY + day * DAY + 2 * HOUR;
		pdd_cadence_add_arrival(cadence, now + 5 * HOUR);
		pdd_cadence_add_poll(cadence, now);
	}
	pdd_cadence_add_poll(cadence, MONDAY + 14 * DAY);
	g_assert_cmpint(ABS(pdd_cadence_get_due(cadence) - MONDAY - 14 * DAY - 2 * HOUR),
			<,
			30 * MINUTE);
}

/* times that cannot be do not push out those that can */
static void
test_far_future(void)
{
	gint64 now = MONDAY + 28 * DAY;
	g_autoptr(PddCadence) cadence = make_nightly(4, now);
	for (guint i = 0; i < 1000; i++)
		pdd_cadence_add_arrival(cadence, now + 9000 * DAY + i * HOUR);
	pdd_cadence_add_arrival(cadence, G_MAXINT64);
	pdd_cadence_add_arrival(cadence, G_MININT64);
	pdd_cadence_add_poll(cadence, now);
	g_assert_cmpint(ABS(pdd_cadence_get_usual(cadence) - DAY), <, 3 * MINUTE);
}

static void
test_restart(void)
{
	gint64 now = MONDAY + 28 * DAY;
	g_autoptr(PddCadence) cadence = make_nightly(4, now);
	pdd_cadence_add_failure(cadence, now, 2 * HOUR);
	g_autofree char *text = pdd_cadence_to_string(cadence);
	g_autoptr(PddCadence) again = pdd_cadence_new_from_string(text, LEAST, MOST, 1);
	g_autofree char *text_again = pdd_cadence_to_string(again);
	g_assert_cmpstr(text, ==, text_again);
	g_assert_cmpint(pdd_cadence_get_next(again), ==, pdd_cadence_get_next(cadence));
	g_assert_cmpint(pdd_cadence_get_due(again), ==, pdd_cadence_get_due(cadence));
	g_assert_cmpuint(pdd_cadence_get_n_failures(again), ==, 1);
}

/* whatever text: bounds hold, nothing crashes */
static void
test_hostile_text(void)
{
	g_autoptr(PddCadence) whole = make_nightly(60, MONDAY + 420 * DAY);
	g_autofree char *text = pdd_cadence_to_string(whole);
	g_autoptr(GRand) chance = g_rand_new_with_seed(1);
	gint64 now = MONDAY + 420 * DAY;
	static const char letters[] = "0123456789999 \n-x";
	for (guint i = 0; i < 2000; i++) {
		g_autofree char *broken = g_strdup(text);
		gsize size = strlen(broken);
		for (guint j = i % 7; j > 0; j--)
			broken[g_rand_int_range(chance, 18, (gint32)size)] =
				letters[g_rand_int_range(chance, 0, 17)];
		if (i % 3 == 0)
			broken[g_rand_int_range(chance, 0, (gint32)size)] = '\0';
		g_autoptr(PddCadence) cadence = pdd_cadence_new_from_string(broken, LEAST, MOST, 1);
		g_assert_cmpint(pdd_cadence_get_wait(cadence, now), <=, DAY + LEAST);
		pdd_cadence_add_poll(cadence, now);
		g_assert_cmpint(pdd_cadence_get_next(cadence), >=, now + LEAST);
		g_assert_cmpint(pdd_cadence_get_next(cadence), <=, now + MOST);
		pdd_cadence_get_due(cadence);
		pdd_cadence_is_silent(cadence, now);
	}
	g_autoptr(PddCadence) none = pdd_cadence_new_from_string(NULL, LEAST, MOST, 1);
	g_assert_cmpint(pdd_cadence_get_next(none), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cadence/due", test_due);
	g_test_add_func("/cadence/unknown", test_unknown);
	g_test_add_func("/cadence/failures", test_failures);
	g_test_add_func("/cadence/retry-after", test_retry_after);
	g_test_add_func("/cadence/clock", test_clock);
	g_test_add_func("/cadence/silence", test_silence);
	g_test_add_func("/cadence/bursts", test_bursts);
	g_test_add_func("/cadence/steady", test_steady);
	g_test_add_func("/cadence/ahead", test_ahead);
	g_test_add_func("/cadence/far-future", test_far_future);
	g_test_add_func("/cadence/restart", test_restart);
	g_test_add_func("/cadence/hostile-text", test_hostile_text);
	return g_test_run();
}
