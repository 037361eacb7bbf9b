/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-quantity.h"

#include <math.h>
#include <string.h>

#include "reader-text.h"

const ReaderSuffix reader_times[] = {{"ns", "ns", 0},
				     {"nsec", "ns", 0},
				     {"us", "us", 0},
				     {"usec", "us", 0},
				     {"\xc2\xb5s", "us", 0},
				     {"\xce\xbcs", "us", 0},
				     {"ms", "ms", 0},
				     {"msec", "ms", 0},
				     {"s", "s", 0},
				     {"sec", "s", 0},
				     {"secs", "s", 0},
				     {"seconds", "s", 0},
				     {"m", "min", 0},
				     {"min", "min", 0},
				     {"h", "h", 0},
				     {NULL}};
const ReaderSuffix reader_counts[] = {{"", "1", 0},
				      {"k", "1", 3},
				      {"K", "1", 3},
				      {"M", "1", 6},
				      {"G", "1", 9},
				      {"T", "1", 12},
				      {NULL}};
const ReaderSuffix reader_sizes_1024[] = {{"B", "B", 0},
					  {"KB", "KiB", 0},
					  {"kB", "KiB", 0},
					  {"MB", "MiB", 0},
					  {"GB", "GiB", 0},
					  {"TB", "TiB", 0},
					  {NULL}};
const ReaderSuffix reader_sizes_1000[] = {{"B", "B", 0},
					  {"kB", "B", 3},
					  {"KB", "B", 3},
					  {"MB", "B", 6},
					  {"GB", "B", 9},
					  {"TB", "B", 12},
					  {NULL}};

ReaderQuantity
reader_quantity(const char *text, const ReaderSuffix *suffixes, const char **rest)
{
	ReaderQuantity quantity = {0, NULL};
	const char *behind;
	double value;
	if (rest != NULL)
		*rest = text != NULL ? text : "";
	if (text == NULL || !reader_number(text, &value, &behind))
		return quantity;
	const char *suffix = behind + strspn(behind, " ");
	gsize length = strcspn(suffix, " ,;\t()[]");
	for (const ReaderSuffix *one = suffixes; one->suffix != NULL; one++) {
		gboolean fits = strlen(one->suffix) == length &&
				strncmp(one->suffix, suffix, length) == 0;
		/* nothing behind the number, or something else behind a blank */
		gboolean none = *one->suffix == '\0' && suffix != behind;
		if ((fits || none) && quantity.unit == NULL &&
		    reader_scaled(text, one->power_of_ten, &quantity.value)) {
			quantity.unit = one->unit;
			if (none && !fits)
				suffix = behind, length = 0;
		}
	}
	/* one that has no base unit's number is none */
	if (!isfinite(reader_quantity_to_base(quantity)))
		quantity.unit = NULL;
	if (rest != NULL)
		*rest = suffix + length;
	return quantity;
}

ReaderQuantity
reader_quantity_after(const char *text, const char *mark, const ReaderSuffix *suffixes)
{
	const char *at = strstr(text, mark);
	return reader_quantity(at != NULL ? at + strlen(mark) : NULL, suffixes, NULL);
}

double
reader_quantity_to_base(ReaderQuantity quantity)
{
	double value = 0;
	if (quantity.unit != NULL)
		perfdash_unit_to_base(quantity.unit, quantity.value, &value);
	return value;
}

void
reader_add(PerfdashRunBuilder *builder,
	   const char *benchmark,
	   const char *metric,
	   PerfdashDirection direction,
	   ReaderQuantity quantity)
{
	double value;
	if (quantity.unit == NULL)
		return;
	const char *base = perfdash_unit_to_base(quantity.unit, quantity.value, &value);
	perfdash_run_builder_add_result(builder, benchmark, metric, base, direction, value);
}

void
reader_add_stat(PerfdashRunBuilder *builder, const char *name, ReaderQuantity quantity)
{
	if (quantity.unit != NULL)
		perfdash_run_builder_add_stat(builder, name, reader_quantity_to_base(quantity));
}

void
reader_add_percentile(PerfdashRunBuilder *builder, double percent, ReaderQuantity quantity)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_formatd(digits, sizeof(digits), "%.10g", percent);
	g_autofree char *name = g_strconcat("p", digits, NULL);
	reader_add_stat(builder, name, quantity);
}
