/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whatever a parser does, the log carries the right class of error and the next log is read. */

#include "perfdash-parser-runner.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfdash-error.h"
#include "perfdash-parser-process.h"
#include "worker/perfdash-sanitizer.h"
#include "worker/perfdash-worker-protocol.h"

static PerfdashParserRunner *
make_runner(const char *directory)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashParserRegistry)
		registry = perfdash_parser_registry_new(directory, &error);
	g_assert_no_error(error);
	PerfdashParserRunner *runner = perfdash_parser_runner_new(registry);
	/* a million results take long where each access is checked, or where much else is done */
	perfdash_parser_runner_set_timeout(runner, 120000);
	return runner;
}

static PerfdashLog *
make_log(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	return perfdash_log_new_from_bytes("a.log", bytes, NULL);
}

static PerfdashParseResult *
parse(PerfdashParserRunner *runner, const char *text, const char *parser)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = make_log(text);
	PerfdashParseResult *result =
		perfdash_parser_runner_parse(runner, log, parser, NULL, &error);
	g_assert_no_error(error);
	return result;
}

static const struct {
	const char *name;
	PerfdashError code;
	const char *words;
} crimes[] = {
	{"abort", PERFDASH_ERROR_CRASHED, "signal 6"},
	{"segfault", PERFDASH_ERROR_CRASHED, "signal 11"},
	{"stack", PERFDASH_ERROR_CRASHED, "signal 11"},
	{"exit", PERFDASH_ERROR_CRASHED, "status 3"},
	{"silent-exit", PERFDASH_ERROR_PROTOCOL, "not valid"},
	{"forged", PERFDASH_ERROR_PROTOCOL, "not valid"},
	{"memory", PERFDASH_ERROR_OVER_LIMIT, "memory"},
	{"too-many-results", PERFDASH_ERROR_OVER_LIMIT, "1000000 results"},
	{"not-a-number", PERFDASH_ERROR_BROKEN, "not a finite number"},
	{"no-reason", PERFDASH_ERROR_BROKEN, "no reason"},
	{"foreign-error", PERFDASH_ERROR_BROKEN, "lines"},
	{"open", PERFDASH_ERROR_BROKEN, "refused"},
	{"write", PERFDASH_ERROR_BROKEN, "refused"},
	{"connect", PERFDASH_ERROR_FORBIDDEN, "network"},
	{"exec", PERFDASH_ERROR_FORBIDDEN, "process"},
	{"fork", PERFDASH_ERROR_FORBIDDEN, "process"},
	{"thread", PERFDASH_ERROR_FORBIDDEN, "process"},
	{"kill-parent", PERFDASH_ERROR_FORBIDDEN, "may not"},
	{"late-write", PERFDASH_ERROR_PROTOCOL, "not valid"},
};

static void
test_crime(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autoptr(PerfdashParserRunner) runner = make_runner(g_getenv("MALICE"));
	/* the sanitizer has no limit on memory, and ends a process that crashes with a status */
	if (HAS_ADDRESS_SANITIZER && g_str_equal(crimes[i].name, "memory")) {
		g_test_skip("memory is not limited in this build");
		return;
	}
	for (guint again = 0; again < 2; again++) {
		g_autoptr(PerfdashParseResult) result = parse(runner, "x", crimes[i].name);
		const GError *error = perfdash_parse_result_get_error(result);
		g_assert_error(error, PERFDASH_ERROR, (int)crimes[i].code);
		if (!HAS_ADDRESS_SANITIZER || crimes[i].code != PERFDASH_ERROR_CRASHED)
			g_assert_nonnull(strstr(error->message, crimes[i].words));
		g_assert_cmpuint(perfdash_parse_result_get_runs(result)->len, ==, 0);
	}
}

static void
test_timeout(void)
{
	static const char *const endless[] = {"endless-loop", "chatter"};
	g_autoptr(PerfdashParserRunner) runner = make_runner(g_getenv("MALICE"));
	perfdash_parser_runner_set_timeout(runner, 300);
	for (guint i = 0; i < G_N_ELEMENTS(endless); i++) {
		gint64 start = g_get_monotonic_time();
		g_autoptr(PerfdashParseResult) result = parse(runner, "x", endless[i]);
		g_assert_error(perfdash_parse_result_get_error(result),
			       PERFDASH_ERROR,
			       PERFDASH_ERROR_TIMED_OUT);
		g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_TIME_SPAN_SECOND);
	}
}

static gboolean
is_child(const char *pid)
{
	g_autofree char *path = g_build_filename("/proc", pid, "stat", NULL);
	g_autofree char *status = NULL;
	if (!g_ascii_isdigit(*pid) || !g_file_get_contents(path, &status, NULL, NULL))
		return FALSE;
	/* "PID (NAME) STATE PARENT ..." */
	const char *behind = strrchr(status, ')');
	return behind != NULL && g_ascii_strtoll(behind + strlen(") S "), NULL, 10) == getpid();
}

static guint
end_children(void)
{
	g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
	const char *pid;
	guint n = 0;
	while ((pid = g_dir_read_name(processes)) != NULL) {
		if (!is_child(pid))
			continue;
		siginfo_t info;
		kill(g_ascii_strtoll(pid, NULL, 10), SIGKILL);
		waitid(P_PID, g_ascii_strtoll(pid, NULL, 10), &info, WEXITED | WNOWAIT);
		n++;
	}
	return n;
}

/* a process that somebody ended while it waited for work costs no log */
static void
test_ended(void)
{
	static const char log[] = "stopwatch 1\nb m 1 s\ndone\n";
	g_autoptr(PerfdashParserRunner) runner = make_runner(NULL);
	g_autoptr(PerfdashParseResult) first = parse(runner, log, NULL);
	g_assert_cmpuint(end_children(), ==, 1);
	g_autoptr(PerfdashParseResult) second = parse(runner, log, NULL);
	g_assert_cmpint(perfdash_parse_result_get_outcome(first), ==, PERFDASH_OUTCOME_OK);
	g_assert_cmpint(perfdash_parse_result_get_outcome(second), ==, PERFDASH_OUTCOME_OK);
}

/* what a parser prints does not come between the bytes of the answer */
static void
test_output(void)
{
	g_autoptr(PerfdashParserRunner) runner = make_runner(g_getenv("MALICE"));
	g_autoptr(PerfdashParseResult) result = parse(runner, "x", "output");
	g_assert_no_error((GError *)perfdash_parse_result_get_error(result));
	g_assert_cmpuint(perfdash_parse_result_get_runs(result)->len, ==, 1);
}

/* without a sandbox these do their harm: the tests above see the sandbox, not an accident */
static void
test_no_sandbox(void)
{
	static const char *const crimes_done[] = {"open", "connect", "thread"};
	g_autoptr(PerfdashParserRunner) runner = make_runner(g_getenv("MALICE"));
	g_setenv("PERFDASH_SANDBOX", "no", TRUE);
	for (guint i = 0; i < G_N_ELEMENTS(crimes_done); i++) {
		g_autoptr(PerfdashParseResult) result = parse(runner, "x", crimes_done[i]);
		g_assert_no_error((GError *)perfdash_parse_result_get_error(result));
		g_assert_cmpuint(perfdash_parse_result_get_runs(result)->len, ==, 1);
	}
	g_unsetenv("PERFDASH_SANDBOX");
}

/* where a parser cannot be locked in nothing is read */
static void
test_fail_closed(void)
{
	g_autofree char *worker = g_strdup(g_getenv("PERFDASH_WORKER"));
	g_autofree char *other = g_build_filename(g_getenv("MALICE"), "no-landlock", NULL);
	g_autoptr(PerfdashParserRunner) runner = make_runner(NULL);
	g_autoptr(PerfdashLog) log = make_log("stopwatch 1\nb m 1 s\ndone\n");
	g_autoptr(GError) error = NULL;
	g_setenv("REAL_WORKER", worker, TRUE);
	g_setenv("PERFDASH_WORKER", other, TRUE);
	g_assert_null(perfdash_parser_runner_parse(runner, log, NULL, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_IO);
	g_assert_nonnull(strstr(error->message, "failed to lock the parser in"));
	g_assert_nonnull(strstr(error->message, "sandbox=no"));
	g_setenv("PERFDASH_WORKER", worker, TRUE);
}

static gboolean
cancel(gpointer data)
{
	g_cancellable_cancel(data);
	return G_SOURCE_REMOVE;
}

static void
parsed_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GError **error = user_data;
	g_assert_null(
		perfdash_parser_runner_parse_finish(PERFDASH_PARSER_RUNNER(source), result, error));
}

static void
test_cancel(void)
{
	g_autoptr(PerfdashParserRunner) runner = make_runner(g_getenv("MALICE"));
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	g_autoptr(PerfdashLog) log = make_log("x");
	g_autoptr(GError) error = NULL;
	g_timeout_add(100, cancel, cancellable);
	perfdash_parser_runner_parse_async(runner,
					   log,
					   "endless-loop",
					   cancellable,
					   parsed_cb,
					   &error);
	while (error == NULL)
		g_main_context_iteration(NULL, TRUE);
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_choice(void)
{
	g_autoptr(PerfdashParserRunner) runner = make_runner(NULL);
	g_autoptr(PerfdashLog) log = make_log("x");
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashParseResult) none = parse(runner, "no such log", NULL);
	g_autoptr(PerfdashParseResult) empty = parse(runner, "", NULL);
	g_autoptr(
		PerfdashParseResult) template = parse(runner, "stopwatch 1\nb m 1 s\ndone\n", NULL);
	g_assert_error(perfdash_parse_result_get_error(none),
		       PERFDASH_ERROR,
		       PERFDASH_ERROR_UNREADABLE);
	g_assert_cmpint(perfdash_parse_result_get_outcome(none), ==, PERFDASH_OUTCOME_NO_RESULT);
	g_assert_cmpstr(perfdash_parse_result_get_error(empty)->message, ==, "the log is empty");
	g_assert_cmpstr(perfdash_parse_result_get_parser(template), ==, "template");
	g_assert_cmpint(perfdash_parse_result_get_outcome(template), ==, PERFDASH_OUTCOME_OK);
	g_assert_null(perfdash_parser_runner_parse(runner, log, "nobody", NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, "jmeter"));
}

static GBytes *
compress(GBytes *bytes)
{
	g_autoptr(GConverter)
		compressor = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
	g_autoptr(GInputStream) plain = g_memory_input_stream_new_from_bytes(bytes);
	g_autoptr(GInputStream) packed = g_converter_input_stream_new(plain, compressor);
	g_autoptr(GOutputStream) all = g_memory_output_stream_new_resizable();
	g_output_stream_splice(all, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(all));
}

static PerfdashParseResult *
parse_packed(PerfdashParserRunner *runner, GBytes *packed)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("a.log.gz", packed, &error);
	PerfdashParseResult *result = perfdash_parser_runner_parse(runner, log, NULL, NULL, &error);
	g_assert_no_error(error);
	return result;
}

static void
check_packed(PerfdashParserRunner *runner, GBytes *packed, PerfdashError code, const char *words)
{
	g_autoptr(PerfdashParseResult) result = parse_packed(runner, packed);
	const GError *error = perfdash_parse_result_get_error(result);
	g_assert_error(error, PERFDASH_ERROR, (int)code);
	g_assert_nonnull(strstr(error->message, words));
}

/* a log of several members, in another layer */
static GBytes *
pack_members(gsize *size)
{
	static const char row[] = "1714557600000,5,home,200,OK,t 1-1,text,true\n";
	g_autoptr(GString) rows = g_string_new(NULL);
	g_autoptr(GByteArray) members = g_byte_array_new();
	while (rows->len < 1 << 20)
		g_string_append(rows, row);
	g_autoptr(GBytes) part = g_bytes_new_static(rows->str, rows->len);
	g_autoptr(GBytes) member = compress(part);
	for (guint i = 0; i < 3; i++)
		g_byte_array_append(members,
				    g_bytes_get_data(member, NULL),
				    g_bytes_get_size(member));
	g_autoptr(GBytes) once = g_byte_array_free_to_bytes(g_steal_pointer(&members));
	*size = 3 * rows->len;
	return compress(once);
}

static void
test_packed(void)
{
	g_autoptr(PerfdashParserRunner) runner = make_runner(NULL);
	gsize size;
	g_autoptr(GBytes) packed = pack_members(&size);
	g_autofree char *limit = g_strdup_printf("%" G_GSIZE_FORMAT " bytes", size - 1);
	perfdash_parser_runner_set_max_size(runner, size);
	g_autoptr(PerfdashParseResult) result = parse_packed(runner, packed);
	g_assert_no_error((GError *)perfdash_parse_result_get_error(result));
	g_assert_cmpstr(perfdash_parse_result_get_parser(result), ==, "jmeter");
	PerfdashRun *run = g_ptr_array_index(perfdash_parse_result_get_runs(result), 0);
	PerfdashResult *samples = perfdash_run_get_result(run, 0);
	g_assert_cmpfloat(perfdash_result_get_value(samples),
			  ==,
			  size / strlen("1714557600000,5,home,200,OK,t 1-1,text,true\n"));
	perfdash_parser_runner_set_max_size(runner, size - 1);
	check_packed(runner, packed, PERFDASH_ERROR_OVER_LIMIT, limit);
	check_packed(runner, packed, PERFDASH_ERROR_OVER_LIMIT, "max-log-size");
	g_autoptr(GBytes) cut = g_bytes_new_from_bytes(packed, 0, g_bytes_get_size(packed) - 12);
	perfdash_parser_runner_set_max_size(runner, size);
	g_autoptr(PerfdashParseResult) part = parse_packed(runner, cut);
	g_assert_no_error((GError *)perfdash_parse_result_get_error(part));
	run = g_ptr_array_index(perfdash_parse_result_get_runs(part), 0);
	g_assert_cmpint(perfdash_run_get_outcome(run), ==, PERFDASH_OUTCOME_PARTIAL);
	g_assert_true(g_strv_contains((const char *const *)perfdash_run_get_warnings(run),
				      "the compressed log was cut off: what was behind is lost"));
}

/* a little file that unpacks to much more than is allowed */
static void
test_bomb(void)
{
	g_autoptr(PerfdashParserRunner) runner = make_runner(NULL);
	g_autofree char *zeros = g_malloc0(64 << 20);
	g_autoptr(GBytes) large = g_bytes_new_static(zeros, 64 << 20);
	g_autoptr(GBytes) bomb = compress(large);
	perfdash_parser_runner_set_max_size(runner, 16 << 20);
	check_packed(runner, bomb, PERFDASH_ERROR_OVER_LIMIT, "16777216 bytes");
}

/* modules that cannot be used are shown with the reason, and those beside them can be used */
static void
test_blocked(void)
{
	static const char *const blocked[][2] = {{"wrong-abi", "ABI 2"},
						 {"no-symbol", "no symbol"},
						 {"crash-on-load", "signal 6"}};
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashParserRegistry)
		registry = perfdash_parser_registry_new(g_getenv("MALICE"), &error);
	g_assert_no_error(error);
	g_autoptr(GPtrArray) list = perfdash_parser_registry_list(registry);
	for (guint i = 0; i < G_N_ELEMENTS(blocked); i++) {
		gboolean found = FALSE;
		g_assert_null(perfdash_parser_registry_lookup(registry, blocked[i][0]));
		for (guint j = 0; j < list->len; j++) {
			PerfdashParserInfo *info = g_ptr_array_index(list, j);
			if (!g_str_equal(perfdash_parser_info_get_name(info), blocked[i][0]))
				continue;
			found = TRUE;
			g_assert_nonnull(perfdash_parser_info_get_blocked(info));
			g_assert_nonnull(
				strstr(perfdash_parser_info_get_blocked(info), blocked[i][1]));
		}
		g_assert_true(found);
	}
	g_autoptr(PerfdashParserInfo)
		usable = perfdash_parser_registry_lookup(registry, "segfault");
	g_assert_nonnull(usable);
}

/* no bytes from a worker do more than be refused */
static void
test_forged_runs(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(3);
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_label(builder, "lab", "dfw");
	perfdash_run_builder_add_result(builder, "b", "m", "ms", PERFDASH_DIRECTION_LOWER, 31.15);
	perfdash_run_builder_add_stat(builder, "p99", 40);
	perfdash_run_builder_add_replicate(builder, 31);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	g_autoptr(GVariant)
		variant = g_variant_ref_sink(perfdash_run_to_variant(g_ptr_array_index(runs, 0)));
	gsize size = g_variant_get_size(variant);
	guint n_refused = 0;
	for (guint i = 0; i < 20000; i++) {
		guint8 *copy = g_memdup2(g_variant_get_data(variant), size);
		for (int n = g_rand_int_range(random, 1, 4); n > 0; n--)
			copy[g_rand_int_range(random, 0, size)] = g_rand_int(random);
		g_autoptr(GBytes) bytes = g_bytes_new_take(
			copy,
			g_rand_int_range(random, 0, 9) > 0 ? size : size / 2);
		g_autoptr(GVariant) forged = g_variant_ref_sink(
			g_variant_new_from_bytes(G_VARIANT_TYPE(PERFDASH_RUN_VARIANT_TYPE),
						 bytes,
						 FALSE));
		g_autoptr(GError) error = NULL;
		g_autoptr(PerfdashRun) run = perfdash_run_new_from_variant(forged, &error);
		g_assert_true((run == NULL) == (error != NULL));
		n_refused += run == NULL;
	}
	g_assert_cmpuint(n_refused, >, 1000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(crimes); i++) {
		g_autofree char *name = g_strdup_printf("/parser-runner/%s", crimes[i].name);
		g_test_add_data_func(name, GUINT_TO_POINTER(i), test_crime);
	}
	g_test_add_func("/parser-runner/timeout", test_timeout);
	g_test_add_func("/parser-runner/ended", test_ended);
	g_test_add_func("/parser-runner/output", test_output);
	g_test_add_func("/parser-runner/no-sandbox", test_no_sandbox);
	g_test_add_func("/parser-runner/fail-closed", test_fail_closed);
	g_test_add_func("/parser-runner/cancel", test_cancel);
	g_test_add_func("/parser-runner/choice", test_choice);
	g_test_add_func("/parser-runner/packed", test_packed);
	g_test_add_func("/parser-runner/bomb", test_bomb);
	g_test_add_func("/parser-runner/blocked", test_blocked);
	g_test_add_func("/parser-runner/forged-runs", test_forged_runs);
	return g_test_run();
}
