/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A log goes in once, whatever happens, and what the source knows completes what it says. */

#include "perfdash-pipeline.h"

#include <glib/gstdio.h>
#include <string.h>

#include "perfdash-acceptance.h"
#include "perfdash-error.h"
#include "perfdash-run-builder.h"

typedef struct {
	char *directory;
	PerfdashStore *store;
	PerfdashArchive *archive;
	PerfdashPipeline *pipeline;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	fixture->directory = g_dir_make_tmp("perfdash-pipeline-XXXXXX", NULL);
	g_autofree char *uri = g_strdup_printf("sqlite://%s/perfdash.db", fixture->directory);
	g_autoptr(GFile) logs = g_file_new_build_filename(fixture->directory, "logs", NULL);
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, &error);
	g_assert_no_error(error);
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	fixture->store = perfdash_store_open(uri, PERFDASH_STORE_FLAGS_NONE, &error);
	g_assert_no_error(error);
	fixture->archive = perfdash_archive_new(logs);
	fixture->pipeline = perfdash_pipeline_new(fixture->store, runner, fixture->archive);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	const char *argv[] = {"rm", "-rf", fixture->directory, NULL};
	g_clear_object(&fixture->pipeline);
	g_clear_object(&fixture->archive);
	g_clear_object(&fixture->store);
	g_spawn_sync(NULL,
		     (char **)argv,
		     NULL,
		     G_SPAWN_SEARCH_PATH,
		     NULL,
		     NULL,
		     NULL,
		     NULL,
		     NULL,
		     NULL);
	g_free(fixture->directory);
}

static PerfdashLog *
make_log(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	return perfdash_log_new_from_bytes("a.stopwatch", bytes, NULL);
}

static PerfdashRun *
make_defaults(void)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_label(builder, "lab", "dfw");
	perfdash_run_builder_set_label(builder, "tool", "what the log knows better");
	perfdash_run_builder_set_build(builder, "812");
	perfdash_run_builder_set_started_at(builder, 1700000000000000);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	return g_object_ref(runs->pdata[0]);
}

static PerfdashLogRecord *
ingest(Fixture *fixture, const char *text, gboolean *is_new)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(text);
	g_autoptr(PerfdashRun) defaults = make_defaults();
	PerfdashLogRecord *record = perfdash_pipeline_ingest(fixture->pipeline,
							     log,
							     "here",
							     NULL,
							     defaults,
							     NULL,
							     is_new,
							     NULL,
							     &error);
	g_assert_no_error(error);
	return record;
}

static void
assert_kept(Fixture *fixture, PerfdashLogRecord *record, const char *text)
{
	g_autoptr(GError) error = NULL;
	char buffer[1024] = "";
	gsize n;
	g_autoptr(GInputStream)
		stream = perfdash_archive_open(fixture->archive,
					       perfdash_log_record_get_digest(record),
					       &error);
	g_assert_no_error(error);
	g_assert_true(
		g_input_stream_read_all(stream, buffer, sizeof(buffer) - 1, &n, NULL, &error));
	g_assert_cmpstr(buffer, ==, text);
}

static const char whole[] = "stopwatch 2.1\nlogin latency 31.15 ms\ndone\n";

static void
test_log(Fixture *fixture, gconstpointer data)
{
	gboolean is_new;
	gsize n;
	g_autoptr(PerfdashLogRecord) record = ingest(fixture, whole, &is_new);
	const gint64 *runs = perfdash_log_record_get_runs(record, &n);
	g_assert_true(is_new);
	g_assert_cmpuint(n, ==, 1);
	g_autoptr(PerfdashRun) run = perfdash_store_load_run(fixture->store, runs[0], NULL);
	PerfdashLabels *labels = perfdash_run_get_labels(run);
	g_assert_cmpstr(perfdash_labels_get(labels, "lab"), ==, "dfw");
	g_assert_cmpstr(perfdash_labels_get(labels, "tool"), ==, "stopwatch");
	g_assert_cmpstr(perfdash_run_get_build(run), ==, "812");
	g_assert_cmpint(perfdash_run_get_started_at(run), ==, 1700000000000000);
	g_assert_cmpstr(perfdash_run_get_parser(run), ==, "template");
	assert_kept(fixture, record, whole);
	g_autoptr(PerfdashLogRecord) again = ingest(fixture, whole, &is_new);
	g_assert_false(is_new);
	g_assert_cmpint(perfdash_log_record_get_id(again), ==, perfdash_log_record_get_id(record));
}

/* what cannot be read is kept with the reason, and harms nothing */
static void
test_unreadable(Fixture *fixture, gconstpointer data)
{
	static const char *const logs[] = {"",
					   "nobody knows this",
					   "stopwatch 2.1\nlogin latency fast ms\ndone\n"};
	static const PerfdashError codes[] = {PERFDASH_ERROR_UNREADABLE,
					      PERFDASH_ERROR_UNREADABLE,
					      PERFDASH_ERROR_BROKEN};
	for (guint i = 0; i < G_N_ELEMENTS(logs); i++) {
		gboolean is_new;
		g_autoptr(PerfdashLogRecord) record = ingest(fixture, logs[i], &is_new);
		g_assert_true(is_new);
		g_assert_error(perfdash_log_record_get_error(record),
			       PERFDASH_ERROR,
			       (int)codes[i]);
		assert_kept(fixture, record, logs[i]);
	}
	PerfdashTotals totals;
	perfdash_store_get_totals(fixture->store, &totals);
	g_assert_cmpuint(totals.runs, ==, 0);
}

typedef struct {
	guint n_done;
	guint n_new;
} Counting;

static void
ingested_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Counting *counting = user_data;
	gboolean is_new;
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLogRecord) record =
		perfdash_pipeline_ingest_finish(PERFDASH_PIPELINE(source), result, &is_new, &error);
	g_assert_no_error(error);
	counting->n_done++;
	counting->n_new += is_new;
}

/* the same logs at the same time become one run each */
static void
test_at_once(Fixture *fixture, gconstpointer data)
{
	Counting counting = {0};
	for (guint i = 0; i < 40; i++) {
		g_autofree char *text = g_strdup_printf(
			"stopwatch 2.1\nlogin latency %u ms\ndone\n",
			i % 8);
		g_autoptr(PerfdashLog) log = make_log(text);
		perfdash_pipeline_ingest_async(fixture->pipeline,
					       log,
					       "here",
					       NULL,
					       NULL,
					       NULL,
					       NULL,
					       ingested_cb,
					       &counting);
	}
	while (counting.n_done < 40)
		g_main_context_iteration(NULL, TRUE);
	PerfdashTotals totals;
	perfdash_store_get_totals(fixture->store, &totals);
	g_assert_cmpuint(totals.runs, ==, 8);
	g_assert_cmpuint(counting.n_new, ==, 8);
}

/* what cannot be kept is not accepted, and can be sent again */
static void
test_not_kept(Fixture *fixture, gconstpointer data)
{
	g_autofree char *logs = g_build_filename(fixture->directory, "logs", NULL);
	g_autoptr(PerfdashLog) log = make_log(whole);
	g_autoptr(GError) error = NULL;
	gboolean is_new;
	g_assert_true(g_file_set_contents(logs, "in the way", -1, NULL));
	g_assert_null(perfdash_pipeline_ingest(fixture->pipeline,
					       log,
					       "here",
					       NULL,
					       NULL,
					       NULL,
					       NULL,
					       NULL,
					       &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_IO);
	g_assert_nonnull(strstr(error->message, logs));
	g_assert_cmpint(g_unlink(logs), ==, 0);
	g_autoptr(PerfdashLogRecord) record = ingest(fixture, whole, &is_new);
	g_assert_true(is_new);
}

/* what became of one log that several sent at once */
typedef struct {
	guint n_done;
	guint n_new;
	guint n_denied;
} Sending;

static void
sent_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Sending *sending = user_data;
	gboolean is_new = FALSE;
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLogRecord) record =
		perfdash_pipeline_ingest_finish(PERFDASH_PIPELINE(source), result, &is_new, &error);
	if (record == NULL)
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_DENIED);
	sending->n_done++;
	sending->n_new += is_new;
	sending->n_denied += record == NULL;
}

static void
send(Fixture *fixture, const char *match, Sending *sending)
{
	const char *matches[] = {match, NULL};
	g_autoptr(PerfdashLog) log = make_log(whole);
	g_autoptr(PerfdashRun) defaults = make_defaults();
	g_autoptr(PerfdashSelector)
		allowed = match != NULL ? perfdash_selector_new(matches, NULL, NULL) : NULL;
	perfdash_pipeline_ingest_async(fixture->pipeline,
				       log,
				       "here",
				       NULL,
				       defaults,
				       allowed,
				       NULL,
				       sent_cb,
				       sending);
}

static void
wait_for(Sending *sending, guint n)
{
	while (sending->n_done < n)
		g_main_context_iteration(NULL, TRUE);
}

/* what the sender may not say is neither stored nor kept, whoever else sends the same */
static void
test_allowed(Fixture *fixture, gconstpointer data)
{
	Sending first = {0};
	Sending all = {0};
	Sending last = {0};
	g_autoptr(PerfdashLog) log = make_log(whole);
	send(fixture, "lab:fra", &first);
	wait_for(&first, 1);
	g_assert_cmpuint(first.n_denied, ==, 1);
	g_assert_null(perfdash_archive_open(fixture->archive, perfdash_log_get_digest(log), NULL));
	for (guint i = 0; i < 12; i++) {
		static const char *const matches[] = {"lab:fra", "lab:dfw", NULL};
		send(fixture, matches[i % G_N_ELEMENTS(matches)], &all);
	}
	wait_for(&all, 12);
	g_assert_cmpuint(all.n_new, ==, 1);
	g_assert_cmpuint(all.n_denied, ==, 4);
	send(fixture, "lab:fra", &last);
	wait_for(&last, 1);
	g_assert_cmpuint(last.n_denied, ==, 1);
	gboolean is_new;
	g_autoptr(PerfdashLogRecord) record = ingest(fixture, whole, &is_new);
	g_assert_false(is_new);
	assert_kept(fixture, record, whole);
}

static void
assert_pending(Fixture *fixture, guint n)
{
	g_auto(GStrv) digests = perfdash_archive_list_pending(fixture->archive, NULL);
	g_assert_cmpuint(g_strv_length(digests), ==, n);
}

/* what a process had accepted when it was killed is taken in as its sender said, once */
static void
test_resume(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(whole);
	g_autoptr(PerfdashRun) defaults = make_defaults();
	g_autoptr(GBytes)
		note = perfdash_acceptance_pack("a.stopwatch", "there", "template", defaults);
	const char *digest = perfdash_log_get_digest(log);
	gboolean is_new;
	gsize n;
	g_assert_true(perfdash_archive_add(fixture->archive, log, note, NULL, NULL));
	assert_pending(fixture, 1);
	g_autoptr(PerfdashLogRecord)
		record = perfdash_pipeline_resume(fixture->pipeline, digest, &is_new, NULL, &error);
	g_assert_no_error(error);
	g_assert_true(is_new);
	assert_pending(fixture, 0);
	g_assert_cmpstr(perfdash_log_record_get_source(record), ==, "there");
	g_assert_cmpstr(perfdash_log_record_get_name(record), ==, "a.stopwatch");
	const gint64 *runs = perfdash_log_record_get_runs(record, &n);
	g_assert_cmpuint(n, ==, 1);
	g_autoptr(PerfdashRun) run = perfdash_store_load_run(fixture->store, runs[0], NULL);
	g_assert_cmpstr(perfdash_run_get_build(run), ==, "812");
	g_assert_cmpstr(perfdash_labels_get(perfdash_run_get_labels(run), "lab"), ==, "dfw");
	assert_kept(fixture, record, whole);
	g_assert_null(perfdash_pipeline_resume(fixture->pipeline, digest, NULL, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
}

/* killed when the log was stored, and still pending */
static void
test_resume_stored(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(whole);
	g_autoptr(GBytes) note = perfdash_acceptance_pack("b", "there", NULL, NULL);
	const char *digest = perfdash_log_get_digest(log);
	gboolean is_new;
	g_autoptr(PerfdashLogRecord) first = ingest(fixture, whole, &is_new);
	assert_pending(fixture, 0);
	g_assert_true(perfdash_archive_add(fixture->archive, log, note, NULL, NULL));
	assert_pending(fixture, 1);
	g_autoptr(PerfdashLogRecord)
		record = perfdash_pipeline_resume(fixture->pipeline, digest, &is_new, NULL, &error);
	g_assert_no_error(error);
	g_assert_false(is_new);
	g_assert_cmpstr(perfdash_log_record_get_source(record), ==, "here");
	assert_pending(fixture, 0);
}

static void
test_resume_damaged(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(whole);
	g_autoptr(GBytes) note = g_bytes_new_static("no variant", 10);
	g_assert_true(perfdash_archive_add(fixture->archive, log, note, NULL, NULL));
	g_assert_null(perfdash_pipeline_resume(fixture->pipeline,
					       perfdash_log_get_digest(log),
					       NULL,
					       NULL,
					       &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BROKEN);
	assert_pending(fixture, 1);
}

#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/pipeline/log", test_log);
	ADD("/pipeline/unreadable", test_unreadable);
	ADD("/pipeline/at-once", test_at_once);
	ADD("/pipeline/not-kept", test_not_kept);
	ADD("/pipeline/resume", test_resume);
	ADD("/pipeline/resume-stored", test_resume_stored);
	ADD("/pipeline/resume-damaged", test_resume_damaged);
	ADD("/pipeline/allowed", test_allowed);
	return g_test_run();
}
