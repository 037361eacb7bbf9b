/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <gio/gio.h>
#include <perfdash-run.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_PARSE_RESULT (perfdash_parse_result_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashParseResult, perfdash_parse_result, PERFDASH, PARSE_RESULT, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashParseResult *
perfdash_parse_result_new(const char *parser, const char *parser_version, GPtrArray *runs);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParseResult *
perfdash_parse_result_new_for_error(const char *parser,
				    const char *parser_version,
				    const GError *error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParseResult *
perfdash_parse_result_with_defaults(PerfdashParseResult *self, PerfdashRun *defaults);
PERFDASH_AVAILABLE_IN_0_1
PerfdashOutcome
perfdash_parse_result_get_outcome(PerfdashParseResult *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parse_result_get_parser(PerfdashParseResult *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parse_result_get_parser_version(PerfdashParseResult *self);
PERFDASH_AVAILABLE_IN_0_1
const GError *
perfdash_parse_result_get_error(PerfdashParseResult *self);
PERFDASH_AVAILABLE_IN_0_1
GStrv
perfdash_parse_result_dup_warnings(PerfdashParseResult *self);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_parse_result_get_runs(PerfdashParseResult *self);
PERFDASH_AVAILABLE_IN_0_1
const char *const *
perfdash_parse_result_get_explanation(PerfdashParseResult *self);

G_END_DECLS
