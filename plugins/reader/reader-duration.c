/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-duration.h"

#include <string.h>

#include "reader-text.h"

/* longer names first */
static const struct {
	const char *suffix;
	const char *unit;
} units[] = {{"ns", "ns"},
	     {"us", "us"},
	     {"\xc2\xb5s", "us"},
	     {"\xce\xbcs", "us"},
	     {"ms", "ms"},
	     {"s", "s"},
	     {"m", "min"},
	     {"h", "h"}};

static ReaderQuantity
read_part(const char *text, const char **rest)
{
	ReaderQuantity part = {0, NULL};
	const char *behind;
	if (!reader_number(text, &part.value, &behind))
		return part;
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!g_str_has_prefix(behind, units[i].suffix))
			continue;
		part.unit = units[i].unit;
		*rest = behind + strlen(units[i].suffix);
		return part;
	}
	return part;
}

ReaderQuantity
reader_duration(const char *text, const char **rest)
{
	const char *behind = text;
	ReaderQuantity sum = read_part(text, &behind);
	/* one part is exactly what was printed */
	while (sum.unit != NULL && g_ascii_isdigit(*behind)) {
		ReaderQuantity part = read_part(behind, &behind);
		if (part.unit == NULL)
			break;
		sum.value = reader_quantity_to_base(sum) + reader_quantity_to_base(part);
		sum.unit = "s";
	}
	if (rest != NULL)
		*rest = behind;
	return sum;
}
