/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-timeline-builder.h"

PerfdashTimelineBuilder *
perfdash_timeline_builder_new(gsize n_runs)
{
	PerfdashTimelineBuilder *self = g_new0(PerfdashTimelineBuilder, 1);
	self->runs = g_array_sized_new(FALSE, FALSE, sizeof(gint64), n_runs);
	self->times = g_array_sized_new(FALSE, FALSE, sizeof(gint64), n_runs);
	self->outcomes = g_byte_array_sized_new(n_runs);
	self->builds = g_array_sized_new(FALSE, FALSE, sizeof(guint32), n_runs);
	self->revisions = g_array_sized_new(FALSE, FALSE, sizeof(guint32), n_runs);
	self->text = g_string_new(NULL);
	g_string_append_c(self->text, '\0');
	return self;
}

void
perfdash_timeline_builder_free(PerfdashTimelineBuilder *self)
{
	g_clear_pointer(&self->runs, g_array_unref);
	g_clear_pointer(&self->times, g_array_unref);
	g_clear_pointer(&self->outcomes, g_byte_array_unref);
	g_clear_pointer(&self->builds, g_array_unref);
	g_clear_pointer(&self->revisions, g_array_unref);
	if (self->text != NULL)
		g_string_free(self->text, TRUE);
	g_free(self);
}

/* offset of a text, which is often that of the run before */
static guint32
add_text(PerfdashTimelineBuilder *self, GArray *column, const char *text)
{
	if (*text == '\0')
		return 0;
	if (column->len > 0) {
		guint32 before = g_array_index(column, guint32, column->len - 1);
		if (strcmp(self->text->str + before, text) == 0)
			return before;
	}
	guint32 offset = self->text->len;
	g_string_append_len(self->text, text, strlen(text) + 1);
	return offset;
}

void
perfdash_timeline_builder_add(PerfdashTimelineBuilder *self,
			      gint64 run,
			      gint64 time,
			      PerfdashOutcome outcome,
			      const char *build,
			      const char *revision)
{
	guint32 build_offset = add_text(self, self->builds, build);
	guint32 revision_offset = add_text(self, self->revisions, revision);
	guint8 byte = outcome;
	g_array_append_val(self->runs, run);
	g_array_append_val(self->times, time);
	g_byte_array_append(self->outcomes, &byte, 1);
	g_array_append_val(self->builds, build_offset);
	g_array_append_val(self->revisions, revision_offset);
}

void
perfdash_timeline_builder_pack(PerfdashTimelineBuilder *self, GByteArray *out)
{
	gint64 run = 0;
	gint64 time = 0;
	for (guint i = 0; i < self->runs->len; i++) {
		perfdash_pack_int(out, g_array_index(self->runs, gint64, i) - run);
		perfdash_pack_int(out, g_array_index(self->times, gint64, i) - time);
		perfdash_pack_uint(out, self->outcomes->data[i]);
		perfdash_pack_text(out, self->text->str + g_array_index(self->builds, guint32, i));
		perfdash_pack_text(out,
				   self->text->str + g_array_index(self->revisions, guint32, i));
		run = g_array_index(self->runs, gint64, i);
		time = g_array_index(self->times, gint64, i);
	}
}

gboolean
perfdash_timeline_builder_unpack(PerfdashTimelineBuilder *self,
				 gsize n_runs,
				 const guint8 *data,
				 gsize size)
{
	PerfdashUnpacker in = {data, data + size, FALSE};
	guint64 run = 0;
	guint64 time = 0;
	for (gsize i = 0; i < n_runs && !in.failed; i++) {
		run += perfdash_unpack_int(&in);
		time += perfdash_unpack_int(&in);
		guint64 outcome = perfdash_unpack_uint(&in);
		const char *build = perfdash_unpack_text(&in);
		const char *revision = perfdash_unpack_text(&in);
		in.failed |= outcome > PERFDASH_OUTCOME_NO_RESULT;
		if (!in.failed)
			perfdash_timeline_builder_add(self, run, time, outcome, build, revision);
	}
	return !in.failed && in.p == in.end;
}

static gboolean
is_ordered(PerfdashTimeline *timeline)
{
	for (gsize i = 1; i < timeline->n_runs; i++) {
		if (timeline->times[i - 1] > timeline->times[i] ||
		    timeline->runs[i - 1] >= timeline->runs[i])
			return FALSE;
	}
	return TRUE;
}

PerfdashTimeline *
perfdash_timeline_builder_end(PerfdashTimelineBuilder *self, gsize n_runs)
{
	PerfdashTimeline *timeline = g_new0(PerfdashTimeline, 1);
	g_atomic_ref_count_init(&timeline->refs);
	timeline->n_runs = MIN(n_runs, self->runs->len);
	timeline->runs = (gint64 *)g_array_free(g_steal_pointer(&self->runs), FALSE);
	timeline->times = (gint64 *)g_array_free(g_steal_pointer(&self->times), FALSE);
	timeline->outcomes = g_byte_array_free(g_steal_pointer(&self->outcomes), FALSE);
	timeline->builds = (guint32 *)g_array_free(g_steal_pointer(&self->builds), FALSE);
	timeline->revisions = (guint32 *)g_array_free(g_steal_pointer(&self->revisions), FALSE);
	timeline->is_ordered = is_ordered(timeline);
	timeline->text_size = self->text->len;
	timeline->text = g_string_free(g_steal_pointer(&self->text), FALSE);
	return timeline;
}
