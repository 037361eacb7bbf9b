/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When to ask a source next: the bursts of results that it had, the bounds and the budget of
 * requests, and what became of the last request. What is expected is in pdd-habit.c; this adds what
 * may go wrong: servers that fail, clocks that differ or are set, and a daemon that starts again.
 */

#include "pdd-cadence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pdd-habit.h"

#define SECOND          ((gint64)G_TIME_SPAN_SECOND)
#define DAY             ((gint64)G_TIME_SPAN_DAY)
#define LAST_TIME       (DAY * 365 * 1000) /* about the year 2970 */
#define MAX_RETRY_AFTER DAY
#define MAX_BURSTS      256
#define LONGEST_BURST   ((gint64)G_TIME_SPAN_HOUR)   /* what never ends is cut */
#define MAX_RESULTS     1000000                      /* of a burst, that are counted */
#define FIRST_INTERVAL  ((gint64)G_TIME_SPAN_MINUTE) /* of a source that nothing is known of */
#define USUAL           32                           /* bursts that tell the usual interval */
#define RECENT          96                           /* bursts that tell what silence is */
#define HEAD            "perfdash-cadence 1"

struct _PddCadence {
	gint64 least;
	gint64 most;
	guint64 chance; /* state of the random numbers */
	PddBurst bursts[MAX_BURSTS];
	guint n_bursts;
	PddHabit habit;
	gint64 learned_at;  /* 0: the habit is not that of the bursts */
	gint64 began;       /* first poll; 0 before */
	gint64 asked;       /* last poll, whatever came of it; 0 before */
	gint64 answered;    /* last good one; 0 before */
	gint64 next;        /* 0: to be found */
	gint64 retry_after; /* span that the server asked for */
	double patience;    /* integral at which the next request is due, about 1 */
	double saved;       /* requests that may be spent at once */
	guint n_failures;
};

/* 0 to 1; splitmix64 */
static double
draw(PddCadence *self)
{
	guint64 mixed = self->chance += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	mixed = (mixed ^ (mixed >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
	return (double)((mixed ^ (mixed >> 31)) >> 11) / 9007199254740992.0;
}

static double
to_seconds(gint64 span)
{
	return (double)span / (double)SECOND;
}

/* a burst that is later than a day after now is a mistake of some clock */
static guint
count_bursts(const PddCadence *self)
{
	guint n_bursts = self->n_bursts;
	while (n_bursts > 0 && self->asked > 0 &&
	       self->bursts[n_bursts - 1].first > self->asked + DAY)
		n_bursts--;
	return n_bursts;
}

/* anew when bursts came, and each day, as silence tells something, too */
static const PddHabit *
learn(PddCadence *self)
{
	if (self->learned_at == 0 || ABS(self->asked - self->learned_at) >= DAY) {
		pdd_habit_learn(&self->habit,
				self->bursts,
				count_bursts(self),
				self->answered,
				self->least,
				self->most);
		self->learned_at = MAX(self->asked, 1);
	}
	return &self->habit;
}

static void
remove_burst(PddCadence *self, guint place)
{
	self->n_bursts--;
	memmove(&self->bursts[place],
		&self->bursts[place + 1],
		(self->n_bursts - place) * sizeof(PddBurst));
}

/* FALSE when the time is older than all that is kept */
static gboolean
make_room(PddCadence *self, gint64 time)
{
	if (self->n_bursts < MAX_BURSTS)
		return TRUE;
	if (self->asked > 0 && self->bursts[MAX_BURSTS - 1].first > self->asked + DAY)
		remove_burst(self, MAX_BURSTS - 1);
	else if (time > self->bursts[0].first)
		remove_burst(self, 0);
	return self->n_bursts < MAX_BURSTS;
}

static void
join_bursts(PddCadence *self, guint place)
{
	PddBurst *burst = &self->bursts[place];
	if (place + 1 >= self->n_bursts || burst[1].first > burst->last + PDD_HABIT_BURST_GAP ||
	    burst[1].last > burst->first + LONGEST_BURST)
		return;
	burst->last = MAX(burst->last, burst[1].last);
	burst->n_results = MIN(burst->n_results + burst[1].n_results, MAX_RESULTS);
	remove_burst(self, place + 1);
}

static void
add_burst(PddCadence *self, const PddBurst *burst)
{
	guint place = self->n_bursts;
	if (!make_room(self, burst->first))
		return;
	place = self->n_bursts;
	while (place > 0 && self->bursts[place - 1].first > burst->first)
		place--;
	memmove(&self->bursts[place + 1],
		&self->bursts[place],
		(self->n_bursts - place) * sizeof(PddBurst));
	self->bursts[place] = *burst;
	self->n_bursts++;
	join_bursts(self, place);
	if (place > 0)
		join_bursts(self, place - 1);
	self->learned_at = 0;
}

/* the clock of a source may go before ours: what was seen has come by now. What is more than a day
 * ahead is no matter of clocks that differ, and stays out of what is learned. */
static void
hold_to(PddCadence *self, gint64 now)
{
	for (guint i = self->n_bursts; i > 0; i = MIN(i - 1, self->n_bursts)) {
		PddBurst burst = self->bursts[i - 1];
		if (burst.last <= now || burst.last > now + DAY)
			continue;
		remove_burst(self, i - 1);
		burst.first = MIN(burst.first, now);
		burst.last = now;
		add_burst(self, &burst);
	}
}

/* the requests of a day may be spent at once, and each day gives so many more */
static void
spend(PddCadence *self, gint64 now)
{
	if (now > self->asked)
		self->saved += PDD_HABIT_BUDGET * to_seconds(MIN(now - self->asked, DAY)) / 86400;
	self->saved = MAX(MIN(self->saved, PDD_HABIT_BUDGET) - 1, 0);
	self->asked = now;
	if (self->began == 0 || self->began > now)
		self->began = now;
	self->patience = 0.9 + 0.2 * draw(self);
	self->next = 0;
}

/* without enough to learn from, the longer nothing has come the seldomer */
static GTimeSpan
guess_interval(PddCadence *self)
{
	gint64 since = self->began;
	if (self->habit.n_bursts > 0)
		since = MAX(since, self->bursts[self->habit.n_bursts - 1].last);
	return CLAMP((self->asked - since) / 32, FIRST_INTERVAL, self->most);
}

static GTimeSpan
find_interval(PddCadence *self)
{
	const PddHabit *habit = learn(self);
	if (!habit->is_known)
		return guess_interval(self);
	const PddBurst *burst = &self->bursts[habit->n_bursts - 1];
	gint64 step = MAX(self->least, self->most / 64);
	double within = pdd_habit_get_follow_up(habit, self->asked - burst->last);
	double effort = MIN(habit->effort * (0.5 + self->saved / PDD_HABIT_BUDGET),
			    PDD_HABIT_MOST_EFFORT);
	double sum = 0;
	gint64 interval = 0;
	while (interval < self->most) {
		double starts = pdd_habit_get_intensity(habit,
							burst->first,
							self->asked + interval);
		double rate = effort * sqrt(within + starts * habit->size);
		double gain = rate * to_seconds(step);
		if (sum + gain >= self->patience)
			return interval + (gint64)((self->patience - sum) / gain * (double)step);
		sum += gain;
		interval += step;
	}
	return self->most;
}

/* between the bounds, and with nothing saved up no more than the budget */
static GTimeSpan
choose_interval(PddCadence *self)
{
	gint64 interval = find_interval(self);
	if (self->saved < 1)
		interval = MAX(interval, (gint64)(86400 / PDD_HABIT_BUDGET) * SECOND);
	return CLAMP(interval, self->least, self->most);
}

static GTimeSpan
back_off(PddCadence *self)
{
	gint64 longest = MIN(self->least << MIN(self->n_failures, 20), self->most);
	gint64 span = longest / 2 + (gint64)(draw(self) * (double)(longest / 2));
	if (self->retry_after > 0)
		span = MAX(span, self->retry_after + (gint64)(draw(self) * (double)self->least));
	return MAX(span, self->least);
}

/* an interval lies between least and most, spans in us; the same seed gives the same decisions */
PddCadence *
pdd_cadence_new(GTimeSpan least, GTimeSpan most, guint32 seed)
{
	PddCadence *self = g_new0(PddCadence, 1);
	self->least = CLAMP(least, SECOND, DAY);
	self->most = CLAMP(most, self->least, DAY);
	self->chance = seed;
	self->saved = PDD_HABIT_BUDGET;
	self->patience = 1;
	return self;
}

void
pdd_cadence_free(PddCadence *self)
{
	g_free(self);
}

/* something came to be at the source, by its own clock, us since 1970 UTC; in any order. To be told
 * before the poll that has seen it. */
void
pdd_cadence_add_arrival(PddCadence *self, gint64 time)
{
	if (time <= 0 || time > LAST_TIME)
		return;
	add_burst(self, &(PddBurst){.first = time, .last = time, .n_results = 1});
	if (self->n_failures == 0)
		self->next = 0;
}

/* a poll that went well */
void
pdd_cadence_add_poll(PddCadence *self, gint64 now)
{
	now = CLAMP(now, 1, LAST_TIME);
	spend(self, now);
	hold_to(self, now);
	self->answered = now;
	self->n_failures = 0;
	self->retry_after = 0;
}

/* a poll that went wrong; 0 when the server did not say after what span to try again */
void
pdd_cadence_add_failure(PddCadence *self, gint64 now, GTimeSpan retry_after)
{
	spend(self, CLAMP(now, 1, LAST_TIME));
	self->n_failures = MIN(self->n_failures, G_MAXUINT - 1) + 1;
	self->retry_after = CLAMP(retry_after, 0, MAX_RETRY_AFTER);
	self->next = self->asked + back_off(self);
}

/* us since 1970 UTC; 0 before the first poll, which is due at once */
gint64
pdd_cadence_get_next(PddCadence *self)
{
	if (self->next == 0 && self->asked > 0)
		self->next = self->asked + choose_interval(self);
	return self->next;
}

/* the span until the next poll is due, also when the clock was set since the last: 0 up to the
 * longest interval, or up to what the server asked for */
GTimeSpan
pdd_cadence_get_wait(PddCadence *self, gint64 now)
{
	gint64 longest = MAX(self->most, self->retry_after + self->least);
	return CLAMP(pdd_cadence_get_next(self) - CLAMP(now, 0, LAST_TIME), 0, longest);
}

/* in a row */
guint
pdd_cadence_get_n_failures(PddCadence *self)
{
	return self->n_failures;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

/* between bursts of late, in seconds or in bursts that were due, sorted; how many */
static guint
list_distances(const PddCadence *self, gboolean by_clock, guint most, double *distances)
{
	const PddHabit *habit = &self->habit;
	guint n = MIN(habit->n_bursts - 1, most);
	for (guint i = 0; i < n; i++) {
		gint64 end = self->bursts[habit->n_bursts - 1 - i].first;
		gint64 begin = self->bursts[habit->n_bursts - 2 - i].first;
		distances[i] = by_clock ? pdd_habit_get_clock(habit, end) -
						  pdd_habit_get_clock(habit, begin)
					: to_seconds(end - begin);
	}
	qsort(distances, n, sizeof *distances, compare_doubles);
	return n;
}

/* whether results have come most of the time, as in one burst without end */
static gboolean
is_steady(const PddCadence *self)
{
	const PddBurst *last = &self->bursts[self->habit.n_bursts - 1];
	gint64 lasted = 0;
	for (guint i = 0; i < self->habit.n_bursts; i++)
		lasted += self->bursts[i].last - self->bursts[i].first;
	return lasted > (last->last - self->bursts[0].first) / 2;
}

/* the usual span between results, or between bursts of them; 0 when too few are known */
GTimeSpan
pdd_cadence_get_usual(PddCadence *self)
{
	const PddHabit *habit = learn(self);
	double distances[USUAL];
	if (!habit->is_known)
		return 0;
	if (is_steady(self))
		return (gint64)(habit->pause * (double)SECOND);
	guint n = list_distances(self, FALSE, USUAL, distances);
	return (gint64)(distances[n / 2] * (double)SECOND);
}

/* until when the next burst has come as likely as not, us since 1970 UTC; 0 when that is not known,
 * or more than eight days ahead */
gint64
pdd_cadence_get_due(PddCadence *self)
{
	const PddHabit *habit = learn(self);
	double sum = 0;
	if (!habit->is_known)
		return 0;
	gint64 since = self->bursts[habit->n_bursts - 1].first;
	gint64 bin = (gint64)(PDD_HABIT_BIN_SECONDS * (double)SECOND);
	gint64 begin = MAX(self->asked, since);
	for (gint64 time = begin; time < begin + 8 * DAY; time += bin) {
		sum += pdd_habit_get_intensity(habit, since, time) * PDD_HABIT_BIN_SECONDS;
		if (sum >= G_LN2)
			return time;
	}
	return 0;
}

/* when the last result came, us since 1970 UTC; 0: never */
gint64
pdd_cadence_get_last(PddCadence *self)
{
	guint n = count_bursts(self);
	return n > 0 ? self->bursts[n - 1].last : 0;
}

/* the last poll that went well, likewise */
gint64
pdd_cadence_get_answered(PddCadence *self)
{
	return self->answered;
}

/* the usual intervals since the last result, not counting days and hours that are usually quiet; 0
 * when nothing is known */
double
pdd_cadence_count_intervals(PddCadence *self, gint64 now)
{
	const PddHabit *habit = learn(self);
	double distances[USUAL];
	if (!habit->is_known)
		return 0;
	gint64 last = pdd_cadence_get_last(self);
	if (is_steady(self))
		return MAX(to_seconds(now - last) / habit->pause, 0);
	guint n = list_distances(self, TRUE, USUAL, distances);
	double passed = pdd_habit_get_clock(habit, now) - pdd_habit_get_clock(habit, last);
	return distances[n / 2] > 0 ? MAX(passed / distances[n / 2], 0) : 0;
}

/* nothing for three of its usual intervals, not counting days and hours that are usually quiet; and
 * if it was irregular, for clearly longer than of late but once */
gboolean
pdd_cadence_is_silent(PddCadence *self, gint64 now)
{
	const PddHabit *habit = learn(self);
	double distances[RECENT];
	if (!habit->is_known || self->answered == 0)
		return FALSE;
	const PddBurst *last = &self->bursts[habit->n_bursts - 1];
	guint n = list_distances(self, TRUE, RECENT, distances);
	double longest = MAX(3 * distances[n / 2], 1.5 * distances[n - 2]);
	return pdd_habit_get_clock(habit, now) - pdd_habit_get_clock(habit, last->last) > longest;
}

/* what was learned and when to go on, to be read by pdd_cadence_new_from_string() */
char *
pdd_cadence_to_string(PddCadence *self)
{
	GString *text = g_string_new(HEAD "\n");
	const gint64 numbers[] = {
		self->began,
		self->asked,
		self->answered,
		pdd_cadence_get_next(self),
		self->retry_after,
		self->n_failures,
		(gint64)self->saved,
	};
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		g_string_append_printf(text, "%" G_GINT64_FORMAT " ", numbers[i]);
	for (guint i = 0; i < self->n_bursts; i++) {
		const PddBurst *burst = &self->bursts[i];
		g_string_append_printf(text,
				       "\n%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u ",
				       burst->first,
				       burst->last - burst->first,
				       burst->n_results);
	}
	g_string_append_c(text, '\n');
	return g_string_free(text, FALSE);
}

/* decimal digits and what ends them, up to most */
static gboolean
read_number(const char **text, gint64 most, gint64 *number)
{
	char *end;
	*text += strspn(*text, " \n");
	if (!g_ascii_isdigit(**text))
		return FALSE;
	*number = g_ascii_strtoll(*text, &end, 10);
	*text = end;
	return *number <= most && (*end == ' ' || *end == '\n');
}

static gboolean
read_state(PddCadence *self, const char **text)
{
	gint64 n_failures;
	gint64 saved;
	if (!read_number(text, LAST_TIME, &self->began) ||
	    !read_number(text, LAST_TIME, &self->asked) ||
	    !read_number(text, LAST_TIME, &self->answered) ||
	    !read_number(text, LAST_TIME + 3 * DAY, &self->next) ||
	    !read_number(text, MAX_RETRY_AFTER, &self->retry_after) ||
	    !read_number(text, G_MAXUINT, &n_failures) ||
	    !read_number(text, (gint64)PDD_HABIT_BUDGET, &saved))
		return FALSE;
	self->n_failures = (guint)n_failures;
	self->saved = (double)saved;
	return TRUE;
}

static gboolean
read_bursts(PddCadence *self, const char *text)
{
	gint64 first;
	gint64 lasted;
	gint64 n_results;
	while (read_number(&text, LAST_TIME, &first)) {
		if (self->n_bursts == MAX_BURSTS || !read_number(&text, LAST_TIME, &lasted) ||
		    !read_number(&text, MAX_RESULTS, &n_results) || n_results == 0 || first == 0 ||
		    (self->n_bursts > 0 && first <= self->bursts[self->n_bursts - 1].first))
			return FALSE;
		self->bursts[self->n_bursts++] = (PddBurst){
			.first = first,
			.last = MIN(first + lasted, LAST_TIME),
			.n_results = (guint)n_results,
		};
	}
	return text[strspn(text, " \n")] == '\0';
}

/* as pdd_cadence_new() when the text is none, or not one of pdd_cadence_to_string() */
PddCadence *
pdd_cadence_new_from_string(const char *text, GTimeSpan least, GTimeSpan most, guint32 seed)
{
	g_autoptr(PddCadence) self = pdd_cadence_new(least, most, seed);
	if (text == NULL || !g_str_has_prefix(text, HEAD "\n"))
		return g_steal_pointer(&self);
	text += strlen(HEAD);
	if (!read_state(self, &text) || !read_bursts(self, text))
		return pdd_cadence_new(least, most, seed);
	self->chance += (guint64)self->asked;
	return g_steal_pointer(&self);
}
