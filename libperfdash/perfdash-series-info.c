/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-series-info-private.h"

#include "perfdash-labels-private.h"

#include <string.h>

#define ID_DIGITS 16

struct _PerfdashSeriesInfo {
	gatomicrefcount refs;
	PerfdashLabels *labels;
	const char *unit; /* interned */
	PerfdashDirection direction;
	char id[ID_DIGITS + 1];
};

G_DEFINE_BOXED_TYPE(PerfdashSeriesInfo,
		    perfdash_series_info,
		    perfdash_series_info_ref,
		    perfdash_series_info_unref)

static void
set_id(PerfdashSeriesInfo *self, PerfdashLabels *apart)
{
	gsize size;
	const char *packed = perfdash_labels_get_packed(self->labels, &size);
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	g_checksum_update(checksum, (const guchar *)packed, size);
	g_checksum_update(checksum, (const guchar *)self->unit, -1);
	if (apart != NULL) {
		packed = perfdash_labels_get_packed(apart, &size);
		g_checksum_update(checksum, (const guchar *)packed, size);
	}
	g_strlcpy(self->id, g_checksum_get_string(checksum), sizeof(self->id));
}

/**
 * perfdash_series_info_new:
 * @labels: all labels, those of the run and those of the result
 * @unit: a base unit
 * @direction: which way the metric gets better
 *
 * Returns: (transfer full): what a series is of
 *
 * Since: 0.1
 */
PerfdashSeriesInfo *
perfdash_series_info_new(PerfdashLabels *labels, const char *unit, PerfdashDirection direction)
{
	g_return_val_if_fail(labels != NULL && unit != NULL, NULL);
	PerfdashSeriesInfo *self = g_new0(PerfdashSeriesInfo, 1);
	g_atomic_ref_count_init(&self->refs);
	self->labels = perfdash_labels_ref(labels);
	self->unit = g_intern_string(unit);
	self->direction = direction;
	set_id(self, NULL);
	return self;
}

PerfdashSeriesInfo *
perfdash_series_info_new_apart(PerfdashSeriesInfo *self, PerfdashLabels *run_labels)
{
	PerfdashSeriesInfo *apart = perfdash_series_info_new(self->labels,
							     self->unit,
							     self->direction);
	set_id(apart, run_labels);
	return apart;
}

PerfdashSeriesInfo *
perfdash_series_info_with_direction(PerfdashSeriesInfo *self, PerfdashDirection direction)
{
	PerfdashSeriesInfo *info = perfdash_series_info_new(self->labels, self->unit, direction);
	memcpy(info->id, self->id, sizeof(info->id));
	return info;
}

/**
 * perfdash_series_info_ref:
 * @self: a #PerfdashSeriesInfo
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashSeriesInfo *
perfdash_series_info_ref(PerfdashSeriesInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_series_info_unref:
 * @self: (transfer full): a #PerfdashSeriesInfo
 *
 * Since: 0.1
 */
void
perfdash_series_info_unref(PerfdashSeriesInfo *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	perfdash_labels_unref(self->labels);
	g_free(self);
}

/**
 * perfdash_series_info_get_id:
 * @self: a #PerfdashSeriesInfo
 *
 * Returns: 16 hexadecimal digits made from labels and unit: the same in every store
 *
 * Since: 0.1
 */
const char *
perfdash_series_info_get_id(PerfdashSeriesInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->id;
}

/**
 * perfdash_series_info_get_labels:
 * @self: a #PerfdashSeriesInfo
 *
 * Returns: (transfer none): the labels
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_series_info_get_labels(PerfdashSeriesInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->labels;
}

/**
 * perfdash_series_info_get_unit:
 * @self: a #PerfdashSeriesInfo
 *
 * Returns: the base unit
 *
 * Since: 0.1
 */
const char *
perfdash_series_info_get_unit(PerfdashSeriesInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->unit;
}

/**
 * perfdash_series_info_get_direction:
 * @self: a #PerfdashSeriesInfo
 *
 * Returns: which way the metric gets better
 *
 * Since: 0.1
 */
PerfdashDirection
perfdash_series_info_get_direction(PerfdashSeriesInfo *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_DIRECTION_NONE);
	return self->direction;
}
