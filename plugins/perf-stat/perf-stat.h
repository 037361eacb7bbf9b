/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a line of any format, read */
typedef struct {
	gboolean has_value; /* it was counted, and its value is known */
	double value;
	const char *unit; /* one that perfdash knows */
	char *event;
	char *place;          /* processor, core, thread ... it was counted on, nullable */
	gboolean is_interval; /* one of several lines in time */
	double time;          /* of the interval, seconds */
	gboolean is_summary;  /* behind such lines */
	gboolean has_metric;  /* perf computed another number from the event */
	double metric;
	char *metric_name; /* what perf calls it */
} PerfStatRow;

typedef struct _PerfStat PerfStat;

void
perf_stat_row_clear(PerfStatRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfStatRow, perf_stat_row_clear)
/* a number of perf's: decimals behind a point or a comma. is_grouped says that thousands may be
 * separated by what the language has for it; three digits behind the last separator are a group */
gboolean
perf_stat_number(const char *word, gsize length, gboolean is_grouped, double *value);
/* units as perf writes them; old versions write none for the clocks */
const char *
perf_stat_unit(const char *unit, const char *event);
gboolean
perf_stat_is_unit(const char *text);
gboolean
perf_stat_is_event(const char *text);
/* whether everybody's perf has the event */
gboolean
perf_stat_is_known_event(const char *event);

PerfStat *
perf_stat_new(PerfdashRunBuilder *builder);
void
perf_stat_free(PerfStat *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfStat, perf_stat_free)
/* command is NULL when the format has none */
void
perf_stat_start_run(PerfStat *self, const char *command);
void
perf_stat_end_run(PerfStat *self);
/* forgets the run that is open */
void
perf_stat_drop_run(PerfStat *self);
/* a format without a header is certain when a line is */
void
perf_stat_set_certain(PerfStat *self);
void
perf_stat_set_repetitions(PerfStat *self, double n);
/* the run is not whole */
void
perf_stat_set_partial(PerfStat *self, const char *why);
void
perf_stat_add_row(PerfStat *self, const PerfStatRow *row, guint line);
/* how long the command took, once for each repetition, and all in all */
void
perf_stat_add_repetition(PerfStat *self, double seconds);
void
perf_stat_add_time(PerfStat *self, const char *metric, double seconds, guint line);
/* whether a row would begin a run anew, as the run has its first event already */
gboolean
perf_stat_repeats(PerfStat *self, const PerfStatRow *row);

/* rows of the formats; FALSE when the line is none */
gboolean
perf_stat_read_csv(const char *line, PerfStatRow *row);
gboolean
perf_stat_read_json(const char *line, PerfStatRow *row);
gboolean
perf_stat_read_text(const char *line, gboolean has_time, PerfStatRow *row);

G_END_DECLS
