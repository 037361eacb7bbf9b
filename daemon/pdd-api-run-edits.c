/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A person hides runs, and shows them again. */

#include "pdd-api.h"
#include "pdd-edit-body.h"
#include "pdd-json-body.h"

/* what a body says beside ids; the texts are its own */
typedef struct {
	gboolean is_hidden;
	const char *reason;
	const char *who;
} Edit;

static gboolean
is_known(const char *name, gboolean is_bulk)
{
	static const char *const names[] = {"hidden", "reason", "who", NULL};
	return g_strv_contains(names, name) || (is_bulk && g_str_equal(name, "ids"));
}

static gboolean
read_edit(GVariant *body, gboolean is_bulk, Edit *edit, GError **error)
{
	GVariantIter iter;
	const char *name;
	GVariant *value;
	g_variant_iter_init(&iter, body);
	while (g_variant_iter_next(&iter, "{&sv}", &name, &value)) {
		g_variant_unref(value);
		if (!is_known(name, is_bulk))
			return pdd_edit_body_refuse(error, name, "there is no such field");
	}
	edit->reason = "";
	edit->who = pdd_edit_body_get_who(body, error);
	if (edit->who == NULL)
		return FALSE;
	if (!g_variant_lookup(body, "hidden", "b", &edit->is_hidden))
		return pdd_edit_body_refuse(error, "hidden", "it is neither true nor false");
	if (g_variant_lookup(body, "reason", "&s", &edit->reason) && !edit->is_hidden)
		return pdd_edit_body_refuse(error, "reason", "it is for hiding only");
	return TRUE;
}

/* whether the token that the request came with is for these runs */
static gboolean
check_token(PddService *service,
	    PddRequest *request,
	    const gint64 *ids,
	    gsize n_ids,
	    GError **error)
{
	PddToken *token = pdd_request_get_token(request);
	for (gsize i = 0; token != NULL && token->allowed != NULL && i < n_ids; i++) {
		g_autoptr(PerfdashRun) run = perfdash_store_load_run(service->store, ids[i], error);
		if (run == NULL)
			return FALSE;
		if (perfdash_selector_matches(token->allowed, perfdash_run_get_labels(run)))
			continue;
		g_autofree char *limits = pdd_token_describe_limits(token);
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_DENIED,
			    "run %" G_GINT64_FORMAT
			    " is none of those of token %s, which is for %s",
			    ids[i],
			    token->id,
			    limits);
		return FALSE;
	}
	return TRUE;
}

static gboolean
edit_runs(PddService *service,
	  PddRequest *request,
	  const gint64 *ids,
	  gsize n_ids,
	  const Edit *edit,
	  GError **error)
{
	PerfdashStore *store = service->store;
	if (!check_token(service, request, ids, n_ids, error))
		return FALSE;
	return edit->is_hidden
		       ? perfdash_store_hide_runs(store, ids, n_ids, edit->reason, edit->who, error)
		       : perfdash_store_show_runs(store, ids, n_ids, edit->who, error);
}

PddAnswer *
pdd_api_edit_run(PddService *service, PddRequest *request, GError **error)
{
	gint64 id;
	Edit edit;
	if (!pdd_api_read_run_id(request, &id, error))
		return NULL;
	g_autoptr(GVariant) body = pdd_json_body_parse(pdd_request_get_body(request), error);
	if (body == NULL || !read_edit(body, FALSE, &edit, error) ||
	    !edit_runs(service, request, &id, 1, &edit, error))
		return NULL;
	return pdd_api_get_run(service, request, error);
}

PddAnswer *
pdd_api_edit_runs(PddService *service, PddRequest *request, GError **error)
{
	Edit edit;
	g_autoptr(GVariant) body = pdd_json_body_parse(pdd_request_get_body(request), error);
	g_autoptr(GArray) ids = body != NULL ? pdd_edit_body_read_ids(body, error) : NULL;
	if (ids == NULL || !read_edit(body, TRUE, &edit, error) ||
	    !edit_runs(service, request, (const gint64 *)ids->data, ids->len, &edit, error))
		return NULL;
	return pdd_edit_body_answer(service, ids->len);
}
