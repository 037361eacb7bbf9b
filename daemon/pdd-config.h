/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-config-budget.h"
#include "pdd-config-source.h"

G_BEGIN_DECLS

typedef enum {
	PDD_AUTH_BY_USE, /* see pdd-auth.c */
	PDD_AUTH_OPEN,
	PDD_AUTH_TOKENS,
} PddAuth;

typedef struct {
	char *address; /* an IP address */
	guint16 port;
	char *data_dir;
	char *title;
	char *notice;      /* shown on every page, maybe "" */
	char *parser_path; /* nullable: where the library looks */
	char *worker;      /* nullable: the program the library starts */
	GStrv hostnames;   /* nullable */
	guint64 max_log_size;
	guint64 cache_size;
	guint64 logs_quota;  /* bytes, 0: none */
	GTimeSpan logs_age;  /* 0: none */
	guint parse_timeout; /* milliseconds */
	GTimeSpan new_for;   /* how old a change may be to be new */
	GPtrArray *controls; /* of PerfdashSelector: series that code cannot move */
	gboolean no_sandbox;
	PddAuth auth;
	GPtrArray *sources; /* of PddSourceConfig */
	GPtrArray *budgets; /* of PddBudgetConfig */
} PddConfig;

PddConfig *
pdd_config_load(const char *path, GPtrArray *errors);
void
pdd_config_free(PddConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddConfig, pdd_config_free)

G_END_DECLS
