/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The process that runs other people's parsers: reads one log, says what it found, ends. */

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perfdash-error.h"
#include "perfdash-parser-loader.h"
#include "perfdash-recognizer.h"
#include "perfdash-sanitizer.h"
#include "perfdash-unpacker.h"
#include "perfdash-worker-limits.h"
#include "perfdash-worker-protocol.h"
#include "perfdash-worker-sandbox.h"
#include "perfdash-worker-seccomp.h"
#include "perfdash-worker-self-test.h"
#include "perfdash-worker-server.h"

#if HAS_ADDRESS_SANITIZER
/* it looks for leaks, and names functions, by other processes, which the sandbox does not have */
const char *
__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_leaks=0:symbolize=0";
}
#endif

/* what modules print must not come between the answer's bytes */
static int
take_output(void)
{
	int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (output >= 0)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	return output;
}

static gboolean
write_all(int fd, const char *data, gsize left)
{
	while (left > 0) {
		gssize n = write(fd, data, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		left -= n;
	}
	return TRUE;
}

static int
send_answer(int output, GVariant *answer)
{
	if (write_all(output, g_variant_get_data(answer), g_variant_get_size(answer)))
		return 0;
	g_printerr("failed to write the answer: %s\n", g_strerror(errno));
	return 1;
}

static GVariant *
describe_module(const char *path)
{
	g_autoptr(GError) error = NULL;
	PerfdashParserModule module;
	g_autoptr(PerfdashParser) parser = perfdash_parser_loader_open(path, &module, &error);
	if (parser == NULL)
		return g_variant_new("(sssssuss)", path, "", "", "", "", 0, "", error->message);
	return g_variant_new("(sssssuss)",
			     path,
			     module.name,
			     module.version,
			     module.description,
			     module.globs,
			     module.kind,
			     module.marks != NULL ? module.marks : "",
			     "");
}

static GVariant *
describe(char **paths)
{
	g_auto(GVariantBuilder)
		builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE(PERFDASH_DESCRIPTION_TYPE));
	for (guint i = 0; paths[i] != NULL; i++)
		g_variant_builder_add_value(&builder, describe_module(paths[i]));
	return g_variant_ref_sink(g_variant_builder_end(&builder));
}

/* from the arguments of --parse */
static GPtrArray *
list_candidates(char **arguments)
{
	GPtrArray *candidates = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_candidate_free);
	for (char **one = arguments; *one != NULL; one += PERFDASH_MODULE_ARGUMENTS)
		g_ptr_array_add(candidates,
				perfdash_candidate_new(one[0],
						       one[1],
						       one[2],
						       one[3],
						       one[5],
						       g_ascii_strtoull(one[4], NULL, 10)));
	return candidates;
}

static GVariant *
runs_to_variant(GPtrArray *runs)
{
	g_auto(GVariantBuilder)
		builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a" PERFDASH_RUN_VARIANT_TYPE));
	for (guint i = 0; runs != NULL && i < runs->len; i++)
		g_variant_builder_add_value(&builder,
					    perfdash_run_to_variant(g_ptr_array_index(runs, i)));
	return g_variant_builder_end(&builder);
}

static GVariant *
claims_to_variant(GPtrArray *claims)
{
	g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a(suus)"));
	for (guint i = 0; i < claims->len; i++) {
		PerfdashClaim *one = g_ptr_array_index(claims, i);
		g_autofree char *conclusion = g_utf8_make_valid(one->conclusion, -1);
		g_variant_builder_add(&builder,
				      "(suus)",
				      one->candidate->name,
				      one->score,
				      one->line,
				      conclusion);
	}
	return g_variant_builder_end(&builder);
}

static GVariant *
answer_new(PerfdashReading *reading, const GError *error)
{
	g_autofree char *message = error != NULL ? g_utf8_make_valid(error->message, -1) : NULL;
	return g_variant_ref_sink(
		g_variant_new("(ssss@a" PERFDASH_RUN_VARIANT_TYPE "@a(suus))",
			      reading->parser,
			      reading->version,
			      error != NULL ? perfdash_error_to_string(error->code) : "",
			      error != NULL ? message : "",
			      runs_to_variant(reading->runs),
			      claims_to_variant(reading->claims)));
}

static GVariant *
parse(const char *log_name, char **modules, gboolean forced)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(STDIN_FILENO, FALSE, NULL);
	g_autoptr(GPtrArray) candidates = list_candidates(modules);
	if (file == NULL) {
		g_printerr("failed to map the log\n");
		return NULL;
	}
	g_autoptr(GBytes) log = g_mapped_file_get_bytes(file);
	g_autoptr(PerfdashReading)
		reading = perfdash_recognizer_read(candidates, forced, log_name, log, &error);
	return answer_new(reading, error);
}

static gboolean
write_unpacked(gpointer data, const guint8 *bytes, gsize size, GError **error)
{
	const int *output = data;
	if (write_all(*output, (const char *)bytes, size))
		return TRUE;
	int saved_errno = errno;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_IO,
		    "failed to write what was unpacked: %s",
		    g_strerror(saved_errno));
	return FALSE;
}

static int
unpack(guint64 max_size, int output)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(STDIN_FILENO, FALSE, NULL);
	if (file == NULL) {
		g_printerr("failed to map the log\n");
		return PERFDASH_WORKER_NOT_UNPACKED + PERFDASH_ERROR_IO;
	}
	gboolean is_cut = FALSE;
	g_autoptr(GBytes) packed = g_mapped_file_get_bytes(file);
	if (perfdash_unpacker_run(packed, max_size, write_unpacked, &output, &is_cut, &error))
		return is_cut ? PERFDASH_WORKER_CUT : 0;
	g_printerr("%s\n", error->message);
	return PERFDASH_WORKER_NOT_UNPACKED + error->code;
}

static guint64
input_size(void)
{
	struct stat status;
	return fstat(STDIN_FILENO, &status) == 0 ? status.st_size : 0;
}

static int
usage(void)
{
	g_printerr("usage: perfdash-worker [OPTION...] --describe MODULE...\n"
		   "       perfdash-worker [OPTION...] [--forced] --parse LOG-NAME "
		   "(MODULE NAME VERSION GLOBS KIND MARKS)...\n"
		   "       perfdash-worker [OPTION...] --unpack MAX-SIZE\n"
		   "       perfdash-worker --serve | --self-test\n"
		   "options: --no-sandbox, --interpreter MODULE\n");
	return 2;
}

typedef struct {
	gboolean no_sandbox;
	gboolean forced;
	gboolean unpacks;
	guint64 max_size;        /* bytes to which it unpacks at most */
	const char *interpreter; /* nullable */
	const char *log_name;    /* NULL to describe modules */
	char **modules;          /* with what follows each when there is a log */
} Task;

static gboolean
read_arguments(char **argv, Task *task)
{
	for (argv++; *argv != NULL; argv++) {
		if (g_str_equal(*argv, "--no-sandbox"))
			task->no_sandbox = TRUE;
		else if (g_str_equal(*argv, "--forced"))
			task->forced = TRUE;
		else if (g_str_equal(*argv, "--interpreter") && argv[1] != NULL)
			task->interpreter = *++argv;
		else
			break;
	}
	task->unpacks = g_strcmp0(*argv, "--unpack") == 0 && argv[1] != NULL;
	if (task->unpacks) {
		task->max_size = g_ascii_strtoull(argv[1], NULL, 10);
		task->modules = argv + 2;
		return *task->modules == NULL;
	}
	task->modules = argv[0] != NULL ? argv + 1 : argv;
	if (g_strcmp0(*argv, "--parse") == 0 && argv[1] != NULL) {
		task->log_name = argv[1];
		task->modules = argv + 2;
		return g_strv_length(task->modules) % PERFDASH_MODULE_ARGUMENTS == 0;
	}
	return g_strcmp0(*argv, "--describe") == 0;
}

/* the paths among the arguments */
static GStrv
list_modules(const Task *task)
{
	g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
	guint step = task->log_name != NULL ? PERFDASH_MODULE_ARGUMENTS : 1;
	guint n = g_strv_length(task->modules);
	for (guint i = 0; i < n; i += step)
		g_strv_builder_add(paths, task->modules[i]);
	if (task->interpreter != NULL)
		g_strv_builder_add(paths, task->interpreter);
	return g_strv_builder_end(paths);
}

static gboolean
lock_in(const Task *task, int output, GError **error)
{
	g_auto(GStrv) modules = list_modules(task);
	guint64 output_size = task->unpacks ? task->max_size : PERFDASH_WORKER_ANSWER;
	if (task->no_sandbox)
		return perfdash_worker_limits_apply(input_size(), output_size, error);
	return perfdash_worker_sandbox_apply(modules, output, input_size(), output_size, error);
}

/* what a worker does with one log, or with modules */
static int
work(char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = NULL;
	Task task = {FALSE};
	if (!read_arguments(argv, &task))
		return usage();
	int output = take_output();
	if (output < 0 || !lock_in(&task, output, &error)) {
		g_printerr("%s\n", error != NULL ? error->message : "failed to take the output");
		return PERFDASH_WORKER_NOT_LOCKED;
	}
	if (task.unpacks)
		return unpack(task.max_size, output);
	perfdash_parser_loader_set_interpreter(task.interpreter);
	if (task.log_name == NULL)
		answer = describe(task.modules);
	else
		answer = parse(task.log_name, task.modules, task.forced);
	return answer != NULL ? send_answer(output, answer) : 1;
}

/* reads a log as no parser knows it: what any log needs is bound, registered and compiled here, and
 * not by each child again */
static void
warm_up(void)
{
	static const char text[] = "{\"a\": [1]}\n";
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) candidates = g_ptr_array_new();
	g_autoptr(GBytes) log = g_bytes_new_static(text, strlen(text));
	g_autoptr(PerfdashReading)
		reading = perfdash_recognizer_read(candidates, FALSE, "log", log, &error);
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_label(builder, "suite", "s");
	perfdash_run_builder_add_result(builder, "b", "m", "ms", PERFDASH_DIRECTION_LOWER, 1);
	perfdash_run_builder_add_stat(builder, "p99", 2);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	g_autoptr(GVariant) unread = answer_new(reading, error);
	g_autoptr(GVariant) read = g_variant_ref_sink(runs_to_variant(runs));
	g_variant_get_data(read);
	perfdash_worker_seccomp_warm_up();
}

int
main(int argc, char **argv)
{
	/* the arguments of other tasks are names that somebody else chose */
	const char *last = argc <= 3 ? argv[argc - 1] : "";
	setlocale(LC_ALL, "C");
	if (g_str_equal(last, "--serve")) {
		warm_up();
		return perfdash_worker_server_run(work);
	}
	if (g_str_equal(last, "--self-test"))
		return perfdash_worker_self_test() ? 0 : 1;
	return work(argv);
}
