/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-change-group-private.h"

#include <math.h>
#include <string.h>

/**
 * PerfdashChangeGroup:
 *
 * Changes that one cause can explain, and what speaks for which cause. Immutable.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE(PerfdashChangeGroup,
		    perfdash_change_group,
		    perfdash_change_group_ref,
		    perfdash_change_group_unref)

G_DEFINE_ENUM_TYPE(PerfdashSuspect,
		   perfdash_suspect,
		   G_DEFINE_ENUM_VALUE(PERFDASH_SUSPECT_UNCLEAR, "unclear"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_SUSPECT_CODE, "code"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_SUSPECT_LAB, "lab"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_SUSPECT_MACHINE, "machine"))

/**
 * perfdash_suspect_to_string:
 * @suspect: a suspect
 *
 * Returns: (transfer none): `unclear`, `code`, `lab` or `machine`
 *
 * Since: 0.1
 */
const char *
perfdash_suspect_to_string(PerfdashSuspect suspect)
{
	static const char *const names[] = {"unclear", "code", "lab", "machine"};
	g_return_val_if_fail((guint)suspect < G_N_ELEMENTS(names), NULL);
	return names[suspect];
}

static int
compare_ids(gconstpointer a, gconstpointer b)
{
	const PerfdashChange *one = *(PerfdashChange *const *)a;
	const PerfdashChange *other = *(PerfdashChange *const *)b;
	return (one->id > other->id) - (one->id < other->id);
}

PerfdashChangeGroup *
perfdash_change_group_new(GPtrArray *changes)
{
	PerfdashChangeGroup *self = g_new0(PerfdashChangeGroup, 1);
	g_atomic_ref_count_init(&self->refs);
	self->changes = changes;
	g_ptr_array_sort(changes, compare_ids);
	self->from = G_MININT64;
	self->to = G_MAXINT64;
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		self->from = MAX(self->from, change->from_time);
		self->to = MIN(self->to, change->to_time);
	}
	self->evidence = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(self->evidence, NULL);
	return self;
}

void
perfdash_change_group_add_evidence(PerfdashChangeGroup *self, char *sentence)
{
	g_ptr_array_insert(self->evidence, self->evidence->len - 1, sentence);
}

/**
 * perfdash_change_group_ref:
 * @self: a group
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashChangeGroup *
perfdash_change_group_ref(PerfdashChangeGroup *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_change_group_unref:
 * @self: (transfer full): a group
 *
 * Since: 0.1
 */
void
perfdash_change_group_unref(PerfdashChangeGroup *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_ptr_array_unref(self->changes);
	g_ptr_array_unref(self->evidence);
	g_free(self);
}

/**
 * perfdash_change_group_get_changes:
 * @self: a group
 *
 * Returns: (transfer none) (element-type PerfdashChange): all its changes, at least one, in the
 *   order of their ids
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_change_group_get_changes(PerfdashChangeGroup *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->changes;
}

static gboolean
is_worse(PerfdashChange *a, PerfdashChange *b)
{
	gboolean is_regression = a->point->kind == PERFDASH_CHANGE_KIND_REGRESSION;
	gboolean is_sure = perfdash_change_get_state(a) != PERFDASH_CHANGE_STATE_UNSURE;
	if (is_regression != (b->point->kind == PERFDASH_CHANGE_KIND_REGRESSION))
		return is_regression;
	if (is_sure != (perfdash_change_get_state(b) != PERFDASH_CHANGE_STATE_UNSURE))
		return is_sure;
	/* a share of a level of 0 is none, and no number is larger than it */
	double one = isnan(a->point->change.value) ? 0 : fabs(a->point->change.value);
	double other = isnan(b->point->change.value) ? 0 : fabs(b->point->change.value);
	return one > other;
}

/**
 * perfdash_change_group_get_worst:
 * @self: a group
 *
 * Returns: (transfer none): the largest regression, else the largest change, as a share of the
 * level before; what is unsure comes last
 *
 * Since: 0.1
 */
PerfdashChange *
perfdash_change_group_get_worst(PerfdashChangeGroup *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	PerfdashChange *worst = g_ptr_array_index(self->changes, 0);
	for (guint i = 1; i < self->changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(self->changes, i);
		if (is_worse(change, worst))
			worst = change;
	}
	return worst;
}

/**
 * perfdash_change_group_get_typical:
 * @self: a group
 *
 * Returns: (transfer none): a change between those revisions that most are between
 *
 * Since: 0.1
 */
PerfdashChange *
perfdash_change_group_get_typical(PerfdashChangeGroup *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	PerfdashChange *typical = g_ptr_array_index(self->changes, 0);
	guint most = 0;
	for (guint i = 0; i < self->changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(self->changes, i);
		char *name = g_strdup_printf("%s..%s", change->previous_revision, change->revision);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, name)) + 1;
		g_hash_table_replace(counts, name, GUINT_TO_POINTER(n));
		if (n > most) {
			most = n;
			typical = change;
		}
	}
	return typical;
}

/**
 * perfdash_change_group_get_time_range:
 * @self: a group
 * @from: (out): the cause came after this, in microseconds since 1970 UTC
 * @to: (out): and up to this
 *
 * What the ranges of all its changes have in common.
 *
 * Since: 0.1
 */
void
perfdash_change_group_get_time_range(PerfdashChangeGroup *self, gint64 *from, gint64 *to)
{
	g_return_if_fail(self != NULL);
	*from = self->from;
	*to = self->to;
}

/**
 * perfdash_change_group_count:
 * @self: a group
 * @kind: a kind of change
 *
 * Returns: how many of its changes are of that kind
 *
 * Since: 0.1
 */
guint
perfdash_change_group_count(PerfdashChangeGroup *self, PerfdashChangeKind kind)
{
	g_return_val_if_fail(self != NULL, 0);
	guint n = 0;
	for (guint i = 0; i < self->changes->len; i++)
		n += ((PerfdashChange *)g_ptr_array_index(self->changes, i))->point->kind == kind;
	return n;
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/**
 * perfdash_change_group_list_values:
 * @self: a group
 * @key: the key of a label, such as `lab`
 *
 * Returns: (transfer full) (array zero-terminated=1): the values it has in the series of its
 *   changes, sorted
 *
 * Since: 0.1
 */
char **
perfdash_change_group_list_values(PerfdashChangeGroup *self, const char *key)
{
	g_return_val_if_fail(self != NULL && key != NULL, NULL);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *values = g_ptr_array_new();
	for (guint i = 0; i < self->changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(self->changes, i);
		PerfdashLabels *labels = perfdash_series_info_get_labels(change->info);
		const char *value = perfdash_labels_get(labels, key);
		if (value != NULL && g_hash_table_add(known, (gpointer)value))
			g_ptr_array_add(values, g_strdup(value));
	}
	g_ptr_array_sort(values, compare_texts);
	g_ptr_array_add(values, NULL);
	return (char **)g_ptr_array_free(values, FALSE);
}

/**
 * perfdash_change_group_get_suspect:
 * @self: a group
 *
 * Returns: what most likely made the changes
 *
 * Since: 0.1
 */
PerfdashSuspect
perfdash_change_group_get_suspect(PerfdashChangeGroup *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_SUSPECT_UNCLEAR);
	return self->suspect;
}

/**
 * perfdash_change_group_get_evidence:
 * @self: a group
 *
 * Returns: (transfer none) (array zero-terminated=1): sentences that say what speaks for the
 *   suspect, and what against it
 *
 * Since: 0.1
 */
const char *const *
perfdash_change_group_get_evidence(PerfdashChangeGroup *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return (const char *const *)self->evidence->pdata;
}

/**
 * perfdash_change_group_describe:
 * @self: a group
 *
 * Returns: (transfer full): a sentence: how many changes there are, and the worst of them
 *
 * Since: 0.1
 */
char *
perfdash_change_group_describe(PerfdashChangeGroup *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_autofree char *worst = perfdash_change_describe(perfdash_change_group_get_worst(self));
	if (self->changes->len == 1)
		return g_steal_pointer(&worst);
	return g_strdup_printf("%u changes, the worst: %s", self->changes->len, worst);
}
