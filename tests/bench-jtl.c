/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast a large JTL is read, and how well: a file of a made-up load test is written, always the
 * same, and its times are sorted for exact percentiles. Then one core looks for every comma with
 * memchr(), which is the least that any reader of fields built on it must do; the parser reads the
 * file, in this process and as perfdash has it read, in a worker. All in one run on one machine:
 * only the ratios mean something elsewhere. Memory is what is not of a file: the log is mapped. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <perfdash.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "jmeter-csv.h"

#define N_LABELS 6
#define MEMORY   "RssAnon:" /* of no file */
#define ROUNDS   7          /* the fastest counts */

static int megabytes = 200;
static char *directory = NULL;
static const GOptionEntry options[] = {
	{"mb", 'm', 0, G_OPTION_ARG_INT, &megabytes, "Size of the log, in 10^6 bytes", "N"},
	{"directory", 'd', 0, G_OPTION_ARG_FILENAME, &directory, "Where to put the log", "PATH"},
	G_OPTION_ENTRY_NULL,
};

/* what is asked of a page, in CSV, and how long it takes at least and at most but for a few */
static const struct {
	const char *name;
	const char *csv;
	guint base;
	guint spread;
} labels[N_LABELS] = {
	{"GET home", "GET home", 3, 9},
	{"GET /items?id=1,2", "\"GET /items?id=1,2\"", 18, 40},
	{"POST login", "POST login", 41, 60},
	{"Search, \"full text\"", "\"Search, \"\"full text\"\"\"", 120, 300},
	{"GET app.js", "GET app.js", 1, 4},
	{"Checkout", "Checkout", 260, 9000},
};
static const guint8 mixture[] = {0, 0, 0, 1, 1, 2, 3, 4, 4, 5};

/* what a log must say */
typedef struct {
	GArray *times[N_LABELS]; /* guint32, milliseconds */
	guint64 n_errors[N_LABELS];
} Truth;

/* processor time, so that what else runs on the machine disturbs less */
static double
seconds_of(int who)
{
	struct rusage usage;
	getrusage(who, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / (double)G_USEC_PER_SEC;
}

static guint32
next_random(guint64 *state)
{
	*state = *state * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040888963407;
	return *state >> 33;
}

static void
write_row(FILE *file, guint64 *state, gint64 *now, Truth *truth)
{
	guint32 random = next_random(state);
	guint32 more = next_random(state);
	guint label = mixture[random % G_N_ELEMENTS(mixture)];
	guint32 elapsed = labels[label].base + more % labels[label].spread;
	gboolean failed = (more >> 10) % 250 == 0;
	gboolean is_transaction = label == N_LABELS - 1;
	const char *message = is_transaction ? "\"Number of samples in transaction : 2, number of "
					       "failing samples : 0\""
					     : "OK";
	if (more % 997 == 0)
		elapsed += 2000 + random % 30000;
	*now += (random >> 14) % 3;
	g_array_append_val(truth->times[label], elapsed);
	truth->n_errors[label] += failed;
	fprintf(file,
		"%" G_GINT64_FORMAT
		",%u,%s,%s,%s,Users 1-%u,text,%s,%s,%u,120,50,50,%s%u,%u,0,%u\n",
		*now - elapsed,
		elapsed,
		labels[label].csv,
		failed ? "500" : "200",
		failed ? "Internal Server Error" : message,
		1 + (random >> 8) % 50,
		failed ? "false" : "true",
		failed ? "\"expected /ok/\nbut was: {\"\"error\"\":\"\"down\"\"}\"" : "",
		240 + (more >> 5) % 9000,
		"http://app.example.com/p",
		label,
		elapsed - elapsed / 7,
		more % 3);
}

static void
write_log(const char *path, Truth *truth)
{
	guint64 state = 1;
	gint64 now = G_GINT64_CONSTANT(1714557600000);
	FILE *file = fopen(path, "w");
	g_assert_nonnull(file);
	for (guint i = 0; i < N_LABELS; i++)
		truth->times[i] = g_array_new(FALSE, FALSE, sizeof(guint32));
	fputs("timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
	      "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n",
	      file);
	while (ftell(file) < megabytes * 1000000L)
		write_row(file, &state, &now, truth);
	g_assert_cmpint(fclose(file), ==, 0);
}

static GBytes *
map(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &error);
	g_assert_no_error(error);
	return g_mapped_file_get_bytes(file);
}

static gsize
count_fields(GBytes *log)
{
	gsize size;
	const char *p = g_bytes_get_data(log, &size);
	const char *end = p + size;
	gsize n = 0;
	while ((p = memchr(p, ',', end - p)) != NULL) {
		n++;
		p++;
	}
	return n;
}

static PerfdashRun *
parse_here(GBytes *log)
{
	g_autoptr(JmeterSamples) samples = jmeter_samples_new();
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	g_autoptr(GError) error = NULL;
	JmeterRemarks remarks;
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_assert_true(jmeter_csv_read(text, size, samples, &remarks, &error));
	jmeter_samples_end(samples, remarks.has_zone, builder);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, &error);
	g_assert_no_error(error);
	return g_object_ref(g_ptr_array_index(runs, 0));
}

/* bytes a second, with the log mapped anew each time, as a worker has it */
static double
time_memchr(const char *path)
{
	double best = 0;
	for (guint i = 0; i < ROUNDS; i++) {
		g_autoptr(GBytes) log = map(path);
		double start = seconds_of(RUSAGE_SELF);
		g_assert_cmpuint(count_fields(log), >, 0);
		best = MAX(best, g_bytes_get_size(log) / (seconds_of(RUSAGE_SELF) - start));
	}
	return best;
}

static double
time_parsing(const char *path)
{
	double best = 0;
	for (guint i = 0; i < ROUNDS; i++) {
		g_autoptr(GBytes) log = map(path);
		double start = seconds_of(RUSAGE_SELF);
		g_autoptr(PerfdashRun) run = parse_here(log);
		best = MAX(best, g_bytes_get_size(log) / (seconds_of(RUSAGE_SELF) - start));
	}
	return best;
}

/* the worker while it runs */
typedef struct {
	int ended;   /* atomic */
	gint64 peak; /* kB of private memory */
} Watch;

/* kB of a worker; what is not one yet shares the memory of its parent */
static gint64
measure_worker(int pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", pid);
	g_autofree char *status = NULL;
	if (!g_file_get_contents(path, &status, NULL, NULL) ||
	    !g_str_has_prefix(status, "Name:\tperfdash-worke"))
		return 0;
	const char *line = strstr(status, MEMORY);
	return line != NULL ? g_ascii_strtoll(line + strlen(MEMORY), NULL, 10) : 0;
}

/* the most memory of the children of a process, and of theirs */
static gint64
measure_children(int parent)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", parent, parent);
	g_autofree char *pids = NULL;
	gint64 peak = 0;
	if (!g_file_get_contents(path, &pids, NULL, NULL))
		return 0;
	for (char *p = pids; *p != '\0'; p += strspn(p, " ")) {
		int pid = g_ascii_strtoll(p, &p, 10);
		peak = MAX(peak, measure_worker(pid));
		peak = MAX(peak, measure_children(pid));
	}
	return peak;
}

static gpointer
watch_worker(gpointer data)
{
	Watch *watch = data;
	while (!g_atomic_int_get(&watch->ended)) {
		watch->peak = MAX(watch->peak, measure_children(getpid()));
		g_usleep(500);
	}
	return NULL;
}

/* a runner for each round: its worker ends with it, and only then its processor time is known */
static PerfdashParseResult *
parse_in_worker(PerfdashParserRegistry *registry, PerfdashLog *log, double *rate, gint64 *peak)
{
	g_autoptr(PerfdashParseResult) result = NULL;
	g_autoptr(GError) error = NULL;
	Watch watch = {0};
	GThread *thread = g_thread_new("watch", watch_worker, &watch);
	for (guint i = 0; i < ROUNDS; i++) {
		PerfdashParserRunner *runner = perfdash_parser_runner_new(registry);
		double start = seconds_of(RUSAGE_CHILDREN);
		g_clear_object(&result);
		result = perfdash_parser_runner_parse(runner, log, NULL, NULL, &error);
		g_assert_no_error(error);
		g_object_unref(runner);
		double taken = seconds_of(RUSAGE_CHILDREN) - start;
		*rate = MAX(*rate, perfdash_log_get_size(log) / taken);
	}
	g_atomic_int_set(&watch.ended, TRUE);
	g_thread_join(thread);
	*peak = watch.peak;
	return g_steal_pointer(&result);
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;
	return (left > right) - (left < right);
}

static PerfdashResult *
find_result(PerfdashRun *run, const char *benchmark, const char *metric)
{
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *one = perfdash_run_get_result(run, i);
		if (g_str_equal(perfdash_result_get_benchmark(one), benchmark) &&
		    g_str_equal(perfdash_result_get_metric(one), metric))
			return one;
	}
	g_error("there is no %s of %s", metric, benchmark);
}

/* the largest error of a percentile, of all that are known exactly; everything else must be equal
 */
static double
check_label(PerfdashRun *run, guint label, const Truth *truth)
{
	static const guint percents[] = {50, 90, 95, 99, 100};
	static const char *const names[] = {"p50", "p90", "p95", "p99", "max"};
	PerfdashResult *latency = find_result(run, labels[label].name, "latency");
	PerfdashResult *errors = find_result(run, labels[label].name, "errors");
	GArray *times = truth->times[label];
	double worst = 0;
	double n;
	g_assert_true(perfdash_result_get_stat(latency, "n", &n));
	g_assert_cmpfloat(n, ==, times->len);
	g_assert_cmpfloat(perfdash_result_get_value(errors), ==, truth->n_errors[label]);
	g_array_sort(times, compare_times);
	for (guint i = 0; i < G_N_ELEMENTS(percents); i++) {
		gsize rank = ((gsize)percents[i] * times->len + 99) / 100;
		double exact = g_array_index(times, guint32, rank - 1) / 1000.0;
		double found;
		g_assert_true(perfdash_result_get_stat(latency, names[i], &found));
		worst = MAX(worst, ABS(found - exact) / exact);
	}
	return worst;
}

static double
check(PerfdashRun *run, const Truth *truth)
{
	double worst = 0;
	for (guint i = 0; i < N_LABELS; i++)
		worst = MAX(worst, check_label(run, i, truth));
	return worst;
}

static void
bench_here(const char *path, double memchr_rate, const Truth *truth)
{
	g_autoptr(GBytes) log = map(path);
	double rate = time_parsing(path);
	g_autoptr(PerfdashRun) run = parse_here(log);
	g_print("  parser, in this process         %6.0f MB/s: %.2f x\n",
		rate / 1e6,
		rate / memchr_rate);
	g_print("  worst error of a percentile     %8.4f %%\n", 100 * check(run, truth));
}

static void
bench_worker(const char *path, double memchr_rate, const Truth *truth)
{
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, NULL);
	g_autoptr(GFile) file = g_file_new_for_path(path);
	g_autoptr(GError) error = NULL;
	double rate = 0;
	gint64 peak = 0;
	double start = seconds_of(RUSAGE_SELF);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_file(file, G_MAXUINT64, NULL, &error);
	g_assert_no_error(error);
	double taken = seconds_of(RUSAGE_SELF) - start;
	g_autoptr(PerfdashParseResult) result = parse_in_worker(registry, log, &rate, &peak);
	GPtrArray *runs = perfdash_parse_result_get_runs(result);
	g_assert_cmpuint(runs->len, ==, 1);
	g_print("  worker, recognition included    %6.0f MB/s: %.2f x, %.1f MB of memory\n",
		rate / 1e6,
		rate / memchr_rate,
		peak / 1e3);
	g_print("  copying and hashing the log     %6.0f MB/s\n",
		perfdash_log_get_size(log) / taken / 1e6);
	g_assert_cmpfloat(check(g_ptr_array_index(runs, 0), truth), <, 0.001);
}

static void
bench(const char *path)
{
	Truth truth = {0};
	write_log(path, &truth);
	double memchr_rate = time_memchr(path);
	g_print("reading a JTL of %d MB:\n", megabytes);
	g_print("  every comma by memchr()         %6.0f MB/s\n", memchr_rate / 1e6);
	bench_here(path, memchr_rate, &truth);
	bench_worker(path, memchr_rate, &truth);
	for (guint i = 0; i < N_LABELS; i++)
		g_array_unref(truth.times[i]);
}

int
main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new("- how fast a JTL is read");
	g_autoptr(GError) error = NULL;
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || megabytes < 1) {
		g_printerr("%s\n", error != NULL ? error->message : "a log has 1 MB at least");
		return EXIT_FAILURE;
	}
	const char *parent = directory != NULL ? directory : g_get_tmp_dir();
	g_autofree char *folder = g_build_filename(parent, "perfdash-bench-XXXXXX", NULL);
	g_assert_nonnull(g_mkdtemp(folder));
	g_autofree char *path = g_build_filename(folder, "big.jtl", NULL);
	bench(path);
	g_unlink(path);
	g_rmdir(folder);
	return EXIT_SUCCESS;
}
