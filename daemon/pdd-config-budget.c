/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The settings of a budget. The command line reads them too, and nothing else of the file. */

#include "pdd-config-budget.h"

static gboolean
read_title(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddBudgetConfig *)owner)->title, value);
}

static gboolean
read_match(gpointer owner, const char *value, GError **error)
{
	PddBudgetConfig *self = owner;
	PerfdashSelector *selector = perfdash_selector_parse(value, error);
	pdd_config_value_set_text(&self->match, value);
	if (selector == NULL)
		return FALSE;
	perfdash_selector_unref(self->selector);
	self->selector = selector;
	return TRUE;
}

static gboolean
read_since(gpointer owner, const char *value, GError **error)
{
	/* a value that is wrong is not missing */
	pdd_config_value_set_text(&((PddBudgetConfig *)owner)->since, value);
	return perfdash_budget_check_since(value, error);
}

static gboolean
read_now(gpointer owner, const char *value, GError **error)
{
	pdd_config_value_set_text(&((PddBudgetConfig *)owner)->now, value);
	return perfdash_budget_check_now(value, error);
}

static gboolean
read_limit(gpointer owner, const char *value, GError **error)
{
	return perfdash_budget_parse_limit(value, &((PddBudgetConfig *)owner)->limit, error);
}

static const PddConfigKey budget_keys[] = {
	{"title", read_title},
	{"match", read_match},
	{"since", read_since},
	{"now", read_now},
	{"limit", read_limit},
	{NULL, NULL},
};

/* entry is where it begins */
static PddBudgetConfig *
budget_new(const char *name, const PddConfigEntry *entry)
{
	PddBudgetConfig *self = g_new0(PddBudgetConfig, 1);
	self->name = g_strdup(name);
	self->title = g_strdup(name);
	self->match = g_strdup("");
	self->selector = perfdash_selector_new(NULL, NULL, NULL);
	self->file = g_strdup(entry->file);
	self->line = entry->line;
	return self;
}

static void
budget_free(PddBudgetConfig *self)
{
	g_free(self->name);
	g_free(self->title);
	g_free(self->match);
	perfdash_selector_unref(self->selector);
	g_free(self->since);
	g_free(self->now);
	g_clear_pointer(&self->budget, perfdash_budget_unref);
	g_free(self->file);
	g_free(self);
}

static void
read_entry(PddBudgetConfig *self, const PddConfigEntry *entry, GPtrArray *errors)
{
	guint n_errors = errors->len;
	pdd_config_value_read(entry, budget_keys, self, errors);
	self->has_mistakes |= errors->len > n_errors;
}

/* what no single setting can be blamed for */
static void
check(PddBudgetConfig *self, GPtrArray *errors)
{
	PddConfigEntry entry = {.file = self->file, .line = self->line};
	g_autoptr(GError) error = NULL;
	if (self->has_mistakes)
		return;
	if (self->since == NULL || self->limit == 0) {
		pdd_config_file_add_error(errors,
					  &entry,
					  "[budget %s] has no %s",
					  self->name,
					  self->since == NULL ? "since" : "limit");
		return;
	}
	self->budget =
		perfdash_budget_new(self->selector, self->since, self->now, self->limit, &error);
	if (self->budget == NULL)
		pdd_config_file_add_error(errors,
					  &entry,
					  "[budget %s]: %s",
					  self->name,
					  error->message);
}

static PddBudgetConfig *
find(GPtrArray *budgets, const PddConfigEntry *entry, const char *name)
{
	for (guint i = 0; i < budgets->len; i++) {
		PddBudgetConfig *budget = g_ptr_array_index(budgets, i);
		if (g_str_equal(budget->name, name))
			return budget;
	}
	g_ptr_array_add(budgets, budget_new(name, entry));
	return g_ptr_array_index(budgets, budgets->len - 1);
}

/* those in the settings of files; what is wrong with them is added to errors */
GPtrArray *
pdd_config_budget_collect(GPtrArray *entries, GPtrArray *errors)
{
	GPtrArray *budgets = g_ptr_array_new_with_free_func((GDestroyNotify)budget_free);
	for (guint i = 0; i < entries->len; i++) {
		const PddConfigEntry *entry = g_ptr_array_index(entries, i);
		const char *name = NULL;
		if (g_str_has_prefix(entry->group, "budget "))
			name = pdd_config_value_get_name(entry, "budget", errors);
		if (name != NULL)
			read_entry(find(budgets, entry, name), entry, errors);
	}
	for (guint i = 0; i < budgets->len; i++)
		check(g_ptr_array_index(budgets, i), errors);
	return budgets;
}
