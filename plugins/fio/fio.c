/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* fio's JSON, its text for people and its terse lines. Text may stand before a document; with
 * --status-interval one document follows another, and the last one of a run counts; several forms
 * are printed by --output-format=normal,json, and then JSON counts. */

#include "fio.h"

#include <string.h>

/* a document that is still to be written down, because a later one may take its place */
typedef struct {
	PerfdashRunBuilder *builder;
	JsonParser *document; /* nullable */
	gboolean is_stopped;  /* a signal came before the document */
	gboolean is_cut;      /* it is what is whole of one that was cut off */
	guint line;
	guint n_runs;
	GHashTable *names; /* of the jobs of all documents */
} Documents;

static JsonObject *
get_root(JsonParser *document)
{
	JsonNode *root = json_parser_get_root(document);
	return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static gboolean
write_down(Documents *self, GError **error)
{
	g_autoptr(JsonParser) document = g_steal_pointer(&self->document);
	if (document == NULL)
		return TRUE;
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_line(self->builder, self->line);
	if (self->is_stopped || self->is_cut) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning_literal(self->builder,
							 self->is_cut
								 ? "the last document was cut off"
								 : "fio was stopped by a signal");
	}
	fio_json_add_names(get_root(document), self->names);
	return fio_json_read(get_root(document), self->builder, error);
}

/* fio has a blank before the colon, what formats its JSON anew has not. Another tool's document may
 * stand right before fio's */
static gboolean
is_own(const char *p, const char *end)
{
	const char *name = "\"fio version\"";
	gsize size = MIN(end - p, 4096);
	const char *other = g_strstr_len(p, size, "\n{");
	const char *at = g_strstr_len(p, other != NULL ? other - p : (gssize)size, name);
	if (at == NULL)
		return FALSE;
	for (at += strlen(name); at < end && (*at == ' ' || *at == ':'); at++)
		;
	return end - at > 5 && strncmp(at, "\"fio-", 5) == 0;
}

/* takes the document, of which more may come: a later report of the same run takes its place */
static gboolean
take_document(Documents *self,
	      JsonParser *document,
	      guint line,
	      gboolean is_stopped,
	      GError **error)
{
	if (document == NULL || get_root(document) == NULL)
		return FALSE;
	if (self->document != NULL &&
	    !fio_json_continues(get_root(self->document), get_root(document)) &&
	    !write_down(self, error))
		return FALSE;
	g_set_object(&self->document, document);
	self->is_stopped = is_stopped;
	self->line = line;
	return TRUE;
}

/* of a document that has no end, the jobs that are whole */
static JsonParser *
load_cut(const char *p, gsize size)
{
	gboolean is_cut;
	JsonParser *document = reader_json_load_rows(p, size, "\n    }", "]}", &is_cut, NULL);
	/* a time before each line may have taken one of the blanks */
	if (document == NULL)
		document = reader_json_load_rows(p, size, "\n   }", "]}", &is_cut, NULL);
	return document;
}

/* a document that has no end counts when no other one tells of its run */
static gboolean
take_cut(Documents *self, const char *p, gsize size, guint line, GError **error)
{
	g_autoptr(JsonParser) document = load_cut(p, size);
	JsonObject *root = document != NULL ? get_root(document) : NULL;
	if (self->document != NULL &&
	    (root == NULL || fio_json_continues(get_root(self->document), root))) {
		self->is_cut = TRUE;
		return TRUE;
	}
	if (root != NULL && !take_document(self, document, line, FALSE, error))
		return FALSE;
	self->is_cut = root != NULL;
	if (root != NULL || self->n_runs > 0)
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BROKEN,
		    "the JSON document that begins in line %u has no end: the log was cut off",
		    line);
	return FALSE;
}

static gboolean
begins(const char *p, const char *end, const char *prefix)
{
	gsize length = strlen(prefix);
	return (gsize)(end - p) >= length && memcmp(p, prefix, length) == 0;
}

static guint
count_lines(const char *p, const char *end)
{
	guint n = 0;
	while ((p = memchr(p, '\n', end - p)) != NULL) {
		p++;
		n++;
	}
	return n;
}

/* FALSE with an error; a document that is cut off is none when another is of the same log */
static gboolean
read_documents(Documents *self, const char *text, const char *end, GError **error)
{
	gboolean is_signalled = FALSE;
	guint line = 1;
	for (const char *p = text, *next; p < end; p = next) {
		const char *newline = memchr(p, '\n', end - p);
		next = newline != NULL ? newline + 1 : end;
		if (*p == '{' && is_own(p, end)) {
			gsize size = reader_json_measure(p, end - p);
			if (size == 0)
				return take_cut(self, p, end - p, line, error) &&
				       write_down(self, error);
			g_autoptr(JsonParser) document = reader_json_load(p, size, error);
			if (!take_document(self, document, line, is_signalled, error))
				return FALSE;
			is_signalled = FALSE;
			next = p + size;
		} else if (begins(p, end, "fio: terminating on signal")) {
			is_signalled = TRUE;
		}
		line += count_lines(p, next);
	}
	return write_down(self, error);
}

static gboolean
fio_parser_parse(PerfdashParser *self,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Documents documents = {.builder = builder, .names = names};
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	gboolean read = read_documents(&documents, text, text + size, error);
	g_clear_object(&documents.document);
	if (read)
		fio_text_read(log, builder, names, documents.n_runs);
	return read;
}

PERFDASH_DEFINE_PARSER(FioParser,
		       fio_parser,
		       NULL,
		       fio_parser_parse,
		       "fio",
		       "5",
		       "fio, disks: JSON, text and terse lines",
		       "*fio*.json;*fio*.txt",
		       PERFDASH_PARSER_CONSOLE,
		       "\"fio version\"\n(groupid=\n: (g=0): rw=\n3;fio-\n4;fio-\n5;fio-")
