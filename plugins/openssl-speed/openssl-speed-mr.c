/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The lines of -mr: "+H" has the sizes of blocks, "+F" the bytes per second of a name, "+F2" and so
 * on those of keys, "+DT" and "+R" a test and its result. With -multi each process prints its own,
 * and only the lines that do not stand behind "Got:" are the sum. Keys have operations per second;
 * before OpenSSL 1.1 they have seconds, which are below 1 as no rate is. */

#include <string.h>

#include "openssl-speed.h"

static gboolean
read_sizes(OpensslSpeedRun *run, GStrv fields)
{
	guint n = 0;
	for (guint i = 1; fields[i] != NULL && n < OPENSSL_SPEED_MAX_SIZES; i++) {
		if (reader_number(fields[i], &run->sizes[n], NULL))
			n++;
	}
	run->n_sizes = n;
	return n > 0;
}

/* "+F:6:sha256:83110518.52:275916800.00" */
static gboolean
read_throughput(OpensslSpeedRun *run, GStrv fields)
{
	if (g_strv_length(fields) != 3 + run->n_sizes || run->n_sizes == 0)
		return FALSE;
	for (guint i = 0; i < run->n_sizes; i++) {
		double value;
		if (reader_number(fields[3 + i], &value, NULL) && value > 0)
			openssl_speed_add_size(run, fields[2], run->sizes[i], "B/s", value);
	}
	return TRUE;
}

static const struct {
	const char *mark;
	const char *format; /* of the name, in which the length comes first */
	gboolean has_curve; /* whose name stands behind the length */
	gboolean is_curve;  /* but only its index is there, and two may have one length */
	const char *metrics[2];
} keys[] = {
	{"+F2", "rsa %s bits", FALSE, FALSE, {"sign", "verify"}},
	{"+F3", "dsa %s bits", FALSE, FALSE, {"sign", "verify"}},
	{"+F4", "%s bits ecdsa", FALSE, TRUE, {"sign", "verify"}},
	{"+F5", "%s bits ecdh", FALSE, TRUE, {"op", "op"}},
	{"+F6", "%s bits EdDSA", TRUE, FALSE, {"sign", "verify"}},
	{"+F7", "%s bits SM2", TRUE, FALSE, {"sign", "verify"}},
	{"+F8", "%s bits ffdh", FALSE, FALSE, {"op", "op"}},
};

static char *
name_key(guint key, GStrv fields)
{
	g_auto(GStrv) around = g_strsplit(keys[key].format, "%s", 2);
	g_autoptr(GString) name = g_string_new(around[0]);
	g_string_append_printf(name, "%s%s", fields[2], around[1]);
	if (keys[key].has_curve)
		g_string_append_printf(name, " (%s)", fields[3]);
	return reader_name(name->str);
}

static void
add_key(OpensslSpeedRun *run, guint key, GStrv fields, guint which, double value)
{
	gboolean is_time = value < 1;
	g_autofree char *name = name_key(key, fields);
	g_autofree char *index = reader_name(fields[1]);
	g_autofree char *metric = g_strdup_printf("%s_%s",
						  keys[key].metrics[which],
						  is_time ? "time" : "rate");
	if (value <= 0)
		return;
	openssl_speed_add(run, name, metric, is_time ? "s" : "1/s", value);
	if (keys[key].is_curve)
		perfdash_run_builder_add_result_label(run->builder, "curve", index);
}

/* "+F2:1:1024:6638.805970:104294.444444", "+F6:0:253:Ed25519:13783.333333:5318.867925" */
static gboolean
read_key(OpensslSpeedRun *run, GStrv fields)
{
	guint n = g_strv_length(fields);
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		guint first = keys[i].has_curve ? 4 : 3;
		double value;
		if (!g_str_equal(fields[0], keys[i].mark) || n < first + 2)
			continue;
		for (guint j = 0; j < 2; j++) {
			if (reader_number(fields[first + j], &value, NULL))
				add_key(run, i, fields, j, value);
		}
		return TRUE;
	}
	return FALSE;
}

/* "+DT:sha256:1:16" */
static gboolean
read_test(OpensslSpeedRun *run, GStrv fields)
{
	double size;
	if (g_strv_length(fields) != 4 || !reader_number(fields[3], &size, NULL))
		return FALSE;
	openssl_speed_begin_test(run, fields[1], size);
	run->test_size = size;
	g_free(run->test);
	run->test = g_strdup(fields[1]);
	return TRUE;
}

/* "+R:1402490:sha256:0.270000" */
static gboolean
read_result(OpensslSpeedRun *run, GStrv fields, guint number)
{
	double count;
	double seconds;
	if (g_strv_length(fields) != 4 || run->test == NULL || !g_str_equal(run->test, fields[2]) ||
	    !reader_number(fields[1], &count, NULL) || !reader_number(fields[3], &seconds, NULL))
		return FALSE;
	openssl_speed_keep(run, run->test, run->test_size, count, seconds, number);
	g_clear_pointer(&run->test, g_free);
	return TRUE;
}

gboolean
openssl_speed_read_mr(OpensslSpeedRun *run, const char *line, guint number)
{
	const char *got = reader_after(line, "Got: +H:");
	if (*line != '+' && got == NULL)
		return FALSE;
	g_auto(GStrv) fields = NULL;
	if (got != NULL) {
		g_autofree char *sizes = g_strndup(got, strcspn(got, " "));
		g_autofree char *all = g_strconcat("+H:", sizes, NULL);
		fields = g_strsplit(all, ":", -1);
	} else {
		fields = g_strsplit(line, ":", OPENSSL_SPEED_MAX_SIZES + 4);
	}
	if (g_str_equal(fields[0], "+H"))
		return read_sizes(run, fields);
	if (g_str_equal(fields[0], "+F"))
		return read_throughput(run, fields);
	if (g_str_equal(fields[0], "+DT"))
		return read_test(run, fields);
	if (g_str_equal(fields[0], "+R"))
		return read_result(run, fields, number);
	return read_key(run, fields);
}
