/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

typedef struct {
	double value;
	char *unit;
} GoBenchValue;

/* a line of results */
typedef struct {
	char *name;     /* with GOMAXPROCS behind it */
	GArray *values; /* of GoBenchValue */
	guint line;
} GoBenchRow;

/* what the test binary of one package printed */
typedef struct {
	char *name;      /* nullable */
	char *facts[3];  /* nullable: goos, goarch, cpu */
	GPtrArray *rows; /* of GoBenchRow */
	GPtrArray *warnings;
	char *pending;     /* nullable: the name of a benchmark whose results are to come */
	gint64 started_at; /* us since 1970, 0 unknown */
	gboolean has_header;
	gboolean has_passed;
	gboolean has_failed;
	gboolean is_killed;
	gboolean is_cut;
	gboolean is_over;
} GoBenchPackage;

GoBenchRow *
go_bench_row_parse(const char *line, const char *pending);
void
go_bench_row_free(GoBenchRow *self);
/* the benchmark whose name a line begins with, or NULL */
char *
go_bench_find_name(const char *line);

GoBenchPackage *
go_bench_package_new(void);
void
go_bench_package_free(GoBenchPackage *self);
/* FALSE when the line says that another package begins, and this one has not read it */
gboolean
go_bench_package_read(GoBenchPackage *self, const char *line, guint number);
/* directions: of units, as the log has them */
void
go_bench_package_write(GoBenchPackage *self, GHashTable *directions, PerfdashRunBuilder *builder);

G_END_DECLS
