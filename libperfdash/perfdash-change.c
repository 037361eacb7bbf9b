/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-change-private.h"

#include <math.h>
#include <string.h>

#include "perfdash-unit.h"

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
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_STATE_WITHDRAWN, "withdrawn"))

static const char *const states[] =
	{"new", "acknowledged", "ignored", "fixed", "historic", "withdrawn"};

/**
 * perfdash_change_state_to_string:
 * @state: a state
 *
 * Returns: (transfer none): `new`, `acknowledged`, `ignored`, `fixed`, `historic` or `withdrawn`
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
 * of the step are undone by what follows it.
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

static const char *
get_label(PerfdashChange *self, const char *key)
{
	const char *value = perfdash_labels_get(perfdash_series_info_get_labels(self->info), key);
	return value != NULL ? value : "";
}

/* such as "12.3 % worse (10.1 % to 14.6 %)" */
static void
append_size(GString *text, const PerfdashChangePoint *point)
{
	static const char *const ways[3][2] = {
		{"lower", "higher"},
		{"lower, which is worse", "higher, which is worse"},
		{"lower, which is better", "higher, which is better"}};
	gboolean up = point->after.value > point->before.value;
	const char *way = ways[point->kind][up];
	if (isnan(point->change.value)) {
		g_string_append(text, way);
		return;
	}
	double low = MIN(fabs(point->change.low), fabs(point->change.high));
	double high = MAX(fabs(point->change.low), fabs(point->change.high));
	g_string_append_printf(text,
			       "%.1f %% %s (%.1f to %.1f %%)",
			       fabs(point->change.value) * 100,
			       way,
			       low * 100,
			       high * 100);
}

/* such as "GET /cart latency p99 (checkout, dfw, main)" */
static void
append_place(GString *text, PerfdashChange *self)
{
	static const char *const keys[] = {"suite", "lab", "branch"};
	g_autoptr(GPtrArray) where = g_ptr_array_new();
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (*get_label(self, keys[i]) != '\0')
			g_ptr_array_add(where, (char *)get_label(self, keys[i]));
	}
	g_ptr_array_add(where, NULL);
	g_autofree char *joined = g_strjoinv(", ", (GStrv)where->pdata);
	const char *stat = get_label(self, "stat");
	g_string_append_printf(text,
			       "%s %s",
			       get_label(self, "benchmark"),
			       get_label(self, "metric"));
	if (*stat != '\0')
		g_string_append_printf(text, " %s", stat);
	if (*joined != '\0')
		g_string_append_printf(text, " (%s)", joined);
}

/**
 * perfdash_change_describe:
 * @self: a change
 *
 * Returns: (transfer full): a sentence: what changed where, by how much, between which builds or
 *   revisions, when, and how sure that is
 *
 * Since: 0.1
 */
char *
perfdash_change_describe(PerfdashChange *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	GString *text = g_string_new(NULL);
	const char *unit = perfdash_series_info_get_unit(self->info);
	g_autofree char *before = perfdash_unit_format(unit, self->point->before.value);
	g_autofree char *after = perfdash_unit_format(unit, self->point->after.value);
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(self->time / G_USEC_PER_SEC);
	g_autofree char *day = g_date_time_format(time, "%Y-%m-%d");
	append_place(text, self);
	g_string_append(text, " is ");
	append_size(text, self->point);
	g_string_append_printf(text, ", %s to %s,", before, after);
	if (*self->build != '\0')
		g_string_append_printf(text, " since build %s", self->build);
	else
		g_string_append_printf(text, " since run %" G_GINT64_FORMAT, self->run);
	if (*self->revision != '\0' && *self->previous_revision != '\0')
		g_string_append_printf(text,
				       " (%.12s..%.12s)",
				       self->previous_revision,
				       self->revision);
	g_string_append_printf(text,
			       " of %s: %s",
			       day,
			       perfdash_change_point_get_confidence(self->point));
	return g_string_free(text, FALSE);
}
