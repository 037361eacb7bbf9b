/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a line of the summariser */
typedef struct {
	gboolean is_total; /* else of the time since the line before */
	guint line;
	double n_samples;
	double seconds;
	double rate; /* samples a second; negative when there is none */
	double mean; /* milliseconds, as are these */
	double min;
	double max;
	double n_errors;
} JmeterSummary;

/* FALSE when the line is none; name becomes that of the summariser, to be freed */
gboolean
jmeter_summary_read(const char *line, char **name, JmeterSummary *summary);
/* adds the results */
void
jmeter_summary_add(const JmeterSummary *summary, const char *name, PerfdashRunBuilder *builder);

G_END_DECLS
