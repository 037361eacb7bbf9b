/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-json-change.h"

void
pdd_json_add_estimate(PerfdashJsonWriter *writer,
		      const char *name,
		      double value,
		      double low,
		      double high)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_number(writer, "value", value);
	pdd_json_add_number(writer, "low", low);
	pdd_json_add_number(writer, "high", high);
	perfdash_json_writer_end_object(writer);
}

/* members of an object */
void
pdd_json_add_change_point(PerfdashJsonWriter *writer, PerfdashChangePoint *point)
{
	double low;
	double high;
	double value = perfdash_change_point_get_before(point, &low, &high);
	pdd_json_add_estimate(writer, "before", value, low, high);
	value = perfdash_change_point_get_after(point, &low, &high);
	pdd_json_add_estimate(writer, "after", value, low, high);
	value = perfdash_change_point_get_change(point, &low, &high);
	pdd_json_add_estimate(writer, "change", value, low, high);
	pdd_json_add_number(writer, "effect", perfdash_change_point_get_effect(point));
	pdd_json_add_number(writer, "p", perfdash_change_point_get_p(point));
	pdd_json_add_text(writer, "confidence", perfdash_change_point_get_confidence(point));
	pdd_json_add_text(writer,
			  "direction",
			  perfdash_change_kind_to_string(perfdash_change_point_get_kind(point)));
	pdd_json_add_int(writer, "outliers", perfdash_change_point_get_n_outliers(point));
}

static void
add_place(PerfdashJsonWriter *writer, PerfdashChange *change)
{
	gint64 first;
	gint64 last;
	const char *previous;
	perfdash_change_get_run_range(change, &first, &last);
	pdd_json_add_int(writer, "run", perfdash_change_get_run(change));
	pdd_json_add_int(writer, "previous_run", perfdash_change_get_previous_run(change));
	pdd_json_add_int(writer, "first_run", first);
	pdd_json_add_int(writer, "last_run", last);
	pdd_json_add_time(writer, "time", perfdash_change_get_time(change));
	pdd_json_add_text(writer, "build", perfdash_change_get_build(change, &previous));
	pdd_json_add_text(writer, "previous_build", previous);
	pdd_json_add_boolean(writer, "control", perfdash_change_is_control(change));
	pdd_json_add_boolean(writer, "machine", perfdash_change_is_without_code(change));
	pdd_json_add_text(writer, "revision", perfdash_change_get_revision(change, &previous));
	pdd_json_add_text(writer, "previous_revision", previous);
	pdd_json_add_boolean(writer, "moved", perfdash_change_is_moved(change));
}

static void
add_triage(PerfdashJsonWriter *writer, PerfdashChange *change)
{
	pdd_json_add_text(writer,
			  "state",
			  perfdash_change_state_to_string(perfdash_change_get_state(change)));
	pdd_json_add_text(writer, "reason", perfdash_change_get_reason(change));
	pdd_json_add_text(writer, "owner", perfdash_change_get_owner(change));
	pdd_json_add_text(writer, "note", perfdash_change_get_note(change));
	pdd_json_add_text(writer, "link", perfdash_change_get_link(change));
	if (perfdash_change_get_fixed_run(change) != 0)
		pdd_json_add_int(writer, "fixed_run", perfdash_change_get_fixed_run(change));
	else
		pdd_json_add_null(writer, "fixed_run");
	pdd_json_add_time(writer, "detected_at", perfdash_change_get_detected_at(change));
	pdd_json_add_int(writer, "detector", perfdash_change_get_detector(change));
}

void
pdd_json_add_causes(PerfdashJsonWriter *writer, GPtrArray *causes)
{
	perfdash_json_writer_name(writer, "causes");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < causes->len; i++) {
		PerfdashCause *cause = g_ptr_array_index(causes, i);
		guint n_before;
		guint n_after;
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_text(writer, "key", perfdash_cause_get_key(cause));
		pdd_json_add_text(writer, "before", perfdash_cause_get_before(cause, &n_before));
		pdd_json_add_text(writer, "after", perfdash_cause_get_after(cause, &n_after));
		pdd_json_add_int(writer, "runs_before", n_before);
		pdd_json_add_int(writer, "runs_after", n_after);
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
}

/* the object is to be ended */
void
pdd_json_begin_change(PerfdashJsonWriter *writer, PerfdashChange *change)
{
	g_autofree char *sentence = perfdash_change_describe(change);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "id", perfdash_change_get_id(change));
	perfdash_json_writer_name(writer, "series");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_series_info(writer, perfdash_change_get_info(change));
	perfdash_json_writer_end_object(writer);
	pdd_json_add_text(writer, "sentence", sentence);
	add_triage(writer, change);
	pdd_json_add_number(writer, "p_adjusted", perfdash_change_get_p_adjusted(change));
	add_place(writer, change);
	pdd_json_add_change_point(writer, perfdash_change_get_point(change));
}

void
pdd_json_add_precision(PerfdashJsonWriter *writer, PerfdashPrecision *precision, const char *series)
{
	guint right;
	guint wrong;
	double value = perfdash_precision_get(precision, series, &right, &wrong);
	perfdash_json_writer_name(writer, "precision");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "right", right);
	pdd_json_add_int(writer, "wrong", wrong);
	pdd_json_add_number(writer, "value", value);
	perfdash_json_writer_end_object(writer);
}

/* of PerfdashChangeEvent */
void
pdd_json_add_history(PerfdashJsonWriter *writer, GPtrArray *events)
{
	perfdash_json_writer_name(writer, "history");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < events->len; i++) {
		PerfdashChangeEvent *event = g_ptr_array_index(events, i);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_time(writer, "time", perfdash_change_event_get_time(event));
		pdd_json_add_text(writer, "who", perfdash_change_event_get_who(event));
		pdd_json_add_text(writer, "what", perfdash_change_event_get_what(event));
		pdd_json_add_text(writer, "value", perfdash_change_event_get_value(event));
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
}

static void
add_levels(PerfdashJsonWriter *writer, PerfdashBaseline *baseline)
{
	static const struct {
		const char *name;
		double (*get)(PerfdashBaseline *self, double *low, double *high);
	} levels[] = {{"change", perfdash_baseline_get_change},
		      {"before", perfdash_baseline_get_before},
		      {"after", perfdash_baseline_get_after}};
	/* what did not change has one level, which nobody asked for */
	gboolean is_known = perfdash_baseline_get_n_changes(baseline) > 0;
	for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
		double low;
		double high;
		double value = levels[i].get(baseline, &low, &high);
		if (is_known)
			pdd_json_add_estimate(writer, levels[i].name, value, low, high);
		else
			pdd_json_add_null(writer, levels[i].name);
	}
}

void
pdd_json_add_baseline(PerfdashJsonWriter *writer, PerfdashBaseline *baseline)
{
	PerfdashVerdict verdict = perfdash_baseline_get_verdict(baseline);
	perfdash_json_writer_name(writer, "baseline");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "verdict", perfdash_verdict_to_string(verdict));
	pdd_json_add_int(writer, "changes", perfdash_baseline_get_n_changes(baseline));
	add_levels(writer, baseline);
	perfdash_json_writer_end_object(writer);
}

/* nullable */
void
pdd_json_add_open_change(PerfdashJsonWriter *writer, PerfdashChange *change)
{
	if (change == NULL) {
		pdd_json_add_null(writer, "open_change");
		return;
	}
	PerfdashChangeState state = perfdash_change_get_state(change);
	PerfdashChangePoint *point = perfdash_change_get_point(change);
	PerfdashChangeKind kind = perfdash_change_point_get_kind(point);
	perfdash_json_writer_name(writer, "open_change");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "id", perfdash_change_get_id(change));
	pdd_json_add_text(writer, "state", perfdash_change_state_to_string(state));
	pdd_json_add_text(writer, "direction", perfdash_change_kind_to_string(kind));
	pdd_json_add_time(writer, "time", perfdash_change_get_time(change));
	perfdash_json_writer_end_object(writer);
}
