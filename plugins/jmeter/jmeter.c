/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jmeter-csv.h"
#include "jmeter-xml.h"

static void
warn(const JmeterRemarks *remarks, PerfdashRunBuilder *builder)
{
	if (remarks->is_cut || remarks->n_bad > 0)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	if (remarks->is_cut)
		perfdash_run_builder_add_warning(
			builder,
			"the log was cut off: its last sample is not whole");
	if (remarks->n_bad > 0)
		perfdash_run_builder_add_warning(builder,
						 "%" G_GUINT64_FORMAT
						 " rows are no samples, the first in line %u",
						 remarks->n_bad,
						 remarks->first_bad);
}

static gboolean
jmeter_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_autoptr(JmeterSamples) samples = jmeter_samples_new();
	JmeterRemarks remarks = {.has_zone = TRUE};
	gboolean read = size > 0 && *text == '<'
				? jmeter_xml_read(text, size, samples, &remarks.is_cut, error)
				: jmeter_csv_read(text, size, samples, &remarks, error);
	if (!read)
		return FALSE;
	warn(&remarks, builder);
	jmeter_samples_end(samples, remarks.has_zone, builder);
	return TRUE;
}

static guint
jmeter_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	gsize size;
	const char *text = g_bytes_get_data(head, &size);
	if (size == 0)
		return 0;
	if (*text == '<')
		return jmeter_xml_is(text, size) ? 95 : 0;
	return jmeter_csv_is(text, size) ? 90 : 0;
}

PERFDASH_DEFINE_PARSER(JmeterParser,
		       jmeter_parser,
		       jmeter_parser_probe,
		       jmeter_parser_parse,
		       "jmeter",
		       "1",
		       "JMeter: JTL as CSV or XML",
		       "*.jtl",
		       PERFDASH_PARSER_DOCUMENT,
		       NULL)
