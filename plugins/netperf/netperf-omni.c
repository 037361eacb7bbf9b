/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* omni has a name for every number, as a key and as words: "P99_LATENCY" and "99th Percentile
 * Latency Microseconds". In columns for people a word of a name stands on each of up to four lines,
 * above the place where its number begins. */

#include "netperf.h"

#include <string.h>

#define MAX_VALUE 1e200

/* keys, and the words in headings */
static const struct {
	const char *key;
	const char *words;
} names[] = {
	{"THROUGHPUT", "Throughput"},
	{"THROUGHPUT_UNITS", "Throughput Units"},
	{"ELAPSED_TIME", "Elapsed Time (sec)"},
	{"PROTOCOL", "Protocol"},
	{"DIRECTION", "Direction"},
	{"LOCAL_SEND_THROUGHPUT", "Local Send Throughput"},
	{"LOCAL_RECV_THROUGHPUT", "Local Recv Throughput"},
	{"REMOTE_SEND_THROUGHPUT", "Remote Send Throughput"},
	{"REMOTE_RECV_THROUGHPUT", "Remote Recv Throughput"},
	{"RT_LATENCY", "Round Trip Latency usec/tran"},
	{"TRANSACTION_RATE", "Transaction Rate Tran/s"},
	{"LOCAL_TRANSPORT_RETRANS", "Local Transport Retransmissions"},
	{"REMOTE_TRANSPORT_RETRANS", "Remote Transport Retransmissions"},
	{"LOCAL_CPU_UTIL", "Local CPU Util %"},
	{"REMOTE_CPU_UTIL", "Remote CPU Util %"},
	{"MIN_LATENCY", "Minimum Latency Microseconds"},
	{"MAX_LATENCY", "Maximum Latency Microseconds"},
	{"P50_LATENCY", "50th Percentile Latency Microseconds"},
	{"P90_LATENCY", "90th Percentile Latency Microseconds"},
	{"P99_LATENCY", "99th Percentile Latency Microseconds"},
	{"MEAN_LATENCY", "Mean Latency Microseconds"},
	{"STDDEV_LATENCY", "Stddev Latency Microseconds"},
};

static const struct {
	const char *name;
	const char *unit;
	int power_of_ten;
} units[] = {
	{"10^0bits/s", "bit/s", 0},
	{"10^3bits/s", "bit/s", 3},
	{"10^6bits/s", "bit/s", 6},
	{"10^9bits/s", "bit/s", 9},
	{"Bytes/s", "B/s", 0},
	{"KBytes/s", "KiB/s", 0},
	{"MBytes/s", "MiB/s", 0},
	{"GBytes/s", "GiB/s", 0},
	{"Trans/s", "1/s", 0},
};

static const struct {
	const char *key;
	const char *metric;
	const char *side; /* nullable */
	const char *unit;
	PerfdashDirection better;
	gboolean is_above_zero; /* zero says that it was not measured */
} numbers[] = {
	{"ELAPSED_TIME", "duration", NULL, "s", PERFDASH_DIRECTION_NONE, TRUE},
	{"RT_LATENCY", "round_trip", NULL, "us", PERFDASH_DIRECTION_LOWER, TRUE},
	{"TRANSACTION_RATE", "transaction_rate", NULL, "1/s", PERFDASH_DIRECTION_HIGHER, TRUE},
	{"LOCAL_TRANSPORT_RETRANS", "retransmits", "local", "1", PERFDASH_DIRECTION_LOWER, FALSE},
	{"REMOTE_TRANSPORT_RETRANS", "retransmits", "remote", "1", PERFDASH_DIRECTION_LOWER, FALSE},
	{"LOCAL_CPU_UTIL", "cpu", "local", "%", PERFDASH_DIRECTION_LOWER, TRUE},
	{"REMOTE_CPU_UTIL", "cpu", "remote", "%", PERFDASH_DIRECTION_LOWER, TRUE},
};

static const struct {
	const char *key;
	const char *name;
} latency_stats[] = {
	{"MIN_LATENCY", "min"},
	{"MAX_LATENCY", "max"},
	{"STDDEV_LATENCY", "sd"},
	{"P50_LATENCY", "p50"},
	{"P90_LATENCY", "p90"},
	{"P99_LATENCY", "p99"},
};

gboolean
netperf_omni_is_key(const char *key)
{
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_str_equal(names[i].key, key))
			return TRUE;
	}
	return FALSE;
}

/* a heading has words, or keys as the command asked for them */
static void
keep(GHashTable *values, const char *heading, const char *value)
{
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		gboolean is_it = g_str_equal(names[i].words, heading) ||
				 g_ascii_strcasecmp(names[i].key, heading) == 0;
		if (is_it && !g_hash_table_contains(values, names[i].key))
			g_hash_table_insert(values, g_strdup(names[i].key), g_strdup(value));
	}
}

gboolean
netperf_omni_is_csv(const char *line)
{
	g_auto(GStrv) fields = g_strsplit(line, ",", -1);
	for (guint i = 0; fields[i] != NULL; i++) {
		for (guint j = 0; fields[1] != NULL && j < G_N_ELEMENTS(names); j++) {
			if (g_str_equal(names[j].words, fields[i]))
				return TRUE;
		}
	}
	return FALSE;
}

/* the command line may have commas, but is in quotes */
void
netperf_omni_read_csv(GHashTable *values, const char *heading, const char *line)
{
	g_auto(GStrv) fields = g_strsplit(heading, ",", -1);
	const char *p = line;
	for (guint i = 0; fields[i] != NULL; i++) {
		const char *end = *p == '"' ? strchr(p + 1, '"') : NULL;
		end = end != NULL ? end + 1 : p;
		end += strcspn(end, ",");
		g_autofree char *value = g_strndup(p, end - p);
		keep(values, fields[i], g_strstrip(value));
		if (*end == '\0')
			return;
		p = end + 1;
	}
}

/* what the headings have between two columns, as one line */
static char *
read_heading(GPtrArray *headings, gsize from, gsize to)
{
	g_autoptr(GString) words = g_string_new(NULL);
	for (guint i = 0; i < headings->len; i++) {
		const char *line = g_ptr_array_index(headings, i);
		gsize length = strlen(line);
		if (from >= length)
			continue;
		g_autofree char *piece = g_strndup(line + from, MIN(length, to) - from);
		g_strstrip(piece);
		if (*piece == '\0')
			continue;
		if (words->len > 0)
			g_string_append_c(words, ' ');
		g_string_append(words, piece);
	}
	return g_string_free(g_steal_pointer(&words), FALSE);
}

void
netperf_omni_read_columns(GHashTable *values, GPtrArray *headings, const char *line)
{
	const char *p = line + strspn(line, " ");
	while (*p != '\0') {
		gsize length = strcspn(p, " ");
		const char *next = p + length + strspn(p + length, " ");
		gsize to = *next != '\0' ? (gsize)(next - line) : G_MAXSIZE;
		g_autofree char *words = read_heading(headings, p - line, to);
		g_autofree char *value = g_strndup(p, length);
		keep(values, words, value);
		p = next;
	}
}

static gboolean
get_number(GHashTable *values, const char *key, int power_of_ten, double *value)
{
	const char *text = g_hash_table_lookup(values, key);
	const char *rest;
	return text != NULL && reader_number(text, value, &rest) && *rest == '\0' && *value >= 0 &&
	       *value < MAX_VALUE && reader_scaled(text, power_of_ten, value);
}

/* -1 when the values name no unit and nobody can know it */
static int
find_unit(GHashTable *values, const char *test)
{
	const char *name = g_hash_table_lookup(values, "THROUGHPUT_UNITS");
	if (name == NULL && test != NULL && g_str_has_suffix(test, " STREAM"))
		name = "10^6bits/s";
	else if (name == NULL && test != NULL && strstr(test, "REQUEST/RESPONSE") != NULL)
		name = "Trans/s";
	for (guint i = 0; name != NULL && i < G_N_ELEMENTS(units); i++) {
		if (g_str_equal(units[i].name, name))
			return i;
	}
	return -1;
}

gboolean
netperf_omni_has_result(GHashTable *values, const char *test)
{
	double value;
	return (get_number(values, "THROUGHPUT", 0, &value) && find_unit(values, test) >= 0) ||
	       (test != NULL && get_number(values, "MEAN_LATENCY", 0, &value));
}

static void
add(PerfdashRunBuilder *builder,
    const char *test,
    const char *metric,
    const char *side,
    const char *unit,
    PerfdashDirection better,
    double value)
{
	perfdash_run_builder_add_result(builder, test, metric, unit, better, value);
	if (side != NULL)
		perfdash_run_builder_add_result_label(builder, "side", side);
}

static void
write_rates(GHashTable *values, const char *test, int unit, PerfdashRunBuilder *builder)
{
	static const char *const rates[][2] = {{"THROUGHPUT", NULL},
					       {"LOCAL_SEND_THROUGHPUT", "sent"},
					       {"LOCAL_RECV_THROUGHPUT", "received"},
					       {"REMOTE_SEND_THROUGHPUT", "sent by remote"},
					       {"REMOTE_RECV_THROUGHPUT", "received by remote"}};
	double value;
	for (guint i = 0; unit >= 0 && i < G_N_ELEMENTS(rates); i++) {
		if (get_number(values, rates[i][0], units[unit].power_of_ten, &value) && value > 0)
			add(builder,
			    test,
			    "throughput",
			    rates[i][1],
			    units[unit].unit,
			    PERFDASH_DIRECTION_HIGHER,
			    value);
	}
}

static void
write_latency(GHashTable *values, const char *test, PerfdashRunBuilder *builder)
{
	double value;
	if (!get_number(values, "MEAN_LATENCY", 0, &value) || value <= 0)
		return;
	add(builder, test, "latency", NULL, "us", PERFDASH_DIRECTION_LOWER, value);
	for (guint i = 0; i < G_N_ELEMENTS(latency_stats); i++) {
		if (get_number(values, latency_stats[i].key, 0, &value))
			perfdash_run_builder_add_stat(builder, latency_stats[i].name, value);
	}
}

static char *
get_benchmark(GHashTable *values, const char *test)
{
	const char *protocol = g_hash_table_lookup(values, "PROTOCOL");
	const char *direction = g_hash_table_lookup(values, "DIRECTION");
	if (test != NULL)
		return g_strdup(test);
	if (protocol == NULL)
		return g_strdup("netperf");
	g_autofree char *both = g_strdup_printf("%s %s",
						protocol,
						direction != NULL ? direction : "");
	return reader_name(both);
}

void
netperf_omni_write(GHashTable *values, const char *test, PerfdashRunBuilder *builder)
{
	g_autofree char *benchmark = get_benchmark(values, test);
	int unit = find_unit(values, test);
	double value;
	if (get_number(values, "THROUGHPUT", 0, &value) && value <= 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "nothing was transferred");
		return;
	}
	if (unit >= 0 && !g_hash_table_contains(values, "THROUGHPUT_UNITS"))
		perfdash_run_builder_add_warning(
			builder,
			"no unit is named: netperf's default, %s, is taken",
			units[unit].name);
	write_rates(values, benchmark, unit, builder);
	write_latency(values, benchmark, builder);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		if (get_number(values, numbers[i].key, 0, &value) &&
		    (value > 0 || !numbers[i].is_above_zero))
			add(builder,
			    benchmark,
			    numbers[i].metric,
			    numbers[i].side,
			    numbers[i].unit,
			    numbers[i].better,
			    value);
	}
}
