/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where a log came from, and what is known of its run there. Logs with the same bytes are the same
 * log when the same is known of their runs: a size that two builds share gives the same bytes twice
 * and is two results, a file that was moved or sent again is the log it was. What is known of the
 * file alone, its place and its time, does not count, for that is what changes when it is moved. */

#include "perfdash-origin-private.h"

#include <string.h>

#include "perfdash-digest.h"
#include "perfdash-error.h"
#include "perfdash-labels.h"
#include "perfdash-run-builder.h"
#include "perfdash-run-private.h"

#define DIGEST_LENGTH 16
/* what a note begins with; the first ones had none, and began with the name of a file */
#define TAG                                                                                        \
	"\xff"                                                                                     \
	"note 2"
/* name, source, parser, facts, place, url, written_at */
#define TYPE       "(ssms" PERFDASH_RUN_VARIANT_TYPE "ssx)"
/* name, source, parser, facts and what is known of the file alone together */
#define FIRST_TYPE "(ssmsm" PERFDASH_RUN_VARIANT_TYPE ")"

struct _PerfdashOrigin {
	GObject parent_instance;
	char *source;
	char *parser; /* nullable */
	PerfdashRun *facts;
	PerfdashRun *defaults; /* facts, completed by what is known of the file */
	char *place;           /* "" unknown */
	char *url;             /* likewise */
	gint64 written_at;     /* microseconds since 1970 UTC, 0 unknown */
	gint64 arrived_at;     /* likewise; of a log that is resumed, 0: it comes now */
	char *digest;          /* of facts; "" when they are not told apart */
};

G_DEFINE_FINAL_TYPE(PerfdashOrigin, perfdash_origin, G_TYPE_OBJECT)

static void
feed(PerfdashDigest *digest, const char *text)
{
	perfdash_digest_update(digest, (const guint8 *)text, strlen(text) + 1);
}

static void
feed_fact(PerfdashDigest *digest, const char *what, const char *value)
{
	if (*value == '\0')
		return;
	feed(digest, what);
	feed(digest, value);
}

/* Stores and archives keep this: whatever is changed here doubles what comes again. Facts that are
 * not known are left out, so that there may be others one day. */
static char *
digest_facts(PerfdashRun *facts)
{
	g_autoptr(PerfdashDigest) digest = perfdash_digest_new();
	const char *key;
	const char *value;
	for (guint i = 0; (key = perfdash_labels_get_nth(facts->labels, i, &value)) != NULL; i++) {
		feed(digest, "label");
		feed(digest, key);
		feed(digest, value);
	}
	feed_fact(digest, "build", facts->build);
	feed_fact(digest, "revision", facts->revision);
	feed_fact(digest, "url", facts->url);
	if (facts->started_at != 0) {
		g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, facts->started_at);
		feed_fact(digest, "started_at", text);
	}
	char *hexadecimal = perfdash_digest_end(digest);
	hexadecimal[DIGEST_LENGTH] = '\0';
	return hexadecimal;
}

/* a run that says what is known of the file */
static PerfdashRun *
describe_file(const char *url, gint64 written_at, GError **error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_url(builder, url);
	perfdash_run_builder_set_started_at(builder, written_at);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	return runs != NULL ? g_object_ref(g_ptr_array_index(runs, 0)) : NULL;
}

static gboolean
check_place(const char *place, GError **error)
{
	if (g_utf8_validate(place, -1, NULL))
		return TRUE;
	g_autofree char *shown = g_filename_display_name(place);
	g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID, "path %s is not UTF-8", shown);
	return FALSE;
}

/**
 * perfdash_origin_get_source:
 * @self: a #PerfdashOrigin
 *
 * Returns: the name of a source, `push` or `ingest`
 *
 * Since: 0.1
 */
const char *
perfdash_origin_get_source(PerfdashOrigin *self)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self), NULL);
	return self->source;
}

/**
 * perfdash_origin_get_parser:
 * @self: a #PerfdashOrigin
 *
 * Returns: (nullable): name of the parser to use, or %NULL to let the parsers decide
 *
 * Since: 0.1
 */
const char *
perfdash_origin_get_parser(PerfdashOrigin *self)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self), NULL);
	return self->parser;
}

/**
 * perfdash_origin_get_facts:
 * @self: a #PerfdashOrigin
 *
 * Returns: (transfer none): a run without results: what is known of the run
 *
 * Since: 0.1
 */
PerfdashRun *
perfdash_origin_get_facts(PerfdashOrigin *self)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self), NULL);
	return self->facts;
}

/**
 * perfdash_origin_get_defaults:
 * @self: a #PerfdashOrigin
 *
 * Returns: (transfer none): the facts, completed by what is known of the file: what completes the
 * runs that are read from the log
 *
 * Since: 0.1
 */
PerfdashRun *
perfdash_origin_get_defaults(PerfdashOrigin *self)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self), NULL);
	return self->defaults;
}

/**
 * perfdash_origin_get_place:
 * @self: a #PerfdashOrigin
 *
 * Returns: what the source finds the log by, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_origin_get_place(PerfdashOrigin *self)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self), NULL);
	return self->place;
}

/**
 * perfdash_origin_get_written_at:
 * @self: a #PerfdashOrigin
 *
 * Returns: when the file was written, in microseconds since 1970 UTC, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_origin_get_written_at(PerfdashOrigin *self)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self), 0);
	return self->written_at;
}

/**
 * perfdash_origin_get_digest:
 * @self: a #PerfdashOrigin
 *
 * Returns: 16 hexadecimal digits, the same for the same facts; "" for a log that was accepted by a
 * perfdash that did not tell them apart
 *
 * Since: 0.1
 */
const char *
perfdash_origin_get_digest(PerfdashOrigin *self)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self), NULL);
	return self->digest;
}

/**
 * perfdash_origin_identify:
 * @self: a #PerfdashOrigin
 * @log: a log from there
 *
 * Returns: (transfer full): what the log is known by: the digest of its bytes, and after a `-` that
 * of the facts
 *
 * Since: 0.1
 */
char *
perfdash_origin_identify(PerfdashOrigin *self, PerfdashLog *log)
{
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(self) && PERFDASH_IS_LOG(log), NULL);
	const char *digest = perfdash_log_get_digest(log);
	return g_strconcat(digest, *self->digest != '\0' ? "-" : NULL, self->digest, NULL);
}

static GVariant *
to_little_endian(GVariant *variant)
{
	return G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap(variant) : g_variant_ref(variant);
}

/* as bytes that stand beside the log until it is stored: a GVariant, little-endian, of which
 * nothing is believed when it is read again */
GBytes *
perfdash_origin_pack(PerfdashOrigin *self, PerfdashLog *log)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GVariant)
		all = g_variant_ref_sink(g_variant_new("(ssms@" PERFDASH_RUN_VARIANT_TYPE "ssx)",
						       perfdash_log_get_name(log),
						       self->source,
						       self->parser,
						       perfdash_run_to_variant(self->facts),
						       self->place,
						       self->url,
						       self->written_at));
	g_autoptr(GVariant) little = to_little_endian(all);
	g_byte_array_append(bytes, (const guint8 *)TAG, sizeof(TAG));
	g_byte_array_append(bytes, g_variant_get_data(little), g_variant_get_size(little));
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static GVariant *
read_note(GBytes *bytes, const char *type, GError **error)
{
	g_autoptr(GVariant) little = g_variant_ref_sink(
		g_variant_new_from_bytes(G_VARIANT_TYPE(type), bytes, FALSE));
	if (g_variant_is_normal_form(little))
		return to_little_endian(little);
	g_set_error_literal(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "what is known of the log is damaged");
	return NULL;
}

/* the note of a perfdash that took the same bytes for the same log, whatever was known of them */
static PerfdashOrigin *
unpack_first(GBytes *bytes, char **name, GError **error)
{
	g_autoptr(GVariant) all = read_note(bytes, FIRST_TYPE, error);
	g_autoptr(GVariant) known = NULL;
	g_autoptr(PerfdashRun) facts = NULL;
	g_autoptr(PerfdashOrigin) self = NULL;
	const char *source;
	const char *parser;
	if (all == NULL)
		return NULL;
	g_variant_get(all,
		      "(&s&sm&sm@" PERFDASH_RUN_VARIANT_TYPE ")",
		      name,
		      &source,
		      &parser,
		      &known);
	if (known != NULL && (facts = perfdash_run_new_from_variant(known, error)) == NULL)
		return NULL;
	self = perfdash_origin_new(source, parser, facts, NULL, NULL, 0, error);
	if (self != NULL)
		*self->digest = '\0';
	*name = g_strdup(*name);
	return g_steal_pointer(&self);
}

static PerfdashOrigin *
unpack_second(GBytes *bytes, char **name, GError **error)
{
	g_autoptr(GVariant) all = read_note(bytes, TYPE, error);
	g_autoptr(GVariant) known = NULL;
	const char *source;
	const char *parser;
	const char *place;
	const char *url;
	gint64 written_at;
	if (all == NULL)
		return NULL;
	g_variant_get(all,
		      "(&s&sm&s@" PERFDASH_RUN_VARIANT_TYPE "&s&sx)",
		      name,
		      &source,
		      &parser,
		      &known,
		      &place,
		      &url,
		      &written_at);
	g_autoptr(PerfdashRun) facts = perfdash_run_new_from_variant(known, error);
	if (facts == NULL)
		return NULL;
	*name = g_strdup(*name);
	return perfdash_origin_new(source, parser, facts, place, url, written_at, error);
}

/* NULL with PERFDASH_ERROR_BROKEN, or as perfdash_run_new_from_variant() gives it; else name is
 * that of the log, and the caller's */
PerfdashOrigin *
perfdash_origin_unpack(GBytes *bytes, char **name, GError **error)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	if (size < sizeof(TAG) || memcmp(data, TAG, sizeof(TAG)) != 0)
		return unpack_first(bytes, name, error);
	g_autoptr(GBytes) tagged = g_bytes_new_from_bytes(bytes, sizeof(TAG), size - sizeof(TAG));
	return unpack_second(tagged, name, error);
}

/* "" when the run does not say */
typedef const char *(*GetText)(PerfdashRun *run, const char *key);

static const char *
get_label(PerfdashRun *run, const char *key)
{
	const char *value = perfdash_labels_get(run->labels, key);
	return value != NULL ? value : "";
}

static const char *
get_field(PerfdashRun *run, const char *name)
{
	return *name == 'b' ? run->build : *name == 'r' ? run->revision : run->url;
}

static gboolean
fits(PerfdashRun *facts, PerfdashRun *stored, GPtrArray *read, GetText get, const char *key)
{
	const char *fact = get(facts, key);
	const char *known = get(stored, key);
	if (*fact == '\0' || g_str_equal(fact, known))
		return TRUE;
	for (guint i = 0; read != NULL && *known != '\0' && i < read->len; i++) {
		if (g_str_equal(get(g_ptr_array_index(read, i), key), known))
			return TRUE;
	}
	return FALSE;
}

static gboolean
start_fits(PerfdashRun *facts, PerfdashRun *stored, GPtrArray *read)
{
	if (facts->started_at == 0 || facts->started_at == stored->started_at)
		return TRUE;
	for (guint i = 0; read != NULL && i < read->len; i++) {
		PerfdashRun *run = g_ptr_array_index(read, i);
		if (run->started_at != 0 && run->started_at == stored->started_at)
			return TRUE;
	}
	return FALSE;
}

/* Whether a run may have been stored with these facts, by a perfdash that did not keep them: it
 * says what they say, but for what the log itself says otherwise; read is what was read from it,
 * NULL when that is not known. */
gboolean
perfdash_origin_fits(PerfdashOrigin *self, PerfdashRun *stored, GPtrArray *read)
{
	static const char *const fields[] = {"build", "revision", "url"};
	const char *key;
	const char *value;
	for (guint i = 0; (key = perfdash_labels_get_nth(self->facts->labels, i, &value)) != NULL;
	     i++) {
		if (!fits(self->facts, stored, read, get_label, key))
			return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (!fits(self->facts, stored, read, get_field, fields[i]))
			return FALSE;
	}
	return start_fits(self->facts, stored, read);
}

/* when a log came that is resumed, in microseconds since 1970 UTC, or 0 */
gint64
perfdash_origin_get_arrived_at(PerfdashOrigin *self)
{
	return self->arrived_at;
}

void
perfdash_origin_set_arrived_at(PerfdashOrigin *self, gint64 arrived_at)
{
	self->arrived_at = arrived_at;
}

static void
perfdash_origin_finalize(GObject *object)
{
	PerfdashOrigin *self = PERFDASH_ORIGIN(object);
	g_free(self->source);
	g_free(self->parser);
	g_clear_object(&self->facts);
	g_clear_object(&self->defaults);
	g_free(self->place);
	g_free(self->url);
	g_free(self->digest);
	G_OBJECT_CLASS(perfdash_origin_parent_class)->finalize(object);
}

static void
perfdash_origin_class_init(PerfdashOriginClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_origin_finalize;
}

static void
perfdash_origin_init(PerfdashOrigin *self)
{
}

/**
 * perfdash_origin_new:
 * @source: the name of a source, `push` or `ingest`
 * @parser: (nullable): name of the parser to use, or %NULL to let the parsers decide
 * @facts: (nullable): a run without results: what is known of the run before the log is read
 * @place: (nullable): what @source finds the log by, such as a path; %NULL when it comes only once
 * @url: (nullable): address of the file, for runs of which nobody knows a better one
 * @written_at: when the file was written, in microseconds since 1970 UTC, for runs of which nobody
 * knows when they started; or 0
 * @error: return location for an error, or %NULL
 *
 * Labels, build, revision, url and start of @facts tell logs with the same bytes apart; what is
 * known of the file alone, @place, @url and @written_at, does not. A place that has a log with
 * other bytes than before has a newer version of it.
 *
 * Returns: (transfer full): an origin, or %NULL with %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
PerfdashOrigin *
perfdash_origin_new(const char *source,
		    const char *parser,
		    PerfdashRun *facts,
		    const char *place,
		    const char *url,
		    gint64 written_at,
		    GError **error)
{
	g_return_val_if_fail(source != NULL, NULL);
	g_autoptr(PerfdashOrigin) self = g_object_new(PERFDASH_TYPE_ORIGIN, NULL);
	g_autoptr(PerfdashRun) file = NULL;
	self->source = g_strdup(source);
	self->parser = g_strdup(parser);
	self->facts = facts != NULL ? g_object_ref(facts) : perfdash_run_new_empty();
	self->place = g_strdup(place != NULL ? place : "");
	self->url = g_strdup(url != NULL ? url : "");
	self->written_at = written_at;
	file = describe_file(self->url, written_at, error);
	if (file == NULL || !check_place(self->place, error))
		return NULL;
	self->defaults = perfdash_run_with_defaults(self->facts, file);
	self->digest = digest_facts(self->facts);
	return g_steal_pointer(&self);
}
