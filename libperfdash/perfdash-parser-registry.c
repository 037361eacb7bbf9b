/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which parsers there are: modules, and key files that one of our modules interprets. All are
 * described by a worker, so no code of theirs runs in this process; one that crashes the worker is
 * found by describing them one by one, and blocked. */

#include "perfdash-parser-registry-private.h"

#include <gio/gio.h>
#include <string.h>

#include "perfdash-error.h"
#include "perfdash-parser-loader.h"
#include "perfdash-parser-process.h"
#include "worker/perfdash-worker-protocol.h"

#define DESCRIBE_TIMEOUT 10000 /* milliseconds */
#define MODULE_SUFFIX    ".so"
#define INTERPRETER      "key-file" MODULE_SUFFIX

struct _PerfdashParserRegistry {
	GObject parent_instance;
	GMutex lock;        /* of parsers */
	GPtrArray *parsers; /* of PerfdashParserInfo, by name */
	char *interpreter;  /* module that reads key files, or "" */
};

G_DEFINE_FINAL_TYPE(PerfdashParserRegistry, perfdash_parser_registry, G_TYPE_OBJECT)

static int
compare_infos(gconstpointer a, gconstpointer b)
{
	const PerfdashParserInfo *left = *(PerfdashParserInfo *const *)a;
	const PerfdashParserInfo *right = *(PerfdashParserInfo *const *)b;
	int order = strcmp(left->name, right->name);
	return order != 0 ? order : strcmp(left->path, right->path);
}

static PerfdashParserInfo *
find_usable(PerfdashParserRegistry *self, const char *name)
{
	for (guint i = 0; i < self->parsers->len; i++) {
		PerfdashParserInfo *info = g_ptr_array_index(self->parsers, i);
		if (info->blocked == NULL && g_str_equal(info->name, name))
			return info;
	}
	return NULL;
}

/* the first parser of a name counts, as the first of a search path does */
static void
add_info(PerfdashParserRegistry *self, PerfdashParserInfo *info)
{
	PerfdashParserInfo *first = info->blocked == NULL ? find_usable(self, info->name) : NULL;
	if (first != NULL)
		info->blocked = g_strdup_printf("%s: %s has that name, too",
						info->path,
						first->path);
	g_ptr_array_add(self->parsers, info);
}

static PerfdashParserInfo *
info_new_blocked(const char *path, const char *reason)
{
	g_autofree char *name = g_path_get_basename(path);
	char *ending = strrchr(name, '.');
	if (ending != NULL)
		*ending = '\0';
	PerfdashParserInfo *info = perfdash_parser_info_new(name, "", "", path);
	info->blocked = g_strdup(reason);
	return info;
}

static PerfdashParserInfo *
info_new_described(GVariant *description)
{
	const char *path;
	const char *name;
	const char *version;
	const char *text;
	const char *globs;
	const char *marks;
	const char *reason;
	guint kind;
	g_variant_get(description,
		      "(&s&s&s&s&su&s&s)",
		      &path,
		      &name,
		      &version,
		      &text,
		      &globs,
		      &kind,
		      &marks,
		      &reason);
	if (*reason != '\0')
		return info_new_blocked(path, reason);
	PerfdashParserInfo *info = perfdash_parser_info_new(name, version, text, path);
	g_strfreev(info->globs);
	info->kind = kind;
	info->marks = g_strdup(marks);
	info->globs = *globs != '\0' ? g_strsplit(globs, ";", -1) : g_new0(char *, 1);
	return info;
}

static GVariant *
describe(PerfdashParserRegistry *self, GPtrArray *paths, guint first, guint n, GError **error)
{
	g_autoptr(GPtrArray) arguments = g_ptr_array_new();
	if (*self->interpreter != '\0') {
		g_ptr_array_add(arguments, (char *)"--interpreter");
		g_ptr_array_add(arguments, self->interpreter);
	}
	g_ptr_array_add(arguments, (char *)"--describe");
	for (guint i = first; i < first + n; i++)
		g_ptr_array_add(arguments, g_ptr_array_index(paths, i));
	g_ptr_array_add(arguments, NULL);
	return perfdash_parser_process_run((const char *const *)arguments->pdata,
					   -1,
					   -1,
					   PERFDASH_DESCRIPTION_TYPE,
					   DESCRIBE_TIMEOUT,
					   NULL,
					   error);
}

static void
add_all_described(PerfdashParserRegistry *self, GVariant *descriptions)
{
	for (gsize i = 0; i < g_variant_n_children(descriptions); i++) {
		g_autoptr(GVariant) one = g_variant_get_child_value(descriptions, i);
		add_info(self, info_new_described(one));
	}
}

/* FALSE only when no worker can be run */
static gboolean
add_modules(PerfdashParserRegistry *self, GPtrArray *paths, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GVariant) all = paths->len > 0 ? describe(self, paths, 0, paths->len, &local)
						 : NULL;
	if (all != NULL) {
		add_all_described(self, all);
		return TRUE;
	}
	for (guint i = 0; i < paths->len; i++) {
		if (g_error_matches(local, PERFDASH_ERROR, PERFDASH_ERROR_IO)) {
			g_propagate_error(error, g_steal_pointer(&local));
			return FALSE;
		}
		g_clear_error(&local);
		g_autoptr(GVariant) one = describe(self, paths, i, 1, &local);
		if (one != NULL)
			add_all_described(self, one);
		else
			add_info(self,
				 info_new_blocked(g_ptr_array_index(paths, i), local->message));
	}
	return TRUE;
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean
is_parser(const char *name)
{
	return g_str_has_suffix(name, MODULE_SUFFIX) ||
	       g_str_has_suffix(name, PERFDASH_KEY_FILE_SUFFIX);
}

/* modules and key files of a directory and of its folders, as a build tree has them */
static void
find_parsers(const char *directory, guint depth, GPtrArray *paths)
{
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	const char *name;
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		if (depth == 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
			find_parsers(path, depth + 1, paths);
		else if (is_parser(name) && g_file_test(path, G_FILE_TEST_IS_REGULAR))
			g_ptr_array_add(paths, g_steal_pointer(&path));
	}
}

/* the one of the search path, else the one that is installed */
static char *
find_interpreter(GPtrArray *paths)
{
	g_autofree char *installed = g_build_filename(PERFDASH_PLUGINDIR, INTERPRETER, NULL);
	for (guint i = 0; i < paths->len; i++) {
		if (g_str_has_suffix(g_ptr_array_index(paths, i), G_DIR_SEPARATOR_S INTERPRETER))
			return g_strdup(g_ptr_array_index(paths, i));
	}
	return g_file_test(installed, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&installed)
							      : g_strdup("");
}

static void
add_directory(const char *directory, GPtrArray *paths)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	g_autofree char *absolute = g_canonicalize_filename(directory, NULL);
	find_parsers(absolute, 0, found);
	g_ptr_array_sort(found, compare_paths);
	g_ptr_array_extend_and_steal(paths, g_steal_pointer(&found));
}

static gboolean
scan(PerfdashParserRegistry *self, const char *search_path, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) directories = g_strsplit(search_path, ":", -1);
	for (guint i = 0; directories[i] != NULL; i++) {
		if (*directories[i] != '\0') {
			add_directory(directories[i], paths);
			continue;
		}
		add_directory(PERFDASH_SYSCONFDIR "/perfdash/parsers", paths);
		add_directory(PERFDASH_PLUGINDIR, paths);
	}
	self->interpreter = find_interpreter(paths);
	if (!add_modules(self, paths, error))
		return FALSE;
	g_ptr_array_sort(self->parsers, compare_infos);
	return TRUE;
}

/**
 * perfdash_parser_registry_list:
 * @self: a #PerfdashParserRegistry
 *
 * Returns: (transfer container) (element-type PerfdashParserInfo): all parsers by name, those that
 * are blocked too
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_parser_registry_list(PerfdashParserRegistry *self)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER_REGISTRY(self), NULL);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	GPtrArray *list = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_parser_info_unref);
	for (guint i = 0; i < self->parsers->len; i++)
		g_ptr_array_add(list,
				perfdash_parser_info_ref(g_ptr_array_index(self->parsers, i)));
	return list;
}

/**
 * perfdash_parser_registry_lookup:
 * @self: a #PerfdashParserRegistry
 * @name: name of a parser
 *
 * Returns: (transfer full) (nullable): the parser of that name that can be used, or %NULL
 *
 * Since: 0.1
 */
PerfdashParserInfo *
perfdash_parser_registry_lookup(PerfdashParserRegistry *self, const char *name)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER_REGISTRY(self) && name != NULL, NULL);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	PerfdashParserInfo *info = find_usable(self, name);
	return info != NULL ? perfdash_parser_info_ref(info) : NULL;
}

/**
 * perfdash_parser_registry_add:
 * @self: a #PerfdashParserRegistry
 * @name: name of the parser
 * @parser: a parser
 *
 * Adds a parser that reads logs in this process, without the protection that a worker gives. It is
 * asked before modules are.
 *
 * Since: 0.1
 */
void
perfdash_parser_registry_add(PerfdashParserRegistry *self, const char *name, PerfdashParser *parser)
{
	g_return_if_fail(PERFDASH_IS_PARSER_REGISTRY(self) && name != NULL);
	g_return_if_fail(PERFDASH_IS_PARSER(parser));
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	PerfdashParserInfo *info = perfdash_parser_info_new(name, "", "", "");
	info->kind = PERFDASH_PARSER_DOCUMENT;
	info->parser = g_object_ref(parser);
	g_ptr_array_insert(self->parsers, 0, info);
}

/**
 * perfdash_parser_registry_add_file:
 * @self: a #PerfdashParserRegistry
 * @path: a module or a key file that is in no directory of the search path
 * @error: return location for an error, or %NULL
 *
 * Adds a parser to be tried. It is the one of its name from now on. Blocks for some milliseconds.
 *
 * Returns: (transfer full): what the parser says of itself, or %NULL with %PERFDASH_ERROR_BLOCKED,
 * which says why it cannot be used, or %PERFDASH_ERROR_IO when no worker can be run
 *
 * Since: 0.1
 */
PerfdashParserInfo *
perfdash_parser_registry_add_file(PerfdashParserRegistry *self, const char *path, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_PARSER_REGISTRY(self) && path != NULL, NULL);
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(paths, g_canonicalize_filename(path, NULL));
	g_autoptr(GVariant) descriptions = describe(self, paths, 0, 1, error);
	if (descriptions == NULL)
		return NULL;
	g_autoptr(GVariant) one = g_variant_get_child_value(descriptions, 0);
	g_autoptr(PerfdashParserInfo) info = info_new_described(one);
	if (info->blocked != NULL) {
		g_set_error_literal(error, PERFDASH_ERROR, PERFDASH_ERROR_BLOCKED, info->blocked);
		return NULL;
	}
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_ptr_array_insert(self->parsers, 0, perfdash_parser_info_ref(info));
	return g_steal_pointer(&info);
}

const char *
perfdash_parser_registry_get_interpreter(PerfdashParserRegistry *self)
{
	return self->interpreter;
}

static void
perfdash_parser_registry_finalize(GObject *object)
{
	PerfdashParserRegistry *self = PERFDASH_PARSER_REGISTRY(object);
	g_free(self->interpreter);
	g_ptr_array_unref(self->parsers);
	g_mutex_clear(&self->lock);
	G_OBJECT_CLASS(perfdash_parser_registry_parent_class)->finalize(object);
}

static void
perfdash_parser_registry_class_init(PerfdashParserRegistryClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_parser_registry_finalize;
}

static void
perfdash_parser_registry_init(PerfdashParserRegistry *self)
{
	g_mutex_init(&self->lock);
	self->parsers = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_parser_info_unref);
}

/**
 * perfdash_parser_registry_new:
 * @search_path: (nullable): directories to look for modules and key files in, separated by `:`;
 * %NULL for `$PERFDASH_PARSER_PATH`. An empty one, or none, stands for the administrator's,
 * `/etc/perfdash/parsers`, and the one where modules are installed
 * @error: return location for an error, or %NULL
 *
 * Finds and describes modules and key files. Blocks for some milliseconds.
 *
 * Returns: (transfer full): a registry, which may be used from any thread, or %NULL with
 * %PERFDASH_ERROR_IO when no worker can be run
 *
 * Since: 0.1
 */
PerfdashParserRegistry *
perfdash_parser_registry_new(const char *search_path, GError **error)
{
	g_autoptr(PerfdashParserRegistry) self = g_object_new(PERFDASH_TYPE_PARSER_REGISTRY, NULL);
	if (search_path == NULL)
		search_path = g_getenv("PERFDASH_PARSER_PATH");
	if (search_path == NULL || *search_path == '\0')
		search_path = ":";
	return scan(self, search_path, error) ? g_steal_pointer(&self) : NULL;
}
