/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "reader-text.h"

G_BEGIN_DECLS

#define OPENSSL_SPEED_MAX_SIZES 32

/* one run of openssl speed */
typedef struct {
	PerfdashRunBuilder *builder;
	gboolean started;
	gboolean has_results;
	char *version;                         /* nullable; may be that of the next run */
	double sizes[OPENSSL_SPEED_MAX_SIZES]; /* of blocks, in bytes */
	guint n_sizes;
	guint n_processes;
	char *seconds; /* nullable: how long each test lasts */
	gboolean is_elapsed;
	GStrv columns;       /* of the table that is being read, nullable */
	gboolean in_rows;    /* the line before was one of a table */
	guint n_throughputs; /* results of a block size */
	GPtrArray *measured; /* of OpensslSpeedTest, until the tables come */
	GHashTable *begun;   /* names of tests: one that comes again begins the next run */
	char *test;          /* of -mr, whose result comes next, nullable */
	double test_size;
} OpensslSpeedRun;

/* a test that is over, of a run whose tables may never come */
typedef struct {
	char *benchmark;
	double value; /* bytes per second */
	guint line;
} OpensslSpeedTest;

void
openssl_speed_add(OpensslSpeedRun *run,
		  const char *benchmark,
		  const char *metric,
		  const char *unit,
		  double value);
/* with the size of a block in its name */
void
openssl_speed_add_size(OpensslSpeedRun *run,
		       const char *name,
		       double size,
		       const char *unit,
		       double value);
void
openssl_speed_begin_test(OpensslSpeedRun *run, const char *name, double size);
/* a result that counts only when no table comes */
void
openssl_speed_keep(OpensslSpeedRun *run,
		   const char *name,
		   double size,
		   double count,
		   double seconds,
		   guint line);
/* a line that may be one of the tables for people */
void
openssl_speed_read_table(OpensslSpeedRun *run, const char *line);
/* a line of -mr */
gboolean
openssl_speed_read_mr(OpensslSpeedRun *run, const char *line, guint number);

G_END_DECLS
