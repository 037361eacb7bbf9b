/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is the same whatever the format of the log: facts of a run, results, and how it ended. */

#include "key-file-reading.h"

#include <math.h>
#include <string.h>

#include "reader-text.h"

#define MAX_UNIT 32 /* bytes */

void
key_file_reading_init(KeyFileReading *self, KeyFile *file, PerfdashRunBuilder *builder)
{
	*self = (KeyFileReading){.file = file, .builder = builder};
	self->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->stats = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->repeats_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	self->repeats = g_ptr_array_new_with_free_func(key_file_repeats_free);
}

void
key_file_reading_clear(KeyFileReading *self)
{
	g_clear_pointer(&self->facts, g_hash_table_unref);
	g_clear_pointer(&self->stats, g_hash_table_unref);
	g_clear_pointer(&self->repeats_by_name, g_hash_table_unref);
	g_clear_pointer(&self->repeats, g_ptr_array_unref);
	g_free(self->partial);
	g_clear_error(&self->error);
}

gboolean
key_file_reading_match(KeyFileReading *self,
		       KeyFileRegex *regex,
		       const char *text,
		       guint line,
		       GMatchInfo **match)
{
	GError **error = self->error == NULL ? &self->error : NULL;
	return key_file_regex_match(regex, text, line, match, error);
}

gboolean
key_file_reading_take_facts(KeyFileReading *self, KeyFileRegex *regex, const char *text, guint line)
{
	g_autoptr(GMatchInfo) match = NULL;
	if (regex == NULL || !key_file_reading_match(self, regex, text, line, &match))
		return FALSE;
	g_auto(GStrv) groups = key_file_regex_list_groups(regex);
	for (guint i = 0; groups[i] != NULL; i++) {
		g_autofree char *value = g_match_info_fetch_named(match, groups[i]);
		if (value != NULL && *value != '\0')
			g_hash_table_replace(self->facts,
					     g_strdup(groups[i]),
					     g_steal_pointer(&value));
	}
	return TRUE;
}

gboolean
key_file_reading_take_line(KeyFileReading *self, const char *text, guint line)
{
	KeyFileRun *run = &self->file->run;
	gboolean taken = FALSE;
	for (guint i = 0; i < run->lines->len; i++)
		taken |= key_file_reading_take_facts(self,
						     g_ptr_array_index(run->lines, i),
						     text,
						     line);
	if (run->failed != NULL && key_file_reading_match(self, run->failed, text, line, NULL)) {
		self->failed_line = self->has_failed ? self->failed_line : line;
		self->has_failed = TRUE;
		taken = TRUE;
	}
	if (run->partial != NULL && key_file_reading_match(self, run->partial, text, line, NULL)) {
		g_autofree char *reason = g_strdup_printf("line %u says that the run was stopped",
							  line);
		key_file_reading_set_partial(self, reason);
		taken = TRUE;
	}
	if (key_file_reading_take_facts(self, run->end, text, line))
		self->has_ended = taken = TRUE;
	return taken;
}

void
key_file_reading_set_partial(KeyFileReading *self, const char *reason)
{
	if (self->partial == NULL)
		self->partial = g_strdup(reason);
}

static gboolean
fits(KeyFileReading *self,
     const KeyFileCondition *condition,
     const KeyFileSource *source,
     guint line)
{
	g_autofree char *value = source->lookup(source->data, condition->reference);
	return value != NULL && key_file_reading_match(self, condition->regex, value, line, NULL);
}

static gboolean
fits_all(KeyFileReading *self, GPtrArray *conditions, const KeyFileSource *source, guint line)
{
	for (guint i = 0; i < conditions->len; i++) {
		if (!fits(self, g_ptr_array_index(conditions, i), source, line))
			return FALSE;
	}
	return TRUE;
}

/* why a value is no result, for people */
static void G_GNUC_PRINTF(4, 5) leave_out(KeyFileReading *self,
					  const KeyFileResult *result,
					  guint line,
					  const char *format,
					  ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *reason = g_strdup_vprintf(format, args);
	va_end(args);
	perfdash_run_builder_add_warning(self->builder,
					 "line %u: [result %s] is left out: %s",
					 line,
					 result->name,
					 reason);
}

/* a field of a result as a name; NULL after a warning when the log has not what it refers to */
static char *
fill_name(KeyFileReading *self,
	  const KeyFileResult *result,
	  const char *key,
	  const KeyFileTemplate *template,
	  const KeyFileSource *source,
	  guint line)
{
	g_autofree char *text = template != NULL ? key_file_template_fill(template, source) : NULL;
	if (text != NULL && *text != '\0')
		return reader_name(text);
	leave_out(self, result, line, "there is nothing for %s=", key);
	return NULL;
}

/* what a unit of the log is called here */
static char *
rename_unit(const KeyFileResult *result, const KeyFileSource *source, const char *unit)
{
	for (guint i = 0; i < result->units->len; i++) {
		KeyFilePair *pair = g_ptr_array_index(result->units, i);
		if (g_str_equal(pair->name, unit))
			return key_file_template_fill(pair->value, source);
	}
	return g_strdup(unit);
}

/* a value of a result in its base unit */
typedef struct {
	const char *unit; /* as the log has it */
	const char *base;
	double value;
} Value;

/* the unit is what unit= says, else what stands behind the number */
static gboolean
read_unit(KeyFileReading *self,
	  const KeyFileResult *result,
	  const KeyFileSource *source,
	  const char *rest,
	  guint line,
	  Value *value)
{
	g_autofree char *text =
		result->unit != NULL ? fill_name(self, result, "unit", result->unit, source, line)
				     : g_strdup(rest);
	if (text == NULL)
		return FALSE;
	g_autofree char *unit = rename_unit(result, source, text);
	/* what is no number as a whole has no unit either */
	gboolean is_unit = result->unit != NULL || strchr("0123456789.,;:+-", *text) == NULL;
	if (unit == NULL || *unit == '\0' || strlen(unit) > MAX_UNIT || !is_unit) {
		leave_out(self, result, line, "\"%.40s\" is no unit; set unit=", text);
		return FALSE;
	}
	g_autofree char *name = reader_name(unit);
	value->unit = g_intern_string(name);
	return TRUE;
}

/* what may be wrong: digits with another decimal sign, or separators of thousands */
static void
leave_out_number(KeyFileReading *self, const KeyFileResult *result, guint line, const char *text)
{
	gboolean has_sign = g_regex_match_simple("\\d[.,'_ ]\\d", text, 0, 0);
	leave_out(self,
		  result,
		  line,
		  has_sign ? "\"%.40s\" is no number; are decimal= and thousands= right?"
			   : "\"%.40s\" is no number",
		  text);
}

static gboolean
read_value(KeyFileReading *self,
	   const KeyFileResult *result,
	   const KeyFileTemplate *template,
	   const KeyFileSource *source,
	   guint line,
	   Value *value)
{
	g_autofree char *text = key_file_template_fill(template, source);
	g_autofree char *rest = NULL;
	double number;
	if (text == NULL || *text == '\0')
		return FALSE;
	if (!key_file_number(self->file, text, result->power_of_ten, &number, &rest)) {
		leave_out_number(self, result, line, text);
		return FALSE;
	}
	if (value->unit == NULL && !read_unit(self, result, source, rest, line, value))
		return FALSE;
	if (result->unit != NULL && *rest != '\0' && !g_str_equal(rest, value->unit)) {
		leave_out_number(self, result, line, text);
		return FALSE;
	}
	value->base = perfdash_unit_to_base(value->unit, number * result->scale, &value->value);
	if (!isfinite(value->value))
		leave_out(self, result, line, "\"%.40s\" is too large", text);
	return isfinite(value->value);
}

static gboolean
is_stat(const char *name)
{
	static const char *const names[] = {"n", "min", "max", "mean", "sd", NULL};
	char *end = NULL;
	if (g_strv_contains(names, name))
		return TRUE;
	if (*name != 'p' || !g_ascii_isdigit(name[1]))
		return FALSE;
	double percent = g_ascii_strtod(name + 1, &end);
	return *end == '\0' && percent >= 0 && percent <= 100 && strlen(name) < 16;
}

static void
add_stat(KeyFileReading *self,
	 const KeyFileResult *result,
	 const char *name,
	 const Value *value,
	 guint line)
{
	if (self->base == NULL)
		leave_out(self, result, line, "there is no result before it");
	else if (!is_stat(name))
		leave_out(self,
			  result,
			  line,
			  "\"%.40s\" is none of n, min, max, mean, sd, p0 to p100",
			  name);
	else if (!g_str_equal(name, "n") && !g_str_equal(value->base, self->base))
		leave_out(self,
			  result,
			  line,
			  "its unit is %s, that of the result before it %s",
			  value->base,
			  self->base);
	else if (!g_hash_table_add(self->stats, g_strdup(name)))
		leave_out(self, result, line, "the result before it has a %s already", name);
	else
		perfdash_run_builder_add_stat(self->builder, name, value->value);
}

/* the statistics beside the value of a result, in its unit */
static void
add_stats(KeyFileReading *self,
	  const KeyFileResult *result,
	  const KeyFileSource *source,
	  guint line,
	  const char *unit)
{
	for (guint i = 0; i < result->stats->len; i++) {
		const KeyFilePair *pair = g_ptr_array_index(result->stats, i);
		Value value = {g_str_equal(pair->name, "n") ? "1" : unit, NULL, 0};
		if (read_value(self, result, pair->value, source, line, &value))
			add_stat(self, result, pair->name, &value, line);
	}
}

static gboolean
find_direction(KeyFileReading *self,
	       const KeyFileResult *result,
	       const KeyFileSource *source,
	       const Value *value,
	       guint line,
	       PerfdashDirection *direction)
{
	*direction = perfdash_direction_of_unit(value->base);
	if (result->direction == NULL)
		return TRUE;
	g_autofree char *text = key_file_template_fill(result->direction, source);
	if (text == NULL || *text == '\0' || perfdash_direction_from_string(text, direction))
		return TRUE;
	leave_out(self, result, line, "direction \"%.40s\" is none of lower, higher, none", text);
	return FALSE;
}

static void
add_result(KeyFileReading *self,
	   const KeyFileResult *result,
	   const KeyFileSource *source,
	   const Value *value,
	   guint line)
{
	PerfdashDirection direction;
	g_autofree char *benchmark =
		fill_name(self, result, "benchmark", result->benchmark, source, line);
	g_autofree char *metric =
		benchmark != NULL ? fill_name(self, result, "metric", result->metric, source, line)
				  : NULL;
	if (metric == NULL || !find_direction(self, result, source, value, line, &direction))
		return;
	key_file_reading_add_value(self,
				   result,
				   benchmark,
				   metric,
				   direction,
				   value->base,
				   value->value,
				   source,
				   line);
	/* what is remembered has no statistics of its own */
	self->base = result->is_repeated ? NULL : value->base;
	g_hash_table_remove_all(self->stats);
	self->n_results++;
	self->n_of_run++;
	add_stats(self, result, source, line, value->unit);
}

void
key_file_reading_add(KeyFileReading *self,
		     KeyFileResult *result,
		     const KeyFileSource *source,
		     guint line)
{
	Value value = {NULL, NULL, 0};
	g_autofree char *stat = result->stat != NULL ? key_file_template_fill(result->stat, source)
						     : NULL;
	gboolean is_count = g_strcmp0(stat, "n") == 0;
	if (is_count)
		value.unit = "1";
	if (!fits_all(self, result->only, source, line) ||
	    !read_value(self, result, result->value, source, line, &value))
		return;
	if (stat != NULL && *stat != '\0')
		add_stat(self, result, stat, &value, line);
	else
		add_result(self, result, source, &value, line);
}

typedef void (*SetText)(PerfdashRunBuilder *, const char *);
typedef void (*SetPair)(PerfdashRunBuilder *, const char *, const char *);

static void
set_text(KeyFileReading *self,
	 const KeyFileTemplate *template,
	 const KeyFileSource *source,
	 SetText set)
{
	g_autofree char *text = template != NULL ? key_file_template_fill(template, source) : NULL;
	if (text == NULL || *text == '\0')
		return;
	g_autofree char *name = reader_name(text);
	set(self->builder, name);
}

static void
set_pairs(KeyFileReading *self, GPtrArray *pairs, const KeyFileSource *source, SetPair set)
{
	for (guint i = 0; i < pairs->len; i++) {
		const KeyFilePair *pair = g_ptr_array_index(pairs, i);
		g_autofree char *text = key_file_template_fill(pair->value, source);
		if (text == NULL || *text == '\0')
			continue;
		g_autofree char *value = reader_name(text);
		set(self->builder, pair->name, value);
	}
}

static void
set_started_at(KeyFileReading *self, const KeyFileSource *source)
{
	const KeyFileTemplate *template = self->file->run.started_at;
	gint64 time;
	g_autofree char *text = template != NULL ? key_file_template_fill(template, source) : NULL;
	if (text == NULL)
		return;
	if (key_file_time(self->file, text, &time))
		perfdash_run_builder_set_started_at(self->builder, time);
	else
		perfdash_run_builder_add_warning(
			self->builder,
			"started_at \"%.60s\" is no time such as 2026-11-23T17:12:20Z; without a "
			"zone in it, set time-zone=",
			text);
}

static void
set_url(PerfdashRunBuilder *builder, const char *url)
{
	if (g_str_has_prefix(url, "http://") || g_str_has_prefix(url, "https://"))
		perfdash_run_builder_set_url(builder, url);
}

void
key_file_reading_check_failed(KeyFileReading *self, const KeyFileSource *source)
{
	GPtrArray *conditions = self->file->run.failed_when;
	for (guint i = 0; i < conditions->len; i++)
		self->has_failed |= fits(self, g_ptr_array_index(conditions, i), source, 1);
}

void
key_file_reading_set_facts(KeyFileReading *self, const KeyFileSource *source)
{
	const KeyFileRun *run = &self->file->run;
	perfdash_run_builder_set_label(self->builder, "tool", self->file->tool);
	set_pairs(self, run->labels, source, perfdash_run_builder_set_label);
	set_pairs(self, run->environment, source, perfdash_run_builder_set_environment);
	set_pairs(self, run->parameters, source, perfdash_run_builder_set_parameter);
	set_text(self, run->build, source, perfdash_run_builder_set_build);
	set_text(self, run->revision, source, perfdash_run_builder_set_revision);
	set_text(self, run->url, source, set_url);
	set_started_at(self, source);
	key_file_reading_check_failed(self, source);
}

void
key_file_reading_end_run(KeyFileReading *self)
{
	const KeyFileRun *run = &self->file->run;
	key_file_reading_add_repeats(self);
	if (run->end != NULL && !self->has_ended && !self->has_failed)
		key_file_reading_set_partial(self,
					     "no line matches end=: the log is cut off, or the "
					     "run was killed");
	if (self->has_failed && self->failed_line > 0)
		perfdash_run_builder_add_warning(self->builder,
						 "line %u says that the run failed",
						 self->failed_line);
	if (self->partial != NULL)
		perfdash_run_builder_add_warning_literal(self->builder, self->partial);
	if (self->has_failed)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	else if (self->partial != NULL)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	self->n_runs++;
	self->n_of_run = 0;
	self->has_failed = self->has_ended = FALSE;
	self->failed_line = 0;
	self->base = NULL;
	g_clear_pointer(&self->partial, g_free);
}

gboolean
key_file_reading_end(KeyFileReading *self, GError **error)
{
	if (self->error == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&self->error));
	return FALSE;
}
