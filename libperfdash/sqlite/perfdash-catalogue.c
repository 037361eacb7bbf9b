/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-catalogue.h"

#include <string.h>

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

static void
stream_free(PerfdashStream *stream)
{
	perfdash_labels_unref(stream->labels);
	g_ptr_array_unref(stream->tail);
	g_hash_table_unref(stream->series);
	g_free(stream);
}

static void
series_free(PerfdashSeriesEntry *entry)
{
	perfdash_series_info_unref(entry->info);
	perfdash_labels_unref(entry->labels);
	g_free(entry);
}

static void
shape_free(PerfdashShape *shape)
{
	g_free(shape->series);
	g_free(shape->exponents);
	g_hash_table_unref(shape->index);
	g_free(shape);
}

int
perfdash_shape_find(PerfdashShape *self, PerfdashSeriesEntry *series)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(self->index, series)) - 1;
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
	g_ptr_array_add(self->series, entry);
	g_hash_table_add(entry->stream->series, entry);
	g_hash_table_insert(self->series_by_id, &entry->id, entry);
	g_hash_table_insert(self->series_by_name,
			    (char *)perfdash_series_info_get_id(entry->info),
			    entry);
}

/* takes ownership of series */
static PerfdashShape *
insert_shape(PerfdashCatalogue *self, gint64 id, PerfdashSeriesEntry **series, guint n)
{
	PerfdashShape *shape = g_new0(PerfdashShape, 1);
	shape->id = id;
	shape->n = n;
	shape->series = series;
	shape->exponents = g_new0(guint8, n);
	shape->index = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < n; i++)
		g_hash_table_insert(shape->index, series[i], GINT_TO_POINTER(i + 1));
	g_hash_table_insert(self->shapes, &shape->id, shape);
	return shape;
}

PerfdashStream *
perfdash_catalogue_find_stream(PerfdashCatalogue *self, gint64 id)
{
	return g_hash_table_lookup(self->streams_by_id, &id);
}

PerfdashSeriesEntry *
perfdash_catalogue_find_series(PerfdashCatalogue *self, const char *name)
{
	return g_hash_table_lookup(self->series_by_name, name);
}

static void
bind_labels(sqlite3_stmt *query, int index, PerfdashLabels *labels)
{
	gsize size;
	const char *packed = perfdash_labels_get_packed(labels, &size);
	sqlite3_bind_blob64(query, index, packed, size, SQLITE_STATIC);
}

PerfdashStream *
perfdash_catalogue_ensure_stream(PerfdashCatalogue *self,
				 PerfdashDatabase *database,
				 PerfdashLabels *labels,
				 GError **error)
{
	PerfdashStream *stream = g_hash_table_lookup(self->streams_by_labels, labels);
	gint64 id;
	if (stream != NULL)
		return stream;
	sqlite3_stmt *query = perfdash_database_query(database, "add_stream");
	bind_labels(query, 1, labels);
	if (!perfdash_database_run(database, query, &id, error))
		return NULL;
	g_rw_lock_writer_lock(&self->lock);
	stream = perfdash_catalogue_insert_stream(self, id, labels);
	g_rw_lock_writer_unlock(&self->lock);
	return stream;
}

static gboolean
add_series(PerfdashCatalogue *self,
	   PerfdashDatabase *database,
	   PerfdashSeriesEntry *entry,
	   GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "add_series");
	sqlite3_bind_int64(query, 1, entry->stream->id);
	bind_labels(query, 2, entry->labels);
	sqlite3_bind_text(query, 3, entry->stat, -1, SQLITE_STATIC);
	sqlite3_bind_text(query, 4, perfdash_series_info_get_unit(entry->info), -1, SQLITE_STATIC);
	sqlite3_bind_int(query, 5, perfdash_series_info_get_direction(entry->info));
	if (!perfdash_database_run(database, query, &entry->id, error))
		return FALSE;
	g_rw_lock_writer_lock(&self->lock);
	perfdash_catalogue_insert_series(self, entry);
	g_rw_lock_writer_unlock(&self->lock);
	return TRUE;
}

/* a parser that mends the direction of a metric mends it for the whole series */
static gboolean
update_direction(PerfdashCatalogue *self,
		 PerfdashDatabase *database,
		 PerfdashSeriesEntry *entry,
		 PerfdashDirection direction,
		 GError **error)
{
	if (perfdash_series_info_get_direction(entry->info) == direction)
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(database, "set_direction");
	sqlite3_bind_int64(query, 1, entry->id);
	sqlite3_bind_int(query, 2, direction);
	if (!perfdash_database_run(database, query, NULL, error))
		return FALSE;
	PerfdashSeriesInfo *old = entry->info;
	PerfdashSeriesInfo *new = perfdash_series_info_new(perfdash_series_info_get_labels(old),
							   perfdash_series_info_get_unit(old),
							   direction);
	g_rw_lock_writer_lock(&self->lock);
	g_hash_table_replace(self->series_by_name, (char *)perfdash_series_info_get_id(new), entry);
	entry->info = new;
	g_rw_lock_writer_unlock(&self->lock);
	/* a reader may still look at it */
	g_ptr_array_add(self->forgotten_infos, old);
	return TRUE;
}

static PerfdashSeriesEntry *
ensure_series(PerfdashCatalogue *self,
	      PerfdashDatabase *database,
	      PerfdashStream *stream,
	      PerfdashResult *result,
	      const char *stat,
	      GError **error)
{
	PerfdashSeriesEntry *wanted = perfdash_series_entry_new(stream,
								result->labels,
								stat,
								result->unit,
								result->direction);
	PerfdashSeriesEntry *found = g_hash_table_lookup(stream->series, wanted);
	if (found == NULL && add_series(self, database, wanted, error))
		return wanted;
	series_free(wanted);
	if (found == NULL || !update_direction(self, database, found, result->direction, error))
		return NULL;
	return found;
}

static gboolean
is_same_point(PerfdashSeriesEntry *entry, PerfdashResult *result, const char *stat)
{
	return entry->stat == stat && perfdash_series_info_get_unit(entry->info) == result->unit &&
	       perfdash_series_info_get_direction(entry->info) == result->direction &&
	       perfdash_labels_equal(entry->labels, result->labels);
}

static gboolean
shape_fits(PerfdashShape *shape, PerfdashRun *run)
{
	const char *value = g_intern_static_string("");
	guint n = 0;
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		if (n == shape->n || !is_same_point(shape->series[n++], result, value))
			return FALSE;
		for (guint j = 0; j < perfdash_result_get_n_stats(result); j++) {
			const char *stat = perfdash_result_get_nth_stat(result, j, NULL);
			if (!perfdash_stat_is_percentile(stat))
				continue;
			if (n == shape->n || !is_same_point(shape->series[n++], result, stat))
				return FALSE;
		}
	}
	return n == shape->n;
}

static GPtrArray *
collect_series(PerfdashCatalogue *self,
	       PerfdashDatabase *database,
	       PerfdashStream *stream,
	       PerfdashRun *run,
	       GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new();
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		for (int j = -1; j < (int)perfdash_result_get_n_stats(result); j++) {
			const char *stat = j >= 0 ? perfdash_result_get_nth_stat(result, j, NULL)
						  : "";
			if (j >= 0 && !perfdash_stat_is_percentile(stat))
				continue;
			PerfdashSeriesEntry *entry =
				ensure_series(self, database, stream, result, stat, error);
			if (entry == NULL)
				return NULL;
			g_ptr_array_add(entries, entry);
		}
	}
	return g_steal_pointer(&entries);
}

static GByteArray *
pack_series(GPtrArray *entries)
{
	GByteArray *packed = g_byte_array_new();
	gint64 before = 0;
	for (guint i = 0; i < entries->len; i++) {
		PerfdashSeriesEntry *entry = g_ptr_array_index(entries, i);
		perfdash_pack_int(packed, entry->id - before);
		before = entry->id;
	}
	return packed;
}

static gboolean
find_or_add_shape(PerfdashDatabase *database,
		  PerfdashStream *stream,
		  GByteArray *packed,
		  gint64 *id,
		  GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "find_shape");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_blob(query, 2, packed->data, packed->len, SQLITE_STATIC);
	PerfdashStep step = perfdash_database_step(database, query, error);
	if (step == PERFDASH_STEP_ERROR)
		return FALSE;
	if (step == PERFDASH_STEP_ROW) {
		*id = sqlite3_column_int64(query, 0);
		sqlite3_reset(query);
		return TRUE;
	}
	query = perfdash_database_query(database, "add_shape");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_blob(query, 2, packed->data, packed->len, SQLITE_STATIC);
	return perfdash_database_run(database, query, id, error);
}

PerfdashShape *
perfdash_catalogue_ensure_shape(PerfdashCatalogue *self,
				PerfdashDatabase *database,
				PerfdashStream *stream,
				PerfdashRun *run,
				GError **error)
{
	gint64 id;
	if (stream->last_shape != NULL && shape_fits(stream->last_shape, run))
		return stream->last_shape;
	g_autoptr(GPtrArray) entries = collect_series(self, database, stream, run, error);
	if (entries == NULL)
		return NULL;
	g_autoptr(GByteArray) packed = pack_series(entries);
	if (!find_or_add_shape(database, stream, packed, &id, error))
		return NULL;
	g_rw_lock_writer_lock(&self->lock);
	PerfdashShape *shape = g_hash_table_lookup(self->shapes, &id);
	if (shape == NULL) {
		guint n = entries->len;
		shape = insert_shape(
			self,
			id,
			(PerfdashSeriesEntry **)g_ptr_array_free(g_steal_pointer(&entries), FALSE),
			n);
		g_ptr_array_add(self->unsettled_shapes, shape);
	}
	stream->last_shape = shape;
	g_rw_lock_writer_unlock(&self->lock);
	return shape;
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
	if (perfdash_database_step(database, query, error) == PERFDASH_STEP_ERROR)
		return NULL;
	g_rw_lock_writer_lock(&self->lock);
	g_autoptr(GPtrArray) entries = unpack_series(self,
						     sqlite3_column_blob(query, 0),
						     sqlite3_column_bytes(query, 0));
	sqlite3_reset(query);
	shape = g_hash_table_lookup(self->shapes, &id);
	if (shape == NULL && entries != NULL) {
		guint n = entries->len;
		shape = insert_shape(
			self,
			id,
			(PerfdashSeriesEntry **)g_ptr_array_free(g_steal_pointer(&entries), FALSE),
			n);
	}
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
perfdash_catalogue_append_run(PerfdashCatalogue *self, PerfdashStream *stream, PerfdashTailRun *run)
{
	g_rw_lock_writer_lock(&self->lock);
	perfdash_catalogue_append_tail(self, stream, run);
	stream->n_runs++;
	stream->n_results += run->shape->n;
	stream->last_time = MAX(stream->last_time, run->time);
	self->n_runs++;
	self->n_results += run->shape->n;
	self->last_time = MAX(self->last_time, run->time);
	g_rw_lock_writer_unlock(&self->lock);
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

/* what was added is in the database for good */
void
perfdash_catalogue_settle(PerfdashCatalogue *self)
{
	self->n_settled_streams = self->streams->len;
	self->n_settled_series = self->series->len;
	g_ptr_array_set_size(self->unsettled_shapes, 0);
}

static void
forget_series(PerfdashCatalogue *self, PerfdashSeriesEntry *entry)
{
	g_hash_table_remove(entry->stream->series, entry);
	g_hash_table_remove(self->series_by_id, &entry->id);
	g_hash_table_remove(self->series_by_name, perfdash_series_info_get_id(entry->info));
}

static void
forget_stream(PerfdashCatalogue *self, PerfdashStream *stream)
{
	g_hash_table_remove(self->streams_by_id, &stream->id);
	g_hash_table_remove(self->streams_by_labels, stream->labels);
}

/* the transaction failed: forgets what was added since the last one. A reader may still hold such
 * an entry, so it is kept aside. */
void
perfdash_catalogue_unsettle(PerfdashCatalogue *self)
{
	g_rw_lock_writer_lock(&self->lock);
	for (guint i = 0; i < self->streams->len; i++)
		((PerfdashStream *)g_ptr_array_index(self->streams, i))->last_shape = NULL;
	for (guint i = 0; i < self->unsettled_shapes->len; i++) {
		PerfdashShape *shape = g_ptr_array_index(self->unsettled_shapes, i);
		g_hash_table_remove(self->shapes, &shape->id);
		g_ptr_array_add(self->forgotten_shapes, shape);
	}
	while (self->series->len > self->n_settled_series) {
		PerfdashSeriesEntry *entry = g_ptr_array_steal_index(self->series,
								     self->series->len - 1);
		forget_series(self, entry);
		g_ptr_array_add(self->forgotten_series, entry);
	}
	while (self->streams->len > self->n_settled_streams) {
		PerfdashStream *stream = g_ptr_array_steal_index(self->streams,
								 self->streams->len - 1);
		forget_stream(self, stream);
		g_ptr_array_add(self->forgotten_streams, stream);
	}
	g_ptr_array_set_size(self->unsettled_shapes, 0);
	g_rw_lock_writer_unlock(&self->lock);
}

PerfdashCatalogue *
perfdash_catalogue_new(void)
{
	PerfdashCatalogue *self = g_new0(PerfdashCatalogue, 1);
	g_rw_lock_init(&self->lock);
	self->streams = g_ptr_array_new_with_free_func((GDestroyNotify)stream_free);
	self->series = g_ptr_array_new_with_free_func((GDestroyNotify)series_free);
	self->streams_by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	self->streams_by_labels = g_hash_table_new((GHashFunc)perfdash_labels_hash,
						   (GEqualFunc)perfdash_labels_equal);
	self->series_by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	self->series_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	self->shapes = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, NULL);
	self->unsettled_shapes = g_ptr_array_new();
	self->forgotten_infos = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_series_info_unref);
	self->forgotten_streams = g_ptr_array_new_with_free_func((GDestroyNotify)stream_free);
	self->forgotten_series = g_ptr_array_new_with_free_func((GDestroyNotify)series_free);
	self->forgotten_shapes = g_ptr_array_new_with_free_func((GDestroyNotify)shape_free);
	return self;
}

void
perfdash_catalogue_free(PerfdashCatalogue *self)
{
	g_autoptr(GList) shapes = g_hash_table_get_values(self->shapes);
	g_list_foreach(shapes, (GFunc)(void (*)(void))shape_free, NULL);
	g_hash_table_unref(self->shapes);
	g_hash_table_unref(self->streams_by_id);
	g_hash_table_unref(self->streams_by_labels);
	g_hash_table_unref(self->series_by_id);
	g_hash_table_unref(self->series_by_name);
	g_ptr_array_unref(self->unsettled_shapes);
	g_ptr_array_unref(self->forgotten_infos);
	g_ptr_array_unref(self->forgotten_shapes);
	g_ptr_array_unref(self->forgotten_series);
	g_ptr_array_unref(self->forgotten_streams);
	g_ptr_array_unref(self->streams);
	g_ptr_array_unref(self->series);
	g_rw_lock_clear(&self->lock);
	g_free(self);
}
