/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-request.h"

G_BEGIN_DECLS

/* the handlers of the routes, in the order of docs/api.md */
PddAnswer *
pdd_api_list_labels(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_label_values(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_series(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_series(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_points(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_compare(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_budgets(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_budget(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_trend(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_changes(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_change_groups(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_change(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_edit_change(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_edit_changes(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_runs(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_run(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_edit_run(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_edit_runs(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_run_log(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_logs(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_log(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_raw_log(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_reparse_log(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_reparse_logs(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_reparse(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_stop_reparse(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_status(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_sources(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_poll_source(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_list_parsers(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_health(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_readiness(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_get_metrics(PddService *service, PddRequest *request, GError **error);

/* what two of them share */
PerfdashLogRecord *
pdd_api_load_log(PddService *service, PddRequest *request, GError **error);
PddAnswer *
pdd_api_answer_gone(PddRequest *request, PerfdashLogRecord *log);
PddAnswer *
pdd_api_open_log(PddService *service, PddRequest *request, PerfdashLogRecord *log, GError **error);
gboolean
pdd_api_read_run_id(PddRequest *request, gint64 *id, GError **error);

/* that a request or an answer names at a time */
#define PDD_MAX_IDS 1000

/* perfdash_store_list_changes() or perfdash_store_list_change_groups() */
typedef GPtrArray *(*PddListChanges)(PerfdashStore *store,
				     PerfdashSelector *selector,
				     const char *state,
				     const char *kind,
				     gint64 since,
				     GError **error);

GPtrArray *
pdd_api_list_chosen(PddService *service, PddRequest *request, PddListChanges list, GError **error);

G_END_DECLS
