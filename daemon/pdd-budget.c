/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ten thousand series take seconds to judge, and each page of them tells of the same judgement: so
 * it is kept until there is something new. Who asks for it while it is made waits for that one. */

#include "pdd-budget.h"

#define MINUTE ((gint64)60 * G_USEC_PER_SEC)

struct _PddBudget {
	const PddBudgetConfig *config;
	GMutex lock;                  /* of what follows */
	PerfdashBudgetReport *report; /* nullable */
	guint64 generation;           /* of the store */
	gint64 minute;                /* 0 when time does not matter */
	gint64 judged_at;             /* monotonic */
};

PddBudget *
pdd_budget_new(const PddBudgetConfig *config)
{
	PddBudget *self = g_new0(PddBudget, 1);
	self->config = config;
	g_mutex_init(&self->lock);
	return self;
}

void
pdd_budget_free(PddBudget *self)
{
	g_clear_pointer(&self->report, perfdash_budget_report_unref);
	g_mutex_clear(&self->lock);
	g_free(self);
}

const PddBudgetConfig *
pdd_budget_get_config(PddBudget *self)
{
	return self->config;
}

/* all that answers about it depend on, beside what is stored */
char *
pdd_budget_to_string(PddBudget *self)
{
	const PddBudgetConfig *config = self->config;
	return g_strdup_printf("%s\n%s\n%s\n%s\n%s\n%a",
			       config->name,
			       config->title,
			       config->match,
			       perfdash_budget_get_since(config->budget),
			       perfdash_budget_get_now(config->budget),
			       config->limit);
}

/* with the lock */
static gboolean
renew(PddBudget *self, PerfdashStore *store, gint64 minute, GError **error)
{
	guint64 generation = perfdash_store_get_generation(store);
	PerfdashBudgetReport *report = perfdash_budget_report_new(self->config->budget,
								  store,
								  error);
	if (report == NULL)
		return FALSE;
	g_clear_pointer(&self->report, perfdash_budget_report_unref);
	self->report = report;
	self->generation = generation;
	self->minute = minute;
	self->judged_at = g_get_monotonic_time();
	return TRUE;
}

/* how it stands now; the caller owns a reference */
PerfdashBudgetReport *
pdd_budget_judge(PddBudget *self, PerfdashStore *store, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	gboolean is_relative = perfdash_budget_is_relative(self->config->budget);
	gint64 minute = is_relative ? g_get_real_time() / MINUTE : 0;
	gboolean is_known = self->report != NULL && self->minute == minute &&
			    self->generation == perfdash_store_get_generation(store);
	if (!is_known && !renew(self, store, minute, error))
		return NULL;
	return perfdash_budget_report_ref(self->report);
}

/* how it stood at most a minute ago, for who asks again and again while results come; the caller
 * owns a reference */
PerfdashBudgetReport *
pdd_budget_judge_lately(PddBudget *self, PerfdashStore *store, GError **error)
{
	g_mutex_lock(&self->lock);
	PerfdashBudgetReport *report = NULL;
	if (self->report != NULL && g_get_monotonic_time() - self->judged_at < MINUTE)
		report = perfdash_budget_report_ref(self->report);
	g_mutex_unlock(&self->lock);
	return report != NULL ? report : pdd_budget_judge(self, store, error);
}
