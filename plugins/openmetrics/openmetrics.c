/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* OpenMetrics text, and Prometheus' older one: samples of families that "# TYPE" names. Gauges and
 * counters are results. A summary is one result, the mean of what it counted, with its quantiles;
 * of a histogram only that mean is certain, for its buckets are no measurements. */

#include <math.h>
#include <string.h>

#include "reader-label.h"
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
	GPtrArray *groups; /* of Group, of the family */
	guint line;
	guint n_samples;
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

static gboolean
read_sample(const char *line, Sample *sample)
{
	static const char *const no_numbers[] = {"NaN", "+Inf", "-Inf", "Inf", NULL};
	gsize length = strcspn(line, "{ \t");
	const char *p = line + length;
	const char *rest;
	sample->labels = g_array_new(FALSE, FALSE, sizeof(Label));
	g_array_set_clear_func(sample->labels, clear_label);
	sample->name = g_strndup(line, length);
	if (length == 0 || !(g_ascii_isalpha(*line) || *line == '_' || *line == ':'))
		return FALSE;
	if (*p == '{')
		p = read_labels(p + 1, sample->labels);
	if (p == NULL || (*p != ' ' && *p != '\t'))
		return FALSE;
	p += strspn(p, " \t");
	g_autofree char *word = g_strndup(p, strcspn(p, " \t"));
	sample->is_number = reader_number(p, &sample->value, &rest);
	if (sample->is_number)
		return strchr(" \t", *rest) != NULL;
	return g_strv_contains(no_numbers, word);
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

static const char *
get_unit(const Reading *self, const char *name)
{
	static const char *const suffixes[][2] = {{"_seconds", "s"},
						  {"_milliseconds", "ms"},
						  {"_microseconds", "us"},
						  {"_nanoseconds", "ns"},
						  {"_bytes", "B"},
						  {"_ratio", "ratio"}};
	g_autofree char *base = g_str_has_suffix(name, "_total")
					? g_strndup(name, strlen(name) - strlen("_total"))
					: g_strdup(name);
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (g_str_has_suffix(base, suffixes[i][0]) ||
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

static void
write_group(Reading *self, Group *group)
{
	if (!group->has_sum || !group->has_count || group->count <= 0)
		return;
	perfdash_run_builder_set_line(self->builder, group->line);
	add(self, self->family, group->own, group->sum / group->count);
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
	Group *last = self->groups->len > 0 ? g_ptr_array_index(self->groups, self->groups->len - 1)
					    : NULL;
	if (last != NULL && g_str_equal(last->labels, text->str)) {
		g_array_unref(own);
		return last;
	}
	Group *group = g_new0(Group, 1);
	group->labels = g_strdup(text->str);
	group->own = own;
	group->line = self->line;
	group->quantiles = g_array_new(FALSE, FALSE, sizeof(double));
	g_ptr_array_add(self->groups, group);
	return group;
}

static gboolean
is_of_family(const Reading *self, const char *name, const char *suffix)
{
	return g_str_has_prefix(name, self->family) &&
	       g_str_equal(name + strlen(self->family), suffix);
}

static void
take_grouped(Reading *self, Sample *sample)
{
	Group *group = ensure_group(self, sample);
	const char *quantile = get_label(sample->labels, "quantile");
	double number;
	if (!sample->is_number)
		return;
	if (is_of_family(self, sample->name, "_sum")) {
		group->has_sum = TRUE;
		group->sum = sample->value;
	} else if (is_of_family(self, sample->name, "_count")) {
		group->has_count = TRUE;
		group->count = sample->value;
	} else if (quantile != NULL && reader_number(quantile, &number, NULL) && number >= 0 &&
		   number <= 1) {
		g_array_append_val(group->quantiles, number);
		g_array_append_val(group->quantiles, sample->value);
	}
}

static void
take_sample(Reading *self, Sample *sample)
{
	gboolean is_known = self->family != NULL && g_str_has_prefix(sample->name, self->family);
	gboolean is_grouped = is_known && (g_str_equal(self->type, "summary") ||
					   g_str_equal(self->type, "histogram"));
	self->n_samples++;
	if (is_grouped)
		take_grouped(self, sample);
	else if (sample->is_number && !g_str_has_suffix(sample->name, "_created"))
		add(self, sample->name, sample->labels, sample->value);
}

/* "# TYPE name kind" and its like */
static void
read_comment(Reading *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	guint n = g_strv_length(words);
	if (n >= 2 && g_str_equal(words[1], "EOF")) {
		self->has_end = TRUE;
	} else if (n == 4 && g_str_equal(words[1], "TYPE")) {
		end_family(self);
		g_free(self->family);
		g_free(self->type);
		g_clear_pointer(&self->unit, g_free);
		self->family = g_strdup(words[2]);
		self->type = g_strdup(words[3]);
	} else if (n == 4 && g_str_equal(words[1], "UNIT")) {
		g_free(self->unit);
		self->unit = g_strdup(words[3]);
	}
}

static void
reading_clear(Reading *self)
{
	g_free(self->family);
	g_free(self->type);
	g_free(self->unit);
	g_ptr_array_unref(self->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static gboolean
openmetrics_parser_parse(PerfdashParser *parser,
			 const char *name,
			 GBytes *log,
			 PerfdashRunBuilder *builder,
			 GError **error)
{
	g_auto(ReaderLines) lines;
	g_auto(Reading) reading = {.builder = builder,
				   .groups = g_ptr_array_new_with_free_func(group_free)};
	gboolean is_cut = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	perfdash_run_builder_set_label(builder, "tool", "openmetrics");
	while ((line = reader_lines_next(&lines)) != NULL && !reading.has_end) {
		g_auto(Sample) sample = {NULL};
		gboolean is_sample = *line != '#' && *line != '\0' && read_sample(line, &sample);
		if (sample.labels == NULL)
			sample.labels = g_array_new(FALSE, FALSE, sizeof(Label));
		reading.line = lines.number;
		is_cut = lines.is_cut && *line != '#';
		if (*line == '#')
			read_comment(&reading, line);
		else if (is_sample && !is_cut)
			take_sample(&reading, &sample);
	}
	end_family(&reading);
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the last line was cut off");
	}
	return TRUE;
}

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

PERFDASH_DEFINE_PARSER(OpenmetricsParser,
		       openmetrics_parser,
		       openmetrics_parser_probe,
		       openmetrics_parser_parse,
		       "openmetrics",
		       "1",
		       "OpenMetrics and Prometheus, other dashboards: text",
		       "*.prom;metrics;*metrics*.txt",
		       PERFDASH_PARSER_DOCUMENT,
		       "# TYPE ")
