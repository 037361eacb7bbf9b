/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The average of the totals is 0.0 in some versions: the tool makes the others of accumulated
 * latency and count, which are there for the totals as well. Commands that were not sent are there
 * with zeros. Each line of a nested object begins with tabs, so that a document that was cut off
 * can be closed behind its last whole command. */

#include "memtier.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

static const char *const configuration_keys[] = {"protocol",
						 "run_count",
						 "requests",
						 "clients",
						 "threads",
						 "test_time",
						 "ratio",
						 "pipeline",
						 "data_size",
						 "data_size_range",
						 "rate_limit",
						 "key_pattern",
						 "key_minimum",
						 "key_maximum"};

static const struct {
	const char *member;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} rates[] = {
	{"KB/sec", "transfer", "KiB/s", PERFDASH_DIRECTION_HIGHER},
	{"Hits/sec", "hits", "1/s", PERFDASH_DIRECTION_NONE},
	{"Misses/sec", "misses", "1/s", PERFDASH_DIRECTION_NONE},
	{"MOVED/sec", "moved", "1/s", PERFDASH_DIRECTION_NONE},
	{"ASK/sec", "ask", "1/s", PERFDASH_DIRECTION_NONE},
	{"Connection Errors", "connection_errors", "1", PERFDASH_DIRECTION_LOWER},
};

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_sections;
	double n_operations; /* of all totals, a rate */
	double started_at;   /* ms since 1970, 0 unknown */
	gboolean is_interrupted;
} Reading;

static void
add_percentiles(Reading *self, JsonObject *command)
{
	JsonObject *percentiles = reader_json_object(command, "Percentile Latencies");
	g_autoptr(GList) names = percentiles != NULL ? json_object_get_members(percentiles) : NULL;
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(double));
	for (GList *l = names; l != NULL; l = l->next) {
		const char *name = l->data;
		double value;
		if (*name == 'p' && reader_json_number(percentiles, name, &value))
			memtier_add_percentile(self->builder, seen, name + 1, value);
	}
}

static gboolean
get_mean_latency(JsonObject *command, double *mean)
{
	double count;
	double sum;
	if (!reader_json_number(command, "Average Latency", mean) &&
	    !reader_json_number(command, "Latency", mean))
		return FALSE;
	if (*mean == 0 && reader_json_number(command, "Count", &count) && count > 0 &&
	    reader_json_number(command, "Accumulated Latency", &sum))
		*mean = sum / count;
	return *mean > 0;
}

static void
add_latency(Reading *self, JsonObject *command, const char *benchmark)
{
	double value;
	if (!get_mean_latency(command, &value))
		return;
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					value);
	if (reader_json_number(command, "Min Latency", &value))
		perfdash_run_builder_add_stat(self->builder, "min", value);
	if (reader_json_number(command, "Max Latency", &value))
		perfdash_run_builder_add_stat(self->builder, "max", value);
	add_percentiles(self, command);
}

/* of a command of which none was answered */
static void
add_connection_errors(Reading *self, JsonObject *command, const char *benchmark)
{
	double value;
	if (reader_json_number(command, "Connection Errors", &value) && value > 0)
		perfdash_run_builder_add_result(self->builder,
						benchmark,
						"connection_errors",
						"1",
						PERFDASH_DIRECTION_LOWER,
						value);
}

static void
read_command(Reading *self, const char *title, const char *name, JsonObject *command)
{
	double value;
	double per_second;
	if (!reader_json_number(command, "Ops/sec", &per_second))
		return;
	g_autofree char *benchmark = memtier_benchmark_name(title, name);
	if (per_second <= 0) {
		add_connection_errors(self, command, benchmark);
		return;
	}
	self->n_operations += per_second;
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"throughput",
					"1/s",
					PERFDASH_DIRECTION_HIGHER,
					per_second);
	if (reader_json_number(command, "Count", &value))
		perfdash_run_builder_add_result(self->builder,
						benchmark,
						"requests",
						"1",
						PERFDASH_DIRECTION_NONE,
						value);
	for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
		if (reader_json_number(command, rates[i].member, &value))
			perfdash_run_builder_add_result(self->builder,
							benchmark,
							rates[i].metric,
							rates[i].unit,
							rates[i].direction,
							value);
	}
	add_latency(self, command, benchmark);
}

static void
read_runtime(Reading *self, const char *title, JsonObject *runtime)
{
	double value;
	g_autofree char *benchmark = memtier_benchmark_name(title, NULL);
	if (reader_json_number(runtime, "Start time", &value) && value > 0 &&
	    (self->started_at == 0 || value < self->started_at))
		self->started_at = value;
	if (reader_json_number(runtime, "Total duration", &value))
		perfdash_run_builder_add_result(self->builder,
						benchmark,
						"duration",
						"ms",
						PERFDASH_DIRECTION_NONE,
						value);
	if (g_strcmp0(reader_json_string(runtime, "Interrupted"), "true") == 0)
		self->is_interrupted = TRUE;
}

static void
read_section(Reading *self, const char *title, JsonObject *section)
{
	g_autoptr(GList) names = json_object_get_members(section);
	self->n_sections++;
	for (GList *l = names; l != NULL; l = l->next) {
		JsonObject *part = reader_json_object(section, l->data);
		if (part == NULL)
			continue;
		if (g_str_equal(l->data, "Runtime"))
			read_runtime(self, title, part);
		else
			read_command(self, title, l->data, part);
	}
}

static void
read_configuration(Reading *self, JsonObject *configuration)
{
	double value;
	for (guint i = 0; i < G_N_ELEMENTS(configuration_keys); i++) {
		const char *key = configuration_keys[i];
		const char *text = reader_json_string(configuration, key);
		g_autofree char *parameter = NULL;
		if (text != NULL && *text != '\0')
			parameter = reader_name(text);
		else if (reader_json_number(configuration, key, &value))
			parameter = g_strdup_printf("%.0f", value);
		if (parameter != NULL)
			perfdash_run_builder_set_parameter(self->builder, key, parameter);
	}
}

static void
read_root(Reading *self, JsonObject *root)
{
	g_autoptr(GList) names = json_object_get_members(root);
	JsonObject *configuration = reader_json_object(root, "configuration");
	perfdash_run_builder_set_label(self->builder, "tool", "memtier_benchmark");
	if (configuration != NULL)
		read_configuration(self, configuration);
	for (GList *l = names; l != NULL; l = l->next) {
		JsonObject *section = reader_json_object(root, l->data);
		if (section != NULL && memtier_is_title(l->data))
			read_section(self, l->data, section);
	}
	if (self->started_at > 0 && self->started_at < 7e12)
		perfdash_run_builder_set_started_at(self->builder, self->started_at * 1000);
	if (self->n_sections > 0 && self->n_operations == 0)
		memtier_set_unfinished(self->builder,
				       PERFDASH_OUTCOME_FAILED,
				       "no request was answered");
	else if (self->is_interrupted)
		memtier_set_unfinished(self->builder,
				       PERFDASH_OUTCOME_PARTIAL,
				       "memtier_benchmark was interrupted");
}

/* of a document that was cut off, all commands that are whole */
static JsonParser *
salvage(const char *text, gsize size)
{
	static const char command_end[] = "\n\t\t\t}";
	const char *last = g_strrstr_len(text, size, command_end);
	if (last == NULL)
		return NULL;
	GString *whole = g_string_new_len(text, last + strlen(command_end) - text);
	g_string_append(whole, "}}");
	JsonParser *parser = reader_json_load(whole->str, whole->len, NULL);
	g_string_free(whole, TRUE);
	return parser;
}

gboolean
memtier_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	Reading reading = {.builder = builder};
	g_autoptr(GError) local = NULL;
	g_autoptr(JsonParser) parser = reader_json_load(text, size, &local);
	gboolean is_cut = parser == NULL;
	if (is_cut)
		parser = salvage(text, size);
	if (parser == NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	JsonNode *root = json_parser_get_root(parser);
	if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document is not an object");
		return FALSE;
	}
	read_root(&reading, json_node_get_object(root));
	if (is_cut || reading.n_sections == 0)
		memtier_set_unfinished(builder,
				       PERFDASH_OUTCOME_PARTIAL,
				       "the document has no end: the log was cut off");
	return TRUE;
}
