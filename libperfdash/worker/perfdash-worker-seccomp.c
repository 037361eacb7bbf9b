/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which system calls a parser's process may make. What is not listed is refused with EPERM, so that
 * a C library that tries something new and lives without it goes on; what no parser ever needs ends
 * the process, so that people hear of it. */

#include "perfdash-worker-seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <unistd.h>

#include "perfdash-error.h"

typedef struct scmp_arg_cmp Condition;

static const int allowed[] = {
	/* files that are open, and those that Landlock lets it open */
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(getdents64),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(madvise),
	/* itself */
	SCMP_SYS(futex),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getrlimit),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(rseq),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

static const int hostile[] = {
	/* to reach others */
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg),
	/* to become many, or another */
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	/* to harm other processes */
	SCMP_SYS(kill),
	SCMP_SYS(tkill),
	SCMP_SYS(rt_sigqueueinfo),
	SCMP_SYS(rt_tgsigqueueinfo),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	/* to harm the machine, or to go around all this */
	SCMP_SYS(bpf),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(keyctl),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(chroot),
	SCMP_SYS(reboot),
};

static gboolean
add(scmp_filter_ctx filter, guint32 action, const int *calls, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		if (seccomp_rule_add(filter, action, calls[i], 0) != 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean
allow_if(scmp_filter_ctx filter, int call, Condition condition)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

static gboolean
allow_writing(scmp_filter_ctx filter, int output)
{
	const int fds[] = {output, STDOUT_FILENO, STDERR_FILENO};
	for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
		if (!allow_if(filter, SCMP_SYS(write), SCMP_A0_32(SCMP_CMP_EQ, fds[i])) ||
		    !allow_if(filter, SCMP_SYS(writev), SCMP_A0_32(SCMP_CMP_EQ, fds[i])))
			return FALSE;
	}
	return TRUE;
}

/* F_SETOWN, for one, makes the kernel send signals */
static gboolean
allow_fcntl(scmp_filter_ctx filter)
{
	const int commands[] = {F_GETFD, F_SETFD, F_GETFL};
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (!allow_if(filter, SCMP_SYS(fcntl), SCMP_A1_32(SCMP_CMP_EQ, commands[i])))
			return FALSE;
	}
	return TRUE;
}

static gboolean
add_rules(scmp_filter_ctx filter, int output)
{
	const guint32 writing = O_ACCMODE | O_CREAT | O_TRUNC;
	return add(filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS(allowed)) &&
	       add(filter, SCMP_ACT_KILL_PROCESS, hostile, G_N_ELEMENTS(hostile)) &&
	       allow_writing(filter, output) && allow_fcntl(filter) &&
	       allow_if(filter,
			SCMP_SYS(openat),
			SCMP_A2_32(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) &&
	       allow_if(filter,
			SCMP_SYS(open),
			SCMP_A1_32(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) &&
	       /* the signal of a failed assertion, and reading its own limits */
	       allow_if(filter, SCMP_SYS(tgkill), SCMP_A0_32(SCMP_CMP_EQ, getpid())) &&
	       allow_if(filter, SCMP_SYS(prlimit64), SCMP_A2_64(SCMP_CMP_EQ, 0));
}

/* nullable */
static scmp_filter_ctx
make_filter(int output)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter != NULL && seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
	    add_rules(filter, output))
		return filter;
	seccomp_release(filter);
	return NULL;
}

void
perfdash_worker_seccomp_warm_up(void)
{
	seccomp_release(make_filter(STDOUT_FILENO));
}

gboolean
perfdash_worker_seccomp_apply(int output, GError **error)
{
	scmp_filter_ctx filter = make_filter(output);
	int code = filter != NULL ? seccomp_load(filter) : -ENOMEM;
	seccomp_release(filter);
	if (code == 0)
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_IO,
		    "failed to filter system calls by seccomp: %s",
		    g_strerror(-code));
	return FALSE;
}
