/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows that end with "sender" or "receiver" count, and of several streams only [SUM];
 * before 3.2 those of UDP have no such word, but a line "Sent N datagrams" follows. K, M and G are
 * of 1000 before bits and of 1024 before Bytes. What a side was not told is printed as 0.00. What
 * the server printed may follow the client's own result (--get-server-output). */

#include "iperf3.h"

#include <string.h>

#include "reader-quantity.h"

#define MAX_ROWS   1000
#define MAX_PREFIX 80

static const ReaderSuffix sizes[] = {{"Bytes", "B", 0},
				     {"KBytes", "KiB", 0},
				     {"MBytes", "MiB", 0},
				     {"GBytes", "GiB", 0},
				     {"TBytes", "TiB", 0},
				     {NULL}};
static const ReaderSuffix rates[] = {{"bits/sec", "bit/s", 0},
				     {"Kbits/sec", "bit/s", 3},
				     {"Mbits/sec", "bit/s", 6},
				     {"Gbits/sec", "bit/s", 9},
				     {"Tbits/sec", "bit/s", 12},
				     {"Bytes/sec", "B/s", 0},
				     {"KBytes/sec", "KiB/s", 0},
				     {"MBytes/sec", "MiB/s", 0},
				     {"GBytes/sec", "GiB/s", 0},
				     {"TBytes/sec", "TiB/s", 0},
				     {NULL}};

typedef enum { SIDE_NONE, SIDE_SENT, SIDE_RECEIVED } Side;
typedef enum { ROLE_NONE, ROLE_FORWARD, ROLE_REVERSE } Role;

typedef struct {
	gboolean is_sum;
	Role role;
	Side side;
	double end;
	ReaderQuantity size;
	ReaderQuantity rate;
	gboolean has_retransmits;
	double retransmits;
	gboolean has_losses;
	double jitter;
	double lost;
	double packets;
	guint line;
} Row;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gsize prefix; /* bytes before each line: a title, a time */
	gboolean is_open;
	gboolean is_server;
	gboolean is_quoted; /* what a server printed follows a result */
	gboolean is_udp;
	gboolean is_reverse;
	gboolean is_old_summary;
	gboolean has_sums; /* of several streams, in each interval */
	gboolean is_cut;   /* in its last line */
	char *error;       /* nullable: what went wrong */
	char *interrupt;   /* nullable */
	char *version;     /* nullable: of the client that starts next */
	char *protocol;    /* nullable */
	GArray *rows;      /* of Row: the result */
	Row last;          /* one of an interval */
	double cpu[2];     /* percent: this side, the other */
	guint cpu_line;
} Text;

static gboolean
parse_role(const char **text, Role *role)
{
	static const struct {
		const char *name;
		Role role;
	} roles[] = {{"[TX-C]", ROLE_FORWARD},
		     {"[RX-S]", ROLE_FORWARD},
		     {"[RX-C]", ROLE_REVERSE},
		     {"[TX-S]", ROLE_REVERSE}};
	for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (g_str_has_prefix(*text, roles[i].name)) {
			*role = roles[i].role;
			*text += strlen(roles[i].name);
			return TRUE;
		}
	}
	return **text != '[';
}

/* "0.021 ms  0/159 (0%)" */
static void
parse_losses(Row *row, const char *text)
{
	const char *rest;
	double ignored;
	row->has_losses = reader_number(text, &row->jitter, &rest) &&
			  (rest = reader_after(rest, " ms")) != NULL &&
			  reader_number(rest, &row->lost, &rest) && *rest == '/' &&
			  reader_number(rest + 1, &row->packets, &rest);
	if (!row->has_losses && reader_number(text, &ignored, &rest) &&
	    g_str_has_prefix(rest + strspn(rest, " "), "sender")) {
		row->has_retransmits = TRUE;
		row->retransmits = ignored;
	}
}

static Side
find_side(const char *text)
{
	g_autofree char *stripped = g_strchomp(g_strdup(text));
	return g_str_has_suffix(stripped, " sender")     ? SIDE_SENT
	       : g_str_has_suffix(stripped, " receiver") ? SIDE_RECEIVED
							 : SIDE_NONE;
}

/* "[  5]   0.00-3.00   sec  3.55 GBytes  10.1 Gbits/sec   16             sender" */
static gboolean
parse_row(Row *row, const char *line)
{
	const char *p = *line == '[' ? strchr(line, ']') : NULL;
	double begin;
	if (p == NULL || p - line > 8)
		return FALSE;
	memset(row, 0, sizeof(*row));
	row->is_sum = g_str_has_prefix(line, "[SUM]");
	p++;
	if (!parse_role(&p, &row->role) || !reader_number(p, &begin, &p) || *p != '-' ||
	    !reader_number(p + 1, &row->end, &p))
		return FALSE;
	p += strspn(p, " ");
	if (!g_str_has_prefix(p, "sec "))
		return FALSE;
	row->size = reader_quantity(p + strlen("sec "), sizes, &p);
	row->rate = row->size.unit != NULL ? reader_quantity(p, rates, &p) : row->size;
	if (row->rate.unit == NULL)
		return FALSE;
	row->side = find_side(p);
	parse_losses(row, p);
	return strstr(p, "(omitted)") == NULL;
}

static gboolean
has_sum(Text *self, const Row *row)
{
	for (guint i = 0; i < self->rows->len; i++) {
		Row *one = &g_array_index(self->rows, Row, i);
		if (one->is_sum && one->role == row->role && one->side == row->side)
			return TRUE;
	}
	return FALSE;
}

/* a stream without the sum of all is a part of what was transferred */
static gboolean
is_part(Text *self, const Row *row)
{
	return !row->is_sum && self->has_sums && !has_sum(self, row);
}

static gboolean
has_parts(Text *self)
{
	for (guint i = 0; i < self->rows->len; i++) {
		if (is_part(self, &g_array_index(self->rows, Row, i)))
			return TRUE;
	}
	return FALSE;
}

static char *
get_benchmark(Text *self, const Row *row)
{
	const char *protocol = self->protocol != NULL ? self->protocol
			       : self->is_udp         ? "UDP"
						      : "TCP";
	gboolean is_reverse = row->role == ROLE_REVERSE ||
			      (row->role == ROLE_NONE && self->is_reverse);
	return g_strdup_printf("%s %s%s",
			       protocol,
			       row->role != ROLE_NONE ? "bidir " : "",
			       is_reverse ? "reverse" : "forward");
}

static void
add_losses(Text *self, const char *benchmark, const Row *row)
{
	PerfdashRunBuilder *builder = self->builder;
	const PerfdashDirection lower = PERFDASH_DIRECTION_LOWER;
	perfdash_run_builder_add_result(builder,
					benchmark,
					"packets",
					"1",
					PERFDASH_DIRECTION_NONE,
					row->packets);
	perfdash_run_builder_add_result(builder, benchmark, "lost_packets", "1", lower, row->lost);
	perfdash_run_builder_add_result(builder,
					benchmark,
					"loss",
					"ratio",
					lower,
					row->lost / row->packets);
	if (row->lost < row->packets)
		perfdash_run_builder_add_result(builder,
						benchmark,
						"jitter",
						"ms",
						lower,
						row->jitter);
}

/* the rates of a run that failed are none */
static void
add_row(Text *self, const Row *row, gboolean is_failed)
{
	g_autofree char *benchmark = get_benchmark(self, row);
	const char *side = row->side == SIDE_RECEIVED ? "received" : "sent";
	perfdash_run_builder_set_line(self->builder, row->line);
	if (row->rate.value > 0 && !is_failed) {
		reader_add(self->builder,
			   benchmark,
			   "throughput",
			   PERFDASH_DIRECTION_HIGHER,
			   row->rate);
		perfdash_run_builder_add_result_label(self->builder, "side", side);
		reader_add(self->builder, benchmark, "bytes", PERFDASH_DIRECTION_NONE, row->size);
		perfdash_run_builder_add_result_label(self->builder, "side", side);
		if (row->has_retransmits)
			perfdash_run_builder_add_result(self->builder,
							benchmark,
							"retransmits",
							"1",
							PERFDASH_DIRECTION_LOWER,
							row->retransmits);
	}
	if (row->has_losses && row->side != SIDE_SENT && row->packets > 0)
		add_losses(self, benchmark, row);
}

static void
add_processors(Text *self)
{
	static const char *const metrics[] = {"cpu_host", "cpu_remote"};
	Row first = g_array_index(self->rows, Row, 0);
	const char *protocol = self->protocol != NULL ? self->protocol : "TCP";
	g_autofree char *benchmark = first.role == ROLE_NONE
					     ? get_benchmark(self, &first)
					     : g_strdup_printf("%s bidir", protocol);
	perfdash_run_builder_set_line(self->builder, self->cpu_line);
	for (guint i = 0; i < 2; i++) {
		if (self->cpu[i] > 0)
			perfdash_run_builder_add_result(self->builder,
							benchmark,
							metrics[i],
							"%",
							PERFDASH_DIRECTION_LOWER,
							self->cpu[i]);
	}
}

static PerfdashOutcome
set_outcome(Text *self, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, outcome);
	perfdash_run_builder_add_warning_literal(self->builder, why);
	return outcome;
}

static gboolean
has_receiver(Text *self)
{
	for (guint i = 0; i < self->rows->len; i++) {
		if (g_array_index(self->rows, Row, i).side == SIDE_RECEIVED)
			return TRUE;
	}
	return FALSE;
}

/* a bit for each side that has transferred something */
static guint
find_sides(Text *self)
{
	guint sides = 0;
	for (guint i = 0; i < self->rows->len; i++) {
		Row *row = &g_array_index(self->rows, Row, i);
		if (row->rate.value > 0)
			sides |= 1 << row->side;
	}
	return sides;
}

/* what the rows are worth */
static PerfdashOutcome
judge(Text *self, guint sides)
{
	const char *nothing = "nothing arrived, or nobody said so";
	gboolean arrived = (sides & 1 << SIDE_RECEIVED) != 0;
	if (self->error != NULL)
		return set_outcome(self, PERFDASH_OUTCOME_FAILED, self->error);
	if (self->rows->len > 0 && sides == 0)
		return set_outcome(self, PERFDASH_OUTCOME_FAILED, "nothing was transferred");
	if (self->interrupt != NULL)
		return set_outcome(self, PERFDASH_OUTCOME_PARTIAL, self->interrupt);
	if (self->rows->len == 0 || has_parts(self) || self->is_cut)
		return set_outcome(self,
				   PERFDASH_OUTCOME_PARTIAL,
				   self->rows->len == 0
					   ? "the log ends before the result"
					   : "the log ends before the end of the result");
	if (self->is_server || self->is_old_summary || arrived)
		return PERFDASH_OUTCOME_OK;
	/* the receiver's row says that all packets were lost, or it is not there */
	return set_outcome(self,
			   has_receiver(self) && self->is_udp ? PERFDASH_OUTCOME_FAILED
							      : PERFDASH_OUTCOME_PARTIAL,
			   nothing);
}

static void
write_rows(Text *self, gboolean is_failed)
{
	for (guint i = 0; i < self->rows->len && self->error == NULL; i++) {
		Row *row = &g_array_index(self->rows, Row, i);
		if (row->is_sum || (!has_sum(self, row) && !is_part(self, row)))
			add_row(self, row, is_failed);
	}
	if (self->rows->len > 0 && !is_failed)
		add_processors(self);
}

/* how far it came is all that is certain */
static void
write_duration(Text *self)
{
	g_autofree char *benchmark = get_benchmark(self, &self->last);
	perfdash_run_builder_set_line(self->builder, self->last.line);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"duration",
					"s",
					PERFDASH_DIRECTION_NONE,
					self->last.end);
}

static void
write_run(Text *self)
{
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "iperf3");
	if (self->version != NULL)
		perfdash_run_builder_set_environment(self->builder, "tool_version", self->version);
	PerfdashOutcome outcome = judge(self, find_sides(self));
	write_rows(self, outcome == PERFDASH_OUTCOME_FAILED);
	if (self->rows->len == 0 && self->last.end > 0 && self->error == NULL)
		write_duration(self);
}

static void
end_run(Text *self)
{
	gboolean says_something = self->rows->len > 0 || self->last.end > 0 ||
				  self->error != NULL || !self->is_server;
	if (self->is_open && says_something)
		write_run(self);
	self->is_open = self->is_udp = self->is_reverse = self->is_old_summary = FALSE;
	self->has_sums = self->is_cut = FALSE;
	g_clear_pointer(&self->error, g_free);
	g_clear_pointer(&self->interrupt, g_free);
	g_clear_pointer(&self->version, g_free);
	g_clear_pointer(&self->protocol, g_free);
	g_array_set_size(self->rows, 0);
	memset(&self->last, 0, sizeof(self->last));
	self->cpu[0] = self->cpu[1] = 0;
}

/* "Connecting to host HOST, port 5201", maybe behind a title or a time */
static const char *
find_client(const char *line)
{
	const char *start = strstr(line, "Connecting to host ");
	const char *port = start != NULL ? strstr(start, ", port ") : NULL;
	return port != NULL && start - line < MAX_PREFIX && g_ascii_isdigit(port[strlen(", port ")])
		       ? start
		       : NULL;
}

static void
start_client(Text *self, const char *line, const char *start)
{
	/* what comes through another channel may stand before the run that it is about */
	g_autofree char *interrupt = self->is_open ? NULL : g_steal_pointer(&self->interrupt);
	g_autofree char *version = self->is_open && self->rows->len == 0 && self->last.end == 0
					   ? NULL
					   : g_steal_pointer(&self->version);
	end_run(self);
	self->interrupt = g_steal_pointer(&interrupt);
	self->version = g_steal_pointer(&version);
	self->is_open = TRUE;
	self->is_server = self->is_quoted = FALSE;
	self->prefix = start - line;
}

static void
start_server(Text *self)
{
	end_run(self);
	self->is_open = self->is_server = TRUE;
	self->prefix = 0;
}

static void
keep(char **text, const char *line)
{
	if (*text == NULL)
		*text = g_strdup(line);
}

/* a server that cannot serve is no test that failed */
static gboolean
is_of_server(const char *text)
{
	return strstr(text, "unable to start listener") != NULL ||
	       strstr(text, " at server") != NULL;
}

/* "iperf3: error - unable to connect to server: Connection refused" and its like */
static gboolean
read_message(Text *self, const char *line)
{
	const char *text = reader_after(line, "iperf3: ");
	if (text == NULL)
		return FALSE;
	gboolean is_error = g_str_has_prefix(text, "error - ");
	gboolean is_interrupt = g_str_has_prefix(text, "interrupt - ") ||
				strstr(text, "the client has terminated") != NULL ||
				strstr(text, "the server has terminated") != NULL ||
				strstr(text, "has unexpectedly closed the connection") != NULL;
	if (is_interrupt) {
		keep(&self->interrupt, line);
	} else if (is_error && !is_of_server(text)) {
		keep(&self->error, line);
		self->is_open = TRUE;
		end_run(self);
	}
	return is_error || is_interrupt;
}

static void
keep_row(Text *self, Row *row)
{
	if (self->rows->len < MAX_ROWS)
		g_array_append_val(self->rows, *row);
}

static void
read_row(Text *self, Row *row)
{
	/* a server that sends has rows of a sender */
	if (self->is_server && row->role == ROLE_NONE && row->side == SIDE_SENT &&
	    row->rate.value > 0)
		self->is_reverse = TRUE;
	if (row->side != SIDE_NONE || self->is_old_summary)
		keep_row(self, row);
	else
		self->last = *row;
	self->has_sums |= row->is_sum;
}

static void
read_processors(Text *self, const char *text, guint line)
{
	const char *remote = strstr(text, ", remote/");
	const char *first = strchr(text, ' ');
	const char *second = remote != NULL ? strchr(remote + 2, ' ') : NULL;
	if (first == NULL || second == NULL || !reader_number(first, &self->cpu[0], NULL) ||
	    !reader_number(second, &self->cpu[1], NULL))
		self->cpu[0] = self->cpu[1] = 0;
	self->cpu_line = line;
}

static void
read_protocol(Text *self, const char *text)
{
	g_autofree char *name = g_strndup(text, strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
	g_free(self->protocol);
	self->protocol = *name != '\0' ? g_steal_pointer(&name) : NULL;
	self->is_udp = g_strcmp0(self->protocol, "UDP") == 0;
}

static void
read_line(Text *self, const char *line, guint number)
{
	const char *rest;
	Row row;
	if (parse_row(&row, line)) {
		row.line = number;
		read_row(self, &row);
	} else if (g_str_has_prefix(line, "Reverse mode, remote host ")) {
		self->is_reverse = TRUE;
	} else if (g_str_has_prefix(line, "[ ID]")) {
		self->is_udp |= strstr(line, "Total Datagrams") != NULL ||
				strstr(line, "Jitter") != NULL;
	} else if (*line == '[' && strstr(line, "] Sent ") != NULL &&
		   g_str_has_suffix(line, " datagrams")) {
		if (!self->is_old_summary && self->last.end > 0)
			keep_row(self, &self->last);
		self->is_old_summary = TRUE;
	} else if ((rest = reader_after(line, "CPU Utilization: local/")) != NULL) {
		read_processors(self, rest, number);
	} else if ((rest = reader_after(line, "Starting Test: protocol: ")) != NULL) {
		read_protocol(self, rest);
	}
}

static gboolean
read_boundary(Text *self, const char *line)
{
	const char *client = find_client(line);
	if (client != NULL) {
		start_client(self, line, client);
	} else if (g_str_has_prefix(line, "iperf Done.")) {
		end_run(self);
		self->is_quoted = FALSE;
	} else if (!self->is_quoted && g_str_has_prefix(line, "Server output:")) {
		end_run(self);
		self->is_quoted = TRUE;
	} else if (!self->is_quoted && g_str_has_prefix(line, "Server listening on ")) {
		end_run(self);
	} else if (!self->is_quoted && g_str_has_prefix(line, "Accepted connection from ")) {
		start_server(self);
	} else {
		return FALSE;
	}
	return TRUE;
}

static void
read_any(Text *self, const char *line, guint number)
{
	if (read_message(self, line) || read_boundary(self, line))
		return;
	const char *text = strlen(line) >= self->prefix ? line + self->prefix : line;
	if (read_boundary(self, text))
		return;
	if (self->is_open) {
		read_line(self, text, number);
	} else if (!self->is_quoted && g_str_has_prefix(line, "iperf 3.")) {
		g_free(self->version);
		self->version = reader_name(line);
	}
}

void
iperf3_text_read(GBytes *text, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
	Text self = {.builder = builder, .rows = rows};
	const char *line;
	reader_lines_init(&lines, text, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		/* a row that ends with its side is whole */
		if (!lines.is_cut || find_side(line) != SIDE_NONE)
			read_any(&self, line, lines.number);
		else
			self.is_cut = self.is_open && *line != '\0' &&
				      !g_str_has_prefix(line, "iperf Done.");
	}
	end_run(&self);
	g_free(self.interrupt);
}
