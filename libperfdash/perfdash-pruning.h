/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-archive.h>
#include <perfdash-store.h>

G_BEGIN_DECLS

/**
 * PerfdashPruning:
 * @n_logs: logs that were kept
 * @n_bytes: what they took on disk
 * @n_removed: those of them that are removed, or would be
 * @n_removed_bytes: what they took
 * @n_held: logs that would go, but an open change refers to them
 * @n_held_bytes: what they take
 * @is_more: whether more are to be removed than one call does
 *
 * What limits do to the logs that are kept.
 *
 * Since: 0.1
 */
typedef struct {
	guint64 n_logs;
	guint64 n_bytes;
	guint64 n_removed;
	guint64 n_removed_bytes;
	guint64 n_held;
	guint64 n_held_bytes;
	gboolean is_more;
} PerfdashPruning;

PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_pruning_run(PerfdashStore *store,
		     PerfdashArchive *archive,
		     guint64 quota,
		     GTimeSpan age,
		     gboolean dry_run,
		     PerfdashPruning *pruning,
		     GCancellable *cancellable,
		     GError **error);

G_END_DECLS
