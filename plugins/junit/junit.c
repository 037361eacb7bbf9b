/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long tests took, as the XML that JUnit began with and many write, and as its kin of
 * xUnit.net, NUnit and Visual Studio (TRX). Outer elements may be missing, counts too; times are
 * seconds, with commas between thousands from Surefire, or 00:00:01.5 in TRX. A test that failed or
 * was skipped has no time worth plotting. Read as a stream, for its end may be missing. */

#include <string.h>

#include "reader-start.h"
#include "reader-text.h"
#include "reader-xml.h"

/* elements that are one test, and their attributes */
typedef struct {
	const char *element;
	const char *name;
	const char *class_name; /* nullable */
	const char *time;
	const char *result; /* nullable: elements in it tell */
} Test;

static const Test tests[] = {
	{"testcase", "name", "classname", "time", NULL},
	{"UnitTestResult", "testName", NULL, "duration", "outcome"},
	{"test", "name", NULL, "time", "result"},
	{"test-case", "fullname", NULL, "duration", "result"},
};

/* elements that sum up tests, and their attributes; NULL where there is none */
typedef struct {
	const char *element;
	const char *counts[4]; /* tests, failures, errors, skipped */
	const char *time;
	const char *start;
} Suite;

static const Suite suites[] = {
	{"testsuite", {"tests", "failures", "errors", "skipped"}, "time", "timestamp"},
	{"assembly", {"total", "failed", "errors", "skipped"}, "time", NULL},
	{"test-run", {"total", "failed", NULL, "skipped"}, "duration", "start-time"},
	{"Counters", {"total", "failed", "error", "notExecuted"}, NULL, NULL},
};

static const struct {
	const char *metric;
	PerfdashDirection direction;
} counts[] = {
	{"tests", PERFDASH_DIRECTION_NONE},
	{"failures", PERFDASH_DIRECTION_LOWER},
	{"errors", PERFDASH_DIRECTION_LOWER},
	{"skipped", PERFDASH_DIRECTION_NONE},
};

static const char *const good_results[] = {"Pass", "Passed", "Success", NULL};
static const char *const no_results[] = {"Skip",
					 "Skipped",
					 "Ignored",
					 "Inconclusive",
					 "NotExecuted",
					 "NotRunnable",
					 "Pending",
					 NULL};

typedef enum {
	STATE_PASSED,
	STATE_FAILED,
	STATE_SKIPPED,
} State;

typedef struct {
	PerfdashRunBuilder *builder;
	const Test *test; /* that is open, nullable */
	char *name;       /* of it */
	char *time;       /* nullable */
	State state;
	const char *tool;
	gboolean has_ended; /* the outermost element */
	guint n_passed, n_failed;
} Reading;

/* name is nullable */
static const char *
get(const char **names, const char **values, const char *name)
{
	return name != NULL ? reader_xml_attribute(names, values, name) : NULL;
}

/* without commas between thousands; a comma behind a zero, or in front of not three digits, is the
 * decimal sign of a locale */
static char *
normalise(const char *text)
{
	const char *comma = strchr(text, ',');
	gsize n_digits = comma != NULL ? strspn(comma + 1, "0123456789") : 0;
	gboolean is_decimal = comma != NULL && strchr(text, '.') == NULL &&
			      strchr(comma + 1, ',') == NULL &&
			      (n_digits != 3 || g_str_has_prefix(text, "0,"));
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	return g_strjoinv(is_decimal ? "." : "", parts);
}

/* seconds, or hours:minutes:seconds */
static gboolean
read_time(const char *text, double *seconds)
{
	const char *rest;
	double part;
	g_autofree char *time = normalise(text);
	*seconds = 0;
	for (const char *p = time;; p = rest + 1) {
		if (!reader_number(p, &part, &rest) || part < 0)
			return FALSE;
		*seconds = *seconds * 60 + part;
		if (*rest != ':')
			return *rest == '\0' && *seconds < 1e12;
	}
}

static void
add_time(Reading *reading, const char *benchmark, const char *text)
{
	double seconds;
	if (text != NULL && read_time(text, &seconds))
		perfdash_run_builder_add_result(reading->builder,
						benchmark,
						"time",
						"s",
						PERFDASH_DIRECTION_LOWER,
						seconds);
}

static const char *
find_tool(const char *element, const char *name, const char *schema)
{
	if (g_str_equal(element, "assembly"))
		return "xunit.net";
	if (g_str_equal(element, "test-run"))
		return "nunit";
	if (g_str_equal(element, "Counters"))
		return "dotnet";
	if (g_strcmp0(name, "pytest") == 0)
		return "pytest";
	return schema != NULL && strstr(schema, "surefire") != NULL ? "surefire" : NULL;
}

static void
read_suite(Reading *reading, const Suite *suite, const char **names, const char **values)
{
	const char *name = get(names, values, "name");
	/* an assembly is called by its path */
	g_autofree char *base = name != NULL && strchr(name, '/') != NULL &&
						g_str_equal(suite->element, "assembly")
					? g_path_get_basename(name)
					: g_strdup(name != NULL ? name : "");
	g_autofree char *benchmark = reader_name(*base != '\0' ? base : "testsuite");
	const char *schema = get(names, values, "xsi:noNamespaceSchemaLocation");
	const char *tool = find_tool(suite->element, name, schema);
	if (tool != NULL)
		reading->tool = tool;
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		const char *text = get(names, values, suite->counts[i]);
		double value;
		if (text != NULL && reader_number(text, &value, NULL))
			perfdash_run_builder_add_result(reading->builder,
							benchmark,
							counts[i].metric,
							"1",
							counts[i].direction,
							value);
	}
	add_time(reading, benchmark, get(names, values, suite->time));
	/* only a time that says its zone */
	reader_set_start_text(reading->builder, get(names, values, suite->start));
}

static void
open_test(Reading *reading, const Test *test, const char **names, const char **values)
{
	const char *name = get(names, values, test->name);
	const char *class_name = get(names, values, test->class_name);
	const char *result = get(names, values, test->result);
	const char *status = get(names, values, "status");
	gboolean has_class = class_name != NULL && *class_name != '\0';
	g_autofree char *full = g_strconcat(has_class ? class_name : "",
					    has_class ? "." : "",
					    name != NULL ? name : "",
					    NULL);
	reading->test = test;
	reading->name = reader_name(full);
	reading->time = g_strdup(get(names, values, test->time));
	reading->state = STATE_PASSED;
	/* Google Test writes tests that it did not run */
	if ((result != NULL && g_strv_contains(no_results, result)) ||
	    g_strcmp0(status, "notrun") == 0)
		reading->state = STATE_SKIPPED;
	else if (result != NULL && !g_strv_contains(good_results, result))
		reading->state = STATE_FAILED;
}

static void
close_test(Reading *reading)
{
	reading->n_passed += reading->state == STATE_PASSED;
	reading->n_failed += reading->state == STATE_FAILED;
	if (reading->state == STATE_PASSED)
		add_time(reading, reading->name, reading->time);
	else if (reading->state == STATE_FAILED)
		perfdash_run_builder_add_warning(reading->builder, "%s failed", reading->name);
	reading->test = NULL;
	g_clear_pointer(&reading->name, g_free);
	g_clear_pointer(&reading->time, g_free);
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
	if (reading->test != NULL) {
		if (g_str_equal(element, "skipped"))
			reading->state = STATE_SKIPPED;
		else if (g_str_equal(element, "failure") || g_str_equal(element, "error"))
			reading->state = STATE_FAILED;
		return;
	}
	perfdash_run_builder_set_line(reading->builder, reader_xml_line(context));
	for (guint i = 0; i < G_N_ELEMENTS(suites); i++) {
		if (g_str_equal(suites[i].element, element))
			read_suite(reading, &suites[i], names, values);
	}
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		if (g_str_equal(tests[i].element, element))
			open_test(reading, &tests[i], names, values);
	}
}

static void
end_element(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
	Reading *reading = user_data;
	if (reading->test != NULL && g_str_equal(reading->test->element, element))
		close_test(reading);
	if (g_markup_parse_context_get_element_stack(context)->next == NULL)
		reading->has_ended = TRUE;
}

/* rally says who it is in a comment */
static void
read_comment(GMarkupParseContext *context,
	     const char *text,
	     gsize size,
	     gpointer user_data,
	     GError **error)
{
	Reading *reading = user_data;
	g_autofree char *comment = g_strndup(text, size);
	const char *rally = strstr(comment, "Report is generated by Rally ");
	if (rally == NULL)
		return;
	const char *version = rally + strlen("Report is generated by Rally ");
	g_autofree char *word = g_strndup(version, strcspn(version, " -"));
	g_autofree char *name = reader_name(word);
	reading->tool = "rally";
	perfdash_run_builder_set_environment(reading->builder, "tool_version", name);
}

static void
set_outcome(Reading *reading)
{
	if (reading->n_failed > 0 && reading->n_passed == 0) {
		perfdash_run_builder_set_outcome(reading->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(reading->builder, "every test failed");
	} else if (!reading->has_ended) {
		perfdash_run_builder_set_outcome(reading->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(reading->builder, "the log was cut off");
	}
}

static gboolean
junit_parser_parse(PerfdashParser *self,
		   const char *name,
		   GBytes *log,
		   PerfdashRunBuilder *builder,
		   GError **error)
{
	static const GMarkupParser markup = {.start_element = start_element,
					     .end_element = end_element,
					     .passthrough = read_comment};
	Reading reading = {.builder = builder, .tool = "junit"};
	g_autoptr(GError) local = NULL;
	gboolean read = reader_xml_read(log, &markup, &reading, &local);
	g_free(reading.name);
	g_free(reading.time);
	if (!read && reading.n_passed + reading.n_failed == 0) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	/* what a test printed may break the document; the tests before it are whole */
	if (!read)
		perfdash_run_builder_add_warning(builder, "invalid XML: %s", local->message);
	perfdash_run_builder_set_label(builder, "tool", reading.tool);
	set_outcome(&reading);
	return TRUE;
}

static guint
junit_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	static const struct {
		const char *root;
		const char *inner;
	} roots[] = {
		{"<testsuites", "<testsuite"},
		{"<testsuite ", "tests="},
		{"<testsuite ", "<testcase "},
		{"<TestRun ", "/TeamTest/"},
		{"<assemblies", "<assembly "},
		{"<test-run ", "<test-suite "},
	};
	gsize size;
	const char *text = g_bytes_get_data(head, &size);
	for (guint i = 0; i < G_N_ELEMENTS(roots); i++) {
		if (reader_xml_has_root(head, roots[i].root) &&
		    g_strstr_len(text, size, roots[i].inner) != NULL)
			return 80;
	}
	return 0;
}

PERFDASH_DEFINE_PARSER(JunitParser,
		       junit_parser,
		       junit_parser_probe,
		       junit_parser_parse,
		       "junit",
		       "2",
		       "JUnit, pytest, xUnit.net, NUnit, dotnet test, test durations: XML",
		       "*junit*.xml;TEST-*.xml;*.trx",
		       PERFDASH_PARSER_XML,
		       "<testsuite\n"
		       "<TestRun \n"
		       "<assemblies\n"
		       "<test-run ")
