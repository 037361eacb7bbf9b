/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The ping of iputils, inetutils, BusyBox, macOS and the BSDs. Without a reply there is no line of
 * round trip times; being interrupted is how a ping without -c ends. The loss is printed rounded or
 * cut to whole percents, so it is computed from the packets. BusyBox has no deviation. */

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define STATISTICS   " ping statistics ---"
#define STATISTICS_6 " ping6 statistics ---"

/* what the lines about one host say */
typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	char *host;      /* nullable: none is being pinged */
	GArray *replies; /* of double, ms */
	gint64 started_at;
	gboolean is_ended; /* the heading of the statistics was there */
	double sent;
	double received;
	gboolean is_cut; /* in the line behind the packets */
	gboolean has_packets;
	double values[4]; /* ms: minimum, mean, maximum, deviation */
	guint n_values;
} Ping;

static void
add_count(Ping *self, const char *metric, const char *side, PerfdashDirection better, double value)
{
	perfdash_run_builder_add_result(self->builder, self->host, metric, "1", better, value);
	if (side != NULL)
		perfdash_run_builder_add_result_label(self->builder, "side", side);
}

static void
start(Ping *self, const char *host, gsize length)
{
	g_autofree char *text = g_strndup(host, length);
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	self->host = reader_name(text);
	self->is_ended = self->has_packets = FALSE;
	self->n_values = 0;
	perfdash_run_builder_set_label(self->builder, "tool", "ping");
	if (self->started_at > 0)
		perfdash_run_builder_set_started_at(self->builder, self->started_at);
}

static void
add_times(Ping *self)
{
	static const char *const stats[] = {"min", NULL, "max", "sd"};
	double sum = 0;
	for (guint i = 0; i < self->replies->len; i++)
		sum += g_array_index(self->replies, double, i);
	double mean = self->n_values > 0 ? self->values[1] : sum / MAX(self->replies->len, 1);
	if (self->n_values == 0 && self->replies->len == 0)
		return;
	perfdash_run_builder_add_result(self->builder,
					self->host,
					"rtt",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					mean);
	for (guint i = 0; i < self->n_values; i++) {
		if (stats[i] != NULL)
			perfdash_run_builder_add_stat(self->builder, stats[i], self->values[i]);
	}
	for (guint i = 0; i < self->replies->len; i++)
		perfdash_run_builder_add_replicate(self->builder,
						   g_array_index(self->replies, double, i));
}

static void
end(Ping *self)
{
	if (self->host == NULL)
		return;
	if (!self->has_packets) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the log ends before the statistics");
	} else if (self->received <= 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder, "nothing was answered");
	} else if (self->is_cut) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the last line was cut off");
	}
	if (!self->has_packets || self->received > 0)
		add_times(self);
	g_clear_pointer(&self->host, g_free);
	g_array_set_size(self->replies, 0);
	self->started_at = 0;
}

/* "PING example.net (192.0.2.1) 56(84) bytes of data." */
static gboolean
read_start(Ping *self, const char *line)
{
	const char *host = reader_after(line, "PING ");
	if (host == NULL)
		host = reader_after(line, "PING6(");
	if (host == NULL ||
	    (strstr(host, " data bytes") == NULL && strstr(host, " bytes of data") == NULL))
		return FALSE;
	end(self);
	gsize length = strcspn(host, " (");
	/* addresses of IPv6 have colons of their own */
	start(self, host, length > 1 && host[length - 1] == ':' ? length - 1 : length);
	return TRUE;
}

static const char *
find_end_of_host(const char *host)
{
	static const char *const endings[] = {STATISTICS, STATISTICS_6};
	for (guint i = 0; host != NULL && i < G_N_ELEMENTS(endings); i++) {
		if (g_str_has_suffix(host, endings[i]))
			return host + strlen(host) - strlen(endings[i]);
	}
	return NULL;
}

/* "--- example.net ping statistics ---"; the line of the start may be missing */
static gboolean
read_heading(Ping *self, const char *line)
{
	const char *host = reader_after(line, "--- ");
	const char *end_of_host = find_end_of_host(host);
	if (end_of_host == NULL || end_of_host == host)
		return FALSE;
	gsize length = end_of_host - host;
	if (self->host == NULL || self->is_ended) {
		end(self);
		start(self, host, length);
	}
	g_free(self->host);
	g_autofree char *name = g_strndup(host, length);
	self->host = reader_name(name);
	self->is_ended = TRUE;
	return TRUE;
}

static void
add_extra(Ping *self, const char *line, const char *word, const char *metric)
{
	double value;
	const char *at = strstr(line, word);
	if (at == NULL)
		return;
	while (at > line && g_ascii_isdigit(at[-1]))
		at--;
	if (at > line && at[-1] == '+' && reader_number(at, &value, NULL))
		add_count(self, metric, NULL, PERFDASH_DIRECTION_LOWER, value);
}

/* "5 packets transmitted, 4 received, +1 errors, 20% packet loss, time 816ms" */
static void
read_packets(Ping *self, const char *line)
{
	const char *rest;
	if (!reader_number(line, &self->sent, &rest) ||
	    (rest = reader_after(rest, " packets transmitted,")) == NULL ||
	    !reader_number(rest, &self->received, &rest))
		return;
	self->has_packets = TRUE;
	add_count(self, "packets", "sent", PERFDASH_DIRECTION_NONE, self->sent);
	add_count(self, "packets", "received", PERFDASH_DIRECTION_NONE, self->received);
	if (self->sent >= self->received && self->sent > 0)
		perfdash_run_builder_add_result(self->builder,
						self->host,
						"loss",
						"ratio",
						PERFDASH_DIRECTION_LOWER,
						(self->sent - self->received) / self->sent);
	add_extra(self, rest, " errors", "errors");
	add_extra(self, rest, " duplicates", "duplicates");
	add_extra(self, rest, " corrupted", "corrupted");
}

/* "rtt min/avg/max/mdev = 0.040/0.045/0.056/0.005 ms"; true when the statistics end here */
static gboolean
read_times(Ping *self, const char *line)
{
	const char *names = reader_after(line, "rtt ");
	const char *p = strstr(line, " = ");
	double value;
	if (names == NULL)
		names = reader_after(line, "round-trip ");
	if (names == NULL || p == NULL || !g_str_has_prefix(names, "min/avg/max"))
		return FALSE;
	for (p += strlen(" = "); self->n_values < 4 && reader_number(p, &value, &p); p++) {
		self->values[self->n_values++] = value;
		if (*p != '/')
			break;
	}
	if (self->n_values < 3 || !g_str_has_prefix(p, " ms"))
		self->n_values = 0;
	return self->n_values > 0;
}

/* "64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.056 ms" */
static void
read_reply(Ping *self, const char *line)
{
	ReaderQuantity time = reader_quantity_after(line, " time=", reader_times);
	if (strstr(line, " bytes from ") == NULL || strstr(line, "seq=") == NULL ||
	    strstr(line, "(DUP!)") != NULL || time.unit == NULL || !g_str_equal(time.unit, "ms"))
		return;
	g_array_append_val(self->replies, time.value);
}

/* what stands behind the "[1795812876.885107] " of ping -D */
static const char *
skip_time(Ping *self, const char *line)
{
	double seconds;
	const char *rest;
	if (*line != '[' || !reader_number(line + 1, &seconds, &rest) || *rest != ']' ||
	    seconds < 1e9 || seconds > 7e9)
		return line;
	if (self->host != NULL && self->started_at == 0) {
		self->started_at = (gint64)(seconds * G_USEC_PER_SEC);
		perfdash_run_builder_set_started_at(self->builder, self->started_at);
	}
	return rest + 1 + strspn(rest + 1, " ");
}

static gboolean
is_refusal(const char *line)
{
	static const char *const reasons[] = {"Name or service not known",
					      "Temporary failure in name resolution",
					      "No address associated with hostname",
					      "Network is unreachable",
					      "unknown host",
					      "cannot resolve ",
					      "bad address '",
					      NULL};
	if (!g_str_has_prefix(line, "ping: ") && !g_str_has_prefix(line, "ping6: "))
		return FALSE;
	for (guint i = 0; reasons[i] != NULL; i++) {
		if (strstr(line, reasons[i]) != NULL)
			return TRUE;
	}
	return FALSE;
}

static void
read_line(Ping *self, const char *line)
{
	line = skip_time(self, line);
	if (read_start(self, line) || read_heading(self, line) || self->host == NULL)
		return;
	if (!self->is_ended)
		read_reply(self, line);
	else if (!self->has_packets)
		read_packets(self, line);
	else if (read_times(self, line))
		end(self);
}

static gboolean
ping_parser_parse(PerfdashParser *parser,
		  const char *name,
		  GBytes *log,
		  PerfdashRunBuilder *builder,
		  GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) replies = g_array_new(FALSE, FALSE, sizeof(double));
	Ping self = {.builder = builder, .replies = replies};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (lines.number == 1 && is_refusal(line)) {
			perfdash_run_builder_set_label(builder, "tool", "ping");
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
			perfdash_run_builder_add_warning_literal(builder, line);
			self.n_runs++;
		} else if (!lines.is_cut) {
			read_line(&self, line);
		} else if (read_times(&self, line) && self.has_packets) {
			/* it ends with its unit: nothing is missing */
			end(&self);
		} else if (self.has_packets && self.host != NULL && *line != '\0') {
			self.is_cut = TRUE;
		}
	}
	end(&self);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(PingParser,
		       ping_parser,
		       NULL,
		       ping_parser_parse,
		       "ping",
		       "2",
		       "ping, network: text output of iputils, BusyBox and macOS",
		       "*ping*.txt;*ping*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "ping statistics ---\nping6 statistics ---\n"
		       "ping: \nping6: \nbytes of data\ndata bytes")
