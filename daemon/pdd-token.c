/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens, which say who may write. The secret is "pd_", 256 random bits and a checksum, so that
 * programs that look for secrets in places where none belong know it, and one that was copied in
 * part is told from one that is wrong. Kept is its SHA-256 only: passwords want a slow hash because
 * people choose them from few, but 2^256 cannot be tried, however fast the hash. */

#include "pdd-token.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PREFIX        "pd_"
#define PREFIX_LENGTH 3
#define RANDOM_BYTES  32
#define RANDOM_DIGITS (2 * RANDOM_BYTES)
#define CHECK_DIGITS  8
#define SECRET_LENGTH (PREFIX_LENGTH + RANDOM_DIGITS + CHECK_DIGITS)
#define DIGEST_DIGITS 64
#define ID_DIGITS     12
#define MAX_NAME      64 /* bytes */
#define GROUP         "token"
#define HEXADECIMAL   "0123456789abcdef"

static const char *const scope_names[] = {
	[PDD_SCOPE_INGEST] = "ingest",
	[PDD_SCOPE_TRIAGE] = "triage",
	[PDD_SCOPE_ADMIN] = "admin",
};

const char *
pdd_scope_to_string(PddScope scope)
{
	return scope_names[scope];
}

PddScope
pdd_scope_from_string(const char *text)
{
	for (guint i = PDD_SCOPE_INGEST; i < G_N_ELEMENTS(scope_names); i++) {
		if (g_strcmp0(text, scope_names[i]) == 0)
			return i;
	}
	return PDD_SCOPE_NONE;
}

static gboolean G_GNUC_PRINTF(2, 3) refuse(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_propagate_error(error,
			  g_error_new_valist(PERFDASH_ERROR, PERFDASH_ERROR_INVALID, format, args));
	va_end(args);
	return FALSE;
}

static char *
digest(const char *text, gssize length)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, length);
}

char *
pdd_token_new_secret(GError **error)
{
	guint8 bytes[RANDOM_BYTES];
	GString *secret = g_string_new(PREFIX);
	if (getentropy(bytes, sizeof(bytes)) != 0) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "failed to get random bits: %s",
			    g_strerror(errno));
		g_string_free(secret, TRUE);
		return NULL;
	}
	for (guint i = 0; i < RANDOM_BYTES; i++)
		g_string_append_printf(secret, "%02x", bytes[i]);
	g_autofree char *check = digest(secret->str, secret->len);
	g_string_append_len(secret, check, CHECK_DIGITS);
	return g_string_free(secret, FALSE);
}

gboolean
pdd_token_is_secret(const char *text)
{
	gsize body = SECRET_LENGTH - CHECK_DIGITS;
	if (strlen(text) != SECRET_LENGTH || !g_str_has_prefix(text, PREFIX) ||
	    strspn(text + PREFIX_LENGTH, HEXADECIMAL) != SECRET_LENGTH - PREFIX_LENGTH)
		return FALSE;
	g_autofree char *check = digest(text, body);
	return memcmp(check, text + body, CHECK_DIGITS) == 0;
}

static char *
id_of_digest(const char *of_secret)
{
	return g_strndup(of_secret, ID_DIGITS);
}

char *
pdd_token_id_of_secret(const char *secret)
{
	g_autofree char *of_secret = digest(secret, -1);
	return id_of_digest(of_secret);
}

/* takes as long wherever the first difference is */
gboolean
pdd_token_has_secret(PddToken *self, const char *secret)
{
	g_autofree char *of_secret = digest(secret, -1);
	volatile guint8 difference = 0;
	for (gsize i = 0; i < DIGEST_DIGITS; i++)
		difference |= (guint8)(self->digest[i] ^ of_secret[i]);
	return difference == 0;
}

gboolean
pdd_token_has_scope(PddToken *self, PddScope scope)
{
	return self->scope == scope || self->scope == PDD_SCOPE_ADMIN;
}

gboolean
pdd_token_is_valid(PddToken *self)
{
	return self->revoked_at == 0 &&
	       (self->expires_at == 0 || g_get_real_time() < self->expires_at);
}

static void
add_limit(GString *text, const char *what, GStrv values)
{
	g_autofree char *joined = g_strjoinv(" or ", values);
	if (values[0] != NULL)
		g_string_append_printf(text, "%s%s %s", text->len > 0 ? " in " : "", what, joined);
}

char *
pdd_token_describe_limits(PddToken *self)
{
	GString *text = g_string_new(NULL);
	add_limit(text, "project", self->projects);
	add_limit(text, "lab", self->labs);
	return g_string_free(text, text->len == 0);
}

static void
add_matches(GStrvBuilder *matches, const char *key, GStrv values)
{
	for (guint i = 0; values[i] != NULL; i++) {
		g_autofree char *match = g_strdup_printf("%s:%s", key, values[i]);
		g_strv_builder_add(matches, match);
	}
}

static gboolean
make_allowed(PddToken *self, GError **error)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	add_matches(builder, "project", self->projects);
	add_matches(builder, "lab", self->labs);
	g_auto(GStrv) matches = g_strv_builder_end(builder);
	if (matches[0] == NULL)
		return TRUE;
	self->allowed = perfdash_selector_new((const char *const *)matches, NULL, error);
	return self->allowed != NULL;
}

/* values must be those of labels; a selector takes "~" and "!" for something else */
static gboolean
check_values(const char *key, GStrv values, GError **error)
{
	for (guint i = 0; values[i] != NULL; i++) {
		g_autoptr(PerfdashLabels) none = perfdash_labels_new();
		g_autoptr(PerfdashLabels)
			labels = perfdash_labels_with(none, key, values[i], error);
		if (labels == NULL)
			return FALSE;
		if (strchr("~!", *values[i]) != NULL)
			return refuse(error,
				      "%s \"%s\" is empty or begins with ~ or !",
				      key,
				      values[i]);
	}
	return TRUE;
}

static gboolean
check_name(const char *name, GError **error)
{
	if (strlen(name) > MAX_NAME || !g_utf8_validate(name, -1, NULL))
		return refuse(error, "the name is not UTF-8 of up to %d bytes", MAX_NAME);
	for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p)) {
		if (!g_unichar_isprint(g_utf8_get_char(p)))
			return refuse(error, "the name has a character that cannot be printed");
	}
	return TRUE;
}

static gboolean
check(PddToken *self, GError **error)
{
	if (strlen(self->digest) != DIGEST_DIGITS ||
	    strspn(self->digest, HEXADECIMAL) != DIGEST_DIGITS)
		return refuse(error, "the digest is no SHA-256");
	if (self->scope == PDD_SCOPE_NONE)
		return refuse(error, "the scope is none of ingest, triage, admin");
	return check_name(self->name, error) && check_values("project", self->projects, error) &&
	       check_values("lab", self->labs, error) && make_allowed(self, error);
}

static PddToken *
token_new_empty(void)
{
	PddToken *self = g_new0(PddToken, 1);
	g_atomic_ref_count_init(&self->refs);
	return self;
}

PddToken *
pdd_token_new(const char *secret,
	      const char *name,
	      PddScope scope,
	      const char *const *projects,
	      const char *const *labs,
	      gint64 expires_at,
	      GError **error)
{
	static const char *const none[] = {NULL};
	g_autoptr(PddToken) self = token_new_empty();
	self->digest = digest(secret, -1);
	self->id = id_of_digest(self->digest);
	self->name = g_strdup(name != NULL ? name : "");
	self->scope = scope;
	self->projects = g_strdupv((GStrv)(projects != NULL ? projects : none));
	self->labs = g_strdupv((GStrv)(labs != NULL ? labs : none));
	self->created_at = g_get_real_time();
	self->expires_at = expires_at;
	return check(self, error) ? g_steal_pointer(&self) : NULL;
}

PddToken *
pdd_token_ref(PddToken *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

void
pdd_token_unref(PddToken *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->id);
	g_free(self->digest);
	g_free(self->name);
	g_strfreev(self->projects);
	g_strfreev(self->labs);
	g_clear_pointer(&self->allowed, perfdash_selector_unref);
	g_free(self);
}

static void
write_list(GKeyFile *file, const char *key, GStrv values)
{
	if (values[0] != NULL)
		g_key_file_set_string_list(file,
					   GROUP,
					   key,
					   (const char *const *)values,
					   g_strv_length(values));
}

static void
write_time(GKeyFile *file, const char *key, gint64 time)
{
	if (time != 0)
		g_key_file_set_int64(file, GROUP, key, time);
}

/* as a key file; when it was used stands elsewhere */
char *
pdd_token_to_text(PddToken *self)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_key_file_set_string(file, GROUP, "digest", self->digest);
	g_key_file_set_string(file, GROUP, "name", self->name);
	g_key_file_set_string(file, GROUP, "scope", pdd_scope_to_string(self->scope));
	write_list(file, "projects", self->projects);
	write_list(file, "labs", self->labs);
	write_time(file, "created-at", self->created_at);
	write_time(file, "expires-at", self->expires_at);
	write_time(file, "revoked-at", self->revoked_at);
	return g_key_file_to_data(file, NULL, NULL);
}

/* what cannot be read as it should be must not mean fewer limits */
static gboolean
read_list(GKeyFile *file, const char *key, GStrv *values, GError **error)
{
	if (!g_key_file_has_key(file, GROUP, key, NULL)) {
		*values = g_new0(char *, 1);
		return TRUE;
	}
	*values = g_key_file_get_string_list(file, GROUP, key, NULL, error);
	if (*values != NULL && (*values)[0] == NULL)
		return refuse(error, "%s names none", key);
	return *values != NULL;
}

static gboolean
read_time(GKeyFile *file, const char *key, gint64 *time, GError **error)
{
	g_autoptr(GError) local = NULL;
	if (!g_key_file_has_key(file, GROUP, key, NULL))
		return TRUE;
	*time = g_key_file_get_int64(file, GROUP, key, &local);
	if (local == NULL && *time != 0)
		return TRUE;
	return refuse(error, "%s is no time", key);
}

PddToken *
pdd_token_new_from_text(const char *text, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(PddToken) self = token_new_empty();
	g_autofree char *scope = NULL;
	if (!g_key_file_load_from_data(file, text, -1, 0, error) ||
	    (self->digest = g_key_file_get_string(file, GROUP, "digest", error)) == NULL ||
	    (self->name = g_key_file_get_string(file, GROUP, "name", error)) == NULL ||
	    (scope = g_key_file_get_string(file, GROUP, "scope", error)) == NULL ||
	    !read_list(file, "projects", &self->projects, error) ||
	    !read_list(file, "labs", &self->labs, error) ||
	    !read_time(file, "created-at", &self->created_at, error) ||
	    !read_time(file, "expires-at", &self->expires_at, error) ||
	    !read_time(file, "revoked-at", &self->revoked_at, error))
		return NULL;
	self->id = id_of_digest(self->digest);
	self->scope = pdd_scope_from_string(scope);
	return check(self, error) ? g_steal_pointer(&self) : NULL;
}
