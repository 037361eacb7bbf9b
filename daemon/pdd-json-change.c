/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-json-change.h"

#include <math.h>

/* what is not a number is null */
static void
add_number(PerfdashJsonWriter *writer, const char *name, double value)
{
	if (isfinite(value))
		pdd_json_add_double(writer, name, value);
	else
		pdd_json_add_null(writer, name);
}

void
pdd_json_add_estimate(PerfdashJsonWriter *writer,
		      const char *name,
		      double value,
		      double low,
		      double high)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_object(writer);
	add_number(writer, "value", value);
	add_number(writer, "low", low);
	add_number(writer, "high", high);
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
	add_number(writer, "effect", perfdash_change_point_get_effect(point));
	add_number(writer, "p", perfdash_change_point_get_p(point));
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
	add_place(writer, change);
	pdd_json_add_change_point(writer, perfdash_change_get_point(change));
}
