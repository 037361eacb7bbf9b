/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-worker-self-test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfdash-sanitizer.h"
#include "perfdash-worker-landlock.h"
#include "perfdash-worker-limits.h"
#include "perfdash-worker-sandbox.h"

enum { STOPPED, DONE, NO_SANDBOX };

/* whether it could be done */
typedef gboolean (*Attempt)(void);

static gboolean
read_a_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static gboolean
write_a_file(void)
{
	return open("/tmp/perfdash-self-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0;
}

static gboolean
make_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static gboolean
start_a_process(void)
{
	return fork() >= 0;
}

static gboolean
run_a_program(void)
{
	char *argv[] = {"true", NULL};
	execv("/usr/bin/true", argv);
	return FALSE;
}

static gboolean
signal_the_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static gboolean
trace_the_parent(void)
{
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0;
}

#if !HAS_ADDRESS_SANITIZER
static gboolean
take_all_memory(void)
{
	return mmap(NULL,
		    G_GUINT64_CONSTANT(1) << 40,
		    PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1,
		    0) != MAP_FAILED;
}
#endif

static const struct {
	const char *what;
	Attempt attempt;
} attempts[] = {
	{"read a file", read_a_file},
	{"write a file", write_a_file},
	{"make a socket", make_a_socket},
	{"start a process", start_a_process},
	{"run a program", run_a_program},
	{"signal the parent", signal_the_parent},
	{"trace the parent", trace_the_parent},
#if !HAS_ADDRESS_SANITIZER
	{"take all memory", take_all_memory},
#endif
};

/* in a child */
static int
try(Attempt attempt)
{
	char *no_modules[] = {NULL};
	g_autoptr(GError) error = NULL;
	if (!perfdash_worker_sandbox_apply(no_modules,
					   STDOUT_FILENO,
					   0,
					   PERFDASH_WORKER_ANSWER,
					   &error)) {
		g_print("%s\n", error->message);
		return NO_SANDBOX;
	}
	return attempt() ? DONE : STOPPED;
}

static gboolean
is_stopped(const char *what, Attempt attempt)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(try(attempt));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SANDBOX)
		return FALSE;
	gboolean killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	gboolean stopped = killed || (WIFEXITED(status) && WEXITSTATUS(status) == STOPPED);
	g_print("%-18s %s\n",
		what,
		killed    ? "stopped, and ends the parser"
		: stopped ? "stopped"
			  : "NOT STOPPED");
	return stopped;
}

gboolean
perfdash_worker_self_test(void)
{
	struct utsname system;
	gboolean all = TRUE;
	uname(&system);
	g_print("Linux %s, Landlock version %u\n",
		system.release,
		perfdash_worker_landlock_get_version());
	for (guint i = 0; i < G_N_ELEMENTS(attempts); i++)
		all = is_stopped(attempts[i].what, attempts[i].attempt) && all;
	g_print("%s\n",
		all ? "parsers are locked in"
		    : "parsers cannot be locked in here: logs are not read unless sandbox=no");
	return all;
}
