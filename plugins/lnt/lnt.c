/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reports that are submitted to LNT. Format 2 has a member for each metric of a test, one number or
 * a list of samples; formats 0 and 1 have a test for each metric, "nts.NAME.exec", where "nts" is
 * the tag of the run. A status that is not 0 says that a test failed, also when nothing else is
 * said of it; hashes are no numbers. A lab's own metrics have neither unit nor direction here. */

#include <string.h>

#include "reader-json.h"
#include "reader-repetitions.h"
#include "reader-start.h"
#include "reader-text.h"

/* of the suites "nts" and "compile" */
static const struct {
	const char *metric;
	const char *suffix; /* of names in formats 0 and 1 */
	const char *status; /* nullable */
	const char *unit;
	PerfdashDirection direction;
} metrics[] = {
	{"execution_time", ".exec", "execution_status", "s", PERFDASH_DIRECTION_LOWER},
	{"compile_time", ".compile", "compile_status", "s", PERFDASH_DIRECTION_LOWER},
	{"mem_bytes", ".mem", "execution_status", "B", PERFDASH_DIRECTION_LOWER},
	{"code_size", ".code_size", "compile_status", "B", PERFDASH_DIRECTION_LOWER},
	{"score", ".score", "execution_status", "1", PERFDASH_DIRECTION_HIGHER},
	{"user_time", ".user", NULL, "s", PERFDASH_DIRECTION_LOWER},
	{"sys_time", ".sys", NULL, "s", PERFDASH_DIRECTION_LOWER},
	{"wall_time", ".wall", NULL, "s", PERFDASH_DIRECTION_LOWER},
	{"size_bytes", ".size", NULL, "B", PERFDASH_DIRECTION_LOWER},
	{NULL, NULL, NULL, "1", PERFDASH_DIRECTION_NONE},
};

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderRepetitions *results;
	GHashTable *lines;  /* of objects */
	GHashTable *failed; /* of names in formats 0 and 1: what failed, "sort.exec" */
	const char *tag;    /* of formats 0 and 1, nullable */
	guint n_failed;
	guint n_read;
} Report;

static guint
find_metric(const char *member)
{
	guint i = 0;
	while (metrics[i].metric != NULL && !g_str_equal(metrics[i].metric, member))
		i++;
	return i;
}

static void
add_samples(Report *self, const ReaderMeasure *measure, JsonObject *test, const char *member)
{
	JsonArray *samples = reader_json_array(test, member);
	double value;
	for (guint i = 0; samples != NULL && i < json_array_get_length(samples); i++) {
		if (reader_json_number_at(samples, i, &value)) {
			reader_repetitions_add(self->results, measure, NULL, value);
			self->n_read++;
		}
	}
	if (samples == NULL && reader_json_number(test, member, &value)) {
		reader_repetitions_add(self->results, measure, NULL, value);
		self->n_read++;
	}
}

static void
add_metric(Report *self, JsonObject *test, const char *name, const char *metric, const char *member)
{
	guint i = find_metric(metric);
	g_autofree char *benchmark = reader_name(name);
	g_autofree char *metric_name = reader_name(metric);
	ReaderMeasure measure = {
		.benchmark = benchmark,
		.metric = metric_name,
		.unit = metrics[i].unit,
		.direction = metrics[i].direction,
		.line = GPOINTER_TO_UINT(g_hash_table_lookup(self->lines, test)),
	};
	add_samples(self, &measure, test, member);
}

static void
add_failure(Report *self, const char *name, const char *what)
{
	g_autofree char *benchmark = reader_name(name);
	g_autofree char *word = reader_name(what);
	self->n_failed++;
	perfdash_run_builder_add_warning(self->builder, "%s: %s failed", benchmark, word);
}

/* one number, or one of several runs of the test */
static gboolean
is_failure(JsonObject *test, const char *status)
{
	JsonArray *list = reader_json_array(test, status);
	double value = 0;
	for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
		if (reader_json_number_at(list, i, &value) && value != 0)
			return TRUE;
	}
	return list == NULL && reader_json_number(test, status, &value) && value != 0;
}

/* whether a status speaks of a member: "user_status" of "user_time" */
static gboolean
is_failed(JsonObject *test, const char *member)
{
	guint i = find_metric(member);
	const char *end = strrchr(member, '_');
	g_autofree char *kin = end != NULL ? g_strndup(member, end - member) : g_strdup(member);
	g_autofree char *status = g_strconcat(kin, "_status", NULL);
	return is_failure(test, status) ||
	       (metrics[i].status != NULL && is_failure(test, metrics[i].status));
}

static void
read_test(Report *self, JsonObject *test)
{
	const char *name = reader_json_string(test, "name");
	g_autoptr(GList) members = json_object_get_members(test);
	for (GList *l = members; name != NULL && l != NULL; l = l->next) {
		gboolean is_status = g_str_has_suffix(l->data, "_status");
		if (is_status && is_failure(test, l->data))
			add_failure(self, name, l->data);
		else if (!is_status && !is_failed(test, l->data))
			add_metric(self, test, name, l->data, l->data);
	}
}

/* the name without the tag: "nts.sort.exec" is "sort.exec" */
static const char *
skip_tag(Report *self, const char *name)
{
	gsize length = self->tag != NULL ? strlen(self->tag) : 0;
	gboolean has_tag = length > 0 && g_str_has_prefix(name, self->tag) && name[length] == '.';
	return has_tag ? name + length + 1 : name;
}

/* {"Name": "nts.sort.exec.status", "Data": [1]} */
static void
find_old_failure(Report *self, JsonObject *test)
{
	const char *name = reader_json_string(test, "Name");
	if (name == NULL || !g_str_has_suffix(name, ".status") || !is_failure(test, "Data"))
		return;
	name = skip_tag(self, name);
	char *what = g_strndup(name, strlen(name) - strlen(".status"));
	const char *dot = strrchr(what, '.');
	g_autofree char *benchmark = dot != NULL ? g_strndup(what, dot - what) : g_strdup(what);
	add_failure(self, benchmark, dot != NULL ? dot + 1 : "test");
	g_hash_table_add(self->failed, what);
}

/* {"Name": "nts.sort.exec", "Data": [1.5], "Info": {}} */
static void
read_old_test(Report *self, JsonObject *test)
{
	const char *name = reader_json_string(test, "Name");
	name = name != NULL ? skip_tag(self, name) : NULL;
	const char *dot = name != NULL ? strrchr(name, '.') : NULL;
	guint i = 0;
	if (dot == NULL || g_str_equal(dot, ".status") || g_hash_table_contains(self->failed, name))
		return;
	g_autofree char *benchmark = g_strndup(name, dot - name);
	while (metrics[i].suffix != NULL && !g_str_equal(dot, metrics[i].suffix))
		i++;
	add_metric(self,
		   test,
		   benchmark,
		   metrics[i].metric != NULL ? metrics[i].metric : dot + 1,
		   "Data");
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

/* Machine and Run, with what else is known in Info */
static void
read_old_facts(Report *self, JsonObject *root)
{
	JsonObject *machine = reader_json_object(root, "Machine");
	JsonObject *run = reader_json_object(root, "Run");
	JsonObject *facts = machine != NULL ? reader_json_object(machine, "Info") : NULL;
	JsonObject *info = run != NULL ? reader_json_object(run, "Info") : NULL;
	const char *revision = info != NULL ? reader_json_string(info, "run_order") : NULL;
	set_fact(self->builder, facts, "hardware");
	set_fact(self->builder, facts, "os");
	self->tag = info != NULL ? reader_json_string(info, "tag") : NULL;
	if (revision != NULL && *revision != '\0') {
		g_autofree char *name = reader_name(revision);
		perfdash_run_builder_set_revision(self->builder, name);
	}
	if (run != NULL)
		set_start(self->builder, reader_json_string(run, "Start Time"));
}

static void
read_report(Report *self, JsonObject *root)
{
	JsonArray *tests = reader_json_array(root, "tests");
	JsonArray *old_tests = reader_json_array(root, "Tests");
	if (tests != NULL) {
		read_facts(self->builder, root);
		read_tests(self, tests, read_test);
	} else if (old_tests != NULL) {
		read_old_facts(self, root);
		read_tests(self, old_tests, find_old_failure);
		read_tests(self, old_tests, read_old_test);
	}
	reader_repetitions_write(self->results, self->builder);
	if (self->n_failed > 0 && self->n_read == 0)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
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
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(ReaderRepetitions) results = reader_repetitions_new();
	g_autoptr(JsonParser) json =
		reader_json_load_rows_with_lines(text, size, lines, "}", "]}", &is_cut, error);
	Report report = {builder, results, lines, failed, NULL, 0, 0};
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "lnt");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the report has no end: it was cut off");
	}
	if (reader_json_root_object(json) != NULL)
		read_report(&report, reader_json_root_object(json));
	return TRUE;
}

static guint
lnt_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	gboolean is_named = strstr(text, "\"format_version\"") != NULL ||
			    strstr(text, "\"llvm_project_revision\"") != NULL;
	if (is_named && strstr(text, "\"machine\"") != NULL && strstr(text, "\"tests\"") != NULL)
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
		       "2",
		       "LNT, other dashboards: report JSON, formats 0 to 2",
		       "*report*.json;*lnt*.json",
		       PERFDASH_PARSER_JSON,
		       "\"format_version\"\n\"llvm_project_revision\"\n\"Start Time\"")
