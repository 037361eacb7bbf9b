/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What stands before the lines of a log that others printed than its tools: time stamps, as
 * Jenkins' Timestamper, GitHub's runners, TeamCity and loggers put them, and the branch of a
 * pipeline or the container that a line is of. A prefix is one when it stands before nearly all
 * lines, for tools begin lines with times, too; what only Jenkins writes may stand before few. Of a
 * longer console a part may have stamps, as what was piped through ts or what a runner shows of
 * another one: they are stamps where some lines in a row have them. */

#include "perfdash-log-prefix.h"

#include <string.h>

#define MAX_SEARCHED (64 << 20)  /* bytes in which branches are looked for */
#define CONSOLE      (4 << 20)   /* bytes in which jobs start containers, or show logs */
#define HEAD         (256 << 10) /* bytes that tell which prefixes a log has */
#define MAX_STAGE    100         /* bytes */
#define MIN_STRETCH  3           /* lines in a row that have a stamp */

/* how Jenkins begins those branches of a pipeline of which the lines have prefixes */
#define BRANCH       "[Pipeline] { (Branch: "
/* and Docker Compose the output of containers */
#define ATTACHING    "Attaching to "

static gsize
count_digits(const char *p, const char *end)
{
	gsize n = 0;
	while (p + n < end && g_ascii_isdigit(p[n]))
		n++;
	return n;
}

/* behind HH:MM:SS and maybe a fraction, or NULL */
static const char *
skip_clock(const char *p, const char *end)
{
	for (guint i = 0; i < 3; i++) {
		if (count_digits(p, end) != 2)
			return NULL;
		p += 2;
		if (i < 2 && (p == end || *p++ != ':'))
			return NULL;
	}
	if (p < end && (*p == '.' || *p == ',')) {
		gsize n = count_digits(p + 1, end);
		p += n > 0 ? n + 1 : 0;
	}
	return p;
}

/* behind a sequence of a terminal such as a colour, or p when there is none */
const char *
perfdash_log_prefix_skip_escape(const char *p, const char *end)
{
	if (p == end || *p != '\x1b' || p + 1 == end)
		return p;
	if (p[1] == '[') {
		for (p += 2; p < end && (guchar)*p < 0x40; p++)
			;
		return p < end ? p + 1 : end;
	}
	if (p[1] == ']') {
		for (p += 2; p < end && *p != '\a' && *p != '\x1b'; p++)
			;
		return p < end && *p == '\a' ? p + 1 : p;
	}
	return p + 2;
}

static const char *
skip_escapes(const char *p, const char *end)
{
	for (const char *behind; (behind = perfdash_log_prefix_skip_escape(p, end)) != p;)
		p = behind;
	return p;
}

/* behind "01O " or "01E+", which GitLab's runners say of a line's stream, or "stdout F ", as
 * Kubernetes does, or p */
static const char *
skip_stream(const char *p, const char *end)
{
	gsize size = end - p;
	if (size >= 3 && g_ascii_isxdigit(p[0]) && g_ascii_isxdigit(p[1]) &&
	    (p[2] == 'O' || p[2] == 'E') && (size == 3 || p[3] == ' ' || p[3] == '+'))
		return p + MIN(size, 4);
	if (size >= 8 && (memcmp(p, "stdout ", 7) == 0 || memcmp(p, "stderr ", 7) == 0) &&
	    (p[7] == 'F' || p[7] == 'P') && (size == 8 || p[8] == ' '))
		return p + MIN(size, 9);
	return p;
}

/* behind the Z or the "+01:00" of a time, or NULL */
static const char *
skip_zone(const char *p, const char *end)
{
	if (p < end && *p == 'Z')
		return p + 1;
	if (end - p < 5 || (*p != '+' && *p != '-') || count_digits(p + 1, end) < 2)
		return NULL;
	p += p[3] == ':' ? 4 : 3;
	return count_digits(p, end) == 2 ? p + 2 : NULL;
}

/* behind "2024-05-01T10:00:00.1234567Z ", or NULL: runners of GitHub and GitLab put it before each
 * line */
static const char *
skip_bare_stamp(const char *p, const char *end)
{
	if (end - p < 20 || count_digits(p, end) != 4 || p[4] != '-' || p[10] != 'T')
		return NULL;
	p = skip_clock(p + 11, end);
	p = p != NULL ? skip_zone(p, end) : NULL;
	if (p == NULL || (p < end && *p != ' '))
		return NULL;
	return p < end ? skip_stream(p + 1, end) : p;
}

/* behind "host program[123]: ", as the journal has it behind a time, or p */
static const char *
skip_unit(const char *p, const char *end)
{
	const char *host_end = memchr(p, ' ', MIN(end - p, MAX_STAGE));
	if (host_end == NULL)
		return p;
	const char *pid = memchr(host_end, '[', MIN(end - host_end, MAX_STAGE));
	if (pid == NULL || memchr(host_end + 1, ' ', pid - host_end - 1) != NULL)
		return p;
	pid++;
	gsize n = count_digits(pid, end);
	pid += n;
	if (n == 0 || end - pid < 2 || pid[0] != ']' || pid[1] != ':')
		return p;
	return MIN(pid + 3, end);
}

/* behind "Nov 23 10:00:00 ", or NULL: ts puts it before lines, and so does the journal */
static const char *
skip_month_stamp(const char *p, const char *end)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	if (end - p < 15 || p[3] != ' ' || p[6] != ' ')
		return NULL;
	const char *month = memmem(months, strlen(months), p, 3);
	gboolean has_day = (p[4] == ' ' || g_ascii_isdigit(p[4])) && g_ascii_isdigit(p[5]);
	if (month == NULL || (month - months) % 3 != 0 || !has_day)
		return NULL;
	p = skip_clock(p + 7, end);
	if (p == NULL || (p < end && *p != ' '))
		return NULL;
	return p < end ? skip_unit(p + 1, end) : p;
}

/* behind "[2024-05-01T10:00:00.123Z] ", or NULL */
static const char *
skip_iso_stamp(const char *p, const char *end)
{
	if (end - p < 22 || *p != '[' || count_digits(p + 1, end) != 4 || p[5] != '-' ||
	    p[11] != 'T')
		return NULL;
	p = skip_clock(p + 12, end);
	while (p != NULL && p < end && strchr("Z+-:0123456789", *p) != NULL)
		p++;
	if (p == NULL || p == end || *p != ']')
		return NULL;
	p++;
	return p < end && *p == ' ' ? p + 1 : p;
}

/* behind "10:00:00 " or "00:00:01.234  ", or NULL; more blanks are of the line itself */
static const char *
skip_clock_stamp(const char *p, const char *end, guint blanks)
{
	p = skip_clock(p, end);
	if (p == NULL || (p < end && *p != ' '))
		return NULL;
	for (guint i = 0; i < blanks && p < end && *p == ' '; i++)
		p++;
	return p;
}

/* whether text follows "10:00:00 " and not another blank */
static gboolean
has_one_blank(const char *p, const char *end)
{
	p = skip_clock_stamp(p, end, 1);
	return p != NULL && p < end && !g_ascii_isspace(*p);
}

/* what else begins so: steps of Jenkins, sums of iperf3, runs of memtier_benchmark, threads of perf
 * bench, and what AsciiDoc says of a block */
static gboolean
is_no_stage(const char *p, gsize length)
{
	static const char *const whole[] = {"Pipeline", "SUM", "source", "listing", "literal"};
	static const char *const begin[] = {"RUN #", "thread ", "source,", "source%"};
	for (guint i = 0; i < G_N_ELEMENTS(whole); i++) {
		if (length == strlen(whole[i]) && strncmp(p, whole[i], length) == 0)
			return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(begin); i++) {
		if (length > strlen(begin[i]) && strncmp(p, begin[i], strlen(begin[i])) == 0)
			return TRUE;
	}
	return FALSE;
}

/* the stage in "[stage] ", or 0 */
static gsize
find_stage(const char *p, const char *end)
{
	const char *close = end - p > 2 && *p == '[' && g_ascii_isalpha(p[1])
				    ? memchr(p, ']', MIN(end - p, MAX_STAGE))
				    : NULL;
	if (close == NULL || (close + 1 < end && close[1] != ' '))
		return 0;
	/* loadtest dates its lines so */
	for (const char *clock = p + 1; clock < close; clock++) {
		if (skip_clock(clock, close) != NULL)
			return 0;
	}
	return is_no_stage(p + 1, close - p - 1) ? 0 : close - p - 1;
}

/* behind "2024-05-01 10:00:00,123 ", or NULL. The level that follows it in a tool's own log says
 * that the line is the tool's. */
static const char *
skip_date(const char *p, const char *end)
{
	static const char *const levels[] =
		{"INFO ", "WARN ", "ERROR ", "DEBUG ", "TRACE ", "FATAL "};
	if (end - p < 19 || count_digits(p, end) != 4 || p[4] != '-' || p[7] != '-' || p[10] != ' ')
		return NULL;
	p = skip_clock(p + 11, end);
	if (p == NULL || (p < end && *p != ' '))
		return NULL;
	p += p < end;
	for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
		gsize length = strlen(levels[i]);
		if ((gsize)(end - p) >= length && memcmp(p, levels[i], length) == 0)
			return NULL;
	}
	return p;
}

/* behind "[Step 1/2] ", or p */
static const char *
skip_step(const char *p, const char *end)
{
	const char *close = end - p > 6 && memcmp(p, "[Step ", 6) == 0
				    ? memchr(p, ']', MIN(end - p, MAX_STAGE))
				    : NULL;
	if (close == NULL)
		return p;
	return close + 1 < end && close[1] == ' ' ? close + 2 : close + 1;
}

/* behind what TeamCity says: "[10:00:00] ", "[10:00:00][Step 1/2] " or "[10:00:00]W:\t [Step 1/2]
 * ", or NULL */
static const char *
skip_bracketed_clock(const char *p, const char *end)
{
	if (end - p < 10 || *p != '[')
		return NULL;
	p = skip_clock(p + 1, end);
	if (p == NULL || p == end || *p != ']')
		return NULL;
	p++;
	if (end - p >= 2 && p[1] == ':' && strchr(" iWEF", p[0]) != NULL) {
		p += 2;
		while (p < end && *p == '\t')
			p++;
	}
	return skip_step(p < end && *p == ' ' ? p + 1 : p, end);
}

/* the name in "name-1  | ", as Docker Compose writes it, or 0; behind: what is behind the bar */
static gsize
find_container(const char *p, const char *end, const char **behind)
{
	const char *name = p;
	while (p < end && p - name < MAX_STAGE &&
	       (g_ascii_isalnum(*p) || *p == '-' || *p == '_' || *p == '.'))
		p++;
	gsize length = p - name;
	while (p < end && p - name < MAX_STAGE && *p == ' ')
		p++;
	if (length == 0 || p == name + length || p == end || *p != '|')
		return 0;
	p = skip_escapes(p + 1, end);
	if (p < end && *p != ' ')
		return 0;
	*behind = MIN(p + 1, end);
	return length;
}

/* whether Docker Compose has said that it attaches to a container */
static gboolean
is_attached(const PerfdashLogPrefixes *self, const char *name, gsize length)
{
	if (self->attached == NULL)
		return TRUE;
	const char *end = self->attached + self->n_attached;
	const char *at = self->attached;
	for (; (at = memmem(at, end - at, name, length)) != NULL; at++) {
		if ((at == self->attached || at[-1] == ' ') &&
		    (at + length == end || strchr(", \r", at[length]) != NULL))
			return TRUE;
	}
	return FALSE;
}

static const char *
skip_stamp_of(PerfdashLogStamp stamp, const char *p, const char *end, guint blanks)
{
	switch (stamp) {
	case PERFDASH_LOG_STAMP_ISO:
		return skip_iso_stamp(p, end);
	case PERFDASH_LOG_STAMP_BARE:
		return skip_bare_stamp(p, end);
	case PERFDASH_LOG_STAMP_MONTH:
		return skip_month_stamp(p, end);
	case PERFDASH_LOG_STAMP_DATE:
		return skip_date(p, end);
	case PERFDASH_LOG_STAMP_BRACKETED:
		return skip_bracketed_clock(p, end);
	case PERFDASH_LOG_STAMP_CLOCK:
		return skip_clock_stamp(p, end, blanks);
	case PERFDASH_LOG_N_STAMPS:
		break;
	}
	return NULL;
}

/* behind the stamp of a line, or p when it has none */
static const char *
skip_stamp(const PerfdashLogPrefixes *self, const char *p, const char *end)
{
	const char *behind = NULL;
	for (guint i = 0; i < PERFDASH_LOG_N_STAMPS && behind == NULL; i++) {
		if (self->stamps & 1 << i)
			behind = skip_stamp_of(i, p, end, self->clock_blanks);
	}
	if (behind == NULL && p < self->stretch_end)
		behind = skip_stamp_of(self->stretch_stamp, p, end, self->stretch_blanks);
	return behind != NULL ? behind : p;
}

/* the stamp may stand before or behind the stage */
const char *
perfdash_log_prefixes_skip(const PerfdashLogPrefixes *self,
			   const char *p,
			   const char *end,
			   const char **stage,
			   gsize *length)
{
	const char *behind;
	p = skip_stamp(self, skip_escapes(p, end), end);
	*stage = p;
	*length = self->containers ? find_container(p, end, &behind) : 0;
	if (*length > 0 && is_attached(self, p, *length))
		return skip_stamp(self, skip_escapes(behind, end), end);
	*length = self->stages ? find_stage(p, end) : 0;
	*stage = p + 1;
	if (*length == 0)
		return p;
	p += *length + 2;
	return skip_stamp(self, p < end ? p + 1 : p, end);
}

/* how many lines have which prefix */
typedef struct {
	guint lines;
	guint stamps[PERFDASH_LOG_N_STAMPS];
	guint narrow; /* with one blank behind the clock */
	guint stages;
	guint containers;
	gsize bar; /* where the first one of a container is */
} Counts;

static void
count_line(Counts *self, const char *p, const char *end)
{
	static const PerfdashLogPrefixes all = {.stamps = 1 << PERFDASH_LOG_STAMP_ISO |
							  1 << PERFDASH_LOG_STAMP_BARE |
							  1 << PERFDASH_LOG_STAMP_CLOCK,
						.clock_blanks = 2,
						.stages = TRUE};
	const char *stage;
	const char *behind = p;
	gsize length;
	self->lines++;
	p = skip_escapes(p, end);
	if (find_container(p, end, &behind) > 0) {
		gsize bar = behind - p;
		if (self->bar == 0)
			self->bar = bar;
		self->containers += bar == self->bar || behind == end;
	}
	perfdash_log_prefixes_skip(&all, p, end, &stage, &length);
	self->stages += length > 0;
	const char *stamp = length > 0 && stage == p + 1 ? p + length + 3 : p;
	if (stamp >= end)
		return;
	for (guint i = 0; i < PERFDASH_LOG_N_STAMPS; i++)
		self->stamps[i] += skip_stamp_of(i, stamp, end, 2) != NULL;
	self->narrow += has_one_blank(stamp, end);
}

/* nearly all lines */
static gboolean
is_most(guint n, guint n_lines)
{
	return n > 0 && n >= n_lines - n_lines / 5;
}

/* the containers that Docker Compose attaches to */
static void
find_attached(PerfdashLogPrefixes *self, const char *data, gsize size)
{
	const char *at = memmem(data, MIN(size, CONSOLE), ATTACHING, strlen(ATTACHING));
	if (at == NULL)
		return;
	self->attached = at + strlen(ATTACHING);
	const char *newline = memchr(self->attached, '\n', data + size - self->attached);
	self->n_attached = (newline != NULL ? newline : data + size) - self->attached;
	self->containers = TRUE;
}

/* Lines in a row that have a stamp, but for those that are empty: where they end, or NULL when they
 * are few. blanks: behind a clock stamp */
static const char *
find_stretch_end(PerfdashLogStamp stamp, const char *p, const char *end, guint *blanks)
{
	guint n = 0;
	const char *behind = NULL;
	*blanks = 2;
	for (const char *next; p < end; p = next) {
		const char *newline = memchr(p, '\n', end - p);
		const char *line_end = newline != NULL ? newline : end;
		next = line_end + 1;
		if (line_end == p || (line_end == p + 1 && *p == '\r'))
			continue;
		p = skip_escapes(p, line_end);
		if (skip_stamp_of(stamp, p, line_end, 2) == NULL)
			break;
		if (has_one_blank(p, line_end))
			*blanks = 1;
		behind = line_end;
		n++;
	}
	return n >= MIN_STRETCH ? behind : NULL;
}

/* digits, a bracket or a month begin a stamp, and maybe a colour before it */
static gboolean
may_be_stamp(char character)
{
	return g_ascii_isdigit(character) || g_ascii_isupper(character) || character == '[' ||
	       character == '\x1b';
}

void
perfdash_log_prefixes_enter(PerfdashLogPrefixes *self, const char *p, const char *end)
{
	if (!self->has_stretches || p < self->stretch_end || !may_be_stamp(*p))
		return;
	self->stretch_end = NULL;
	for (guint i = 0; i < PERFDASH_LOG_N_STAMPS && self->stretch_end == NULL; i++) {
		if (self->stamps & 1 << i)
			continue;
		self->stretch_stamp = i;
		self->stretch_end = find_stretch_end(i, p, end, &self->stretch_blanks);
	}
}

static gboolean
has_stretches(PerfdashLogPrefixes found, const char *p, const char *end)
{
	found.has_stretches = TRUE;
	while (p != NULL && p < end && found.stretch_end == NULL) {
		perfdash_log_prefixes_enter(&found, p, end);
		p = memchr(p, '\n', end - p);
		p = p != NULL ? p + 1 : NULL;
	}
	return found.stretch_end != NULL;
}

/* bits of the stamps that stand before nearly all lines, or which only Jenkins writes */
static guint
choose_stamps(const Counts *n)
{
	guint iso = n->stamps[PERFDASH_LOG_STAMP_ISO];
	guint chosen = 0;
	for (guint i = 0; i < PERFDASH_LOG_N_STAMPS; i++) {
		gboolean is_one = i == PERFDASH_LOG_STAMP_ISO
					  ? iso >= 2 || (iso > 0 && iso == n->lines)
					  : is_most(n->stamps[i], n->lines);
		chosen |= is_one << i;
	}
	return chosen;
}

PerfdashLogPrefixes
perfdash_log_prefixes_find(const char *data, gsize size)
{
	const char *head_end = data + MIN(size, HEAD);
	Counts n = {0};
	for (const char *p = data, *next; p < head_end; p = next) {
		const char *newline = memchr(p, '\n', head_end - p);
		const char *end = newline != NULL ? newline : head_end;
		next = end + 1;
		if (end > p && !(end == p + 1 && *p == '\r'))
			count_line(&n, p, end);
	}
	PerfdashLogPrefixes found = {
		.stamps = choose_stamps(&n),
		.clock_blanks = n.narrow > 0 ? 1 : 2,
		.containers = n.containers >= 3 && is_most(n.containers, n.lines),
		.stages = (n.stages >= 3 && n.stages >= n.lines / 3) ||
			  (n.stages > 0 && n.stages == n.lines) ||
			  memmem(data, MIN(size, MAX_SEARCHED), BRANCH, strlen(BRANCH)) != NULL,
	};
	if (!found.containers)
		find_attached(&found, data, size);
	if (size > 0)
		found.has_stretches = has_stretches(found, data, data + MIN(size, CONSOLE));
	return found;
}

gboolean
perfdash_log_prefixes_has_any(const PerfdashLogPrefixes *self)
{
	return self->stamps != 0 || self->containers || self->stages || self->has_stretches;
}
