/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-database.h"
#include "perfdash-row.h"
#include "perfdash-run.h"
#include "perfdash-selector.h"
#include "perfdash-series-private.h"

G_BEGIN_DECLS

typedef struct _PerfdashStream PerfdashStream;
typedef struct _PerfdashShape PerfdashShape;

/* what the store knows of a series */
typedef struct {
	gint64 id;
	PerfdashStream *stream;
	PerfdashSeriesInfo *info;
	PerfdashLabels *labels; /* those of the result */
	const char *stat;       /* interned; "" of the value itself */
	guint64 version;        /* grows with every result; 0 before the first is committed */
	guint64 analyzed;       /* the version whose changes are stored */
	guint64 n_edits;        /* how often changes were written since the store was opened */
	gboolean is_empty;      /* none of its runs is shown */
} PerfdashSeriesEntry;

typedef struct {
	PerfdashSeriesEntry *series;
	PerfdashSeriesInfo *info; /* what it was before */
} PerfdashReplacedInfo;

/* where a series stands in a shape */
typedef struct {
	guint32 series; /* id */
	guint32 position;
} PerfdashShapeIndex;

/* the series of a run's points, in order; immutable but for what is the writer's */
struct _PerfdashShape {
	gint64 id;
	guint n;
	guint n_results; /* without their percentiles */
	PerfdashSeriesEntry **series;
	PerfdashShapeIndex *index; /* n, by series */
	/* the writer's: what the next run is written near to */
	guint8 *usual;     /* powers of ten */
	PerfdashRow *base; /* nullable */
	gint64 base_run;   /* 0 if there is none */
	gsize base_size;   /* bytes of its points */
	guint n_near;      /* runs near to it */
};

/* a run whose points are not in segments yet; immutable */
typedef struct {
	gatomicrefcount refs;
	gint64 run;
	guint32 seq;
	gint64 time;
	PerfdashOutcome outcome;
	char *build;
	char *revision;
	PerfdashShape *shape;
	double values[];
} PerfdashTailRun;

/* what the store knows of runs with the same labels */
struct _PerfdashStream {
	gint64 id;
	PerfdashLabels *labels;
	guint32 n_runs;
	guint64 n_results;
	guint32 n_replaced; /* runs that others took the place of */
	guint64 n_replaced_results;
	gint64 last_time;
	guint32 n_derived;  /* runs in segments; the rest is in tail */
	GPtrArray *tail;    /* of PerfdashTailRun, seq n_derived to n_runs - 1 */
	guint32 n_analyzed; /* runs whose changes are stored */
	GArray *unshown; /* guint32, seq of runs that give no results, ascending; immutable, NULL:
			    none */
	guint64 n_standings; /* how often that or other runs than the newest changed since the store
			      was opened */
	gboolean cannot_derive;    /* it failed once; the writer's */
	GHashTable *series;        /* PerfdashSeriesEntry by labels, stat and unit */
	PerfdashShape *last_shape; /* nullable; the writer's */
	guint32 n_staged;          /* runs of the transaction under way; the writer's */
};

/* everything but points, in memory. Only the writer thread changes it, and holds the lock for
 * writing while it does; readers hold it for reading. Streams, series and shapes that were
 * committed live as long as the catalogue; readers find no others. */
typedef struct {
	GRWLock lock;
	GPtrArray *streams;        /* of PerfdashStream */
	GPtrArray *series;         /* of PerfdashSeriesEntry */
	GHashTable *streams_by_id; /* gint64 -> PerfdashStream */
	GHashTable *streams_by_labels;
	GHashTable *series_by_id;   /* gint64 -> PerfdashSeriesEntry */
	GHashTable *series_by_name; /* public id -> PerfdashSeriesEntry */
	GHashTable *shapes;         /* gint64 -> PerfdashShape */
	guint64 n_runs;             /* with those that are replaced */
	guint64 n_results;
	guint64 n_replaced;
	guint64 n_replaced_results;
	gint64 last_time;
	guint64 n_tail_points;
	guint64 generation;
	/* begin of a UTC day -> series with results of it, as far as somebody asked */
	GHashTable *n_active;
	guint n_settled_streams;
	guint n_settled_series; /* those that readers may know of */
	guint n_empty_series;   /* those of them that have no results which are shown */
	/* the writer's: what the transaction under way changed */
	GPtrArray *unsettled_shapes;
	GArray *replaced_infos; /* of PerfdashReplacedInfo */
} PerfdashCatalogue;

PerfdashCatalogue *
perfdash_catalogue_new(void);
void
perfdash_catalogue_free(PerfdashCatalogue *self);
void
perfdash_stream_free(PerfdashStream *self);
void
perfdash_shape_free(PerfdashShape *self);
gboolean
perfdash_catalogue_load(PerfdashCatalogue *self, PerfdashDatabase *database, GError **error);
/* runs begin to end - 1 of a stream as they are in the database; of PerfdashTailRun */
GPtrArray *
perfdash_catalogue_load_runs(PerfdashCatalogue *self,
			     PerfdashDatabase *database,
			     PerfdashStream *stream,
			     guint32 begin,
			     guint32 end,
			     GError **error);

PerfdashStream *
perfdash_catalogue_insert_stream(PerfdashCatalogue *self, gint64 id, PerfdashLabels *labels);
PerfdashSeriesEntry *
perfdash_series_entry_new(PerfdashStream *stream,
			  PerfdashLabels *labels,
			  const char *stat,
			  const char *unit,
			  PerfdashDirection direction);
void
perfdash_series_entry_free(PerfdashSeriesEntry *entry);
void
perfdash_catalogue_insert_series(PerfdashCatalogue *self, PerfdashSeriesEntry *entry);
PerfdashShape *
perfdash_catalogue_insert_shape(PerfdashCatalogue *self, gint64 id, GPtrArray *entries);
void
perfdash_catalogue_append_tail(PerfdashCatalogue *self,
			       PerfdashStream *stream,
			       PerfdashTailRun *run);

PerfdashStream *
perfdash_catalogue_find_stream(PerfdashCatalogue *self, gint64 id);
PerfdashSeriesEntry *
perfdash_catalogue_find_series(PerfdashCatalogue *self, const char *name);

GPtrArray *
perfdash_catalogue_list_series(PerfdashCatalogue *self, PerfdashSelector *selector);

/* for the writer: finds, or adds to database and catalogue */
PerfdashStream *
perfdash_catalogue_ensure_stream(PerfdashCatalogue *self,
				 PerfdashDatabase *database,
				 PerfdashLabels *labels,
				 GError **error);
PerfdashShape *
perfdash_catalogue_ensure_shape(PerfdashCatalogue *self,
				PerfdashDatabase *database,
				PerfdashStream *stream,
				PerfdashRun *run,
				GError **error);
/* by id, from the database where it is not in memory */
PerfdashShape *
perfdash_catalogue_load_shape(PerfdashCatalogue *self,
			      PerfdashDatabase *database,
			      gint64 id,
			      GError **error);

/* for the writer, after a commit or a rollback */
void
perfdash_catalogue_settle(PerfdashCatalogue *self);
void
perfdash_catalogue_unsettle(PerfdashCatalogue *self);
/* likewise, after changes of series with these ids were written; under the lock for writing */
void
perfdash_catalogue_settle_changes(PerfdashCatalogue *self, GPtrArray *ids);
void
perfdash_catalogue_append_run(PerfdashCatalogue *self,
			      PerfdashStream *stream,
			      PerfdashTailRun *run);
/* under the lock for writing */
void
perfdash_catalogue_set_empty(PerfdashCatalogue *self,
			     PerfdashSeriesEntry *entry,
			     gboolean is_empty);
void
perfdash_catalogue_set_derived(PerfdashCatalogue *self, PerfdashStream *stream, guint32 n_derived);

PerfdashTailRun *
perfdash_tail_run_new(PerfdashShape *shape);
PerfdashTailRun *
perfdash_tail_run_ref(PerfdashTailRun *self);
void
perfdash_tail_run_unref(PerfdashTailRun *self);

/* position of a series in a shape, or -1 */
int
perfdash_shape_find(PerfdashShape *self, guint32 series);
/* the value and the percentiles of each result, in order */
guint
perfdash_run_count_points(PerfdashRun *run);
void
perfdash_run_copy_points(PerfdashRun *run, double *values);

G_END_DECLS
