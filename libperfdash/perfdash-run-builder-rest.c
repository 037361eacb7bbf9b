/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a parser says of a log beside its runs. Few logs have such a rest, so that it is no part of
 * a builder unless somebody says so. */

#include "perfdash-run-builder.h"

#define REST "rest" /* where it begins */

/**
 * perfdash_run_builder_set_rest:
 * @self: a #PerfdashRunBuilder
 * @offset: in bytes from the begin of the log, at the begin of a line
 *
 * Says that the document which the log begins with ends there, so that the rest is what a job
 * printed and others may read it. For parsers that were told to read a whole log.
 *
 * Since: 0.1
 */
void
perfdash_run_builder_set_rest(PerfdashRunBuilder *self, gsize offset)
{
	g_return_if_fail(PERFDASH_IS_RUN_BUILDER(self));
	g_object_set_data(G_OBJECT(self), REST, GSIZE_TO_POINTER(offset));
}

/**
 * perfdash_run_builder_get_rest:
 * @self: a #PerfdashRunBuilder
 *
 * Where in the log something else follows than the document which it begins with.
 *
 * Returns: an offset in bytes, or 0
 *
 * Since: 0.1
 */
gsize
perfdash_run_builder_get_rest(PerfdashRunBuilder *self)
{
	g_return_val_if_fail(PERFDASH_IS_RUN_BUILDER(self), 0);
	return GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(self), REST));
}
