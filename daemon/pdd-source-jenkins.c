/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Jobs of a Jenkins, through folders and multibranch projects.
 *
 *  - One request tells the newest builds of all jobs, four levels of folders deep; only jobs where
 *    they changed, or where a build was running, are asked for their builds.
 *  - Builds are known by job, number and start: a job that was made anew begins again with 1.
 *    Numbers may be missing. A build that runs is left for later.
 *  - What is remembered of a job is the start up to which all builds have been taken in. Builds are
 *    listed back to there, in slices; the first time back to first-import. What is interrupted
 *    begins anew, and finds most of it known.
 *  - While it lives, a source lists nothing twice: it knows up to where it has listed a job, and
 *    which of those builds are on their way still, or are to be tried again.
 *  - Addresses that Jenkins gives are those it thinks it has; what we ask is below the address that
 *    is configured. */

#include "pdd-source-jenkins.h"

#include <string.h>

#include "pdd-jenkins-backlog.h"
#include "pdd-jenkins-build.h"
#include "pdd-source-private.h"

#define SLICE      50
#define MAX_BUILDS (1000 * 1000)
#define MAX_DEPTH  16
#define LAST_TIME  G_GINT64_CONSTANT(253402300799999) /* ms since 1970 UTC: the end of year 9999 */
#define LAST                                                                                       \
	"lastBuild[number,timestamp],lastCompletedBuild[number,timestamp,result,url],"             \
	"lastSuccessfulBuild[number]"
#define JOB        "_class,name,fullName," LAST
#define JOBS(more) "jobs[" JOB more "]"

struct _PddSourceJenkins {
	PddSourceRemote parent_instance;
	GHashTable *backlogs; /* full name of a job -> PddJenkinsBacklog, if not empty */
};

G_DEFINE_FINAL_TYPE(PddSourceJenkins, pdd_source_jenkins, PDD_TYPE_SOURCE_REMOTE)

/* of one poll */
typedef struct {
	PddSourceJenkins *source;
	PddSourceConfig *config;
	PddClient *client;
	GCancellable *cancellable;
	GPtrArray *red_jobs;   /* of PddRedJob: those that are found */
	GPtrArray *known_jobs; /* likewise, of the poll before */
} Poll;

/* a job that is looked at */
typedef struct {
	Poll *poll;
	const char *name; /* full */
	const char *path; /* below the address of the source, ends in / or is "" */
	gboolean is_branch;
	PddJenkinsBacklog *backlog;
	gint64 newest;  /* start of a build that has ended, ns since 1970 */
	gint64 running; /* likewise, of the oldest build that runs, or G_MAXINT64 */
} Job;

static PddSourceRemote *
get_remote(Poll *poll)
{
	return PDD_SOURCE_REMOTE(poll->source);
}

static char *
build_url(Poll *poll, const char *path)
{
	const char *base = poll->config->url;
	return g_strconcat(base, g_str_has_suffix(base, "/") ? "" : "/", path, NULL);
}

static void
note_broken(Poll *poll, const char *what)
{
	pdd_source_remote_note(get_remote(poll),
			       g_error_new(PDD_CLIENT_ERROR,
					   PDD_CLIENT_ERROR_BROKEN,
					   "%s: %s",
					   poll->config->location,
					   what));
}

static JsonObject *
ask(Poll *poll, const char *path, const char *tree, JsonNode **answer, GError **error)
{
	g_autofree char *escaped = g_uri_escape_string(tree, NULL, FALSE);
	g_autofree char *below = g_strconcat(path, "api/json?tree=", escaped, NULL);
	g_autofree char *url = build_url(poll, below);
	*answer = pdd_client_get_json(poll->client, url, NULL, NULL, poll->cancellable, error);
	if (*answer == NULL)
		return NULL;
	if (JSON_NODE_HOLDS_OBJECT(*answer))
		return json_node_get_object(*answer);
	g_set_error(error,
		    PDD_CLIENT_ERROR,
		    PDD_CLIENT_ERROR_BROKEN,
		    "%s: it is not an answer of Jenkins",
		    poll->config->location);
	return NULL;
}

/* ms since 1970 UTC; 0 when it cannot be true */
static gint64
get_start(JsonObject *build)
{
	gint64 time = pdd_jenkins_get_int(build, "timestamp");
	return time > 0 && time <= MIN(LAST_TIME, G_MAXINT64 / 1000000) ? time : 0;
}

static PddFileState
get_state(JsonObject *build)
{
	PddFileState state = {.modified_at = get_start(build) * 1000000};
	return state;
}

static PerfdashOrigin *
describe(Job *job, JsonObject *build, const char *path, GError **error)
{
	PddSource *source = PDD_SOURCE(job->poll->source);
	g_autoptr(PerfdashRunBuilder) builder = pdd_source_begin_run(source);
	const PddJenkinsBuild facts = {.build = build,
				       .job = job->name,
				       .is_branch = job->is_branch,
				       .repository = job->poll->config->repository,
				       .rules = job->poll->config->rules};
	const char *shown = pdd_jenkins_get_text(build, "url");
	g_autofree char *url = build_url(job->poll, path);
	perfdash_run_builder_set_url(builder, g_str_has_prefix(shown, "http") ? shown : url);
	pdd_jenkins_build_describe(&facts, builder);
	/* files of a build do not change, and those of another build are never newer versions */
	return pdd_source_make_origin(source, builder, NULL, NULL, 0, error);
}

/* place is of the log below the build */
static gboolean
offer(Job *job,
      JsonObject *build,
      PerfdashOrigin *origin,
      PddBatch *batch,
      const char *path,
      const char *place)
{
	g_autoptr(PddItem) item = g_new0(PddItem, 1);
	g_autofree char *escaped = g_uri_escape_string(place, "/", FALSE);
	g_autofree char *below = g_strconcat(path, escaped, NULL);
	gint64 duration = CLAMP(pdd_jenkins_get_int(build, "duration"), 0, LAST_TIME);
	item->key = g_strdup_printf("%s#%" G_GINT64_FORMAT "/%s",
				    job->name,
				    pdd_jenkins_get_int(build, "number"),
				    place);
	item->url = build_url(job->poll, below);
	item->name = g_path_get_basename(place);
	item->state = get_state(build);
	item->arrived_at = (get_start(build) + duration) * 1000;
	item->origin = g_object_ref(origin);
	item->batch = pdd_batch_ref(batch);
	return pdd_source_remote_offer(get_remote(job->poll), g_steal_pointer(&item));
}

static gboolean
is_safe(const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	return *path != '\0' && *path != '/' &&
	       !g_strv_contains((const char *const *)parts, "..") &&
	       !g_strv_contains((const char *const *)parts, ".");
}

static gboolean
offer_logs(Job *job, JsonObject *build, PerfdashOrigin *origin, PddBatch *batch, const char *path)
{
	const PddSourceConfig *config = job->poll->config;
	JsonArray *artifacts = pdd_jenkins_get_array(build, "artifacts");
	guint n = artifacts != NULL && config->files->len > 0 ? json_array_get_length(artifacts)
							      : 0;
	for (guint i = 0; i < n; i++) {
		JsonNode *node = json_array_get_element(artifacts, i);
		const char *place = JSON_NODE_HOLDS_OBJECT(node)
					    ? pdd_jenkins_get_text(json_node_get_object(node),
								   "relativePath")
					    : "";
		if (!is_safe(place) || !pdd_config_source_wants_file(config, place))
			continue;
		g_autofree char *below = g_strconcat("artifact/", place, NULL);
		if (!offer(job, build, origin, batch, path, below))
			return FALSE;
	}
	return !config->has_console || offer(job, build, origin, batch, path, "consoleText");
}

/* a build that is not known */
static gboolean
read_build(Job *job, const PddJenkinsListed *listed, const char *key, GError **error)
{
	g_autofree char *path = g_strdup_printf("%s%" G_GINT64_FORMAT "/",
						job->path,
						listed->number);
	g_autoptr(JsonNode) answer = NULL;
	JsonObject *build = ask(job->poll, path, PDD_JENKINS_BUILD_TREE, &answer, error);
	if (build == NULL)
		return FALSE;
	if (get_state(build).modified_at != listed->state.modified_at) {
		/* made anew meanwhile: the one that was listed is no more */
		pdd_jenkins_backlog_remove(job->backlog, listed->number);
		return TRUE;
	}
	g_autoptr(PerfdashOrigin) origin = describe(job, build, path, error);
	if (origin == NULL)
		return FALSE;
	g_autoptr(PddBatch)
		batch = pdd_source_remote_begin_batch(get_remote(job->poll), key, &listed->state);
	if (offer_logs(job, build, origin, batch, path))
		return TRUE;
	pdd_batch_break(batch);
	return !g_cancellable_set_error_if_cancelled(job->poll->cancellable, error);
}

static gboolean
is_running(JsonObject *build)
{
	return json_object_has_member(build, "building") &&
	       json_object_get_boolean_member_with_default(build, "building", TRUE);
}

/* FALSE when the source is to stop */
static gboolean
take_build(Job *job, const PddJenkinsListed *build)
{
	g_autofree char *key = pdd_jenkins_build_key(job->name, build->number);
	PddSourceRemote *remote = get_remote(job->poll);
	GError *error = NULL;
	if (!pdd_source_remote_may_begin(remote, key, &build->state))
		return TRUE;
	/* one that cannot be read keeps no other from being read */
	if (read_build(job, build, key, &error))
		pdd_source_remote_forgive(remote, key);
	else
		pdd_source_remote_fail(remote, key, &build->state, error);
	return !g_cancellable_is_cancelled(job->poll->cancellable);
}

/* TRUE when older ones are of interest, too */
static gboolean
take_builds(Job *job, JsonArray *builds)
{
	GTimeSpan reach = job->poll->config->reach;
	gint64 oldest = reach != 0 ? (g_get_real_time() - reach) * 1000 : 0;
	gboolean has_more = TRUE;
	for (guint i = 0; i < json_array_get_length(builds); i++) {
		JsonNode *node = json_array_get_element(builds, i);
		JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node)
								  : NULL;
		PddJenkinsListed build = {.number = pdd_jenkins_get_int(object, "number"),
					  .state = get_state(object)};
		gint64 start = build.state.modified_at;
		if (build.number <= 0 || start == 0)
			continue;
		if (is_running(object)) {
			job->running = MIN(job->running, start);
			continue;
		}
		job->newest = MAX(job->newest, start);
		if (start <= job->backlog->listed || start < oldest) {
			has_more = FALSE;
			continue;
		}
		pdd_jenkins_backlog_add(job->backlog, &build);
		if (!take_build(job, &build))
			return FALSE;
	}
	return has_more;
}

/* from the newest build back to what was listed before */
static gboolean
list_builds(Job *job, GError **error)
{
	Poll *poll = job->poll;
	gboolean has_more = TRUE;
	for (guint begin = 0; has_more && begin < MAX_BUILDS; begin += SLICE) {
		const char *list = begin == 0 && job->backlog->listed != 0 ? "builds" : "allBuilds";
		g_autoptr(JsonNode) answer = NULL;
		g_autofree char *tree = g_strdup_printf("%s[number,building,timestamp]{%u,%u}",
							list,
							begin,
							begin + SLICE);
		JsonObject *object = ask(poll, job->path, tree, &answer, error);
		JsonArray *builds = pdd_jenkins_get_array(object, list);
		if (object == NULL)
			return FALSE;
		guint n = builds != NULL ? json_array_get_length(builds) : 0;
		has_more = n > 0 && take_builds(job, builds) && n == SLICE;
		pdd_jenkins_backlog_drop_known(job->backlog, get_remote(poll));
	}
	if (g_cancellable_set_error_if_cancelled(poll->cancellable, error))
		return FALSE;
	/* builds that ended while one that began before them runs are listed again */
	gint64 listed = MIN(job->newest, job->running - 1);
	job->backlog->listed = MAX(job->backlog->listed, listed);
	return TRUE;
}

/* those that could not be had before; the others are on their way */
static void
take_backlog(Job *job)
{
	g_autoptr(GArray) builds = pdd_jenkins_backlog_list(job->backlog);
	for (guint i = 0; i < builds->len; i++) {
		if (!take_build(job, &g_array_index(builds, PddJenkinsListed, i)))
			break;
	}
}

static PddRedJob *
find_red_job(GPtrArray *red_jobs, const char *name)
{
	for (guint i = 0; i < red_jobs->len; i++) {
		PddRedJob *job = g_ptr_array_index(red_jobs, i);
		if (g_str_equal(job->job, name))
			return job;
	}
	return NULL;
}

static gboolean
has_results(Poll *poll, const char *name, gint64 number)
{
	g_autofree char *prefix = g_strdup_printf("%s#%" G_GINT64_FORMAT "/", name, number);
	return pdd_source_remote_has_read(get_remote(poll), prefix);
}

/* what Jenkins says may be shown by a terminal */
static char *
drop_controls(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *shown = g_string_new(NULL);
	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		if (!g_unichar_iscntrl(g_utf8_get_char(p)))
			g_string_append_unichar(shown, g_utf8_get_char(p));
	}
	return g_string_free(shown, FALSE);
}

/* last is the newest build that ended, good the newest that succeeded or was unstable */
static PddRedJob *
make_red_job(Poll *poll, JsonObject *last, gint64 good, const char *name, const char *path)
{
	PddRedJob *job = g_new0(PddRedJob, 1);
	const char *shown = pdd_jenkins_get_text(last, "url");
	g_atomic_ref_count_init(&job->refs);
	job->job = drop_controls(name);
	job->build = pdd_jenkins_get_int(last, "number");
	job->result = g_strdup(pdd_jenkins_get_text(last, "result"));
	job->time = get_start(last) * 1000;
	g_autofree char *below = g_strdup_printf("%s%" G_GINT64_FORMAT "/", path, job->build);
	job->url = g_str_has_prefix(shown, "http") ? drop_controls(shown) : build_url(poll, below);
	job->n_builds = (guint)CLAMP(job->build - MAX(good, 0), 1, 10000);
	job->is_harmless = has_results(poll, name, job->build) || good == 0 ||
			   !has_results(poll, name, good);
	return job;
}

/* a job whose newest build failed, and left no results where builds used to. All that is needed is
 * in the answer that was asked for anyway, and in what is known of the logs */
static void
look_for_red(Poll *poll, JsonObject *object, const char *name, const char *path, gint64 covered)
{
	static const char *const red[] = {"FAILURE", "ABORTED", "NOT_BUILT", NULL};
	JsonObject *last = pdd_jenkins_get_object(object, "lastCompletedBuild");
	JsonObject *good = pdd_jenkins_get_object(object, "lastSuccessfulBuild");
	PddRedJob *known = find_red_job(poll->known_jobs, name);
	PddFileState state = get_state(last);
	gint64 number = pdd_jenkins_get_int(last, "number");
	g_autofree char *key = pdd_jenkins_build_key(name, number);
	if (!g_strv_contains(red, pdd_jenkins_get_text(last, "result")) || number <= 0 ||
	    state.modified_at == 0)
		return;
	/* its logs may be on their way */
	gboolean is_taken = state.modified_at <= covered ||
			    pdd_source_remote_is_known(get_remote(poll), key, &state);
	if (known != NULL && (known->build == number || !is_taken))
		g_ptr_array_add(poll->red_jobs, pdd_red_job_ref(known));
	else if (is_taken)
		g_ptr_array_add(
			poll->red_jobs,
			make_red_job(poll, last, pdd_jenkins_get_int(good, "number"), name, path));
}

static PddJenkinsBacklog *
get_backlog(PddSourceJenkins *self, const char *job, gint64 covered)
{
	PddJenkinsBacklog *backlog = g_hash_table_lookup(self->backlogs, job);
	if (backlog != NULL)
		return backlog;
	backlog = pdd_jenkins_backlog_new(job, covered);
	g_hash_table_insert(self->backlogs, g_strdup(job), backlog);
	return backlog;
}

static void
look_at_job(Poll *poll, JsonObject *object, const char *name, const char *path, gboolean is_branch)
{
	JsonObject *last = pdd_jenkins_get_object(object, "lastCompletedBuild");
	g_autofree char *key = g_strconcat(name, "#", NULL);
	PddFileState covered = {0};
	GError *error = NULL;
	if (last == NULL || !pdd_config_source_wants_job(poll->config, name))
		return;
	pdd_source_remote_get_whole(get_remote(poll), key, &covered);
	look_for_red(poll, object, name, path, covered.modified_at);
	Job job = {.poll = poll,
		   .name = name,
		   .path = path,
		   .is_branch = is_branch,
		   .backlog = get_backlog(poll->source, name, covered.modified_at),
		   .running = G_MAXINT64};
	take_backlog(&job);
	if (get_state(last).modified_at > job.backlog->listed && !list_builds(&job, &error))
		pdd_source_remote_note(get_remote(poll), error);
	if (pdd_jenkins_backlog_settle(job.backlog, get_remote(poll)))
		g_hash_table_remove(poll->source->backlogs, name);
}

static void
walk(Poll *poll, const char *path, JsonObject *object, const char *name, guint depth);

/* a job, or a folder of which the answer may hold what is in it */
static gboolean
look_at(Poll *poll,
	JsonObject *object,
	const char *above,
	const char *path,
	gboolean is_branch,
	guint depth)
{
	const char *name = pdd_jenkins_get_text(object, "name");
	const char *full = pdd_jenkins_get_text(object, "fullName");
	g_autofree char *joined = *above != '\0' ? g_strconcat(above, "/", name, NULL)
						 : g_strdup(name);
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *below = g_strconcat(path, "job/", escaped, "/", NULL);
	gboolean is_job = json_object_has_member(object, "lastBuild");
	if (*name == '\0')
		return TRUE;
	if (is_job)
		look_at_job(poll, object, *full != '\0' ? full : joined, below, is_branch);
	else if (depth < MAX_DEPTH)
		walk(poll, below, object, joined, depth + 1);
	else
		note_broken(poll, "it has folders too deep to be read");
	return !g_cancellable_is_cancelled(poll->cancellable);
}

/* a multibranch project says of what kind it is; its jobs are branches */
static gboolean
has_branches(JsonObject *object)
{
	return g_str_has_suffix(pdd_jenkins_get_text(object, "_class"), "MultiBranchProject");
}

static void
look_at_all(Poll *poll, JsonObject *folder, const char *name, const char *path, guint depth)
{
	JsonArray *jobs = pdd_jenkins_get_array(folder, "jobs");
	for (guint i = 0; i < json_array_get_length(jobs); i++) {
		JsonNode *node = json_array_get_element(jobs, i);
		if (JSON_NODE_HOLDS_OBJECT(node) && !look_at(poll,
							     json_node_get_object(node),
							     name,
							     path,
							     has_branches(folder),
							     depth))
			break;
	}
}

/* of jobs in a folder, or of all in "", that cannot be looked at now: nobody mended them */
static void
keep_red_jobs(Poll *poll, const char *folder)
{
	g_autofree char *prefix = *folder != '\0' ? g_strconcat(folder, "/", NULL) : g_strdup("");
	for (guint i = 0; i < poll->known_jobs->len; i++) {
		PddRedJob *job = g_ptr_array_index(poll->known_jobs, i);
		if (g_str_has_prefix(job->job, prefix))
			g_ptr_array_add(poll->red_jobs, pdd_red_job_ref(job));
	}
}

/* what is in a folder; object is what is known of it already */
static void
walk(Poll *poll, const char *path, JsonObject *object, const char *name, guint depth)
{
	static const char tree[] = JOB "," JOBS("," JOBS("," JOBS("," JOBS(""))));
	const char *full = pdd_jenkins_get_text(object, "fullName");
	g_autofree char *folder = g_strdup(*full != '\0' ? full : name);
	g_autoptr(JsonNode) answer = NULL;
	GError *error = NULL;
	if (pdd_jenkins_get_array(object, "jobs") == NULL)
		object = ask(poll, path, tree, &answer, &error);
	if (object == NULL) {
		keep_red_jobs(poll, folder);
		pdd_source_remote_note(get_remote(poll), error);
	} else if (pdd_jenkins_get_array(object, "jobs") != NULL) {
		look_at_all(poll, object, name, path, depth);
	} else if (json_object_has_member(object, "lastBuild")) {
		/* the address is that of one job */
		look_at_job(poll, object, pdd_jenkins_get_text(object, "fullName"), path, FALSE);
	} else if (depth == 0) {
		keep_red_jobs(poll, folder);
		note_broken(poll, "it has no jobs: is it a Jenkins?");
	}
}

static void
pdd_source_jenkins_poll(PddSourceRemote *source, PddClient *client, GCancellable *cancellable)
{
	Poll poll = {.source = PDD_SOURCE_JENKINS(source),
		     .config = pdd_source_get_config(PDD_SOURCE(source)),
		     .client = client,
		     .cancellable = cancellable,
		     .red_jobs = pdd_red_jobs_new(),
		     .known_jobs = pdd_source_ref_red_jobs(PDD_SOURCE(source))};
	walk(&poll, "", NULL, "", 0);
	g_ptr_array_unref(poll.known_jobs);
	if (g_cancellable_is_cancelled(cancellable))
		g_ptr_array_unref(poll.red_jobs);
	else
		pdd_source_remote_set_red_jobs(source, poll.red_jobs);
}

/* what came since the last poll is not listed again by the next start */
static void
pdd_source_jenkins_stop(PddSource *source)
{
	PddSourceJenkins *self = PDD_SOURCE_JENKINS(source);
	GHashTableIter iter;
	gpointer backlog;
	PDD_SOURCE_CLASS(pdd_source_jenkins_parent_class)->stop(source);
	g_hash_table_iter_init(&iter, self->backlogs);
	while (g_hash_table_iter_next(&iter, NULL, &backlog))
		pdd_jenkins_backlog_settle(backlog, PDD_SOURCE_REMOTE(source));
}

static void
pdd_source_jenkins_finalize(GObject *object)
{
	g_hash_table_unref(PDD_SOURCE_JENKINS(object)->backlogs);
	G_OBJECT_CLASS(pdd_source_jenkins_parent_class)->finalize(object);
}

static void
pdd_source_jenkins_class_init(PddSourceJenkinsClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = pdd_source_jenkins_finalize;
	PDD_SOURCE_CLASS(klass)->stop = pdd_source_jenkins_stop;
	PDD_SOURCE_REMOTE_CLASS(klass)->poll = pdd_source_jenkins_poll;
}

static void
pdd_source_jenkins_init(PddSourceJenkins *self)
{
	self->backlogs =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, pdd_jenkins_backlog_free);
}

PddSource *
pdd_source_jenkins_new(PddService *service, PddSourceConfig *config)
{
	PddSourceJenkins *self = g_object_new(PDD_TYPE_SOURCE_JENKINS, NULL);
	pdd_source_set_config(PDD_SOURCE(self), config);
	pdd_source_remote_set_service(PDD_SOURCE_REMOTE(self), service);
	return PDD_SOURCE(self);
}
