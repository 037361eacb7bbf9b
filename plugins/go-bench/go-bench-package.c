/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The number behind a name is GOMAXPROCS, which is left out when it is 1; names may end in numbers,
 * too. It is GOMAXPROCS when all names have the same, when most names come with the same set, or
 * when a name comes without it, too. */

#include "go-bench.h"

#include <string.h>

#include "reader-repetitions.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_UNIT 32 /* bytes that the unit of a result may have */

static const char *const facts[] = {"goos", "goarch", "cpu"};

static const struct {
	const char *unit;
	const char *metric;
	const char *base;
	PerfdashDirection direction;
} known_units[] = {
	{"ns/op", "time_per_op", "ns", PERFDASH_DIRECTION_LOWER},
	{"MB/s", "throughput", "MB/s", PERFDASH_DIRECTION_HIGHER},
	{"B/op", "allocated_per_op", "B", PERFDASH_DIRECTION_LOWER},
	{"allocs/op", "allocations_per_op", "1", PERFDASH_DIRECTION_LOWER},
};

GoBenchPackage *
go_bench_package_new(void)
{
	GoBenchPackage *self = g_new0(GoBenchPackage, 1);
	self->rows = g_ptr_array_new_with_free_func((GDestroyNotify)go_bench_row_free);
	self->warnings = g_ptr_array_new_with_free_func(g_free);
	return self;
}

void
go_bench_package_free(GoBenchPackage *self)
{
	g_free(self->name);
	for (guint i = 0; i < G_N_ELEMENTS(self->facts); i++)
		g_free(self->facts[i]);
	g_ptr_array_unref(self->rows);
	g_ptr_array_unref(self->warnings);
	g_free(self->pending);
	g_free(self);
}

static gboolean
read_header(GoBenchPackage *self, const char *line)
{
	const char *name = reader_after(line, "pkg: ");
	for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
		const char *value = reader_after(line, facts[i]);
		if (value == NULL || *value != ':')
			continue;
		g_free(self->facts[i]);
		self->facts[i] = reader_name(value + 1);
		return TRUE;
	}
	if (name != NULL) {
		g_free(self->name);
		self->name = reader_name(name);
	}
	return name != NULL;
}

static gboolean
begins_package(GoBenchPackage *self, const char *line)
{
	const char *name = reader_after(line, "pkg: ");
	gboolean is_other = name != NULL && self->name != NULL && !g_str_equal(name, self->name);
	return (g_str_has_prefix(line, "goos: ") || is_other) &&
	       (self->has_header || self->rows->len > 0 || self->has_failed);
}

static void
warn(GoBenchPackage *self, const char *line)
{
	if (self->warnings->len < 20)
		g_ptr_array_add(self->warnings, g_strdup(line));
}

/* what a line says of how the test went; TRUE when it says something */
static gboolean
read_outcome(GoBenchPackage *self, const char *line)
{
	gboolean is_failure = g_str_has_prefix(line, "FAIL\t") || g_str_has_prefix(line, "FAIL ");
	if (g_str_equal(line, "PASS")) {
		self->has_passed = TRUE;
	} else if (g_str_has_prefix(line, "ok  \t") || g_str_has_prefix(line, "ok ")) {
		self->has_passed = TRUE;
		self->is_over = TRUE;
	} else if (g_str_equal(line, "FAIL") || is_failure) {
		self->has_failed = self->has_failed || self->has_header || is_failure;
		self->is_over = self->is_over || is_failure;
		if (is_failure)
			warn(self, line);
	} else if (g_str_has_prefix(line, "signal: ")) {
		self->is_killed = TRUE;
		warn(self, line);
	} else if (g_str_has_prefix(line, "--- FAIL: Benchmark") ||
		   g_str_has_prefix(line, "--- SKIP: Benchmark") ||
		   g_str_has_prefix(line, "panic: ") || g_str_has_prefix(line, "*** Test killed")) {
		warn(self, line);
	} else {
		return FALSE;
	}
	return TRUE;
}

static void
read_row(GoBenchPackage *self, const char *line, guint number)
{
	const char *panic = strstr(line, "\tpanic: ");
	if (panic != NULL)
		warn(self, line);
	GoBenchRow *row = go_bench_row_parse(line, self->pending);
	g_autofree char *name = go_bench_find_name(line);
	if (row != NULL) {
		row->line = number;
		g_ptr_array_add(self->rows, row);
		g_clear_pointer(&self->pending, g_free);
	} else if (name != NULL) {
		g_free(self->pending);
		self->pending = g_steal_pointer(&name);
	}
}

gboolean
go_bench_package_read(GoBenchPackage *self, const char *line, guint number)
{
	if (begins_package(self, line))
		return FALSE;
	if (read_header(self, line))
		self->has_header = TRUE;
	else if (!read_outcome(self, line))
		read_row(self, line, number);
	return TRUE;
}

/* the length of a name without the number behind it; number is NULL when there is none */
static gsize
split_name(const char *name, const char **number)
{
	const char *dash = strrchr(name, '-');
	gsize n_digits = dash != NULL ? strspn(dash + 1, "0123456789") : 0;
	gboolean is_number = n_digits > 0 && n_digits < 7 && dash[1] != '0' &&
			     dash[1 + n_digits] == '\0';
	*number = is_number ? dash + 1 : NULL;
	return is_number ? (gsize)(dash - name) : strlen(name);
}

typedef struct {
	GHashTable *names;   /* a set of them */
	GHashTable *numbers; /* a set of those behind them */
	GHashTable *bases;   /* names without number -> how many numbers */
	gboolean all_have_one;
} Names;

static void
collect_names(GoBenchPackage *self, Names *names)
{
	names->names = g_hash_table_new(g_str_hash, g_str_equal);
	names->numbers = g_hash_table_new(g_str_hash, g_str_equal);
	names->bases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	names->all_have_one = TRUE;
	for (guint i = 0; i < self->rows->len; i++) {
		const GoBenchRow *row = g_ptr_array_index(self->rows, i);
		const char *number;
		gsize length = split_name(row->name, &number);
		if (!g_hash_table_add(names->names, row->name))
			continue;
		names->all_have_one = names->all_have_one && number != NULL;
		if (number == NULL)
			continue;
		g_autofree char *base = g_strndup(row->name, length);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(names->bases, base));
		g_hash_table_add(names->numbers, (gpointer)number);
		g_hash_table_insert(names->bases, g_steal_pointer(&base), GUINT_TO_POINTER(n + 1));
	}
}

static void
names_clear(Names *names)
{
	g_hash_table_unref(names->names);
	g_hash_table_unref(names->numbers);
	g_hash_table_unref(names->bases);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Names, names_clear)

/* whether most names come with the same numbers */
static gboolean
have_same_numbers(const Names *names)
{
	guint n_numbers = g_hash_table_size(names->numbers);
	guint n_full = 0;
	GHashTableIter iter;
	gpointer n;
	g_hash_table_iter_init(&iter, names->bases);
	while (g_hash_table_iter_next(&iter, NULL, &n))
		n_full += GPOINTER_TO_UINT(n) == n_numbers;
	return n_full > 0 && n_full * 2 >= g_hash_table_size(names->bases);
}

static PerfdashDirection
get_direction(GHashTable *directions, const char *unit)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(directions, unit));
}

static void
add_value(ReaderRepetitions *repetitions,
	  ReaderMeasure *measure,
	  GHashTable *directions,
	  const GoBenchValue *one)
{
	measure->metric = one->unit;
	measure->unit = strlen(one->unit) <= MAX_UNIT ? one->unit : "1";
	measure->direction = get_direction(directions, one->unit);
	for (guint i = 0; i < G_N_ELEMENTS(known_units); i++) {
		if (g_str_equal(one->unit, known_units[i].unit)) {
			measure->metric = known_units[i].metric;
			measure->unit = known_units[i].base;
			measure->direction = known_units[i].direction;
		}
	}
	reader_repetitions_add(repetitions, measure, NULL, one->value);
}

static void
write_rows(GoBenchPackage *self, GHashTable *directions, PerfdashRunBuilder *builder)
{
	g_autoptr(ReaderRepetitions) repetitions = reader_repetitions_new();
	g_auto(Names) names = {NULL};
	collect_names(self, &names);
	gboolean are_processors = names.all_have_one && have_same_numbers(&names);
	for (guint i = 0; i < self->rows->len; i++) {
		const GoBenchRow *row = g_ptr_array_index(self->rows, i);
		const char *number;
		g_autofree char *base = g_strndup(row->name, split_name(row->name, &number));
		if (!are_processors && !g_hash_table_contains(names.names, base))
			number = NULL;
		ReaderMeasure measure = {number != NULL ? base : row->name};
		measure.line = row->line;
		measure.label_name = number != NULL ? "gomaxprocs" : NULL;
		measure.label = number;
		for (guint j = 0; j < row->values->len; j++)
			add_value(repetitions,
				  &measure,
				  directions,
				  &g_array_index(row->values, GoBenchValue, j));
	}
	reader_repetitions_write(repetitions, builder);
}

static void
write_outcome(GoBenchPackage *self, PerfdashRunBuilder *builder)
{
	gboolean has_end = self->has_passed || !self->has_header;
	for (guint i = 0; i < self->warnings->len; i++)
		perfdash_run_builder_add_warning_literal(builder,
							 g_ptr_array_index(self->warnings, i));
	if (self->is_killed && self->rows->len > 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	} else if (self->has_failed) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	} else if (!has_end || self->is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the log ends before the tests have ended");
	}
}

void
go_bench_package_write(GoBenchPackage *self, GHashTable *directions, PerfdashRunBuilder *builder)
{
	perfdash_run_builder_set_label(builder, "tool", "go-bench");
	if (self->name != NULL)
		perfdash_run_builder_set_label(builder, "package", self->name);
	for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
		if (self->facts[i] != NULL)
			perfdash_run_builder_set_environment(builder, facts[i], self->facts[i]);
	}
	reader_set_start(builder, self->started_at);
	write_rows(self, directions, builder);
	write_outcome(self, builder);
}
