/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-error.h>
#include <perfdash-outcome.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_LOG_RECORD (perfdash_log_record_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashLogRecord, perfdash_log_record, PERFDASH, LOG_RECORD, GObject)

PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_log_record_get_id(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_record_get_digest(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_record_get_origin(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_log_record_dup_identity(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_record_get_name(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
guint64
perfdash_log_record_get_size(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_log_record_get_received_at(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_record_get_source(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashOutcome
perfdash_log_record_get_outcome(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_record_get_parser(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_record_get_parser_version(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const GError *
perfdash_log_record_get_error(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *const *
perfdash_log_record_get_warnings(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_log_record_get_removed_at(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_record_get_removed_reason(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_log_record_get_replaced_by(PerfdashLogRecord *self);
PERFDASH_AVAILABLE_IN_0_1
const gint64 *
perfdash_log_record_get_runs(PerfdashLogRecord *self, gsize *n_runs);

G_END_DECLS
