/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every run, whether a parser reads it, another process sends it or the store loads it, is built
 * here, so that the rules for what a run may hold stand in one place. The first thing that breaks a
 * rule is remembered and reported at the end: a parser stays a straight line. Secrets in what a log
 * says are not kept. */

#include "perfdash-run-builder.h"

#include "perfdash-error.h"
#include "perfdash-labels-private.h"
#include "perfdash-result-private.h"
#include "perfdash-run-private.h"
#include "perfdash-secret.h"

#include <math.h>

#define MAX_RUNS       100000
#define MAX_RESULTS    1000000
#define MAX_REPLICATES 10000000
#define MAX_STATS      64
#define MAX_WARNINGS   100
#define MAX_UNIT       32

struct _PerfdashRunBuilder {
	GObject parent_instance;
	GPtrArray *runs;        /* of PerfdashRun; the last one is being built */
	PerfdashResult *result; /* the last one of the last run, nullable, not owned */
	const char *unit;       /* the unit the result was given in, interned */
	GPtrArray *warnings;    /* of char *, of the last run */
	guint line;             /* of the log that is being read, 0 unknown */
	guint n_results;        /* of all runs */
	gsize n_replicates;     /* of all runs */
	GError *error;          /* the first one, nullable */
};

G_DEFINE_FINAL_TYPE(PerfdashRunBuilder, perfdash_run_builder, G_TYPE_OBJECT)

static PerfdashRun *
current_run(PerfdashRunBuilder *self)
{
	return g_ptr_array_index(self->runs, self->runs->len - 1);
}

static void G_GNUC_PRINTF(3, 4)
	fail(PerfdashRunBuilder *self, PerfdashError code, const char *format, ...)
{
	va_list args;
	if (self->error != NULL)
		return;
	va_start(args, format);
	self->error = g_error_new_valist(PERFDASH_ERROR, code, format, args);
	va_end(args);
}

static void
set_text(PerfdashRunBuilder *self, const char *what, char **field, const char *text)
{
	GError **error = self->error == NULL ? &self->error : NULL;
	g_autofree char *hidden = perfdash_secret_hide(text);
	if (!perfdash_labels_check_text(what, hidden != NULL ? hidden : text, error))
		return;
	g_free(*field);
	*field = hidden != NULL ? g_steal_pointer(&hidden) : g_strdup(text);
}

static void
add_label(PerfdashRunBuilder *self, PerfdashLabels **labels, const char *key, const char *value)
{
	GError **error = self->error == NULL ? &self->error : NULL;
	g_autofree char *hidden = perfdash_secret_hide(value);
	PerfdashLabels *next =
		perfdash_labels_with(*labels, key, hidden != NULL ? hidden : value, error);
	if (next == NULL)
		return;
	perfdash_labels_unref(*labels);
	*labels = next;
}

static void
finish_run(PerfdashRunBuilder *self)
{
	PerfdashRun *run = current_run(self);
	g_ptr_array_add(self->warnings, NULL);
	g_strfreev(run->warnings);
	run->warnings = (GStrv)g_ptr_array_free(g_steal_pointer(&self->warnings), FALSE);
	self->result = NULL;
}

static void
start_run(PerfdashRunBuilder *self)
{
	g_ptr_array_add(self->runs, perfdash_run_new_empty());
	self->warnings = g_ptr_array_new_with_free_func(g_free);
}

/**
 * perfdash_run_builder_next_run:
 * @self: a #PerfdashRunBuilder
 *
 * Ends the run that is being built and starts another. The first run needs no such call.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_next_run(PerfdashRunBuilder *self)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	if (self->runs->len == MAX_RUNS) {
		fail(self, PERFDASH_ERROR_OVER_LIMIT, "more than %d runs in one log", MAX_RUNS);
		return;
	}
	finish_run(self);
	start_run(self);
}

/**
 * perfdash_run_builder_set_label:
 * @self: a #PerfdashRunBuilder
 * @key: a label key
 * @value: its value
 *
 * Sets a label that all results of the run share. See perfdash_labels_with() for what a label may
 * be.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_label(PerfdashRunBuilder *self, const char *key, const char *value)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	g_return_if_fail(key != NULL && value != NULL);
	if (g_str_equal(key, "benchmark") || g_str_equal(key, "metric") ||
	    g_str_equal(key, "stat")) {
		fail(self,
		     PERFDASH_ERROR_INVALID,
		     "label %s belongs to a result, not to a run",
		     key);
		return;
	}
	add_label(self, &current_run(self)->labels, key, value);
}

/**
 * perfdash_run_builder_set_build:
 * @self: a #PerfdashRunBuilder
 * @build: number or name of the build that was tested
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_build(PerfdashRunBuilder *self, const char *build)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self) && build != NULL);
	set_text(self, "build", &current_run(self)->build, build);
}

/**
 * perfdash_run_builder_set_revision:
 * @self: a #PerfdashRunBuilder
 * @revision: revision of the code that was tested
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_revision(PerfdashRunBuilder *self, const char *revision)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self) && revision != NULL);
	set_text(self, "revision", &current_run(self)->revision, revision);
}

/**
 * perfdash_run_builder_set_url:
 * @self: a #PerfdashRunBuilder
 * @url: where people find the job that ran the test; `http://` or `https://`, or ""
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_url(PerfdashRunBuilder *self, const char *url)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self) && url != NULL);
	if (*url != '\0' && !g_str_has_prefix(url, "http://") &&
	    !g_str_has_prefix(url, "https://")) {
		fail(self, PERFDASH_ERROR_INVALID, "url \"%.80s\" is not http:// or https://", url);
		return;
	}
	set_text(self, "url", &current_run(self)->url, url);
}

/**
 * perfdash_run_builder_set_started_at:
 * @self: a #PerfdashRunBuilder
 * @started_at: microseconds since 1970 UTC
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_started_at(PerfdashRunBuilder *self, gint64 started_at)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	const gint64 year_2200 = G_GINT64_CONSTANT(7258118400) * G_USEC_PER_SEC;
	if (started_at < 0 || started_at > year_2200) {
		fail(self,
		     PERFDASH_ERROR_INVALID,
		     "start time %" G_GINT64_FORMAT " us is not between 1970 and 2200",
		     started_at);
		return;
	}
	current_run(self)->started_at = started_at;
}

/**
 * perfdash_run_builder_set_outcome:
 * @self: a #PerfdashRunBuilder
 * @outcome: how the run ended; %PERFDASH_OUTCOME_OK when this is not called
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_outcome(PerfdashRunBuilder *self, PerfdashOutcome outcome)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	if ((guint)outcome > PERFDASH_OUTCOME_NO_RESULT) {
		fail(self, PERFDASH_ERROR_INVALID, "outcome %u does not exist", (guint)outcome);
		return;
	}
	current_run(self)->outcome = outcome;
}

/**
 * perfdash_run_builder_set_parser:
 * @self: a #PerfdashRunBuilder
 * @parser: name of the parser that reads the run; set by whoever calls the parser
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_parser(PerfdashRunBuilder *self, const char *parser)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self) && parser != NULL);
	set_text(self, "parser", &current_run(self)->parser, parser);
}

/**
 * perfdash_run_builder_set_environment:
 * @self: a #PerfdashRunBuilder
 * @key: a key, as of labels
 * @value: a fact about machine or software under the test
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_environment(PerfdashRunBuilder *self, const char *key, const char *value)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	g_return_if_fail(key != NULL && value != NULL);
	add_label(self, &current_run(self)->environment, key, value);
}

/**
 * perfdash_run_builder_set_parameter:
 * @self: a #PerfdashRunBuilder
 * @key: a key, as of labels
 * @value: how the test was set up
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_parameter(PerfdashRunBuilder *self, const char *key, const char *value)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	g_return_if_fail(key != NULL && value != NULL);
	add_label(self, &current_run(self)->parameters, key, value);
}

/**
 * perfdash_run_builder_add_warning:
 * @self: a #PerfdashRunBuilder
 * @format: what people should know, as of printf()
 * @...: its arguments
 *
 * Since: 0.1
 */
void
perfdash_run_builder_add_warning(PerfdashRunBuilder *self, const char *format, ...)
{
	va_list args;
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self) && format != NULL);
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	perfdash_run_builder_add_warning_literal(self, text);
}

/**
 * perfdash_run_builder_add_warning_literal: (rename-to perfdash_run_builder_add_warning)
 * @self: a #PerfdashRunBuilder
 * @text: what people should know
 *
 * Control characters are escaped; after a hundred warnings no more are kept.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_add_warning_literal(PerfdashRunBuilder *self, const char *text)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self) && text != NULL);
	if (self->warnings->len >= MAX_WARNINGS)
		return;
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *start = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), 500));
	for (char *p = start; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	}
	char *hidden = perfdash_secret_hide(start);
	g_ptr_array_add(self->warnings, hidden != NULL ? hidden : g_steal_pointer(&start));
}

static PerfdashLabels *
result_labels(PerfdashRunBuilder *self, const char *benchmark, const char *metric)
{
	PerfdashLabels *labels = perfdash_labels_new();
	add_label(self, &labels, "benchmark", benchmark);
	add_label(self, &labels, "metric", metric);
	return labels;
}

/**
 * perfdash_run_builder_add_result:
 * @self: a #PerfdashRunBuilder
 * @benchmark: what was run, such as `GET /login`
 * @metric: what was measured, such as `latency`
 * @unit: the unit of @value as the log has it; known units become base units
 * @direction: which way the metric gets better
 * @value: the value; finite, for what was not measured is no result
 *
 * Adds a result to the run. The calls that describe a result speak of the one added last. Results
 * with the same labels and unit are told apart by a label `instance` that
 * perfdash_run_builder_end() gives to the second and later ones.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_add_result(PerfdashRunBuilder *self,
				const char *benchmark,
				const char *metric,
				const char *unit,
				PerfdashDirection direction,
				double value)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	g_return_if_fail(benchmark != NULL && metric != NULL && unit != NULL);
	double base_value;
	if (self->n_results == MAX_RESULTS) {
		fail(self,
		     PERFDASH_ERROR_OVER_LIMIT,
		     "more than %d results in one log",
		     MAX_RESULTS);
		return;
	}
	GError **error = self->error == NULL ? &self->error : NULL;
	if (!perfdash_labels_check_text("unit", unit, error))
		return;
	if (*unit == '\0' || strlen(unit) > MAX_UNIT ||
	    (guint)direction > PERFDASH_DIRECTION_HIGHER) {
		fail(self,
		     PERFDASH_ERROR_INVALID,
		     "%s %s has no direction, or a unit that is not 1 to %d bytes long",
		     benchmark,
		     metric,
		     MAX_UNIT);
		return;
	}
	const char *base = perfdash_unit_to_base(unit, value, &base_value);
	if (!isfinite(base_value)) {
		fail(self,
		     PERFDASH_ERROR_INVALID,
		     "%s %s is not a finite number",
		     benchmark,
		     metric);
		return;
	}
	g_autoptr(PerfdashLabels) labels = result_labels(self, benchmark, metric);
	self->result = perfdash_result_new(labels, base, direction, base_value);
	self->result->line = self->line;
	self->unit = g_intern_string(unit);
	self->n_results++;
	g_ptr_array_add(current_run(self)->results, self->result);
}

/**
 * perfdash_run_builder_set_line:
 * @self: a #PerfdashRunBuilder
 * @line: a line of the log, from 1; 0 when it is not known
 *
 * Says where the results that are added from now on were found, for people who ask why a log was
 * read as it was, and for logs in which several tools wrote.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_line(PerfdashRunBuilder *self, guint line)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	self->line = line;
}

/**
 * perfdash_run_builder_add_result_label:
 * @self: a #PerfdashRunBuilder
 * @key: a label key
 * @value: its value
 *
 * Gives the result added last a label that tells it from others.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_add_result_label(PerfdashRunBuilder *self, const char *key, const char *value)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	g_return_if_fail(key != NULL && value != NULL);
	if (g_str_equal(key, "stat") || g_str_equal(key, "benchmark") || g_str_equal(key, "metric"))
		fail(self, PERFDASH_ERROR_INVALID, "label %s cannot be set on a result", key);
	if (self->result != NULL)
		add_label(self, &self->result->labels, key, value);
}

static gboolean
is_known_stat(const char *name)
{
	static const char *const names[] = {"n", "min", "max", "mean", "sd", NULL};
	return g_strv_contains(names, name) || perfdash_stat_is_percentile(name);
}

/**
 * perfdash_run_builder_add_stat:
 * @self: a #PerfdashRunBuilder
 * @name: `n`, `min`, `max`, `mean`, `sd` or a percentile such as `p99.9`
 * @value: its value, in the unit the result was given in (`n`: a count)
 *
 * Gives the result added last a statistic that the log has of it. Percentiles become series of
 * their own.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_add_stat(PerfdashRunBuilder *self, const char *name, double value)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self) && name != NULL);
	PerfdashStat stat = {.value = value};
	if (self->result == NULL)
		return;
	if (!is_known_stat(name)) {
		fail(self,
		     PERFDASH_ERROR_INVALID,
		     "statistic \"%.40s\" is none of n, min, max, mean, sd, p0 to p100",
		     name);
		return;
	}
	if (!g_str_equal(name, "n"))
		perfdash_unit_to_base(self->unit, value, &stat.value);
	stat.name = g_intern_string(name);
	if (self->result->stats == NULL)
		self->result->stats = g_array_new(FALSE, FALSE, sizeof(PerfdashStat));
	if (!isfinite(stat.value) || self->result->stats->len == MAX_STATS ||
	    perfdash_result_get_stat(self->result, name, NULL)) {
		fail(self,
		     PERFDASH_ERROR_INVALID,
		     "%s of %s %s is not finite, given twice or one too many",
		     name,
		     perfdash_result_get_benchmark(self->result),
		     perfdash_result_get_metric(self->result));
		return;
	}
	g_array_append_val(self->result->stats, stat);
}

/**
 * perfdash_run_builder_add_replicate:
 * @self: a #PerfdashRunBuilder
 * @value: one of the measurements behind the result added last, in the unit it was given in
 *
 * Since: 0.1
 */
void
perfdash_run_builder_add_replicate(PerfdashRunBuilder *self, double value)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	double base_value;
	if (self->result == NULL)
		return;
	perfdash_unit_to_base(self->unit, value, &base_value);
	if (!isfinite(base_value) || self->n_replicates == MAX_REPLICATES) {
		fail(self,
		     PERFDASH_ERROR_INVALID,
		     "a replicate of %s %s is not finite, or one of more than %d",
		     perfdash_result_get_benchmark(self->result),
		     perfdash_result_get_metric(self->result),
		     MAX_REPLICATES);
		return;
	}
	if (self->result->replicates == NULL)
		self->result->replicates = g_array_new(FALSE, FALSE, sizeof(double));
	self->n_replicates++;
	g_array_append_val(self->result->replicates, base_value);
}

/**
 * perfdash_run_builder_get_n_results:
 * @self: a #PerfdashRunBuilder
 *
 * Returns: the number of results in the run that is being built
 *
 * Since: 0.1
 */
guint
perfdash_run_builder_get_n_results(PerfdashRunBuilder *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN_BUILDER(self), 0);
	return current_run(self)->results->len;
}

/**
 * perfdash_run_builder_end:
 * @self: a #PerfdashRunBuilder
 * @error: return location for an error, or %NULL
 *
 * Ends the last run. The builder is empty afterwards.
 *
 * Returns: (transfer container) (element-type PerfdashRun): the runs, at least one, each with its
 * results or without; or %NULL with the first thing that broke a rule: %PERFDASH_ERROR_INVALID or
 * %PERFDASH_ERROR_OVER_LIMIT
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_run_builder_end(PerfdashRunBuilder *self, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_RUN_BUILDER(self), NULL);
	g_autoptr(GPtrArray) runs = NULL;
	finish_run(self);
	for (guint i = 0; i < self->runs->len; i++)
		perfdash_run_number_instances(g_ptr_array_index(self->runs, i));
	runs = g_steal_pointer(&self->runs);
	self->runs = g_ptr_array_new_with_free_func(g_object_unref);
	self->n_results = 0;
	self->n_replicates = 0;
	start_run(self);
	if (self->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&self->error));
		return NULL;
	}
	return g_steal_pointer(&runs);
}

static void
perfdash_run_builder_finalize(GObject *object)
{
	PerfdashRunBuilder *self = PERFDASH_RUN_BUILDER(object);
	g_ptr_array_unref(self->runs);
	g_ptr_array_unref(self->warnings);
	g_clear_error(&self->error);
	G_OBJECT_CLASS(perfdash_run_builder_parent_class)->finalize(object);
}

static void
perfdash_run_builder_class_init(PerfdashRunBuilderClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_run_builder_finalize;
}

static void
perfdash_run_builder_init(PerfdashRunBuilder *self)
{
	self->runs = g_ptr_array_new_with_free_func(g_object_unref);
	start_run(self);
}

/**
 * perfdash_run_builder_new:
 *
 * Returns: (transfer full): a builder whose first run is started
 *
 * Since: 0.1
 */
PerfdashRunBuilder *
perfdash_run_builder_new(void)
{
	return g_object_new(PERFDASH_TYPE_RUN_BUILDER, NULL);
}
