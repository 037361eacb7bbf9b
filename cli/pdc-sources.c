/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the sources of a server are doing. */

#include <json-glib/json-glib.h>
#include <string.h>

#include "pdc-command.h"
#include "pdc-server.h"
#include "pdc-table.h"

#define LOCAL    "http://127.0.0.1:8731"
#define TIMEOUT  30 /* seconds */
#define PEOPLE   13 /* columns */
#define PROGRAMS 15

typedef struct {
	char *server;
	char *format;
	char *poll;
	char *token_file;
	gboolean insecure;
} Options;

static void
options_clear(Options *options)
{
	g_free(options->server);
	g_free(options->format);
	g_free(options->poll);
	g_free(options->token_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {{"server",
					 's',
					 0,
					 G_OPTION_ARG_STRING,
					 &options->server,
					 "Whose sources (default: " LOCAL ")",
					 "URL"},
					{"format",
					 'f',
					 0,
					 G_OPTION_ARG_STRING,
					 &options->format,
					 "table, markdown, json or csv",
					 "FORMAT"},
					{"poll",
					 0,
					 0,
					 G_OPTION_ARG_STRING,
					 &options->poll,
					 "Have this one polled now",
					 "SOURCE"},
					{"token-file",
					 0,
					 0,
					 G_OPTION_ARG_FILENAME,
					 &options->token_file,
					 "Send the token in this file (default: $PERFDASH_TOKEN)",
					 "FILE"},
					{"insecure",
					 0,
					 0,
					 G_OPTION_ARG_NONE,
					 &options->insecure,
					 "Send a token without TLS, also to another machine",
					 NULL},
					G_OPTION_ENTRY_NULL};
	return pdc_read_options(
		argc,
		argv,
		entries,
		"",
		"Lists the sources of a server: when each was read and will be, and "
		"what is wrong.");
}

/* the object that the server answers, or NULL after complaining */
static JsonNode *
ask(const Options *options)
{
	g_autoptr(GError) error = NULL;
	const char *address = options->server != NULL ? options->server : LOCAL;
	g_autoptr(PdcServer) server =
		pdc_server_new(address, options->token_file, options->insecure, TIMEOUT, &error);
	if (server == NULL) {
		pdc_complain("%s", error->message);
		return NULL;
	}
	g_autofree char *name = g_uri_escape_string(options->poll != NULL ? options->poll : "",
						    NULL,
						    FALSE);
	g_autofree char *place = options->poll != NULL
					 ? g_strconcat("api/v1/sources/", name, "/poll", NULL)
					 : g_strdup("api/v1/sources");
	g_autoptr(SoupMessage)
		message = pdc_server_make_message(server,
						  options->poll != NULL ? "POST" : "GET",
						  place);
	JsonNode *node = pdc_server_ask(server, message, &error);
	if (node == NULL)
		pdc_complain("%s: %s", address, error->message);
	return node;
}

static const char *
get_text(JsonObject *source, const char *member)
{
	return json_object_get_string_member_with_default(source, member, NULL);
}

/* "3 min", "2 h" */
static char *
format_span(double seconds)
{
	static const struct {
		double length;
		const char *unit;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (seconds >= 2 * units[i].length)
			return g_strdup_printf("%.0f %s", seconds / units[i].length, units[i].unit);
	}
	return g_strdup_printf("%.0f s", seconds);
}

static void
add_span(PdcTable *table, JsonObject *source, const char *member)
{
	double seconds = json_object_get_double_member_with_default(source, member, -1);
	if (!pdc_table_is_for_people(table) && seconds >= 0) {
		pdc_table_add_double(table, seconds);
		return;
	}
	g_autofree char *text = seconds >= 0 ? format_span(seconds) : g_strdup("");
	if (seconds >= 0)
		pdc_table_add_text(table, text);
	else
		pdc_table_add_nothing(table);
}

/* for people how long ago, or how long until then */
static void
add_time(PdcTable *table, JsonObject *source, const char *member)
{
	const char *text = get_text(source, member);
	g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;
	if (time == NULL) {
		pdc_table_add_nothing(table);
		return;
	}
	gint64 at = g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
	double ago = (g_get_real_time() - at) / (double)G_USEC_PER_SEC;
	g_autofree char *span = format_span(ABS(ago));
	g_autofree char *told =
		g_strconcat(ago >= 0 ? "" : "in ", span, ago >= 0 ? " ago" : "", NULL);
	if (pdc_table_is_for_people(table))
		pdc_table_add_text(table, told);
	else
		pdc_table_add_time(table, at);
}

static void
add_text(PdcTable *table, const char *text)
{
	if (text != NULL)
		pdc_table_add_text(table, text);
	else
		pdc_table_add_nothing(table);
}

/* NULL unless it is an array of objects */
static JsonArray *
get_objects(JsonObject *object, const char *member)
{
	JsonNode *node = json_object_get_member(object, member);
	JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node)
								       : NULL;
	for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
		if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(array, i)))
			return NULL;
	}
	return array;
}

static guint
get_length(JsonArray *array)
{
	return array != NULL ? json_array_get_length(array) : 0;
}

static gint64
get_results(JsonArray *days, guint i)
{
	JsonObject *day = json_array_get_object_element(days, i);
	return json_object_get_int_member_with_default(day, "results", 0);
}

/* of the days that the server tells: the sum, and for people a block for each day */
static void
add_results(PdcTable *table, JsonObject *source)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	JsonArray *days = get_objects(source, "days");
	g_autoptr(GString) text = g_string_new(NULL);
	gint64 most = 1;
	gint64 sum = 0;
	for (guint i = 0; i < get_length(days); i++) {
		most = MAX(most, get_results(days, i));
		sum += get_results(days, i);
	}
	if (!pdc_table_is_for_people(table)) {
		pdc_table_add_int(table, sum);
		return;
	}
	for (guint i = 0; g_get_charset(NULL) && i < get_length(days); i++) {
		double share = (double)get_results(days, i) / (double)most;
		g_string_append(text, share > 0 ? blocks[(int)(share * 7.999)] : "·");
	}
	g_string_append_printf(text, "%s%" G_GINT64_FORMAT, text->len > 0 ? " " : "", sum);
	pdc_table_add_text(table, text->str);
}

static void
add_source(PdcTable *table, JsonObject *source)
{
	add_text(table, get_text(source, "name"));
	add_text(table, get_text(source, "type"));
	add_text(table, get_text(source, "state"));
	add_time(table, source, "last_read");
	add_time(table, source, "last_poll");
	add_time(table, source, "next_poll");
	add_span(table, source, "usual_seconds");
	add_span(table, source, "delay_seconds");
	pdc_table_add_int(table, json_object_get_int_member_with_default(source, "logs", 0));
	add_results(table, source);
	if (!pdc_table_is_for_people(table))
		pdc_table_add_int(table,
				  json_object_get_int_member_with_default(source, "failed", 0));
	pdc_table_add_int(table, json_object_get_int_member_with_default(source, "failed_week", 0));
	add_text(table, get_text(source, "cause"));
	add_text(table, get_text(source, "error"));
	if (!pdc_table_is_for_people(table))
		add_text(table, get_text(source, "location"));
}

/* what people should know first: from where nothing comes, and where to look */
static void
print_silences(JsonArray *silences)
{
	for (guint i = 0; i < get_length(silences); i++) {
		JsonObject *silence = json_array_get_object_element(silences, i);
		JsonArray *jobs = get_objects(silence, "red_jobs");
		const char *sentence = get_text(silence, "sentence");
		g_print("%s\n", sentence != NULL ? sentence : "");
		for (guint j = 0; j < get_length(jobs); j++) {
			JsonObject *job = json_array_get_object_element(jobs, j);
			const char *url = get_text(job, "url");
			g_print("  %s\n", url != NULL ? url : "");
		}
	}
	if (get_length(silences) > 0)
		g_print("\n");
}

static int
print_sources(const Options *options, JsonObject *answer)
{
	static const char *const people[PEOPLE + 1] = {"SOURCE",
						       "TYPE",
						       "STATE",
						       "LAST LOG",
						       "POLLED",
						       "NEXT",
						       "USUAL",
						       "DELAY",
						       "LOGS",
						       "RESULTS, 14 D",
						       "FAILED, 7 D",
						       "CAUSE",
						       "WHAT"};
	static const char *const programs[PROGRAMS + 1] = {"name",
							   "type",
							   "state",
							   "last_read",
							   "last_poll",
							   "next_poll",
							   "usual_seconds",
							   "delay_seconds",
							   "logs",
							   "results_14_days",
							   "failed",
							   "failed_week",
							   "cause",
							   "error",
							   "location"};
	g_autoptr(PdcTable) table = pdc_table_new(options->format, people, programs);
	JsonArray *items = get_objects(answer, "items");
	if (table == NULL)
		return PDC_USAGE;
	if (pdc_table_is_for_people(table))
		print_silences(get_objects(answer, "silences"));
	for (guint i = 0; i < get_length(items); i++)
		add_source(table, json_array_get_object_element(items, i));
	pdc_table_print(table);
	return PDC_OK;
}

int
pdc_sources(int argc, char **argv)
{
	g_auto(Options) options = {0};
	if (!read_options(&options, &argc, &argv))
		return PDC_USAGE;
	if (argc > 1) {
		pdc_complain("\"%s\" is too much: sources takes options only", argv[1]);
		return PDC_USAGE;
	}
	g_autoptr(JsonNode) answer = ask(&options);
	if (answer == NULL)
		return PDC_FAILED;
	if (options.poll == NULL)
		return print_sources(&options, json_node_get_object(answer));
	g_print("%s is polled\n", options.poll);
	return PDC_OK;
}
