/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What libtest prints of benchmarks, and what imitates it:
 *
 *   test fib::bench_20 ... bench:      18,794.12 ns/iter (+/- 440.25) = 12 MB/s
 *
 * and, with --format json, an object a line. Names may have blanks; commas separate thousands; MB
 * are of 10^6. Behind "+/-" stands the range of the measurements, or half of an interval of
 * confidence: no standard deviation. Tests stand between benchmarks, and one log may have several
 * targets, each with its own end; a benchmark that is there twice begins another run. */

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *seen;       /* benchmarks of this run */
	GPtrArray *failed;      /* of char *, tests that failed before there was a benchmark */
	gboolean is_open;       /* "running N tests" came, its result did not */
	gboolean is_unfinished; /* it came again without a result */
	gboolean has_failed;
} CargoBench;

/* what a benchmark measures, by its unit */
static const struct {
	const char *text;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} units[] = {
	{"ns/iter", "time", "ns", PERFDASH_DIRECTION_LOWER},
	{"us/iter", "time", "us", PERFDASH_DIRECTION_LOWER},
	{"\xc2\xb5s/iter", "time", "us", PERFDASH_DIRECTION_LOWER},
	{"ms/iter", "time", "ms", PERFDASH_DIRECTION_LOWER},
	{"s/iter", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"cycles/iter", "cycles", "1", PERFDASH_DIRECTION_LOWER},
	{"instructions/iter", "instructions", "1", PERFDASH_DIRECTION_LOWER},
	{"B/s", "throughput", "B/s", PERFDASH_DIRECTION_HIGHER},
	{"KB/s", "throughput", "kB/s", PERFDASH_DIRECTION_HIGHER},
	{"MB/s", "throughput", "MB/s", PERFDASH_DIRECTION_HIGHER},
	{"GB/s", "throughput", "GB/s", PERFDASH_DIRECTION_HIGHER},
};

static void
end_run(CargoBench *self, gboolean is_cut)
{
	if (g_hash_table_size(self->seen) > 0) {
		if (self->has_failed) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		} else if (self->is_unfinished || is_cut) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(self->builder,
							 "the log ends before the result of all "
							 "tests");
		}
		perfdash_run_builder_next_run(self->builder);
	}
	g_hash_table_remove_all(self->seen);
	g_ptr_array_set_size(self->failed, 0);
	self->is_unfinished = self->has_failed = FALSE;
}

static void
begin_benchmark(CargoBench *self, const char *benchmark)
{
	if (g_hash_table_contains(self->seen, benchmark))
		end_run(self, FALSE);
	perfdash_run_builder_set_label(self->builder, "tool", "cargo bench");
	for (guint i = 0; i < self->failed->len; i++)
		perfdash_run_builder_add_warning(self->builder,
						 "%s failed",
						 (const char *)self->failed->pdata[i]);
	g_ptr_array_set_size(self->failed, 0);
	g_hash_table_add(self->seen, g_strdup(benchmark));
}

static void
start_tests(CargoBench *self, double n)
{
	self->is_unfinished |= self->is_open;
	self->is_open = n > 0;
}

/* a number whose thousands are separated by commas */
static gboolean
read_number(const char *text, double *value, const char **rest)
{
	text += strspn(text, " ");
	gsize length = strspn(text, "0123456789,.");
	GString *digits = g_string_new(NULL);
	for (gsize i = 0; i < MIN(length, 40); i++) {
		if (text[i] != ',')
			g_string_append_c(digits, text[i]);
	}
	gboolean is_number = length > 0 && length <= 40 && reader_number(digits->str, value, NULL);
	g_string_free(digits, TRUE);
	*rest = text + length;
	return is_number;
}

static void
add_measure(CargoBench *self, const char *benchmark, double value, const char *unit)
{
	gsize length = strcspn(unit, " ");
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (strlen(units[i].text) != length || strncmp(unit, units[i].text, length) != 0)
			continue;
		perfdash_run_builder_add_result(self->builder,
						benchmark,
						units[i].metric,
						units[i].unit,
						units[i].direction,
						value);
		return;
	}
	g_autofree char *text = g_strndup(unit, MIN(length, 32));
	g_autofree char *name = reader_name(text);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"value",
					name,
					perfdash_direction_of_unit(name),
					value);
}

/* "18,794.12 ns/iter (+/- 440.25) = 12 MB/s", behind "bench:" */
static void
read_measures(CargoBench *self, const char *benchmark, const char *text)
{
	double value;
	const char *unit;
	const char *range = strstr(text, " (+/- ");
	if (range == NULL || !read_number(text, &value, &unit) || *unit != ' ')
		return;
	unit += strspn(unit, " ");
	if (unit >= range)
		return;
	begin_benchmark(self, benchmark);
	add_measure(self, benchmark, value, unit);
	const char *rate = strstr(range, ") = ");
	if (rate != NULL && read_number(rate + strlen(") = "), &value, &unit))
		add_measure(self, benchmark, value, unit + strspn(unit, " "));
}

static void
read_test(CargoBench *self, const char *line)
{
	const char *dots = strstr(line, " ... ");
	const char *bench = strstr(line, " ... bench:");
	if (dots == NULL)
		return;
	g_autofree char *text = g_strndup(line, (bench != NULL ? bench : dots) - line);
	g_autofree char *name = reader_name(text);
	if (bench != NULL) {
		read_measures(self, name, bench + strlen(" ... bench:"));
	} else if (g_str_has_prefix(dots, " ... FAILED")) {
		if (g_hash_table_size(self->seen) > 0)
			perfdash_run_builder_add_warning(self->builder, "%s failed", name);
		else if (self->failed->len < 100)
			g_ptr_array_add(self->failed, g_steal_pointer(&name));
	}
}

/* { "type": "bench", "name": "fib", "median": 148.70, "deviation": 2.21, "mib_per_second": 3 } */
static void
read_object(CargoBench *self, const char *line)
{
	g_autoptr(JsonParser) parser = reader_json_load(line, strlen(line), NULL);
	JsonObject *object = parser != NULL ? reader_json_root_object(parser) : NULL;
	const char *type = object != NULL ? reader_json_string(object, "type") : NULL;
	const char *name = type != NULL ? reader_json_string(object, "name") : NULL;
	const char *event = type != NULL ? reader_json_string(object, "event") : NULL;
	double value;
	if (g_strcmp0(type, "suite") == 0) {
		if (g_strcmp0(event, "started") == 0)
			start_tests(self, 1);
		else
			self->is_open = FALSE;
		self->has_failed |= g_strcmp0(event, "failed") == 0;
	}
	if (g_strcmp0(type, "bench") != 0 || name == NULL ||
	    !reader_json_number(object, "median", &value))
		return;
	g_autofree char *benchmark = reader_name(name);
	begin_benchmark(self, benchmark);
	add_measure(self, benchmark, value, "ns/iter");
	/* the text calls the same number MB/s, and so it is counted */
	if (reader_json_number(object, "mib_per_second", &value))
		add_measure(self, benchmark, value, "MB/s");
}

static void
read_line(CargoBench *self, const char *line)
{
	double n;
	const char *text;
	if ((text = reader_after(line, "test result:")) != NULL) {
		self->is_open = FALSE;
		self->has_failed |= g_str_has_prefix(text, "FAILED") &&
				    g_hash_table_size(self->seen) > 0;
	} else if (g_str_has_prefix(line, "test ")) {
		read_test(self, line + strlen("test "));
	} else if ((text = reader_after(line, "running ")) != NULL) {
		if (reader_number(text, &n, &text) && g_str_has_prefix(text, " test"))
			start_tests(self, n);
	} else if (g_str_has_prefix(line, "{ \"type\": \"")) {
		read_object(self, line);
	} else if (g_str_has_prefix(line, "{\"type\":\"")) {
		read_object(self, line);
	}
}

static gboolean
cargo_bench_parser_parse(PerfdashParser *parser,
			 const char *name,
			 GBytes *log,
			 PerfdashRunBuilder *builder,
			 GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) failed = g_ptr_array_new_with_free_func(g_free);
	CargoBench self = {.builder = builder, .seen = seen, .failed = failed};
	gboolean is_cut = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		gboolean is_whole = !lines.is_cut || g_str_has_suffix(line, ")") ||
				    reader_json_is_whole(line);
		is_cut = !is_whole &&
			 (g_str_has_prefix(line, "test ") || g_str_has_prefix(line, "{ \"type\""));
		if (is_whole)
			read_line(&self, line);
	}
	end_run(&self, is_cut || self.is_open);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(CargoBenchParser,
		       cargo_bench_parser,
		       NULL,
		       cargo_bench_parser_parse,
		       "cargo-bench",
		       "2",
		       "cargo bench, Rust: text and JSON output of libtest",
		       "*cargo*bench*",
		       PERFDASH_PARSER_CONSOLE,
		       "... bench:\n\"type\": \"bench\"\n\"type\":\"bench\"")
