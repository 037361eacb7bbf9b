/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Are changes that one cause can explain put together, and is the right one suspected? The fleets
 * are made up: tests a and b of suite one, c of suite two, in labs, seen at noon every day. */

#include <string.h>

#include "perfdash-change-group-private.h"
#include "perfdash-error.h"
#include "perfdash-grouping.h"

#define DAY   G_TIME_SPAN_DAY
#define START (G_GINT64_CONSTANT(1700000000) * G_USEC_PER_SEC)

typedef struct {
	GPtrArray *series;  /* of PerfdashSeriesInfo: all are active */
	GPtrArray *changes; /* of PerfdashChange */
	const char *control;
	guint n_looks; /* how often it was asked what is active */
} Fleet;

static Fleet *
fleet_new(void)
{
	Fleet *self = g_new0(Fleet, 1);
	self->series = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_series_info_unref);
	self->changes = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
	return self;
}

static void
fleet_free(Fleet *self)
{
	g_ptr_array_unref(self->series);
	g_ptr_array_unref(self->changes);
	g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fleet, fleet_free)

static PerfdashSeriesInfo *
info_new(const char *lab, const char *project, const char *suite, const char *benchmark)
{
	const char *const labels[][2] = {{"lab", lab},
					 {"project", project},
					 {"suite", suite},
					 {"benchmark", benchmark},
					 {"metric", "latency"}};
	g_autoptr(PerfdashLabels) all = perfdash_labels_new();
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
		PerfdashLabels *more = perfdash_labels_with(all, labels[i][0], labels[i][1], NULL);
		perfdash_labels_unref(all);
		all = more;
	}
	return perfdash_series_info_new(all, "s", PERFDASH_DIRECTION_LOWER);
}

/* the tests of a project in a lab */
static void
add_lab(Fleet *self, const char *lab, const char *project)
{
	g_ptr_array_add(self->series, info_new(lab, project, "one", "a"));
	g_ptr_array_add(self->series, info_new(lab, project, "one", "b"));
	g_ptr_array_add(self->series, info_new(lab, project, "two", "c"));
}

/* the ends of the range of its cause are days */
static PerfdashChange *
move(Fleet *self, guint series, double from, double to, const char *before, const char *after)
{
	PerfdashChange *change = perfdash_change_new(g_ptr_array_index(self->series, series));
	change->id = self->changes->len + 1;
	change->is_found = TRUE;
	/* as perfdash_change_set_place() has it: no range is empty */
	change->from_time = MIN(START + from * DAY, START + to * DAY - 1);
	change->to_time = START + to * DAY;
	change->time = change->to_time;
	change->point = perfdash_change_point_new();
	change->point->before.value = 1;
	change->point->after.value = 1.1;
	change->point->change.value = 0.1;
	change->point->kind = PERFDASH_CHANGE_KIND_REGRESSION;
	perfdash_change_set_text(&change->previous_revision, before);
	perfdash_change_set_text(&change->revision, after);
	g_ptr_array_add(self->changes, change);
	return change;
}

static GPtrArray *
list_active(gint64 from, gint64 to, gpointer data, GError **error)
{
	Fleet *self = data;
	self->n_looks++;
	return g_ptr_array_ref(self->series);
}

static gboolean
is_control(PerfdashSeriesInfo *info, gpointer data)
{
	const char *benchmark = perfdash_labels_get(perfdash_series_info_get_labels(info),
						    "benchmark");
	return g_strcmp0(benchmark, ((Fleet *)data)->control) == 0;
}

/* whether it is that one; all are without one */
static gboolean
is_wanted(PerfdashChange *change, gconstpointer wanted)
{
	return wanted == NULL || change == wanted;
}

static GPtrArray *
group_of(Fleet *self, PerfdashChange *wanted)
{
	const PerfdashFleet fleet = {list_active, is_control, self};
	const PerfdashWish wish = {is_wanted, wanted};
	g_autoptr(GError) error = NULL;
	GPtrArray *groups = perfdash_grouping_run(self->changes, &wish, &fleet, &error);
	g_assert_no_error(error);
	return groups;
}

static GPtrArray *
group(Fleet *self)
{
	return group_of(self, NULL);
}

static void
assert_group(GPtrArray *groups, guint i, guint n, PerfdashSuspect suspect, const char *evidence)
{
	g_assert_cmpuint(i, <, groups->len);
	PerfdashChangeGroup *one = g_ptr_array_index(groups, i);
	g_autofree char *said = g_strjoinv("\n", (GStrv)perfdash_change_group_get_evidence(one));
	g_assert_cmpuint(perfdash_change_group_get_changes(one)->len, ==, n);
	g_assert_cmpstr(perfdash_suspect_to_string(perfdash_change_group_get_suspect(one)),
			==,
			perfdash_suspect_to_string(suspect));
	if (strstr(said, evidence) == NULL)
		g_error("\"%s\" does not say \"%s\"", said, evidence);
}

/* one test in two labs, whose runs are some hours apart */
static void
test_code(void)
{
	g_autoptr(Fleet) fleet = fleet_new();
	gint64 from;
	gint64 to;
	add_lab(fleet, "dfw", "shop");
	add_lab(fleet, "ord", "shop");
	move(fleet, 0, 4, 5, "1", "2");
	move(fleet, 3, 4.5, 5.5, "1", "2")->point->change.value = 0.2;
	g_autoptr(GPtrArray) groups = group(fleet);
	g_assert_cmpuint(groups->len, ==, 1);
	assert_group(groups, 0, 2, PERFDASH_SUSPECT_CODE, "seen in 2 labs: dfw and ord");
	PerfdashChangeGroup *one = g_ptr_array_index(groups, 0);
	perfdash_change_group_get_time_range(one, &from, &to);
	g_assert_cmpint(from, ==, START + 4.5 * DAY);
	g_assert_cmpint(to, ==, START + 5 * DAY);
	g_assert_cmpint(perfdash_change_get_id(perfdash_change_group_get_worst(one)), ==, 2);
	g_auto(GStrv) labs = perfdash_change_group_list_values(one, "lab");
	g_assert_cmpstrv(labs, ((const char *const[]){"dfw", "ord", NULL}));
	g_assert_cmpuint(perfdash_change_group_count(one, PERFDASH_CHANGE_KIND_REGRESSION), ==, 2);
}

static void
test_one_suite(void)
{
	g_autoptr(Fleet) fleet = fleet_new();
	add_lab(fleet, "dfw", "shop");
	move(fleet, 0, 4, 5, "1", "2");
	move(fleet, 1, 4, 5, "1", "2");
	g_autoptr(GPtrArray) groups = group(fleet);
	g_assert_cmpuint(groups->len, ==, 1);
	assert_group(groups,
		     0,
		     2,
		     PERFDASH_SUSPECT_CODE,
		     "only suite one moved; the 1 series of other suites of lab dfw stayed");
}

/* everything in one lab at once, of two projects, is one event; what moved in other labs too is not
 * part of it */
static void
test_lab(void)
{
	g_autoptr(Fleet) fleet = fleet_new();
	add_lab(fleet, "dfw", "shop");
	add_lab(fleet, "dfw", "bank");
	add_lab(fleet, "ord", "shop");
	add_lab(fleet, "ord", "bank");
	for (guint i = 0; i < 6; i++)
		move(fleet, i, 4, 5, i < 3 ? "1" : "x", i < 3 ? "2" : "y");
	move(fleet, 6, 4.5, 5.5, "1", "2");
	g_autoptr(GPtrArray) groups = group(fleet);
	g_assert_cmpuint(groups->len, ==, 2);
	assert_group(
		groups,
		0,
		5,
		PERFDASH_SUSPECT_LAB,
		"6 of 6 series of lab dfw moved between 2023-11-18 22:13 and 2023-11-19 22:13; "
		"the same tests in ord did not");
	assert_group(groups, 1, 2, PERFDASH_SUSPECT_CODE, "seen in 2 labs: dfw and ord");
}

/* with nothing to compare with, a project that moved as a whole may be code or lab */
static void
test_unclear(void)
{
	g_autoptr(Fleet) fleet = fleet_new();
	add_lab(fleet, "dfw", "shop");
	for (guint i = 0; i < 3; i++)
		move(fleet, i, 4, 5, "1", "2");
	g_autoptr(GPtrArray) groups = group(fleet);
	g_assert_cmpuint(groups->len, ==, 1);
	assert_group(groups, 0, 3, PERFDASH_SUSPECT_UNCLEAR, "seen in one lab only");
}

static void
test_machine(void)
{
	g_autoptr(Fleet) fleet = fleet_new();
	add_lab(fleet, "dfw", "shop");
	move(fleet, 0, 4, 5, "1", "1");
	move(fleet, 1, 4, 5, "", "");
	g_autoptr(GPtrArray) groups = group(fleet);
	g_assert_cmpuint(groups->len, ==, 1);
	assert_group(
		groups,
		0,
		2,
		PERFDASH_SUSPECT_MACHINE,
		"no code between: the revision is the same before and after in 1 of 2 changes");
}

/* the same changes, with a control that moved or stayed */
static void
test_controls(gconstpointer data)
{
	gboolean is_moved = GPOINTER_TO_UINT(data);
	g_autoptr(Fleet) fleet = fleet_new();
	fleet->control = is_moved ? "b" : "c";
	add_lab(fleet, "dfw", "shop");
	move(fleet, 0, 4, 5, "1", "2");
	move(fleet, 1, 4, 5, "1", "2");
	g_autoptr(GPtrArray) groups = group(fleet);
	assert_group(groups,
		     0,
		     2,
		     is_moved ? PERFDASH_SUSPECT_LAB : PERFDASH_SUSPECT_CODE,
		     is_moved ? "1 of 1 control series of lab dfw moved, such as b latency"
			      : "1 of 1 control series of lab dfw stayed level");
}

/* what may be chance does not make a second lab, whichever came first */
static void
test_chance(gconstpointer data)
{
	gboolean is_first = GPOINTER_TO_UINT(data);
	g_autoptr(Fleet) fleet = fleet_new();
	add_lab(fleet, "dfw", "shop");
	add_lab(fleet, "ord", "shop");
	PerfdashChange *one = move(fleet, is_first ? 5 : 0, 4, 5, "1", "2");
	PerfdashChange *other = move(fleet, is_first ? 0 : 5, 4, 5, "1", "2");
	(is_first ? one : other)->p_adjusted = 0.5;
	g_autoptr(GPtrArray) groups = group(fleet);
	g_assert_cmpuint(groups->len, ==, 1);
	assert_group(groups, 0, 2, PERFDASH_SUSPECT_CODE, "only suite one moved");
}

/* of two causes in its range a change goes to that with its revisions */
static void
test_revisions(void)
{
	g_autoptr(Fleet) fleet = fleet_new();
	add_lab(fleet, "dfw", "shop");
	move(fleet, 0, 4, 5, "1", "2");
	move(fleet, 1, 5, 6, "2", "3");
	move(fleet, 2, 4, 6, "1", "2");
	g_autoptr(GPtrArray) groups = group(fleet);
	g_assert_cmpuint(groups->len, ==, 2);
	g_assert_cmpuint(perfdash_change_group_get_changes(g_ptr_array_index(groups, 0))->len,
			 ==,
			 1);
	PerfdashChangeGroup *older = g_ptr_array_index(groups, 1);
	g_assert_cmpuint(perfdash_change_group_get_changes(older)->len, ==, 2);
	g_assert_cmpstr(
		perfdash_change_get_revision(perfdash_change_group_get_typical(older), NULL),
		==,
		"2");
}

/* every change is in one group, whose changes have a time in common, and no fewer groups would do:
 * as many ranges as there are groups have no time in common with each other */
static void
test_fewest(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(7);
	for (guint round = 0; round < 200; round++) {
		g_autoptr(Fleet) fleet = fleet_new();
		guint n_apart = 0;
		gint64 last = G_MININT64;
		add_lab(fleet, "dfw", "shop");
		guint n = g_rand_int_range(random, 1, 40);
		for (guint i = 0; i < n; i++) {
			double from = g_rand_int_range(random, 0, 30);
			double length = g_rand_int_range(random, 0, 6);
			move(fleet, i % 3, from, from + length, "", "");
		}
		g_autoptr(GPtrArray) clusters = perfdash_grouping_stab(fleet->changes);
		guint n_grouped = 0;
		for (guint i = 0; i < clusters->len; i++) {
			GPtrArray *cluster = g_ptr_array_index(clusters, i);
			g_autoptr(PerfdashChangeGroup)
				one = perfdash_change_group_new(g_ptr_array_ref(cluster));
			g_assert_cmpuint(cluster->len, >, 0);
			g_assert_cmpint(one->from, <=, one->to);
			n_grouped += cluster->len;
		}
		g_assert_cmpuint(n_grouped, ==, n);
		/* each time the range that ends first of those behind the last one */
		for (;;) {
			gint64 end = G_MAXINT64;
			for (guint i = 0; i < n; i++) {
				PerfdashChange *change = g_ptr_array_index(fleet->changes, i);
				if (change->from_time >= last)
					end = MIN(end, change->to_time);
			}
			if (end == G_MAXINT64)
				break;
			last = end;
			n_apart++;
		}
		g_assert_cmpuint(clusters->len, ==, n_apart);
	}
}

static char *
describe(PerfdashChangeGroup *group)
{
	GString *text = g_string_new(
		perfdash_suspect_to_string(perfdash_change_group_get_suspect(group)));
	for (guint i = 0; i < group->changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(group->changes, i);
		g_string_append_printf(text, " %" G_GINT64_FORMAT, change->id);
	}
	for (const char *const *said = perfdash_change_group_get_evidence(group); *said; said++)
		g_string_append_printf(text, "\n%s", *said);
	return g_string_free(text, FALSE);
}

static PerfdashChangeGroup *
find_group(GPtrArray *groups, PerfdashChange *change)
{
	for (guint i = 0; i < groups->len; i++) {
		PerfdashChangeGroup *one = g_ptr_array_index(groups, i);
		if (g_ptr_array_find(one->changes, change, NULL))
			return one;
	}
	g_assert_not_reached();
}

/* the group of one change among those of three years is what it is among all, and found by looking
 * around few times */
static void
test_wanted(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(7);
	g_autoptr(Fleet) fleet = fleet_new();
	add_lab(fleet, "dfw", "shop");
	add_lab(fleet, "dfw", "bank");
	add_lab(fleet, "muc", "shop");
	for (guint i = 0; i < 600; i++) {
		double from = g_rand_int_range(random, 0, 1000);
		double length = g_rand_int_range(random, 0, 3);
		move(fleet, g_rand_int_range(random, 0, 9), from, from + length, "", "");
	}
	g_autoptr(GPtrArray) all = group(fleet);
	guint n_all = fleet->n_looks;
	fleet->n_looks = 0;
	for (guint i = 0; i < fleet->changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(fleet->changes, i);
		g_autoptr(GPtrArray) groups = group_of(fleet, change);
		g_assert_cmpuint(groups->len, ==, 1);
		g_autofree char *one = describe(g_ptr_array_index(groups, 0));
		g_autofree char *among_all = describe(find_group(all, change));
		g_assert_cmpstr(one, ==, among_all);
	}
	double n_looks = (double)fleet->n_looks / fleet->changes->len;
	g_test_message("%u looks for all groups, %.1f for one", n_all, n_looks);
	g_assert_cmpfloat(n_looks, <, n_all / 100.);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/change-groups/code", test_code);
	g_test_add_func("/change-groups/one-suite", test_one_suite);
	g_test_add_func("/change-groups/lab", test_lab);
	g_test_add_func("/change-groups/unclear", test_unclear);
	g_test_add_func("/change-groups/machine", test_machine);
	g_test_add_data_func("/change-groups/control-moved", GUINT_TO_POINTER(TRUE), test_controls);
	g_test_add_data_func("/change-groups/control-stayed",
			     GUINT_TO_POINTER(FALSE),
			     test_controls);
	g_test_add_data_func("/change-groups/chance/last", GUINT_TO_POINTER(0), test_chance);
	g_test_add_data_func("/change-groups/chance/first", GUINT_TO_POINTER(1), test_chance);
	g_test_add_func("/change-groups/revisions", test_revisions);
	g_test_add_func("/change-groups/fewest", test_fewest);
	g_test_add_func("/change-groups/wanted", test_wanted);
	return g_test_run();
}
