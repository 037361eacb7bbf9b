/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytes as a line of perfdash analyze. Whatever they are, it is refused with a reason, or read for
 * finite values and an id; what is written of that is read as the same again. */

#include <math.h>
#include <string.h>

#include "../../cli/pdc-series-line.h"
#include "fuzz-strict.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void
check(const PdcSeriesLine *line, const char *text, gsize size)
{
	g_assert_true(text <= line->id && line->id + line->id_size <= text + size);
	g_assert_cmpuint(line->id_size, >, 0);
	g_assert_true(line->has_times || line->times->len == 0);
	for (guint i = 0; i < line->values->len; i++)
		g_assert_true(isfinite(g_array_index(line->values, double, i)));
}

static GBytes *
write_line(const PdcSeriesLine *line)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_name(writer, "id");
	perfdash_json_writer_raw(writer, line->id, line->id_size);
	perfdash_json_writer_name(writer, "direction");
	perfdash_json_writer_string(writer, perfdash_direction_to_string(line->direction));
	perfdash_json_writer_name(writer, "values");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < line->values->len; i++)
		perfdash_json_writer_double(writer, g_array_index(line->values, double, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
	return perfdash_json_writer_end(writer);
}

static void
assert_same(const PdcSeriesLine *one, const PdcSeriesLine *other)
{
	g_assert_cmpmem(one->id, one->id_size, other->id, other->id_size);
	g_assert_cmpint(one->direction, ==, other->direction);
	g_assert_cmpuint(one->values->len, ==, other->values->len);
	for (guint i = 0; i < one->values->len; i++)
		g_assert_cmpfloat(g_array_index(one->values, double, i),
				  ==,
				  g_array_index(other->values, double, i));
}

static void
read_again(const PdcSeriesLine *line)
{
	g_auto(PdcSeriesLine) again;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = write_line(line);
	gsize size = g_bytes_get_size(bytes);
	g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), size);
	pdc_series_line_init(&again);
	pdc_series_line_read(&again, text, size, &error);
	g_assert_no_error(error);
	assert_same(line, &again);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static gboolean is_strict;
	g_auto(PdcSeriesLine) line;
	g_autoptr(GError) error = NULL;
	if (!is_strict)
		fuzz_be_strict();
	is_strict = TRUE;
	/* no byte more than there is, so that what reads past it is seen */
	g_autofree char *text = g_malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	pdc_series_line_init(&line);
	if (pdc_series_line_read(&line, text, size, &error)) {
		g_assert_no_error(error);
		check(&line, text, size);
		read_again(&line);
	} else {
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	}
	return 0;
}
