/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Landlock lets a process give up rights by itself (Documentation/userspace-api/landlock.rst of
 * Linux). Each version of it knows more rights, and refuses those that it does not know, so a rule
 * set asks for what the kernel has. Debian 12's headers are older than some of it. */

#include "perfdash-worker-landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "perfdash-error.h"

#define FILE_RIGHTS 13 /* of version 1, one bit each */
#define READ                                                                                       \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define READ_ONE_FILE (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE)

/* struct landlock_ruleset_attr of version 6 */
typedef struct {
	guint64 files;
	guint64 ports;
	guint64 scopes;
} Rights;

static const char *const system_folders[] = {"/lib",
					     "/lib64",
					     "/usr/lib",
					     "/usr/lib64",
					     "/usr/local/lib",
					     "/etc/ld.so.cache",
					     "/usr/share/zoneinfo"};

guint
perfdash_worker_landlock_get_version(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return MAX(version, 0);
}

static gboolean
set_failed(GError **error, const char *what)
{
	int saved_errno = errno;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_IO,
		    "failed to %s by Landlock: %s",
		    what,
		    g_strerror(saved_errno));
	return FALSE;
}

static Rights
all_rights(guint version)
{
	guint n_files = FILE_RIGHTS;
	n_files += version >= 2; /* to move a file to another folder */
	n_files += version >= 3; /* to cut a file off */
	n_files += version >= 5; /* to control devices */
	return (Rights){
		.files = (G_GUINT64_CONSTANT(1) << n_files) - 1,
		.ports = version >= 4 ? 3 : 0,  /* to bind and to connect */
		.scopes = version >= 6 ? 3 : 0, /* abstract sockets and signals */
	};
}

static gsize
rights_size(guint version)
{
	if (version >= 6)
		return sizeof(Rights);
	return version >= 4 ? 2 * sizeof(guint64) : sizeof(guint64);
}

/* a place that does not exist needs no rule */
static gboolean
allow_reading(int rules, const char *path, GError **error)
{
	struct stat status;
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || set_failed(error, "find what may be read");
	gboolean is_folder = fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
	struct landlock_path_beneath_attr rule = {
		.allowed_access = is_folder ? READ : READ_ONE_FILE,
		.parent_fd = fd,
	};
	long code = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	gboolean added = code == 0 || set_failed(error, "allow reading");
	close(fd);
	return added;
}

static gboolean
add_rules(int rules, const char *const *places, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(system_folders); i++) {
		if (!allow_reading(rules, system_folders[i], error))
			return FALSE;
	}
	for (guint i = 0; places[i] != NULL; i++) {
		if (!allow_reading(rules, places[i], error))
			return FALSE;
	}
	return TRUE;
}

gboolean
perfdash_worker_landlock_apply(const char *const *places, GError **error)
{
	guint version = perfdash_worker_landlock_get_version();
	Rights rights = all_rights(version);
	if (version == 0)
		return set_failed(error, "keep parsers from files");
	int rules = syscall(SYS_landlock_create_ruleset, &rights, rights_size(version), 0);
	if (rules < 0)
		return set_failed(error, "keep parsers from files");
	gboolean applied = add_rules(rules, places, error);
	if (applied && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		applied = set_failed(error, "keep parsers from files");
	close(rules);
	return applied;
}
