/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The settings of a source. */

#include "pdd-config-source.h"

#include <string.h>

static gboolean
read_type(gpointer owner, const char *value, GError **error)
{
	static const char *const types[] = {"directory", "http", "jenkins", NULL};
	if (!g_strv_contains(types, value))
		return pdd_config_value_reject(error,
					       "\"%s\" is no type of source: there are directory, "
					       "http, jenkins",
					       value);
	return pdd_config_value_set_text(&((PddSourceConfig *)owner)->type, value);
}

static gboolean
read_url(gpointer owner, const char *value, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_HAS_PASSWORD, NULL);
	/* a value that is wrong is not missing */
	pdd_config_value_set_text(&((PddSourceConfig *)owner)->url, value);
	const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
	if ((!g_str_equal(scheme, "http") && !g_str_equal(scheme, "https")) ||
	    g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0')
		return pdd_config_value_reject(
			error,
			"\"%s\" is not an address such as https://jenkins.example/",
			value);
	g_free(((PddSourceConfig *)owner)->location);
	((PddSourceConfig *)owner)->location = g_uri_to_string_partial(
		uri,
		G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY | G_URI_HIDE_FRAGMENT);
	if (g_uri_get_userinfo(uri) != NULL)
		return pdd_config_value_reject(
			error,
			"credentials do not belong here: use user and token-file");
	return TRUE;
}

static gboolean
read_user(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddSourceConfig *)owner)->user, value);
}

/* a path, or the name of a credential that systemd gave the daemon */
static gboolean
read_token_file(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	const char *credentials = g_getenv("CREDENTIALS_DIRECTORY");
	if (strchr(value, '/') != NULL)
		return pdd_config_value_set_path(&self->token_file, value, error);
	if (credentials == NULL)
		return pdd_config_value_reject(
			error,
			"\"%s\" is neither an absolute path nor a credential of systemd: "
			"there is no $CREDENTIALS_DIRECTORY",
			value);
	g_free(self->token_file);
	self->token_file = g_build_filename(credentials, value, NULL);
	return TRUE;
}

static gboolean
read_poll_every(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	g_auto(GStrv) ends = g_strsplit(value, "..", 2);
	if (g_strv_length(ends) != 2 ||
	    !pdd_config_value_parse_span(g_strstrip(ends[0]), &self->least) ||
	    !pdd_config_value_parse_span(g_strstrip(ends[1]), &self->most) ||
	    self->least > self->most || self->most > G_TIME_SPAN_DAY)
		return pdd_config_value_reject(
			error,
			"\"%s\" is not two times such as 20s..15min, up to 24h",
			value);
	return TRUE;
}

static gboolean
read_parallel(gpointer owner, const char *value, GError **error)
{
	guint64 number;
	if (!g_ascii_string_to_unsigned(value, 10, 1, 16, &number, NULL))
		return pdd_config_value_reject(error, "\"%s\" is not a number from 1 to 16", value);
	((PddSourceConfig *)owner)->parallel = number;
	return TRUE;
}

static gboolean
read_timeout(gpointer owner, const char *value, GError **error)
{
	GTimeSpan span;
	if (!pdd_config_value_parse_span(value, &span) || span > G_TIME_SPAN_HOUR)
		return pdd_config_value_reject(error,
					       "\"%s\" is not a time such as 60s, up to 1h",
					       value);
	((PddSourceConfig *)owner)->timeout = span / G_TIME_SPAN_SECOND;
	return TRUE;
}

static gboolean
read_first_import(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	self->reach = 0;
	if (!g_str_equal(value, "all") && !pdd_config_value_parse_span(value, &self->reach))
		return pdd_config_value_reject(error,
					       "\"%s\" is neither a time such as 365d nor all",
					       value);
	return TRUE;
}

static gboolean
read_path(gpointer owner, const char *value, GError **error)
{
	pdd_config_value_set_text(&((PddSourceConfig *)owner)->location, value);
	return pdd_config_value_set_path(&((PddSourceConfig *)owner)->path, value, error);
}

static gboolean
read_layout(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	g_clear_pointer(&self->layout, pdd_source_layout_free);
	self->layout = pdd_source_layout_new(value, error);
	return self->layout != NULL;
}

static gboolean
add_label(PerfdashLabels **labels, const char *text, GError **error)
{
	const char *equals = strchr(text, '=');
	if (equals == NULL)
		return pdd_config_value_reject(error, "\"%s\" is not key=value", text);
	g_autofree char *key = g_strndup(text, equals - text);
	if (!pdd_source_layout_check_label(g_strstrip(key), error))
		return FALSE;
	g_autofree char *value = g_strdup(equals + 1);
	PerfdashLabels *next = perfdash_labels_with(*labels, key, g_strstrip(value), error);
	if (next == NULL)
		return FALSE;
	perfdash_labels_unref(*labels);
	*labels = next;
	return TRUE;
}

static gboolean
read_labels(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	g_auto(GStrv) texts = g_strsplit(value, ";", -1);
	for (guint i = 0; texts[i] != NULL; i++) {
		if (*g_strstrip(texts[i]) != '\0' && !add_label(&self->labels, texts[i], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_parser(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddSourceConfig *)owner)->parser, value);
}

static gboolean
read_globs(GPtrArray *patterns, const char *value, GError **error)
{
	g_auto(GStrv) globs = g_strsplit(value, ";", -1);
	g_ptr_array_set_size(patterns, 0);
	for (guint i = 0; globs[i] != NULL; i++) {
		if (*g_strstrip(globs[i]) != '\0')
			g_ptr_array_add(patterns, g_pattern_spec_new(globs[i]));
	}
	if (patterns->len > 0)
		return TRUE;
	return pdd_config_value_reject(error, "there is no glob such as *.jtl;*/fio-*.json");
}

static gboolean
read_files(gpointer owner, const char *value, GError **error)
{
	return read_globs(((PddSourceConfig *)owner)->files, value, error);
}

static gboolean
read_jobs(gpointer owner, const char *value, GError **error)
{
	return read_globs(((PddSourceConfig *)owner)->jobs, value, error);
}

static gboolean
read_console(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	self->has_console = g_str_equal(value, "yes");
	if (self->has_console || g_str_equal(value, "no"))
		return TRUE;
	return pdd_config_value_reject(error, "\"%s\" is none of yes, no", value);
}

static gboolean
read_map(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	GPtrArray *rules = pdd_jenkins_rules_new(value, error);
	if (rules == NULL)
		return FALSE;
	g_ptr_array_unref(self->rules);
	self->rules = rules;
	return TRUE;
}

static gboolean
read_repository(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddSourceConfig *)owner)->repository, value);
}

static gboolean
read_preset(gpointer owner, const char *value, GError **error)
{
	g_autoptr(PddIndexShape) trial = pdd_index_shape_new();
	pdd_config_value_set_text(&((PddSourceConfig *)owner)->preset, value);
	return pdd_index_shape_set_preset(trial, value, error);
}

static const PddConfigKey source_keys[] = {
	{"type", read_type},
	{"path", read_path},
	{"layout", read_layout},
	{"labels", read_labels},
	{"parser", read_parser},
	{"url", read_url},
	{"user", read_user},
	{"token-file", read_token_file},
	{"poll-every", read_poll_every},
	{"parallel", read_parallel},
	{"timeout", read_timeout},
	{"first-import", read_first_import},
	{"files", read_files},
	{"jobs", read_jobs},
	{"console", read_console},
	{"map", read_map},
	{"repository", read_repository},
	{"preset", read_preset},
	{NULL, NULL},
};

static void
entry_free(gpointer data)
{
	PddConfigEntry *entry = data;
	g_free(entry->key);
	g_free(entry->file);
	g_free(entry);
}

/* entry is where it begins */
PddSourceConfig *
pdd_config_source_new(const char *name, const PddConfigEntry *entry)
{
	PddSourceConfig *self = g_new0(PddSourceConfig, 1);
	self->name = g_strdup(name);
	self->labels = perfdash_labels_new();
	self->file = g_strdup(entry->file);
	self->line = entry->line;
	self->least = 20 * G_TIME_SPAN_SECOND;
	self->most = 15 * G_TIME_SPAN_MINUTE;
	self->parallel = 4;
	self->timeout = 60;
	self->files = g_ptr_array_new_with_free_func((GDestroyNotify)g_pattern_spec_free);
	self->shape = pdd_index_shape_new();
	self->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)g_pattern_spec_free);
	self->rules = g_ptr_array_new();
	self->entries = g_ptr_array_new_with_free_func(entry_free);
	return self;
}

void
pdd_config_source_free(PddSourceConfig *self)
{
	g_free(self->name);
	g_free(self->type);
	g_free(self->path);
	g_clear_pointer(&self->layout, pdd_source_layout_free);
	perfdash_labels_unref(self->labels);
	g_free(self->parser);
	g_free(self->url);
	g_free(self->location);
	g_free(self->user);
	g_free(self->token_file);
	g_ptr_array_unref(self->files);
	pdd_index_shape_free(self->shape);
	g_ptr_array_unref(self->jobs);
	g_ptr_array_unref(self->rules);
	g_free(self->repository);
	g_ptr_array_unref(self->entries);
	g_free(self->preset);
	g_free(self->file);
	g_free(self);
}

static void
remember(PddSourceConfig *self, const PddConfigEntry *entry)
{
	PddConfigEntry *copy = g_new0(PddConfigEntry, 1);
	copy->key = g_strdup(entry->key);
	copy->file = g_strdup(entry->file);
	copy->line = entry->line;
	g_ptr_array_add(self->entries, copy);
}

void
pdd_config_source_read(PddSourceConfig *self, const PddConfigEntry *entry, GPtrArray *errors)
{
	if (entry->key != NULL)
		remember(self, entry);
	for (guint i = 0; entry->key != NULL && i < PDD_INDEX_N_KEYS; i++) {
		if (g_str_equal(entry->key, pdd_index_keys[i])) {
			pdd_config_value_set_text(&self->shape->paths[i], entry->value);
			return;
		}
	}
	pdd_config_value_read(entry, source_keys, self, errors);
}

static gboolean
matches(GPtrArray *patterns, const char *text)
{
	for (guint i = 0; i < patterns->len; i++) {
		if (g_pattern_spec_match_string(g_ptr_array_index(patterns, i), text))
			return TRUE;
	}
	return patterns->len == 0;
}

/* whether a file is a log, by its path below the source */
gboolean
pdd_config_source_wants_file(const PddSourceConfig *self, const char *path)
{
	return matches(self->files, path);
}

/* by its full name */
gboolean
pdd_config_source_wants_job(const PddSourceConfig *self, const char *name)
{
	return matches(self->jobs, name);
}

static void
check_shape(PddSourceConfig *self, const PddConfigEntry *entry, GPtrArray *errors)
{
	g_autoptr(GError) error = NULL;
	if (self->preset != NULL && !pdd_index_shape_set_preset(self->shape, self->preset, NULL))
		return;
	if (!pdd_index_shape_check(self->shape, &error))
		pdd_config_file_add_error(errors,
					  entry,
					  "[source %s]: %s",
					  self->name,
					  error->message);
}

static gboolean
is_set(PddSourceConfig *self, const char *key)
{
	for (guint i = 0; i < self->entries->len; i++) {
		const PddConfigEntry *entry = g_ptr_array_index(self->entries, i);
		if (g_str_equal(entry->key, key))
			return TRUE;
	}
	return FALSE;
}

/* which types a setting is of; NULL: all */
static const char *
get_types(const char *key)
{
	static const struct {
		const char *types;
		const char *keys[10];
	} rows[] = {
		{"directory", {"path"}},
		{"directory, http", {"layout"}},
		{"http, jenkins",
		 {"url", "user", "token-file", "poll-every", "parallel", "timeout", "files"}},
		{"jenkins", {"first-import", "jobs", "map", "repository", "console"}},
		{"http", {"preset"}},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (g_strv_contains(rows[i].keys, key))
			return rows[i].types;
	}
	for (guint i = 0; i < PDD_INDEX_N_KEYS; i++) {
		if (g_str_equal(pdd_index_keys[i], key))
			return "http";
	}
	return NULL;
}

/* a setting that does nothing is a mistake */
static void
check_types(PddSourceConfig *self, GPtrArray *errors)
{
	for (guint i = 0; i < self->entries->len; i++) {
		const PddConfigEntry *entry = g_ptr_array_index(self->entries, i);
		const char *types = get_types(entry->key);
		if (types != NULL && strstr(types, self->type) == NULL)
			pdd_config_file_add_error(errors,
						  entry,
						  "%s is not of type=%s, but of %s",
						  entry->key,
						  self->type,
						  types);
	}
}

/* what no single setting can be blamed for */
void
pdd_config_source_check(PddSourceConfig *self, GPtrArray *errors)
{
	PddConfigEntry entry = {.file = self->file, .line = self->line};
	if (self->type == NULL)
		self->type = g_strdup("directory");
	gboolean is_local = g_str_equal(self->type, "directory");
	if (is_local ? self->path == NULL : self->url == NULL)
		pdd_config_file_add_error(errors,
					  &entry,
					  "[source %s] has no %s",
					  self->name,
					  is_local ? "path" : "url");
	check_types(self, errors);
	if (self->user != NULL && self->token_file == NULL)
		pdd_config_file_add_error(errors,
					  &entry,
					  "[source %s] has a user and no token-file",
					  self->name);
	/* without artifacts the console is what there is */
	if (!is_set(self, "console"))
		self->has_console = self->files->len == 0;
	if (g_str_equal(self->type, "http"))
		check_shape(self, &entry, errors);
}
