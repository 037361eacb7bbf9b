/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PDD_TYPE_ANSWER (pdd_answer_get_type())

/* what a request is answered with; not changed any more once another thread or the cache has it */
typedef struct {
	gatomicrefcount refs;
	guint status;
	const char *content_type; /* interned */
	GBytes *body;             /* empty when there is a stream */
	GInputStream *stream;     /* nullable; such an answer is used once */
	guint64 size;             /* of body or stream */
	gboolean is_gzip;
	char *etag;         /* with its quotes, nullable */
	GPtrArray *headers; /* of char *: name, value, name, value... */
} PddAnswer;

GType
pdd_answer_get_type(void) G_GNUC_CONST;
PddAnswer *
pdd_answer_new(guint status, const char *content_type, GBytes *body);
PddAnswer *
pdd_answer_new_take_text(guint status, const char *content_type, char *text);
PddAnswer *
pdd_answer_new_for_stream(const char *content_type, GInputStream *stream, guint64 size);
PddAnswer *
pdd_answer_ref(PddAnswer *self);
void
pdd_answer_unref(PddAnswer *self);
void
pdd_answer_add_header(PddAnswer *self, const char *name, const char *value);
PddAnswer *
pdd_answer_compress(PddAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddAnswer, pdd_answer_unref)

G_END_DECLS
