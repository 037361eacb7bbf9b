/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a run of a test program, as text and XML build it */
typedef struct {
	PerfdashRunBuilder *builder;
	gboolean has_runs; /* begun in the builder */
	gboolean is_open;
	gboolean has_end;
	gboolean has_failed; /* a test case */
	guint n_benchmarks;
	guint n_failed;  /* benchmarks */
	char *test_case; /* nullable */
} Catch2;

/* a benchmark; without analysis it has no deviation */
typedef struct {
	char *name;
	double samples;
	gboolean has_mean;
	double mean; /* seconds */
	gboolean has_sd;
	double sd;
} Catch2Benchmark;

void
catch2_benchmark_clear(Catch2Benchmark *benchmark);
/* version is NULL when it is not known */
void
catch2_start_run(Catch2 *self, const char *version);
void
catch2_end_run(Catch2 *self);
void
catch2_set_test_case(Catch2 *self, const char *name);
/* adds what was measured and clears it */
void
catch2_add_benchmark(Catch2 *self, Catch2Benchmark *benchmark);
void
catch2_add_failure(Catch2 *self, const char *name, const char *message);

void
catch2_read_text(GBytes *log, PerfdashRunBuilder *builder);
/* whether it begins like a document of Catch2 */
gboolean
catch2_is_xml(GBytes *log);
gboolean
catch2_read_xml(GBytes *log, PerfdashRunBuilder *builder, GError **error);

G_END_DECLS
