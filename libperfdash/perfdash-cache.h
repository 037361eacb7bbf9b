/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashCacheStats:
 * @hits: look-ups that found their entry
 * @misses: look-ups that did not
 * @evictions: entries dropped to stay in bounds
 * @entries: entries held
 * @bytes: bytes held
 * @max_bytes: bytes the cache may hold
 *
 * How a cache has done.
 *
 * Since: 0.1
 */
typedef struct {
	guint64 hits;
	guint64 misses;
	guint64 evictions;
	guint64 entries;
	guint64 bytes;
	guint64 max_bytes;
} PerfdashCacheStats;

#define PERFDASH_TYPE_CACHE (perfdash_cache_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashCache, perfdash_cache, PERFDASH, CACHE, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashCache *
perfdash_cache_new(GType value_type, gsize max_bytes);
PERFDASH_AVAILABLE_IN_0_1
gpointer
perfdash_cache_lookup(PerfdashCache *self, const char *key, guint64 version);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_cache_insert(PerfdashCache *self,
		      const char *key,
		      guint64 version,
		      gpointer value,
		      gsize size);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_cache_clear(PerfdashCache *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_cache_get_stats(PerfdashCache *self, PerfdashCacheStats *stats);

G_END_DECLS
