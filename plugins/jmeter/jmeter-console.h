/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* adds what JMeter printed on a console or into jmeter.log, and logs that were printed there */
void
jmeter_console_read(GBytes *text, PerfdashRunBuilder *builder);

G_END_DECLS
