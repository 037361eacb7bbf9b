/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-archive.h>
#include <perfdash-origin.h>
#include <perfdash-parser-runner.h>
#include <perfdash-selector.h>
#include <perfdash-store.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_PIPELINE (perfdash_pipeline_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashPipeline, perfdash_pipeline, PERFDASH, PIPELINE, GObject)

/**
 * PerfdashPipelineStep:
 * @PERFDASH_PIPELINE_KEEP: it is written to the archive, and is on disk
 * @PERFDASH_PIPELINE_PARSE: it is read
 * @PERFDASH_PIPELINE_STORE: what it says is stored, and is on disk
 *
 * What a log goes through.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_PIPELINE_KEEP,
	PERFDASH_PIPELINE_PARSE,
	PERFDASH_PIPELINE_STORE,
} PerfdashPipelineStep;

PERFDASH_AVAILABLE_IN_0_1
PerfdashPipeline *
perfdash_pipeline_new(PerfdashStore *store, PerfdashParserRunner *runner, PerfdashArchive *archive);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLogRecord *
perfdash_pipeline_ingest(PerfdashPipeline *self,
			 PerfdashLog *log,
			 PerfdashOrigin *origin,
			 PerfdashSelector *allowed,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_pipeline_ingest_async(PerfdashPipeline *self,
			       PerfdashLog *log,
			       PerfdashOrigin *origin,
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
			 const char *identity,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
guint64
perfdash_pipeline_get_spent(PerfdashPipeline *self, PerfdashPipelineStep step, gint64 *time);

G_END_DECLS
