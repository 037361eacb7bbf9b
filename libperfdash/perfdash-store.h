/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <gio/gio.h>
#include <perfdash-cause.h>
#include <perfdash-change-edit.h>
#include <perfdash-change-event.h>
#include <perfdash-change-group.h>
#include <perfdash-change.h>
#include <perfdash-lab.h>
#include <perfdash-log-record.h>
#include <perfdash-log.h>
#include <perfdash-origin.h>
#include <perfdash-parse-result.h>
#include <perfdash-rereading.h>
#include <perfdash-run.h>
#include <perfdash-selector.h>
#include <perfdash-series.h>
#include <perfdash-source-day.h>
#include <perfdash-summary.h>

G_BEGIN_DECLS

/**
 * PerfdashStoreFlags:
 * @PERFDASH_STORE_FLAGS_NONE: read and write, create what is missing
 * @PERFDASH_STORE_FLAGS_READ_ONLY: read what is there
 *
 * How a store is opened.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_STORE_FLAGS_NONE = 0,
	PERFDASH_STORE_FLAGS_READ_ONLY = 1 << 0,
} PerfdashStoreFlags;

#define PERFDASH_TYPE_STORE_FLAGS (perfdash_store_flags_get_type())
PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_store_flags_get_type(void) G_GNUC_CONST;

/**
 * PERFDASH_NEW_FOR:
 *
 * How old a change may be to be new when it is found, in microseconds, when nobody says otherwise.
 *
 * Since: 0.1
 */
#define PERFDASH_NEW_FOR (14 * G_TIME_SPAN_DAY)

/**
 * PerfdashTotals:
 * @series: number of series
 * @runs: number of runs, hidden ones too, without those that others took the place of
 * @results: number of results of these runs; the percentiles of a result are parts of it
 * @last_result: start of the newest run in microseconds since 1970 UTC, or 0
 *
 * How much a store holds.
 *
 * Since: 0.1
 */
typedef struct {
	guint64 series;
	guint64 runs;
	guint64 results;
	gint64 last_result;
} PerfdashTotals;

#define PERFDASH_TYPE_STORE (perfdash_store_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE(PerfdashStore, perfdash_store, PERFDASH, STORE, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashStore *
perfdash_store_open(const char *uri, PerfdashStoreFlags flags, GError **error);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_store_get_uri(PerfdashStore *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_store_get_uuid(PerfdashStore *self);
PERFDASH_AVAILABLE_IN_0_1
guint64
perfdash_store_get_generation(PerfdashStore *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_store_get_totals(PerfdashStore *self, PerfdashTotals *totals);

PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_store_add_log(PerfdashStore *self,
		       PerfdashLog *log,
		       PerfdashOrigin *origin,
		       PerfdashParseResult *parsed,
		       GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_replace_logs(PerfdashStore *self, GPtrArray *rereadings, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_flush(PerfdashStore *self, GError **error);

PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_rebuild(PerfdashStore *self, GError **error);

PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_store_find_log(PerfdashStore *self,
			const char *digest,
			const char *origin,
			GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_store_load_log(PerfdashStore *self, gint64 log, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_logs(PerfdashStore *self,
			 const char *outcome,
			 const char *digest,
			 gint64 before,
			 guint limit,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_failed_logs(PerfdashStore *self,
				const char *source,
				guint limit,
				GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_source_days(PerfdashStore *self, gint64 since, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_labs(PerfdashStore *self, gint64 since, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashRun *
perfdash_store_load_run(PerfdashStore *self, gint64 run, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_runs(PerfdashStore *self,
			 PerfdashSelector *selector,
			 const char *standing,
			 gint64 before,
			 guint limit,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_hide_runs(PerfdashStore *self,
			 const gint64 *ids,
			 gsize n_ids,
			 const char *reason,
			 const char *who,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_show_runs(PerfdashStore *self,
			 const gint64 *ids,
			 gsize n_ids,
			 const char *who,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_hidden_runs(PerfdashStore *self, const char *series, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_run_events(PerfdashStore *self, gint64 run, GError **error);

PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_series(PerfdashStore *self, PerfdashSelector *selector, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSeries *
perfdash_store_load_series(PerfdashStore *self, const char *id, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSummary *
perfdash_store_load_summary(PerfdashStore *self, const char *id, GError **error);

PERFDASH_AVAILABLE_IN_0_1
void
perfdash_store_set_controls(PerfdashStore *self, GPtrArray *selectors);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_find_changes(PerfdashStore *self,
			    gint64 new_since,
			    GCancellable *cancellable,
			    GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_changes(PerfdashStore *self,
			    PerfdashSelector *selector,
			    const char *state,
			    const char *kind,
			    gint64 since,
			    GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_change_groups(PerfdashStore *self,
				  PerfdashSelector *selector,
				  const char *state,
				  const char *kind,
				  gint64 since,
				  GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_series_changes(PerfdashStore *self, const char *id, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_active_series(PerfdashStore *self, gint64 from, gint64 to, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_find_open_change(PerfdashStore *self,
				PerfdashSummary *summary,
				PerfdashChange **change,
				GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChange *
perfdash_store_load_change(PerfdashStore *self, gint64 id, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_causes(PerfdashStore *self, PerfdashChange *change, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_store_list_change_events(PerfdashStore *self, gint64 id, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_update_change(PerfdashStore *self,
			     gint64 id,
			     PerfdashChangeEdit *edit,
			     GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_store_update_changes(PerfdashStore *self,
			      const gint64 *ids,
			      gsize n_ids,
			      PerfdashChangeEdit *edit,
			      GError **error);

G_END_DECLS
