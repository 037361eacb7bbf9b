/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* pytest-benchmark writes JSON (--benchmark-json, and without the raw times --benchmark-save) and
 * prints tables. */

#include "pytest-benchmark.h"

#include "reader-json.h"
#include "reader-text.h"

static gboolean
pytest_benchmark_parser_parse(PerfdashParser *parser,
			      const char *name,
			      GBytes *log,
			      PerfdashRunBuilder *builder,
			      GError **error)
{
	gsize size;
	const char *data = g_bytes_get_data(log, &size);
	g_autofree char *text = reader_text(log);
	if (reader_json_is_document(data, size) && pytest_benchmark_json_is_own(text))
		return pytest_benchmark_json_read(log, builder, error);
	pytest_benchmark_text_read(log, builder);
	return TRUE;
}

static guint
pytest_benchmark_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	return pytest_benchmark_json_is_own(text) ? 97 : 0;
}

PERFDASH_DEFINE_PARSER(PytestBenchmarkParser,
		       pytest_benchmark_parser,
		       pytest_benchmark_parser_probe,
		       pytest_benchmark_parser_parse,
		       "pytest-benchmark",
		       "2",
		       "pytest-benchmark, Python: JSON and console tables",
		       "*benchmark*.json",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"machine_info\":\nName (time in ")
