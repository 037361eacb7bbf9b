/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which labs are silent. A lab may be one of many in a source, or push what it has, so its habit is
 * learned from the starts of its runs, wherever they came from; those of the last 90 days, so that
 * a lab that is no more is forgotten. The list is made when somebody asks for it: when the store
 * has changed, at most every few seconds, as an import changes it all the time. */

#include "pdd-labs.h"

#include "pdd-cadence.h"

#define REACH    (90 * G_TIME_SPAN_DAY)
#define SHORTEST (5 * G_TIME_SPAN_SECOND) /* that a list holds, whatever happens */
#define LONGEST  G_TIME_SPAN_MINUTE       /* though nothing happens: time passes */

struct _PddLabs {
	PerfdashStore *store;
	GMutex lock;     /* of what follows */
	GPtrArray *list; /* nullable: of PddLab, by name */
	guint64 generation;
	gint64 made_at; /* monotonic */
};

PddLabs *
pdd_labs_new(PerfdashStore *store)
{
	PddLabs *self = g_new0(PddLabs, 1);
	self->store = g_object_ref(store);
	g_mutex_init(&self->lock);
	return self;
}

void
pdd_labs_free(PddLabs *self)
{
	g_clear_pointer(&self->list, g_ptr_array_unref);
	g_object_unref(self->store);
	g_mutex_clear(&self->lock);
	g_free(self);
}

static void
lab_free(gpointer data)
{
	PddLab *self = data;
	perfdash_lab_unref(self->lab);
	g_free(self);
}

static PddLab *
lab_new(PerfdashLab *lab)
{
	g_autoptr(PddCadence) cadence = pdd_cadence_new(0, 0, 0);
	PddLab *self = g_new0(PddLab, 1);
	gint64 now = g_get_real_time();
	gsize n;
	const gint64 *starts = perfdash_lab_get_starts(lab, &n);
	for (gsize i = n; i > 0; i--)
		pdd_cadence_add_arrival(cadence, starts[i - 1]);
	pdd_cadence_add_poll(cadence, now);
	self->lab = perfdash_lab_ref(lab);
	self->usual = pdd_cadence_get_usual(cadence);
	self->last_result = pdd_cadence_get_last(cadence);
	self->intervals = pdd_cadence_count_intervals(cadence, now);
	self->is_silent = pdd_cadence_is_silent(cadence, now);
	return self;
}

/* of PddLab, by name; NULL when the store cannot be read */
GPtrArray *
pdd_labs_ref_list(PddLabs *self, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	guint64 generation = perfdash_store_get_generation(self->store);
	gint64 now = g_get_monotonic_time();
	GTimeSpan age = now - self->made_at;
	if (self->list != NULL &&
	    (age < SHORTEST || (age < LONGEST && generation == self->generation)))
		return g_ptr_array_ref(self->list);
	g_autoptr(GPtrArray)
		labs = perfdash_store_list_labs(self->store, g_get_real_time() - REACH, error);
	if (labs == NULL)
		return NULL;
	g_clear_pointer(&self->list, g_ptr_array_unref);
	self->list = g_ptr_array_new_with_free_func(lab_free);
	for (guint i = 0; i < labs->len; i++)
		g_ptr_array_add(self->list, lab_new(g_ptr_array_index(labs, i)));
	self->generation = generation;
	self->made_at = now;
	return g_ptr_array_ref(self->list);
}
