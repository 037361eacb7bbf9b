/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-change-table.h"

static const char *
state_of(PerfdashChange *change)
{
	return perfdash_change_state_to_string(perfdash_change_get_state(change));
}

static void
add_for_people(PdcTable *table, PerfdashChange *change)
{
	PerfdashChangePoint *point = perfdash_change_get_point(change);
	PerfdashChangeKind kind = perfdash_change_point_get_kind(point);
	g_autofree char *sentence = perfdash_change_describe(change);
	pdc_table_add_int(table, perfdash_change_get_id(change));
	pdc_table_add_text(table, state_of(change));
	pdc_table_add_text(table, perfdash_change_kind_to_string(kind));
	pdc_table_add_text(table, perfdash_change_get_owner(change));
	pdc_table_add_text(table, sentence);
}

static void
add_size(PdcTable *table, PerfdashChangePoint *point)
{
	double low;
	double high;
	double change = perfdash_change_point_get_change(point, &low, &high);
	pdc_table_add_double(table, perfdash_change_point_get_before(point, NULL, NULL));
	pdc_table_add_double(table, perfdash_change_point_get_after(point, NULL, NULL));
	pdc_table_add_double(table, change);
	pdc_table_add_double(table, low);
	pdc_table_add_double(table, high);
	pdc_table_add_double(table, perfdash_change_point_get_p(point));
	pdc_table_add_text(table, perfdash_change_point_get_confidence(point));
}

static void
add_for_programs(PdcTable *table, PerfdashChange *change, PerfdashPrecision *precision)
{
	PerfdashSeriesInfo *info = perfdash_change_get_info(change);
	PerfdashChangePoint *point = perfdash_change_get_point(change);
	PerfdashChangeKind kind = perfdash_change_point_get_kind(point);
	const char *previous_build;
	const char *previous_revision;
	const char *build = perfdash_change_get_build(change, &previous_build);
	const char *revision = perfdash_change_get_revision(change, &previous_revision);
	g_autofree char *labels = perfdash_labels_to_string(perfdash_series_info_get_labels(info));
	g_autofree char *sentence = perfdash_change_describe(change);
	pdc_table_add_int(table, perfdash_change_get_id(change));
	pdc_table_add_text(table, state_of(change));
	pdc_table_add_text(table, perfdash_change_kind_to_string(kind));
	pdc_table_add_text(table, perfdash_series_info_get_id(info));
	pdc_table_add_text(table, labels);
	pdc_table_add_text(table, perfdash_series_info_get_unit(info));
	pdc_table_add_time(table, perfdash_change_get_time(change));
	pdc_table_add_int(table, perfdash_change_get_run(change));
	pdc_table_add_text(table, build);
	pdc_table_add_text(table, previous_build);
	pdc_table_add_text(table, revision);
	pdc_table_add_text(table, previous_revision);
	add_size(table, point);
	pdc_table_add_text(table, perfdash_change_get_owner(change));
	pdc_table_add_text(table, perfdash_change_get_reason(change));
	pdc_table_add_text(table, perfdash_change_get_note(change));
	pdc_table_add_text(table, perfdash_change_get_link(change));
	pdc_table_add_text(table, sentence);
	pdc_table_add_double(
		table,
		perfdash_precision_get(precision, perfdash_series_info_get_id(info), NULL, NULL));
}

PdcTable *
pdc_change_table_new(const char *format)
{
	static const char *const for_people[] = {"id", "state", "direction", "owner", "what", NULL};
	static const char *const for_programs[] = {"id",         "state",
						   "direction",  "series",
						   "labels",     "unit",
						   "time",       "run",
						   "build",      "previous_build",
						   "revision",   "previous_revision",
						   "before",     "after",
						   "change",     "low",
						   "high",       "p",
						   "confidence", "owner",
						   "reason",     "note",
						   "link",       "sentence",
						   "precision",  NULL};
	return pdc_table_new(format, for_people, for_programs);
}

void
pdc_change_table_add(PdcTable *table, PerfdashChange *change, PerfdashPrecision *precision)
{
	if (pdc_table_is_for_people(table))
		add_for_people(table, change);
	else
		add_for_programs(table, change, precision);
}

PdcTable *
pdc_group_table_new(const char *format)
{
	static const char *const for_people[] =
		{"id", "changes", "regressions", "suspect", "what", "evidence", NULL};
	static const char *const for_programs[] = {"id",          "changes",
						   "regressions", "improvements",
						   "suspect",     "evidence",
						   "from",        "to",
						   "build",       "previous_build",
						   "revision",    "previous_revision",
						   "labs",        "projects",
						   "branches",    "suites",
						   "benchmarks",  "metrics",
						   "ids",         "worst",
						   "sentence",    NULL};
	return pdc_table_new(format, for_people, for_programs);
}

static void
add_values(PdcTable *table, PerfdashChangeGroup *group)
{
	static const char *const keys[] =
		{"lab", "project", "branch", "suite", "benchmark", "metric"};
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_auto(GStrv) values = perfdash_change_group_list_values(group, keys[i]);
		g_autofree char *joined = g_strjoinv(", ", values);
		pdc_table_add_text(table, joined);
	}
}

static void
add_ids(PdcTable *table, PerfdashChangeGroup *group)
{
	GPtrArray *changes = perfdash_change_group_get_changes(group);
	g_autoptr(GString) ids = g_string_new(NULL);
	for (guint i = 0; i < changes->len; i++)
		g_string_append_printf(ids,
				       "%s%" G_GINT64_FORMAT,
				       i > 0 ? " " : "",
				       perfdash_change_get_id(g_ptr_array_index(changes, i)));
	pdc_table_add_text(table, ids->str);
}

static void
add_group_range(PdcTable *table, PerfdashChangeGroup *group)
{
	PerfdashChange *typical = perfdash_change_group_get_typical(group);
	const char *previous;
	gint64 from;
	gint64 to;
	perfdash_change_group_get_time_range(group, &from, &to);
	pdc_table_add_time(table, from);
	pdc_table_add_time(table, to);
	pdc_table_add_text(table, perfdash_change_get_build(typical, &previous));
	pdc_table_add_text(table, previous);
	pdc_table_add_text(table, perfdash_change_get_revision(typical, &previous));
	pdc_table_add_text(table, previous);
}

void
pdc_group_table_add(PdcTable *table, PerfdashChangeGroup *group)
{
	GPtrArray *changes = perfdash_change_group_get_changes(group);
	gboolean people = pdc_table_is_for_people(table);
	PerfdashSuspect suspect = perfdash_change_group_get_suspect(group);
	g_autofree char *sentence = perfdash_change_group_describe(group);
	g_autofree char *evidence = g_strjoinv("; ",
					       (GStrv)perfdash_change_group_get_evidence(group));
	pdc_table_add_int(table, perfdash_change_get_id(g_ptr_array_index(changes, 0)));
	pdc_table_add_int(table, changes->len);
	pdc_table_add_int(table,
			  perfdash_change_group_count(group, PERFDASH_CHANGE_KIND_REGRESSION));
	if (!people)
		pdc_table_add_int(
			table,
			perfdash_change_group_count(group, PERFDASH_CHANGE_KIND_IMPROVEMENT));
	pdc_table_add_text(table, perfdash_suspect_to_string(suspect));
	pdc_table_add_text(table, people ? sentence : evidence);
	if (people) {
		pdc_table_add_text(table, evidence);
		return;
	}
	add_group_range(table, group);
	add_values(table, group);
	add_ids(table, group);
	pdc_table_add_int(table, perfdash_change_get_id(perfdash_change_group_get_worst(group)));
	pdc_table_add_text(table, sentence);
}

PdcTable *
pdc_cause_table_new(const char *format)
{
	static const char *const names[] =
		{"key", "before", "after", "runs_before", "runs_after", NULL};
	return pdc_table_new(format, names, names);
}

void
pdc_cause_table_add(PdcTable *table, PerfdashCause *cause)
{
	guint n_before;
	guint n_after;
	pdc_table_add_text(table, perfdash_cause_get_key(cause));
	pdc_table_add_text(table, perfdash_cause_get_before(cause, &n_before));
	pdc_table_add_text(table, perfdash_cause_get_after(cause, &n_after));
	pdc_table_add_int(table, n_before);
	pdc_table_add_int(table, n_after);
}

PdcTable *
pdc_precision_table_new(const char *format)
{
	static const char *const names[] = {"right", "wrong", "precision", NULL};
	return pdc_table_new(format, names, names);
}

/* of all that it knows */
void
pdc_precision_table_add(PdcTable *table, PerfdashPrecision *precision)
{
	guint right;
	guint wrong;
	double value = perfdash_precision_get(precision, NULL, &right, &wrong);
	pdc_table_add_int(table, right);
	pdc_table_add_int(table, wrong);
	pdc_table_add_double(table, value);
}
