/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "key-file-regex.h"
#include "key-file-template.h"

G_BEGIN_DECLS

/* a bit each: which keys a key file may have depends on it */
typedef enum {
	KEY_FILE_LINES = 1 << 0,
	KEY_FILE_CSV = 1 << 1,
	KEY_FILE_JSON = 1 << 2,
} KeyFileFormat;

/* label.KEY=TEMPLATE and its like */
typedef struct {
	char *name;
	KeyFileTemplate *value;
} KeyFilePair;

/* only.REFERENCE=REGEX and its like */
typedef struct {
	KeyFileReference *reference;
	KeyFileRegex *regex;
} KeyFileCondition;

/* [run] */
typedef struct {
	GPtrArray *lines; /* of KeyFileRegex, whose groups are facts */
	KeyFileRegex *begin;
	KeyFileRegex *end;
	KeyFileRegex *failed;
	KeyFileRegex *partial;
	GPtrArray *failed_when; /* of KeyFileCondition */
	KeyFileTemplate *started_at;
	KeyFileTemplate *build;
	KeyFileTemplate *revision;
	KeyFileTemplate *url;
	GPtrArray *labels; /* of KeyFilePair, and so are all pairs */
	GPtrArray *environment;
	GPtrArray *parameters;
} KeyFileRun;

/* [result NAME] */
typedef struct {
	char *name;
	KeyFilePlace place;
	KeyFileRegex *line;
	KeyFilePath *items;
	KeyFileTemplate *benchmark;
	KeyFileTemplate *metric;
	KeyFileTemplate *unit; /* NULL: it stands behind the number */
	KeyFileTemplate *value;
	KeyFileTemplate *direction; /* NULL: as the unit has it */
	KeyFileTemplate *stat;      /* NULL: a result, not a statistic of the one before */
	int power_of_ten;
	double scale; /* beside it; 1 when there is none */
	GPtrArray *labels;
	GPtrArray *stats;
	GPtrArray *units;     /* of KeyFilePair: what the log calls them, and their symbols */
	GPtrArray *only;      /* of KeyFileCondition */
	gboolean is_repeated; /* values of the same result are its replicates */
} KeyFileResult;

/* a key file that is understood */
typedef struct {
	KeyFileText *text;
	char *name;
	char *version; /* with the digest of the file */
	char *description;
	char *tool;
	char *globs;       /* separated by ; */
	char *marks;       /* nullable: see PerfdashParserModule */
	GPtrArray *sniffs; /* of KeyFileRegex */
	KeyFileFormat format;
	gboolean is_by_line; /* JSON: every line is a document */
	char separator;      /* 0: the one that the header has */
	char decimal;
	char thousands;       /* 0: none */
	GTimeZone *time_zone; /* nullable */
	guint score;
	KeyFileRun run;
	GPtrArray *results; /* of KeyFileResult */
} KeyFile;

/* NULL with PERFDASH_ERROR_BLOCKED, which names file, line and key */
KeyFile *
key_file_load(const char *path, GError **error);
void
key_file_free(KeyFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyFile, key_file_free)

/* reads the settings of a group with a table of keys */
typedef struct {
	KeyFile *file;
	const KeyFileGroup *group;
	const KeyFileEntry *entry;
	const char *rest; /* of a key behind its dot: KEY of label.KEY */
} KeyFileCursor;
typedef gboolean (*KeyFileRead)(KeyFileCursor *cursor, gpointer field, GError **error);
typedef struct {
	const char *name; /* with a dot at the end when any name may follow */
	guint formats;    /* of KeyFileFormat */
	KeyFileRead read;
	gsize offset; /* of what it sets */
} KeyFileKey;

/* keys end with a name that is NULL */
gboolean
key_file_read_group(KeyFile *self,
		    const KeyFileGroup *group,
		    const KeyFileKey *keys,
		    gpointer target,
		    GError **error);
/* what fields of a group hold */
gboolean
key_file_read_text(KeyFileCursor *cursor, gpointer field, GError **error);
gboolean
key_file_read_regex(KeyFileCursor *cursor, gpointer field, GError **error);
gboolean
key_file_read_regexes(KeyFileCursor *cursor, gpointer field, GError **error);
gboolean
key_file_read_template(KeyFileCursor *cursor, gpointer field, GError **error);
gboolean
key_file_read_label(KeyFileCursor *cursor, gpointer field, GError **error);
gboolean
key_file_read_pair(KeyFileCursor *cursor, gpointer field, GError **error);
gboolean
key_file_read_condition(KeyFileCursor *cursor, gpointer field, GError **error);

/* the keys of each kind of group */
extern const KeyFileKey key_file_run_keys[];
extern const KeyFileKey key_file_result_keys[];
/* what a result lacks, and whether what it refers to exists */
gboolean
key_file_result_complete(KeyFile *self, KeyFileResult *result, GError **error);
KeyFileResult *
key_file_result_new(const KeyFileGroup *group, const char *name);
void
key_file_result_free(KeyFileResult *self);
void
key_file_run_init(KeyFileRun *self);
void
key_file_run_clear(KeyFileRun *self);
gboolean
key_file_run_complete(KeyFile *self, GError **error);
/* the columns that the results of a key file for CSV refer to */
guint
key_file_csv_count_columns(KeyFile *file);

G_END_DECLS
