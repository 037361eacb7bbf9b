/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-candidate.h"

G_BEGIN_DECLS

/* For each candidate whether one of its marks stands in the text, or it has none. All marks are
 * looked for in one pass: asking for each of hundreds would take longer than reading the log */
gboolean *
perfdash_marks_find(GPtrArray *candidates, const char *text, gsize size);

G_END_DECLS
