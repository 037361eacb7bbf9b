/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads logs again that were taken in before: the bytes that the archive kept, in the sandbox, with
 * what their source said of them then. Nothing is written; perfdash_store_replace_logs() does that
 * with what this gives. */

#include "perfdash-reparser.h"

#include <string.h>

#include "perfdash-error.h"
#include "perfdash-origin-private.h"
#include "perfdash-pairing.h"
#include "perfdash-permission.h"
#include "perfdash-run-builder.h"

#define PAGE 1000 /* logs */

struct _PerfdashReparser {
	GObject parent_instance;
	PerfdashStore *store;
	PerfdashParserRunner *runner;
	PerfdashArchive *archive;
	PerfdashSelector *allowed; /* nullable: everything is */
};

G_DEFINE_FINAL_TYPE(PerfdashReparser, perfdash_reparser, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE(PerfdashDue,
		   perfdash_due,
		   G_DEFINE_ENUM_VALUE(PERFDASH_DUE_OUTDATED, "outdated"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_DUE_FAILED, "failed"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_DUE_ALL, "all"))

/**
 * perfdash_due_to_string:
 * @due: a #PerfdashDue
 *
 * Returns: `outdated`, `failed` or `all`
 *
 * Since: 0.1
 */
const char *
perfdash_due_to_string(PerfdashDue due)
{
	static const char *const names[] = {"outdated", "failed", "all"};
	g_return_val_if_fail((guint)due < G_N_ELEMENTS(names), NULL);
	return names[due];
}

/* which logs are asked for */
typedef struct {
	PerfdashDue due;
	const char *source; /* nullable */
	const char *parser; /* nullable */
	gint64 since;
	PerfdashParserRegistry *registry;
	guint n_orphans;
} Choice;

static gboolean
could_not_be_read(PerfdashLogRecord *record)
{
	return perfdash_log_record_get_error(record) != NULL ||
	       perfdash_log_record_get_outcome(record) == PERFDASH_OUTCOME_NO_RESULT;
}

/* as a reading names the versions of its parsers: each once; NULL when one is not there any more */
static char *
list_versions(PerfdashParserRegistry *registry, GStrv names)
{
	g_autoptr(GPtrArray) versions = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; names[i] != NULL; i++) {
		g_autoptr(PerfdashParserInfo)
			info = perfdash_parser_registry_lookup(registry, names[i]);
		const char *version = info != NULL ? perfdash_parser_info_get_version(info) : NULL;
		if (version == NULL)
			return NULL;
		if (!g_ptr_array_find_with_equal_func(versions, version, g_str_equal, NULL))
			g_ptr_array_add(versions, g_strdup(version));
	}
	g_ptr_array_add(versions, NULL);
	return g_strjoinv(", ", (GStrv)versions->pdata);
}

static gboolean
is_due(Choice *choice, PerfdashLogRecord *record)
{
	g_auto(GStrv) names = g_strsplit(perfdash_log_record_get_parser(record), ", ", -1);
	if ((choice->source != NULL &&
	     !g_str_equal(choice->source, perfdash_log_record_get_source(record))) ||
	    (choice->parser != NULL &&
	     !g_strv_contains((const char *const *)names, choice->parser)) ||
	    perfdash_log_record_get_received_at(record) < choice->since)
		return FALSE;
	if (choice->due == PERFDASH_DUE_ALL || could_not_be_read(record))
		return TRUE;
	if (choice->due == PERFDASH_DUE_FAILED)
		return FALSE;
	g_autofree char *versions = list_versions(choice->registry, names);
	choice->n_orphans += versions == NULL;
	return versions != NULL &&
	       !g_str_equal(versions, perfdash_log_record_get_parser_version(record));
}

/* the runs that are stored of a log */
static GPtrArray *
load_runs(PerfdashReparser *self, PerfdashLogRecord *record, GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	gsize n;
	const gint64 *ids = perfdash_log_record_get_runs(record, &n);
	for (gsize i = 0; i < n; i++) {
		PerfdashRun *run = perfdash_store_load_run(self->store, ids[i], error);
		if (run == NULL)
			return NULL;
		g_ptr_array_add(runs, run);
	}
	perfdash_pairing_drop_leftovers(runs);
	return g_steal_pointer(&runs);
}

/* nothing of a log is to be read again when another one took its place and all its runs; FALSE with
 * an error */
static gboolean
has_left(PerfdashReparser *self, PerfdashLogRecord *record, gboolean *is_left, GError **error)
{
	g_autoptr(GPtrArray) runs = NULL;
	*is_left = TRUE;
	if (perfdash_log_record_get_replaced_by(record) == 0)
		return TRUE;
	runs = load_runs(self, record, error);
	*is_left = runs != NULL && runs->len > 0;
	return runs != NULL;
}

static int
compare_ids(gconstpointer a, gconstpointer b)
{
	gint64 left = perfdash_log_record_get_id(*(PerfdashLogRecord *const *)a);
	gint64 right = perfdash_log_record_get_id(*(PerfdashLogRecord *const *)b);
	return (left > right) - (left < right);
}

/**
 * perfdash_reparser_list_due:
 * @self: a #PerfdashReparser
 * @due: which logs
 * @source: (nullable): only those of this source
 * @parser: (nullable): only those that this parser read, maybe with others
 * @since: only those that came since then, in microseconds since 1970 UTC
 * @n_orphans: (out) (optional): how many logs are left out because a parser of theirs is not there
 * any more, so that nobody can tell what it would read now
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashLogRecord): logs, the one that came first
 * first, or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_reparser_list_due(PerfdashReparser *self,
			   PerfdashDue due,
			   const char *source,
			   const char *parser,
			   gint64 since,
			   guint *n_orphans,
			   GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_REPARSER(self), NULL);
	g_autoptr(GPtrArray) logs = g_ptr_array_new_with_free_func(g_object_unref);
	Choice choice =
		{due, source, parser, since, perfdash_parser_runner_get_registry(self->runner), 0};
	gint64 before = 0;
	guint n = PAGE;
	while (n == PAGE) {
		g_autoptr(GPtrArray) page =
			perfdash_store_list_logs(self->store, NULL, NULL, before, PAGE, error);
		if (page == NULL)
			return NULL;
		n = page->len;
		for (guint i = 0; i < n; i++) {
			PerfdashLogRecord *record = g_ptr_array_index(page, i);
			gboolean is_left;
			before = perfdash_log_record_get_id(record);
			if (!has_left(self, record, &is_left, error))
				return NULL;
			if (is_left && is_due(&choice, record))
				g_ptr_array_add(logs, g_object_ref(record));
		}
	}
	if (n_orphans != NULL)
		*n_orphans = choice.n_orphans;
	g_ptr_array_sort(logs, compare_ids);
	return g_steal_pointer(&logs);
}

/* what all runs say */
static const char *
agree(GPtrArray *runs, const char *(*get)(PerfdashRun *run, const char *key), const char *key)
{
	const char *value = get(g_ptr_array_index(runs, 0), key);
	for (guint i = 1; i < runs->len && value != NULL; i++) {
		const char *other = get(g_ptr_array_index(runs, i), key);
		if (other == NULL || !g_str_equal(value, other))
			value = NULL;
	}
	return value;
}

static const char *
get_label(PerfdashRun *run, const char *key)
{
	return perfdash_labels_get(perfdash_run_get_labels(run), key);
}

static const char *
get_text(PerfdashRun *run, const char *key)
{
	return *key == 'b'   ? perfdash_run_get_build(run)
	       : *key == 'r' ? perfdash_run_get_revision(run)
			     : perfdash_run_get_url(run);
}

static void
describe_labels(PerfdashRunBuilder *builder, GPtrArray *runs)
{
	PerfdashLabels *labels = perfdash_run_get_labels(g_ptr_array_index(runs, 0));
	const char *key;
	const char *value;
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++) {
		if (agree(runs, get_label, key) != NULL)
			perfdash_run_builder_set_label(builder, key, value);
	}
}

/* What the source may have said, of a log from before that was noted: what all its runs say. What
 * the log itself says now counts more. */
static PerfdashRun *
guess_defaults(GPtrArray *runs, GError **error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	if (runs->len > 0) {
		const char *build = agree(runs, get_text, "build");
		const char *revision = agree(runs, get_text, "revision");
		const char *url = agree(runs, get_text, "url");
		describe_labels(builder, runs);
		perfdash_run_builder_set_build(builder, build != NULL ? build : "");
		perfdash_run_builder_set_revision(builder, revision != NULL ? revision : "");
		perfdash_run_builder_set_url(builder, url != NULL ? url : "");
		perfdash_run_builder_set_started_at(
			builder,
			perfdash_run_get_started_at(g_ptr_array_index(runs, 0)));
	}
	g_autoptr(GPtrArray) built = perfdash_run_builder_end(builder, error);
	return built != NULL ? g_object_ref(g_ptr_array_index(built, 0)) : NULL;
}

/* what the source said; FALSE with an error */
static gboolean
find_origin(PerfdashReparser *self,
	    PerfdashLogRecord *record,
	    GPtrArray *runs,
	    PerfdashRun **defaults,
	    char **parser,
	    GError **error)
{
	g_autofree char *identity = perfdash_log_record_dup_identity(record);
	g_autofree char *name = NULL;
	g_autoptr(GBytes) note = perfdash_archive_load_kept_note(self->archive, identity, NULL);
	g_autoptr(PerfdashOrigin) origin = note != NULL ? perfdash_origin_unpack(note, &name, NULL)
							: NULL;
	if (origin == NULL) {
		*defaults = guess_defaults(runs, error);
		return *defaults != NULL;
	}
	*parser = g_strdup(perfdash_origin_get_parser(origin));
	*defaults = g_object_ref(perfdash_origin_get_defaults(origin));
	return TRUE;
}

static PerfdashLog *
open_log(PerfdashReparser *self,
	 PerfdashLogRecord *record,
	 GCancellable *cancellable,
	 GError **error)
{
	g_autoptr(GInputStream)
		stream = perfdash_archive_open(self->archive,
					       perfdash_log_record_get_digest(record),
					       error);
	if (stream == NULL)
		return NULL;
	return perfdash_log_new_from_stream(perfdash_log_record_get_name(record),
					    stream,
					    G_MAXUINT64,
					    cancellable,
					    error);
}

/* a run that nobody dated is as old as its log */
static PerfdashRun *
make_date(PerfdashLogRecord *record, GError **error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_started_at(builder, perfdash_log_record_get_received_at(record));
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	return runs != NULL ? g_object_ref(g_ptr_array_index(runs, 0)) : NULL;
}

static PerfdashParseResult *
complete(PerfdashParseResult *parsed,
	 PerfdashRun *defaults,
	 PerfdashLogRecord *record,
	 GError **error)
{
	g_autoptr(PerfdashRun) date = make_date(record, error);
	g_autoptr(PerfdashRun) all = NULL;
	if (date == NULL)
		return NULL;
	all = defaults != NULL ? perfdash_run_with_defaults(defaults, date) : g_object_ref(date);
	return perfdash_parse_result_with_defaults(parsed, all);
}

static gboolean
check_runs(PerfdashReparser *self, GPtrArray *runs, GError **error)
{
	for (guint i = 0; self->allowed != NULL && i < runs->len; i++) {
		if (!perfdash_permission_check_run(self->allowed,
						   g_ptr_array_index(runs, i),
						   error))
			return FALSE;
	}
	return TRUE;
}

/* runs are those that are stored of the log. One in whose place there is another with all its runs
 * says nothing that counts, whatever it is read as */
static gboolean
check_left(PerfdashLogRecord *record, GPtrArray *runs, GError **error)
{
	gint64 now = perfdash_log_record_get_replaced_by(record);
	gint64 log = perfdash_log_record_get_id(record);
	if (now == 0 || runs->len > 0)
		return TRUE;
	if (now < log && could_not_be_read(record))
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BLOCKED,
			    "log %" G_GINT64_FORMAT " had no results, so that log %" G_GINT64_FORMAT
			    " kept its place; touch its file to have it read again",
			    log,
			    now);
	else
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BLOCKED,
			    "log %" G_GINT64_FORMAT " took the place of log %" G_GINT64_FORMAT
			    " when their file was written again; parse that one",
			    now,
			    log);
	return FALSE;
}

/* of a log in whose place there is another one the runs that are left; that one has the others */
static PerfdashParseResult *
keep_left(PerfdashParseResult *parsed, GPtrArray *before)
{
	GPtrArray *all = perfdash_parse_result_get_runs(parsed);
	g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func(g_object_unref);
	g_autoptr(PerfdashPairing) pairing = perfdash_pairing_new_for_runs(before, all);
	for (guint i = 0; i < all->len; i++) {
		if (pairing->before[i] >= 0)
			g_ptr_array_add(left, g_object_ref(g_ptr_array_index(all, i)));
	}
	return perfdash_parse_result_new(perfdash_parse_result_get_parser(parsed),
					 perfdash_parse_result_get_parser_version(parsed),
					 left);
}

/**
 * perfdash_reparser_read:
 * @self: a #PerfdashReparser
 * @record: what is stored of a log
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Reads a log again as it was read when it came: by the parser that was asked for then, if any, and
 * completed by what its source said of it. A log that cannot be read gives a reading that says why.
 * May be called from several threads at a time; as many workers run as there are processors.
 * Blocks.
 *
 * Returns: (transfer full): what it says now beside what it said, or %NULL with
 * %PERFDASH_ERROR_NOT_FOUND (its bytes are not kept any more), %PERFDASH_ERROR_BLOCKED (the parser
 * that was asked for is not there, or another log has its place and all its runs),
 * %PERFDASH_ERROR_DENIED (see perfdash_reparser_set_allowed()), %PERFDASH_ERROR_IO,
 * %PERFDASH_ERROR_STORE or a #GIOErrorEnum
 *
 * Since: 0.1
 */
PerfdashRereading *
perfdash_reparser_read(PerfdashReparser *self,
		       PerfdashLogRecord *record,
		       GCancellable *cancellable,
		       GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_REPARSER(self) && PERFDASH_IS_LOG_RECORD(record), NULL);
	g_autoptr(GPtrArray) runs = load_runs(self, record, error);
	g_autoptr(PerfdashRun) defaults = NULL;
	g_autofree char *parser = NULL;
	if (runs == NULL || !check_runs(self, runs, error) || !check_left(record, runs, error))
		return NULL;
	g_autoptr(PerfdashLog) log = open_log(self, record, cancellable, error);
	if (log == NULL || !find_origin(self, record, runs, &defaults, &parser, error))
		return NULL;
	g_autoptr(GError) local = NULL;
	g_autoptr(PerfdashParseResult) parsed =
		perfdash_parser_runner_parse(self->runner, log, parser, cancellable, &local);
	if (parsed == NULL) {
		if (g_error_matches(local, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
			local->code = PERFDASH_ERROR_BLOCKED;
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	g_autoptr(PerfdashParseResult) completed = complete(parsed, defaults, record, error);
	if (completed == NULL ||
	    !check_runs(self, perfdash_parse_result_get_runs(completed), error))
		return NULL;
	if (perfdash_log_record_get_replaced_by(record) == 0 ||
	    perfdash_parse_result_get_error(completed) != NULL)
		return perfdash_rereading_new(record, runs, completed);
	g_autoptr(PerfdashParseResult) left = keep_left(completed, runs);
	return perfdash_rereading_new(record, runs, left);
}

/**
 * perfdash_reparser_set_allowed:
 * @self: a #PerfdashReparser
 * @allowed: (nullable): what the labels of each result must match, or %NULL
 *
 * Makes perfdash_reparser_read() refuse logs that had or have results that are not @allowed. To be
 * called before other threads use @self.
 *
 * Since: 0.1
 */
void
perfdash_reparser_set_allowed(PerfdashReparser *self, PerfdashSelector *allowed)
{
	g_return_if_fail(PERFDASH_IS_REPARSER(self));
	g_clear_pointer(&self->allowed, perfdash_selector_unref);
	self->allowed = allowed != NULL ? perfdash_selector_ref(allowed) : NULL;
}

static void
perfdash_reparser_finalize(GObject *object)
{
	PerfdashReparser *self = PERFDASH_REPARSER(object);
	g_clear_object(&self->store);
	g_clear_object(&self->runner);
	g_clear_object(&self->archive);
	g_clear_pointer(&self->allowed, perfdash_selector_unref);
	G_OBJECT_CLASS(perfdash_reparser_parent_class)->finalize(object);
}

static void
perfdash_reparser_class_init(PerfdashReparserClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_reparser_finalize;
}

static void
perfdash_reparser_init(PerfdashReparser *self)
{
}

/**
 * perfdash_reparser_new:
 * @store: what was read before
 * @runner: reads logs
 * @archive: where logs are kept
 *
 * Returns: (transfer full): a reparser; it may be used from any thread
 *
 * Since: 0.1
 */
PerfdashReparser *
perfdash_reparser_new(PerfdashStore *store, PerfdashParserRunner *runner, PerfdashArchive *archive)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(store), NULL);
	g_return_val_if_fail(PERFDASH_IS_PARSER_RUNNER(runner), NULL);
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(archive), NULL);
	PerfdashReparser *self = g_object_new(PERFDASH_TYPE_REPARSER, NULL);
	self->store = g_object_ref(store);
	self->runner = g_object_ref(runner);
	self->archive = g_object_ref(archive);
	return self;
}
