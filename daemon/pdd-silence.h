/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-service.h"

G_BEGIN_DECLS

/* sources, labs and jobs of which no results come for one cause */
typedef struct {
	const char *cause;
	char *place;        /* that the sources share: a host, or a directory */
	GPtrArray *sources; /* names */
	GPtrArray *silent;  /* likewise, those of them that are */
	GPtrArray *labs;    /* likewise, that are silent */
	GPtrArray *jobs;    /* of PddRedJob */
	gboolean is_silent; /* longer than usual; else it goes wrong just now */
	gint64 since;       /* when the last result came, or the last poll went well; microseconds
			     * since 1970 UTC, 0: not known */
	GTimeSpan usual;    /* between results of the one that is silent, 0: not known */
	double intervals;   /* at least so many have passed */
} PddSilence;

GPtrArray *
pdd_silence_list(PddService *service, GError **error);
char *
pdd_silence_describe(const PddSilence *self);

G_END_DECLS
