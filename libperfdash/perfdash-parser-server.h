/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* a worker that waits for work: see perfdash-worker-server.h. For one thread at a time */
typedef struct _PerfdashParserServer PerfdashParserServer;

PerfdashParserServer *
perfdash_parser_server_new(GError **error);
void
perfdash_parser_server_free(PerfdashParserServer *self);
/* FALSE when it had to be stopped, or was ended by somebody else */
gboolean
perfdash_parser_server_is_alive(PerfdashParserServer *self);
/* as perfdash_parser_process_run() */
GVariant *
perfdash_parser_server_run(PerfdashParserServer *self,
			   const char *const *arguments,
			   int input,
			   int output,
			   const char *answer_type,
			   guint timeout,
			   GCancellable *cancellable,
			   GError **error);

G_END_DECLS
