/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* OpenMetrics text, and Prometheus' older one: samples of families that "# TYPE" names. Gauges and
 * counters are results. A summary is one result, the mean of what it counted, with its quantiles;
 * of a histogram only that mean is certain, for its buckets are no measurements. Infos and states
 * are no measurements either. Only OpenMetrics says where it ends. */

#include <math.h>
#include <string.h>

#include "reader-label.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_LABELS 30

typedef struct {
	char *key;
	char *value;
} Label;

/* a line such as name{a="b"} 1.5 1700000000 */
typedef struct {
	char *name;
	GArray *labels; /* of Label */
	double value;
	double time; /* seconds since 1970, 0 unknown */
	gboolean is_number;
} Sample;

/* a summary or histogram, which has a line for each of its numbers */
typedef struct {
	char *labels; /* as text, without the quantile */
	GArray *own;  /* of Label */
	double sum, count;
	gboolean has_sum, has_count;
	GArray *quantiles; /* of double: quantile, value, ... */
	guint line;
} Group;

typedef struct {
	PerfdashRunBuilder *builder;
	char *family;
	char *type;
	char *unit;
	GPtrArray *groups;     /* of Group, of the family */
	GHashTable *by_labels; /* labels -> Group, likewise */
	guint line;
	gboolean is_document; /* nothing else is in the log */
	gboolean is_cut;
	gboolean is_openmetrics; /* and not Prometheus' */
	gboolean has_start;
	gboolean has_end; /* # EOF */
} Reading;

static void
clear_label(gpointer data)
{
	Label *label = data;
	g_free(label->key);
	g_free(label->value);
}

static void
group_free(gpointer data)
{
	Group *group = data;
	g_free(group->labels);
	g_array_unref(group->own);
	g_array_unref(group->quantiles);
	g_free(group);
}

static void
sample_clear(Sample *sample)
{
	g_free(sample->name);
	g_array_unref(sample->labels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sample, sample_clear)

/* behind a label's value, whose opening quote is before p */
static const char *
read_value(const char *p, char **value)
{
	GString *text = g_string_new(NULL);
	for (; *p != '\0' && *p != '"'; p++) {
		if (*p == '\\' && p[1] != '\0') {
			p++;
			g_string_append_c(text, *p == 'n' ? ' ' : *p);
		} else {
			g_string_append_c(text, *p);
		}
	}
	*value = g_string_free(text, FALSE);
	return *p == '"' ? p + 1 : NULL;
}

/* behind the closing brace, or NULL */
static const char *
read_labels(const char *p, GArray *labels)
{
	while (*p != '}') {
		Label label = {NULL, NULL};
		p += strspn(p, " ,");
		gsize length = strcspn(p, "=\"{}, ");
		if (*p == '}')
			break;
		if (length == 0 || p[length] != '=' || p[length + 1] != '"' ||
		    labels->len == MAX_LABELS)
			return NULL;
		label.key = g_strndup(p, length);
		p = read_value(p + length + 2, &label.value);
		g_array_append_val(labels, label);
		if (p == NULL)
			return NULL;
	}
	return p + 1;
}

/* a time, in seconds or, before OpenMetrics, milliseconds; and an example: "# {trace="a"} 0.5" */
static gboolean
read_rest(const char *p, Sample *sample)
{
	const char *rest;
	double time;
	p += strspn(p, " \t");
	if (*p != '\0' && *p != '#') {
		if (!reader_number(p, &time, &rest))
			return FALSE;
		sample->time = time < 1e11 ? time : time / 1e3;
		p = rest + strspn(rest, " \t");
	}
	return *p == '\0' || g_str_has_prefix(p, "# {");
}

/* a name, or one in quotes behind the brace that Prometheus 3 writes */
static const char *
read_name(const char *line, Sample *sample)
{
	gsize length = strcspn(line, "{ \t");
	if (g_str_has_prefix(line, "{\"")) {
		const char *p = read_value(line + 2, &sample->name);
		return p != NULL && strchr(",}", *p) != NULL ? p : NULL;
	}
	sample->name = g_strndup(line, length);
	if (length == 0 || !(g_ascii_isalpha(*line) || *line == '_' || *line == ':'))
		return NULL;
	return line[length] == '{' ? line + length + 1 : line + length;
}

static gboolean
read_sample(const char *line, Sample *sample)
{
	static const char *const no_numbers[] = {"NaN", "+Inf", "-Inf", "Inf", NULL};
	const char *rest;
	sample->labels = g_array_new(FALSE, FALSE, sizeof(Label));
	g_array_set_clear_func(sample->labels, clear_label);
	const char *p = read_name(line, sample);
	if (p != NULL && *p != ' ' && *p != '\t')
		p = read_labels(p, sample->labels);
	if (p == NULL || (*p != ' ' && *p != '\t'))
		return FALSE;
	p += strspn(p, " \t");
	g_autofree char *word = g_strndup(p, strcspn(p, " \t"));
	sample->is_number = reader_number(p, &sample->value, &rest);
	if (!sample->is_number && !g_strv_contains(no_numbers, word))
		return FALSE;
	if (sample->is_number && strchr(" \t", *rest) == NULL)
		return FALSE;
	return read_rest(p + strlen(word), sample);
}

static const char *
get_label(const GArray *labels, const char *key)
{
	for (guint i = 0; i < labels->len; i++) {
		if (g_str_equal(g_array_index(labels, Label, i).key, key))
			return g_array_index(labels, Label, i).value;
	}
	return NULL;
}

/* the name without what says how the values of a metric became one */
static char *
get_stem(const char *name)
{
	static const char *const suffixes[] = {"_total", "_max", "_min", "_avg", "_mean"};
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (g_str_has_suffix(name, suffixes[i]))
			return g_strndup(name, strlen(name) - strlen(suffixes[i]));
	}
	return g_strdup(name);
}

static const char *
get_unit(const Reading *self, const char *name)
{
	static const char *const suffixes[][2] = {{"_bytes_per_second", "B/s"},
						  {"_per_second", "1/s"},
						  {"_seconds", "s"},
						  {"_milliseconds", "ms"},
						  {"_microseconds", "us"},
						  {"_nanoseconds", "ns"},
						  {"_bytes", "B"},
						  {"_percent", "%"},
						  {"_ratio", "ratio"}};
	g_autofree char *stem = get_stem(name);
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (g_str_has_suffix(stem, suffixes[i][0]) ||
		    g_strcmp0(self->unit, suffixes[i][0] + 1) == 0)
			return suffixes[i][1];
	}
	return "1";
}

/* a time that something took is better when it is short; of a counter or a size nobody knows */
static PerfdashDirection
get_direction(const Reading *self, const char *name, const char *unit)
{
	gboolean is_counter = g_strcmp0(self->type, "counter") == 0;
	if (is_counter || strstr(name, "timestamp") != NULL ||
	    strstr(name, "_time_seconds") != NULL)
		return PERFDASH_DIRECTION_NONE;
	return perfdash_direction_of_unit(unit);
}

/* what was run, when a label says it */
static const char *
get_benchmark(const GArray *labels, const char *name)
{
	static const char *const keys[] = {"benchmark", "test", "scenario", "job"};
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = get_label(labels, keys[i]);
		if (value != NULL && *value != '\0')
			return value;
	}
	return name;
}

static void
add(Reading *self, const char *name, const GArray *labels, double value)
{
	g_autofree char *benchmark = reader_name(get_benchmark(labels, name));
	g_autofree char *metric = reader_name(name);
	const char *unit = get_unit(self, name);
	if (perfdash_run_builder_get_n_results(self->builder) == 0)
		perfdash_run_builder_set_label(self->builder, "tool", "openmetrics");
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					metric,
					unit,
					get_direction(self, name, unit),
					value);
	for (guint i = 0; i < labels->len; i++) {
		const Label *label = &g_array_index(labels, Label, i);
		if (!g_str_equal(label->value, get_benchmark(labels, name)))
			reader_add_label(self->builder, label->key, label->value);
	}
}

/* the median when a summary has no sum, or the first quantile that it has */
static double
get_middle(const Group *group)
{
	for (guint i = 0; i < group->quantiles->len; i += 2) {
		if (g_array_index(group->quantiles, double, i) == 0.5)
			return g_array_index(group->quantiles, double, i + 1);
	}
	return g_array_index(group->quantiles, double, 1);
}

/* a summary or histogram before whose last lines the text ends: its mean is not known */
static gboolean
drop_open_group(Reading *self)
{
	Group *last = self->groups->len > 0 ? g_ptr_array_index(self->groups, self->groups->len - 1)
					    : NULL;
	if (last == NULL || self->has_end || (last->has_sum && last->has_count))
		return FALSE;
	g_hash_table_remove(self->by_labels, last->labels);
	g_ptr_array_remove_index(self->groups, self->groups->len - 1);
	return TRUE;
}

static void
write_group(Reading *self, Group *group)
{
	gboolean has_mean = group->has_sum && group->has_count;
	if ((group->has_count && group->count <= 0) || (!has_mean && group->quantiles->len == 0))
		return;
	perfdash_run_builder_set_line(self->builder, group->line);
	add(self,
	    self->family,
	    group->own,
	    has_mean ? group->sum / group->count : get_middle(group));
	if (group->has_count)
		perfdash_run_builder_add_stat(self->builder, "n", group->count);
	for (guint i = 0; i + 1 < group->quantiles->len && i < 40; i += 2) {
		double percent = g_array_index(group->quantiles, double, i) * 100;
		g_autofree char *name = g_strdup_printf("p%.10g", percent);
		perfdash_run_builder_add_stat(self->builder,
					      name,
					      g_array_index(group->quantiles, double, i + 1));
	}
}

static void
end_family(Reading *self)
{
	for (guint i = 0; i < self->groups->len; i++)
		write_group(self, g_ptr_array_index(self->groups, i));
	g_hash_table_remove_all(self->by_labels);
	g_ptr_array_set_size(self->groups, 0);
	perfdash_run_builder_set_line(self->builder, self->line);
}

/* which group a line of a summary or histogram belongs to */
static Group *
ensure_group(Reading *self, Sample *sample)
{
	g_autoptr(GString) text = g_string_new(NULL);
	GArray *own = g_array_new(FALSE, FALSE, sizeof(Label));
	g_array_set_clear_func(own, clear_label);
	for (guint i = 0; i < sample->labels->len; i++) {
		const Label *label = &g_array_index(sample->labels, Label, i);
		Label copy = {g_strdup(label->key), g_strdup(label->value)};
		if (g_str_equal(label->key, "quantile") || g_str_equal(label->key, "le")) {
			clear_label(&copy);
			continue;
		}
		g_string_append_printf(text, "%s=%s\n", label->key, label->value);
		g_array_append_val(own, copy);
	}
	Group *group = g_hash_table_lookup(self->by_labels, text->str);
	if (group != NULL) {
		g_array_unref(own);
		return group;
	}
	group = g_new0(Group, 1);
	group->labels = g_strdup(text->str);
	group->own = own;
	group->line = self->line;
	group->quantiles = g_array_new(FALSE, FALSE, sizeof(double));
	g_ptr_array_add(self->groups, group);
	g_hash_table_insert(self->by_labels, group->labels, group);
	return group;
}

/* what stands behind the family's name; NULL when a sample is of another one */
static const char *
get_suffix(const Reading *self, const char *name)
{
	static const char *const suffixes[] = {"",
					       "_total",
					       "_created",
					       "_sum",
					       "_count",
					       "_bucket",
					       "_gsum",
					       "_gcount",
					       "_info",
					       NULL};
	if (self->family == NULL || !g_str_has_prefix(name, self->family))
		return NULL;
	const char *suffix = name + strlen(self->family);
	return g_strv_contains(suffixes, suffix) ? suffix : NULL;
}

static void
add_quantile(Group *group, const char *text, double value)
{
	double number;
	const char *rest;
	if (!reader_number(text, &number, &rest) || *rest != '\0' || number < 0 || number > 1)
		return;
	for (guint i = 0; i < group->quantiles->len; i += 2) {
		if (g_array_index(group->quantiles, double, i) == number)
			return;
	}
	g_array_append_val(group->quantiles, number);
	g_array_append_val(group->quantiles, value);
}

static void
take_grouped(Reading *self, Sample *sample, const char *suffix)
{
	Group *group = ensure_group(self, sample);
	const char *quantile = get_label(sample->labels, "quantile");
	if (!sample->is_number)
		return;
	if (g_str_equal(suffix, "_sum") || g_str_equal(suffix, "_gsum")) {
		group->has_sum = TRUE;
		group->sum = sample->value;
	} else if (g_str_equal(suffix, "_count") || g_str_equal(suffix, "_gcount")) {
		group->has_count = TRUE;
		group->count = sample->value;
	} else if (*suffix == '\0' && quantile != NULL) {
		add_quantile(group, quantile, sample->value);
	}
}

static void
start_family(Reading *self, const char *family, const char *type)
{
	end_family(self);
	g_free(self->family);
	g_free(self->type);
	g_clear_pointer(&self->unit, g_free);
	self->family = g_strdup(family);
	self->type = g_strdup(type);
}

static gboolean
is_type(const Reading *self, const char *const *types)
{
	return self->type != NULL && g_strv_contains(types, self->type);
}

static void
take_sample(Reading *self, Sample *sample)
{
	static const char *const grouped[] = {"summary", "histogram", "gaugehistogram", NULL};
	static const char *const no_measurements[] = {"info", "stateset", NULL};
	const char *suffix = get_suffix(self, sample->name);
	if (suffix == NULL && self->family != NULL)
		start_family(self, NULL, NULL);
	self->is_openmetrics |= suffix != NULL && g_str_equal(suffix, "_total");
	if (sample->time > 0 && !self->has_start)
		reader_set_start(self->builder, sample->time * 1e6);
	self->has_start |= sample->time > 0;
	if (suffix != NULL && is_type(self, grouped))
		take_grouped(self, sample, suffix);
	else if (sample->is_number && !is_type(self, no_measurements) &&
		 !g_str_has_suffix(sample->name, "_created") &&
		 !g_str_has_suffix(sample->name, "_info"))
		add(self, sample->name, sample->labels, sample->value);
}

/* "# TYPE name kind" and its like */
static void
read_comment(Reading *self, const char *line)
{
	static const char *const old_types[] =
		{"counter", "gauge", "summary", "histogram", "untyped", NULL};
	static const char *const new_types[] = {"unknown",
						"info",
						"stateset",
						"gaugehistogram",
						NULL};
	g_auto(GStrv) words = reader_words(line);
	guint n = g_strv_length(words);
	if (n == 2 && g_str_equal(words[1], "EOF")) {
		self->has_end = TRUE;
	} else if (n == 4 && g_str_equal(words[1], "TYPE")) {
		start_family(self, words[2], words[3]);
		self->is_openmetrics |= is_type(self, new_types);
		/* of prose, or of nobody knows what */
		if (!is_type(self, new_types) && !is_type(self, old_types))
			start_family(self, NULL, NULL);
	} else if (n == 4 && g_str_equal(words[1], "UNIT")) {
		g_free(self->unit);
		self->unit = g_strdup(words[3]);
		self->is_openmetrics = TRUE;
	}
}

static void
reading_clear(Reading *self)
{
	g_free(self->family);
	g_free(self->type);
	g_free(self->unit);
	g_hash_table_unref(self->by_labels);
	g_ptr_array_unref(self->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

/* all lines of the head are comments or samples, and there is a type */
static guint
openmetrics_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_auto(ReaderLines) lines;
	guint n_types = 0;
	guint n_samples = 0;
	const char *line;
	reader_lines_init(&lines, head, NULL);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut) {
		g_auto(Sample) sample = {NULL};
		gboolean is_sample = *line != '#' && *line != '\0' && read_sample(line, &sample);
		if (sample.labels == NULL)
			sample.labels = g_array_new(FALSE, FALSE, sizeof(Label));
		n_types += g_str_has_prefix(line, "# TYPE ");
		n_samples += is_sample;
		if (!is_sample && *line != '#' && *line != '\0')
			return 0;
	}
	return n_types > 0 && n_samples > 0 ? 90 : 0;
}

/* whether what was cut off began as a line of ours */
static gboolean
is_beginning(const Reading *self, const char *line)
{
	if (*line == '#')
		return g_str_has_prefix(line, "# TYPE ") || g_str_has_prefix(line, "# HELP ");
	return self->family != NULL && *line != '\0' &&
	       (g_str_has_prefix(line, self->family) || g_str_has_prefix(self->family, line));
}

/* a line between others: what is not of a family ends it */
static void
read_printed_line(Reading *self, const char *line, Sample *sample, gboolean is_sample)
{
	if (self->is_cut) {
		self->is_cut = is_beginning(self, line);
		return;
	}
	if (*line == '#')
		read_comment(self, line);
	else if (is_sample && get_suffix(self, sample->name) != NULL)
		take_sample(self, sample);
	else if (*line != '\0')
		start_family(self, NULL, NULL);
	if (self->has_end && perfdash_run_builder_get_n_results(self->builder) > 0)
		perfdash_run_builder_next_run(self->builder);
	self->has_end = FALSE;
}

static void
read_line(Reading *self, const char *line)
{
	g_auto(Sample) sample = {NULL};
	gboolean is_sample = *line != '#' && *line != '\0' && read_sample(line, &sample);
	if (sample.labels == NULL)
		sample.labels = g_array_new(FALSE, FALSE, sizeof(Label));
	if (!self->is_document)
		read_printed_line(self, line, &sample, is_sample);
	else if (*line == '#')
		read_comment(self, line);
	else if (is_sample && !self->is_cut)
		take_sample(self, &sample);
}

static gboolean
openmetrics_parser_parse(PerfdashParser *parser,
			 const char *name,
			 GBytes *log,
			 PerfdashRunBuilder *builder,
			 GError **error)
{
	g_auto(ReaderLines) lines;
	g_auto(Reading) reading = {.builder = builder,
				   .groups = g_ptr_array_new_with_free_func(group_free),
				   .by_labels = g_hash_table_new(g_str_hash, g_str_equal)};
	gsize size = MIN(g_bytes_get_size(log), PERFDASH_PARSER_HEAD_SIZE);
	g_autoptr(GBytes) head = g_bytes_new_from_bytes(log, 0, size);
	const char *line;
	reading.is_document = openmetrics_parser_probe(parser, name, head) > 0;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL && !reading.has_end) {
		reading.line = lines.number;
		reading.is_cut = lines.is_cut;
		read_line(&reading, line);
	}
	reading.is_cut &= !reading.has_end;
	reading.is_cut |= drop_open_group(&reading);
	end_family(&reading);
	reading.is_cut |= reading.is_document && reading.is_openmetrics && !reading.has_end;
	if (reading.is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the text was cut off: it ends in line %u",
						 reading.line);
	}
	return TRUE;
}

PERFDASH_DEFINE_PARSER(OpenmetricsParser,
		       openmetrics_parser,
		       openmetrics_parser_probe,
		       openmetrics_parser_parse,
		       "openmetrics",
		       "2",
		       "OpenMetrics and Prometheus, other dashboards: text",
		       "*.prom;metrics;*metrics*.txt",
		       PERFDASH_PARSER_DOCUMENT | PERFDASH_PARSER_CONSOLE,
		       "# TYPE ")
