/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-unit.h"

#include <string.h>

#define MAX_UNIT 32 /* bytes, of what the builder takes */

static const struct {
	const char *word; /* in lower case: "Bytes" is "bytes" */
	const char *unit;
	double factor;
} units[] = {
	{"ns/iter", "ns", 1},
	{"us/iter", "us", 1},
	{"ms/iter", "ms", 1},
	{"s/iter", "s", 1},
	{"ns/op", "ns", 1},
	{"us/op", "us", 1},
	{"ms/op", "ms", 1},
	{"s/op", "s", 1},
	{"nsec", "ns", 1},
	{"nanoseconds", "ns", 1},
	{"usec", "us", 1},
	{"microseconds", "us", 1},
	{"msec", "ms", 1},
	{"milliseconds", "ms", 1},
	{"sec", "s", 1},
	{"secs", "s", 1},
	{"seconds", "s", 1},
	{"minutes", "min", 1},
	{"ops/s", "1/s", 1},
	{"ops/sec", "1/s", 1},
	{"op/s", "1/s", 1},
	{"iter/s", "1/s", 1},
	{"iter/sec", "1/s", 1},
	{"i/s", "1/s", 1},
	{"it/s", "1/s", 1},
	{"req/s", "1/s", 1},
	{"req/sec", "1/s", 1},
	{"reqs/s", "1/s", 1},
	{"requests/s", "1/s", 1},
	{"requests/sec", "1/s", 1},
	{"hz", "1/s", 1},
	{"ops/ms", "1/s", 1e3},
	{"ops/us", "1/s", 1e6},
	{"ops/ns", "1/s", 1e9},
	{"byte", "B", 1},
	{"bytes", "B", 1},
	{"sizeinbytes", "B", 1},
	{"b/op", "B", 1},
	{"bytes/s", "B/s", 1},
	{"bytes/sec", "B/s", 1},
	{"bytespersecond", "B/s", 1},
	{"mb/sec", "MB/s", 1},
	{"percent", "%", 1},
	{"count", "1", 1},
	{"unitless", "1", 1},
};

const char *
reader_unit(const char *word, double *value)
{
	if (word == NULL || *word == '\0' || strlen(word) > MAX_UNIT)
		return "1";
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (g_ascii_strcasecmp(units[i].word, word) != 0)
			continue;
		*value *= units[i].factor;
		return units[i].unit;
	}
	return word;
}
