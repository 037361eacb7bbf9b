/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-parser-runner.h"

#include <unistd.h>

#include "perfdash-error.h"
#include "perfdash-found-runs.h"
#include "perfdash-parse-result-private.h"
#include "perfdash-parser-registry-private.h"
#include "perfdash-parser-server.h"
#include "perfdash-scratch.h"
#include "perfdash-unpacker.h"
#include "worker/perfdash-worker-protocol.h"

#define DEFAULT_TIMEOUT  60000  /* milliseconds */
#define LOOK_AROUND      100000 /* microseconds, whether somebody waits no more */
#define DEFAULT_MAX_SIZE (G_GUINT64_CONSTANT(2) << 30) /* bytes */
#define MAX_RESULTS      2000000 /* of one log; what a builder takes, from several parsers */

struct _PerfdashParserRunner {
	GObject parent_instance;
	PerfdashParserRegistry *registry;
	guint timeout;    /* milliseconds */
	guint64 max_size; /* bytes of a log that was compressed */
	GMutex lock;      /* of what follows */
	GCond ended;
	guint n_running;
	GQueue servers; /* of PerfdashParserServer, those that wait for a log */
};

G_DEFINE_FINAL_TYPE(PerfdashParserRunner, perfdash_parser_runner, G_TYPE_OBJECT)

/* waits until fewer workers run than there are processors, and is one of them from then on */
static gboolean
take_place(PerfdashParserRunner *self, GCancellable *cancellable, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	while (self->n_running >= g_get_num_processors()) {
		gint64 until = g_get_monotonic_time() + LOOK_AROUND;
		if (g_cancellable_set_error_if_cancelled(cancellable, error))
			return FALSE;
		g_cond_wait_until(&self->ended, &self->lock, until);
	}
	self->n_running++;
	return TRUE;
}

/* a worker of one's own */
static PerfdashParserServer *
take_server(PerfdashParserRunner *self, GError **error)
{
	g_mutex_lock(&self->lock);
	PerfdashParserServer *server = g_queue_pop_head(&self->servers);
	g_mutex_unlock(&self->lock);
	/* it may have been ended since, such as for want of memory */
	if (server != NULL && !perfdash_parser_server_is_alive(server))
		g_clear_pointer(&server, perfdash_parser_server_free);
	return server != NULL ? server : perfdash_parser_server_new(error);
}

static void
give_back(PerfdashParserRunner *self, PerfdashParserServer *server)
{
	gboolean alive = server != NULL && perfdash_parser_server_is_alive(server);
	if (server != NULL && !alive)
		perfdash_parser_server_free(server);
	g_mutex_lock(&self->lock);
	if (alive)
		g_queue_push_head(&self->servers, server);
	self->n_running--;
	g_cond_signal(&self->ended);
	g_mutex_unlock(&self->lock);
}

/* nothing a worker says is believed: runs are built again, and only an error of a log is taken over
 * as one */
static GPtrArray *
read_runs(GVariant *variants, GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	guint n_results = 0;
	for (gsize i = 0; i < g_variant_n_children(variants); i++) {
		g_autoptr(GVariant) one = g_variant_get_child_value(variants, i);
		g_autoptr(GError) local = NULL;
		PerfdashRun *run = perfdash_run_new_from_variant(one, &local);
		if (run == NULL) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_PROTOCOL,
				    "the parser's process gave a run that is not valid: %s",
				    local->message);
			return NULL;
		}
		g_ptr_array_add(runs, run);
		n_results += perfdash_run_get_n_results(run);
		if (n_results > MAX_RESULTS) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_PROTOCOL,
				    "the parser's process gave more than %d results",
				    MAX_RESULTS);
			return NULL;
		}
	}
	return g_steal_pointer(&runs);
}

static gboolean
is_error_of_log(const char *class, PerfdashError *code)
{
	return perfdash_error_from_string(class, code) &&
	       (*code == PERFDASH_ERROR_UNREADABLE || *code == PERFDASH_ERROR_BROKEN ||
		*code == PERFDASH_ERROR_OVER_LIMIT || *code == PERFDASH_ERROR_BLOCKED);
}

static PerfdashParseResult *
result_new(const char *parser,
	   const char *version,
	   GPtrArray *runs,
	   const GError *error,
	   GStrv explanation)
{
	PerfdashParseResult *result = runs != NULL
					      ? perfdash_parse_result_new(parser, version, runs)
					      : perfdash_parse_result_new_for_error(parser,
										    version,
										    error);
	perfdash_parse_result_take_explanation(result, explanation);
	return result;
}

static char *
explain(const char *parser, guint score, guint line, const char *conclusion)
{
	return g_strdup_printf("%s (%u of 100), line %u: %s", parser, score, line, conclusion);
}

static GStrv
explain_claims(GVariantIter *claims)
{
	g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
	const char *parser;
	const char *conclusion;
	guint score;
	guint line;
	while (g_variant_iter_next(claims, "(&suu&s)", &parser, &score, &line, &conclusion)) {
		g_autofree char *text = explain(parser, score, line, conclusion);
		g_strv_builder_add(lines, text);
	}
	return g_strv_builder_end(lines);
}

static PerfdashParseResult *
read_answer(GVariant *answer, gboolean is_cut)
{
	g_autoptr(GVariant) variants = NULL;
	g_autoptr(GVariantIter) claims = NULL;
	g_autoptr(GPtrArray) runs = NULL;
	g_autoptr(GError) local = NULL;
	const char *parser;
	const char *version;
	const char *class;
	const char *message;
	PerfdashError code;
	g_variant_get(answer,
		      "(&s&s&s&s@a" PERFDASH_RUN_VARIANT_TYPE "a(suus))",
		      &parser,
		      &version,
		      &class,
		      &message,
		      &variants,
		      &claims);
	if (*class == '\0')
		runs = read_runs(variants, &local);
	else if (is_error_of_log(class, &code))
		g_set_error_literal(&local, PERFDASH_ERROR, code, message);
	else
		g_set_error(&local,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_PROTOCOL,
			    "the parser's process gave an error of unknown class \"%s\"",
			    class);
	if (runs != NULL && runs->len > 0 && is_cut)
		perfdash_found_runs_set_partial(runs, PERFDASH_FOUND_RUNS_CUT);
	return result_new(parser, version, runs, local, explain_claims(claims));
}

/* NULL when no parser of this process recognises the log */
static PerfdashParseResult *
parse_here(GPtrArray *infos, PerfdashLog *log, GBytes *bytes, gboolean forced)
{
	g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_candidate_free);
	g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < infos->len; i++) {
		PerfdashParserInfo *info = g_ptr_array_index(infos, i);
		if (perfdash_parser_info_get_parser(info) != NULL)
			g_ptr_array_add(candidates, perfdash_parser_info_to_candidate(info));
	}
	if (candidates->len == 0)
		return NULL;
	g_autoptr(PerfdashReading) reading = perfdash_recognizer_read(candidates,
								      forced,
								      perfdash_log_get_name(log),
								      bytes,
								      &error);
	if (g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_UNREADABLE) && !forced)
		return NULL;
	for (guint i = 0; i < reading->claims->len; i++) {
		PerfdashClaim *one = g_ptr_array_index(reading->claims, i);
		g_autofree char *text =
			explain(one->candidate->name, one->score, one->line, one->conclusion);
		g_strv_builder_add(lines, text);
	}
	return result_new(reading->parser,
			  reading->version,
			  reading->runs,
			  error,
			  g_strv_builder_end(lines));
}

/* of the worker */
static GStrv
build_arguments(PerfdashParserRunner *self, GPtrArray *infos, PerfdashLog *log, gboolean forced)
{
	g_autoptr(GStrvBuilder) arguments = g_strv_builder_new();
	const char *interpreter = perfdash_parser_registry_get_interpreter(self->registry);
	if (*interpreter != '\0')
		g_strv_builder_add_many(arguments, "--interpreter", interpreter, NULL);
	if (forced)
		g_strv_builder_add(arguments, "--forced");
	g_strv_builder_add(arguments, "--parse");
	g_strv_builder_add(arguments, perfdash_log_get_name(log));
	for (guint i = 0; i < infos->len; i++) {
		PerfdashParserInfo *info = g_ptr_array_index(infos, i);
		if (*perfdash_parser_info_get_path(info) == '\0' ||
		    perfdash_parser_info_get_blocked(info) != NULL)
			continue;
		PerfdashCandidate *one = perfdash_parser_info_to_candidate(info);
		g_autofree char *kind = g_strdup_printf("%u", one->kind);
		g_strv_builder_add_many(arguments,
					one->path,
					one->name,
					one->version,
					one->globs,
					kind,
					one->marks,
					NULL);
		perfdash_candidate_free(one);
	}
	return g_strv_builder_end(arguments);
}

/* what a worker reads, and how long it may take for all that it does */
typedef struct {
	int fd;
	gboolean is_scratch; /* and owned */
	gboolean is_cut;     /* what it was unpacked from ended too early */
	gint64 left;         /* microseconds, without those in which all workers were busy */
	GCancellable *cancellable;
} Input;

static void
input_clear(Input *self)
{
	if (self->is_scratch)
		close(self->fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Input, input_clear)

static GVariant *
run_worker(PerfdashParserRunner *self,
	   const char *const *arguments,
	   Input *input,
	   int output,
	   const char *answer_type,
	   GError **error)
{
	if (!take_place(self, input->cancellable, error))
		return NULL;
	PerfdashParserServer *server = take_server(self, error);
	gint64 start = g_get_monotonic_time();
	GVariant *answer = NULL;
	if (server != NULL)
		answer = perfdash_parser_server_run(server,
						    arguments,
						    input->fd,
						    output,
						    answer_type,
						    MAX(input->left, 0) / 1000,
						    input->cancellable,
						    error);
	input->left -= g_get_monotonic_time() - start;
	give_back(self, server);
	return answer;
}

/* one layer, to a file: what is unpacked may be as large as a log that never was compressed */
static gboolean
unpack(PerfdashParserRunner *self, Input *input, GError **error)
{
	g_autofree char *max_size = g_strdup_printf("%" G_GUINT64_FORMAT, self->max_size);
	const char *const arguments[] = {"--unpack", max_size, NULL};
	int scratch = perfdash_scratch_open(error);
	if (scratch < 0)
		return FALSE;
	g_autoptr(GVariant) done = run_worker(self, arguments, input, scratch, NULL, error);
	if (done == NULL) {
		close(scratch);
		return FALSE;
	}
	scratch = perfdash_scratch_seal(scratch, error);
	if (scratch < 0)
		return FALSE;
	input_clear(input);
	input->is_cut |= g_variant_get_boolean(done);
	input->fd = scratch;
	input->is_scratch = TRUE;
	return TRUE;
}

/* The worker that unpacks is another one than the one that parses, so that no module ever has a
 * descriptor to write to or more memory for it */
static GVariant *
run_layers(PerfdashParserRunner *self, const char *const *arguments, Input *input, GError **error)
{
	for (guint i = 0;
	     i < PERFDASH_UNPACKER_MAX_LAYERS && perfdash_unpacker_is_packed_file(input->fd);
	     i++) {
		if (!unpack(self, input, error))
			return NULL;
	}
	return run_worker(self, arguments, input, -1, PERFDASH_ANSWER_TYPE, error);
}

static PerfdashParseResult *
parse_in_worker(PerfdashParserRunner *self,
		GPtrArray *infos,
		PerfdashLog *log,
		gboolean forced,
		GCancellable *cancellable,
		GError **error)
{
	g_auto(GStrv) arguments = build_arguments(self, infos, log, forced);
	g_autoptr(GError) local = NULL;
	g_auto(Input) input = {
		.fd = perfdash_log_get_fd(log),
		.left = self->timeout * (gint64)1000,
		.cancellable = cancellable,
	};
	g_autoptr(GVariant)
		answer = run_layers(self, (const char *const *)arguments, &input, &local);
	if (answer != NULL)
		return read_answer(answer, input.is_cut);
	if (local->domain != PERFDASH_ERROR || local->code == PERFDASH_ERROR_IO) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	return result_new("", "", NULL, local, g_new0(char *, 1));
}

static GPtrArray *
list_candidates(PerfdashParserRunner *self, const char *name, GError **error)
{
	g_autoptr(GPtrArray) all = perfdash_parser_registry_list(self->registry);
	g_autoptr(GString) names = g_string_new(NULL);
	PerfdashParserInfo *info = name != NULL
					   ? perfdash_parser_registry_lookup(self->registry, name)
					   : NULL;
	if (name == NULL)
		return g_steal_pointer(&all);
	for (guint i = 0; i < all->len; i++)
		g_string_append_printf(names,
				       "%s%s",
				       i > 0 ? ", " : "",
				       perfdash_parser_info_get_name(g_ptr_array_index(all, i)));
	if (info == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no parser \"%s\", only: %s",
			    name,
			    names->str);
		return NULL;
	}
	g_ptr_array_set_size(all, 0);
	g_ptr_array_add(all, info);
	return g_steal_pointer(&all);
}

/**
 * perfdash_parser_runner_parse:
 * @self: a #PerfdashParserRunner
 * @log: a log
 * @parser: (nullable): name of the parser to use, or %NULL to let the parsers decide
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Reads a log in a process of its own. That the log cannot be read is no error here but part of the
 * result. Blocks; as many logs are read at the same time as there are processors.
 *
 * Returns: (transfer full): what was read, or %NULL with %PERFDASH_ERROR_NOT_FOUND (no such
 * parser), %PERFDASH_ERROR_IO (no process can be run) or %G_IO_ERROR_CANCELLED
 *
 * Since: 0.1
 */
PerfdashParseResult *
perfdash_parser_runner_parse(PerfdashParserRunner *self,
			     PerfdashLog *log,
			     const char *parser,
			     GCancellable *cancellable,
			     GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER_RUNNER(self) && PERFDASH_IS_LOG(log), NULL);
	g_autoptr(GBytes) bytes = perfdash_log_map(log, error);
	g_autoptr(GPtrArray) candidates = bytes != NULL ? list_candidates(self, parser, error)
							: NULL;
	if (candidates == NULL)
		return NULL;
	PerfdashParseResult *result = parse_here(candidates, log, bytes, parser != NULL);
	if (result != NULL)
		return result;
	return parse_in_worker(self, candidates, log, parser != NULL, cancellable, error);
}

typedef struct {
	PerfdashLog *log;
	char *parser; /* nullable */
} Parse;

static void
parse_free(Parse *parse)
{
	g_object_unref(parse->log);
	g_free(parse->parser);
	g_free(parse);
}

static void
parse_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
	Parse *parse = task_data;
	GError *error = NULL;
	PerfdashParseResult *result = perfdash_parser_runner_parse(source,
								   parse->log,
								   parse->parser,
								   cancellable,
								   &error);
	if (result != NULL)
		g_task_return_pointer(task, result, g_object_unref);
	else
		g_task_return_error(task, error);
}

/**
 * perfdash_parser_runner_parse_async:
 * @self: a #PerfdashParserRunner
 * @log: a log
 * @parser: (nullable): name of the parser to use, or %NULL to let the parsers decide
 * @cancellable: (nullable): a #GCancellable
 * @callback: called in the caller's main context
 * @user_data: passed to @callback
 *
 * Like perfdash_parser_runner_parse(), without blocking.
 *
 * Since: 0.1
 */
void
perfdash_parser_runner_parse_async(PerfdashParserRunner *self,
				   PerfdashLog *log,
				   const char *parser,
				   GCancellable *cancellable,
				   GAsyncReadyCallback callback,
				   gpointer user_data)
{
	g_return_if_fail(PERFDASH_IS_PARSER_RUNNER(self) && PERFDASH_IS_LOG(log));
	g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
	Parse *parse = g_new0(Parse, 1);
	parse->log = g_object_ref(log);
	parse->parser = g_strdup(parser);
	g_task_set_source_tag(task, perfdash_parser_runner_parse_async);
	g_task_set_task_data(task, parse, (GDestroyNotify)parse_free);
	g_task_run_in_thread(task, parse_thread);
}

/**
 * perfdash_parser_runner_parse_finish:
 * @self: a #PerfdashParserRunner
 * @result: what the callback was given
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): what was read, or %NULL as perfdash_parser_runner_parse() does
 *
 * Since: 0.1
 */
PerfdashParseResult *
perfdash_parser_runner_parse_finish(PerfdashParserRunner *self,
				    GAsyncResult *result,
				    GError **error)
{
	g_return_val_if_fail(g_task_is_valid(result, self), NULL);
	return g_task_propagate_pointer(G_TASK(result), error);
}

/**
 * perfdash_parser_runner_get_registry:
 * @self: a #PerfdashParserRunner
 *
 * Returns: (transfer none): the parsers that are asked
 *
 * Since: 0.1
 */
PerfdashParserRegistry *
perfdash_parser_runner_get_registry(PerfdashParserRunner *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER_RUNNER(self), NULL);
	return self->registry;
}

/**
 * perfdash_parser_runner_set_timeout:
 * @self: a #PerfdashParserRunner
 * @milliseconds: how long reading a log may take; a minute when this is not called
 *
 * To be called before the runner is used.
 *
 * Since: 0.1
 */
void
perfdash_parser_runner_set_timeout(PerfdashParserRunner *self, guint milliseconds)
{
	g_return_if_fail(PERFDASH_IS_PARSER_RUNNER(self));
	self->timeout = milliseconds;
}

/**
 * perfdash_parser_runner_set_max_size:
 * @self: a #PerfdashParserRunner
 * @max_size: how many bytes a log may have when it is unpacked; 2 GiB when this is not called
 *
 * To be called before the runner is used.
 *
 * Since: 0.1
 */
void
perfdash_parser_runner_set_max_size(PerfdashParserRunner *self, guint64 max_size)
{
	g_return_if_fail(PERFDASH_IS_PARSER_RUNNER(self));
	self->max_size = max_size;
}

static void
perfdash_parser_runner_finalize(GObject *object)
{
	PerfdashParserRunner *self = PERFDASH_PARSER_RUNNER(object);
	g_clear_object(&self->registry);
	g_queue_clear_full(&self->servers, (GDestroyNotify)perfdash_parser_server_free);
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->ended);
	G_OBJECT_CLASS(perfdash_parser_runner_parent_class)->finalize(object);
}

static void
perfdash_parser_runner_class_init(PerfdashParserRunnerClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_parser_runner_finalize;
}

static void
perfdash_parser_runner_init(PerfdashParserRunner *self)
{
	g_mutex_init(&self->lock);
	g_cond_init(&self->ended);
	g_queue_init(&self->servers);
	self->timeout = DEFAULT_TIMEOUT;
	self->max_size = DEFAULT_MAX_SIZE;
}

/**
 * perfdash_parser_runner_new:
 * @registry: the parsers to ask
 *
 * Returns: (transfer full): a runner, which may be used from any thread
 *
 * Since: 0.1
 */
PerfdashParserRunner *
perfdash_parser_runner_new(PerfdashParserRegistry *registry)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER_REGISTRY(registry), NULL);
	PerfdashParserRunner *self = g_object_new(PERFDASH_TYPE_PARSER_RUNNER, NULL);
	self->registry = g_object_ref(registry);
	return self;
}
