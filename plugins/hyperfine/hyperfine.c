/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* hyperfine prints text for people and exports JSON, CSV and tables; all but the text and the
 * tables are in seconds, whatever unit was asked for. With one run there is no standard deviation:
 * null in JSON, 0 or nothing in CSV. */

#include "hyperfine.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

void
hyperfine_times_clear(HyperfineTimes *self)
{
	g_free(self->command);
	g_strfreev(self->parameters);
	*self = (HyperfineTimes){NULL};
}

void
hyperfine_add_parameter(GStrvBuilder *parameters, const char *name, const char *value)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	g_autofree char *key = g_strconcat("parameter_", name, NULL);
	if (strlen(key) > 60 || key[strspn(key, allowed)] != '\0')
		return;
	g_autofree char *text = reader_name(value);
	g_strv_builder_add(parameters, key);
	g_strv_builder_add(parameters, text);
}

static void
add_labels(const HyperfineTimes *self, PerfdashRunBuilder *builder)
{
	GStrv labels = self->parameters;
	for (guint i = 0; labels != NULL && labels[i] != NULL; i += 2)
		perfdash_run_builder_add_result_label(builder, labels[i], labels[i + 1]);
}

void
hyperfine_times_add(const HyperfineTimes *self, PerfdashRunBuilder *builder)
{
	g_autofree char *benchmark = reader_name(self->command);
	if (self->mean.unit == NULL)
		return;
	reader_add(builder, benchmark, "time", PERFDASH_DIRECTION_LOWER, self->mean);
	add_labels(self, builder);
	if (self->n_runs != 1)
		reader_add_stat(builder, "sd", self->sd);
	reader_add_stat(builder, "p50", self->median);
	reader_add_stat(builder, "min", self->min);
	reader_add_stat(builder, "max", self->max);
	if (self->n_runs > 0)
		perfdash_run_builder_add_stat(builder, "n", self->n_runs);
}

static void
add_time(const HyperfineTimes *self,
	 PerfdashRunBuilder *builder,
	 const char *metric,
	 ReaderQuantity quantity)
{
	g_autofree char *benchmark = reader_name(self->command);
	if (quantity.unit == NULL)
		return;
	reader_add(builder, benchmark, metric, PERFDASH_DIRECTION_LOWER, quantity);
	add_labels(self, builder);
}

void
hyperfine_times_add_count(const HyperfineTimes *self,
			  PerfdashRunBuilder *builder,
			  const char *metric,
			  PerfdashDirection direction,
			  double value)
{
	g_autofree char *benchmark = reader_name(self->command);
	perfdash_run_builder_add_result(builder, benchmark, metric, "1", direction, value);
	add_labels(self, builder);
}

void
hyperfine_times_add_rest(const HyperfineTimes *self, PerfdashRunBuilder *builder)
{
	add_time(self, builder, "user_time", self->user);
	add_time(self, builder, "system_time", self->system);
	if (self->n_runs > 0)
		hyperfine_times_add_count(self,
					  builder,
					  "runs",
					  PERFDASH_DIRECTION_NONE,
					  self->n_runs);
}

static gboolean
hyperfine_parser_parse(PerfdashParser *parser,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	if (reader_json_is_own(log, hyperfine_json_is_own))
		return hyperfine_json_read(log, builder, error);
	hyperfine_text_read(log, builder);
	return TRUE;
}

static guint
hyperfine_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, hyperfine_json_is_own) ? 95 : 0;
}

PERFDASH_DEFINE_PARSER(HyperfineParser,
		       hyperfine_parser,
		       hyperfine_parser_probe,
		       hyperfine_parser_parse,
		       "hyperfine",
		       "2",
		       "hyperfine, commands: JSON, CSV, console output and tables",
		       "*hyperfine*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"median\":\n"
		       "command,mean,stddev,median,user,system,min,max\n"
		       "Time (mean \n"
		       "Time (abs \n"
		       "Error: Command terminated with \n"
		       "| Command ")
