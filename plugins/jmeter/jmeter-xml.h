/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "jmeter-samples.h"

G_BEGIN_DECLS

/* reads a whole log; is_cut says that it ends too early */
gboolean
jmeter_xml_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		gboolean *is_cut,
		GError **error);
/* whether the text begins like a JTL */
gboolean
jmeter_xml_is(const char *text, gsize size);

G_END_DECLS
