/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PERFDASH_JSON_MAX_DEPTH:
 *
 * The deepest nesting accepted in JSON from outside.
 */
#define PERFDASH_JSON_MAX_DEPTH 64

PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_json_check_depth(GBytes *json, guint max_depth, GError **error);

#define PERFDASH_TYPE_JSON_WRITER (perfdash_json_writer_get_type())

typedef struct _PerfdashJsonWriter PerfdashJsonWriter;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_json_writer_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashJsonWriter *
perfdash_json_writer_new(void);
PERFDASH_AVAILABLE_IN_0_1
PerfdashJsonWriter *
perfdash_json_writer_ref(PerfdashJsonWriter *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_unref(PerfdashJsonWriter *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_begin_object(PerfdashJsonWriter *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_end_object(PerfdashJsonWriter *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_begin_array(PerfdashJsonWriter *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_end_array(PerfdashJsonWriter *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_name(PerfdashJsonWriter *self, const char *name);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_string(PerfdashJsonWriter *self, const char *value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_int(PerfdashJsonWriter *self, gint64 value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_double(PerfdashJsonWriter *self, double value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_boolean(PerfdashJsonWriter *self, gboolean value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_null(PerfdashJsonWriter *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_time(PerfdashJsonWriter *self, gint64 microseconds);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_json_writer_raw(PerfdashJsonWriter *self, const char *text, gsize size);
PERFDASH_AVAILABLE_IN_0_1
GBytes *
perfdash_json_writer_end(PerfdashJsonWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashJsonWriter, perfdash_json_writer_unref)

G_END_DECLS
