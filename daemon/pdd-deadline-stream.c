/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A stream that must come to its end in time: who sends a byte a minute is never late for a limit
 * on silence. */

#include "pdd-deadline-stream.h"

struct _PddDeadlineStream {
	GFilterInputStream parent_instance;
	gint64 end; /* monotonic */
};

G_DEFINE_FINAL_TYPE(PddDeadlineStream, pdd_deadline_stream, G_TYPE_FILTER_INPUT_STREAM)

static gssize
pdd_deadline_stream_read(GInputStream *stream,
			 void *buffer,
			 gsize count,
			 GCancellable *cancellable,
			 GError **error)
{
	PddDeadlineStream *self = PDD_DEADLINE_STREAM(stream);
	GInputStream *base = g_filter_input_stream_get_base_stream(G_FILTER_INPUT_STREAM(self));
	if (g_get_monotonic_time() <= self->end)
		return g_input_stream_read(base, buffer, count, cancellable, error);
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "it takes too long");
	return -1;
}

static void
pdd_deadline_stream_class_init(PddDeadlineStreamClass *klass)
{
	G_INPUT_STREAM_CLASS(klass)->read_fn = pdd_deadline_stream_read;
}

static void
pdd_deadline_stream_init(PddDeadlineStream *self)
{
}

GInputStream *
pdd_deadline_stream_new(GInputStream *base, GTimeSpan time_limit)
{
	PddDeadlineStream *self = g_object_new(PDD_TYPE_DEADLINE_STREAM, "base-stream", base, NULL);
	self->end = g_get_monotonic_time() + time_limit;
	return G_INPUT_STREAM(self);
}
