/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* composite.xml of the Phoronix Test Suite: results with an entry for each system that was
 * compared, each a run of its own. Proportion says which way is better; a value of several numbers
 * is a graph over time, an empty one a test that failed. System entries also name users and hosts,
 * of which only processor, system and kernel are kept. */

#include <string.h>

#include "reader-text.h"
#include "reader-xml.h"

#define MAX_TEXT    (1 << 20) /* bytes of one element */
#define MAX_SYSTEMS 200
#define SCORE       90

/* what one system measured in one test */
typedef struct {
	char *benchmark;
	char *unit;
	PerfdashDirection direction;
	char *value;
	char *samples; /* "1.5:1.6:1.4", nullable */
	guint line;
} Entry;

typedef struct {
	char *name;
	char *hardware;     /* nullable */
	char *software;     /* nullable */
	GPtrArray *entries; /* of Entry */
} System;

typedef struct {
	GPtrArray *systems; /* of System */
	GString *text;      /* of the element that is being read */
	GHashTable
		*fields; /* of the result, the system or the entry that is being read, by element */
	char *client;    /* of the test suite, nullable */
	guint line;
	gboolean ended;
} Reading;

static const struct {
	const char *scale;
	const char *unit;
} units[] = {
	{"Seconds", "s"},
	{"Second", "s"},
	{"sec", "s"},
	{"Milliseconds", "ms"},
	{"Microseconds", "us"},
	{"us", "us"},
	{"Nanoseconds", "ns"},
	{"Percent", "%"},
	{"Frames Per Second", "1/s"},
	{"FPS", "1/s"},
	{"Requests Per Second", "1/s"},
	{"Iterations Per Second", "1/s"},
	{"Operations Per Second", "1/s"},
	{"Ops/sec", "1/s"},
	{"Mbits/sec", "Mbit/s"},
};

static const struct {
	const char *proportion;
	PerfdashDirection direction;
} directions[] = {
	{"HIB", PERFDASH_DIRECTION_HIGHER},
	{"LIB", PERFDASH_DIRECTION_LOWER},
};

static void
entry_free(gpointer data)
{
	Entry *entry = data;
	g_free(entry->benchmark);
	g_free(entry->unit);
	g_free(entry->value);
	g_free(entry->samples);
	g_free(entry);
}

static void
system_free(gpointer data)
{
	System *system = data;
	g_free(system->name);
	g_free(system->hardware);
	g_free(system->software);
	g_ptr_array_unref(system->entries);
	g_free(system);
}

static System *
find_system(Reading *reading, const char *name)
{
	for (guint i = 0; i < reading->systems->len; i++) {
		System *one = g_ptr_array_index(reading->systems, i);
		if (g_str_equal(one->name, name))
			return one;
	}
	if (reading->systems->len == MAX_SYSTEMS)
		return NULL;
	System *system = g_new0(System, 1);
	system->name = g_strdup(name);
	system->entries = g_ptr_array_new_with_free_func(entry_free);
	g_ptr_array_add(reading->systems, system);
	return system;
}

/* elements have the same names in results, systems and entries */
static char *
field_key(const char *parent, const char *element)
{
	return g_strconcat(parent, "/", element, NULL);
}

static const char *
get(Reading *reading, const char *key)
{
	const char *value = g_hash_table_lookup(reading->fields, key);
	return value != NULL ? value : "";
}

static char *
unit_of(const char *scale)
{
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (g_ascii_strcasecmp(units[i].scale, scale) == 0)
			return g_strdup(units[i].unit);
	}
	if (*scale == '\0' || strlen(scale) > 32)
		return g_strdup("1");
	return reader_name(scale);
}

static char *
benchmark_of(Reading *reading)
{
	const char *title = get(reading, "Result/Title");
	const char *description = get(reading, "Result/Description");
	const char *name = *title != '\0' ? title : get(reading, "Result/Identifier");
	g_autofree char *full =
		g_strconcat(name, *description != '\0' ? ": " : "", description, NULL);
	return reader_name(full);
}

static void
end_entry(Reading *reading)
{
	g_autofree char *name = reader_name(get(reading, "Entry/Identifier"));
	const char *samples = get(reading, "Entry/RawString");
	System *system = find_system(reading, name);
	if (system == NULL)
		return;
	Entry *entry = g_new0(Entry, 1);
	entry->benchmark = benchmark_of(reading);
	entry->unit = unit_of(get(reading, "Result/Scale"));
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		if (g_str_equal(get(reading, "Result/Proportion"), directions[i].proportion))
			entry->direction = directions[i].direction;
	}
	entry->value = g_strdup(get(reading, "Entry/Value"));
	entry->samples = *samples != '\0' ? g_strdup(samples) : NULL;
	entry->line = reading->line;
	g_ptr_array_add(system->entries, entry);
}

static void
end_system(Reading *reading)
{
	g_autofree char *name = reader_name(get(reading, "System/Identifier"));
	System *system = find_system(reading, name);
	if (system == NULL || system->hardware != NULL)
		return;
	system->hardware = g_strdup(get(reading, "System/Hardware"));
	system->software = g_strdup(get(reading, "System/Software"));
}

static void
start_element(GMarkupParseContext *context,
	      const char *element,
	      const char **names,
	      const char **values,
	      gpointer user_data,
	      GError **error)
{
	Reading *reading = user_data;
	g_string_truncate(reading->text, 0);
	reading->line = reader_xml_line(context);
}

static void
add_text(GMarkupParseContext *context,
	 const char *text,
	 gsize size,
	 gpointer user_data,
	 GError **error)
{
	Reading *reading = user_data;
	if (reading->text->len + size <= MAX_TEXT)
		g_string_append_len(reading->text, text, size);
}

/* forgets what was read within an element */
static void
forget(Reading *reading, const char *parent)
{
	GHashTableIter iter;
	gpointer key;
	g_autofree char *prefix = field_key(parent, "");
	g_hash_table_iter_init(&iter, reading->fields);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		if (g_str_has_prefix(key, prefix))
			g_hash_table_iter_remove(&iter);
	}
}

static gboolean
is_kept(const char *parent, const char *element)
{
	static const char *const kept[] = {"Result/Title",
					   "Result/Description",
					   "Result/Identifier",
					   "Result/Scale",
					   "Result/Proportion",
					   "Entry/Identifier",
					   "Entry/Value",
					   "Entry/RawString",
					   "System/Identifier",
					   "System/Hardware",
					   "System/Software",
					   "Generated/TestClient",
					   NULL};
	g_autofree char *key = field_key(parent, element);
	return g_strv_contains(kept, key);
}

static void
end_element(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
	Reading *reading = user_data;
	const GSList *stack = g_markup_parse_context_get_element_stack(context);
	const char *parent = stack->next != NULL ? stack->next->data : "";
	if (is_kept(parent, element))
		g_hash_table_insert(reading->fields,
				    field_key(parent, element),
				    g_strstrip(g_strdup(reading->text->str)));
	if (g_str_equal(element, "Entry"))
		end_entry(reading);
	else if (g_str_equal(element, "System"))
		end_system(reading);
	if (g_str_equal(element, "Entry") || g_str_equal(element, "System") ||
	    g_str_equal(element, "Result"))
		forget(reading, element);
	reading->ended |= g_str_equal(element, "PhoronixTestSuite");
	g_string_truncate(reading->text, 0);
}

/* "Processor: AMD EPYC, Motherboard: ..." */
static void
set_fact(PerfdashRunBuilder *builder, const char *text, const char *name, const char *key)
{
	g_auto(GStrv) facts = g_strsplit(text != NULL ? text : "", ", ", 100);
	for (guint i = 0; facts[i] != NULL; i++) {
		const char *value = reader_after(facts[i], name);
		if (value == NULL || *value == '\0')
			continue;
		g_autofree char *fact = reader_name(value);
		perfdash_run_builder_set_environment(builder, key, fact);
		return;
	}
}

static void
add_samples(PerfdashRunBuilder *builder, const char *text)
{
	g_auto(GStrv) samples = g_strsplit(text, ":", 10000);
	double value;
	const char *rest;
	for (guint i = 0; samples[i] != NULL; i++) {
		if (!reader_number(samples[i], &value, &rest) || *rest != '\0')
			return;
	}
	for (guint i = 0; samples[i] != NULL; i++) {
		if (reader_number(samples[i], &value, NULL))
			perfdash_run_builder_add_replicate(builder, value);
	}
}

static gboolean
add_entry(PerfdashRunBuilder *builder, const Entry *entry)
{
	double value;
	const char *rest;
	if (!reader_number(entry->value, &value, &rest) || *rest != '\0') {
		perfdash_run_builder_add_warning(builder, "%s has no result", entry->benchmark);
		return FALSE;
	}
	perfdash_run_builder_set_line(builder, entry->line);
	perfdash_run_builder_add_result(builder,
					entry->benchmark,
					"result",
					entry->unit,
					entry->direction,
					value);
	if (entry->samples != NULL)
		add_samples(builder, entry->samples);
	return TRUE;
}

static void
add_system(Reading *reading, PerfdashRunBuilder *builder, const System *system, gboolean is_one)
{
	guint n = 0;
	perfdash_run_builder_set_label(builder, "tool", "phoronix-test-suite");
	if (!is_one)
		perfdash_run_builder_set_label(builder, "system", system->name);
	if (reading->client != NULL)
		perfdash_run_builder_set_environment(builder, "tool_version", reading->client);
	set_fact(builder, system->hardware, "Processor:", "cpu");
	set_fact(builder, system->software, "OS:", "os");
	set_fact(builder, system->software, "Kernel:", "kernel");
	for (guint i = 0; i < system->entries->len; i++)
		n += add_entry(builder, g_ptr_array_index(system->entries, i));
	if (n == 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "no test has a result");
	} else if (!reading->ended) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document is cut off");
	}
}

static guint
count_measured(Reading *reading)
{
	guint n = 0;
	for (guint i = 0; i < reading->systems->len; i++)
		n += ((System *)g_ptr_array_index(reading->systems, i))->entries->len > 0;
	return n;
}

/* "Phoronix Test Suite v10.8.4", "phoronix-test-suite/10.8.4" */
static char *
read_version(const char *client)
{
	const char *version = client + strlen(client);
	while (version > client && (g_ascii_isdigit(version[-1]) || version[-1] == '.'))
		version--;
	return *version != '\0' ? reader_name(version) : NULL;
}

static void
end_reading(Reading *reading, PerfdashRunBuilder *builder)
{
	guint n = count_measured(reading);
	guint n_added = 0;
	reading->client = read_version(get(reading, "Generated/TestClient"));
	for (guint i = 0; i < reading->systems->len; i++) {
		const System *system = g_ptr_array_index(reading->systems, i);
		if (system->entries->len == 0)
			continue;
		if (n_added++ > 0)
			perfdash_run_builder_next_run(builder);
		add_system(reading, builder, system, n == 1);
	}
}

static void
clear_reading(Reading *reading)
{
	g_ptr_array_unref(reading->systems);
	g_string_free(reading->text, TRUE);
	g_hash_table_unref(reading->fields);
	g_free(reading->client);
}

static gboolean
phoronix_parser_parse(PerfdashParser *parser,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	static const GMarkupParser markup = {.start_element = start_element,
					     .end_element = end_element,
					     .text = add_text};
	g_autoptr(GError) local = NULL;
	Reading reading = {
		.systems = g_ptr_array_new_with_free_func(system_free),
		.text = g_string_new(NULL),
		.fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
	};
	/* what stands behind a document that was cut off need not be XML */
	gboolean is_read = reader_xml_read(log, &markup, &reading, &local) ||
			   count_measured(&reading) > 0;
	if (is_read)
		end_reading(&reading, builder);
	else
		g_propagate_error(error, g_steal_pointer(&local));
	clear_reading(&reading);
	return is_read;
}

static guint
phoronix_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	gsize size;
	const char *data = g_bytes_get_data(head, &size);
	gboolean is_own = reader_xml_has_root(head, "<PhoronixTestSuite>");
	/* definitions of tests begin so, too */
	return is_own && g_strstr_len(data, size, "<TestInformation>") == NULL ? SCORE : 0;
}

PERFDASH_DEFINE_PARSER(PhoronixParser,
		       phoronix_parser,
		       phoronix_parser_probe,
		       phoronix_parser_parse,
		       "phoronix",
		       "2",
		       "Phoronix Test Suite, any benchmark: composite.xml",
		       "composite.xml;*phoronix*.xml",
		       PERFDASH_PARSER_XML,
		       "<PhoronixTestSuite>")
