/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PDD_UNREAD_ROWS 16

/* files of a source that no parser reads, in rows; all zero at first */
typedef struct {
	guint rows[PDD_UNREAD_ROWS]; /* the last rows that ended, 0: there was none for a while */
	guint n_rows;                /* how many ended */
	guint n_unread;              /* of the row that goes on */
	guint n_read;                /* since the last one ended */
} PddUnread;

void
pdd_unread_add(PddUnread *self, gboolean is_read);
gboolean
pdd_unread_is_unusual(const PddUnread *self, guint n_unread);

G_END_DECLS
