/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"
#include "reader-text.h"

G_BEGIN_DECLS

/* what iperf3 -J prints, or the "start" and "end" of a JSON stream; error_text is nullable */
void
iperf3_json_read(JsonObject *start,
		 JsonObject *end,
		 const char *error_text,
		 PerfdashRunBuilder *builder);

/* a document that was cut off: how far the test came, when it says so. FALSE when it does not */
gboolean
iperf3_json_read_cut(const char *text, PerfdashRunBuilder *builder);

/* every run of a client or a server in a text */
void
iperf3_text_read(GBytes *text, PerfdashRunBuilder *builder);

G_END_DECLS
