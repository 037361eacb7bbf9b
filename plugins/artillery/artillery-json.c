/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Artillery's JSON: what counts is "aggregate", over the whole test, which stands in front of the
 * periods; when these were cut off, it is still whole. Version 1 has other members. */

#include <string.h>

#include "artillery.h"
#include "reader-start.h"
#include "reader-text.h"

/* members of version 1, as version 2 calls them */
static const struct {
	const char *member;
	const char *name;
} old_counters[] = {
	{"scenariosCreated", "vusers.created"},
	{"scenariosCompleted", "vusers.completed"},
	{"requestsCompleted", "http.responses"},
};
static const struct {
	const char *member;
	const char *prefix;
} old_groups[] = {
	{"codes", "http.codes."},
	{"errors", "errors."},
};
static const struct {
	const char *member;
	const char *name;
} old_summaries[] = {
	{"latency", "http.response_time"},
	{"scenarioDuration", "vusers.session_length"},
};

static void
read_number(ArtilleryReport *report,
	    JsonObject *object,
	    const char *member,
	    const char *name,
	    gboolean is_rate)
{
	double number;
	if (!reader_json_number(object, member, &number))
		return;
	ArtilleryValue *value = artillery_report_ensure(report, name);
	value->kind = is_rate ? ARTILLERY_RATE : ARTILLERY_COUNTER;
	value->number = number;
}

static void
read_numbers(ArtilleryReport *report, JsonObject *object, const char *prefix, gboolean is_rate)
{
	g_autoptr(GList) members = object != NULL ? json_object_get_members(object) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		g_autofree char *name = g_strconcat(prefix, l->data, NULL);
		read_number(report, object, l->data, name, is_rate);
	}
}

static void
read_summary(ArtilleryReport *report, JsonObject *summary, const char *name)
{
	g_autoptr(GList) members = json_object_get_members(summary);
	ArtilleryValue *value = artillery_report_ensure(report, name);
	value->kind = ARTILLERY_SUMMARY;
	for (GList *l = members; l != NULL; l = l->next) {
		double *number = artillery_summary_get(&value->summary, l->data);
		double read;
		if (number != NULL && reader_json_number(summary, l->data, &read))
			*number = read;
	}
}

static void
read_summaries(ArtilleryReport *report, JsonObject *object)
{
	g_autoptr(GList) members = object != NULL ? json_object_get_members(object) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonObject *summary = reader_json_object(object, l->data);
		if (summary != NULL)
			read_summary(report, summary, l->data);
	}
}

static void
read_old(ArtilleryReport *report, JsonObject *aggregate)
{
	JsonObject *rps = reader_json_object(aggregate, "rps");
	for (guint i = 0; i < G_N_ELEMENTS(old_counters); i++)
		read_number(report, aggregate, old_counters[i].member, old_counters[i].name, FALSE);
	for (guint i = 0; i < G_N_ELEMENTS(old_groups); i++)
		read_numbers(report,
			     reader_json_object(aggregate, old_groups[i].member),
			     old_groups[i].prefix,
			     FALSE);
	if (rps != NULL)
		read_number(report, rps, "mean", "http.request_rate", TRUE);
	for (guint i = 0; i < G_N_ELEMENTS(old_summaries); i++) {
		JsonObject *summary = reader_json_object(aggregate, old_summaries[i].member);
		if (summary != NULL)
			read_summary(report, summary, old_summaries[i].name);
	}
}

static JsonParser *
load(const char *text, gsize size, gboolean *is_cut, GError **error)
{
	g_autoptr(GError) local = NULL;
	JsonParser *parser = reader_json_load(text, size, &local);
	*is_cut = parser == NULL;
	if (parser != NULL)
		return parser;
	const char *behind = g_strstr_len(text, size, "\"intermediate\"");
	while (behind != NULL && behind > text && behind[-1] != ',')
		behind--;
	if (behind != NULL && behind > text) {
		g_autofree char *first = g_strndup(text, behind - 1 - text);
		g_autofree char *whole = g_strconcat(first, "}", NULL);
		parser = reader_json_load(whole, strlen(whole), NULL);
	}
	if (parser == NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return parser;
}

gboolean
artillery_json_read(const char *text, gsize size, PerfdashRunBuilder *builder, GError **error)
{
	gboolean is_cut;
	double start;
	g_autoptr(ArtilleryReport) report = artillery_report_new();
	g_autoptr(JsonParser) parser = load(text, size, &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonObject *root = reader_json_root_object(parser);
	JsonObject *aggregate = root != NULL ? reader_json_object(root, "aggregate") : NULL;
	if (aggregate == NULL) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_BROKEN,
				    "the document has no \"aggregate\"");
		return FALSE;
	}
	read_numbers(report, reader_json_object(aggregate, "counters"), "", FALSE);
	read_numbers(report, reader_json_object(aggregate, "rates"), "", TRUE);
	read_summaries(report, reader_json_object(aggregate, "summaries"));
	read_old(report, aggregate);
	if (reader_json_number(aggregate, "firstMetricAt", &start))
		reader_set_start(builder, start * 1000);
	gboolean is_good = artillery_report_write(report, builder);
	if (is_cut) {
		if (is_good)
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document was cut off behind its sums");
	}
	return TRUE;
}
