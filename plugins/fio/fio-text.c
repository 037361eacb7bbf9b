/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each block of a job chooses nsec, usec or msec for itself, and large numbers in it may end with
 * k. Bandwidth is printed twice, of 1024 and of 1000: what is there in units of 1000 counts, as it
 * has as many digits. Version 2 prints units of 1024 as if they were of 1000. */

#include "fio.h"

#include <string.h>

#include "reader-quantity.h"

#define MAX_PERCENTILES 24

static const ReaderSuffix rates[] = {{"B/s", "B/s", 0},
				     {"kB/s", "B/s", 3},
				     {"KB/s", "B/s", 3},
				     {"MB/s", "B/s", 6},
				     {"GB/s", "B/s", 9},
				     {"KiB/s", "KiB/s", 0},
				     {"MiB/s", "MiB/s", 0},
				     {"GiB/s", "GiB/s", 0},
				     {"kbit/s", "bit/s", 3},
				     {"Kbit/s", "bit/s", 3},
				     {"Mbit/s", "bit/s", 6},
				     {"Gbit/s", "bit/s", 9},
				     {NULL}};
static const ReaderSuffix old_rates[] = {{"B/s", "B/s", 0},
					 {"KB/s", "KiB/s", 0},
					 {"MB/s", "MiB/s", 0},
					 {"GB/s", "GiB/s", 0},
					 {NULL}};
static const char *const directions[] = {"read", "write", "trim", "mixed"};
/* what a line of a latency begins with, and its metric */
static const struct {
	const char *name;
	const char *metric;
} latencies[] = {
	{"slat", "submission_latency"},
	{"clat", "completion_latency"},
	{"lat", "total_latency"},
	{"sync", "latency"},
};

/* a distribution; its percentiles come later, and after other ones */
typedef struct {
	ReaderQuantity mean;
	ReaderQuantity min;
	ReaderQuantity max;
	ReaderQuantity sd;
	double percents[MAX_PERCENTILES];
	ReaderQuantity percentiles[MAX_PERCENTILES];
	guint n_percentiles;
} Latency;

/* what the whole text says before it is read: which reports are replaced by later ones, and what
 * the jobs of the text for people are called */
typedef struct {
	GHashTable *last;  /* number of the line of the last report of a job, by its key */
	GHashTable *names; /* run of fio and name */
} Survey;

typedef struct {
	PerfdashRunBuilder *builder;
	char *version; /* nullable */
	GHashTable *json_names;
	Survey survey;
	guint session; /* how many times fio has named its version */
	guint n_runs;
	GPtrArray *terse;      /* of FioTerse, of one run */
	gboolean is_open;      /* a run has begun, but its end was not seen */
	char *job;             /* nullable */
	const char *direction; /* nullable */
	Latency latencies[G_N_ELEMENTS(latencies)];
	Latency *read;            /* whose percentiles are being read, nullable */
	const char *unit;         /* of those */
	gboolean has_head;        /* jobs are named, but none has reported */
	gboolean has_begun;       /* behind the head the version was named */
	gboolean has_json_report; /* the job that is reported is in a JSON document, too */
	gboolean in_status;       /* of a group, behind its jobs */
	gboolean is_stopped;
	gboolean is_failed;
} Text;

static void
end_direction(Text *self)
{
	for (guint i = 0; self->direction != NULL && i < G_N_ELEMENTS(latencies); i++) {
		Latency *one = &self->latencies[i];
		g_autofree char *metric =
			g_strconcat(self->direction, ".", latencies[i].metric, NULL);
		/* zero is no latency: it was not measured */
		if (one->mean.unit == NULL || one->mean.value == 0)
			continue;
		reader_add(self->builder, self->job, metric, PERFDASH_DIRECTION_LOWER, one->mean);
		reader_add_stat(self->builder, "min", one->min);
		reader_add_stat(self->builder, "max", one->max);
		reader_add_stat(self->builder, "sd", one->sd);
		for (guint j = 0; j < one->n_percentiles; j++)
			reader_add_percentile(self->builder, one->percents[j], one->percentiles[j]);
	}
	memset(self->latencies, 0, sizeof(self->latencies));
	self->read = NULL;
	self->direction = NULL;
}

static void
end_run(Text *self)
{
	end_direction(self);
	if (self->is_open && self->is_stopped && !self->is_failed)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	if (self->is_open && self->is_stopped) {
		perfdash_run_builder_add_warning(self->builder, "fio was stopped by a signal");
		self->is_stopped = FALSE;
	}
	self->is_open = FALSE;
	g_clear_pointer(&self->job, g_free);
}

static void
start_run(Text *self)
{
	if (self->is_open)
		return;
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "fio");
	if (self->version != NULL)
		perfdash_run_builder_set_environment(self->builder, "tool_version", self->version);
	self->is_open = TRUE;
	self->is_failed = FALSE;
}

/* the name of a job in the line before its numbers, "NAME: (groupid=0, jobs=1): err= 0: pid=10938:
 * Mon Nov 23 ..."; NULL when the line is another one */
static char *
find_job(const char *line, double *error_number)
{
	const char *group = strstr(line, ": (groupid=");
	if (group == NULL || group == line || reader_is_quoted(line) || *line == '{' ||
	    !reader_number_after(group, "err=", error_number))
		return NULL;
	g_autofree char *name = g_strndup(line, group - line);
	return reader_name(name);
}

/* what reports of one job have in common; a clone of it has a process of its own */
static char *
get_key(guint session, const char *line)
{
	const char *group = strstr(line, ": (groupid=");
	const char *process = strstr(group, " pid=");
	if (process == NULL)
		return NULL;
	process += strlen(" pid=");
	return g_strdup_printf("%u %.*s %.*s",
			       session,
			       (int)(group + strcspn(group, ",") - line),
			       line,
			       (int)strspn(process, "0123456789"),
			       process);
}

static gboolean
is_version(const char *line)
{
	return g_str_has_prefix(line, "fio-") && g_ascii_isdigit(line[4]);
}

static void
survey(Survey *self, GBytes *text)
{
	g_auto(ReaderLines) lines;
	const char *line;
	guint session = 0;
	double ignored;
	reader_lines_init(&lines, text, NULL);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		session += is_version(line);
		g_autofree char *name = find_job(line, &ignored);
		if (name == NULL)
			continue;
		char *key = get_key(session, line);
		if (key != NULL)
			g_hash_table_replace(self->last, key, GUINT_TO_POINTER(lines.number));
		g_hash_table_add(self->names, g_strdup_printf("%u %s", session, name));
	}
}

/* whether a JSON document has told of the job that a line begins to report: it has the same time,
 * "job: (groupid=0, jobs=1): err= 0: pid=3164: Fri Nov 27 20:56:29 2026" */
static gboolean
is_in_json(Text *self, const char *name, const char *line)
{
	const char *process = strstr(line, " pid=");
	const char *time = process != NULL ? strstr(process, ": ") : NULL;
	g_autofree char *untimed = g_strconcat(name, "\n", NULL);
	g_autofree char *timed = g_strconcat(untimed, time != NULL ? time + 2 : NULL, NULL);
	g_strchomp(timed);
	return g_hash_table_contains(self->json_names, time != NULL ? timed : name) ||
	       g_hash_table_contains(self->json_names, untimed);
}

/* whether the report that a line begins counts: another form may have told of the job, or a later
 * report of it may follow (--status-interval) */
static gboolean
counts(Text *self, const char *name, const char *line, guint number)
{
	g_autofree char *key = get_key(self->session, line);
	gpointer last = key != NULL ? g_hash_table_lookup(self->survey.last, key) : NULL;
	return !is_in_json(self, name, line) && (last == NULL || GPOINTER_TO_UINT(last) == number);
}

static gboolean
read_job(Text *self, const char *line, guint number)
{
	double error_number;
	g_autofree char *name = find_job(line, &error_number);
	if (name == NULL)
		return FALSE;
	end_direction(self);
	g_clear_pointer(&self->job, g_free);
	self->has_json_report = error_number == 0 && is_in_json(self, name, line);
	if (!counts(self, name, line, number))
		return TRUE;
	start_run(self);
	/* what was done before an error was measured */
	self->job = g_strdup(name);
	if (error_number == 0)
		return TRUE;
	self->is_failed = TRUE;
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning(self->builder,
					 "job %s ended with error %.0f",
					 name,
					 error_number);
	return TRUE;
}

static ReaderQuantity
find_rate(const char *line)
{
	ReaderQuantity first = reader_quantity_after(line, "BW=", rates);
	const char *bracket = strchr(line, '(');
	ReaderQuantity second = reader_quantity(bracket != NULL ? bracket + 1 : NULL, rates, NULL);
	gboolean is_exact = second.unit != NULL && strchr(second.unit, 'i') == NULL;
	return first.unit == NULL || is_exact ? second : first;
}

/* zero is what is below one, or was not measured */
static void
add_rate(Text *self, const char *metric, ReaderQuantity rate)
{
	if (rate.value > 0)
		reader_add(self->builder, self->job, metric, PERFDASH_DIRECTION_HIGHER, rate);
}

/* "  read: IOPS=14.3k, BW=1789MiB/s (1876MB/s)(3592MiB/2008msec)", in version 2
 * "  read : io=3592.0MB, bw=1789.2MB/s, iops=14313, runt=  2008msec" */
static gboolean
read_direction(Text *self, const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		const char *rest = reader_after(text, directions[i]);
		if (rest == NULL || *rest != ':')
			continue;
		end_direction(self);
		self->direction = directions[i];
		ReaderQuantity iops = reader_quantity_after(rest, "IOPS=", reader_counts);
		ReaderQuantity rate = find_rate(rest);
		if (iops.unit == NULL) {
			iops = reader_quantity_after(rest, "iops=", reader_counts);
			rate = reader_quantity_after(rest, "bw=", old_rates);
		}
		if (iops.unit != NULL)
			iops.unit = "1/s";
		g_autofree char *iops_name = g_strconcat(self->direction, ".iops", NULL);
		g_autofree char *rate_name = g_strconcat(self->direction, ".bandwidth", NULL);
		add_rate(self, iops_name, iops);
		add_rate(self, rate_name, rate);
		return TRUE;
	}
	return FALSE;
}

static const char *
find_unit(const char *text)
{
	return g_str_has_prefix(text, "(nsec)")   ? "ns"
	       : g_str_has_prefix(text, "(usec)") ? "us"
	       : g_str_has_prefix(text, "(msec)") ? "ms"
						  : NULL;
}

static ReaderQuantity
find_number(const char *line, const char *mark, const char *unit)
{
	ReaderQuantity value = reader_quantity_after(line, mark, reader_counts);
	if (value.unit != NULL)
		value.unit = unit;
	return value;
}

/* "clat (usec): min=15, max=74236, avg=69.06, stdev=794.27" or "clat percentiles (usec):" */
static void
read_latency(Text *self, const char *text)
{
	self->read = NULL;
	for (guint i = 0; i < G_N_ELEMENTS(latencies); i++) {
		const char *rest = reader_after(text, latencies[i].name);
		const char *percentiles_rest = rest != NULL ? reader_after(rest, "percentiles")
							    : NULL;
		const char *unit = rest != NULL ? find_unit(rest) : NULL;
		if (percentiles_rest != NULL) {
			self->unit = find_unit(percentiles_rest);
			self->read = self->unit != NULL ? &self->latencies[i] : NULL;
		} else if (unit != NULL && strstr(rest, "avg=") != NULL) {
			self->latencies[i].mean = find_number(rest, "avg=", unit);
			self->latencies[i].min = find_number(rest, "min=", unit);
			self->latencies[i].max = find_number(rest, "max=", unit);
			self->latencies[i].sd = find_number(rest, "stdev=", unit);
		}
	}
}

/* they ascend */
static void
keep_percentile(Latency *latency, double percent, ReaderQuantity value)
{
	guint n = latency->n_percentiles;
	if (n == MAX_PERCENTILES || !fio_keeps_percentile(percent) ||
	    (n > 0 && percent - latency->percents[n - 1] < 1e-5))
		return;
	latency->percents[n] = percent;
	latency->percentiles[n] = value;
	latency->n_percentiles++;
}

/* "|  1.00th=[   19],  5.00th=[   20], ..." */
static void
read_percentiles(Text *self, const char *text)
{
	for (const char *p = text; (p = strpbrk(p, "0123456789")) != NULL;) {
		double percent;
		double value;
		if (!reader_number(p, &percent, &p) || !g_str_has_prefix(p, "th=["))
			return;
		if (!reader_number(p + strlen("th=["), &value, &p))
			return;
		keep_percentile(self->read, percent, (ReaderQuantity){value, self->unit});
	}
}

/* it stands behind the direction that was written last */
static void
start_sync(Text *self)
{
	end_direction(self);
	self->direction = "sync";
}

/* those after which the job went on (--continue_on_error) */
static void
read_errors(Text *self, const char *text)
{
	double value;
	if (reader_number_after(text, "total=", &value))
		perfdash_run_builder_add_result(self->builder,
						self->job,
						"errors",
						"1",
						PERFDASH_DIRECTION_LOWER,
						value);
}

static void
read_line(Text *self, const char *line)
{
	const char *text = line + strspn(line, " ");
	if (self->read != NULL && *text == '|')
		read_percentiles(self, text);
	else if (*line != ' ')
		end_direction(self);
	else if (g_str_has_prefix(text, "fsync/fdatasync/sync_file_range:"))
		start_sync(self);
	else if (g_str_has_prefix(text, "errors    : total="))
		read_errors(self, text);
	else if (!read_direction(self, text) && self->direction != NULL)
		read_latency(self, text);
}

static void
end_terse(Text *self)
{
	if (self->terse->len == 0)
		return;
	end_run(self);
	start_run(self);
	for (guint i = 0; i < self->terse->len; i++)
		fio_terse_write(g_ptr_array_index(self->terse, i), self->builder);
	g_ptr_array_set_size(self->terse, 0);
	end_run(self);
}

/* TRUE when the line is a terse one */
static gboolean
read_terse(Text *self, const char *line, guint number)
{
	FioTerse *terse = fio_terse_new(line, number);
	guint n = self->terse->len;
	if (terse == NULL)
		return FALSE;
	const char *name = fio_terse_get_name(terse);
	g_autofree char *key = g_strdup_printf("%u %s", self->session, name);
	if (g_hash_table_contains(self->json_names, name) ||
	    g_hash_table_contains(self->survey.names, key)) {
		fio_terse_free(terse);
		return TRUE;
	}
	if (n > 0 && fio_terse_continues(g_ptr_array_index(self->terse, n - 1), terse))
		g_ptr_array_remove_index(self->terse, n - 1);
	g_ptr_array_add(self->terse, terse);
	return TRUE;
}

/* "seqread: (g=0): rw=read, bs=(R) 128KiB-128KiB, ..." */
static gboolean
is_head(const char *line)
{
	return *line != '{' && !reader_is_quoted(line) && strstr(line, ": (g=0): rw=") != NULL &&
	       strstr(line, ", ioengine=") != NULL;
}

/* a run that has named its jobs, but reports none */
static void
end_killed(Text *self)
{
	start_run(self);
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder, "the log ends before any job did");
	end_run(self);
	self->has_head = self->has_begun = FALSE;
}

static void
read_text(Text *self, const char *line, guint number, gboolean is_cut)
{
	if (is_head(line) && self->has_begun)
		end_killed(self);
	self->has_head = is_head(line) || (self->has_head && strstr(line, "(groupid=") == NULL);
	/* a document may tell of the jobs */
	self->has_head = self->has_head && *line != '{';
	self->has_begun = self->has_head && (self->has_begun || is_version(line));
	if (is_version(line) || g_str_has_prefix(line, "Run status group ")) {
		if (!is_version(line) || self->job != NULL)
			end_run(self);
		self->in_status = !is_version(line);
		if (is_version(line)) {
			g_free(self->version);
			self->version = reader_name(line);
			self->session++;
			self->is_stopped = FALSE;
		}
	} else if (g_str_has_prefix(line, "fio: terminating on signal")) {
		self->is_stopped = TRUE;
	} else if (!read_job(self, line, number) && self->job != NULL && !is_cut) {
		read_line(self, line);
	}
}

static void
set_cut(Text *self)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder, "the last line was cut off");
}

/* what was cut off behind the jobs: a row of terse ones, or the rates of a group */
static void
read_cut(Text *self, const char *line)
{
	const char *text = line + strspn(line, " ");
	gboolean is_rate = strstr(text, ": bw=") != NULL || strstr(text, ": io=") != NULL;
	gboolean is_whole = g_str_has_suffix(text, "msec") || g_str_has_suffix(text, "%");
	if (self->terse->len > 0 && g_ascii_isdigit(*line)) {
		end_terse(self);
		set_cut(self);
	} else if (self->in_status && !self->is_failed && text > line && is_rate && !is_whole) {
		set_cut(self);
	} else if (self->has_json_report && !self->in_status && text > line) {
		set_cut(self);
	}
}

static void
read_lines(Text *self, GBytes *text)
{
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, text, self->builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut && read_terse(self, line, lines.number))
			continue;
		if (lines.is_cut)
			read_cut(self, line);
		/* messages of jobs that failed stand between their lines */
		if (self->terse->len > 0 && *line != '\0' && !g_str_has_prefix(line, "fio: "))
			end_terse(self);
		read_text(self, line, lines.number, lines.is_cut);
	}
	end_terse(self);
}

void
fio_text_read(GBytes *text, PerfdashRunBuilder *builder, GHashTable *json_names, guint n_runs)
{
	g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) terse = g_ptr_array_new_with_free_func((GDestroyNotify)fio_terse_free);
	Text self = {.builder = builder,
		     .json_names = json_names,
		     .survey = {last, names},
		     .n_runs = n_runs,
		     .terse = terse};
	survey(&self.survey, text);
	read_lines(&self, text);
	if (self.has_begun || (self.n_runs == 0 && self.has_head))
		end_killed(&self);
	if (self.is_open) {
		if (!self.is_failed)
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the log ends before fio did");
	}
	end_run(&self);
	g_free(self.version);
}
