/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-parse-result.h"

G_BEGIN_DECLS

void
perfdash_parse_result_take_explanation(PerfdashParseResult *self, GStrv explanation);
/* the runs that a store keeps: those that are whole or partial and have results */
GPtrArray *
perfdash_parse_result_list_records(PerfdashParseResult *self);

G_END_DECLS
