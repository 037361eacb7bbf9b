/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* simulation.log as text: records of fields that tabs separate, the kind of the record in
 * front. 2.x has scenario and user behind it, 3.0 the user, 3.4 neither; 2.0 and 2.1 have the kind
 * in the third field and four times. The status is the first OK or KO behind two times; what
 * follows it is free text. Times are milliseconds, and so are percentiles, which are exact. */

#include <string.h>

#include "gatling.h"
#include "reader-samples.h"
#include "reader-start.h"
#include "reader-text.h"

/* requests of one name in one group */
typedef struct {
	char *name;
	char *group; /* "" when there is none */
	guint line;
	ReaderSamples times;
	double n_errors;
	gint64 first_start;
	gint64 last_end;
} Request;

/* a run that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *requests; /* of Request, in the order of the log */
	GPtrArray *groups;   /* of Request, for durations of groups */
	GHashTable *by_key;
	Request *all;
	double n_messages; /* of errors that belong to no request */
	gboolean is_old;   /* the kind is the third field */
	gboolean is_cut;
} Run;

static Request *
request_new(const char *name, const char *group)
{
	Request *request = g_new0(Request, 1);
	request->name = reader_name(name);
	request->group = *group != '\0' ? reader_name(group) : g_strdup("");
	request->first_start = G_MAXINT64;
	request->last_end = G_MININT64;
	reader_samples_init(&request->times);
	return request;
}

static void
request_free(Request *request)
{
	g_free(request->name);
	g_free(request->group);
	reader_samples_clear(&request->times);
	g_free(request);
}

static Run *
run_new(PerfdashRunBuilder *builder, gboolean is_old)
{
	Run *run = g_new0(Run, 1);
	run->builder = builder;
	run->requests = g_ptr_array_new_with_free_func((GDestroyNotify)request_free);
	run->groups = g_ptr_array_new_with_free_func((GDestroyNotify)request_free);
	run->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	run->all = request_new(GATLING_ALL, "");
	run->is_old = is_old;
	return run;
}

static void
run_free(Run *run)
{
	g_ptr_array_unref(run->requests);
	g_ptr_array_unref(run->groups);
	g_hash_table_unref(run->by_key);
	request_free(run->all);
	g_free(run);
}

static gboolean
read_time(const char *text, gint64 *value)
{
	return g_ascii_string_to_signed(text, 10, 0, G_MAXINT64 / 4, value, NULL);
}

static gboolean
is_status(const char *text)
{
	return g_str_equal(text, "OK") || g_str_equal(text, "KO");
}

/* which field is the status, with the times of start and end in front; 0 when none is */
static guint
find_status(GStrv fields, guint n, guint n_times, gint64 *start, gint64 *end)
{
	for (guint i = n_times + 1; i < n; i++) {
		gint64 times[4];
		gboolean are_times = is_status(fields[i]);
		for (guint j = 0; are_times && j < n_times; j++)
			are_times = read_time(fields[i - n_times + j], &times[j]);
		if (!are_times)
			continue;
		*start = times[0];
		*end = times[n_times - 1];
		return i;
	}
	return 0;
}

static void
take_sample(Request *request, gint64 start, gint64 end, gboolean is_ok)
{
	reader_samples_add(&request->times, end - start);
	request->n_errors += !is_ok;
	request->first_start = MIN(request->first_start, start);
	request->last_end = MAX(request->last_end, end);
}

static Request *
ensure_request(Run *run, GPtrArray *requests, const char *name, const char *group, guint line)
{
	g_autofree char *key = g_strdup_printf("%p\t%s\t%s", (void *)requests, name, group);
	Request *request = g_hash_table_lookup(run->by_key, key);
	if (request != NULL)
		return request;
	request = request_new(name, group);
	request->line = line;
	g_ptr_array_add(requests, request);
	g_hash_table_insert(run->by_key, g_steal_pointer(&key), request);
	return request;
}

static void
read_request(Run *run, GStrv fields, guint n, guint line)
{
	gint64 start;
	gint64 end;
	guint n_times = run->is_old ? 4 : 2;
	guint status = find_status(fields, n, n_times, &start, &end);
	if (status < n_times + 2 || end < start)
		return;
	gboolean is_ok = g_str_equal(fields[status], "OK");
	Request *request = ensure_request(run,
					  run->requests,
					  fields[status - n_times - 1],
					  fields[status - n_times - 2],
					  line);
	take_sample(request, start, end, is_ok);
	take_sample(run->all, start, end, is_ok);
}

/* groups, start, end, sum of its response times, status */
static void
read_group(Run *run, GStrv fields, guint n, guint line)
{
	gint64 start;
	gint64 sum;
	gint64 end;
	guint status = find_status(fields, n, 3, &start, &sum);
	if (status < 4 || !read_time(fields[status - 2], &end) || end < start)
		return;
	Request *group = ensure_request(run, run->groups, fields[status - 4], "", line);
	take_sample(group, start, end, g_str_equal(fields[status], "OK"));
}

static void
add_request(PerfdashRunBuilder *builder, Request *request, gboolean is_good)
{
	guint n = request->times.values->len;
	struct {
		const char *metric;
		PerfdashDirection direction;
		double value;
	} counts[] = {
		{"requests", PERFDASH_DIRECTION_NONE, n},
		{"errors", PERFDASH_DIRECTION_LOWER, request->n_errors},
	};
	perfdash_run_builder_set_line(builder, request->line);
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		perfdash_run_builder_add_result(builder,
						request->name,
						counts[i].metric,
						"1",
						counts[i].direction,
						counts[i].value);
		if (*request->group != '\0')
			perfdash_run_builder_add_result_label(builder, "group", request->group);
	}
	if (!is_good)
		return;
	if (request->n_errors == n) {
		perfdash_run_builder_add_warning(builder,
						 "%s: every request failed",
						 request->name);
		return;
	}
	reader_samples_end(&request->times,
			   builder,
			   request->name,
			   "latency",
			   "ms",
			   PERFDASH_DIRECTION_LOWER);
	if (*request->group != '\0')
		perfdash_run_builder_add_result_label(builder, "group", request->group);
}

static void
add_throughput(PerfdashRunBuilder *builder, const Request *all)
{
	double span = all->last_end - all->first_start;
	if (span > 0)
		perfdash_run_builder_add_result(builder,
						all->name,
						"throughput",
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						all->times.values->len * 1000 / span);
}

static void
add_results(Run *run, gboolean is_good)
{
	for (guint i = 0; i < run->requests->len; i++)
		add_request(run->builder, g_ptr_array_index(run->requests, i), is_good);
	for (guint i = 0; is_good && i < run->groups->len; i++) {
		Request *group = g_ptr_array_index(run->groups, i);
		perfdash_run_builder_set_line(run->builder, group->line);
		reader_samples_end(&group->times,
				   run->builder,
				   group->name,
				   "group_duration",
				   "ms",
				   PERFDASH_DIRECTION_LOWER);
	}
	add_request(run->builder, run->all, is_good);
	if (is_good)
		add_throughput(run->builder, run->all);
}

static void
end_run(Run *run)
{
	guint n = run->all->times.values->len;
	gboolean is_good = run->all->n_errors < n;
	run->all->line = n > 0 ? ((Request *)run->requests->pdata[0])->line : 0;
	add_results(run, is_good);
	if (run->n_messages > 0)
		perfdash_run_builder_add_warning(run->builder,
						 "%.0f errors belong to no request",
						 run->n_messages);
	if (!is_good) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(run->builder,
						 n == 0 ? "no request was made"
							: "every request failed");
	} else if (run->is_cut) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder, "the log was cut off");
	}
	perfdash_run_builder_next_run(run->builder);
	run_free(run);
}

/* class, identifier, start, description, version, with RUN before or in them */
static Run *
start_run(PerfdashRunBuilder *builder, GStrv fields, guint n, gboolean is_old)
{
	gint64 start = 0;
	g_autofree char *class_name = reader_name(is_old ? fields[0] : fields[1]);
	const char *version = fields[n - 1];
	for (guint i = 2; i < n && start == 0; i++) {
		if (strlen(fields[i]) < 12 || !read_time(fields[i], &start))
			start = 0;
	}
	perfdash_run_builder_set_label(builder, "tool", "gatling");
	perfdash_run_builder_set_parameter(builder, "simulation", class_name);
	if (g_ascii_isdigit(*version) && strlen(version) < 40) {
		g_autofree char *text = reader_name(version);
		perfdash_run_builder_set_environment(builder, "tool_version", text);
	}
	reader_set_start(builder, start * 1000.0);
	return run_new(builder, is_old);
}

static void
read_record(Run *run, const char *kind, GStrv fields, guint n, guint line)
{
	if (g_str_equal(kind, "REQUEST"))
		read_request(run, fields, n, line);
	else if (g_str_equal(kind, "GROUP"))
		read_group(run, fields, n, line);
	else if (g_str_equal(kind, "ERROR"))
		run->n_messages++;
}

void
gatling_log_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Run *run = NULL;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (strchr(line, '\t') == NULL)
			continue;
		if (lines.is_cut) {
			if (run != NULL)
				run->is_cut = TRUE;
			break;
		}
		g_auto(GStrv) fields = g_strsplit(line, "\t", 40);
		guint n = g_strv_length(fields);
		gboolean is_new = g_str_equal(fields[0], "RUN") && n >= 5;
		gboolean is_old = n >= 5 && g_str_equal(fields[2], "RUN");
		if (is_new || is_old) {
			if (run != NULL)
				end_run(run);
			run = start_run(builder, fields, n, is_old);
		} else if (run != NULL && n >= (run->is_old ? 3 : 1)) {
			read_record(run, fields[run->is_old ? 2 : 0], fields, n, lines.number);
		}
	}
	if (run != NULL)
		end_run(run);
}
