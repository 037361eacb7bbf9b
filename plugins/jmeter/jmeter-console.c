/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The summariser's lines among whatever else a job prints. Lines with + are of the time since the
 * line before, and only the last one with = is the sum of all; it stands behind the last one with
 * +, unless the test was stopped. A summariser whose sum becomes smaller belongs to another test. A
 * JTL may be printed as well; it is known by its header, or by rows that nothing else writes. */

#include "jmeter-console.h"

#include <string.h>

#include "jmeter-columns.h"
#include "jmeter-csv.h"
#include "jmeter-summary.h"
#include "reader-text.h"

#define MAX_NAMES 100 /* of summarisers in a test */

/* what a summariser said last */
typedef struct {
	char *name;
	JmeterSummary total;
	JmeterSummary part;
	gboolean has_total;
	guint n_parts; /* behind the total */
} Summariser;

typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *summarisers; /* of Summariser, of the test that is being read */
	gboolean has_runs;
	gboolean has_begin;
	gboolean has_end;
	gint64 started_at; /* microseconds, 0 unknown */
	char *version;     /* nullable */
	const char *rows;  /* where rows may be searched */
} Reading;

static void
summariser_free(Summariser *self)
{
	g_free(self->name);
	g_free(self);
}

static void
start_run(Reading *self)
{
	if (self->has_runs)
		perfdash_run_builder_next_run(self->builder);
	self->has_runs = TRUE;
	perfdash_run_builder_set_label(self->builder, "tool", "jmeter");
}

static void
set_partial(Reading *self, const char *warning)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder, warning);
}

/* whether all that it saw were errors */
static gboolean
add_summariser(Reading *self, const Summariser *one)
{
	const JmeterSummary *summary = one->has_total ? &one->total : &one->part;
	jmeter_summary_add(summary, one->name, self->builder);
	return summary->n_errors >= summary->n_samples;
}

static gboolean
is_complete(Reading *self)
{
	if (self->has_begin && !self->has_end)
		return FALSE;
	for (guint i = 0; i < self->summarisers->len; i++) {
		Summariser *one = g_ptr_array_index(self->summarisers, i);
		if (!one->has_total || one->n_parts > 0)
			return FALSE;
	}
	return TRUE;
}

/* a sum of all, or the only part of it that there is */
static void
drop_unclear(Reading *self)
{
	for (guint i = self->summarisers->len; i-- > 0;) {
		Summariser *one = g_ptr_array_index(self->summarisers, i);
		if (!one->has_total && one->n_parts != 1)
			g_ptr_array_remove_index(self->summarisers, i);
	}
}

static void
end_test(Reading *self)
{
	gboolean failed = TRUE;
	drop_unclear(self);
	if (self->summarisers->len > 0) {
		start_run(self);
		if (self->started_at > 0)
			perfdash_run_builder_set_started_at(self->builder, self->started_at);
		if (self->version != NULL)
			perfdash_run_builder_set_environment(self->builder,
							     "tool_version",
							     self->version);
		for (guint i = 0; i < self->summarisers->len; i++)
			failed &= add_summariser(self, g_ptr_array_index(self->summarisers, i));
		if (!is_complete(self))
			set_partial(self, "the test has no end: its last samples are missing");
		if (failed) {
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
			perfdash_run_builder_add_warning(self->builder,
							 "every sample was an error");
		}
	}
	g_ptr_array_set_size(self->summarisers, 0);
	self->has_begin = FALSE;
	self->has_end = FALSE;
	self->started_at = 0;
}

static Summariser *
find_summariser(Reading *self, const char *name)
{
	for (guint i = 0; i < self->summarisers->len; i++) {
		Summariser *one = g_ptr_array_index(self->summarisers, i);
		if (g_str_equal(one->name, name))
			return one;
	}
	if (self->summarisers->len == MAX_NAMES)
		return NULL;
	Summariser *one = g_new0(Summariser, 1);
	one->name = g_strdup(name);
	g_ptr_array_add(self->summarisers, one);
	return one;
}

static void
add_summary(Reading *self, const char *name, const JmeterSummary *summary)
{
	Summariser *one = find_summariser(self, name);
	if (one != NULL && summary->is_total && one->has_total &&
	    summary->n_samples < one->total.n_samples) {
		end_test(self);
		one = find_summariser(self, name);
	}
	if (one == NULL)
		return;
	if (summary->is_total) {
		one->total = *summary;
		one->has_total = TRUE;
		one->n_parts = 0;
	} else {
		one->part = *summary;
		one->n_parts++;
	}
}

/* "Starting the test @ Mon Nov 23 17:17:51 UTC 2026 (1795454271644)" */
static gint64
read_start(const char *line)
{
	const char *bracket = strrchr(line, '(');
	gint64 milliseconds;
	g_autofree char *digits = bracket != NULL
					  ? g_strndup(bracket + 1, strcspn(bracket + 1, ")"))
					  : NULL;
	if (digits == NULL || strlen(digits) != 13 ||
	    !g_ascii_string_to_signed(digits, 10, 0, G_MAXINT64, &milliseconds, NULL))
		return 0;
	return milliseconds * 1000;
}

static void
begin_test(Reading *self, const char *line)
{
	if (self->summarisers->len > 0)
		end_test(self);
	self->has_begin = TRUE;
	if (strchr(line, '@') != NULL)
		self->started_at = read_start(line);
}

static void
read_state(Reading *self, const char *line)
{
	static const char *const begins[] = {"Starting the test @",
					     "Starting standalone test @",
					     "Starting the test on host",
					     "JMeterEngine: Running the test!"};
	static const char *const ends[] = {"... end of run",
					   "Tidying up ...",
					   "JMeterEngine: Notifying test listeners of end of test"};
	const char *version = strstr(line, "JMeter: Version ");
	for (guint i = 0; i < G_N_ELEMENTS(begins); i++) {
		if (strstr(line, begins[i]) != NULL)
			begin_test(self, line);
	}
	for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
		self->has_end |= strstr(line, ends[i]) != NULL;
	if (version != NULL && self->version == NULL)
		self->version = reader_name(version + strlen("JMeter: Version "));
}

static gboolean
is_jtl_header(const char *line)
{
	return strlen(line) < 4096 && strstr(line, "elapsed") != NULL &&
	       jmeter_csv_is(line, strlen(line)) && strstr(line, "timeStamp") != NULL;
}

static gboolean
begins_jtl(Reading *self, const char *line, const char *begin, const char *end)
{
	if (!g_ascii_isdigit(*line))
		return is_jtl_header(line);
	return begin >= self->rows && jmeter_columns_are_certain(begin, end - begin, &self->rows);
}

/* a JTL that begins at a place of the lines; they go on behind it */
static void
read_jtl(Reading *self, ReaderLines *lines, const char *begin, guint line)
{
	g_autoptr(JmeterSamples) samples = jmeter_samples_new();
	JmeterRemarks remarks;
	gsize behind = jmeter_csv_read_part(begin, lines->end - begin, samples, &remarks);
	if (jmeter_samples_get_n(samples) == 0)
		return;
	end_test(self);
	start_run(self);
	perfdash_run_builder_set_line(self->builder, line);
	jmeter_remarks_add(&remarks, line, self->builder);
	jmeter_samples_end(samples, remarks.has_zone, self->builder);
	for (const char *p = lines->p; p < begin + behind; p++)
		lines->number += *p == '\n';
	lines->p = MAX(lines->p, begin + behind);
}

/* of a line that has no end, whether it is a summary with the percentage that it ends with */
static gboolean
is_whole(const char *line)
{
	return g_str_has_suffix(line, "%)");
}

void
jmeter_console_read(GBytes *text, PerfdashRunBuilder *builder)
{
	Reading reading = {.builder = builder};
	reading.summarisers = g_ptr_array_new_with_free_func((GDestroyNotify)summariser_free);
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, text, builder);
	lines.hides_quotes = TRUE;
	reading.rows = lines.p;
	for (const char *begin = lines.p; (line = reader_lines_next(&lines)) != NULL;
	     begin = lines.p) {
		JmeterSummary summary;
		g_autofree char *name = NULL;
		if (lines.is_cut && !is_whole(line))
			break;
		if (jmeter_summary_read(line, &name, &summary)) {
			summary.line = lines.number;
			add_summary(&reading, name, &summary);
		} else if (begins_jtl(&reading, line, begin, lines.end)) {
			read_jtl(&reading, &lines, begin, lines.number);
		} else {
			read_state(&reading, line);
		}
	}
	end_test(&reading);
	g_ptr_array_unref(reading.summarisers);
	g_free(reading.version);
}
