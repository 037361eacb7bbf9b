/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The files that pgbench --log writes have no header and no names, only blanks between whole
 * numbers: client, transaction, microseconds, script, and when it ended; or with
 * --aggregate-interval a row for each interval. Such a file is taken for one when all of its rows
 * obey what the columns mean: minima, sums and sums of squares fit each other, and time goes on. */

#include <math.h>
#include <string.h>

#include "reader-samples.h"
#include "reader-text.h"

#define MAX_COLUMNS    17
#define MAX_SCRIPTS    100
#define MIN_EPOCH      1e9
#define MAX_EPOCH      7e9
#define MAX_CLIENTS    1e6
#define MANY_ROWS      3 /* that are enough without a name of the file */
#define FEW_ROWS       2 /* likewise, when they have many columns */
#define MANY_COLUMNS   10
#define DEFAULT_PREFIX "pgbench_log"

typedef enum {
	ROW_NONE,
	ROW_TRANSACTION,
	ROW_INTERVAL,
} RowKind;

/* columns of a transaction */
enum {
	CLIENT,
	NUMBER,
	MICROSECONDS,
	SCRIPT,
	EPOCH,
	EPOCH_MICROSECONDS,
	N_TRANSACTION,
};

/* columns of an interval; the later ones came with later versions */
enum {
	START,
	N,
	SUM,
	SUM_OF_SQUARES,
	MINIMUM,
	MAXIMUM,
	N_INTERVAL,
	SKIPPED = 10,
	RETRIED,
	RETRIES,
	SERIALIZATION_FAILURES,
	DEADLOCK_FAILURES,
};

typedef struct {
	double columns[MAX_COLUMNS];
	guint n;
	const char *outcome; /* in place of microseconds: skipped, failed ...; nullable */
} Row;

static const char *const outcomes[] = {"skipped", "failed", "serialization", "deadlock", NULL};

static gboolean
read_word(Row *row, const char *word)
{
	const char *rest;
	if (row->n == MICROSECONDS && g_strv_contains(outcomes, word)) {
		row->outcome = word;
		row->columns[row->n++] = 0;
		return TRUE;
	}
	if (row->n == MAX_COLUMNS || !g_ascii_isdigit(*word) ||
	    !reader_number(word, &row->columns[row->n], &rest) || *rest != '\0')
		return FALSE;
	row->n++;
	return strspn(word, "0123456789") == strlen(word);
}

static gboolean
read_words(Row *row, GStrv words)
{
	*row = (Row){.n = 0};
	for (guint i = 0; words[i] != NULL; i++) {
		if (!read_word(row, words[i]))
			return FALSE;
	}
	return row->n >= N_TRANSACTION;
}

static gboolean
is_epoch(double seconds)
{
	return seconds >= MIN_EPOCH && seconds < MAX_EPOCH;
}

static gboolean
is_transaction(const Row *row)
{
	return row->n <= N_TRANSACTION + 2 && row->columns[CLIENT] < MAX_CLIENTS &&
	       row->columns[SCRIPT] < MAX_SCRIPTS && is_epoch(row->columns[EPOCH]) &&
	       row->columns[EPOCH_MICROSECONDS] < 1e6;
}

static gboolean
is_interval(const Row *row)
{
	const double *columns = row->columns;
	double n = columns[N];
	gboolean has_columns = row->n == 6 || row->n == 10 || row->n == 11 || row->n >= 13;
	if (!has_columns || row->outcome != NULL || !is_epoch(columns[START]))
		return FALSE;
	if (n == 0)
		return columns[SUM] == 0 && columns[SUM_OF_SQUARES] == 0;
	return columns[MINIMUM] <= columns[MAXIMUM] && columns[SUM] >= n * columns[MINIMUM] &&
	       columns[SUM] <= n * columns[MAXIMUM] &&
	       columns[SUM_OF_SQUARES] >= columns[SUM] * columns[SUM] / n * (1 - 1e-9);
}

static RowKind
read_row(Row *row, GStrv words)
{
	if (!read_words(row, words))
		return ROW_NONE;
	if (is_transaction(row))
		return ROW_TRANSACTION;
	return is_interval(row) ? ROW_INTERVAL : ROW_NONE;
}

typedef struct {
	PerfdashRunBuilder *builder;
	RowKind kind;
	guint n_rows;
	guint n_transactions;
	guint n_failed;
	guint n_skipped;
	ReaderSamples scripts[MAX_SCRIPTS];
	double totals[MAX_COLUMNS]; /* of intervals: sums, but of minimum and maximum */
	guint n_columns;
	double last_start;
	gboolean is_cut;
} Log;

static void
add(Log *self, const char *metric, PerfdashDirection direction, double value)
{
	perfdash_run_builder_add_result(self->builder, "pgbench", metric, "1", direction, value);
}

static void
take_transaction(Log *self, const Row *row)
{
	if (self->n_rows == 1)
		perfdash_run_builder_set_started_at(
			self->builder,
			(gint64)(row->columns[EPOCH] * 1e6 + row->columns[EPOCH_MICROSECONDS]));
	if (row->outcome == NULL) {
		self->n_transactions++;
		reader_samples_add(&self->scripts[(guint)row->columns[SCRIPT]],
				   row->columns[MICROSECONDS]);
	} else if (g_str_equal(row->outcome, "skipped")) {
		self->n_skipped++;
	} else {
		self->n_failed++;
	}
}

static void
take_interval(Log *self, const Row *row)
{
	gboolean is_first = self->totals[N] == 0;
	double minimum = self->totals[MINIMUM];
	double maximum = self->totals[MAXIMUM];
	if (self->n_rows == 1)
		perfdash_run_builder_set_started_at(self->builder,
						    (gint64)(row->columns[START] * 1e6));
	for (guint i = N; i < row->n; i++)
		self->totals[i] += row->columns[i];
	if (row->columns[N] > 0) {
		minimum = is_first ? row->columns[MINIMUM] : MIN(minimum, row->columns[MINIMUM]);
		maximum = MAX(maximum, row->columns[MAXIMUM]);
	}
	self->totals[MINIMUM] = minimum;
	self->totals[MAXIMUM] = maximum;
	self->n_columns = row->n;
	self->last_start = row->columns[START];
}

static void
write_transactions(Log *self)
{
	guint n_scripts = 0;
	for (guint i = 0; i < MAX_SCRIPTS; i++)
		n_scripts += self->scripts[i].values->len > 0;
	add(self, "transactions", PERFDASH_DIRECTION_NONE, self->n_transactions);
	add(self, "errors", PERFDASH_DIRECTION_LOWER, self->n_failed);
	if (self->n_skipped > 0)
		add(self, "skipped_transactions", PERFDASH_DIRECTION_LOWER, self->n_skipped);
	for (guint i = 0; i < MAX_SCRIPTS; i++) {
		if (self->scripts[i].values->len == 0)
			continue;
		reader_samples_end(&self->scripts[i],
				   self->builder,
				   "pgbench",
				   "latency",
				   "us",
				   PERFDASH_DIRECTION_LOWER);
		g_autofree char *script = g_strdup_printf("%u", i);
		if (n_scripts > 1)
			perfdash_run_builder_add_result_label(self->builder, "script", script);
	}
}

static void
write_interval_latency(Log *self)
{
	double n = self->totals[N];
	double mean = self->totals[SUM] / n;
	double variance = self->totals[SUM_OF_SQUARES] / n - mean * mean;
	perfdash_run_builder_add_result(self->builder,
					"pgbench",
					"latency",
					"us",
					PERFDASH_DIRECTION_LOWER,
					mean);
	perfdash_run_builder_add_stat(self->builder, "n", n);
	perfdash_run_builder_add_stat(self->builder, "min", self->totals[MINIMUM]);
	perfdash_run_builder_add_stat(self->builder, "max", self->totals[MAXIMUM]);
	perfdash_run_builder_add_stat(self->builder, "sd", sqrt(MAX(variance, 0)));
}

static void
write_intervals(Log *self)
{
	static const struct {
		guint column;
		const char *metric;
	} counts[] = {
		{SKIPPED, "skipped_transactions"},
		{RETRIED, "retried_transactions"},
		{RETRIES, "retries"},
		{SERIALIZATION_FAILURES, "serialization_failures"},
		{DEADLOCK_FAILURES, "deadlock_failures"},
	};
	self->n_transactions = self->totals[N] > 0;
	self->n_failed = self->totals[SERIALIZATION_FAILURES] + self->totals[DEADLOCK_FAILURES] > 0;
	add(self, "transactions", PERFDASH_DIRECTION_NONE, self->totals[N]);
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		if (counts[i].column < self->n_columns)
			add(self,
			    counts[i].metric,
			    PERFDASH_DIRECTION_LOWER,
			    self->totals[counts[i].column]);
	}
	if (self->totals[N] > 0)
		write_interval_latency(self);
}

static void
write_log(Log *self)
{
	perfdash_run_builder_set_label(self->builder, "tool", "pgbench");
	if (self->kind == ROW_TRANSACTION)
		write_transactions(self);
	else
		write_intervals(self);
	if (self->n_transactions == 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning_literal(self->builder,
							 "no transaction was processed");
	} else if (self->is_cut) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning_literal(self->builder, "the last row was cut off");
	}
}

/* FALSE when the row is none of this log */
static gboolean
take_row(Log *self, const char *line)
{
	Row row;
	g_auto(GStrv) words = reader_words(line);
	RowKind kind = read_row(&row, words);
	if (kind == ROW_NONE || (self->n_rows > 0 && kind != self->kind))
		return FALSE;
	if (kind == ROW_INTERVAL && row.columns[START] <= self->last_start)
		return FALSE;
	self->kind = kind;
	self->n_rows++;
	if (kind == ROW_TRANSACTION)
		take_transaction(self, &row);
	else
		take_interval(self, &row);
	return TRUE;
}

static void
log_init(Log *self, PerfdashRunBuilder *builder)
{
	*self = (Log){.builder = builder};
	for (guint i = 0; i < MAX_SCRIPTS; i++)
		reader_samples_init(&self->scripts[i]);
}

static void
log_clear(Log *self)
{
	for (guint i = 0; i < MAX_SCRIPTS; i++)
		reader_samples_clear(&self->scripts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Log, log_clear)

static gboolean
pgbench_log_parser_parse(PerfdashParser *self,
			 const char *name,
			 GBytes *bytes,
			 PerfdashRunBuilder *builder,
			 GError **error)
{
	g_auto(ReaderLines) lines;
	g_auto(Log) log;
	const char *line;
	log_init(&log, builder);
	reader_lines_init(&lines, bytes, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		log.is_cut = lines.is_cut;
		if (lines.is_cut || *line == '\0' || take_row(&log, line))
			continue;
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "line %u is no row of a pgbench log like those before it",
			    lines.number);
		return FALSE;
	}
	write_log(&log);
	return TRUE;
}

static guint
pgbench_log_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_auto(ReaderLines) lines;
	g_autofree char *base = g_path_get_basename(name);
	const char *line;
	guint n = 0;
	guint enough = MANY_ROWS;
	RowKind first = ROW_NONE;
	reader_lines_init(&lines, head, NULL);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut) {
		Row row;
		g_auto(GStrv) words = reader_words(line);
		RowKind kind = read_row(&row, words);
		if (kind == ROW_NONE || (n > 0 && kind != first))
			return 0;
		first = kind;
		enough = row.n >= MANY_COLUMNS ? FEW_ROWS : MANY_ROWS;
		n++;
	}
	gboolean is_named = g_str_has_prefix(base, DEFAULT_PREFIX);
	return n >= enough || (n > 0 && is_named) ? 70 : 0;
}

PERFDASH_DEFINE_PARSER(PgbenchLogParser,
		       pgbench_log_parser,
		       pgbench_log_parser_probe,
		       pgbench_log_parser_parse,
		       "pgbench-log",
		       "1",
		       "pgbench, PostgreSQL: log of transactions or of intervals",
		       "pgbench_log*",
		       PERFDASH_PARSER_DOCUMENT,
		       NULL)
