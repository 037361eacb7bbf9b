/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what people call units where they may write any word: "bytes" is B, "ops/sec" 1/s, "ns/iter" ns;
 * other words stay, and none is "1". value is multiplied when ours is another size ("ops/ms"). The
 * unit is valid as long as word */
const char *
reader_unit(const char *word, double *value);

G_END_DECLS
