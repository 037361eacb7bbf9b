/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-api.h"
#include "pdd-json-change.h"

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

/* what people said in the same words of some changes */
typedef struct {
	PerfdashChange *first; /* not owned */
	GArray *ids;
} Said;

static void
said_free(Said *said)
{
	g_array_unref(said->ids);
	g_free(said);
}

static gboolean
is_said_alike(PerfdashChange *one, PerfdashChange *other)
{
	return perfdash_change_get_state(one) == perfdash_change_get_state(other) &&
	       g_str_equal(perfdash_change_get_reason(one), perfdash_change_get_reason(other)) &&
	       g_str_equal(perfdash_change_get_owner(one), perfdash_change_get_owner(other)) &&
	       g_str_equal(perfdash_change_get_link(one), perfdash_change_get_link(other));
}

static Said *
find_said(GPtrArray *all, PerfdashChange *change)
{
	for (guint i = 0; i < all->len; i++) {
		Said *said = g_ptr_array_index(all, i);
		if (is_said_alike(said->first, change))
			return said;
	}
	Said *said = g_new0(Said, 1);
	said->first = change;
	said->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_ptr_array_add(all, said);
	return said;
}

/* so much that a page can say something else, and take it back */
static void
add_said(PerfdashJsonWriter *writer, PerfdashChangeGroup *group)
{
	GPtrArray *changes = perfdash_change_group_get_changes(group);
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)said_free);
	for (guint i = 0; i < MIN(changes->len, PDD_MAX_IDS); i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		gint64 id = perfdash_change_get_id(change);
		g_array_append_val(find_said(all, change)->ids, id);
	}
	perfdash_json_writer_name(writer, "said");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < all->len; i++) {
		Said *said = g_ptr_array_index(all, i);
		PerfdashChangeState state = perfdash_change_get_state(said->first);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_text(writer, "state", perfdash_change_state_to_string(state));
		pdd_json_add_text(writer, "reason", perfdash_change_get_reason(said->first));
		pdd_json_add_text(writer, "owner", perfdash_change_get_owner(said->first));
		pdd_json_add_text(writer, "link", perfdash_change_get_link(said->first));
		pdd_json_add_ids(writer, "ids", (const gint64 *)said->ids->data, said->ids->len);
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
}

static gboolean
write_group(PddService *service,
	    PerfdashJsonWriter *writer,
	    PerfdashChangeGroup *group,
	    GError **error)
{
	PerfdashChange *worst = perfdash_change_group_get_worst(group);
	const char *series = perfdash_series_info_get_id(perfdash_change_get_info(worst));
	g_autoptr(PerfdashSummary)
		summary = perfdash_store_load_summary(service->store, series, error);
	if (summary == NULL)
		return FALSE;
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
	add_said(writer, group);
	perfdash_json_writer_name(writer, "worst");
	pdd_json_begin_change(writer, worst);
	perfdash_json_writer_end_object(writer);
	pdd_json_add_spark(writer, summary);
	perfdash_json_writer_end_object(writer);
	return TRUE;
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
		if (!write_group(service, writer, g_ptr_array_index(groups, i), error))
			return NULL;
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}
