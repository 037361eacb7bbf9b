/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JTL as CSV: which columns there are is a setting of JMeter, and so is whether a header names
 * them; runs that were appended repeat it. Fields may be quoted and hold separators and line ends,
 * so rows are found by reading fields, never lines. A log may have gigabytes: of a row only the
 * fields that matter are looked at, nothing is copied, and the end of the row is searched behind
 * the last of them. */

#include "jmeter-csv.h"

#include <string.h>

#include "jmeter-clock.h"
#include "jmeter-index.h"
#include "jmeter-number.h"
#include "reader-csv.h"

#define TRANSACTION "Number of samples in transaction : "

typedef enum {
	COLUMN_START,
	COLUMN_ELAPSED,
	COLUMN_LABEL,
	COLUMN_MESSAGE,
	COLUMN_SUCCESS,
	N_COLUMNS,
} Column;

static const char *const column_names[N_COLUMNS] = {
	"timeStamp",
	"elapsed",
	"label",
	"responseMessage",
	"success",
};

/* what JMeter writes when nothing was set; the same in all versions as far as we need it */
#define LABEL_POSITION   2
#define SUCCESS_POSITION 7
static const int default_positions[N_COLUMNS] = {0, 1, LABEL_POSITION, 4, SUCCESS_POSITION};

#define MAX_INDEXED 64 /* fields of a row that are found by the index */

typedef struct {
	const char *text;
	gsize size;
	char separator;
	gsize row;  /* where it begins */
	gsize next; /* where the next one begins */
	JmeterField
		fields[N_COLUMNS]; /* of a row that was read one by one; without text: not there */
	int positions[N_COLUMNS];  /* of the columns, or -1 */
	int last;                  /* of the positions */
	gboolean is_default;       /* they are default_positions */
	gboolean is_cut;           /* the row has no end */

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
		for (Column column = 0; position <= self->last && column < N_COLUMNS; column++) {
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

/* of the columns that JMeter writes when nothing was set, message and success are often far from
 * the beginning of the row, but not from the label */
G_ALWAYS_INLINE static inline void
find_default_ends(const JmeterIndex *index, gsize begin, gsize *ends)
{
	jmeter_index_find_near_ends(index, begin, LABEL_POSITION + 1, ends);
	jmeter_index_find_near_ends(index,
				    ends[LABEL_POSITION] + 1,
				    SUCCESS_POSITION - LABEL_POSITION,
				    ends + LABEL_POSITION + 1);
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
	for (Column column = 0; column < N_COLUMNS; column++) {
		int position = positions[column];
		fields[column] = (JmeterField){NULL};
		if (position < 0)
			continue;
		gsize begin = position > 0 ? ends[position - 1] + 1 : row;
		fields[column] = (JmeterField){text + begin, ends[position] - begin, 0};
		if (position == last && ends[position] == row_end)
			trim_return(&fields[column]);
	}
	return unquote(&fields[COLUMN_LABEL]);
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
	sample->has_start = positions[COLUMN_START] >= 0;
	if (!sample->has_start)
		return TRUE;
	return jmeter_read_time(field->text, field->size, end, epoch, &sample->start) ||
	       jmeter_clock_read(field->text, field->size, &sample->start, has_zone);
}

G_ALWAYS_INLINE static inline gboolean
read_success(const JmeterField *field, const int *positions, JmeterSample *sample)
{
	sample->has_success = positions[COLUMN_SUCCESS] >= 0;
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
	const JmeterField *elapsed = &fields[COLUMN_ELAPSED];
	if (!jmeter_read_number(elapsed->text, elapsed->size, end, &sample->elapsed) ||
	    !read_start(&fields[COLUMN_START], positions, end, epoch, sample, has_zone) ||
	    !read_success(&fields[COLUMN_SUCCESS], positions, sample))
		return FALSE;
	sample->kind = is_transaction(&fields[COLUMN_MESSAGE]) ? JMETER_TRANSACTION : JMETER_SAMPLE;
	sample->label = fields[COLUMN_LABEL];
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
	JmeterField fields[N_COLUMNS];
	gsize ends[MAX_INDEXED];
	gsize row = self->next - self->first;
	gsize i = self->n_read;
	JmeterSample sample;
	for (; i < index->n_rows; i++) {
		gsize row_end = index->row_ends[i];
		if (positions == default_positions)
			find_default_ends(index, row, ends);
		else
			jmeter_index_find_ends(index, row, last + 1, ends);
		if (!get_fields(text, row, row_end, ends, positions, last, fields) ||
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
		read_by_positions(self, default_positions, SUCCESS_POSITION, samples, has_zone);
	else if (self->last < MAX_INDEXED)
		read_by_positions(self, self->positions, self->last, samples, has_zone);
}

/* from the position of each column, or -1 */
static void
set_columns(Reading *self, const int *positions)
{
	memcpy(self->positions, positions, sizeof(self->positions));
	self->is_default = memcmp(positions, default_positions, sizeof(default_positions)) == 0;
	self->last = 0;
	for (Column column = 0; column < N_COLUMNS; column++)
		self->last = MAX(self->last, positions[column]);
}

/* where the columns are, by their names; FALSE when the fields are no header */
static gboolean
read_header(GPtrArray *fields, int *positions)
{
	for (Column column = 0; column < N_COLUMNS; column++)
		positions[column] = reader_csv_find(fields, column_names[column]);
	return positions[COLUMN_ELAPSED] >= 0 && positions[COLUMN_LABEL] >= 0;
}

/* where the columns are when no header says so: in all versions of JMeter a row begins with time,
 * milliseconds, label, code and message; of what follows any may be missing */
static gboolean
guess_columns(GPtrArray *fields, int *positions)
{
	const char *start = reader_csv_get(fields, 0);
	const char *elapsed = reader_csv_get(fields, 1);
	gint64 number;
	gboolean has_zone;
	if (!(strlen(start) == 13 && jmeter_read_number(start, 13, start + 13, &number)) &&
	    !jmeter_clock_read(start, strlen(start), &number, &has_zone))
		return FALSE;
	if (!jmeter_read_number(elapsed, strlen(elapsed), elapsed + strlen(elapsed), &number))
		return FALSE;
	for (guint i = 3; i < fields->len; i++) {
		const char *text = g_ptr_array_index(fields, i);
		if (g_str_equal(text, "true") || g_str_equal(text, "false")) {
			memcpy(positions, default_positions, sizeof(default_positions));
			positions[COLUMN_SUCCESS] = i;
			return TRUE;
		}
	}
	return FALSE;
}

static char
find_separator(const char *text, gsize size)
{
	static const char separators[] = ",;\t|";
	const char *newline = memchr(text, '\n', size);
	gsize length = newline != NULL ? (gsize)(newline - text) : size;
	guint counts[G_N_ELEMENTS(separators)] = {0};
	guint best = 0;
	for (gsize i = 0; i < length; i++) {
		const char *one = text[i] != '\0' ? strchr(separators, text[i]) : NULL;
		if (one != NULL)
			counts[one - separators]++;
	}
	for (guint i = 1; separators[i] != '\0'; i++) {
		if (counts[i] > counts[best])
			best = i;
	}
	return separators[best];
}

/* from the first row of a text; FALSE when it is no JTL */
static gboolean
find_columns(const char *text, gsize size, char separator, int *positions)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, MIN(size, PERFDASH_PARSER_HEAD_SIZE));
	g_auto(ReaderCsv) csv;
	reader_csv_init(&csv, bytes, separator);
	GPtrArray *fields = reader_csv_next(&csv);
	return fields != NULL &&
	       (read_header(fields, positions) || guess_columns(fields, positions));
}

/* a row that is no sample: a header again, or nothing at all; FALSE when it is neither */
static gboolean
read_other_row(Reading *self)
{
	int positions[N_COLUMNS];
	gsize size = self->next - self->row;
	g_autoptr(GBytes) row = g_bytes_new_static(self->text + self->row, size);
	g_auto(ReaderCsv) csv;
	reader_csv_init(&csv, row, self->separator);
	GPtrArray *fields = reader_csv_next(&csv);
	if (fields == NULL)
		return TRUE;
	if (!read_header(fields, positions))
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

/* whether a line begins as a header or a row of JMeter does, whatever stands before it */
static gboolean
begins_row(const char *p, const char *end, char separator)
{
	const char *digits = p;
	if ((gsize)(end - p) >= strlen("timeStamp") && memcmp(p, "timeStamp", 9) == 0)
		return TRUE;
	while (p < end && g_ascii_isdigit(*p))
		p++;
	return p - digits == 13 && p < end && *p == separator;
}

/* A row that was torn may have a quote that nothing closes, and swallow what follows: goes on at
 * the first of its lines that is another row. FALSE when none is. */
static gboolean
resume(Reading *self)
{
	const char *text = self->text;
	const char *p = text + self->row;
	const char *end = text + MIN(self->next, self->size);
	while ((p = memchr(p, '\n', end - p)) != NULL) {
		p++;
		if (begins_row(p, end, self->separator)) {
			self->next = p - text;
			drop_index(self);
			return TRUE;
		}
	}
	return FALSE;
}

static void
note_bad_row(Reading *self, JmeterRemarks *remarks)
{
	if (remarks->n_bad++ == 0)
		remarks->first_bad = count_lines(self->text, self->row);
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
	for (Column column = 0; column < N_COLUMNS; column++) {
		if (self->positions[column] >= 0 && column != COLUMN_MESSAGE &&
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

static void
read_rows(Reading *self, JmeterSamples *samples, JmeterRemarks *remarks)
{
	Row row;
	while ((row = read_good_rows(self, samples, &remarks->has_zone)) != ROW_NONE) {
		gboolean goes_on = resume(self);
		/* the last row of a log that was cut off proves nothing */
		remarks->is_cut = row == ROW_CUT && !goes_on;
		if (remarks->is_cut)
			return;
		note_bad_row(self, remarks);
	}
}

static void
init(Reading *self, const char *text, gsize size)
{
	int positions[N_COLUMNS];
	self->text = text;
	self->size = size;
	self->separator = find_separator(text, size);
	self->next = 0;
	self->epoch = (JmeterEpoch){0};
	self->first = 0;
	self->indexer = jmeter_index_get(0);
	drop_index(self);
	if (!find_columns(text, size, self->separator, positions))
		memcpy(positions, default_positions, sizeof(positions));
	set_columns(self, positions);
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
	*remarks = (JmeterRemarks){.has_zone = TRUE};
	read_rows(&reading, samples, remarks);
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
	*remarks = (JmeterRemarks){.has_zone = TRUE};
	Row row = read_good_rows(&reading, samples, &remarks->has_zone);
	remarks->is_cut = row == ROW_CUT;
	return row == ROW_NONE ? size : reading.row;
}

gboolean
jmeter_csv_is(const char *text, gsize size)
{
	int positions[N_COLUMNS];
	/* somebody shows a JTL, indented or as a mail, a comment, a patch */
	if (size == 0 || strchr(" \t>#+/*'", *text) != NULL)
		return FALSE;
	return find_columns(text, size, find_separator(text, size), positions);
}
