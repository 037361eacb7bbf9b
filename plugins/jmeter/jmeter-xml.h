/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "jmeter-samples.h"

G_BEGIN_DECLS

/* Reads a whole log. FALSE, with an error, when there is no sample in it; what follows something
 * that is no XML is left out, and damage says what it was */
gboolean
jmeter_xml_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		gboolean *is_cut,
		char **damage,
		GError **error);
/* whether the text begins like a JTL */
gboolean
jmeter_xml_is(const char *text, gsize size);

G_END_DECLS
