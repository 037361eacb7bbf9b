/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JTL as CSV: which columns there are is a setting of JMeter, and so is whether a header names
 * them; runs that were appended repeat it. Fields may be quoted and hold separators and line ends,
 * so rows are found by reading fields, never lines. A log may have gigabytes: of a row only the
 * fields that matter are looked at, nothing is copied, and the end of the row is searched behind
 * the last of them. */

#include "jmeter-csv.h"

#include <string.h>

#include "jmeter-clock.h"
#include "jmeter-columns.h"
#include "jmeter-index.h"
#include "jmeter-number.h"
#include "reader-csv.h"

#define TRANSACTION "Number of samples in transaction : "

#define MAX_INDEXED 64 /* fields of a row that are found by the index */

typedef struct {
	const char *text;
	gsize size;
	char separator;
	gsize row;                            /* where it begins */
	gsize next;                           /* where the next one begins */
	JmeterField fields[JMETER_N_COLUMNS]; /* of a row that was read one by one; without text:
						 not there */
	int positions[JMETER_N_COLUMNS];      /* of the columns, or -1 */
	int last;                             /* of the positions */
	gboolean is_default;                  /* they are jmeter_default_positions */
	gboolean is_cut;                      /* the row has no end */
	gboolean is_certain;                  /* its rows need no header to be known */

	JmeterEpoch epoch;
	JmeterIndexer indexer;
	JmeterIndex index;
	gsize first;  /* where in the text the index begins */
	gsize n_read; /* rows of the index */
} Reading;

static gsize
find(Reading *self, gsize at, char wanted)
{
	const char *p = memchr(self->text + at, wanted, self->size - at);
	return p != NULL ? (gsize)(p - self->text) : self->size;
}

static gsize
find_end(Reading *self, gsize at)
{
	while (at < self->size && self->text[at] != self->separator && self->text[at] != '\n')
		at++;
	return at;
}

/* at the quote that opens a field; gives where the field ends */
static gsize
read_quoted(Reading *self, gsize at, JmeterField *field)
{
	gsize from = at + 1;
	field->text = self->text + from;
	field->is_quoted = TRUE;
	for (;;) {
		gsize quote = find(self, from, '"');
		field->size = self->text + quote - field->text;
		if (quote == self->size)
			return quote;
		/* what stands behind a closing quote is no part of anything */
		if (quote + 1 == self->size || self->text[quote + 1] != '"')
			return find_end(self, quote + 1);
		from = quote + 2;
	}
}

static gsize
read_field(Reading *self, gsize at, JmeterField *field)
{
	if (at < self->size && self->text[at] == '"')
		return read_quoted(self, at, field);
	gsize end = find_end(self, at);
	*field = (JmeterField){self->text + at, end - at, FALSE};
	return end;
}

static void
trim_return(JmeterField *field)
{
	if (!field->is_quoted && field->size > 0 && field->text[field->size - 1] == '\r')
		field->size--;
}

/* a row that is not in the index: long, short, the last one, or with quotes where none belong */
static void
read_odd_row(Reading *self)
{
	gsize at = self->next;
	gboolean is_last = FALSE;
	memset(self->fields, 0, sizeof(self->fields));
	self->row = at;
	for (int position = 0; !is_last; position++, at++) {
		JmeterField field;
		at = read_field(self, at, &field);
		self->is_cut = at == self->size;
		is_last = self->is_cut || self->text[at] == '\n';
		if (is_last)
			trim_return(&field);
		for (JmeterColumn column = 0; position <= self->last && column < JMETER_N_COLUMNS;
		     column++) {
			if (self->positions[column] == position)
				self->fields[column] = field;
		}
	}
	self->next = at;
}

static void
drop_index(Reading *self)
{
	self->index.n_rows = 0;
	self->n_read = 0;
}

static void
make_index(Reading *self)
{
	gsize n_blocks = MIN((self->size - self->next) / 64, JMETER_INDEX_BLOCKS);
	self->first = self->next;
	self->n_read = 0;
	self->indexer(self->text + self->first, n_blocks, self->separator, &self->index);
}

/* Of the columns that JMeter writes when nothing was set, message and success are often far from
 * the beginning of the row, but not from the label. FALSE when the row ends before: what is behind
 * the index must not be looked at */
G_ALWAYS_INLINE static inline gboolean
find_default_ends(const JmeterIndex *index, gsize begin, gsize row_end, gsize *ends)
{
	jmeter_index_find_near_ends(index, begin, JMETER_LABEL_POSITION + 1, ends);
	if (G_UNLIKELY(ends[JMETER_LABEL_POSITION] >= row_end))
		return FALSE;
	jmeter_index_find_near_ends(index,
				    ends[JMETER_LABEL_POSITION] + 1,
				    JMETER_SUCCESS_POSITION - JMETER_LABEL_POSITION,
				    ends + JMETER_LABEL_POSITION + 1);
	return TRUE;
}

G_ALWAYS_INLINE static inline gboolean
find_ends(const JmeterIndex *index,
	  const int *positions,
	  int last,
	  gsize begin,
	  gsize row_end,
	  gsize *ends)
{
	if (positions == jmeter_default_positions)
		return find_default_ends(index, begin, row_end, ends);
	jmeter_index_find_ends(index, begin, last + 1, ends);
	return TRUE;
}

/* without a branch, for which labels are quoted cannot be foreseen. FALSE when something stands
 * behind the closing quote */
G_ALWAYS_INLINE static inline gboolean
unquote(JmeterField *field)
{
	const char *end = field->text + field->size;
	gsize quote = *field->text == '"';
	gsize other = (end[-(gssize)quote] ^ '"') & -quote;
	*field = (JmeterField){field->text + quote, field->size - 2 * quote, quote};
	return other == 0;
}

/* the fields of a row that the index has. FALSE when they must be read one by one: quoted numbers,
 * something behind a closing quote, a row that is too short */
G_ALWAYS_INLINE static inline gboolean
get_fields(const char *text,
	   gsize row,
	   gsize row_end,
	   const gsize *ends,
	   const int *positions,
	   int last,
	   JmeterField *fields)
{
	if (G_UNLIKELY(ends[last] > row_end))
		return FALSE;
#pragma GCC unroll 5
	for (JmeterColumn column = 0; column < JMETER_N_COLUMNS; column++) {
		int position = positions[column];
		fields[column] = (JmeterField){NULL};
		if (position < 0)
			continue;
		gsize begin = position > 0 ? ends[position - 1] + 1 : row;
		fields[column] = (JmeterField){text + begin, ends[position] - begin, 0};
		if (position == last && ends[position] == row_end)
			trim_return(&fields[column]);
	}
	return unquote(&fields[JMETER_LABEL_COLUMN]);
}

static gboolean
is_text(const JmeterField *field, const char *text)
{
	return field->size == strlen(text) &&
	       g_ascii_strncasecmp(field->text, text, field->size) == 0;
}

G_ALWAYS_INLINE static inline gboolean
read_start(const JmeterField *field,
	   const int *positions,
	   const char *end,
	   JmeterEpoch *epoch,
	   JmeterSample *sample,
	   gboolean *has_zone)
{
	sample->has_start = positions[JMETER_START_COLUMN] >= 0;
	if (!sample->has_start)
		return TRUE;
	return jmeter_read_time(field->text, field->size, end, epoch, &sample->start) ||
	       jmeter_clock_read(field->text, field->size, &sample->start, has_zone);
}

G_ALWAYS_INLINE static inline gboolean
read_success(const JmeterField *field, const int *positions, JmeterSample *sample)
{
	sample->has_success = positions[JMETER_SUCCESS_COLUMN] >= 0;
	sample->success = TRUE;
	if (!sample->has_success)
		return TRUE;
	if (field->size == 4 && memcmp(field->text, "true", 4) == 0)
		return TRUE;
	sample->success = is_text(field, "true");
	return sample->success || is_text(field, "false");
}

G_ALWAYS_INLINE static inline gboolean
is_transaction(const JmeterField *message)
{
	return message->size > strlen(TRANSACTION) + 1 &&
	       memcmp(message->text + (*message->text == '"'), TRANSACTION, strlen(TRANSACTION)) ==
		       0;
}

/* all columns must be there */
G_ALWAYS_INLINE static inline gboolean
read_sample(const JmeterField *fields,
	    const int *positions,
	    const char *end,
	    JmeterEpoch *epoch,
	    JmeterSample *sample,
	    gboolean *has_zone)
{
	const JmeterField *elapsed = &fields[JMETER_ELAPSED_COLUMN];
	if (!jmeter_read_number(elapsed->text, elapsed->size, end, &sample->elapsed) ||
	    !read_start(&fields[JMETER_START_COLUMN], positions, end, epoch, sample, has_zone) ||
	    !read_success(&fields[JMETER_SUCCESS_COLUMN], positions, sample))
		return FALSE;
	sample->kind = is_transaction(&fields[JMETER_MESSAGE_COLUMN]) ? JMETER_TRANSACTION
								      : JMETER_SAMPLE;
	sample->label = fields[JMETER_LABEL_COLUMN];
	return TRUE;
}

/* As many rows as the index has, up to one of which the fields must be read one by one. Where a row
 * begins does not depend on what is found in the one before, so the processor can begin early */
G_ALWAYS_INLINE static inline void
read_by_positions(Reading *self,
		  const int *positions,
		  int last,
		  JmeterSamples *samples,
		  gboolean *has_zone)
{
	const JmeterIndex *index = &self->index;
	const char *text = self->text + self->first;
	const char *end = self->text + self->size;
	JmeterField fields[JMETER_N_COLUMNS];
	gsize ends[MAX_INDEXED];
	gsize row = self->next - self->first;
	gsize i = self->n_read;
	JmeterSample sample;
	for (; i < index->n_rows; i++) {
		gsize row_end = index->row_ends[i];
		if (!find_ends(index, positions, last, row, row_end, ends) ||
		    !get_fields(text, row, row_end, ends, positions, last, fields) ||
		    !read_sample(fields, positions, end, &self->epoch, &sample, has_zone))
			break;
		jmeter_samples_add(samples, end, &sample);
		row = row_end + 1;
	}
	self->next = self->first + row;
	self->n_read = i;
}

/* most logs have JMeter's own columns, for which the compiler can prepare */
static void
read_indexed_rows(Reading *self, JmeterSamples *samples, gboolean *has_zone)
{
	if (self->is_default)
		read_by_positions(self,
				  jmeter_default_positions,
				  JMETER_SUCCESS_POSITION,
				  samples,
				  has_zone);
	else if (self->last < MAX_INDEXED)
		read_by_positions(self, self->positions, self->last, samples, has_zone);
}

/* from the position of each column, or -1 */
static void
set_columns(Reading *self, const int *positions)
{
	memcpy(self->positions, positions, sizeof(self->positions));
	self->is_default = memcmp(positions,
				  jmeter_default_positions,
				  sizeof(jmeter_default_positions)) == 0;
	self->last = 0;
	for (JmeterColumn column = 0; column < JMETER_N_COLUMNS; column++)
		self->last = MAX(self->last, positions[column]);
}

/* a row that is no sample: a header again, or nothing at all; FALSE when it is neither */
static gboolean
read_other_row(Reading *self)
{
	int positions[JMETER_N_COLUMNS];
	gsize size = self->next - self->row;
	g_autoptr(GBytes) row = g_bytes_new_static(self->text + self->row, size);
	g_auto(ReaderCsv) csv;
	reader_csv_init(&csv, row, self->separator);
	GPtrArray *fields = reader_csv_next(&csv);
	if (fields == NULL)
		return TRUE;
	if (!jmeter_columns_name(fields, positions))
		return FALSE;
	set_columns(self, positions);
	return TRUE;
}

static guint
count_lines(const char *text, gsize size)
{
	const char *end = text + size;
	guint n = 1;
	while ((text = memchr(text, '\n', end - text)) != NULL) {
		n++;
		text++;
	}
	return n;
}

static gboolean
begins_with_time(const char *p, const char *end, char separator)
{
	const char *digits = p;
	while (p < end && g_ascii_isdigit(*p))
		p++;
	return p - digits == 13 && p < end && *p == separator;
}

/* whether a line begins as a header or a row of JMeter does, whatever stands before it */
static gboolean
begins_row(const char *p, const char *end, char separator)
{
	return ((gsize)(end - p) >= strlen("timeStamp") && memcmp(p, "timeStamp", 9) == 0) ||
	       begins_with_time(p, end, separator);
}

/* A row that was torn may have a quote that nothing closes, and swallow what follows: goes on at
 * the first of its lines that is another row, otherwise at its second line. FALSE when there is
 * none. */
static gboolean
resume(Reading *self)
{
	const char *text = self->text;
	const char *end = text + MIN(self->next, self->size);
	const char *second = memchr(text + self->row, '\n', end - text - self->row);
	const char *p = second;
	while (p != NULL && !begins_row(p + 1, end, self->separator))
		p = memchr(p + 1, '\n', end - p - 1);
	if (p == NULL && (self->is_cut || second == NULL))
		return FALSE;
	self->next = (p != NULL ? p : second) + 1 - text;
	drop_index(self);
	return TRUE;
}

static void
note_bad_row(Reading *self, gsize row, JmeterRemarks *remarks)
{
	if (remarks->n_bad++ == 0)
		remarks->first_bad = count_lines(self->text, row);
}

typedef enum {
	ROW_SAMPLE,
	ROW_OTHER, /* a header again, or nothing at all */
	ROW_BAD,
	ROW_CUT, /* it has no end */
	ROW_NONE,
} Row;

/* whether a row that was read one by one is long enough */
static gboolean
has_columns(const Reading *self)
{
	for (JmeterColumn column = 0; column < JMETER_N_COLUMNS; column++) {
		if (self->positions[column] >= 0 && column != JMETER_MESSAGE_COLUMN &&
		    self->fields[column].text == NULL)
			return FALSE;
	}
	return TRUE;
}

static Row
read_one_row(Reading *self, JmeterSamples *samples, gboolean *has_zone)
{
	const char *end = self->text + self->size;
	JmeterSample sample;
	read_odd_row(self);
	if (self->n_read < self->index.n_rows &&
	    self->next == self->first + self->index.row_ends[self->n_read] + 1)
		self->n_read++;
	else
		drop_index(self);
	if (self->is_cut)
		return ROW_CUT;
	if (!has_columns(self) ||
	    !read_sample(self->fields, self->positions, end, &self->epoch, &sample, has_zone))
		return read_other_row(self) ? ROW_OTHER : ROW_BAD;
	jmeter_samples_add(samples, end, &sample);
	return ROW_SAMPLE;
}

/* up to a row that is bad or cut, or to the end */
static Row
read_good_rows(Reading *self, JmeterSamples *samples, gboolean *has_zone)
{
	while (self->next < self->size) {
		gsize before = self->next;
		if (self->n_read == self->index.n_rows)
			make_index(self);
		read_indexed_rows(self, samples, has_zone);
		if (self->n_read == self->index.n_rows && self->next > before)
			continue;
		Row row = read_one_row(self, samples, has_zone);
		if (row == ROW_BAD || row == ROW_CUT)
			return row;
	}
	return ROW_NONE;
}

/* whether a row that was read one by one is none of the JTL's header, yet looks like its own */
static gboolean
is_own(const Reading *self)
{
	const char *end = self->text + self->size;
	const JmeterField *elapsed = &self->fields[JMETER_ELAPSED_COLUMN];
	gint64 number;
	return begins_with_time(self->text + self->row, end, self->separator) ||
	       (elapsed->text != NULL &&
		jmeter_read_number(elapsed->text, elapsed->size, end, &number));
}

/* One line that got between rows does no more than damage a JTL. When rows would be known without
 * it, they are another one, and so they are behind a command that a shell traces. */
static gboolean
is_damage(Reading *self)
{
	gsize row = self->row;
	gsize next = self->next;
	if (self->is_certain || self->text[row] == '+' || next >= self->size)
		return FALSE;
	read_odd_row(self);
	gboolean goes_on = is_own(self);
	self->row = row;
	self->next = next;
	return goes_on;
}

/* whether the last line, which has no end, may be the begin of a row */
static gboolean
begins_like_row(const Reading *self)
{
	return self->positions[JMETER_START_COLUMN] != 0 ||
	       g_ascii_isdigit(self->text[self->row]) || self->text[self->row] == '"';
}

/* gives where the JTL ends, which may be before the text does */
static gsize
read_rows(Reading *self, JmeterSamples *samples, JmeterRemarks *remarks)
{
	Row row;
	*remarks = (JmeterRemarks){.has_zone = TRUE};
	while ((row = read_good_rows(self, samples, &remarks->has_zone)) != ROW_NONE) {
		gsize begin = self->row;
		if (row == ROW_BAD && !is_own(self) && !is_damage(self))
			return begin;
		if (!resume(self) && row == ROW_CUT) {
			/* the last row of a log that was cut off proves nothing */
			remarks->is_cut = begins_like_row(self);
			return begin;
		}
		note_bad_row(self, begin, remarks);
	}
	return self->size;
}

static void
init(Reading *self, const char *text, gsize size)
{
	int positions[JMETER_N_COLUMNS];
	self->text = text;
	self->size = size;
	self->separator = jmeter_columns_find_separator(text, size);
	self->is_certain = jmeter_columns_are_certain(text, size, NULL);
	self->next = 0;
	self->epoch = (JmeterEpoch){0};
	self->first = 0;
	self->indexer = jmeter_index_get(0);
	drop_index(self);
	if (!jmeter_columns_find(text, size, self->separator, positions))
		memcpy(positions, jmeter_default_positions, sizeof(positions));
	set_columns(self, positions);
}

/* whether there is more behind a JTL than the row at which it was cut off */
static gboolean
has_rest(const Reading *self, gsize behind, const JmeterRemarks *remarks)
{
	gsize size = self->size - behind;
	return size > 0 && (!remarks->is_cut || memchr(self->text + behind, '\n', size) != NULL);
}

gboolean
jmeter_csv_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		JmeterRemarks *remarks,
		GError **error)
{
	Reading reading;
	init(&reading, text, size);
	gsize behind = read_rows(&reading, samples, remarks);
	if (has_rest(&reading, behind, remarks))
		remarks->rest = behind;
	if (remarks->n_bad == 0 || remarks->n_bad < jmeter_samples_get_n(samples))
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BROKEN,
		    "line %u: no sample with timeStamp, elapsed and label",
		    remarks->first_bad);
	return FALSE;
}

gsize
jmeter_csv_read_part(const char *text, gsize size, JmeterSamples *samples, JmeterRemarks *remarks)
{
	Reading reading;
	init(&reading, text, size);
	return read_rows(&reading, samples, remarks);
}

gboolean
jmeter_csv_is(const char *text, gsize size)
{
	int positions[JMETER_N_COLUMNS];
	/* somebody shows a JTL, indented or as a mail, a comment, a patch */
	if (size == 0 || strchr(" \t>#+/*'", *text) != NULL)
		return FALSE;
	return jmeter_columns_find(text,
				   size,
				   jmeter_columns_find_separator(text, size),
				   positions);
}
