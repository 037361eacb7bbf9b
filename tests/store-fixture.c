/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"
#include "remove-folder.h"

#include <string.h>

void
store_fixture_open(StoreFixture *fixture)
{
	g_autoptr(GError) error = NULL;
	fixture->store = perfdash_store_open(fixture->uri, PERFDASH_STORE_FLAGS_NONE, &error);
	g_assert_no_error(error);
}

void
store_fixture_reopen(StoreFixture *fixture)
{
	g_clear_object(&fixture->store);
	store_fixture_open(fixture);
}

void
store_fixture_set_up(StoreFixture *fixture, gconstpointer data)
{
	fixture->directory = g_dir_make_tmp("perfdash-store-XXXXXX", NULL);
	fixture->path = g_build_filename(fixture->directory, "perfdash.db", NULL);
	fixture->uri = g_strconcat("sqlite://", fixture->path, NULL);
	store_fixture_open(fixture);
}

void
store_fixture_tear_down(StoreFixture *fixture, gconstpointer data)
{
	g_clear_object(&fixture->store);
	remove_folder(fixture->directory);
	g_free(fixture->directory);
	g_free(fixture->path);
	g_free(fixture->uri);
}

PerfdashRunBuilder *
store_fixture_start_run(const char *lab, gint64 started_at)
{
	PerfdashRunBuilder *builder = perfdash_run_builder_new();
	perfdash_run_builder_set_label(builder, "lab", lab);
	perfdash_run_builder_set_label(builder, "suite", "checkout");
	perfdash_run_builder_set_started_at(builder, started_at);
	return builder;
}

PerfdashLogRecord *
store_fixture_add(StoreFixture *fixture, PerfdashRunBuilder *builder, GError **error)
{
	g_autofree char *content = g_strdup_printf("log %u", fixture->n_logs++);
	g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("a.log", bytes, NULL);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	g_assert_nonnull(runs);
	g_autoptr(PerfdashParseResult) parsed = perfdash_parse_result_new("test", "1", runs);
	g_autoptr(PerfdashOrigin)
		origin = perfdash_origin_new("here", NULL, NULL, NULL, NULL, 0, NULL);
	return perfdash_store_add_log(fixture->store, log, origin, parsed, error);
}

gint64
store_fixture_add_one(StoreFixture *fixture, PerfdashRunBuilder *builder)
{
	g_autoptr(GError) error = NULL;
	gsize n;
	g_autoptr(PerfdashLogRecord) record = store_fixture_add(fixture, builder, &error);
	g_assert_no_error(error);
	const gint64 *runs = perfdash_log_record_get_runs(record, &n);
	g_assert_cmpuint(n, ==, 1);
	return runs[0];
}

PerfdashSeries *
store_fixture_load_only(StoreFixture *fixture, const char *const *matches)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector) selector = perfdash_selector_new(matches, NULL, &error);
	g_assert_no_error(error);
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(fixture->store, selector, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(infos->len, ==, 1);
	const char *id = perfdash_series_info_get_id(g_ptr_array_index(infos, 0));
	PerfdashSeries *series = perfdash_store_load_series(fixture->store, id, &error);
	g_assert_no_error(error);
	return series;
}
