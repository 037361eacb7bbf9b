/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* pytest-benchmark writes JSON (--benchmark-json, and without the raw times --benchmark-save)
 * and CSV, and prints tables. */

#include "pytest-benchmark.h"

#include "reader-json.h"

static gboolean
pytest_benchmark_parser_parse(PerfdashParser *parser,
			      const char *name,
			      GBytes *log,
			      PerfdashRunBuilder *builder,
			      GError **error)
{
	if (reader_json_is_own(log, pytest_benchmark_json_is_own))
		return pytest_benchmark_json_read(log, builder, error);
	pytest_benchmark_csv_read(log, builder);
	pytest_benchmark_text_read(log, builder);
	return TRUE;
}

static guint
pytest_benchmark_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, pytest_benchmark_json_is_own) ? 97 : 0;
}

PERFDASH_DEFINE_PARSER(
	PytestBenchmarkParser,
	pytest_benchmark_parser,
	pytest_benchmark_parser_probe,
	pytest_benchmark_parser_parse,
	"pytest-benchmark",
	"3",
	"pytest-benchmark, Python: JSON, CSV and console tables",
	"*benchmark*.json;*benchmark*.csv",
	PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
	"\"machine_info\":\nName (time in \nname,param:\nname,min,\nname,mean,\nname,median,")
