/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-source-day.h"

G_DEFINE_BOXED_TYPE(PerfdashSourceDay,
		    perfdash_source_day,
		    perfdash_source_day_copy,
		    perfdash_source_day_free)

/**
 * perfdash_source_day_copy:
 * @self: a day of a source
 *
 * Returns: (transfer full): a copy
 *
 * Since: 0.1
 */
PerfdashSourceDay *
perfdash_source_day_copy(const PerfdashSourceDay *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	PerfdashSourceDay *copy = g_memdup2(self, sizeof(*self));
	copy->source = g_strdup(self->source);
	return copy;
}

/**
 * perfdash_source_day_free:
 * @self: (transfer full): a day of a source
 *
 * Since: 0.1
 */
void
perfdash_source_day_free(PerfdashSourceDay *self)
{
	g_return_if_fail(self != NULL);
	g_free(self->source);
	g_free(self);
}
