/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-store.h"
#include "perfdash-succession.h"

G_BEGIN_DECLS

#define PERFDASH_STORE_REMOVED_TOGETHER 200

/* every function may be called from any thread; add_log, flush and rebuild wait for the writer
 * thread */
struct _PerfdashStoreClass {
	GObjectClass parent_class;

	const char *(*get_uuid)(PerfdashStore *self);
	guint64 (*get_generation)(PerfdashStore *self);
	void (*get_totals)(PerfdashStore *self, PerfdashTotals *totals);
	PerfdashLogRecord *(*add_log)(PerfdashStore *self,
				      PerfdashLog *log,
				      PerfdashOrigin *origin,
				      PerfdashParseResult *parsed,
				      GError **error);
	/* of those at a place of a source the one that came last */
	PerfdashLogRecord *(*find_log_at)(PerfdashStore *self,
					  const char *source,
					  const char *place,
					  GError **error);
	/* a log that is there comes at another place */
	PerfdashLogRecord *(*place_log)(PerfdashStore *self,
					PerfdashLogRecord *log,
					PerfdashOrigin *origin,
					GError **error);
	/* adds a log, or one that is there again, in the place of former */
	PerfdashLogRecord *(*succeed_log)(PerfdashStore *self,
					  PerfdashLogRecord *former,
					  PerfdashSuccession succession,
					  PerfdashLog *log,
					  PerfdashOrigin *origin,
					  PerfdashParseResult *parsed,
					  GError **error);
	/* adds a log, and leaves there what lies at its place: that came later, or says more */
	PerfdashLogRecord *(*precede_log)(PerfdashStore *self,
					  PerfdashLogRecord *successor,
					  PerfdashSuccession succession,
					  PerfdashLog *log,
					  PerfdashOrigin *origin,
					  PerfdashParseResult *parsed,
					  GError **error);
	gboolean (*replace_logs)(PerfdashStore *self, GPtrArray *rereadings, GError **error);
	gboolean (*flush)(PerfdashStore *self, GError **error);
	gboolean (*rebuild)(PerfdashStore *self, GError **error);
	PerfdashLogRecord *(*find_log)(PerfdashStore *self,
				       const char *digest,
				       const char *origin,
				       GError **error);
	PerfdashLogRecord *(*load_log)(PerfdashStore *self, gint64 log, GError **error);
	GPtrArray *(*list_logs)(PerfdashStore *self,
				const char *outcome,
				const char *digest,
				gint64 before,
				guint limit,
				GError **error);
	GPtrArray *(*list_failed_logs)(PerfdashStore *self,
				       const char *source,
				       guint limit,
				       GError **error);
	GPtrArray *(*list_source_days)(PerfdashStore *self, gint64 since, GError **error);
	GPtrArray *(*list_labs)(PerfdashStore *self, gint64 since, GError **error);
	/* oldest first: those with a greater id whose bytes are kept */
	GPtrArray *(*list_kept_logs)(PerfdashStore *self,
				     gint64 after,
				     guint limit,
				     GError **error);
	/* those whose bytes were removed last */
	GPtrArray *(*list_removed_logs)(PerfdashStore *self, guint limit, GError **error);
	/* a set of the ids of those with runs that an open change refers to */
	GHashTable *(*list_held_logs)(PerfdashStore *self, GError **error);
	/* up to PERFDASH_STORE_REMOVED_TOGETHER of PerfdashLogRecord */
	gboolean (*mark_logs_removed)(PerfdashStore *self,
				      GPtrArray *logs,
				      const char *reason,
				      GError **error);
	PerfdashRun *(*load_run)(PerfdashStore *self, gint64 run, GError **error);
	GPtrArray *(*list_runs)(PerfdashStore *self,
				PerfdashSelector *selector,
				const char *standing,
				gint64 before,
				guint limit,
				GError **error);
	GPtrArray *(*list_hidden_runs)(PerfdashStore *self, const char *series, GError **error);
	GPtrArray *(*list_run_events)(PerfdashStore *self, gint64 run, GError **error);
	gboolean (*set_standing)(PerfdashStore *self,
				 const gint64 *ids,
				 gsize n_ids,
				 PerfdashStanding standing,
				 const char *reason,
				 const char *who,
				 GError **error);
	GPtrArray *(*list_series)(PerfdashStore *self, PerfdashSelector *selector, GError **error);
	PerfdashSeries *(*load_series)(PerfdashStore *self, const char *id, GError **error);
	PerfdashSummary *(*load_summary)(PerfdashStore *self, const char *id, GError **error);
	/* of one series, oldest first, or of all, newest first */
	GPtrArray *(*list_changes)(PerfdashStore *self, const char *series, GError **error);
	/* of PerfdashDayChange: those that are found and whose run started on a UTC day; and how
	 * many series have results of it */
	GArray *(*list_day_changes)(PerfdashStore *self,
				    gint64 day,
				    guint *n_series,
				    GError **error);
	GPtrArray *(*list_active_series)(PerfdashStore *self,
					 gint64 from,
					 gint64 to,
					 GError **error);
	PerfdashChange *(*load_change)(PerfdashStore *self, gint64 id, GError **error);
	GPtrArray *(*list_change_events)(PerfdashStore *self, gint64 id, GError **error);
	gboolean (*update_changes)(PerfdashStore *self,
				   const gint64 *ids,
				   gsize n_ids,
				   PerfdashChangeEdit *edit,
				   GError **error);
	gboolean (*find_changes)(PerfdashStore *self,
				 gint64 new_since,
				 GCancellable *cancellable,
				 GError **error);
};

/* emits "changed"; series holds the ids of the series that have new results */
void
perfdash_store_emit_changed(PerfdashStore *self, guint64 generation, const char *const *series);
/* whether code cannot move a series */
gboolean
perfdash_store_is_control(PerfdashStore *self, PerfdashSeriesInfo *info);

G_END_DECLS
