/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The JSON of the tests: threads under their numbers, in the tests that pass a message between two
 * (pmqtest, ptsematest, sigwaittest, svsematest) a sender, which has the samples, and a receiver,
 * which has the latency. The command line tells which tool it was and, with the two times, whether
 * it ran as long as it should. Keys may end with a colon. */

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"
#include "rt-tests.h"

#define SHORTEST_SHARE 0.9

typedef struct {
	PerfdashRunBuilder *builder;
	gboolean is_oslat;
	const char *unit;
	guint n_threads; /* that measured something */
} Document;

static const char *
find_string(JsonObject *root, const char *name)
{
	g_autofree char *with_colon = g_strconcat(name, ":", NULL);
	const char *value = reader_json_string(root, with_colon);
	return value != NULL ? value : reader_json_string(root, name);
}

/* "Mon, 23 Nov 2026 17:29:44 +0000"; NULL when it is none */
static GDateTime *
read_time(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	g_auto(GStrv) words = reader_words(text != NULL ? text : "");
	if (g_strv_length(words) != 6 || strlen(words[2]) != 3 || strlen(words[5]) != 5)
		return NULL;
	const char *month = strstr(months, words[2]);
	if (month == NULL)
		return NULL;
	g_autofree char *iso = g_strdup_printf("%s-%02d-%02dT%s%.3s:%s",
					       words[3],
					       (int)(month - months) / 3 + 1,
					       (int)g_ascii_strtoull(words[1], NULL, 10) % 100,
					       words[4],
					       words[5],
					       words[5] + 3);
	return g_date_time_new_from_iso8601(iso, NULL);
}

/* seconds of "-D 20", "-D 5m" or "--duration=1h"; 0 when there is none */
static double
find_duration(const char *command)
{
	static const char units[] = "smhd";
	static const double seconds[] = {1, 60, 3600, 86400};
	static const char *const options[] = {" -D", " --duration=", " --duration "};
	double value;
	const char *rest;
	for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
		const char *at = strstr(command, options[i]);
		if (at == NULL || !reader_number(at + strlen(options[i]), &value, &rest))
			continue;
		const char *unit = *rest != '\0' ? strchr(units, *rest) : NULL;
		return value * (unit != NULL ? seconds[unit - units] : 1);
	}
	return 0;
}

static void
check_duration(Document *self, const char *command, GDateTime *start, GDateTime *end)
{
	double wanted = find_duration(command);
	if (start == NULL || end == NULL || wanted == 0)
		return;
	/* both times are whole seconds */
	double took = g_date_time_difference(end, start) / 1e6 + 1;
	if (took >= SHORTEST_SHARE * wanted)
		return;
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder,
					 "the test was stopped within %.0f of %.0f s",
					 took,
					 wanted);
}

static char *
find_tool(const char *command)
{
	g_autofree char *word = g_strndup(command, strcspn(command, " "));
	g_autofree char *base = g_path_get_basename(word);
	return reader_name(base);
}

static void
read_system(Document *self, JsonObject *root)
{
	static const char *const keys[] = {"release", "machine"};
	JsonObject *system = reader_json_object(root, "sysinfo");
	double realtime;
	for (guint i = 0; system != NULL && i < G_N_ELEMENTS(keys); i++) {
		const char *value = reader_json_string(system, keys[i]);
		if (value == NULL || *value == '\0')
			continue;
		g_autofree char *text = reader_name(value);
		perfdash_run_builder_set_environment(self->builder, keys[i], text);
	}
	if (system != NULL && reader_json_number(system, "realtime", &realtime))
		perfdash_run_builder_set_environment(self->builder,
						     "realtime",
						     realtime != 0 ? "1" : "0");
}

static void
read_head(Document *self, JsonObject *root)
{
	const char *command = find_string(root, "cmdline");
	const char *version = find_string(root, "rt_test_version");
	g_autoptr(GDateTime) start = read_time(reader_json_string(root, "start_time"));
	g_autoptr(GDateTime) end = read_time(reader_json_string(root, "end_time"));
	double value;
	g_autofree char *tool = find_tool(command != NULL ? command : "cyclictest");
	perfdash_run_builder_set_label(self->builder, "tool", tool);
	self->is_oslat = g_str_equal(tool, "oslat");
	if (version != NULL) {
		g_autofree char *text = reader_name(version);
		perfdash_run_builder_set_environment(self->builder, "tool_version", text);
	}
	if (start != NULL && g_date_time_to_unix(start) > 0)
		perfdash_run_builder_set_started_at(self->builder,
						    g_date_time_to_unix(start) * G_USEC_PER_SEC);
	if (command != NULL)
		check_duration(self, command, start, end);
	if (reader_json_number(root, "return_code", &value) && value != 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder,
						 "%s ended with code %.0f",
						 tool,
						 value);
	}
	read_system(self, root);
}

static void
read_thread(Document *self, const char *name, JsonObject *thread)
{
	double cycles = 1;
	double min;
	double max;
	double mean;
	double cpu;
	JsonObject *sender = reader_json_object(thread, "sender");
	JsonObject *receiver = reader_json_object(thread, "receiver");
	gboolean has_cycles = sender != NULL ? reader_json_number(sender, "samples", &cycles)
					     : reader_json_number(thread, "cycles", &cycles);
	if (receiver != NULL)
		thread = receiver;
	gboolean has_cpu = reader_json_number(thread, "cpu", &cpu);
	if (!reader_json_number(thread, "avg", &mean) || cycles <= 0)
		return;
	g_autofree char *text = self->is_oslat && has_cpu ? g_strdup_printf("core %.0f", cpu)
							  : g_strdup_printf("thread %s", name);
	g_autofree char *benchmark = reader_name(text);
	self->n_threads++;
	if (has_cycles)
		perfdash_run_builder_add_result(self->builder,
						benchmark,
						"cycles",
						"1",
						PERFDASH_DIRECTION_NONE,
						cycles);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"latency",
					self->unit,
					PERFDASH_DIRECTION_LOWER,
					mean);
	if (reader_json_number(thread, "min", &min))
		perfdash_run_builder_add_stat(self->builder, "min", min);
	if (reader_json_number(thread, "max", &max))
		perfdash_run_builder_add_stat(self->builder, "max", max);
}

static void
read_document(JsonObject *root, PerfdashRunBuilder *builder)
{
	Document self = {.builder = builder, .unit = "us"};
	JsonObject *threads = reader_json_object(root, "thread");
	double in_ns;
	if (reader_json_number(root, "resolution_in_ns", &in_ns) && in_ns != 0)
		self.unit = "ns";
	read_head(&self, root);
	g_autoptr(GList) names = threads != NULL ? json_object_get_members(threads) : NULL;
	for (GList *l = names; l != NULL; l = l->next) {
		JsonObject *thread = reader_json_object(threads, l->data);
		if (thread != NULL)
			read_thread(&self, l->data, thread);
	}
	if (self.n_threads == 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "no thread measured anything");
	}
}

/* of a document that was cut off, all threads that are whole */
static char *
salvage(const char *text, gsize size)
{
	static const char thread_end[] = "\n    }";
	const char *last = g_strrstr_len(text, size, thread_end);
	if (last == NULL)
		return NULL;
	GString *whole = g_string_new_len(text, last + strlen(thread_end) - text);
	g_string_append(whole, "\n  }\n}\n");
	return g_string_free(whole, FALSE);
}

gboolean
rt_tests_read_json(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	g_autoptr(GError) local = NULL;
	g_autoptr(JsonParser) parser = reader_json_load(text, size, &local);
	g_autofree char *whole = parser == NULL ? salvage(text, size) : NULL;
	if (whole != NULL) {
		parser = reader_json_load(whole, strlen(whole), NULL);
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	JsonNode *root = parser != NULL ? json_parser_get_root(parser) : NULL;
	if (root != NULL && JSON_NODE_HOLDS_OBJECT(root)) {
		read_document(json_node_get_object(root), builder);
		return TRUE;
	}
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	else
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document is not an object");
	return FALSE;
}
