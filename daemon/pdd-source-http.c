/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A data store that answers JSON: an index of logs, maybe of several pages, maybe with directories
 * that have an index each.
 *
 *  - Every page is read at each poll, save what the server says is unchanged, directories without
 *    directories in them whose time is as it was, and the pages of a search that was read to its
 *    end: it goes on with the last of them, for a search gives what is new at its end.
 *  - What changed within the last minute is taken when it is the same two seconds later. */

#include "pdd-source-http.h"

#include <libsoup/soup.h>
#include <string.h>

#include "pdd-source-private.h"

#define MAX_DEPTH   16
#define MAX_PAGES   10000
#define YOUNG       G_TIME_SPAN_MINUTE
#define SETTLE_TIME (2 * G_USEC_PER_SEC)
#define MAX_LOOKS   30
#define RELIST      G_TIME_SPAN_HOUR
#define SEARCH_ANEW G_TIME_SPAN_DAY

/* what was read of one address */
typedef struct {
	PddValidators validators;
	gint64 time;    /* of the directory, by the one above */
	gint64 read_at; /* monotonic */
	gboolean has_directories;
	gboolean is_open; /* something in it is not known yet, or may change still */
	char *next;       /* nullable: the page behind it */
} Index;

struct _PddSourceHttp {
	PddSourceRemote parent_instance;
	GHashTable *indices; /* address -> Index */
	GHashTable *young;   /* key -> PddFileState: was seen in this state, and is to settle */
	char *position;      /* nullable: the search goes on from here */
	gint64 searched_at;  /* monotonic: from its beginning */
};

G_DEFINE_FINAL_TYPE(PddSourceHttp, pdd_source_http, PDD_TYPE_SOURCE_REMOTE)

/* of one poll */
typedef struct {
	PddSourceHttp *source;
	PddSourceConfig *config;
	PddClient *client;
	GCancellable *cancellable;
} Poll;

static void
index_free(gpointer data)
{
	Index *index = data;
	pdd_validators_clear(&index->validators);
	g_free(index->next);
	g_free(index);
}

static Index *
get_index(PddSourceHttp *self, const char *url)
{
	Index *index = g_hash_table_lookup(self->indices, url);
	if (index != NULL)
		return index;
	index = g_new0(Index, 1);
	g_hash_table_insert(self->indices, g_strdup(url), index);
	return index;
}

/* 8 bytes of the SHA-256 of a text */
static gint64
hash(const char *text)
{
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	digest[16] = '\0';
	return g_ascii_strtoull(digest, NULL, 16);
}

static PddFileState
get_state(const PddIndexEntry *entry)
{
	PddFileState state = {.size = entry->size,
			      .modified_at = entry->digest != NULL ? hash(entry->digest)
								   : entry->time * 1000};
	return state;
}

/* whether an entry is the same as when we last looked, or too old to be written still */
static gboolean
is_stable(PddSourceHttp *self, const char *key, const PddIndexEntry *entry)
{
	PddFileState state = get_state(entry);
	const PddFileState *before = g_hash_table_lookup(self->young, key);
	gint64 age = g_get_real_time() - entry->time;
	if (entry->body != NULL || entry->digest != NULL || entry->time == 0 || age > YOUNG ||
	    (before != NULL && pdd_file_state_equal(before, &state))) {
		g_hash_table_remove(self->young, key);
		return TRUE;
	}
	g_hash_table_replace(self->young, g_strdup(key), g_memdup2(&state, sizeof state));
	return FALSE;
}

static PerfdashOrigin *
describe(Poll *poll, const char *key, const char *url, const PddIndexEntry *entry, GError **error)
{
	PddSource *source = PDD_SOURCE(poll->source);
	g_autoptr(PerfdashRunBuilder) builder = pdd_source_begin_run(source);
	if (poll->config->layout != NULL)
		pdd_source_layout_apply(poll->config->layout, key, builder);
	return pdd_source_make_origin(source, builder, key, url, entry->time, error);
}

/* a link is relative to the index it stands in; a name is a path below it */
static char *
build_url(const char *base, const PddIndexEntry *entry)
{
	if (entry->link != NULL)
		return g_uri_resolve_relative(base, entry->link, SOUP_HTTP_URI_FLAGS, NULL);
	g_autofree char *name = g_uri_escape_string(entry->name, "/!$&'()*+,;=@", TRUE);
	gsize length = strcspn(base, "?#");
	gboolean has_slash = length > 0 && base[length - 1] == '/';
	gboolean wants_slash = entry->is_directory && !g_str_has_suffix(name, "/");
	return g_strdup_printf("%.*s%s%s%s",
			       (int)length,
			       base,
			       has_slash ? "" : "/",
			       name,
			       wants_slash ? "/" : "");
}

static gboolean
offer(Poll *poll, const char *base, const char *key, PddIndexEntry *entry)
{
	PddSourceRemote *remote = PDD_SOURCE_REMOTE(poll->source);
	g_autofree char *url = build_url(base, entry);
	g_autoptr(PddItem) item = g_new0(PddItem, 1);
	GError *error = NULL;
	item->key = g_strdup(key);
	item->state = get_state(entry);
	item->arrived_at = entry->time;
	item->name = g_path_get_basename(key);
	if (entry->body != NULL)
		item->bytes = g_bytes_ref(entry->body);
	item->origin = describe(poll, key, entry->body == NULL ? url : NULL, entry, &error);
	item->url = g_steal_pointer(&url);
	if (item->origin != NULL)
		return pdd_source_remote_offer(remote, g_steal_pointer(&item));
	pdd_source_remote_fail(remote, key, &item->state, error);
	return TRUE;
}

static gboolean
walk(Poll *poll, const char *url, const char *path, gint64 time, guint depth);

/* that not all is read is told */
static void
note_limit(Poll *poll, const char *url, const char *what)
{
	pdd_source_remote_note(PDD_SOURCE_REMOTE(poll->source),
			       g_error_new(PDD_CLIENT_ERROR,
					   PDD_CLIENT_ERROR_BROKEN,
					   "%.*s: %s to be read",
					   (int)strcspn(url, "?#"),
					   url,
					   what));
}

/* TRUE when the source goes on */
static gboolean
read_entry(Poll *poll,
	   Index *index,
	   const char *base,
	   const char *path,
	   PddIndexEntry *entry,
	   guint depth)
{
	g_autofree char *key = g_strconcat(path, entry->name, NULL);
	if (entry->is_directory) {
		g_autofree char *url = build_url(base, entry);
		g_autofree char *below = g_strconcat(key,
						     g_str_has_suffix(key, "/") ? "" : "/",
						     NULL);
		index->has_directories = TRUE;
		if (depth >= MAX_DEPTH)
			note_limit(poll, base, "it has directories too deep");
		else if (url != NULL)
			walk(poll, url, below, entry->time, depth + 1);
		return !g_cancellable_is_cancelled(poll->cancellable);
	}
	if (!pdd_config_source_wants_file(poll->config, key))
		return TRUE;
	PddFileState state = get_state(entry);
	if (pdd_source_remote_is_known(PDD_SOURCE_REMOTE(poll->source), key, &state))
		return TRUE;
	index->is_open = TRUE;
	return !is_stable(poll->source, key, entry) || offer(poll, base, key, entry);
}

static gboolean
is_unchanged_directory(const Index *index, gint64 time)
{
	return time != 0 && index->time == time && !index->is_open && !index->has_directories &&
	       index->read_at != 0 && g_get_monotonic_time() - index->read_at < RELIST;
}

static JsonNode *
ask(Poll *poll, const char *url, const char *next, gboolean *is_unchanged, GError **error)
{
	PddIndexShape *shape = poll->config->shape;
	Index *index = get_index(poll->source, url);
	*is_unchanged = FALSE;
	if (shape->paths[PDD_INDEX_REQUEST] != NULL) {
		g_autofree char *body = pdd_index_shape_build_request(shape, next);
		return pdd_client_post_json(poll->client, url, body, poll->cancellable, error);
	}
	if (index->is_open || index->has_directories)
		pdd_validators_clear(&index->validators);
	return pdd_client_get_json(poll->client,
				   url,
				   &index->validators,
				   is_unchanged,
				   poll->cancellable,
				   error);
}

/* the address of the page that next stands for */
static char *
get_next_url(Poll *poll, const char *base, const char *url, const char *next)
{
	PddIndexShape *shape = poll->config->shape;
	const char *to = shape->paths[PDD_INDEX_NEXT_TO];
	if (shape->paths[PDD_INDEX_REQUEST] != NULL)
		return g_strdup(base);
	if (to == NULL)
		return g_uri_resolve_relative(url, next, SOUP_HTTP_URI_FLAGS, NULL);
	g_autofree char *escaped = g_uri_escape_string(next, NULL, TRUE);
	return g_strdup_printf("%s%c%s=%s", base, strchr(base, '?') ? '&' : '?', to, escaped);
}

/* entries of one page; next is that of the following page, NULL at the end */
static gboolean
read_page(Poll *poll,
	  const char *url,
	  const char *path,
	  guint depth,
	  char **next,
	  gboolean *is_unchanged,
	  GError **error)
{
	Index *index = get_index(poll->source, url);
	g_autofree char *token = g_steal_pointer(next);
	g_autoptr(JsonNode) answer = ask(poll, url, token, is_unchanged, error);
	g_autoptr(GPtrArray) entries = NULL;
	if (answer != NULL)
		entries = pdd_index_shape_read(poll->config->shape, answer, next, error);
	/* what could not be read is asked for again, not whether it has changed */
	if (answer != NULL && entries == NULL)
		pdd_validators_clear(&index->validators);
	if (entries == NULL) {
		*next = g_strdup(index->next);
		return *is_unchanged;
	}
	g_free(index->next);
	index->next = g_strdup(*next);
	index->read_at = g_get_monotonic_time();
	index->has_directories = index->is_open = FALSE;
	for (guint i = 0; i < entries->len; i++) {
		if (!read_entry(poll, index, url, path, g_ptr_array_index(entries, i), depth))
			break;
	}
	return !g_cancellable_set_error_if_cancelled(poll->cancellable, error);
}

/* where a search goes on: at the first page of which something is not known */
static void
move_position(PddSourceHttp *self, const char *next)
{
	g_free(self->position);
	self->position = g_strdup(next);
}

/* reads all pages of an index, and what is below it; time is that of the directory. FALSE when the
 * index could not be read, which is noted */
static gboolean
walk(Poll *poll, const char *url, const char *path, gint64 time, guint depth)
{
	PddSourceHttp *self = poll->source;
	Index *first = get_index(self, url);
	gboolean is_search = poll->config->shape->paths[PDD_INDEX_REQUEST] != NULL;
	gboolean is_open = FALSE;
	gboolean has_directories = FALSE;
	g_autofree char *next = is_search ? g_strdup(self->position) : NULL;
	g_autofree char *page = g_strdup(url);
	if (is_unchanged_directory(first, time))
		return TRUE;
	for (guint i = 0; page != NULL; i++) {
		gboolean is_unchanged;
		g_autofree char *before = g_strdup(next);
		GError *error = NULL;
		if (i == MAX_PAGES) {
			note_limit(poll, url, "it has too many pages");
			break;
		}
		if (!read_page(poll, page, path, depth, &next, &is_unchanged, &error)) {
			pdd_source_remote_note(PDD_SOURCE_REMOTE(self), error);
			return FALSE;
		}
		is_open |= get_index(self, page)->is_open;
		has_directories |= get_index(self, page)->has_directories;
		if (next == NULL || g_strcmp0(next, before) == 0)
			break;
		if (is_search && !is_open)
			move_position(self, next);
		char *following = get_next_url(poll, url, page, next);
		g_free(page);
		page = following;
	}
	first->is_open = is_open;
	first->has_directories = has_directories;
	first->time = time;
	return TRUE;
}

/* whether something is to be looked at again soon */
static gboolean
wait_for_young(Poll *poll)
{
	if (g_hash_table_size(poll->source->young) == 0)
		return FALSE;
	GPollFD fd;
	if (g_cancellable_make_pollfd(poll->cancellable, &fd)) {
		g_poll(&fd, 1, SETTLE_TIME / 1000);
		g_cancellable_release_fd(poll->cancellable);
	}
	return !g_cancellable_is_cancelled(poll->cancellable);
}

static void
pdd_source_http_poll(PddSourceRemote *source, PddClient *client, GCancellable *cancellable)
{
	PddSourceHttp *self = PDD_SOURCE_HTTP(source);
	PddSourceConfig *config = pdd_source_get_config(PDD_SOURCE(source));
	Poll poll = {.source = self,
		     .config = config,
		     .client = client,
		     .cancellable = cancellable};
	gint64 now = g_get_monotonic_time();
	if (now - self->searched_at > SEARCH_ANEW) {
		g_clear_pointer(&self->position, g_free);
		self->searched_at = now;
	}
	for (guint i = 0; i < MAX_LOOKS; i++) {
		if (!walk(&poll, config->url, "", 0, 0) || !wait_for_young(&poll))
			break;
	}
	/* what is gone meanwhile is not waited for */
	g_hash_table_remove_all(self->young);
}

static void
pdd_source_http_finalize(GObject *object)
{
	PddSourceHttp *self = PDD_SOURCE_HTTP(object);
	g_hash_table_unref(self->indices);
	g_hash_table_unref(self->young);
	g_free(self->position);
	G_OBJECT_CLASS(pdd_source_http_parent_class)->finalize(object);
}

static void
pdd_source_http_class_init(PddSourceHttpClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = pdd_source_http_finalize;
	PDD_SOURCE_REMOTE_CLASS(klass)->poll = pdd_source_http_poll;
}

static void
pdd_source_http_init(PddSourceHttp *self)
{
	self->indices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, index_free);
	self->young = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

PddSource *
pdd_source_http_new(PddService *service, PddSourceConfig *config)
{
	PddSourceHttp *self = g_object_new(PDD_TYPE_SOURCE_HTTP, NULL);
	pdd_source_set_config(PDD_SOURCE(self), config);
	pdd_source_remote_set_service(PDD_SOURCE_REMOTE(self), service);
	return PDD_SOURCE(self);
}
