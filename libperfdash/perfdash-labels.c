/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A set of labels is one block of memory: "key\0value\0..." sorted by key, so that equal sets are
 * equal bytes and a comparison is a memcmp. */

#include "perfdash-labels-private.h"

#include "perfdash-error.h"

#include <string.h>

#define MAX_KEY    64
#define MAX_VALUE  1024
#define MAX_LABELS 64

struct _PerfdashLabels {
	gatomicrefcount refs;
	guint n;
	guint hash;
	gsize size;
	char packed[];
};

G_DEFINE_BOXED_TYPE(PerfdashLabels, perfdash_labels, perfdash_labels_ref, perfdash_labels_unref)

static guint
hash_bytes(const char *bytes, gsize size)
{
	guint64 hash = G_GUINT64_CONSTANT(14695981039346656037);
	for (gsize i = 0; i < size; i++)
		hash = (hash ^ (guint8)bytes[i]) * G_GUINT64_CONSTANT(1099511628211);
	return (guint)(hash ^ (hash >> 32));
}

static PerfdashLabels *
labels_new_take(GByteArray *packed, guint n)
{
	PerfdashLabels *self = g_malloc(sizeof(PerfdashLabels) + packed->len);
	g_atomic_ref_count_init(&self->refs);
	self->n = n;
	self->size = packed->len;
	self->hash = hash_bytes((const char *)packed->data, packed->len);
	if (packed->len > 0)
		memcpy(self->packed, packed->data, packed->len);
	g_byte_array_unref(packed);
	return self;
}

static void
append_label(GByteArray *packed, const char *key, const char *value)
{
	g_byte_array_append(packed, (const guint8 *)key, strlen(key) + 1);
	g_byte_array_append(packed, (const guint8 *)value, strlen(value) + 1);
}

static gboolean
check_key(const char *key, GError **error)
{
	gsize length = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.-");
	if (key[length] == '\0' && length > 0 && length <= MAX_KEY &&
	    (g_ascii_islower(key[0]) || key[0] == '_'))
		return TRUE;
	g_autofree char *shown = g_strescape(key, NULL);
	g_set_error(
		error,
		PERFDASH_ERROR,
		PERFDASH_ERROR_INVALID,
		"label key \"%.80s\" is not 1 to %d of a-z 0-9 _ . - starting with a letter or _",
		shown,
		MAX_KEY);
	return FALSE;
}

/* whether a text may be stored: UTF-8, not too long, nothing that moves a cursor */
gboolean
perfdash_labels_check_text(const char *what, const char *text, GError **error)
{
	gsize length = strlen(text);
	const char *end = NULL;
	if (length > MAX_VALUE) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "%s has %" G_GSIZE_FORMAT " bytes, more than %d",
			    what,
			    length,
			    MAX_VALUE);
		return FALSE;
	}
	gboolean valid = g_utf8_validate(text, length, &end);
	for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
		if (g_unichar_iscntrl(g_utf8_get_char(p))) {
			end = p;
			valid = FALSE;
		}
	}
	if (valid)
		return TRUE;
	g_autofree char *shown = g_strescape(text, NULL);
	g_set_error(
		error,
		PERFDASH_ERROR,
		PERFDASH_ERROR_INVALID,
		"%s \"%.120s\" has a control character or invalid UTF-8 at byte %" G_GSIZE_FORMAT,
		what,
		shown,
		(gsize)(end - text));
	return FALSE;
}

static gboolean
check_label(const char *key, const char *value, GError **error)
{
	if (!check_key(key, error))
		return FALSE;
	if (*value == '\0') {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "label %s is empty",
			    key);
		return FALSE;
	}
	g_autofree char *what = g_strdup_printf("label %s", key);
	return perfdash_labels_check_text(what, value, error);
}

/**
 * perfdash_labels_new:
 *
 * Returns: (transfer full): a set without labels
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_labels_new(void)
{
	return labels_new_take(g_byte_array_new(), 0);
}

/**
 * perfdash_labels_new_from_variant:
 * @variant: a dictionary of type `a{ss}`
 * @error: return location for an error, or %NULL
 *
 * Of a key that is there several times the last value counts.
 *
 * Returns: (transfer full): a set of labels, or %NULL with %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_labels_new_from_variant(GVariant *variant, GError **error)
{
	g_return_val_if_fail(g_variant_is_of_type(variant, G_VARIANT_TYPE("a{ss}")), NULL);
	g_autoptr(PerfdashLabels) self = perfdash_labels_new();
	GVariantIter iter;
	const char *key;
	const char *value;
	g_variant_iter_init(&iter, variant);
	while (g_variant_iter_next(&iter, "{&s&s}", &key, &value)) {
		PerfdashLabels *next = perfdash_labels_with(self, key, value, error);
		if (next == NULL)
			return NULL;
		perfdash_labels_unref(self);
		self = next;
	}
	return g_steal_pointer(&self);
}

/* the packed form of another process or file is checked like any other input */
PerfdashLabels *
perfdash_labels_new_from_packed(const char *packed, gsize size, GError **error)
{
	g_autoptr(GByteArray) copy = NULL;
	const char *end;
	const char *before = "";
	guint n = 0;
	if (size == 0)
		return perfdash_labels_new();
	copy = g_byte_array_sized_new(size);
	end = packed + size;
	for (const char *key = packed; key < end; n++) {
		const char *value = memchr(key, '\0', end - key);
		const char *next = value != NULL ? memchr(value + 1, '\0', end - value - 1) : NULL;
		if (next == NULL || strcmp(before, key) >= 0 || n == 2 * MAX_LABELS) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "packed labels are damaged at byte %" G_GSIZE_FORMAT,
				    (gsize)(key - packed));
			return NULL;
		}
		if (!check_label(key, value + 1, error))
			return NULL;
		before = key;
		key = next + 1;
	}
	g_byte_array_append(copy, (const guint8 *)packed, size);
	return labels_new_take(g_steal_pointer(&copy), n);
}

/**
 * perfdash_labels_ref:
 * @self: a #PerfdashLabels
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_labels_ref(PerfdashLabels *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_labels_unref:
 * @self: (transfer full): a #PerfdashLabels
 *
 * Since: 0.1
 */
void
perfdash_labels_unref(PerfdashLabels *self)
{
	g_return_if_fail(self != NULL);
	if (g_atomic_ref_count_dec(&self->refs))
		g_free(self);
}

/* the label at p, and where the next one starts */
static const char *
next_label(const char *p, const char **key, const char **value)
{
	*key = p;
	*value = p + strlen(p) + 1;
	return *value + strlen(*value) + 1;
}

/**
 * perfdash_labels_with:
 * @self: a #PerfdashLabels
 * @key: a key: `[a-z_][a-z0-9_.-]*`, at most 64 bytes
 * @value: its value: at most 1024 bytes of UTF-8 without control characters, not empty
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): a set with this label added or replaced, or %NULL with
 * %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_labels_with(PerfdashLabels *self, const char *key, const char *value, GError **error)
{
	g_return_val_if_fail(self != NULL && key != NULL && value != NULL, NULL);
	if (!check_label(key, value, error))
		return NULL;
	if (self->n == MAX_LABELS && perfdash_labels_get(self, key) == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "more than %d labels: no room for %s",
			    MAX_LABELS,
			    key);
		return NULL;
	}
	GByteArray *packed = g_byte_array_sized_new(self->size + strlen(key) + strlen(value) + 2);
	guint n = 0;
	gboolean placed = FALSE;
	for (const char *p = self->packed; p < self->packed + self->size;) {
		const char *old_key;
		const char *old_value;
		p = next_label(p, &old_key, &old_value);
		int order = strcmp(old_key, key);
		if (order >= 0 && !placed) {
			append_label(packed, key, value);
			placed = TRUE;
			n++;
		}
		if (order != 0) {
			append_label(packed, old_key, old_value);
			n++;
		}
	}
	if (!placed) {
		append_label(packed, key, value);
		n++;
	}
	return labels_new_take(packed, n);
}

/**
 * perfdash_labels_merge:
 * @self: a #PerfdashLabels
 * @other: another
 *
 * Returns: (transfer full): the labels of both; where both have a key, the value in @other
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_labels_merge(PerfdashLabels *self, PerfdashLabels *other)
{
	g_return_val_if_fail(self != NULL && other != NULL, NULL);
	GByteArray *packed = g_byte_array_sized_new(self->size + other->size);
	const char *a = self->packed;
	const char *b = other->packed;
	guint n = 0;
	while (a < self->packed + self->size || b < other->packed + other->size) {
		const char *key = NULL;
		const char *value = NULL;
		int order = a == self->packed + self->size     ? 1
			    : b == other->packed + other->size ? -1
							       : strcmp(a, b);
		if (order <= 0)
			a = next_label(a, &key, &value);
		if (order >= 0)
			b = next_label(b, &key, &value);
		append_label(packed, key, value);
		n++;
	}
	return labels_new_take(packed, n);
}

/**
 * perfdash_labels_get:
 * @self: a #PerfdashLabels
 * @key: a key
 *
 * Returns: (nullable): the value of @key, or %NULL when there is no such label
 *
 * Since: 0.1
 */
const char *
perfdash_labels_get(PerfdashLabels *self, const char *key)
{
	g_return_val_if_fail(self != NULL && key != NULL, NULL);
	for (const char *p = self->packed; p < self->packed + self->size;) {
		const char *found;
		const char *value;
		p = next_label(p, &found, &value);
		if (strcmp(found, key) == 0)
			return value;
	}
	return NULL;
}

/**
 * perfdash_labels_get_length:
 * @self: a #PerfdashLabels
 *
 * Returns: the number of labels
 *
 * Since: 0.1
 */
guint
perfdash_labels_get_length(PerfdashLabels *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->n;
}

/**
 * perfdash_labels_get_nth:
 * @self: a #PerfdashLabels
 * @index: which label, in the order of their keys
 * @value: (out) (optional) (transfer none): its value
 *
 * Returns: (nullable): its key, or %NULL when there are not so many
 *
 * Since: 0.1
 */
const char *
perfdash_labels_get_nth(PerfdashLabels *self, guint index, const char **value)
{
	g_return_val_if_fail(self != NULL, NULL);
	const char *p = self->packed;
	for (guint i = 0; p < self->packed + self->size; i++) {
		const char *key;
		const char *found;
		p = next_label(p, &key, &found);
		if (i == index) {
			if (value != NULL)
				*value = found;
			return key;
		}
	}
	return NULL;
}

/**
 * perfdash_labels_to_variant:
 * @self: a #PerfdashLabels
 *
 * Returns: (transfer floating): a dictionary of type `a{ss}`
 *
 * Since: 0.1
 */
GVariant *
perfdash_labels_to_variant(PerfdashLabels *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a{ss}"));
	for (const char *p = self->packed; p < self->packed + self->size;) {
		const char *key;
		const char *value;
		p = next_label(p, &key, &value);
		g_variant_builder_add(&builder, "{ss}", key, value);
	}
	return g_variant_builder_end(&builder);
}

/**
 * perfdash_labels_to_string:
 * @self: a #PerfdashLabels
 *
 * Returns: (transfer full): the labels for people: `benchmark=login lab=dfw`
 *
 * Since: 0.1
 */
char *
perfdash_labels_to_string(PerfdashLabels *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	GString *text = g_string_new(NULL);
	for (const char *p = self->packed; p < self->packed + self->size;) {
		const char *key;
		const char *value;
		p = next_label(p, &key, &value);
		g_string_append_printf(text, "%s%s=%s", text->len > 0 ? " " : "", key, value);
	}
	return g_string_free(text, FALSE);
}

/**
 * perfdash_labels_equal:
 * @self: a #PerfdashLabels
 * @other: another
 *
 * Returns: whether both hold the same labels
 *
 * Since: 0.1
 */
gboolean
perfdash_labels_equal(PerfdashLabels *self, PerfdashLabels *other)
{
	g_return_val_if_fail(self != NULL && other != NULL, FALSE);
	return self == other || (self->hash == other->hash && self->size == other->size &&
				 memcmp(self->packed, other->packed, self->size) == 0);
}

/**
 * perfdash_labels_hash:
 * @self: a #PerfdashLabels
 *
 * Returns: a hash, equal for equal labels
 *
 * Since: 0.1
 */
guint
perfdash_labels_hash(PerfdashLabels *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->hash;
}

const char *
perfdash_labels_get_packed(PerfdashLabels *self, gsize *size)
{
	*size = self->size;
	return self->packed;
}
