/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* prints what docs/api.md says of parsing again, whoever counted it; FALSE after complaining of the
 * format */
gboolean
pdc_reparse_report_print(JsonObject *report, const char *format);
/* how many logs could not be parsed again, after complaining of them */
guint
pdc_reparse_report_complain(JsonObject *report);

G_END_DECLS
