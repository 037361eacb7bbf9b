/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdc-command.h"

G_BEGIN_DECLS

/* what commands that read a store are asked: of which store, which series and runs, how many, in
 * what form */
typedef struct {
	char *store;
	char *format;
	GStrv matches;
	char *words;
	int limit;          /* set before options are read; 0 when the command has no such option */
	gboolean has_times; /* set before options are read: whether it has --since and --until */
	char *since_text;
	char *until_text;
	gint64 since; /* microseconds since 1970 UTC, included */
	gint64 until; /* not included */
} PdcChoice;

void
pdc_choice_clear(PdcChoice *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdcChoice, pdc_choice_clear)
/* others: the command's own options, or NULL. FALSE after complaining */
gboolean
pdc_choice_read(PdcChoice *self,
		int *argc,
		char ***argv,
		const GOptionEntry *others,
		const char *arguments,
		const char *summary);
PerfdashSelector *
pdc_choice_get_selector(const PdcChoice *self, GError **error);
/* whether a run of that time is asked for */
gboolean
pdc_choice_has_time(const PdcChoice *self, gint64 time);
/* the results of the runs that are asked for */
PerfdashSeries *
pdc_choice_load_series(const PdcChoice *self, PerfdashStore *store, const char *id, GError **error);
/* an exit status */
int
pdc_choice_complain(const GError *error);

G_END_DECLS
