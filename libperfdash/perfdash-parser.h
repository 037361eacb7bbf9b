/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-run-builder.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_PARSER (perfdash_parser_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE(PerfdashParser, perfdash_parser, PERFDASH, PARSER, GObject)

/**
 * PERFDASH_PARSER_HEAD_SIZE:
 *
 * How many bytes of a log a parser is shown when it is asked whether it can read the log.
 */
#define PERFDASH_PARSER_HEAD_SIZE 65536

/**
 * PerfdashParserClass:
 * @probe: says how sure the parser is that it can read the log, 0 (no) to 100 (certain)
 * @parse: reads the log into the builder
 *
 * What a parser implements.
 *
 * Since: 0.1
 */
struct _PerfdashParserClass {
	GObjectClass parent_class;

	guint (*probe)(PerfdashParser *self, const char *name, GBytes *head);
	gboolean (*parse)(PerfdashParser *self,
			  const char *name,
			  GBytes *log,
			  PerfdashRunBuilder *builder,
			  GError **error);

	/*< private >*/
	gpointer reserved[8];
};

PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_parser_probe(PerfdashParser *self, const char *name, GBytes *head);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_parser_parse(PerfdashParser *self,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error);

G_END_DECLS
