/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A hash table with open addressing (Knuth, The Art of Computer Programming 3, section 6.4) of the
 * bytes of labels as they stand in the log. It is at most half full. The hash begins with the
 * address of the table, which nobody who writes a log knows. */

#include "jmeter-labels.h"

#include <string.h>

#define FIRST_SIZE 64
#define N_WORDS    4
#define MAX_SHORT  (N_WORDS * sizeof(guint64))            /* bytes */
#define MULTIPLIER G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) /* 2^64 by the golden ratio */

typedef struct {
	guint64 words[N_WORDS]; /* the first bytes of a label, with zeros behind them */
	guint64 size;           /* of the whole label, twice, plus 1 when it was quoted */
	guint64 hash;
	char *text; /* the whole label; NULL when the place is free */
	gpointer value;
} Entry;

struct _JmeterLabels {
	Entry *entries;
	gsize size; /* a power of two */
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
	const JmeterField *label;
	const char *text;   /* MAX_SHORT bytes can be read */
	const guint8 *mask; /* of them */
	guint64 size;       /* as of Entry */
} Key;

G_ALWAYS_INLINE static inline Key
make_key(const JmeterField *label, const char *text)
{
	const guint8 *mask = masks + MAX_SHORT - MIN(label->size, MAX_SHORT);
	return (Key){label, text, mask, 2 * label->size + label->is_quoted};
}

G_ALWAYS_INLINE static inline guint64
get_word(const Key *key, guint i)
{
	guint64 word, mask;
	memcpy(&word, key->text + i * sizeof(word), sizeof(word));
	memcpy(&mask, key->mask + i * sizeof(mask), sizeof(mask));
	return word & mask;
}

JmeterLabels *
jmeter_labels_new(void)
{
	JmeterLabels *self = g_new0(JmeterLabels, 1);
	self->size = FIRST_SIZE;
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

static guint64
hash_rest(guint64 hash, const JmeterField *label)
{
	for (gsize i = MAX_SHORT; i < label->size; i += sizeof(guint64)) {
		guint64 word = 0;
		memcpy(&word, label->text + i, MIN(label->size - i, sizeof(word)));
		hash = (hash ^ word) * MULTIPLIER;
		hash ^= hash >> 32;
	}
	return hash;
}

/* the words are multiplied one by one, so that no product waits for another */
G_ALWAYS_INLINE static inline guint64
hash_label(const JmeterLabels *self, const Key *key)
{
	guint64 hash = GPOINTER_TO_SIZE(self) ^ key->size;
#pragma GCC unroll 4
	for (guint i = 0; i < N_WORDS; i++) {
		guint64 word = get_word(key, i);
		hash ^= (word ^ word >> 32) * (MULTIPLIER + 2 * i);
	}
	hash *= MULTIPLIER;
	hash ^= hash >> 32;
	return G_UNLIKELY(key->label->size > MAX_SHORT) ? hash_rest(hash, key->label) : hash;
}

G_ALWAYS_INLINE static inline gboolean
is_equal(const Entry *entry, const Key *key, guint64 hash)
{
	guint64 differences = (entry->size ^ key->size) | (entry->hash ^ hash);
#pragma GCC unroll 4
	for (guint i = 0; i < N_WORDS; i++)
		differences |= entry->words[i] ^ get_word(key, i);
	return differences == 0 && (G_LIKELY(key->label->size <= MAX_SHORT) ||
				    memcmp(entry->text, key->label->text, key->label->size) == 0);
}

G_ALWAYS_INLINE static inline gpointer
lookup(const JmeterLabels *self, const Key *key)
{
	guint64 hash = hash_label(self, key);
	for (gsize i = hash & (self->size - 1);; i = (i + 1) & (self->size - 1)) {
		const Entry *entry = &self->entries[i];
		if (is_equal(entry, key, hash) || entry->text == NULL)
			return entry->value;
	}
}

/* of a label at the end of the log */
G_GNUC_NO_INLINE static gpointer
lookup_last(const JmeterLabels *self, const JmeterField *label)
{
	char copy[MAX_SHORT] = {0};
	memcpy(copy, label->text, MIN(label->size, MAX_SHORT));
	const Key key = make_key(label, copy);
	return lookup(self, &key);
}

gpointer
jmeter_labels_lookup(JmeterLabels *self, const JmeterField *label, const char *end)
{
	if (G_UNLIKELY(end - label->text < (gssize)MAX_SHORT))
		return lookup_last(self, label);
	const Key key = make_key(label, label->text);
	return lookup(self, &key);
}

/* what has a place is not in the table again */
static Entry *
find_free(const JmeterLabels *self, guint64 hash)
{
	gsize i = hash & (self->size - 1);
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
	guint64 hash = hash_label(self, &key);
	if (2 * self->n >= self->size)
		grow(self);
	Entry *entry = find_free(self, hash);
	*entry = (Entry){.size = key.size, .hash = hash, .value = value};
	for (guint i = 0; i < N_WORDS; i++)
		entry->words[i] = get_word(&key, i);
	/* of one byte at least, for NULL is a free place */
	entry->text = memcpy(g_malloc(label->size + 1), label->text, label->size);
	self->n++;
}
