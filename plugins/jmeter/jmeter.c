/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JMeter writes its samples as CSV or XML (a JTL), what they sum up to on the console and into
 * jmeter.log, and once more for each label into its report. */

#include <string.h>

#include "jmeter-console.h"
#include "jmeter-csv.h"
#include "jmeter-dashboard.h"
#include "jmeter-xml.h"
#include "reader-json.h"

typedef enum {
	FORMAT_CONSOLE,
	FORMAT_CSV,
	FORMAT_DASHBOARD,
	FORMAT_XML,
} Format;

static Format
find_format(GBytes *bytes)
{
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	gsize head = MIN(size, PERFDASH_PARSER_HEAD_SIZE);
	gsize blanks = 0;
	while (blanks < head && g_ascii_isspace(text[blanks]))
		blanks++;
	if (blanks < head && text[blanks] == '<')
		return jmeter_xml_is(text, head) ? FORMAT_XML : FORMAT_CONSOLE;
	if (blanks < head && text[blanks] == '{')
		return jmeter_dashboard_is(text + blanks, head - blanks) ? FORMAT_DASHBOARD
									 : FORMAT_CONSOLE;
	return jmeter_csv_is(text, head) ? FORMAT_CSV : FORMAT_CONSOLE;
}

typedef gboolean (*JtlReader)(const char *text,
			      gsize size,
			      JmeterSamples *samples,
			      JmeterRemarks *remarks,
			      GError **error);

static gboolean
read_jtl(JtlReader reader,
	 const char *text,
	 gsize size,
	 PerfdashRunBuilder *builder,
	 GError **error)
{
	g_autoptr(JmeterSamples) samples = jmeter_samples_new();
	JmeterRemarks remarks;
	if (!reader(text, size, samples, &remarks, error))
		return FALSE;
	jmeter_remarks_add(&remarks, 1, builder);
	if (remarks.rest > 0) {
		perfdash_run_builder_set_rest(builder, remarks.rest);
		perfdash_run_builder_set_line(builder, 1);
	}
	jmeter_samples_end(samples, remarks.has_zone, builder);
	return TRUE;
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
	switch (find_format(log)) {
	case FORMAT_CSV:
		return read_jtl(jmeter_csv_read, text, size, builder, error);
	case FORMAT_XML:
		return read_jtl(jmeter_xml_read, text, size, builder, error);
	case FORMAT_DASHBOARD:
		if (reader_json_is_document(text, size))
			return jmeter_dashboard_read(text, size, builder, error);
		break;
	case FORMAT_CONSOLE:
		break;
	}
	jmeter_console_read(log, builder);
	return TRUE;
}

static guint
jmeter_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return find_format(head) != FORMAT_CONSOLE ? 95 : 0;
}

PERFDASH_DEFINE_PARSER(
	JmeterParser,
	jmeter_parser,
	jmeter_parser_probe,
	jmeter_parser_parse,
	"jmeter",
	"4",
	"JMeter, load of any protocol: JTL as CSV or XML, summariser, dashboard JSON",
	"*.jtl;*jmeter*;statistics.json",
	PERFDASH_PARSER_DOCUMENT | PERFDASH_PARSER_JSON | PERFDASH_PARSER_XML |
		PERFDASH_PARSER_CONSOLE,
	"elapsed\n"
	"true\n"
	"false\n"
	"<testResults\n"
	"/s Avg:\n"
	"\"errorPct\"")
