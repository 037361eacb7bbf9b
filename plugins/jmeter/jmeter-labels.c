/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A hash table with open addressing (Knuth, The Art of Computer Programming 3, section 6.4) of the
 * bytes of labels as they stand in the log. It is at most half full. The hash is a sum of products
 * of which the first bits count (Dietzfelbinger, "Universal hashing and k-wise independent random
 * variables via integer arithmetic without primes", STACS 1996); the factors come from the address
 * of the table, which nobody who writes a log knows. */

#include "jmeter-labels.h"

#include <string.h>

#define FIRST_BITS 8
#define FIRST_SIZE (1 << FIRST_BITS)
#define N_WORDS    4
#define MAX_SHORT  (N_WORDS * sizeof(guint64))            /* bytes */
#define MULTIPLIER G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) /* 2^64 by the golden ratio */

typedef struct {
	guint64 words[N_WORDS]; /* the first bytes of a label, with zeros behind them */
	guint64 size;           /* of the whole label, twice, plus 1 when it was quoted */
	guint64 hash;           /* its first bits say the place */
	char *text;             /* the whole label; NULL when the place is free */
	gpointer value;
} Entry;

struct _JmeterLabels {
	Entry *entries;
	guint64 factors[N_WORDS + 1]; /* of the words and the size */
	guint shift;                  /* from a hash to a place */
	gsize size;                   /* a power of two */
	gsize n;
};

/* a window of this lets the bytes of a label through */
static const guint8 masks[2 * MAX_SHORT] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

/* what is asked for. Most labels are so short that they are hashed and compared by a few words, in
 * which a mask hides what stands behind them: no branch depends on how long a label is */
typedef struct {
	guint64 words[N_WORDS]; /* as of Entry */
	guint64 size;
} Key;

/* of a label of which MAX_SHORT bytes can be read at text */
G_ALWAYS_INLINE static inline Key
make_key(const JmeterField *label, const char *text)
{
	const guint8 *mask = masks + MAX_SHORT - MIN(label->size, MAX_SHORT);
	Key key = {.size = 2 * label->size + label->is_quoted};
#pragma GCC unroll 4
	for (guint i = 0; i < N_WORDS; i++) {
		guint64 word;
		memcpy(&word, text + i * sizeof(word), sizeof(word));
		memcpy(&key.words[i], mask + i * sizeof(word), sizeof(word));
		key.words[i] &= word;
	}
	return key;
}

JmeterLabels *
jmeter_labels_new(void)
{
	JmeterLabels *self = g_new0(JmeterLabels, 1);
	guint64 factor = GPOINTER_TO_SIZE(self);
	for (guint i = 0; i < G_N_ELEMENTS(self->factors); i++) {
		factor = (factor ^ factor >> 31) * MULTIPLIER;
		self->factors[i] = factor | 1;
	}
	self->size = FIRST_SIZE;
	self->shift = 64 - FIRST_BITS;
	self->entries = g_new0(Entry, self->size);
	return self;
}

void
jmeter_labels_free(JmeterLabels *self)
{
	for (gsize i = 0; i < self->size; i++)
		g_free(self->entries[i].text);
	g_free(self->entries);
	g_free(self);
}

G_ALWAYS_INLINE static inline guint64
hash_words(const JmeterLabels *self, const Key *key)
{
	guint64 hash = key->size * self->factors[N_WORDS];
#pragma GCC unroll 4
	for (guint i = 0; i < N_WORDS; i++)
		hash += key->words[i] * self->factors[i];
	return hash;
}

static guint64
hash_label(const JmeterLabels *self, const Key *key, const JmeterField *label)
{
	guint64 hash = hash_words(self, key);
	for (gsize i = MAX_SHORT; i < label->size; i += sizeof(guint64)) {
		guint64 word = 0;
		memcpy(&word, label->text + i, MIN(label->size - i, sizeof(word)));
		hash = (hash ^ hash >> 32 ^ word) * MULTIPLIER;
	}
	return hash;
}

G_ALWAYS_INLINE static inline gboolean
has_key(const Entry *entry, const Key *key)
{
	guint64 differences = entry->size ^ key->size;
#pragma GCC unroll 4
	for (guint i = 0; i < N_WORDS; i++)
		differences |= entry->words[i] ^ key->words[i];
	return differences == 0;
}

/* of a label that is long, or stands at the end of the log */
G_GNUC_NO_INLINE static gpointer
lookup_odd(const JmeterLabels *self, const JmeterField *label)
{
	char copy[MAX_SHORT] = {0};
	memcpy(copy, label->text, MIN(label->size, MAX_SHORT));
	const Key key = make_key(label, copy);
	gsize i = hash_label(self, &key, label) >> self->shift;
	const Entry *entry = &self->entries[i];
	while (entry->text != NULL &&
	       !(has_key(entry, &key) && memcmp(entry->text, label->text, label->size) == 0)) {
		i = (i + 1) & (self->size - 1);
		entry = &self->entries[i];
	}
	return entry->value;
}

gpointer
jmeter_labels_lookup(JmeterLabels *self, const JmeterField *label, const char *end)
{
	if (G_UNLIKELY(label->size > MAX_SHORT || end - label->text < (gssize)MAX_SHORT))
		return lookup_odd(self, label);
	const Key key = make_key(label, label->text);
	gsize i = hash_words(self, &key) >> self->shift;
	const Entry *entry = &self->entries[i];
	while (G_UNLIKELY(!has_key(entry, &key) && entry->text != NULL)) {
		i = (i + 1) & (self->size - 1);
		entry = &self->entries[i];
	}
	return entry->value;
}

/* what has a place is not in the table again */
static Entry *
find_free(const JmeterLabels *self, guint64 hash)
{
	gsize i = hash >> self->shift;
	while (self->entries[i].text != NULL)
		i = (i + 1) & (self->size - 1);
	return &self->entries[i];
}

static void
grow(JmeterLabels *self)
{
	g_autofree Entry *old = self->entries;
	gsize old_size = self->size;
	self->size *= 2;
	self->shift--;
	self->entries = g_new0(Entry, self->size);
	for (gsize i = 0; i < old_size; i++) {
		if (old[i].text != NULL)
			*find_free(self, old[i].hash) = old[i];
	}
}

void
jmeter_labels_insert(JmeterLabels *self, const JmeterField *label, gpointer value)
{
	char copy[MAX_SHORT] = {0};
	memcpy(copy, label->text, MIN(label->size, MAX_SHORT));
	const Key key = make_key(label, copy);
	guint64 hash = hash_label(self, &key, label);
	if (2 * self->n >= self->size)
		grow(self);
	Entry *entry = find_free(self, hash);
	*entry = (Entry){.size = key.size, .hash = hash, .value = value};
	memcpy(entry->words, key.words, sizeof(key.words));
	/* of one byte at least, for NULL is a free place */
	entry->text = memcpy(g_malloc(label->size + 1), label->text, label->size);
	self->n++;
}
