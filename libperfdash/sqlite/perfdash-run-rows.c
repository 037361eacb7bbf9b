/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-run-rows.h"

#include "perfdash-labels-private.h"
#include "perfdash-result-private.h"
#include "perfdash-run-private.h"

#define DETAILS_TYPE "a(ua(sd)ad)"
#define MAX_NEAR     255 /* runs near to one base: if its row is damaged, they are lost, too */

static void
bind_text(sqlite3_stmt *query, int index, const char *text)
{
	sqlite3_bind_text(query, index, text, -1, SQLITE_STATIC);
}

static void
bind_labels(sqlite3_stmt *query, int index, PerfdashLabels *labels)
{
	gsize size;
	const char *packed = perfdash_labels_get_packed(labels, &size);
	sqlite3_bind_blob64(query, index, packed, size, SQLITE_STATIC);
}

static GVariant *
result_details(PerfdashResult *result, guint index)
{
	g_auto(GVariantBuilder) stats = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a(sd)"));
	gsize n_replicates;
	const double *replicates = perfdash_result_get_replicates(result, &n_replicates);
	gboolean any = n_replicates > 0;
	for (guint i = 0; i < perfdash_result_get_n_stats(result); i++) {
		double value;
		const char *name = perfdash_result_get_nth_stat(result, i, &value);
		if (perfdash_stat_is_percentile(name))
			continue;
		g_variant_builder_add(&stats, "(sd)", name, value);
		any = TRUE;
	}
	if (!any)
		return NULL;
	return g_variant_new("(u@a(sd)@ad)",
			     index,
			     g_variant_builder_end(&stats),
			     g_variant_new_fixed_array(G_VARIANT_TYPE_DOUBLE,
						       replicates,
						       n_replicates,
						       sizeof(double)));
}

/* statistics that are no series, and replicates; NULL when the run has none */
static GVariant *
run_details(PerfdashRun *run)
{
	g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE(DETAILS_TYPE));
	gboolean any = FALSE;
	for (guint i = 0; i < run->results->len; i++) {
		GVariant *details = result_details(g_ptr_array_index(run->results, i), i);
		if (details == NULL)
			continue;
		g_variant_builder_add_value(&builder, details);
		any = TRUE;
	}
	return any ? g_variant_ref_sink(g_variant_builder_end(&builder)) : NULL;
}

static void
bind_details(sqlite3_stmt *query, int index, GVariant *details)
{
	if (details == NULL)
		return;
	g_autoptr(GVariant) little = G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap(details)
								  : g_variant_ref(details);
	sqlite3_bind_blob64(query,
			    index,
			    g_variant_get_data(little),
			    g_variant_get_size(little),
			    SQLITE_TRANSIENT);
}

/* near to an earlier run while that pays; gives the id of that run, or 0 */
static gint64
pack_points(PerfdashTailRun *tail, GByteArray *points)
{
	PerfdashShape *shape = tail->shape;
	if (shape->base_run != 0 && shape->n_near < MAX_NEAR) {
		perfdash_row_pack_near(shape->base, tail->values, shape->usual, points);
		if (points->len < shape->base_size / 8 * 7) {
			shape->n_near++;
			return shape->base_run;
		}
		g_byte_array_set_size(points, 0);
	}
	if (shape->base == NULL)
		shape->base = perfdash_row_new(shape->n);
	perfdash_row_pack(shape->base, tail->values, shape->usual, points);
	shape->base_run = 0;
	shape->base_size = points->len;
	shape->n_near = 0;
	return 0;
}

PerfdashTailRun *
perfdash_run_rows_make_tail(PerfdashShape *shape, guint32 seq, PerfdashRun *run, gint64 received_at)
{
	PerfdashTailRun *tail = perfdash_tail_run_new(shape);
	tail->seq = seq;
	tail->time = run->started_at != 0 ? run->started_at : received_at;
	tail->outcome = run->outcome;
	tail->build = g_strdup(run->build);
	tail->revision = g_strdup(run->revision);
	perfdash_run_copy_points(run, tail->values);
	return tail;
}

/* add_run and update_run have the same parameters, as far as both have them */
static gboolean
write_run(PerfdashDatabase *database,
	  sqlite3_stmt *query,
	  PerfdashRun *run,
	  PerfdashTailRun *tail,
	  gint64 *id,
	  GError **error)
{
	g_autoptr(GByteArray) points = g_byte_array_sized_new(tail->shape->n * 4 + 64);
	g_autoptr(GVariant) details = run_details(run);
	g_autofree char *warnings = g_strjoinv("\n", run->warnings);
	gint64 base = pack_points(tail, points);
	sqlite3_bind_int64(query, 4, tail->shape->id);
	sqlite3_bind_int64(query, 5, tail->time);
	sqlite3_bind_int(query, 6, tail->outcome);
	bind_text(query, 7, tail->build);
	bind_text(query, 8, tail->revision);
	bind_text(query, 9, run->url);
	bind_text(query, 10, run->parser);
	bind_labels(query, 11, run->environment);
	bind_labels(query, 12, run->parameters);
	bind_text(query, 13, warnings);
	sqlite3_bind_null(query, 14);
	if (base != 0)
		sqlite3_bind_int64(query, 14, base);
	sqlite3_bind_blob64(query, 15, points->data, points->len, SQLITE_STATIC);
	sqlite3_bind_null(query, 16);
	bind_details(query, 16, details);
	sqlite3_bind_int64(query, 17, run->results->len);
	if (!perfdash_database_run(database, query, id, error))
		return FALSE;
	if (base == 0)
		tail->shape->base_run = tail->run;
	return TRUE;
}

gboolean
perfdash_run_rows_add(PerfdashDatabase *database,
		      gint64 log,
		      PerfdashStream *stream,
		      PerfdashRun *run,
		      PerfdashTailRun *tail,
		      GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "add_run");
	sqlite3_bind_int64(query, 1, log);
	sqlite3_bind_int64(query, 2, stream->id);
	sqlite3_bind_int64(query, 3, tail->seq);
	return write_run(database, query, run, tail, &tail->run, error);
}

gboolean
perfdash_run_rows_update(PerfdashDatabase *database,
			 gint64 log,
			 PerfdashRun *run,
			 PerfdashTailRun *tail,
			 GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "update_run");
	sqlite3_bind_int64(query, 1, log);
	sqlite3_bind_int64(query, 18, tail->run);
	return write_run(database, query, run, tail, NULL, error);
}

gboolean
perfdash_run_rows_repack(PerfdashDatabase *database, PerfdashTailRun *tail, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "set_points");
	g_autoptr(GByteArray) points = g_byte_array_sized_new(tail->shape->n * 4 + 64);
	gint64 base = pack_points(tail, points);
	sqlite3_bind_int64(query, 1, tail->run);
	sqlite3_bind_null(query, 2);
	if (base != 0)
		sqlite3_bind_int64(query, 2, base);
	sqlite3_bind_blob64(query, 3, points->data, points->len, SQLITE_STATIC);
	if (!perfdash_database_run(database, query, NULL, error))
		return FALSE;
	if (base == 0)
		tail->shape->base_run = tail->run;
	return TRUE;
}
