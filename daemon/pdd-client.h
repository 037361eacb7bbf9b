/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <perfdash.h>

#include "pdd-config.h"
#include "pdd-hosts.h"
#include "pdd-metrics.h"

G_BEGIN_DECLS

/* why a request gave nothing */
typedef enum {
	PDD_CLIENT_ERROR_UNREACHABLE, /* no answer, or one that was cut */
	PDD_CLIENT_ERROR_REFUSED,     /* the credentials do not do */
	PDD_CLIENT_ERROR_GONE,        /* there is nothing there */
	PDD_CLIENT_ERROR_BUSY,        /* it wants to be asked later */
	PDD_CLIENT_ERROR_BROKEN,      /* the answer is not what it should be */
} PddClientError;

#define PDD_CLIENT_ERROR (pdd_client_error_quark())

GQuark
pdd_client_error_quark(void);
const char *
pdd_client_error_get_cause(const GError *error);

/* what lets a server say that nothing has changed; all zero at first */
typedef struct {
	char *etag;
	char *last_modified;
} PddValidators;

void
pdd_validators_clear(PddValidators *validators);

typedef struct _PddClient PddClient;

PddClient *
pdd_client_new(PddHosts *hosts, PddMetrics *metrics, const PddSourceConfig *config, GError **error);
void
pdd_client_free(PddClient *self);
JsonNode *
pdd_client_get_json(PddClient *self,
		    const char *url,
		    PddValidators *validators,
		    gboolean *is_unchanged,
		    GCancellable *cancellable,
		    GError **error);
JsonNode *
pdd_client_post_json(PddClient *self,
		     const char *url,
		     const char *body,
		     GCancellable *cancellable,
		     GError **error);
PerfdashLog *
pdd_client_get_log(PddClient *self,
		   const char *url,
		   const char *name,
		   guint64 size,
		   guint64 max_size,
		   GCancellable *cancellable,
		   GError **error);
GTimeSpan
pdd_client_get_wait(PddClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddClient, pdd_client_free)

G_END_DECLS
