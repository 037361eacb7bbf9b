/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Catch2's XML, of which the end may be missing. All times are nanoseconds. */

#include "catch2.h"

#include "reader-text.h"
#include "reader-xml.h"

typedef struct {
	Catch2 run;
	gboolean in_results;
	Catch2Benchmark benchmark;
} Xml;

static gboolean
read_number(const char **names, const char **values, const char *name, double *value)
{
	const char *text = reader_xml_attribute(names, values, name);
	return text != NULL && reader_number(text, value, NULL);
}

static gboolean
read_nanoseconds(const char **names, const char **values, double *seconds)
{
	double value;
	if (!read_number(names, values, "value", &value))
		return FALSE;
	perfdash_unit_to_base("ns", value, seconds);
	return TRUE;
}

static void
start_results(Xml *self, const char **names, const char **values)
{
	catch2_benchmark_clear(&self->benchmark);
	self->benchmark.name = g_strdup(reader_xml_attribute(names, values, "name"));
	read_number(names, values, "samples", &self->benchmark.samples);
	self->in_results = self->benchmark.name != NULL;
}

static void
read_results(Xml *self, const char *element, const char **names, const char **values)
{
	Catch2Benchmark *benchmark = &self->benchmark;
	if (g_str_equal(element, "mean")) {
		benchmark->has_mean = read_nanoseconds(names, values, &benchmark->mean);
	} else if (g_str_equal(element, "standardDeviation")) {
		benchmark->has_sd = read_nanoseconds(names, values, &benchmark->sd);
	} else if (g_str_equal(element, "failed")) {
		const char *message = reader_xml_attribute(names, values, "message");
		g_autofree char *name = reader_name(benchmark->name);
		catch2_add_failure(&self->run, name, message != NULL ? message : "");
	}
}

static void
start_element(GMarkupParseContext *context,
	      const char *element,
	      const char **names,
	      const char **values,
	      gpointer user_data,
	      GError **error)
{
	Xml *self = user_data;
	double failures;
	if (self->in_results) {
		read_results(self, element, names, values);
	} else if (g_str_equal(element, "Catch2TestRun") || g_str_equal(element, "Catch")) {
		catch2_start_run(&self->run, reader_xml_attribute(names, values, "catch2-version"));
	} else if (g_str_equal(element, "TestCase")) {
		const char *name = reader_xml_attribute(names, values, "name");
		catch2_set_test_case(&self->run, name != NULL ? name : "");
	} else if (g_str_equal(element, "BenchmarkResults")) {
		start_results(self, names, values);
	} else if (g_str_equal(element, "OverallResultsCases") &&
		   read_number(names, values, "failures", &failures) && failures > 0) {
		self->run.has_failed = TRUE;
	}
}

static void
end_element(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
	Xml *self = user_data;
	if (g_str_equal(element, "BenchmarkResults")) {
		perfdash_run_builder_set_line(self->run.builder, reader_xml_line(context));
		catch2_add_benchmark(&self->run, &self->benchmark);
		self->in_results = FALSE;
	}
	self->run.has_end |= g_str_equal(element, "Catch2TestRun") || g_str_equal(element, "Catch");
}

gboolean
catch2_is_xml(GBytes *log)
{
	return reader_xml_has_root(log, "<Catch2TestRun ") || reader_xml_has_root(log, "<Catch ");
}

gboolean
catch2_read_xml(GBytes *log, PerfdashRunBuilder *builder, GError **error)
{
	static const GMarkupParser markup = {.start_element = start_element,
					     .end_element = end_element};
	g_autoptr(GError) local = NULL;
	Xml self = {.run.builder = builder};
	gboolean is_read = reader_xml_read(log, &markup, &self, &local) ||
			   self.run.n_benchmarks + self.run.n_failed > 0;
	if (!is_read)
		g_propagate_error(error, g_steal_pointer(&local));
	catch2_end_run(&self.run);
	catch2_benchmark_clear(&self.benchmark);
	return is_read;
}
