/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-analyst.h"
#include "pdd-budget.h"
#include "pdd-config.h"
#include "pdd-hosts.h"
#include "pdd-intake.h"
#include "pdd-keeper.h"
#include "pdd-labs.h"
#include "pdd-metrics.h"
#include "pdd-reparsing.h"
#include "pdd-room.h"

G_BEGIN_DECLS

typedef struct _PddParserSearch PddParserSearch;

/* what requests are answered from; may be read from any thread */
typedef struct {
	PddConfig *config;
	PerfdashStore *store;
	PerfdashArchive *archive;
	PerfdashCache *answers; /* of PddAnswer; the version is the generation of the store */
	PddMetrics *metrics;
	PddAnalyst *analyst;
	PddKeeper *keeper;
	PddHosts *hosts; /* that sources ask */
	PddRoom *room;   /* for logs that they fetch */
	PddLabs *labs;
	GPtrArray *sources; /* of PddSource; see pdd_service_ref_sources() */
	GPtrArray *budgets; /* of PddBudget; see pdd_service_ref_budgets() */
	GPtrArray *retired; /* of PddConfig: of sources that may be at work still */
	GMutex lock;        /* of sources and budgets */
	gint n_reloads;     /* atomic */
	PddParserSearch *search;

	gint is_ready; /* atomic; what follows is there only when it is TRUE */
	PerfdashParserRegistry *registry;
	PerfdashPipeline *pipeline;
	PddIntake *intake;
	PddReparsing *reparsing;
} PddService;

/* the service cannot work; called in the main context */
typedef void (*PddServiceFailed)(const GError *error, gpointer user_data);

PddService *
pdd_service_new(PddConfig *config, GError **error);
void
pdd_service_start(PddService *self, PddServiceFailed failed, gpointer user_data);
gboolean
pdd_service_is_ready(PddService *self);
GPtrArray *
pdd_service_ref_sources(PddService *self);
GPtrArray *
pdd_service_ref_budgets(PddService *self);
void
pdd_service_reload(PddService *self, PddConfig *config);
void
pdd_service_stop(PddService *self);
void
pdd_service_free(PddService *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddService, pdd_service_free)

G_END_DECLS
