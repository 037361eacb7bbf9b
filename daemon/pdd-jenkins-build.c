/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a build of Jenkins says about its run. actions[] is an array of unlike objects, many of them
 * empty, in no fixed order; a build may have checked out several repositories, and nothing says
 * which is the one under test: one that is configured, else the one whose branch is that of the
 * job, else the only one, else none. Whose build it was is nobody's business and is not read. */

#include "pdd-jenkins-build.h"

#include <string.h>

#include "pdd-source-layout.h"

#define MAX_TEXT 200 /* bytes of a value */

/* a repository that a build checked out */
typedef struct {
	const char *revision;
	const char *branch; /* "" when it does not say */
	JsonArray *urls;    /* nullable */
} Checkout;

/* NULL unless it is what it should be, so that no other kind of JSON does any harm */
static JsonNode *
get_node(JsonObject *object, const char *member, JsonNodeType type)
{
	JsonNode *node = object != NULL ? json_object_get_member(object, member) : NULL;
	return node != NULL && json_node_get_node_type(node) == type ? node : NULL;
}

JsonObject *
pdd_jenkins_get_object(JsonObject *object, const char *member)
{
	JsonNode *node = get_node(object, member, JSON_NODE_OBJECT);
	return node != NULL ? json_node_get_object(node) : NULL;
}

JsonArray *
pdd_jenkins_get_array(JsonObject *object, const char *member)
{
	JsonNode *node = get_node(object, member, JSON_NODE_ARRAY);
	return node != NULL ? json_node_get_array(node) : NULL;
}

/* "" when there is none */
const char *
pdd_jenkins_get_text(JsonObject *object, const char *member)
{
	JsonNode *node = get_node(object, member, JSON_NODE_VALUE);
	gboolean is_text = node != NULL && json_node_get_value_type(node) == G_TYPE_STRING;
	return is_text ? json_node_get_string(node) : "";
}

/* 0 when there is none */
gint64
pdd_jenkins_get_int(JsonObject *object, const char *member)
{
	JsonNode *node = get_node(object, member, JSON_NODE_VALUE);
	return node != NULL ? json_node_get_int(node) : 0;
}

static JsonObject *
get_nth_object(JsonArray *array, guint i)
{
	JsonNode *node = json_array_get_element(array, i);
	return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static guint
get_length(JsonArray *array)
{
	return array != NULL ? json_array_get_length(array) : 0;
}

static void
rule_free(gpointer data)
{
	PddJenkinsRule *rule = data;
	g_free(rule->field);
	g_free(rule->fact);
	g_free(rule);
}

static gboolean
check_rule(const PddJenkinsRule *rule, GError **error)
{
	static const char *const facts[] =
		{"job", "folder", "branch", "node", "result", "number", "name", NULL};
	if (!g_strv_contains(facts, rule->fact) &&
	    (!g_str_has_prefix(rule->fact, "param:") || rule->fact[6] == '\0')) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "\"%s\" is none of job, folder, branch, node, result, number, name, "
			    "param:NAME",
			    rule->fact);
		return FALSE;
	}
	return g_str_equal(rule->field, "build") || g_str_equal(rule->field, "revision") ||
	       pdd_source_layout_check_label(rule->field, error);
}

/* from "branch=param:BRANCH;build=name" */
GPtrArray *
pdd_jenkins_rules_new(const char *text, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);
	g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func(rule_free);
	for (guint i = 0; parts[i] != NULL; i++) {
		const char *equals = strchr(parts[i], '=');
		if (equals == NULL) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "\"%s\" is not FIELD=FACT, such as branch=param:BRANCH",
				    parts[i]);
			return NULL;
		}
		PddJenkinsRule *rule = g_new0(PddJenkinsRule, 1);
		g_ptr_array_add(rules, rule);
		rule->field = g_strstrip(g_strndup(parts[i], equals - parts[i]));
		rule->fact = g_strstrip(g_strdup(equals + 1));
		if (!check_rule(rule, error))
			return NULL;
	}
	return g_steal_pointer(&rules);
}

/* as a label may have it; NULL when nothing is left */
static char *
clean(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *cleaned = g_string_new(NULL);
	for (const char *p = valid; *p != '\0' && cleaned->len < MAX_TEXT;
	     p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		g_string_append_unichar(cleaned, g_unichar_iscntrl(c) ? ' ' : c);
	}
	g_strstrip(cleaned->str);
	return g_string_free(cleaned, *cleaned->str == '\0');
}

static char *
clean_key(const char *name)
{
	char *key = g_ascii_strdown(name, 64);
	g_strcanon(key, "abcdefghijklmnopqrstuvwxyz0123456789_.-", '_');
	if (!g_ascii_isalpha(*key))
		*key = '_';
	return key;
}

static gboolean
is_secret(const char *name)
{
	static const char *const words[] =
		{"pass", "pwd", "secret", "token", "key", "credential", "auth", "cookie"};
	g_autofree char *small = g_ascii_strdown(name, -1);
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strstr(small, words[i]) != NULL)
			return TRUE;
	}
	return FALSE;
}

/* a text, number or boolean as text; NULL for what has no value to speak of */
static char *
dup_value(JsonObject *parameter)
{
	JsonNode *node = get_node(parameter, "value", JSON_NODE_VALUE);
	if (node == NULL)
		return NULL;
	if (json_node_get_value_type(node) != G_TYPE_STRING)
		return json_to_string(node, FALSE);
	const char *text = json_node_get_string(node);
	return g_str_equal(text, "null") ? NULL : clean(text);
}

typedef void (*ActionFunc)(JsonObject *action, gpointer user_data);

static void
for_each_action(const PddJenkinsBuild *self, ActionFunc func, gpointer user_data)
{
	JsonArray *actions = pdd_jenkins_get_array(self->build, "actions");
	for (guint i = 0; i < get_length(actions); i++) {
		JsonObject *action = get_nth_object(actions, i);
		if (action != NULL)
			func(action, user_data);
	}
}

typedef struct {
	PerfdashRunBuilder *builder; /* nullable */
	const char *wanted;          /* nullable: name of a parameter */
	char *found;
} Parameters;

static void
read_parameters(JsonObject *action, gpointer user_data)
{
	Parameters *self = user_data;
	JsonArray *parameters = pdd_jenkins_get_array(action, "parameters");
	for (guint i = 0; i < get_length(parameters); i++) {
		JsonObject *parameter = get_nth_object(parameters, i);
		const char *name = pdd_jenkins_get_text(parameter, "name");
		g_autofree char *value = dup_value(parameter);
		if (*name == '\0' || value == NULL || is_secret(name))
			continue;
		g_autofree char *key = clean_key(name);
		if (self->builder != NULL)
			perfdash_run_builder_set_parameter(self->builder, key, value);
		else if (self->found == NULL && g_str_equal(name, self->wanted))
			self->found = g_steal_pointer(&value);
	}
}

static void
read_cause(JsonObject *action, gpointer user_data)
{
	JsonArray *causes = pdd_jenkins_get_array(action, "causes");
	for (guint i = 0; i < get_length(causes); i++) {
		JsonObject *cause = get_nth_object(causes, i);
		g_autofree char *project = clean(pdd_jenkins_get_text(cause, "upstreamProject"));
		if (project == NULL)
			continue;
		g_autofree char *text = g_strdup_printf(
			"%s#%" G_GINT64_FORMAT,
			project,
			pdd_jenkins_get_int(cause, "upstreamBuild"));
		perfdash_run_builder_set_environment(user_data, "upstream", text);
	}
}

static void
read_checkout(JsonObject *action, gpointer user_data)
{
	GArray *checkouts = user_data;
	JsonObject *last = pdd_jenkins_get_object(action, "lastBuiltRevision");
	JsonArray *branches = pdd_jenkins_get_array(last, "branch");
	Checkout checkout = {pdd_jenkins_get_text(last, "SHA1"), "", NULL};
	if (*checkout.revision == '\0')
		return;
	if (get_length(branches) > 0)
		checkout.branch = pdd_jenkins_get_text(get_nth_object(branches, 0), "name");
	checkout.urls = pdd_jenkins_get_array(action, "remoteUrls");
	g_array_append_val(checkouts, checkout);
}

/* "refs/remotes/origin/main", "origin/main" and "main" are one branch */
static const char *
strip_remote(const char *branch)
{
	static const char *const prefixes[] = {"refs/remotes/", "refs/heads/", "origin/"};
	for (guint i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		if (g_str_has_prefix(branch, prefixes[i]))
			branch += strlen(prefixes[i]);
	}
	return g_str_equal(branch, "detached") ? "" : branch;
}

static gboolean
is_repository(const Checkout *checkout, const char *glob)
{
	for (guint i = 0; i < get_length(checkout->urls); i++) {
		const char *url = json_array_get_string_element(checkout->urls, i);
		if (url != NULL && g_pattern_match_simple(glob, url))
			return TRUE;
	}
	return FALSE;
}

static const char *
get_last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

static gboolean
is_wanted(const PddJenkinsBuild *self, const Checkout *checkout, const char *branch)
{
	if (self->repository != NULL)
		return is_repository(checkout, self->repository);
	return branch == NULL || g_str_equal(strip_remote(checkout->branch), branch);
}

/* the revision that all wanted ones share, or NULL */
static const Checkout *
choose(const PddJenkinsBuild *self, GArray *checkouts, const char *branch)
{
	const Checkout *chosen = NULL;
	for (guint i = 0; i < checkouts->len; i++) {
		const Checkout *checkout = &g_array_index(checkouts, Checkout, i);
		if (!is_wanted(self, checkout, branch))
			continue;
		if (chosen != NULL && !g_str_equal(chosen->revision, checkout->revision))
			return NULL;
		chosen = checkout;
	}
	return chosen;
}

static void
set_field(PerfdashRunBuilder *builder, const char *field, const char *text)
{
	g_autofree char *value = clean(text);
	if (value == NULL)
		return;
	if (g_str_equal(field, "build"))
		perfdash_run_builder_set_build(builder, value);
	else if (g_str_equal(field, "revision"))
		perfdash_run_builder_set_revision(builder, value);
	else
		perfdash_run_builder_set_label(builder, field, value);
}

/* the name of the job without folders and branch */
static char *
dup_job_name(const PddJenkinsBuild *self)
{
	g_auto(GStrv) parts = g_strsplit(self->job, "/", -1);
	guint n = g_strv_length(parts);
	return g_strdup(parts[self->is_branch && n > 1 ? n - 2 : n - 1]);
}

static char *
dup_folder(const PddJenkinsBuild *self)
{
	g_autofree char *folder = g_path_get_dirname(self->job);
	g_autofree char *above = self->is_branch ? g_path_get_dirname(folder) : NULL;
	const char *found = above != NULL ? above : folder;
	return g_strdup(g_str_equal(found, ".") ? "" : found);
}

/* nobody's name is decoded twice: a branch job is named by its branch, with % for what is no name
 */
static char *
dup_branch(const PddJenkinsBuild *self)
{
	if (!self->is_branch)
		return NULL;
	char *branch = g_uri_unescape_string(get_last_part(self->job), NULL);
	return branch != NULL ? branch : g_strdup(get_last_part(self->job));
}

static char *
dup_fact(const PddJenkinsBuild *self, const char *fact)
{
	if (g_str_has_prefix(fact, "param:")) {
		Parameters parameters = {.wanted = fact + strlen("param:")};
		for_each_action(self, read_parameters, &parameters);
		return parameters.found;
	}
	if (g_str_equal(fact, "job"))
		return dup_job_name(self);
	if (g_str_equal(fact, "folder"))
		return dup_folder(self);
	if (g_str_equal(fact, "branch"))
		return dup_branch(self);
	if (g_str_equal(fact, "node"))
		return g_strdup(pdd_jenkins_get_text(self->build, "builtOn"));
	if (g_str_equal(fact, "result"))
		return g_strdup(pdd_jenkins_get_text(self->build, "result"));
	if (g_str_equal(fact, "name"))
		return g_strdup(pdd_jenkins_get_text(self->build, "displayName"));
	return g_strdup_printf("%" G_GINT64_FORMAT, pdd_jenkins_get_int(self->build, "number"));
}

static void
set_revision(const PddJenkinsBuild *self, PerfdashRunBuilder *builder)
{
	g_autoptr(GArray) checkouts = g_array_new(FALSE, FALSE, sizeof(Checkout));
	g_autofree char *branch = dup_branch(self);
	for_each_action(self, read_checkout, checkouts);
	const Checkout *chosen = choose(self, checkouts, branch);
	if (chosen == NULL && self->repository == NULL)
		chosen = choose(self, checkouts, NULL);
	if (chosen != NULL) {
		set_field(builder, "revision", chosen->revision);
		if (branch == NULL)
			set_field(builder, "branch", strip_remote(chosen->branch));
	} else if (checkouts->len > 1) {
		perfdash_run_builder_set_environment(builder, "revision", "ambiguous");
	}
	if (branch != NULL)
		set_field(builder, "branch", branch);
}

static void
set_environment(const PddJenkinsBuild *self,
		PerfdashRunBuilder *builder,
		const char *key,
		const char *fact)
{
	g_autofree char *text = dup_fact(self, fact);
	g_autofree char *value = clean(text);
	if (value != NULL)
		perfdash_run_builder_set_environment(builder, key, value);
}

void
pdd_jenkins_build_describe(const PddJenkinsBuild *self, PerfdashRunBuilder *builder)
{
	Parameters parameters = {.builder = builder};
	g_autofree char *number = dup_fact(self, "number");
	g_autofree char *job = dup_job_name(self);
	perfdash_run_builder_set_build(builder, number);
	perfdash_run_builder_set_started_at(builder,
					    pdd_jenkins_get_int(self->build, "timestamp") * 1000);
	set_field(builder, "suite", job);
	set_revision(self, builder);
	set_environment(self, builder, "node", "node");
	set_environment(self, builder, "jenkins_result", "result");
	for_each_action(self, read_cause, builder);
	for_each_action(self, read_parameters, &parameters);
	for (guint i = 0; i < self->rules->len; i++) {
		const PddJenkinsRule *rule = g_ptr_array_index(self->rules, i);
		g_autofree char *value = dup_fact(self, rule->fact);
		if (value != NULL)
			set_field(builder, rule->field, value);
	}
}
