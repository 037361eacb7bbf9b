/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What asv run prints: a line for each benchmark, and below it a table when it has parameters. As
 * many parameters as fit stand above the columns, all combinations of them; cells are two blanks
 * apart or more, as parameters may have blanks. The percentage is of all that is to be done, not of
 * a commit. Where there is no Unicode, dots are minus signs and the plus-minus is a tilde. */

#include "asv.h"

#include <string.h>

#include "reader-label.h"
#include "reader-quantity.h"
#include "reader-text.h"

static const char *const bullets[] = {"\xc2\xb7\xc2\xb7\xc2\xb7 ", "--- "};
static const char *const errors[] = {"\xc2\xb1", "~"};

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_open;
	guint n_values;
	guint n_failed;
	double percent;
	char *commit;    /* nullable */
	char *benchmark; /* nullable: whose table may follow */
	guint n_rules;   /* of equal signs, in the table */
	GArray *widths;  /* of gsize, of the columns */
	guint n_names;   /* columns that are parameters */
	char *top;       /* nullable: the names above the columns */
	char **header;   /* nullable */
} Text;

static void
end_table(Text *self)
{
	self->n_rules = 0;
	self->n_names = 0;
	g_array_set_size(self->widths, 0);
	g_clear_pointer(&self->benchmark, g_free);
	g_clear_pointer(&self->top, g_free);
	g_clear_pointer(&self->header, g_strfreev);
}

static void
ensure_run(Text *self)
{
	if (self->is_open)
		return;
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "asv");
	if (self->commit != NULL)
		perfdash_run_builder_set_revision(self->builder, self->commit);
	self->is_open = TRUE;
}

static void
end_run(Text *self, gboolean is_last)
{
	gboolean is_bare = is_last && !self->is_open && self->n_runs > 0 && self->percent < 100;
	end_table(self);
	if (is_bare)
		ensure_run(self);
	if (self->is_open && self->n_values == 0 && !is_bare) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder, "no benchmark has a result");
	} else if (self->is_open && is_last && self->percent < 100) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the log ends before all benchmarks were run");
	}
	self->is_open = FALSE;
	self->n_values = self->n_failed = 0;
}

/* "18.1±0.2ms", "41.2M", "n/a" */
static ReaderQuantity
read_value(const char *text, const AsvKind *kind)
{
	double value;
	const char *rest;
	const char *behind = NULL;
	if (!reader_number(text, &value, &rest))
		return (ReaderQuantity){0, NULL};
	g_autofree char *number = g_strndup(text, rest - text);
	for (guint i = 0; i < G_N_ELEMENTS(errors) && behind == NULL; i++) {
		if (g_str_has_prefix(rest, errors[i]))
			behind = rest + strlen(errors[i]);
	}
	if (behind != NULL && !reader_number(behind, &value, &rest))
		return (ReaderQuantity){0, NULL};
	g_autofree char *whole = g_strconcat(number, rest, NULL);
	gboolean is_time = g_str_equal(kind->unit, "s");
	ReaderQuantity quantity = reader_quantity(whole,
						  is_time ? reader_times : reader_counts,
						  NULL);
	if (!is_time && quantity.unit != NULL)
		quantity.unit = kind->unit;
	return quantity;
}

/* FALSE when there is none */
static gboolean
add_value(Text *self, const char *text)
{
	const AsvKind *kind = asv_find_kind(self->benchmark);
	ReaderQuantity quantity = read_value(text, kind);
	if (g_str_equal(text, "failed"))
		perfdash_run_builder_add_warning(self->builder, "%s failed", self->benchmark);
	if (quantity.unit == NULL)
		return FALSE;
	ensure_run(self);
	self->n_values++;
	reader_add(self->builder, self->benchmark, kind->metric, kind->direction, quantity);
	return TRUE;
}

static gsize
count_groups(const char *line, char sign)
{
	gsize n = 0;
	for (; *line != '\0'; line++)
		n += *line == sign && line[1] != sign;
	return n;
}

static gboolean
is_rule(const char *line, char sign)
{
	const char signs[] = {sign, ' ', '\0'};
	return *line == sign && line[1] == sign && line[strspn(line, signs)] == '\0';
}

static char *
cut(const char *text, gsize length)
{
	return g_strstrip(g_strndup(text, length));
}

/* cells, which two blanks or more separate */
static GStrv
split_cells(const char *line)
{
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
	const char *p = line + strspn(line, " ");
	while (*p != '\0') {
		const char *end = strstr(p, "  ");
		gsize length = end != NULL ? (gsize)(end - p) : strlen(p);
		g_ptr_array_add(cells, cut(p, length));
		p += length;
		p += strspn(p, " ");
	}
	g_ptr_array_add(cells, NULL);
	return (GStrv)g_ptr_array_free(g_steal_pointer(&cells), FALSE);
}

static void
read_widths(Text *self, const char *line)
{
	for (const char *p = line; *p != '\0'; p += strspn(p, " ")) {
		gsize width = strspn(p, "=");
		g_array_append_val(self->widths, width);
		p += width;
	}
	self->n_names = self->widths->len - 1;
}

/* the first minus signs below the names above the columns are as wide as all names at the side */
static void
read_top_rule(Text *self, const char *line)
{
	gsize width = strspn(line, "-");
	gsize sum = 0;
	for (guint i = 0; i < self->widths->len; i++) {
		sum += g_array_index(self->widths, gsize, i) + (i > 0);
		if (sum == width)
			self->n_names = i + 1;
	}
}

/* "density / pruning" and "0.4 / False" are two labels */
static void
add_column_labels(Text *self, const char *values)
{
	g_auto(GStrv) keys = g_strsplit(self->top, " / ", -1);
	g_auto(GStrv) parts = g_strsplit(values, " / ", -1);
	if (g_strv_length(keys) != g_strv_length(parts)) {
		reader_add_label(self->builder, self->top, values);
		return;
	}
	for (guint i = 0; keys[i] != NULL; i++)
		reader_add_label(self->builder, keys[i], parts[i]);
}

static void
read_row(Text *self, const char *line)
{
	g_auto(GStrv) cells = split_cells(line);
	guint n = g_strv_length(cells);
	guint n_headers = self->header != NULL ? g_strv_length(self->header) : 0;
	if (n != self->widths->len || n_headers < self->n_names ||
	    (self->top != NULL && n_headers != n))
		return;
	for (guint i = self->n_names; i < n; i++) {
		if (!add_value(self, cells[i]))
			continue;
		for (guint j = 0; j < self->n_names; j++)
			reader_add_label(self->builder, self->header[j], cells[j]);
		if (self->top != NULL)
			add_column_labels(self, self->header[i]);
	}
}

static void
read_table(Text *self, const char *line)
{
	if (is_rule(line, '=')) {
		self->n_rules++;
		if (self->n_rules == 1)
			read_widths(self, line);
		else if (self->n_rules == 3)
			end_table(self);
	} else if (self->n_rules == 2) {
		read_row(self, line);
	} else if (self->n_rules == 1 && is_rule(line, '-') && count_groups(line, '-') > 1) {
		/* names above the columns have a second rule below them */
		if (self->top != NULL)
			read_top_rule(self, line);
		else
			self->n_rules = 2;
	} else if (self->n_rules == 1 && g_str_has_prefix(line, "--")) {
		g_free(self->top);
		self->top = cut(line + 2, strlen(line + 2));
	} else if (self->n_rules == 1) {
		g_strfreev(self->header);
		self->header = split_cells(line);
	}
}

/* behind the bullet: "bench.TimeSuite.time_keys      18.1±0.2ms", before 0.3 "Running bench..." */
static void
read_benchmark(Text *self, const char *text)
{
	const char *running = reader_after(text, "Running ");
	text = running != NULL ? running : text;
	gsize length = strcspn(text, " ");
	g_autofree char *name = g_strndup(text, length);
	if (strchr(name, '.') == NULL || strchr(name, '(') != NULL || strchr(name, '=') != NULL)
		return;
	end_table(self);
	self->benchmark = reader_name(name);
	g_autofree char *result = cut(text + length, strlen(text + length));
	if (g_str_equal(result, "failed"))
		ensure_run(self);
	if (add_value(self, result))
		g_clear_pointer(&self->benchmark, g_free);
}

/* "For project commit 1a2b3c4d <main>:" */
static void
read_commit(Text *self, const char *text)
{
	const char *commit = strstr(text, " commit ");
	if (!g_str_has_prefix(text, "For ") || commit == NULL)
		return;
	commit += strlen(" commit ");
	g_autofree char *hash = g_strndup(commit, strspn(commit, "0123456789abcdef"));
	if (*hash == '\0' || g_strcmp0(hash, self->commit) == 0)
		return;
	end_run(self, FALSE);
	g_free(self->commit);
	self->commit = g_steal_pointer(&hash);
}

/* what stands behind "[ 50.00%] " */
static const char *
skip_percentage(Text *self, const char *line)
{
	const char *rest;
	double percent;
	if (*line != '[' || !reader_number(line + 1 + strspn(line + 1, " "), &percent, &rest) ||
	    !g_str_has_prefix(rest, "%] "))
		return NULL;
	self->percent = percent;
	return rest + strlen("%] ");
}

static void
read_step(Text *self, const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(bullets); i++) {
		gsize dot = (strlen(bullets[i]) - 1) / 3;
		if (g_str_has_prefix(text, bullets[i])) {
			text += strlen(bullets[i]);
			if (is_rule(text, '='))
				read_table(self, text);
			else
				read_benchmark(self, text);
			return;
		}
		if (strncmp(text, bullets[i], dot) == 0 && text[dot] == ' ')
			read_commit(self, text + dot + 1);
	}
}

static void
read_line(Text *self, const char *line)
{
	double percent = self->percent;
	const char *text = skip_percentage(self, line);
	if (text != NULL) {
		read_step(self, text);
	} else if (strstr(line, " total benchmark") != NULL && strstr(line, " Running ") != NULL) {
		self->percent = percent;
		end_run(self, TRUE);
		g_clear_pointer(&self->commit, g_free);
	} else if (self->benchmark != NULL && *line == ' ') {
		read_table(self, line + strspn(line, " "));
	}
}

void
asv_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) widths = g_array_new(FALSE, FALSE, sizeof(gsize));
	Text self = {.builder = builder, .widths = widths};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut)
		read_line(&self, line);
	end_run(&self, TRUE);
	g_free(self.commit);
}
