/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashStanding:
 * @PERFDASH_STANDING_SHOWN: its results are in series and in everything that is made of them
 * @PERFDASH_STANDING_HIDDEN: a person said that it is no measurement, such as of a wrong machine
 * @PERFDASH_STANDING_REPLACED: another run took its place, such as a later reading of its log
 *
 * Whether the results of a run count. A run that is not shown stays in the store.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_STANDING_SHOWN,
	PERFDASH_STANDING_HIDDEN,
	PERFDASH_STANDING_REPLACED,
} PerfdashStanding;

#define PERFDASH_TYPE_STANDING (perfdash_standing_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_standing_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_standing_to_string(PerfdashStanding standing);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_standing_from_string(const char *text, PerfdashStanding *standing);

G_END_DECLS
