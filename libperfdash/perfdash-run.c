/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-run-private.h"

#include "perfdash-error.h"
#include "perfdash-result-private.h"
#include "perfdash-run-builder.h"

G_DEFINE_FINAL_TYPE(PerfdashRun, perfdash_run, G_TYPE_OBJECT)

static void
read_dictionary(PerfdashRunBuilder *builder,
		GVariant *dictionary,
		void (*set)(PerfdashRunBuilder *, const char *, const char *))
{
	GVariantIter iter;
	const char *key;
	const char *value;
	g_variant_iter_init(&iter, dictionary);
	while (g_variant_iter_next(&iter, "{&s&s}", &key, &value))
		set(builder, key, value);
}

static void
read_result_labels(PerfdashRunBuilder *builder, GVariant *labels)
{
	GVariantIter iter;
	const char *key;
	const char *value;
	g_variant_iter_init(&iter, labels);
	while (g_variant_iter_next(&iter, "{&s&s}", &key, &value)) {
		if (!g_str_equal(key, "benchmark") && !g_str_equal(key, "metric"))
			perfdash_run_builder_add_result_label(builder, key, value);
	}
}

static void
read_result(PerfdashRunBuilder *builder, GVariant *result)
{
	g_autoptr(GVariant) labels = NULL;
	g_autoptr(GVariantIter) stats = NULL;
	g_autoptr(GVariantIter) replicates = NULL;
	const char *benchmark = "";
	const char *metric = "";
	const char *unit;
	const char *name;
	guint8 direction;
	guint32 line;
	double value;
	g_variant_get(result,
		      "(@a{ss}&syda(sd)adu)",
		      &labels,
		      &unit,
		      &direction,
		      &value,
		      &stats,
		      &replicates,
		      &line);
	g_variant_lookup(labels, "benchmark", "&s", &benchmark);
	g_variant_lookup(labels, "metric", "&s", &metric);
	perfdash_run_builder_set_line(builder, line);
	perfdash_run_builder_add_result(builder, benchmark, metric, unit, direction, value);
	read_result_labels(builder, labels);
	while (g_variant_iter_next(stats, "(&sd)", &name, &value))
		perfdash_run_builder_add_stat(builder, name, value);
	while (g_variant_iter_next(replicates, "d", &value))
		perfdash_run_builder_add_replicate(builder, value);
}

static void
read_run(PerfdashRunBuilder *builder, GVariant *variant)
{
	g_autoptr(GVariant) labels = NULL;
	g_autoptr(GVariant) environment = NULL;
	g_autoptr(GVariant) parameters = NULL;
	g_autoptr(GVariantIter) warnings = NULL;
	g_autoptr(GVariantIter) results = NULL;
	const char *build;
	const char *revision;
	const char *url;
	const char *parser;
	const char *warning;
	gint64 started_at;
	guint8 outcome;
	GVariant *result;
	g_variant_get(variant,
		      "(@a{ss}&s&s&sxy&s@a{ss}@a{ss}asa" PERFDASH_RESULT_VARIANT_TYPE ")",
		      &labels,
		      &build,
		      &revision,
		      &url,
		      &started_at,
		      &outcome,
		      &parser,
		      &environment,
		      &parameters,
		      &warnings,
		      &results);
	read_dictionary(builder, labels, perfdash_run_builder_set_label);
	perfdash_run_builder_set_build(builder, build);
	perfdash_run_builder_set_revision(builder, revision);
	perfdash_run_builder_set_url(builder, url);
	perfdash_run_builder_set_started_at(builder, started_at);
	perfdash_run_builder_set_outcome(builder, outcome);
	perfdash_run_builder_set_parser(builder, parser);
	read_dictionary(builder, environment, perfdash_run_builder_set_environment);
	read_dictionary(builder, parameters, perfdash_run_builder_set_parameter);
	while (g_variant_iter_next(warnings, "&s", &warning))
		perfdash_run_builder_add_warning_literal(builder, warning);
	while (g_variant_iter_next(results, "@" PERFDASH_RESULT_VARIANT_TYPE, &result)) {
		read_result(builder, result);
		g_variant_unref(result);
	}
}

/**
 * perfdash_run_new_from_variant:
 * @variant: what perfdash_run_to_variant() gave, maybe in another process
 * @error: return location for an error, or %NULL
 *
 * Nothing in @variant is believed: a run built from it obeys every rule that #PerfdashRunBuilder
 * has.
 *
 * Returns: (transfer full): a run, or %NULL with %PERFDASH_ERROR_INVALID or
 * %PERFDASH_ERROR_PROTOCOL
 *
 * Since: 0.1
 */
PerfdashRun *
perfdash_run_new_from_variant(GVariant *variant, GError **error)
{
	g_return_val_if_fail(variant != NULL, NULL);
	if (!g_variant_is_of_type(variant, G_VARIANT_TYPE(PERFDASH_RUN_VARIANT_TYPE))) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_PROTOCOL,
			    "a run has type %s, not %s",
			    g_variant_get_type_string(variant),
			    PERFDASH_RUN_VARIANT_TYPE);
		return NULL;
	}
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	read_run(builder, variant);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	return runs != NULL ? g_object_ref(g_ptr_array_index(runs, 0)) : NULL;
}

static GVariant *
result_to_variant(PerfdashResult *result)
{
	g_auto(GVariantBuilder) stats = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a(sd)"));
	gsize n_replicates;
	const double *replicates = perfdash_result_get_replicates(result, &n_replicates);
	for (guint i = 0; i < perfdash_result_get_n_stats(result); i++) {
		double value;
		const char *name = perfdash_result_get_nth_stat(result, i, &value);
		g_variant_builder_add(&stats, "(sd)", name, value);
	}
	return g_variant_new("(@a{ss}syd@a(sd)@adu)",
			     perfdash_labels_to_variant(result->labels),
			     result->unit,
			     (guint8)result->direction,
			     result->value,
			     g_variant_builder_end(&stats),
			     g_variant_new_fixed_array(G_VARIANT_TYPE_DOUBLE,
						       replicates,
						       n_replicates,
						       sizeof(double)),
			     result->line);
}

/**
 * perfdash_run_to_variant:
 * @self: a #PerfdashRun
 *
 * The form in which a run goes from one process to another; see perfdash_run_new_from_variant().
 *
 * Returns: (transfer floating): the run
 *
 * Since: 0.1
 */
GVariant *
perfdash_run_to_variant(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	g_auto(GVariantBuilder)
		results = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a" PERFDASH_RESULT_VARIANT_TYPE));
	for (guint i = 0; i < self->results->len; i++)
		g_variant_builder_add_value(&results,
					    result_to_variant(g_ptr_array_index(self->results, i)));
	return g_variant_new("(@a{ss}sssxys@a{ss}@a{ss}^as@a" PERFDASH_RESULT_VARIANT_TYPE ")",
			     perfdash_labels_to_variant(self->labels),
			     self->build,
			     self->revision,
			     self->url,
			     self->started_at,
			     (guint8)self->outcome,
			     self->parser,
			     perfdash_labels_to_variant(self->environment),
			     perfdash_labels_to_variant(self->parameters),
			     self->warnings,
			     g_variant_builder_end(&results));
}

static guint
hash_identity(gconstpointer data)
{
	const PerfdashResult *result = data;
	return perfdash_labels_hash(result->labels) ^ g_str_hash(result->unit);
}

static gboolean
equal_identity(gconstpointer a, gconstpointer b)
{
	const PerfdashResult *left = a;
	const PerfdashResult *right = b;
	return left->unit == right->unit && perfdash_labels_equal(left->labels, right->labels);
}

static void
set_instance(PerfdashResult *result, PerfdashLabels *labels, guint n)
{
	g_autofree char *instance = g_strdup_printf("%u", n);
	perfdash_labels_unref(result->labels);
	result->labels = perfdash_labels_with(labels, "instance", instance, NULL);
}

/* gives a result the next number that no other one has */
static void
number_instance(GHashTable *numbers, PerfdashResult *result)
{
	g_autoptr(PerfdashLabels) labels = perfdash_labels_ref(result->labels);
	gpointer first;
	gpointer last;
	g_hash_table_lookup_extended(numbers, result, &first, &last);
	guint n = GPOINTER_TO_UINT(last);
	do
		set_instance(result, labels, ++n);
	while (g_hash_table_contains(numbers, result));
	g_hash_table_insert(numbers, first, GUINT_TO_POINTER(n));
	g_hash_table_insert(numbers, result, GUINT_TO_POINTER(1));
}

void
perfdash_run_number_instances(PerfdashRun *run)
{
	/* first result with an identity -> number of the last one that had it */
	g_autoptr(GHashTable) numbers = g_hash_table_new(hash_identity, equal_identity);
	g_autoptr(GPtrArray) later = g_ptr_array_new();
	for (guint i = 0; i < run->results->len; i++) {
		PerfdashResult *result = g_ptr_array_index(run->results, i);
		if (g_hash_table_contains(numbers, result))
			g_ptr_array_add(later, result);
		else
			g_hash_table_insert(numbers, result, GUINT_TO_POINTER(1));
	}
	for (guint i = 0; i < later->len; i++)
		number_instance(numbers, g_ptr_array_index(later, i));
}

static char *
first_of(const char *text, const char *fallback)
{
	return g_strdup(*text != '\0' ? text : fallback);
}

/**
 * perfdash_run_with_defaults:
 * @self: what a parser read from a log
 * @defaults: what the source of the log knows
 *
 * Fills in what the log itself does not say. What both say stays as the log has it.
 *
 * Returns: (transfer full): the completed run
 *
 * Since: 0.1
 */
PerfdashRun *
perfdash_run_with_defaults(PerfdashRun *self, PerfdashRun *defaults)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self) && PERFDASH_IS_RUN(defaults), NULL);
	PerfdashRun *run = g_object_new(PERFDASH_TYPE_RUN, NULL);
	run->labels = perfdash_labels_merge(defaults->labels, self->labels);
	run->build = first_of(self->build, defaults->build);
	run->revision = first_of(self->revision, defaults->revision);
	run->url = first_of(self->url, defaults->url);
	run->started_at = self->started_at != 0 ? self->started_at : defaults->started_at;
	run->outcome = self->outcome;
	run->parser = g_strdup(self->parser);
	run->log_digest = g_strdup(self->log_digest);
	run->log_name = g_strdup(self->log_name);
	run->environment = perfdash_labels_merge(defaults->environment, self->environment);
	run->parameters = perfdash_labels_merge(defaults->parameters, self->parameters);
	run->warnings = g_strdupv(self->warnings);
	run->results = g_ptr_array_ref(self->results);
	return run;
}

/**
 * perfdash_run_get_labels:
 * @self: a #PerfdashRun
 *
 * Returns: (transfer none): `lab`, `project`, `suite`, `branch`, `tool` and others: what all
 * results of the run share
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_run_get_labels(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->labels;
}

/**
 * perfdash_run_get_build:
 * @self: a #PerfdashRun
 *
 * Returns: the number or name of the build that was tested, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_run_get_build(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->build;
}

/**
 * perfdash_run_get_revision:
 * @self: a #PerfdashRun
 *
 * Returns: the revision of the code that was tested, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_run_get_revision(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->revision;
}

/**
 * perfdash_run_get_url:
 * @self: a #PerfdashRun
 *
 * Returns: where people find the job that ran the test, `http:` or `https:`, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_run_get_url(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->url;
}

/**
 * perfdash_run_get_started_at:
 * @self: a #PerfdashRun
 *
 * Returns: when the run started, in microseconds since 1970 UTC, or 0 when the log does not say
 *
 * Since: 0.1
 */
gint64
perfdash_run_get_started_at(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), 0);
	return self->started_at;
}

/**
 * perfdash_run_get_outcome:
 * @self: a #PerfdashRun
 *
 * Returns: how the run ended
 *
 * Since: 0.1
 */
PerfdashOutcome
perfdash_run_get_outcome(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), PERFDASH_OUTCOME_FAILED);
	return self->outcome;
}

/**
 * perfdash_run_get_parser:
 * @self: a #PerfdashRun
 *
 * Returns: the name of the parser that read the run, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_run_get_parser(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->parser;
}

/**
 * perfdash_run_get_environment:
 * @self: a #PerfdashRun
 *
 * Returns: (transfer none): facts about machine and software under the test
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_run_get_environment(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->environment;
}

/**
 * perfdash_run_get_parameters:
 * @self: a #PerfdashRun
 *
 * Returns: (transfer none): how the test was set up: threads, duration, ...
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_run_get_parameters(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return self->parameters;
}

/**
 * perfdash_run_get_warnings:
 * @self: a #PerfdashRun
 *
 * Returns: (transfer none) (array zero-terminated=1): what the parser wants people to know
 *
 * Since: 0.1
 */
const char *const *
perfdash_run_get_warnings(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return (const char *const *)self->warnings;
}

/**
 * perfdash_run_get_n_results:
 * @self: a #PerfdashRun
 *
 * Returns: the number of results, also of a run from perfdash_store_list_runs(), which has none of
 * them with it
 *
 * Since: 0.1
 */
guint
perfdash_run_get_n_results(PerfdashRun *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), 0);
	return self->n_unread + self->results->len;
}

/**
 * perfdash_run_get_result:
 * @self: a #PerfdashRun
 * @index: which one, in the order of the log
 *
 * Returns: (transfer none) (nullable): a result, or %NULL when there are not so many, or when they
 * were not read
 *
 * Since: 0.1
 */
PerfdashResult *
perfdash_run_get_result(PerfdashRun *self, guint index)
{
	g_return_val_if_fail(PERFDASH_IS_RUN(self), NULL);
	return index < self->results->len ? g_ptr_array_index(self->results, index) : NULL;
}

static void
perfdash_run_finalize(GObject *object)
{
	PerfdashRun *self = PERFDASH_RUN(object);
	g_free(self->log_name);
	g_free(self->log_digest);
	g_clear_pointer(&self->labels, perfdash_labels_unref);
	g_free(self->build);
	g_free(self->revision);
	g_free(self->url);
	g_free(self->parser);
	g_clear_pointer(&self->environment, perfdash_labels_unref);
	g_clear_pointer(&self->parameters, perfdash_labels_unref);
	g_strfreev(self->warnings);
	g_clear_pointer(&self->results, g_ptr_array_unref);
	g_clear_pointer(&self->standing_by, perfdash_change_event_unref);
	G_OBJECT_CLASS(perfdash_run_parent_class)->finalize(object);
}

static void
perfdash_run_class_init(PerfdashRunClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_run_finalize;
}

static void
perfdash_run_init(PerfdashRun *self)
{
}

/* only for the builder and the store, who complete the run before anybody else sees it */
PerfdashRun *
perfdash_run_new_empty(void)
{
	PerfdashRun *self = g_object_new(PERFDASH_TYPE_RUN, NULL);
	self->log_name = g_strdup("");
	self->log_digest = g_strdup("");
	self->labels = perfdash_labels_new();
	self->build = g_strdup("");
	self->revision = g_strdup("");
	self->url = g_strdup("");
	self->parser = g_strdup("");
	self->environment = perfdash_labels_new();
	self->parameters = perfdash_labels_new();
	self->warnings = g_new0(char *, 1);
	self->results = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_result_unref);
	return self;
}
