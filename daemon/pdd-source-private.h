/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-cadence.h"
#include "pdd-retries.h"
#include "pdd-seen.h"
#include "pdd-source.h"

G_BEGIN_DECLS

/* for the kinds of source */
void
pdd_source_set_config(PddSource *self, PddSourceConfig *config);
void
pdd_source_set_state(PddSource *self, gboolean is_watching, const char *error);
void
pdd_source_publish_logs(PddSource *self,
			PddSeen *seen,
			PddRetries *retries,
			gboolean is_watching,
			const char *error);
gboolean
pdd_source_is_final(const GError *error);

void
pdd_source_set_poll(PddSource *self, const PddSourceStatus *poll);

/* what is learned of when results come lives as long as the data directory */
PddCadence *
pdd_source_load_cadence(PddSource *self, const char *data_dir);
void
pdd_source_save_cadence(PddSource *self, const char *data_dir, const char *text);
void
pdd_source_describe_habit(PddCadence *cadence, PddSourceStatus *status);
const char *
pdd_source_choose_cause(const PddSourceStatus *status, GPtrArray *red_jobs);

void
pdd_source_publish_scan(PddSource *self, PddCadence *cadence, guint n_failures, PddSeen *seen);

PerfdashRunBuilder *
pdd_source_begin_run(PddSource *self);
PerfdashOrigin *
pdd_source_make_origin(PddSource *self,
		       PerfdashRunBuilder *builder,
		       const char *place,
		       const char *url,
		       gint64 written_at,
		       GError **error);
char *
pdd_source_build_path(PddSource *self, const char *data_dir, const char *suffix);

G_END_DECLS
