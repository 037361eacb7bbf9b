/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-log.h>
#include <perfdash-run.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_ORIGIN (perfdash_origin_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashOrigin, perfdash_origin, PERFDASH, ORIGIN, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashOrigin *
perfdash_origin_new(const char *source,
		    const char *parser,
		    PerfdashRun *facts,
		    const char *place,
		    const char *url,
		    gint64 written_at,
		    GError **error);

PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_origin_get_source(PerfdashOrigin *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_origin_get_parser(PerfdashOrigin *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashRun *
perfdash_origin_get_facts(PerfdashOrigin *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashRun *
perfdash_origin_get_defaults(PerfdashOrigin *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_origin_get_place(PerfdashOrigin *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_origin_get_written_at(PerfdashOrigin *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_origin_get_digest(PerfdashOrigin *self);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_origin_identify(PerfdashOrigin *self, PerfdashLog *log);

G_END_DECLS
