/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* qperf prints the name of a test with a colon and below it, indented, what was measured. K, M and
 * G are of 1000 before B and b, KiB is 1024; numbers may have commas between thousands. Results
 * come in any order; with -v the size of the messages follows, which tells the tests of a loop
 * apart. Nothing else says where a run begins but a test that the run has already. */

#include <string.h>

#include "reader-text.h"

#define MAX_FIELDS 64

static const char *const tests[] = {"conf",
				    "quit",
				    "rds_bw",
				    "rds_lat",
				    "sctp_bw",
				    "sctp_lat",
				    "sdp_bw",
				    "sdp_lat",
				    "tcp_bw",
				    "tcp_lat",
				    "udp_bw",
				    "udp_lat",
				    "rc_bi_bw",
				    "rc_bw",
				    "rc_compare_swap_mr",
				    "rc_fetch_add_mr",
				    "rc_lat",
				    "rc_rdma_read_bw",
				    "rc_rdma_read_lat",
				    "rc_rdma_write_bw",
				    "rc_rdma_write_lat",
				    "rc_rdma_write_poll_lat",
				    "uc_bi_bw",
				    "uc_bw",
				    "uc_lat",
				    "uc_rdma_write_bw",
				    "uc_rdma_write_lat",
				    "uc_rdma_write_poll_lat",
				    "ud_bi_bw",
				    "ud_bw",
				    "ud_lat",
				    "xrc_bi_bw",
				    "xrc_bw",
				    "xrc_lat",
				    "ver_rc_compare_swap",
				    "ver_rc_fetch_add",
				    NULL};

static const struct {
	const char *suffix;
	const char *unit;
	int power_of_ten;
} units[] = {
	{"bytes/sec", "B/s", 0}, {"KB/sec", "B/s", 3},   {"MB/sec", "B/s", 6},
	{"GB/sec", "B/s", 9},    {"TB/sec", "B/s", 12},  {"bits/sec", "bit/s", 0},
	{"Kb/sec", "bit/s", 3},  {"Mb/sec", "bit/s", 6}, {"Gb/sec", "bit/s", 9},
	{"Tb/sec", "bit/s", 12}, {"/sec", "1/s", 0},     {"K/sec", "1/s", 3},
	{"M/sec", "1/s", 6},     {"G/sec", "1/s", 9},    {"ns", "ns", 0},
	{"us", "us", 0},         {"ms", "ms", 0},        {"sec", "s", 0},
	{"% cpus", "%", 0},      {"ns/GB", "s/GB", -9},  {"us/GB", "s/GB", -6},
	{"ms/GB", "s/GB", -3},   {"sec/GB", "s/GB", 0},
};

static const struct {
	const char *name;
	const char *metric;
	const char *side; /* nullable */
	const char *unit;
	PerfdashDirection better;
} fields[] = {
	{"bw", "bandwidth", NULL, NULL, PERFDASH_DIRECTION_HIGHER},
	{"send_bw", "bandwidth", "sent", NULL, PERFDASH_DIRECTION_HIGHER},
	{"recv_bw", "bandwidth", "received", NULL, PERFDASH_DIRECTION_HIGHER},
	{"latency", "latency", NULL, NULL, PERFDASH_DIRECTION_LOWER},
	{"msg_rate", "message_rate", NULL, NULL, PERFDASH_DIRECTION_HIGHER},
	{"time", "duration", NULL, NULL, PERFDASH_DIRECTION_NONE},
	{"send_cost", "cost", "sent", "s/GB", PERFDASH_DIRECTION_LOWER},
	{"recv_cost", "cost", "received", "s/GB", PERFDASH_DIRECTION_LOWER},
	{"send_cpus_used", "cpu", "sent", "%", PERFDASH_DIRECTION_LOWER},
	{"recv_cpus_used", "cpu", "received", "%", PERFDASH_DIRECTION_LOWER},
	{"loc_cpus_used", "cpu", "local", "%", PERFDASH_DIRECTION_LOWER},
	{"rem_cpus_used", "cpu", "remote", "%", PERFDASH_DIRECTION_LOWER},
};

static const struct {
	const char *name;
	const char *key;
} facts[] = {{"loc_qperf", "tool_version"}, {"loc_cpu", "cpu"}, {"loc_os", "os"}};

typedef struct {
	guint field; /* index into fields */
	const char *unit;
	double value;
	guint line;
} Value;

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *seen; /* tests of this run, with their size of messages */
	char *test;       /* nullable */
	char *failure;    /* of the test, nullable */
	guint n_results;
	guint n_failed;
	gboolean is_stopped;  /* tests that were to follow were not done */
	gboolean has_failure; /* in the line before: errors and results are different streams */
	Value values[MAX_FIELDS];
	guint n_values;
	char *message_size; /* nullable */
} Qperf;

static void
end_run(Qperf *self)
{
	if (self->n_results + self->n_failed > 0)
		perfdash_run_builder_set_label(self->builder, "tool", "qperf");
	if (self->n_failed > 0 && self->n_results == 0)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	else if (self->is_stopped)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
}

static void
begin_next_run(Qperf *self)
{
	end_run(self);
	perfdash_run_builder_next_run(self->builder);
	g_hash_table_remove_all(self->seen);
	self->n_results = self->n_failed = 0;
	self->is_stopped = FALSE;
}

/* a test of the run, or of the next one when the run has it already */
static void
take_test(Qperf *self, const char *test, const char *message_size)
{
	g_autofree char *key = g_strdup_printf("%s\n%s",
					       test,
					       message_size != NULL ? message_size : "");
	if (g_hash_table_contains(self->seen, key))
		begin_next_run(self);
	g_hash_table_add(self->seen, g_steal_pointer(&key));
}

static void
fail_test(Qperf *self, const char *test, const char *why)
{
	self->n_failed++;
	perfdash_run_builder_add_warning(self->builder, "%s: %.200s", test, why);
}

static void
add_values(Qperf *self)
{
	for (guint i = 0; i < self->n_values; i++) {
		Value *one = &self->values[i];
		perfdash_run_builder_set_line(self->builder, one->line);
		perfdash_run_builder_add_result(self->builder,
						self->test,
						fields[one->field].metric,
						one->unit,
						fields[one->field].better,
						one->value);
		if (fields[one->field].side != NULL)
			perfdash_run_builder_add_result_label(self->builder,
							      "side",
							      fields[one->field].side);
		if (self->message_size != NULL)
			perfdash_run_builder_add_result_label(self->builder,
							      "message_size",
							      self->message_size);
	}
}

static void
end_test(Qperf *self)
{
	if (self->n_values > 0 || self->failure != NULL)
		take_test(self, self->test, self->message_size);
	if (self->n_values == 0 && self->failure != NULL)
		fail_test(self, self->test, self->failure);
	add_values(self);
	self->n_results += self->n_values;
	self->n_values = 0;
	g_clear_pointer(&self->test, g_free);
	g_clear_pointer(&self->failure, g_free);
	g_clear_pointer(&self->message_size, g_free);
}

/* "tcp_bw:" */
static gboolean
read_test(Qperf *self, const char *line)
{
	gsize length = strlen(line);
	if (length < 2 || line[length - 1] != ':')
		return FALSE;
	g_autofree char *name = g_strndup(line, length - 1);
	if (!g_strv_contains(tests, name))
		return FALSE;
	end_test(self);
	if (self->is_stopped)
		begin_next_run(self);
	/* its facts are those of a run */
	if (g_str_equal(name, "conf"))
		take_test(self, name, NULL);
	self->test = g_steal_pointer(&name);
	return TRUE;
}

/* "15,277 sec/GB" */
static gboolean
read_value(const char *text, const char *wanted, Value *value)
{
	gsize length = strspn(text, "0123456789,.");
	const char *unit = text + length + strspn(text + length, " ");
	g_auto(GStrv) pieces = NULL;
	g_autofree char *digits = g_strndup(text, length);
	if (length == 0 || length > 40)
		return FALSE;
	pieces = g_strsplit(digits, ",", -1);
	g_autofree char *number = g_strjoinv("", pieces);
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!g_str_equal(units[i].suffix, unit))
			continue;
		value->unit = units[i].unit;
		return (wanted == NULL || g_str_equal(wanted, value->unit)) &&
		       reader_scaled(number, units[i].power_of_ten, &value->value);
	}
	return FALSE;
}

static void
read_field(Qperf *self, const char *name, const char *text, guint line)
{
	Value value = {.line = line};
	for (guint i = 0; i < G_N_ELEMENTS(fields) && self->n_values < MAX_FIELDS; i++) {
		value.field = i;
		if (g_str_equal(fields[i].name, name) && read_value(text, fields[i].unit, &value) &&
		    value.value > 0)
			self->values[self->n_values++] = value;
	}
	for (guint i = 0; i < G_N_ELEMENTS(facts) && g_str_equal(self->test, "conf"); i++) {
		g_autofree char *fact = reader_name(text);
		if (g_str_equal(facts[i].name, name))
			perfdash_run_builder_set_environment(self->builder, facts[i].key, fact);
	}
	if (g_str_equal(name, "msg_size") && self->message_size == NULL)
		self->message_size = reader_name(text);
}

/* "    bw  =  445 MB/sec" */
static gboolean
read_indented(Qperf *self, const char *line, guint number)
{
	/* a time before each line may have taken some of the blanks */
	const char *text = reader_after(line, " ");
	const char *equals = text != NULL ? strstr(text, "  =  ") : NULL;
	if (equals == NULL)
		return FALSE;
	g_autofree char *name = g_strndup(text, strcspn(text, " "));
	g_autofree char *value = g_strdup(equals + strlen("  =  "));
	g_strstrip(value);
	read_field(self, name, value, number);
	return TRUE;
}

/* "127.0.0.1: failed to connect" below the name of a test, or above it; what failed, without the
 * name of the host */
static const char *
find_failure(const char *line)
{
	static const char *const failures[] = {"failed to ", "unable to ", "cannot "};
	const char *colon = strstr(line, ": ");
	for (guint i = 0; i < G_N_ELEMENTS(failures); i++) {
		if (g_str_has_prefix(line, failures[i]))
			return line;
		if (colon != NULL && g_str_has_prefix(colon + 2, failures[i]))
			return colon + 2;
	}
	return NULL;
}

static gboolean
is_bad_test(const char *line)
{
	return g_str_has_suffix(line, ": bad test; try: qperf --help tests");
}

static void
read_line(Qperf *self, const char *line, guint number)
{
	const char *failure = find_failure(line);
	gboolean had_failure = self->has_failure;
	self->has_failure = failure != NULL && (self->test == NULL || self->n_values > 0);
	if (read_test(self, line)) {
		self->failure = had_failure ? g_strdup("it failed") : NULL;
		return;
	}
	if (is_bad_test(line)) {
		end_test(self);
		fail_test(self, "a test", "qperf does not know it");
		self->is_stopped = TRUE;
	} else if (self->test == NULL || read_indented(self, line, number)) {
		return;
	} else if (failure != NULL) {
		g_free(self->failure);
		self->failure = g_strdup(failure);
	}
	end_test(self);
}

static gboolean
qperf_parser_parse(PerfdashParser *parser,
		   const char *name,
		   GBytes *log,
		   PerfdashRunBuilder *builder,
		   GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Qperf self = {.builder = builder, .seen = seen};
	const char *line;
	gboolean is_cut = FALSE;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		is_cut = lines.is_cut && self.test != NULL;
		if (!lines.is_cut)
			read_line(&self, line, lines.number);
	}
	end_test(&self);
	end_run(&self);
	if (is_cut && self.n_results > 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the last line was cut off");
	}
	return TRUE;
}

PERFDASH_DEFINE_PARSER(QperfParser,
		       qperf_parser,
		       NULL,
		       qperf_parser_parse,
		       "qperf",
		       "3",
		       "qperf, network: text output",
		       "*qperf*.txt;*qperf*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "_bw:\n_lat:\n_mr:\nver_rc_")
