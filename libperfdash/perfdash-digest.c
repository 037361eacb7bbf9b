/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* SHA-256 (FIPS 180-4) with the instructions that processors have for it, six times as fast as in
 * C; where there are none, GLib's. */

#include "perfdash-digest.h"

#include <string.h>

#define BLOCK  64 /* bytes */
#define LENGTH 8  /* bytes of the length at the end of what is hashed */

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define HAS_SHA_BIT (1u << 29) /* of EBX, of leaf 7 */

static const guint32 round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

__attribute__((target("sha,sse4.1"))) static void
hash_blocks(guint32 *state, const guint8 *data, gsize n_blocks)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	__m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	/* the instructions want a, b, e, f in one register and c, d, g, h in the other */
	__m128i abef = _mm_alignr_epi8(low, high, 8);
	__m128i cdgh = _mm_blend_epi16(high, low, 0xf0);
	for (; n_blocks > 0; n_blocks--, data += BLOCK) {
		const __m128i abef_before = abef;
		const __m128i cdgh_before = cdgh;
		__m128i w[4];
#pragma GCC unroll 16
		for (guint i = 0; i < 16; i++) {
			__m128i *words = &w[i % 4];
			const __m128i last = w[(i + 3) % 4];
			if (i < 4) {
				const __m128i *block = (const __m128i *)data + i;
				*words = _mm_shuffle_epi8(_mm_loadu_si128(block), swap);
			} else {
				__m128i sum = _mm_sha256msg1_epu32(*words, w[(i + 1) % 4]);
				sum = _mm_add_epi32(sum, _mm_alignr_epi8(last, w[(i + 2) % 4], 4));
				*words = _mm_sha256msg2_epu32(sum, last);
			}
			const __m128i *constants = (const __m128i *)round_constants + i;
			__m128i input = _mm_add_epi32(*words, _mm_loadu_si128(constants));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, input);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(input, 0x0e));
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	low = _mm_shuffle_epi32(abef, 0x1b);
	high = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

static gboolean
has_instructions(void)
{
	guint a, b, c, d;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & HAS_SHA_BIT) != 0 &&
	       __builtin_cpu_supports("sse4.1");
}
#else
static void
hash_blocks(guint32 *state, const guint8 *data, gsize n_blocks)
{
	g_assert_not_reached();
}

static gboolean
has_instructions(void)
{
	return FALSE;
}
#endif

struct _PerfdashDigest {
	GChecksum *checksum; /* when there are no instructions */
	guint32 state[8];
	guint8 rest[BLOCK]; /* of less than a block */
	gsize n_rest;
	guint64 size;
};

PerfdashDigest *
perfdash_digest_new(void)
{
	static const guint32 first_state[8] = {
		0x6a09e667,
		0xbb67ae85,
		0x3c6ef372,
		0xa54ff53a,
		0x510e527f,
		0x9b05688c,
		0x1f83d9ab,
		0x5be0cd19,
	};
	PerfdashDigest *self = g_new0(PerfdashDigest, 1);
	if (!has_instructions())
		self->checksum = g_checksum_new(G_CHECKSUM_SHA256);
	memcpy(self->state, first_state, sizeof(first_state));
	return self;
}

void
perfdash_digest_free(PerfdashDigest *self)
{
	g_clear_pointer(&self->checksum, g_checksum_free);
	g_free(self);
}

static void
fill_rest(PerfdashDigest *self, const guint8 **data, gsize *size)
{
	gsize n = MIN(*size, BLOCK - self->n_rest);
	memcpy(self->rest + self->n_rest, *data, n);
	self->n_rest += n;
	*data += n;
	*size -= n;
	if (self->n_rest < BLOCK)
		return;
	hash_blocks(self->state, self->rest, 1);
	self->n_rest = 0;
}

static void
feed(PerfdashDigest *self, const guint8 *data, gsize size)
{
	if (self->n_rest > 0)
		fill_rest(self, &data, &size);
	gsize n_blocks = size / BLOCK;
	hash_blocks(self->state, data, n_blocks);
	data += n_blocks * BLOCK;
	size -= n_blocks * BLOCK;
	if (size > 0)
		fill_rest(self, &data, &size);
}

void
perfdash_digest_update(PerfdashDigest *self, const guint8 *data, gsize size)
{
	if (self->checksum != NULL) {
		for (; size > 0; data += MIN(size, G_MAXINT32), size -= MIN(size, G_MAXINT32))
			g_checksum_update(self->checksum, data, MIN(size, G_MAXINT32));
		return;
	}
	if (size == 0)
		return;
	self->size += size;
	feed(self, data, size);
}

/* a bit, zeros, and the length in bits, to the end of a block */
static void
pad(PerfdashDigest *self)
{
	guint8 padding[2 * BLOCK] = {0x80};
	guint64 n_bits = GUINT64_TO_BE(self->size * 8);
	gsize n_zeros = (2 * BLOCK - 1 - LENGTH - self->n_rest) % BLOCK;
	memcpy(padding + 1 + n_zeros, &n_bits, LENGTH);
	feed(self, padding, 1 + n_zeros + LENGTH);
}

char *
perfdash_digest_end(PerfdashDigest *self)
{
	GString *text;
	if (self->checksum != NULL)
		return g_strdup(g_checksum_get_string(self->checksum));
	pad(self);
	text = g_string_new(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(self->state); i++)
		g_string_append_printf(text, "%08x", self->state[i]);
	return g_string_free(text, FALSE);
}
