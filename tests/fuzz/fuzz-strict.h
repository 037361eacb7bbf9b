/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdlib.h>

/* a warning or worse ends the process by a signal that fuzzers keep the input of */
static GLogWriterOutput
abort_at_warnings(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
	g_log_writer_standard_streams(level, fields, n_fields, data);
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
		abort();
	return G_LOG_WRITER_HANDLED;
}

static inline void
fuzz_be_strict(void)
{
	g_log_set_writer_func(abort_at_warnings, NULL, NULL);
}
