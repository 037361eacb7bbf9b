/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rally's task report, and what "rally task results" printed: an array of workloads with every
 * iteration. The statistics of a report are rounded to 3 digits, and n/a where there are none. Both
 * are indented, so that what is whole of a document that was cut off can be told. */

#include "rally.h"

#include <math.h>
#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

#define MAX_DEPTH 8

static const char *const columns[RALLY_N_COLUMNS] = {
	[RALLY_MIN] = "min",
	[RALLY_MEDIAN] = "median",
	[RALLY_P90] = "90%ile",
	[RALLY_P95] = "95%ile",
	[RALLY_MAX] = "max",
	[RALLY_MEAN] = "avg",
};

static void
get_number(JsonObject *object, const char *name, double *value)
{
	double number;
	if (reader_json_number(object, name, &number))
		*value = number;
}

static gboolean
has_error(JsonObject *iteration)
{
	JsonArray *error = reader_json_array(iteration, "error");
	return error != NULL && json_array_get_length(error) > 0;
}

static void
read_row(RallyWorkload *workload, JsonObject *action, const char *above, guint depth)
{
	JsonObject *data = reader_json_object(action, "data");
	JsonArray *children = reader_json_array(action, "children");
	const char *name = reader_json_string(action, "display_name");
	if (name == NULL)
		name = reader_json_string(action, "name");
	if (name == NULL || data == NULL || depth == MAX_DEPTH)
		return;
	g_autofree char *path = above != NULL ? g_strdup_printf("%s / %s", above, name)
					      : g_strdup(name);
	RallyRow *row = rally_row_new(path);
	const char *success = reader_json_string(data, "success");
	g_ptr_array_add(workload->rows, row);
	for (guint i = 0; i < RALLY_N_COLUMNS; i++)
		get_number(data, columns[i], &row->columns[i]);
	get_number(data, "iteration_count", &row->n);
	if (success != NULL)
		reader_number(success, &row->success, NULL);
	for (guint i = 0; children != NULL && i < json_array_get_length(children); i++) {
		JsonObject *child = reader_json_element(children, i);
		if (child != NULL)
			read_row(workload, child, path, depth + 1);
	}
}

static void
read_statistics(RallyWorkload *workload, JsonObject *object)
{
	JsonObject *statistics = reader_json_object(object, "statistics");
	JsonObject *durations = statistics != NULL ? reader_json_object(statistics, "durations")
						   : NULL;
	if (durations == NULL)
		return;
	JsonObject *total = reader_json_object(durations, "total");
	JsonArray *atomics = reader_json_array(durations, "atomics");
	if (total != NULL)
		read_row(workload, total, NULL, 0);
	for (guint i = 0; atomics != NULL && i < json_array_get_length(atomics); i++) {
		JsonObject *action = reader_json_element(atomics, i);
		if (action != NULL)
			read_row(workload, action, NULL, 0);
	}
}

/* the times of good iterations, for the row of the total */
static void
add_samples(RallyRow *total, JsonArray *iterations)
{
	total->samples = g_array_new(FALSE, FALSE, sizeof(double));
	for (guint i = 0; i < json_array_get_length(iterations); i++) {
		JsonObject *iteration = reader_json_element(iterations, i);
		double duration;
		double idle = 0;
		if (iteration == NULL || has_error(iteration) ||
		    !reader_json_number(iteration, "duration", &duration))
			continue;
		get_number(iteration, "idle_duration", &idle);
		duration += idle;
		g_array_append_val(total->samples, duration);
	}
}

static void
read_sla(RallyWorkload *workload, JsonArray *criteria)
{
	if (criteria == NULL || json_array_get_length(criteria) == 0)
		return;
	workload->passes_sla = 1;
	for (guint i = 0; i < json_array_get_length(criteria); i++) {
		JsonObject *criterion = reader_json_element(criteria, i);
		if (criterion != NULL && json_object_has_member(criterion, "success") &&
		    !json_object_get_boolean_member_with_default(criterion, "success", TRUE))
			workload->passes_sla = 0;
	}
}

static void
read_report_workload(RallyTask *task, JsonObject *object, double *started_at)
{
	JsonObject *scenario = reader_json_object(object, "scenario");
	g_autoptr(GList) names = scenario != NULL ? json_object_get_members(scenario) : NULL;
	JsonArray *iterations = reader_json_array(object, "data");
	double start;
	if (names == NULL)
		return;
	g_autoptr(RallyWorkload) workload = rally_workload_new(names->data);
	get_number(object, "position", &workload->position);
	get_number(object, "total_iteration_count", &workload->n_iterations);
	get_number(object, "failed_iteration_count", &workload->n_failed);
	get_number(object, "load_duration", &workload->load_duration);
	get_number(object, "full_duration", &workload->full_duration);
	if (json_object_has_member(object, "pass_sla"))
		workload->passes_sla = json_object_get_boolean_member_with_default(object,
										   "pass_sla",
										   TRUE);
	read_statistics(workload, object);
	if (workload->rows->len > 0 && iterations != NULL)
		add_samples(g_ptr_array_index(workload->rows, 0), iterations);
	if (reader_json_number(object, "start_time", &start) && start > 0 && start < 7e9 &&
	    (*started_at == 0 || start < *started_at))
		*started_at = start;
	rally_task_write(task, workload);
}

static void
read_subtasks(RallyTask *task, JsonArray *subtasks)
{
	double started_at = 0;
	for (guint i = 0; subtasks != NULL && i < json_array_get_length(subtasks); i++) {
		JsonObject *subtask = reader_json_element(subtasks, i);
		JsonArray *workloads = subtask != NULL ? reader_json_array(subtask, "workloads")
						       : NULL;
		for (guint j = 0; workloads != NULL && j < json_array_get_length(workloads); j++) {
			JsonObject *workload = reader_json_element(workloads, j);
			if (workload != NULL)
				read_report_workload(task, workload, &started_at);
		}
	}
	if (started_at > 0)
		perfdash_run_builder_set_started_at(task->builder,
						    (gint64)(started_at * G_USEC_PER_SEC));
}

static void
read_task(PerfdashRunBuilder *builder, JsonObject *object, const char *version)
{
	RallyTask task = {.builder = builder};
	const char *title = reader_json_string(object, "title");
	perfdash_run_builder_set_label(builder, "tool", "rally");
	if (version != NULL) {
		g_autofree char *name = reader_name(version);
		perfdash_run_builder_set_environment(builder, "tool_version", name);
	}
	if (title != NULL && *title != '\0') {
		g_autofree char *name = reader_name(title);
		perfdash_run_builder_set_parameter(builder, "task", name);
	}
	read_subtasks(&task, reader_json_array(object, "subtasks"));
	rally_task_end(&task, reader_json_string(object, "status"));
}

static void
read_report(JsonObject *root, PerfdashRunBuilder *builder)
{
	JsonObject *info = reader_json_object(root, "info");
	JsonArray *tasks = reader_json_array(root, "tasks");
	const char *version = info != NULL ? reader_json_string(info, "rally_version") : NULL;
	guint n = 0;
	for (guint i = 0; tasks != NULL && i < json_array_get_length(tasks); i++) {
		JsonObject *task = reader_json_element(tasks, i);
		if (task == NULL)
			continue;
		if (n++ > 0)
			perfdash_run_builder_next_run(builder);
		read_task(builder, task, version);
	}
}

static void
add_sample(GHashTable *rows, RallyWorkload *workload, const char *path, double value, gboolean good)
{
	RallyRow *row = g_hash_table_lookup(rows, path);
	if (row == NULL) {
		row = rally_row_new(path);
		row->samples = g_array_new(FALSE, FALSE, sizeof(double));
		row->columns[RALLY_MIN] = row->columns[RALLY_MAX] = value;
		row->columns[RALLY_MEAN] = row->n = 0;
		g_ptr_array_add(workload->rows, row);
		g_hash_table_insert(rows, row->path, row);
	}
	row->columns[RALLY_MIN] = MIN(row->columns[RALLY_MIN], value);
	row->columns[RALLY_MAX] = MAX(row->columns[RALLY_MAX], value);
	row->columns[RALLY_MEAN] += value; /* divided when all are there */
	row->n++;
	if (good)
		g_array_append_val(row->samples, value);
}

/* actions that were not finished are null */
static void
read_iteration(GHashTable *rows, RallyWorkload *workload, JsonObject *iteration)
{
	JsonObject *actions = reader_json_object(iteration, "atomic_actions");
	g_autoptr(GList) names = actions != NULL ? json_object_get_members(actions) : NULL;
	gboolean good = !has_error(iteration);
	double value;
	double idle = 0;
	if (!reader_json_number(iteration, "duration", &value))
		return;
	get_number(iteration, "idle_duration", &idle);
	workload->n_failed += good ? 0 : 1;
	add_sample(rows, workload, "total", value + idle, good);
	for (GList *l = names; l != NULL; l = l->next) {
		if (!g_str_equal(l->data, "total") && reader_json_number(actions, l->data, &value))
			add_sample(rows, workload, l->data, value, good);
	}
}

static void
read_result(RallyTask *task, JsonObject *object)
{
	JsonObject *key = reader_json_object(object, "key");
	JsonArray *iterations = reader_json_array(object, "result");
	const char *name = key != NULL ? reader_json_string(key, "name") : NULL;
	g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
	if (name == NULL || iterations == NULL)
		return;
	g_autoptr(RallyWorkload) workload = rally_workload_new(name);
	workload->n_iterations = json_array_get_length(iterations);
	workload->n_failed = 0;
	get_number(key, "pos", &workload->position);
	get_number(object, "load_duration", &workload->load_duration);
	get_number(object, "full_duration", &workload->full_duration);
	read_sla(workload, reader_json_array(object, "sla"));
	for (guint i = 0; i < json_array_get_length(iterations); i++) {
		JsonObject *iteration = reader_json_element(iterations, i);
		if (iteration != NULL)
			read_iteration(rows, workload, iteration);
	}
	for (guint i = 0; i < workload->rows->len; i++) {
		RallyRow *row = g_ptr_array_index(workload->rows, i);
		row->columns[RALLY_MEAN] /= row->n;
	}
	rally_task_write(task, workload);
}

static void
read_results(JsonArray *root, PerfdashRunBuilder *builder)
{
	RallyTask task = {.builder = builder};
	perfdash_run_builder_set_label(builder, "tool", "rally");
	for (guint i = 0; i < json_array_get_length(root); i++) {
		JsonObject *one = reader_json_element(root, i);
		if (one != NULL)
			read_result(&task, one);
	}
	rally_task_end(&task, NULL);
}

gboolean
rally_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_report = g_strstr_len(text, MIN(size, 4096), "\"rally_version\"") != NULL;
	gboolean is_cut = FALSE;
	g_autoptr(JsonParser) parser = reader_json_load_rows(
		text,
		size,
		is_report ? "\n                        }" : "\n    }",
		is_report ? "]}]}]}" : "]",
		&is_cut,
		error);
	if (parser == NULL)
		return FALSE;
	if (reader_json_root_object(parser) != NULL)
		read_report(reader_json_root_object(parser), builder);
	else if (reader_json_root_array(parser) != NULL)
		read_results(reader_json_root_array(parser), builder);
	RallyTask task = {.builder = builder};
	if (is_cut)
		rally_task_set_outcome(&task,
				       PERFDASH_OUTCOME_PARTIAL,
				       "the document has no end: the log was cut off");
	return TRUE;
}
