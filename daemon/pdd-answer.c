/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-answer.h"

#include <string.h>

/* what is smaller fits into one packet anyway */
#define MIN_COMPRESSED 1024
#define LEVEL          6

G_DEFINE_BOXED_TYPE(PddAnswer, pdd_answer, pdd_answer_ref, pdd_answer_unref)

/* takes over a reference to body */
PddAnswer *
pdd_answer_new(guint status, const char *content_type, GBytes *body)
{
	PddAnswer *self = g_new0(PddAnswer, 1);
	g_atomic_ref_count_init(&self->refs);
	self->status = status;
	self->content_type = g_intern_string(content_type);
	self->body = body;
	self->size = g_bytes_get_size(body);
	self->headers = g_ptr_array_new_with_free_func(g_free);
	return self;
}

PddAnswer *
pdd_answer_new_take_text(guint status, const char *content_type, char *text)
{
	return pdd_answer_new(status, content_type, g_bytes_new_take(text, strlen(text)));
}

/* takes over a reference to stream, which gives size bytes */
PddAnswer *
pdd_answer_new_for_stream(const char *content_type, GInputStream *stream, guint64 size)
{
	PddAnswer *self = pdd_answer_new(200, content_type, g_bytes_new_static("", 0));
	self->stream = stream;
	self->size = size;
	return self;
}

PddAnswer *
pdd_answer_ref(PddAnswer *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

void
pdd_answer_unref(PddAnswer *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_bytes_unref(self->body);
	g_clear_object(&self->stream);
	g_free(self->etag);
	g_ptr_array_unref(self->headers);
	g_free(self);
}

void
pdd_answer_add_header(PddAnswer *self, const char *name, const char *value)
{
	g_ptr_array_add(self->headers, g_strdup(name));
	g_ptr_array_add(self->headers, g_strdup(value));
}

static GBytes *
gzip(GBytes *body)
{
	g_autoptr(GZlibCompressor)
		compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL);
	g_autoptr(GInputStream) plain = g_memory_input_stream_new_from_bytes(body);
	g_autoptr(GInputStream)
		packed = g_converter_input_stream_new(plain, G_CONVERTER(compressor));
	g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
	g_output_stream_splice(out, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(out));
}

/* the same answer gzipped, or as it is when that would gain nothing */
PddAnswer *
pdd_answer_compress(PddAnswer *self)
{
	if (self->size < MIN_COMPRESSED || self->stream != NULL || self->is_gzip)
		return pdd_answer_ref(self);
	PddAnswer *copy = pdd_answer_new(self->status, self->content_type, gzip(self->body));
	copy->is_gzip = TRUE;
	copy->etag = g_strdup(self->etag);
	for (guint i = 0; i < self->headers->len; i++)
		g_ptr_array_add(copy->headers, g_strdup(g_ptr_array_index(self->headers, i)));
	return copy;
}
