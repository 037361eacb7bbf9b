/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs are written one by one and read series by series. A run goes into the file as one row, which
 * is fast to write; when some have come together they are turned round into a chunk for each series
 * and block of 256 runs, which is fast to read. Blocks start at fixed runs, so a block that is not
 * full yet is read, completed and written again. */

#include "perfdash-chunk.h"
#include "perfdash-writer.h"

typedef struct {
	PerfdashDatabase *database;
	gint64 block;
	guint n_runs;           /* of the tail in this block */
	PerfdashTailRun **runs; /* those */
	gboolean is_begun;      /* earlier runs of the block are in chunks already */
} Block;

static gboolean
read_chunk(Block *block, PerfdashSeriesEntry *series, PerfdashChunk *chunk, GError **error)
{
	chunk->n = 0;
	if (!block->is_begun)
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(block->database, "get_chunk");
	sqlite3_bind_int64(query, 1, series->id);
	sqlite3_bind_int64(query, 2, block->block);
	PerfdashStep step = perfdash_database_step(block->database, query, error);
	if (step != PERFDASH_STEP_ROW)
		return step == PERFDASH_STEP_DONE;
	gboolean valid = perfdash_chunk_unpack(chunk,
					       sqlite3_column_blob(query, 0),
					       sqlite3_column_bytes(query, 0));
	sqlite3_reset(query);
	if (!valid)
		perfdash_database_set_damaged(block->database,
					      error,
					      "chunk of series",
					      series->id);
	return valid;
}

static void
append_tail(Block *block, PerfdashSeriesEntry *series, PerfdashChunk *chunk)
{
	PerfdashShape *shape = NULL;
	int position = -1;
	guint32 first = block->block * PERFDASH_BLOCK;
	/* what a chunk has beyond the derived runs is of a write that was not finished */
	while (chunk->n > 0 && chunk->offsets[chunk->n - 1] >= block->runs[0]->seq - first)
		chunk->n--;
	for (guint i = 0; i < block->n_runs; i++) {
		PerfdashTailRun *run = block->runs[i];
		if (run->shape != shape) {
			shape = run->shape;
			position = perfdash_shape_find(shape, series);
		}
		if (position < 0)
			continue;
		chunk->offsets[chunk->n] = run->seq - first;
		chunk->values[chunk->n] = run->values[position];
		chunk->n++;
	}
}

static gboolean
write_chunk(Block *block, PerfdashSeriesEntry *series, GByteArray *packed, GError **error)
{
	PerfdashChunk chunk;
	if (!read_chunk(block, series, &chunk, error))
		return FALSE;
	append_tail(block, series, &chunk);
	g_byte_array_set_size(packed, 0);
	perfdash_chunk_pack(&chunk, packed);
	sqlite3_stmt *query = perfdash_database_query(block->database, "put_chunk");
	sqlite3_bind_int64(query, 1, series->id);
	sqlite3_bind_int64(query, 2, block->block);
	sqlite3_bind_blob(query, 3, packed->data, packed->len, SQLITE_STATIC);
	return perfdash_database_run(block->database, query, NULL, error);
}

static gboolean
write_chunks(Block *block, GError **error)
{
	g_autoptr(GHashTable) shapes = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);
	g_autoptr(GByteArray) packed = g_byte_array_new();
	for (guint i = 0; i < block->n_runs; i++) {
		PerfdashShape *shape = block->runs[i]->shape;
		if (!g_hash_table_add(shapes, shape))
			continue;
		for (guint j = 0; j < shape->n; j++) {
			if (g_hash_table_add(done, shape->series[j]) &&
			    !write_chunk(block, shape->series[j], packed, error))
				return FALSE;
		}
	}
	return TRUE;
}

static gboolean
read_timeline(Block *block,
	      PerfdashStream *stream,
	      PerfdashTimelineBuilder *builder,
	      GError **error)
{
	if (!block->is_begun)
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(block->database, "get_timeline");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_int64(query, 2, block->block);
	PerfdashStep step = perfdash_database_step(block->database, query, error);
	gboolean valid = step == PERFDASH_STEP_ROW &&
			 perfdash_timeline_builder_unpack(builder,
							  sqlite3_column_blob(query, 0),
							  sqlite3_column_bytes(query, 0));
	if (step == PERFDASH_STEP_ROW)
		sqlite3_reset(query);
	if (!valid && step != PERFDASH_STEP_ERROR)
		perfdash_database_set_damaged(block->database,
					      error,
					      "timeline of stream",
					      stream->id);
	return valid;
}

static gboolean
write_timeline(Block *block, PerfdashStream *stream, GError **error)
{
	g_autoptr(PerfdashTimelineBuilder) builder = perfdash_timeline_builder_new(PERFDASH_BLOCK);
	g_autoptr(GByteArray) packed = g_byte_array_new();
	if (!read_timeline(block, stream, builder, error))
		return FALSE;
	for (guint i = 0; i < block->n_runs; i++) {
		PerfdashTailRun *run = block->runs[i];
		perfdash_timeline_builder_add(builder,
					      run->run,
					      run->time,
					      run->outcome,
					      run->build,
					      run->revision);
	}
	perfdash_timeline_builder_pack(builder, 0, packed);
	sqlite3_stmt *query = perfdash_database_query(block->database, "put_timeline");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_int64(query, 2, block->block);
	sqlite3_bind_blob(query, 3, packed->data, packed->len, SQLITE_STATIC);
	return perfdash_database_run(block->database, query, NULL, error);
}

static gboolean
write_blocks(PerfdashDatabase *database, PerfdashStream *stream, GError **error)
{
	PerfdashTailRun **runs = (PerfdashTailRun **)stream->tail->pdata;
	for (guint i = 0; i < stream->tail->len;) {
		guint32 seq = stream->n_derived + i;
		Block block = {
			.database = database,
			.block = seq / PERFDASH_BLOCK,
			.n_runs = MIN(PERFDASH_BLOCK - seq % PERFDASH_BLOCK, stream->tail->len - i),
			.runs = runs + i,
			.is_begun = seq % PERFDASH_BLOCK != 0};
		if (!write_chunks(&block, error) || !write_timeline(&block, stream, error))
			return FALSE;
		i += block.n_runs;
	}
	return TRUE;
}

gboolean
perfdash_writer_derive(PerfdashCatalogue *catalogue,
		       PerfdashDatabase *database,
		       PerfdashStream *stream,
		       GError **error)
{
	guint32 n_derived = stream->n_derived + stream->tail->len;
	sqlite3_stmt *query = NULL;
	gboolean written = perfdash_database_begin(database, error) &&
			   write_blocks(database, stream, error);
	if (written) {
		query = perfdash_database_query(database, "set_derived");
		sqlite3_bind_int64(query, 1, stream->id);
		sqlite3_bind_int64(query, 2, n_derived);
		written = perfdash_database_run(database, query, NULL, error) &&
			  perfdash_database_commit(database, error);
	}
	if (!written) {
		perfdash_database_rollback(database);
		return FALSE;
	}
	perfdash_catalogue_set_derived(catalogue, stream, n_derived);
	return TRUE;
}
