/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what a row of a JTL is about */
typedef enum {
	JMETER_SAMPLE,
	JMETER_TRANSACTION, /* samples that have rows of their own, together */
	JMETER_PART,        /* a part of the sample around it */
	JMETER_N_KINDS,
} JmeterKind;

/* a part of a log; quotes in one that was quoted are doubled */
typedef struct {
	const char *text;
	gsize size;
	guint is_quoted; /* 0 or 1 */
} JmeterField;

/* one row of a JTL */
typedef struct {
	JmeterField label;
	gint64 start; /* milliseconds since 1970 */
	gboolean has_start;
	gint64 elapsed; /* milliseconds */
	gboolean success;
	gboolean has_success;
	JmeterKind kind;
} JmeterSample;

/* what reading a whole log says beside the samples */
typedef struct {
	gboolean has_zone; /* of its times it is known which zone they are of */
	gboolean is_cut;   /* it ends too early */
	gsize rest;        /* where something else follows, or 0 */
	guint64 n_bad;     /* rows that are no samples */
	guint first_bad;   /* the line where the first of them begins */
} JmeterRemarks;

/* as warnings of a JTL that begins at a line */
void
jmeter_remarks_add(const JmeterRemarks *remarks, guint line, PerfdashRunBuilder *builder);

/* the samples of a log, by label */
typedef struct _JmeterSamples JmeterSamples;

JmeterSamples *
jmeter_samples_new(void);
void
jmeter_samples_free(JmeterSamples *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JmeterSamples, jmeter_samples_free)
/* bytes up to end may be looked at */
void
jmeter_samples_add(JmeterSamples *self, const char *end, const JmeterSample *sample);
guint64
jmeter_samples_get_n(JmeterSamples *self);
/* adds the results; has_zone: whether the times are of a known zone, so that the start can be told
 */
void
jmeter_samples_end(JmeterSamples *self, gboolean has_zone, PerfdashRunBuilder *builder);

G_END_DECLS
