/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A parser to copy; ../README.md tells how. It reads logs of a made-up tool:
 *
 *   stopwatch 2.1
 *   login latency 31.15 ms
 *   login latency p99 88.3 ms
 *   login throughput 1200 1/s
 *   done
 *
 * A copy has a name of its own in place of "template" and "stopwatch". */

#include <perfdash.h>
#include <string.h>

/* how sure are we that this is our tool's log? The content counts; a wrong claim is worse than none
 */
static guint
template_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	static const char magic[] = "stopwatch ";
	gsize size;
	const char *data = g_bytes_get_data(head, &size);
	return size >= strlen(magic) && memcmp(data, magic, strlen(magic)) == 0 ? 100 : 0;
}

/* "BENCHMARK METRIC VALUE UNIT" is a result, "BENCHMARK METRIC pNN VALUE UNIT" a percentile of the
 * one before */
static gboolean
read_line(PerfdashRunBuilder *builder, const char *line, guint number, GError **error)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	guint n = g_strv_length(words);
	char *end = NULL;
	if (n != 4 && n != 5) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "line %u has %u words, not 4 or 5",
			    number,
			    n);
		return FALSE;
	}
	/* numbers of logs are read without regard to the language of this machine */
	double value = g_ascii_strtod(words[n - 2], &end);
	if (end == words[n - 2] || *end != '\0') {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "line %u: \"%s\" is no number",
			    number,
			    words[n - 2]);
		return FALSE;
	}
	/* values go in as the log has them, with their unit: the builder converts to base units */
	if (n == 5)
		perfdash_run_builder_add_stat(builder, words[2], value);
	else
		perfdash_run_builder_add_result(builder,
						words[0],
						words[1],
						words[3],
						perfdash_direction_of_unit(words[3]),
						value);
	return TRUE;
}

static gboolean
template_parser_parse(PerfdashParser *parser,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	g_autofree char *text = g_strndup(g_bytes_get_data(log, NULL), g_bytes_get_size(log));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	gboolean done = FALSE;
	perfdash_run_builder_set_label(builder, "tool", "stopwatch");
	perfdash_run_builder_set_environment(builder,
					     "tool_version",
					     lines[0] + strlen("stopwatch "));
	for (guint i = 1; lines[i] != NULL && !done; i++) {
		/* the last line of a log that was cut off proves nothing */
		if (lines[i + 1] == NULL)
			break;
		done = g_str_equal(lines[i], "done");
		/* people who ask where a result comes from see the line */
		perfdash_run_builder_set_line(builder, i + 1);
		if (!done && !read_line(builder, lines[i], i + 1, error))
			return FALSE;
	}
	if (!done) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the log ends before \"done\"");
	}
	return TRUE;
}

/* name, version (raise it when the same log gives other results), a line for people, likely file
 * names */
PERFDASH_DEFINE_PARSER(TemplateParser,
		       template_parser,
		       template_parser_probe,
		       template_parser_parse,
		       "template",
		       "1",
		       "stopwatch, a made-up tool: an example to copy",
		       "*.stopwatch",
		       PERFDASH_PARSER_DOCUMENT,
		       "stopwatch ")
