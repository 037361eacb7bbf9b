/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-budget.h"

#include <math.h>

#include "perfdash-error.h"
#include "perfdash-side.h"

struct _PerfdashBudget {
	gatomicrefcount refs;
	PerfdashSelector *selector;
	char *since;
	char *now;
	double limit;
	gboolean is_relative;
};

G_DEFINE_BOXED_TYPE(PerfdashBudget, perfdash_budget, perfdash_budget_ref, perfdash_budget_unref)

static PerfdashSide *
read_since(const char *since, GError **error)
{
	g_autoptr(PerfdashSide) side = perfdash_side_new(since, error);
	if (side == NULL || !perfdash_side_moves(side))
		return g_steal_pointer(&side);
	g_set_error(
		error,
		PERFDASH_ERROR,
		PERFDASH_ERROR_INVALID,
		"\"%s\" is no baseline, as newer runs would belong to it: say which runs, such as "
		"revision:77be01c, or an end, such as to:2026-11-30",
		since);
	return NULL;
}

/* text becomes the whole of it */
static PerfdashSide *
read_now(const char *now, char **text, GError **error)
{
	g_autoptr(PerfdashSide) side = perfdash_side_new(now, error);
	if (side == NULL || !perfdash_side_is_of_all_runs(side)) {
		*text = g_strdup(now);
		return g_steal_pointer(&side);
	}
	*text = g_strconcat(now, " ", PERFDASH_BUDGET_NOW, NULL);
	return perfdash_side_new(*text, error);
}

static gboolean
check_limit(double limit, GError **error)
{
	if (isfinite(limit) && limit > 0)
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "limit %g is not a share of more than 0",
		    limit);
	return FALSE;
}

/* else all values of the label would be one series now */
static gboolean
check_pairing(PerfdashSide *before, PerfdashSide *after, GError **error)
{
	const char *key = perfdash_side_get_lone_key(before, after);
	if (key == NULL)
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "the baseline chooses series by their %s: say which are those of now, such as "
		    "%s:main",
		    key,
		    key);
	return FALSE;
}

/**
 * perfdash_budget_new:
 * @selector: which series
 * @since: the baseline: a side as perfdash_comparison_list_new() takes them, of runs that stay the
 *   same
 * @now: (nullable): what is compared with it, likewise; of each series the last 10 results when it
 *   says nothing of runs, or is %NULL
 * @limit: how much worse each series may become, as a share of its baseline, such as 0.03
 * @error: return location for an error, or %NULL
 *
 * A budget is what a team allows a metric to lose: "p99 may move 3 % since 2.4". It is for what
 * creeps, which no single build is to blame for. Metrics of which neither direction is better may
 * move that far either way.
 *
 * By default now are the last 10 results and not the latest level, though a level has more of them:
 * a level's middle lags behind a drift by half its length, and its length was chosen by the very
 * values that are judged.
 *
 * Returns: (transfer full): the budget, or %NULL with %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
PerfdashBudget *
perfdash_budget_new(PerfdashSelector *selector,
		    const char *since,
		    const char *now,
		    double limit,
		    GError **error)
{
	g_return_val_if_fail(selector != NULL && since != NULL, NULL);
	g_autoptr(PerfdashSide) before = read_since(since, error);
	g_autoptr(PerfdashSide) after = NULL;
	g_autofree char *text = NULL;
	if (before != NULL)
		after = read_now(now != NULL ? now : PERFDASH_BUDGET_NOW, &text, error);
	if (after == NULL || !check_pairing(before, after, error) || !check_limit(limit, error))
		return NULL;
	PerfdashBudget *self = g_new0(PerfdashBudget, 1);
	g_atomic_ref_count_init(&self->refs);
	self->selector = perfdash_selector_ref(selector);
	self->since = g_strdup(since);
	self->now = g_steal_pointer(&text);
	self->limit = limit;
	self->is_relative = perfdash_side_is_relative(after);
	return self;
}

/**
 * perfdash_budget_ref:
 * @self: a #PerfdashBudget
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashBudget *
perfdash_budget_ref(PerfdashBudget *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_budget_unref:
 * @self: (transfer full): a #PerfdashBudget
 *
 * Since: 0.1
 */
void
perfdash_budget_unref(PerfdashBudget *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	perfdash_selector_unref(self->selector);
	g_free(self->since);
	g_free(self->now);
	g_free(self);
}

/**
 * perfdash_budget_get_selector:
 * @self: a #PerfdashBudget
 *
 * Returns: (transfer none): which series it is of
 *
 * Since: 0.1
 */
PerfdashSelector *
perfdash_budget_get_selector(PerfdashBudget *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->selector;
}

/**
 * perfdash_budget_get_since:
 * @self: a #PerfdashBudget
 *
 * Returns: its baseline
 *
 * Since: 0.1
 */
const char *
perfdash_budget_get_since(PerfdashBudget *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->since;
}

/**
 * perfdash_budget_get_now:
 * @self: a #PerfdashBudget
 *
 * Returns: what is compared with the baseline, which always says of which runs
 *
 * Since: 0.1
 */
const char *
perfdash_budget_get_now(PerfdashBudget *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->now;
}

/**
 * perfdash_budget_get_limit:
 * @self: a #PerfdashBudget
 *
 * Returns: how much worse a series may become, as a share of its baseline
 *
 * Since: 0.1
 */
double
perfdash_budget_get_limit(PerfdashBudget *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->limit;
}

/**
 * perfdash_budget_is_relative:
 * @self: a #PerfdashBudget
 *
 * Returns: whether the results of now are others when time goes on and none come, as with
 * `from:14d`
 *
 * Since: 0.1
 */
gboolean
perfdash_budget_is_relative(PerfdashBudget *self)
{
	g_return_val_if_fail(self != NULL, FALSE);
	return self->is_relative;
}

/**
 * perfdash_budget_parse_limit:
 * @text: a limit as people write it: `3%` or `0.5 %`
 * @limit: (out): as a share, such as 0.03
 * @error: return location for an error, or %NULL
 *
 * Returns: whether it is one; %FALSE with %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
gboolean
perfdash_budget_parse_limit(const char *text, double *limit, GError **error)
{
	g_return_val_if_fail(text != NULL && limit != NULL, FALSE);
	char *end;
	*limit = g_ascii_strtod(text, &end) / 100;
	gboolean is_number = end != text;
	while (*end == ' ')
		end++;
	if (is_number && end[0] == '%' && end[1] == '\0' && isfinite(*limit) && *limit > 0)
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "\"%s\" is not a percentage of more than 0, such as 3%%",
		    text);
	return FALSE;
}

/**
 * perfdash_budget_check_since:
 * @since: a baseline
 * @error: return location for an error, or %NULL
 *
 * Returns: whether perfdash_budget_new() takes it, when the rest is right; %FALSE with
 *   %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
gboolean
perfdash_budget_check_since(const char *since, GError **error)
{
	g_return_val_if_fail(since != NULL, FALSE);
	g_autoptr(PerfdashSide) side = read_since(since, error);
	return side != NULL;
}

/**
 * perfdash_budget_check_now:
 * @now: what is compared with a baseline
 * @error: return location for an error, or %NULL
 *
 * Returns: whether perfdash_budget_new() takes it, when the rest is right; %FALSE with
 *   %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
gboolean
perfdash_budget_check_now(const char *now, GError **error)
{
	g_return_val_if_fail(now != NULL, FALSE);
	g_autofree char *text = NULL;
	g_autoptr(PerfdashSide) side = read_now(now, &text, error);
	return side != NULL;
}
