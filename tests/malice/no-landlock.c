/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs the worker $REAL_WORKER as if this kernel had no Landlock. */

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	if (seccomp_rule_add(filter,
			     SCMP_ACT_ERRNO(ENOSYS),
			     SCMP_SYS(landlock_create_ruleset),
			     0) != 0 ||
	    seccomp_load(filter) != 0)
		return 1;
	argv[0] = getenv("REAL_WORKER");
	execv(argv[0], argv);
	return 1;
}
