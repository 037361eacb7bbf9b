/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-catalogue.h"

#include <stdlib.h>

#include "perfdash-series-info-private.h"

#include "perfdash-change-private.h"
#include "perfdash-labels-private.h"
#include "perfdash-pack.h"
#include "perfdash-result-private.h"

PerfdashTailRun *
perfdash_tail_run_new(PerfdashShape *shape)
{
	PerfdashTailRun *self = g_malloc0(sizeof(PerfdashTailRun) + shape->n * sizeof(double));
	g_atomic_ref_count_init(&self->refs);
	self->shape = shape;
	return self;
}

PerfdashTailRun *
perfdash_tail_run_ref(PerfdashTailRun *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

void
perfdash_tail_run_unref(PerfdashTailRun *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->build);
	g_free(self->revision);
	g_free(self);
}

void
perfdash_stream_free(PerfdashStream *self)
{
	perfdash_labels_unref(self->labels);
	g_ptr_array_unref(self->tail);
	g_hash_table_unref(self->series);
	g_clear_pointer(&self->unshown, g_array_unref);
	g_free(self);
}

void
perfdash_series_entry_free(PerfdashSeriesEntry *entry)
{
	perfdash_series_info_unref(entry->info);
	perfdash_labels_unref(entry->labels);
	g_free(entry);
}

void
perfdash_shape_free(PerfdashShape *self)
{
	g_free(self->series);
	g_free(self->usual);
	g_clear_pointer(&self->base, perfdash_row_free);
	g_free(self->index);
	g_free(self);
}

static int
compare_indexes(gconstpointer a, gconstpointer b)
{
	const PerfdashShapeIndex *left = a;
	const PerfdashShapeIndex *right = b;
	return (left->series > right->series) - (left->series < right->series);
}

int
perfdash_shape_find(PerfdashShape *self, guint32 series)
{
	const PerfdashShapeIndex wanted = {series, 0};
	const PerfdashShapeIndex *found =
		bsearch(&wanted, self->index, self->n, sizeof(wanted), compare_indexes);
	return found != NULL ? (int)found->position : -1;
}

static guint
hash_entry(gconstpointer data)
{
	const PerfdashSeriesEntry *entry = data;
	return perfdash_labels_hash(entry->labels) ^ g_direct_hash(entry->stat);
}

static gboolean
equal_entry(gconstpointer a, gconstpointer b)
{
	const PerfdashSeriesEntry *left = a;
	const PerfdashSeriesEntry *right = b;
	return left->stat == right->stat &&
	       perfdash_series_info_get_unit(left->info) ==
		       perfdash_series_info_get_unit(right->info) &&
	       perfdash_labels_equal(left->labels, right->labels);
}

static gboolean
is_point(PerfdashResult *result, guint stat)
{
	return perfdash_stat_is_percentile(perfdash_result_get_nth_stat(result, stat, NULL));
}

guint
perfdash_run_count_points(PerfdashRun *run)
{
	guint n = 0;
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		n++;
		for (guint j = 0; j < perfdash_result_get_n_stats(result); j++)
			n += is_point(result, j);
	}
	return n;
}

void
perfdash_run_copy_points(PerfdashRun *run, double *values)
{
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		*values++ = result->value;
		for (guint j = 0; j < perfdash_result_get_n_stats(result); j++) {
			if (is_point(result, j))
				perfdash_result_get_nth_stat(result, j, values++);
		}
	}
}

PerfdashStream *
perfdash_catalogue_insert_stream(PerfdashCatalogue *self, gint64 id, PerfdashLabels *labels)
{
	PerfdashStream *stream = g_new0(PerfdashStream, 1);
	stream->id = id;
	stream->labels = perfdash_labels_ref(labels);
	stream->tail = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_tail_run_unref);
	stream->series = g_hash_table_new(hash_entry, equal_entry);
	g_ptr_array_add(self->streams, stream);
	g_hash_table_insert(self->streams_by_id, &stream->id, stream);
	g_hash_table_insert(self->streams_by_labels, stream->labels, stream);
	return stream;
}

static PerfdashLabels *
full_labels(PerfdashStream *stream, PerfdashLabels *labels, const char *stat)
{
	g_autoptr(PerfdashLabels) all = perfdash_labels_merge(stream->labels, labels);
	return *stat != '\0' ? perfdash_labels_with(all, "stat", stat, NULL)
			     : perfdash_labels_ref(all);
}

PerfdashSeriesEntry *
perfdash_series_entry_new(PerfdashStream *stream,
			  PerfdashLabels *labels,
			  const char *stat,
			  const char *unit,
			  PerfdashDirection direction)
{
	PerfdashSeriesEntry *entry = g_new0(PerfdashSeriesEntry, 1);
	g_autoptr(PerfdashLabels) all = full_labels(stream, labels, stat);
	entry->stream = stream;
	entry->labels = perfdash_labels_ref(labels);
	entry->stat = g_intern_string(stat);
	entry->info = perfdash_series_info_new(all, unit, direction);
	return entry;
}

void
perfdash_catalogue_insert_series(PerfdashCatalogue *self, PerfdashSeriesEntry *entry)
{
	const char *name = perfdash_series_info_get_id(entry->info);
	if (g_hash_table_contains(self->series_by_name, name)) {
		g_autoptr(PerfdashSeriesInfo) taken = entry->info;
		entry->info = perfdash_series_info_new_apart(taken, entry->stream->labels);
	}
	g_ptr_array_add(self->series, entry);
	g_hash_table_add(entry->stream->series, entry);
	g_hash_table_insert(self->series_by_id, &entry->id, entry);
	g_hash_table_insert(self->series_by_name,
			    (char *)perfdash_series_info_get_id(entry->info),
			    entry);
}

PerfdashShape *
perfdash_catalogue_insert_shape(PerfdashCatalogue *self, gint64 id, GPtrArray *entries)
{
	PerfdashShape *shape = g_new0(PerfdashShape, 1);
	shape->id = id;
	shape->n = entries->len;
	shape->series = g_memdup2(entries->pdata, entries->len * sizeof(gpointer));
	shape->usual = g_new0(guint8, shape->n);
	shape->index = g_new(PerfdashShapeIndex, shape->n);
	for (guint i = 0; i < shape->n; i++) {
		shape->index[i] = (PerfdashShapeIndex){shape->series[i]->id, i};
		shape->n_results += *shape->series[i]->stat == '\0';
	}
	qsort(shape->index, shape->n, sizeof(PerfdashShapeIndex), compare_indexes);
	g_hash_table_insert(self->shapes, &shape->id, shape);
	return shape;
}

PerfdashStream *
perfdash_catalogue_find_stream(PerfdashCatalogue *self, gint64 id)
{
	return g_hash_table_lookup(self->streams_by_id, &id);
}

/* NULL when nothing of it was committed */
PerfdashSeriesEntry *
perfdash_catalogue_find_series(PerfdashCatalogue *self, const char *name)
{
	PerfdashSeriesEntry *entry = g_hash_table_lookup(self->series_by_name, name);
	return entry != NULL && entry->version > 0 ? entry : NULL;
}

static GPtrArray *
unpack_series(PerfdashCatalogue *self, const guint8 *data, gsize size)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new();
	PerfdashUnpacker in = {data, data + size, FALSE};
	gint64 id = 0;
	while (in.p < in.end) {
		id += perfdash_unpack_int(&in);
		PerfdashSeriesEntry *entry = g_hash_table_lookup(self->series_by_id, &id);
		if (entry == NULL || in.failed)
			return NULL;
		g_ptr_array_add(entries, entry);
	}
	return g_steal_pointer(&entries);
}

PerfdashShape *
perfdash_catalogue_load_shape(PerfdashCatalogue *self,
			      PerfdashDatabase *database,
			      gint64 id,
			      GError **error)
{
	g_rw_lock_reader_lock(&self->lock);
	PerfdashShape *shape = g_hash_table_lookup(self->shapes, &id);
	g_rw_lock_reader_unlock(&self->lock);
	if (shape != NULL)
		return shape;
	sqlite3_stmt *query = perfdash_database_query(database, "get_shape");
	sqlite3_bind_int64(query, 1, id);
	PerfdashStep step = perfdash_database_step(database, query, error);
	if (step == PERFDASH_STEP_ERROR)
		return NULL;
	g_rw_lock_writer_lock(&self->lock);
	g_autoptr(GPtrArray) entries = step == PERFDASH_STEP_ROW
					       ? unpack_series(self,
							       sqlite3_column_blob(query, 0),
							       sqlite3_column_bytes(query, 0))
					       : NULL;
	sqlite3_reset(query);
	shape = g_hash_table_lookup(self->shapes, &id);
	if (shape == NULL && entries != NULL)
		shape = perfdash_catalogue_insert_shape(self, id, entries);
	g_rw_lock_writer_unlock(&self->lock);
	if (shape == NULL)
		perfdash_database_set_damaged(database, error, "shape", id);
	return shape;
}

void
perfdash_catalogue_append_tail(PerfdashCatalogue *self,
			       PerfdashStream *stream,
			       PerfdashTailRun *run)
{
	g_ptr_array_add(stream->tail, run);
	for (guint i = 0; i < run->shape->n; i++)
		run->shape->series[i]->version++;
	self->n_tail_points += run->shape->n;
}

void
perfdash_catalogue_settle_changes(PerfdashCatalogue *self, GPtrArray *ids)
{
	for (guint i = 0; i < ids->len; i++) {
		const char *id = g_ptr_array_index(ids, i);
		PerfdashSeriesEntry *entry = perfdash_catalogue_find_series(self, id);
		if (entry != NULL)
			entry->n_edits++;
	}
	self->generation++;
}

void
perfdash_catalogue_set_empty(PerfdashCatalogue *self, PerfdashSeriesEntry *entry, gboolean is_empty)
{
	self->n_empty_series += is_empty - entry->is_empty;
	entry->is_empty = is_empty;
}

/* the lock is held for writing */
void
perfdash_catalogue_append_run(PerfdashCatalogue *self, PerfdashStream *stream, PerfdashTailRun *run)
{
	gint64 day = perfdash_change_find_day(run->time);
	perfdash_catalogue_append_tail(self, stream, run);
	for (guint i = 0; i < run->shape->n; i++)
		perfdash_catalogue_set_empty(self, run->shape->series[i], FALSE);
	g_hash_table_remove(self->n_active, &day);
	stream->n_runs++;
	stream->n_results += run->shape->n_results;
	stream->last_time = MAX(stream->last_time, run->time);
	self->n_runs++;
	self->n_results += run->shape->n_results;
	self->last_time = MAX(self->last_time, run->time);
}

void
perfdash_catalogue_set_derived(PerfdashCatalogue *self, PerfdashStream *stream, guint32 n_derived)
{
	g_rw_lock_writer_lock(&self->lock);
	guint n = n_derived - stream->n_derived;
	for (guint i = 0; i < n; i++) {
		PerfdashTailRun *run = g_ptr_array_index(stream->tail, i);
		self->n_tail_points -= run->shape->n;
	}
	g_ptr_array_remove_range(stream->tail, 0, n);
	stream->n_derived = n_derived;
	g_rw_lock_writer_unlock(&self->lock);
}

PerfdashCatalogue *
perfdash_catalogue_new(void)
{
	PerfdashCatalogue *self = g_new0(PerfdashCatalogue, 1);
	g_rw_lock_init(&self->lock);
	self->n_active = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	self->streams = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_stream_free);
	self->series = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_series_entry_free);
	self->streams_by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	self->streams_by_labels = g_hash_table_new((GHashFunc)perfdash_labels_hash,
						   (GEqualFunc)perfdash_labels_equal);
	self->series_by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	self->series_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	self->shapes = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, NULL);
	self->unsettled_shapes = g_ptr_array_new();
	self->replaced_infos = g_array_new(FALSE, FALSE, sizeof(PerfdashReplacedInfo));
	return self;
}

void
perfdash_catalogue_free(PerfdashCatalogue *self)
{
	g_autoptr(GList) shapes = g_hash_table_get_values(self->shapes);
	g_list_foreach(shapes, (GFunc)(void (*)(void))perfdash_shape_free, NULL);
	g_hash_table_unref(self->shapes);
	g_hash_table_unref(self->streams_by_id);
	g_hash_table_unref(self->streams_by_labels);
	g_hash_table_unref(self->series_by_id);
	g_hash_table_unref(self->series_by_name);
	g_ptr_array_unref(self->unsettled_shapes);
	g_array_unref(self->replaced_infos);
	g_hash_table_unref(self->n_active);
	g_ptr_array_unref(self->streams);
	g_ptr_array_unref(self->series);
	g_rw_lock_clear(&self->lock);
	g_free(self);
}
