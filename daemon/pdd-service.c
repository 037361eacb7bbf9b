/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parsers are looked for in a thread: a module may take its time to say what it is, or never
 * say it, and the pages show what is stored without any. Logs are taken in when they are found. */

#include "pdd-service.h"

#include "pdd-answer.h"
#include "pdd-source-directory.h"
#include "pdd-source-http.h"
#include "pdd-source-jenkins.h"
#include "pdd-source-private.h"

#define MAX_FETCHED 32 /* logs that sources fetch, or have fetched, and are not taken in yet */

struct _PddParserSearch {
	gatomicrefcount refs;
	char *path; /* nullable: where the library looks */
	PddServiceFailed failed;
	gpointer user_data;
	GError *error;
	GMutex lock;         /* of service */
	PddService *service; /* NULL when nobody waits for it any more */
};

static void
search_unref(PddParserSearch *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->path);
	g_clear_error(&self->error);
	g_mutex_clear(&self->lock);
	g_free(self);
}

static PddParserSearch *
search_ref(PddParserSearch *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

static void
start_source(PddService *self, PddSource *source)
{
	const PddSourceConfig *config = pdd_source_get_config(source);
	g_autoptr(PerfdashParserInfo) parser = NULL;
	if (config->parser != NULL)
		parser = perfdash_parser_registry_lookup(self->registry, config->parser);
	if (config->parser == NULL || parser != NULL) {
		pdd_source_start(source);
		return;
	}
	g_autofree char *error = g_strdup_printf("%s:%u: there is no parser \"%s\"",
						 config->file,
						 config->line,
						 config->parser);
	g_warning("source %s: %s", config->name, error);
	pdd_source_set_state(source, FALSE, error);
	pdd_source_set_poll(source, &(PddSourceStatus){.cause = "configuration", .delay = -1});
}

/* takes over a reference to registry */
static void
begin(PddService *self, PerfdashParserRegistry *registry)
{
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	perfdash_parser_runner_set_timeout(runner, self->config->parse_timeout);
	perfdash_parser_runner_set_max_size(runner, self->config->max_log_size);
	self->registry = registry;
	self->pipeline = perfdash_pipeline_new(self->store, runner, self->archive);
	self->intake = pdd_intake_new(self->pipeline, self->metrics);
	self->reparsing = pdd_reparsing_new(self->store, runner, self->archive, self->analyst);
	pdd_intake_resume(self->intake, self->archive);
	for (guint i = 0; i < self->sources->len; i++)
		start_source(self, g_ptr_array_index(self->sources, i));
	g_atomic_int_set(&self->is_ready, TRUE);
}

static gboolean
failed_cb(gpointer user_data)
{
	PddParserSearch *search = user_data;
	search->failed(search->error, search->user_data);
	return G_SOURCE_REMOVE;
}

static gpointer
search_thread(gpointer user_data)
{
	PddParserSearch *self = user_data;
	g_autoptr(PerfdashParserRegistry)
		registry = perfdash_parser_registry_new(self->path, &self->error);
	g_mutex_lock(&self->lock);
	if (self->service != NULL && registry != NULL)
		begin(self->service, g_steal_pointer(&registry));
	else if (self->service != NULL)
		g_idle_add_full(G_PRIORITY_DEFAULT,
				failed_cb,
				search_ref(self),
				(GDestroyNotify)search_unref);
	g_mutex_unlock(&self->lock);
	search_unref(self);
	return NULL;
}

static PddParserSearch *
search_new(PddService *service)
{
	PddParserSearch *self = g_new0(PddParserSearch, 1);
	g_atomic_ref_count_init(&self->refs);
	g_mutex_init(&self->lock);
	self->path = g_strdup(service->config->parser_path);
	self->service = service;
	return self;
}

/* failed is called when no worker can be run */
void
pdd_service_start(PddService *self, PddServiceFailed failed, gpointer user_data)
{
	self->search->failed = failed;
	self->search->user_data = user_data;
	g_thread_unref(g_thread_new("parsers", search_thread, search_ref(self->search)));
}

/* whether logs can be taken in */
gboolean
pdd_service_is_ready(PddService *self)
{
	return g_atomic_int_get(&self->is_ready);
}

static PddSource *
make_source(PddService *self, PddSourceConfig *config)
{
	if (g_str_equal(config->type, "http"))
		return pdd_source_http_new(self, config);
	if (g_str_equal(config->type, "jenkins"))
		return pdd_source_jenkins_new(self, config);
	return pdd_source_directory_new(self, config);
}

static GPtrArray *
make_sources(PddService *self, PddConfig *config)
{
	GPtrArray *sources = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < config->sources->len; i++)
		g_ptr_array_add(sources, make_source(self, g_ptr_array_index(config->sources, i)));
	return sources;
}

/* the sources as they are now: others may take their place meanwhile */
GPtrArray *
pdd_service_ref_sources(PddService *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	return g_ptr_array_ref(self->sources);
}

static GPtrArray *
make_budgets(PddConfig *config)
{
	GPtrArray *budgets = g_ptr_array_new_with_free_func((GDestroyNotify)pdd_budget_free);
	for (guint i = 0; i < config->budgets->len; i++)
		g_ptr_array_add(budgets, pdd_budget_new(g_ptr_array_index(config->budgets, i)));
	return budgets;
}

/* likewise */
GPtrArray *
pdd_service_ref_budgets(PddService *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	return g_ptr_array_ref(self->budgets);
}

/* puts array in place; gives what was there */
static GPtrArray *
exchange(PddService *self, GPtrArray **place, GPtrArray *array)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	GPtrArray *old = *place;
	*place = array;
	return old;
}

/* takes over config, of which only sources, budgets and limits of logs count: they take the place
 * of those there are */
void
pdd_service_reload(PddService *self, PddConfig *config)
{
	/* before the first answer that is of these budgets */
	g_atomic_int_inc(&self->n_reloads);
	pdd_keeper_set_limits(self->keeper, config);
	g_ptr_array_unref(exchange(self, &self->budgets, make_budgets(config)));
	g_mutex_lock(&self->search->lock);
	g_autoptr(GPtrArray) old = exchange(self, &self->sources, make_sources(self, config));
	gboolean is_ready = pdd_service_is_ready(self);
	for (guint i = 0; is_ready && i < old->len; i++)
		pdd_source_stop(g_ptr_array_index(old, i));
	for (guint i = 0; is_ready && i < self->sources->len; i++)
		start_source(self, g_ptr_array_index(self->sources, i));
	g_mutex_unlock(&self->search->lock);
	g_ptr_array_add(self->retired, config);
}

/* returns when nothing is taken in any more; a module that does not say what it is is not waited
 * for */
void
pdd_service_stop(PddService *self)
{
	g_mutex_lock(&self->search->lock);
	self->search->service = NULL;
	g_mutex_unlock(&self->search->lock);
	if (self->intake != NULL)
		pdd_intake_stop(self->intake);
	if (self->reparsing != NULL)
		pdd_reparsing_stop(self->reparsing);
	for (guint i = 0; i < self->sources->len; i++)
		pdd_source_stop(g_ptr_array_index(self->sources, i));
	pdd_analyst_stop(self->analyst);
	pdd_keeper_stop(self->keeper);
	/* changes that are not told yet hold the store */
	while (g_main_context_iteration(NULL, FALSE))
		continue;
}

static PerfdashStore *
open_store(const PddConfig *config, GError **error)
{
	g_autofree char *path = g_build_filename(config->data_dir, "perfdash.db", NULL);
	g_autofree char *uri = g_strconcat("sqlite://", path, NULL);
	return perfdash_store_open(uri, PERFDASH_STORE_FLAGS_NONE, error);
}

static PerfdashArchive *
open_archive(const PddConfig *config)
{
	g_autofree char *path = g_build_filename(config->data_dir, "logs", NULL);
	g_autoptr(GFile) directory = g_file_new_for_path(path);
	return perfdash_archive_new(directory);
}

/* takes over config; the data directory is prepared; to be called before there are other threads */
PddService *
pdd_service_new(PddConfig *config, GError **error)
{
	g_autoptr(PddService) self = g_new0(PddService, 1);
	if (config->worker != NULL)
		g_setenv("PERFDASH_WORKER", config->worker, TRUE);
	if (config->no_sandbox)
		g_setenv("PERFDASH_SANDBOX", "no", TRUE);
	self->config = config;
	self->metrics = pdd_metrics_new();
	self->retired = g_ptr_array_new_with_free_func((GDestroyNotify)pdd_config_free);
	g_mutex_init(&self->lock);
	self->hosts = pdd_hosts_new();
	self->room = pdd_room_new(MAX_FETCHED);
	self->search = search_new(self);
	self->answers = perfdash_cache_new(PDD_TYPE_ANSWER, config->cache_size);
	self->archive = open_archive(config);
	self->store = open_store(config, error);
	if (self->store == NULL)
		return NULL;
	perfdash_store_set_controls(self->store, config->controls);
	self->analyst = pdd_analyst_new(self->store, config->new_for);
	self->labs = pdd_labs_new(self->store);
	self->keeper = pdd_keeper_new(self->store, self->archive, config);
	self->sources = make_sources(self, config);
	self->budgets = make_budgets(config);
	return g_steal_pointer(&self);
}

void
pdd_service_free(PddService *self)
{
	g_clear_pointer(&self->sources, g_ptr_array_unref);
	g_clear_pointer(&self->budgets, g_ptr_array_unref);
	g_clear_pointer(&self->intake, pdd_intake_free);
	g_clear_pointer(&self->reparsing, pdd_reparsing_free);
	g_clear_pointer(&self->analyst, pdd_analyst_free);
	g_clear_pointer(&self->labs, pdd_labs_free);
	g_clear_pointer(&self->keeper, pdd_keeper_free);
	g_clear_object(&self->pipeline);
	g_clear_object(&self->registry);
	search_unref(self->search);
	g_clear_object(&self->archive);
	g_clear_object(&self->store);
	g_clear_object(&self->answers);
	pdd_hosts_free(self->hosts);
	pdd_room_free(self->room);
	pdd_metrics_free(self->metrics);
	pdd_config_free(self->config);
	g_ptr_array_unref(self->retired);
	g_mutex_clear(&self->lock);
	g_free(self);
}
