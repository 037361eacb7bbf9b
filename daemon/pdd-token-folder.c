/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens live in DATA-DIR/tokens, a file each that is named after its id, and not in the store: who
 * may write is the daemon's business, is not to be restored with results, and can be looked at with
 * ls. A file appears and changes at once, so that "perfdash token" and a daemon need no lock and
 * nobody has to be told; the daemon reads the one file of a token whenever that comes. When a token
 * was used is the time of its file, which starts at 1970. A token that was revoked stays: taking
 * the last one away must not open what it closed. */

#include "pdd-token-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pdd-io-error.h"

#define FOLDER      "tokens"
#define USE_SECONDS 60

/* what root makes must be the daemon's */
static gboolean
give_to_owner(const char *path, const char *data_dir, GError **error)
{
	struct stat st;
	if (geteuid() != 0)
		return TRUE;
	if (stat(data_dir, &st) != 0 || lchown(path, st.st_uid, st.st_gid) != 0)
		return pdd_io_error_set(error, "give to the owner of the data directory", path);
	return TRUE;
}

static gboolean
make_folder(const char *data_dir, const char *folder, GError **error)
{
	if (!g_file_test(data_dir, G_FILE_TEST_IS_DIR)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no data directory %s",
			    data_dir);
		return FALSE;
	}
	if (g_mkdir(folder, 0700) != 0)
		return errno == EEXIST || pdd_io_error_set(error, "make directory", folder);
	return give_to_owner(folder, data_dir, error);
}

/* a token that was revoked must not come back when the power fails */
static gboolean
sync_folder(const char *folder, GError **error)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean ok = fd >= 0 && fsync(fd) == 0;
	if (!ok)
		pdd_io_error_set(error, "write", folder);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* others see it when it is whole and theirs */
static gboolean
write_token(const char *data_dir, PddToken *token, GError **error)
{
	g_autofree char *folder = g_build_filename(data_dir, FOLDER, NULL);
	g_autofree char *path = g_build_filename(folder, token->id, NULL);
	g_autofree char *hidden = g_strdup_printf("%s/.%s", folder, token->id);
	g_autofree char *text = pdd_token_to_text(token);
	g_autoptr(GError) local = NULL;
	struct timespec used[] = {{.tv_sec = token->used_at / G_USEC_PER_SEC},
				  {.tv_sec = token->used_at / G_USEC_PER_SEC}};
	if (!make_folder(data_dir, folder, error) ||
	    !g_file_set_contents_full(hidden,
				      text,
				      -1,
				      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
				      0600,
				      &local)) {
		if (local != NULL)
			g_set_error_literal(error,
					    PERFDASH_ERROR,
					    PERFDASH_ERROR_IO,
					    local->message);
		return FALSE;
	}
	if (utimensat(AT_FDCWD, hidden, used, 0) != 0)
		return pdd_io_error_set(error, "set the time of", hidden);
	if (!give_to_owner(hidden, data_dir, error))
		return FALSE;
	if (g_rename(hidden, path) != 0)
		return pdd_io_error_set(error, "write", path);
	return sync_folder(folder, error);
}

/* NULL with PERFDASH_ERROR_NOT_FOUND when there is none */
static PddToken *
read_token(const char *folder, const char *id, GError **error)
{
	g_autofree char *path = g_build_filename(folder, id, NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) local = NULL;
	struct stat st;
	if (!g_file_get_contents(path, &text, NULL, &local) || stat(path, &st) != 0) {
		gboolean is_missing = local == NULL ||
				      g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT);
		g_set_error(error,
			    PERFDASH_ERROR,
			    is_missing ? PERFDASH_ERROR_NOT_FOUND : PERFDASH_ERROR_IO,
			    "%s",
			    local != NULL ? local->message : "there is no such token");
		return NULL;
	}
	PddToken *token = pdd_token_new_from_text(text, &local);
	if (token == NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "%s is no token: %s",
			    path,
			    local->message);
	else
		token->used_at = st.st_mtim.tv_sec * G_USEC_PER_SEC;
	return token;
}

static int
compare_created(gconstpointer a, gconstpointer b)
{
	const PddToken *one = *(PddToken *const *)a;
	const PddToken *other = *(PddToken *const *)b;
	return one->created_at < other->created_at   ? -1
	       : one->created_at > other->created_at ? 1
						     : strcmp(one->id, other->id);
}

/* hidden files are being written */
static gboolean
is_id(const char *name)
{
	return name[strspn(name, "0123456789abcdef")] == '\0';
}

GPtrArray *
pdd_token_folder_list(const char *data_dir, GError **error)
{
	g_autofree char *folder = g_build_filename(data_dir, FOLDER, NULL);
	g_autoptr(GPtrArray)
		tokens = g_ptr_array_new_with_free_func((GDestroyNotify)pdd_token_unref);
	g_autoptr(GError) local = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &local);
	const char *name;
	if (dir == NULL && !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		g_set_error_literal(error, PERFDASH_ERROR, PERFDASH_ERROR_IO, local->message);
		return NULL;
	}
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_clear_error(&local);
		PddToken *token = is_id(name) ? read_token(folder, name, &local) : NULL;
		if (token != NULL)
			g_ptr_array_add(tokens, token);
		/* somebody may have taken it away */
		if (local == NULL ||
		    g_error_matches(local, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
			continue;
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	g_ptr_array_sort(tokens, compare_created);
	return g_steal_pointer(&tokens);
}

static gboolean
check_new(const char *data_dir, PddToken *token, GError **error)
{
	g_autoptr(GPtrArray) tokens = pdd_token_folder_list(data_dir, error);
	for (guint i = 0; tokens != NULL && i < tokens->len; i++) {
		PddToken *other = g_ptr_array_index(tokens, i);
		if (*token->name == '\0' || other->revoked_at != 0 ||
		    !g_str_equal(other->name, token->name))
			continue;
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "there is a token \"%s\" already: revoke it, or choose another name",
			    token->name);
		return FALSE;
	}
	return tokens != NULL;
}

gboolean
pdd_token_folder_add(const char *data_dir, PddToken *token, GError **error)
{
	return check_new(data_dir, token, error) && write_token(data_dir, token, error);
}

PddToken *
pdd_token_folder_find(const char *data_dir, const char *secret, GError **error)
{
	g_autofree char *folder = g_build_filename(data_dir, FOLDER, NULL);
	g_autofree char *id = pdd_token_id_of_secret(secret);
	g_autoptr(PddToken) token = read_token(folder, id, error);
	if (token == NULL || pdd_token_has_secret(token, secret))
		return g_steal_pointer(&token);
	g_set_error_literal(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no such token");
	return NULL;
}

/* one that is not revoked; NULL without an error when there is none */
static PddToken *
find_named(const char *data_dir, const char *name, GError **error)
{
	g_autoptr(GPtrArray) tokens = pdd_token_folder_list(data_dir, error);
	for (guint i = 0; tokens != NULL && i < tokens->len; i++) {
		PddToken *token = g_ptr_array_index(tokens, i);
		if (g_str_equal(token->name, name) && token->revoked_at == 0)
			return pdd_token_ref(token);
	}
	return NULL;
}

/* an id needs no look at the others, of which one may be broken */
PddToken *
pdd_token_folder_revoke(const char *data_dir, const char *id_or_name, GError **error)
{
	g_autofree char *folder = g_build_filename(data_dir, FOLDER, NULL);
	g_autoptr(GError) local = NULL;
	g_autoptr(PddToken) token = NULL;
	if (is_id(id_or_name))
		token = read_token(folder, id_or_name, NULL);
	if (token == NULL && *id_or_name != '\0')
		token = find_named(data_dir, id_or_name, &local);
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	if (token == NULL || token->revoked_at != 0) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    token == NULL ? "there is no token \"%s\""
					  : "token %s is revoked already",
			    id_or_name);
		return NULL;
	}
	token->revoked_at = g_get_real_time();
	return write_token(data_dir, token, error) ? g_steal_pointer(&token) : NULL;
}

/* only the time of the file: one that was revoked meanwhile stays so */
void
pdd_token_folder_touch(const char *data_dir, PddToken *token)
{
	g_autofree char *path = g_build_filename(data_dir, FOLDER, token->id, NULL);
	gint64 now = g_get_real_time();
	/* the clock may have been set back */
	if (ABS(now - token->used_at) < USE_SECONDS * G_USEC_PER_SEC)
		return;
	if (utimensat(AT_FDCWD, path, NULL, 0) != 0)
		g_warning("failed to remember the use of token %s: %s",
			  token->id,
			  g_strerror(errno));
}

gboolean
pdd_token_folder_has_scope(const char *data_dir, PddScope scope, GError **error)
{
	g_autoptr(GPtrArray) tokens = pdd_token_folder_list(data_dir, error);
	for (guint i = 0; tokens != NULL && i < tokens->len; i++) {
		if (pdd_token_has_scope(g_ptr_array_index(tokens, i), scope))
			return TRUE;
	}
	return FALSE;
}
