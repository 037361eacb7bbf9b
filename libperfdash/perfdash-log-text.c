/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-log-text.h"

#include <string.h>

#include "perfdash-error.h"
#include "perfdash-log-prefix.h"
#include "perfdash-unpacker.h"

#define MAX_UNPACKED  (G_GUINT64_CONSTANT(512) << 20) /* bytes, in memory */
#define MAX_SEARCHED  (64 << 20)                      /* bytes in which colours are looked for */
#define ENCODING_HEAD (4 << 10)                       /* bytes that tell the encoding of a log */
#define MAX_SET_OVER  4                               /* bytes */

void
perfdash_log_text_free(PerfdashLogText *self)
{
	g_free(self->stage);
	g_clear_pointer(&self->bytes, g_bytes_unref);
	g_clear_pointer(&self->lines, g_array_unref);
	g_free(self);
}

guint
perfdash_log_text_get_line(const PerfdashLogText *self, guint line)
{
	if (self->lines == NULL || line == 0 || line > self->lines->len)
		return line;
	return g_array_index(self->lines, guint32, line - 1);
}

static gboolean
has_prefix(GBytes *bytes, const char *prefix, gsize length)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	return size >= length && memcmp(data, prefix, length) == 0;
}

static gboolean
keep(gpointer data, const guint8 *bytes, gsize size, GError **error)
{
	g_byte_array_append(data, bytes, size);
	return TRUE;
}

/* a worker is given what is unpacked already; this is for parsers in the process that asks */
static GBytes *
decompress(GBytes *bytes, gboolean *is_cut, GError **error)
{
	g_autoptr(GBytes) current = g_bytes_ref(bytes);
	for (guint layer = 0; layer < PERFDASH_UNPACKER_MAX_LAYERS; layer++) {
		g_autoptr(GByteArray) unpacked = g_byte_array_new();
		gsize size;
		gconstpointer data = g_bytes_get_data(current, &size);
		if (!perfdash_unpacker_is_packed(data, size))
			break;
		if (!perfdash_unpacker_run(current, MAX_UNPACKED, keep, unpacked, is_cut, error))
			return NULL;
		g_bytes_unref(g_steal_pointer(&current));
		current = g_byte_array_free_to_bytes(g_steal_pointer(&unpacked));
	}
	return g_steal_pointer(&current);
}

/* how many of these are letters, digits or line ends of ASCII, by the byte that is not zero. A line
 * of boxes has zeros in the other byte, and reads as percent signs. */
static gsize
count_ascii(const guint8 *units, gsize n, guint byte)
{
	gsize found = 0;
	for (gsize i = 0; i < n; i++) {
		guint8 c = units[2 * i + byte];
		found += units[2 * i + 1 - byte] == 0 && c != '%' &&
			 (g_ascii_isprint(c) || g_ascii_isspace(c));
	}
	return found;
}

/* the encoding that a byte order mark says, or zeros in every other byte; NULL for one of ASCII */
static const char *
find_encoding(GBytes *bytes)
{
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	gsize n = MIN(size, ENCODING_HEAD) / 2;
	if (has_prefix(bytes, "\xff\xfe", 2))
		return "UTF-16LE";
	if (has_prefix(bytes, "\xfe\xff", 2))
		return "UTF-16BE";
	if (n < 8)
		return NULL;
	gsize little = count_ascii(data, n, 0);
	gsize big = count_ascii(data, n, 1);
	if (4 * MAX(little, big) < n || MAX(little, big) < 8 * MIN(little, big))
		return NULL;
	return little > big ? "UTF-16LE" : "UTF-16BE";
}

static GBytes *
decode(GBytes *bytes, GError **error)
{
	const char *encoding = find_encoding(bytes);
	gsize size = g_bytes_get_size(bytes);
	g_autoptr(GError) local = NULL;
	if (encoding != NULL) {
		gsize written;
		char *text = g_convert(g_bytes_get_data(bytes, NULL),
				       size / 2 * 2,
				       "UTF-8",
				       encoding,
				       NULL,
				       &written,
				       &local);
		if (text == NULL) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_BROKEN,
				    "the log is no %s: %s",
				    encoding,
				    local->message);
			return NULL;
		}
		g_autoptr(GBytes) decoded = g_bytes_new_take(text, written);
		return decode(decoded, error);
	}
	if (has_prefix(bytes, "\xef\xbb\xbf", 3))
		return g_bytes_new_from_bytes(bytes, 3, size - 3);
	return g_bytes_ref(bytes);
}

static gboolean
has_redrawn_lines(const char *data, gsize size)
{
	const char *end = data + size;
	for (const char *p = data; (p = memchr(p, '\r', end - p)) != NULL; p++) {
		if (p + 1 < end && p[1] != '\n')
			return TRUE;
	}
	return FALSE;
}

/* whether what was drawn is only set over the beginning of what stood on the screen, as zstd does
 * with a level: " |-file : 300000 -> ..." becomes " 3#file : 300000 -> ..." */
static gboolean
is_set_over(const GString *screen, const char *drawn, gsize size)
{
	return size > 0 && size <= MAX_SET_OVER && size < screen->len &&
	       strspn(drawn, " ") < size && ((guchar)screen->str[size] & 0xc0) != 0x80;
}

/* ends what was drawn since start, the beginning of the line */
static void
end_drawing(GString *text, gsize start, const GString *screen)
{
	gsize size = text->len - start;
	if (size == 0 || is_set_over(screen, text->str + start, size))
		g_string_append_len(text, screen->str + size, screen->len - size);
}

/* takes what was drawn since start to the screen, on which longer lines show behind shorter ones;
 * blanks clear it */
static void
take_drawing(GString *text, gsize start, GString *screen)
{
	gsize size = text->len - start;
	if (strspn(text->str + start, " ") < size)
		g_string_overwrite_len(screen, 0, text->str + start, size);
	else if (size > 0)
		g_string_truncate(screen, 0);
	g_string_truncate(text, start);
}

/* does what an escape sequence says of the screen: to erase it behind the cursor, or all of it */
static void
erase(GString *text, gsize start, GString *screen, const char *escape, gsize size)
{
	gboolean all = size == 4 && memcmp(escape, "\x1b[2K", 4) == 0;
	gboolean behind = size == 3 && memcmp(escape, "\x1b[K", 3) == 0;
	if (all)
		g_string_truncate(text, start);
	if (all || behind || (size == 4 && memcmp(escape, "\x1b[0K", 4) == 0))
		g_string_truncate(screen, MIN(screen->len, text->len - start));
}

/* appends a line without its colours, and of a line that was redrawn what was drawn last */
static void
append_line(GString *text, const char *p, const char *end)
{
	g_autoptr(GString) screen = g_string_new(NULL);
	gsize start = text->len;
	while (end > p && end[-1] == '\r')
		end--;
	for (; p < end; p++) {
		if (*p == '\r') {
			take_drawing(text, start, screen);
		} else if (*p == '\x1b' && p + 1 < end) {
			const char *behind = perfdash_log_prefix_skip_escape(p, end);
			erase(text, start, screen, p, behind - p);
			p = behind - 1;
		} else {
			g_string_append_c(text, *p);
		}
	}
	end_drawing(text, start, screen);
	g_string_append_c(text, '\n');
}

/* the text of a stage that is being collected */
typedef struct {
	char *stage;
	GString *text;
	GArray *lines;
} Collected;

static Collected *
find_collected(GPtrArray *all, GHashTable *by_stage, const char *stage, gsize length)
{
	g_autofree char *name = g_strndup(stage, length);
	Collected *one = g_hash_table_lookup(by_stage, name);
	if (one != NULL)
		return one;
	one = g_new0(Collected, 1);
	one->stage = g_steal_pointer(&name);
	g_hash_table_insert(by_stage, one->stage, one);
	one->text = g_string_new(NULL);
	one->lines = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_ptr_array_add(all, one);
	return one;
}

static GPtrArray *
clean(const char *data, gsize size, PerfdashLogPrefixes *prefixes)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *texts = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_log_text_free);
	/* a text that is no log of Jenkins may have a stage in each line */
	g_autoptr(GHashTable) by_stage = g_hash_table_new(g_str_hash, g_str_equal);
	guint32 number = 0;
	Collected *plain = find_collected(all, by_stage, "", 0);
	for (const char *p = data, *next; p < data + size; p = next) {
		const char *newline = memchr(p, '\n', data + size - p);
		const char *end = newline != NULL ? newline : data + size;
		const char *stage;
		gsize length;
		next = end + 1;
		number++;
		perfdash_log_prefixes_enter(prefixes, p, data + size);
		p = perfdash_log_prefixes_skip(prefixes, p, end, &stage, &length);
		Collected *one = length > 0 ? find_collected(all, by_stage, stage, length) : plain;
		append_line(one->text, p, end);
		g_array_append_val(one->lines, number);
		/* a line that was cut stays one */
		if (newline == NULL)
			g_string_truncate(one->text, one->text->len - 1);
	}
	for (guint i = 0; i < all->len; i++) {
		Collected *one = g_ptr_array_index(all, i);
		PerfdashLogText *text = g_new0(PerfdashLogText, 1);
		text->stage = one->stage;
		text->lines = one->lines;
		text->bytes = g_string_free_to_bytes(one->text);
		g_ptr_array_add(texts, text);
	}
	return texts;
}

/* what a stage or a container printed, or what Jenkins put stamps before, may have stamps of its
 * own
 */
static void
undo_inner_stamps(PerfdashLogText *self)
{
	gsize size;
	const char *data = g_bytes_get_data(self->bytes, &size);
	PerfdashLogPrefixes prefixes = perfdash_log_prefixes_find(data, size);
	prefixes.stages = FALSE;
	prefixes.containers = FALSE;
	if (size == 0 || !perfdash_log_prefixes_has_any(&prefixes))
		return;
	g_autoptr(GPtrArray) texts = clean(data, size, &prefixes);
	PerfdashLogText *inner = g_ptr_array_index(texts, 0);
	for (guint i = 0; i < inner->lines->len; i++) {
		guint32 *line = &g_array_index(inner->lines, guint32, i);
		*line = g_array_index(self->lines, guint32, *line - 1);
	}
	g_bytes_unref(self->bytes);
	self->bytes = g_steal_pointer(&inner->bytes);
	g_array_unref(self->lines);
	self->lines = g_steal_pointer(&inner->lines);
}

GPtrArray *
perfdash_log_text_split(GBytes *log, gboolean *is_cut, GError **error)
{
	g_autoptr(GBytes) unpacked = decompress(log, is_cut, error);
	g_autoptr(GBytes) bytes = unpacked != NULL ? decode(unpacked, error) : NULL;
	gsize size;
	if (bytes == NULL)
		return NULL;
	const char *data = g_bytes_get_data(bytes, &size);
	gsize searched = MIN(size, MAX_SEARCHED);
	PerfdashLogPrefixes prefixes = perfdash_log_prefixes_find(data, size);
	if (size > 0 &&
	    (perfdash_log_prefixes_has_any(&prefixes) || memchr(data, '\x1b', searched) != NULL ||
	     has_redrawn_lines(data, searched))) {
		GPtrArray *cleaned = clean(data, size, &prefixes);
		for (guint i = 0; i < cleaned->len; i++)
			undo_inner_stamps(g_ptr_array_index(cleaned, i));
		return cleaned;
	}
	GPtrArray *texts = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_log_text_free);
	PerfdashLogText *text = g_new0(PerfdashLogText, 1);
	text->stage = g_strdup("");
	text->bytes = g_steal_pointer(&bytes);
	g_ptr_array_add(texts, text);
	return texts;
}
