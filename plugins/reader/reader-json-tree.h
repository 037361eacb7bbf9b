/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A parser that holds a document, an object or an array of which the depth was checked. NaN and
 * Infinity become null. lines is nullable, and takes the line that each JsonObject begins in, as
 * GUINT_TO_POINTER(). NULL when it is no JSON, without saying why */
JsonParser *
reader_json_tree_load(const char *text, gsize size, GHashTable *lines);

G_END_DECLS
