/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-router.h"

#include <string.h>

#include "pdd-api.h"

/* clang-format off */
static const PddRoute routes[] = {
	{"GET", "/api/v1/labels", PDD_ROUTE_STORED, pdd_api_list_labels,
	 {"match", "q", "values"}},
	{"GET", "/api/v1/labels/{key}/values", PDD_ROUTE_STORED, pdd_api_list_label_values,
	 {"match", "q", "limit", "cursor"}},
	{"GET", "/api/v1/series", PDD_ROUTE_STORED, pdd_api_list_series,
	 {"match", "q", "sort", "limit", "cursor"}},
	{"GET", "/api/v1/series/{id}", PDD_ROUTE_STORED, pdd_api_get_series, {NULL}},
	{"GET", "/api/v1/series/{id}/points", PDD_ROUTE_STORED, pdd_api_get_points,
	 {"from", "to", "max_points", "format"}},
	{"GET", "/api/v1/series/{id}/trend", PDD_ROUTE_STORED, pdd_api_get_trend, {NULL}},
	{"GET", "/api/v1/changes", PDD_ROUTE_STORED, pdd_api_list_changes,
	 {"match", "q", "state", "direction", "since", "limit", "cursor"}},
	{"GET", "/api/v1/changes/groups", PDD_ROUTE_STORED, pdd_api_list_change_groups,
	 {"match", "q", "state", "direction", "since", "limit", "cursor"}},
	{"POST", "/api/v1/changes/bulk", PDD_ROUTE_EDIT, pdd_api_edit_changes, {NULL},
	 PDD_SCOPE_TRIAGE},
	{"GET", "/api/v1/changes/{id}", PDD_ROUTE_STORED, pdd_api_get_change, {NULL}},
	{"PATCH", "/api/v1/changes/{id}", PDD_ROUTE_EDIT, pdd_api_edit_change, {NULL},
	 PDD_SCOPE_TRIAGE},
	{"GET", "/api/v1/compare", PDD_ROUTE_STORED, pdd_api_compare,
	 {"match", "q", "a", "b", "margin", "limit", "cursor"}},
	{"GET", "/api/v1/budgets", PDD_ROUTE_TIMED, pdd_api_list_budgets, {NULL}},
	{"GET", "/api/v1/budgets/{name}", PDD_ROUTE_TIMED, pdd_api_get_budget,
	 {"limit", "cursor"}},
	{"GET", "/api/v1/runs", PDD_ROUTE_STORED, pdd_api_list_runs,
	 {"match", "q", "hidden", "limit", "cursor"}},
	{"POST", "/api/v1/runs", PDD_ROUTE_UPLOAD, NULL,
	 {"lab", "project", "suite", "branch", "revision", "build", "url", "name", "started_at"},
	 PDD_SCOPE_INGEST},
	{"POST", "/api/v1/runs/bulk", PDD_ROUTE_EDIT, pdd_api_edit_runs, {NULL},
	 PDD_SCOPE_TRIAGE},
	{"GET", "/api/v1/runs/{id}", PDD_ROUTE_STORED, pdd_api_get_run, {NULL}},
	{"PATCH", "/api/v1/runs/{id}", PDD_ROUTE_EDIT, pdd_api_edit_run, {NULL},
	 PDD_SCOPE_TRIAGE},
	{"GET", "/api/v1/runs/{id}/log", PDD_ROUTE_VOLATILE, pdd_api_get_run_log, {NULL}},
	{"GET", "/api/v1/logs", PDD_ROUTE_STORED, pdd_api_list_logs,
	 {"outcome", "digest", "limit", "cursor"}},
	{"POST", "/api/v1/logs", PDD_ROUTE_UPLOAD, NULL,
	 {"lab", "project", "suite", "branch", "revision", "build", "url", "name", "started_at",
	  "parser"},
	 PDD_SCOPE_INGEST},
	{"GET", "/api/v1/logs/{id}", PDD_ROUTE_STORED, pdd_api_get_log, {NULL}},
	{"GET", "/api/v1/logs/{id}/raw", PDD_ROUTE_VOLATILE, pdd_api_get_raw_log, {NULL}},
	{"POST", "/api/v1/logs/{id}/reparse", PDD_ROUTE_EDIT, pdd_api_reparse_log, {"preview"},
	 PDD_SCOPE_INGEST},
	{"GET", "/api/v1/reparse", PDD_ROUTE_VOLATILE, pdd_api_get_reparse, {NULL}},
	{"POST", "/api/v1/reparse", PDD_ROUTE_EDIT, pdd_api_reparse_logs,
	 {"due", "source", "parser", "since", "preview"}, PDD_SCOPE_INGEST},
	{"DELETE", "/api/v1/reparse", PDD_ROUTE_EDIT, pdd_api_stop_reparse, {NULL},
	 PDD_SCOPE_INGEST},
	{"GET", "/api/v1/status", PDD_ROUTE_STORED, pdd_api_get_status, {NULL}},
	{"GET", "/api/v1/sources", PDD_ROUTE_VOLATILE, pdd_api_list_sources, {NULL}},
	{"POST", "/api/v1/sources/{name}/poll", PDD_ROUTE_EDIT, pdd_api_poll_source, {NULL},
	 PDD_SCOPE_INGEST},
	{"GET", "/api/v1/parsers", PDD_ROUTE_VOLATILE, pdd_api_list_parsers, {NULL}},
	{"GET", "/events", PDD_ROUTE_EVENTS, NULL, {NULL}},
	{"GET", "/healthz", PDD_ROUTE_IMMEDIATE, pdd_api_get_health, {NULL}},
	{"GET", "/readyz", PDD_ROUTE_IMMEDIATE, pdd_api_get_readiness, {NULL}},
	{"GET", "/metrics", PDD_ROUTE_VOLATILE, pdd_api_get_metrics, {NULL}},
};
/* clang-format on */

static gboolean
next_segment(const char **path, const char **segment, gsize *length)
{
	if (**path == '\0')
		return FALSE;
	*segment = *path + 1;
	*length = strcspn(*segment, "/");
	*path = *segment + *length;
	return TRUE;
}

static GStrv
match_path(const char *path, const char *const *segments)
{
	g_autoptr(GStrvBuilder) captures = g_strv_builder_new();
	const char *pattern;
	gsize length;
	for (; next_segment(&path, &pattern, &length); segments++) {
		if (*segments == NULL)
			return NULL;
		if (*pattern == '{' && **segments != '\0')
			g_strv_builder_add(captures, *segments);
		else if (strlen(*segments) != length || strncmp(pattern, *segments, length) != 0)
			return NULL;
	}
	return *segments == NULL ? g_strv_builder_end(captures) : NULL;
}

static void
add_allowed(GString *allowed, const char *method)
{
	if (allowed->len > 0)
		g_string_append(allowed, ", ");
	g_string_append(allowed, method);
	if (g_str_equal(method, "GET"))
		g_string_append(allowed, ", HEAD");
}

/* the route of a path given in decoded segments, and what its {words} stand for; when there is none
 * with this method, allow says which methods there are, or is NULL too */
const PddRoute *
pdd_router_match(const char *method, const char *const *segments, GStrv *captures, char **allow)
{
	g_autoptr(GString) allowed = g_string_new(NULL);
	const char *wanted = g_str_equal(method, "HEAD") ? "GET" : method;
	for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
		g_auto(GStrv) found = match_path(routes[i].path, segments);
		if (found == NULL)
			continue;
		if (g_str_equal(routes[i].method, wanted)) {
			*captures = g_steal_pointer(&found);
			return &routes[i];
		}
		add_allowed(allowed, routes[i].method);
	}
	*allow = allowed->len > 0 ? g_strdup(allowed->str) : NULL;
	return NULL;
}

const PddRoute *
pdd_router_get_routes(guint *n_routes)
{
	*n_routes = G_N_ELEMENTS(routes);
	return routes;
}
