/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which parsers read a log. Marks say which may have something to read, so that the others need not
 * even be loaded. A log may be one document of one format: then a parser that is sure of it gets
 * it. Otherwise it is what a job printed: every parser of console text looks for its own in it, and
 * the JSON and XML documents between the lines are given to whoever knows them. No line counts
 * twice: those of documents that were read are none of the console's, and of two runs that claim a
 * line, the one with more results has it. */

#include "perfdash-recognizer.h"

#include <string.h>

#include "perfdash-documents.h"
#include "perfdash-error.h"
#include "perfdash-found-runs.h"
#include "perfdash-json-span.h"
#include "perfdash-log-text.h"
#include "perfdash-marks.h"
#include "perfdash-parser-loader.h"
#include "perfdash-quotation.h"
#include "perfdash-result-private.h"
#include "perfdash-run-private.h"

#define SURE          60
#define MAX_SEARCHED  (64 << 20) /* bytes in which marks are looked for */
#define MAX_DOCUMENTS 100000     /* that are read; each becomes a run */
#define MAX_CLAIMS    10000      /* they are for people, who read no more */
#define WHOLE_TEXT    0          /* in place of the line at which a document begins */

/* a text that is being read */
typedef struct {
	GPtrArray *candidates;
	gboolean forced;
	const char *log_name;
	PerfdashLogText *text;
	const char *data;
	gsize size;
	GArray *documents;     /* of PerfdashQuotation: those that were read */
	GBytes *output;        /* the text without them; NULL until asked */
	gboolean *head_marked; /* which candidates have a mark in its head; NULL until asked */
	gboolean *marked;      /* likewise, in all of it */
	GArray *quotations;    /* in what a job printed */
	PerfdashReading *reading;
	gboolean is_broken;              /* a parser could not read what it recognised */
	GError *error;                   /* the first one of a parser */
	const PerfdashCandidate *failed; /* whose error it is */
} Reader;

static void
claim_free(PerfdashClaim *claim)
{
	g_free(claim->conclusion);
	g_free(claim);
}

void
perfdash_reading_free(PerfdashReading *self)
{
	g_clear_pointer(&self->runs, g_ptr_array_unref);
	g_ptr_array_unref(self->claims);
	g_free(self->parser);
	g_free(self->version);
	g_free(self);
}

static void G_GNUC_PRINTF(5, 6) claim(Reader *self,
				      const PerfdashCandidate *candidate,
				      guint score,
				      guint line,
				      const char *format,
				      ...)
{
	va_list args;
	if (self->reading->claims->len == MAX_CLAIMS)
		return;
	PerfdashClaim *one = g_new0(PerfdashClaim, 1);
	va_start(args, format);
	one->candidate = candidate;
	one->score = score;
	one->line = perfdash_log_text_get_line(self->text, line);
	one->conclusion = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(self->reading->claims, one);
}

/* takes the error; the first one is reported when nothing can be read */
static void
keep_error(Reader *self, const PerfdashCandidate *candidate, GError *error)
{
	if (self->error != NULL) {
		g_error_free(error);
		return;
	}
	self->error = error;
	self->failed = candidate;
}

/* a parser that cannot be loaded does not keep others from reading, and is not asked again */
static gboolean
load(Reader *self, PerfdashCandidate *candidate)
{
	PerfdashParserModule described;
	GError *error = NULL;
	if (candidate->parser != NULL)
		return TRUE;
	candidate->parser = perfdash_parser_loader_open(candidate->path, &described, &error);
	if (candidate->parser == NULL) {
		claim(self, candidate, 0, 1, "cannot be loaded: %s", error->message);
		keep_error(self, candidate, error);
		candidate->kind = 0;
		return FALSE;
	}
	/* it may have been changed since it was found */
	g_free(candidate->version);
	candidate->version = g_strdup(described.version);
	return TRUE;
}

/* Which candidates have a mark in the log. A document is known by its begin, which is all that its
 * parser is shown to say so: the rest of a large one is not even looked at. */
static const gboolean *
find_marks(Reader *self, PerfdashParserKind kind)
{
	gboolean is_document = kind == PERFDASH_PARSER_DOCUMENT;
	gsize searched = is_document ? PERFDASH_PARSER_HEAD_SIZE : MAX_SEARCHED;
	gboolean **marked = is_document ? &self->head_marked : &self->marked;
	if (*marked == NULL)
		*marked = perfdash_marks_find(self->candidates,
					      self->data,
					      MIN(self->size, searched));
	return *marked;
}

static gboolean
fits_globs(const char *globs, const char *log_name)
{
	g_auto(GStrv) patterns = g_strsplit(globs, ";", -1);
	for (guint i = 0; patterns[i] != NULL; i++) {
		if (*patterns[i] != '\0' && g_pattern_match_simple(patterns[i], log_name))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_better(Reader *self,
	  const PerfdashCandidate *a,
	  guint score,
	  const PerfdashCandidate *b,
	  guint best)
{
	if (b == NULL || score != best)
		return score > best;
	gboolean fits = fits_globs(a->globs, self->log_name);
	if (fits != fits_globs(b->globs, self->log_name))
		return fits;
	return strcmp(a->name, b->name) < 0;
}

/* what XML documents begin with that a parser may know: those of its marks that are tags */
static GPtrArray *
list_roots(Reader *self, const gboolean *marked)
{
	GPtrArray *roots = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < self->candidates->len; i++) {
		PerfdashCandidate *one = g_ptr_array_index(self->candidates, i);
		if ((one->kind & PERFDASH_PARSER_XML) == 0 || !marked[i] || one->marks == NULL)
			continue;
		g_auto(GStrv) marks = g_strsplit(one->marks, "\n", -1);
		for (guint j = 0; marks[j] != NULL; j++) {
			if (*marks[j] == '<')
				g_ptr_array_add(roots, g_strdup(marks[j]));
		}
	}
	return roots;
}

/* the kind of the document that the text begins with, or 0 */
static PerfdashParserKind
find_first_document(Reader *self)
{
	g_auto(PerfdashDocuments) documents;
	const gboolean *marked = find_marks(self, PERFDASH_PARSER_DOCUMENT);
	perfdash_documents_init(&documents, self->data, self->size, list_roots(self, marked));
	return perfdash_documents_begin(&documents);
}

/* the parser of a kind that is surest of a document, or NULL */
static PerfdashCandidate *
choose(Reader *self, PerfdashParserKind kind, GBytes *document, guint line, guint *best_score)
{
	gsize size = MIN(g_bytes_get_size(document), PERFDASH_PARSER_HEAD_SIZE);
	g_autoptr(GBytes) head = g_bytes_new_from_bytes(document, 0, size);
	PerfdashCandidate *best = NULL;
	const gboolean *marked = find_marks(self, kind);
	/* a log that begins with a document may go on behind it, so it is no whole one for those
	 * that are asked about such documents */
	PerfdashParserKind first = kind == PERFDASH_PARSER_DOCUMENT ? find_first_document(self) : 0;
	*best_score = 0;
	for (guint i = 0; i < self->candidates->len; i++) {
		PerfdashCandidate *one = g_ptr_array_index(self->candidates, i);
		if ((one->kind & kind) == 0 || (one->kind & first) != 0 || !marked[i] ||
		    !load(self, one))
			continue;
		guint score = perfdash_parser_probe(one->parser, self->log_name, head);
		if (score > 0)
			claim(self, one, score, line, "recognises the document");
		if (score > 0 && is_better(self, one, score, best, *best_score)) {
			best = one;
			*best_score = score;
		}
	}
	return best;
}

/* what was found at the end of the whole text has no line; in a document it is its first one */
static void
set_lines(Reader *self, PerfdashRun *run, guint first)
{
	for (guint i = 0; i < run->results->len; i++) {
		PerfdashResult *result = g_ptr_array_index(run->results, i);
		if (result->line == 0 && first == WHOLE_TEXT)
			continue;
		guint line = MAX(first, 1) + MAX(result->line, 1) - 1;
		result->line = perfdash_log_text_get_line(self->text, line);
	}
}

static void
set_stage(Reader *self, PerfdashRun *run)
{
	if (*self->text->stage == '\0' || perfdash_labels_get(run->labels, "stage") != NULL)
		return;
	PerfdashLabels *labels =
		perfdash_labels_with(run->labels, "stage", self->text->stage, NULL);
	if (labels == NULL)
		return;
	perfdash_labels_unref(run->labels);
	run->labels = labels;
}

/* of a document that was cut off before anything in it was whole; the error says where */
static GPtrArray *
make_cut_run(const PerfdashCandidate *candidate, GError *error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_set_label(builder, "tool", candidate->name);
	perfdash_run_builder_add_warning(builder,
					 "the document was cut off, and nothing of it is whole: %s",
					 error->message);
	GPtrArray *runs = perfdash_run_builder_end(builder, NULL);
	for (guint i = 0; i < runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(runs, i);
		g_free(run->parser);
		run->parser = g_strdup(candidate->name);
	}
	return runs;
}

static gboolean
is_cut(GBytes *document)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	return size > 0 && perfdash_json_span_begins(text, text + size) &&
	       !perfdash_json_span_is_whole(text, text + size);
}

/* runs of a parser, which reads the whole text or a document at a line of it; an error is kept */
static GPtrArray *
parse(Reader *self, PerfdashCandidate *candidate, GBytes *document, guint line, gsize *rest)
{
	GError *error = NULL;
	GPtrArray *runs = perfdash_parser_loader_read(candidate->parser,
						      candidate->name,
						      self->log_name,
						      document,
						      rest,
						      &error);
	if (runs == NULL && error->code == PERFDASH_ERROR_BROKEN && is_cut(document)) {
		runs = make_cut_run(candidate, error);
		g_clear_error(&error);
	}
	if (runs == NULL) {
		claim(self, candidate, 0, MAX(line, 1), "cannot read it: %s", error->message);
		keep_error(self, candidate, error);
		self->is_broken = TRUE;
		return NULL;
	}
	for (guint i = 0; i < runs->len; i++) {
		set_lines(self, g_ptr_array_index(runs, i), line);
		set_stage(self, g_ptr_array_index(runs, i));
	}
	return runs;
}

static void
add_name(char **names, const char *name)
{
	if (**names != '\0') {
		g_auto(GStrv) known = g_strsplit(*names, ", ", -1);
		if (g_strv_contains((const char *const *)known, name))
			return;
	}
	char *all = **names == '\0' ? g_strdup(name) : g_strconcat(*names, ", ", name, NULL);
	g_free(*names);
	*names = all;
}

static void
keep_run(Reader *self, const PerfdashCandidate *candidate, PerfdashRun *run)
{
	g_ptr_array_add(self->reading->runs, g_object_ref(run));
	add_name(&self->reading->parser, candidate->name);
	add_name(&self->reading->version, candidate->version);
}

static void
keep_runs(Reader *self, const PerfdashCandidate *candidate, GPtrArray *runs)
{
	for (guint i = 0; runs != NULL && i < runs->len; i++)
		keep_run(self, candidate, g_ptr_array_index(runs, i));
}

/* nothing at all is how a console parser says that nothing is its own */
static gboolean
says_something(PerfdashRun *run)
{
	return run->results->len > 0 || run->outcome != PERFDASH_OUTCOME_OK;
}

/* what parsers look at without what it quotes of their tool */
static GBytes *
leave_out_quotations(Reader *self, const PerfdashCandidate *candidate)
{
	guint first;
	GBytes *text =
		perfdash_quotation_hide(self->quotations, self->output, candidate->marks, &first);
	if (first > 0)
		claim(self, candidate, 0, first, "leaves out what is only quoted");
	return text;
}

static void
find_console_runs(Reader *self, PerfdashCandidate *candidate, GArray *found)
{
	g_autoptr(GBytes) shown = leave_out_quotations(self, candidate);
	g_autoptr(GPtrArray) runs = parse(self, candidate, shown, WHOLE_TEXT, NULL);
	guint n = 0;
	for (guint i = 0; runs != NULL && i < runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(runs, i);
		if (!says_something(run))
			continue;
		perfdash_found_runs_add(found, candidate, run);
		n++;
	}
	if (runs != NULL)
		claim(self,
		      candidate,
		      n > 0 ? 90 : 0,
		      1,
		      n > 0 ? "finds %u runs in the text" : "finds nothing of its own",
		      n);
}

static void
keep_undisputed(Reader *self, GArray *found)
{
	perfdash_found_runs_settle(found);
	for (guint i = 0; i < found->len; i++) {
		PerfdashFoundRun *one = &g_array_index(found, PerfdashFoundRun, i);
		if (!one->is_dropped)
			keep_run(self, one->candidate, one->run);
		else
			claim(self,
			      one->candidate,
			      0,
			      one->first,
			      "its run is dropped: another parser reads more from the same lines");
	}
}

static void
read_console(Reader *self)
{
	g_autoptr(GArray) found = perfdash_found_runs_new();
	const gboolean *marked = find_marks(self, PERFDASH_PARSER_CONSOLE);
	self->output = perfdash_quotation_hide(self->documents, self->text->bytes, NULL, NULL);
	for (guint i = 0; i < self->candidates->len; i++) {
		PerfdashCandidate *one = g_ptr_array_index(self->candidates, i);
		if ((one->kind & PERFDASH_PARSER_CONSOLE) != 0 && marked[i] && load(self, one))
			find_console_runs(self, one, found);
	}
	keep_undisputed(self, found);
}

static void
read_document(Reader *self, PerfdashCandidate *candidate, GBytes *bytes, guint line)
{
	g_autoptr(GPtrArray) runs = parse(self, candidate, bytes, line, NULL);
	gsize offset = (const char *)g_bytes_get_data(bytes, NULL) - self->data;
	PerfdashQuotation span = {offset, offset + g_bytes_get_size(bytes), line, 0};
	keep_runs(self, candidate, runs);
	if (runs != NULL)
		g_array_append_val(self->documents, span);
}

static void
warn_of_rest(Reader *self, guint n_left)
{
	g_autofree char *warning = g_strdup_printf("%u more documents of the log were not read: "
						   "%d are read of one log",
						   n_left,
						   MAX_DOCUMENTS);
	perfdash_found_runs_set_partial(self->reading->runs, warning);
}

/* only says whether there is nothing but documents of parsers in the text */
static void
read_documents(Reader *self, gboolean *only)
{
	g_auto(PerfdashDocuments) documents;
	PerfdashDocument one;
	guint n = 0;
	const gboolean *marked = find_marks(self, PERFDASH_PARSER_XML);
	perfdash_documents_init(&documents, self->data, self->size, list_roots(self, marked));
	*only = TRUE;
	while (perfdash_documents_next(&documents, &one)) {
		gsize offset = one.begin - self->data;
		if (perfdash_quotation_at(self->quotations, offset) != NULL ||
		    perfdash_quotation_at(self->documents, offset) != NULL) {
			*only = FALSE;
			continue;
		}
		g_autoptr(GBytes)
			bytes = g_bytes_new_from_bytes(self->text->bytes, offset, one.size);
		guint score;
		PerfdashCandidate *best = choose(self, one.kind, bytes, one.line, &score);
		*only &= score >= SURE;
		if (score >= SURE && n++ < MAX_DOCUMENTS)
			read_document(self, best, bytes, one.line);
	}
	if (n > MAX_DOCUMENTS && self->reading->runs->len > 0)
		warn_of_rest(self, n - MAX_DOCUMENTS);
	*only &= !documents.has_lines;
}

/* the first lines of the text are a document that was read */
static void
keep_begin(Reader *self, const PerfdashCandidate *candidate, GPtrArray *runs, gsize rest)
{
	PerfdashQuotation span = {0, rest, 1, 0};
	for (guint i = 0; i < runs->len; i++) {
		if (says_something(runs->pdata[i]))
			keep_run(self, candidate, runs->pdata[i]);
	}
	g_array_append_val(self->documents, span);
}

/* FALSE when the text goes on behind what the parser reads */
static gboolean
read_whole(Reader *self, PerfdashCandidate *candidate)
{
	gsize rest = 0;
	if (!load(self, candidate))
		return TRUE;
	if (self->forced)
		claim(self, candidate, 100, 1, "is told to read it");
	g_autoptr(GPtrArray) runs = parse(self, candidate, self->text->bytes, WHOLE_TEXT, &rest);
	if (runs != NULL && rest > 0) {
		keep_begin(self, candidate, runs, rest);
		return FALSE;
	}
	keep_runs(self, candidate, runs);
	return TRUE;
}

/* what a job printed */
static void
read_output(Reader *self)
{
	gboolean only;
	/* a copy of more than people write would not fit into the memory */
	gboolean may_quote = !self->forced && self->size <= MAX_SEARCHED;
	self->quotations = perfdash_quotation_find(self->data, may_quote ? self->size : 0);
	read_documents(self, &only);
	if (only && (self->is_broken || self->reading->runs->len > 0))
		return;
	read_console(self);
	g_ptr_array_sort(self->reading->runs, perfdash_found_runs_compare);
}

static void
read_text(Reader *self)
{
	guint n_before = self->reading->runs->len;
	PerfdashCandidate *forced = self->forced ? g_ptr_array_index(self->candidates, 0) : NULL;
	guint score;
	if (forced != NULL && (forced->kind & (PERFDASH_PARSER_JSON | PERFDASH_PARSER_XML)) == 0) {
		read_whole(self, forced);
		return;
	}
	PerfdashCandidate *best =
		choose(self, PERFDASH_PARSER_DOCUMENT, self->text->bytes, 1, &score);
	if (best != NULL && score >= SURE && read_whole(self, best))
		return;
	read_output(self);
	if (best == NULL)
		best = forced;
	if (best != NULL && score < SURE && self->reading->runs->len == n_before &&
	    !self->is_broken)
		read_whole(self, best);
}

static gboolean
read_texts(PerfdashReading *reading,
	   GPtrArray *texts,
	   GPtrArray *candidates,
	   gboolean forced,
	   const char *log_name,
	   GError **error)
{
	g_autoptr(GError) first = NULL;
	const PerfdashCandidate *failed = NULL;
	for (guint i = 0; i < texts->len; i++) {
		PerfdashLogText *text = g_ptr_array_index(texts, i);
		Reader reader = {.candidates = candidates,
				 .forced = forced,
				 .log_name = log_name,
				 .text = text,
				 .reading = reading};
		reader.data = g_bytes_get_data(text->bytes, &reader.size);
		reader.documents = g_array_new(FALSE, FALSE, sizeof(PerfdashQuotation));
		read_text(&reader);
		if (first == NULL && reader.error != NULL) {
			first = g_steal_pointer(&reader.error);
			failed = reader.failed;
		}
		g_clear_error(&reader.error);
		g_clear_pointer(&reader.output, g_bytes_unref);
		g_array_unref(reader.documents);
		g_free(reader.head_marked);
		g_free(reader.marked);
		g_clear_pointer(&reader.quotations, g_array_unref);
	}
	if (reading->runs->len > 0)
		return TRUE;
	if (first != NULL) {
		add_name(&reading->parser, failed->name);
		add_name(&reading->version, failed->version);
		g_propagate_error(error, g_steal_pointer(&first));
	} else {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_UNREADABLE,
				    "no parser recognises the log");
	}
	return FALSE;
}

PerfdashReading *
perfdash_recognizer_read(GPtrArray *candidates,
			 gboolean forced,
			 const char *log_name,
			 GBytes *log,
			 GError **error)
{
	PerfdashReading *reading = g_new0(PerfdashReading, 1);
	reading->claims = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
	reading->runs = g_ptr_array_new_with_free_func(g_object_unref);
	reading->parser = g_strdup("");
	reading->version = g_strdup("");
	if (g_bytes_get_size(log) == 0) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_UNREADABLE,
				    "the log is empty");
		g_clear_pointer(&reading->runs, g_ptr_array_unref);
		return reading;
	}
	gboolean is_cut = FALSE;
	g_autoptr(GPtrArray) texts = perfdash_log_text_split(log, &is_cut, error);
	if (texts == NULL || !read_texts(reading, texts, candidates, forced, log_name, error))
		g_clear_pointer(&reading->runs, g_ptr_array_unref);
	else if (is_cut)
		perfdash_found_runs_set_partial(reading->runs, PERFDASH_FOUND_RUNS_CUT);
	return reading;
}
