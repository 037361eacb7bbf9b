/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-api.h"
#include "pdd-json.h"
#include "pdd-silence.h"
#include "pdd-source.h"

#define MAX_PROBLEMS 20
#define MAX_FAILURES 5
#define MAX_JOBS     20
#define DAYS         14
#define WEEK         7
#define DAY          ((gint64)G_TIME_SPAN_DAY)

static const char *
get_state(const PddSourceStatus *status)
{
	if (!status->is_watching)
		return "error";
	return status->is_silent ? "silent" : "watching";
}

static void
add_seconds(PerfdashJsonWriter *writer, const char *name, GTimeSpan span)
{
	if (span >= 0)
		pdd_json_add_double(writer, name, span / (double)G_USEC_PER_SEC);
	else
		pdd_json_add_null(writer, name);
}

static void
write_problems(PerfdashJsonWriter *writer, PddSource *source)
{
	g_autoptr(GPtrArray) problems = pdd_source_list_problems(source, MAX_PROBLEMS);
	perfdash_json_writer_name(writer, "problems");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < problems->len; i++) {
		const PddSourceProblem *problem = g_ptr_array_index(problems, i);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_text(writer, "item", problem->item);
		pdd_json_add_text(writer, "message", problem->message);
		pdd_json_add_int(writer, "tries", problem->n_tries);
		pdd_json_add_time(writer, "retry_at", problem->retry_at);
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
}

static void
write_failures(PerfdashJsonWriter *writer, GPtrArray *logs)
{
	perfdash_json_writer_name(writer, "failures");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < logs->len; i++)
		pdd_json_write_log(writer, g_ptr_array_index(logs, i));
	perfdash_json_writer_end_array(writer);
}

static void
write_day(PerfdashJsonWriter *writer, gint64 time, const PerfdashSourceDay *day)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
	g_autofree char *text = g_date_time_format(date, "%Y-%m-%d");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "date", text);
	pdd_json_add_int(writer, "logs", (gint64)day->logs);
	pdd_json_add_int(writer, "failed", (gint64)day->failed);
	pdd_json_add_int(writer, "results", (gint64)day->results);
	perfdash_json_writer_end_object(writer);
}

/* days without anything, too, the oldest first; gives how many logs of the last week failed */
static guint64
write_days(PerfdashJsonWriter *writer, GPtrArray *days, const char *source)
{
	const PerfdashSourceDay none = {0};
	gint64 today = g_get_real_time() / DAY * DAY;
	guint64 n_failed = 0;
	perfdash_json_writer_name(writer, "days");
	perfdash_json_writer_begin_array(writer);
	for (gint64 time = today - (DAYS - 1) * DAY; time <= today; time += DAY) {
		const PerfdashSourceDay *day = &none;
		for (guint i = 0; day == &none && i < days->len; i++) {
			const PerfdashSourceDay *one = g_ptr_array_index(days, i);
			if (one->day == time && g_str_equal(one->source, source))
				day = one;
		}
		write_day(writer, time, day);
		n_failed += time > today - WEEK * DAY ? day->failed : 0;
	}
	perfdash_json_writer_end_array(writer);
	return n_failed;
}

static void
write_jobs(PerfdashJsonWriter *writer, GPtrArray *jobs)
{
	perfdash_json_writer_name(writer, "red_jobs");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0, n = 0; i < jobs->len && n < MAX_JOBS; i++) {
		const PddRedJob *job = g_ptr_array_index(jobs, i);
		if (job->is_harmless)
			continue;
		n++;
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_text(writer, "job", job->job);
		pdd_json_add_int(writer, "build", job->build);
		pdd_json_add_text(writer, "result", job->result);
		pdd_json_add_time(writer, "time", job->time);
		pdd_json_add_text(writer, "url", job->url);
		pdd_json_add_int(writer, "builds", job->n_builds);
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
}

/* that the configuration names, and that had runs from there of late */
static void
write_labs(PerfdashJsonWriter *writer, GPtrArray *labs, PddSource *source)
{
	const char *own = perfdash_labels_get(pdd_source_get_config(source)->labels, "lab");
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	if (own != NULL)
		g_ptr_array_add(names, (gpointer)own);
	for (guint i = 0; i < labs->len; i++) {
		PerfdashLab *lab = ((PddLab *)g_ptr_array_index(labs, i))->lab;
		const char *name = perfdash_lab_get_name(lab);
		if (g_strv_contains(perfdash_lab_get_sources(lab), pdd_source_get_name(source)) &&
		    g_strcmp0(name, own) != 0)
			g_ptr_array_add(names, (gpointer)name);
	}
	g_ptr_array_add(names, NULL);
	pdd_json_add_texts(writer, "labs", (const char *const *)names->pdata);
}

/* what is asked of the store once for all sources */
typedef struct {
	PerfdashStore *store;
	GPtrArray *days;
	GPtrArray *labs;
} Stored;

static void
stored_clear(Stored *self)
{
	g_clear_pointer(&self->days, g_ptr_array_unref);
	g_clear_pointer(&self->labs, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stored, stored_clear)

static gboolean
read_stored(Stored *self, PddService *service, GError **error)
{
	gint64 since = g_get_real_time() - DAYS * DAY;
	self->store = service->store;
	self->days = perfdash_store_list_source_days(service->store, since, error);
	if (self->days == NULL)
		return FALSE;
	self->labs = pdd_labs_ref_list(service->labs, error);
	return self->labs != NULL;
}

static void
write_habit(PerfdashJsonWriter *writer, const PddSourceStatus *status)
{
	pdd_json_add_time(writer, "last_poll", status->last_poll);
	pdd_json_add_time(writer, "next_poll", status->next_poll);
	pdd_json_add_int(writer, "poll_failures", status->n_failures);
	add_seconds(writer, "usual_seconds", status->usual != 0 ? status->usual : -1);
	pdd_json_add_time(writer, "last_result", status->last_result);
	pdd_json_add_time(writer, "due", status->due);
	add_seconds(writer, "delay_seconds", status->delay);
	pdd_json_add_text(writer, "cause", status->cause);
	pdd_json_add_text(writer, "error", status->error);
}

static gboolean
write_source(PerfdashJsonWriter *writer, PddSource *source, Stored *stored, GError **error)
{
	const PddSourceConfig *config = pdd_source_get_config(source);
	const char *name = pdd_source_get_name(source);
	g_auto(PddSourceStatus) status = {0};
	g_autoptr(GPtrArray) jobs = pdd_source_ref_red_jobs(source);
	g_autoptr(GPtrArray) failures =
		perfdash_store_list_failed_logs(stored->store, name, MAX_FAILURES, error);
	if (failures == NULL)
		return FALSE;
	pdd_source_get_status(source, &status);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "name", name);
	pdd_json_add_text(writer, "type", config->type);
	pdd_json_add_text(writer, "location", config->location);
	write_labs(writer, stored->labs, source);
	pdd_json_add_text(writer, "state", get_state(&status));
	pdd_json_add_time(writer, "last_read", status.last_read);
	pdd_json_add_int(writer, "logs", status.n_logs);
	pdd_json_add_int(writer, "failed", status.n_failed);
	guint64 n_failed = write_days(writer, stored->days, name);
	pdd_json_add_int(writer, "failed_week", (gint64)n_failed);
	write_habit(writer, &status);
	write_failures(writer, failures);
	write_problems(writer, source);
	write_jobs(writer, jobs);
	perfdash_json_writer_end_object(writer);
	return TRUE;
}

static void
write_names(PerfdashJsonWriter *writer, const char *member, GPtrArray *names)
{
	perfdash_json_writer_name(writer, member);
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < names->len; i++)
		perfdash_json_writer_string(writer, g_ptr_array_index(names, i));
	perfdash_json_writer_end_array(writer);
}

static gboolean
write_silences(PerfdashJsonWriter *writer, PddService *service, GError **error)
{
	g_autoptr(GPtrArray) silences = pdd_silence_list(service, error);
	if (silences == NULL)
		return FALSE;
	perfdash_json_writer_name(writer, "silences");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < silences->len; i++) {
		const PddSilence *silence = g_ptr_array_index(silences, i);
		g_autofree char *sentence = pdd_silence_describe(silence);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_text(writer, "cause", silence->cause);
		pdd_json_add_text(writer, "sentence", sentence);
		write_names(writer, "sources", silence->sources);
		write_names(writer, "labs", silence->labs);
		pdd_json_add_time(writer, "since", silence->since);
		add_seconds(writer, "usual_seconds", silence->usual != 0 ? silence->usual : -1);
		write_jobs(writer, silence->jobs);
		perfdash_json_writer_end_object(writer);
	}
	perfdash_json_writer_end_array(writer);
	return TRUE;
}

PddAnswer *
pdd_api_list_sources(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	g_autoptr(GPtrArray) sources = pdd_service_ref_sources(service);
	g_auto(Stored) stored = {0};
	if (!read_stored(&stored, service, error))
		return NULL;
	perfdash_json_writer_begin_object(writer);
	if (!write_silences(writer, service, error))
		return NULL;
	pdd_json_begin_items(writer);
	for (guint i = 0; i < sources->len; i++) {
		if (!write_source(writer, g_ptr_array_index(sources, i), &stored, error))
			return NULL;
	}
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

static PddSource *
find_source(PddService *service, const char *name, GError **error)
{
	g_autoptr(GPtrArray) sources = pdd_service_ref_sources(service);
	for (guint i = 0; i < sources->len; i++) {
		PddSource *source = g_ptr_array_index(sources, i);
		if (g_str_equal(pdd_source_get_name(source), name))
			return g_object_ref(source);
	}
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_NOT_FOUND,
		    "there is no source \"%.64s\"; /api/v1/sources lists them",
		    name);
	return NULL;
}

/* what a body may say, such as that of a webhook, is not read */
PddAnswer *
pdd_api_poll_source(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PddSource)
		source = find_source(service, pdd_request_get_capture(request, 0), error);
	if (source == NULL)
		return NULL;
	if (!pdd_source_poll_now(source)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "source %s is not polled: it reads what appears at once",
			    pdd_source_get_name(source));
		return NULL;
	}
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	g_auto(Stored) stored = {0};
	if (!read_stored(&stored, service, error) || !write_source(writer, source, &stored, error))
		return NULL;
	return pdd_json_end(writer);
}
