/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <perfdash.h>

G_BEGIN_DECLS

typedef enum {
	PDD_INDEX_ITEMS,          /* the list of items; "": the answer itself */
	PDD_INDEX_ITEM_NAME,      /* of the file */
	PDD_INDEX_ITEM_LINK,      /* without it the name is the link */
	PDD_INDEX_ITEM_TIME,      /* a date, or seconds or milliseconds since 1970 UTC */
	PDD_INDEX_ITEM_SIZE,      /* in bytes */
	PDD_INDEX_ITEM_DIGEST,    /* any text that changes with the file */
	PDD_INDEX_ITEM_DIRECTORY, /* MEMBER=VALUE: an item that is an index of its own */
	PDD_INDEX_ITEM_BODY,      /* the log itself; without it the log is behind the link */
	PDD_INDEX_NEXT,           /* of the answer: the next page */
	PDD_INDEX_NEXT_ITEM,      /* likewise, of the last item */
	PDD_INDEX_NEXT_TO, /* the parameter, or member of request, it goes to; without it it is a
			      link */
	PDD_INDEX_REQUEST, /* a JSON object to post; without it the index is got */
	PDD_INDEX_N_KEYS,
} PddIndexKey;

/* what the index of a data store looks like: paths to members, such as hits.hits, each nullable */
typedef struct {
	char *paths[PDD_INDEX_N_KEYS];
} PddIndexShape;

extern const char *const pdd_index_keys[PDD_INDEX_N_KEYS];

PddIndexShape *
pdd_index_shape_new(void);
gboolean
pdd_index_shape_set_preset(PddIndexShape *self, const char *preset, GError **error);
gboolean
pdd_index_shape_check(PddIndexShape *self, GError **error);
void
pdd_index_shape_free(PddIndexShape *self);

/* what an index says of one item */
typedef struct {
	char *name;
	char *link;
	gint64 time;  /* microseconds since 1970 UTC, 0: it does not say */
	guint64 size; /* 0: likewise */
	char *digest; /* nullable */
	GBytes *body; /* nullable */
	gboolean is_directory;
} PddIndexEntry;

GPtrArray *
pdd_index_shape_read(PddIndexShape *self, JsonNode *answer, char **next, GError **error);
char *
pdd_index_shape_build_request(PddIndexShape *self, const char *next);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddIndexShape, pdd_index_shape_free)

G_END_DECLS
