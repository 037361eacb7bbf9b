/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fio's JSON and its text for people. Text may stand before a document; with --status-interval one
 * document follows another, and the last one of a run counts; both forms are printed by
 * --output-format=normal,json, and then JSON counts. */

#include "fio.h"

#include <string.h>

/* a document that is still to be written down, because a later one may take its place */
typedef struct {
	PerfdashRunBuilder *builder;
	JsonParser *document; /* nullable */
	guint line;
	guint n_runs;
} Documents;

static JsonObject *
get_root(JsonParser *document)
{
	JsonNode *root = json_parser_get_root(document);
	return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static gboolean
write_down(Documents *self, gboolean is_stopped, const char *why, GError **error)
{
	g_autoptr(JsonParser) document = g_steal_pointer(&self->document);
	if (document == NULL)
		return TRUE;
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_line(self->builder, self->line);
	if (is_stopped) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning_literal(self->builder, why);
	}
	return fio_json_read(get_root(document), self->builder, error);
}

/* the line with which a document ends, behind its brace, or NULL */
static const char *
find_end(const char *p, const char *end)
{
	const char *close = g_strstr_len(p, end - p, "\n}");
	while (close != NULL && close + 2 < end && !g_ascii_isspace(close[2]))
		close = g_strstr_len(close + 2, end - close - 2, "\n}");
	return close != NULL ? close + 2 : NULL;
}

static gboolean
is_own(const char *p, const char *end)
{
	/* the blank before the colon is fio's alone */
	return g_strstr_len(p, MIN(end - p, 4096), "\"fio version\" : \"fio-") != NULL;
}

static gboolean
take_document(Documents *self, const char *p, gsize size, guint line, GError **error)
{
	g_autoptr(JsonParser) document = reader_json_load(p, size, error);
	if (document == NULL || get_root(document) == NULL)
		return FALSE;
	if (self->document != NULL &&
	    !fio_json_continues(get_root(self->document), get_root(document)) &&
	    !write_down(self, FALSE, NULL, error))
		return FALSE;
	g_set_object(&self->document, document);
	self->line = line;
	return TRUE;
}

/* FALSE with an error; a document that is cut off is none when another is of the same log */
static gboolean
read_documents(Documents *self, const char *text, const char *end, GError **error)
{
	gboolean is_signalled = FALSE;
	gboolean is_cut = FALSE;
	guint line = 1;
	for (const char *p = text, *next; p < end; p = next) {
		const char *newline = memchr(p, '\n', end - p);
		next = newline != NULL ? newline + 1 : end;
		if (*p == '{' && is_own(p, end)) {
			const char *behind = find_end(p, end);
			is_cut = behind == NULL;
			if (is_cut)
				break;
			if (!take_document(self, p, behind - p, line, error))
				return FALSE;
			next = behind;
			newline = NULL;
			for (; p < behind; p++)
				line += *p == '\n';
		} else if (g_str_has_prefix(p, "fio: terminating on signal")) {
			is_signalled = TRUE;
		}
		line += newline != NULL;
	}
	if (is_cut && self->document == NULL && self->n_runs == 0) {
		g_set_error(
			error,
			PERFDASH_ERROR,
			PERFDASH_ERROR_BROKEN,
			"the JSON document that begins in line %u has no end: the log was cut off",
			line);
		return FALSE;
	}
	return write_down(self,
			  is_cut || is_signalled,
			  is_cut ? "the last document was cut off" : "fio was stopped by a signal",
			  error);
}

static gboolean
fio_parser_parse(PerfdashParser *self,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	Documents documents = {builder, NULL, 0, 0};
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	gboolean read = read_documents(&documents, text, text + size, error);
	g_clear_object(&documents.document);
	if (read && documents.n_runs == 0)
		fio_text_read(log, builder);
	return read;
}

PERFDASH_DEFINE_PARSER(FioParser,
		       fio_parser,
		       NULL,
		       fio_parser_parse,
		       "fio",
		       "1",
		       "fio, disks: JSON and text",
		       "*fio*.json;*fio*.txt",
		       PERFDASH_PARSER_CONSOLE,
		       "\"fio version\" : \"fio-\n(groupid=")
