/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What `locust --json` prints: an entry for each name, with response times as a histogram whose
 * members are milliseconds. There is no sum, which is made here; percentiles are found as Locust
 * does: the highest time below which there is not more than the share. */

#include <math.h>
#include <stdlib.h>

#include "locust.h"
#include "reader-start.h"
#include "reader-text.h"

typedef struct {
	double time;
	double count;
} Bucket;

/* an entry, or the sum of all */
typedef struct {
	LocustRow *row;
	GArray *buckets; /* of Bucket */
	double total_time;
	double total_size;
	double start;
	double end;
} Entry;

static const double percents[] = {50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99};

static Entry *
entry_new(const char *method, const char *name)
{
	Entry *entry = g_new0(Entry, 1);
	entry->row = locust_row_new(method, name);
	entry->row->requests = entry->row->failures = 0;
	entry->buckets = g_array_new(FALSE, FALSE, sizeof(Bucket));
	entry->start = INFINITY;
	return entry;
}

static void
entry_free(Entry *entry)
{
	locust_row_free(entry->row);
	g_array_unref(entry->buckets);
	g_free(entry);
}

static double
get(JsonObject *object, const char *name, double otherwise)
{
	double value;
	return reader_json_number(object, name, &value) ? value : otherwise;
}

static void
read_buckets(Entry *entry, JsonObject *times)
{
	g_autoptr(GList) members = times != NULL ? json_object_get_members(times) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		Bucket bucket;
		if (reader_number(l->data, &bucket.time, NULL) &&
		    reader_json_number(times, l->data, &bucket.count) && bucket.count > 0)
			g_array_append_val(entry->buckets, bucket);
	}
}

static Entry *
read_entry(JsonObject *object)
{
	const char *method = reader_json_string(object, "method");
	const char *name = reader_json_string(object, "name");
	Entry *entry = entry_new(method != NULL ? method : "", name != NULL ? name : "");
	entry->row->requests = get(object, "num_requests", 0);
	entry->row->failures = get(object, "num_failures", 0);
	entry->row->minimum = get(object, "min_response_time", NAN);
	entry->row->maximum = get(object, "max_response_time", NAN);
	entry->total_time = get(object, "total_response_time", NAN);
	entry->total_size = get(object, "total_content_length", NAN);
	entry->start = get(object, "start_time", INFINITY);
	entry->end = get(object, "last_request_timestamp", 0);
	read_buckets(entry, reader_json_object(object, "response_times"));
	return entry;
}

static void
add_to_sum(Entry *sum, const Entry *entry)
{
	sum->row->requests += entry->row->requests;
	sum->row->failures += entry->row->failures;
	sum->row->minimum = fmin(sum->row->minimum, entry->row->minimum);
	sum->row->maximum = fmax(sum->row->maximum, entry->row->maximum);
	sum->total_time += entry->total_time;
	sum->total_size += entry->total_size;
	sum->start = MIN(sum->start, entry->start);
	sum->end = MAX(sum->end, entry->end);
	g_array_append_vals(sum->buckets, entry->buckets->data, entry->buckets->len);
}

static int
compare_from_top(gconstpointer a, gconstpointer b)
{
	double left = ((const Bucket *)a)->time;
	double right = ((const Bucket *)b)->time;
	return (left < right) - (left > right);
}

static double
percentile(GArray *buckets, double total, double percent)
{
	double wanted = floor(total * percent / 100);
	double seen = 0;
	for (guint i = 0; i < buckets->len; i++) {
		const Bucket *bucket = &g_array_index(buckets, Bucket, i);
		seen += bucket->count;
		if (total - seen <= wanted)
			return bucket->time;
	}
	return NAN;
}

/* start and end are those of the whole test */
static void
finish_entry(Entry *entry, double start, double end)
{
	LocustRow *row = entry->row;
	if (row->requests == 0)
		return;
	row->average = entry->total_time / row->requests;
	row->content_size = entry->total_size / row->requests;
	if (end > start) {
		row->rate = row->requests / (end - start);
		row->failure_rate = row->failures / (end - start);
	}
	g_array_sort(entry->buckets, compare_from_top);
	for (guint i = 0; i < G_N_ELEMENTS(percents); i++)
		locust_row_add_percentile(row,
					  percents[i],
					  percentile(entry->buckets, row->requests, percents[i]));
}

gboolean
locust_json_read(JsonArray *array, PerfdashRunBuilder *builder, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	Entry *sum = entry_new("", "Aggregated");
	for (guint i = 0; i < json_array_get_length(array); i++) {
		JsonObject *object = reader_json_element(array, i);
		if (object == NULL || !json_object_has_member(object, "num_requests"))
			continue;
		Entry *entry = read_entry(object);
		add_to_sum(sum, entry);
		g_ptr_array_add(entries, entry);
	}
	g_ptr_array_add(entries, sum);
	for (guint i = 0; i < entries->len; i++) {
		Entry *entry = g_ptr_array_index(entries, i);
		finish_entry(entry, sum->start, sum->end);
		g_ptr_array_add(rows, entry->row);
	}
	reader_set_start(builder, sum->start * 1e6);
	locust_add_rows(builder, rows);
	return TRUE;
}
