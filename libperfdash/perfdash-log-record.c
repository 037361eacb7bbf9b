/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-log-record-private.h"

G_DEFINE_FINAL_TYPE(PerfdashLogRecord, perfdash_log_record, G_TYPE_OBJECT)

/**
 * perfdash_log_record_get_id:
 * @self: a #PerfdashLogRecord
 *
 * Returns: the id the store gave the log
 *
 * Since: 0.1
 */
gint64
perfdash_log_record_get_id(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), 0);
	return self->id;
}

/**
 * perfdash_log_record_get_digest:
 * @self: a #PerfdashLogRecord
 *
 * Returns: the SHA-256 of the log in hexadecimal
 *
 * Since: 0.1
 */
const char *
perfdash_log_record_get_digest(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->digest;
}

/**
 * perfdash_log_record_get_origin:
 * @self: a #PerfdashLogRecord
 *
 * Returns: perfdash_origin_get_digest() of where it came from, which tells it from other logs with
 * the same bytes; "" when it was stored by a perfdash that did not
 *
 * Since: 0.1
 */
const char *
perfdash_log_record_get_origin(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->origin;
}

/**
 * perfdash_log_record_dup_identity:
 * @self: a #PerfdashLogRecord
 *
 * Returns: (transfer full): what the log is known by, as perfdash_origin_identify() gives it
 *
 * Since: 0.1
 */
char *
perfdash_log_record_dup_identity(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return g_strconcat(self->digest, *self->origin != '\0' ? "-" : NULL, self->origin, NULL);
}

/**
 * perfdash_log_record_get_name:
 * @self: a #PerfdashLogRecord
 *
 * Returns: its file name, without directory
 *
 * Since: 0.1
 */
const char *
perfdash_log_record_get_name(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->name;
}

/**
 * perfdash_log_record_get_size:
 * @self: a #PerfdashLogRecord
 *
 * Returns: its size in bytes
 *
 * Since: 0.1
 */
guint64
perfdash_log_record_get_size(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), 0);
	return self->size;
}

/**
 * perfdash_log_record_get_received_at:
 * @self: a #PerfdashLogRecord
 *
 * Returns: when it was accepted, in microseconds since 1970 UTC
 *
 * Since: 0.1
 */
gint64
perfdash_log_record_get_received_at(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), 0);
	return self->received_at;
}

/**
 * perfdash_log_record_get_source:
 * @self: a #PerfdashLogRecord
 *
 * Returns: where it came from: the name of a source, `push` or `ingest`
 *
 * Since: 0.1
 */
const char *
perfdash_log_record_get_source(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->source;
}

/**
 * perfdash_log_record_get_outcome:
 * @self: a #PerfdashLogRecord
 *
 * Returns: how reading it ended
 *
 * Since: 0.1
 */
PerfdashOutcome
perfdash_log_record_get_outcome(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), PERFDASH_OUTCOME_FAILED);
	return self->outcome;
}

/**
 * perfdash_log_record_get_parser:
 * @self: a #PerfdashLogRecord
 *
 * Returns: the parser that read it, or "" when none claimed it
 *
 * Since: 0.1
 */
const char *
perfdash_log_record_get_parser(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->parser;
}

/**
 * perfdash_log_record_get_parser_version:
 * @self: a #PerfdashLogRecord
 *
 * Returns: the version of that parser, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_log_record_get_parser_version(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->parser_version;
}

/**
 * perfdash_log_record_get_error:
 * @self: a #PerfdashLogRecord
 *
 * Returns: (transfer none) (nullable): why it could not be read, or %NULL
 *
 * Since: 0.1
 */
const GError *
perfdash_log_record_get_error(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->error;
}

/**
 * perfdash_log_record_get_warnings:
 * @self: a #PerfdashLogRecord
 *
 * Returns: (transfer none) (array zero-terminated=1): what the parser wants people to know
 *
 * Since: 0.1
 */
const char *const *
perfdash_log_record_get_warnings(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return (const char *const *)self->warnings;
}

/**
 * perfdash_log_record_get_removed_at:
 * @self: a #PerfdashLogRecord
 *
 * Returns: when its bytes were removed from the archive, in microseconds since 1970 UTC, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_log_record_get_removed_at(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), 0);
	return self->removed_at;
}

/**
 * perfdash_log_record_get_removed_reason:
 * @self: a #PerfdashLogRecord
 *
 * Returns: (nullable): why they were, for people
 *
 * Since: 0.1
 */
const char *
perfdash_log_record_get_removed_reason(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	return self->removed_reason;
}

/**
 * perfdash_log_record_get_replaced_by:
 * @self: a #PerfdashLogRecord
 *
 * A file that is written again, or grows, is another log, which takes the place of this one: its
 * runs are now those of that log, save those that the new one does not have and does not replace.
 * One that has no results does not take a place: it is replaced by the log that lies there.
 *
 * Returns: the id of the log that took its place, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_log_record_get_replaced_by(PerfdashLogRecord *self)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), 0);
	return self->replaced_by;
}

/**
 * perfdash_log_record_get_runs:
 * @self: a #PerfdashLogRecord
 * @n_runs: (out): how many
 *
 * Returns: (array length=n_runs) (transfer none) (nullable): the ids of the runs read from the log
 *
 * Since: 0.1
 */
const gint64 *
perfdash_log_record_get_runs(PerfdashLogRecord *self, gsize *n_runs)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(self), NULL);
	*n_runs = self->runs->len;
	return (const gint64 *)self->runs->data;
}

static void
perfdash_log_record_finalize(GObject *object)
{
	PerfdashLogRecord *self = PERFDASH_LOG_RECORD(object);
	g_free(self->digest);
	g_free(self->origin);
	g_free(self->name);
	g_free(self->source);
	g_free(self->parser);
	g_free(self->parser_version);
	g_free(self->removed_reason);
	g_clear_error(&self->error);
	g_strfreev(self->warnings);
	g_array_unref(self->runs);
	G_OBJECT_CLASS(perfdash_log_record_parent_class)->finalize(object);
}

static void
perfdash_log_record_class_init(PerfdashLogRecordClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_log_record_finalize;
}

static void
perfdash_log_record_init(PerfdashLogRecord *self)
{
	self->runs = g_array_new(FALSE, FALSE, sizeof(gint64));
}

/* only for stores, which complete the record before anybody else sees it */
PerfdashLogRecord *
perfdash_log_record_new_empty(void)
{
	return g_object_new(PERFDASH_TYPE_LOG_RECORD, NULL);
}
