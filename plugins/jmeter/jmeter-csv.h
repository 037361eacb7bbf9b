/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "jmeter-samples.h"

G_BEGIN_DECLS

/* FALSE, with an error, when most rows are no samples */
gboolean
jmeter_csv_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		JmeterRemarks *remarks,
		GError **error);
/* reads the log that a text begins with, up to the first row that is no sample; gives how many
 * bytes it has */
gsize
jmeter_csv_read_part(const char *text, gsize size, JmeterSamples *samples, JmeterRemarks *remarks);
/* whether the text begins like a JTL */
gboolean
jmeter_csv_is(const char *text, gsize size);

G_END_DECLS
