/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The groups [run] and [result NAME]. */

#include <string.h>

#include "key-file-reading.h"
#include "key-file-rules.h"

#define ANY       (KEY_FILE_LINES | KEY_FILE_CSV | KEY_FILE_JSON)
#define WITH_TEXT (KEY_FILE_LINES | KEY_FILE_CSV)

static void
pair_free(KeyFilePair *pair)
{
	g_free(pair->name);
	key_file_template_free(pair->value);
	g_free(pair);
}

static void
condition_free(KeyFileCondition *condition)
{
	key_file_reference_free(condition->reference);
	key_file_regex_free(condition->regex);
	g_free(condition);
}

static GPtrArray *
pairs_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)pair_free);
}

static GPtrArray *
conditions_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)condition_free);
}

void
key_file_run_init(KeyFileRun *self)
{
	self->lines = g_ptr_array_new_with_free_func((GDestroyNotify)key_file_regex_free);
	self->failed_when = conditions_new();
	self->labels = pairs_new();
	self->environment = pairs_new();
	self->parameters = pairs_new();
}

void
key_file_run_clear(KeyFileRun *self)
{
	g_ptr_array_unref(self->lines);
	g_clear_pointer(&self->begin, key_file_regex_free);
	g_clear_pointer(&self->end, key_file_regex_free);
	g_clear_pointer(&self->failed, key_file_regex_free);
	g_clear_pointer(&self->partial, key_file_regex_free);
	g_ptr_array_unref(self->failed_when);
	g_clear_pointer(&self->started_at, key_file_template_free);
	g_clear_pointer(&self->build, key_file_template_free);
	g_clear_pointer(&self->revision, key_file_template_free);
	g_clear_pointer(&self->url, key_file_template_free);
	g_ptr_array_unref(self->labels);
	g_ptr_array_unref(self->environment);
	g_ptr_array_unref(self->parameters);
}

KeyFileResult *
key_file_result_new(const KeyFileGroup *group, const char *name)
{
	KeyFileResult *self = g_new0(KeyFileResult, 1);
	self->name = g_strdup(name);
	self->place = group->place;
	self->scale = 1;
	self->labels = pairs_new();
	self->stats = pairs_new();
	self->units = pairs_new();
	self->only = conditions_new();
	return self;
}

void
key_file_result_free(KeyFileResult *self)
{
	g_free(self->name);
	g_clear_pointer(&self->line, key_file_regex_free);
	g_clear_pointer(&self->items, key_file_path_free);
	g_clear_pointer(&self->benchmark, key_file_template_free);
	g_clear_pointer(&self->metric, key_file_template_free);
	g_clear_pointer(&self->unit, key_file_template_free);
	g_clear_pointer(&self->value, key_file_template_free);
	g_clear_pointer(&self->direction, key_file_template_free);
	g_clear_pointer(&self->stat, key_file_template_free);
	g_ptr_array_unref(self->labels);
	g_ptr_array_unref(self->stats);
	g_ptr_array_unref(self->units);
	g_ptr_array_unref(self->only);
	g_free(self);
}

static gboolean
read_items(KeyFileCursor *cursor, gpointer field, GError **error)
{
	*(KeyFilePath **)field =
		key_file_path_new(cursor->entry->value, TRUE, &cursor->entry->place, error);
	return *(KeyFilePath **)field != NULL;
}

static gboolean
read_direction(KeyFileCursor *cursor, gpointer field, GError **error)
{
	PerfdashDirection ignored;
	if (!key_file_read_template(cursor, field, error))
		return FALSE;
	const char *constant = key_file_template_get_constant(*(KeyFileTemplate **)field);
	return constant == NULL || perfdash_direction_from_string(constant, &ignored) ||
	       key_file_block(error,
			      &cursor->entry->place,
			      "\"%s\" is none of lower, higher, none",
			      constant);
}

/* A power of ten moves the point of a number and loses nothing. Both fields are set. */
static gboolean
read_scale(KeyFileCursor *cursor, gpointer field, GError **error)
{
	KeyFileResult *result = field;
	char *end = NULL;
	double scale = g_ascii_strtod(cursor->entry->value, &end);
	if (*cursor->entry->value == '\0' || *end != '\0' || !(scale > 0) || scale > 1e30)
		return key_file_block(error,
				      &cursor->entry->place,
				      "\"%s\" is no number above 0",
				      cursor->entry->value);
	for (int power = -18; power <= 18; power++) {
		g_autofree char *text = g_strdup_printf("1e%d", power);
		if (scale == g_ascii_strtod(text, NULL)) {
			result->power_of_ten = power;
			return TRUE;
		}
	}
	result->scale = scale;
	return TRUE;
}

static gboolean
read_repeats(KeyFileCursor *cursor, gpointer field, GError **error)
{
	const char *value = cursor->entry->value;
	*(gboolean *)field = g_str_equal(value, "mean");
	return *(gboolean *)field || g_str_equal(value, "no") ||
	       key_file_block(error, &cursor->entry->place, "\"%s\" is none of mean, no", value);
}

static gboolean
read_stat_pair(KeyFileCursor *cursor, gpointer field, GError **error)
{
	static const char *const names[] = {"n", "min", "max", "mean", "sd", NULL};
	const char *name = cursor->rest;
	char *end = NULL;
	double percent = *name == 'p' ? g_ascii_strtod(name + 1, &end) : -1;
	gboolean is_percentile = *name == 'p' && g_ascii_isdigit(name[1]) && *end == '\0' &&
				 percent >= 0 && percent <= 100;
	if (!is_percentile && !g_strv_contains(names, name))
		return key_file_block(error,
				      &cursor->entry->place,
				      "\"%s\" is none of n, min, max, mean, sd, p0 to p100",
				      name);
	return key_file_read_pair(cursor, field, error);
}

#define RUN(field)    G_STRUCT_OFFSET(KeyFileRun, field)
#define RESULT(field) G_STRUCT_OFFSET(KeyFileResult, field)

const KeyFileKey key_file_run_keys[] = {
	{"line", WITH_TEXT, key_file_read_regexes, RUN(lines)},
	{"begin", KEY_FILE_LINES, key_file_read_regex, RUN(begin)},
	{"end", WITH_TEXT, key_file_read_regex, RUN(end)},
	{"failed", WITH_TEXT, key_file_read_regex, RUN(failed)},
	{"partial", WITH_TEXT, key_file_read_regex, RUN(partial)},
	{"failed.", KEY_FILE_JSON, key_file_read_condition, RUN(failed_when)},
	{"started_at", ANY, key_file_read_template, RUN(started_at)},
	{"build", ANY, key_file_read_template, RUN(build)},
	{"revision", ANY, key_file_read_template, RUN(revision)},
	{"url", ANY, key_file_read_template, RUN(url)},
	{"label.", ANY, key_file_read_label, RUN(labels)},
	{"environment.", ANY, key_file_read_label, RUN(environment)},
	{"parameter.", ANY, key_file_read_label, RUN(parameters)},
	{NULL},
};

const KeyFileKey key_file_result_keys[] = {
	{"line", KEY_FILE_LINES, key_file_read_regex, RESULT(line)},
	{"items", KEY_FILE_JSON, read_items, RESULT(items)},
	{"benchmark", ANY, key_file_read_template, RESULT(benchmark)},
	{"metric", ANY, key_file_read_template, RESULT(metric)},
	{"value", ANY, key_file_read_template, RESULT(value)},
	{"unit", ANY, key_file_read_template, RESULT(unit)},
	{"unit.", ANY, key_file_read_pair, RESULT(units)},
	{"scale", ANY, read_scale, 0},
	{"direction", ANY, read_direction, RESULT(direction)},
	{"stat", ANY, key_file_read_template, RESULT(stat)},
	{"stat.", ANY, read_stat_pair, RESULT(stats)},
	{"label.", ANY, key_file_read_label, RESULT(labels)},
	{"repeats", ANY, read_repeats, RESULT(is_repeated)},
	{"only.", ANY, key_file_read_condition, RESULT(only)},
	{NULL},
};

static void
add_groups(GString *names, KeyFileRegex *regex)
{
	g_auto(GStrv) groups = regex != NULL ? key_file_regex_list_groups(regex)
					     : g_new0(char *, 1);
	for (guint i = 0; groups[i] != NULL; i++)
		g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", groups[i]);
}

/* whether an expression has the group: of the result's line, of [run], or of a sniff */
static gboolean
has_group(KeyFile *self, KeyFileResult *result, const char *name)
{
	KeyFileRegex *const single[] = {result != NULL ? result->line : NULL,
					self->run.begin,
					self->run.end};
	GPtrArray *const several[] = {self->run.lines, self->sniffs};
	for (guint i = 0; i < G_N_ELEMENTS(single); i++) {
		if (single[i] != NULL && key_file_regex_has_group(single[i], name))
			return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(several); i++) {
		for (guint j = 0; j < several[i]->len; j++) {
			if (key_file_regex_has_group(g_ptr_array_index(several[i], j), name))
				return TRUE;
		}
	}
	return FALSE;
}

static gboolean
block_reference(KeyFile *self,
		KeyFileResult *result,
		const KeyFilePlace *place,
		const char *name,
		GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);
	add_groups(names, result != NULL ? result->line : NULL);
	add_groups(names, self->run.begin);
	for (guint i = 0; i < self->run.lines->len; i++)
		add_groups(names, g_ptr_array_index(self->run.lines, i));
	for (guint i = 0; i < self->sniffs->len; i++)
		add_groups(names, g_ptr_array_index(self->sniffs, i));
	return key_file_block(error,
			      place,
			      "no expression has a group (?<%s>...); there are %s",
			      name,
			      names->len > 0 ? names->str : "none");
}

/* the groups that lines refer to must exist; of columns only the log knows */
static gboolean
check_template(KeyFile *self, KeyFileResult *result, KeyFileTemplate *template, GError **error)
{
	if (template == NULL || self->format != KEY_FILE_LINES)
		return TRUE;
	for (guint i = 0; i < template->references->len; i++) {
		KeyFileReference *one = g_ptr_array_index(template->references, i);
		if (!has_group(self, result, one->name))
			return block_reference(self, result, &template->place, one->name, error);
	}
	return TRUE;
}

static gboolean
check_pairs(KeyFile *self, KeyFileResult *result, GPtrArray *pairs, GError **error)
{
	for (guint i = 0; i < pairs->len; i++) {
		KeyFilePair *pair = g_ptr_array_index(pairs, i);
		if (!check_template(self, result, pair->value, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
check_conditions(KeyFile *self, KeyFileResult *result, GPtrArray *conditions, GError **error)
{
	for (guint i = 0; i < conditions->len && self->format == KEY_FILE_LINES; i++) {
		KeyFileCondition *one = g_ptr_array_index(conditions, i);
		if (!has_group(self, result, one->reference->name))
			return block_reference(self,
					       result,
					       &one->regex->place,
					       one->reference->name,
					       error);
	}
	return TRUE;
}

/* a field that is not set is the group of its name, when the line has one */
static void
set_default(KeyFile *self, KeyFileResult *result, KeyFileTemplate **field, const char *name)
{
	if (*field == NULL && self->format == KEY_FILE_LINES && has_group(self, result, name))
		*field = key_file_template_new_reference(&result->place, name);
}

static gboolean
check_complete(KeyFile *self, KeyFileResult *result, GError **error)
{
	const char *lacks = NULL;
	if (self->format == KEY_FILE_LINES && result->line == NULL)
		lacks = "line=, a regular expression with named groups";
	else if (self->format == KEY_FILE_JSON && result->items == NULL)
		lacks = "items=, a path such as $.results[*]";
	else if (result->value == NULL)
		lacks = self->format == KEY_FILE_LINES ? "a group (?<value>...) in line=, or value="
						       : "value=, such as {mean}";
	else if (result->benchmark == NULL && result->stat == NULL)
		lacks = self->format == KEY_FILE_LINES
				? "a group (?<benchmark>...) in line=, or benchmark="
				: "benchmark=, such as {name}";
	else if (result->is_repeated && (result->stat != NULL || result->stats->len > 0))
		lacks = "either repeats= or statistics: those of repeated values are computed";
	return lacks == NULL ||
	       key_file_block(error, &result->place, "[result %s] needs %s", result->name, lacks);
}

/* braces that are forgotten: what the log has there is never "ns.mean" */
static gboolean
check_value(KeyFile *self, const KeyFileResult *result, GError **error)
{
	const char *constant = key_file_template_get_constant(result->value);
	g_autofree char *rest = NULL;
	double number;
	if (constant == NULL || key_file_number(self, constant, 0, &number, &rest))
		return TRUE;
	return key_file_block(error,
			      &result->value->place,
			      "\"%.80s\" is no number; {%.80s} stands for what the log has there",
			      constant,
			      constant);
}

gboolean
key_file_result_complete(KeyFile *self, KeyFileResult *result, GError **error)
{
	set_default(self, result, &result->value, "value");
	set_default(self, result, &result->benchmark, "benchmark");
	set_default(self, result, &result->metric, "metric");
	set_default(self, result, &result->unit, "unit");
	set_default(self, result, &result->direction, "direction");
	set_default(self, result, &result->stat, "stat");
	if (!check_complete(self, result, error))
		return FALSE;
	if (result->metric == NULL)
		result->metric = key_file_template_new_text(&result->place, result->name);
	return check_template(self, result, result->benchmark, error) &&
	       check_template(self, result, result->metric, error) &&
	       check_template(self, result, result->value, error) &&
	       check_value(self, result, error) &&
	       check_template(self, result, result->unit, error) &&
	       check_template(self, result, result->direction, error) &&
	       check_template(self, result, result->stat, error) &&
	       check_pairs(self, result, result->labels, error) &&
	       check_pairs(self, result, result->stats, error) &&
	       check_conditions(self, result, result->only, error);
}

gboolean
key_file_run_complete(KeyFile *self, GError **error)
{
	return check_template(self, NULL, self->run.started_at, error) &&
	       check_template(self, NULL, self->run.build, error) &&
	       check_template(self, NULL, self->run.revision, error) &&
	       check_template(self, NULL, self->run.url, error) &&
	       check_pairs(self, NULL, self->run.labels, error) &&
	       check_pairs(self, NULL, self->run.environment, error) &&
	       check_pairs(self, NULL, self->run.parameters, error);
}
