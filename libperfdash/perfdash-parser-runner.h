/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <gio/gio.h>
#include <perfdash-log.h>
#include <perfdash-parse-result.h>
#include <perfdash-parser-registry.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_PARSER_RUNNER (perfdash_parser_runner_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashParserRunner, perfdash_parser_runner, PERFDASH, PARSER_RUNNER, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashParserRunner *
perfdash_parser_runner_new(PerfdashParserRegistry *registry);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParserRegistry *
perfdash_parser_runner_get_registry(PerfdashParserRunner *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_parser_runner_set_timeout(PerfdashParserRunner *self, guint milliseconds);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_parser_runner_set_max_size(PerfdashParserRunner *self, guint64 max_size);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParseResult *
perfdash_parser_runner_parse(PerfdashParserRunner *self,
			     PerfdashLog *log,
			     const char *parser,
			     GCancellable *cancellable,
			     GError **error);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_parser_runner_parse_async(PerfdashParserRunner *self,
				   PerfdashLog *log,
				   const char *parser,
				   GCancellable *cancellable,
				   GAsyncReadyCallback callback,
				   gpointer user_data);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParseResult *
perfdash_parser_runner_parse_finish(PerfdashParserRunner *self,
				    GAsyncResult *result,
				    GError **error);

G_END_DECLS
