/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PddHosts PddHosts;

PddHosts *
pdd_hosts_new(void);
void
pdd_hosts_free(PddHosts *self);
GTimeSpan
pdd_hosts_enter(PddHosts *self,
		const char *host,
		guint most,
		GTimeSpan patience,
		GCancellable *cancellable);
void
pdd_hosts_leave(PddHosts *self, const char *host);
void
pdd_hosts_close(PddHosts *self, const char *host, GTimeSpan time);
GTimeSpan
pdd_hosts_get_wait(PddHosts *self, const char *host);

G_END_DECLS
