/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What changed around the code: facts of the environment, parameters and the parser of some runs
 * before a change and from it on. A key may be the cause when no value is on both sides. It is not
 * when it is another in each of several runs of a side, as a time or a number of a process is. */

#include "perfdash-cause.h"

#include <string.h>

struct _PerfdashCause {
	gatomicrefcount refs;
	char *key;
	char *before; /* values, with commas between them */
	char *after;
	guint n_before;
	guint n_after;
};

/**
 * PerfdashCause:
 *
 * Something beside the code that was one thing before a change and another after it. Immutable.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE(PerfdashCause, perfdash_cause, perfdash_cause_ref, perfdash_cause_unref)

/* where runs say something */
typedef PerfdashLabels *(*GetFacts)(PerfdashRun *run);

static const char *
get_fact(PerfdashRun *run, GetFacts get_facts, const char *key)
{
	const char *value = get_facts != NULL ? perfdash_labels_get(get_facts(run), key)
					      : perfdash_run_get_parser(run);
	return value != NULL ? value : "";
}

/* in the order in which runs have them */
static GPtrArray *
list_values(GPtrArray *runs, GetFacts get_facts, const char *key)
{
	GPtrArray *values = g_ptr_array_new();
	for (guint i = 0; i < runs->len; i++) {
		const char *value = get_fact(g_ptr_array_index(runs, i), get_facts, key);
		if (!g_ptr_array_find_with_equal_func(values, value, g_str_equal, NULL))
			g_ptr_array_add(values, (gpointer)value);
	}
	return values;
}

static gboolean
have_common(GPtrArray *before, GPtrArray *after)
{
	for (guint i = 0; i < before->len; i++) {
		const char *value = g_ptr_array_index(before, i);
		if (g_ptr_array_find_with_equal_func(after, value, g_str_equal, NULL))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_unsteady(GPtrArray *values, GPtrArray *runs)
{
	return runs->len > 1 && values->len == runs->len;
}

static char *
join(GPtrArray *values)
{
	g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
	for (guint i = 0; i < values->len; i++)
		g_strv_builder_add(texts, g_ptr_array_index(values, i));
	g_auto(GStrv) ended = g_strv_builder_end(texts);
	return g_strjoinv(", ", ended);
}

static void
compare(GPtrArray *causes, GPtrArray *before, GPtrArray *after, GetFacts get_facts, const char *key)
{
	g_autoptr(GPtrArray) old = list_values(before, get_facts, key);
	g_autoptr(GPtrArray) new = list_values(after, get_facts, key);
	if (have_common(old, new) || is_unsteady(old, before) || is_unsteady(new, after))
		return;
	PerfdashCause *cause = g_new0(PerfdashCause, 1);
	g_atomic_ref_count_init(&cause->refs);
	cause->key = g_strdup(key);
	cause->before = join(old);
	cause->after = join(new);
	cause->n_before = before->len;
	cause->n_after = after->len;
	g_ptr_array_add(causes, cause);
}

static void
add_keys(GPtrArray *runs, GetFacts get_facts, GPtrArray *keys)
{
	const char *key;
	for (guint i = 0; i < runs->len; i++) {
		PerfdashLabels *facts = get_facts(g_ptr_array_index(runs, i));
		for (guint j = 0; (key = perfdash_labels_get_nth(facts, j, NULL)) != NULL; j++) {
			if (!g_ptr_array_find_with_equal_func(keys, key, g_str_equal, NULL))
				g_ptr_array_add(keys, (gpointer)key);
		}
	}
}

/**
 * perfdash_cause_list:
 * @before: (element-type PerfdashRun): runs before a change, at least one
 * @after: (element-type PerfdashRun): runs from it on, at least one
 *
 * Compares the environment, the parameters and the parser of runs. What a run does not say counts
 * as "".
 *
 * Returns: (transfer container) (element-type PerfdashCause): what was one thing before and another
 *   after, maybe nothing
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_cause_list(GPtrArray *before, GPtrArray *after)
{
	static const GetFacts places[] = {perfdash_run_get_environment,
					  perfdash_run_get_parameters};
	g_return_val_if_fail(before != NULL && before->len > 0, NULL);
	g_return_val_if_fail(after != NULL && after->len > 0, NULL);
	GPtrArray *causes = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_cause_unref);
	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autoptr(GPtrArray) keys = g_ptr_array_new();
		add_keys(before, places[i], keys);
		add_keys(after, places[i], keys);
		for (guint j = 0; j < keys->len; j++)
			compare(causes, before, after, places[i], g_ptr_array_index(keys, j));
	}
	compare(causes, before, after, NULL, "parser");
	return causes;
}

/**
 * perfdash_cause_ref:
 * @self: a #PerfdashCause
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashCause *
perfdash_cause_ref(PerfdashCause *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_cause_unref:
 * @self: (transfer full): a #PerfdashCause
 *
 * Since: 0.1
 */
void
perfdash_cause_unref(PerfdashCause *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->key);
	g_free(self->before);
	g_free(self->after);
	g_free(self);
}

/**
 * perfdash_cause_get_key:
 * @self: a #PerfdashCause
 *
 * Returns: (transfer none): what changed, such as `kernel`
 *
 * Since: 0.1
 */
const char *
perfdash_cause_get_key(PerfdashCause *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->key;
}

/**
 * perfdash_cause_get_before:
 * @self: a #PerfdashCause
 * @n_runs: (out) (optional): in how many runs
 *
 * Returns: (transfer none): its values before the change, with commas between them; "" when it was
 *   not said
 *
 * Since: 0.1
 */
const char *
perfdash_cause_get_before(PerfdashCause *self, guint *n_runs)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (n_runs != NULL)
		*n_runs = self->n_before;
	return self->before;
}

/**
 * perfdash_cause_get_after:
 * @self: a #PerfdashCause
 * @n_runs: (out) (optional): in how many runs
 *
 * Returns: (transfer none): its values from the change on
 *
 * Since: 0.1
 */
const char *
perfdash_cause_get_after(PerfdashCause *self, guint *n_runs)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (n_runs != NULL)
		*n_runs = self->n_after;
	return self->after;
}

/**
 * perfdash_cause_describe:
 * @self: a #PerfdashCause
 *
 * Returns: (transfer full): such as "kernel: 6.1.0-17 in 5 runs before, 6.1.0-18 in 4 runs after"
 *
 * Since: 0.1
 */
char *
perfdash_cause_describe(PerfdashCause *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return g_strdup_printf("%s: %s in %u runs before, %s in %u runs after",
			       self->key,
			       *self->before != '\0' ? self->before : "not said",
			       self->n_before,
			       *self->after != '\0' ? self->after : "not said",
			       self->n_after);
}
