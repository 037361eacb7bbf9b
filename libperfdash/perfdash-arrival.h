/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-archive.h"
#include "perfdash-parse-result.h"
#include "perfdash-store.h"
#include "perfdash-succession.h"

G_BEGIN_DECLS

/* a log that comes at a place where another one may lie */
typedef struct {
	PerfdashLog *log;
	PerfdashOrigin *origin;
	PerfdashLogRecord *former; /* nullable: what lies there */
	gboolean is_late; /* it was kept before that one came, and could not be stored then */
	PerfdashSuccession succession;
} PerfdashArrival;

/* looks what lies at the place, if the source has places; FALSE with an error */
gboolean
perfdash_arrival_begin(PerfdashArrival *self,
		       PerfdashLog *log,
		       PerfdashOrigin *origin,
		       PerfdashStore *store,
		       GError **error);
void
perfdash_arrival_clear(PerfdashArrival *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashArrival, perfdash_arrival_clear)
/* what it is to the former log, or that to it; seen is nullable: what is stored of it, when it was
 * here before; read are its runs as it says them, parsed has them completed. FALSE with an error */
gboolean
perfdash_arrival_judge(PerfdashArrival *self,
		       PerfdashStore *store,
		       PerfdashArchive *archive,
		       PerfdashLogRecord *seen,
		       GPtrArray *read,
		       PerfdashParseResult *parsed,
		       GError **error);
/* stores what was read from it */
PerfdashLogRecord *
perfdash_arrival_store(PerfdashArrival *self,
		       PerfdashStore *store,
		       PerfdashParseResult *parsed,
		       GError **error);
/* it is here already, and lies there now, unless it is resumed */
PerfdashLogRecord *
perfdash_arrival_recognise(PerfdashArrival *self,
			   PerfdashStore *store,
			   PerfdashLogRecord *seen,
			   GError **error);

G_END_DECLS
