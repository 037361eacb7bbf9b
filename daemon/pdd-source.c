/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A place that logs come from without being pushed. A source works in threads of its own; what
 * others may know of it is its status. */

#include "pdd-source-private.h"

typedef struct {
	PddSourceConfig *config; /* of the service, which outlives its sources */
	GMutex lock;             /* of all that follows */
	PddSourceStatus status;
	gint is_stopped; /* atomic */
} PddSourcePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(PddSource, pdd_source, G_TYPE_OBJECT)

static PddSourcePrivate *
get_private(PddSource *self)
{
	return pdd_source_get_instance_private(self);
}

void
pdd_source_status_clear(PddSourceStatus *status)
{
	g_clear_pointer(&status->error, g_free);
}

const char *
pdd_source_get_name(PddSource *self)
{
	return get_private(self)->config->name;
}

PddSourceConfig *
pdd_source_get_config(PddSource *self)
{
	return get_private(self)->config;
}

void
pdd_source_set_config(PddSource *self, PddSourceConfig *config)
{
	get_private(self)->config = config;
}

void
pdd_source_get_status(PddSource *self, PddSourceStatus *status)
{
	PddSourcePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	*status = private->status;
	status->error = g_strdup(private->status.error);
}

/* error may be there while the source is watched: then not everything could be read */
void
pdd_source_set_state(PddSource *self, gboolean is_watching, const char *error)
{
	PddSourcePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	private->status.is_watching = is_watching;
	g_free(private->status.error);
	private->status.error = g_strdup(error);
}

/* with the lock of retries; error: of the source as a whole, else that of a log is told */
void
pdd_source_publish_logs(PddSource *self,
			PddSeen *seen,
			PddRetries *retries,
			gboolean is_watching,
			const char *error)
{
	PddSourcePrivate *private = get_private(self);
	guint n_failed;
	gint64 last_read;
	guint n_logs = pdd_seen_get_length(seen, &n_failed, &last_read);
	guint n_problems = pdd_retries_get_length(retries);
	g_autofree char *problems = error == NULL ? pdd_retries_describe(retries) : NULL;
	pdd_source_set_state(self, is_watching, error != NULL ? error : problems);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	private->status.n_logs = n_logs + n_problems;
	private->status.n_failed = n_failed + n_problems;
	private->status.last_read = last_read;
}

/* whether a log cannot be taken in, however often that is tried */
gboolean
pdd_source_is_final(const GError *error)
{
	return g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_OVER_LIMIT) ||
	       g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
}

/* takes of a status what is said of polls */
void
pdd_source_set_poll(PddSource *self, const PddSourceStatus *poll)
{
	PddSourcePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	PddSourceStatus *status = &private->status;
	status->last_poll = poll->last_poll;
	status->next_poll = poll->next_poll;
	status->answered = poll->answered;
	status->cause = poll->cause;
	status->n_failures = poll->n_failures;
	status->usual = poll->usual;
	status->due = poll->due;
	status->last_result = poll->last_result;
	status->is_silent = poll->is_silent;
	status->is_unread = poll->is_unread;
	status->intervals = poll->intervals;
	status->delay = poll->delay;
}

/* FALSE when it is of a kind that does not poll */
gboolean
pdd_source_poll_now(PddSource *self)
{
	PddSourceClass *klass = PDD_SOURCE_GET_CLASS(self);
	if (klass->poll_now == NULL)
		return FALSE;
	klass->poll_now(self);
	return TRUE;
}

static void
problem_free(gpointer data)
{
	PddSourceProblem *problem = data;
	g_free(problem->item);
	g_free(problem->message);
	g_free(problem);
}

/* at most n PddSourceProblem */
GPtrArray *
pdd_source_list_problems(PddSource *self, guint n)
{
	PddSourceClass *klass = PDD_SOURCE_GET_CLASS(self);
	GPtrArray *problems = g_ptr_array_new_with_free_func(problem_free);
	if (klass->list_problems != NULL)
		klass->list_problems(self, problems, n);
	return problems;
}

/* of PddRedJob: jobs whose newest builds failed, the harmless ones too */
GPtrArray *
pdd_source_ref_red_jobs(PddSource *self)
{
	PddSourceClass *klass = PDD_SOURCE_GET_CLASS(self);
	return klass->ref_red_jobs != NULL ? klass->ref_red_jobs(self) : pdd_red_jobs_new();
}

void
pdd_source_start(PddSource *self)
{
	PDD_SOURCE_GET_CLASS(self)->start(self);
}

void
pdd_source_stop(PddSource *self)
{
	g_atomic_int_set(&get_private(self)->is_stopped, TRUE);
	PDD_SOURCE_GET_CLASS(self)->stop(self);
}

/* what it gave to the intake is not to be taken in any more: another source may know better */
gboolean
pdd_source_is_stopped(PddSource *self)
{
	return g_atomic_int_get(&get_private(self)->is_stopped);
}

/* with the labels that are configured, for a kind of source to add what it knows */
PerfdashRunBuilder *
pdd_source_begin_run(PddSource *self)
{
	PerfdashRunBuilder *builder = perfdash_run_builder_new();
	PerfdashLabels *labels = get_private(self)->config->labels;
	const char *key;
	const char *value;
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++)
		perfdash_run_builder_set_label(builder, key, value);
	return builder;
}

/* ends a run that was begun; NULL when the file is not one that a log may come from */
PerfdashOrigin *
pdd_source_make_origin(PddSource *self,
		       PerfdashRunBuilder *builder,
		       const char *place,
		       const char *url,
		       gint64 written_at,
		       GError **error)
{
	const PddSourceConfig *config = get_private(self)->config;
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	if (runs == NULL)
		return NULL;
	return perfdash_origin_new(config->name,
				   config->parser,
				   g_ptr_array_index(runs, 0),
				   place,
				   url,
				   written_at,
				   error);
}

/* of a file that is the source's own */
char *
pdd_source_build_path(PddSource *self, const char *data_dir, const char *suffix)
{
	g_autofree char *name = g_strconcat(pdd_source_get_name(self), suffix, NULL);
	return g_build_filename(data_dir, "sources", name, NULL);
}

PddCadence *
pdd_source_load_cadence(PddSource *self, const char *data_dir)
{
	const PddSourceConfig *config = pdd_source_get_config(self);
	g_autofree char *path = pdd_source_build_path(self, data_dir, ".cadence");
	g_autofree char *text = NULL;
	g_file_get_contents(path, &text, NULL, NULL);
	return pdd_cadence_new_from_string(text,
					   config->least,
					   config->most,
					   g_str_hash(config->name));
}

void
pdd_source_save_cadence(PddSource *self, const char *data_dir, const char *text)
{
	g_autofree char *path = pdd_source_build_path(self, data_dir, ".cadence");
	g_autoptr(GError) error = NULL;
	if (!g_file_set_contents(path, text, -1, &error))
		g_warning("source %s: %s", pdd_source_get_name(self), error->message);
}

/* fills in what is known of when results come */
void
pdd_source_describe_habit(PddCadence *cadence, PddSourceStatus *status)
{
	gint64 now = g_get_real_time();
	status->answered = pdd_cadence_get_answered(cadence);
	status->usual = pdd_cadence_get_usual(cadence);
	status->due = pdd_cadence_get_due(cadence);
	status->last_result = pdd_cadence_get_last(cadence);
	status->is_silent = pdd_cadence_is_silent(cadence, now);
	status->intervals = pdd_cadence_count_intervals(cadence, now);
}

/* whether a red job is why no results come: one build alone is not, where they do */
gboolean
pdd_source_status_blames(const PddSourceStatus *status, const PddRedJob *job)
{
	return !job->is_harmless && (status->is_silent || status->is_unread || job->n_builds > 1);
}

/* why no results come from a source that can be read, a word; NULL: they come */
const char *
pdd_source_choose_cause(const PddSourceStatus *status, GPtrArray *red_jobs)
{
	for (guint i = 0; i < red_jobs->len; i++) {
		if (pdd_source_status_blames(status, g_ptr_array_index(red_jobs, i)))
			return "job red";
	}
	if (status->is_unread)
		return "no parser";
	return status->is_silent ? "stopped" : NULL;
}

/* of a source that is looked at as often as its kind likes, so that its polls are nobody's matter
 */
void
pdd_source_publish_scan(PddSource *self, PddCadence *cadence, guint n_failures, PddSeen *seen)
{
	g_autoptr(GPtrArray) no_jobs = pdd_red_jobs_new();
	PddSourceStatus status = {.delay = -1,
				  .n_failures = n_failures,
				  .is_unread = pdd_seen_is_unread(seen)};
	pdd_source_describe_habit(cadence, &status);
	if (n_failures > 0)
		status.cause = "unreachable";
	else
		status.cause = pdd_source_choose_cause(&status, no_jobs);
	pdd_source_set_poll(self, &status);
}

PerfdashLog *
pdd_source_open(PddSource *self,
		const char *item,
		PerfdashOrigin **origin,
		GCancellable *cancellable,
		GError **error)
{
	return PDD_SOURCE_GET_CLASS(self)->open(self, item, origin, cancellable, error);
}

void
pdd_source_taken(PddSource *self, const char *item, PerfdashLogRecord *record, const GError *error)
{
	if (!pdd_source_is_stopped(self))
		PDD_SOURCE_GET_CLASS(self)->taken(self, item, record, error);
}

static void
pdd_source_finalize(GObject *object)
{
	PddSourcePrivate *private = get_private(PDD_SOURCE(object));
	pdd_source_status_clear(&private->status);
	g_mutex_clear(&private->lock);
	G_OBJECT_CLASS(pdd_source_parent_class)->finalize(object);
}

static void
pdd_source_class_init(PddSourceClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = pdd_source_finalize;
}

static void
pdd_source_init(PddSource *self)
{
	g_mutex_init(&get_private(self)->lock);
	get_private(self)->status.delay = -1;
}
