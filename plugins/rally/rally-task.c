/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What all forms of Rally's results have in common. Iterations that failed are inside the means,
 * and nothing tells them apart, so that people are warned; where all of them failed there are no
 * times. The same scenario may come several times in a task: its position tells which one it is. */

#include "rally.h"

#include <math.h>
#include <string.h>

#include "reader-text.h"

RallyRow *
rally_row_new(const char *path)
{
	RallyRow *self = g_new0(RallyRow, 1);
	self->path = g_strdup(path);
	for (guint i = 0; i < RALLY_N_COLUMNS; i++)
		self->columns[i] = NAN;
	self->success = self->n = NAN;
	return self;
}

static void
row_free(gpointer data)
{
	RallyRow *self = data;
	g_free(self->path);
	g_clear_pointer(&self->samples, g_array_unref);
	g_free(self);
}

RallyWorkload *
rally_workload_new(const char *scenario)
{
	RallyWorkload *self = g_new0(RallyWorkload, 1);
	self->scenario = reader_name(scenario);
	self->n_iterations = self->n_failed = NAN;
	self->load_duration = self->full_duration = NAN;
	self->passes_sla = NAN;
	self->rows = g_ptr_array_new_with_free_func(row_free);
	return self;
}

void
rally_workload_free(RallyWorkload *self)
{
	g_free(self->scenario);
	g_ptr_array_unref(self->rows);
	g_free(self);
}

static void
add(RallyTask *self,
    RallyWorkload *workload,
    const char *benchmark,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	if (!isfinite(value))
		return;
	perfdash_run_builder_add_result(self->builder, benchmark, metric, unit, direction, value);
	if (workload->position > 0) {
		g_autofree char *position = g_strdup_printf("%.0f", workload->position);
		perfdash_run_builder_add_result_label(self->builder, "position", position);
	}
}

static void
add_stats(PerfdashRunBuilder *builder, RallyRow *row)
{
	static const char *const names[] = {"min", "p50", "p90", "p95", "max"};
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (isfinite(row->columns[i]))
			perfdash_run_builder_add_stat(builder, names[i], row->columns[i]);
	}
	if (isfinite(row->n))
		perfdash_run_builder_add_stat(builder, "n", row->n);
	for (guint i = 0; row->samples != NULL && i < row->samples->len; i++)
		perfdash_run_builder_add_replicate(builder, g_array_index(row->samples, double, i));
}

/* total and what is below it are metrics of the scenario, an action has a benchmark of its own */
static void
write_row(RallyTask *self, RallyWorkload *workload, RallyRow *row)
{
	const char *below = reader_after(row->path, "total / ");
	gboolean is_total = g_str_equal(row->path, "total") || below != NULL;
	if (!isfinite(row->columns[RALLY_MEAN]) || row->success == 0 || row->n == 0)
		return;
	g_autofree char *text = is_total
					? g_strdup(workload->scenario)
					: g_strdup_printf("%s / %s", workload->scenario, row->path);
	g_autofree char *benchmark = reader_name(text);
	g_autofree char *metric = reader_name(is_total ? (below != NULL ? below : "total")
						       : "duration");
	perfdash_run_builder_set_line(self->builder, row->line);
	add(self,
	    workload,
	    benchmark,
	    metric,
	    "s",
	    PERFDASH_DIRECTION_LOWER,
	    row->columns[RALLY_MEAN]);
	add_stats(self->builder, row);
}

static RallyRow *
find_total(RallyWorkload *workload)
{
	for (guint i = 0; i < workload->rows->len; i++) {
		RallyRow *row = g_ptr_array_index(workload->rows, i);
		if (g_str_equal(row->path, "total"))
			return row;
	}
	return NULL;
}

static void
write_counts(RallyTask *self, RallyWorkload *workload, double success)
{
	const struct {
		const char *metric;
		const char *unit;
		PerfdashDirection direction;
		double value;
	} counts[] = {
		{"iterations", "1", PERFDASH_DIRECTION_NONE, workload->n_iterations},
		{"errors", "1", PERFDASH_DIRECTION_LOWER, workload->n_failed},
		{"success", "%", PERFDASH_DIRECTION_HIGHER, success},
		{"sla", "1", PERFDASH_DIRECTION_HIGHER, workload->passes_sla},
		{"load_duration", "s", PERFDASH_DIRECTION_LOWER, workload->load_duration},
		{"full_duration", "s", PERFDASH_DIRECTION_LOWER, workload->full_duration},
	};
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
		add(self,
		    workload,
		    workload->scenario,
		    counts[i].metric,
		    counts[i].unit,
		    counts[i].direction,
		    counts[i].value);
}

static void
warn(RallyTask *self, RallyWorkload *workload, gboolean all_failed)
{
	if (workload->passes_sla == 0)
		perfdash_run_builder_add_warning(self->builder,
						 "%s did not pass its SLA",
						 workload->scenario);
	if (all_failed)
		perfdash_run_builder_add_warning(self->builder,
						 "every iteration of %s failed",
						 workload->scenario);
	else if (workload->n_failed > 0)
		perfdash_run_builder_add_warning(
			self->builder,
			"failed iterations of %s, which are part of its means: %.0f",
			workload->scenario,
			workload->n_failed);
}

void
rally_task_write(RallyTask *self, RallyWorkload *workload)
{
	RallyRow *total = find_total(workload);
	double success = total != NULL ? total->success : NAN;
	if (isnan(workload->n_iterations) && total != NULL)
		workload->n_iterations = total->n;
	gboolean all_failed = workload->n_iterations > 0 &&
			      (workload->n_failed >= workload->n_iterations || success == 0);
	if (workload->n_iterations == 0) {
		perfdash_run_builder_add_warning(self->builder,
						 "no iteration of %s was run",
						 workload->scenario);
		return;
	}
	self->n_workloads++;
	self->n_failed += all_failed;
	warn(self, workload, all_failed);
	write_counts(self, workload, success);
	for (guint i = 0; !all_failed && i < workload->rows->len; i++)
		write_row(self, workload, g_ptr_array_index(workload->rows, i));
}

void
rally_task_set_outcome(RallyTask *self, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, outcome);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

void
rally_task_end(RallyTask *self, const char *status)
{
	gboolean has_none = perfdash_run_builder_get_n_results(self->builder) == 0;
	if (self->n_workloads > 0 && self->n_failed == self->n_workloads) {
		rally_task_set_outcome(self,
				       PERFDASH_OUTCOME_FAILED,
				       "every iteration of the task failed");
	} else if (status != NULL && !g_str_equal(status, "finished")) {
		g_autofree char *name = reader_name(status);
		g_autofree char *why = g_strdup_printf("the task is %s", name);
		rally_task_set_outcome(self,
				       has_none || g_str_equal(status, "crashed")
					       ? PERFDASH_OUTCOME_FAILED
					       : PERFDASH_OUTCOME_PARTIAL,
				       why);
	} else if (has_none) {
		rally_task_set_outcome(self,
				       PERFDASH_OUTCOME_FAILED,
				       "the log has no results of the task");
	}
}
