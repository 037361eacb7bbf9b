/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tables for people. Of ciphers and digests: a row a name, a column a size of blocks; "k" are
 * 1000 bytes per second, and a value without it is bytes. With -multi the heading is missing. Of
 * keys: a heading of times and as many rates, and rows "rsa 2048 bits 0.000142s ...". */

#include <string.h>

#include "openssl-speed.h"

/* headings of tables of keys */
static const struct {
	const char *word;
	const char *metric;
} words[] = {
	{"sign", "sign_time"},
	{"signs", "sign_time"},
	{"verify", "verify_time"},
	{"encrypt", "encrypt_time"},
	{"decrypt", "decrypt_time"},
	{"keygen", "keygen_time"},
	{"encaps", "encaps_time"},
	{"decaps", "decaps_time"},
	{"op", "op_time"},
	{"sign/s", "sign_rate"},
	{"verify/s", "verify_rate"},
	{"encr./s", "encrypt_rate"},
	{"decr./s", "decrypt_rate"},
	{"keygens/s", "keygen_rate"},
	{"encaps/s", "encaps_rate"},
	{"decaps/s", "decaps_rate"},
	{"op/s", "op_rate"},
};

static const char *
find_metric(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (g_str_equal(words[i].word, word))
			return words[i].metric;
	}
	return NULL;
}

/* "type             16 bytes     64 bytes" */
static gboolean
read_sizes(OpensslSpeedRun *run, const char *line)
{
	g_auto(GStrv) cells = reader_words(line);
	guint n = g_strv_length(cells);
	guint n_sizes = 0;
	double sizes[OPENSSL_SPEED_MAX_SIZES];
	if (n < 3 || n % 2 == 0 || !g_str_equal(cells[0], "type") ||
	    n / 2 > OPENSSL_SPEED_MAX_SIZES)
		return FALSE;
	for (guint i = 1; i < n; i += 2) {
		if (!g_str_equal(cells[i + 1], "bytes") ||
		    !reader_number(cells[i], &sizes[n_sizes++], NULL))
			return FALSE;
	}
	memcpy(run->sizes, sizes, n_sizes * sizeof(double));
	run->n_sizes = n_sizes;
	return TRUE;
}

/* the first words of a row as a name */
static char *
join(GStrv cells, guint n)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "", cells[i]);
	return reader_name(text->str);
}

/* a number with two decimals, as all of them have */
static gboolean
is_throughput(const char *cell)
{
	double value;
	const char *rest;
	return strchr(cell, '.') != NULL && reader_number(cell, &value, &rest) &&
	       (g_str_equal(rest, "k") || *rest == '\0');
}

static gboolean
read_number(const char *cell, const char *suffix, double *value)
{
	const char *rest;
	return reader_number(cell, value, &rest) && g_str_equal(rest, suffix);
}

/* "AES-128-GCM      30445.81k   126673.53k" */
static gboolean
read_throughput(OpensslSpeedRun *run, const char *line)
{
	g_auto(GStrv) cells = reader_words(line);
	guint n = g_strv_length(cells);
	double value;
	if (run->n_sizes == 0 || n <= run->n_sizes)
		return FALSE;
	guint first = n - run->n_sizes;
	for (guint i = first; i < n; i++) {
		if (!is_throughput(cells[i]))
			return FALSE;
	}
	g_autofree char *name = join(cells, first);
	for (guint i = first; i < n; i++) {
		const char *rest;
		/* what was not run is 0.00 */
		if (reader_number(cells[i], &value, &rest) && value > 0)
			openssl_speed_add_size(run,
					       name,
					       run->sizes[i - first],
					       *rest == 'k' ? "kB/s" : "B/s",
					       value);
	}
	return TRUE;
}

static gboolean
is_key_heading(GStrv cells)
{
	guint n = g_strv_length(cells);
	for (guint i = 0; i < n; i++) {
		if (find_metric(cells[i]) == NULL ||
		    (strchr(cells[i], '/') != NULL) != (i >= n / 2))
			return FALSE;
	}
	return n >= 2 && n % 2 == 0;
}

/* "rsa 1024 bits 0.000142s 0.000010s   7019.4 105094.7" */
static gboolean
read_key(OpensslSpeedRun *run, GStrv cells)
{
	guint n = g_strv_length(cells);
	guint n_columns = run->columns != NULL ? g_strv_length(run->columns) : 0;
	if (n_columns == 0 || n <= n_columns)
		return FALSE;
	guint first = n - n_columns;
	double values[OPENSSL_SPEED_MAX_SIZES];
	for (guint i = 0; i < n_columns; i++) {
		const char *suffix = i < n_columns / 2 ? "s" : "";
		if (!read_number(cells[first + i], suffix, &values[i]))
			return FALSE;
	}
	g_autofree char *name = join(cells, first);
	for (guint i = 0; i < n_columns; i++) {
		/* a time below the last digit is no measurement */
		if (values[i] > 0)
			openssl_speed_add(run,
					  name,
					  find_metric(run->columns[i]),
					  i < n_columns / 2 ? "s" : "1/s",
					  values[i]);
	}
	return TRUE;
}

/* what a heading says holds for the rows that follow it at once */
static void
end_table(OpensslSpeedRun *run)
{
	g_clear_pointer(&run->columns, g_strfreev);
	run->n_sizes = 0;
	run->in_rows = FALSE;
}

void
openssl_speed_read_table(OpensslSpeedRun *run, const char *line)
{
	if (read_sizes(run, line))
		return;
	g_auto(GStrv) cells = reader_words(line);
	if (*line == ' ' && is_key_heading(cells) &&
	    g_strv_length(cells) <= OPENSSL_SPEED_MAX_SIZES) {
		end_table(run);
		run->columns = g_steal_pointer(&cells);
	} else if (read_key(run, cells) || read_throughput(run, line)) {
		run->in_rows = TRUE;
	} else if (run->in_rows) {
		end_table(run);
	}
}
