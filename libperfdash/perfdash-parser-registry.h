/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-parser.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_PARSER_INFO (perfdash_parser_info_get_type())

typedef struct _PerfdashParserInfo PerfdashParserInfo;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_parser_info_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashParserInfo *
perfdash_parser_info_ref(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_parser_info_unref(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parser_info_get_name(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parser_info_get_version(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parser_info_get_description(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *const *
perfdash_parser_info_get_globs(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parser_info_get_path(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parser_info_get_kind(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
GStrv
perfdash_parser_info_dup_places(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
GStrv
perfdash_parser_info_dup_marks(PerfdashParserInfo *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_parser_info_get_blocked(PerfdashParserInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashParserInfo, perfdash_parser_info_unref)

#define PERFDASH_TYPE_PARSER_REGISTRY (perfdash_parser_registry_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashParserRegistry,
		     perfdash_parser_registry,
		     PERFDASH,
		     PARSER_REGISTRY,
		     GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashParserRegistry *
perfdash_parser_registry_new(const char *search_path, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_parser_registry_list(PerfdashParserRegistry *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParserInfo *
perfdash_parser_registry_lookup(PerfdashParserRegistry *self, const char *name);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_parser_registry_add(PerfdashParserRegistry *self,
			     const char *name,
			     PerfdashParser *parser);
PERFDASH_AVAILABLE_IN_0_1
PerfdashParserInfo *
perfdash_parser_registry_add_file(PerfdashParserRegistry *self, const char *path, GError **error);

G_END_DECLS
