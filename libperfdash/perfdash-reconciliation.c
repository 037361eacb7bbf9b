/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts what a new analysis found beside what is known of a series, so that a change stays the same
 * one while results arrive, late or not, and while the analysis gets better.
 *
 *  - A change that is known and one that is found are the same when they go the same way and are
 *    at most NEAR results apart, or one is in the other's range, or among results that came or were
 *    shown again between the two runs where the known one was; the nearest are joined first. A
 *    known change is where it was found, and where somebody moved it: the nearer counts; and when
 *    that run is hidden, at the next one.
 *  - What is found and was not known is new; or historic, when it is older than what can be new.
 *  - What is known and not found any more goes; if a person touched it, it stays and is withdrawn.
 *    What a person moved stays where it is.
 *  - A regression is fixed by the first later change after which at least BACK of the step are
 *    undone, and is not fixed any more when that change goes. */

#include "perfdash-reconciliation.h"

#include <math.h>

#include "perfdash-change-event-private.h"

#define NEAR 5
#define BACK 0.75

typedef struct {
	guint known;
	guint found;
	gsize distance;
} Pair;

static void
outturn_free(PerfdashOutturn *outturn)
{
	perfdash_change_unref(outturn->change);
	g_ptr_array_unref(outturn->events);
	g_free(outturn);
}

static PerfdashOutturn *
outturn_new(PerfdashChange *change, PerfdashFate fate)
{
	PerfdashOutturn *outturn = g_new0(PerfdashOutturn, 1);
	outturn->change = perfdash_change_ref(change);
	outturn->fate = fate;
	outturn->events = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_change_event_unref);
	return outturn;
}

static void
add_event(PerfdashOutturn *outturn, gint64 now, const char *what, gint64 run)
{
	g_autofree char *value = run != 0 ? g_strdup_printf("%" G_GINT64_FORMAT, run)
					  : g_strdup("");
	if (outturn->fate == PERFDASH_FATE_SAME)
		outturn->fate = PERFDASH_FATE_UPDATED;
	g_ptr_array_add(outturn->events, perfdash_change_event_new(now, "", what, value));
}

/* run id -> index + 1 */
static GHashTable *
index_runs(PerfdashSeries *series)
{
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	GHashTable *indices = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (gsize i = 0; i < n; i++)
		g_hash_table_insert(indices, (gpointer)&runs[i], GSIZE_TO_POINTER(i + 1));
	return indices;
}

static gsize
distance_to_run(GHashTable *indices, gint64 run, gsize index)
{
	gsize at = GPOINTER_TO_SIZE(g_hash_table_lookup(indices, &run));
	if (at == 0)
		return G_MAXSIZE;
	return at - 1 > index ? at - 1 - index : index - (at - 1);
}

/* a run that somebody hid, or that was replaced, is not there: the first that is no older is */
static gint64
find_shown_run(GHashTable *indices, PerfdashChange *known, PerfdashSeries *series)
{
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	gsize at = 0;
	if (n == 0 || g_hash_table_contains(indices, &known->run))
		return known->run;
	while (at + 1 < n && times[at] < known->time)
		at++;
	return times[at] < known->time ? known->run : runs[at];
}

static gboolean
is_up(PerfdashChangePoint *point)
{
	return point->after.value > point->before.value;
}

/* from the result first on, and up to last */
static gboolean
is_in_range(GHashTable *indices, gint64 first_run, gint64 last_run, gsize index)
{
	gsize first = GPOINTER_TO_SIZE(g_hash_table_lookup(indices, &first_run));
	gsize last = GPOINTER_TO_SIZE(g_hash_table_lookup(indices, &last_run));
	return first > 0 && last > 0 && index + 1 >= first && index + 1 <= last;
}

/* whether they can be the same; then pair says how far apart they are */
static gboolean
is_pair(GHashTable *indices,
	PerfdashChange *known,
	gint64 known_run,
	PerfdashChangePoint *found,
	Pair *pair)
{
	gsize found_at = distance_to_run(indices, known->found_run, found->index);
	gsize moved_to = distance_to_run(indices, known_run, found->index);
	pair->distance = MIN(found_at, moved_to);
	if (is_up(known->point) != is_up(found))
		return FALSE;
	return pair->distance <= NEAR ||
	       is_in_range(indices, known->first_run, known->last_run, found->index) ||
	       is_in_range(indices, known->previous_run, known->run, found->index) ||
	       (pair->distance < G_MAXSIZE && found->index - found->first >= pair->distance) ||
	       (pair->distance < G_MAXSIZE && found->last - found->index >= pair->distance);
}

static int
compare_pairs(gconstpointer a, gconstpointer b)
{
	const Pair *one = a;
	const Pair *other = b;
	if (one->distance != other->distance)
		return one->distance < other->distance ? -1 : 1;
	if (one->known != other->known)
		return one->known < other->known ? -1 : 1;
	return (one->found > other->found) - (one->found < other->found);
}

static GArray *
list_pairs(GPtrArray *known, GPtrArray *found, GHashTable *indices, PerfdashSeries *series)
{
	GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
	for (guint i = 0; i < known->len; i++) {
		PerfdashChange *change = g_ptr_array_index(known, i);
		gint64 run = find_shown_run(indices, change, series);
		for (guint j = 0; j < found->len; j++) {
			Pair pair = {i, j, 0};
			if (is_pair(indices, change, run, g_ptr_array_index(found, j), &pair))
				g_array_append_val(pairs, pair);
		}
	}
	g_array_sort(pairs, compare_pairs);
	return pairs;
}

/* the known change of each that is found, or -1 */
static int *
join(GPtrArray *known, GPtrArray *found, GHashTable *indices, PerfdashSeries *series)
{
	g_autoptr(GArray) pairs = list_pairs(known, found, indices, series);
	g_autofree gboolean *is_taken = g_new0(gboolean, known->len + 1);
	int *joined = g_new(int, found->len + 1);
	for (guint j = 0; j < found->len; j++)
		joined[j] = -1;
	for (guint i = 0; i < pairs->len; i++) {
		const Pair *pair = &g_array_index(pairs, Pair, i);
		if (is_taken[pair->known] || joined[pair->found] >= 0)
			continue;
		is_taken[pair->known] = TRUE;
		joined[pair->found] = pair->known;
	}
	return joined;
}

static void
set_found(PerfdashChange *change, PerfdashChangePoint *point, PerfdashSeries *series)
{
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	g_clear_pointer(&change->point, perfdash_change_point_unref);
	change->point = perfdash_change_point_ref(point);
	change->found_run = runs[point->index];
	change->first_run = runs[point->first];
	change->last_run = runs[point->last];
	change->detector = PERFDASH_DETECTOR_VERSION;
	change->is_found = TRUE;
	if (change->is_moved)
		return;
	perfdash_change_set_place(change, series, point->index);
	change->from_time = MIN(change->from_time, times[MAX(point->first, 1) - 1]);
	change->to_time = MAX(change->to_time, times[point->last]);
}

static PerfdashOutturn *
add(PerfdashSeries *series, PerfdashChangePoint *point, gint64 new_since, gint64 now)
{
	g_autoptr(PerfdashChange) change = perfdash_change_new(perfdash_series_get_info(series));
	set_found(change, point, series);
	change->detected_at = now;
	change->state = change->time < new_since ? PERFDASH_CHANGE_STATE_HISTORIC
						 : PERFDASH_CHANGE_STATE_NEW;
	PerfdashOutturn *outturn = outturn_new(change, PERFDASH_FATE_ADDED);
	add_event(outturn, now, "found", change->found_run);
	return outturn;
}

static void
update(PerfdashOutturn *outturn, PerfdashChangePoint *point, PerfdashSeries *series, gint64 now)
{
	PerfdashChange *change = outturn->change;
	gint64 run = change->found_run;
	gint64 first = change->first_run;
	gint64 last = change->last_run;
	gint64 previous = change->previous_run;
	gint64 from = change->from_time;
	gint64 to = change->to_time;
	if (!change->is_found)
		add_event(outturn, now, "found again", 0);
	gboolean is_same = change->detector == PERFDASH_DETECTOR_VERSION &&
			   perfdash_change_point_equal(change->point, point);
	set_found(change, point, series);
	if (change->found_run != run)
		add_event(outturn, now, "moved", change->found_run);
	if (!is_same || change->first_run != first || change->last_run != last ||
	    change->previous_run != previous || change->from_time != from || change->to_time != to)
		outturn->fate = PERFDASH_FATE_UPDATED;
}

static void
lose(PerfdashOutturn *outturn, gint64 now)
{
	if (!outturn->change->is_touched) {
		outturn->fate = PERFDASH_FATE_REMOVED;
		return;
	}
	if (outturn->change->is_found)
		add_event(outturn, now, "withdrawn", 0);
	outturn->change->is_found = FALSE;
}

/* the run where the level is back after a regression, or 0; found is in order */
static gint64
find_fix(PerfdashChange *change, GPtrArray *found, PerfdashSeries *series)
{
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	double step = change->point->after.value - change->point->before.value;
	if (change->point->kind != PERFDASH_CHANGE_KIND_REGRESSION || !change->is_found)
		return 0;
	for (guint i = 0; i < found->len; i++) {
		PerfdashChangePoint *later = g_ptr_array_index(found, i);
		double undone = (change->point->after.value - later->after.value) / step;
		if (later->index > change->point->index && undone >= BACK)
			return runs[later->index];
	}
	return 0;
}

static void
set_fixed(PerfdashOutturn *outturn, GPtrArray *found, PerfdashSeries *series, gint64 now)
{
	PerfdashChange *change = outturn->change;
	gint64 run = find_fix(change, found, series);
	if (run == change->fixed_run || outturn->fate == PERFDASH_FATE_REMOVED)
		return;
	add_event(outturn, now, run != 0 ? "fixed" : "not fixed", run);
	change->fixed_run = run;
}

GPtrArray *
perfdash_reconciliation_run(GPtrArray *known,
			    PerfdashSeries *series,
			    PerfdashTrend *trend,
			    gint64 new_since,
			    gint64 now)
{
	GPtrArray *found = perfdash_trend_get_changes(trend);
	GPtrArray *outturns = g_ptr_array_new_with_free_func((GDestroyNotify)outturn_free);
	g_autoptr(GHashTable) indices = index_runs(series);
	g_autofree int *joined = join(known, found, indices, series);
	g_autofree gboolean *is_joined = g_new0(gboolean, known->len + 1);
	for (guint i = 0; i < known->len; i++)
		g_ptr_array_add(outturns,
				outturn_new(g_ptr_array_index(known, i), PERFDASH_FATE_SAME));
	for (guint j = 0; j < found->len; j++) {
		PerfdashChangePoint *point = g_ptr_array_index(found, j);
		if (joined[j] < 0) {
			g_ptr_array_add(outturns, add(series, point, new_since, now));
			continue;
		}
		is_joined[joined[j]] = TRUE;
		update(g_ptr_array_index(outturns, joined[j]), point, series, now);
	}
	for (guint i = 0; i < known->len; i++) {
		if (!is_joined[i])
			lose(g_ptr_array_index(outturns, i), now);
	}
	for (guint i = 0; i < outturns->len; i++)
		set_fixed(g_ptr_array_index(outturns, i), found, series, now);
	return outturns;
}
