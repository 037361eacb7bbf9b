/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What `time` says: GNU time -v with a line for each number, GNU time's two lines, the three lines
 * of shells and of POSIX, which name no command, and zsh's one, which does. Wall clock time is
 * h:mm:ss or m:ss.cc, of shells 1m2.345s. How the command ended stands before the block, and "Exit
 * status: 0" also ends the block of a command that was killed. Sizes are of 1024, whatever "kbytes"
 * says. */

#include <string.h>

#include "reader-field.h"
#include "reader-text.h"

#define NO_COMMAND "(command not printed)"

typedef struct {
	PerfdashRunBuilder *builder;
	char *ending;      /* how a command ended whose numbers follow, nullable */
	char *command;     /* of the block of -v that is open, nullable */
	gboolean has_size; /* the largest resident size was read */
	guint shell_lines; /* of real, user and sys that followed each other */
	double shell[3];
	guint next_line; /* that would continue them */
} Times;

static const ReaderField fields[] = {
	{"User time (seconds):", "user_time", "s", PERFDASH_DIRECTION_LOWER},
	{"System time (seconds):", "system_time", "s", PERFDASH_DIRECTION_LOWER},
	{"Percent of CPU this job got:", "cpu_usage", "%", PERFDASH_DIRECTION_NONE},
	{"Maximum resident set size (kbytes):", "max_rss", "KiB", PERFDASH_DIRECTION_LOWER},
	{"Major (requiring I/O) page faults:", "major_faults", "1", PERFDASH_DIRECTION_LOWER},
	{"Minor (reclaiming a frame) page faults:", "minor_faults", "1", PERFDASH_DIRECTION_LOWER},
	{"Voluntary context switches:",
	 "voluntary_context_switches",
	 "1",
	 PERFDASH_DIRECTION_LOWER},
	{"Involuntary context switches:",
	 "involuntary_context_switches",
	 "1",
	 PERFDASH_DIRECTION_LOWER},
	{"File system inputs:", "file_system_inputs", "1", PERFDASH_DIRECTION_LOWER},
	{"File system outputs:", "file_system_outputs", "1", PERFDASH_DIRECTION_LOWER},
	{NULL}};
/* what shells call their times */
static const struct {
	const char *name;
	const char *metric;
} shell_times[] = {
	{"real", "elapsed_time"},
	{"user", "user_time"},
	{"sys", "system_time"},
};

/* hours, minutes and seconds that are separated by one of the separators, as exact as printed */
static gboolean
read_clock(const char *text, const char *separators, double *seconds, const char **rest)
{
	guint64 whole = 0;
	for (guint i = 0; i < 3; i++) {
		gsize digits = strspn(text, "0123456789");
		if (digits == 0 || digits > 9)
			return FALSE;
		whole = whole * 60 + g_ascii_strtoull(text, NULL, 10);
		text += digits;
		if (*text == '\0' || strchr(separators, *text) == NULL)
			break;
		text++;
	}
	gsize decimals = *text == '.' || *text == ',' ? strspn(text + 1, "0123456789") : 0;
	if (decimals > 9)
		return FALSE;
	g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT ".%.*s0",
						  whole,
						  (int)decimals,
						  decimals > 0 ? text + 1 : "");
	*seconds = g_ascii_strtod(number, NULL);
	*rest = text + (decimals > 0 ? decimals + 1 : 0);
	return TRUE;
}

static void
add_time(Times *self, const char *benchmark, const char *metric, double seconds)
{
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					metric,
					"s",
					PERFDASH_DIRECTION_LOWER,
					seconds);
}

static void
set_ending(Times *self)
{
	if (self->ending == NULL)
		return;
	gboolean exited = strstr(self->ending, " exited ") != NULL;
	perfdash_run_builder_set_outcome(self->builder,
					 exited ? PERFDASH_OUTCOME_FAILED
						: PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder, self->ending);
	g_clear_pointer(&self->ending, g_free);
}

/* a block of -v that has no end */
static void
end_block(Times *self)
{
	if (self->command == NULL)
		return;
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder, "the log ends before the exit status");
	perfdash_run_builder_next_run(self->builder);
	g_clear_pointer(&self->command, g_free);
}

static void
start_block(Times *self, const char *command)
{
	gsize length = strlen(command);
	end_block(self);
	if (length >= 2 && *command == '"' && command[length - 1] == '"')
		command++, length -= 2;
	g_autofree char *text = g_strndup(command, length);
	self->command = reader_name(text);
	perfdash_run_builder_set_label(self->builder, "tool", "time");
	set_ending(self);
}

static void
end_with_status(Times *self, double status)
{
	perfdash_run_builder_add_result(self->builder,
					self->command,
					"exit_status",
					"1",
					PERFDASH_DIRECTION_NONE,
					status);
	if (status != 0)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_next_run(self->builder);
	g_clear_pointer(&self->command, g_free);
}

static void
read_block_line(Times *self, const char *line)
{
	const char *text = line + strspn(line, " \t");
	const char *rest;
	double value;
	if (g_str_has_prefix(text, "Elapsed (wall clock) time") && strstr(text, "): ") != NULL) {
		if (read_clock(strstr(text, "): ") + strlen("): "), ":", &value, &rest))
			add_time(self, self->command, "elapsed_time", value);
	} else if ((rest = reader_after(text, "Exit status:")) != NULL) {
		if (reader_number(rest, &value, NULL))
			end_with_status(self, value);
	} else {
		reader_add_field(self->builder, self->command, text, fields);
	}
}

/* "0.00user 0.03system 0:00.10elapsed 42%CPU (0avgtext+0avgdata 2524maxresident)k" */
static gboolean
read_short(Times *self, const char *line)
{
	double user;
	double system;
	double elapsed;
	double size;
	const char *p;
	if (!reader_number(line, &user, &p) || !g_str_has_prefix(p, "user ") ||
	    !reader_number(p + strlen("user "), &system, &p) || !g_str_has_prefix(p, "system ") ||
	    !read_clock(p + strlen("system "), ":", &elapsed, &p) ||
	    !g_str_has_prefix(p, "elapsed ") || strstr(p, "%CPU (") == NULL)
		return FALSE;
	perfdash_run_builder_set_label(self->builder, "tool", "time");
	set_ending(self);
	add_time(self, NO_COMMAND, "elapsed_time", elapsed);
	add_time(self, NO_COMMAND, "user_time", user);
	add_time(self, NO_COMMAND, "system_time", system);
	if (reader_number_after(p, "avgdata ", &size))
		perfdash_run_builder_add_result(self->builder,
						NO_COMMAND,
						"max_rss",
						"KiB",
						PERFDASH_DIRECTION_LOWER,
						size);
	self->has_size = TRUE;
	return TRUE;
}

/* "3280inputs+0outputs (1major+304minor)pagefaults 0swaps", the line behind */
static void
read_short_faults(Times *self, const char *line)
{
	double major;
	double minor;
	const char *p = strstr(line, "outputs (");
	if (p != NULL && reader_number(p + strlen("outputs ("), &major, &p) &&
	    g_str_has_prefix(p, "major+") && reader_number(p + strlen("major+"), &minor, NULL)) {
		perfdash_run_builder_add_result(self->builder,
						NO_COMMAND,
						"major_faults",
						"1",
						PERFDASH_DIRECTION_LOWER,
						major);
		perfdash_run_builder_add_result(self->builder,
						NO_COMMAND,
						"minor_faults",
						"1",
						PERFDASH_DIRECTION_LOWER,
						minor);
	}
	self->has_size = FALSE;
	perfdash_run_builder_next_run(self->builder);
}

/* "make -j4  0.00s user 0.03s system 42% cpu 0.104 total" of zsh */
static gboolean
read_zsh(Times *self, const char *line)
{
	const char *user = g_strrstr(line, "s user ");
	const char *system = user != NULL ? strstr(user, "s system ") : NULL;
	const char *cpu = system != NULL ? strstr(system, "% cpu ") : NULL;
	const char *number = user;
	double seconds[3];
	const char *rest;
	while (number != NULL && number > line && strchr("0123456789.,", number[-1]) != NULL)
		number--;
	if (cpu == NULL || number < line + 2 || number[-1] != ' ' ||
	    !read_clock(cpu + strlen("% cpu "), ":", &seconds[0], &rest) ||
	    !g_str_equal(rest, " total") || !read_clock(number, "", &seconds[1], &rest) ||
	    rest != user || !read_clock(user + strlen("s user "), "", &seconds[2], &rest) ||
	    rest != system)
		return FALSE;
	g_autofree char *text = g_strndup(line, number - line);
	g_autofree char *command = reader_name(text);
	perfdash_run_builder_set_label(self->builder, "tool", "time");
	for (guint i = 0; i < G_N_ELEMENTS(shell_times); i++)
		add_time(self, command, shell_times[i].metric, seconds[i]);
	perfdash_run_builder_next_run(self->builder);
	return TRUE;
}

/* "real<tab>0m1.234s" of shells, "real 1.23" of POSIX */
static gboolean
read_shell_time(const char *line, guint index, double *seconds)
{
	const char *name = shell_times[index].name;
	const char *rest = line + strlen(name);
	if (!g_str_has_prefix(line, name) || (*rest != '\t' && *rest != ' '))
		return FALSE;
	gboolean of_shell = *rest == '\t';
	const char *number = rest + 1;
	if (of_shell && strchr(number, 'm') == NULL)
		return FALSE;
	return read_clock(number, of_shell ? "hm" : "", seconds, &rest) &&
	       strcspn(number, ".,") < (gsize)(rest - number) &&
	       g_str_equal(rest, of_shell ? "s" : "");
}

/* one of the three lines alone proves nothing */
static void
read_shell_line(Times *self, const char *line, guint number)
{
	guint index = number == self->next_line ? self->shell_lines : 0;
	if (index > 0 && !read_shell_time(line, index, &self->shell[index]))
		index = 0;
	if (index == 0 && !read_shell_time(line, 0, &self->shell[0])) {
		self->shell_lines = 0;
		return;
	}
	self->shell_lines = index + 1;
	self->next_line = number + 1;
	if (self->shell_lines < G_N_ELEMENTS(shell_times))
		return;
	perfdash_run_builder_set_label(self->builder, "tool", "time");
	for (guint i = 0; i < G_N_ELEMENTS(shell_times); i++) {
		perfdash_run_builder_set_line(self->builder, number - 2 + i);
		add_time(self, NO_COMMAND, shell_times[i].metric, self->shell[i]);
	}
	perfdash_run_builder_next_run(self->builder);
	self->shell_lines = 0;
}

static gboolean
is_ending(const char *line)
{
	return g_str_has_prefix(line, "Command exited with non-zero status ") ||
	       g_str_has_prefix(line, "Command terminated by signal ") ||
	       g_str_has_prefix(line, "Command stopped by signal ");
}

static void
read_line(Times *self, const char *line, guint number)
{
	const char *command = reader_after(line + strspn(line, " \t"), "Command being timed:");
	if (self->has_size) {
		read_short_faults(self, line);
		return;
	}
	if (command != NULL) {
		start_block(self, command);
	} else if (is_ending(line)) {
		g_free(self->ending);
		self->ending = g_strdup(line);
	} else if (self->command != NULL) {
		read_block_line(self, line);
	} else if (!read_short(self, line) && !read_zsh(self, line)) {
		read_shell_line(self, line, number);
	}
}

static gboolean
time_parser_parse(PerfdashParser *parser,
		  const char *name,
		  GBytes *log,
		  PerfdashRunBuilder *builder,
		  GError **error)
{
	g_auto(ReaderLines) lines;
	Times self = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line, lines.number);
	}
	end_block(&self);
	g_free(self.ending);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(TimeParser,
		       time_parser,
		       NULL,
		       time_parser_parse,
		       "time",
		       "1",
		       "GNU time and the time of shells, resources of a command: text output",
		       "*time*.txt;*time*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "\tCommand being timed:\n%CPU (\n% cpu \nreal\t\nreal ")
