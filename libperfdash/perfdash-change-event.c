/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-change-event-private.h"

struct _PerfdashChangeEvent {
	gatomicrefcount refs;
	gint64 time;
	char *who;
	char *what;
	char *value;
};

/**
 * PerfdashChangeEvent:
 *
 * Something that happened to a change, or to a run: who did what, and when.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE(PerfdashChangeEvent,
		    perfdash_change_event,
		    perfdash_change_event_ref,
		    perfdash_change_event_unref)

PerfdashChangeEvent *
perfdash_change_event_new(gint64 time, const char *who, const char *what, const char *value)
{
	PerfdashChangeEvent *self = g_new0(PerfdashChangeEvent, 1);
	g_atomic_ref_count_init(&self->refs);
	self->time = time;
	self->who = g_strdup(who);
	self->what = g_strdup(what);
	self->value = g_strdup(value);
	return self;
}

/**
 * perfdash_change_event_ref:
 * @self: an event
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashChangeEvent *
perfdash_change_event_ref(PerfdashChangeEvent *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_change_event_unref:
 * @self: (transfer full): an event
 *
 * Since: 0.1
 */
void
perfdash_change_event_unref(PerfdashChangeEvent *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->who);
	g_free(self->what);
	g_free(self->value);
	g_free(self);
}

/**
 * perfdash_change_event_get_time:
 * @self: an event
 *
 * Returns: when it happened, in microseconds since 1970 UTC
 *
 * Since: 0.1
 */
gint64
perfdash_change_event_get_time(PerfdashChangeEvent *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->time;
}

/**
 * perfdash_change_event_get_who:
 * @self: an event
 *
 * Returns: (transfer none): who did it, or "" of the analysis
 *
 * Since: 0.1
 */
const char *
perfdash_change_event_get_who(PerfdashChangeEvent *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->who;
}

/**
 * perfdash_change_event_get_what:
 * @self: an event
 *
 * Returns: (transfer none): `found`, `moved`, `withdrawn`, `found again`, `fixed`, `not fixed`, or
 * the field that was set: `state`, `reason`, `owner`, `note`, `link`, `run`
 *
 * Since: 0.1
 */
const char *
perfdash_change_event_get_what(PerfdashChangeEvent *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->what;
}

/**
 * perfdash_change_event_get_value:
 * @self: an event
 *
 * Returns: (transfer none): what the field is now, or the id of the run it is about
 *
 * Since: 0.1
 */
const char *
perfdash_change_event_get_value(PerfdashChangeEvent *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->value;
}
