/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "pdd-config.h"
#include "pdd-red-job.h"

G_BEGIN_DECLS

typedef struct {
	gboolean is_watching;
	gint64 last_read; /* microseconds since 1970 UTC, 0: never */
	guint64 n_logs;
	guint64 n_failed;
	char *error;       /* nullable */
	const char *cause; /* of the error, a word; nullable */
	gint64 last_poll;  /* microseconds since 1970 UTC, 0: never, or none of those that poll */
	gint64 next_poll;
	gint64 answered;    /* the last poll that went well, 0: never */
	guint n_failures;   /* polls that failed in a row */
	GTimeSpan usual;    /* time between results, 0: not known */
	gint64 due;         /* when results are due next, likewise */
	gint64 last_result; /* when the last one came, likewise */
	gboolean is_silent; /* none for three times the usual */
	gboolean is_unread; /* logs come, and no parser reads the last ones */
	double intervals;   /* how many of them have passed */
	GTimeSpan delay;    /* from a result being there to its log being stored, the median of the
			     * last; -1: not known */
} PddSourceStatus;

/* a log that could not be had */
typedef struct {
	char *item;
	char *message;
	guint n_tries;
	gint64 retry_at; /* microseconds since 1970 UTC, 0: never */
} PddSourceProblem;

void
pdd_source_status_clear(PddSourceStatus *status);
gboolean
pdd_source_status_blames(const PddSourceStatus *status, const PddRedJob *job);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PddSourceStatus, pdd_source_status_clear)

#define PDD_TYPE_SOURCE (pdd_source_get_type())

G_DECLARE_DERIVABLE_TYPE(PddSource, pdd_source, PDD, SOURCE, GObject)

/* only the kinds of source in this directory derive from it */
struct _PddSourceClass {
	GObjectClass parent_class;

	void (*start)(PddSource *self);
	void (*stop)(PddSource *self); /* returns when the source does nothing any more */

	/* both in a thread of the intake: gives an item that the source pushed, and what the source
	 * knows of it; takes note of what has become of it: record or error is NULL */
	PerfdashLog *(*open)(PddSource *self,
			     const char *item,
			     PerfdashOrigin **origin,
			     GCancellable *cancellable,
			     GError **error);
	void (*taken)(PddSource *self,
		      const char *item,
		      PerfdashLogRecord *record,
		      const GError *error);

	/* of those that poll: the next poll is due at once; adds at most n problems to an array */
	void (*poll_now)(PddSource *self);
	void (*list_problems)(PddSource *self, GPtrArray *problems, guint n);
	/* of a Jenkins; a reference to an array of PddRedJob */
	GPtrArray *(*ref_red_jobs)(PddSource *self);
};

const char *
pdd_source_get_name(PddSource *self);
PddSourceConfig *
pdd_source_get_config(PddSource *self);
void
pdd_source_get_status(PddSource *self, PddSourceStatus *status);
void
pdd_source_start(PddSource *self);
void
pdd_source_stop(PddSource *self);
gboolean
pdd_source_is_stopped(PddSource *self);
PerfdashLog *
pdd_source_open(PddSource *self,
		const char *item,
		PerfdashOrigin **origin,
		GCancellable *cancellable,
		GError **error);
void
pdd_source_taken(PddSource *self, const char *item, PerfdashLogRecord *record, const GError *error);
gboolean
pdd_source_poll_now(PddSource *self);
GPtrArray *
pdd_source_list_problems(PddSource *self, guint n);
GPtrArray *
pdd_source_ref_red_jobs(PddSource *self);

G_END_DECLS
