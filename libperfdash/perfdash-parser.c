/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-parser.h"

#include "perfdash-error.h"

G_DEFINE_ABSTRACT_TYPE(PerfdashParser, perfdash_parser, G_TYPE_OBJECT)

/**
 * perfdash_parser_probe:
 * @self: a #PerfdashParser
 * @name: file name of the log, without directory
 * @head: the first %PERFDASH_PARSER_HEAD_SIZE bytes of the log, or all of a shorter one
 *
 * Asks whether the parser can read the log. Content counts, the name is at most a hint: a wrong
 * claim is worse than none.
 *
 * Returns: how sure the parser is, 0 (no) to 100 (certain)
 *
 * Since: 0.1
 */
guint
perfdash_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER(self) && name != NULL && head != NULL, 0);
	PerfdashParserClass *klass = PERFDASH_PARSER_GET_CLASS(self);
	return klass->probe != NULL ? MIN(klass->probe(self, name, head), 100) : 0;
}

/**
 * perfdash_parser_parse:
 * @self: a #PerfdashParser
 * @name: file name of the log, without directory
 * @log: the whole log
 * @builder: takes what the log says
 * @error: return location for an error, or %NULL
 *
 * Reads a log. A log that is cut off is read for what it proves and the run marked
 * %PERFDASH_OUTCOME_PARTIAL; a log that proves nothing is an error that says where and why.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_BROKEN
 *
 * Since: 0.1
 */
gboolean
perfdash_parser_parse(PerfdashParser *self,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER(self) && name != NULL && log != NULL, FALSE);
	g_return_val_if_fail(PERFDASH_IS_RUN_BUILDER(builder), FALSE);
	PerfdashParserClass *klass = PERFDASH_PARSER_GET_CLASS(self);
	if (klass->parse == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BLOCKED,
			    "%s does not implement parse",
			    G_OBJECT_TYPE_NAME(self));
		return FALSE;
	}
	return klass->parse(self, name, log, builder, error);
}

static void
perfdash_parser_class_init(PerfdashParserClass *klass)
{
}

static void
perfdash_parser_init(PerfdashParser *self)
{
}
