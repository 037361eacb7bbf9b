/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-worker-limits.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "perfdash-error.h"
#include "perfdash-sanitizer.h"

#define MEMORY     (G_GUINT64_CONSTANT(1) << 30) /* beside the mapped log */
#define CPU_TIME   660 /* seconds; the parent's clock is stricter, but for threads */
#define CPU_GRACE  5   /* seconds from the signal that says so to the end */
#define OPEN_FILES 64

typedef struct {
	int resource;
	const char *name;
	guint64 value;
	guint64 grace;
} Limit;

static gboolean
set_failed(GError **error, const char *what)
{
	int saved_errno = errno;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_IO,
		    "failed to limit %s: %s",
		    what,
		    g_strerror(saved_errno));
	return FALSE;
}

static gboolean
set_limits(guint64 log_size, guint64 output_size, GError **error)
{
	const Limit limits[] = {
		{RLIMIT_CORE, "core dumps", 0},
		{RLIMIT_CPU, "processor time", CPU_TIME, CPU_GRACE},
		{RLIMIT_FSIZE, "file size", output_size},
		{RLIMIT_NOFILE, "open files", OPEN_FILES},
		/* the sanitizer reserves terabytes of addresses */
		{RLIMIT_AS, "memory", HAS_ADDRESS_SANITIZER ? RLIM_INFINITY : MEMORY + log_size},
	};
	for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
		struct rlimit limit = {limits[i].value, limits[i].value + limits[i].grace};
		if (limits[i].value != RLIM_INFINITY && setrlimit(limits[i].resource, &limit) != 0)
			return set_failed(error, limits[i].name);
	}
	return TRUE;
}

gboolean
perfdash_worker_limits_apply(guint64 log_size, guint64 output_size, GError **error)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return set_failed(error, "life after the parent");
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		return set_failed(error, "tracing");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return set_failed(error, "privileges");
	return set_limits(log_size, output_size, error);
}
