/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "taurus.h"

#include "reader-xml.h"

static guint
taurus_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	return reader_xml_has_root(head, "<FinalStatus>") ? 95 : 0;
}

static gboolean
taurus_parser_parse(PerfdashParser *self,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	if (taurus_parser_probe(self, name, log) > 0)
		return taurus_xml_read(log, builder, error);
	taurus_csv_read(log, builder);
	taurus_text_read(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(TaurusParser,
		       taurus_parser,
		       taurus_parser_probe,
		       taurus_parser_parse,
		       "taurus",
		       "2",
		       "Taurus, load by other tools: final-stats as XML and CSV, text output",
		       "*taurus*;*bzt*",
		       PERFDASH_PARSER_XML | PERFDASH_PARSER_CONSOLE,
		       "<FinalStatus>\n"
		       "label,avg_ct,avg_lt,avg_rt,\n"
		       "INFO: Samples count: \n"
		       "INFO: Request label stats:")
