/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <perfdash.h>

#define NOW G_GINT64_CONSTANT(1795453940000000) /* 2026-11-23T17:12:20Z */

static void
test_parse(void)
{
	static const struct {
		const char *text;
		const char *time; /* NULL: it is none */
		gboolean is_relative;
	} cases[] = {
		{"2026-11-23T17:12:20Z", "2026-11-23T17:12:20Z", FALSE},
		{"2026-11-23T17:12:20.25Z", "2026-11-23T17:12:20.25Z", FALSE},
		{"2026-11-23T17:12:20+01:00", "2026-11-23T16:12:20Z", FALSE},
		{"2026-11-23 17:12:20", "2026-11-23T17:12:20Z", FALSE},
		{"2026-11-23", "2026-11-23T00:00:00Z", FALSE},
		{"14d", "2026-11-09T17:12:20Z", TRUE},
		{"-14d", "2026-11-09T17:12:20Z", TRUE},
		{"90m", "2026-11-23T15:42:20Z", TRUE},
		{"2h", "2026-11-23T15:12:20Z", TRUE},
		{"1w", "2026-11-16T17:12:20Z", TRUE},
		{"0d", "2026-11-23T17:12:20Z", TRUE},
		{"now", "2026-11-23T17:12:20Z", TRUE},
		{"today", "2026-11-23T00:00:00Z", TRUE},
		{"yesterday", "2026-11-22T00:00:00Z", TRUE},
		{"", NULL, FALSE},
		{"-", NULL, FALSE},
		{"d", NULL, FALSE},
		{"14", NULL, FALSE},
		{"14dd", NULL, FALSE},
		{"14y", NULL, FALSE},
		{"--14d", NULL, FALSE},
		{"1.5d", NULL, FALSE},
		{"1000000d", NULL, FALSE},
		{"2026-02-30", NULL, FALSE},
		{"2026-11-23T25:00:00Z", NULL, FALSE},
		{"yestrday", NULL, FALSE},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		gint64 time = 0;
		gboolean is_relative = FALSE;
		g_test_message("%s", cases[i].text);
		gboolean is_time =
			perfdash_time_parse(cases[i].text, NOW, &time, &is_relative, &error);
		g_assert_true(is_time == (cases[i].time != NULL));
		if (!is_time) {
			g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
			g_assert_nonnull(strstr(error->message, cases[i].text));
			continue;
		}
		g_assert_no_error(error);
		g_autoptr(GDateTime) known = g_date_time_new_from_iso8601(cases[i].time, NULL);
		g_assert_cmpint(time,
				==,
				g_date_time_to_unix(known) * G_USEC_PER_SEC +
					g_date_time_get_microsecond(known));
		g_assert_true(is_relative == cases[i].is_relative);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/time/parse", test_parse);
	return g_test_run();
}
