/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytes as a series: how values are written, how many of them are there before the others arrive,
 * and the values. Whatever they are, what is found stands in order, within the series and within
 * its bounds, and is found again. */

#include <math.h>
#include <string.h>

#include "fuzz-strict.h"

#include "perfdash.h"

#define MOST_VALUES 800

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

typedef struct {
	double *values;
	gint64 *times;
	gsize n;
	gsize n_old;
	PerfdashDirection direction;
} Input;

typedef enum {
	WRITTEN_AS_DOUBLES,
	WRITTEN_AS_BYTES,
	WRITTEN_AS_WORDS,
	WRITTEN_AS_DIFFERENCES,
	N_WRITTEN,
} Written;

static double
read_value(const guint8 *data, Written written, double last)
{
	gint16 word;
	double value;
	switch (written) {
	case WRITTEN_AS_DOUBLES:
		memcpy(&value, data, sizeof(value));
		return value;
	case WRITTEN_AS_WORDS:
		memcpy(&word, data, sizeof(word));
		return word / 64.0;
	case WRITTEN_AS_DIFFERENCES:
		return last + (gint8)*data / 8.0;
	default:
		return *data;
	}
}

/* data: 3 bytes and more */
static void
read_input(const guint8 *data, gsize size, Input *input)
{
	static const gsize sizes[N_WRITTEN] = {sizeof(double), 1, sizeof(gint16), 1};
	Written written = data[0] % N_WRITTEN;
	double last = 100;
	input->direction = data[1] % 3;
	input->n = MIN((size - 3) / sizes[written], MOST_VALUES);
	input->n_old = input->n * data[2] / 255;
	input->values = g_new(double, input->n + 1);
	input->times = data[1] & 0x80 ? g_new(gint64, input->n + 1) : NULL;
	for (gsize i = 0; i < input->n; i++) {
		last = read_value(data + 3 + i * sizes[written], written, last);
		input->values[i] = last;
		/* some of them at once, none before the last */
		if (input->times != NULL)
			input->times[i] = data[1] & 0x40 ? (gint64)(i / 3) * G_TIME_SPAN_DAY
					  : i < 5        ? G_MININT64
							 : G_MAXINT64;
	}
}

static void
assert_within(double low, double value, double high)
{
	/* a share of nothing is none */
	if (!isnan(value))
		g_assert_true(low <= value && value <= high);
}

static void
check_change(PerfdashChangePoint *change, gsize n)
{
	gsize index = perfdash_change_point_get_index(change);
	gsize first;
	gsize last;
	double low;
	double high;
	perfdash_change_point_get_range(change, &first, &last);
	g_assert_true(0 < first && first <= index && index <= last && last < n);
	double value = perfdash_change_point_get_before(change, &low, &high);
	g_assert_false(isnan(value));
	assert_within(low, value, high);
	value = perfdash_change_point_get_after(change, &low, &high);
	g_assert_false(isnan(value));
	assert_within(low, value, high);
	value = perfdash_change_point_get_change(change, &low, &high);
	assert_within(low, value, high);
	double p = perfdash_change_point_get_p(change);
	g_assert_true(p >= 0 && p <= 1);
	g_assert_false(isnan(perfdash_change_point_get_effect(change)));
	g_assert_nonnull(perfdash_change_point_get_confidence(change));
}

static void
check(PerfdashTrend *trend, gsize n)
{
	GPtrArray *changes = perfdash_trend_get_changes(trend);
	gsize before = 0;
	g_assert_cmpuint(perfdash_trend_get_length(trend), ==, n);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChangePoint *change = g_ptr_array_index(changes, i);
		check_change(change, n);
		g_assert_cmpuint(perfdash_change_point_get_index(change), >, before);
		before = perfdash_change_point_get_index(change);
	}
	PerfdashChangePoint *undecided = perfdash_trend_get_undecided(trend);
	if (undecided != NULL) {
		check_change(undecided, n);
		g_assert_cmpuint(perfdash_change_point_get_index(undecided), >, before);
		g_assert_cmpuint(perfdash_change_point_get_runs_needed(undecided), >, 0);
	}
	gsize n_outliers;
	const guint *outliers = perfdash_trend_get_outliers(trend, &n_outliers);
	for (gsize i = 0; i < n_outliers; i++)
		g_assert_true(outliers[i] < n && (i == 0 || outliers[i - 1] < outliers[i]));
	double low;
	double high;
	double level = perfdash_trend_get_level(trend, &low, &high);
	g_assert_true(n == 0 || !isnan(level));
	assert_within(low, level, high);
	double drift;
	if (perfdash_trend_get_drift(trend, &drift, &low, &high)) {
		g_assert_false(isnan(drift));
		assert_within(low, drift, high);
	}
	g_assert_true(perfdash_trend_get_noise(trend, NULL) >= 0);
	double rho = perfdash_trend_get_correlation(trend);
	g_assert_true(rho >= 0 && rho < 1);
}

static PerfdashTrend *
analyze(const Input *input, gsize n)
{
	g_autoptr(GError) error = NULL;
	PerfdashTrend *trend = perfdash_trend_new(input->values,
						  n,
						  input->times,
						  input->times != NULL ? n : 0,
						  input->direction,
						  &error);
	g_assert_true((trend == NULL) == (error != NULL));
	if (trend != NULL)
		check(trend, n);
	else
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	return trend;
}

static void
assert_same(PerfdashTrend *a, PerfdashTrend *b)
{
	GPtrArray *ours = perfdash_trend_get_changes(a);
	GPtrArray *theirs = perfdash_trend_get_changes(b);
	g_assert_cmpuint(ours->len, ==, theirs->len);
	for (guint i = 0; i < ours->len; i++)
		g_assert_cmpuint(perfdash_change_point_get_index(g_ptr_array_index(ours, i)),
				 ==,
				 perfdash_change_point_get_index(g_ptr_array_index(theirs, i)));
}

static void
extend(PerfdashTrend *trend, const Input *input)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashTrend)
		extended = perfdash_trend_extend(trend,
						 input->values,
						 input->n,
						 input->times,
						 input->times != NULL ? input->n : 0,
						 &error);
	g_assert_no_error(error);
	check(extended, input->n);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static gboolean is_strict;
	Input input = {0};
	if (!is_strict)
		fuzz_be_strict();
	is_strict = TRUE;
	if (size < 3)
		return 0;
	read_input(data, size, &input);
	g_autoptr(PerfdashTrend) trend = analyze(&input, input.n);
	if (trend != NULL) {
		g_autoptr(PerfdashTrend) again = analyze(&input, input.n);
		g_autoptr(PerfdashTrend) old = analyze(&input, input.n_old);
		assert_same(trend, again);
		extend(old, &input);
	}
	g_free(input.values);
	g_free(input.times);
	return 0;
}
