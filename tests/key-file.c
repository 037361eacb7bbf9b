/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A key file that is wrong is blocked, and the reason says in which file, line and key, and what
 * may stand there. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "perfdash-error.h"
#include "perfdash-parser-registry.h"
#include "perfdash-parser-runner.h"

/* most cases are whole but for what they test */
#define LINES  "[parser]\nsniff=^tool\nformat=lines\n"
#define CSV    "[parser]\nglob=*.csv\nformat=csv\n"
#define JSON   "[parser]\nsniff=tool\nformat=json\n"
#define RESULT "[result latency]\nline=^(?<benchmark>\\w+) (?<value>\\S+) ms\nunit=ms\n"

static const struct {
	const char *name;
	const char *text;
	const char *reason; /* behind the name of the file */
} broken[] = {
	{"empty", "", ":1: the first group must be [parser]"},
	{"no-group", "name=x\n", ":1: \"name=x\" is in no [group]"},
	{"half-a-group", "[parser\n", ":1: \"[parser\" is not a [group]"},
	{"no-equals", LINES "sniffs\n" RESULT, ":4: \"sniffs\" is not key=value"},
	{"group-twice",
	 LINES RESULT RESULT,
	 ":7: group [result latency] is there twice, first in "
	 "line 4"},
	{"unknown-group",
	 LINES RESULT "[results]\n",
	 ":7: there is no group [results]; there are "
	 "[parser], [run] and [result NAME]"},
	{"unknown-key",
	 LINES "snif=x\n" RESULT,
	 ":4: key snif: there is no such key here; there "
	 "are name, version, description, tool, format, "
	 "glob, sniff, decimal, thousands, time-zone"},
	{"key-twice",
	 LINES "name=a\nname=b\n" RESULT,
	 ":5: key name: is set twice, first in line "
	 "4"},
	{"key-of-another-format",
	 CSV "[result x]\nline=x\n",
	 ":5: key line: is for format=lines, "
	 "not for format=csv"},
	{"no-value", LINES "tool=\n" RESULT, ":4: key tool: needs a value"},
	{"name",
	 LINES "name=Our Tool\n" RESULT,
	 ":4: key name: \"Our Tool\" is not [a-z][a-z0-9-]* "
	 "of at most 64 letters"},
	{"no-format",
	 "[parser]\nglob=*\n",
	 ":1: [parser] needs format=: lines, csv, json or json-lines"},
	{"format",
	 "[parser]\nformat=xml\n",
	 ":2: key format: \"xml\" is none of lines, csv, json, json-lines"},
	{"no-claim",
	 "[parser]\nformat=lines\n" RESULT,
	 ":1: [parser] needs sniff=, a regular "
	 "expression for what only these logs have, "
	 "or glob= for their names"},
	{"one-column",
	 "[parser]\nformat=csv\n[result x]\nbenchmark=b\nvalue={a}\nunit=s\n",
	 ":1: [parser] needs sniff=, a regular expression for what only these logs have, or glob= "
	 "for their names: one column is not enough to know them by"},
	{"regex",
	 LINES "sniff=^a(b\n" RESULT,
	 ":4: key sniff: \"^a(b\" is no regular expression: "
	 "character 4: missing"},
	{"no-regex", LINES "[result x]\nline=\n", ":5: key line: needs a regular expression"},
	{"no-result", LINES, ":1: there is no [result NAME]; NAME is the metric, such as latency"},
	{"no-line",
	 LINES "[result x]\nunit=s\n",
	 ":4: [result x] needs line=, a regular expression "
	 "with named groups"},
	{"no-items",
	 JSON "[result x]\nunit=s\n",
	 ":4: [result x] needs items=, a path such as "
	 "$.results[*]"},
	{"no-value-group",
	 LINES "[result x]\nline=^(?<benchmark>a) b\n",
	 ":4: [result x] needs a group (?<value>...) in line=, or value="},
	{"no-benchmark",
	 CSV "[result x]\nvalue={a}\n",
	 ":4: [result x] needs benchmark=, such as "
	 "{name}"},
	{"unknown-reference",
	 LINES RESULT "metric={metrik}\n",
	 ":7: key metric: no expression has a group (?<metrik>...); there are benchmark, value"},
	{"half-a-reference",
	 LINES RESULT "metric={value\n",
	 ":7: key metric: { begins a reference "
	 "such as {value}; {{ stands for "
	 "itself"},
	{"direction",
	 LINES RESULT "direction=down\n",
	 ":7: key direction: \"down\" is none of lower, "
	 "higher, none"},
	{"scale", LINES RESULT "scale=-1\n", ":7: key scale: \"-1\" is no number above 0"},
	{"stat",
	 LINES RESULT "stat.p101={value}\n",
	 ":7: key stat.p101: \"p101\" is none of n, min, "
	 "max, mean, sd, p0 to p100"},
	{"repeats", LINES RESULT "repeats=yes\n", ":7: key repeats: \"yes\" is none of mean, no"},
	{"repeated-stats",
	 LINES RESULT "repeats=mean\nstat.max={value}\n",
	 ":4: [result latency] needs either repeats= or statistics"},
	{"label",
	 LINES RESULT "label.A B={value}\n",
	 ":7: key label.A B: label key \"A B\" is not 1 to 64 of "},
	{"taken-label",
	 LINES RESULT "label.metric={value}\n",
	 ":7: key label.metric: results have "
	 "it already: use metric="},
	{"only",
	 LINES RESULT "only.status=ok\n",
	 ":7: key only.status: no expression has a group "
	 "(?<status>...); there are benchmark, value"},
	{"items",
	 JSON "[result x]\nitems=results[*]\n",
	 ":5: key items: \"results[*]\" is no path; "
	 "paths are such as $.results[*], $.jobs.* "
	 "or $['odd name'][0]"},
	{"path",
	 JSON "[result x]\nitems=$.r[*]\nvalue={a..b}\n",
	 ":6: key value: \"a..b\" is no path; paths are such as mean, stats.p99, ['odd name'], "
	 "^.name, $.version, @name, @index or ."},
	{"many-values",
	 JSON "[result x]\nitems=$.r[*]\nvalue={a[*]}\n",
	 ":6: key value: \"a[*]\" leads to many values; only items= may do that"},
	{"separator", CSV "separator=x\n", ":4: key separator: \"x\" is none of , ; | : tab"},
	{"decimal", CSV "decimal=x\n", ":4: key decimal: \"x\" is none of . and ,"},
	{"thousands", CSV "thousands=x\n", ":4: key thousands: \"x\" is none of . , ' _ space"},
	{"same-signs", LINES "thousands=.\n" RESULT, ":4: key thousands: is the same as decimal="},
	{"time-zone",
	 CSV "time-zone=Mars\n",
	 ":4: key time-zone: \"Mars\" is no time zone such as "
	 "UTC, +02:00 or Europe/Berlin"},
	{"score",
	 JSON "score=0\n",
	 ":4: key score: \"0\" is not 1 to 100; 60 and more count as "
	 "sure"},
	{"latin-1", "[parser]\nname=\xe9\n", ":1: not UTF-8 text of at most 262144 bytes"},
};

static char *
write_key_file(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *directory = g_dir_make_tmp("key-file-XXXXXX", &error);
	g_assert_no_error(error);
	char *path = g_build_filename(directory, "a.parser", NULL);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
	return path;
}

static void
remove_key_file(const char *path)
{
	g_autofree char *directory = g_path_get_dirname(path);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(directory), ==, 0);
}

static PerfdashParserRegistry *
make_registry(const char *directory)
{
	g_autoptr(GError) error = NULL;
	PerfdashParserRegistry *registry = perfdash_parser_registry_new(directory, &error);
	g_assert_no_error(error);
	return registry;
}

static void
test_broken(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autoptr(PerfdashParserRegistry) registry = make_registry(NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *path = write_key_file(broken[i].text);
	g_assert_null(perfdash_parser_registry_add_file(registry, path, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BLOCKED);
	g_assert_true(g_str_has_prefix(error->message, path));
	/* what is wrong with an expression is said in words of GLib's */
	g_autofree char *reason = g_strndup(error->message + strlen(path),
					    strlen(broken[i].reason));
	g_assert_cmpstr(reason, ==, broken[i].reason);
	remove_key_file(path);
}

static PerfdashParserInfo *
find(GPtrArray *list, const char *name)
{
	for (guint i = 0; i < list->len; i++) {
		if (g_str_equal(perfdash_parser_info_get_name(g_ptr_array_index(list, i)), name))
			return g_ptr_array_index(list, i);
	}
	g_assert_not_reached();
}

/* a directory of the administrator's: what is wrong is listed with the reason, what is right reads
 */
static void
test_directory(void)
{
	g_autofree char *path = write_key_file(LINES "nmae=a\n" RESULT);
	g_autofree char *directory = g_path_get_dirname(path);
	g_autofree char *good = g_build_filename(directory, "good.parser", NULL);
	g_autofree char *search_path = g_strdup_printf("%s:%s",
						       directory,
						       g_getenv("PERFDASH_PARSER_PATH"));
	g_assert_true(g_file_set_contents(good, LINES "version=3\n" RESULT, -1, NULL));
	g_autoptr(PerfdashParserRegistry) registry = make_registry(search_path);
	g_autoptr(GPtrArray) list = perfdash_parser_registry_list(registry);
	PerfdashParserInfo *info = find(list, "a");
	g_assert_cmpstr(perfdash_parser_info_get_kind(info), ==, "key-file");
	g_assert_cmpstr(perfdash_parser_info_get_path(info), ==, path);
	g_assert_nonnull(strstr(perfdash_parser_info_get_blocked(info), "a.parser:4: key nmae: "));
	info = find(list, "good");
	g_assert_null(perfdash_parser_info_get_blocked(info));
	g_assert_true(g_str_has_prefix(perfdash_parser_info_get_version(info), "3+"));
	g_assert_cmpstr(perfdash_parser_info_get_kind(find(list, "wrk")), ==, "module");
	g_assert_cmpint(g_unlink(good), ==, 0);
	remove_key_file(path);
}

static PerfdashParseResult *
parse(PerfdashParserRegistry *registry, const char *text, const char *parser)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("a.log", bytes, NULL);
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	PerfdashParseResult *result =
		perfdash_parser_runner_parse(runner, log, parser, NULL, &error);
	g_assert_no_error(error);
	return result;
}

/* a key file is tried without being installed; once it is changed, logs know that another version
 * read them; and when it is broken, other parsers still read */
static void
test_change(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashParserRegistry) registry = make_registry(NULL);
	g_autofree char *path = write_key_file(LINES RESULT);
	g_autoptr(PerfdashParserInfo)
		info = perfdash_parser_registry_add_file(registry, path, &error);
	g_assert_no_error(error);
	g_autoptr(PerfdashParseResult) first = parse(registry, "tool 1\nlogin 31.15 ms\n", NULL);
	g_assert_cmpstr(perfdash_parse_result_get_parser(first), ==, "a");
	g_assert_true(g_file_set_contents(path, LINES RESULT "# changed\n", -1, NULL));
	g_autoptr(PerfdashParseResult) second = parse(registry, "tool 1\nlogin 31.15 ms\n", "a");
	g_assert_cmpuint(perfdash_parse_result_get_runs(second)->len, ==, 1);
	g_assert_cmpstr(perfdash_parse_result_get_parser_version(first),
			!=,
			perfdash_parse_result_get_parser_version(second));
	g_assert_true(g_file_set_contents(path, "[parser]\n", -1, NULL));
	g_autoptr(PerfdashParseResult) third = parse(registry, "tool 1\nlogin 31.15 ms\n", NULL);
	g_assert_error(perfdash_parse_result_get_error(third),
		       PERFDASH_ERROR,
		       PERFDASH_ERROR_BLOCKED);
	g_autoptr(PerfdashParseResult)
		other = parse(registry, "stopwatch 1\nlogin latency 1 s\ndone\n", NULL);
	g_assert_no_error((GError *)perfdash_parse_result_get_error(other));
	remove_key_file(path);
}

/* a parser may read a key file wherever it is, not the folder that it was found in */
static void
test_link(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashParserRegistry) registry = make_registry(NULL);
	g_autofree char *path = write_key_file(LINES RESULT);
	g_autofree char *folder = g_dir_make_tmp("perfdash-XXXXXX", NULL);
	g_autofree char *link = g_build_filename(folder, "b.parser", NULL);
	g_assert_cmpint(symlink(path, link), ==, 0);
	g_autoptr(PerfdashParserInfo)
		info = perfdash_parser_registry_add_file(registry, link, &error);
	g_assert_no_error(error);
	g_autoptr(PerfdashParseResult) result = parse(registry, "tool 1\nlogin 31.15 ms\n", "b");
	g_assert_cmpuint(perfdash_parse_result_get_runs(result)->len, ==, 1);
	g_assert_cmpint(g_unlink(link), ==, 0);
	g_assert_cmpint(g_rmdir(folder), ==, 0);
	remove_key_file(path);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autofree char *name = g_strdup_printf("/key-file/broken/%s", broken[i].name);
		g_test_add_data_func(name, GUINT_TO_POINTER(i), test_broken);
	}
	g_test_add_func("/key-file/directory", test_directory);
	g_test_add_func("/key-file/change", test_change);
	g_test_add_func("/key-file/link", test_link);
	return g_test_run();
}
