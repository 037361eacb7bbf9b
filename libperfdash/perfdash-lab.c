/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-lab-private.h"

/**
 * PerfdashLab:
 *
 * A lab as it was of late: when its runs started, and which sources they came from.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE(PerfdashLab, perfdash_lab, perfdash_lab_ref, perfdash_lab_unref)

PerfdashLab *
perfdash_lab_new(const char *name)
{
	PerfdashLab *self = g_new0(PerfdashLab, 1);
	g_atomic_ref_count_init(&self->refs);
	self->name = g_strdup(name);
	self->sources = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(self->sources, NULL);
	self->starts = g_array_new(FALSE, FALSE, sizeof(gint64));
	return self;
}

/* unless it is there */
void
perfdash_lab_add_source(PerfdashLab *self, const char *source)
{
	if (!g_strv_contains(perfdash_lab_get_sources(self), source))
		g_ptr_array_insert(self->sources, (int)self->sources->len - 1, g_strdup(source));
}

/**
 * perfdash_lab_ref:
 * @self: a lab
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashLab *
perfdash_lab_ref(PerfdashLab *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_lab_unref:
 * @self: (transfer full): a lab
 *
 * Since: 0.1
 */
void
perfdash_lab_unref(PerfdashLab *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->name);
	g_ptr_array_unref(self->sources);
	g_array_unref(self->starts);
	g_free(self);
}

/**
 * perfdash_lab_get_name:
 * @self: a lab
 *
 * Returns: (transfer none): the value of the label `lab`
 *
 * Since: 0.1
 */
const char *
perfdash_lab_get_name(PerfdashLab *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->name;
}

/**
 * perfdash_lab_get_sources:
 * @self: a lab
 *
 * Returns: (transfer none): where the newest run of each stream of the lab came from, as
 * perfdash_store_add_log() was told
 *
 * Since: 0.1
 */
const char *const *
perfdash_lab_get_sources(PerfdashLab *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return (const char *const *)self->sources->pdata;
}

/**
 * perfdash_lab_get_starts:
 * @self: a lab
 * @n_starts: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_starts): when runs started, in microseconds since 1970
 * UTC, the newest first
 *
 * Since: 0.1
 */
const gint64 *
perfdash_lab_get_starts(PerfdashLab *self, gsize *n_starts)
{
	g_return_val_if_fail(self != NULL && n_starts != NULL, NULL);
	*n_starts = self->starts->len;
	return (const gint64 *)(void *)self->starts->data;
}
