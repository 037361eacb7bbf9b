/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-field.h"
#include "reader-quantity.h"

G_BEGIN_DECLS

/* the results of one test of one benchmark, kept until its end says what they are worth; a result
 * may get its statistics before its value, and has none when no value comes */
typedef struct _ReaderReport ReaderReport;

ReaderReport *
reader_report_new(void);
void
reader_report_free(ReaderReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReaderReport, reader_report_free)
/* forgets all results */
void
reader_report_clear(ReaderReport *self);
/* of the log, where what comes next is found */
void
reader_report_set_line(ReaderReport *self, guint line);
/* a result, when something was there; metric must stay valid */
void
reader_report_add(ReaderReport *self,
		  const char *metric,
		  PerfdashDirection direction,
		  ReaderQuantity quantity);
/* likewise, one of several of a metric, which a label tells apart */
void
reader_report_add_kind(ReaderReport *self,
		       const char *metric,
		       const char *key,
		       const char *kind,
		       PerfdashDirection direction,
		       ReaderQuantity quantity);
/* the number behind the prefix that a line begins with; blanks before it do not count. FALSE when
 * the line is none of the fields or has no number */
gboolean
reader_report_add_field(ReaderReport *self, const char *line, const ReaderField *fields);
/* a statistic of a metric, when something was there; the first one of a name counts */
void
reader_report_add_stat(ReaderReport *self,
		       const char *metric,
		       const char *name,
		       ReaderQuantity quantity);
void
reader_report_add_percentile(ReaderReport *self,
			     const char *metric,
			     double percent,
			     ReaderQuantity quantity);
/* the value of a metric in its base unit; FALSE when it has none */
gboolean
reader_report_get(ReaderReport *self, const char *metric, double *value);
/* hands all results to the builder. only_counts: of a test in which everything failed, so that only
 * what was counted and how long it took is true */
void
reader_report_end(ReaderReport *self,
		  PerfdashRunBuilder *builder,
		  const char *benchmark,
		  gboolean only_counts);

G_END_DECLS
