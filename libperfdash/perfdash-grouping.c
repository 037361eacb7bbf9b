/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts changes together that one cause can explain.
 *
 * A cause lies at one time, and the range of each change holds the time of its cause: so the fewest
 * causes are the fewest times that stab all ranges. Taking the end of the first range that is not
 * stabbed yet, again and again, gives them (Gavril, SIAM Journal on Computing 1, 1972: a least
 * clique cover of intervals). A change that several times stab goes where most have its revisions,
 * else to the time nearest to its run.
 *
 * What happens to a lab happens to all projects and branches in it, so labs are looked at first;
 * what is left is grouped by project and branch, for revisions of others say nothing.
 *
 * To judge takes far longer than to group, and most often a few groups of years are asked for. What
 * a chain of ranges with times in common does not connect with a change has no say in its group,
 * so only what is connected with one that is wanted is grouped, and only what has one is judged. */

#include "perfdash-grouping.h"

#include "perfdash-change-group-private.h"
#include "perfdash-suspicion.h"

typedef struct {
	GPtrArray *changes;
	gint64 *stabs; /* ascending */
	guint n_stabs;
	GHashTable *n_named; /* "stab revision..revision" -> how many have no other stab */
} Stabbing;

static int
compare_ends(gconstpointer a, gconstpointer b)
{
	const PerfdashChange *one = *(PerfdashChange *const *)a;
	const PerfdashChange *other = *(PerfdashChange *const *)b;
	return (one->to_time > other->to_time) - (one->to_time < other->to_time);
}

static void
find_stabs(Stabbing *self)
{
	g_autoptr(GPtrArray) by_end = g_ptr_array_copy(self->changes, NULL, NULL);
	g_ptr_array_set_free_func(by_end, NULL);
	g_ptr_array_sort(by_end, compare_ends);
	self->stabs = g_new(gint64, self->changes->len);
	for (guint i = 0; i < by_end->len; i++) {
		PerfdashChange *change = g_ptr_array_index(by_end, i);
		if (self->n_stabs == 0 || change->from_time >= self->stabs[self->n_stabs - 1])
			self->stabs[self->n_stabs++] = change->to_time;
	}
}

/* the stabs in the range of a change are first to *end - 1; there is one */
static guint
find_first(const Stabbing *self, PerfdashChange *change, guint *end)
{
	guint low = 0;
	guint high = self->n_stabs;
	while (low < high) {
		guint middle = (low + high) / 2;
		if (self->stabs[middle] > change->from_time)
			high = middle;
		else
			low = middle + 1;
	}
	*end = low;
	while (*end < self->n_stabs && self->stabs[*end] <= change->to_time)
		++*end;
	return low;
}

static char *
name_revisions(guint stab, PerfdashChange *change)
{
	return g_strdup_printf("%u %s..%s", stab, change->previous_revision, change->revision);
}

static void
count_revisions(Stabbing *self)
{
	self->n_named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < self->changes->len; i++) {
		guint end;
		PerfdashChange *change = g_ptr_array_index(self->changes, i);
		guint first = find_first(self, change, &end);
		char *name = name_revisions(first, change);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(self->n_named, name));
		if (end == first + 1)
			g_hash_table_replace(self->n_named, name, GUINT_TO_POINTER(n + 1));
		else
			g_free(name);
	}
}

static guint
choose_stab(const Stabbing *self, PerfdashChange *change)
{
	guint end;
	guint first = find_first(self, change, &end);
	guint best = first;
	guint most = 0;
	for (guint stab = first; end > first + 1 && stab < end; stab++) {
		g_autofree char *name = name_revisions(stab, change);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(self->n_named, name));
		gint64 distance = ABS(self->stabs[stab] - change->time);
		if (n > most || (n == most && distance < ABS(self->stabs[best] - change->time))) {
			best = stab;
			most = n;
		}
	}
	return best;
}

static GPtrArray *
changes_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
}

GPtrArray *
perfdash_grouping_stab(GPtrArray *changes)
{
	Stabbing self = {.changes = changes};
	GPtrArray *clusters = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	find_stabs(&self);
	count_revisions(&self);
	for (guint i = 0; i < self.n_stabs; i++)
		g_ptr_array_add(clusters, changes_new());
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		g_ptr_array_add(g_ptr_array_index(clusters, choose_stab(&self, change)),
				perfdash_change_ref(change));
	}
	g_hash_table_unref(self.n_named);
	g_free(self.stabs);
	return clusters;
}

static int
compare_begins(gconstpointer a, gconstpointer b)
{
	const PerfdashChange *one = *(PerfdashChange *const *)a;
	const PerfdashChange *other = *(PerfdashChange *const *)b;
	return (one->from_time > other->from_time) - (one->from_time < other->from_time);
}

static gboolean
has_wanted(GPtrArray *changes, guint begin, guint end, const PerfdashWish *wish)
{
	for (guint i = begin; i < end; i++) {
		if (wish->is_wanted(g_ptr_array_index(changes, i), wish->data))
			return TRUE;
	}
	return FALSE;
}

/* the chain of ranges that begins with the first one ends before this */
static guint
find_chain_end(GPtrArray *by_begin, guint first)
{
	guint end = first;
	gint64 until = G_MAXINT64;
	for (; end < by_begin->len; end++) {
		PerfdashChange *change = g_ptr_array_index(by_begin, end);
		if (change->from_time >= until)
			break;
		until = end == first ? change->to_time : MAX(until, change->to_time);
	}
	return end;
}

/* those that are wanted, and what is connected with them, in their order */
static GPtrArray *
find_connected(GPtrArray *changes, const PerfdashWish *wish)
{
	g_autoptr(GPtrArray) by_begin = g_ptr_array_copy(changes, NULL, NULL);
	g_autoptr(GHashTable) connected = g_hash_table_new(NULL, NULL);
	GPtrArray *found = changes_new();
	g_ptr_array_set_free_func(by_begin, NULL);
	g_ptr_array_sort(by_begin, compare_begins);
	for (guint i = 0, end; i < by_begin->len; i = end) {
		end = find_chain_end(by_begin, i);
		gboolean is_connected = has_wanted(by_begin, i, end, wish);
		for (guint j = i; is_connected && j < end; j++)
			g_hash_table_add(connected, g_ptr_array_index(by_begin, j));
	}
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (g_hash_table_contains(connected, change))
			g_ptr_array_add(found, perfdash_change_ref(change));
	}
	return found;
}

static char *
name_scope(PerfdashChange *change, const char *const *keys)
{
	GString *name = g_string_new(NULL);
	for (guint i = 0; keys[i] != NULL; i++)
		g_string_append_printf(name, "%s\n", perfdash_suspicion_get_label(change, keys[i]));
	return g_string_free(name, FALSE);
}

/* clusters of the changes that agree in the values of keys */
static GPtrArray *
cluster_by(GPtrArray *changes, const char *const *keys)
{
	g_autoptr(GHashTable) scopes = g_hash_table_new_full(g_str_hash,
							     g_str_equal,
							     g_free,
							     (GDestroyNotify)g_ptr_array_unref);
	GPtrArray *clusters = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		char *name = name_scope(change, keys);
		GPtrArray *scope = g_hash_table_lookup(scopes, name);
		if (scope == NULL) {
			scope = changes_new();
			g_hash_table_insert(scopes, name, scope);
		} else {
			g_free(name);
		}
		g_ptr_array_add(scope, perfdash_change_ref(change));
	}
	GHashTableIter iter;
	gpointer scope;
	g_hash_table_iter_init(&iter, scopes);
	while (g_hash_table_iter_next(&iter, NULL, &scope))
		g_ptr_array_extend_and_steal(clusters, perfdash_grouping_stab(scope));
	return clusters;
}

static int
compare_groups(gconstpointer a, gconstpointer b)
{
	const PerfdashChangeGroup *one = *(PerfdashChangeGroup *const *)a;
	const PerfdashChangeGroup *other = *(PerfdashChangeGroup *const *)b;
	gint64 one_id = ((PerfdashChange *)g_ptr_array_index(one->changes, 0))->id;
	gint64 other_id = ((PerfdashChange *)g_ptr_array_index(other->changes, 0))->id;
	if (one->to != other->to)
		return one->to > other->to ? -1 : 1;
	return (one_id < other_id) - (one_id > other_id);
}

/* what is not of one lab event is appended to rest */
static gboolean
take_lab_event(PerfdashSuspicion *suspicion,
	       GPtrArray *cluster,
	       const PerfdashWish *wish,
	       GPtrArray *groups,
	       GPtrArray *rest,
	       GError **error)
{
	g_autoptr(GPtrArray) others = NULL;
	PerfdashChangeGroup *group = NULL;
	if (!perfdash_suspicion_find_lab_event(suspicion, cluster, &group, &others, error))
		return FALSE;
	if (group != NULL && has_wanted(group->changes, 0, group->changes->len, wish))
		g_ptr_array_add(groups, group);
	else
		g_clear_pointer(&group, perfdash_change_group_unref);
	g_ptr_array_extend_and_steal(rest, g_steal_pointer(&others));
	return TRUE;
}

GPtrArray *
perfdash_grouping_run(GPtrArray *changes,
		      const PerfdashWish *wish,
		      const PerfdashFleet *fleet,
		      GError **error)
{
	static const char *const lab[] = {"lab", NULL};
	static const char *const code[] = {"project", "branch", NULL};
	g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_change_group_unref);
	g_autoptr(PerfdashSuspicion) suspicion = perfdash_suspicion_new(changes, fleet);
	g_autoptr(GPtrArray) rest = changes_new();
	g_autoptr(GPtrArray) connected = find_connected(changes, wish);
	g_autoptr(GPtrArray) labs = cluster_by(connected, lab);
	for (guint i = 0; i < labs->len; i++) {
		GPtrArray *cluster = g_ptr_array_index(labs, i);
		if (!take_lab_event(suspicion, cluster, wish, groups, rest, error))
			return NULL;
	}
	g_autoptr(GPtrArray) clusters = cluster_by(rest, code);
	for (guint i = 0; i < clusters->len; i++) {
		GPtrArray *cluster = g_ptr_array_index(clusters, i);
		if (!has_wanted(cluster, 0, cluster->len, wish))
			continue;
		PerfdashChangeGroup *group = perfdash_change_group_new(g_ptr_array_ref(cluster));
		g_ptr_array_add(groups, group);
		if (!perfdash_suspicion_judge(suspicion, group, error))
			return NULL;
	}
	g_ptr_array_sort(groups, compare_groups);
	return g_steal_pointer(&groups);
}
