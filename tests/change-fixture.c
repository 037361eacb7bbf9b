/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "change-fixture.h"

/* noise that is the same each time: up to 1 % of the level */
double
change_fixture_value(double level, guint i)
{
	guint hash = (i + 1) * 2654435761u;
	return level * (0.99 + (hash >> 16) % 1000 * 0.00002);
}

GPtrArray *
change_fixture_list(StoreFixture *fixture)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *changes =
		perfdash_store_list_changes(fixture->store, NULL, NULL, NULL, 0, &error);
	g_assert_no_error(error);
	return changes;
}

void
change_fixture_find_since(StoreFixture *fixture, gint64 since)
{
	g_autoptr(GError) error = NULL;
	perfdash_store_find_changes(fixture->store, since, NULL, &error);
	g_assert_no_error(error);
}

GPtrArray *
change_fixture_find(StoreFixture *fixture)
{
	change_fixture_find_since(fixture, 0);
	return change_fixture_list(fixture);
}

void
change_fixture_assert_state(PerfdashChange *change, const char *state)
{
	g_assert_cmpstr(perfdash_change_state_to_string(perfdash_change_get_state(change)),
			==,
			state);
}

PerfdashChange *
change_fixture_find_only(StoreFixture *fixture)
{
	g_autoptr(GPtrArray) changes = change_fixture_find(fixture);
	g_assert_cmpuint(changes->len, ==, 1);
	return perfdash_change_ref(g_ptr_array_index(changes, 0));
}

gboolean
change_fixture_edit(StoreFixture *fixture,
		    gint64 id,
		    const char *field,
		    const char *value,
		    GError **error)
{
	g_autoptr(PerfdashChangeEdit) edit = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(edit, field, value, NULL));
	return perfdash_store_update_change(fixture->store, id, edit, error);
}

guint
change_fixture_count(StoreFixture *fixture,
		     const char *match,
		     const char *state,
		     const char *kind,
		     gint64 since)
{
	const char *const matches[] = {match, NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector)
		selector = match != NULL ? perfdash_selector_new(matches, NULL, NULL) : NULL;
	g_autoptr(GPtrArray) changes =
		perfdash_store_list_changes(fixture->store, selector, state, kind, since, &error);
	g_assert_no_error(error);
	return changes->len;
}
