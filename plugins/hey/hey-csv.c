/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What hey prints with -o csv: a line for every request that was answered, whatever the answer.
 * Others are missing, so that there is no count of errors. Old versions have no status. */

#include <string.h>

#include "hey.h"
#include "reader-samples.h"

#define HEADING    "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read"
#define N_TIMES    6
#define STATUS     6 /* column */
#define MAX_STATUS 600

static const char *const times[N_TIMES] = {"latency",
					   "connect_time",
					   "dns_time",
					   "request_write_time",
					   "waiting_time",
					   "response_read_time"};

typedef struct {
	ReaderSamples times[N_TIMES];
	guint by_status[MAX_STATUS];
	guint n_good;
	gboolean has_status;
} Requests;

gboolean
hey_csv_is_heading(const char *line)
{
	return g_str_equal(line, HEADING) || g_str_equal(line, HEADING ",status-code,offset");
}

static gboolean
read_request(Requests *requests, const char *line)
{
	double values[N_TIMES];
	double status;
	for (guint i = 0; i < N_TIMES; i++) {
		const char *end = i + 1 < N_TIMES || requests->has_status ? "," : "";
		if (!reader_number(line, &values[i], &line) || *line != *end)
			return FALSE;
		line += *line == ',';
	}
	if (requests->has_status) {
		if (!reader_number(line, &status, NULL) || status < 0 || status >= MAX_STATUS)
			return FALSE;
		requests->by_status[(guint)status]++;
		requests->n_good += status < 400;
	}
	for (guint i = 0; i < N_TIMES; i++)
		reader_samples_add(&requests->times[i], values[i]);
	return TRUE;
}

static void
add_responses(Requests *requests, PerfdashRunBuilder *builder)
{
	for (guint i = 0; i < MAX_STATUS; i++) {
		char status[16];
		if (requests->by_status[i] == 0)
			continue;
		g_snprintf(status, sizeof(status), "%u", i);
		perfdash_run_builder_add_result(builder,
						HEY_NO_URL,
						"responses",
						"1",
						PERFDASH_DIRECTION_NONE,
						requests->by_status[i]);
		perfdash_run_builder_add_result_label(builder, "status", status);
	}
}

static void
end_run(Requests *requests, PerfdashRunBuilder *builder, gboolean is_cut)
{
	guint n = requests->times[0].values->len;
	gboolean failed = n == 0 || (requests->has_status && requests->n_good == 0);
	perfdash_run_builder_set_label(builder, "tool", "hey");
	if (failed) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder,
						 n == 0 ? "no request was answered"
							: "every response was an error");
	} else if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the log ends in the middle of a line");
	}
	for (guint i = 0; !failed && i < N_TIMES; i++)
		reader_samples_end(&requests->times[i],
				   builder,
				   HEY_NO_URL,
				   times[i],
				   "s",
				   PERFDASH_DIRECTION_LOWER);
	add_responses(requests, builder);
	perfdash_run_builder_next_run(builder);
}

const char *
hey_csv_read(ReaderLines *lines, PerfdashRunBuilder *builder)
{
	Requests requests = {.has_status = !g_str_has_suffix(lines->line->str, "Response-read")};
	guint heading = lines->number;
	const char *line;
	for (guint i = 0; i < N_TIMES; i++)
		reader_samples_init(&requests.times[i]);
	while ((line = reader_lines_next(lines)) != NULL && !lines->is_cut &&
	       read_request(&requests, line))
		;
	perfdash_run_builder_set_line(builder, heading);
	end_run(&requests, builder, line != NULL && lines->is_cut);
	for (guint i = 0; i < N_TIMES; i++)
		reader_samples_clear(&requests.times[i]);
	return line;
}
