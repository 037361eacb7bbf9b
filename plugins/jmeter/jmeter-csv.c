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
static const int default_positions[N_COLUMNS] = {0, 1, 2, 4, 7};

/* to a column, over others that do not matter */
typedef struct {
	guint n_others;
	Column column;
	gboolean looks; /* goes on behind a text that is often long */
} Step;

/* those of default_positions */
static const Step default_steps[N_COLUMNS] = {
	{0, COLUMN_START, TRUE},
	{0, COLUMN_ELAPSED, FALSE},
	{0, COLUMN_LABEL, FALSE},
	{1, COLUMN_MESSAGE, TRUE},
	{2, COLUMN_SUCCESS, FALSE},
};

typedef struct {
	const char *text;
	gsize size;
	char separator;
	gsize row;                     /* where it begins */
	gsize next;                    /* where the next one begins */
	JmeterField fields[N_COLUMNS]; /* of the row; those without text are not there */
	gboolean has_column[N_COLUMNS];
	Step steps[N_COLUMNS]; /* from one column that matters to the next */
	guint n_steps;
	gboolean is_default; /* they are default_steps */
	gboolean is_cut;     /* the row has no end */

	JmeterIndexer indexer;
	JmeterIndex index;
	gsize first; /* where in the text the index begins */
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
	guint step = 0;
	guint n_others = 0;
	gboolean is_last = FALSE;
	memset(self->fields, 0, sizeof(self->fields));
	self->row = at;
	for (; !is_last; at++) {
		JmeterField field;
		at = read_field(self, at, &field);
		self->is_cut = at == self->size;
		is_last = self->is_cut || self->text[at] == '\n';
		if (is_last)
			trim_return(&field);
		if (step < self->n_steps && n_others++ == self->steps[step].n_others) {
			self->fields[self->steps[step++].column] = field;
			n_others = 0;
		}
	}
	self->next = at;
}

static void
make_index(Reading *self)
{
	gsize n_blocks = MIN((self->size - self->next) / 64, JMETER_INDEX_BLOCKS);
	self->first = self->next;
	self->indexer(self->text + self->first, n_blocks, self->separator, &self->index);
}

/* the first bit of masks at this position of the index or behind it; the end of the index when
 * there is none */
static inline gsize
find_bit(const JmeterIndex *index, const guint64 *masks, gsize position)
{
	for (; position < index->n_blocks * 64; position = (position / 64 + 1) * 64) {
		guint64 mask = jmeter_index_look(masks, position);
		if (mask != 0)
			return position + __builtin_ctzll(mask);
	}
	return index->n_blocks * 64;
}

/* without a branch, for which labels are quoted cannot be foreseen. FALSE when something stands
 * behind the closing quote */
static inline gboolean
set_field(JmeterField *field, const char *begin, const char *end)
{
	gsize quote = *begin == '"';
	*field = (JmeterField){begin + quote, end - begin - 2 * quote, quote};
	return !quote | (end[-(gssize)quote] == '"');
}

/* the ends of fields in the 64 bytes from a position of the index on, those that are left */
typedef struct {
	gsize from;
	guint64 ends;
} Window;

/* the end of the index when there is none */
static inline gsize
take_end(const JmeterIndex *index, Window *window)
{
	if (G_UNLIKELY(window->ends == 0)) {
		gsize next = find_bit(index, index->ends, window->from + 64);
		if (next == index->n_blocks * 64)
			return next;
		*window = (Window){next, jmeter_index_look(index->ends, next)};
	}
	gsize end = window->from + __builtin_ctzll(window->ends);
	window->ends &= window->ends - 1;
	return end;
}

/* FALSE when the index does not have all of the row, or the row not all columns that matter. Where
 * the row ends does not depend on what is found in it, so the processor can go on with the next */
G_ALWAYS_INLINE static inline gboolean
read_steps(Reading *self, const Step *steps, guint n_steps)
{
	const JmeterIndex *index = &self->index;
	const char *text = self->text + self->first;
	gsize begin = self->next - self->first;
	gsize row_end = find_bit(index, index->newlines, begin);
	gsize end = begin;
	Window window = {0, 0};
	if (row_end == index->n_blocks * 64)
		return FALSE;
#pragma GCC unroll 5
	for (guint i = 0; i < n_steps; i++) {
		/* a new window in time costs less than a branch that is taken now and then */
		if (steps[i].looks)
			window = (Window){begin, jmeter_index_look(index->ends, begin)};
#pragma GCC unroll 2
		for (guint j = 0; j < steps[i].n_others; j++)
			begin = take_end(index, &window) + 1;
		end = take_end(index, &window);
		if (end > row_end ||
		    !set_field(&self->fields[steps[i].column], text + begin, text + end))
			return FALSE;
		begin = end + 1;
	}
	if (end == row_end)
		trim_return(&self->fields[steps[n_steps - 1].column]);
	self->row = self->next;
	self->next = self->first + row_end + 1;
	self->is_cut = FALSE;
	return TRUE;
}

/* most logs have JMeter's own columns, for which the compiler can prepare */
static gboolean
read_indexed_row(Reading *self)
{
	return self->is_default ? read_steps(self, default_steps, N_COLUMNS)
				: read_steps(self, self->steps, self->n_steps);
}

/* the next row; FALSE at the end */
static gboolean
read_row(Reading *self)
{
	if (self->next >= self->size)
		return FALSE;
	if (self->next - self->first < self->index.n_blocks * 64 && read_indexed_row(self))
		return TRUE;
	make_index(self);
	if (!read_indexed_row(self))
		read_odd_row(self);
	return TRUE;
}

static gboolean
is_text(const JmeterField *field, const char *text)
{
	return field->size == strlen(text) &&
	       g_ascii_strncasecmp(field->text, text, field->size) == 0;
}

static gboolean
read_start(Reading *self, JmeterSample *sample, gboolean *has_zone)
{
	const JmeterField *field = &self->fields[COLUMN_START];
	sample->has_start = self->has_column[COLUMN_START];
	if (!sample->has_start)
		return TRUE;
	return field->text != NULL &&
	       (jmeter_read_number(field->text,
				   field->size,
				   self->text + self->size,
				   &sample->start) ||
		jmeter_clock_read(field->text, field->size, &sample->start, has_zone));
}

static gboolean
read_success(Reading *self, JmeterSample *sample)
{
	const JmeterField *field = &self->fields[COLUMN_SUCCESS];
	sample->has_success = self->has_column[COLUMN_SUCCESS];
	sample->success = TRUE;
	if (!sample->has_success)
		return TRUE;
	if (field->text == NULL)
		return FALSE;
	if (field->size == 4 && memcmp(field->text, "true", 4) == 0)
		return TRUE;
	sample->success = is_text(field, "true");
	return sample->success || is_text(field, "false");
}

static gboolean
is_transaction(const JmeterField *message)
{
	return message->text != NULL && message->size > strlen(TRANSACTION) &&
	       memcmp(message->text, TRANSACTION, strlen(TRANSACTION)) == 0;
}

static gboolean
read_sample(Reading *self, JmeterSample *sample, gboolean *has_zone)
{
	const JmeterField *elapsed = &self->fields[COLUMN_ELAPSED];
	if (elapsed->text == NULL || self->fields[COLUMN_LABEL].text == NULL ||
	    !jmeter_read_number(elapsed->text,
				elapsed->size,
				self->text + self->size,
				&sample->elapsed) ||
	    !read_start(self, sample, has_zone) || !read_success(self, sample))
		return FALSE;
	sample->kind = is_transaction(&self->fields[COLUMN_MESSAGE]) ? JMETER_TRANSACTION
								     : JMETER_SAMPLE;
	return TRUE;
}

/* from the position of each column, or -1 */
static void
set_columns(Reading *self, const int *positions)
{
	int before = -1;
	self->is_default = memcmp(positions, default_positions, sizeof(default_positions)) == 0;
	memset(self->fields, 0, sizeof(self->fields));
	self->n_steps = 0;
	for (;;) {
		Column next = N_COLUMNS;
		for (Column column = 0; column < N_COLUMNS; column++) {
			if (positions[column] > before &&
			    (next == N_COLUMNS || positions[column] < positions[next]))
				next = column;
		}
		if (next == N_COLUMNS)
			break;
		gboolean looks = before < 0 || before == positions[COLUMN_LABEL];
		self->steps[self->n_steps++] = (Step){positions[next] - before - 1, next, looks};
		before = positions[next];
	}
	for (Column column = 0; column < N_COLUMNS; column++)
		self->has_column[column] = positions[column] >= 0;
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
			self->index.n_blocks = 0;
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

static void
read_rows(Reading *self, JmeterSamples *samples, JmeterRemarks *remarks)
{
	JmeterSample sample = {0};
	while (read_row(self)) {
		if (G_UNLIKELY(self->is_cut)) {
			/* the last row of a log that was cut off proves nothing */
			remarks->is_cut = !resume(self);
			if (remarks->is_cut)
				return;
			note_bad_row(self, remarks);
		} else if (G_LIKELY(read_sample(self, &sample, &remarks->has_zone))) {
			jmeter_samples_add(samples,
					   &self->fields[COLUMN_LABEL],
					   self->text + self->size,
					   &sample);
		} else if (!read_other_row(self)) {
			note_bad_row(self, remarks);
			resume(self);
		}
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
	self->first = 0;
	self->indexer = jmeter_index_get(0);
	self->index.n_blocks = 0;
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
	JmeterSample sample = {0};
	init(&reading, text, size);
	*remarks = (JmeterRemarks){.has_zone = TRUE};
	while (read_row(&reading) && !reading.is_cut) {
		if (read_sample(&reading, &sample, &remarks->has_zone))
			jmeter_samples_add(samples,
					   &reading.fields[COLUMN_LABEL],
					   text + size,
					   &sample);
		else if (!read_other_row(&reading))
			return reading.row;
	}
	remarks->is_cut = reading.is_cut;
	return reading.row;
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
