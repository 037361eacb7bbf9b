/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The hosts that sources ask: how many requests are on their way to each, whatever source they are
 * of, and how long a host wants to be left alone (Retry-After). */

#include "pdd-hosts.h"

#include <perfdash.h>

typedef struct {
	guint n_requests;
	gint64 closed_until; /* monotonic */
} Host;

struct _PddHosts {
	GMutex lock;
	GCond change;
	GHashTable *hosts; /* name -> Host */
};

PddHosts *
pdd_hosts_new(void)
{
	PddHosts *self = g_new0(PddHosts, 1);
	g_mutex_init(&self->lock);
	g_cond_init(&self->change);
	self->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return self;
}

void
pdd_hosts_free(PddHosts *self)
{
	g_hash_table_unref(self->hosts);
	g_cond_clear(&self->change);
	g_mutex_clear(&self->lock);
	g_free(self);
}

static Host *
get_host(PddHosts *self, const char *name)
{
	Host *host = g_hash_table_lookup(self->hosts, name);
	if (host != NULL)
		return host;
	host = g_new0(Host, 1);
	g_hash_table_insert(self->hosts, g_strdup(name), host);
	return host;
}

static void
cancelled_cb(GCancellable *cancellable, gpointer user_data)
{
	PddHosts *self = user_data;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_cond_broadcast(&self->change);
}

static GTimeSpan
enter(PddHosts *self, const char *name, guint most, GTimeSpan patience, GCancellable *cancellable)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	Host *host = get_host(self, name);
	while (!g_cancellable_is_cancelled(cancellable)) {
		GTimeSpan wait = host->closed_until - g_get_monotonic_time();
		if (wait > patience)
			return wait;
		if (wait <= 0 && host->n_requests < most) {
			host->n_requests++;
			return 0;
		}
		if (wait > 0)
			g_cond_wait_until(&self->change, &self->lock, host->closed_until);
		else
			g_cond_wait(&self->change, &self->lock);
	}
	return -1;
}

/* waits until the host may be asked, and fewer than most requests are on their way to it; then 0.
 * Else how long it wants to be left alone, when that is longer than patience, or -1 when cancelled
 */
GTimeSpan
pdd_hosts_enter(PddHosts *self,
		const char *host,
		guint most,
		GTimeSpan patience,
		GCancellable *cancellable)
{
	gulong handler = g_cancellable_connect(cancellable, G_CALLBACK(cancelled_cb), self, NULL);
	GTimeSpan wait = enter(self, host, most, patience, cancellable);
	g_cancellable_disconnect(cancellable, handler);
	return wait;
}

void
pdd_hosts_leave(PddHosts *self, const char *host)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	get_host(self, host)->n_requests--;
	g_cond_broadcast(&self->change);
}

/* the host wants to be left alone for a time */
void
pdd_hosts_close(PddHosts *self, const char *host, GTimeSpan time)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	Host *closed = get_host(self, host);
	closed->closed_until = MAX(closed->closed_until, g_get_monotonic_time() + time);
	g_cond_broadcast(&self->change);
}

/* how long it wants to be left alone still, 0 when it may be asked */
GTimeSpan
pdd_hosts_get_wait(PddHosts *self, const char *host)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	return MAX(get_host(self, host)->closed_until - g_get_monotonic_time(), 0);
}
