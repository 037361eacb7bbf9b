/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-parse-result-private.h"

#include "perfdash-error.h"

struct _PerfdashParseResult {
	GObject parent_instance;
	char *parser;
	char *parser_version;
	GPtrArray *runs; /* of PerfdashRun */
	GError *error;   /* nullable; then there are no runs */
	GStrv explanation;
};

G_DEFINE_FINAL_TYPE(PerfdashParseResult, perfdash_parse_result, G_TYPE_OBJECT)

static PerfdashOutcome
outcome_of_error(const GError *error)
{
	return g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_UNREADABLE)
		       ? PERFDASH_OUTCOME_NO_RESULT
		       : PERFDASH_OUTCOME_FAILED;
}

/**
 * perfdash_parse_result_get_outcome:
 * @self: a #PerfdashParseResult
 *
 * The worst outcome of the runs, where a run without results that neither failed nor was cut off is
 * %PERFDASH_OUTCOME_NO_RESULT and does not count beside others.
 *
 * Returns: how reading the log ended
 *
 * Since: 0.1
 */
PerfdashOutcome
perfdash_parse_result_get_outcome(PerfdashParseResult *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), PERFDASH_OUTCOME_FAILED);
	gboolean any = FALSE;
	PerfdashOutcome worst = PERFDASH_OUTCOME_OK;
	if (self->error != NULL)
		return outcome_of_error(self->error);
	for (guint i = 0; i < self->runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(self->runs, i);
		PerfdashOutcome outcome = perfdash_run_get_outcome(run);
		if (outcome == PERFDASH_OUTCOME_NO_RESULT ||
		    (outcome == PERFDASH_OUTCOME_OK && perfdash_run_get_n_results(run) == 0))
			continue;
		any = TRUE;
		worst = MAX(worst, outcome);
	}
	return any ? worst : PERFDASH_OUTCOME_NO_RESULT;
}

/**
 * perfdash_parse_result_get_parser:
 * @self: a #PerfdashParseResult
 *
 * Returns: the name of the parser that read the log, or "" when none claimed it
 *
 * Since: 0.1
 */
const char *
perfdash_parse_result_get_parser(PerfdashParseResult *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), NULL);
	return self->parser;
}

/**
 * perfdash_parse_result_get_parser_version:
 * @self: a #PerfdashParseResult
 *
 * Returns: the version of that parser, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_parse_result_get_parser_version(PerfdashParseResult *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), NULL);
	return self->parser_version;
}

/**
 * perfdash_parse_result_get_error:
 * @self: a #PerfdashParseResult
 *
 * Returns: (transfer none) (nullable): why the log could not be read, or %NULL
 *
 * Since: 0.1
 */
const GError *
perfdash_parse_result_get_error(PerfdashParseResult *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), NULL);
	return self->error;
}

/**
 * perfdash_parse_result_dup_warnings:
 * @self: a #PerfdashParseResult
 *
 * Returns: (transfer full) (array zero-terminated=1): the warnings of all runs
 *
 * Since: 0.1
 */
GStrv
perfdash_parse_result_dup_warnings(PerfdashParseResult *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), NULL);
	g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
	for (guint i = 0; i < self->runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(self->runs, i);
		g_strv_builder_addv(warnings, (const char **)perfdash_run_get_warnings(run));
	}
	return g_strv_builder_end(warnings);
}

/**
 * perfdash_parse_result_get_runs:
 * @self: a #PerfdashParseResult
 *
 * Returns: (transfer none) (element-type PerfdashRun): the runs in the order of the log
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_parse_result_get_runs(PerfdashParseResult *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), NULL);
	return self->runs;
}

/**
 * perfdash_parse_result_get_explanation:
 * @self: a #PerfdashParseResult
 *
 * Returns: (transfer none) (array zero-terminated=1): what the parsers claimed of the log and what
 * became of it, in the order in which they were asked, a line each for people
 *
 * Since: 0.1
 */
const char *const *
perfdash_parse_result_get_explanation(PerfdashParseResult *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), NULL);
	return (const char *const *)self->explanation;
}

GPtrArray *
perfdash_parse_result_list_records(PerfdashParseResult *self)
{
	GPtrArray *records = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < self->runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(self->runs, i);
		PerfdashOutcome outcome = perfdash_run_get_outcome(run);
		if ((outcome == PERFDASH_OUTCOME_OK || outcome == PERFDASH_OUTCOME_PARTIAL) &&
		    perfdash_run_get_n_results(run) > 0)
			g_ptr_array_add(records, g_object_ref(run));
	}
	return records;
}

void
perfdash_parse_result_take_explanation(PerfdashParseResult *self, GStrv explanation)
{
	g_strfreev(self->explanation);
	self->explanation = explanation;
}

/**
 * perfdash_parse_result_with_defaults:
 * @self: a #PerfdashParseResult
 * @defaults: what the source of the log knows
 *
 * Returns: (transfer full): the same with perfdash_run_with_defaults() applied to each run
 *
 * Since: 0.1
 */
PerfdashParseResult *
perfdash_parse_result_with_defaults(PerfdashParseResult *self, PerfdashRun *defaults)
{
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(self), NULL);
	if (self->error != NULL)
		return g_object_ref(self);
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < self->runs->len; i++)
		g_ptr_array_add(
			runs,
			perfdash_run_with_defaults(g_ptr_array_index(self->runs, i), defaults));
	return perfdash_parse_result_new(self->parser, self->parser_version, runs);
}

static void
perfdash_parse_result_finalize(GObject *object)
{
	PerfdashParseResult *self = PERFDASH_PARSE_RESULT(object);
	g_free(self->parser);
	g_free(self->parser_version);
	g_ptr_array_unref(self->runs);
	g_clear_error(&self->error);
	g_strfreev(self->explanation);
	G_OBJECT_CLASS(perfdash_parse_result_parent_class)->finalize(object);
}

static void
perfdash_parse_result_class_init(PerfdashParseResultClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_parse_result_finalize;
}

static void
perfdash_parse_result_init(PerfdashParseResult *self)
{
	self->explanation = g_new0(char *, 1);
}

/**
 * perfdash_parse_result_new:
 * @parser: name of the parser
 * @parser_version: its version
 * @runs: (element-type PerfdashRun): what it read
 *
 * Returns: (transfer full): the result of a parser that did its work
 *
 * Since: 0.1
 */
PerfdashParseResult *
perfdash_parse_result_new(const char *parser, const char *parser_version, GPtrArray *runs)
{
	g_return_val_if_fail(parser != NULL && parser_version != NULL && runs != NULL, NULL);
	PerfdashParseResult *self = g_object_new(PERFDASH_TYPE_PARSE_RESULT, NULL);
	self->parser = g_strdup(parser);
	self->parser_version = g_strdup(parser_version);
	/* an array of another language need not own its elements */
	self->runs = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < runs->len; i++)
		g_ptr_array_add(self->runs, g_object_ref(g_ptr_array_index(runs, i)));
	return self;
}

/**
 * perfdash_parse_result_new_for_error:
 * @parser: name of the parser, or "" when none claimed the log
 * @parser_version: its version, or ""
 * @error: why the log could not be read
 *
 * Returns: (transfer full): the result of a log that could not be read
 *
 * Since: 0.1
 */
PerfdashParseResult *
perfdash_parse_result_new_for_error(const char *parser,
				    const char *parser_version,
				    const GError *error)
{
	g_return_val_if_fail(parser != NULL && parser_version != NULL && error != NULL, NULL);
	g_autoptr(GPtrArray) none = g_ptr_array_new_with_free_func(g_object_unref);
	PerfdashParseResult *self = perfdash_parse_result_new(parser, parser_version, none);
	self->error = g_error_copy(error);
	return self;
}
