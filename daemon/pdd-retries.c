/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What of a source could not be had, why, and when it is tried again: after a minute, then each
 * time after twice as long, up to an hour; what no other try will help, when it was told for a day.
 * What was due in several polls that did not find it is gone: it is told for a day, too, and no
 * poll is made for it any more. Locked by its owner. */

#include "pdd-retries.h"

#include "pdd-source.h"

#define LONGEST  G_TIME_SPAN_HOUR
#define MISSES   3               /* polls that did not find it: then it is gone */
#define TOLD_FOR G_TIME_SPAN_DAY /* of one that is gone or given up */

typedef struct {
	PddFileState state; /* in which it could not be had */
	char *message;
	guint n_tries;
	gint64 next; /* monotonic, G_MAXINT64: never */
	guint n_misses;
	gint64 gone_at;     /* monotonic, 0: it is not */
	gint64 given_up_at; /* monotonic, 0: it is not */
} Retry;

struct _PddRetries {
	GTimeSpan first;
	GHashTable *items; /* key -> Retry */
};

static void
retry_free(gpointer data)
{
	Retry *retry = data;
	g_free(retry->message);
	g_free(retry);
}

/* first: how long after the first failure */
PddRetries *
pdd_retries_new(GTimeSpan first)
{
	PddRetries *self = g_new0(PddRetries, 1);
	self->first = first;
	self->items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, retry_free);
	return self;
}

void
pdd_retries_free(PddRetries *self)
{
	g_hash_table_unref(self->items);
	g_free(self);
}

static Retry *
find(PddRetries *self, const char *item, const PddFileState *state)
{
	Retry *retry = g_hash_table_lookup(self->items, item);
	return retry != NULL && pdd_file_state_equal(&retry->state, state) ? retry : NULL;
}

/* once more */
void
pdd_retries_add(PddRetries *self,
		const char *item,
		const PddFileState *state,
		const char *message,
		gboolean is_final)
{
	Retry *retry = find(self, item, state);
	if (retry == NULL) {
		retry = g_new0(Retry, 1);
		retry->state = *state;
		g_hash_table_replace(self->items, g_strdup(item), retry);
	}
	GTimeSpan wait = MIN(self->first << MIN(retry->n_tries, 12), LONGEST);
	g_free(retry->message);
	retry->message = g_strdup(message);
	retry->n_tries++;
	retry->n_misses = 0;
	retry->gone_at = 0;
	gint64 now = g_get_monotonic_time();
	retry->given_up_at = is_final ? now : 0;
	retry->next = is_final ? G_MAXINT64 : now + wait;
}

void
pdd_retries_remove(PddRetries *self, const char *item)
{
	g_hash_table_remove(self->items, item);
}

/* whether it was tried before */
gboolean
pdd_retries_contains(PddRetries *self, const char *item, const PddFileState *state)
{
	return find(self, item, state) != NULL;
}

/* also of an item that was never tried */
gboolean
pdd_retries_is_due(PddRetries *self, const char *item, const PddFileState *state)
{
	const Retry *retry = find(self, item, state);
	return retry == NULL || retry->gone_at != 0 || retry->next <= g_get_monotonic_time();
}

/* whether no other try will help */
gboolean
pdd_retries_is_final(PddRetries *self, const char *item, const PddFileState *state)
{
	const Retry *retry = find(self, item, state);
	return retry != NULL && retry->given_up_at != 0;
}

/* when something whose key begins so is tried again, monotonic, or G_MAXINT64 */
gint64
pdd_retries_get_next(PddRetries *self, const char *prefix)
{
	gint64 next = G_MAXINT64;
	GHashTableIter iter;
	gpointer item;
	gpointer retry;
	g_hash_table_iter_init(&iter, self->items);
	while (g_hash_table_iter_next(&iter, &item, &retry)) {
		if (g_str_has_prefix(item, prefix))
			next = MIN(next, ((Retry *)retry)->next);
	}
	return next;
}

static gboolean
is_gone(gpointer item, gpointer retry, gpointer items)
{
	return !g_hash_table_contains(items, item);
}

/* forgets all that are not in the set */
void
pdd_retries_retain(PddRetries *self, GHashTable *items)
{
	g_hash_table_foreach_remove(self->items, is_gone, items);
}

static gboolean
is_told(gint64 since)
{
	return g_get_monotonic_time() - since > TOLD_FOR;
}

/* one that a poll did not find; TRUE when it need not be told any more */
static gboolean
miss(Retry *retry)
{
	if (retry->gone_at != 0)
		return is_told(retry->gone_at);
	if (++retry->n_misses < MISSES)
		return FALSE;
	g_autofree char *message = g_steal_pointer(&retry->message);
	retry->message = g_strconcat("it is not where it was any more; before: ", message, NULL);
	retry->next = G_MAXINT64;
	retry->gone_at = g_get_monotonic_time();
	return FALSE;
}

/* a poll that began then, monotonic, found everything there is: what was due, was not tried since
 * and is not on its way was not found */
void
pdd_retries_end_poll(PddRetries *self,
		     gint64 begun_at,
		     gboolean (*is_under_way)(const char *item, gpointer user_data),
		     gpointer user_data)
{
	GHashTableIter iter;
	gpointer item;
	gpointer value;
	g_hash_table_iter_init(&iter, self->items);
	while (g_hash_table_iter_next(&iter, &item, &value)) {
		Retry *retry = value;
		gboolean was_due = retry->gone_at != 0 || retry->next <= begun_at;
		gboolean is_over = retry->given_up_at != 0
					   ? is_told(retry->given_up_at)
					   : was_due && !is_under_way(item, user_data) &&
						     miss(retry);
		if (is_over)
			g_hash_table_iter_remove(&iter);
	}
}

guint
pdd_retries_get_length(PddRetries *self)
{
	return g_hash_table_size(self->items);
}

/* one that comes first, and how many there are, or NULL */
char *
pdd_retries_describe(PddRetries *self)
{
	guint n = g_hash_table_size(self->items);
	GHashTableIter iter;
	gpointer retry;
	g_hash_table_iter_init(&iter, self->items);
	if (!g_hash_table_iter_next(&iter, NULL, &retry))
		return NULL;
	const char *message = ((Retry *)retry)->message;
	return n == 1 ? g_strdup(message)
		      : g_strdup_printf("%s (and %u more files)", message, n - 1);
}

/* adds PddSourceProblem until there are n */
void
pdd_retries_list(PddRetries *self, GPtrArray *problems, guint n)
{
	gint64 offset = g_get_real_time() - g_get_monotonic_time();
	GHashTableIter iter;
	gpointer item;
	gpointer value;
	g_hash_table_iter_init(&iter, self->items);
	while (problems->len < n && g_hash_table_iter_next(&iter, &item, &value)) {
		const Retry *retry = value;
		PddSourceProblem *problem = g_new0(PddSourceProblem, 1);
		/* a path may be of any bytes */
		problem->item = g_utf8_make_valid(item, -1);
		problem->message = g_utf8_make_valid(retry->message, -1);
		problem->n_tries = retry->n_tries;
		problem->retry_at = retry->next != G_MAXINT64 ? retry->next + offset : 0;
		g_ptr_array_add(problems, problem);
	}
}
