/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-edit-body.h"

#include <string.h>

#include "pdd-api.h"
#include "pdd-json.h"

#define MAX_WHO 200 /* bytes */

gboolean
pdd_edit_body_refuse(GError **error, const char *name, const char *what)
{
	g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID, "%.64s: %s", name, what);
	return FALSE;
}

const char *
pdd_edit_body_get_who(GVariant *body, GError **error)
{
	const char *who = "";
	g_variant_lookup(body, "who", "&s", &who);
	if (strlen(who) > MAX_WHO) {
		pdd_edit_body_refuse(error, "who", "it is too long");
		return NULL;
	}
	return *who != '\0' ? who : "somebody";
}

GArray *
pdd_edit_body_read_ids(GVariant *body, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GVariant) list = g_variant_lookup_value(body, "ids", G_VARIANT_TYPE("av"));
	gsize n = list != NULL ? g_variant_n_children(list) : 0;
	if (n == 0 || n > PDD_MAX_IDS) {
		pdd_edit_body_refuse(error,
				     "ids",
				     "it is not a list of 1 to " G_STRINGIFY(PDD_MAX_IDS) " ids");
		return NULL;
	}
	for (gsize i = 0; i < n; i++) {
		g_autoptr(GVariant) child = g_variant_get_child_value(list, i);
		g_autoptr(GVariant) value = g_variant_get_variant(child);
		if (!g_variant_is_of_type(value, G_VARIANT_TYPE_INT64)) {
			pdd_edit_body_refuse(error, "ids", "one is not a whole number");
			return NULL;
		}
		gint64 id = g_variant_get_int64(value);
		g_array_append_val(ids, id);
	}
	return g_steal_pointer(&ids);
}

PddAnswer *
pdd_edit_body_answer(PddService *service, guint n_changed)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", perfdash_store_get_generation(service->store));
	pdd_json_add_int(writer, "changed", n_changed);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}
