/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* netperf's classic tables are known by the banner before them, and what their columns are by their
 * headings. omni prints columns that its user has chosen, for people, as CSV or as KEY=VALUE;
 * without a banner (-P 0) only the last can be told from any numbers, unless the shell's trace says
 * what the command was. K, M and G are of 1024 before
 * Bytes. -1 is what was not measured. */

#include "netperf.h"

#include <string.h>

#define MAX_VALUE    1e200

#define MAX_HEADINGS 4

typedef enum {
	TABLE_NONE,
	TABLE_UNKNOWN, /* a banner was there */
	TABLE_STREAM,
	TABLE_RR,
	TABLE_UDP,
	TABLE_CSV,
	TABLE_OMNI,
	TABLE_DONE,
} Table;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	Table table;
	char *test;          /* nullable: of the banner */
	gboolean is_cut;     /* in a line of a key */
	gboolean is_banner;  /* one with addresses */
	gboolean is_traced;  /* headings are those that a command would have; it prints only rows */
	GPtrArray *headings; /* of char *, the lines of the heading */
	GHashTable *values;  /* of omni, by their keys */
	guint line;          /* of the first of the values */
	GStrv sent;          /* nullable: the row of the sender, before that of the receiver */
} Netperf;

static const struct {
	const char *name;
	const char *unit;
	int power_of_ten;
} units[] = {
	{"10^0bits", "bit/s", 0},
	{"10^3bits", "bit/s", 3},
	{"10^6bits", "bit/s", 6},
	{"10^9bits", "bit/s", 9},
	{"KBytes", "KiB/s", 0},
	{"MBytes", "MiB/s", 0},
	{"GBytes", "GiB/s", 0},
	{"Bytes", "B/s", 0},
	{"Trans", "1/s", 0},
};

/* the unit before "/s" somewhere in a text, or -1 */
static int
find_unit(const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		const char *at = strstr(text, units[i].name);
		if (at == NULL)
			continue;
		at += strlen(units[i].name);
		at += strspn(at, " ");
		if (g_str_has_prefix(at, "/s"))
			return i;
	}
	return -1;
}

/* a number that was measured; -1 is none */
static gboolean
get_number(const char *text, int power_of_ten, double *value)
{
	const char *rest;
	return text != NULL && reader_number(text, value, &rest) && *rest == '\0' && *value >= 0 &&
	       *value < MAX_VALUE && reader_scaled(text, power_of_ten, value);
}

static const char *
get_test(Netperf *self)
{
	return self->test != NULL ? self->test : "netperf";
}

static void
add(Netperf *self,
    const char *metric,
    const char *side,
    const char *unit,
    PerfdashDirection better,
    double value)
{
	perfdash_run_builder_add_result(self->builder, get_test(self), metric, unit, better, value);
	if (side != NULL)
		perfdash_run_builder_add_result_label(self->builder, "side", side);
}

static void
start_run(Netperf *self)
{
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "netperf");
}

static void
fail(Netperf *self, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

static void
add_throughput(Netperf *self, const char *side, int unit, const char *text)
{
	double value;
	if (unit < 0 || !get_number(text, units[unit].power_of_ten, &value))
		return;
	if (value > 0)
		add(self, "throughput", side, units[unit].unit, PERFDASH_DIRECTION_HIGHER, value);
	else
		fail(self, "nothing was transferred");
}

static void
add_processor(Netperf *self, const char *side, const char *text)
{
	double value;
	if (get_number(text, 0, &value) && value > 0)
		add(self, "cpu", side, "%", PERFDASH_DIRECTION_LOWER, value);
}

static void
add_elapsed(Netperf *self, const char *text)
{
	double value;
	if (get_number(text, 0, &value))
		add(self, "duration", NULL, "s", PERFDASH_DIRECTION_NONE, value);
}

static const char *
last_heading(Netperf *self)
{
	return self->headings->len > 0 ? g_ptr_array_index(self->headings, self->headings->len - 1)
				       : "";
}

/* keys and rows that follow have a banner of their own, or none */
static void
finish_table(Netperf *self)
{
	self->table = TABLE_DONE;
	g_clear_pointer(&self->test, g_free);
}

/* "131072  16384  16384    1.00     9536.24", and with -c -C how busy the processors were */
static void
read_stream_row(Netperf *self, GStrv words)
{
	guint n = g_strv_length(words);
	if (n < 5)
		return;
	start_run(self);
	add_throughput(self, NULL, find_unit(last_heading(self)), words[4]);
	add_elapsed(self, words[3]);
	if (n >= 7) {
		add_processor(self, "local", words[5]);
		add_processor(self, "remote", words[6]);
	}
	finish_table(self);
}

/* "16384  131072 1        1       1.00     65370.28"; a shorter row follows */
static void
read_rr_row(Netperf *self, GStrv words)
{
	const char *heading = last_heading(self);
	guint n = g_strv_length(words);
	double value;
	if (n < 6)
		return;
	start_run(self);
	if (strstr(heading, "per tran") != NULL) {
		if (get_number(words[5], 0, &value))
			add(self, "latency", NULL, "us", PERFDASH_DIRECTION_LOWER, value);
	} else if (strstr(heading, "per sec") != NULL) {
		add_throughput(self, NULL, G_N_ELEMENTS(units) - 1, words[5]);
	} else {
		add_throughput(self, NULL, find_unit(heading), words[5]);
	}
	add_elapsed(self, words[4]);
	if (n >= 8) {
		add_processor(self, "local", words[6]);
		add_processor(self, "remote", words[7]);
	}
	finish_table(self);
}

/* "212992   65507   10.00      123456      0    6469.12" of the sender, then of the receiver
 * "212992           10.00      123450           6468.80", which is nullable */
static void
write_udp(Netperf *self, GStrv sent, GStrv received)
{
	int unit = find_unit(last_heading(self));
	double value = 1;
	start_run(self);
	gboolean is_lost = received != NULL && get_number(received[3], 0, &value) && value == 0;
	if (!is_lost)
		add_throughput(self, "sent", unit, sent[5]);
	if (get_number(sent[3], 0, &value))
		add(self, "messages", "sent", "1", PERFDASH_DIRECTION_NONE, value);
	if (get_number(sent[4], 0, &value))
		add(self, "errors", NULL, "1", PERFDASH_DIRECTION_LOWER, value);
	add_elapsed(self, sent[2]);
	if (received == NULL)
		return;
	add_throughput(self, "received", unit, received[3]);
	if (get_number(received[2], 0, &value))
		add(self, "messages", "received", "1", PERFDASH_DIRECTION_NONE, value);
}

static void
read_udp_row(Netperf *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	guint n = g_strv_length(words);
	if (self->sent == NULL && n >= 6) {
		self->sent = g_steal_pointer(&words);
	} else if (self->sent != NULL && n >= 4) {
		write_udp(self, self->sent, words);
		g_clear_pointer(&self->sent, g_strfreev);
		finish_table(self);
	}
}

static void
set_cut(Netperf *self)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(self->builder, "the last line was cut off");
}

static void
write_values(Netperf *self)
{
	if (g_hash_table_size(self->values) > 0 &&
	    netperf_omni_has_result(self->values, self->test)) {
		start_run(self);
		perfdash_run_builder_set_line(self->builder, self->line);
		netperf_omni_write(self->values, self->test, self->builder);
		if (self->is_cut)
			set_cut(self);
		finish_table(self);
	}
	g_hash_table_remove_all(self->values);
}

/* a classic table that has no end */
static void
end_table(Netperf *self)
{
	write_values(self);
	if (self->sent != NULL) {
		write_udp(self, self->sent, NULL);
		g_clear_pointer(&self->sent, g_strfreev);
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the log ends before the receiver's row");
	} else if (self->table != TABLE_NONE && self->table != TABLE_DONE && self->is_banner) {
		start_run(self);
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the log ends before the result");
	}
	self->table = TABLE_NONE;
	self->is_traced = FALSE;
	g_ptr_array_set_size(self->headings, 0);
	g_clear_pointer(&self->test, g_free);
}

/* "MIGRATED TCP STREAM TEST from 0.0.0.0 (0.0.0.0) port 0 AF_INET to ..." */
static gboolean
read_banner(Netperf *self, const char *line)
{
	static const char *const protocols[] =
		{"TCP ", "UDP ", "SCTP ", "DCCP ", "UDPLITE ", "STREAM ", "DG ", "OMNI ", NULL};
	const char *text = reader_after(line, "MIGRATED ");
	const char *end = strstr(line, " TEST");
	text = text != NULL ? text : line;
	if (end == NULL || end <= text || end - text > 60 ||
	    (!g_str_has_prefix(end, " TEST from ") && !g_str_has_prefix(end, " TEST to ")))
		return FALSE;
	for (guint i = 0; protocols[i] != NULL; i++) {
		if (!g_str_has_prefix(text, protocols[i]))
			continue;
		end_table(self);
		g_autofree char *test = g_strndup(text, end - text);
		self->test = reader_name(test);
		self->table = TABLE_UNKNOWN;
		self->is_banner = strstr(end, " AF_INET") != NULL;
		return TRUE;
	}
	return FALSE;
}

static Table
find_table(const char *heading)
{
	if (g_str_has_prefix(heading, "Recv   Send "))
		return TABLE_STREAM;
	if (g_str_has_prefix(heading, "Local /Remote"))
		return TABLE_RR;
	if (g_str_has_prefix(heading, "Socket  Message  Elapsed"))
		return TABLE_UDP;
	return netperf_omni_is_csv(heading) ? TABLE_CSV : TABLE_OMNI;
}

/* "+ netperf -P 0 -H 192.0.2.1 -t TCP_RR" */
static gboolean
read_command(Netperf *self, const char *line)
{
	NetperfCommand command;
	if (!netperf_command_read(line, &command))
		return FALSE;
	end_table(self);
	self->table = TABLE_CSV;
	self->is_banner = FALSE;
	self->is_traced = TRUE;
	if (command.keys != NULL) {
		g_ptr_array_add(self->headings, command.keys);
		return TRUE;
	}
	self->test = g_strdup(command.test);
	self->table = find_table(command.heading);
	g_ptr_array_add(self->headings, g_strdup(command.unit));
	return TRUE;
}

/* "THROUGHPUT=9536.24" */
static gboolean
read_key(Netperf *self, const char *line, guint number)
{
	gsize length = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	if (length < 2 || line[length] != '=' || !g_ascii_isupper(*line))
		return FALSE;
	g_autofree char *key = g_strndup(line, length);
	if (!netperf_omni_is_key(key))
		return TRUE;
	if (g_hash_table_contains(self->values, key))
		write_values(self);
	if (g_hash_table_size(self->values) == 0)
		self->line = number;
	g_hash_table_insert(self->values, g_steal_pointer(&key), g_strdup(line + length + 1));
	return TRUE;
}

/* a row begins with a number; a heading may begin with "50th" */
static gboolean
is_row(const char *line)
{
	const char *rest;
	double value;
	return reader_number(line, &value, &rest) && (*rest == ' ' || *rest == '\0');
}

static guint
count_commas(const char *line)
{
	guint n = 0;
	for (; *line != '\0'; line++)
		n += *line == ',';
	return n;
}

static gboolean
is_traced_row(Netperf *self, const char *line)
{
	return self->table == TABLE_CSV ? count_commas(line) == count_commas(last_heading(self))
					: is_row(line);
}

static void
read_table(Netperf *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	if (self->table == TABLE_STREAM)
		read_stream_row(self, words);
	else if (self->table == TABLE_RR)
		read_rr_row(self, words);
	else
		read_udp_row(self, line);
}

static void
read_omni_row(Netperf *self, const char *line, guint number)
{
	if (self->table == TABLE_CSV)
		netperf_omni_read_csv(self->values, last_heading(self), line);
	else
		netperf_omni_read_columns(self->values, self->headings, line);
	self->line = number;
	write_values(self);
	self->table = TABLE_DONE;
}

static void
read_line(Netperf *self, const char *line, guint number)
{
	gboolean is_omni = self->table == TABLE_OMNI || self->table == TABLE_CSV;
	if (self->table == TABLE_NONE || self->table == TABLE_DONE || *line == '\0' ||
	    g_str_has_prefix(line, "!!!") || g_str_has_prefix(line, "Interim result"))
		return;
	if (self->is_traced && !is_traced_row(self, line)) {
		end_table(self);
		return;
	}
	if (self->table == TABLE_UNKNOWN)
		self->table = find_table(line);
	else if (is_omni && (self->table == TABLE_CSV || is_row(line) ||
			     self->headings->len == MAX_HEADINGS)) {
		read_omni_row(self, line, number);
		return;
	} else if (is_row(line)) {
		read_table(self, line);
		return;
	}
	/* of a heading that is longer than any, the last lines count */
	if (self->headings->len == MAX_HEADINGS)
		g_ptr_array_remove_index(self->headings, 0);
	g_ptr_array_add(self->headings, g_strdup(line));
}

static gboolean
read_refusal(Netperf *self, const char *line)
{
	static const char refusal[] =
		"stablish control: are you sure there is a netserver listening on ";
	const char *at = strstr(line, refusal);
	if (at == NULL || strchr("eE", at > line ? at[-1] : ' ') == NULL ||
	    (at - 1 > line && !g_str_has_prefix(line, "netperf: ")))
		return FALSE;
	end_table(self);
	start_run(self);
	/* the line has the name of the host */
	fail(self, "there is no netserver to talk to");
	return TRUE;
}

/* what else a shell runs has another output, but for a tee in the same pipe */
static const char *
hide_quote(Netperf *self, const char *line)
{
	if (self->is_traced && self->table != TABLE_DONE && !g_str_has_prefix(line, "+ tee "))
		end_table(self);
	return "";
}

static gboolean
netperf_parser_parse(PerfdashParser *parser,
		     const char *name,
		     GBytes *log,
		     PerfdashRunBuilder *builder,
		     GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GPtrArray) headings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable)
		values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	Netperf self = {.builder = builder, .headings = headings, .values = values};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (lines.is_cut) {
			self.is_cut = g_hash_table_size(values) > 0 && g_ascii_isupper(*line);
			break;
		}
		if (read_command(&self, line))
			continue;
		if (reader_is_quoted(line))
			line = hide_quote(&self, line);
		if (read_banner(&self, line) || read_refusal(&self, line))
			continue;
		if (!read_key(&self, line, lines.number)) {
			write_values(&self);
			read_line(&self, line, lines.number);
		}
	}
	end_table(&self);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(
	NetperfParser,
	netperf_parser,
	NULL,
	netperf_parser_parse,
	"netperf",
	"4",
	"netperf, network: classic tables, omni and keyword output",
	"*netperf*.txt;*netperf*.log",
	PERFDASH_PARSER_CONSOLE,
	"TEST from \nTEST to \nTHROUGHPUT=\nnetperf -\nthere is a netserver listening on ")
