/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Catch2's XML, which has an element a line, so that it may stand between other lines and be cut
 * off. All times are nanoseconds. */

#include "catch2.h"

#include <string.h>

#include "reader-text.h"

typedef struct {
	Catch2 run;
	gboolean in_results;
	Catch2Benchmark benchmark;
} Xml;

static void
append_entity(GString *text, const char *entity, gsize length)
{
	static const struct {
		const char *name;
		char character;
	} entities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
	for (guint i = 0; i < G_N_ELEMENTS(entities); i++) {
		if (strlen(entities[i].name) == length &&
		    strncmp(entities[i].name, entity, length) == 0) {
			g_string_append_c(text, entities[i].character);
			return;
		}
	}
	g_string_append_c(text, ' ');
}

/* the value of an attribute, NULL when there is none */
static char *
find_attribute(const char *line, const char *name)
{
	g_autofree char *mark = g_strdup_printf(" %s=\"", name);
	const char *p = strstr(line, mark);
	const char *end = p != NULL ? strchr(p + strlen(mark), '"') : NULL;
	if (end == NULL)
		return NULL;
	GString *text = g_string_new(NULL);
	for (p += strlen(mark); p < end; p++) {
		const char *semicolon = *p == '&' ? memchr(p, ';', end - p) : NULL;
		if (semicolon != NULL) {
			append_entity(text, p + 1, semicolon - p - 1);
			p = semicolon;
		} else {
			g_string_append_c(text, *p);
		}
	}
	return g_string_free(text, FALSE);
}

static gboolean
find_number(const char *line, const char *name, double *value)
{
	g_autofree char *text = find_attribute(line, name);
	return text != NULL && reader_number(text, value, NULL);
}

static gboolean
find_nanoseconds(const char *line, double *seconds)
{
	double value;
	if (!find_number(line, "value", &value))
		return FALSE;
	perfdash_unit_to_base("ns", value, seconds);
	return TRUE;
}

static void
start_results(Xml *self, const char *line)
{
	catch2_benchmark_clear(&self->benchmark);
	self->benchmark.name = find_attribute(line, "name");
	find_number(line, "samples", &self->benchmark.samples);
	self->in_results = self->benchmark.name != NULL && !g_str_has_suffix(line, "/>");
}

static void
read_results(Xml *self, const char *line)
{
	Catch2Benchmark *benchmark = &self->benchmark;
	if (g_str_has_prefix(line, "<mean ")) {
		benchmark->has_mean = find_nanoseconds(line, &benchmark->mean);
	} else if (g_str_has_prefix(line, "<standardDeviation ")) {
		benchmark->has_sd = find_nanoseconds(line, &benchmark->sd);
	} else if (g_str_has_prefix(line, "<failed ")) {
		g_autofree char *message = find_attribute(line, "message");
		g_autofree char *name = reader_name(benchmark->name);
		catch2_add_failure(&self->run, name, message != NULL ? message : "");
	} else if (g_str_has_prefix(line, "</BenchmarkResults>")) {
		catch2_add_benchmark(&self->run, benchmark);
		self->in_results = FALSE;
	}
}

static void
read_totals(Xml *self, const char *line)
{
	double failures;
	if (find_number(line, "failures", &failures) && failures > 0)
		self->run.has_failed = TRUE;
}

static void
read_line(Xml *self, const char *line)
{
	line += strspn(line, " \t");
	if (g_str_has_prefix(line, "<Catch2TestRun ") || g_str_has_prefix(line, "<Catch ")) {
		g_autofree char *version = find_attribute(line, "catch2-version");
		catch2_start_run(&self->run, version);
	} else if (!self->run.is_open) {
		return;
	} else if (self->in_results) {
		read_results(self, line);
	} else if (g_str_has_prefix(line, "<TestCase ")) {
		g_autofree char *name = find_attribute(line, "name");
		catch2_set_test_case(&self->run, name != NULL ? name : "");
	} else if (g_str_has_prefix(line, "<BenchmarkResults ")) {
		start_results(self, line);
	} else if (g_str_has_prefix(line, "<OverallResultsCases ")) {
		read_totals(self, line);
	} else if (g_str_has_prefix(line, "</Catch2TestRun>") ||
		   g_str_has_prefix(line, "</Catch>")) {
		self->run.has_end = TRUE;
		catch2_end_run(&self->run);
	}
}

void
catch2_read_xml(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Xml self = {.run.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || g_str_has_prefix(line, "</Catch"))
			read_line(&self, line);
	}
	catch2_end_run(&self.run);
	catch2_benchmark_clear(&self.benchmark);
}
