/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "jmeter-samples.h"

/* without a byte order mark */
static const char *
get_text(GBytes *bytes, gsize *size)
{
	const char *text = g_bytes_get_data(bytes, size);
	if (*size < 3 || memcmp(text, "\xef\xbb\xbf", 3) != 0)
		return text;
	*size -= 3;
	return text + 3;
}

static gboolean
jmeter_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	gsize size;
	const char *text = get_text(log, &size);
	g_autoptr(JmeterSamples) samples = jmeter_samples_new();
	gboolean has_zone = TRUE;
	gboolean is_cut = FALSE;
	gboolean read = size > 0 && *text == '<'
				? jmeter_xml_read(text, size, samples, &is_cut, error)
				: jmeter_csv_read(text, size, samples, &has_zone, &is_cut, error);
	if (!read)
		return FALSE;
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(
			builder,
			"the log was cut off: its last sample is not whole");
	}
	jmeter_samples_end(samples, has_zone, builder);
	return TRUE;
}

static guint
jmeter_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	gsize size;
	const char *text = get_text(head, &size);
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
