/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* a server that logs are sent to */
typedef struct _PdcPush PdcPush;

typedef enum {
	PDC_PUSH_NEW,
	PDC_PUSH_KNOWN,   /* the server had it already */
	PDC_PUSH_REFUSED, /* this log is not taken */
	PDC_PUSH_STOPPED, /* nor is any other */
} PdcPushOutcome;

/* what a command is told of how to send */
typedef struct {
	char *token_file;
	gboolean insecure;
	int retry_for; /* seconds */
	int timeout;   /* likewise */
} PdcPushOptions;

/* query: what the server is told of each log; NULL after an error of usage */
PdcPush *
pdc_push_new(const char *server, const char *query, const PdcPushOptions *options, GError **error);
void
pdc_push_free(PdcPush *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdcPush, pdc_push_free)
/* reason: why it was not taken */
PdcPushOutcome
pdc_push_send(PdcPush *self, const char *path, char **reason);
G_END_DECLS
