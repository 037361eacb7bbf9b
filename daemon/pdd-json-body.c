/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-json-body.h"

#include <json-glib/json-glib.h>
#include <perfdash.h>

#define MAX_DEPTH 32

static GVariant *
parse(const char *text, gsize size, GError **error)
{
	g_autoptr(JsonParser) parser = json_parser_new_immutable();
	if (!json_parser_load_from_data(parser, text, size, error))
		return NULL;
	JsonNode *root = json_parser_get_root(parser);
	return root != NULL ? json_gvariant_deserialize(root, NULL, error) : NULL;
}

GVariant *
pdd_json_body_parse(GBytes *body, GError **error)
{
	g_autoptr(GError) local = NULL;
	gsize size = 0;
	const char *text = body != NULL ? g_bytes_get_data(body, &size) : NULL;
	if (body != NULL && !perfdash_json_check_depth(body, MAX_DEPTH, error))
		return NULL;
	g_autoptr(GVariant) variant = size > 0 ? parse(text, size, &local) : NULL;
	if (variant != NULL)
		g_variant_ref_sink(variant);
	if (variant != NULL && g_variant_is_of_type(variant, G_VARIANT_TYPE_VARDICT))
		return g_steal_pointer(&variant);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "the body is not a JSON object%s%s",
		    local != NULL ? ": " : "",
		    local != NULL ? local->message : "");
	return NULL;
}
