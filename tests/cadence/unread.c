/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When files that no parser reads are why nothing comes. */

#include "pdd-unread.h"

static gboolean
add(PddUnread *unread, guint n, gboolean is_read)
{
	gboolean was_unusual = FALSE;
	for (guint i = 0; i < n; i++) {
		pdd_unread_add(unread, is_read);
		was_unusual |= pdd_unread_is_unusual(unread, 10000);
	}
	return was_unusual;
}

static void
test_usual(void)
{
	PddUnread unread = {0};
	add(&unread, 3, FALSE);
	/* three others in front of each three hundred logs, for years */
	for (guint i = 0; i < 100; i++) {
		g_assert_false(add(&unread, 300, TRUE));
		g_assert_false(add(&unread, 3, FALSE));
	}
	g_assert_false(add(&unread, 3, FALSE));
	g_assert_true(add(&unread, 1, FALSE));
	/* they were removed */
	g_assert_false(pdd_unread_is_unusual(&unread, 2));
}

/* a month in which nothing was read is no measure for good */
static void
test_forgotten(void)
{
	PddUnread unread = {0};
	add(&unread, 10, TRUE);
	g_assert_true(add(&unread, 100, FALSE));
	g_assert_false(add(&unread, 100, TRUE));
	g_assert_false(add(&unread, 5, FALSE));
	add(&unread, 2000, TRUE);
	g_assert_true(add(&unread, 3, FALSE));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/unread/usual", test_usual);
	g_test_add_func("/unread/forgotten", test_forgotten);
	return g_test_run();
}
