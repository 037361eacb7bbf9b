/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values are kept in base units, so that one lab's "1.2 ms" and another's "1200 us" are one series.
 * What the log says is a decimal, and it is converted as one: 31.15 ms is 3115 / 10^5 s, the double
 * nearest to 0.03115, which 31.15 / 1000 is not. */

#include "perfdash-unit.h"

#include <math.h>

#include "perfdash-decimal.h"

G_DEFINE_ENUM_TYPE(PerfdashDirection,
		   perfdash_direction,
		   G_DEFINE_ENUM_VALUE(PERFDASH_DIRECTION_NONE, "none"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_DIRECTION_LOWER, "lower"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_DIRECTION_HIGHER, "higher"))

typedef struct {
	const char *name;
	const char *base;
	double factor; /* whole */
	int shift;     /* power of ten to divide by */
} Unit;

static const Unit units[] = {
	{"s", "s", 1, 0},
	{"ms", "s", 1, 3},
	{"us", "s", 1, 6},
	{"µs", "s", 1, 6},
	{"ns", "s", 1, 9},
	{"min", "s", 60, 0},
	{"h", "s", 3600, 0},
	{"1", "1", 1, 0},
	{"ratio", "ratio", 1, 0},
	{"%", "ratio", 1, 2},
	{"B", "B", 1, 0},
	{"kB", "B", 1, -3},
	{"MB", "B", 1, -6},
	{"GB", "B", 1, -9},
	{"TB", "B", 1, -12},
	{"KiB", "B", 1024, 0},
	{"MiB", "B", 1048576, 0},
	{"GiB", "B", 1073741824, 0},
	{"TiB", "B", 1099511627776, 0},
	{"bit", "bit", 1, 0},
	{"kbit", "bit", 1, -3},
	{"Mbit", "bit", 1, -6},
	{"Gbit", "bit", 1, -9},
};

static const char *const bases_per_second[] = {"B/s", "bit/s", "1/s"};

/**
 * perfdash_direction_to_string:
 * @direction: a #PerfdashDirection
 *
 * Returns: `none`, `lower` or `higher`
 *
 * Since: 0.1
 */
const char *
perfdash_direction_to_string(PerfdashDirection direction)
{
	static const char *const names[] = {"none", "lower", "higher"};
	g_return_val_if_fail((guint)direction < G_N_ELEMENTS(names), "none");
	return names[direction];
}

/**
 * perfdash_direction_from_string:
 * @text: what perfdash_direction_to_string() gave
 * @direction: (out): the #PerfdashDirection
 *
 * Returns: whether @text names a direction
 *
 * Since: 0.1
 */
gboolean
perfdash_direction_from_string(const char *text, PerfdashDirection *direction)
{
	for (PerfdashDirection i = PERFDASH_DIRECTION_NONE; i <= PERFDASH_DIRECTION_HIGHER; i++) {
		if (g_str_equal(text, perfdash_direction_to_string(i))) {
			*direction = i;
			return TRUE;
		}
	}
	return FALSE;
}

static const Unit *
find_unit(const char *name, gsize length)
{
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (strncmp(units[i].name, name, length) == 0 && units[i].name[length] == '\0')
			return &units[i];
	}
	return NULL;
}

static const char *
find_base_per_second(const char *base)
{
	for (guint i = 0; i < G_N_ELEMENTS(bases_per_second); i++) {
		gsize length = strlen(bases_per_second[i]) - strlen("/s");
		if (strlen(base) == length && strncmp(bases_per_second[i], base, length) == 0)
			return bases_per_second[i];
	}
	return NULL;
}

static double
convert(const Unit *unit, double value)
{
	gint64 mantissa;
	int exponent;
	if (!perfdash_decimal_from_double(value, 0, &mantissa, &exponent) ||
	    exponent + unit->shift > PERFDASH_DECIMAL_MAX_EXPONENT)
		return value * unit->factor / pow(10, unit->shift);
	exponent += unit->shift;
	if (exponent >= 0)
		return (double)mantissa * unit->factor / perfdash_decimal_power(exponent);
	return (double)mantissa * unit->factor * perfdash_decimal_power(-exponent);
}

/**
 * perfdash_unit_to_base:
 * @unit: a unit such as `ms`, `KiB/s` or `%`, or a word of the tool's own
 * @value: a value in @unit
 * @base_value: (out): the same value in the base unit
 *
 * Converts to the base units `s`, `B`, `B/s`, `bit`, `bit/s`, `1/s`, `1` and `ratio`. Decimal
 * prefixes are `k M G T` in front of `B` and `bit`, binary ones `Ki Mi Gi Ti`. A unit that is not
 * known is its own base.
 *
 * Returns: the base unit, valid for ever
 *
 * Since: 0.1
 */
const char *
perfdash_unit_to_base(const char *unit, double value, double *base_value)
{
	g_return_val_if_fail(unit != NULL, "1");
	const Unit *found = find_unit(unit, strlen(unit));
	const char *base = found != NULL ? found->base : NULL;
	if (found == NULL && g_str_has_suffix(unit, "/s")) {
		found = find_unit(unit, strlen(unit) - strlen("/s"));
		base = found != NULL ? find_base_per_second(found->base) : NULL;
	}
	if (base == NULL) {
		*base_value = value;
		return g_intern_string(unit);
	}
	*base_value = convert(found, value);
	return base;
}

/**
 * perfdash_direction_of_unit:
 * @unit: a unit
 *
 * What a unit says of the direction when nothing else does: a time is better when it is lower, a
 * rate when it is higher.
 *
 * Returns: a #PerfdashDirection
 *
 * Since: 0.1
 */
PerfdashDirection
perfdash_direction_of_unit(const char *unit)
{
	double ignored;
	g_return_val_if_fail(unit != NULL, PERFDASH_DIRECTION_NONE);
	const char *base = perfdash_unit_to_base(unit, 0, &ignored);
	if (g_str_equal(base, "s"))
		return PERFDASH_DIRECTION_LOWER;
	for (guint i = 0; i < G_N_ELEMENTS(bases_per_second); i++) {
		if (g_str_equal(base, bases_per_second[i]))
			return PERFDASH_DIRECTION_HIGHER;
	}
	return PERFDASH_DIRECTION_NONE;
}

typedef struct {
	double from;
	const char *prefix;
} Step;

static const Step seconds_steps[] = {{1, ""}, {1e-3, "m"}, {1e-6, "µ"}, {0, "n"}};
static const Step binary_steps[] = {{1099511627776, "Ti"},
				    {1073741824, "Gi"},
				    {1048576, "Mi"},
				    {1024, "Ki"},
				    {0, ""}};
static const Step decimal_steps[] = {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {0, ""}};

static const Step *
find_step(const Step *steps, double magnitude)
{
	while (magnitude < steps->from)
		steps++;
	return steps;
}

static double
step_scale(const Step *steps, const Step *step)
{
	if (steps == seconds_steps)
		return step->from > 0 ? step->from : 1e-9;
	return step->from > 0 ? step->from : 1;
}

/**
 * perfdash_unit_format:
 * @unit: a base unit
 * @value: a value in @unit
 *
 * Writes a value for people, with four significant digits: `1.2 ms`, `3.4 GiB/s`, `6.2 %`.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
perfdash_unit_format(const char *unit, double value)
{
	g_return_val_if_fail(unit != NULL, NULL);
	const Step *steps = decimal_steps;
	if (g_str_equal(unit, "ratio"))
		return g_strdup_printf("%.4g %%", value * 100);
	if (g_str_equal(unit, "s"))
		steps = seconds_steps;
	else if (g_str_equal(unit, "B") || g_str_equal(unit, "B/s"))
		steps = binary_steps;
	if (value == 0)
		return g_str_equal(unit, "1") ? g_strdup("0") : g_strdup_printf("0 %s", unit);

	const Step *step = find_step(steps, fabs(value));
	double scaled = value / step_scale(steps, step);
	if (g_str_equal(unit, "1"))
		return g_strdup_printf("%.4g%s%s",
				       scaled,
				       *step->prefix != '\0' ? " " : "",
				       step->prefix);
	if (g_str_equal(unit, "1/s"))
		return g_strdup_printf("%.4g %s/s", scaled, step->prefix);
	return g_strdup_printf("%.4g %s%s", scaled, step->prefix, unit);
}
