/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-start.h"

#define YEAR_2200 7258118400e6 /* microseconds since 1970 */

void
reader_set_start(PerfdashRunBuilder *builder, double microseconds)
{
	if (microseconds > 0 && microseconds < YEAR_2200)
		perfdash_run_builder_set_started_at(builder, microseconds);
}

gint64
reader_parse_time(const char *text)
{
	g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;
	if (time == NULL)
		return 0;
	return g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
}

void
reader_set_start_text(PerfdashRunBuilder *builder, const char *text)
{
	reader_set_start(builder, reader_parse_time(text));
}
