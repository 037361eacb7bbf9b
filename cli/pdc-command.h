/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <perfdash.h>

G_BEGIN_DECLS

/* exit statuses */
enum {
	PDC_OK = 0,
	PDC_FAILED = 1,
	PDC_USAGE = 2,
};

/* each is given its own name and arguments and gives an exit status */
int
pdc_parse(int argc, char **argv);
int
pdc_ingest(int argc, char **argv);
int
pdc_parsers(int argc, char **argv);
int
pdc_series(int argc, char **argv);
int
pdc_points(int argc, char **argv);
int
pdc_runs(int argc, char **argv);
int
pdc_hide(int argc, char **argv);
int
pdc_show(int argc, char **argv);
int
pdc_analyze(int argc, char **argv);
int
pdc_changes(int argc, char **argv);
int
pdc_compare(int argc, char **argv);
int
pdc_budget(int argc, char **argv);
int
pdc_prune(int argc, char **argv);
int
pdc_reparse(int argc, char **argv);
int
pdc_rebuild(int argc, char **argv);
int
pdc_sources(int argc, char **argv);
int
pdc_token(int argc, char **argv);

/* "perfdash: message" on standard error */
void
pdc_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* parses options; what is left stays in argv. FALSE after complaining */
gboolean
pdc_read_options(int *argc,
		 char ***argv,
		 const GOptionEntry *entries,
		 const char *arguments,
		 const char *summary);
/* a URI, or the directory of a store; NULL means $PERFDASH_STORE; NULL after complaining */
PerfdashStore *
pdc_open_store(const char *place, PerfdashStoreFlags flags);
char *
pdc_store_directory(const char *place);
/* the archive beside a store that was opened */
GFile *
pdc_find_logs(const char *place);

G_END_DECLS
