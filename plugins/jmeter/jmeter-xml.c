/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JTL as XML: an element for each sample, what matters in its attributes. Samples within samples
 * are parts of them: they count for their label, not for the total. A transaction controller's
 * sample has those it sums up within itself, or has none and they stand before it. What servers
 * answered stands between the samples, with characters that XML does not allow: so only tags are
 * looked at, from one < to the next, and nothing is made of the rest. */

#include "jmeter-xml.h"

#include <string.h>

#include "jmeter-number.h"

#define TRANSACTION "Number of samples in transaction : "

/* a sample that is not closed yet */
typedef struct {
	JmeterSample sample;
	gboolean is_sum; /* a transaction without samples of its own, so far */
} Open;

typedef enum {
	ATTRIBUTE_LABEL,
	ATTRIBUTE_START,
	ATTRIBUTE_ELAPSED,
	ATTRIBUTE_SUCCESS,
	ATTRIBUTE_MESSAGE,
	N_ATTRIBUTES,
} Attribute;

static const char *const attribute_names[N_ATTRIBUTES] = {"lb", "ts", "t", "s", "rm"};

typedef struct {
	const char *text;
	const char *p;
	const char *end;
	JmeterSamples *samples;
	JmeterRemarks *remarks;
	GArray *open; /* of Open, each within the one before */
	gboolean ended;
} Reading;

static gboolean
begins(const Reading *self, const char *text)
{
	gsize length = strlen(text);
	return (gsize)(self->end - self->p) > length && memcmp(self->p, text, length) == 0;
}

/* behind a text, or the end */
static void
skip_past(Reading *self, const char *text)
{
	const char *found = memmem(self->p, self->end - self->p, text, strlen(text));
	self->p = found != NULL ? found + strlen(text) : self->end;
}

static gboolean
is_equal(const JmeterField *field, const char *text)
{
	return field->text != NULL && field->size == strlen(text) &&
	       memcmp(field->text, text, field->size) == 0;
}

static void
keep_attribute(JmeterField *attributes, const JmeterField *name, JmeterField value)
{
	for (Attribute i = 0; name->size <= 2 && i < N_ATTRIBUTES; i++) {
		if (is_equal(name, attribute_names[i]))
			attributes[i] = value;
	}
}

typedef enum {
	TAG_WHOLE,
	TAG_EMPTY, /* whole, and with nothing between it and its end */
	TAG_CUT,
	TAG_BAD,
} Tag;

/* name="value"; TAG_WHOLE when it is there */
static Tag
read_attribute(Reading *self, JmeterField *attributes)
{
	JmeterField name = {self->p, 0, FALSE};
	while (self->p < self->end && (g_ascii_isalnum(*self->p) || strchr("_:-.", *self->p)))
		self->p++;
	name.size = self->p - name.text;
	if (self->end - self->p < 2)
		return TAG_CUT;
	const char *open = self->p + 1;
	if (name.size == 0 || *self->p != '=' || (*open != '"' && *open != '\''))
		return TAG_BAD;
	const char *close = memchr(open + 1, *open, self->end - open - 1);
	if (close == NULL)
		return TAG_CUT;
	keep_attribute(attributes, &name, (JmeterField){open + 1, close - open - 1, FALSE});
	self->p = close + 1;
	return TAG_WHOLE;
}

/* behind the name of a tag, up to its end */
static Tag
read_attributes(Reading *self, JmeterField *attributes)
{
	Tag tag = TAG_WHOLE;
	while (tag == TAG_WHOLE) {
		while (self->p < self->end && g_ascii_isspace(*self->p))
			self->p++;
		gboolean is_empty = self->p < self->end && *self->p == '/';
		self->p += is_empty;
		if (self->p == self->end)
			return TAG_CUT;
		if (*self->p == '>') {
			self->p++;
			return is_empty ? TAG_EMPTY : TAG_WHOLE;
		}
		tag = read_attribute(self, attributes);
	}
	return tag;
}

static gboolean
make_sample(Reading *self, const JmeterField *attributes, Open *one)
{
	const JmeterField *start = &attributes[ATTRIBUTE_START];
	const JmeterField *elapsed = &attributes[ATTRIBUTE_ELAPSED];
	const JmeterField *success = &attributes[ATTRIBUTE_SUCCESS];
	const JmeterField *message = &attributes[ATTRIBUTE_MESSAGE];
	one->sample = (JmeterSample){.label = attributes[ATTRIBUTE_LABEL]};
	one->sample.has_start = start->text != NULL;
	one->sample.has_success = success->text != NULL;
	one->sample.success = success->text == NULL || is_equal(success, "true");
	one->is_sum = message->size > strlen(TRANSACTION) &&
		      memcmp(message->text, TRANSACTION, strlen(TRANSACTION)) == 0;
	return one->sample.label.text != NULL && elapsed->text != NULL &&
	       jmeter_read_number(elapsed->text, elapsed->size, self->end, &one->sample.elapsed) &&
	       (start->text == NULL ||
		jmeter_read_number(start->text, start->size, self->end, &one->sample.start));
}

/* a character reference, from behind the &# to the semicolon; 0 when it is none that may be */
static gunichar
read_reference(const char *p)
{
	gboolean is_hexadecimal = *p == 'x';
	char *behind;
	guint64 value = g_ascii_strtoull(p + is_hexadecimal, &behind, is_hexadecimal ? 16 : 10);
	return *behind == ';' && value <= 0x10ffff && g_unichar_validate(value) ? value : 0;
}

static void
append_entity(GString *decoded, const char *p)
{
	static const struct {
		const char *name;
		char meaning;
	} entities[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
	gunichar character = *p == '#' ? read_reference(p + 1) : 0;
	for (guint i = 0; i < G_N_ELEMENTS(entities); i++) {
		if (g_str_has_prefix(p, entities[i].name))
			character = entities[i].meaning;
	}
	if (character != 0)
		g_string_append_unichar(decoded, character);
}

static char *
decode(const char *text, gsize size)
{
	g_autofree char *copy = g_strndup(text, size);
	GString *decoded = g_string_new(NULL);
	for (const char *p = copy; *p != '\0'; p++) {
		const char *semicolon = *p == '&' ? strchr(p, ';') : NULL;
		if (semicolon == NULL) {
			g_string_append_c(decoded, *p);
			continue;
		}
		append_entity(decoded, p + 1);
		p = semicolon;
	}
	return g_string_free(decoded, FALSE);
}

/* a label as it is meant; most have nothing to undo */
static void
add_sample(Reading *self, const Open *one)
{
	JmeterSample sample = one->sample;
	g_autofree char *meant = NULL;
	if (memchr(sample.label.text, '&', sample.label.size) == NULL) {
		jmeter_samples_add(self->samples, self->end, &sample);
		return;
	}
	meant = decode(sample.label.text, sample.label.size);
	sample.label = (JmeterField){meant, strlen(meant), FALSE};
	jmeter_samples_add(self->samples, meant + sample.label.size, &sample);
}

/* the innermost sample */
static void
close_sample(Reading *self)
{
	if (self->open->len == 0)
		return;
	Open *one = &g_array_index(self->open, Open, self->open->len - 1);
	if (self->open->len > 1)
		one->sample.kind = JMETER_PART;
	else
		one->sample.kind = one->is_sum ? JMETER_TRANSACTION : JMETER_SAMPLE;
	if (one->sample.label.text != NULL)
		add_sample(self, one);
	g_array_set_size(self->open, self->open->len - 1);
}

static void
note_bad_sample(Reading *self, const char *tag)
{
	if (self->remarks->n_bad++ > 0)
		return;
	self->remarks->first_bad = 1;
	for (const char *p = self->text; (p = memchr(p, '\n', tag - p)) != NULL; p++)
		self->remarks->first_bad++;
}

/* behind the name of its tag */
static void
read_sample(Reading *self, const char *begin)
{
	JmeterField attributes[N_ATTRIBUTES] = {{NULL}};
	Open one = {.is_sum = FALSE};
	Tag tag = read_attributes(self, attributes);
	if (tag == TAG_CUT) {
		self->p = self->end;
		return;
	}
	if (tag == TAG_BAD || !make_sample(self, attributes, &one)) {
		note_bad_sample(self, begin);
		one.sample.label.text = NULL;
	}
	if (tag == TAG_BAD)
		return;
	if (self->open->len > 0)
		g_array_index(self->open, Open, self->open->len - 1).is_sum = FALSE;
	g_array_append_val(self->open, one);
	if (tag == TAG_EMPTY)
		close_sample(self);
}

static gboolean
skip_name(Reading *self, const char *name)
{
	gsize length = strlen(name);
	if (!begins(self, name) || (!g_ascii_isspace(self->p[length]) && self->p[length] != '>'))
		return FALSE;
	self->p += length;
	return TRUE;
}

/* at a < */
static void
read_tag(Reading *self)
{
	const char *tag = self->p;
	if (skip_name(self, "<httpSample") || skip_name(self, "<sample")) {
		read_sample(self, tag);
	} else if (skip_name(self, "</httpSample") || skip_name(self, "</sample")) {
		close_sample(self);
	} else if (skip_name(self, "</testResults")) {
		while (self->open->len > 0)
			close_sample(self);
		self->ended = TRUE;
	} else if (begins(self, "<!--")) {
		skip_past(self, "-->");
	} else if (begins(self, "<![CDATA[")) {
		skip_past(self, "]]>");
	} else {
		self->p++;
	}
}

gboolean
jmeter_xml_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		JmeterRemarks *remarks,
		GError **error)
{
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
	Reading reading = {text, text, text + size, samples, remarks, open, FALSE};
	*remarks = (JmeterRemarks){.has_zone = TRUE};
	while (reading.p < reading.end &&
	       (reading.p = memchr(reading.p, '<', reading.end - reading.p)) != NULL)
		read_tag(&reading);
	/* what has begun has all its attributes */
	while (open->len > 0)
		close_sample(&reading);
	remarks->is_cut = !reading.ended;
	if (remarks->n_bad == 0 || remarks->n_bad < jmeter_samples_get_n(samples))
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BROKEN,
		    "line %u: a sample without t, ts and lb",
		    remarks->first_bad);
	return FALSE;
}

gboolean
jmeter_xml_is(const char *text, gsize size)
{
	const char *root = g_strstr_len(text, size, "<testResults");
	const char *page = root != NULL ? g_strstr_len(text, root - text, "<html") : NULL;
	return root != NULL && page == NULL;
}
