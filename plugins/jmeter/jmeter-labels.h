/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "jmeter-samples.h"

G_BEGIN_DECLS

/* finds what belongs to a label by the bytes that a log has, without a copy for each sample. Bytes
 * up to end may be looked at */
typedef struct _JmeterLabels JmeterLabels;

JmeterLabels *
jmeter_labels_new(void);
void
jmeter_labels_free(JmeterLabels *self);
/* NULL when the label is not known. Bytes up to end may be looked at */
gpointer
jmeter_labels_lookup(JmeterLabels *self, const JmeterField *label, const char *end);
/* a label that is not known. Keeps a copy of its bytes */
void
jmeter_labels_insert(JmeterLabels *self, const JmeterField *label, gpointer value);

G_END_DECLS
