/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-change.h>

G_BEGIN_DECLS

/**
 * PerfdashSuspect:
 * @PERFDASH_SUSPECT_UNCLEAR: nothing says what it was
 * @PERFDASH_SUSPECT_CODE: what was tested
 * @PERFDASH_SUSPECT_LAB: the lab: much of it moved at once, or what code cannot move did
 * @PERFDASH_SUSPECT_MACHINE: no code is between
 *
 * What made changes that one cause can explain.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_SUSPECT_UNCLEAR,
	PERFDASH_SUSPECT_CODE,
	PERFDASH_SUSPECT_LAB,
	PERFDASH_SUSPECT_MACHINE,
} PerfdashSuspect;

#define PERFDASH_TYPE_SUSPECT (perfdash_suspect_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_suspect_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_suspect_to_string(PerfdashSuspect suspect);

#define PERFDASH_TYPE_CHANGE_GROUP (perfdash_change_group_get_type())

typedef struct _PerfdashChangeGroup PerfdashChangeGroup;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_change_group_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangeGroup *
perfdash_change_group_ref(PerfdashChangeGroup *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_group_unref(PerfdashChangeGroup *self);

PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_change_group_get_changes(PerfdashChangeGroup *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChange *
perfdash_change_group_get_worst(PerfdashChangeGroup *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChange *
perfdash_change_group_get_typical(PerfdashChangeGroup *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_group_get_time_range(PerfdashChangeGroup *self, gint64 *from, gint64 *to);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_change_group_count(PerfdashChangeGroup *self, PerfdashChangeKind kind);
PERFDASH_AVAILABLE_IN_0_1
char **
perfdash_change_group_list_values(PerfdashChangeGroup *self, const char *key);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSuspect
perfdash_change_group_get_suspect(PerfdashChangeGroup *self);
PERFDASH_AVAILABLE_IN_0_1
const char *const *
perfdash_change_group_get_evidence(PerfdashChangeGroup *self);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_change_group_describe(PerfdashChangeGroup *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashChangeGroup, perfdash_change_group_unref)

G_END_DECLS
