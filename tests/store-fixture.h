/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-run-builder.h"
#include "perfdash-store.h"

G_BEGIN_DECLS

/* a store in a directory of its own */
typedef struct {
	char *directory;
	char *path;
	char *uri;
	PerfdashStore *store;
	guint n_logs;
} StoreFixture;

void
store_fixture_open(StoreFixture *fixture);
void
store_fixture_reopen(StoreFixture *fixture);
void
store_fixture_set_up(StoreFixture *fixture, gconstpointer data);
void
store_fixture_tear_down(StoreFixture *fixture, gconstpointer data);
PerfdashRunBuilder *
store_fixture_start_run(const char *lab, gint64 started_at);
PerfdashLogRecord *
store_fixture_add(StoreFixture *fixture, PerfdashRunBuilder *builder, GError **error);
gint64
store_fixture_add_one(StoreFixture *fixture, PerfdashRunBuilder *builder);
PerfdashSeries *
store_fixture_load_only(StoreFixture *fixture, const char *const *matches);

G_END_DECLS
