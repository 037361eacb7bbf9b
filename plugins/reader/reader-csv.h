/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* goes through the records of comma-separated values (RFC 4180): fields may be quoted, quotes in
 * them are doubled, and a quoted field may have line ends */
typedef struct {
	const char *p;
	const char *end;
	char separator;
	guint line;      /* where the record begins, from 1 */
	gboolean is_cut; /* the record is the last one and has no end */
	GPtrArray *fields;
	guint next_line;
} ReaderCsv;

void
reader_csv_init(ReaderCsv *self, GBytes *text, char separator);
void
reader_csv_clear(ReaderCsv *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReaderCsv, reader_csv_clear)
/* the fields of the next record, or NULL; valid until the next call. Empty lines are left out */
GPtrArray *
reader_csv_next(ReaderCsv *self);
/* a copy of the fields, which is valid longer */
GPtrArray *
reader_csv_copy(GPtrArray *fields);
/* whether a record is the header of its table again, with which another table begins */
gboolean
reader_csv_is_header(GPtrArray *header, GPtrArray *fields);
/* which field has a name, or -1 */
int
reader_csv_find(GPtrArray *header, const char *name);
/* a field, or "" when the record is too short or index is -1 */
const char *
reader_csv_get(GPtrArray *fields, int index);

G_END_DECLS
