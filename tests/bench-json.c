/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast a large JSON document is read: a report of fio with its histograms is written, always
 * the same; json-glib alone loads it, and the parser reads it, from the text to results. Each in a
 * process of its own, whose memory is told. Only the ratios mean something on another machine. */

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <perfdash.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader-json.h"

#define N_BINS 1000 /* of the histogram of a job */
#define ROUNDS 3    /* the fastest counts */

static int megabytes = 20;
static const GOptionEntry options[] = {
	{"mb", 'm', 0, G_OPTION_ARG_INT, &megabytes, "Size of the document, in 10^6 bytes", "N"},
	G_OPTION_ENTRY_NULL,
};

/* what a round takes */
typedef struct {
	double seconds; /* of processor time */
	double memory;  /* bytes, at most, beside the text */
} Cost;

typedef gboolean (*Reader)(const char *text, gsize size);

static void
append_job(GString *text, GRand *random, guint number)
{
	g_string_append_printf(
		text,
		"%s    {\n"
		"      \"jobname\" : \"job-%u\",\n"
		"      \"groupid\" : %u,\n"
		"      \"error\" : 0,\n"
		"      \"job options\" : {\"rw\" : \"randread\", \"bs\" : \"4k\"},\n"
		"      \"read\" : {\n"
		"        \"io_bytes\" : %u,\n"
		"        \"bw_bytes\" : %u,\n"
		"        \"iops\" : %f,\n"
		"        \"runtime\" : 30000,\n"
		"        \"total_ios\" : %u,\n"
		"        \"clat_ns\" : {\n"
		"          \"min\" : 1200,\n"
		"          \"max\" : 9000000,\n"
		"          \"mean\" : %f,\n"
		"          \"stddev\" : %f,\n"
		"          \"N\" : 100000,\n"
		"          \"percentile\" : {\"50.000000\" : 2000, \"99.000000\" : 8000},\n"
		"          \"bins\" : {",
		number > 0 ? ",\n" : "",
		number,
		number,
		g_rand_int_range(random, 1, G_MAXINT),
		g_rand_int_range(random, 1, G_MAXINT),
		g_rand_double_range(random, 1, 1e6),
		g_rand_int_range(random, 1, G_MAXINT),
		g_rand_double_range(random, 1200, 9000000),
		g_rand_double_range(random, 1, 1e5));
	for (guint i = 0; i < N_BINS; i++)
		g_string_append_printf(text,
				       "%s\n            \"%u\" : %u",
				       i > 0 ? "," : "",
				       1200 + i * 16,
				       g_rand_int_range(random, 0, 1000));
	g_string_append(text, "\n          }\n        }\n      }\n    }");
}

static GString *
make_document(void)
{
	GString *text = g_string_new("{\n  \"fio version\" : \"fio-3.33\",\n  \"jobs\" : [\n");
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (guint i = 0; text->len < megabytes * 1000000UL; i++)
		append_job(text, random, i);
	g_string_append(text, "\n  ]\n}\n");
	return text;
}

static gboolean
read_with_json_glib(const char *text, gsize size)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	return json_parser_load_from_data(parser, text, size, NULL);
}

static gboolean
read_tree(const char *text, gsize size)
{
	g_autoptr(JsonParser) parser = reader_json_load(text, size, NULL);
	return parser != NULL;
}

static double
count_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / (double)G_USEC_PER_SEC;
}

static double
count_memory(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss * 1024.0;
}

/* in a child, so that the memory is that of this reader */
static Cost
run_once(Reader reader, const GString *text)
{
	int fds[2];
	Cost cost = {0};
	g_assert_cmpint(pipe(fds), ==, 0);
	pid_t child = fork();
	g_assert_cmpint(child, >=, 0);
	if (child == 0) {
		double before = count_memory();
		double start = count_seconds();
		gboolean read = reader(text->str, text->len);
		cost = (Cost){count_seconds() - start, count_memory() - before};
		_exit(read && write(fds[1], &cost, sizeof(cost)) == sizeof(cost) ? 0 : 1);
	}
	close(fds[1]);
	g_assert_cmpint(read(fds[0], &cost, sizeof(cost)), ==, sizeof(cost));
	close(fds[0]);
	g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
	return cost;
}

static Cost
run(Reader reader, const GString *text)
{
	Cost best = run_once(reader, text);
	for (guint i = 1; i < ROUNDS; i++) {
		Cost one = run_once(reader, text);
		best.seconds = MIN(best.seconds, one.seconds);
	}
	return best;
}

static void
report(const char *what, Cost cost, Cost baseline, gsize size)
{
	g_print("  %-31s %6.1f MB/s: %.2f x, %.1f times the document in memory\n",
		what,
		size / cost.seconds / 1e6,
		baseline.seconds / cost.seconds,
		cost.memory / size);
}

/* from the text to results, in a worker; its processor time is known when it has ended */
static double
time_worker(const GString *text)
{
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("bench.json", bytes, NULL);
	PerfdashParserRunner *runner = perfdash_parser_runner_new(registry);
	struct rusage before, after;
	getrusage(RUSAGE_CHILDREN, &before);
	g_autoptr(PerfdashParseResult)
		result = perfdash_parser_runner_parse(runner, log, NULL, NULL, NULL);
	g_object_unref(runner);
	getrusage(RUSAGE_CHILDREN, &after);
	g_assert_no_error(perfdash_parse_result_get_error(result));
	g_assert_cmpuint(perfdash_parse_result_get_runs(result)->len, ==, 1);
	return after.ru_utime.tv_sec - before.ru_utime.tv_sec +
	       (after.ru_utime.tv_usec - before.ru_utime.tv_usec) / (double)G_USEC_PER_SEC +
	       after.ru_stime.tv_sec - before.ru_stime.tv_sec +
	       (after.ru_stime.tv_usec - before.ru_stime.tv_usec) / (double)G_USEC_PER_SEC;
}

int
main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new("- how fast JSON is read");
	g_autoptr(GError) error = NULL;
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || megabytes < 1) {
		g_printerr("%s\n", error != NULL ? error->message : "1 MB at least");
		return EXIT_FAILURE;
	}
	g_autoptr(GString) text = make_document();
	Cost baseline = run(read_with_json_glib, text);
	g_print("reading a JSON document of %d MB:\n", megabytes);
	report("json-glib", baseline, baseline, text->len);
	report("the tree that parsers read", run(read_tree, text), baseline, text->len);
	double seconds = time_worker(text);
	g_print("  %-31s %6.1f MB/s: %.2f x\n",
		"worker, to the last result",
		text->len / seconds / 1e6,
		baseline.seconds / seconds);
	return EXIT_SUCCESS;
}
