/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds the fields of CSV without a branch for each byte: 64 bytes are compared at once with the
 * separator, the line end and the quote, which gives three masks of 64 bits. An exclusive or over
 * all quotes up to each byte says which bytes stand in quotes; a doubled quote ends and begins
 * again, which changes nothing. What is left of the other two masks is written out as positions
 * (Langdale and Lemire, "Parsing gigabytes of JSON per second", The VLDB Journal 2019,
 * section 3.1).
 *
 * This takes every quote for one that opens or closes. A quote within a field that is not quoted
 * means itself; it is found, for no separator stands before it, and left to the reader. There is a
 * way with AVX2, one with SSE2, and one with words of eight bytes for every other processor. */

#include "jmeter-index.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LOW_BITS  G_GUINT64_CONSTANT(0x7f7f7f7f7f7f7f7f)
#define ALL_BYTES G_GUINT64_CONSTANT(0x0101010101010101)

/* bit i is byte i of a block */
typedef struct {
	guint64 separators;
	guint64 newlines;
	guint64 quotes;
} Masks;

typedef struct {
	guint64 in_quotes; /* all bits or none */
	guint64 opens;     /* whether the next byte may open a field, in bit 0 */
} State;

G_ALWAYS_INLINE static inline guint64
xor_up_to_each(guint64 bits)
{
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	return bits ^ bits << 32;
}

/* without a branch for the first, for it cannot be foreseen which block has one */
G_ALWAYS_INLINE static inline void
add_rows(guint64 newlines, JmeterIndex *index)
{
	const guint64 last = G_GUINT64_CONSTANT(1) << 63;
	guint16 first = index->n_blocks * 64;
	index->row_ends[index->n_rows] = first + __builtin_ctzll(newlines | last);
	index->n_rows += newlines != 0;
	for (newlines &= newlines - 1; G_UNLIKELY(newlines != 0); newlines &= newlines - 1)
		index->row_ends[index->n_rows++] = first + __builtin_ctzll(newlines);
}

/* FALSE when the block has a quote that means itself */
G_ALWAYS_INLINE static inline gboolean
add_block(State *state, Masks masks, guint64 quotes_up_to_each, JmeterIndex *index)
{
	guint64 quoted = quotes_up_to_each ^ state->in_quotes;
	guint64 ends = (masks.separators | masks.newlines) & ~quoted;
	guint64 openers = ends | masks.quotes;
	if (G_UNLIKELY((masks.quotes & quoted & ~(openers << 1 | state->opens)) != 0))
		return FALSE;
	state->in_quotes = -(quoted >> 63);
	state->opens = openers >> 63;
	index->ends[index->n_blocks] = GUINT64_TO_LE(ends);
	add_rows(masks.newlines & ~quoted, index);
	index->n_blocks++;
	return TRUE;
}

static void
end_index(JmeterIndex *index)
{
	memset(index->ends + index->n_blocks, 0xff, 2 * sizeof(guint64));
}

/* the bytes of a word that are equal to those of a pattern, a bit each; the first byte is bit 0 */
static guint64
match_word(guint64 word, guint64 pattern)
{
	guint64 rest = word ^ pattern;
	guint64 is_zero = ~(((rest & LOW_BITS) + LOW_BITS) | rest | LOW_BITS);
	/* brings the eighth bits of all bytes together in the last byte */
	return ((is_zero >> 7) * G_GUINT64_CONSTANT(0x0102040810204080)) >> 56;
}

static void
index_words(const char *text, gsize n_blocks, char separator, JmeterIndex *index)
{
	State state = {0, 1};
	index->n_blocks = 0;
	index->n_rows = 0;
	for (gsize i = 0; i < n_blocks; i++) {
		Masks masks = {0};
		for (guint j = 0; j < 8; j++) {
			guint64 word;
			memcpy(&word, text + i * 64 + j * 8, sizeof(word));
			word = GUINT64_FROM_LE(word);
			masks.separators |= match_word(word, ALL_BYTES * (guchar)separator)
					    << (j * 8);
			masks.newlines |= match_word(word, ALL_BYTES * '\n') << (j * 8);
			masks.quotes |= match_word(word, ALL_BYTES * '"') << (j * 8);
		}
		if (!add_block(&state, masks, xor_up_to_each(masks.quotes), index))
			break;
	}
	end_index(index);
}

#if defined(__x86_64__)
static guint64
match_16(const __m128i *block, char wanted)
{
	__m128i pattern = _mm_set1_epi8(wanted);
	guint64 mask = 0;
	for (guint i = 0; i < 4; i++) {
		__m128i equal = _mm_cmpeq_epi8(_mm_loadu_si128(block + i), pattern);
		mask |= (guint64)_mm_movemask_epi8(equal) << (i * 16);
	}
	return mask;
}

static void
index_sse2(const char *text, gsize n_blocks, char separator, JmeterIndex *index)
{
	State state = {0, 1};
	index->n_blocks = 0;
	index->n_rows = 0;
	for (gsize i = 0; i < n_blocks; i++) {
		const __m128i *block = (const __m128i *)(text + i * 64);
		Masks masks = {match_16(block, separator),
			       match_16(block, '\n'),
			       match_16(block, '"')};
		if (!add_block(&state, masks, xor_up_to_each(masks.quotes), index))
			break;
	}
	end_index(index);
}

#define AVX2 __attribute__((target("avx2,bmi,pclmul")))

AVX2 static inline guint64
match_32(__m256i low, __m256i high, __m256i pattern)
{
	guint64 first = (guint)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
	guint64 second = (guint)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
	return first | second << 32;
}

/* a product without carries, by ones, is the exclusive or of all bits up to each */
AVX2 static inline guint64
multiply_up_to_each(guint64 bits)
{
	__m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, bits),
					       _mm_set1_epi8((char)0xff),
					       0);
	return _mm_cvtsi128_si64(product);
}

AVX2 static void
index_avx2(const char *text, gsize n_blocks, char separator, JmeterIndex *index)
{
	const __m256i separators = _mm256_set1_epi8(separator);
	const __m256i newlines = _mm256_set1_epi8('\n');
	const __m256i quotes = _mm256_set1_epi8('"');
	State state = {0, 1};
	index->n_blocks = 0;
	index->n_rows = 0;
	for (gsize i = 0; i < n_blocks; i++) {
		const __m256i *block = (const __m256i *)(text + i * 64);
		__m256i low = _mm256_loadu_si256(block);
		__m256i high = _mm256_loadu_si256(block + 1);
		Masks masks = {match_32(low, high, separators),
			       match_32(low, high, newlines),
			       match_32(low, high, quotes)};
		if (!add_block(&state, masks, multiply_up_to_each(masks.quotes), index))
			break;
	}
	end_index(index);
}

static gboolean
has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("pclmul");
}
#endif

JmeterIndexer
jmeter_index_get(guint i)
{
	JmeterIndexer all[4] = {NULL};
	guint n = 0;
#if defined(__x86_64__)
	if (has_avx2())
		all[n++] = index_avx2;
	all[n++] = index_sse2;
#endif
	all[n++] = index_words;
	return i < n ? all[i] : NULL;
}

void
jmeter_index_find_ends(const JmeterIndex *index, gsize begin, guint n, gsize *ends)
{
	/* a look may show more, which the next one would show again */
	const guint64 looked = ~G_GUINT64_CONSTANT(0) >> (64 - JMETER_INDEX_LOOK);
	guint64 left = jmeter_index_look(index, begin) & looked;
	for (guint i = 0; i < n; i++, left &= left - 1) {
		while (left == 0) {
			begin = MIN(begin + JMETER_INDEX_LOOK, index->n_blocks * 64);
			left = jmeter_index_look(index, begin) & looked;
		}
		ends[i] = begin + __builtin_ctzll(left);
	}
}
