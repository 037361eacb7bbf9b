/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* stress-ng's YAML and text. What stressors measure themselves has free names; those begin with
 * their unit, and MB are of 1024. A stressor that did nothing has rates of zero, and stress-ng says
 * that the run was successful. */

#include "stress-ng.h"

#include <string.h>

#include "reader-text.h"

/* how names begin, and what is left of them */
static const struct {
	const char *prefix;
	const char *replacement;
	const char *unit;
	PerfdashDirection direction;
} measures[] = {
	{"nanosecs_per_", "time_per_", "ns", PERFDASH_DIRECTION_LOWER},
	{"nanoseconds_per_", "time_per_", "ns", PERFDASH_DIRECTION_LOWER},
	{"microsecs_per_", "time_per_", "us", PERFDASH_DIRECTION_LOWER},
	{"millisecs_per_", "time_per_", "ms", PERFDASH_DIRECTION_LOWER},
	{"secs_per_", "time_per_", "s", PERFDASH_DIRECTION_LOWER},
	{"seconds_per_", "time_per_", "s", PERFDASH_DIRECTION_LOWER},
	{"kbsec_", "", "KiB/s", PERFDASH_DIRECTION_HIGHER},
	{"mbsec_", "", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{"gbsec_", "", "GiB/s", PERFDASH_DIRECTION_HIGHER},
	{"kb_per_sec_", "", "KiB/s", PERFDASH_DIRECTION_HIGHER},
	{"mb_per_sec_", "", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{"gb_per_sec_", "", "GiB/s", PERFDASH_DIRECTION_HIGHER},
};

void
stress_ng_start_run(StressNg *self)
{
	stress_ng_end_run(self);
	perfdash_run_builder_set_label(self->builder, "tool", "stress-ng");
	self->is_open = TRUE;
}

void
stress_ng_end_run(StressNg *self)
{
	if (self->is_open && self->n_idle > 0 && self->n_idle == self->n_stressors)
		stress_ng_set_ok(self, FALSE, "no stressor did anything");
	if (self->is_open)
		perfdash_run_builder_next_run(self->builder);
	self->is_open = FALSE;
	self->n_stressors = self->n_idle = 0;
}

void
stress_ng_set_ok(StressNg *self, gboolean is_ok, const char *why)
{
	if (is_ok)
		return;
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

void
stress_ng_add_operations(StressNg *self, const char *stressor, double operations)
{
	self->n_stressors++;
	if (operations == 0) {
		self->n_idle++;
		perfdash_run_builder_add_warning(self->builder,
						 "stressor %s did nothing",
						 stressor);
	}
	perfdash_run_builder_add_result(self->builder,
					stressor,
					"bogo_ops",
					"1",
					PERFDASH_DIRECTION_NONE,
					operations);
}

/* letters and digits, with one underscore for what is between them; YAML drops the slash of text */
static char *
make_metric(const char *name)
{
	GString *metric = g_string_new(NULL);
	for (; *name != '\0'; name++) {
		if (g_ascii_isalnum(*name))
			g_string_append_c(metric, g_ascii_tolower(*name));
		else if (*name != '/' && metric->len > 0 && metric->str[metric->len - 1] != '_')
			g_string_append_c(metric, '_');
	}
	while (metric->len > 0 && metric->str[metric->len - 1] == '_')
		g_string_truncate(metric, metric->len - 1);
	return g_string_free(metric, FALSE);
}

/* "write64_mb_per_sec", "mb_per_sec_memory_rate": bytes wherever their unit stands in the name */
static const char *
find_rate_unit(const char *metric)
{
	static const struct {
		const char *name;
		const char *unit;
	} units[] = {{"kb_per_sec", "KiB/s"}, {"mb_per_sec", "MiB/s"}, {"gb_per_sec", "GiB/s"}};
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (strstr(metric, units[i].name) != NULL)
			return units[i].unit;
	}
	return strstr(metric, "_per_sec") != NULL ? "1/s" : NULL;
}

void
stress_ng_add_measure(StressNg *self, const char *stressor, const char *name, double value)
{
	g_autofree char *metric = make_metric(name);
	const char *unit = find_rate_unit(metric);
	PerfdashDirection direction = unit != NULL ? PERFDASH_DIRECTION_HIGHER
						   : PERFDASH_DIRECTION_NONE;
	unit = unit != NULL ? unit : "1";
	for (guint i = 0; i < G_N_ELEMENTS(measures); i++) {
		const char *rest = reader_after(metric, measures[i].prefix);
		if (rest == NULL || *rest == '\0')
			continue;
		char *shorter = g_strconcat(measures[i].replacement, rest, NULL);
		g_free(metric);
		metric = shorter;
		unit = measures[i].unit;
		direction = measures[i].direction;
		break;
	}
	/* what was not measured is printed as zero */
	if (*metric != '\0' && value != 0)
		perfdash_run_builder_add_result(self->builder,
						stressor,
						metric,
						unit,
						direction,
						value);
}

static gboolean
stress_ng_parser_parse(PerfdashParser *parser,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	stress_ng_read_text(log, builder);
	stress_ng_read_yaml(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(
	StressNgParser,
	stress_ng_parser,
	NULL,
	stress_ng_parser_parse,
	"stress-ng",
	"3",
	"stress-ng, system load: YAML and text output",
	"*stress-ng*;*stress_ng*",
	PERFDASH_PARSER_CONSOLE,
	"bogo ops real time\nstress-ng-version: \nrun completed in \ndispatching hogs: ")
