/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "key-file-rules.h"

G_BEGIN_DECLS

/* a log that is being read by a key file */
typedef struct {
	KeyFile *file;
	PerfdashRunBuilder *builder;
	GHashTable *facts; /* name of a group -> what it last matched */
	guint n_results;   /* of the whole log */
	guint n_of_run;
	guint n_runs; /* that are ended */
	guint failed_line;
	gboolean has_failed;
	gboolean has_ended;
	char *partial;               /* why the run is not whole, nullable */
	const char *base;            /* unit of the result added last, nullable */
	GHashTable *stats;           /* names of the statistics that it has */
	GHashTable *repeats_by_name; /* what tells results apart -> KeyFileRepeats, not owned */
	GPtrArray *repeats;          /* of KeyFileRepeats, of the run, in their order */
	GError *error;               /* the first one: then nothing more is read */
} KeyFileReading;

void
key_file_reading_init(KeyFileReading *self, KeyFile *file, PerfdashRunBuilder *builder);
void
key_file_reading_clear(KeyFileReading *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KeyFileReading, key_file_reading_clear)
/* FALSE, too, when the expression took too long: then there is an error. match may be NULL */
gboolean
key_file_reading_match(KeyFileReading *self,
		       KeyFileRegex *regex,
		       const char *text,
		       guint line,
		       GMatchInfo **match);
/* what the groups of an expression matched becomes facts; whether it matched */
gboolean
key_file_reading_take_facts(KeyFileReading *self,
			    KeyFileRegex *regex,
			    const char *text,
			    guint line);
/* what a line says of the run; whether it said something */
gboolean
key_file_reading_take_line(KeyFileReading *self, const char *text, guint line);
/* adds a result, or says in a warning why there is none */
void
key_file_reading_add(KeyFileReading *self,
		     KeyFileResult *result,
		     const KeyFileSource *source,
		     guint line);
/* adds what is a result, or remembers it as one of several values of one */
void
key_file_reading_add_value(KeyFileReading *self,
			   const KeyFileResult *result,
			   const char *benchmark,
			   const char *metric,
			   PerfdashDirection direction,
			   const char *unit,
			   double value,
			   const KeyFileSource *source,
			   guint line);
/* the values that were remembered become results */
void
key_file_reading_add_repeats(KeyFileReading *self);
void
key_file_repeats_free(gpointer data);
/* whether values of a document say that the run failed; labels, environment, parameters and time of
 * the run, and the same */
void
key_file_reading_check_failed(KeyFileReading *self, const KeyFileSource *source);
void
key_file_reading_set_facts(KeyFileReading *self, const KeyFileSource *source);
/* the run is not whole, for a reason: the first one counts */
void
key_file_reading_set_partial(KeyFileReading *self, const char *reason);
void
key_file_reading_end_run(KeyFileReading *self);
/* FALSE with the error, if there is one */
gboolean
key_file_reading_end(KeyFileReading *self, GError **error);

/* the number that a text is, in the notation of the key file; rest is what stands behind it */
gboolean
key_file_number(const KeyFile *file,
		const char *text,
		int power_of_ten,
		double *value,
		char **rest);
/* microseconds since 1970 */
gboolean
key_file_time(const KeyFile *file, const char *text, gint64 *time);

/* the three formats */
gboolean
key_file_lines_parse(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error);
gboolean
key_file_csv_parse(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error);
gboolean
key_file_json_parse(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error);
gboolean
key_file_json_parse_lines(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error);
/* whether every sniff matches the beginning of a document */
gboolean
key_file_json_sniff(KeyFile *file, GBytes *head);
/* warns that one does not */
void
key_file_json_explain_sniff(KeyFile *file, PerfdashRunBuilder *builder);
/* whether every sniff matches a line of a log */
gboolean
key_file_lines_sniff(KeyFileReading *reading, GBytes *log);
/* a line as valid text that expressions may be tried on; NULL when it is too long. Takes the room
 * for a copy */
const char *
key_file_lines_make_valid(const char *line, GString *copy);

G_END_DECLS
