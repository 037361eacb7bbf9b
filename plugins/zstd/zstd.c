/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What zstd -b prints: a line that is redrawn until its level is set over the beginning, and with
 * -q one line a level. MB are 1000 * 1000 bytes. A speed of 0.00 was not measured. lz4 prints the
 * same but for an "x" before the ratio, which zstd has since 1.4.9. */

#include <math.h>
#include <string.h>

#include "reader-text.h"

typedef struct {
	char *name;
	double level;
	double ratio;
	double speeds[2]; /* compression and decompression, in MB/s; 0 unknown */
} Row;

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *benchmarks; /* that the run has */
	char *version;          /* nullable */
	gboolean is_zstd;       /* the log says so elsewhere */
	gboolean is_quiet;      /* lines of -q follow */
} Run;

static void
end_run(Run *run, gboolean is_cut)
{
	if (g_hash_table_size(run->benchmarks) == 0)
		return;
	perfdash_run_builder_set_label(run->builder, "tool", "zstd -b");
	if (run->version != NULL)
		perfdash_run_builder_set_environment(run->builder, "tool_version", run->version);
	if (is_cut) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder, "the last level was not finished");
	}
	perfdash_run_builder_next_run(run->builder);
	g_hash_table_remove_all(run->benchmarks);
}

static void
add(Run *run, const char *benchmark, const char *metric, const char *unit, double value)
{
	if (value > 0)
		perfdash_run_builder_add_result(run->builder,
						benchmark,
						metric,
						unit,
						PERFDASH_DIRECTION_HIGHER,
						value);
}

static void
add_row(Run *run, const Row *row)
{
	g_autofree char *full = g_strdup_printf("%s level %.0f", row->name, row->level);
	g_autofree char *benchmark = reader_name(full);
	if (g_hash_table_contains(run->benchmarks, benchmark))
		end_run(run, FALSE);
	add(run, benchmark, "ratio", "1", row->ratio);
	add(run, benchmark, "compression", "MB/s", row->speeds[0]);
	add(run, benchmark, "decompression", "MB/s", row->speeds[1]);
	g_hash_table_add(run->benchmarks, g_steal_pointer(&benchmark));
}

/* ",  522.0 MB/s , 1268.7 MB/s", or blanks in place of commas */
static gboolean
read_speeds(const char *text, double *speeds)
{
	for (guint i = 0; i < 2; i++) {
		text += strspn(text, " ,");
		if (*text == '\0' && i > 0)
			return TRUE;
		if (!reader_number(text, &speeds[i], &text) || !g_str_has_prefix(text, " MB/s"))
			return FALSE;
		text += strlen(" MB/s");
	}
	return TRUE;
}

/* "(x1.326)" or "(1.326)" */
static const char *
read_ratio(const char *text, double *ratio, gboolean *has_x)
{
	if (*text != '(')
		return NULL;
	*has_x = text[1] == 'x';
	if (!reader_number(text + 1 + *has_x, ratio, &text) || *text != ')')
		return NULL;
	return text + 1;
}

/* "100k.html         :    135091 ->    101875 (x1.326),  522.0 MB/s, 1268.7 MB/s" */
static gboolean
read_file(Row *row, const char *text, gboolean *has_x)
{
	const char *arrow = strstr(text, " -> ");
	const char *colon = arrow;
	double size;
	while (colon != NULL && colon > text && *colon != ':')
		colon--;
	if (colon == NULL || colon == text || !reader_number(colon + 1, &size, NULL) ||
	    !reader_number(arrow + strlen(" -> "), &size, &text))
		return FALSE;
	text = read_ratio(text + strspn(text, " "), &row->ratio, has_x);
	return text != NULL && read_speeds(text, row->speeds);
}

/* " 3#" and what a level did to a file */
static gboolean
read_level(Run *run, const char *line)
{
	Row row = {0};
	gboolean has_x;
	const char *file;
	if (!reader_number(line, &row.level, &file) || *file != '#' ||
	    row.level != rint(row.level) || fabs(row.level) > 1000000)
		return FALSE;
	file++;
	if (!read_file(&row, file, &has_x) || !(has_x || run->is_zstd))
		return FALSE;
	g_autofree char *name = g_strndup(file, strstr(file, " -> ") - file);
	*strrchr(name, ':') = '\0';
	row.name = g_strstrip(name);
	add_row(run, &row);
	return TRUE;
}

/* "-3        69293 (4.329)  28.18 MB/s  154.0 MB/s  file" */
static gboolean
read_quiet(Run *run, const char *line)
{
	Row row = {0};
	gboolean has_x;
	double size;
	const char *text = line;
	if (!run->is_quiet || *text != '-' || !reader_number(text + 1, &row.level, &text) ||
	    !reader_number(text, &size, &text))
		return FALSE;
	text = read_ratio(text + strspn(text, " "), &row.ratio, &has_x);
	const char *end = text != NULL ? g_strrstr(text, " MB/s  ") : NULL;
	if (end == NULL)
		return FALSE;
	g_autofree char *speeds = g_strndup(text, end + strlen(" MB/s") - text);
	if (!read_speeds(speeds, row.speeds))
		return FALSE;
	row.name = (char *)end + strlen(" MB/s  ");
	add_row(run, &row);
	return TRUE;
}

static gboolean
read_banner(Run *run, const char *line)
{
	const char *version = strstr(line, "Zstandard CLI (");
	if (version != NULL)
		version = strstr(version, " v");
	if (version != NULL)
		version += strlen(" v");
	if (g_str_has_prefix(line, "bench ") && strstr(line, " : input ") != NULL)
		version = line + strlen("bench ");
	if (version == NULL)
		return FALSE;
	g_autofree char *word = g_strndup(version, strcspn(version, " ,"));
	end_run(run, FALSE);
	g_free(run->version);
	run->version = reader_name(word);
	run->is_zstd = TRUE;
	run->is_quiet = g_str_has_prefix(line, "bench ");
	return TRUE;
}

/* a line that still has the sign that turns round */
static gboolean
is_unfinished(const char *line)
{
	line += strspn(line, " ");
	return *line != '\0' && strchr("|/=\\", *line) != NULL && line[1] == '-';
}

/* a line that the log's end cut */
static gboolean
is_begun(const char *line)
{
	return line[strspn(line, " |/=\\-")] == '\0' || g_str_has_prefix(line, "Loading ") ||
	       strstr(line, " -> ") != NULL;
}

static void
read_line(Run *run, const char *line)
{
	if (read_banner(run, line) || read_level(run, line))
		return;
	/* what does not follow its heading at once is not of -q */
	run->is_quiet = read_quiet(run, line);
	if (!run->is_quiet && *line != '\0' && !g_str_has_prefix(line, "Loading "))
		end_run(run, FALSE);
}

static gboolean
zstd_parser_parse(PerfdashParser *parser,
		  const char *name,
		  GBytes *log,
		  PerfdashRunBuilder *builder,
		  GError **error)
{
	g_auto(ReaderLines) lines;
	Run run = {.builder = builder};
	const char *line;
	run.benchmarks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (is_unfinished(line) || (lines.is_cut && is_begun(line)))
			end_run(&run, TRUE);
		else if (!lines.is_cut)
			read_line(&run, line);
		run.is_zstd = run.is_zstd || strstr(line, "zstd ") != NULL;
	}
	end_run(&run, FALSE);
	g_free(run.version);
	g_hash_table_unref(run.benchmarks);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(ZstdParser,
		       zstd_parser,
		       NULL,
		       zstd_parser_parse,
		       "zstd",
		       "2",
		       "zstd -b, compression: text output",
		       "*zstd*.txt;*zstd*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "MB/s")
