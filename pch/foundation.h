/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What nearly every file includes, for builds with -Dprecompiled=true: more than half of what a
 * compiler reads of this tree. */

#include <gio/gio.h>
#include <math.h>
#include <string.h>
