/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

typedef enum {
	RALLY_MIN,
	RALLY_MEDIAN,
	RALLY_P90,
	RALLY_P95,
	RALLY_MAX,
	RALLY_MEAN,
	RALLY_N_COLUMNS,
} RallyColumn;

/* a row of the table of response times, in seconds; NAN is what the log does not know */
typedef struct {
	char *path; /* "foo / bar", or "total" and what is below it */
	double columns[RALLY_N_COLUMNS];
	double success; /* percent */
	double n;
	guint line;      /* 0 unknown */
	GArray *samples; /* of double, nullable */
} RallyRow;

/* a scenario with its arguments; numbers are NAN when they are not known */
typedef struct {
	char *scenario;
	double position;
	double n_iterations;
	double n_failed;
	double load_duration;
	double full_duration;
	double passes_sla; /* 0 or 1 */
	GPtrArray *rows;   /* of RallyRow */
} RallyWorkload;

/* what became of the workloads of a task */
typedef struct {
	PerfdashRunBuilder *builder;
	guint n_workloads;
	guint n_failed; /* of them, in which every iteration failed */
} RallyTask;

RallyRow *
rally_row_new(const char *path);
RallyWorkload *
rally_workload_new(const char *scenario);
void
rally_workload_free(RallyWorkload *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RallyWorkload, rally_workload_free)
void
rally_task_write(RallyTask *self, RallyWorkload *workload);
void
rally_task_set_outcome(RallyTask *self, PerfdashOutcome outcome, const char *why);
/* by the word that Rally has for the state of a task; nullable */
void
rally_task_end(RallyTask *self, const char *status);

gboolean
rally_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
rally_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
