/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a second reading of a log says beside what was stored of the first: which runs and values
 * stay, change, appear and vanish. It is what a preview shows, and what a store brings its rows to.
 */

#include "perfdash-rereading.h"

#include <math.h>

#include "perfdash-log-record-private.h"
#include "perfdash-pairing.h"
#include "perfdash-parse-result-private.h"
#include "perfdash-result-private.h"
#include "perfdash-run-private.h"
#include "perfdash-series-info.h"

#define MAX_EXAMPLES 3    /* of a kind */
#define SIX_DIGITS   1e-6 /* of a value */

typedef struct {
	PerfdashReread reread;
	PerfdashSeriesInfo *before; /* nullable */
	PerfdashSeriesInfo *after;  /* nullable */
	double value_before;
	double value_after;
} Example;

struct _PerfdashRereading {
	GObject parent_instance;
	PerfdashLogRecord *record;
	PerfdashParseResult *parsed;
	gboolean is_same;
	guint n_runs[PERFDASH_N_REREADS];
	guint n_values[PERFDASH_N_REREADS];
	guint n_examples[PERFDASH_N_REREADS];
	GArray *examples; /* of Example */
};

G_DEFINE_FINAL_TYPE(PerfdashRereading, perfdash_rereading, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE(PerfdashReread,
		   perfdash_reread,
		   G_DEFINE_ENUM_VALUE(PERFDASH_REREAD_SAME, "same"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_REREAD_ROUNDED, "rounded"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_REREAD_CHANGED, "changed"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_REREAD_MOVED, "moved"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_REREAD_APPEARED, "appeared"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_REREAD_VANISHED, "vanished"))

/**
 * perfdash_reread_to_string:
 * @reread: a #PerfdashReread
 *
 * Returns: `same`, `rounded`, `changed`, `moved`, `appeared` or `vanished`
 *
 * Since: 0.1
 */
const char *
perfdash_reread_to_string(PerfdashReread reread)
{
	static const char *const names[] =
		{"same", "rounded", "changed", "moved", "appeared", "vanished"};
	g_return_val_if_fail((guint)reread < G_N_ELEMENTS(names), NULL);
	return names[reread];
}

static void
example_clear(gpointer data)
{
	Example *example = data;
	g_clear_pointer(&example->before, perfdash_series_info_unref);
	g_clear_pointer(&example->after, perfdash_series_info_unref);
}

static PerfdashSeriesInfo *
make_info(PerfdashRun *run, const PerfdashRunPoint *point)
{
	if (point == NULL)
		return NULL;
	g_autoptr(PerfdashLabels) all = perfdash_labels_merge(run->labels, point->result->labels);
	g_autoptr(PerfdashLabels)
		labels = *point->stat != '\0' ? perfdash_labels_with(all, "stat", point->stat, NULL)
					      : perfdash_labels_ref(all);
	return perfdash_series_info_new(labels, point->result->unit, point->result->direction);
}

/* a run and the point of it are NULL where the value is not */
static void
count_value(PerfdashRereading *self,
	    PerfdashReread reread,
	    PerfdashRun *run_before,
	    const PerfdashRunPoint *before,
	    PerfdashRun *run_after,
	    const PerfdashRunPoint *after)
{
	self->n_values[reread]++;
	if (reread == PERFDASH_REREAD_SAME || self->n_examples[reread] == MAX_EXAMPLES)
		return;
	Example example = {
		.reread = reread,
		.before = make_info(run_before, before),
		.after = make_info(run_after, after),
		.value_before = before != NULL ? before->value : NAN,
		.value_after = after != NULL ? after->value : NAN,
	};
	self->n_examples[reread]++;
	g_array_append_val(self->examples, example);
}

static PerfdashReread
compare_points(PerfdashRun *run_before,
	       const PerfdashRunPoint *before,
	       PerfdashRun *run_after,
	       const PerfdashRunPoint *after)
{
	if (before->stat != after->stat ||
	    !g_str_equal(before->result->unit, after->result->unit) ||
	    !perfdash_labels_equal(before->result->labels, after->result->labels) ||
	    !perfdash_labels_equal(run_before->labels, run_after->labels))
		return PERFDASH_REREAD_MOVED;
	if (before->value == after->value)
		return PERFDASH_REREAD_SAME;
	double largest = MAX(fabs(before->value), fabs(after->value));
	return fabs(before->value - after->value) <= largest * SIX_DIGITS ? PERFDASH_REREAD_ROUNDED
									  : PERFDASH_REREAD_CHANGED;
}

static void
count_values(PerfdashRereading *self, PerfdashRun *run_before, PerfdashRun *run_after)
{
	g_autoptr(GArray) before = perfdash_pairing_list_points(run_before);
	g_autoptr(GArray) after = perfdash_pairing_list_points(run_after);
	g_autoptr(PerfdashPairing) pairing = perfdash_pairing_new_for_points(before, after);
	for (guint i = 0; i < before->len; i++) {
		const PerfdashRunPoint *one = &g_array_index(before, PerfdashRunPoint, i);
		const PerfdashRunPoint *other = NULL;
		PerfdashReread reread = PERFDASH_REREAD_VANISHED;
		if (pairing->after[i] >= 0) {
			other = &g_array_index(after, PerfdashRunPoint, pairing->after[i]);
			reread = compare_points(run_before, one, run_after, other);
		}
		count_value(self, reread, run_before, one, run_after, other);
	}
	for (guint i = 0; i < after->len; i++) {
		if (pairing->before[i] < 0)
			count_value(self,
				    PERFDASH_REREAD_APPEARED,
				    NULL,
				    NULL,
				    run_after,
				    &g_array_index(after, PerfdashRunPoint, i));
	}
}

static void
count_all_values(PerfdashRereading *self, PerfdashRun *run, PerfdashReread reread)
{
	gboolean is_before = reread == PERFDASH_REREAD_VANISHED;
	g_autoptr(GArray) points = perfdash_pairing_list_points(run);
	for (guint i = 0; i < points->len; i++) {
		const PerfdashRunPoint *point = &g_array_index(points, PerfdashRunPoint, i);
		count_value(self,
			    reread,
			    is_before ? run : NULL,
			    is_before ? point : NULL,
			    is_before ? NULL : run,
			    is_before ? NULL : point);
	}
}

static PerfdashReread
compare_runs(PerfdashRun *before, PerfdashRun *after)
{
	if (!perfdash_labels_equal(before->labels, after->labels))
		return PERFDASH_REREAD_MOVED;
	return perfdash_pairing_is_same_run(before, after) ? PERFDASH_REREAD_SAME
							   : PERFDASH_REREAD_CHANGED;
}

static void
count_runs(PerfdashRereading *self, GPtrArray *before, GPtrArray *after)
{
	g_autoptr(PerfdashPairing) pairing = perfdash_pairing_new_for_runs(before, after);
	for (guint i = 0; i < before->len; i++) {
		PerfdashRun *one = g_ptr_array_index(before, i);
		if (pairing->after[i] < 0) {
			self->n_runs[PERFDASH_REREAD_VANISHED]++;
			count_all_values(self, one, PERFDASH_REREAD_VANISHED);
			continue;
		}
		PerfdashRun *other = g_ptr_array_index(after, pairing->after[i]);
		self->n_runs[compare_runs(one, other)]++;
		count_values(self, one, other);
	}
	for (guint i = 0; i < after->len; i++) {
		if (pairing->before[i] >= 0)
			continue;
		self->n_runs[PERFDASH_REREAD_APPEARED]++;
		count_all_values(self, g_ptr_array_index(after, i), PERFDASH_REREAD_APPEARED);
	}
}

static gboolean
is_same_error(const GError *before, const GError *after)
{
	if (before == NULL || after == NULL)
		return before == after;
	return before->code == after->code && g_str_equal(before->message, after->message);
}

/* what a log says besides its runs */
static gboolean
is_same_record(PerfdashRereading *self)
{
	g_auto(GStrv) warnings = perfdash_parse_result_dup_warnings(self->parsed);
	return self->record->outcome == perfdash_parse_result_get_outcome(self->parsed) &&
	       is_same_error(self->record->error, perfdash_parse_result_get_error(self->parsed)) &&
	       g_strv_equal((const char *const *)self->record->warnings,
			    (const char *const *)warnings);
}

/**
 * perfdash_rereading_get_record:
 * @self: a #PerfdashRereading
 *
 * Returns: (transfer none): what was stored of the log before
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_rereading_get_record(PerfdashRereading *self)
{
	g_return_val_if_fail(PERFDASH_IS_REREADING(self), NULL);
	return self->record;
}

/**
 * perfdash_rereading_get_parsed:
 * @self: a #PerfdashRereading
 *
 * Returns: (transfer none): what was read now
 *
 * Since: 0.1
 */
PerfdashParseResult *
perfdash_rereading_get_parsed(PerfdashRereading *self)
{
	g_return_val_if_fail(PERFDASH_IS_REREADING(self), NULL);
	return self->parsed;
}

/**
 * perfdash_rereading_is_same:
 * @self: a #PerfdashRereading
 *
 * Returns: whether the log says now what it said before, but for the name and version of the parser
 *
 * Since: 0.1
 */
gboolean
perfdash_rereading_is_same(PerfdashRereading *self)
{
	g_return_val_if_fail(PERFDASH_IS_REREADING(self), FALSE);
	return self->is_same;
}

/**
 * perfdash_rereading_count_runs:
 * @self: a #PerfdashRereading
 * @reread: what becomes of them
 *
 * Returns: how many runs of the log
 *
 * Since: 0.1
 */
guint
perfdash_rereading_count_runs(PerfdashRereading *self, PerfdashReread reread)
{
	g_return_val_if_fail(PERFDASH_IS_REREADING(self), 0);
	g_return_val_if_fail((guint)reread < PERFDASH_N_REREADS, 0);
	return self->n_runs[reread];
}

/**
 * perfdash_rereading_count_values:
 * @self: a #PerfdashRereading
 * @reread: what becomes of them
 *
 * Returns: how many values of the log, of which percentiles are each one
 *
 * Since: 0.1
 */
guint
perfdash_rereading_count_values(PerfdashRereading *self, PerfdashReread reread)
{
	g_return_val_if_fail(PERFDASH_IS_REREADING(self), 0);
	g_return_val_if_fail((guint)reread < PERFDASH_N_REREADS, 0);
	return self->n_values[reread];
}

/**
 * perfdash_rereading_get_n_examples:
 * @self: a #PerfdashRereading
 *
 * Returns: how many examples there are of values that do not stay the same, some of each kind
 *
 * Since: 0.1
 */
guint
perfdash_rereading_get_n_examples(PerfdashRereading *self)
{
	g_return_val_if_fail(PERFDASH_IS_REREADING(self), 0);
	return self->examples->len;
}

/**
 * perfdash_rereading_get_example:
 * @self: a #PerfdashRereading
 * @index: which one
 * @before: (out) (transfer none) (nullable) (optional): the series of the value before, or %NULL
 * @value_before: (out) (optional): the value before, or NaN
 * @after: (out) (transfer none) (nullable) (optional): the series of the value now, or %NULL
 * @value_after: (out) (optional): the value now, or NaN
 *
 * Returns: what becomes of the value
 *
 * Since: 0.1
 */
PerfdashReread
perfdash_rereading_get_example(PerfdashRereading *self,
			       guint index,
			       PerfdashSeriesInfo **before,
			       double *value_before,
			       PerfdashSeriesInfo **after,
			       double *value_after)
{
	g_return_val_if_fail(PERFDASH_IS_REREADING(self), PERFDASH_REREAD_SAME);
	g_return_val_if_fail(index < self->examples->len, PERFDASH_REREAD_SAME);
	Example *example = &g_array_index(self->examples, Example, index);
	if (before != NULL)
		*before = example->before;
	if (value_before != NULL)
		*value_before = example->value_before;
	if (after != NULL)
		*after = example->after;
	if (value_after != NULL)
		*value_after = example->value_after;
	return example->reread;
}

static void
perfdash_rereading_finalize(GObject *object)
{
	PerfdashRereading *self = PERFDASH_REREADING(object);
	g_clear_object(&self->record);
	g_clear_object(&self->parsed);
	g_array_unref(self->examples);
	G_OBJECT_CLASS(perfdash_rereading_parent_class)->finalize(object);
}

static void
perfdash_rereading_class_init(PerfdashRereadingClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_rereading_finalize;
}

static void
perfdash_rereading_init(PerfdashRereading *self)
{
	self->examples = g_array_new(FALSE, FALSE, sizeof(Example));
	g_array_set_clear_func(self->examples, example_clear);
}

/**
 * perfdash_rereading_new:
 * @record: what was stored of a log
 * @runs: (element-type PerfdashRun): the runs that were stored of it, with their results
 * @parsed: what was read from it now
 *
 * Returns: (transfer full): the one beside the other
 *
 * Since: 0.1
 */
PerfdashRereading *
perfdash_rereading_new(PerfdashLogRecord *record, GPtrArray *runs, PerfdashParseResult *parsed)
{
	g_return_val_if_fail(PERFDASH_IS_LOG_RECORD(record) && runs != NULL, NULL);
	g_return_val_if_fail(PERFDASH_IS_PARSE_RESULT(parsed), NULL);
	PerfdashRereading *self = g_object_new(PERFDASH_TYPE_REREADING, NULL);
	g_autoptr(GPtrArray) after = perfdash_parse_result_list_records(parsed);
	self->record = g_object_ref(record);
	self->parsed = g_object_ref(parsed);
	count_runs(self, runs, after);
	self->is_same = is_same_record(self) && self->n_runs[PERFDASH_REREAD_SAME] == runs->len &&
			runs->len == after->len;
	return self;
}
