/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What it costs to read a tiny log in a process of its own: by a worker that is started for it, by
 * a child of a worker that waits, and the least a process costs here: one that does nothing. */

#include <spawn.h>
#include <sys/wait.h>

#include "perfdash-parser-registry.h"
#include "perfdash-parser-runner.h"

#define N 300

extern char **environ;

static PerfdashParserRegistry *registry;
static PerfdashParserRunner *waiting;
static PerfdashLog *the_log;

static void
read_log(PerfdashParserRunner *runner)
{
	g_autoptr(PerfdashParseResult)
		result = perfdash_parser_runner_parse(runner, the_log, NULL, NULL, NULL);
	g_assert_cmpuint(perfdash_parse_result_get_runs(result)->len, ==, 1);
}

static void
run_waiting(void)
{
	read_log(waiting);
}

static void
run_started(void)
{
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	read_log(runner);
}

static void
run_nothing(void)
{
	char *argv[] = {(char *)"/bin/true", NULL};
	pid_t pid;
	int status;
	g_assert_cmpint(posix_spawn(&pid, argv[0], NULL, NULL, argv, environ), ==, 0);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
}

static int
compare(gconstpointer a, gconstpointer b)
{
	gint64 left = *(const gint64 *)a;
	gint64 right = *(const gint64 *)b;
	return (left > right) - (left < right);
}

/* milliseconds */
static double
median(void (*run)(void))
{
	gint64 times[N];
	run();
	for (guint i = 0; i < N; i++) {
		gint64 start = g_get_monotonic_time();
		run();
		times[i] = g_get_monotonic_time() - start;
	}
	qsort(times, N, sizeof(*times), compare);
	return times[N / 2] / 1000.0;
}

int
main(void)
{
	static const char text[] = "stopwatch 1\nb m 1 s\ndone\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof(text) - 1);
	the_log = perfdash_log_new_from_bytes("a.log", bytes, NULL);
	registry = perfdash_parser_registry_new(NULL, NULL);
	waiting = perfdash_parser_runner_new(registry);
	double nothing = median(run_nothing);
	double started = median(run_started);
	double served = median(run_waiting);
	g_print("median of %d: a process that does nothing %.2f ms\n", N, nothing);
	g_print("a log read by a worker that is started  %.2f ms, %.1f times that\n",
		started,
		started / nothing);
	g_print("a log read by a child of one that waits %.2f ms, %.1f times that\n",
		served,
		served / nothing);
	g_object_unref(waiting);
	g_object_unref(registry);
	g_object_unref(the_log);
	return 0;
}
