/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What two readings of one log have in common, by two parsers or two versions of one. Both are
 * compared by keys, the strictest first; what has the same key belongs together in the order of the
 * log. The looser keys only decide where the numbers of those that are left are the same on both
 * sides: what may be one or the other is neither. */

#include "perfdash-pairing.h"

#include <string.h>

#include "perfdash-labels-private.h"
#include "perfdash-result-private.h"
#include "perfdash-run-private.h"

/* appends what the element at index is known by */
typedef void (*AppendKey)(gconstpointer list, guint index, GString *key);

static PerfdashPairing *
pairing_new(guint n_before, guint n_after)
{
	PerfdashPairing *self = g_new0(PerfdashPairing, 1);
	self->n_before = n_before;
	self->n_after = n_after;
	self->after = g_new(int, n_before + 1);
	self->before = g_new(int, n_after + 1);
	for (guint i = 0; i < n_before; i++)
		self->after[i] = -1;
	for (guint i = 0; i < n_after; i++)
		self->before[i] = -1;
	return self;
}

void
perfdash_pairing_free(PerfdashPairing *self)
{
	g_free(self->after);
	g_free(self->before);
	g_free(self);
}

static void
free_key(gpointer key)
{
	g_string_free(key, TRUE);
}

/* the elements of a list that are left: key -> GQueue of their indices */
static GHashTable *
sort_by_key(gconstpointer list, const int *paired, guint n, AppendKey append_key)
{
	GHashTable *keys = g_hash_table_new_full((GHashFunc)g_string_hash,
						 (GEqualFunc)g_string_equal,
						 free_key,
						 (GDestroyNotify)g_queue_free);
	for (guint i = 0; i < n; i++) {
		if (paired[i] >= 0)
			continue;
		GString *key = g_string_new(NULL);
		append_key(list, i, key);
		GQueue *indices = g_hash_table_lookup(keys, key);
		if (indices == NULL)
			g_hash_table_insert(keys, key, indices = g_queue_new());
		else
			g_string_free(key, TRUE);
		g_queue_push_tail(indices, GUINT_TO_POINTER(i));
	}
	return keys;
}

static void
pair_by(PerfdashPairing *self,
	gconstpointer before,
	gconstpointer after,
	AppendKey append_key,
	gboolean is_loose)
{
	g_autoptr(GHashTable) olds = sort_by_key(before, self->after, self->n_before, append_key);
	g_autoptr(GHashTable) news = sort_by_key(after, self->before, self->n_after, append_key);
	GHashTableIter iter;
	gpointer key;
	gpointer value;
	g_hash_table_iter_init(&iter, olds);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		GQueue *left = value;
		GQueue *right = g_hash_table_lookup(news, key);
		if (right == NULL || (is_loose && left->length != right->length))
			continue;
		while (left->length > 0 && right->length > 0) {
			guint i = GPOINTER_TO_UINT(g_queue_pop_head(left));
			guint j = GPOINTER_TO_UINT(g_queue_pop_head(right));
			self->after[i] = j;
			self->before[j] = i;
		}
	}
}

static void
append_labels(GString *key, PerfdashLabels *labels)
{
	gsize size;
	const char *packed = perfdash_labels_get_packed(labels, &size);
	g_string_append_len(key, packed, size);
	g_string_append_c(key, '\0');
}

static void
append_label(GString *key, PerfdashLabels *labels, const char *name)
{
	const char *value = perfdash_labels_get(labels, name);
	g_string_append(key, value != NULL ? value : "");
	g_string_append_c(key, '\0');
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* their names, each once */
static void
append_benchmarks(GString *key, PerfdashRun *run)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < run->results->len; i++) {
		PerfdashResult *result = g_ptr_array_index(run->results, i);
		const char *name = perfdash_labels_get(result->labels, "benchmark");
		g_ptr_array_add(names, (char *)(name != NULL ? name : ""));
	}
	g_ptr_array_sort(names, compare_texts);
	for (guint i = 0; i < names->len; i++) {
		if (i > 0 && g_str_equal(names->pdata[i], names->pdata[i - 1]))
			continue;
		g_string_append(key, names->pdata[i]);
		g_string_append_c(key, '\0');
	}
}

static void
key_of_stream_time(gconstpointer runs, guint index, GString *key)
{
	PerfdashRun *run = g_ptr_array_index((GPtrArray *)runs, index);
	append_labels(key, run->labels);
	g_string_append_printf(key, "%" G_GINT64_FORMAT, run->started_at);
}

static void
key_of_stream_time_benchmarks(gconstpointer runs, guint index, GString *key)
{
	key_of_stream_time(runs, index, key);
	append_benchmarks(key, g_ptr_array_index((GPtrArray *)runs, index));
}

static void
key_of_stream_benchmarks(gconstpointer runs, guint index, GString *key)
{
	PerfdashRun *run = g_ptr_array_index((GPtrArray *)runs, index);
	append_labels(key, run->labels);
	append_benchmarks(key, run);
}

static void
key_of_stream(gconstpointer runs, guint index, GString *key)
{
	append_labels(key, ((PerfdashRun *)g_ptr_array_index((GPtrArray *)runs, index))->labels);
}

static void
key_of_benchmarks(gconstpointer runs, guint index, GString *key)
{
	append_benchmarks(key, g_ptr_array_index((GPtrArray *)runs, index));
}

static void
key_of_any(gconstpointer list, guint index, GString *key)
{
}

PerfdashPairing *
perfdash_pairing_new_for_runs(GPtrArray *before, GPtrArray *after)
{
	PerfdashPairing *self = pairing_new(before->len, after->len);
	pair_by(self, before, after, key_of_stream_time_benchmarks, FALSE);
	pair_by(self, before, after, key_of_stream_time, FALSE);
	pair_by(self, before, after, key_of_stream_benchmarks, FALSE);
	pair_by(self, before, after, key_of_stream, FALSE);
	pair_by(self, before, after, key_of_benchmarks, TRUE);
	pair_by(self, before, after, key_of_any, TRUE);
	return self;
}

void
perfdash_pairing_drop_leftovers(GPtrArray *runs)
{
	for (guint i = runs->len; i > 0; i--) {
		PerfdashRun *run = g_ptr_array_index(runs, i - 1);
		if (run->standing == PERFDASH_STANDING_REPLACED)
			g_ptr_array_remove_index(runs, i - 1);
	}
}

static gboolean
has_same_stats(PerfdashResult *before, PerfdashResult *after)
{
	guint n = perfdash_result_get_n_stats(before);
	gboolean is_same = n == perfdash_result_get_n_stats(after);
	for (guint i = 0; i < n && is_same; i++) {
		double value;
		double other;
		const char *name = perfdash_result_get_nth_stat(before, i, &value);
		is_same = perfdash_result_get_stat(after, name, &other) && value == other;
	}
	return is_same;
}

static gboolean
is_same_result(PerfdashResult *before, PerfdashResult *after)
{
	gsize n;
	gsize n_others;
	const double *replicates = perfdash_result_get_replicates(before, &n);
	const double *others = perfdash_result_get_replicates(after, &n_others);
	return before->value == after->value && g_str_equal(before->unit, after->unit) &&
	       before->direction == after->direction &&
	       perfdash_labels_equal(before->labels, after->labels) && n == n_others &&
	       (n == 0 || memcmp(replicates, others, n * sizeof(double)) == 0) &&
	       has_same_stats(before, after);
}

static gboolean
has_same_head(PerfdashRun *before, PerfdashRun *after)
{
	return before->started_at == after->started_at && before->outcome == after->outcome &&
	       g_str_equal(before->build, after->build) &&
	       g_str_equal(before->revision, after->revision) &&
	       g_str_equal(before->url, after->url) && g_str_equal(before->parser, after->parser) &&
	       perfdash_labels_equal(before->labels, after->labels) &&
	       perfdash_labels_equal(before->environment, after->environment) &&
	       perfdash_labels_equal(before->parameters, after->parameters) &&
	       g_strv_equal((const char *const *)before->warnings,
			    (const char *const *)after->warnings);
}

gboolean
perfdash_pairing_is_same_run(PerfdashRun *before, PerfdashRun *after)
{
	gboolean is_same = before->results->len == after->results->len &&
			   has_same_head(before, after);
	for (guint i = 0; i < before->results->len && is_same; i++)
		is_same = is_same_result(g_ptr_array_index(before->results, i),
					 g_ptr_array_index(after->results, i));
	return is_same;
}

GArray *
perfdash_pairing_list_points(PerfdashRun *run)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(PerfdashRunPoint));
	for (guint i = 0; i < run->results->len; i++) {
		PerfdashResult *result = g_ptr_array_index(run->results, i);
		PerfdashRunPoint point = {result, g_intern_static_string(""), result->value};
		g_array_append_val(points, point);
		for (guint j = 0; j < perfdash_result_get_n_stats(result); j++) {
			point.stat = perfdash_result_get_nth_stat(result, j, &point.value);
			if (perfdash_stat_is_percentile(point.stat))
				g_array_append_val(points, point);
		}
	}
	return points;
}

static const PerfdashRunPoint *
get_point(gconstpointer points, guint index)
{
	return &g_array_index((GArray *)points, PerfdashRunPoint, index);
}

static void
key_of_labels(gconstpointer points, guint index, GString *key)
{
	const PerfdashRunPoint *point = get_point(points, index);
	append_labels(key, point->result->labels);
	g_string_append(key, point->stat);
}

static void
key_of_series(gconstpointer points, guint index, GString *key)
{
	key_of_labels(points, index, key);
	g_string_append_c(key, '\0');
	g_string_append(key, get_point(points, index)->result->unit);
}

static void
key_of_metric(gconstpointer points, guint index, GString *key)
{
	const PerfdashRunPoint *point = get_point(points, index);
	append_label(key, point->result->labels, "benchmark");
	append_label(key, point->result->labels, "metric");
	g_string_append(key, point->stat);
}

/* a metric may have got another name; it is measured in the same way */
static void
key_of_kind(gconstpointer points, guint index, GString *key)
{
	const PerfdashRunPoint *point = get_point(points, index);
	append_label(key, point->result->labels, "benchmark");
	g_string_append_printf(key,
			       "%s%c%s%c%d",
			       point->stat,
			       0,
			       point->result->unit,
			       0,
			       point->result->direction);
}

PerfdashPairing *
perfdash_pairing_new_for_points(GArray *before, GArray *after)
{
	PerfdashPairing *self = pairing_new(before->len, after->len);
	pair_by(self, before, after, key_of_series, FALSE);
	pair_by(self, before, after, key_of_labels, TRUE);
	pair_by(self, before, after, key_of_metric, TRUE);
	pair_by(self, before, after, key_of_kind, TRUE);
	return self;
}
