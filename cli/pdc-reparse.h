/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <perfdash.h>

G_BEGIN_DECLS

/* what perfdash reparse is asked for; texts are NULL when they are not said */
typedef struct {
	char *store;
	char *server;
	char *token_file;
	gboolean insecure;
	gboolean is_preview;
	PerfdashDue due;
	char *source;
	char *parser;
	char *since;
	gint64 since_time; /* microseconds since 1970 UTC */
	char *format;
} PdcReparseOptions;

/* the report of a server when it is through, or NULL after complaining */
JsonNode *
pdc_reparse_ask_server(const PdcReparseOptions *options);

G_END_DECLS
