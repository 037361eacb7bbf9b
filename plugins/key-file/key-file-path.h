/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "key-file-text.h"

G_BEGIN_DECLS

/* a way from one value of a JSON document to others: a subset of JSONPath, and ^ for the object
 * around, which JSONPath has not */
typedef struct _KeyFilePath KeyFilePath;

/* a value on the way from the root to an item */
typedef struct {
	JsonNode *node;
	const char *name; /* of the member that it is, or NULL */
	guint index;      /* of the element that it is */
} KeyFileStep;

/* a path to items begins with $ and may have [*] and .*; NULL with PERFDASH_ERROR_BLOCKED */
KeyFilePath *
key_file_path_new(const char *text,
		  gboolean is_of_items,
		  const KeyFilePlace *place,
		  GError **error);
void
key_file_path_free(KeyFilePath *self);
/* the last member that it names, or NULL */
const char *
key_file_path_get_member(const KeyFilePath *self);

/* steps is a GArray of KeyFileStep, from the root to the item, valid during the call */
typedef void (*KeyFileVisit)(GArray *steps, gpointer data);
void
key_file_path_visit(const KeyFilePath *self, JsonNode *root, KeyFileVisit visit, gpointer data);
/* what the path leads to from an item, as text; NULL when that is not there or no simple value */
char *
key_file_path_get(const KeyFilePath *self, GArray *steps);

G_END_DECLS
