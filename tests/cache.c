/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-cache.h"

#include <gio/gio.h>

static gboolean
holds(PerfdashCache *cache, const char *key, guint64 version)
{
	g_autoptr(GBytes) value = perfdash_cache_lookup(cache, key, version);
	return value != NULL;
}

static void
keep(PerfdashCache *cache, const char *key, guint64 version, gsize size)
{
	g_autoptr(GBytes) value = g_bytes_new_take(g_malloc0(size), size);
	perfdash_cache_insert(cache, key, version, value, size);
}

static void
test_versions(void)
{
	g_autoptr(PerfdashCache) cache = perfdash_cache_new(G_TYPE_BYTES, 10000);
	keep(cache, "a", 1, 100);
	g_assert_true(holds(cache, "a", 1));
	g_assert_false(holds(cache, "a", 2));
	g_assert_false(holds(cache, "a", 1));
}

/* what was used last stays, and the bound holds at every moment */
static void
test_bound(void)
{
	g_autoptr(PerfdashCache) cache = perfdash_cache_new(G_TYPE_BYTES, 10000);
	PerfdashCacheStats stats;
	keep(cache, "first", 1, 1000);
	for (guint i = 0; i < 100; i++) {
		g_autofree char *key = g_strdup_printf("%u", i);
		keep(cache, key, 1, 1000);
		g_assert_true(holds(cache, "first", 1));
		g_assert_true(holds(cache, key, 1));
		perfdash_cache_get_stats(cache, &stats);
		g_assert_cmpuint(stats.bytes, <=, 10000);
	}
	g_assert_false(holds(cache, "0", 1));
	g_assert_cmpuint(stats.hits, ==, 200);
	g_assert_cmpuint(stats.evictions, ==, 101 - stats.entries);
	keep(cache, "large", 1, 9000);
	g_assert_false(holds(cache, "large", 1));
	perfdash_cache_clear(cache);
	perfdash_cache_get_stats(cache, &stats);
	g_assert_cmpuint(stats.bytes, ==, 0);
	g_assert_cmpuint(stats.entries, ==, 0);
}

static gpointer
hammer(gpointer data)
{
	PerfdashCache *cache = data;
	for (guint i = 0; i < 20000; i++) {
		g_autofree char *key = g_strdup_printf("%u", i % 37);
		if (!holds(cache, key, i / 1000))
			keep(cache, key, i / 1000, 300);
	}
	return NULL;
}

static void
test_threads(void)
{
	g_autoptr(PerfdashCache) cache = perfdash_cache_new(G_TYPE_BYTES, 5000);
	PerfdashCacheStats stats;
	GThread *threads[4];
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("hammer", hammer, cache);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	perfdash_cache_get_stats(cache, &stats);
	g_assert_cmpuint(stats.hits + stats.misses, ==, 80000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cache/versions", test_versions);
	g_test_add_func("/cache/bound", test_bound);
	g_test_add_func("/cache/threads", test_threads);
	return g_test_run();
}
