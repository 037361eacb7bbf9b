/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashDirection:
 * @PERFDASH_DIRECTION_NONE: neither more nor less is better
 * @PERFDASH_DIRECTION_LOWER: lower is better
 * @PERFDASH_DIRECTION_HIGHER: higher is better
 *
 * Which way a metric gets better.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_DIRECTION_NONE,
	PERFDASH_DIRECTION_LOWER,
	PERFDASH_DIRECTION_HIGHER,
} PerfdashDirection;

#define PERFDASH_TYPE_DIRECTION (perfdash_direction_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_direction_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_direction_to_string(PerfdashDirection direction);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_direction_from_string(const char *text, PerfdashDirection *direction);
PERFDASH_AVAILABLE_IN_0_1
PerfdashDirection
perfdash_direction_of_unit(const char *unit);

PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_unit_to_base(const char *unit, double value, double *base_value);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_unit_format(const char *unit, double value);

G_END_DECLS
