/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results for each label, as JMeter's own reports have them, and for all labels together. TOTAL is
 * over samples, as in JMeter's dashboard and summariser: a transaction controller that writes a row
 * beside those of its samples would count them twice. "TOTAL with transactions" is over all rows,
 * as in the listeners of JMeter's window. Throughput is from the start of the first sample to the
 * end of the last one: rows stand in the order in which samples ended, on many threads. */

#include "jmeter-samples.h"

#include "jmeter-labels.h"
#include "jmeter-times.h"
#include "reader-text.h"

#define ALL       "TOTAL"
#define OTHER_ALL "TOTAL of all samples" /* when samples have that name */
#define LATEST_START                                                                               \
	(G_GINT64_CONSTANT(7258118400) * 1000) /* year 2200; later ones are no times               \
						*/
#define WITH_TRANSACTIONS "TOTAL with transactions"

typedef struct {
	JmeterTimes times;
	guint64 n_errors;
	guint64 n_unjudged;  /* samples of which it is not known whether they were errors */
	guint64 n_unstarted; /* samples of which it is not known when they started */
	gint64 first_start;
	gint64 last_end;
} Tally;

typedef struct {
	char *name;
	Tally tallies[JMETER_N_KINDS];
} Group;

struct _JmeterSamples {
	JmeterLabels *labels; /* of Group, not owned */
	GHashTable *by_name;  /* Group's name -> Group, neither owned */
	GPtrArray *groups;    /* in the order of the log */
};

static void
tally_init(Tally *self)
{
	*self = (Tally){.first_start = G_MAXINT64, .last_end = G_MININT64};
	jmeter_times_init(&self->times);
}

static void
tally_clear(Tally *self)
{
	jmeter_times_clear(&self->times);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tally, tally_clear)

G_ALWAYS_INLINE static inline void
tally_add(Tally *self, const JmeterSample *sample)
{
	jmeter_times_add(&self->times, MIN(sample->elapsed, G_MAXUINT32));
	self->n_errors += !sample->success;
	self->n_unjudged += G_UNLIKELY(!sample->has_success);
	if (G_UNLIKELY(!sample->has_start)) {
		self->n_unstarted++;
		return;
	}
	if (G_UNLIKELY(sample->start < self->first_start))
		self->first_start = sample->start;
	self->last_end = MAX(self->last_end, sample->start + sample->elapsed);
}

static void
tally_merge(Tally *self, const Tally *other)
{
	jmeter_times_merge(&self->times, &other->times);
	self->n_errors += other->n_errors;
	self->n_unjudged += other->n_unjudged;
	self->n_unstarted += other->n_unstarted;
	self->first_start = MIN(self->first_start, other->first_start);
	self->last_end = MAX(self->last_end, other->last_end);
}

static Group *
group_new(char *name)
{
	Group *group = g_new0(Group, 1);
	group->name = name;
	for (guint i = 0; i < JMETER_N_KINDS; i++)
		tally_init(&group->tallies[i]);
	return group;
}

static void
group_free(Group *group)
{
	for (guint i = 0; i < JMETER_N_KINDS; i++)
		tally_clear(&group->tallies[i]);
	g_free(group->name);
	g_free(group);
}

JmeterSamples *
jmeter_samples_new(void)
{
	JmeterSamples *self = g_new0(JmeterSamples, 1);
	self->labels = jmeter_labels_new();
	self->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	self->groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
	return self;
}

void
jmeter_samples_free(JmeterSamples *self)
{
	jmeter_labels_free(self->labels);
	g_hash_table_unref(self->by_name);
	g_ptr_array_unref(self->groups);
	g_free(self);
}

static char *
read_text(const JmeterField *field)
{
	g_autofree char *text = g_strndup(field->text, field->size);
	char *out = text;
	for (const char *p = text; field->is_quoted && *p != '\0'; p++) {
		if (p[0] == '"' && p[1] == '"')
			p++;
		*out++ = *p;
	}
	if (field->is_quoted)
		*out = '\0';
	return g_steal_pointer(&text);
}

/* labels that are written in two ways may have one name */
G_GNUC_NO_INLINE static Group *
add_label(JmeterSamples *self, const JmeterField *label)
{
	g_autofree char *text = read_text(label);
	g_autofree char *name = *text != '\0' ? reader_name(text) : g_strdup("(no label)");
	Group *group = g_hash_table_lookup(self->by_name, name);
	if (group == NULL) {
		group = group_new(g_steal_pointer(&name));
		g_ptr_array_add(self->groups, group);
		g_hash_table_insert(self->by_name, group->name, group);
	}
	jmeter_labels_insert(self->labels, label, group);
	return group;
}

void
jmeter_samples_add(JmeterSamples *self, const char *end, const JmeterSample *sample)
{
	Group *group = jmeter_labels_lookup(self->labels, &sample->label, end);
	if (G_UNLIKELY(group == NULL))
		group = add_label(self, &sample->label);
	tally_add(&group->tallies[sample->kind], sample);
}

static guint64
count(JmeterSamples *self, JmeterKind kind)
{
	guint64 n = 0;
	for (guint i = 0; i < self->groups->len; i++)
		n += ((Group *)self->groups->pdata[i])->tallies[kind].times.n;
	return n;
}

guint64
jmeter_samples_get_n(JmeterSamples *self)
{
	guint64 n = 0;
	for (JmeterKind kind = 0; kind < JMETER_N_KINDS; kind++)
		n += count(self, kind);
	return n;
}

static void
add_latency(PerfdashRunBuilder *builder, const char *name, JmeterTimes *times)
{
	static const char *const names[] = {"p50", "p90", "p95", "p99"};
	static const double percents[] = {50, 90, 95, 99};
	double values[G_N_ELEMENTS(percents)];
	jmeter_times_get_percentiles(times, percents, G_N_ELEMENTS(percents), values);
	perfdash_run_builder_add_result(builder,
					name,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					jmeter_times_get_mean(times));
	perfdash_run_builder_add_stat(builder, "n", times->n);
	perfdash_run_builder_add_stat(builder, "min", times->min);
	perfdash_run_builder_add_stat(builder, "max", times->max);
	perfdash_run_builder_add_stat(builder, "sd", jmeter_times_get_sd(times));
	for (guint i = 0; i < G_N_ELEMENTS(percents); i++)
		perfdash_run_builder_add_stat(builder, names[i], values[i]);
}

static void
add_throughput(PerfdashRunBuilder *builder, const char *name, const Tally *tally)
{
	gboolean is_timed = tally->n_unstarted == 0;
	gint64 span = is_timed ? tally->last_end - tally->first_start : 0;
	if (span > 0)
		perfdash_run_builder_add_result(builder,
						name,
						"throughput",
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						(double)tally->times.n * 1000 / span);
}

static void
add_errors(PerfdashRunBuilder *builder, const char *name, const Tally *tally)
{
	if (tally->n_unjudged > 0)
		return;
	perfdash_run_builder_add_result(builder,
					name,
					"errors",
					"1",
					PERFDASH_DIRECTION_LOWER,
					tally->n_errors);
	perfdash_run_builder_add_result(builder,
					name,
					"error_rate",
					"ratio",
					PERFDASH_DIRECTION_LOWER,
					(double)tally->n_errors / tally->times.n);
}

static void
add_results(PerfdashRunBuilder *builder, const char *name, Tally *tally, gboolean failed)
{
	perfdash_run_builder_add_result(builder,
					name,
					"samples",
					"1",
					PERFDASH_DIRECTION_NONE,
					tally->times.n);
	add_errors(builder, name, tally);
	/* how fast a test fails says nothing of what it tests */
	if (failed)
		return;
	add_latency(builder, name, &tally->times);
	add_throughput(builder, name, tally);
}

static void
add_group(PerfdashRunBuilder *builder, Group *group, gboolean failed)
{
	g_auto(Tally) all;
	tally_init(&all);
	for (guint i = 0; i < JMETER_N_KINDS; i++)
		tally_merge(&all, &group->tallies[i]);
	add_results(builder, group->name, &all, failed);
}

static void
merge_kind(JmeterSamples *self, JmeterKind kind, Tally *total)
{
	for (guint i = 0; i < self->groups->len; i++)
		tally_merge(total, &((Group *)self->groups->pdata[i])->tallies[kind]);
}

static void
add_all(JmeterSamples *self, Tally *total, gboolean failed, PerfdashRunBuilder *builder)
{
	gboolean is_taken = g_hash_table_contains(self->by_name, ALL);
	guint64 n_samples = count(self, JMETER_SAMPLE);
	if (n_samples > 0 && n_samples < total->times.n) {
		g_auto(Tally) samples;
		tally_init(&samples);
		merge_kind(self, JMETER_SAMPLE, &samples);
		add_results(builder, is_taken ? OTHER_ALL : ALL, &samples, failed);
		add_results(builder, WITH_TRANSACTIONS, total, failed);
	} else {
		add_results(builder, is_taken ? OTHER_ALL : ALL, total, failed);
	}
}

void
jmeter_samples_end(JmeterSamples *self, gboolean has_zone, PerfdashRunBuilder *builder)
{
	g_auto(Tally) total;
	tally_init(&total);
	merge_kind(self, JMETER_SAMPLE, &total);
	merge_kind(self, JMETER_TRANSACTION, &total);
	guint64 n = total.times.n;
	gboolean failed = total.n_errors == n;
	perfdash_run_builder_set_label(builder, "tool", "jmeter");
	if (n == 0)
		return;
	if (has_zone && total.n_unstarted == 0 && total.first_start >= 0 &&
	    total.first_start < LATEST_START)
		perfdash_run_builder_set_started_at(builder, total.first_start * 1000);
	for (guint i = 0; i < self->groups->len; i++)
		add_group(builder, g_ptr_array_index(self->groups, i), failed);
	add_all(self, &total, failed, builder);
	if (failed) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "every sample was an error");
	}
}

void
jmeter_remarks_add(const JmeterRemarks *remarks, guint line, PerfdashRunBuilder *builder)
{
	if (remarks->is_cut || remarks->n_bad > 0)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	if (remarks->is_cut)
		perfdash_run_builder_add_warning(
			builder,
			"the log was cut off: its last sample is not whole");
	if (remarks->n_bad > 0)
		perfdash_run_builder_add_warning(builder,
						 "%" G_GUINT64_FORMAT
						 " rows are no samples, the first in line %u",
						 remarks->n_bad,
						 line - 1 + remarks->first_bad);
}
