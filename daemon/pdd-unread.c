/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Among the logs of a source there may always be files that no parser reads, some in a row. What is
 * usual are the longest of the last rows; where there are none, that falls, too: a parser that did
 * not work once does not hide for ever that it does not again. */

#include "pdd-unread.h"

#define LEAST   3   /* files in a row that no parser reads: then that is why nothing comes */
#define NO_ROWS 100 /* files that are read without one that is not count as a row of none */

/* the next file */
void
pdd_unread_add(PddUnread *self, gboolean is_read)
{
	if (!is_read) {
		self->n_unread++;
		return;
	}
	if (self->n_unread == 0 && ++self->n_read < NO_ROWS)
		return;
	self->rows[self->n_rows++ % PDD_UNREAD_ROWS] = self->n_unread;
	self->n_unread = self->n_read = 0;
}

/* whether the last files could not be read, more than twice as many in a row as is usual; n_unread
 * are all of the source that cannot, for some may be gone */
gboolean
pdd_unread_is_unusual(const PddUnread *self, guint n_unread)
{
	guint usual = 0;
	for (guint i = 0; i < PDD_UNREAD_ROWS; i++)
		usual = MAX(usual, self->rows[i]);
	return MIN(self->n_unread, n_unread) >= MAX(LEAST, 2 * usual + 1);
}
