/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "pdc-command.h"
#include "pdc-progress.h"
#include "pdc-push.h"

typedef struct {
	char *store;
	char *server;
	char *lab;
	char *project;
	char *suite;
	char *branch;
	char *revision;
	char *build;
	char *url;
	char *started_at;
	char *parser;
	GStrv labels;
	PdcPushOptions push;
} Options;

static void
options_clear(Options *options)
{
	g_free(options->store);
	g_free(options->server);
	g_free(options->lab);
	g_free(options->project);
	g_free(options->suite);
	g_free(options->branch);
	g_free(options->revision);
	g_free(options->build);
	g_free(options->url);
	g_free(options->started_at);
	g_free(options->parser);
	g_strfreev(options->labels);
	g_free(options->push.token_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* how logs go in: into a store of this process, or to a server */
typedef struct {
	PerfdashPipeline *pipeline; /* nullable */
	PerfdashStore *store;       /* nullable */
	PerfdashOrigin *origin;
	PdcPush *push; /* nullable */
	guint n_new;
	guint n_known;
	guint n_failed;
} Ingestion;

static void
ingestion_clear(Ingestion *ingestion)
{
	g_clear_object(&ingestion->pipeline);
	g_clear_object(&ingestion->store);
	g_clear_object(&ingestion->origin);
	g_clear_pointer(&ingestion->push, pdc_push_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ingestion, ingestion_clear)

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* regular files below path, in order, without hidden ones */
static void
collect(const char *path, GPtrArray *files)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	if (dir == NULL) {
		g_ptr_array_add(files, g_strdup(path));
		return;
	}
	while ((name = g_dir_read_name(dir)) != NULL) {
		if (*name != '.')
			g_ptr_array_add(names, g_build_filename(path, name, NULL));
	}
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++)
		collect(g_ptr_array_index(names, i), files);
}

static void
fail(Ingestion *ingestion, const char *path, const char *reason)
{
	pdc_progress_clear();
	pdc_complain("%s: %s", path, reason);
	ingestion->n_failed++;
}

static void
count_record(Ingestion *ingestion, const char *path, PerfdashLogRecord *record, gboolean is_new)
{
	const GError *error = perfdash_log_record_get_error(record);
	PerfdashOutcome outcome = perfdash_log_record_get_outcome(record);
	if (error != NULL)
		fail(ingestion, path, error->message);
	else if (outcome != PERFDASH_OUTCOME_OK && outcome != PERFDASH_OUTCOME_PARTIAL)
		fail(ingestion,
		     path,
		     outcome == PERFDASH_OUTCOME_FAILED ? "the test failed"
							: "there are no results in it");
	else if (is_new)
		ingestion->n_new++;
	else
		ingestion->n_known++;
}

static void
ingest_file(Ingestion *ingestion, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GFile) file = g_file_new_for_path(path);
	gboolean is_new;
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_file(file, G_MAXUINT64, NULL, &error);
	g_autoptr(PerfdashLogRecord) record = NULL;
	if (log != NULL)
		record = perfdash_pipeline_ingest(ingestion->pipeline,
						  log,
						  ingestion->origin,
						  NULL,
						  &is_new,
						  NULL,
						  &error);
	if (record != NULL)
		count_record(ingestion, path, record, is_new);
	else
		fail(ingestion, path, error->message);
}

/* FALSE when no other file needs to be tried */
static gboolean
send_file(Ingestion *ingestion, const char *path)
{
	g_autofree char *reason = NULL;
	PdcPushOutcome outcome = pdc_push_send(ingestion->push, path, &reason);
	if (outcome == PDC_PUSH_NEW)
		ingestion->n_new++;
	else if (outcome == PDC_PUSH_KNOWN)
		ingestion->n_known++;
	else
		fail(ingestion, path, reason);
	return outcome != PDC_PUSH_STOPPED;
}

static void
describe_labels(const Options *options, PerfdashRunBuilder *builder)
{
	const char *const named[][2] = {{"lab", options->lab},
					{"project", options->project},
					{"suite", options->suite},
					{"branch", options->branch}};
	for (guint i = 0; i < G_N_ELEMENTS(named); i++) {
		if (named[i][1] != NULL)
			perfdash_run_builder_set_label(builder, named[i][0], named[i][1]);
	}
	for (guint i = 0; options->labels != NULL && options->labels[i] != NULL; i++) {
		g_auto(GStrv) parts = g_strsplit(options->labels[i], "=", 2);
		perfdash_run_builder_set_label(builder,
					       parts[0] != NULL ? parts[0] : "",
					       parts[0] != NULL && parts[1] != NULL ? parts[1]
										    : "");
	}
}

static gboolean
describe_started_at(const Options *options, PerfdashRunBuilder *builder, GError **error)
{
	if (options->started_at == NULL)
		return TRUE;
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(options->started_at, NULL);
	if (time == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "started-at \"%s\" is no time such as 2026-11-23T17:12:20Z",
			    options->started_at);
		return FALSE;
	}
	perfdash_run_builder_set_started_at(builder,
					    g_date_time_to_unix(time) * G_USEC_PER_SEC +
						    g_date_time_get_microsecond(time));
	return TRUE;
}

static PerfdashOrigin *
build_origin(const Options *options, GError **error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	describe_labels(options, builder);
	if (options->revision != NULL)
		perfdash_run_builder_set_revision(builder, options->revision);
	if (options->build != NULL)
		perfdash_run_builder_set_build(builder, options->build);
	if (options->url != NULL)
		perfdash_run_builder_set_url(builder, options->url);
	if (!describe_started_at(options, builder, error))
		return NULL;
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	if (runs == NULL)
		return NULL;
	return perfdash_origin_new("ingest",
				   options->parser,
				   g_ptr_array_index(runs, 0),
				   NULL,
				   NULL,
				   0,
				   error);
}

/* what the server is told of each log */
static char *
build_query(const Options *options)
{
	const char *const parameters[][2] = {{"lab", options->lab},
					     {"project", options->project},
					     {"suite", options->suite},
					     {"branch", options->branch},
					     {"revision", options->revision},
					     {"build", options->build},
					     {"url", options->url},
					     {"started_at", options->started_at},
					     {"parser", options->parser}};
	GString *query = g_string_new(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(parameters); i++) {
		if (parameters[i][1] == NULL)
			continue;
		g_autofree char *escaped = g_uri_escape_string(parameters[i][1], NULL, FALSE);
		g_string_append_printf(query, "&%s=%s", parameters[i][0], escaped);
	}
	return g_string_free(query, FALSE);
}

static gboolean
start_push(Ingestion *ingestion, const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *query = build_query(options);
	if (options->push.retry_for < 0 || options->push.timeout < 1) {
		pdc_complain("retry-for is at least 0 seconds, timeout at least 1");
		return FALSE;
	}
	ingestion->push = pdc_push_new(options->server, query, &options->push, &error);
	if (ingestion->push == NULL)
		pdc_complain("%s", error->message);
	return ingestion->push != NULL;
}

static gboolean
start_pipeline(Ingestion *ingestion, const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *directory = pdc_store_directory(options->store);
	g_autoptr(GFile) logs = NULL;
	if (directory != NULL && !g_str_has_prefix(directory, "sqlite:"))
		g_mkdir_with_parents(directory, 0750);
	g_autoptr(PerfdashStore) store = pdc_open_store(options->store, PERFDASH_STORE_FLAGS_NONE);
	g_autoptr(PerfdashParserRegistry)
		registry = store != NULL ? perfdash_parser_registry_new(NULL, &error) : NULL;
	if (registry == NULL) {
		if (error != NULL)
			pdc_complain("%s", error->message);
		return FALSE;
	}
	logs = pdc_find_logs(options->store);
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	g_autoptr(PerfdashArchive) archive = perfdash_archive_new(logs);
	ingestion->pipeline = perfdash_pipeline_new(store, runner, archive);
	ingestion->store = g_steal_pointer(&store);
	return TRUE;
}

static void
find_changes(Ingestion *ingestion)
{
	g_autoptr(GError) error = NULL;
	if (ingestion->store != NULL &&
	    !perfdash_store_find_changes(ingestion->store,
					 g_get_real_time() - PERFDASH_NEW_FOR,
					 NULL,
					 &error))
		pdc_complain("%s", error->message);
}

static int
ingest_all(Ingestion *ingestion, char **paths, guint n)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < n; i++)
		collect(paths[i], files);
	for (guint i = 0; i < files->len; i++) {
		const char *path = g_ptr_array_index(files, i);
		pdc_progress_show(i, files->len, path);
		if (ingestion->push == NULL)
			ingest_file(ingestion, path);
		else if (!send_file(ingestion, path))
			break;
	}
	find_changes(ingestion);
	pdc_progress_clear();
	g_print("%u new, %u known, %u failed\n",
		ingestion->n_new,
		ingestion->n_known,
		ingestion->n_failed);
	return ingestion->n_failed > 0 ? PDC_FAILED : PDC_OK;
}

/* where logs go, and how */
static void
add_place_entries(GArray *entries, Options *options)
{
	const GOptionEntry added[] = {
		{"store",
		 's',
		 0,
		 G_OPTION_ARG_FILENAME,
		 &options->store,
		 "Directory or URI of the store (default: $PERFDASH_STORE)",
		 "PLACE"},
		{"server",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->server,
		 "Send to this server instead",
		 "URL"},
		{"token-file",
		 0,
		 0,
		 G_OPTION_ARG_FILENAME,
		 &options->push.token_file,
		 "Send the token in this file (default: $PERFDASH_TOKEN)",
		 "FILE"},
		{"retry-for",
		 0,
		 0,
		 G_OPTION_ARG_INT,
		 &options->push.retry_for,
		 "Try so long when the server cannot be reached (default: 300)",
		 "SECONDS"},
		{"timeout",
		 0,
		 0,
		 G_OPTION_ARG_INT,
		 &options->push.timeout,
		 "Wait so long for an answer (default: 120)",
		 "SECONDS"},
		{"insecure",
		 0,
		 0,
		 G_OPTION_ARG_NONE,
		 &options->push.insecure,
		 "Send a token without TLS, also to another machine",
		 NULL},
	};
	g_array_append_vals(entries, added, G_N_ELEMENTS(added));
}

/* what is said of them */
static void
add_log_entries(GArray *entries, Options *options)
{
	const GOptionEntry added[] = {
		{"lab",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->lab,
		 "Lab, when the log does not say",
		 "NAME"},
		{"project", 0, 0, G_OPTION_ARG_STRING, &options->project, "Project", "NAME"},
		{"suite", 0, 0, G_OPTION_ARG_STRING, &options->suite, "Suite", "NAME"},
		{"branch", 0, 0, G_OPTION_ARG_STRING, &options->branch, "Branch", "NAME"},
		{"label",
		 0,
		 0,
		 G_OPTION_ARG_STRING_ARRAY,
		 &options->labels,
		 "Any other label (not with --server)",
		 "KEY=VALUE"},
		{"revision",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->revision,
		 "Revision that was tested",
		 "ID"},
		{"build",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->build,
		 "Build that was tested",
		 "ID"},
		{"url",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->url,
		 "Where people find the job",
		 "URL"},
		{"started-at",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->started_at,
		 "When the run started (RFC 3339)",
		 "TIME"},
		{"parser",
		 'p',
		 0,
		 G_OPTION_ARG_STRING,
		 &options->parser,
		 "Use this parser, whatever others say",
		 "NAME"},
	};
	g_array_append_vals(entries, added, G_N_ELEMENTS(added));
}

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	g_autoptr(GArray) entries = g_array_new(TRUE, FALSE, sizeof(GOptionEntry));
	add_place_entries(entries, options);
	add_log_entries(entries, options);
	return pdc_read_options(argc,
				argv,
				(const GOptionEntry *)entries->data,
				"FILE|DIRECTORY...",
				"Reads logs into a store, or sends them to a server.");
}

int
pdc_ingest(int argc, char **argv)
{
	g_auto(Options) options = {.push = {.retry_for = 300, .timeout = 120}};
	g_auto(Ingestion) ingestion = {0};
	g_autoptr(GError) error = NULL;
	if (!read_options(&options, &argc, &argv))
		return PDC_USAGE;
	if (argc < 2 || (options.server != NULL && options.labels != NULL)) {
		pdc_complain(argc < 2 ? "which logs? see perfdash ingest --help"
				      : "--label does not go with --server");
		return PDC_USAGE;
	}
	ingestion.origin = build_origin(&options, &error);
	if (ingestion.origin == NULL) {
		pdc_complain("%s", error->message);
		return PDC_USAGE;
	}
	if (options.server != NULL && !start_push(&ingestion, &options))
		return PDC_USAGE;
	if (options.server == NULL && !start_pipeline(&ingestion, &options))
		return PDC_FAILED;
	return ingest_all(&ingestion, argv + 1, argc - 1);
}
