/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-api.h"
#include "pdd-json-change.h"

/* as many as can be edited at once */
/* values of a label that are named */
#define MAX_VALUES 20

static void
add_range(PerfdashJsonWriter *writer, PerfdashChangeGroup *group)
{
	PerfdashChange *typical = perfdash_change_group_get_typical(group);
	const char *previous;
	gint64 from;
	gint64 to;
	perfdash_change_group_get_time_range(group, &from, &to);
	pdd_json_add_time(writer, "from", from);
	pdd_json_add_time(writer, "to", to);
	pdd_json_add_text(writer, "build", perfdash_change_get_build(typical, &previous));
	pdd_json_add_text(writer, "previous_build", previous);
	pdd_json_add_text(writer, "revision", perfdash_change_get_revision(typical, &previous));
	pdd_json_add_text(writer, "previous_revision", previous);
}

/* where it is seen */
static void
add_labels(PerfdashJsonWriter *writer, PerfdashChangeGroup *group)
{
	static const char *const keys[] =
		{"lab", "project", "suite", "branch", "benchmark", "metric"};
	perfdash_json_writer_name(writer, "labels");
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_auto(GStrv) values = perfdash_change_group_list_values(group, keys[i]);
		guint n = g_strv_length(values);
		perfdash_json_writer_name(writer, keys[i]);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_int(writer, "n", n);
		for (guint j = MAX_VALUES; j < n; j++)
			g_clear_pointer(&values[j], g_free);
		pdd_json_add_texts(writer, "values", (const char *const *)values);
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_object(writer);
}

static void
add_changes(PerfdashJsonWriter *writer, PerfdashChangeGroup *group)
{
	GPtrArray *changes = perfdash_change_group_get_changes(group);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	guint n_controls = 0;
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		gint64 id = perfdash_change_get_id(change);
		n_controls += perfdash_change_is_control(change);
		if (i < PDD_MAX_IDS)
			g_array_append_val(ids, id);
	}
	pdd_json_add_int(writer, "changes", changes->len);
	pdd_json_add_int(writer,
			 "regressions",
			 perfdash_change_group_count(group, PERFDASH_CHANGE_KIND_REGRESSION));
	pdd_json_add_int(writer,
			 "improvements",
			 perfdash_change_group_count(group, PERFDASH_CHANGE_KIND_IMPROVEMENT));
	pdd_json_add_int(writer, "controls", n_controls);
	pdd_json_add_ids(writer, "ids", (const gint64 *)ids->data, ids->len);
}

static void
write_group(PerfdashJsonWriter *writer, PerfdashChangeGroup *group)
{
	PerfdashChange *first = g_ptr_array_index(perfdash_change_group_get_changes(group), 0);
	PerfdashSuspect suspect = perfdash_change_group_get_suspect(group);
	g_autofree char *sentence = perfdash_change_group_describe(group);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "id", perfdash_change_get_id(first));
	pdd_json_add_text(writer, "sentence", sentence);
	pdd_json_add_text(writer, "suspect", perfdash_suspect_to_string(suspect));
	pdd_json_add_texts(writer, "evidence", perfdash_change_group_get_evidence(group));
	add_range(writer, group);
	add_labels(writer, group);
	add_changes(writer, group);
	perfdash_json_writer_name(writer, "worst");
	pdd_json_begin_change(writer, perfdash_change_group_get_worst(group));
	perfdash_json_writer_end_object(writer);
	perfdash_json_writer_end_object(writer);
}

PddAnswer *
pdd_api_list_change_groups(PddService *service, PddRequest *request, GError **error)
{
	guint64 generation = perfdash_store_get_generation(service->store);
	guint64 limit;
	guint64 begin;
	if (!pdd_request_get_page(request, &begin, &limit, error))
		return NULL;
	g_autoptr(GPtrArray) groups =
		pdd_api_list_chosen(service, request, perfdash_store_list_change_groups, error);
	if (groups == NULL)
		return NULL;
	guint64 end = MIN(begin + limit, groups->len);
	g_autofree char *next = end < groups->len ? g_strdup_printf("%" G_GUINT64_FORMAT, end)
						  : NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_int(writer, "matched", groups->len);
	pdd_json_begin_items(writer);
	for (guint64 i = begin; i < end; i++)
		write_group(writer, g_ptr_array_index(groups, i));
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}
