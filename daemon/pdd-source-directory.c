/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads the logs that appear in a directory, or in directories below it. A file is taken in
 *
 *  - at once when inotify says that its writer closed it, or that it was moved here;
 *  - at once when it is found lying there and the kernel says that nobody writes to it;
 *  - when it has not changed for two seconds, where the kernel does not say.
 *
 * The whole tree is looked at at the start and every minute, for file systems that tell no events.
 * Hidden files and those named *.tmp or *.part are somebody's business that is not finished. */

#include "pdd-source-directory.h"

#include <sys/stat.h>

#include "pdd-file.h"
#include "pdd-source-private.h"
#include "pdd-watcher.h"

#define RESCAN_SECONDS 60
#define RETRY_SECONDS  5
#define SETTLE_TIME    (2 * G_USEC_PER_SEC)
#define PATIENCE       (60 * G_TIME_SPAN_SECOND) /* with who seems to write, and cannot be asked */
#define TICK           500
#define LEARN_TIME     1000
#define MAX_DEPTH      32

typedef struct {
	PddFileState state;
	gint64 since; /* monotonic */
} Unsettled;

struct _PddSourceDirectory {
	PddSource parent_instance;
	PddService *service; /* outlives its sources */
	const char *root;
	GMainContext *context;
	GMainLoop *loop;
	GThread *thread;     /* owns all that follows */
	PddWatcher *watcher; /* nullable */
	PddSeen *seen;
	GHashTable *queued;    /* path -> PddFileState; in the intake */
	GHashTable *unsettled; /* path -> Unsettled */
	GHashTable *open;      /* set of paths; created and not closed yet */
	GHashTable *found;     /* set of paths; of the scan that is running, else NULL */
	GMutex lock;           /* of retries, which others may ask for */
	PddRetries *retries;   /* paths that could not be taken in; each scan tries them again */
	guint retry_seconds;   /* until a scan for their sake; twice as long each time */
	gboolean is_retrying;  /* such a scan is due */
	PddCadence *cadence;   /* when files come */
	gboolean has_learned;  /* what is not saved yet */
	gboolean is_learning;  /* what is learned is about to be told */
	guint n_failures;      /* scans that failed in a row */
	GSource *tick;         /* nullable; runs while there is something unsettled */
	char *scan_error;      /* nullable; of the last scan */
	gboolean is_scanned;   /* the root could be read */
};

G_DEFINE_FINAL_TYPE(PddSourceDirectory, pdd_source_directory, PDD_TYPE_SOURCE)

static gboolean
settle_cb(gpointer user_data);

static void
attach(PddSourceDirectory *self,
       GSource *source,
       GSourceFunc func,
       gpointer data,
       GDestroyNotify destroy)
{
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, func, data, destroy);
	g_source_attach(source, self->context);
	g_source_unref(source);
}

static void
publish(PddSourceDirectory *self)
{
	pdd_seen_look_again(self->seen, pdd_reparsing_count(self->service->reparsing));
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	pdd_source_publish_logs(PDD_SOURCE(self),
				self->seen,
				self->retries,
				self->is_scanned,
				self->scan_error);
}

static gboolean
publish_habit_cb(gpointer user_data)
{
	PddSourceDirectory *self = user_data;
	self->is_learning = FALSE;
	pdd_source_publish_scan(PDD_SOURCE(self), self->cadence, self->n_failures, self->seen);
	return G_SOURCE_REMOVE;
}

/* learning takes longer than all else here, so that many files are learned from at once */
static void
publish_habit_soon(PddSourceDirectory *self)
{
	if (!self->is_learning)
		attach(self, g_timeout_source_new(LEARN_TIME), publish_habit_cb, self, NULL);
	self->is_learning = TRUE;
}

static void
push(PddSourceDirectory *self, const char *path, const PddFileState *state, gboolean is_fresh)
{
	g_hash_table_remove(self->unsettled, path);
	if (pdd_seen_contains(self->seen, path, state) || g_hash_table_contains(self->queued, path))
		return;
	g_hash_table_insert(self->queued, g_strdup(path), g_memdup2(state, sizeof(*state)));
	pdd_intake_push(self->service->intake, PDD_SOURCE(self), path, is_fresh);
}

static void
settle_later(PddSourceDirectory *self, const char *path, const PddFileState *state)
{
	Unsettled *unsettled = g_new0(Unsettled, 1);
	*unsettled = (Unsettled){*state, g_get_monotonic_time()};
	g_hash_table_replace(self->unsettled, g_strdup(path), unsettled);
	if (self->tick != NULL)
		return;
	self->tick = g_timeout_source_new(TICK);
	attach(self, g_source_ref(self->tick), settle_cb, self, NULL);
}

/* whether somebody writes a file, or may do so */
static gboolean
is_written(PddSourceDirectory *self, const char *path, const PddFileState *state)
{
	PddFileWriter writer = pdd_file_get_writer(self->root, path);
	gint64 age = g_get_real_time() - state->modified_at / 1000;
	/* a file that was made under another name has been closed before we could see it */
	return writer == PDD_FILE_WRITER_SOME ||
	       (writer == PDD_FILE_WRITER_UNKNOWN && age < PATIENCE &&
		g_hash_table_contains(self->open, path));
}

static gboolean
is_settled(PddSourceDirectory *self, const char *path, Unsettled *unsettled)
{
	PddFileState state;
	if (pdd_file_get_state(self->root, path, &state) &&
	    (!pdd_file_state_equal(&state, &unsettled->state) || is_written(self, path, &state)))
		*unsettled = (Unsettled){state, g_get_monotonic_time()};
	return g_get_monotonic_time() - unsettled->since >= SETTLE_TIME;
}

static gboolean
settle_cb(gpointer user_data)
{
	PddSourceDirectory *self = user_data;
	g_autoptr(GPtrArray) settled = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer path;
	gpointer unsettled;
	PddFileState state;
	g_hash_table_iter_init(&iter, self->unsettled);
	while (g_hash_table_iter_next(&iter, &path, &unsettled)) {
		if (is_settled(self, path, unsettled))
			g_ptr_array_add(settled, g_strdup(path));
	}
	for (guint i = 0; i < settled->len; i++) {
		path = g_ptr_array_index(settled, i);
		g_hash_table_remove(self->unsettled, path);
		g_hash_table_remove(self->open, path);
		if (pdd_file_get_state(self->root, path, &state))
			push(self, path, &state, TRUE);
	}
	if (g_hash_table_size(self->unsettled) > 0)
		return G_SOURCE_CONTINUE;
	g_clear_pointer(&self->tick, g_source_unref);
	return G_SOURCE_REMOVE;
}

static gboolean
is_ignored(const char *name)
{
	return *name == '.' || g_str_has_suffix(name, ".tmp") || g_str_has_suffix(name, ".part");
}

/* of a file that no event told about; who wrote it may be writing still */
static void
consider(PddSourceDirectory *self, const char *path, const PddFileState *state)
{
	gint64 age = g_get_real_time() - state->modified_at / 1000;
	if (pdd_seen_contains(self->seen, path, state) ||
	    g_hash_table_contains(self->queued, path) ||
	    g_hash_table_contains(self->unsettled, path))
		return;
	/* its writer will close it, but an event need not tell of that */
	if (is_written(self, path, state)) {
		settle_later(self, path, state);
		return;
	}
	g_hash_table_remove(self->open, path);
	gboolean is_known = pdd_file_get_writer(self->root, path) == PDD_FILE_WRITER_NONE;
	if (age < SETTLE_TIME && (!is_known || state->size == 0))
		settle_later(self, path, state);
	else
		push(self, path, state, age < SETTLE_TIME);
}

static void
set_scan_error(PddSourceDirectory *self, const char *message)
{
	if (self->scan_error == NULL)
		self->scan_error = g_strdup(message);
}

static gboolean
scan(PddSourceDirectory *self, const char *directory, guint depth);

static void
scan_entry(PddSourceDirectory *self, const char *directory, const char *name, guint depth)
{
	g_autofree char *path = *directory != '\0' ? g_strconcat(directory, "/", name, NULL)
						   : g_strdup(name);
	g_autofree char *full = g_build_filename(self->root, path, NULL);
	struct stat st;
	PddFileState state;
	if (is_ignored(name) || lstat(full, &st) != 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		scan(self, path, depth + 1);
	} else if (pdd_file_get_state(self->root, path, &state)) {
		consider(self, path, &state);
		if (self->found != NULL)
			g_hash_table_add(self->found, g_steal_pointer(&path));
	}
}

/* watches first, then looks, so that nothing falls between */
static gboolean
scan(PddSourceDirectory *self, const char *directory, guint depth)
{
	g_autofree char *full = g_build_filename(self->root, directory, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) dir = NULL;
	const char *name;
	if (depth > MAX_DEPTH)
		return FALSE;
	if (self->watcher != NULL && !pdd_watcher_add(self->watcher, self->root, directory, &error))
		set_scan_error(self, error->message);
	g_clear_error(&error);
	dir = g_dir_open(full, 0, &error);
	if (dir == NULL) {
		set_scan_error(self, error->message);
		return FALSE;
	}
	while (!pdd_source_is_stopped(PDD_SOURCE(self)) && (name = g_dir_read_name(dir)) != NULL)
		scan_entry(self, directory, name, depth);
	return TRUE;
}

static gboolean
is_gone(gpointer path, gpointer value, gpointer found)
{
	return !g_hash_table_contains(found, path);
}

static void
save_habit(PddSourceDirectory *self)
{
	g_autofree char *text = pdd_cadence_to_string(self->cadence);
	if (self->has_learned)
		pdd_source_save_cadence(PDD_SOURCE(self), self->service->config->data_dir, text);
	self->has_learned = FALSE;
}

static void
scan_all(PddSourceDirectory *self)
{
	g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_clear_pointer(&self->scan_error, g_free);
	self->found = found;
	self->is_scanned = scan(self, "", 0);
	self->found = NULL;
	if (self->scan_error == NULL)
		pdd_seen_retain(self->seen, found);
	g_mutex_lock(&self->lock);
	pdd_retries_retain(self->retries, found);
	g_mutex_unlock(&self->lock);
	g_hash_table_foreach_remove(self->open, is_gone, found);
	self->n_failures = self->is_scanned ? 0 : self->n_failures + 1;
	if (self->is_scanned)
		pdd_cadence_add_poll(self->cadence, g_get_real_time());
	save_habit(self);
	publish(self);
	publish_habit_cb(self);
}

static gboolean
rescan_cb(gpointer user_data)
{
	PddSourceDirectory *self = user_data;
	scan_all(self);
	guint seconds = self->is_scanned ? RESCAN_SECONDS : RETRY_SECONDS;
	attach(self, g_timeout_source_new_seconds(seconds), rescan_cb, self, NULL);
	return G_SOURCE_REMOVE;
}

static gboolean
retry_cb(gpointer user_data)
{
	PddSourceDirectory *self = user_data;
	self->is_retrying = FALSE;
	scan_all(self);
	return G_SOURCE_REMOVE;
}

/* a disk that is full has often room soon */
static void
retry_soon(PddSourceDirectory *self)
{
	if (self->is_retrying || self->retry_seconds >= RESCAN_SECONDS)
		return;
	attach(self, g_timeout_source_new_seconds(self->retry_seconds), retry_cb, self, NULL);
	self->is_retrying = TRUE;
	self->retry_seconds *= 2;
}

static void
handle_created(PddSourceDirectory *self, const char *path, const PddFileState *state)
{
	/* nobody will close another name of a file that is there */
	if (state->n_links == 1)
		g_hash_table_add(self->open, g_strdup(path));
	consider(self, path, state);
}

static void
handle_closed(PddSourceDirectory *self, const char *path, const PddFileState *state)
{
	g_hash_table_remove(self->open, path);
	g_hash_table_remove(self->unsettled, path);
	/* an empty file is often only the first step of its writer */
	if (state->size == 0)
		settle_later(self, path, state);
	else
		push(self, path, state, TRUE);
}

static void
watcher_cb(PddWatcherEvent event, const char *path, gpointer user_data)
{
	PddSourceDirectory *self = user_data;
	PddFileState state;
	if (event == PDD_WATCHER_OVERFLOW) {
		g_hash_table_remove_all(self->open);
		scan_all(self);
		return;
	}
	g_autofree char *name = g_path_get_basename(path);
	if (is_ignored(name))
		return;
	if (event == PDD_WATCHER_DIRECTORY)
		scan(self, path, 1);
	else if (!pdd_file_get_state(self->root, path, &state))
		g_hash_table_remove(self->open, path);
	else if (event == PDD_WATCHER_CREATED)
		handle_created(self, path, &state);
	else
		handle_closed(self, path, &state);
}

/* what became of a file, on its way to the thread of the source */
typedef struct {
	PddSourceDirectory *source;
	char *path;
	PerfdashLogRecord *record; /* nullable */
	GError *error;             /* nullable */
} Taken;

static void
taken_free(Taken *taken)
{
	g_object_unref(taken->source);
	g_free(taken->path);
	g_clear_object(&taken->record);
	g_clear_error(&taken->error);
	g_free(taken);
}

static gboolean
taken_cb(gpointer user_data)
{
	Taken *taken = user_data;
	PddSourceDirectory *self = taken->source;
	PddFileState now;
	g_autofree PddFileState *state = NULL;
	g_autofree char *key = NULL;
	g_hash_table_steal_extended(self->queued,
				    taken->path,
				    (gpointer *)&key,
				    (gpointer *)&state);
	g_mutex_lock(&self->lock);
	if (taken->error != NULL && state != NULL)
		pdd_retries_add(self->retries, taken->path, state, taken->error->message, FALSE);
	else
		pdd_retries_remove(self->retries, taken->path);
	/* that one succeeds says nothing of others */
	if (pdd_retries_get_length(self->retries) == 0)
		self->retry_seconds = RETRY_SECONDS;
	g_mutex_unlock(&self->lock);
	if (taken->error != NULL && !pdd_source_is_final(taken->error))
		retry_soon(self);
	if (taken->record != NULL && state != NULL) {
		pdd_seen_add(self->seen, taken->path, state, taken->record);
		pdd_cadence_add_arrival(self->cadence, state->modified_at / 1000);
		self->has_learned = TRUE;
		publish_habit_soon(self);
	}
	publish(self);
	/* the file may have been written to meanwhile */
	if (state != NULL && pdd_file_get_state(self->root, taken->path, &now) &&
	    !pdd_file_state_equal(&now, state))
		consider(self, taken->path, &now);
	return G_SOURCE_REMOVE;
}

static void
pdd_source_directory_taken(PddSource *source,
			   const char *item,
			   PerfdashLogRecord *record,
			   const GError *error)
{
	PddSourceDirectory *self = PDD_SOURCE_DIRECTORY(source);
	Taken *taken = g_new0(Taken, 1);
	taken->source = g_object_ref(self);
	taken->path = g_strdup(item);
	taken->record = record != NULL ? g_object_ref(record) : NULL;
	taken->error = error != NULL ? g_error_copy(error) : NULL;
	attach(self, g_idle_source_new(), taken_cb, taken, (GDestroyNotify)taken_free);
}

static PerfdashOrigin *
describe(PddSourceDirectory *self, const char *path, const PddFileState *state, GError **error)
{
	PddSource *source = PDD_SOURCE(self);
	const PddSourceConfig *config = pdd_source_get_config(source);
	g_autoptr(PerfdashRunBuilder) builder = pdd_source_begin_run(source);
	gint64 written_at = state->modified_at / 1000;
	if (config->layout != NULL && g_utf8_validate(path, -1, NULL))
		pdd_source_layout_apply(config->layout, path, builder);
	PerfdashOrigin *origin =
		pdd_source_make_origin(source, builder, path, NULL, written_at, error);
	g_autofree char *shown = g_filename_display_name(path);
	if (origin == NULL)
		g_prefix_error(error, "%s: ", shown);
	return origin;
}

static PerfdashLog *
pdd_source_directory_open(PddSource *source,
			  const char *item,
			  PerfdashOrigin **origin,
			  GCancellable *cancellable,
			  GError **error)
{
	PddSourceDirectory *self = PDD_SOURCE_DIRECTORY(source);
	guint64 max_size = self->service->config->max_log_size;
	g_autofree char *name = g_path_get_basename(item);
	PddFileState state;
	g_autoptr(GInputStream) stream = pdd_file_open(self->root, item, &state, error);
	if (stream == NULL)
		return NULL;
	if (state.size > max_size) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_OVER_LIMIT,
			    "%s is larger than max-log-size, %" G_GUINT64_FORMAT " bytes",
			    item,
			    max_size);
		return NULL;
	}
	*origin = describe(self, item, &state, error);
	if (*origin == NULL)
		return NULL;
	return perfdash_log_new_from_stream(name, stream, max_size, cancellable, error);
}

static gpointer
run(gpointer user_data)
{
	PddSourceDirectory *self = user_data;
	g_autofree char *path = pdd_source_build_path(PDD_SOURCE(self),
						      self->service->config->data_dir,
						      ".seen");
	g_autoptr(GError) error = NULL;
	g_main_context_push_thread_default(self->context);
	self->seen = pdd_seen_load(path, self->service->store);
	self->cadence = pdd_source_load_cadence(PDD_SOURCE(self), self->service->config->data_dir);
	self->watcher = pdd_watcher_new(self->context, watcher_cb, self, &error);
	if (self->watcher == NULL)
		g_warning("source %s: %s", pdd_source_get_name(PDD_SOURCE(self)), error->message);
	rescan_cb(self);
	g_main_loop_run(self->loop);
	g_clear_pointer(&self->watcher, pdd_watcher_free);
	save_habit(self);
	g_clear_pointer(&self->cadence, pdd_cadence_free);
	g_clear_pointer(&self->seen, pdd_seen_free);
	g_main_context_pop_thread_default(self->context);
	return NULL;
}

static void
pdd_source_directory_start(PddSource *source)
{
	PddSourceDirectory *self = PDD_SOURCE_DIRECTORY(source);
	self->thread = g_thread_new(pdd_source_get_name(source), run, self);
}

static gboolean
quit_cb(gpointer user_data)
{
	g_main_loop_quit(user_data);
	return G_SOURCE_REMOVE;
}

static void
pdd_source_directory_stop(PddSource *source)
{
	PddSourceDirectory *self = PDD_SOURCE_DIRECTORY(source);
	if (self->thread == NULL)
		return;
	/* behind what the intake has sent */
	attach(self, g_idle_source_new(), quit_cb, self->loop, NULL);
	g_thread_join(g_steal_pointer(&self->thread));
}

static void
pdd_source_directory_list_problems(PddSource *source, GPtrArray *problems, guint n)
{
	PddSourceDirectory *self = PDD_SOURCE_DIRECTORY(source);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	pdd_retries_list(self->retries, problems, n);
}

static void
pdd_source_directory_finalize(GObject *object)
{
	PddSourceDirectory *self = PDD_SOURCE_DIRECTORY(object);
	g_clear_pointer(&self->tick, g_source_unref);
	g_hash_table_unref(self->queued);
	g_hash_table_unref(self->unsettled);
	g_hash_table_unref(self->open);
	pdd_retries_free(self->retries);
	g_mutex_clear(&self->lock);
	g_free(self->scan_error);
	g_main_loop_unref(self->loop);
	g_main_context_unref(self->context);
	G_OBJECT_CLASS(pdd_source_directory_parent_class)->finalize(object);
}

static void
pdd_source_directory_class_init(PddSourceDirectoryClass *klass)
{
	PddSourceClass *source_class = PDD_SOURCE_CLASS(klass);
	G_OBJECT_CLASS(klass)->finalize = pdd_source_directory_finalize;
	source_class->start = pdd_source_directory_start;
	source_class->stop = pdd_source_directory_stop;
	source_class->open = pdd_source_directory_open;
	source_class->taken = pdd_source_directory_taken;
	source_class->list_problems = pdd_source_directory_list_problems;
}

static void
pdd_source_directory_init(PddSourceDirectory *self)
{
	self->context = g_main_context_new();
	self->loop = g_main_loop_new(self->context, FALSE);
	self->queued = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->unsettled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_mutex_init(&self->lock);
	self->retries = pdd_retries_new(RESCAN_SECONDS * G_TIME_SPAN_SECOND);
	self->retry_seconds = RETRY_SECONDS;
}

PddSource *
pdd_source_directory_new(PddService *service, PddSourceConfig *config)
{
	PddSourceDirectory *self = g_object_new(PDD_TYPE_SOURCE_DIRECTORY, NULL);
	self->service = service;
	self->root = config->path;
	pdd_source_set_config(PDD_SOURCE(self), config);
	return PDD_SOURCE(self);
}
