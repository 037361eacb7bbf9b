/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-parser-loader.h"

#include <gmodule.h>
#include <string.h>

#include "perfdash-error.h"
#include "perfdash-run-private.h"

#define SYMBOL "perfdash_parser_module"

static const char *interpreter; /* of key files, nullable */

static gboolean G_GNUC_PRINTF(3, 4) block(GError **error, const char *path, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *reason = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BLOCKED, "%s: %s", path, reason);
	return FALSE;
}

static gboolean
is_name(const char *name)
{
	return name != NULL && g_ascii_islower(*name) && strlen(name) <= 64 &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static gboolean
check_description(const char *path, const PerfdashParserModule *module, GError **error)
{
	if (module->abi_version != PERFDASH_PARSER_ABI_VERSION)
		return block(error,
			     path,
			     "made for parser ABI %u, this is ABI %u: compile it again",
			     module->abi_version,
			     PERFDASH_PARSER_ABI_VERSION);
	if (module->struct_size != sizeof(PerfdashParserModule))
		return block(error,
			     path,
			     "its descriptor has %u bytes, not %" G_GSIZE_FORMAT
			     ": compile it again",
			     module->struct_size,
			     sizeof(PerfdashParserModule));
	if (!is_name(module->name))
		return block(error, path, "its name is not [a-z][a-z0-9-]*");
	if (module->version == NULL || module->description == NULL || module->globs == NULL ||
	    module->get_type == NULL)
		return block(error,
			     path,
			     "its descriptor lacks version, description, globs or type");
	return TRUE;
}

/* The type is asked for once: one that could not be registered would wait for itself for ever. */
static gboolean
check_module(const char *path, const PerfdashParserModule *module, GType *type, GError **error)
{
	if (!check_description(path, module, error))
		return FALSE;
	*type = module->get_type();
	if (*type == G_TYPE_INVALID)
		return block(error,
			     path,
			     "its type has the name of another module's type: rename it, or remove "
			     "the copy");
	if (!g_type_is_a(*type, PERFDASH_TYPE_PARSER))
		return block(error, path, "its type is not derived from PerfdashParser");
	return TRUE;
}

static const PerfdashParserModule *
open_module(const char *path, GType *type, GError **error)
{
	gpointer symbol = NULL;
	GModule *module = g_module_open(path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
	if (module == NULL) {
		block(error, path, "cannot be loaded: %s", g_module_error());
		return NULL;
	}
	/* types of a module can never go away */
	g_module_make_resident(module);
	if (!g_module_symbol(module, SYMBOL, &symbol) || symbol == NULL) {
		block(error, path, "has no symbol " SYMBOL);
		return NULL;
	}
	return check_module(path, symbol, type, error) ? symbol : NULL;
}

static PerfdashParser *
open_key_file(const char *path, PerfdashParserModule *described, GError **error)
{
	GType type;
	if (interpreter == NULL) {
		block(error, path, "there is no module that reads key files");
		return NULL;
	}
	const PerfdashParserModule *module = open_module(interpreter, &type, error);
	if (module == NULL)
		return NULL;
	if (module->open_key_file == NULL) {
		block(error, interpreter, "does not read key files");
		return NULL;
	}
	*described = *module;
	g_autoptr(PerfdashParser) parser = module->open_key_file(path, described, error);
	return parser != NULL && check_description(path, described, error)
		       ? g_steal_pointer(&parser)
		       : NULL;
}

void
perfdash_parser_loader_set_interpreter(const char *path)
{
	interpreter = path;
}

PerfdashParser *
perfdash_parser_loader_open(const char *path, PerfdashParserModule *described, GError **error)
{
	if (g_str_has_suffix(path, PERFDASH_KEY_FILE_SUFFIX))
		return open_key_file(path, described, error);
	GType type;
	const PerfdashParserModule *module = open_module(path, &type, error);
	if (module == NULL)
		return NULL;
	*described = *module;
	return g_object_new(type, NULL);
}

/* an error of a parser is of the log, whatever its domain was; what it says of limits and
 * recognition is believed */
static void
propagate_parser_error(GError **error, GError *parser_error, const char *parser_name)
{
	PerfdashError code = PERFDASH_ERROR_BROKEN;
	if (g_error_matches(parser_error, PERFDASH_ERROR, PERFDASH_ERROR_UNREADABLE) ||
	    g_error_matches(parser_error, PERFDASH_ERROR, PERFDASH_ERROR_OVER_LIMIT))
		code = parser_error->code;
	g_set_error(error, PERFDASH_ERROR, code, "%s: %s", parser_name, parser_error->message);
	g_error_free(parser_error);
}

GPtrArray *
perfdash_parser_loader_read(PerfdashParser *parser,
			    const char *parser_name,
			    const char *log_name,
			    GBytes *log,
			    gsize *rest,
			    GError **error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	g_autoptr(GPtrArray) runs = NULL;
	GError *local = NULL;
	if (perfdash_parser_parse(parser, log_name, log, builder, &local))
		runs = perfdash_run_builder_end(builder, &local);
	else if (local == NULL)
		local = g_error_new(PERFDASH_ERROR, PERFDASH_ERROR_BROKEN, "gave no reason");
	if (runs == NULL) {
		propagate_parser_error(error, local, parser_name);
		return NULL;
	}
	if (rest != NULL)
		*rest = MIN(perfdash_run_builder_get_rest(builder), g_bytes_get_size(log));
	for (guint i = 0; i < runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(runs, i);
		g_free(run->parser);
		run->parser = g_strdup(parser_name);
	}
	return g_steal_pointer(&runs);
}
