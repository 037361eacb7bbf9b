/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file that has other bytes than before is the same run, written again, or another run. It is
 *
 *  - the same when it goes on where it ended: it begins with all that it was;
 *  - the same when its path says a build or a revision, for that is the file of that build;
 *  - the same, run by run, when the log itself says that its runs started when they did;
 *  - another run in all other cases: a latest.json that each job overwrites. A run too many can be
 *    seen and hidden, one that was taken away is missed by nobody. */

#include "perfdash-succession.h"

#include "perfdash-digest.h"
#include "perfdash-run-private.h"

/* "12.3" is no beginning of "12.35"; a program that is at work writes out whole blocks */
#define BLOCK 4096

/* whether a file may have ended after size bytes of these */
static gboolean
may_end(const char *data, gsize size)
{
	return size == 0 || size >= BLOCK || data[size - 1] == '\n' || data[size] == '\n' ||
	       data[size] == '\r';
}

static gboolean
is_grown(guint64 size, const char *former, PerfdashLog *log)
{
	g_autoptr(GBytes) bytes = NULL;
	if (log == NULL || size >= perfdash_log_get_size(log) ||
	    (bytes = perfdash_log_map(log, NULL)) == NULL)
		return FALSE;
	const char *data = g_bytes_get_data(bytes, NULL);
	if (!may_end(data, size))
		return FALSE;
	g_autoptr(PerfdashDigest) digest = perfdash_digest_new();
	perfdash_digest_update(digest, (const guint8 *)data, size);
	g_autofree char *beginning = perfdash_digest_end(digest);
	return g_str_equal(beginning, former);
}

PerfdashSuccession
perfdash_succession_judge_file(guint64 size,
			       const char *digest,
			       PerfdashLog *log,
			       PerfdashOrigin *origin)
{
	PerfdashRun *facts = perfdash_origin_get_facts(origin);
	gboolean is_whole = *facts->build != '\0' || *facts->revision != '\0' ||
			    is_grown(size, digest, log);
	return is_whole ? PERFDASH_SUCCESSION_WHOLE : PERFDASH_SUCCESSION_NONE;
}

gboolean
perfdash_succession_has_run(GPtrArray *runs, PerfdashRun *run)
{
	for (guint i = 0; i < runs->len; i++) {
		PerfdashRun *other = g_ptr_array_index(runs, i);
		if (other->started_at == run->started_at &&
		    perfdash_labels_equal(other->labels, run->labels))
			return TRUE;
	}
	return FALSE;
}

PerfdashSuccession
perfdash_succession_judge_runs(GPtrArray *former, GPtrArray *read, GPtrArray *completed)
{
	for (guint i = 0; i < read->len; i++) {
		PerfdashRun *run = g_ptr_array_index(read, i);
		if (run->started_at != 0 &&
		    perfdash_succession_has_run(former, completed->pdata[i]))
			return PERFDASH_SUCCESSION_SAME_RUNS;
	}
	return PERFDASH_SUCCESSION_NONE;
}
