/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* what the lines of a log begin with */
typedef struct {
	gboolean iso_stamps;
	gboolean bare_stamps;
	gboolean dates;
	gboolean bracketed_clocks;
	gboolean clock_stamps;
	guint clock_blanks; /* behind a clock stamp: 1 or 2 */
	gboolean stages;
	gboolean containers;
	const char *attached; /* names of the containers, NULL when it is not said; of the log */
	gsize n_attached;     /* bytes */
} PerfdashLogPrefixes;

PerfdashLogPrefixes
perfdash_log_prefixes_find(const char *data, gsize size);
gboolean
perfdash_log_prefixes_has_any(const PerfdashLogPrefixes *self);
/* behind the prefixes of a line; stage and length: the branch or container that it is of, or 0 */
const char *
perfdash_log_prefixes_skip(const PerfdashLogPrefixes *self,
			   const char *p,
			   const char *end,
			   const char **stage,
			   gsize *length);
/* behind a sequence of a terminal such as a colour, or p when there is none */
const char *
perfdash_log_prefix_skip_escape(const char *p, const char *end);

G_END_DECLS
