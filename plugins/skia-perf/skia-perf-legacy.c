/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What nanobench writes, and Skia Perf took in before format 1: tests, configurations of each, and
 * their numbers, with the unit behind the name: {"draw_0_0": {"8888": {"min_ms": 1.2}}}. Options
 * of a configuration and of the file, and the key of the file, tell traces apart. */

#include "skia-perf.h"

#include <string.h>

#include "reader-label.h"
#include "reader-text.h"

#define MAX_LABELS     30   /* of a result */
#define MAX_REPLICATES 1000 /* of a configuration */

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *lines; /* of objects */
	JsonObject *root;
} Reading;

/* how names end, and what that says */
static const struct {
	const char *suffix;
	const char *unit;
	PerfdashDirection direction;
} suffixes[] = {
	{"_ms", "ms", PERFDASH_DIRECTION_LOWER},
	{"_us", "us", PERFDASH_DIRECTION_LOWER},
	{"_ns", "ns", PERFDASH_DIRECTION_LOWER},
	/* of the operating system's 1024 * 1024 */
	{"_rss_mb", "MiB", PERFDASH_DIRECTION_LOWER},
	{"bytes", "B", PERFDASH_DIRECTION_LOWER},
};

static void
add_labels(PerfdashRunBuilder *builder, JsonObject *object)
{
	g_autoptr(GList) members = object != NULL ? json_object_get_members(object) : NULL;
	guint n = 0;
	for (GList *l = members; l != NULL && n < MAX_LABELS; l = l->next, n++) {
		const char *value = reader_json_string(object, l->data);
		if (value != NULL)
			reader_add_label(builder, l->data, value);
	}
}

static void
add_samples(PerfdashRunBuilder *builder, JsonArray *samples)
{
	double value;
	for (guint i = 0; i < MIN(json_array_get_length(samples), MAX_REPLICATES); i++) {
		if (reader_json_number_at(samples, i, &value))
			perfdash_run_builder_add_replicate(builder, value);
	}
}

static void
add_number(Reading *self,
	   const char *test,
	   const char *config,
	   const char *member,
	   JsonObject *object,
	   double value)
{
	g_autofree char *benchmark = reader_name(test);
	g_autofree char *metric = reader_name(member);
	JsonArray *samples = reader_json_array(object, "samples");
	const char *unit = "1";
	PerfdashDirection direction = PERFDASH_DIRECTION_NONE;
	for (guint i = 0; i < G_N_ELEMENTS(suffixes) && direction == PERFDASH_DIRECTION_NONE; i++) {
		if (!g_str_has_suffix(member, suffixes[i].suffix))
			continue;
		unit = suffixes[i].unit;
		direction = suffixes[i].direction;
	}
	perfdash_run_builder_add_result(self->builder, benchmark, metric, unit, direction, value);
	reader_add_label(self->builder, "config", config);
	add_labels(self->builder, reader_json_object(object, "options"));
	add_labels(self->builder, reader_json_object(self->root, "options"));
	add_labels(self->builder, reader_json_object(self->root, "key"));
	/* its samples are times, of which the median is one */
	if (samples != NULL && g_str_equal(member, "median_ms"))
		add_samples(self->builder, samples);
}

static void
read_config(Reading *self, const char *test, const char *config, JsonObject *object)
{
	g_autoptr(GList) members = json_object_get_members(object);
	double value;
	reader_json_set_line(self->builder, self->lines, object);
	for (GList *l = members; l != NULL; l = l->next) {
		if (reader_json_number(object, l->data, &value))
			add_number(self, test, config, l->data, object, value);
	}
}

static void
read_results(Reading *self)
{
	JsonObject *results = reader_json_object(self->root, "results");
	g_autoptr(GList) tests = results != NULL ? json_object_get_members(results) : NULL;
	for (GList *t = tests; t != NULL; t = t->next) {
		JsonObject *test = reader_json_object(results, t->data);
		g_autoptr(GList) configs = test != NULL ? json_object_get_members(test) : NULL;
		for (GList *c = configs; c != NULL; c = c->next) {
			JsonObject *config = reader_json_object(test, c->data);
			if (config != NULL)
				read_config(self, t->data, c->data, config);
		}
	}
}

/* a document may be cut off in or behind a configuration, a test or options */
static JsonParser *
load(const char *text, gsize size, GHashTable *lines, gboolean *is_cut, GError **error)
{
	static const char *const closings[] = {"}}}", "}}", "}}}}"};
	for (guint i = 0; i < G_N_ELEMENTS(closings); i++) {
		JsonParser *parser = reader_json_load_rows_with_lines(text,
								      size,
								      lines,
								      "}",
								      closings[i],
								      is_cut,
								      NULL);
		if (parser != NULL)
			return parser;
	}
	return reader_json_load(text, size, error);
}

gboolean
skia_perf_is_legacy(const char *text)
{
	const char *results = strstr(text, "\"results\"");
	if (results == NULL || strstr(text, "\"gitHash\"") == NULL ||
	    (strstr(text, "\"key\"") == NULL && strstr(text, "_ms\"") == NULL))
		return FALSE;
	results += strlen("\"results\"");
	results += strspn(results, " \t\r\n:");
	return *results == '{';
}

gboolean
skia_perf_read_legacy(const char *text, gsize size, PerfdashRunBuilder *builder, GError **error)
{
	gboolean is_cut = FALSE;
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	g_autoptr(JsonParser) json = load(text, size, lines, &is_cut, error);
	if (json == NULL)
		return FALSE;
	Reading reading = {builder, lines, reader_json_root_object(json)};
	perfdash_run_builder_set_label(builder, "tool", "skia-perf");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	if (reading.root == NULL)
		return TRUE;
	const char *revision = reader_json_string(reading.root, "gitHash");
	if (revision != NULL && *revision != '\0') {
		g_autofree char *hash = reader_name(revision);
		perfdash_run_builder_set_revision(builder, hash);
	}
	read_results(&reading);
	return TRUE;
}
