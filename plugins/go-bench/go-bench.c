/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What go test -bench prints, as text and with -json, where an event has a part of a line and the
 * packages may come in any order. Each package is a run. A test that was not built (FAIL pkg [build
 * failed]) is one of benchmarks only when benchmarks stand in the same log, or when nothing stands
 * before it. The format of benchmarks has lines that say which way a unit is better (Unit hits
 * better=higher). */

#include "go-bench.h"

#include <string.h>

#include "reader-json.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_PART (1 << 20) /* bytes of a line whose end is still to come */

typedef struct {
	GPtrArray *packages; /* of GoBenchPackage, in the order of the log */
	GHashTable *parts;   /* package -> GString, the begin of a line */
	GHashTable *current; /* package -> GoBenchPackage; the one of text is "" */
	GHashTable *directions;
	gboolean begins_with_failure;
} Log;

static void
free_part(gpointer data)
{
	g_string_free(data, TRUE);
}

static void
log_init(Log *self)
{
	self->packages = g_ptr_array_new_with_free_func((GDestroyNotify)go_bench_package_free);
	self->parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_part);
	self->current = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->directions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->begins_with_failure = FALSE;
}

static void
log_clear(Log *self)
{
	g_ptr_array_unref(self->packages);
	g_hash_table_unref(self->parts);
	g_hash_table_unref(self->current);
	g_hash_table_unref(self->directions);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Log, log_clear)

static GoBenchPackage *
begin_package(Log *self, const char *key)
{
	GoBenchPackage *package = go_bench_package_new();
	if (*key != '\0')
		package->name = reader_name(key);
	g_ptr_array_add(self->packages, package);
	g_hash_table_insert(self->current, g_strdup(key), package);
	return package;
}

static GoBenchPackage *
get_package(Log *self, const char *key)
{
	GoBenchPackage *package = g_hash_table_lookup(self->current, key);
	if (package != NULL && !package->is_over)
		return package;
	return begin_package(self, key);
}

/* Unit NAME KEY=VALUE... */
static gboolean
read_unit(Log *self, const char *line)
{
	g_auto(GStrv) words = g_str_has_prefix(line, "Unit ") ? reader_words(line) : NULL;
	if (words == NULL || words[1] == NULL)
		return FALSE;
	for (guint i = 2; words[i] != NULL; i++) {
		PerfdashDirection direction;
		const char *better = reader_after(words[i], "better=");
		if (better != NULL && perfdash_direction_from_string(better, &direction))
			g_hash_table_insert(self->directions,
					    g_strdup(words[1]),
					    GINT_TO_POINTER(direction));
	}
	return TRUE;
}

static gboolean
was_not_built(const char *line)
{
	return g_str_has_prefix(line, "FAIL\t") && (g_str_has_suffix(line, "[build failed]") ||
						    g_str_has_suffix(line, "[setup failed]"));
}

/* FAIL and ok end the package whose name they have, which may not be the one before them */
static GoBenchPackage *
find_ended(Log *self, const char *key, const char *line)
{
	GoBenchPackage *package = get_package(self, key);
	if (was_not_built(line) && (package->has_header || package->rows->len > 0)) {
		package->is_over = TRUE;
		package = get_package(self, key);
	}
	if (was_not_built(line)) {
		g_autofree char *name = g_strndup(line + 5, strcspn(line + 5, " "));
		g_free(package->name);
		package->name = reader_name(name);
	}
	return package;
}

static void
read_line(Log *self, const char *key, const char *line, guint number)
{
	if (read_unit(self, line))
		return;
	GoBenchPackage *package = find_ended(self, key, line);
	if (!go_bench_package_read(package, line, number))
		go_bench_package_read(begin_package(self, key), line, number);
}

static void
read_output(Log *self, const char *key, const char *output, guint number)
{
	GString *part = g_hash_table_lookup(self->parts, key);
	if (part == NULL) {
		part = g_string_new(NULL);
		g_hash_table_insert(self->parts, g_strdup(key), part);
	}
	if (part->len > MAX_PART)
		g_string_truncate(part, 0);
	g_string_append(part, output);
	if (!g_str_has_suffix(output, "\n"))
		return;
	g_string_truncate(part, part->len - 1);
	read_line(self, key, part->str, number);
	g_string_truncate(part, 0);
}

/* FALSE when the line is no event of go test -json */
static gboolean
read_event(Log *self, const char *line, guint number)
{
	if (*line != '{' || strstr(line, "\"Action\":") == NULL)
		return FALSE;
	g_autoptr(JsonParser) parser = reader_json_load(line, strlen(line), NULL);
	JsonNode *root = parser != NULL ? json_parser_get_root(parser) : NULL;
	if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
		return FALSE;
	JsonObject *event = json_node_get_object(root);
	const char *action = reader_json_string(event, "Action");
	const char *key = reader_json_string(event, "Package");
	const char *output = reader_json_string(event, "Output");
	if (action == NULL || key == NULL)
		return action != NULL;
	if (output != NULL && g_str_equal(action, "output")) {
		GoBenchPackage *package = get_package(self, key);
		if (package->started_at == 0)
			package->started_at = reader_parse_time(reader_json_string(event, "Time"));
		read_output(self, key, output, number);
	}
	return TRUE;
}

static gboolean
is_own(Log *self, const GoBenchPackage *package, gboolean has_any)
{
	gboolean has_header = package->has_header && (package->has_failed || package->is_killed);
	return package->rows->len > 0 || has_header ||
	       (package->has_failed && package->warnings->len > 0 &&
		was_not_built(g_ptr_array_index(package->warnings, 0)) &&
		(has_any || self->begins_with_failure));
}

static void
write_packages(Log *self, PerfdashRunBuilder *builder)
{
	gboolean has_any = FALSE;
	guint n_runs = 0;
	for (guint i = 0; i < self->packages->len; i++) {
		const GoBenchPackage *package = g_ptr_array_index(self->packages, i);
		has_any = has_any || package->has_header || package->rows->len > 0;
	}
	for (guint i = 0; i < self->packages->len; i++) {
		GoBenchPackage *package = g_ptr_array_index(self->packages, i);
		if (!is_own(self, package, has_any))
			continue;
		if (n_runs++ > 0)
			perfdash_run_builder_next_run(builder);
		go_bench_package_write(package, self->directions, builder);
	}
}

/* the last line of a package's tests, which people copy without its line end: "PASS" or
 * "ok  	example.com/a	4.441s" */
static gboolean
is_whole_end(const char *line)
{
	gsize length = strlen(line);
	return g_str_equal(line, "PASS") ||
	       (length > 2 &&
		(g_str_has_prefix(line, "ok  ") || g_str_has_prefix(line, "FAIL\t")) &&
		line[length - 1] == 's' && g_ascii_isdigit(line[length - 2]));
}

static gboolean
go_bench_parser_parse(PerfdashParser *parser,
		      const char *name,
		      GBytes *bytes,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	g_auto(Log) log;
	g_auto(ReaderLines) lines;
	const char *line;
	log_init(&log);
	reader_lines_init(&lines, bytes, NULL);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (lines.number == 1)
			log.begins_with_failure = was_not_built(line) ||
						  g_str_has_prefix(line, "# ");
		if (lines.is_cut && *line != '\0' && !is_whole_end(line))
			get_package(&log, "")->is_cut = TRUE;
		else if (!read_event(&log, line, lines.number))
			read_line(&log, "", line, lines.number);
	}
	write_packages(&log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(GoBenchParser,
		       go_bench_parser,
		       NULL,
		       go_bench_parser_parse,
		       "go-bench",
		       "2",
		       "go test -bench, Go: text and JSON output",
		       "*bench*.txt",
		       PERFDASH_PARSER_CONSOLE,
		       "goos: \nBenchmark\n[build failed]\n[setup failed]")
