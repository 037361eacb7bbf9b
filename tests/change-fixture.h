/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-private.h"
#include "store-fixture.h"

G_BEGIN_DECLS

/* what tests of the changes of a store share */
#define DAY   (24 * G_TIME_SPAN_HOUR)
#define START G_GINT64_CONSTANT(1700000000000000)

/* noise that is the same each time: up to 1 % of the level */
double
change_fixture_value(double level, guint i);
GPtrArray *
change_fixture_list(StoreFixture *fixture);
void
change_fixture_find_since(StoreFixture *fixture, gint64 since);
GPtrArray *
change_fixture_find(StoreFixture *fixture);
void
change_fixture_assert_state(PerfdashChange *change, const char *state);
PerfdashChange *
change_fixture_find_only(StoreFixture *fixture);
gboolean
change_fixture_edit(StoreFixture *fixture,
		    gint64 id,
		    const char *field,
		    const char *value,
		    GError **error);
guint
change_fixture_count(StoreFixture *fixture,
		     const char *match,
		     const char *state,
		     const char *kind,
		     gint64 since);

G_END_DECLS
