/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-archive.h>
#include <perfdash-parser-runner.h>
#include <perfdash-selector.h>
#include <perfdash-store.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_PIPELINE (perfdash_pipeline_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashPipeline, perfdash_pipeline, PERFDASH, PIPELINE, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashPipeline *
perfdash_pipeline_new(PerfdashStore *store, PerfdashParserRunner *runner, PerfdashArchive *archive);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_pipeline_ingest(PerfdashPipeline *self,
			 PerfdashLog *log,
			 const char *source,
			 const char *parser,
			 PerfdashRun *defaults,
			 PerfdashSelector *allowed,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_pipeline_ingest_async(PerfdashPipeline *self,
			       PerfdashLog *log,
			       const char *source,
			       const char *parser,
			       PerfdashRun *defaults,
			       PerfdashSelector *allowed,
			       GCancellable *cancellable,
			       GAsyncReadyCallback callback,
			       gpointer user_data);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_pipeline_ingest_finish(PerfdashPipeline *self,
				GAsyncResult *result,
				gboolean *is_new,
				GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_pipeline_resume(PerfdashPipeline *self,
			 const char *digest,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error);

G_END_DECLS
