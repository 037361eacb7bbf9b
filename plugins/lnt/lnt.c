/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reports that are submitted to LNT. Format 2 has a member for each metric of a test, one number or
 * a list of samples; format 1 has a test for each metric, whose name ends with it. A status that is
 * not 0 says that a test failed; hashes are no numbers. */

#include <string.h>

#include "reader-json.h"
#include "reader-repetitions.h"
#include "reader-start.h"
#include "reader-text.h"

static const struct {
	const char *member;
	const char *suffix; /* of names in format 1 */
	const char *status;
	const char *unit;
	PerfdashDirection direction;
} metrics[] = {
	{"execution_time", ".exec", "execution_status", "s", PERFDASH_DIRECTION_LOWER},
	{"compile_time", ".compile", "compile_status", "s", PERFDASH_DIRECTION_LOWER},
	{"mem_bytes", ".mem", "execution_status", "B", PERFDASH_DIRECTION_LOWER},
	{"code_size", ".code_size", "compile_status", "B", PERFDASH_DIRECTION_LOWER},
	{"score", ".score", "execution_status", "1", PERFDASH_DIRECTION_HIGHER},
};

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderRepetitions *results;
	guint n_failed;
	guint n_read;
} Report;

static void
add_samples(Report *self, const ReaderMeasure *measure, JsonObject *test, const char *member)
{
	JsonArray *samples = reader_json_array(test, member);
	double value;
	for (guint i = 0; samples != NULL && i < json_array_get_length(samples); i++) {
		if (reader_json_number_at(samples, i, &value))
			reader_repetitions_add(self->results, measure, NULL, value);
	}
	if (samples == NULL && reader_json_number(test, member, &value))
		reader_repetitions_add(self->results, measure, NULL, value);
}

static void
read_metric(Report *self, const char *name, guint i, JsonObject *test, const char *member)
{
	g_autofree char *benchmark = reader_name(name);
	double status = 0;
	ReaderMeasure measure = {
		.benchmark = benchmark,
		.metric = metrics[i].member,
		.unit = metrics[i].unit,
		.direction = metrics[i].direction,
	};
	if (!json_object_has_member(test, member))
		return;
	if (reader_json_number(test, metrics[i].status, &status) && status != 0) {
		self->n_failed++;
		perfdash_run_builder_add_warning(self->builder,
						 "%s: %s failed",
						 benchmark,
						 metrics[i].member);
		return;
	}
	self->n_read++;
	add_samples(self, &measure, test, member);
}

static void
read_test(Report *self, JsonObject *test)
{
	const char *name = reader_json_string(test, "name");
	for (guint i = 0; name != NULL && i < G_N_ELEMENTS(metrics); i++)
		read_metric(self, name, i, test, metrics[i].member);
}

/* of format 1: {"Name": "nts.sort.exec", "Data": [1.5], "Info": {}} */
static void
read_old_test(Report *self, JsonObject *test)
{
	const char *name = reader_json_string(test, "Name");
	for (guint i = 0; name != NULL && i < G_N_ELEMENTS(metrics); i++) {
		if (!g_str_has_suffix(name, metrics[i].suffix))
			continue;
		g_autofree char *benchmark = g_strndup(name,
						       strlen(name) - strlen(metrics[i].suffix));
		read_metric(self, benchmark, i, test, "Data");
	}
}

static void
read_tests(Report *self, JsonArray *tests, void (*read)(Report *, JsonObject *))
{
	for (guint i = 0; i < json_array_get_length(tests); i++) {
		JsonObject *test = reader_json_element(tests, i);
		if (test != NULL)
			read(self, test);
	}
}

static void
set_fact(PerfdashRunBuilder *builder, JsonObject *from, const char *member)
{
	const char *value = from != NULL ? reader_json_string(from, member) : NULL;
	if (value == NULL || *value == '\0')
		return;
	g_autofree char *name = reader_name(value);
	perfdash_run_builder_set_environment(builder, member, name);
}

/* times have no zone; LNT means UTC */
static void
set_start(PerfdashRunBuilder *builder, const char *text)
{
	g_autofree char *utc = text != NULL ? g_strconcat(text, "Z", NULL) : NULL;
	if (utc != NULL)
		g_strdelimit(utc, " ", 'T');
	reader_set_start_text(builder, utc);
}

static void
read_facts(PerfdashRunBuilder *builder, JsonObject *root)
{
	JsonObject *run = reader_json_object(root, "run");
	const char *revision = run != NULL ? reader_json_string(run, "llvm_project_revision")
					   : NULL;
	set_fact(builder, reader_json_object(root, "machine"), "hardware");
	set_fact(builder, reader_json_object(root, "machine"), "os");
	set_fact(builder, run, "compiler_version");
	if (revision != NULL && *revision != '\0') {
		g_autofree char *name = reader_name(revision);
		perfdash_run_builder_set_revision(builder, name);
	}
	if (run != NULL)
		set_start(builder, reader_json_string(run, "start_time"));
}

static void
read_old_facts(PerfdashRunBuilder *builder, JsonObject *root)
{
	JsonObject *run = reader_json_object(root, "Run");
	JsonObject *info = run != NULL ? reader_json_object(run, "Info") : NULL;
	const char *revision = info != NULL ? reader_json_string(info, "run_order") : NULL;
	if (revision != NULL && *revision != '\0') {
		g_autofree char *name = reader_name(revision);
		perfdash_run_builder_set_revision(builder, name);
	}
	if (run != NULL)
		set_start(builder, reader_json_string(run, "Start Time"));
}

static gboolean
lnt_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	gboolean is_cut;
	g_autoptr(JsonParser) json = reader_json_load_rows(text, size, "}", "]}", &is_cut, error);
	JsonObject *root = json != NULL ? reader_json_root_object(json) : NULL;
	g_autoptr(ReaderRepetitions) results = reader_repetitions_new();
	Report report = {builder, results, 0, 0};
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "lnt");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the report has no end: it was cut off");
	}
	if (root != NULL && reader_json_array(root, "tests") != NULL) {
		read_facts(builder, root);
		read_tests(&report, reader_json_array(root, "tests"), read_test);
	} else if (root != NULL && reader_json_array(root, "Tests") != NULL) {
		read_old_facts(builder, root);
		read_tests(&report, reader_json_array(root, "Tests"), read_old_test);
	}
	reader_repetitions_write(results, builder);
	if (report.n_failed > 0 && report.n_read == 0)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	return TRUE;
}

static guint
lnt_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	if (strstr(text, "\"format_version\"") != NULL && strstr(text, "\"machine\"") != NULL &&
	    strstr(text, "\"tests\"") != NULL)
		return 90;
	return strstr(text, "\"Machine\"") != NULL && strstr(text, "\"Run\"") != NULL &&
			       strstr(text, "\"Start Time\"") != NULL
		       ? 90
		       : 0;
}

PERFDASH_DEFINE_PARSER(LntParser,
		       lnt_parser,
		       lnt_parser_probe,
		       lnt_parser_parse,
		       "lnt",
		       "1",
		       "LNT, other dashboards: report JSON, formats 1 and 2",
		       "*report*.json;*lnt*.json",
		       PERFDASH_PARSER_JSON,
		       "\"format_version\"\n\"Start Time\"")
