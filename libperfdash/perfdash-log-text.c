/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-log-text.h"

#include <string.h>

#include "perfdash-error.h"
#include "perfdash-unpacker.h"

#define MAX_UNPACKED (G_GUINT64_CONSTANT(512) << 20) /* bytes, in memory */
#define MAX_SEARCHED (64 << 20)                      /* bytes in which colours are looked for */
#define HEAD         (256 << 10)                     /* bytes that tell which prefixes a log has */
#define MAX_STAGE    100                             /* bytes */
#define MAX_SET_OVER 4                               /* bytes */

/* how Jenkins begins those branches of a pipeline of which the lines have prefixes */
#define BRANCH       "[Pipeline] { (Branch: "

void
perfdash_log_text_free(PerfdashLogText *self)
{
	g_free(self->stage);
	g_bytes_unref(self->bytes);
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

/* the encoding that a byte order mark says, or zeros in every other byte; NULL for one of ASCII */
static const char *
find_encoding(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	gsize n = MIN(size, 512) / 2;
	gsize zeros[2] = {0, 0};
	if (has_prefix(bytes, "\xff\xfe", 2))
		return "UTF-16LE";
	if (has_prefix(bytes, "\xfe\xff", 2))
		return "UTF-16BE";
	for (gsize i = 0; i < 2 * n; i++)
		zeros[i % 2] += data[i] == '\0';
	if (n >= 8 && 10 * zeros[1] >= 9 * n && zeros[0] == 0)
		return "UTF-16LE";
	if (n >= 8 && 10 * zeros[0] >= 9 * n && zeros[1] == 0)
		return "UTF-16BE";
	return NULL;
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

static gsize
count_digits(const char *p, const char *end)
{
	gsize n = 0;
	while (p + n < end && g_ascii_isdigit(p[n]))
		n++;
	return n;
}

/* behind HH:MM:SS and maybe a fraction, or NULL */
static const char *
skip_clock(const char *p, const char *end)
{
	for (guint i = 0; i < 3; i++) {
		if (count_digits(p, end) != 2)
			return NULL;
		p += 2;
		if (i < 2 && (p == end || *p++ != ':'))
			return NULL;
	}
	if (p < end && (*p == '.' || *p == ',')) {
		gsize n = count_digits(p + 1, end);
		p += n > 0 ? n + 1 : 0;
	}
	return p;
}

/* behind a sequence of a terminal such as a colour, or p when there is none */
static const char *
skip_escape(const char *p, const char *end)
{
	if (p == end || *p != '\x1b' || p + 1 == end)
		return p;
	if (p[1] == '[') {
		for (p += 2; p < end && (guchar)*p < 0x40; p++)
			;
		return p < end ? p + 1 : end;
	}
	if (p[1] == ']') {
		for (p += 2; p < end && *p != '\a' && *p != '\x1b'; p++)
			;
		return p < end && *p == '\a' ? p + 1 : p;
	}
	return p + 2;
}

static const char *
skip_escapes(const char *p, const char *end)
{
	for (const char *behind; (behind = skip_escape(p, end)) != p;)
		p = behind;
	return p;
}

/* behind "2024-05-01T10:00:00.1234567Z ", or NULL: GitHub's runners put it before each line */
static const char *
skip_bare_stamp(const char *p, const char *end)
{
	if (end - p < 20 || count_digits(p, end) != 4 || p[4] != '-' || p[10] != 'T')
		return NULL;
	p = skip_clock(p + 11, end);
	if (p == NULL || p == end || *p != 'Z' || (p + 1 < end && p[1] != ' '))
		return NULL;
	return p + 1 < end ? p + 2 : p + 1;
}

/* behind "[2024-05-01T10:00:00.123Z] ", or NULL */
static const char *
skip_iso_stamp(const char *p, const char *end)
{
	if (end - p < 22 || *p != '[' || count_digits(p + 1, end) != 4 || p[5] != '-' ||
	    p[11] != 'T')
		return NULL;
	p = skip_clock(p + 12, end);
	while (p != NULL && p < end && strchr("Z+-:0123456789", *p) != NULL)
		p++;
	if (p == NULL || p == end || *p != ']')
		return NULL;
	p++;
	return p < end && *p == ' ' ? p + 1 : p;
}

/* behind "10:00:00 " or "00:00:01.234  ", or NULL; more blanks are of the line itself */
static const char *
skip_clock_stamp(const char *p, const char *end, guint blanks)
{
	p = skip_clock(p, end);
	if (p == NULL || (p < end && *p != ' '))
		return NULL;
	for (guint i = 0; i < blanks && p < end && *p == ' '; i++)
		p++;
	return p;
}

/* whether text follows "10:00:00 " and not another blank */
static gboolean
has_one_blank(const char *p, const char *end)
{
	p = skip_clock_stamp(p, end, 1);
	return p != NULL && p < end && !g_ascii_isspace(*p);
}

/* what else begins so: steps of Jenkins, sums of iperf3, runs of memtier_benchmark, threads of perf
 * bench, and what AsciiDoc says of a block */
static gboolean
is_no_stage(const char *p, gsize length)
{
	static const char *const whole[] = {"Pipeline", "SUM", "source", "listing", "literal"};
	static const char *const begin[] = {"RUN #", "thread ", "source,", "source%"};
	for (guint i = 0; i < G_N_ELEMENTS(whole); i++) {
		if (length == strlen(whole[i]) && strncmp(p, whole[i], length) == 0)
			return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(begin); i++) {
		if (length > strlen(begin[i]) && strncmp(p, begin[i], strlen(begin[i])) == 0)
			return TRUE;
	}
	return FALSE;
}

/* the stage in "[stage] ", or 0 */
static gsize
find_stage(const char *p, const char *end)
{
	const char *close = end - p > 2 && *p == '[' && g_ascii_isalpha(p[1])
				    ? memchr(p, ']', MIN(end - p, MAX_STAGE))
				    : NULL;
	if (close == NULL || (close + 1 < end && close[1] != ' '))
		return 0;
	/* loadtest dates its lines so */
	for (const char *clock = p + 1; clock < close; clock++) {
		if (skip_clock(clock, close) != NULL)
			return 0;
	}
	return is_no_stage(p + 1, close - p - 1) ? 0 : close - p - 1;
}

/* what the lines of a log begin with */
typedef struct {
	gboolean iso_stamps;
	gboolean bare_stamps;
	gboolean clock_stamps;
	guint clock_blanks; /* behind a clock stamp: 1 or 2 */
	gboolean stages;
} Prefixes;

static const char *
skip_stamp(Prefixes prefixes, const char *p, const char *end)
{
	const char *behind = prefixes.iso_stamps ? skip_iso_stamp(p, end) : NULL;
	if (behind == NULL && prefixes.bare_stamps)
		behind = skip_bare_stamp(p, end);
	if (behind == NULL && prefixes.clock_stamps)
		behind = skip_clock_stamp(p, end, prefixes.clock_blanks);
	return behind != NULL ? behind : p;
}

/* the stamp may stand before or behind the stage */
static const char *
skip_prefixes(Prefixes prefixes, const char *p, const char *end, const char **stage, gsize *length)
{
	p = skip_stamp(prefixes, skip_escapes(p, end), end);
	*length = prefixes.stages ? find_stage(p, end) : 0;
	*stage = p + 1;
	if (*length == 0)
		return p;
	p += *length + 2;
	return skip_stamp(prefixes, p < end ? p + 1 : p, end);
}

static Prefixes
find_prefixes(const char *data, gsize size)
{
	const Prefixes all = {TRUE, TRUE, TRUE, 2, TRUE};
	const char *head_end = data + MIN(size, HEAD);
	guint n_lines = 0, n_iso = 0, n_bare = 0, n_clock = 0, n_narrow = 0, n_stages = 0;
	for (const char *p = data, *next; p < head_end; p = next) {
		const char *newline = memchr(p, '\n', head_end - p);
		const char *end = newline != NULL ? newline : head_end;
		const char *stage;
		gsize length;
		next = end + 1;
		if (end == p || (end == p + 1 && *p == '\r'))
			continue;
		n_lines++;
		p = skip_escapes(p, end);
		skip_prefixes(all, p, end, &stage, &length);
		n_stages += length > 0;
		const char *stamp = length > 0 && stage == p + 1 ? p + length + 3 : p;
		n_iso += stamp < end && skip_iso_stamp(stamp, end) != NULL;
		n_bare += stamp < end && skip_bare_stamp(stamp, end) != NULL;
		n_clock += stamp < end && skip_clock_stamp(stamp, end, 2) != NULL;
		n_narrow += stamp < end && has_one_blank(stamp, end);
	}
	return (Prefixes){
		.iso_stamps = n_iso >= 2 || (n_iso > 0 && n_iso == n_lines),
		.bare_stamps = n_bare > 0 && n_bare >= n_lines - n_lines / 5,
		.clock_stamps = n_clock > 0 && n_clock >= n_lines - n_lines / 5,
		.clock_blanks = n_narrow > 0 ? 1 : 2,
		.stages = (n_stages >= 3 && n_stages >= n_lines / 3) ||
			  (n_stages > 0 && n_stages == n_lines) ||
			  memmem(data, MIN(size, MAX_SEARCHED), BRANCH, strlen(BRANCH)) != NULL,
	};
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
			const char *behind = skip_escape(p, end);
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
clean(const char *data, gsize size, Prefixes prefixes)
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
		p = skip_prefixes(prefixes, p, end, &stage, &length);
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
	Prefixes prefixes = find_prefixes(data, size);
	if (size > 0 && (prefixes.iso_stamps || prefixes.bare_stamps || prefixes.clock_stamps ||
			 prefixes.stages || memchr(data, '\x1b', searched) != NULL ||
			 has_redrawn_lines(data, searched)))
		return clean(data, size, prefixes);
	GPtrArray *texts = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_log_text_free);
	PerfdashLogText *text = g_new0(PerfdashLogText, 1);
	text->stage = g_strdup("");
	text->bytes = g_steal_pointer(&bytes);
	g_ptr_array_add(texts, text);
	return texts;
}
