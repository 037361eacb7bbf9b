/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JTL as XML: an element for each sample, what matters in its attributes. Samples within samples
 * are parts of them: they count for their label, not for the total. Read as a stream, for a log may
 * be large and its end may be missing. */

#include "jmeter-xml.h"

#include <string.h>

typedef struct {
	JmeterSamples *samples;
	guint depth; /* of samples within samples */
	gboolean ended;
} Reading;

static gboolean
is_sample(const char *element)
{
	return g_str_equal(element, "httpSample") || g_str_equal(element, "sample");
}

static const char *
get_attribute(const char *const *names, const char *const *values, const char *name)
{
	for (guint i = 0; names[i] != NULL; i++) {
		if (g_str_equal(names[i], name))
			return values[i];
	}
	return NULL;
}

static gboolean
read_number(const char *text, gint64 *value)
{
	return text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, value, NULL);
}

static void
start_element(GMarkupParseContext *context,
	      const char *element,
	      const char **names,
	      const char **values,
	      gpointer user_data,
	      GError **error)
{
	Reading *reading = user_data;
	const char *const *const_names = (const char *const *)names;
	const char *const *const_values = (const char *const *)values;
	JmeterSample sample = {0};
	int line;
	if (!is_sample(element))
		return;
	const char *label = get_attribute(const_names, const_values, "lb");
	const char *start = get_attribute(const_names, const_values, "ts");
	if (label == NULL ||
	    !read_number(get_attribute(const_names, const_values, "t"), &sample.elapsed) ||
	    (start != NULL && !read_number(start, &sample.start))) {
		g_markup_parse_context_get_position(context, &line, NULL);
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "line %d: a sample without t, ts and lb",
			    line);
		return;
	}
	const char *success = get_attribute(const_names, const_values, "s");
	sample.has_start = start != NULL;
	sample.has_success = success != NULL;
	sample.success = success == NULL || g_str_equal(success, "true");
	sample.kind = reading->depth == 0 ? JMETER_SAMPLE : JMETER_PART;
	gsize size = strlen(label);
	jmeter_samples_add(reading->samples,
			   &(JmeterField){label, size, FALSE},
			   label + size,
			   &sample);
	reading->depth++;
}

static void
end_element(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
	Reading *reading = user_data;
	if (is_sample(element))
		reading->depth--;
	else if (g_str_equal(element, "testResults"))
		reading->ended = TRUE;
}

gboolean
jmeter_xml_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		gboolean *is_cut,
		GError **error)
{
	static const GMarkupParser parser = {.start_element = start_element,
					     .end_element = end_element};
	Reading reading = {samples, 0, FALSE};
	g_autoptr(GError) local = NULL;
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reading, NULL);
	if (!g_markup_parse_context_parse(context, text, size, &local)) {
		g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BROKEN, "%s", local->message);
		return FALSE;
	}
	*is_cut = !reading.ended;
	return TRUE;
}

gboolean
jmeter_xml_is(const char *text, gsize size)
{
	return g_strstr_len(text, size, "<testResults version=") != NULL;
}
