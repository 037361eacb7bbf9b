/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-answer.h"
#include "pdd-service.h"
#include "pdd-token.h"

G_BEGIN_DECLS

typedef struct _PddRequest PddRequest;

/* answers a request from what the service holds; runs in any thread and changes nothing, but for
 * PDD_ROUTE_EDIT */
typedef PddAnswer *(*PddHandler)(PddService *service, PddRequest *request, GError **error);

typedef enum {
	PDD_ROUTE_VOLATILE,  /* answered anew each time */
	PDD_ROUTE_IMMEDIATE, /* likewise, and at once: the handler never waits */
	PDD_ROUTE_STORED,    /* the answer changes only with the generation of the store */
	PDD_ROUTE_TIMED,     /* and with the running minute */
	PDD_ROUTE_EDIT,      /* changes what is stored, as a small body says */
	PDD_ROUTE_UPLOAD,
	PDD_ROUTE_EVENTS,
} PddRouteKind;

typedef struct {
	const char *method;
	const char *path; /* {word} stands for any one segment */
	PddRouteKind kind;
	PddHandler handler; /* nullable: of all but the last two kinds */
	const char *parameters[12];
	PddScope scope; /* what a token must have; of requests that change something */
} PddRoute;

const PddRoute *
pdd_router_match(const char *method, const char *const *segments, GStrv *captures, char **allow);
const PddRoute *
pdd_router_get_routes(guint *n_routes);

G_END_DECLS
