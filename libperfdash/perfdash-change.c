/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-change-private.h"

#include <math.h>
#include <string.h>

/**
 * PerfdashChange:
 *
 * A change of the level of a series, with a life: it keeps its identity when the analysis is
 * repeated and when results arrive late, and what people said of it.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE(PerfdashChange, perfdash_change, perfdash_change_ref, perfdash_change_unref)

G_DEFINE_ENUM_TYPE(PerfdashChangeState,
		   perfdash_change_state,
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_NEW, "new"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_ACKNOWLEDGED, "acknowledged"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_IGNORED, "ignored"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_FIXED, "fixed"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_HISTORIC, "historic"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_WITHDRAWN, "withdrawn"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_UNSURE, "unsure"))

/* of what is called a change, one in twenty may be none */
#define SURE 0.05

static const char *const states[] =
	{"new", "acknowledged", "ignored", "fixed", "historic", "withdrawn", "unsure"};

/**
 * perfdash_change_state_to_string:
 * @state: a state
 *
 * Returns: (transfer none): `new`, `acknowledged`, `ignored`, `fixed`, `historic`,
 *   `withdrawn` or `unsure`
 *
 * Since: 0.1
 */
const char *
perfdash_change_state_to_string(PerfdashChangeState state)
{
	g_return_val_if_fail((guint)state < G_N_ELEMENTS(states), NULL);
	return states[state];
}

/**
 * perfdash_change_state_from_string:
 * @text: a text
 * @state: (out): the state it names
 *
 * Returns: whether it names one
 *
 * Since: 0.1
 */
gboolean
perfdash_change_state_from_string(const char *text, PerfdashChangeState *state)
{
	g_return_val_if_fail(text != NULL && state != NULL, FALSE);
	for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
		if (g_str_equal(states[i], text)) {
			*state = i;
			return TRUE;
		}
	}
	return FALSE;
}

double *
perfdash_change_point_get_nth(PerfdashChangePoint *point, guint i)
{
	double *const numbers[PERFDASH_N_ESTIMATES] = {
		&point->before.value,
		&point->before.low,
		&point->before.high,
		&point->after.value,
		&point->after.low,
		&point->after.high,
		&point->change.value,
		&point->change.low,
		&point->change.high,
		&point->effect,
		&point->p,
	};
	return numbers[i];
}

gboolean
perfdash_change_point_equal(PerfdashChangePoint *a, PerfdashChangePoint *b)
{
	for (guint i = 0; i < PERFDASH_N_ESTIMATES; i++) {
		double one = *perfdash_change_point_get_nth(a, i);
		double other = *perfdash_change_point_get_nth(b, i);
		if (one != other && !(isnan(one) && isnan(other)))
			return FALSE;
	}
	return a->index == b->index && a->first == b->first && a->last == b->last &&
	       a->kind == b->kind && a->n_outliers == b->n_outliers;
}

void
perfdash_change_set_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text != NULL ? text : "");
}

gint64
perfdash_change_find_day(gint64 time)
{
	gint64 rest = time % G_TIME_SPAN_DAY;
	return time - rest - (rest < 0 ? G_TIME_SPAN_DAY : 0);
}

PerfdashChange *
perfdash_change_new(PerfdashSeriesInfo *info)
{
	PerfdashChange *self = g_new0(PerfdashChange, 1);
	char **const texts[] = {&self->build,
				&self->revision,
				&self->previous_build,
				&self->previous_revision,
				&self->reason,
				&self->owner,
				&self->note,
				&self->link};
	g_atomic_ref_count_init(&self->refs);
	self->info = perfdash_series_info_ref(info);
	self->p_adjusted = NAN;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		*texts[i] = g_strdup("");
	return self;
}

void
perfdash_change_set_place(PerfdashChange *self, PerfdashSeries *series, gsize index)
{
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	gsize previous = index > 0 ? index - 1 : 0;
	self->run = runs[index];
	self->time = times[index];
	self->previous_run = runs[previous];
	/* no range is empty, when runs begin at the same time or there is none before */
	self->from_time = MIN(times[previous], times[index] - 1);
	self->to_time = times[index];
	perfdash_change_set_text(&self->build, perfdash_series_get_build(series, index));
	perfdash_change_set_text(&self->revision, perfdash_series_get_revision(series, index));
	perfdash_change_set_text(&self->previous_build,
				 perfdash_series_get_build(series, previous));
	perfdash_change_set_text(&self->previous_revision,
				 perfdash_series_get_revision(series, previous));
}

/**
 * perfdash_change_ref:
 * @self: a change
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashChange *
perfdash_change_ref(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_change_unref:
 * @self: (transfer full): a change
 *
 * Since: 0.1
 */
void
perfdash_change_unref(PerfdashChange *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	perfdash_series_info_unref(self->info);
	g_clear_pointer(&self->point, perfdash_change_point_unref);
	g_free(self->build);
	g_free(self->revision);
	g_free(self->previous_build);
	g_free(self->previous_revision);
	g_free(self->reason);
	g_free(self->owner);
	g_free(self->note);
	g_free(self->link);
	g_free(self);
}

/**
 * perfdash_change_get_id:
 * @self: a change
 *
 * Returns: a number that no other change of the store has or will have
 *
 * Since: 0.1
 */
gint64
perfdash_change_get_id(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->id;
}

/**
 * perfdash_change_get_info:
 * @self: a change
 *
 * Returns: (transfer none): what its series is of
 *
 * Since: 0.1
 */
PerfdashSeriesInfo *
perfdash_change_get_info(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->info;
}

/**
 * perfdash_change_get_point:
 * @self: a change
 *
 * Returns: (transfer none): how large and how sure it is; its places are those that the series had
 *   when it was analysed
 *
 * Since: 0.1
 */
PerfdashChangePoint *
perfdash_change_get_point(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->point;
}

/**
 * perfdash_change_get_run:
 * @self: a change
 *
 * Returns: the id of the first run of the new level: as it was found, or as a person chose
 *
 * Since: 0.1
 */
gint64
perfdash_change_get_run(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->run;
}

/**
 * perfdash_change_get_previous_run:
 * @self: a change
 *
 * Returns: the id of the run before that
 *
 * Since: 0.1
 */
gint64
perfdash_change_get_previous_run(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->previous_run;
}

/**
 * perfdash_change_get_run_range:
 * @self: a change
 * @first: (out): the first run that may be the first of the new level
 * @last: (out): the last one
 *
 * Since: 0.1
 */
void
perfdash_change_get_run_range(PerfdashChange *self, gint64 *first, gint64 *last)
{
	g_return_if_fail(self != NULL);
	*first = self->first_run;
	*last = self->last_run;
}

/**
 * perfdash_change_get_time_range:
 * @self: a change
 * @from: (out): what made it came after this, in microseconds since 1970 UTC
 * @to: (out): and up to this
 *
 * A range from the start of the run before the first one that may be the first of the new level, to
 * that of the last one.
 *
 * Since: 0.1
 */
void
perfdash_change_get_time_range(PerfdashChange *self, gint64 *from, gint64 *to)
{
	g_return_if_fail(self != NULL);
	*from = self->from_time;
	*to = self->to_time;
}

/**
 * perfdash_change_get_time:
 * @self: a change
 *
 * Returns: when the first run of the new level started, in microseconds since 1970 UTC
 *
 * Since: 0.1
 */
gint64
perfdash_change_get_time(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->time;
}

/**
 * perfdash_change_get_build:
 * @self: a change
 * @previous: (out) (optional) (transfer none): the build of the run before, or ""
 *
 * Returns: (transfer none): the build of the first run of the new level, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_change_get_build(PerfdashChange *self, const char **previous)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (previous != NULL)
		*previous = self->previous_build;
	return self->build;
}

/**
 * perfdash_change_get_revision:
 * @self: a change
 * @previous: (out) (optional) (transfer none): the revision of the run before, or ""
 *
 * Returns: (transfer none): the revision of the first run of the new level, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_change_get_revision(PerfdashChange *self, const char **previous)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (previous != NULL)
		*previous = self->previous_revision;
	return self->revision;
}

/**
 * perfdash_change_is_without_code:
 * @self: a change
 *
 * Returns: whether the run before and the first run of the new level tested the same revision, so
 *   that it is the machine or what is around it that changed
 *
 * Since: 0.1
 */
gboolean
perfdash_change_is_without_code(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, FALSE);
	return *self->revision != '\0' && g_str_equal(self->revision, self->previous_revision);
}

/**
 * perfdash_change_get_p_adjusted:
 * @self: a change
 *
 * Among 10,000 series without change some look changed every day. The p of a change is so adjusted
 * to all series that got results on the day, in UTC, of its run, that of the changes up to 0.05 one
 * in twenty is expected to be none (Y. Benjamini and Y. Hochberg, "Controlling the false discovery
 * rate", Journal of the Royal Statistical Society B 57, 1995).
 *
 * Returns: the adjusted p, or NaN when no change of its day waits to be looked at
 *
 * Since: 0.1
 */
double
perfdash_change_get_p_adjusted(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->p_adjusted;
}

/**
 * perfdash_change_get_detected_at:
 * @self: a change
 *
 * Returns: when it was found first, in microseconds since 1970 UTC
 *
 * Since: 0.1
 */
gint64
perfdash_change_get_detected_at(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->detected_at;
}

/**
 * perfdash_change_get_detector:
 * @self: a change
 *
 * Returns: the version of the analysis that found it last
 *
 * Since: 0.1
 */
guint
perfdash_change_get_detector(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->detector;
}

/**
 * perfdash_change_get_state:
 * @self: a change
 *
 * What a person ignored stays ignored; a regression is fixed by itself when at least three quarters
 * of the step are undone by what follows it. What nobody touched and has an adjusted p above 0.05
 * is unsure, and gets new by itself when more results speak for it.
 *
 * Returns: where it stands
 *
 * Since: 0.1
 */
PerfdashChangeState
perfdash_change_get_state(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_CHANGE_STATE_NEW);
	if (!self->is_found && !self->is_moved)
		return PERFDASH_CHANGE_STATE_WITHDRAWN;
	if (self->state == PERFDASH_CHANGE_STATE_NEW && !self->is_touched &&
	    self->p_adjusted > SURE)
		return PERFDASH_CHANGE_STATE_UNSURE;
	if (self->fixed_run != 0 && (self->state == PERFDASH_CHANGE_STATE_NEW ||
				     self->state == PERFDASH_CHANGE_STATE_ACKNOWLEDGED))
		return PERFDASH_CHANGE_STATE_FIXED;
	return self->state;
}

/**
 * perfdash_change_get_reason:
 * @self: a change
 *
 * Returns: (transfer none): why it is ignored, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_change_get_reason(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->reason;
}

/**
 * perfdash_change_get_owner:
 * @self: a change
 *
 * Returns: (transfer none): who looks after it, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_change_get_owner(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->owner;
}

/**
 * perfdash_change_get_note:
 * @self: a change
 *
 * Returns: (transfer none): what somebody wrote about it, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_change_get_note(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->note;
}

/**
 * perfdash_change_get_link:
 * @self: a change
 *
 * Returns: (transfer none): where more is said, an address, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_change_get_link(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->link;
}

/**
 * perfdash_change_is_moved:
 * @self: a change
 *
 * Returns: whether a person chose its run
 *
 * Since: 0.1
 */
gboolean
perfdash_change_is_moved(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, FALSE);
	return self->is_moved;
}

/**
 * perfdash_change_is_control:
 * @self: a change
 *
 * Returns: whether it is of a control series, which code cannot move: neither a regression nor an
 *   improvement, but evidence (see perfdash_store_set_controls())
 *
 * Since: 0.1
 */
gboolean
perfdash_change_is_control(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, FALSE);
	return self->is_control;
}

/**
 * perfdash_change_get_fixed_run:
 * @self: a change
 *
 * Returns: the id of the run from which on the level is back, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_change_get_fixed_run(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->fixed_run;
}
