/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* openssl speed: what each test did goes to standard error ("Doing md5 for 3s on 16 size blocks"),
 * and the tables, which say the same, come at the end. A run without them is worth as much as the
 * tests that were over. */

#include "openssl-speed.h"

#include <string.h>

static void
test_free(gpointer data)
{
	OpensslSpeedTest *test = data;
	g_free(test->benchmark);
	g_free(test);
}

static PerfdashDirection
direction_of(const char *unit)
{
	return g_str_equal(unit, "s") ? PERFDASH_DIRECTION_LOWER : PERFDASH_DIRECTION_HIGHER;
}

void
openssl_speed_add(OpensslSpeedRun *run,
		  const char *benchmark,
		  const char *metric,
		  const char *unit,
		  double value)
{
	perfdash_run_builder_add_result(run->builder,
					benchmark,
					metric,
					unit,
					direction_of(unit),
					value);
	run->started = TRUE;
	run->has_results = TRUE;
}

static char *
name_of_size(const char *name, double size)
{
	g_autofree char *full = g_strdup_printf("%s %.0f bytes", name, size);
	return reader_name(full);
}

void
openssl_speed_add_size(OpensslSpeedRun *run,
		       const char *name,
		       double size,
		       const char *unit,
		       double value)
{
	g_autofree char *benchmark = name_of_size(name, size);
	openssl_speed_add(run, benchmark, "throughput", unit, value);
	run->n_throughputs++;
}

void
openssl_speed_keep(OpensslSpeedRun *run,
		   const char *name,
		   double size,
		   double count,
		   double seconds,
		   guint line)
{
	if (count <= 0 || seconds <= 0)
		return;
	OpensslSpeedTest *test = g_new0(OpensslSpeedTest, 1);
	test->benchmark = name_of_size(name, size);
	test->value = count * size / seconds;
	test->line = line;
	g_ptr_array_add(run->measured, test);
}

static void
clear_run(OpensslSpeedRun *run)
{
	g_ptr_array_set_size(run->measured, 0);
	g_hash_table_remove_all(run->begun);
	g_free(run->seconds);
	g_strfreev(run->columns);
	g_free(run->test);
	*run = (OpensslSpeedRun){
		.builder = run->builder,
		.version = run->version,
		.measured = run->measured,
		.begun = run->begun,
	};
}

/* a run whose tables did not come */
static void
end_without_tables(OpensslSpeedRun *run)
{
	for (guint i = 0; run->n_processes == 0 && i < run->measured->len; i++) {
		OpensslSpeedTest *test = g_ptr_array_index(run->measured, i);
		perfdash_run_builder_set_line(run->builder, test->line);
		openssl_speed_add(run, test->benchmark, "throughput", "B/s", test->value);
	}
	perfdash_run_builder_set_outcome(run->builder,
					 run->has_results ? PERFDASH_OUTCOME_PARTIAL
							  : PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning(run->builder, "the log ends before the tables");
}

static void
end_run(OpensslSpeedRun *run, gboolean is_cut)
{
	if (!run->started)
		return;
	perfdash_run_builder_set_label(run->builder, "tool", "openssl speed");
	if (run->seconds != NULL)
		perfdash_run_builder_set_parameter(run->builder, "seconds", run->seconds);
	if (run->is_elapsed)
		perfdash_run_builder_set_parameter(run->builder, "clock", "elapsed");
	if (run->n_processes > 0) {
		g_autofree char *processes = g_strdup_printf("%u", run->n_processes);
		perfdash_run_builder_set_parameter(run->builder, "processes", processes);
	}
	if (!run->has_results) {
		end_without_tables(run);
	} else if (is_cut || (run->n_processes == 0 && run->n_throughputs < run->measured->len)) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder,
						 "the log ends before the end of the tables");
	}
	perfdash_run_builder_next_run(run->builder);
	clear_run(run);
}

void
openssl_speed_begin_test(OpensslSpeedRun *run, const char *name, double size)
{
	char *benchmark = name_of_size(name, size);
	if (run->n_processes == 0 && g_hash_table_contains(run->begun, benchmark))
		end_run(run, FALSE);
	g_hash_table_add(run->begun, benchmark);
}

/* "Doing md5 for 3s on 16 size blocks: 1341754 md5's in 2.54s", "Doing 1024 bits private rsa's for
 * 10s: ..." */
static gboolean
read_doing(OpensslSpeedRun *run, const char *line, gboolean is_cut, guint number)
{
	const char *name = reader_after(line, "Doing ");
	const char *time = name != NULL ? strstr(name, " for ") : NULL;
	double seconds;
	double size;
	double count;
	double took;
	const char *rest;
	if (time == NULL || !reader_number(time + strlen(" for "), &seconds, &rest) ||
	    !(g_str_has_prefix(rest, "s on ") || g_str_has_prefix(rest, "s: ")) ||
	    (strstr(rest, " size blocks: ") == NULL && strstr(line, " bits ") == NULL))
		return FALSE;
	if (run->has_results)
		end_run(run, FALSE);
	g_autofree char *benchmark = g_strndup(name, time - name);
	gboolean has_size = g_str_has_prefix(rest, "s on ") &&
			    reader_number(rest + strlen("s on "), &size, &rest);
	if (has_size)
		openssl_speed_begin_test(run, benchmark, size);
	run->started = TRUE;
	g_free(run->seconds);
	run->seconds = g_strdup_printf("%.0f", seconds);
	if (!is_cut && has_size && reader_number_after(rest, " size blocks: ", &count) &&
	    reader_number_after(strstr(rest, ": "), " in ", &took))
		openssl_speed_keep(run, benchmark, size, count, took, number);
	return TRUE;
}

/* "version: 3.0.19", before 3.0 "OpenSSL 1.1.1n  15 Mar 2022"; what follows is "built on: ..." */
static gboolean
read_version(OpensslSpeedRun *run, const char *line)
{
	const char *text = reader_after(line, "version: ");
	if (text == NULL &&
	    (g_str_has_prefix(line, "OpenSSL ") || g_str_has_prefix(line, "LibreSSL ")))
		text = reader_after(line + strcspn(line, " "), " ");
	if (text == NULL || !g_ascii_isdigit(*text))
		return FALSE;
	g_autofree char *word = g_strndup(text, strcspn(text, " "));
	g_free(run->version);
	run->version = reader_name(word);
	return TRUE;
}

/* lines above the tables; built says that the line before was the version */
static gboolean
read_head(OpensslSpeedRun *run, const char *line, gboolean *built)
{
	if (*built && g_str_has_prefix(line, "built on: ")) {
		if (run->has_results)
			end_run(run, FALSE);
		run->started = TRUE;
		perfdash_run_builder_set_environment(run->builder, "tool_version", run->version);
		*built = FALSE;
		return TRUE;
	}
	*built = read_version(run, line);
	if (*built)
		return TRUE;
	gboolean is_elapsed = g_str_has_prefix(line, "You have chosen to measure elapsed time");
	gboolean is_child = g_str_has_prefix(line, "Forked child ");
	if ((is_elapsed || is_child) && run->has_results)
		end_run(run, FALSE);
	run->is_elapsed |= is_elapsed;
	run->n_processes += is_child;
	return is_elapsed || is_child;
}

/* lines of -mr begin a run when the one before has its results */
static gboolean
read_mr(OpensslSpeedRun *run, const char *line, guint number)
{
	gboolean is_test = g_str_has_prefix(line, "+DT") && strchr(line, ':') != NULL;
	if (run->has_results && (is_test || g_str_has_prefix(line, "+H:")))
		end_run(run, FALSE);
	gboolean is_own = openssl_speed_read_mr(run, line, number);
	run->started |= is_own && is_test;
	return is_own;
}

static gboolean
openssl_speed_parser_parse(PerfdashParser *parser,
			   const char *name,
			   GBytes *log,
			   PerfdashRunBuilder *builder,
			   GError **error)
{
	g_auto(ReaderLines) lines;
	OpensslSpeedRun run = {
		.builder = builder,
		.measured = g_ptr_array_new_with_free_func(test_free),
		.begun = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	gboolean built = FALSE;
	gboolean is_cut = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (read_doing(&run, line, lines.is_cut, lines.number) || lines.is_cut) {
			is_cut = lines.is_cut && (run.n_sizes > 0 || run.columns != NULL);
			continue;
		}
		if (!read_head(&run, line, &built) && !read_mr(&run, line, lines.number) &&
		    (run.started || g_str_has_prefix(line, "type ")))
			openssl_speed_read_table(&run, line);
	}
	end_run(&run, is_cut);
	clear_run(&run);
	g_free(run.version);
	g_ptr_array_unref(run.measured);
	g_hash_table_unref(run.begun);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(OpensslSpeedParser,
		       openssl_speed_parser,
		       NULL,
		       openssl_speed_parser_parse,
		       "openssl-speed",
		       "2",
		       "openssl speed, cryptography: text tables, machine readable output (-mr)",
		       "*openssl*.txt;*openssl*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "size blocks: \nare in 1000s of bytes per second processed\n+F:\n+DT:\n"
		       "+DTP:\n+F2:\n+F3:\n+F4:\n+F5:\n+F6:\n+F7:\n+F8:\nbits private rsa's for \n"
		       "sign/s verify/s\nop/s")
