/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-run.h"

G_BEGIN_DECLS

/* what is known of a log besides its bytes */
typedef struct {
	char *name;
	char *source;
	char *parser;          /* nullable */
	PerfdashRun *defaults; /* nullable */
} PerfdashAcceptance;

GBytes *
perfdash_acceptance_pack(const char *name,
			 const char *source,
			 const char *parser,
			 PerfdashRun *defaults);
PerfdashAcceptance *
perfdash_acceptance_unpack(GBytes *bytes, GError **error);
void
perfdash_acceptance_free(PerfdashAcceptance *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashAcceptance, perfdash_acceptance_free)

G_END_DECLS
