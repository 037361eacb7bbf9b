/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Benchmarks of Catch2, in the tables of its console reporter and in its XML. Their names are
 * unique within a test case only. A test that failed makes the run a failed one, a benchmark that
 * threw has no value. */

#include "catch2.h"

#include "reader-text.h"

void
catch2_benchmark_clear(Catch2Benchmark *benchmark)
{
	g_free(benchmark->name);
	*benchmark = (Catch2Benchmark){0};
}

void
catch2_start_run(Catch2 *self, const char *version)
{
	catch2_end_run(self);
	if (self->has_runs)
		perfdash_run_builder_next_run(self->builder);
	self->has_runs = TRUE;
	self->is_open = TRUE;
	perfdash_run_builder_set_label(self->builder, "tool", "Catch2");
	if (version == NULL || *version == '\0')
		return;
	g_autofree char *text = reader_name(version);
	perfdash_run_builder_set_environment(self->builder, "tool_version", text);
}

static void
set_outcome(Catch2 *self)
{
	gboolean all_failed = self->n_benchmarks == 0 && self->n_failed > 0;
	if (self->has_failed || all_failed) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		if (self->has_failed)
			perfdash_run_builder_add_warning(self->builder, "a test case failed");
	} else if (!self->has_end) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the log ends before the tests have ended");
	}
}

void
catch2_end_run(Catch2 *self)
{
	if (self->n_benchmarks + self->n_failed > 0)
		set_outcome(self);
	g_clear_pointer(&self->test_case, g_free);
	*self = (Catch2){.builder = self->builder, .has_runs = self->has_runs};
}

void
catch2_set_test_case(Catch2 *self, const char *name)
{
	g_free(self->test_case);
	self->test_case = reader_name(name);
}

void
catch2_add_benchmark(Catch2 *self, Catch2Benchmark *benchmark)
{
	if (benchmark->name == NULL || !benchmark->has_mean) {
		catch2_benchmark_clear(benchmark);
		return;
	}
	g_autofree char *name = reader_name(benchmark->name);
	perfdash_run_builder_add_result(self->builder,
					name,
					"time",
					"s",
					PERFDASH_DIRECTION_LOWER,
					benchmark->mean);
	if (self->test_case != NULL)
		perfdash_run_builder_add_result_label(self->builder, "test_case", self->test_case);
	if (benchmark->has_sd)
		perfdash_run_builder_add_stat(self->builder, "sd", benchmark->sd);
	if (benchmark->samples > 0)
		perfdash_run_builder_add_stat(self->builder, "n", benchmark->samples);
	self->n_benchmarks++;
	catch2_benchmark_clear(benchmark);
}

void
catch2_add_failure(Catch2 *self, const char *name, const char *message)
{
	perfdash_run_builder_add_warning(self->builder, "%s failed: %s", name, message);
	self->n_failed++;
}

static gboolean
catch2_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	if (catch2_is_xml(log))
		return catch2_read_xml(log, builder, error);
	catch2_read_text(log, builder);
	return TRUE;
}

static guint
catch2_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return catch2_is_xml(head) ? 90 : 0;
}

PERFDASH_DEFINE_PARSER(Catch2Parser,
		       catch2_parser,
		       catch2_parser_probe,
		       catch2_parser_parse,
		       "catch2",
		       "3",
		       "Catch2, C++: console and XML output",
		       "*catch*.txt;*catch*.xml",
		       PERFDASH_PARSER_XML | PERFDASH_PARSER_CONSOLE,
		       "benchmark name  \n"
		       "<Catch2TestRun \n"
		       "<Catch ")
