/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-parse-result.h"

G_BEGIN_DECLS

void
perfdash_parse_result_take_explanation(PerfdashParseResult *self, GStrv explanation);

G_END_DECLS
