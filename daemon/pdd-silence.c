/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From where no results come, and why: one line for each cause and place, not one for each series.
 *
 *  - Sources with the same cause on the same host, or in the same directory, are together.
 *  - A lab that is silent belongs to what is wrong with a source of it. When nothing is, it has
 *    stopped: labs of the same sources are together.
 *  - One poll that fails is no silence, nor is one build. */

#include "pdd-silence.h"

#include <math.h>
#include <string.h>

#include "pdd-source.h"

#define STOPPED   "stopped"
#define MAX_NAMED 4

/* what is said of sources with a cause: one or more of them stand at % */
static const struct {
	const char *cause;
	const char *one;
	const char *many;
} sentences[] = {
	{"unreachable", "% is unreachable", "% are unreachable"},
	{"refused", "% refuses the credentials", "% refuse the credentials"},
	{"gone", "the address of % is gone", "the addresses of % are gone"},
	{"busy", "% is busy", "% are busy"},
	{"broken",
	 "% answers something else than was asked for",
	 "% answer something else than was asked for"},
	{"configuration",
	 "% cannot be read as it is configured",
	 "% cannot be read as they are configured"},
	{"no parser",
	 "logs of % come, but the last could not be read",
	 "logs of % come, but the last could not be read"},
	{STOPPED, "% can be read, but nothing new comes", "% can be read, but nothing new comes"},
};

static void
silence_free(gpointer data)
{
	PddSilence *self = data;
	g_free(self->place);
	g_ptr_array_unref(self->sources);
	g_ptr_array_unref(self->silent);
	g_ptr_array_unref(self->labs);
	g_ptr_array_unref(self->jobs);
	g_free(self);
}

/* takes over place */
static PddSilence *
ensure(GPtrArray *silences, const char *cause, char *place)
{
	for (guint i = 0; i < silences->len; i++) {
		PddSilence *found = g_ptr_array_index(silences, i);
		if (g_str_equal(found->cause, cause) && g_str_equal(found->place, place)) {
			g_free(place);
			return found;
		}
	}
	PddSilence *self = g_new0(PddSilence, 1);
	self->cause = cause;
	self->place = place;
	self->sources = g_ptr_array_new_with_free_func(g_free);
	self->silent = g_ptr_array_new_with_free_func(g_free);
	self->labs = g_ptr_array_new_with_free_func(g_free);
	self->jobs = pdd_red_jobs_new();
	g_ptr_array_add(silences, self);
	return self;
}

static char *
find_place(const PddSourceConfig *config)
{
	g_autoptr(GUri) uri = config->url != NULL
				      ? g_uri_parse(config->url, G_URI_FLAGS_NON_DNS, NULL)
				      : NULL;
	if (uri != NULL)
		return g_strdup(g_uri_get_host(uri) != NULL ? g_uri_get_host(uri) : "");
	return config->path != NULL ? g_path_get_dirname(config->path) : g_strdup("");
}

/* what has been silent the shortest tells since when nothing comes of any */
static void
add_silence(PddSilence *self, gint64 since, GTimeSpan usual, double intervals)
{
	if (!self->is_silent || since > self->since) {
		self->since = since;
		self->usual = usual;
	}
	self->intervals = self->is_silent ? MIN(self->intervals, intervals) : intervals;
	self->is_silent = TRUE;
}

/* what will not pass by itself counts at once */
static gboolean
is_silence(const PddSourceStatus *status)
{
	static const char *const passing[] = {"unreachable", "busy", "broken", NULL};
	if (status->cause == NULL)
		return FALSE;
	return status->is_silent || status->n_failures > 1 ||
	       !g_strv_contains(passing, status->cause);
}

/* those with builds since then that are why nothing comes */
static GPtrArray *
list_blamed(PddSource *source, const PddSourceStatus *status, gint64 after)
{
	g_autoptr(GPtrArray) jobs = pdd_source_ref_red_jobs(source);
	GPtrArray *blamed = pdd_red_jobs_new();
	for (guint i = 0; i < jobs->len; i++) {
		PddRedJob *job = g_ptr_array_index(jobs, i);
		if (job->time >= after && pdd_source_status_blames(status, job))
			g_ptr_array_add(blamed, pdd_red_job_ref(job));
	}
	return blamed;
}

static void
add_source(GPtrArray *silences, PddSource *source)
{
	g_auto(PddSourceStatus) status = {0};
	pdd_source_get_status(source, &status);
	if (!is_silence(&status))
		return;
	PddSilence *self = ensure(silences,
				  status.cause,
				  find_place(pdd_source_get_config(source)));
	g_ptr_array_add(self->sources, g_strdup(pdd_source_get_name(source)));
	if (g_str_equal(status.cause, "job red"))
		g_ptr_array_extend_and_steal(self->jobs, list_blamed(source, &status, 0));
	if (status.is_silent) {
		g_ptr_array_add(self->silent, g_strdup(pdd_source_get_name(source)));
		add_silence(self, status.last_result, status.usual, status.intervals);
	} else if (!self->is_silent && status.n_failures > 0) {
		self->since = MAX(self->since, status.answered);
	}
}

/* of one of the sources of a lab */
static PddSilence *
find_silence(GPtrArray *silences, const char *const *sources)
{
	for (guint i = 0; i < silences->len; i++) {
		PddSilence *self = g_ptr_array_index(silences, i);
		for (guint j = 0; j < self->sources->len; j++) {
			if (g_strv_contains(sources, g_ptr_array_index(self->sources, j)))
				return self;
		}
	}
	return NULL;
}

/* those of a lab that are configured */
static void
add_sources(PddSilence *self, GPtrArray *sources, const char *const *names)
{
	for (guint i = 0; i < sources->len; i++) {
		const char *name = pdd_source_get_name(g_ptr_array_index(sources, i));
		if (g_strv_contains(names, name))
			g_ptr_array_add(self->sources, g_strdup(name));
	}
}

/* what is wrong with a source is the cause once a lab is silent, be it one poll or one build; NULL:
 * nothing is */
static PddSilence *
ensure_of_source(GPtrArray *silences, PddSource *source, const PddLab *lab)
{
	g_auto(PddSourceStatus) status = {0};
	pdd_source_get_status(source, &status);
	status.is_silent = TRUE;
	g_autoptr(GPtrArray) jobs = list_blamed(source, &status, lab->last_result);
	const char *cause = status.cause;
	if (cause == NULL && jobs->len > 0)
		cause = "job red";
	if (cause == NULL)
		return NULL;
	PddSilence *self = ensure(silences, cause, find_place(pdd_source_get_config(source)));
	g_ptr_array_add(self->sources, g_strdup(pdd_source_get_name(source)));
	if (g_str_equal(cause, "job red"))
		g_ptr_array_extend_and_steal(self->jobs, g_steal_pointer(&jobs));
	return self;
}

static PddSilence *
ensure_of_lab(GPtrArray *silences, GPtrArray *sources, const PddLab *lab)
{
	const char *const *from = perfdash_lab_get_sources(lab->lab);
	PddSilence *self = find_silence(silences, from);
	for (guint i = 0; i < sources->len && self == NULL; i++) {
		PddSource *source = g_ptr_array_index(sources, i);
		if (g_strv_contains(from, pdd_source_get_name(source)))
			self = ensure_of_source(silences, source, lab);
	}
	if (self == NULL) {
		self = ensure(silences, STOPPED, g_strjoinv("\n", (char **)from));
		if (self->labs->len == 0)
			add_sources(self, sources, from);
	}
	return self;
}

static void
add_lab(GPtrArray *silences, GPtrArray *sources, const PddLab *lab)
{
	PddSilence *self = ensure_of_lab(silences, sources, lab);
	if (self->labs->len == 0)
		self->is_silent = FALSE; /* what is said is of labs from here on */
	g_ptr_array_add(self->labs, g_strdup(perfdash_lab_get_name(lab->lab)));
	add_silence(self, lab->last_result, lab->usual, lab->intervals);
}

/* of PddSilence, those of sources first */
GPtrArray *
pdd_silence_list(PddService *service, GError **error)
{
	g_autoptr(GPtrArray) sources = pdd_service_ref_sources(service);
	g_autoptr(GPtrArray) labs = pdd_labs_ref_list(service->labs, error);
	GPtrArray *silences = g_ptr_array_new_with_free_func(silence_free);
	if (labs == NULL) {
		g_ptr_array_unref(silences);
		return NULL;
	}
	for (guint i = 0; i < sources->len; i++)
		add_source(silences, g_ptr_array_index(sources, i));
	for (guint i = 0; i < labs->len; i++) {
		const PddLab *lab = g_ptr_array_index(labs, i);
		if (lab->is_silent)
			add_lab(silences, sources, lab);
	}
	return silences;
}

/* "source dfw", "labs dfw, lon and 3 more" */
static char *
name_all(GPtrArray *names, const char *one, const char *many)
{
	GString *text = g_string_new(names->len == 1 ? one : many);
	guint n = names->len <= MAX_NAMED ? names->len : MAX_NAMED - 1;
	for (guint i = 0; i < n; i++) {
		gboolean is_last = i > 0 && i == names->len - 1;
		g_string_append_printf(text,
				       "%s%s",
				       is_last ? " and " : (i > 0 ? ", " : " "),
				       (const char *)g_ptr_array_index(names, i));
	}
	if (n < names->len)
		g_string_append_printf(text, " and %u more", names->len - n);
	return g_string_free(text, FALSE);
}

/* "26 h", "3 d" */
static char *
format_span(GTimeSpan span)
{
	static const struct {
		GTimeSpan length;
		const char *unit;
	} units[] = {{G_TIME_SPAN_DAY, "d"}, {G_TIME_SPAN_HOUR, "h"}, {G_TIME_SPAN_MINUTE, "min"}};
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (span >= 2 * units[i].length)
			return g_strdup_printf("%" G_GINT64_FORMAT " %s",
					       span / units[i].length,
					       units[i].unit);
	}
	return g_strdup_printf("%" G_GINT64_FORMAT " s", MAX(span, 0) / G_TIME_SPAN_SECOND);
}

static char *
describe_jobs(const PddSilence *self)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < self->jobs->len; i++)
		g_ptr_array_add(names, ((PddRedJob *)g_ptr_array_index(self->jobs, i))->job);
	g_autofree char *jobs = name_all(names, "job", "jobs");
	g_autofree char *sources = name_all(self->sources, "source", "sources");
	if (names->len != 1)
		return g_strdup_printf("%s of %s are red", jobs, sources);
	const PddRedJob *job = g_ptr_array_index(self->jobs, 0);
	g_autofree char *row = job->n_builds > 1 ? g_strdup_printf(", %u in a row", job->n_builds)
						 : g_strdup("");
	return g_strdup_printf("%s of %s is red (build %" G_GINT64_FORMAT " %s%s)",
			       jobs,
			       sources,
			       job->build,
			       job->result,
			       row);
}

/* of labs that no source is configured for: the place is where their runs came from */
static char *
describe_origin(const PddSilence *self)
{
	g_auto(GStrv) from = g_strsplit(self->place, "\n", -1);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; from[i] != NULL && *from[i] != '\0'; i++)
		g_ptr_array_add(names, from[i]);
	if (names->len == 0 || g_strv_contains((const char *const *)from, "push"))
		return g_strdup("nothing was pushed");
	return name_all(names, "nothing came from", "nothing came from");
}

static char *
describe_cause(const PddSilence *self)
{
	if (g_str_equal(self->cause, "job red"))
		return describe_jobs(self);
	if (self->sources->len == 0)
		return describe_origin(self);
	g_autofree char *sources = name_all(self->sources, "source", "sources");
	const char *sentence = "%";
	for (guint i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if (g_str_equal(sentences[i].cause, self->cause))
			sentence = self->sources->len == 1 ? sentences[i].one : sentences[i].many;
	}
	const char *rest = strchr(sentence, '%') + 1;
	return g_strdup_printf("%.*s%s%s", (int)(rest - 1 - sentence), sentence, sources, rest);
}

/* "lab dfw has been silent for 3 of its usual intervals (26 h): source dfw is unreachable" */
char *
pdd_silence_describe(const PddSilence *self)
{
	GPtrArray *names = self->labs->len > 0 ? self->labs : self->silent;
	gboolean is_lab = self->labs->len > 0;
	g_autofree char *cause = describe_cause(self);
	g_autofree char *span = format_span(g_get_real_time() - self->since);
	if (!self->is_silent && self->since == 0)
		return g_steal_pointer(&cause);
	if (!self->is_silent)
		return g_strdup_printf("%s: read last %s ago", cause, span);
	g_autofree char *who = name_all(names,
					is_lab ? "lab" : "source",
					is_lab ? "labs" : "sources");
	return g_strdup_printf("%s %s been silent for %s%.0f of %s usual intervals (%s): %s",
			       who,
			       names->len == 1 ? "has" : "have",
			       names->len == 1 ? "" : "at least ",
			       MAX(floor(self->intervals), 1),
			       names->len == 1 ? "its" : "their",
			       span,
			       cause);
}
