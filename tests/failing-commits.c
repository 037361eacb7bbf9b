/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a transaction that fails leaves: nothing, in the file and in memory, and the logs that
 * shared it with the one that is to blame are stored all the same. Triggers are what fails. */

#include "store-fixture.h"

#include <malloc.h>
#include <sqlite3.h>
#include <string.h>

#define START     G_GINT64_CONSTANT(1700000000000000)
#define N_LOGS    12
#define N_RESULTS 200
#define N_TRIES   100

static sqlite3 *
open_beside(const char *path)
{
	sqlite3 *handle;
	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	sqlite3_busy_timeout(handle, 10000);
	return handle;
}

static void
execute(sqlite3 *handle, const char *sql)
{
	g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static gsize
count_bytes(void)
{
	return mallinfo2().uordblks;
}

static void
fail_to_add(StoreFixture *fixture, guint try)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START + try);
	for (guint i = 0; i < N_RESULTS; i++) {
		g_autofree char *benchmark = g_strdup_printf("benchmark %u", i);
		perfdash_run_builder_add_result(builder, benchmark, "latency", "s", 1, 1);
	}
	g_assert_null(store_fixture_add(fixture, builder, &error));
	g_assert_nonnull(strstr(error->message, "no room"));
}

/* a first import into a store that cannot commit does not grow with each try */
static void
test_memory(StoreFixture *fixture, gconstpointer data)
{
	sqlite3 *beside = open_beside(fixture->path);
	PerfdashTotals totals;
	execute(beside,
		"CREATE TRIGGER refuse BEFORE UPDATE ON stream BEGIN SELECT RAISE(ABORT, 'no "
		"room'); END");
	fail_to_add(fixture, 0);
	gsize before = count_bytes();
	for (guint i = 1; i <= N_TRIES; i++)
		fail_to_add(fixture, i);
	gsize after = count_bytes();
	g_test_message("%u tries: %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT " bytes",
		       N_TRIES,
		       before,
		       after);
	g_assert_cmpuint(after, <, before + 1024 * 1024);
	perfdash_store_get_totals(fixture->store, &totals);
	g_assert_cmpuint(totals.series, ==, 0);
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(fixture->store, NULL, NULL);
	g_assert_cmpuint(infos->len, ==, 0);
	execute(beside, "DROP TRIGGER refuse");
	sqlite3_close(beside);
}

typedef struct {
	PerfdashStore *store;
	PerfdashLog *log;
	PerfdashOrigin *origin;
	PerfdashParseResult *parsed;
	GError *error;
	guint *n_begun; /* atomic */
} Added;

static void
added_init(Added *self, PerfdashStore *store, guint n, guint *n_begun)
{
	g_autofree char *content = g_strdup_printf("log %u", n);
	g_autofree char *name = g_strdup_printf("%u.log", n);
	g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));
	g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START + n);
	g_autofree char *benchmark = g_strdup_printf("benchmark %u", n);
	perfdash_run_builder_add_result(builder, "all", "latency", "s", 1, n);
	perfdash_run_builder_add_result(builder, benchmark, "latency", "s", 1, n);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	self->store = store;
	self->log = perfdash_log_new_from_bytes(name, bytes, NULL);
	self->origin = perfdash_origin_new("here", NULL, NULL, NULL, NULL, 0, NULL);
	self->parsed = perfdash_parse_result_new("test", "1", runs);
	self->n_begun = n_begun;
}

static void
added_clear(Added *self)
{
	g_object_unref(self->log);
	g_object_unref(self->origin);
	g_object_unref(self->parsed);
	g_clear_error(&self->error);
}

static gpointer
add(gpointer data)
{
	Added *self = data;
	g_atomic_int_inc(self->n_begun);
	g_autoptr(PerfdashLogRecord) record = perfdash_store_add_log(self->store,
								     self->log,
								     self->origin,
								     self->parsed,
								     &self->error);
	g_assert_true((record == NULL) == (self->error != NULL));
	return NULL;
}

/* nobody can write until all wait, so that they share a transaction */
static void
add_together(sqlite3 *beside, Added *added)
{
	GThread *threads[N_LOGS];
	execute(beside, "BEGIN IMMEDIATE");
	for (guint i = 0; i < N_LOGS; i++)
		threads[i] = g_thread_new("adds", add, &added[i]);
	while ((guint)g_atomic_int_get(added->n_begun) < N_LOGS)
		g_usleep(1000);
	g_usleep(50 * 1000);
	execute(beside, "COMMIT");
	for (guint i = 0; i < N_LOGS; i++)
		g_thread_join(threads[i]);
}

static void
assert_stored(StoreFixture *fixture, guint missing)
{
	PerfdashTotals totals;
	const char *all[] = {"benchmark:all", NULL};
	guint n = N_LOGS - (missing < N_LOGS);
	perfdash_store_get_totals(fixture->store, &totals);
	g_assert_cmpuint(totals.runs, ==, n);
	g_assert_cmpuint(totals.results, ==, 2 * n);
	g_assert_cmpuint(totals.series, ==, 1 + n);
	g_autoptr(PerfdashSeries) series = store_fixture_load_only(fixture, all);
	g_assert_cmpuint(perfdash_series_get_length(series), ==, n);
	const double *values = perfdash_series_peek_values(series);
	for (guint i = 0; i < n; i++)
		g_assert_cmpfloat(values[i], ==, i + (i >= missing));
}

/* one of twelve logs cannot be stored: the others are, once, and it is when it can be */
static void
test_group(StoreFixture *fixture, gconstpointer data)
{
	sqlite3 *beside = open_beside(fixture->path);
	execute(beside,
		"CREATE TRIGGER refuse BEFORE INSERT ON log WHEN NEW.name = '7.log' "
		"BEGIN SELECT RAISE(ABORT, 'no room'); END");
	Added added[N_LOGS] = {0};
	guint n_begun = 0;
	for (guint i = 0; i < N_LOGS; i++)
		added_init(&added[i], fixture->store, i, &n_begun);
	add_together(beside, added);
	for (guint i = 0; i < N_LOGS; i++)
		g_assert_true((added[i].error != NULL) == (i == 7));
	g_assert_nonnull(strstr(added[7].error->message, "no room"));
	assert_stored(fixture, 7);
	execute(beside, "DROP TRIGGER refuse");
	sqlite3_close(beside);
	g_clear_error(&added[7].error);
	add(&added[7]);
	g_assert_no_error(added[7].error);
	assert_stored(fixture, N_LOGS);
	for (guint i = 0; i < N_LOGS; i++)
		added_clear(&added[i]);
	store_fixture_reopen(fixture);
	assert_stored(fixture, N_LOGS);
}

int
main(int argc, char **argv)
{
	/* memory of all threads is counted */
	mallopt(M_ARENA_MAX, 1);
	g_test_init(&argc, &argv, NULL);
	g_test_add("/failing-commits/memory",
		   StoreFixture,
		   NULL,
		   store_fixture_set_up,
		   test_memory,
		   store_fixture_tear_down);
	g_test_add("/failing-commits/group",
		   StoreFixture,
		   NULL,
		   store_fixture_set_up,
		   test_group,
		   store_fixture_tear_down);
	return g_test_run();
}
