/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

void
rt_tests_read_cyclictest(GBytes *log, PerfdashRunBuilder *builder);
void
rt_tests_read_oslat(GBytes *log, PerfdashRunBuilder *builder);
void
rt_tests_read_hackbench(GBytes *log, PerfdashRunBuilder *builder);
gboolean
rt_tests_read_json(GBytes *document, PerfdashRunBuilder *builder, GError **error);

G_END_DECLS
