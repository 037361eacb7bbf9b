/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-cache.h"

#include <gio/gio.h>

/* what an entry costs beside its value */
#define ENTRY_OVERHEAD 128

typedef struct {
	GList link; /* in recent; data is the entry */
	char *key;
	guint64 version;
	gpointer value;
	gsize size;
} Entry;

struct _PerfdashCache {
	GObject parent_instance;
	GType value_type;
	GMutex lock;         /* of all that follows */
	GHashTable *entries; /* key -> Entry */
	GQueue recent;       /* of Entry, most recently used first */
	PerfdashCacheStats stats;
};

G_DEFINE_FINAL_TYPE(PerfdashCache, perfdash_cache, G_TYPE_OBJECT)

static gpointer
value_ref(PerfdashCache *self, gpointer value)
{
	return G_TYPE_IS_BOXED(self->value_type) ? g_boxed_copy(self->value_type, value)
						 : g_object_ref(value);
}

static void
value_unref(PerfdashCache *self, gpointer value)
{
	if (G_TYPE_IS_BOXED(self->value_type))
		g_boxed_free(self->value_type, value);
	else
		g_object_unref(value);
}

static void
drop_entry(PerfdashCache *self, Entry *entry)
{
	g_hash_table_remove(self->entries, entry->key);
	g_queue_unlink(&self->recent, &entry->link);
	self->stats.bytes -= entry->size;
	value_unref(self, entry->value);
	g_free(entry->key);
	g_free(entry);
}

static void
drop_oldest(PerfdashCache *self)
{
	GList *link = g_queue_peek_tail_link(&self->recent);
	drop_entry(self, link->data);
	self->stats.evictions++;
}

/**
 * perfdash_cache_lookup: (skip)
 * @self: a #PerfdashCache
 * @key: what the value is of
 * @version: the version that is wanted; an entry of another version is dropped
 *
 * Returns: (transfer full) (nullable): the value, or %NULL
 *
 * Since: 0.1
 */
gpointer
perfdash_cache_lookup(PerfdashCache *self, const char *key, guint64 version)
{
	g_return_val_if_fail(PERFDASH_IS_CACHE(self) && key != NULL, NULL);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	Entry *entry = g_hash_table_lookup(self->entries, key);
	if (entry != NULL && entry->version != version) {
		drop_entry(self, entry);
		entry = NULL;
	}
	if (entry == NULL) {
		self->stats.misses++;
		return NULL;
	}
	self->stats.hits++;
	g_queue_unlink(&self->recent, &entry->link);
	g_queue_push_head_link(&self->recent, &entry->link);
	return value_ref(self, entry->value);
}

/**
 * perfdash_cache_insert: (skip)
 * @self: a #PerfdashCache
 * @key: what the value is of
 * @version: its version
 * @value: the value; the cache takes a reference or a copy
 * @size: its size in bytes
 *
 * Keeps a value, dropping those that were not used for the longest time. A value larger than a
 * quarter of the cache is not kept.
 *
 * Since: 0.1
 */
void
perfdash_cache_insert(PerfdashCache *self,
		      const char *key,
		      guint64 version,
		      gpointer value,
		      gsize size)
{
	g_return_if_fail(PERFDASH_IS_CACHE(self) && key != NULL && value != NULL);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	Entry *old = g_hash_table_lookup(self->entries, key);
	if (old != NULL)
		drop_entry(self, old);
	if (size > self->stats.max_bytes / 4)
		return;
	Entry *entry = g_new0(Entry, 1);
	entry->link.data = entry;
	entry->key = g_strdup(key);
	entry->version = version;
	entry->value = value_ref(self, value);
	entry->size = size + strlen(key) + ENTRY_OVERHEAD;
	g_hash_table_insert(self->entries, entry->key, entry);
	g_queue_push_head_link(&self->recent, &entry->link);
	self->stats.bytes += entry->size;
	while (self->stats.bytes > self->stats.max_bytes)
		drop_oldest(self);
}

/**
 * perfdash_cache_clear:
 * @self: a #PerfdashCache
 *
 * Drops all entries.
 *
 * Since: 0.1
 */
void
perfdash_cache_clear(PerfdashCache *self)
{
	g_return_if_fail(PERFDASH_IS_CACHE(self));
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	while (!g_queue_is_empty(&self->recent))
		drop_entry(self, g_queue_peek_tail(&self->recent));
}

/**
 * perfdash_cache_get_stats:
 * @self: a #PerfdashCache
 * @stats: (out caller-allocates): how the cache has done
 *
 * Since: 0.1
 */
void
perfdash_cache_get_stats(PerfdashCache *self, PerfdashCacheStats *stats)
{
	g_return_if_fail(PERFDASH_IS_CACHE(self) && stats != NULL);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	*stats = self->stats;
	stats->entries = self->recent.length;
}

static void
perfdash_cache_finalize(GObject *object)
{
	PerfdashCache *self = PERFDASH_CACHE(object);
	perfdash_cache_clear(self);
	g_hash_table_unref(self->entries);
	g_mutex_clear(&self->lock);
	G_OBJECT_CLASS(perfdash_cache_parent_class)->finalize(object);
}

static void
perfdash_cache_class_init(PerfdashCacheClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_cache_finalize;
}

static void
perfdash_cache_init(PerfdashCache *self)
{
	g_mutex_init(&self->lock);
	g_queue_init(&self->recent);
	self->entries = g_hash_table_new(g_str_hash, g_str_equal);
}

/**
 * perfdash_cache_new:
 * @value_type: type of the values, boxed or an object
 * @max_bytes: how many bytes of values, keys and bookkeeping the cache may hold
 *
 * Returns: (transfer full): a cache that keeps what was used last; it may be used from any thread
 *
 * Since: 0.1
 */
PerfdashCache *
perfdash_cache_new(GType value_type, gsize max_bytes)
{
	g_return_val_if_fail(G_TYPE_IS_BOXED(value_type) || G_TYPE_IS_OBJECT(value_type), NULL);
	PerfdashCache *self = g_object_new(PERFDASH_TYPE_CACHE, NULL);
	self->value_type = value_type;
	self->stats.max_bytes = max_bytes;
	return self;
}
