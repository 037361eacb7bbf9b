/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the sender of a log said of it, as bytes that stand beside the log until it is stored: a
 * GVariant, little-endian, of which nothing is believed when it is read again. */

#include "perfdash-acceptance.h"

#include "perfdash-error.h"
#include "perfdash-run-private.h"

/* name, source, parser, defaults */
#define TYPE "(ssmsm" PERFDASH_RUN_VARIANT_TYPE ")"

static GVariant *
to_little_endian(GVariant *variant)
{
	return G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap(variant) : g_variant_ref(variant);
}

GBytes *
perfdash_acceptance_pack(const char *name,
			 const char *source,
			 const char *parser,
			 PerfdashRun *defaults)
{
	GVariant *run = defaults != NULL ? perfdash_run_to_variant(defaults) : NULL;
	g_autoptr(GVariant) all = g_variant_ref_sink(
		g_variant_new("(ssms@m" PERFDASH_RUN_VARIANT_TYPE ")",
			      name,
			      source,
			      parser,
			      g_variant_new_maybe(G_VARIANT_TYPE(PERFDASH_RUN_VARIANT_TYPE), run)));
	g_autoptr(GVariant) little = to_little_endian(all);
	return g_variant_get_data_as_bytes(little);
}

/* NULL with PERFDASH_ERROR_BROKEN, or as perfdash_run_new_from_variant() does */
PerfdashAcceptance *
perfdash_acceptance_unpack(GBytes *bytes, GError **error)
{
	g_autoptr(GVariant) little = g_variant_ref_sink(
		g_variant_new_from_bytes(G_VARIANT_TYPE(TYPE), bytes, FALSE));
	if (!g_variant_is_normal_form(little)) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_BROKEN,
				    "what is known of the log is damaged");
		return NULL;
	}
	g_autoptr(GVariant) all = to_little_endian(little);
	g_autoptr(GVariant) run = NULL;
	g_autoptr(PerfdashAcceptance) self = g_new0(PerfdashAcceptance, 1);
	g_variant_get(all,
		      "(ssmsm@" PERFDASH_RUN_VARIANT_TYPE ")",
		      &self->name,
		      &self->source,
		      &self->parser,
		      &run);
	if (run != NULL)
		self->defaults = perfdash_run_new_from_variant(run, error);
	return run == NULL || self->defaults != NULL ? g_steal_pointer(&self) : NULL;
}

void
perfdash_acceptance_free(PerfdashAcceptance *self)
{
	g_free(self->name);
	g_free(self->source);
	g_free(self->parser);
	g_clear_object(&self->defaults);
	g_free(self);
}
