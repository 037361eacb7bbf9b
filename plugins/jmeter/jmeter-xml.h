/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "jmeter-samples.h"

G_BEGIN_DECLS

/* FALSE, with an error, when most samples are none */
gboolean
jmeter_xml_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		JmeterRemarks *remarks,
		GError **error);
/* whether the text begins like a JTL */
gboolean
jmeter_xml_is(const char *text, gsize size);

G_END_DECLS
