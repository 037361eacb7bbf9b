/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the daemon counts itself, in the text format of Prometheus. Routes are counted by their
 * pattern, never by what a client wrote, so that the number of lines is bounded. */

#include "pdd-metrics.h"

#include <string.h>

static const double bounds[] =
	{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

struct _PddMetrics {
	GMutex lock;          /* of all that follows */
	GHashTable *requests; /* labels -> guint64 */
	GHashTable *logs;     /* likewise */
	guint64 buckets[G_N_ELEMENTS(bounds) + 1];
	double seconds;
	guint n_clients;
	gint64 spent[PDD_N_STEPS]; /* microseconds */
	guint64 n_spent[PDD_N_STEPS];
};

PddMetrics *
pdd_metrics_new(void)
{
	PddMetrics *self = g_new0(PddMetrics, 1);
	g_mutex_init(&self->lock);
	self->requests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->logs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return self;
}

void
pdd_metrics_free(PddMetrics *self)
{
	g_hash_table_unref(self->requests);
	g_hash_table_unref(self->logs);
	g_mutex_clear(&self->lock);
	g_free(self);
}

static void
count(GHashTable *counters, const char *labels)
{
	guint64 *counter = g_hash_table_lookup(counters, labels);
	if (counter == NULL) {
		counter = g_new0(guint64, 1);
		g_hash_table_insert(counters, g_strdup(labels), counter);
	}
	(*counter)++;
}

/* appends prefix, then key="value" */
void
pdd_metrics_add_label(GString *text, const char *prefix, const char *key, const char *value)
{
	g_string_append_printf(text, "%s%s=\"", prefix, key);
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(text, '\\');
		g_string_append_c(text, *p);
	}
	g_string_append_c(text, '"');
}

void
pdd_metrics_count_request(PddMetrics *self, const char *route, guint status, double seconds)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_autoptr(GString) labels = g_string_new(NULL);
	guint bucket = 0;
	pdd_metrics_add_label(labels, "", "route", route);
	g_string_append_printf(labels, ",status=\"%u\"", status);
	count(self->requests, labels->str);
	while (bucket < G_N_ELEMENTS(bounds) && seconds > bounds[bucket])
		bucket++;
	self->buckets[bucket]++;
	self->seconds += seconds;
}

void
pdd_metrics_count_log(PddMetrics *self, const char *source, const char *outcome)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_autoptr(GString) labels = g_string_new(NULL);
	pdd_metrics_add_label(labels, "", "source", source);
	pdd_metrics_add_label(labels, ",", "outcome", outcome);
	count(self->logs, labels->str);
}

void
pdd_metrics_spend(PddMetrics *self, PddStep step, gint64 time)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->spent[step] += time;
	self->n_spent[step]++;
}

guint64
pdd_metrics_get_spent(PddMetrics *self, PddStep step, gint64 *time)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	*time = self->spent[step];
	return self->n_spent[step];
}

void
pdd_metrics_set_clients(PddMetrics *self, guint n_clients)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->n_clients = n_clients;
}

void
pdd_metrics_add_family(GString *text, const char *name, const char *type, const char *help)
{
	g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
pdd_metrics_add_value(GString *text, const char *name, double value)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_dtostr(number, sizeof(number), value);
	g_string_append_printf(text, "%s %s\n", name, number);
}

static void
write_counters(GString *text, const char *name, GHashTable *counters)
{
	g_autoptr(GList) keys = g_hash_table_get_keys(counters);
	keys = g_list_sort(keys, (GCompareFunc)strcmp);
	for (GList *l = keys; l != NULL; l = l->next) {
		guint64 *counter = g_hash_table_lookup(counters, l->data);
		g_string_append_printf(text,
				       "%s{%s} %" G_GUINT64_FORMAT "\n",
				       name,
				       (const char *)l->data,
				       *counter);
	}
}

static void
write_histogram(PddMetrics *self, GString *text)
{
	guint64 total = 0;
	for (guint i = 0; i <= G_N_ELEMENTS(bounds); i++) {
		char bound[G_ASCII_DTOSTR_BUF_SIZE] = "+Inf";
		if (i < G_N_ELEMENTS(bounds))
			g_ascii_formatd(bound, sizeof(bound), "%g", bounds[i]);
		total += self->buckets[i];
		g_string_append_printf(text,
				       "perfdash_request_seconds_bucket{le=\"%s\"} "
				       "%" G_GUINT64_FORMAT "\n",
				       bound,
				       total);
	}
	pdd_metrics_add_value(text, "perfdash_request_seconds_sum", self->seconds);
	pdd_metrics_add_value(text, "perfdash_request_seconds_count", total);
}

void
pdd_metrics_write(PddMetrics *self, GString *text)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	pdd_metrics_add_family(text,
			       "perfdash_requests_total",
			       "counter",
			       "requests answered, by route and status");
	write_counters(text, "perfdash_requests_total", self->requests);
	pdd_metrics_add_family(text,
			       "perfdash_request_seconds",
			       "histogram",
			       "time from the head of a request to the end of its answer");
	write_histogram(self, text);
	pdd_metrics_add_family(text,
			       "perfdash_logs_total",
			       "counter",
			       "logs taken in since the start, by source and outcome");
	write_counters(text, "perfdash_logs_total", self->logs);
	pdd_metrics_add_family(text,
			       "perfdash_event_clients",
			       "gauge",
			       "clients that listen to /events");
	pdd_metrics_add_value(text, "perfdash_event_clients", self->n_clients);
}
