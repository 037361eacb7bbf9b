/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A log goes in once, whatever happens, and what the source knows completes what it says. */

#include "perfdash-pipeline.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "perfdash-error.h"
#include "perfdash-origin-private.h"
#include "perfdash-run-builder.h"
#include "remove-folder.h"

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
	g_clear_object(&fixture->pipeline);
	g_clear_object(&fixture->archive);
	g_clear_object(&fixture->store);
	remove_folder(fixture->directory);
	g_free(fixture->directory);
}

static PerfdashLog *
make_log(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	return perfdash_log_new_from_bytes("a.stopwatch", bytes, NULL);
}

static PerfdashOrigin *
make_origin(const char *build)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_label(builder, "lab", "dfw");
	perfdash_run_builder_set_label(builder, "tool", "what the log knows better");
	perfdash_run_builder_set_build(builder, build);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	return perfdash_origin_new("here",
				   NULL,
				   g_ptr_array_index(runs, 0),
				   NULL,
				   NULL,
				   1700000000000000,
				   NULL);
}

static PerfdashLogRecord *
ingest_from(Fixture *fixture, const char *text, PerfdashOrigin *origin, gboolean *is_new)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(text);
	PerfdashLogRecord *record = perfdash_pipeline_ingest(fixture->pipeline,
							     log,
							     origin,
							     NULL,
							     is_new,
							     NULL,
							     &error);
	g_assert_no_error(error);
	return record;
}

static PerfdashLogRecord *
ingest(Fixture *fixture, const char *text, gboolean *is_new)
{
	g_autoptr(PerfdashOrigin) origin = make_origin("812");
	return ingest_from(fixture, text, origin, is_new);
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

/* the same logs at the same time become one run each: four values of two builds */
static void
test_at_once(Fixture *fixture, gconstpointer data)
{
	Counting counting = {0};
	for (guint i = 0; i < 40; i++) {
		g_autofree char *text = g_strdup_printf(
			"stopwatch 2.1\nlogin latency %u ms\ndone\n",
			i / 2 % 4);
		g_autoptr(PerfdashLog) log = make_log(text);
		g_autoptr(PerfdashOrigin) origin = make_origin(i % 2 ? "811" : "812");
		perfdash_pipeline_ingest_async(fixture->pipeline,
					       log,
					       origin,
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
	g_autoptr(PerfdashOrigin) origin = make_origin("812");
	g_autoptr(GError) error = NULL;
	gboolean is_new;
	g_assert_true(g_file_set_contents(logs, "in the way", -1, NULL));
	g_assert_null(
		perfdash_pipeline_ingest(fixture->pipeline, log, origin, NULL, NULL, NULL, &error));
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
	g_autoptr(PerfdashOrigin) origin = make_origin("812");
	g_autoptr(PerfdashSelector)
		allowed = match != NULL ? perfdash_selector_new(matches, NULL, NULL) : NULL;
	perfdash_pipeline_ingest_async(fixture->pipeline,
				       log,
				       origin,
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

static void
add_pending(Fixture *fixture, const char *text, PerfdashOrigin *origin)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(text);
	g_autoptr(GBytes) note = perfdash_origin_pack(origin, log);
	g_autofree char *identity = perfdash_origin_identify(origin, log);
	g_assert_true(perfdash_archive_add(fixture->archive, log, identity, note, NULL, &error));
	g_assert_no_error(error);
}

static PerfdashRun *
load_only_run(Fixture *fixture, PerfdashLogRecord *record)
{
	gsize n;
	const gint64 *runs = perfdash_log_record_get_runs(record, &n);
	g_assert_cmpuint(n, ==, 1);
	return perfdash_store_load_run(fixture->store, runs[0], NULL);
}

/* takes in all that is pending, one after the other; returns how many were new */
static guint
resume_all(Fixture *fixture)
{
	g_auto(GStrv) pending = perfdash_archive_list_pending(fixture->archive, NULL);
	guint n_new = 0;
	for (guint i = 0; pending[i] != NULL; i++) {
		g_autoptr(GError) error = NULL;
		gboolean is_new;
		g_autoptr(PerfdashLogRecord) record = perfdash_pipeline_resume(fixture->pipeline,
									       pending[i],
									       &is_new,
									       NULL,
									       &error);
		g_assert_no_error(error);
		g_assert_cmpstr(perfdash_log_record_get_name(record), ==, "a.stopwatch");
		n_new += is_new;
	}
	assert_pending(fixture, 0);
	return n_new;
}

/* what a process had accepted when it was killed is taken in as its sender said, once; the same
 * bytes of two builds are two runs */
static void
test_resume(Fixture *fixture, gconstpointer data)
{
	static const char *const builds[] = {"811", "812"};
	for (guint i = 0; i < G_N_ELEMENTS(builds); i++) {
		g_autoptr(PerfdashOrigin) origin = make_origin(builds[i]);
		add_pending(fixture, whole, origin);
	}
	assert_pending(fixture, 2);
	g_assert_cmpuint(resume_all(fixture), ==, 2);
	for (guint i = 0; i < G_N_ELEMENTS(builds); i++) {
		gboolean is_new;
		g_autoptr(PerfdashOrigin) origin = make_origin(builds[i]);
		g_autoptr(PerfdashLogRecord) record = ingest_from(fixture, whole, origin, &is_new);
		g_autoptr(PerfdashRun) run = load_only_run(fixture, record);
		g_assert_false(is_new);
		g_assert_cmpstr(perfdash_log_record_get_source(record), ==, "here");
		g_assert_cmpstr(perfdash_run_get_build(run), ==, builds[i]);
		g_assert_cmpint(perfdash_run_get_started_at(run), ==, 1700000000000000);
		g_assert_cmpstr(perfdash_labels_get(perfdash_run_get_labels(run), "lab"),
				==,
				"dfw");
		assert_kept(fixture, record, whole);
	}
}

/* killed when the log was stored, and still pending */
static void
test_resume_stored(Fixture *fixture, gconstpointer data)
{
	gboolean is_new;
	g_autoptr(PerfdashOrigin) origin = make_origin("812");
	g_autoptr(PerfdashLogRecord) first = ingest(fixture, whole, &is_new);
	assert_pending(fixture, 0);
	add_pending(fixture, whole, origin);
	assert_pending(fixture, 1);
	g_assert_cmpuint(resume_all(fixture), ==, 0);
}

/* makes of what is stored what a perfdash had that took the same bytes for the same log */
static void
forget_origins(Fixture *fixture)
{
	g_autofree char *path = g_build_filename(fixture->directory, "perfdash.db", NULL);
	sqlite3 *database;
	g_assert_cmpint(sqlite3_open(path, &database), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(database, "UPDATE log SET origin = ''", NULL, NULL, NULL),
			==,
			SQLITE_OK);
	sqlite3_close(database);
}

static PerfdashOrigin *
make_origin_of(const char *lab, const char *tool, const char *build, gint64 started_at)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	if (lab != NULL)
		perfdash_run_builder_set_label(builder, "lab", lab);
	if (tool != NULL)
		perfdash_run_builder_set_label(builder, "tool", tool);
	if (build != NULL)
		perfdash_run_builder_set_build(builder, build);
	perfdash_run_builder_set_started_at(builder, started_at);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	return perfdash_origin_new("there", NULL, runs->pdata[0], NULL, NULL, 0, NULL);
}

/* what is stored without its origin is found again by what its run says, and by what the log says
 * where both differ; another build is another log there, too */
static void
test_unmarked(Fixture *fixture, gconstpointer data)
{
	static const struct {
		const char *lab;
		const char *tool;
		const char *build;
		gint64 started_at;
		gboolean is_new;
	} cases[] = {{"dfw", "what the log knows better", "812", 0, FALSE},
		     {"dfw", "another name", NULL, 0, FALSE},
		     {NULL, NULL, NULL, 0, FALSE},
		     {NULL, NULL, NULL, 1700000000000000, FALSE},
		     {"dfw", NULL, "813", 0, TRUE},
		     {"fra", NULL, "812", 0, TRUE},
		     {"dfw", NULL, NULL, 1700000000000001, TRUE}};
	static const char *const texts[] = {"", "nobody knows this"};
	gboolean is_new;
	g_autoptr(PerfdashLogRecord) first = ingest(fixture, whole, &is_new);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		g_object_unref(ingest(fixture, texts[i], &is_new));
	forget_origins(fixture);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(PerfdashOrigin) origin = make_origin_of(cases[i].lab,
								  cases[i].tool,
								  cases[i].build,
								  cases[i].started_at);
		for (guint again = 0; again < 2; again++) {
			g_autoptr(PerfdashLogRecord)
				record = ingest_from(fixture, whole, origin, &is_new);
			g_assert_cmpint(is_new, ==, again == 0 && cases[i].is_new);
		}
		assert_pending(fixture, 0);
	}
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(PerfdashLogRecord) record = ingest(fixture, texts[i], &is_new);
		g_assert_false(is_new);
	}
}

/* the note that such a perfdash left of a log it had accepted */
static void
add_first_note(Fixture *fixture, const char *text, PerfdashOrigin *origin)
{
	g_autoptr(PerfdashLog) log = make_log(text);
	GVariant *facts = perfdash_run_to_variant(perfdash_origin_get_defaults(origin));
	g_autoptr(GVariant)
		note = g_variant_ref_sink(g_variant_new("(ssms@m*)",
							"a.stopwatch",
							"there",
							NULL,
							g_variant_new_maybe(NULL, facts)));
	g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(note);
	const char *digest = perfdash_log_get_digest(log);
	g_assert_true(perfdash_archive_add(fixture->archive, log, digest, bytes, NULL, NULL));
}

/* what was accepted before is taken in once, whether it comes again before or after that */
static void
test_resume_unmarked(Fixture *fixture, gconstpointer data)
{
	static const char other[] = "stopwatch 2.1\nlogin latency 7 ms\ndone\n";
	gboolean is_new;
	g_autoptr(PerfdashOrigin) origin = make_origin("812");
	add_first_note(fixture, whole, origin);
	g_assert_cmpuint(resume_all(fixture), ==, 1);
	g_autoptr(PerfdashLogRecord) record = ingest(fixture, whole, &is_new);
	g_assert_false(is_new);
	g_autoptr(PerfdashRun) run = load_only_run(fixture, record);
	g_assert_cmpstr(perfdash_run_get_build(run), ==, "812");
	g_assert_cmpint(perfdash_run_get_started_at(run), ==, 1700000000000000);
	g_autoptr(PerfdashLogRecord) early = ingest(fixture, other, &is_new);
	add_first_note(fixture, other, origin);
	g_assert_cmpuint(resume_all(fixture), ==, 0);
}

static void
test_resume_damaged(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(whole);
	const char *digest = perfdash_log_get_digest(log);
	g_autoptr(GBytes) note = g_bytes_new_static("no variant", 10);
	g_assert_true(perfdash_archive_add(fixture->archive, log, digest, note, NULL, NULL));
	g_assert_null(perfdash_pipeline_resume(fixture->pipeline, digest, NULL, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BROKEN);
	assert_pending(fixture, 1);
	g_clear_error(&error);
	g_assert_true(perfdash_archive_settle(fixture->archive, digest, NULL));
	g_assert_null(perfdash_pipeline_resume(fixture->pipeline, digest, NULL, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
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
	ADD("/pipeline/resume-unmarked", test_resume_unmarked);
	ADD("/pipeline/unmarked", test_unmarked);
	ADD("/pipeline/resume-damaged", test_resume_damaged);
	ADD("/pipeline/allowed", test_allowed);
	return g_test_run();
}
