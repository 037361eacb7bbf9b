/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-api.h"
#include "pdd-edit-body.h"
#include "pdd-json-body.h"
#include "pdd-json-change.h"

/* of all changes of the store, whatever is asked for */
static PerfdashPrecision *
load_precision(PddService *service, GError **error)
{
	g_autoptr(GPtrArray) all =
		perfdash_store_list_changes(service->store, NULL, NULL, NULL, G_MININT64, error);
	return all != NULL ? perfdash_precision_new(all) : NULL;
}

/* what a request asks for, changes or groups of them */
GPtrArray *
pdd_api_list_chosen(PddService *service, PddRequest *request, PddListChanges list, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdd_request_get_selector(request, error);
	gint64 since = G_MININT64;
	if (selector == NULL || !pdd_request_get_time(request, "since", &since, NULL, error))
		return NULL;
	return list(service->store,
		    selector,
		    pdd_request_get(request, "state"),
		    pdd_request_get(request, "direction"),
		    since,
		    error);
}

static void
write_changes(PerfdashJsonWriter *writer,
	      GPtrArray *changes,
	      guint begin,
	      guint end,
	      PerfdashPrecision *precision)
{
	g_autofree char *next = end < changes->len ? g_strdup_printf("%u", end) : NULL;
	pdd_json_begin_items(writer);
	for (guint i = begin; i < end; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		const char *id = perfdash_series_info_get_id(perfdash_change_get_info(change));
		pdd_json_begin_change(writer, change);
		pdd_json_add_precision(writer, precision, id);
		perfdash_json_writer_end_object(writer);
	}
	pdd_json_end_items(writer, next);
}

PddAnswer *
pdd_api_list_changes(PddService *service, PddRequest *request, GError **error)
{
	guint64 generation = perfdash_store_get_generation(service->store);
	guint64 limit;
	guint64 begin;
	if (!pdd_request_get_page(request, &begin, &limit, error))
		return NULL;
	g_autoptr(GPtrArray)
		changes = pdd_api_list_chosen(service, request, perfdash_store_list_changes, error);
	g_autoptr(PerfdashPrecision) precision = changes != NULL ? load_precision(service, error)
								 : NULL;
	if (precision == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	begin = MIN(begin, changes->len);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_int(writer, "matched", changes->len);
	pdd_json_add_precision(writer, precision, NULL);
	write_changes(writer, changes, begin, MIN(begin + limit, changes->len), precision);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

static gboolean
read_id(PddRequest *request, gint64 *id, GError **error)
{
	const char *text = pdd_request_get_capture(request, 0);
	guint64 number;
	if (g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL)) {
		*id = number;
		return TRUE;
	}
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_NOT_FOUND,
		    "there is no change \"%.64s\"",
		    text);
	return FALSE;
}

PddAnswer *
pdd_api_get_change(PddService *service, PddRequest *request, GError **error)
{
	gint64 id;
	if (!read_id(request, &id, error))
		return NULL;
	g_autoptr(PerfdashChange) change = perfdash_store_load_change(service->store, id, error);
	g_autoptr(GPtrArray)
		events = change != NULL
				 ? perfdash_store_list_change_events(service->store, id, error)
				 : NULL;
	g_autoptr(GPtrArray)
		causes = events != NULL ? perfdash_store_list_causes(service->store, change, error)
					: NULL;
	if (causes == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	pdd_json_begin_change(writer, change);
	pdd_json_add_history(writer, events);
	pdd_json_add_causes(writer, causes);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

static gboolean
set_run(PerfdashChangeEdit *edit, GVariant *value, GError **error)
{
	if (g_variant_is_of_type(value, G_VARIANT_TYPE("mv"))) {
		perfdash_change_edit_set_run(edit, 0);
		return TRUE;
	}
	if (!g_variant_is_of_type(value, G_VARIANT_TYPE_INT64) || g_variant_get_int64(value) < 1)
		return pdd_edit_body_refuse(error, "run", "it is neither the id of a run nor null");
	perfdash_change_edit_set_run(edit, g_variant_get_int64(value));
	return TRUE;
}

static gboolean
set_field(PerfdashChangeEdit *edit, const char *name, GVariant *value, GError **error)
{
	if (g_str_equal(name, "run"))
		return set_run(edit, value, error);
	if (!g_variant_is_of_type(value, G_VARIANT_TYPE_STRING))
		return pdd_edit_body_refuse(error, name, "it is not a text");
	return perfdash_change_edit_set(edit, name, g_variant_get_string(value, NULL), error);
}

/* what a body says beside ids */
static PerfdashChangeEdit *
read_edit(GVariant *body, gboolean is_bulk, GError **error)
{
	const char *who = pdd_edit_body_get_who(body, error);
	if (who == NULL)
		return NULL;
	g_autoptr(PerfdashChangeEdit) edit = perfdash_change_edit_new(who);
	GVariantIter iter;
	const char *name;
	GVariant *member;
	gboolean is_fine = TRUE;
	g_variant_iter_init(&iter, body);
	while (is_fine && g_variant_iter_next(&iter, "{&sv}", &name, &member)) {
		g_autoptr(GVariant) value = member;
		if (!g_str_equal(name, "who") && !(is_bulk && g_str_equal(name, "ids")))
			is_fine = set_field(edit, name, value, error);
	}
	return is_fine ? g_steal_pointer(&edit) : NULL;
}

/* whether the token that the request came with is for the series of these changes */
static gboolean
check_token(PddService *service,
	    PddRequest *request,
	    const gint64 *ids,
	    gsize n_ids,
	    GError **error)
{
	PddToken *token = pdd_request_get_token(request);
	for (gsize i = 0; token != NULL && token->allowed != NULL && i < n_ids; i++) {
		g_autoptr(PerfdashChange)
			change = perfdash_store_load_change(service->store, ids[i], error);
		if (change == NULL)
			return FALSE;
		PerfdashSeriesInfo *info = perfdash_change_get_info(change);
		if (perfdash_selector_matches(token->allowed,
					      perfdash_series_info_get_labels(info)))
			continue;
		g_autofree char *limits = pdd_token_describe_limits(token);
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_DENIED,
			    "change %" G_GINT64_FORMAT " is of other series than those of token "
			    "%s, which is for %s",
			    ids[i],
			    token->id,
			    limits);
		return FALSE;
	}
	return TRUE;
}

PddAnswer *
pdd_api_edit_change(PddService *service, PddRequest *request, GError **error)
{
	gint64 id;
	g_autoptr(GVariant) body = NULL;
	if (!read_id(request, &id, error) ||
	    (body = pdd_json_body_parse(pdd_request_get_body(request), error)) == NULL)
		return NULL;
	g_autoptr(PerfdashChangeEdit) edit = read_edit(body, FALSE, error);
	if (edit == NULL || !check_token(service, request, &id, 1, error) ||
	    !perfdash_store_update_change(service->store, id, edit, error))
		return NULL;
	return pdd_api_get_change(service, request, error);
}

PddAnswer *
pdd_api_edit_changes(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(GVariant) body = pdd_json_body_parse(pdd_request_get_body(request), error);
	g_autoptr(GArray) ids = body != NULL ? pdd_edit_body_read_ids(body, error) : NULL;
	g_autoptr(PerfdashChangeEdit) edit = ids != NULL ? read_edit(body, TRUE, error) : NULL;
	if (edit == NULL ||
	    !check_token(service, request, (const gint64 *)ids->data, ids->len, error) ||
	    !perfdash_store_update_changes(service->store,
					   (const gint64 *)ids->data,
					   ids->len,
					   edit,
					   error))
		return NULL;
	return pdd_edit_body_answer(service, ids->len);
}
