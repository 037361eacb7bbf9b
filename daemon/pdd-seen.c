/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which files of a source are in the store, so that a start does not fetch, copy and hash all of
 * them again. It is a hint in a text file, one line added for each file taken in:
 *
 *   perfdash-seen 1 UUID-OF-THE-STORE
 *   DIGEST-ORIGIN SIZE MODIFIED-AT TAKEN-AT FAILED FILE
 *
 * A line counts only while the store has its log, so a store that was restored or begun anew gets
 * what it lacks. Lines of older versions have no origin. A line with - alone says that all files of
 * a batch are there, and counts only while all other lines do. Losing the file, or a line of it,
 * costs time and nothing else. */

#include "pdd-seen.h"

#include <stdio.h>
#include <string.h>

#include "pdd-unread.h"

typedef struct {
	PddFileState state;
	char *failed; /* nullable: identity of the log, when it could not be read */
} Entry;

struct _PddSeen {
	char *path;
	PerfdashStore *store;
	GHashTable *entries; /* file -> Entry */
	GHashTable *whole;   /* batch -> Entry */
	guint n_failed;
	guint n_reparsed; /* when those that had failed were looked at */
	PddUnread unread;
	gint64 last_read; /* microseconds since 1970 UTC */
	FILE *out;        /* nullable: what is seen is remembered only while this lives */
};

static void
entry_free(gpointer data)
{
	Entry *entry = data;
	g_free(entry->failed);
	g_free(entry);
}

/* failed is nullable: the identity of a log that could not be read */
static void
put(PddSeen *self, const char *file, const PddFileState *state, const char *failed)
{
	Entry *old = g_hash_table_lookup(self->entries, file);
	Entry *entry = g_new0(Entry, 1);
	if (old != NULL && old->failed != NULL)
		self->n_failed--;
	if (failed != NULL)
		self->n_failed++;
	pdd_unread_add(&self->unread, failed == NULL);
	entry->state = *state;
	entry->failed = g_strdup(failed);
	g_hash_table_replace(self->entries, g_strdup(file), entry);
}

static void
put_whole(PddSeen *self, const char *batch, const PddFileState *state)
{
	Entry *entry = g_new0(Entry, 1);
	entry->state = *state;
	g_hash_table_replace(self->whole, g_strdup(batch), entry);
}

/* nullable */
static PerfdashLogRecord *
find_log(PddSeen *self, const char *identity)
{
	g_auto(GStrv) parts = g_strsplit(identity, "-", 2);
	return perfdash_store_find_log(self->store, parts[0], parts[1], NULL);
}

/* whether the line is of use still */
static gboolean
read_line(PddSeen *self, const char *line)
{
	PddFileState state = {0};
	char identity[100];
	gint64 taken_at;
	int has_failed;
	int start = 0;
	if (sscanf(line,
		   "%99[-0-9a-f] %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
		   " %d %n",
		   identity,
		   &state.size,
		   &state.modified_at,
		   &taken_at,
		   &has_failed,
		   &start) < 5 ||
	    start == 0 || line[start] == '\0')
		return FALSE;
	g_autofree char *file = g_strcompress(line + start);
	if (g_str_equal(identity, "-")) {
		put_whole(self, file, &state);
		return TRUE;
	}
	g_autoptr(PerfdashLogRecord) record = find_log(self, identity);
	if (record == NULL)
		return FALSE;
	/* it may have been parsed again since */
	put(self, file, &state, perfdash_log_record_get_error(record) != NULL ? identity : NULL);
	self->last_read = MAX(self->last_read, taken_at);
	return TRUE;
}

static char *
head_line(PddSeen *self)
{
	return g_strdup_printf("perfdash-seen 1 %s", perfdash_store_get_uuid(self->store));
}

static char *
format_whole(const char *batch, const PddFileState *state)
{
	g_autofree char *escaped = g_strescape(batch, NULL);
	return g_strdup_printf("- %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " 0 0 %s\n",
			       state->size,
			       state->modified_at,
			       escaped);
}

/* one line for each batch, whatever there was before */
static void
append_whole(PddSeen *self, GString *lines)
{
	GHashTableIter iter;
	gpointer batch;
	gpointer entry;
	g_hash_table_iter_init(&iter, self->whole);
	while (g_hash_table_iter_next(&iter, &batch, &entry)) {
		g_autofree char *line = format_whole(batch, &((Entry *)entry)->state);
		g_string_append(lines, line);
	}
}

/* the lines that are of use, with their head, or NULL */
static char *
read_lines(PddSeen *self)
{
	g_autofree char *text = NULL;
	g_autofree char *head = head_line(self);
	if (!g_file_get_contents(self->path, &text, NULL, NULL))
		return NULL;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	if (g_strcmp0(lines[0], head) != 0)
		return NULL;
	GString *useful = g_string_new(head);
	gboolean has_all = TRUE;
	g_string_append_c(useful, '\n');
	for (guint i = 1; lines[i] != NULL; i++) {
		gboolean is_useful = read_line(self, lines[i]);
		if (is_useful && *lines[i] != '-')
			g_string_append_printf(useful, "%s\n", lines[i]);
		has_all &= is_useful || *lines[i] == '\0';
	}
	if (!has_all)
		g_hash_table_remove_all(self->whole);
	append_whole(self, useful);
	return g_string_free(useful, FALSE);
}

/* a table that lives in the file at path, as far as that is of this store; only the thread that
 * loads it may use it */
PddSeen *
pdd_seen_load(const char *path, PerfdashStore *store)
{
	PddSeen *self = g_new0(PddSeen, 1);
	g_autoptr(GError) error = NULL;
	self->path = g_strdup(path);
	self->store = g_object_ref(store);
	self->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
	self->whole = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
	g_autofree char *text = read_lines(self);
	if (text == NULL) {
		g_autofree char *head = head_line(self);
		text = g_strconcat(head, "\n", NULL);
	}
	if (g_file_set_contents(path, text, -1, &error))
		self->out = fopen(path, "ae");
	if (self->out == NULL)
		g_warning("failed to write %s: %s",
			  path,
			  error != NULL ? error->message : "it cannot be opened");
	return self;
}

void
pdd_seen_free(PddSeen *self)
{
	if (self->out != NULL)
		fclose(self->out);
	g_free(self->path);
	g_object_unref(self->store);
	g_hash_table_unref(self->entries);
	g_hash_table_unref(self->whole);
	g_free(self);
}

gboolean
pdd_seen_contains(PddSeen *self, const char *file, const PddFileState *state)
{
	const Entry *entry = g_hash_table_lookup(self->entries, file);
	return entry != NULL && pdd_file_state_equal(&entry->state, state);
}

void
pdd_seen_add(PddSeen *self, const char *file, const PddFileState *state, PerfdashLogRecord *record)
{
	gboolean has_failed = perfdash_log_record_get_error(record) != NULL;
	g_autofree char *identity = perfdash_log_record_dup_identity(record);
	g_autofree char *escaped = g_strescape(file, NULL);
	put(self, file, state, has_failed ? identity : NULL);
	self->last_read = g_get_real_time();
	if (self->out == NULL)
		return;
	fprintf(self->out,
		"%s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %s\n",
		identity,
		state->size,
		state->modified_at,
		self->last_read,
		has_failed,
		escaped);
	fflush(self->out);
}

/* the state in which all files of a batch were there, if they ever were */
gboolean
pdd_seen_get_whole(PddSeen *self, const char *batch, PddFileState *state)
{
	const Entry *entry = g_hash_table_lookup(self->whole, batch);
	if (entry != NULL)
		*state = entry->state;
	return entry != NULL;
}

/* all files of a batch are there */
void
pdd_seen_add_whole(PddSeen *self, const char *batch, const PddFileState *state)
{
	g_autofree char *line = format_whole(batch, state);
	put_whole(self, batch, state);
	if (self->out == NULL)
		return;
	fputs(line, self->out);
	fflush(self->out);
}

/* whether a file whose name begins so could be read; looks at all of them */
gboolean
pdd_seen_has_read(PddSeen *self, const char *prefix)
{
	GHashTableIter iter;
	gpointer file;
	gpointer entry;
	g_hash_table_iter_init(&iter, self->entries);
	while (g_hash_table_iter_next(&iter, &file, &entry)) {
		if (((Entry *)entry)->failed == NULL && g_str_has_prefix(file, prefix))
			return TRUE;
	}
	return FALSE;
}

/* whether the last files could not be read, more in a row than are usual among those that can */
gboolean
pdd_seen_is_unread(PddSeen *self)
{
	return pdd_unread_is_unusual(&self->unread, self->n_failed);
}

guint
pdd_seen_get_length(PddSeen *self, guint *n_failed, gint64 *last_read)
{
	*n_failed = self->n_failed;
	*last_read = self->last_read;
	return g_hash_table_size(self->entries);
}

/* those that could not be read may have been parsed again; n_reparsed are how often logs were */
void
pdd_seen_look_again(PddSeen *self, guint n_reparsed)
{
	GHashTableIter iter;
	gpointer value;
	if (self->n_reparsed == n_reparsed)
		return;
	self->n_reparsed = n_reparsed;
	g_hash_table_iter_init(&iter, self->entries);
	while (self->n_failed > 0 && g_hash_table_iter_next(&iter, NULL, &value)) {
		Entry *entry = value;
		g_autoptr(PerfdashLogRecord)
			record = entry->failed != NULL ? find_log(self, entry->failed) : NULL;
		if (record == NULL || perfdash_log_record_get_error(record) != NULL)
			continue;
		g_clear_pointer(&entry->failed, g_free);
		self->n_failed--;
	}
}

static gboolean
is_gone(gpointer key, gpointer value, gpointer user_data)
{
	return !g_hash_table_contains(user_data, key);
}

/* forgets all files that are not in the set */
void
pdd_seen_retain(PddSeen *self, GHashTable *files)
{
	GHashTableIter iter;
	gpointer entry;
	g_hash_table_foreach_remove(self->entries, is_gone, files);
	self->n_failed = 0;
	g_hash_table_iter_init(&iter, self->entries);
	while (g_hash_table_iter_next(&iter, NULL, &entry))
		self->n_failed += ((Entry *)entry)->failed != NULL;
}
