/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* one row of a JTL */
typedef struct {
	gint64 start; /* milliseconds since 1970 */
	gboolean has_start;
	gint64 elapsed; /* milliseconds */
	gboolean success;
	gboolean in_total; /* not a part of another sample */
} JmeterSample;

/* the samples of a log, by label */
typedef struct _JmeterSamples JmeterSamples;

JmeterSamples *
jmeter_samples_new(void);
void
jmeter_samples_free(JmeterSamples *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JmeterSamples, jmeter_samples_free)
void
jmeter_samples_add(JmeterSamples *self, const char *label, const JmeterSample *sample);
/* has_zone: whether the times are of a known zone, so that the start can be told */
void
jmeter_samples_end(JmeterSamples *self, gboolean has_zone, PerfdashRunBuilder *builder);

/* each reads a whole log; is_cut says that it ends too early */
gboolean
jmeter_csv_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		gboolean *has_zone,
		gboolean *is_cut,
		GError **error);
gboolean
jmeter_xml_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		gboolean *is_cut,
		GError **error);
/* whether the text begins like one */
gboolean
jmeter_csv_is(const char *text, gsize size);
gboolean
jmeter_xml_is(const char *text, gsize size);

G_END_DECLS
