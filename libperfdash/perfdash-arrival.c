/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Brings a log to the place where its source found it, and what lies there out of the way. One that
 * was kept and could not be stored then is resumed later: when another one came to its place
 * meanwhile, that is the newer one and stays there. */

#include "perfdash-arrival.h"

#include "perfdash-error.h"
#include "perfdash-log-record-private.h"
#include "perfdash-origin-private.h"
#include "perfdash-parse-result-private.h"
#include "perfdash-store-private.h"

gboolean
perfdash_arrival_begin(PerfdashArrival *self,
		       PerfdashLog *log,
		       PerfdashOrigin *origin,
		       PerfdashStore *store,
		       GError **error)
{
	const char *place = perfdash_origin_get_place(origin);
	g_autoptr(GError) local = NULL;
	self->log = log;
	self->origin = origin;
	if (*place == '\0')
		return TRUE;
	self->former = PERFDASH_STORE_GET_CLASS(store)->find_log_at(
		store,
		perfdash_origin_get_source(origin),
		place,
		&local);
	self->is_late = self->former != NULL && perfdash_origin_get_arrived_at(origin) != 0 &&
			perfdash_origin_get_arrived_at(origin) < self->former->received_at;
	if (self->former != NULL ||
	    g_error_matches(local, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

void
perfdash_arrival_clear(PerfdashArrival *self)
{
	g_clear_object(&self->former);
}

static GPtrArray *
load_runs(PerfdashStore *store, PerfdashLogRecord *record, GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < record->runs->len; i++) {
		gint64 id = g_array_index(record->runs, gint64, i);
		PerfdashRun *run = perfdash_store_load_run(store, id, error);
		if (run == NULL)
			return NULL;
		g_ptr_array_add(runs, run);
	}
	return g_steal_pointer(&runs);
}

/* NULL when its bytes are not there */
static PerfdashLog *
open_former(PerfdashArrival *self, PerfdashArchive *archive)
{
	g_autoptr(GInputStream) stream = perfdash_archive_open(archive, self->former->digest, NULL);
	return stream != NULL ? perfdash_log_new_from_stream(self->former->name,
							     stream,
							     G_MAXUINT64,
							     NULL,
							     NULL)
			      : NULL;
}

static PerfdashSuccession
judge_file(PerfdashArrival *self, PerfdashArchive *archive)
{
	if (!self->is_late)
		return perfdash_succession_judge_file(self->former->size,
						      self->former->digest,
						      self->log,
						      self->origin);
	g_autoptr(PerfdashLog) newer = open_former(self, archive);
	return perfdash_succession_judge_file(perfdash_log_get_size(self->log),
					      perfdash_log_get_digest(self->log),
					      newer,
					      self->origin);
}

gboolean
perfdash_arrival_judge(PerfdashArrival *self,
		       PerfdashStore *store,
		       PerfdashArchive *archive,
		       PerfdashLogRecord *seen,
		       GPtrArray *read,
		       PerfdashParseResult *parsed,
		       GError **error)
{
	if (self->former == NULL)
		return TRUE;
	self->succession = judge_file(self, archive);
	if (self->succession != PERFDASH_SUCCESSION_NONE)
		return TRUE;
	g_autoptr(GPtrArray) runs = load_runs(store, self->former, error);
	if (runs == NULL)
		return FALSE;
	self->succession = perfdash_succession_judge_runs(runs,
							  read,
							  perfdash_parse_result_get_runs(parsed));
	/* a file that is set back to what it was before it grew */
	if (self->succession == PERFDASH_SUCCESSION_NONE && seen != NULL &&
	    seen->replaced_by == self->former->id)
		self->succession = PERFDASH_SUCCESSION_WHOLE;
	return TRUE;
}

/* a file that is begun again, cut or unreadable says nothing in the place of what it said */
static gboolean
says_nothing(PerfdashArrival *self, PerfdashParseResult *parsed)
{
	g_autoptr(GPtrArray) runs = perfdash_parse_result_list_records(parsed);
	return self->succession == PERFDASH_SUCCESSION_WHOLE && runs->len == 0 &&
	       self->former->runs->len > 0;
}

PerfdashLogRecord *
perfdash_arrival_store(PerfdashArrival *self,
		       PerfdashStore *store,
		       PerfdashParseResult *parsed,
		       GError **error)
{
	PerfdashStoreClass *klass = PERFDASH_STORE_GET_CLASS(store);
	if (self->succession == PERFDASH_SUCCESSION_NONE && !self->is_late)
		return perfdash_store_add_log(store, self->log, self->origin, parsed, error);
	gboolean is_former_left = self->is_late || says_nothing(self, parsed);
	return (is_former_left ? klass->precede_log : klass->succeed_log)(store,
									  self->former,
									  self->succession,
									  self->log,
									  self->origin,
									  parsed,
									  error);
}

PerfdashLogRecord *
perfdash_arrival_recognise(PerfdashArrival *self,
			   PerfdashStore *store,
			   PerfdashLogRecord *seen,
			   GError **error)
{
	gboolean has_place = *perfdash_origin_get_place(self->origin) != '\0' &&
			     perfdash_origin_get_arrived_at(self->origin) == 0;
	if (!has_place || (self->former != NULL && self->former->id == seen->id))
		return g_object_ref(seen);
	return PERFDASH_STORE_GET_CLASS(store)->place_log(store, seen, self->origin, error);
}
