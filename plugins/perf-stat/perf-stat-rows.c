/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One line of perf stat's formats.
 *
 * Text: [time] [place [count]] value [unit] event [# metric] [( +- error )] [(share)]
 * -x: [time,][place,[count,]]value,unit,event,[error%,]run time,share of time[,metric,unit]
 *
 * The separator of -x may be anything, also the decimal comma, which makes two fields of a value.
 * -j writes an object a line, with the counted value as a string. */

#include <string.h>

#include "perf-stat.h"
#include "reader-text.h"

#define MAX_FIELDS       24
#define DECIMALS_OF_TIME 9
#define MAX_LINE         4096 /* bytes that a row may have */

static gboolean
is_number(const char *word)
{
	double ignored;
	return perf_stat_number(word, strlen(word), TRUE, &ignored);
}

static gboolean
is_missing(const char *word)
{
	return g_str_has_prefix(word, "<not ");
}

/* behind the '#' of a line: "0.691 CPUs utilized", "36,09% of all branches" */
static void
read_text_metric(const char *line, PerfStatRow *row)
{
	const char *text = strchr(line, '#');
	if (text == NULL)
		return;
	text += 1 + strspn(text + 1, " ");
	gsize length = strspn(text, "0123456789.,");
	if (length == 0 || !perf_stat_number(text, length, FALSE, &row->metric))
		return;
	row->metric_name = g_strdup(text + length);
	row->has_metric = TRUE;
}

/* words of a text line up to its metric, "<not counted>" as one */
static GPtrArray *
split_text(const char *line)
{
	g_autofree char *head = g_strndup(line, strcspn(line, "#"));
	g_auto(GStrv) all = reader_words(head);
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; all[i] != NULL && words->len < MAX_FIELDS; i++) {
		if (g_str_equal(all[i], "<not") && all[i + 1] != NULL) {
			g_ptr_array_add(words, g_strconcat("<not ", all[i + 1], NULL));
			i++;
		} else if (*all[i] == '(' && !g_str_equal(all[i], "(msec)")) {
			break;
		} else {
			g_ptr_array_add(words, g_strdup(all[i]));
		}
	}
	return words;
}

/* the last of the numbers that stand before unit and event */
static guint
find_value(GPtrArray *words)
{
	for (guint i = 0; i + 1 < words->len; i++) {
		const char *next = words->pdata[i + 1];
		if (is_missing(words->pdata[i]))
			return i;
		if (is_number(words->pdata[i]) && !is_number(next) && !is_missing(next))
			return i;
	}
	return words->len;
}

/* "77 375 671 cycles": some languages separate thousands by blanks */
static void
join_groups(GPtrArray *words)
{
	GString *joined = g_string_new(words->pdata[0]);
	guint n = 1;
	while (n < words->len && strlen(words->pdata[n]) == 3 &&
	       strspn(words->pdata[n], "0123456789") == 3)
		g_string_append(joined, words->pdata[n++]);
	if (n > 1 && joined->len <= 3u * n && is_number(joined->str)) {
		g_ptr_array_remove_range(words, 1, n - 1);
		g_free(words->pdata[0]);
		words->pdata[0] = g_string_free(joined, FALSE);
	} else {
		g_string_free(joined, TRUE);
	}
}

static gboolean
set_value(PerfStatRow *row, const char *word, gboolean is_grouped)
{
	row->has_value = !is_missing(word);
	return !row->has_value || perf_stat_number(word, strlen(word), is_grouped, &row->value);
}

gboolean
perf_stat_read_text(const char *line, gboolean has_time, PerfStatRow *row)
{
	g_autoptr(GPtrArray) words = split_text(line);
	if (has_time && words->len > 0) {
		perf_stat_number(words->pdata[0], strlen(words->pdata[0]), FALSE, &row->time);
		g_ptr_array_remove_index(words, 0);
	}
	if (words->len > 2 && is_number(words->pdata[0]))
		join_groups(words);
	guint at = find_value(words);
	guint n_behind = at < words->len ? words->len - at - 1 : 0;
	if (n_behind == 0 || n_behind > 2)
		return FALSE;
	const char *first = words->pdata[at + 1];
	const char *second = n_behind == 2 ? words->pdata[at + 2] : "";
	gboolean is_old = g_str_equal(second, "(msec)");
	const char *event = is_old || n_behind == 1 ? first : second;
	if (!perf_stat_is_event(event) || !set_value(row, words->pdata[at], TRUE))
		return FALSE;
	row->event = g_strdup(event);
	row->unit = perf_stat_unit(is_old ? second : n_behind == 2 ? first : "", event);
	row->is_interval = has_time;
	if (at > 0 && !is_number(words->pdata[0]))
		row->place = g_strdup(words->pdata[0]);
	read_text_metric(line, row);
	return TRUE;
}

static gboolean
is_digits(const char *field)
{
	return *field != '\0' && field[strspn(field, "0123456789")] == '\0';
}

/* what may stand before the value */
static gboolean
read_prefix(PerfStatRow *row, GStrv fields, guint n)
{
	guint i = 0;
	if (n == 0)
		return TRUE;
	const char *first = g_strstrip(fields[0]);
	row->is_summary = g_str_equal(first, "summary");
	row->is_interval = strpbrk(first, ".,") != NULL &&
			   perf_stat_number(first, strlen(first), FALSE, &row->time);
	i += row->is_summary || row->is_interval;
	if (i == 0 && n > 1 && is_digits(first) && is_digits(fields[1]) &&
	    strlen(fields[1]) == DECIMALS_OF_TIME) {
		/* a decimal comma that is the separator, too */
		g_autofree char *time = g_strconcat(first, ".", fields[1], NULL);
		row->is_interval = reader_number(time, &row->time, NULL);
		i = 2;
	}
	if (i < n && !is_number(fields[i]))
		row->place = g_strdup(fields[i++]);
	if (i < n && row->place != NULL && strspn(fields[i], "0123456789") == strlen(fields[i]))
		i++;
	return i == n && (row->place == NULL || *row->place != '\0');
}

/* "100.00", "33,33", and "100" with "00" in the next field */
static gboolean
is_share(const char *field, const char *next)
{
	double value;
	gsize digits = strspn(field, "0123456789");
	if (digits == 0 || digits > 3 || !perf_stat_number(field, strlen(field), FALSE, &value) ||
	    value > 100)
		return FALSE;
	if (field[digits] != '\0')
		return strlen(field + digits) == 3;
	return next != NULL && strlen(next) == 2 && strspn(next, "0123456789") == 2;
}

/* events of special processors may have units of their own */
static gboolean
is_unit(const char *field, const char *event)
{
	return *field == '\0' || perf_stat_is_unit(field) ||
	       (strchr(event, '/') != NULL && g_ascii_isalpha(*field));
}

/* value, unit, event, [error%,] run time, share */
static gboolean
is_core(GStrv fields, guint at, guint n)
{
	if (at + 5 > n || !(is_number(fields[at]) || is_missing(fields[at])) ||
	    !is_unit(fields[at + 1], fields[at + 2]) || !perf_stat_is_event(fields[at + 2]))
		return FALSE;
	guint run_time = at + 3;
	if (g_str_has_suffix(fields[run_time], "%"))
		run_time++;
	return run_time + 1 < n && is_digits(fields[run_time]) &&
	       is_share(fields[run_time + 1], fields[run_time + 2]);
}

/* a value with decimals whose comma is the separator, too: the field before is its whole part */
static gboolean
is_torn(GStrv fields, guint at, char separator)
{
	return separator == ',' && at > 0 && *fields[at + 1] != '\0' && strlen(fields[at]) == 2 &&
	       is_digits(fields[at]) && is_digits(fields[at - 1]);
}

static void
read_csv_metric(GStrv fields, guint at, guint n, PerfStatRow *row)
{
	guint share = at + 4 + g_str_has_suffix(fields[at + 3], "%");
	if (share + 2 >= n || strpbrk(fields[share], ".,") == NULL ||
	    !perf_stat_number(fields[share + 1], strlen(fields[share + 1]), FALSE, &row->metric))
		return;
	row->metric_name = g_strdup(fields[share + 2]);
	row->has_metric = TRUE;
}

static gboolean
read_fields(GStrv fields, char separator, PerfStatRow *row)
{
	guint n = g_strv_length(fields);
	for (guint at = 0; at <= 4 && at + 5 <= n; at++) {
		if (!is_core(fields, at, n))
			continue;
		gboolean torn = is_torn(fields, at, separator);
		g_autofree char *value = torn ? g_strconcat(fields[at - 1], ".", fields[at], NULL)
					      : g_strdup(fields[at]);
		if (!read_prefix(row, fields, at - torn) || !set_value(row, value, FALSE))
			return FALSE;
		row->event = g_strdup(fields[at + 2]);
		row->unit = perf_stat_unit(fields[at + 1], row->event);
		read_csv_metric(fields, at, n, row);
		return TRUE;
	}
	return FALSE;
}

gboolean
perf_stat_read_csv(const char *line, PerfStatRow *row)
{
	static const char separators[] = ",;\t|@!~^&";
	if (strlen(line) > MAX_LINE || strpbrk(line, "0123456789") == NULL)
		return FALSE;
	for (const char *separator = separators; *separator != '\0'; separator++) {
		const char delimiter[] = {*separator, '\0'};
		if (strchr(line, *separator) == NULL)
			continue;
		g_auto(GStrv) fields = g_strsplit(line, delimiter, MAX_FIELDS);
		if (read_fields(fields, *separator, row))
			return TRUE;
		perf_stat_row_clear(row);
		*row = (PerfStatRow){0};
	}
	return FALSE;
}

/* a member as it is written, NULL when there is none: under a language with a decimal comma perf
 * writes numbers that are no JSON */
static char *
find_member(const char *line, const char *name)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", name);
	const char *at = strstr(line, quoted);
	if (at == NULL)
		return NULL;
	at += strlen(quoted);
	at += strspn(at, " ");
	if (*at != ':')
		return NULL;
	at += 1 + strspn(at + 1, " ");
	if (*at == '"') {
		const char *end = strchr(at + 1, '"');
		return end != NULL ? g_strndup(at + 1, end - at - 1) : NULL;
	}
	const char *end = strstr(at, ", \"");
	gsize length = end != NULL ? (gsize)(end - at) : strcspn(at, "}");
	return g_strchomp(g_strndup(at, length));
}

static void
read_json_place(const char *line, PerfStatRow *row)
{
	static const char *const members[] =
		{"cpu", "core", "cache", "cluster", "die", "socket", "node", "thread"};
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		g_autofree char *place = find_member(line, members[i]);
		if (place == NULL || *place == '\0')
			continue;
		/* only here the number of a processor stands alone */
		row->place = g_strconcat(i == 0 && g_ascii_isdigit(*place) ? "CPU" : "",
					 place,
					 NULL);
		return;
	}
}

gboolean
perf_stat_read_json(const char *line, PerfStatRow *row)
{
	if (*line != '{' || !g_str_has_suffix(line, "}") || strlen(line) > MAX_LINE)
		return FALSE;
	g_autofree char *value = find_member(line, "counter-value");
	g_autofree char *unit = find_member(line, "unit");
	g_autofree char *event = find_member(line, "event");
	g_autofree char *interval = find_member(line, "interval");
	g_autofree char *metric = find_member(line, "metric-value");
	if (value == NULL || event == NULL || *event == '\0' || !set_value(row, value, FALSE))
		return FALSE;
	row->unit = perf_stat_unit(unit != NULL ? unit : "", event);
	row->event = g_steal_pointer(&event);
	row->is_interval = interval != NULL &&
			   perf_stat_number(interval, strlen(interval), FALSE, &row->time);
	read_json_place(line, row);
	row->metric_name = find_member(line, "metric-unit");
	row->has_metric = row->metric_name != NULL && metric != NULL &&
			  perf_stat_number(metric, strlen(metric), FALSE, &row->metric);
	return TRUE;
}
