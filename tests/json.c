/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-decimal.h"
#include "perfdash-error.h"
#include "perfdash-json.h"

#include <math.h>
#include <string.h>

static void
assert_double(double value, const char *expected)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_double(writer, value);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	g_autofree char *copy = g_strndup(text, size);
	g_assert_cmpstr(copy, ==, expected);
}

static void
test_doubles(void)
{
	assert_double(0, "0");
	assert_double(-0.0, "-0");
	assert_double(0.1, "0.1");
	assert_double(-31.15, "-31.15");
	assert_double(0.00023143, "0.00023143");
	assert_double(1.0 / 3, "0.3333333333333333");
	assert_double(278690529.28, "278690529.28");
	assert_double(9007199254740993.0, "9007199254740992");
	assert_double(1e300, "1e+300");
	assert_double(5e-324, "4.94065645841247e-324");
	assert_double(NAN, "null");
	assert_double(INFINITY, "null");
}

/* any double reads back as itself, whatever number came before it */
static void
test_round_trip(void)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < 100000; i++) {
		guint64 bits = (guint64)g_rand_int(random) << 32 | g_rand_int(random);
		double value;
		memcpy(&value, &bits, sizeof(value));
		if (i % 2 == 0)
			value = g_rand_int_range(random, -1000000, 1000000) /
				pow(10, g_rand_int_range(random, 0, 12));
		if (!isfinite(value))
			continue;
		g_array_append_val(values, value);
		perfdash_json_writer_double(writer, value);
	}
	perfdash_json_writer_end_array(writer);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	char *p = text;
	for (guint i = 0; i < values->len; i++) {
		double value = g_ascii_strtod(p + 1, &p);
		g_assert_true(value == g_array_index(values, double, i));
	}
	g_assert_cmpstr(p, ==, "]");
}

static void
test_decimals(void)
{
	static const struct {
		double value;
		gint64 mantissa;
		int exponent;
	} cases[] = {{31.15, 3115, 2}, {-7, -7, 0}, {1200, 1200, 0}, {1e-22, 1, 22}, {0.3, 3, 1}};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (int hint = -1; hint <= PERFDASH_DECIMAL_MAX_EXPONENT + 1; hint++) {
			gint64 mantissa;
			int exponent;
			g_assert_true(perfdash_decimal_from_double(cases[i].value,
								   hint,
								   &mantissa,
								   &exponent));
			g_assert_cmpint(mantissa, ==, cases[i].mantissa);
			g_assert_cmpint(exponent, ==, cases[i].exponent);
			g_assert_true(perfdash_decimal_to_double(mantissa, exponent) ==
				      cases[i].value);
		}
	}
}

static void
test_structure(void)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_name(writer, "a");
	perfdash_json_writer_begin_array(writer);
	perfdash_json_writer_int(writer, G_MININT64);
	perfdash_json_writer_int(writer, G_MAXINT64);
	perfdash_json_writer_boolean(writer, TRUE);
	perfdash_json_writer_null(writer);
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_end_object(writer);
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_name(writer, "q\"\\\n\x01\x7fé");
	perfdash_json_writer_string(writer, "\t/<");
	perfdash_json_writer_name(writer, "t");
	perfdash_json_writer_time(writer, G_GINT64_CONSTANT(1795540340012345));
	perfdash_json_writer_end_object(writer);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	g_assert_cmpstr(text,
			==,
			"{\"a\":[-9223372036854775808,9223372036854775807,true,null,{}],"
			"\"q\\\"\\\\\\n\\u0001\\u007fé\":\"\\t/<\","
			"\"t\":\"2026-11-24T17:12:20.012Z\"}");
}

static void
assert_depth(const char *json, guint max_depth, const char *message)
{
	g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
	g_autoptr(GError) error = NULL;
	gboolean fits = perfdash_json_check_depth(bytes, max_depth, &error);
	if (message == NULL) {
		g_assert_no_error(error);
		g_assert_true(fits);
	} else {
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_OVER_LIMIT);
		g_assert_cmpstr(error->message, ==, message);
	}
}

static void
test_depth(void)
{
	g_autofree char *brackets = g_strnfill(100000, '[');
	assert_depth("", 1, NULL);
	assert_depth("[[]]", 2, NULL);
	assert_depth("[{\"a\":[]}]", 2, "JSON is nested more than 2 deep at byte 6");
	assert_depth("[\"[[[\\\"[[\", \"\\", 1, NULL);
	assert_depth("]]]][[", 2, NULL);
	assert_depth(brackets, 64, "JSON is nested more than 64 deep at byte 64");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json/doubles", test_doubles);
	g_test_add_func("/json/round-trip", test_round_trip);
	g_test_add_func("/json/decimals", test_decimals);
	g_test_add_func("/json/structure", test_structure);
	g_test_add_func("/json/depth", test_depth);
	return g_test_run();
}
