/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What dump-xml of Taurus' final-stats writes: a group for each label, the empty one for all, with
 * an element for each number, whose value is an attribute. A parameter tells percentiles apart. */

#include <string.h>

#include "reader-text.h"
#include "reader-xml.h"
#include "taurus.h"

typedef struct {
	GPtrArray *kpis; /* of TaurusKpi: groups that have ended */
	TaurusKpi *kpi;  /* that is being read, nullable */
	double duration;
	gboolean has_duration;
	gboolean in_duration;
	gboolean has_ended;
} Reading;

static void
start_element(GMarkupParseContext *context,
	      const char *element,
	      const char **names,
	      const char **values,
	      gpointer user_data,
	      GError **error)
{
	Reading *reading = user_data;
	const char *value = reader_xml_attribute(names, values, "value");
	const char *parameter = reader_xml_attribute(names, values, "param");
	double number;
	if (g_str_equal(element, "Group") && reading->kpi == NULL) {
		const char *label = reader_xml_attribute(names, values, "label");
		reading->kpi = taurus_kpi_new(label != NULL ? label : "", reader_xml_line(context));
	} else if (reading->kpi != NULL && value != NULL && reader_number(value, &number, NULL)) {
		taurus_kpi_set(reading->kpi, element, parameter != NULL ? parameter : "", number);
	}
	reading->in_duration = g_str_equal(element, "TestDuration");
}

static void
end_element(GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
	Reading *reading = user_data;
	if (g_str_equal(element, "Group") && reading->kpi != NULL)
		g_ptr_array_add(reading->kpis, g_steal_pointer(&reading->kpi));
	reading->has_ended |= g_str_equal(element, "FinalStatus");
	reading->in_duration = FALSE;
}

static void
read_text(GMarkupParseContext *context,
	  const char *text,
	  gsize size,
	  gpointer user_data,
	  GError **error)
{
	Reading *reading = user_data;
	g_autofree char *number = g_strndup(text, size);
	if (reading->in_duration)
		reading->has_duration = reader_number(number, &reading->duration, NULL);
}

static void
end_document(Reading *reading, PerfdashRunBuilder *builder)
{
	for (guint i = 0; i < reading->kpis->len; i++) {
		TaurusKpi *kpi = g_ptr_array_index(reading->kpis, i);
		if (reading->has_duration && g_str_equal(kpi->label, TAURUS_ALL))
			kpi->duration = reading->duration;
	}
	gboolean is_good = taurus_write(reading->kpis, builder);
	if (reading->has_ended)
		return;
	if (is_good)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(builder, "the log was cut off");
}

gboolean
taurus_xml_read(GBytes *log, PerfdashRunBuilder *builder, GError **error)
{
	static const GMarkupParser markup = {.start_element = start_element,
					     .end_element = end_element,
					     .text = read_text};
	g_autoptr(GPtrArray) kpis = g_ptr_array_new_with_free_func((GDestroyNotify)taurus_kpi_free);
	Reading reading = {.kpis = kpis};
	g_autoptr(GError) local = NULL;
	gboolean read = reader_xml_read(log, &markup, &reading, &local);
	g_clear_pointer(&reading.kpi, taurus_kpi_free);
	/* what stands behind a document that was cut off need not be XML */
	if (!read && kpis->len == 0) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	end_document(&reading, builder);
	return TRUE;
}
