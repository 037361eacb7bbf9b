/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-json.h"

#include <math.h>

#include "pdd-json-change.h"

void
pdd_json_add_text(PerfdashJsonWriter *writer, const char *name, const char *value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_string(writer, value);
}

void
pdd_json_add_int(PerfdashJsonWriter *writer, const char *name, gint64 value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_int(writer, value);
}

void
pdd_json_add_double(PerfdashJsonWriter *writer, const char *name, double value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_double(writer, value);
}

/* what is not a number is null */
void
pdd_json_add_number(PerfdashJsonWriter *writer, const char *name, double value)
{
	if (isfinite(value))
		pdd_json_add_double(writer, name, value);
	else
		pdd_json_add_null(writer, name);
}

void
pdd_json_add_boolean(PerfdashJsonWriter *writer, const char *name, gboolean value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_boolean(writer, value);
}

void
pdd_json_add_null(PerfdashJsonWriter *writer, const char *name)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_null(writer);
}

/* what is JSON already */
void
pdd_json_add_raw(PerfdashJsonWriter *writer, const char *name, GBytes *json)
{
	gsize size;
	const char *text = g_bytes_get_data(json, &size);
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_raw(writer, text, size);
}

/* a time that is not known, 0, is null */
void
pdd_json_add_time(PerfdashJsonWriter *writer, const char *name, gint64 microseconds)
{
	perfdash_json_writer_name(writer, name);
	if (microseconds == 0)
		perfdash_json_writer_null(writer);
	else
		perfdash_json_writer_time(writer, microseconds);
}

void
pdd_json_add_texts(PerfdashJsonWriter *writer, const char *name, const char *const *values)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; values != NULL && values[i] != NULL; i++)
		perfdash_json_writer_string(writer, values[i]);
	perfdash_json_writer_end_array(writer);
}

void
pdd_json_add_ids(PerfdashJsonWriter *writer, const char *name, const gint64 *ids, gsize n_ids)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n_ids; i++)
		perfdash_json_writer_int(writer, ids[i]);
	perfdash_json_writer_end_array(writer);
}

void
pdd_json_add_labels(PerfdashJsonWriter *writer, const char *name, PerfdashLabels *labels)
{
	const char *key;
	const char *value;
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++)
		pdd_json_add_text(writer, key, value);
	perfdash_json_writer_end_object(writer);
}

void
pdd_json_add_series_info(PerfdashJsonWriter *writer, PerfdashSeriesInfo *info)
{
	PerfdashDirection direction = perfdash_series_info_get_direction(info);
	pdd_json_add_text(writer, "id", perfdash_series_info_get_id(info));
	pdd_json_add_labels(writer, "labels", perfdash_series_info_get_labels(info));
	pdd_json_add_text(writer, "unit", perfdash_series_info_get_unit(info));
	pdd_json_add_text(writer, "direction", perfdash_direction_to_string(direction));
}

void
pdd_json_begin_items(PerfdashJsonWriter *writer)
{
	perfdash_json_writer_name(writer, "items");
	perfdash_json_writer_begin_array(writer);
}

/* next is the cursor of the next page, NULL on the last one */
void
pdd_json_end_items(PerfdashJsonWriter *writer, const char *next)
{
	perfdash_json_writer_end_array(writer);
	if (next != NULL)
		pdd_json_add_text(writer, "next", next);
	else
		pdd_json_add_null(writer, "next");
}

static void
add_last(PerfdashJsonWriter *writer, PerfdashSummary *summary)
{
	if (perfdash_summary_get_length(summary) == 0) {
		pdd_json_add_null(writer, "last");
		return;
	}
	perfdash_json_writer_name(writer, "last");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_double(writer, "value", perfdash_summary_get_last_value(summary));
	pdd_json_add_time(writer, "time", perfdash_summary_get_last_time(summary));
	pdd_json_add_int(writer, "run", perfdash_summary_get_last_run(summary));
	pdd_json_add_text(writer, "build", perfdash_summary_get_last_build(summary));
	pdd_json_add_text(writer, "revision", perfdash_summary_get_last_revision(summary));
	perfdash_json_writer_end_object(writer);
}

static void
add_week(PerfdashJsonWriter *writer, PerfdashSummary *summary)
{
	double before;
	double after;
	double change;
	if (!perfdash_summary_get_week(summary, &before, &after, &change)) {
		pdd_json_add_null(writer, "week");
		return;
	}
	perfdash_json_writer_name(writer, "week");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_double(writer, "before", before);
	pdd_json_add_double(writer, "after", after);
	pdd_json_add_double(writer, "change", change);
	perfdash_json_writer_end_object(writer);
}

void
pdd_json_add_spark(PerfdashJsonWriter *writer, PerfdashSummary *summary)
{
	gsize n;
	const double *values = perfdash_summary_get_spark(summary, &n);
	perfdash_json_writer_name(writer, "spark");
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n; i++)
		perfdash_json_writer_double(writer, values[i]);
	perfdash_json_writer_end_array(writer);
}

/* SERIES of docs/api.md */
void
pdd_json_write_summary(PerfdashJsonWriter *writer,
		       PerfdashSummary *summary,
		       PerfdashChange *open_change)
{
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_series_info(writer, perfdash_summary_get_info(summary));
	pdd_json_add_int(writer, "n", perfdash_summary_get_length(summary));
	add_last(writer, summary);
	add_week(writer, summary);
	pdd_json_add_baseline(writer, perfdash_summary_get_baseline(summary));
	pdd_json_add_open_change(writer, open_change);
	pdd_json_add_spark(writer, summary);
	perfdash_json_writer_end_object(writer);
}

static void
add_hidden(PerfdashJsonWriter *writer, PerfdashRun *run)
{
	PerfdashChangeEvent *event = perfdash_run_get_standing_event(run);
	if (perfdash_run_get_standing(run) != PERFDASH_STANDING_HIDDEN) {
		pdd_json_add_null(writer, "hidden");
		return;
	}
	perfdash_json_writer_name(writer, "hidden");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "reason", perfdash_change_event_get_value(event));
	pdd_json_add_text(writer, "who", perfdash_change_event_get_who(event));
	pdd_json_add_time(writer, "time", perfdash_change_event_get_time(event));
	perfdash_json_writer_end_object(writer);
}

/* RUN of docs/api.md; the caller may add members before it ends the object */
void
pdd_json_begin_run(PerfdashJsonWriter *writer, PerfdashRun *run)
{
	PerfdashOutcome outcome = perfdash_run_get_outcome(run);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "id", perfdash_run_get_id(run));
	pdd_json_add_labels(writer, "labels", perfdash_run_get_labels(run));
	pdd_json_add_text(writer, "build", perfdash_run_get_build(run));
	pdd_json_add_text(writer, "revision", perfdash_run_get_revision(run));
	pdd_json_add_text(writer, "url", perfdash_run_get_url(run));
	pdd_json_add_time(writer, "started_at", perfdash_run_get_started_at(run));
	pdd_json_add_text(writer, "outcome", perfdash_outcome_to_string(outcome));
	pdd_json_add_text(writer, "parser", perfdash_run_get_parser(run));
	pdd_json_add_int(writer, "n_results", perfdash_run_get_n_results(run));
	perfdash_json_writer_name(writer, "log");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "id", perfdash_run_get_log(run));
	pdd_json_add_text(writer, "digest", perfdash_run_get_log_digest(run));
	pdd_json_add_text(writer, "name", perfdash_run_get_log_name(run));
	perfdash_json_writer_end_object(writer);
	add_hidden(writer, run);
}

static void
add_error(PerfdashJsonWriter *writer, const GError *error)
{
	if (error == NULL) {
		pdd_json_add_null(writer, "error");
		return;
	}
	perfdash_json_writer_name(writer, "error");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "class", perfdash_error_to_string(error->code));
	pdd_json_add_text(writer, "message", error->message);
	perfdash_json_writer_end_object(writer);
}

/* LOG of docs/api.md */
void
pdd_json_write_log(PerfdashJsonWriter *writer, PerfdashLogRecord *log)
{
	PerfdashOutcome outcome = perfdash_log_record_get_outcome(log);
	gint64 replaced_by = perfdash_log_record_get_replaced_by(log);
	gsize n_runs;
	const gint64 *runs = perfdash_log_record_get_runs(log, &n_runs);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "id", perfdash_log_record_get_id(log));
	pdd_json_add_text(writer, "digest", perfdash_log_record_get_digest(log));
	pdd_json_add_text(writer, "name", perfdash_log_record_get_name(log));
	pdd_json_add_int(writer, "size", perfdash_log_record_get_size(log));
	pdd_json_add_time(writer, "received_at", perfdash_log_record_get_received_at(log));
	pdd_json_add_text(writer, "source", perfdash_log_record_get_source(log));
	pdd_json_add_text(writer, "outcome", perfdash_outcome_to_string(outcome));
	pdd_json_add_text(writer, "parser", perfdash_log_record_get_parser(log));
	add_error(writer, perfdash_log_record_get_error(log));
	pdd_json_add_texts(writer, "warnings", perfdash_log_record_get_warnings(log));
	pdd_json_add_ids(writer, "runs", runs, n_runs);
	if (replaced_by != 0)
		pdd_json_add_int(writer, "replaced_by", replaced_by);
	else
		pdd_json_add_null(writer, "replaced_by");
	pdd_json_add_time(writer, "removed_at", perfdash_log_record_get_removed_at(log));
	pdd_json_add_text(writer, "removed_reason", perfdash_log_record_get_removed_reason(log));
	perfdash_json_writer_end_object(writer);
}

PddAnswer *
pdd_json_end(PerfdashJsonWriter *writer)
{
	return pdd_answer_new(200, "application/json", perfdash_json_writer_end(writer));
}
