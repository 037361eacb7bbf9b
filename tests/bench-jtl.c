/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast a large JTL is read, and how well: a file of a made-up load test is written, always the
 * same, and its times are sorted for exact percentiles. Then one core looks for every comma with
 * memchr(), which is the least that any reader of fields built on it must do; the parser reads the
 * file, in this process and as perfdash has it read, in a worker. The three take turns, so that
 * what else the machine has to do falls on all of them, and each round has its own ratios. Only
 * ratios mean something elsewhere. Time is that of the processor, the kernel's for mapping the file
 * included. Memory is what is not of a file: the log is mapped. */

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
#define ROUNDS   11

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

/* seconds that each round took */
typedef struct {
	double found[ROUNDS]; /* every comma, by memchr() */
	double here[ROUNDS];
	double worker[ROUNDS];
} Times;

/* with the log mapped anew each time, as a worker has it */
static double
time_memchr(const char *path)
{
	g_autoptr(GBytes) log = map(path);
	double start = seconds_of(RUSAGE_SELF);
	g_assert_cmpuint(count_fields(log), >, 0);
	return seconds_of(RUSAGE_SELF) - start;
}

static double
time_parsing(const char *path)
{
	g_autoptr(GBytes) log = map(path);
	double start = seconds_of(RUSAGE_SELF);
	g_autoptr(PerfdashRun) run = parse_here(log);
	return seconds_of(RUSAGE_SELF) - start;
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
parse_in_worker(PerfdashParserRegistry *registry, PerfdashLog *log, double *seconds)
{
	g_autoptr(GError) error = NULL;
	PerfdashParserRunner *runner = perfdash_parser_runner_new(registry);
	double start = seconds_of(RUSAGE_CHILDREN);
	PerfdashParseResult *result = perfdash_parser_runner_parse(runner, log, NULL, NULL, &error);
	g_assert_no_error(error);
	g_object_unref(runner);
	*seconds = seconds_of(RUSAGE_CHILDREN) - start;
	return result;
}

/* the result of the last round by a worker, and kB of its memory at most */
static PerfdashParseResult *
run_rounds(const char *path, PerfdashLog *log, Times *times, gint64 *peak)
{
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, NULL);
	g_autoptr(PerfdashParseResult) result = NULL;
	Watch watch = {0};
	/* what is done for the first time costs more */
	time_memchr(path);
	time_parsing(path);
	for (guint i = 0; i < ROUNDS; i++) {
		times->found[i] = time_memchr(path);
		times->here[i] = time_parsing(path);
		g_clear_object(&result);
		GThread *thread = i == 0 ? g_thread_new("watch", watch_worker, &watch) : NULL;
		result = parse_in_worker(registry, log, &times->worker[i]);
		g_atomic_int_set(&watch.ended, TRUE);
		if (thread != NULL)
			g_thread_join(thread);
	}
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

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

/* how fast it is, from the slowest round to the fastest, and as a multiple of memchr()'s speed: the
 * ratio of the medians, and the worst one of a round */
static void
print_rates(const char *what, const double *seconds, const double *found)
{
	double sorted[2][ROUNDS];
	double size = megabytes;
	double worst = G_MAXDOUBLE;
	for (guint i = 0; i < ROUNDS; i++) {
		sorted[0][i] = seconds[i];
		sorted[1][i] = found[i];
		worst = MIN(worst, found[i] / seconds[i]);
	}
	qsort(sorted[0], ROUNDS, sizeof(double), compare_doubles);
	qsort(sorted[1], ROUNDS, sizeof(double), compare_doubles);
	g_print("  %-30s %6.0f MB/s (%.0f to %.0f)",
		what,
		size / sorted[0][ROUNDS / 2],
		size / sorted[0][ROUNDS - 1],
		size / sorted[0][0]);
	if (seconds != found)
		g_print(": %.2f x, in the worst round %.2f x",
			sorted[1][ROUNDS / 2] / sorted[0][ROUNDS / 2],
			worst);
	g_print("\n");
}

static void
bench(const char *path)
{
	g_autoptr(GFile) file = g_file_new_for_path(path);
	g_autoptr(GError) error = NULL;
	Truth truth = {0};
	Times times;
	gint64 peak;
	write_log(path, &truth);
	double start = seconds_of(RUSAGE_SELF);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_file(file, G_MAXUINT64, NULL, &error);
	g_assert_no_error(error);
	double copied = seconds_of(RUSAGE_SELF) - start;
	g_autoptr(PerfdashParseResult) result = run_rounds(path, log, &times, &peak);
	GPtrArray *runs = perfdash_parse_result_get_runs(result);
	g_assert_cmpuint(runs->len, ==, 1);
	double worst = check(g_ptr_array_index(runs, 0), &truth);
	g_print("reading a JTL of %d MB, medians of %d rounds:\n", megabytes, ROUNDS);
	print_rates("every comma by memchr()", times.found, times.found);
	print_rates("parser, in this process", times.here, times.found);
	print_rates("worker, recognition included", times.worker, times.found);
	g_print("  copying and hashing the log    %6.0f MB/s\n", megabytes / copied);
	g_print("  memory of the worker           %6.1f MB\n", peak / 1e3);
	g_print("  worst error of a percentile    %6.4f %%\n", 100 * worst);
	g_assert_cmpfloat(worst, <, 0.001);
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
