/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* goes through the lines of a log; line ends (LF, CRLF) are not part of them, and of a line that
 * was redrawn by carriage returns only what was drawn last counts */
typedef struct {
	const char *p;
	const char *end;
	guint number;    /* of the line, from 1 */
	gboolean is_cut; /* the line is the last one and has no end */
	GString *line;
	PerfdashRunBuilder *builder; /* nullable: is told the number of every line */
	gboolean hides_quotes;       /* to be set by who wants quoted lines to be empty */
} ReaderLines;

void
reader_lines_init(ReaderLines *self, GBytes *log, PerfdashRunBuilder *builder);
void
reader_lines_clear(ReaderLines *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReaderLines, reader_lines_clear)
/* the next line, or NULL; valid until the next call */
const char *
reader_lines_next(ReaderLines *self);

/* whether a line is not a tool's but shows one of it, as mails, patches, comments, traces of shells
 * and sources do */
gboolean
reader_is_quoted(const char *line);
/* what stands behind a prefix and blanks; NULL when the line does not begin with it */
const char *
reader_after(const char *line, const char *prefix);
/* the number behind the first place where mark stands in text, with blanks between them or not */
gboolean
reader_number_after(const char *text, const char *mark, double *value);
/* the words of a line, which blanks separate */
GStrv
reader_words(const char *line);

/* a regular expression, compiled when it is asked for first; compiled is 0 at first */
GRegex *
reader_pattern(gsize *compiled, const char *pattern);

/* text of a log as a name: valid UTF-8, without control characters and blanks at the ends, and cut
 * to the length that labels may have. Never empty */
char *
reader_name(const char *text);

/* the bytes as text that ends with NUL and has no other */
char *
reader_text(GBytes *bytes);

/* a number with a suffix that says 1000 or 1024 or a unit, as far as text goes; rest points behind
 * the digits. FALSE when there is none, and for nan and inf: value is left alone */
gboolean
reader_number(const char *text, double *value, const char **rest);
/* the same, times a power of ten, rounded once */
gboolean
reader_scaled(const char *text, int power_of_ten, double *value);

G_END_DECLS
