/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-quantity.h"

G_BEGIN_DECLS

/* a time as programs in Go print it: 1.5ms, 287µs, 1m2.5s, 1h0m3s. rest, when not NULL, points
 * behind it. No unit when there is none */
ReaderQuantity
reader_duration(const char *text, const char **rest);

G_END_DECLS
