/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A job has a thread of its own; one log is read in that of the request, which stays in line with
 * jobs all the same: so requests never take more than one thread from those that ask the store. A
 * job is forgotten when the daemon ends: what it wrote is not due any more, and the rest still is.
 * The analysis and the pages hear of it as of any other change of the store, the analysis when a
 * job is at its end. */

#include "pdd-reparsing.h"

#include "pdd-json.h"
#include "pdd-reparse.h"

typedef enum {
	NONE,
	RUNNING,
	DONE,
	STOPPED,
	FAILED,
} State;

struct _PddReparsing {
	PerfdashStore *store;
	PerfdashParserRunner *runner;
	PerfdashArchive *archive;
	PddAnalyst *analyst;
	gint n_reparsed; /* atomic */
	GMutex lock;     /* of all that follows */
	gboolean is_stopped;
	gboolean is_busy;
	GCancellable *cancellable; /* of what keeps it busy */
	GThread *thread;           /* nullable: of the last job */
	/* the last job; what it was asked for does not change while it is under way */
	char *id;
	PerfdashDue due;
	char *source; /* nullable */
	char *parser; /* nullable */
	gint64 since;
	gboolean is_preview;
	State state;
	gint64 started_at;
	gint64 ended_at; /* 0 before */
	guint n_logs;
	guint n_done;
	char *error;    /* nullable */
	GBytes *report; /* nullable: JSON */
};

static GBytes *
convert(PddReparseReport *report, gboolean is_preview)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_reparse_report_write(report, writer, is_preview);
	perfdash_json_writer_end_object(writer);
	return perfdash_json_writer_end(writer);
}

/* with the lock; a reference to what stops it, or NULL when something is under way */
static GCancellable *
enter(PddReparsing *self)
{
	if (self->is_busy || self->is_stopped)
		return NULL;
	self->is_busy = TRUE;
	g_clear_object(&self->cancellable);
	self->cancellable = g_cancellable_new();
	return g_object_ref(self->cancellable);
}

static void
leave(PddReparsing *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->is_busy = FALSE;
}

static void
show_progress(guint n_done, const char *next, gpointer user_data)
{
	PddReparsing *self = user_data;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->n_done = n_done;
}

static gboolean
read_logs(PddReparsing *self, PddReparseReport *report, GCancellable *cancellable, GError **error)
{
	guint n_orphans;
	g_autoptr(PerfdashReparser)
		reparser = perfdash_reparser_new(self->store, self->runner, self->archive);
	g_autoptr(GPtrArray) logs = perfdash_reparser_list_due(reparser,
							       self->due,
							       self->source,
							       self->parser,
							       self->since,
							       &n_orphans,
							       error);
	if (logs == NULL)
		return FALSE;
	g_mutex_lock(&self->lock);
	self->n_logs = logs->len;
	g_mutex_unlock(&self->lock);
	pdd_reparse_report_set_orphans(report, n_orphans);
	/* logs that come meanwhile are parsed by the others */
	PddReparse reparse = {.store = self->store,
			      .reparser = reparser,
			      .report = report,
			      .n_threads = MAX(g_get_num_processors() / 2, 1),
			      .is_preview = self->is_preview,
			      .cancellable = cancellable,
			      .progress = show_progress,
			      .user_data = self};
	/* what is written is looked at once, as a whole */
	if (!self->is_preview)
		pdd_analyst_hold(self->analyst);
	pdd_reparse_run(&reparse, logs);
	if (!self->is_preview)
		pdd_analyst_release(self->analyst);
	return TRUE;
}

static void
end_job(PddReparsing *self, PddReparseReport *report, const GError *error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->is_busy = FALSE;
	self->ended_at = g_get_real_time();
	if (error != NULL) {
		self->state = FAILED;
		self->error = g_strdup(error->message);
		g_warning("failed to parse logs again: %s", error->message);
		return;
	}
	self->state = g_cancellable_is_cancelled(self->cancellable) ? STOPPED : DONE;
	if (self->state == DONE)
		self->n_done = self->n_logs;
	self->report = convert(report, self->is_preview);
}

static gpointer
job_thread(gpointer user_data)
{
	PddReparsing *self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(PddReparseReport) report = pdd_reparse_report_new();
	g_mutex_lock(&self->lock);
	g_autoptr(GCancellable) cancellable = g_object_ref(self->cancellable);
	g_mutex_unlock(&self->lock);
	read_logs(self, report, cancellable, &error);
	if (!self->is_preview)
		g_atomic_int_inc(&self->n_reparsed);
	end_job(self, report, error);
	return NULL;
}

static void
forget_job(PddReparsing *self)
{
	if (self->thread != NULL)
		g_thread_join(self->thread);
	self->thread = NULL;
	g_clear_pointer(&self->id, g_free);
	g_clear_pointer(&self->source, g_free);
	g_clear_pointer(&self->parser, g_free);
	g_clear_pointer(&self->error, g_free);
	g_clear_pointer(&self->report, g_bytes_unref);
}

gboolean
pdd_reparsing_begin(PddReparsing *self, const PddReparseChoice *choice)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_autoptr(GCancellable) cancellable = enter(self);
	if (cancellable == NULL)
		return FALSE;
	forget_job(self);
	self->id = g_uuid_string_random();
	self->due = choice->due;
	self->source = g_strdup(choice->source);
	self->parser = g_strdup(choice->parser);
	self->since = choice->since;
	self->is_preview = choice->is_preview;
	self->state = RUNNING;
	self->started_at = g_get_real_time();
	self->ended_at = 0;
	self->n_logs = 0;
	self->n_done = 0;
	self->thread = g_thread_new("reparse", job_thread, self);
	return TRUE;
}

static gboolean
replace(PddReparsing *self, PerfdashRereading *rereading, GError **error)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	g_ptr_array_add(one, rereading);
	return pdd_reparse_is_known(rereading) ||
	       perfdash_store_replace_logs(self->store, one, error);
}

GBytes *
pdd_reparsing_read_log(PddReparsing *self,
		       PerfdashLogRecord *log,
		       PerfdashSelector *allowed,
		       gboolean is_preview,
		       GError **error)
{
	g_autoptr(PddReparseReport) report = pdd_reparse_report_new();
	g_autoptr(PerfdashReparser)
		reparser = perfdash_reparser_new(self->store, self->runner, self->archive);
	g_mutex_lock(&self->lock);
	g_autoptr(GCancellable) cancellable = enter(self);
	g_mutex_unlock(&self->lock);
	if (cancellable == NULL)
		return NULL;
	perfdash_reparser_set_allowed(reparser, allowed);
	g_autoptr(PerfdashRereading)
		rereading = perfdash_reparser_read(reparser, log, cancellable, error);
	gboolean is_done = rereading != NULL && (is_preview || replace(self, rereading, error));
	leave(self);
	if (!is_done)
		return NULL;
	if (!is_preview)
		g_atomic_int_inc(&self->n_reparsed);
	pdd_reparse_report_add(report, rereading);
	return convert(report, is_preview);
}

guint
pdd_reparsing_count(PddReparsing *self)
{
	return (guint)g_atomic_int_get(&self->n_reparsed);
}

/* what is not there is null */
static void
add_text(PerfdashJsonWriter *writer, const char *name, const char *value)
{
	if (value != NULL)
		pdd_json_add_text(writer, name, value);
	else
		pdd_json_add_null(writer, name);
}

GBytes *
pdd_reparsing_describe(PddReparsing *self)
{
	static const char *const states[] = {"none", "running", "done", "stopped", "failed"};
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	perfdash_json_writer_begin_object(writer);
	add_text(writer, "id", self->id);
	add_text(writer, "state", states[self->state]);
	pdd_json_add_boolean(writer, "preview", self->is_preview);
	add_text(writer, "due", self->state != NONE ? perfdash_due_to_string(self->due) : NULL);
	add_text(writer, "source", self->source);
	add_text(writer, "parser", self->parser);
	pdd_json_add_time(writer, "since", self->since);
	pdd_json_add_time(writer, "started_at", self->started_at);
	pdd_json_add_time(writer, "ended_at", self->ended_at);
	pdd_json_add_int(writer, "logs", self->n_logs);
	pdd_json_add_int(writer, "done", self->n_done);
	add_text(writer, "error", self->error);
	if (self->report != NULL)
		pdd_json_add_raw(writer, "report", self->report);
	else
		pdd_json_add_null(writer, "report");
	perfdash_json_writer_end_object(writer);
	return perfdash_json_writer_end(writer);
}

void
pdd_reparsing_cancel(PddReparsing *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	if (self->state == RUNNING)
		g_cancellable_cancel(self->cancellable);
}

void
pdd_reparsing_refuse(PddReparsing *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->is_stopped = TRUE;
	if (self->is_busy)
		g_cancellable_cancel(self->cancellable);
}

void
pdd_reparsing_stop(PddReparsing *self)
{
	pdd_reparsing_refuse(self);
	/* nobody makes another one any more */
	if (self->thread != NULL)
		g_thread_join(self->thread);
	self->thread = NULL;
}

PddReparsing *
pdd_reparsing_new(PerfdashStore *store,
		  PerfdashParserRunner *runner,
		  PerfdashArchive *archive,
		  PddAnalyst *analyst)
{
	PddReparsing *self = g_new0(PddReparsing, 1);
	g_mutex_init(&self->lock);
	self->store = g_object_ref(store);
	self->runner = g_object_ref(runner);
	self->archive = g_object_ref(archive);
	self->analyst = analyst;
	return self;
}

void
pdd_reparsing_free(PddReparsing *self)
{
	pdd_reparsing_stop(self);
	forget_job(self);
	g_clear_object(&self->cancellable);
	g_object_unref(self->store);
	g_object_unref(self->runner);
	g_object_unref(self->archive);
	g_mutex_clear(&self->lock);
	g_free(self);
}
