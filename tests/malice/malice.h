/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <errno.h>
#include <perfdash.h>

/* what a module says that could do its harm: a result */
static inline gboolean
malice_done(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_add_result(builder, "harm", "done", "1", PERFDASH_DIRECTION_NONE, 1);
	return TRUE;
}

static inline gboolean
malice_refused(GError **error)
{
	int saved_errno = errno;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BROKEN,
		    "refused: %s",
		    g_strerror(saved_errno));
	return FALSE;
}

/* a module whose parser claims every log and does one bad thing with it */
#define MALICE(NAME, ACT)                                                                          \
	typedef struct {                                                                           \
		PerfdashParser parent_instance;                                                    \
	} MaliceParser;                                                                            \
	typedef struct {                                                                           \
		PerfdashParserClass parent_class;                                                  \
	} MaliceParserClass;                                                                       \
	static GType malice_parser_get_type(void);                                                 \
	G_DEFINE_TYPE(MaliceParser, malice_parser, PERFDASH_TYPE_PARSER)                           \
	static guint malice_probe(PerfdashParser *parser, const char *name, GBytes *head)          \
	{                                                                                          \
		return 100;                                                                        \
	}                                                                                          \
	static gboolean malice_parse(PerfdashParser *parser,                                       \
				     const char *name,                                             \
				     GBytes *log,                                                  \
				     PerfdashRunBuilder *builder,                                  \
				     GError **error)                                               \
	{                                                                                          \
		return ACT(builder, error);                                                        \
	}                                                                                          \
	static void malice_parser_class_init(MaliceParserClass *klass)                             \
	{                                                                                          \
		klass->parent_class.probe = malice_probe;                                          \
		klass->parent_class.parse = malice_parse;                                          \
	}                                                                                          \
	static void malice_parser_init(MaliceParser *self)                                         \
	{                                                                                          \
	}                                                                                          \
	PERFDASH_DEFINE_PARSER_MODULE(NAME,                                                        \
				      "1",                                                         \
				      "does harm",                                                 \
				      "",                                                          \
				      PERFDASH_PARSER_DOCUMENT,                                    \
				      NULL,                                                        \
				      malice_parser_get_type)
