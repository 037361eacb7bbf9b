/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "pdd-config.h"

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
} PddSourceStatus;

void
pdd_source_status_clear(PddSourceStatus *status);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PddSourceStatus, pdd_source_status_clear)

#define PDD_TYPE_SOURCE (pdd_source_get_type())

G_DECLARE_DERIVABLE_TYPE(PddSource, pdd_source, PDD, SOURCE, GObject)

/* only the kinds of source in this directory derive from it */
struct _PddSourceClass {
	GObjectClass parent_class;

	void (*start)(PddSource *self);
	void (*stop)(PddSource *self); /* returns when the source does nothing any more */

	/* both in a thread of the intake: gives an item that the source pushed, and what the source
	 * knows of its run; takes note of what has become of it: record or error is NULL */
	PerfdashLog *(*open)(PddSource *self,
			     const char *item,
			     PerfdashRun **defaults,
			     GCancellable *cancellable,
			     GError **error);
	void (*taken)(PddSource *self,
		      const char *item,
		      PerfdashLogRecord *record,
		      const GError *error);
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
PerfdashLog *
pdd_source_open(PddSource *self,
		const char *item,
		PerfdashRun **defaults,
		GCancellable *cancellable,
		GError **error);
void
pdd_source_taken(PddSource *self, const char *item, PerfdashLogRecord *record, const GError *error);

G_END_DECLS
