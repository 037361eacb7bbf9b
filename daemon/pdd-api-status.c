/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "pdd-api.h"
#include "pdd-json.h"
#include "pdd-problem.h"
#include "pdd-silence.h"
#include "pdd-source.h"

PddAnswer *
pdd_api_get_status(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	PerfdashTotals totals;
	guint64 generation = perfdash_store_get_generation(service->store);
	perfdash_store_get_totals(service->store, &totals);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "version", PERFDASH_VERSION_S);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_text(writer, "title", service->config->title);
	pdd_json_add_text(writer, "notice", service->config->notice);
	pdd_json_add_int(writer, "series", totals.series);
	pdd_json_add_int(writer, "runs", totals.runs);
	pdd_json_add_int(writer, "results", totals.results);
	pdd_json_add_time(writer, "last_result", totals.last_result);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

static void
write_parser(PerfdashJsonWriter *writer, PerfdashParserInfo *parser)
{
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "name", perfdash_parser_info_get_name(parser));
	pdd_json_add_text(writer, "version", perfdash_parser_info_get_version(parser));
	pdd_json_add_text(writer, "description", perfdash_parser_info_get_description(parser));
	pdd_json_add_texts(writer, "globs", perfdash_parser_info_get_globs(parser));
	g_auto(GStrv) places = perfdash_parser_info_dup_places(parser);
	pdd_json_add_text(writer, "kind", perfdash_parser_info_get_kind(parser));
	pdd_json_add_texts(writer, "reads", (const char *const *)places);
	pdd_json_add_text(writer, "path", perfdash_parser_info_get_path(parser));
	pdd_json_add_text(writer, "blocked", perfdash_parser_info_get_blocked(parser));
	perfdash_json_writer_end_object(writer);
}

static PddAnswer *
answer_not_ready(PddRequest *request)
{
	PddAnswer *answer = pdd_problem_new(PDD_PROBLEM_BUSY,
					    pdd_request_get_id(request),
					    "the parsers are being looked for; try again");
	pdd_answer_add_header(answer, "Retry-After", "1");
	return answer;
}

PddAnswer *
pdd_api_list_parsers(PddService *service, PddRequest *request, GError **error)
{
	if (!pdd_service_is_ready(service))
		return answer_not_ready(request);
	g_autoptr(GPtrArray) parsers = perfdash_parser_registry_list(service->registry);
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_begin_items(writer);
	for (guint i = 0; i < parsers->len; i++)
		write_parser(writer, g_ptr_array_index(parsers, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

PddAnswer *
pdd_api_get_health(PddService *service, PddRequest *request, GError **error)
{
	return pdd_answer_new_take_text(200, "text/plain; charset=utf-8", g_strdup("ok\n"));
}

PddAnswer *
pdd_api_get_readiness(PddService *service, PddRequest *request, GError **error)
{
	if (!pdd_service_is_ready(service))
		return answer_not_ready(request);
	return pdd_answer_new_take_text(200, "text/plain; charset=utf-8", g_strdup("ready\n"));
}

static void
write_store_metrics(PddService *service, GString *text)
{
	PerfdashTotals totals;
	perfdash_store_get_totals(service->store, &totals);
	pdd_metrics_add_family(text,
			       "perfdash_store_generation",
			       "counter",
			       "changes of the store");
	pdd_metrics_add_value(text,
			      "perfdash_store_generation",
			      perfdash_store_get_generation(service->store));
	pdd_metrics_add_family(text, "perfdash_store_series", "gauge", "series in the store");
	pdd_metrics_add_value(text, "perfdash_store_series", totals.series);
	pdd_metrics_add_family(text, "perfdash_store_runs", "gauge", "runs in the store");
	pdd_metrics_add_value(text, "perfdash_store_runs", totals.runs);
	pdd_metrics_add_family(text, "perfdash_store_results", "gauge", "results in the store");
	pdd_metrics_add_value(text, "perfdash_store_results", totals.results);
}

static void
write_cache_metrics(PddService *service, GString *text)
{
	PerfdashCacheStats stats;
	perfdash_cache_get_stats(service->answers, &stats);
	const struct {
		const char *name;
		const char *type;
		const char *help;
		guint64 value;
	} rows[] = {
		{"perfdash_cache_hits_total", "counter", "answers found in the cache", stats.hits},
		{"perfdash_cache_misses_total", "counter", "answers not found", stats.misses},
		{"perfdash_cache_evictions_total", "counter", "answers dropped", stats.evictions},
		{"perfdash_cache_entries", "gauge", "answers in the cache", stats.entries},
		{"perfdash_cache_bytes", "gauge", "bytes in the cache", stats.bytes},
		{"perfdash_cache_max_bytes", "gauge", "bytes it may hold", stats.max_bytes},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		pdd_metrics_add_family(text, rows[i].name, rows[i].type, rows[i].help);
		pdd_metrics_add_value(text, rows[i].name, rows[i].value);
	}
}

typedef double (*SourceValue)(const PddSourceStatus *status);

static double
is_watching(const PddSourceStatus *status)
{
	return status->is_watching;
}

static double
n_logs(const PddSourceStatus *status)
{
	return status->n_logs;
}

static double
n_failures(const PddSourceStatus *status)
{
	return status->n_failures;
}

static double
is_silent(const PddSourceStatus *status)
{
	return status->is_silent;
}

static double
last_poll(const PddSourceStatus *status)
{
	return status->last_poll / (double)G_USEC_PER_SEC;
}

static double
delay(const PddSourceStatus *status)
{
	return status->delay >= 0 ? status->delay / (double)G_USEC_PER_SEC : NAN;
}

static double
n_failed(const PddSourceStatus *status)
{
	return status->n_failed;
}

static void
write_source_family(PddService *service,
		    GString *text,
		    const char *name,
		    const char *help,
		    SourceValue get_value)
{
	pdd_metrics_add_family(text, name, "gauge", help);
	g_autoptr(GPtrArray) sources = pdd_service_ref_sources(service);
	for (guint i = 0; i < sources->len; i++) {
		PddSource *source = g_ptr_array_index(sources, i);
		g_auto(PddSourceStatus) status = {0};
		g_autoptr(GString) line = g_string_new(name);
		pdd_source_get_status(source, &status);
		pdd_metrics_add_label(line, "{", "source", pdd_source_get_name(source));
		g_string_append_c(line, '}');
		pdd_metrics_add_value(text, line->str, get_value(&status));
	}
}

static void
write_source_metrics(PddService *service, GString *text)
{
	static const struct {
		const char *name;
		const char *help;
		SourceValue get_value;
	} families[] = {
		{"perfdash_source_up", "1 when the source is watched", is_watching},
		{"perfdash_source_logs", "logs of the source that are known", n_logs},
		{"perfdash_source_failed", "those that could not be read", n_failed},
		{"perfdash_source_poll_failures", "polls that failed in a row", n_failures},
		{"perfdash_source_silent", "1 when results are overdue", is_silent},
		{"perfdash_source_last_poll_seconds", "when it was polled, since 1970", last_poll},
		{"perfdash_source_delay_seconds",
		 "from a result being there to being stored, the median of the last",
		 delay},
	};
	for (guint i = 0; i < G_N_ELEMENTS(families); i++)
		write_source_family(service,
				    text,
				    families[i].name,
				    families[i].help,
				    families[i].get_value);
}

typedef struct {
	const char *step;
	guint64 n;
	gint64 time; /* microseconds */
} Spent;

static void
write_spent(GString *text, const char *name, const char *help, const Spent *spent, gboolean is_time)
{
	pdd_metrics_add_family(text, name, "counter", help);
	for (const Spent *one = spent; one->step != NULL; one++) {
		g_autoptr(GString) line = g_string_new(name);
		pdd_metrics_add_label(line, "{", "step", one->step);
		g_string_append_c(line, '}');
		pdd_metrics_add_value(text, line->str, is_time ? one->time / 1e6 : one->n);
	}
}

/* where the time goes between an index and the store */
static void
write_intake_metrics(PddService *service, GString *text)
{
	Spent spent[] = {{"index", 0, 0},
			 {"fetch", 0, 0},
			 {"keep", 0, 0},
			 {"parse", 0, 0},
			 {"store", 0, 0},
			 {NULL, 0, 0}};
	for (guint i = 0; i < PDD_N_STEPS; i++)
		spent[i].n = pdd_metrics_get_spent(service->metrics, i, &spent[i].time);
	for (guint i = 0; i <= PERFDASH_PIPELINE_STORE && pdd_service_is_ready(service); i++) {
		Spent *one = &spent[PDD_N_STEPS + i];
		one->n = perfdash_pipeline_get_spent(service->pipeline, i, &one->time);
	}
	write_spent(text,
		    "perfdash_intake_steps_total",
		    "how often a step was taken that logs go through",
		    spent,
		    FALSE);
	write_spent(text,
		    "perfdash_intake_seconds_total",
		    "what those steps took, all threads together",
		    spent,
		    TRUE);
}

/* by cause, so that one rule of alerts serves all sources and labs */
static void
write_silence_metrics(PddService *service, GString *text)
{
	static const char *const causes[] = {"unreachable",
					     "refused",
					     "gone",
					     "busy",
					     "broken",
					     "configuration",
					     "no parser",
					     "job red",
					     "stopped"};
	g_autoptr(GPtrArray) silences = pdd_silence_list(service, NULL);
	if (silences == NULL) /* a value that is missing is not 0 */
		return;
	pdd_metrics_add_family(text,
			       "perfdash_silences",
			       "gauge",
			       "causes for which no results come from sources or labs");
	for (guint i = 0; i < G_N_ELEMENTS(causes); i++) {
		g_autoptr(GString) line = g_string_new("perfdash_silences");
		guint n = 0;
		for (guint j = 0; j < silences->len; j++) {
			const PddSilence *silence = g_ptr_array_index(silences, j);
			n += g_str_equal(silence->cause, causes[i]);
		}
		pdd_metrics_add_label(line, "{", "cause", causes[i]);
		g_string_append_c(line, '}');
		pdd_metrics_add_value(text, line->str, n);
	}
}

static void
write_keeper_metrics(PddService *service, GString *text)
{
	PddKept kept;
	pdd_keeper_get_kept(service->keeper, &kept);
	const struct {
		const char *name;
		const char *type;
		const char *help;
		guint64 value;
	} families[] = {
		{"perfdash_kept_logs",
		 "gauge",
		 "logs in the archive at the last look",
		 kept.n_kept},
		{"perfdash_kept_log_bytes", "gauge", "what they take on disk", kept.kept_bytes},
		{"perfdash_removed_logs_total",
		 "counter",
		 "logs whose bytes limits removed since the start",
		 kept.n_removed},
		{"perfdash_removed_log_bytes_total",
		 "counter",
		 "what they took",
		 kept.removed_bytes},
	};
	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		pdd_metrics_add_family(text, families[i].name, families[i].type, families[i].help);
		pdd_metrics_add_value(text, families[i].name, families[i].value);
	}
}

static double
resident_bytes(void)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
		return 0;
	const char *resident = strchr(text, ' ');
	return resident != NULL ? g_ascii_strtod(resident, NULL) * sysconf(_SC_PAGESIZE) : 0;
}

static void
write_budget_line(GString *text, PddBudget *budget, PerfdashBudgetReport *report)
{
	PerfdashBudgetState state = perfdash_budget_report_get_state(report);
	g_autoptr(GEnumClass) states = g_type_class_ref(PERFDASH_TYPE_BUDGET_STATE);
	for (guint i = 0; i < states->n_values; i++) {
		g_autoptr(GString) line = g_string_new("perfdash_budget_state");
		int one = states->values[i].value;
		pdd_metrics_add_label(line, "{", "budget", pdd_budget_get_config(budget)->name);
		pdd_metrics_add_label(line, ",", "state", perfdash_budget_state_to_string(one));
		g_string_append_c(line, '}');
		pdd_metrics_add_value(text, line->str, one == (int)state);
	}
}

/* one that cannot be judged has no line */
static void
write_budget_metrics(PddService *service, GString *text)
{
	if (!pdd_service_is_ready(service))
		return;
	pdd_metrics_add_family(text,
			       "perfdash_budget_state",
			       "gauge",
			       "1 for the state of the budget, at most a minute ago");
	g_autoptr(GPtrArray) budgets = pdd_service_ref_budgets(service);
	for (guint i = 0; i < budgets->len; i++) {
		PddBudget *budget = g_ptr_array_index(budgets, i);
		g_autoptr(PerfdashBudgetReport)
			report = pdd_budget_judge_lately(budget, service->store, NULL);
		if (report != NULL)
			write_budget_line(text, budget, report);
	}
}

PddAnswer *
pdd_api_get_metrics(PddService *service, PddRequest *request, GError **error)
{
	GString *text = g_string_new(NULL);
	pdd_metrics_write(service->metrics, text);
	write_store_metrics(service, text);
	write_cache_metrics(service, text);
	write_source_metrics(service, text);
	write_intake_metrics(service, text);
	write_silence_metrics(service, text);
	write_keeper_metrics(service, text);
	write_budget_metrics(service, text);
	pdd_metrics_add_family(text, "process_resident_memory_bytes", "gauge", "resident memory");
	pdd_metrics_add_value(text, "process_resident_memory_bytes", resident_bytes());
	return pdd_answer_new(200,
			      "text/plain; version=0.0.4; charset=utf-8",
			      g_string_free_to_bytes(text));
}
