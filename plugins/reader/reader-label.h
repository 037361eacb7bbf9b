/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* gives the result added last a label that somebody else named: the key in the form of ours. Labels
 * that name a machine or a person are left out */
void
reader_add_label(PerfdashRunBuilder *builder, const char *key, const char *value);

G_END_DECLS
