/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How sources share the places for fetched logs. */

#include "pdd-room.h"

#define MOST 8

static const char *const one = "one";
static const char *const other = "other";

typedef struct {
	PddRoom *room;
	const char *owner;
	GCancellable *cancellable;
	GAsyncQueue *taken; /* of owners, in the order in which they got a place */
} Taker;

static gpointer
take(gpointer data)
{
	Taker *taker = data;
	if (pdd_room_take(taker->room, taker->owner, taker->cancellable))
		g_async_queue_push(taker->taken, (gpointer)taker->owner);
	return NULL;
}

/* a place that comes free goes to the one that has fewer, though the other waited before */
static void
test_fair(void)
{
	g_autoptr(GAsyncQueue) taken = g_async_queue_new();
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	PddRoom *room = pdd_room_new(MOST);
	Taker greedy = {room, one, cancellable, taken};
	Taker modest = {room, other, cancellable, taken};
	for (guint i = 0; i < MOST; i++)
		take(&greedy);
	GThread *first = g_thread_new("one", take, &greedy);
	/* who has none does not wait for the others */
	take(&modest);
	for (guint i = 0; i < MOST; i++)
		g_assert_true(g_async_queue_pop(taken) == one);
	g_assert_true(g_async_queue_pop(taken) == other);
	GThread *second = g_thread_new("other", take, &modest);
	g_usleep(50 * 1000);
	g_assert_null(g_async_queue_try_pop(taken));
	/* one place too many is out, so the second that is given back is free */
	pdd_room_give_back(room, one);
	g_usleep(20 * 1000);
	g_assert_null(g_async_queue_try_pop(taken));
	pdd_room_give_back(room, one);
	g_assert_true(g_async_queue_pop(taken) == other);
	g_thread_join(second);
	pdd_room_give_back(room, one);
	g_assert_true(g_async_queue_pop(taken) == one);
	g_thread_join(first);
	pdd_room_free(room);
}

/* a source that stops waits no longer, and what it had is free */
static void
test_stop(void)
{
	g_autoptr(GAsyncQueue) taken = g_async_queue_new();
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	g_autoptr(GCancellable) never = g_cancellable_new();
	PddRoom *room = pdd_room_new(MOST);
	Taker leaving = {room, one, cancellable, taken};
	Taker staying = {room, other, never, taken};
	for (guint i = 0; i < MOST; i++)
		take(&leaving);
	GThread *thread = g_thread_new("one", take, &leaving);
	g_cancellable_cancel(cancellable);
	g_thread_join(thread);
	g_assert_cmpint(g_async_queue_length(taken), ==, MOST);
	pdd_room_leave(room, one);
	for (guint i = 0; i < MOST; i++)
		take(&staying);
	g_assert_cmpint(g_async_queue_length(taken), ==, 2 * MOST);
	pdd_room_free(room);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/room/fair", test_fair);
	g_test_add_func("/room/stop", test_stop);
	return g_test_run();
}
