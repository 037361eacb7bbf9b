/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What only a store can say of a run. */

#include "perfdash-run-private.h"

/**
 * perfdash_run_get_id:
 * @self: a #PerfdashRun
 *
 * Returns: the id the store gave the run, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_run_get_id(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), 0);
	return self->id;
}

/**
 * perfdash_run_get_log:
 * @self: a #PerfdashRun
 *
 * Returns: the id that the store gave the log the run was read from, or 0 while the run is not
 * stored
 *
 * Since: 0.1
 */
gint64
perfdash_run_get_log(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), 0);
	return self->log;
}

/**
 * perfdash_run_get_log_digest:
 * @self: a #PerfdashRun
 *
 * Returns: the SHA-256 of the log the run was read from, in hexadecimal, or "" while the run is not
 * stored
 *
 * Since: 0.1
 */
const char *
perfdash_run_get_log_digest(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->log_digest;
}

/**
 * perfdash_run_get_log_name:
 * @self: a #PerfdashRun
 *
 * Returns: the file name of the log the run was read from, or "" while the run is not stored
 *
 * Since: 0.1
 */
const char *
perfdash_run_get_log_name(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->log_name;
}

/**
 * perfdash_run_get_standing:
 * @self: a #PerfdashRun
 *
 * Returns: whether its results count, as the store said when the run was loaded
 *
 * Since: 0.1
 */
PerfdashStanding
perfdash_run_get_standing(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), PERFDASH_STANDING_SHOWN);
	return self->standing;
}

/**
 * perfdash_run_get_replaced_by:
 * @self: a #PerfdashRun
 *
 * Returns: the id of the run that took its place, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_run_get_replaced_by(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), 0);
	return self->replaced_by;
}

/**
 * perfdash_run_get_standing_event:
 * @self: a #PerfdashRun
 *
 * Returns: (transfer none) (nullable): who hid or replaced it, when, and as its value why; %NULL
 *   of a run that is shown
 *
 * Since: 0.1
 */
PerfdashChangeEvent *
perfdash_run_get_standing_event(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->standing_by;
}

void
perfdash_run_set_stored(PerfdashRun *self,
			gint64 id,
			gint64 log,
			const char *digest,
			const char *name)
{
	self->id = id;
	self->log = log;
	g_free(self->log_digest);
	self->log_digest = g_strdup(digest);
	g_free(self->log_name);
	self->log_name = g_strdup(name);
}
