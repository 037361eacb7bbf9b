/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who made changes that one cause can explain? What else has results around then, and moved or
 * not, tells:
 *
 *  - lab: in one lab at least SHARE of all its series moved, of several suites or benchmarks, and
 *    what moved did not in other labs, or is of several projects, whose code does not change at
 *    once; or a control series, which code cannot move, did;
 *  - machine: the revision is the same before and after;
 *  - code: it is seen in two labs, or in one suite of a lab whose others stayed;
 *  - else it is unclear.
 *
 * A change that may be chance is no evidence, unless there is no other. */

#include "perfdash-suspicion.h"

#define SHARE     (1 / 3.)
#define ELSEWHERE 0.1 /* of the same tests in other labs may move by chance */
#define AROUND    G_TIME_SPAN_DAY
#define MIN_MOVED 3

struct _PerfdashSuspicion {
	const PerfdashFleet *fleet;
	GHashTable *by_series; /* id -> GPtrArray of PerfdashChange */
	GHashTable *by_test;   /* name_test() -> the same, of all labs */
};

/* of the series of a lab that have results around a time */
typedef struct {
	guint n;
	guint n_moved;
	guint n_controls;
	guint n_controls_moved;
	guint n_other_suites; /* than those of the changes */
	guint n_other_suites_moved;
	/* the same tests in other labs */
	guint n_elsewhere;
	guint n_elsewhere_moved;
	GHashTable *other_labs;
	char *control; /* nullable: one that moved */
} Around;

static void
around_clear(Around *around)
{
	g_clear_pointer(&around->other_labs, g_hash_table_unref);
	g_clear_pointer(&around->control, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Around, around_clear)

static const char *
get_label(PerfdashSeriesInfo *info, const char *key)
{
	const char *value = perfdash_labels_get(perfdash_series_info_get_labels(info), key);
	return value != NULL ? value : "";
}

const char *
perfdash_suspicion_get_label(PerfdashChange *change, const char *key)
{
	return get_label(change->info, key);
}

/* the same in every lab */
static char *
name_test(PerfdashSeriesInfo *info)
{
	PerfdashLabels *labels = perfdash_series_info_get_labels(info);
	GString *name = g_string_new(perfdash_series_info_get_unit(info));
	const char *key;
	const char *value;
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++) {
		if (!g_str_equal(key, "lab"))
			g_string_append_printf(name, "\n%s=%s", key, value);
	}
	return g_string_free(name, FALSE);
}

/* takes over name */
static void
add(GHashTable *table, char *name, PerfdashChange *change)
{
	GPtrArray *changes = g_hash_table_lookup(table, name);
	if (changes == NULL) {
		changes = g_ptr_array_new();
		g_hash_table_insert(table, g_strdup(name), changes);
	}
	g_ptr_array_add(changes, change);
	g_free(name);
}

PerfdashSuspicion *
perfdash_suspicion_new(GPtrArray *changes, const PerfdashFleet *fleet)
{
	PerfdashSuspicion *self = g_new0(PerfdashSuspicion, 1);
	self->fleet = fleet;
	self->by_series = g_hash_table_new_full(g_str_hash,
						g_str_equal,
						g_free,
						(GDestroyNotify)g_ptr_array_unref);
	self->by_test = g_hash_table_new_full(g_str_hash,
					      g_str_equal,
					      g_free,
					      (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		add(self->by_series, g_strdup(perfdash_series_info_get_id(change->info)), change);
		add(self->by_test, name_test(change->info), change);
	}
	return self;
}

void
perfdash_suspicion_free(PerfdashSuspicion *self)
{
	g_hash_table_unref(self->by_series);
	g_hash_table_unref(self->by_test);
	g_free(self);
}

static gboolean
is_sure(PerfdashChange *change)
{
	return perfdash_change_get_state(change) != PERFDASH_CHANGE_STATE_UNSURE;
}

/* whether a series moved between two times, by more than chance */
static gboolean
has_moved(PerfdashSuspicion *self, PerfdashSeriesInfo *info, gint64 from, gint64 to)
{
	GPtrArray *changes = g_hash_table_lookup(self->by_series,
						 perfdash_series_info_get_id(info));
	for (guint i = 0; changes != NULL && i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (change->from_time < to && change->to_time > from && is_sure(change))
			return TRUE;
	}
	return FALSE;
}

/* whether the same test moved the same way at the same time in another lab */
static gboolean
moved_elsewhere(PerfdashSuspicion *self, PerfdashChange *change)
{
	g_autofree char *name = name_test(change->info);
	GPtrArray *same = g_hash_table_lookup(self->by_test, name);
	gboolean is_up = change->point->after.value > change->point->before.value;
	for (guint i = 0; i < same->len; i++) {
		PerfdashChange *other = g_ptr_array_index(same, i);
		if (g_str_equal(perfdash_suspicion_get_label(other, "lab"),
				perfdash_suspicion_get_label(change, "lab")))
			continue;
		if (other->from_time < change->to_time && other->to_time > change->from_time &&
		    (other->point->after.value > other->point->before.value) == is_up &&
		    is_sure(other))
			return TRUE;
	}
	return FALSE;
}

/* of those changes that are sure, or of all when none is */
static GHashTable *
collect(GPtrArray *changes, const char *key)
{
	GHashTable *values = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint round = 0; round < 2 && g_hash_table_size(values) == 0; round++) {
		for (guint i = 0; i < changes->len; i++) {
			PerfdashChange *change = g_ptr_array_index(changes, i);
			if (round == 1 || is_sure(change))
				g_hash_table_add(
					values,
					(gpointer)perfdash_suspicion_get_label(change, key));
		}
	}
	return values;
}

static void
look_at(PerfdashSuspicion *self,
	Around *around,
	PerfdashSeriesInfo *info,
	GHashTable *suites,
	gboolean is_moved)
{
	const PerfdashFleet *fleet = self->fleet;
	gboolean is_other = !g_hash_table_contains(suites, get_label(info, "suite"));
	around->n++;
	around->n_moved += is_moved;
	around->n_other_suites += is_other;
	around->n_other_suites_moved += is_other && is_moved;
	if (fleet->is_control == NULL || !fleet->is_control(info, fleet->data))
		return;
	around->n_controls++;
	around->n_controls_moved += is_moved;
	if (is_moved && around->control == NULL)
		around->control = g_strdup_printf("%s %s",
						  get_label(info, "benchmark"),
						  get_label(info, "metric"));
}

static GHashTable *
name_tests(GPtrArray *changes)
{
	GHashTable *tests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < changes->len; i++)
		g_hash_table_add(
			tests,
			name_test(((PerfdashChange *)g_ptr_array_index(changes, i))->info));
	return tests;
}

static const char *
get_only(GHashTable *values)
{
	GHashTableIter iter;
	gpointer value = NULL;
	g_hash_table_iter_init(&iter, values);
	g_hash_table_iter_next(&iter, &value, NULL);
	return value;
}

/* in the lab that the changes of the group are of, those that are sure */
static gboolean
look_around(PerfdashSuspicion *self,
	    PerfdashChangeGroup *group,
	    const char *lab,
	    gboolean with_others,
	    Around *around,
	    GError **error)
{
	const PerfdashFleet *fleet = self->fleet;
	g_autoptr(GHashTable) suites = collect(group->changes, "suite");
	g_autoptr(GHashTable) tests = with_others ? name_tests(group->changes) : NULL;
	g_autoptr(GPtrArray) active =
		fleet->list_active(group->from - AROUND, group->to + AROUND, fleet->data, error);
	around->other_labs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; active != NULL && i < active->len; i++) {
		PerfdashSeriesInfo *info = g_ptr_array_index(active, i);
		gboolean is_moved = has_moved(self, info, group->from, group->to);
		if (g_str_equal(get_label(info, "lab"), lab)) {
			look_at(self, around, info, suites, is_moved);
			continue;
		}
		g_autofree char *test = with_others ? name_test(info) : NULL;
		if (test == NULL || !g_hash_table_contains(tests, test))
			continue;
		around->n_elsewhere++;
		around->n_elsewhere_moved += is_moved;
		g_hash_table_add(around->other_labs, g_strdup(get_label(info, "lab")));
	}
	return active != NULL;
}

static char *
format_time(gint64 time)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
	return utc != NULL ? g_date_time_format(utc, "%Y-%m-%d %H:%M") : g_strdup("?");
}

static char *
join(GHashTable *texts)
{
	g_autoptr(GList)
		sorted = g_list_sort(g_hash_table_get_keys(texts), (GCompareFunc)g_strcmp0);
	GString *joined = g_string_new(NULL);
	for (GList *one = sorted; one != NULL; one = one->next) {
		if (joined->len > 0)
			g_string_append(joined, one->next != NULL ? ", " : " and ");
		g_string_append(joined,
				*(char *)one->data != '\0' ? one->data : "one without name");
	}
	return g_string_free(joined, FALSE);
}

static void
say_what_moved(PerfdashChangeGroup *group, const Around *around, const char *lab)
{
	g_autofree char *from = format_time(group->from);
	g_autofree char *to = format_time(group->to);
	GString *text = g_string_new(NULL);
	g_string_append_printf(text,
			       "%u of %u series of lab %s moved between %s and %s",
			       around->n_moved,
			       around->n,
			       lab,
			       from,
			       to);
	if (around->n_elsewhere > 0) {
		g_autofree char *others = join(around->other_labs);
		if (around->n_elsewhere_moved == 0)
			g_string_append_printf(text, "; the same tests in %s did not", others);
		else
			g_string_append_printf(text,
					       "; of the same tests in %s %u of %u did",
					       others,
					       around->n_elsewhere_moved,
					       around->n_elsewhere);
	}
	perfdash_change_group_add_evidence(group, g_string_free(text, FALSE));
}

static void
say_controls(PerfdashChangeGroup *group, const Around *around, const char *lab)
{
	char *text = NULL;
	if (around->n_controls_moved > 0)
		text = g_strdup_printf("%u of %u control series of lab %s moved, such as %s: code "
				       "cannot move them",
				       around->n_controls_moved,
				       around->n_controls,
				       lab,
				       around->control);
	else if (around->n_controls > 0)
		text = g_strdup_printf("%u of %u control series of lab %s stayed level",
				       around->n_controls,
				       around->n_controls,
				       lab);
	if (text != NULL)
		perfdash_change_group_add_evidence(group, text);
}

static gboolean
is_broad(GPtrArray *changes)
{
	g_autoptr(GHashTable) suites = collect(changes, "suite");
	g_autoptr(GHashTable) benchmarks = collect(changes, "benchmark");
	g_autoptr(GHashTable) series = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (is_sure(change))
			g_hash_table_add(series,
					 (gpointer)perfdash_series_info_get_id(change->info));
	}
	return g_hash_table_size(series) >= MIN_MOVED &&
	       (g_hash_table_size(suites) > 1 || g_hash_table_size(benchmarks) > 1);
}

static gboolean
is_lab_event(GPtrArray *changes, const Around *around)
{
	g_autoptr(GHashTable) projects = collect(changes, "project");
	gboolean stayed_elsewhere = around->n_elsewhere > 0 &&
				    around->n_elsewhere_moved < ELSEWHERE * around->n_elsewhere;
	gboolean is_of_many = g_hash_table_size(projects) > 1 && around->n_elsewhere_moved == 0;
	return around->n_moved >= SHARE * around->n &&
	       (stayed_elsewhere || is_of_many || around->n_controls_moved > 0);
}

gboolean
perfdash_suspicion_find_lab_event(PerfdashSuspicion *self,
				  GPtrArray *changes,
				  PerfdashChangeGroup **group,
				  GPtrArray **others,
				  GError **error)
{
	g_autoptr(GPtrArray)
		here = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
	const char *lab = perfdash_suspicion_get_label(g_ptr_array_index(changes, 0), "lab");
	g_auto(Around) around = {0};
	*group = NULL;
	*others = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		g_ptr_array_add(moved_elsewhere(self, change) ? *others : here,
				perfdash_change_ref(change));
	}
	if (*lab == '\0' || !is_broad(here)) {
		g_ptr_array_extend_and_steal(*others, g_steal_pointer(&here));
		return TRUE;
	}
	g_autoptr(PerfdashChangeGroup) event = perfdash_change_group_new(g_ptr_array_ref(here));
	if (!look_around(self, event, lab, TRUE, &around, error))
		return FALSE;
	if (!is_lab_event(here, &around)) {
		g_clear_pointer(&event, perfdash_change_group_unref);
		g_ptr_array_extend_and_steal(*others, g_steal_pointer(&here));
		return TRUE;
	}
	event->suspect = PERFDASH_SUSPECT_LAB;
	say_what_moved(event, &around, lab);
	say_controls(event, &around, lab);
	*group = g_steal_pointer(&event);
	return TRUE;
}

/* whether all that name a revision have the same before and after */
static gboolean
has_no_code(PerfdashChangeGroup *group)
{
	guint n_named = 0;
	guint n_same = 0;
	for (guint i = 0; i < group->changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(group->changes, i);
		n_named += *change->revision != '\0' && *change->previous_revision != '\0';
		n_same += perfdash_change_is_without_code(change);
	}
	if (n_same == 0 || n_same < n_named)
		return FALSE;
	perfdash_change_group_add_evidence(
		group,
		g_strdup_printf("no code between: the revision is the same before and after in %u "
				"of %u changes",
				n_same,
				group->changes->len));
	return TRUE;
}

/* with results around then */
static PerfdashSuspect
judge_one_lab(PerfdashChangeGroup *group, const Around *around, const char *lab)
{
	guint n_stayed = around->n_other_suites - around->n_other_suites_moved;
	g_autoptr(GHashTable) suites = collect(group->changes, "suite");
	if (around->n_controls_moved > 0)
		return PERFDASH_SUSPECT_LAB;
	if (has_no_code(group))
		return PERFDASH_SUSPECT_MACHINE;
	if (g_hash_table_size(suites) == 1 && n_stayed > 0 && around->n_other_suites_moved == 0) {
		g_autofree char *suite = join(suites);
		perfdash_change_group_add_evidence(
			group,
			g_strdup_printf("only suite %s moved; the %u series of other suites of lab "
					"%s stayed",
					suite,
					n_stayed,
					lab));
		return PERFDASH_SUSPECT_CODE;
	}
	perfdash_change_group_add_evidence(
		group,
		g_strdup("seen in one lab only, and nothing tells code and lab apart"));
	return PERFDASH_SUSPECT_UNCLEAR;
}

static PerfdashSuspect
judge_labs(PerfdashChangeGroup *group, GHashTable *labs)
{
	if (has_no_code(group))
		return PERFDASH_SUSPECT_MACHINE;
	g_autofree char *names = join(labs);
	perfdash_change_group_add_evidence(
		group,
		g_strdup_printf("seen in %u labs: %s", g_hash_table_size(labs), names));
	return PERFDASH_SUSPECT_CODE;
}

gboolean
perfdash_suspicion_judge(PerfdashSuspicion *self, PerfdashChangeGroup *group, GError **error)
{
	g_autoptr(GHashTable) labs = collect(group->changes, "lab");
	g_auto(Around) around = {0};
	if (g_hash_table_size(labs) > 1) {
		group->suspect = judge_labs(group, labs);
		return TRUE;
	}
	g_autofree char *lab = join(labs);
	if (!look_around(self, group, get_only(labs), FALSE, &around, error))
		return FALSE;
	group->suspect = judge_one_lab(group, &around, lab);
	say_controls(group, &around, lab);
	return TRUE;
}
