/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JTL as XML: an element for each sample, what matters in its attributes. Samples within samples
 * are parts of them: they count for their label, not for the total. A transaction controller's
 * sample has those it sums up within itself, or has none and they stand before it. Read as a
 * stream, for a log may be large and its end may be missing; runs that were appended are several
 * documents. */

#include "jmeter-xml.h"

#include <string.h>

#define TRANSACTION "Number of samples in transaction : "

/* a sample that is not closed yet */
typedef struct {
	char *label;
	JmeterSample sample;
	gboolean is_sum; /* a transaction without samples of its own, so far */
} Open;

typedef struct {
	JmeterSamples *samples;
	GArray *open; /* of Open, each within the one before */
	gboolean ended;
} Reading;

static gboolean
is_sample(const char *element)
{
	return g_str_equal(element, "httpSample") || g_str_equal(element, "sample");
}

static gboolean
read_number(const char *text, gint64 *value)
{
	return text != NULL &&
	       g_ascii_string_to_signed(text, 10, 0, G_MAXINT64 / 1000, value, NULL);
}

static gboolean
read_sample(const char **names, const char **values, Open *one)
{
	const char *label = NULL, *start = NULL, *elapsed = NULL, *success = NULL, *message = NULL;
	const struct {
		const char *name;
		const char **value;
	} attributes[] = {
		{"lb", &label},
		{"ts", &start},
		{"t", &elapsed},
		{"s", &success},
		{"rm", &message},
	};
	for (guint i = 0; names[i] != NULL; i++) {
		for (guint j = 0; j < G_N_ELEMENTS(attributes); j++) {
			if (g_str_equal(names[i], attributes[j].name))
				*attributes[j].value = values[i];
		}
	}
	one->sample = (JmeterSample){.has_start = start != NULL, .has_success = success != NULL};
	one->sample.success = success == NULL || g_str_equal(success, "true");
	one->is_sum = message != NULL && g_str_has_prefix(message, TRANSACTION);
	if (label == NULL || !read_number(elapsed, &one->sample.elapsed) ||
	    (start != NULL && !read_number(start, &one->sample.start)))
		return FALSE;
	one->label = g_strdup(label);
	return TRUE;
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
	Open one;
	reading->ended = FALSE;
	if (!is_sample(element))
		return;
	if (!read_sample(names, values, &one)) {
		g_set_error_literal(error,
				    G_MARKUP_ERROR,
				    G_MARKUP_ERROR_MISSING_ATTRIBUTE,
				    "a sample without t, ts and lb");
		return;
	}
	if (reading->open->len > 0)
		g_array_index(reading->open, Open, reading->open->len - 1).is_sum = FALSE;
	g_array_append_val(reading->open, one);
}

/* the innermost sample */
static void
close_sample(Reading *reading)
{
	Open *one = &g_array_index(reading->open, Open, reading->open->len - 1);
	gsize size = strlen(one->label);
	JmeterField label = {one->label, size, FALSE};
	if (reading->open->len > 1)
		one->sample.kind = JMETER_PART;
	else
		one->sample.kind = one->is_sum ? JMETER_TRANSACTION : JMETER_SAMPLE;
	jmeter_samples_add(reading->samples, &label, one->label + size, &one->sample);
	g_free(one->label);
	g_array_set_size(reading->open, reading->open->len - 1);
}

static void
end_element(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
	Reading *reading = user_data;
	if (is_sample(element))
		close_sample(reading);
	else if (g_str_equal(element, "testResults"))
		reading->ended = TRUE;
}

static gboolean
set_error(GMarkupParseContext *context, const GError *cause, GError **error)
{
	int line;
	g_markup_parse_context_get_position(context, &line, NULL);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BROKEN,
		    "line %d: %s",
		    line,
		    cause->message);
	return FALSE;
}

gboolean
jmeter_xml_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		gboolean *is_cut,
		char **damage,
		GError **error)
{
	static const GMarkupParser parser = {.start_element = start_element,
					     .end_element = end_element};
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
	Reading reading = {samples, open, FALSE};
	g_autoptr(GError) local = NULL;
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reading, NULL);
	gboolean read = g_markup_parse_context_parse(context, text, size, &local);
	/* what has begun has all its attributes */
	while (open->len > 0)
		close_sample(&reading);
	*is_cut = read && !reading.ended;
	if (read)
		return TRUE;
	if (jmeter_samples_get_n(samples) == 0)
		return set_error(context, local, error);
	*damage = g_strdup(local->message);
	return TRUE;
}

gboolean
jmeter_xml_is(const char *text, gsize size)
{
	return g_strstr_len(text, size, "<testResults") != NULL;
}
