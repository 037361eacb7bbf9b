/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every key stands in a table with the function that reads its value. Whatever is not in the
 * tables is an error, and all errors are found before one is reported. */

#include "pdd-config.h"

#include <string.h>

#include "pdd-config-value.h"

static gboolean
read_listen(gpointer owner, const char *value, GError **error)
{
	PddConfig *self = owner;
	guint64 port;
	const char *colon = strrchr(value, ':');
	g_autofree char *host = colon != NULL ? g_strndup(value, colon - value) : g_strdup("");
	gsize length = strlen(host);
	if (*host == '[' && host[length - 1] == ']') {
		host[length - 1] = '\0';
		memmove(host, host + 1, length - 1);
	}
	if (g_str_equal(host, "localhost"))
		pdd_config_value_set_text(&host, "127.0.0.1");
	if (colon == NULL || !g_hostname_is_ip_address(host) ||
	    !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
		return pdd_config_value_reject(
			error,
			"\"%s\" is not ADDRESS:PORT, such as 127.0.0.1:8731 or [::1]:8731",
			value);
	self->port = port;
	return pdd_config_value_set_text(&self->address, host);
}

static gboolean
read_data_dir(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_path(&((PddConfig *)owner)->data_dir, value, error);
}

static gboolean
read_title(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddConfig *)owner)->title, value);
}

static gboolean
read_notice(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddConfig *)owner)->notice, value);
}

static gboolean
read_parser_path(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddConfig *)owner)->parser_path, value);
}

static gboolean
read_worker(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_path(&((PddConfig *)owner)->worker, value, error);
}

static gboolean
read_hostnames(gpointer owner, const char *value, GError **error)
{
	PddConfig *self = owner;
	g_strfreev(self->hostnames);
	self->hostnames = g_strsplit(value, ";", -1);
	for (guint i = 0; self->hostnames[i] != NULL; i++)
		g_strstrip(self->hostnames[i]);
	return TRUE;
}

static gboolean
read_max_log_size(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_size(&((PddConfig *)owner)->max_log_size, value, error);
}

static gboolean
read_cache_size(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_size(&((PddConfig *)owner)->cache_size, value, error);
}

#define MAX_PARSE_TIMEOUT (10 * 60 * 1000) /* milliseconds */

static gboolean
read_parse_timeout(gpointer owner, const char *value, GError **error)
{
	PddConfig *self = owner;
	char *end;
	guint64 number = g_ascii_strtoull(value, &end, 10);
	guint64 factor = g_str_equal(end, "ms")                          ? 1
			 : g_str_equal(end, "s") || g_str_equal(end, "") ? 1000
			 : g_str_equal(end, "min")                       ? 60000
									 : 0;
	if (!g_ascii_isdigit(*value) || factor == 0 || number == 0 ||
	    number > MAX_PARSE_TIMEOUT / factor)
		return pdd_config_value_reject(error,
					       "\"%s\" is not a time such as 60s, up to 10min",
					       value);
	self->parse_timeout = number * factor;
	return TRUE;
}

static gboolean
read_new_for(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_days(&((PddConfig *)owner)->new_for, value, error);
}

static gboolean
read_logs_age(gpointer owner, const char *value, GError **error)
{
	PddConfig *self = owner;
	if (!pdd_config_value_set_days(&self->logs_age, value, error))
		return FALSE;
	return self->logs_age != 0 ||
	       pdd_config_value_reject(error, "\"%s\" would keep no log", value);
}

static gboolean
read_logs_quota(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_size(&((PddConfig *)owner)->logs_quota, value, error);
}

static gboolean
read_auth(gpointer owner, const char *value, GError **error)
{
	PddConfig *self = owner;
	self->auth = g_str_equal(value, "open") ? PDD_AUTH_OPEN : PDD_AUTH_TOKENS;
	if (self->auth != PDD_AUTH_OPEN && !g_str_equal(value, "tokens"))
		return pdd_config_value_reject(error, "\"%s\" is none of tokens, open", value);
	return TRUE;
}

static gboolean
read_control(gpointer owner, const char *value, GError **error)
{
	PddConfig *self = owner;
	g_auto(GStrv) texts = g_strsplit(value, ";", -1);
	g_ptr_array_set_size(self->controls, 0);
	for (guint i = 0; texts[i] != NULL; i++) {
		PerfdashSelector *selector = perfdash_selector_parse(texts[i], error);
		if (selector == NULL)
			return FALSE;
		g_ptr_array_add(self->controls, selector);
	}
	return TRUE;
}

static gboolean
read_sandbox(gpointer owner, const char *value, GError **error)
{
	PddConfig *self = owner;
	self->no_sandbox = g_str_equal(value, "no");
	if (!self->no_sandbox && !g_str_equal(value, "yes"))
		return pdd_config_value_reject(error, "\"%s\" is none of yes, no", value);
	return TRUE;
}

static const PddConfigKey daemon_keys[] = {
	{"listen", read_listen},
	{"data-dir", read_data_dir},
	{"title", read_title},
	{"notice", read_notice},
	{"parser-path", read_parser_path},
	{"worker", read_worker},
	{"hostnames", read_hostnames},
	{"max-log-size", read_max_log_size},
	{"cache-size", read_cache_size},
	{"parse-timeout", read_parse_timeout},
	{"new-for", read_new_for},
	{"logs-quota", read_logs_quota},
	{"logs-age", read_logs_age},
	{"control", read_control},
	{"sandbox", read_sandbox},
	{"auth", read_auth},
	{NULL, NULL},
};

static PddSourceConfig *
find_source(PddConfig *self, const PddConfigEntry *entry, const char *name)
{
	for (guint i = 0; i < self->sources->len; i++) {
		PddSourceConfig *source = g_ptr_array_index(self->sources, i);
		if (g_str_equal(source->name, name))
			return source;
	}
	g_ptr_array_add(self->sources, pdd_config_source_new(name, entry));
	return g_ptr_array_index(self->sources, self->sources->len - 1);
}

static void
read_group_entry(PddConfig *self, const PddConfigEntry *entry, GPtrArray *errors)
{
	const char *name;
	if (g_str_equal(entry->group, "daemon")) {
		pdd_config_value_read(entry, daemon_keys, self, errors);
	} else if (g_str_has_prefix(entry->group, "source ")) {
		name = pdd_config_value_get_name(entry, "source", errors);
		if (name != NULL)
			pdd_config_source_read(find_source(self, entry, name), entry, errors);
	} else if (!g_str_has_prefix(entry->group, "budget ") && entry->key == NULL) {
		pdd_config_file_add_error(errors,
					  entry,
					  "unknown group [%s]: there are [daemon], [source NAME] "
					  "and [budget NAME]",
					  entry->group);
	}
}

/* the configuration, which is whole only when there are no errors, each a line for people */
PddConfig *
pdd_config_load(const char *path, GPtrArray *errors)
{
	PddConfig *self = g_new0(PddConfig, 1);
	self->address = g_strdup("127.0.0.1");
	self->port = 8731;
	self->data_dir = g_strdup("/var/lib/perfdash");
	self->title = g_strdup("perfdash");
	self->notice = g_strdup("");
	self->max_log_size = G_GUINT64_CONSTANT(2) << 30;
	self->cache_size = 16 << 20;
	self->parse_timeout = 60 * 1000;
	self->new_for = PERFDASH_NEW_FOR;
	self->controls = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_selector_unref);
	self->sources = g_ptr_array_new_with_free_func((GDestroyNotify)pdd_config_source_free);
	g_autoptr(GPtrArray) entries = pdd_config_file_read(path, errors);
	for (guint i = 0; i < entries->len; i++)
		read_group_entry(self, g_ptr_array_index(entries, i), errors);
	self->budgets = pdd_config_budget_collect(entries, errors);
	for (guint i = 0; i < self->sources->len; i++)
		pdd_config_source_check(g_ptr_array_index(self->sources, i), errors);
	return self;
}

void
pdd_config_free(PddConfig *self)
{
	g_free(self->address);
	g_free(self->data_dir);
	g_free(self->title);
	g_free(self->notice);
	g_free(self->parser_path);
	g_free(self->worker);
	g_strfreev(self->hostnames);
	g_ptr_array_unref(self->controls);
	g_ptr_array_unref(self->sources);
	g_ptr_array_unref(self->budgets);
	g_free(self);
}
