/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* adds the distributions that "report -type=hist[...]" and "report -type=hdrplot" write, each as a
 * run and with a new one begun behind it */
void
vegeta_distribution_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
