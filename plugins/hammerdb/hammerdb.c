/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* HammerDB's log of TPROC-C and TPROC-H. Rates are per minute; before 4.0 transactions came first.
 * Counters of transactions that are printed meanwhile are "tpm" and no results. Several users write
 * in turns, each its own queries. Settings are printed with their passwords: none is kept. */

#include <string.h>

#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_running;
	gboolean is_queries; /* TPROC-H */
	gboolean has_result;
	gboolean has_zero;               /* in place of one */
	char *failure;                   /* nullable */
	char *version;                   /* nullable */
	gboolean has_rampup, has_period; /* they have begun */
	char *database;                  /* nullable */
	char *users;                     /* that are active, nullable */
	char *rampup;                    /* minutes, nullable */
	GHashTable *open;                /* users that have not completed their set */
} Report;

static void
set_outcome(Report *report, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(report->builder, outcome);
	perfdash_run_builder_add_warning_literal(report->builder, why);
}

static void
set_parameter(Report *report, const char *key, const char *value)
{
	if (value != NULL)
		perfdash_run_builder_set_parameter(report->builder, key, value);
}

static void
end_run(Report *report)
{
	if (!report->is_running)
		return;
	report->is_running = FALSE;
	set_parameter(report, "virtual_users", report->users);
	set_parameter(report, "rampup_minutes", report->rampup);
	if (report->database != NULL)
		perfdash_run_builder_set_label(report->builder, "database", report->database);
	if (report->failure != NULL)
		perfdash_run_builder_add_warning(report->builder,
						 "HammerDB says: %.200s",
						 report->failure);
	if (!report->has_result)
		set_outcome(report,
			    report->failure != NULL || report->has_zero ? PERFDASH_OUTCOME_FAILED
									: PERFDASH_OUTCOME_PARTIAL,
			    "the log has no result of the test");
	else if (report->failure != NULL)
		set_outcome(report, PERFDASH_OUTCOME_PARTIAL, "a virtual user failed");
	else if (report->is_queries && g_hash_table_size(report->open) > 0)
		set_outcome(report,
			    PERFDASH_OUTCOME_PARTIAL,
			    "the log ends before a set of queries is complete");
	report->is_queries = FALSE;
	report->has_result = report->has_zero = FALSE;
	report->has_rampup = report->has_period = FALSE;
	g_hash_table_remove_all(report->open);
	g_clear_pointer(&report->failure, g_free);
	g_clear_pointer(&report->users, g_free);
	g_clear_pointer(&report->rampup, g_free);
}

static void
start_run(Report *report)
{
	if (report->is_running)
		return;
	if (report->n_runs++ > 0)
		perfdash_run_builder_next_run(report->builder);
	report->is_running = TRUE;
	perfdash_run_builder_set_label(report->builder, "tool", "hammerdb");
	if (report->version != NULL)
		perfdash_run_builder_set_environment(report->builder,
						     "tool_version",
						     report->version);
}

static void
set_text(char **field, const char *text, gsize length)
{
	g_autofree char *start = g_strndup(text, length);
	g_free(*field);
	*field = reader_name(start);
}

static void
add_rate(Report *report, const char *metric, double per_minute)
{
	perfdash_run_builder_add_result(report->builder,
					"TPROC-C",
					metric,
					"1/s",
					PERFDASH_DIRECTION_HIGHER,
					per_minute / 60);
}

/* "8153 NOPM from 24772 MySQL TPM", "24772 MySQL TPM at 8153 NOPM" */
static gboolean
read_rates(const char *text, double *nopm, double *tpm, const char **database, gsize *length)
{
	const char *rest;
	gboolean is_new;
	if (!reader_number(text, nopm, &rest))
		return FALSE;
	is_new = g_str_has_prefix(rest, " NOPM from ");
	if (is_new) {
		if (!reader_number(rest + strlen(" NOPM from "), tpm, &rest))
			return FALSE;
	} else {
		*tpm = *nopm;
	}
	const char *end = strstr(rest, " TPM");
	if (*rest != ' ' || end == NULL)
		return FALSE;
	*database = rest + 1;
	*length = end > rest + 1 ? end - rest - 1 : 0;
	return is_new ||
	       (reader_number_after(end, " TPM at ", nopm) && g_str_has_suffix(end, " NOPM"));
}

static gboolean
read_test_result(Report *report, const char *text)
{
	static const char mark[] = "TEST RESULT : System achieved ";
	/* the service that runs jobs gives an array of strings */
	gboolean is_element = *text == '"' && strstr(text, "\\n\"") == NULL;
	const char *at = is_element || !reader_is_quoted(text) ? strstr(text, mark) : NULL;
	const char *database;
	gsize length;
	double nopm;
	double tpm;
	if (at == NULL || !read_rates(at + strlen(mark), &nopm, &tpm, &database, &length))
		return FALSE;
	if (report->has_result)
		end_run(report);
	start_run(report);
	if (length > 0)
		set_text(&report->database, database, length);
	report->has_result = nopm > 0 || tpm > 0;
	report->has_zero = !report->has_result;
	if (report->has_result) {
		add_rate(report, "nopm", nopm);
		add_rate(report, "tpm", tpm);
	}
	return TRUE;
}

static void
add_time(Report *report,
	 const char *benchmark,
	 const char *metric,
	 const char *user,
	 double seconds)
{
	start_run(report);
	report->is_queries = TRUE;
	report->has_result = TRUE;
	perfdash_run_builder_add_result(report->builder,
					benchmark,
					metric,
					"s",
					PERFDASH_DIRECTION_LOWER,
					seconds);
	perfdash_run_builder_add_result_label(report->builder, "virtual_user", user);
}

static gboolean
read_query(Report *report, const char *text, const char *user)
{
	double query;
	double seconds;
	const char *rest = reader_after(text, "query ");
	if (rest == NULL || !reader_number(rest, &query, &rest) ||
	    !g_str_has_prefix(rest, " completed in ") || strstr(rest, " seconds") == NULL ||
	    !reader_number_after(rest, " in ", &seconds))
		return FALSE;
	g_autofree char *benchmark = g_strdup_printf("TPROC-H / query %.0f", query);
	add_time(report, benchmark, "query_time", user, seconds);
	g_hash_table_add(report->open, g_strdup(user));
	return TRUE;
}

/* "Completed 1 query set(s) in 35 seconds", "Geometric mean of query times returning rows (22) is
 * 0.98765" */
static gboolean
read_set(Report *report, const char *text, const char *user)
{
	double value;
	if (g_str_has_prefix(text, "Completed ") && strstr(text, " query set") != NULL &&
	    reader_number_after(text, " in ", &value)) {
		add_time(report, "TPROC-H", "query_set_time", user, value);
		g_hash_table_remove(report->open, user);
		return TRUE;
	}
	if (!g_str_has_prefix(text, "Geometric mean of query times returning rows") ||
	    !reader_number_after(text, " is ", &value))
		return FALSE;
	add_time(report, "TPROC-H", "geometric_mean", user, value);
	return TRUE;
}

static gboolean
read_users(Report *report, const char *text)
{
	double number;
	const char *rest;
	if (!reader_number(text, &number, &rest) ||
	    !g_str_has_prefix(rest, " Active Virtual Users configured"))
		return FALSE;
	set_text(&report->users, text, rest - text);
	return TRUE;
}

/* what comes before the result comes once in a run */
static void
begin_phase(Report *report, gboolean *has_begun)
{
	if (report->has_result || *has_begun)
		end_run(report);
	start_run(report);
	*has_begun = TRUE;
}

/* what is said before the result */
static void
read_head(Report *report, const char *text)
{
	const char *rest;
	if ((rest = reader_after(text, "HammerDB CLI v")) != NULL) {
		end_run(report);
		set_text(&report->version, rest, strcspn(rest, " "));
	} else if ((rest = reader_after(text, "Database set to ")) != NULL)
		set_text(&report->database, rest, strlen(rest));
	else if ((rest = reader_after(text, "Beginning rampup time of ")) != NULL) {
		begin_phase(report, &report->has_rampup);
		set_text(&report->rampup, rest, strcspn(rest, " "));
	} else if ((rest = reader_after(text, "Timing test period of ")) != NULL) {
		begin_phase(report, &report->has_period);
		g_autofree char *minutes = g_strndup(rest, strcspn(rest, " "));
		g_autofree char *name = reader_name(minutes);
		set_parameter(report, "duration_minutes", name);
	}
}

/* names of hosts and users may follow */
static void
read_failure(Report *report, const char *text)
{
	gboolean is_error = g_str_has_prefix(text, "Error in Virtual User ");
	if (is_error)
		start_run(report);
	if (!report->is_running || report->failure != NULL)
		return;
	if (is_error || g_str_has_prefix(text, "FINISHED FAILED"))
		set_text(&report->failure, text, strcspn(text, ":"));
}

/* behind "Vuser 1:", and who that is */
static const char *
skip_user(const char *line, char **user)
{
	double number;
	const char *rest;
	line += strspn(line, " \t");
	const char *text = reader_after(line, "Vuser ");
	if (text == NULL || !reader_number(text, &number, &rest) || *rest != ':')
		return line;
	*user = g_strdup_printf("%.0f", number);
	return rest + 1 + strspn(rest + 1, " ");
}

static void
read_line(Report *report, const char *line)
{
	g_autofree char *user = NULL;
	const char *text = skip_user(line, &user);
	const char *name = user != NULL ? user : "1";
	if (g_str_has_prefix(text, "ALL VIRTUAL USERS COMPLETE")) {
		report->has_zero = !report->has_result;
		end_run(report);
	} else if (!read_test_result(report, text) && !read_query(report, text, name) &&
		   !read_set(report, text, name) && !read_users(report, text)) {
		read_head(report, text);
		read_failure(report, text);
	}
}

/* the last line without a line end, when it has all it should have */
static gboolean
is_whole(const char *line)
{
	return g_str_has_suffix(line, " TPM") || g_str_has_suffix(line, " NOPM") ||
	       g_str_has_suffix(line, " seconds") ||
	       g_str_has_suffix(line, "ALL VIRTUAL USERS COMPLETE");
}

static gboolean
hammerdb_parser_parse(PerfdashParser *self,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GHashTable) open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Report report = {.builder = builder, .open = open};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || is_whole(line))
			read_line(&report, line);
	}
	end_run(&report);
	g_free(report.version);
	g_free(report.database);
	g_free(report.users);
	g_free(report.rampup);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(HammerdbParser,
		       hammerdb_parser,
		       NULL,
		       hammerdb_parser_parse,
		       "hammerdb",
		       "2",
		       "HammerDB, databases: log of TPROC-C and TPROC-H",
		       "*hammerdb*.log;*hammerdb*.txt",
		       PERFDASH_PARSER_CONSOLE,
		       "TEST RESULT : System achieved \n:Beginning rampup time of \n"
		       ":Timing test period of \nquery set(s) in \nCompleted query set in \n"
		       "Geometric mean of query times returning rows\n:query \n"
		       "Error in Virtual User ")
