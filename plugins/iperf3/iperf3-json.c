/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sums are there for each side: what was sent and what arrived. In UDP before 3.7 there is one
 * "sum", with the rate of the sender and the losses of the receiver. A test in both directions has
 * the reverse one under names of its own. Whoever was interrupted or lost the other side has zeros
 * for what it was not told, and an "error". */

#include "iperf3.h"

#include <string.h>

typedef struct {
	PerfdashRunBuilder *builder;
	JsonObject *end;
	char *benchmark;
	gboolean is_udp;
	gboolean has_error;
	guint n_results; /* rates */
	guint n_missing; /* sides that have a sum of zeros */
} Reading;

static void
add(Reading *self,
    const char *metric,
    const char *side,
    const char *unit,
    PerfdashDirection better,
    double value)
{
	perfdash_run_builder_add_result(self->builder,
					self->benchmark,
					metric,
					unit,
					better,
					value);
	if (side != NULL)
		perfdash_run_builder_add_result_label(self->builder, "side", side);
}

static gboolean
has_rate(JsonObject *sum)
{
	double rate;
	return reader_json_number(sum, "bits_per_second", &rate) && rate > 0;
}

/* FALSE when nothing was transferred as far as this side was told */
static gboolean
read_rate(Reading *self, JsonObject *sum, const char *side)
{
	double rate;
	double bytes;
	if (sum == NULL)
		return FALSE;
	if (!reader_json_number(sum, "bits_per_second", &rate) || rate <= 0) {
		self->n_missing++;
		return FALSE;
	}
	add(self, "throughput", side, "bit/s", PERFDASH_DIRECTION_HIGHER, rate);
	self->n_results++;
	if (reader_json_number(sum, "bytes", &bytes))
		add(self, "bytes", side, "B", PERFDASH_DIRECTION_NONE, bytes);
	return TRUE;
}

static void
read_losses(Reading *self, JsonObject *sum)
{
	double packets;
	double lost;
	double value;
	if (sum == NULL || !reader_json_number(sum, "packets", &packets) || packets <= 0 ||
	    !reader_json_number(sum, "lost_packets", &lost))
		return;
	add(self, "packets", NULL, "1", PERFDASH_DIRECTION_NONE, packets);
	add(self, "lost_packets", NULL, "1", PERFDASH_DIRECTION_LOWER, lost);
	if (reader_json_number(sum, "lost_percent", &value))
		add(self, "loss", NULL, "%", PERFDASH_DIRECTION_LOWER, value);
	if (lost < packets && reader_json_number(sum, "jitter_ms", &value))
		add(self, "jitter", NULL, "ms", PERFDASH_DIRECTION_LOWER, value);
}

static JsonObject *
find_sum(Reading *self, const char *name, const char *suffix)
{
	g_autofree char *member = g_strconcat(name, suffix, NULL);
	return reader_json_object(self->end, member);
}

/* one direction of a test */
static void
read_direction(Reading *self, const char *benchmark, const char *suffix)
{
	JsonObject *sum = find_sum(self, "sum", suffix);
	JsonObject *sent = find_sum(self, "sum_sent", suffix);
	JsonObject *received = find_sum(self, "sum_received", suffix);
	double retransmits;
	self->benchmark = g_strdup(benchmark);
	if (self->is_udp && received != NULL && !self->has_error && !has_rate(received)) {
		/* that it was sent is no result when nothing of it arrived */
		self->n_missing++;
		read_losses(self, sum != NULL ? sum : received);
		g_clear_pointer(&self->benchmark, g_free);
		return;
	}
	gboolean is_sent = read_rate(self, sent != NULL || received != NULL ? sent : sum, "sent");
	if (is_sent && !self->is_udp && sent != NULL &&
	    reader_json_number(sent, "retransmits", &retransmits))
		add(self, "retransmits", NULL, "1", PERFDASH_DIRECTION_LOWER, retransmits);
	gboolean arrived = read_rate(self, received, "received");
	/* without a word of the receiver its losses are zeros too */
	if (self->is_udp && (arrived || (received == NULL && is_sent) || !self->has_error))
		read_losses(self, sum != NULL ? sum : received);
	g_clear_pointer(&self->benchmark, g_free);
}

static void
read_processors(Reading *self, const char *benchmark)
{
	JsonObject *usage = reader_json_object(self->end, "cpu_utilization_percent");
	double value;
	if (usage == NULL || self->n_results == 0)
		return;
	self->benchmark = g_strdup(benchmark);
	if (reader_json_number(usage, "host_total", &value) && value > 0)
		add(self, "cpu_host", NULL, "%", PERFDASH_DIRECTION_LOWER, value);
	if (reader_json_number(usage, "remote_total", &value) && value > 0)
		add(self, "cpu_remote", NULL, "%", PERFDASH_DIRECTION_LOWER, value);
	g_clear_pointer(&self->benchmark, g_free);
}

/* round trips are known of every stream for itself */
static void
read_round_trip(Reading *self, const char *benchmark)
{
	JsonArray *streams = reader_json_array(self->end, "streams");
	JsonNode *node = streams != NULL && json_array_get_length(streams) == 1
				 ? json_array_get_element(streams, 0)
				 : NULL;
	JsonObject *sender = node != NULL && JSON_NODE_HOLDS_OBJECT(node)
				     ? reader_json_object(json_node_get_object(node), "sender")
				     : NULL;
	double value;
	if (sender == NULL || !reader_json_number(sender, "mean_rtt", &value) || value <= 0)
		return;
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"rtt",
					"us",
					PERFDASH_DIRECTION_LOWER,
					value);
	if (reader_json_number(sender, "min_rtt", &value))
		perfdash_run_builder_add_stat(self->builder, "min", value);
	if (reader_json_number(sender, "max_rtt", &value))
		perfdash_run_builder_add_stat(self->builder, "max", value);
}

static void
read_parameters(JsonObject *test, PerfdashRunBuilder *builder)
{
	static const char *const numbers[] = {"num_streams",
					      "blksize",
					      "omit",
					      "duration",
					      "bytes",
					      "blocks",
					      "reverse",
					      "bidir",
					      "tos",
					      "target_bitrate"};
	const char *protocol = reader_json_string(test, "protocol");
	if (protocol != NULL) {
		g_autofree char *name = reader_name(protocol);
		perfdash_run_builder_set_parameter(builder, "protocol", name);
	}
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		char text[G_ASCII_DTOSTR_BUF_SIZE];
		double value;
		if (!reader_json_number(test, numbers[i], &value))
			continue;
		g_ascii_formatd(text, sizeof(text), "%.15g", value);
		perfdash_run_builder_set_parameter(builder, numbers[i], text);
	}
}

static void
read_start(JsonObject *start, PerfdashRunBuilder *builder)
{
	const char *version = reader_json_string(start, "version");
	JsonObject *timestamp = reader_json_object(start, "timestamp");
	double seconds;
	if (version != NULL) {
		g_autofree char *name = reader_name(version);
		perfdash_run_builder_set_environment(builder, "tool_version", name);
	}
	if (timestamp != NULL && reader_json_number(timestamp, "timesecs", &seconds) &&
	    seconds > 0 && seconds < 7e9)
		perfdash_run_builder_set_started_at(builder, (gint64)seconds * G_USEC_PER_SEC);
}

static void
judge(Reading *self, JsonObject *start, const char *error_text)
{
	PerfdashRunBuilder *builder = self->builder;
	if (error_text != NULL)
		perfdash_run_builder_add_warning(builder, "iperf3 says: %s", error_text);
	gboolean is_interrupt = error_text != NULL && strstr(error_text, "has terminated") != NULL;
	if (self->n_results == 0) {
		perfdash_run_builder_set_outcome(builder,
						 is_interrupt ? PERFDASH_OUTCOME_PARTIAL
							      : PERFDASH_OUTCOME_FAILED);
		if (error_text == NULL)
			perfdash_run_builder_add_warning(builder, "nothing was transferred");
	} else if (error_text != NULL) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	} else if (self->n_missing > 0 && reader_json_object(start, "connecting_to") != NULL) {
		/* a server does not know what its client has sent */
		perfdash_run_builder_set_outcome(builder,
						 self->is_udp ? PERFDASH_OUTCOME_FAILED
							      : PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "nothing arrived, or nobody said so");
	}
}

void
iperf3_json_read(JsonObject *start,
		 JsonObject *end,
		 const char *error_text,
		 PerfdashRunBuilder *builder)
{
	JsonObject *test = reader_json_object(start, "test_start");
	const char *protocol = test != NULL ? reader_json_string(test, "protocol") : NULL;
	gboolean is_bidir = reader_json_object(end, "sum_sent_bidir_reverse") != NULL ||
			    reader_json_object(end, "sum_bidir_reverse") != NULL;
	Reading self = {.builder = builder, .end = end, .has_error = error_text != NULL};
	double reverse = 0;
	perfdash_run_builder_set_label(builder, "tool", "iperf3");
	read_start(start, builder);
	if (test != NULL) {
		read_parameters(test, builder);
		reader_json_number(test, "reverse", &reverse);
	}
	g_autofree char *name = reader_name(protocol != NULL ? protocol : "TCP");
	g_autofree char *forward = g_strdup_printf("%s %s%s",
						   name,
						   is_bidir ? "bidir " : "",
						   reverse != 0 && !is_bidir ? "reverse"
									     : "forward");
	g_autofree char *backward = g_strdup_printf("%s bidir reverse", name);
	g_autofree char *both = g_strdup_printf("%s bidir", name);
	self.is_udp = g_str_equal(name, "UDP");
	read_direction(&self, forward, "");
	if (is_bidir)
		read_direction(&self, backward, "_bidir_reverse");
	read_processors(&self, is_bidir ? both : forward);
	read_round_trip(&self, forward);
	judge(&self, start, error_text);
}

/* behind the brace that closes the one at p, or NULL */
static const char *
find_object_end(const char *p)
{
	gboolean in_string = FALSE;
	guint depth = 0;
	for (; *p != '\0'; p++) {
		if (*p == '\\' && in_string && p[1] != '\0')
			p++;
		else if (*p == '"')
			in_string = !in_string;
		else if (*p == '{' && !in_string)
			depth++;
		else if (*p == '}' && !in_string && --depth == 0)
			return p + 1;
	}
	return NULL;
}

/* the object at p, or NULL when it has no end */
static JsonParser *
load_object(const char *p)
{
	p += strspn(p, " \t\r\n");
	const char *end = *p == '{' ? find_object_end(p) : NULL;
	return end != NULL ? reader_json_load(p, end - p, NULL) : NULL;
}

/* the end of the last whole interval, seconds; 0 without one */
static double
find_elapsed(const char *text)
{
	const char *sum = "\"sum\":";
	const char *last = g_strrstr(text, sum);
	g_autoptr(JsonParser) object = last != NULL ? load_object(last + strlen(sum)) : NULL;
	if (object == NULL && last != NULL) {
		last = g_strrstr_len(text, last - text, sum);
		object = last != NULL ? load_object(last + strlen(sum)) : NULL;
	}
	JsonNode *root = object != NULL ? json_parser_get_root(object) : NULL;
	double value;
	return root != NULL && JSON_NODE_HOLDS_OBJECT(root) &&
			       reader_json_number(json_node_get_object(root), "end", &value)
		       ? value
		       : 0;
}

gboolean
iperf3_json_read_cut(const char *text, PerfdashRunBuilder *builder)
{
	const char *name = "\"start\":";
	const char *start = strstr(text, name);
	g_autoptr(JsonParser) object = start != NULL ? load_object(start + strlen(name)) : NULL;
	JsonNode *root = object != NULL ? json_parser_get_root(object) : NULL;
	double elapsed = find_elapsed(text);
	if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root) || elapsed <= 0)
		return FALSE;
	JsonObject *facts = json_node_get_object(root);
	JsonObject *test = reader_json_object(facts, "test_start");
	const char *protocol = test != NULL ? reader_json_string(test, "protocol") : NULL;
	g_autofree char *benchmark = reader_name(protocol != NULL ? protocol : "TCP");
	perfdash_run_builder_set_label(builder, "tool", "iperf3");
	read_start(facts, builder);
	if (test != NULL)
		read_parameters(test, builder);
	perfdash_run_builder_add_result(builder,
					benchmark,
					"duration",
					"s",
					PERFDASH_DIRECTION_NONE,
					elapsed);
	perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(builder, "the log ends before the result");
	return TRUE;
}
