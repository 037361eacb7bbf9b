/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-unit.h"

static void
test_to_base(void)
{
	static const struct {
		const char *unit;
		double value;
		const char *base;
		double base_value;
	} cases[] = {
		{"s", 1.5, "s", 1.5},
		{"ms", 31.15, "s", 0.03115},
		{"ms", 0.031, "s", 0.000031},
		{"us", 231.43, "s", 0.00023143},
		{"µs", 231.43, "s", 0.00023143},
		{"ns", 8045.236323, "s", 8.045236323e-06},
		{"ns", 1e-20, "s", 1e-29},
		{"min", 1.5, "s", 90},
		{"h", 2, "s", 7200},
		{"%", 6.22, "ratio", 0.0622},
		{"%", 100.0 / 3, "ratio", 100.0 / 3 / 100},
		{"kB", 83.4, "B", 83400},
		{"MiB", 265.78, "B", 278690529.28},
		{"MiB/s", 85.72, "B/s", 89883934.72},
		{"Mbit/s", 943.2, "bit/s", 943200000},
		{"GB/s", 1.1, "B/s", 1.1e9},
		{"1/s", 7, "1/s", 7},
		{"1", -3, "1", -3},
		{"ratio", 0.5, "ratio", 0.5},
		{"fish", 2.5, "fish", 2.5},
		{"fish/s", 2.5, "fish/s", 2.5},
		{"ms/s", 2.5, "ms/s", 2.5},
		{"/s", 2.5, "/s", 2.5},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		double value;
		g_test_message("%g %s", cases[i].value, cases[i].unit);
		g_assert_cmpstr(perfdash_unit_to_base(cases[i].unit, cases[i].value, &value),
				==,
				cases[i].base);
		g_assert_true(value == cases[i].base_value);
	}
}

static void
test_format(void)
{
	static const struct {
		const char *unit;
		double value;
		const char *text;
	} cases[] = {
		{"s", 0.00123, "1.23 ms"},
		{"s", 0.000123444, "123.4 µs"},
		{"s", 2e-9, "2 ns"},
		{"s", -0.5, "-500 ms"},
		{"s", 90, "90 s"},
		{"s", 0, "0 s"},
		{"B", 1536, "1.5 KiB"},
		{"B/s", 3650722201.6, "3.4 GiB/s"},
		{"1/s", 55314.39, "55.31 k/s"},
		{"1/s", 3, "3 /s"},
		{"1", 171499, "171.5 k"},
		{"1", 0, "0"},
		{"ratio", 0.0622, "6.22 %"},
		{"bit/s", 943200000, "943.2 Mbit/s"},
		{"fish", 12, "12 fish"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = perfdash_unit_format(cases[i].unit, cases[i].value);
		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

static void
test_direction(void)
{
	PerfdashDirection direction;
	g_assert_cmpint(perfdash_direction_of_unit("ms"), ==, PERFDASH_DIRECTION_LOWER);
	g_assert_cmpint(perfdash_direction_of_unit("KiB/s"), ==, PERFDASH_DIRECTION_HIGHER);
	g_assert_cmpint(perfdash_direction_of_unit("1/s"), ==, PERFDASH_DIRECTION_HIGHER);
	g_assert_cmpint(perfdash_direction_of_unit("1"), ==, PERFDASH_DIRECTION_NONE);
	g_assert_true(perfdash_direction_from_string("higher", &direction));
	g_assert_cmpstr(perfdash_direction_to_string(direction), ==, "higher");
	g_assert_false(perfdash_direction_from_string("up", &direction));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/unit/to-base", test_to_base);
	g_test_add_func("/unit/format", test_format);
	g_test_add_func("/unit/direction", test_direction);
	return g_test_run();
}
