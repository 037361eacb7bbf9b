/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "reader-quantity.h"

G_BEGIN_DECLS

/* what is known of a command; what has no unit is not */
typedef struct {
	char *command;
	ReaderQuantity mean, sd, median, min, max;
	ReaderQuantity user, system;
	double n_runs;    /* 0 unknown */
	GStrv parameters; /* nullable: names, each with its value behind it */
} HyperfineTimes;

void
hyperfine_times_clear(HyperfineTimes *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HyperfineTimes, hyperfine_times_clear)
/* adds the results; replicates of the time may follow */
void
hyperfine_times_add(const HyperfineTimes *self, PerfdashRunBuilder *builder);
/* its processor times and the number of runs */
void
hyperfine_times_add_rest(const HyperfineTimes *self, PerfdashRunBuilder *builder);
void
hyperfine_times_add_count(const HyperfineTimes *self,
			  PerfdashRunBuilder *builder,
			  const char *metric,
			  PerfdashDirection direction,
			  double value);
/* of what was set for a command, what can be a label */
void
hyperfine_add_parameter(GStrvBuilder *parameters, const char *name, const char *value);

gboolean
hyperfine_json_is_own(const char *text);
gboolean
hyperfine_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
hyperfine_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
