/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "pdd-data-dir.h"
#include "pdd-server.h"

typedef struct {
	char *config;
	gboolean check_config;
	gboolean version;
} Options;

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{"config",
		 'c',
		 0,
		 G_OPTION_ARG_FILENAME,
		 &options->config,
		 "The configuration; FILE.d/*.conf is read too",
		 "FILE"},
		{"check-config",
		 0,
		 0,
		 G_OPTION_ARG_NONE,
		 &options->check_config,
		 "Say what is wrong with the configuration, and exit",
		 NULL},
		{"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL},
		{NULL},
	};
	g_autoptr(GOptionContext) context = g_option_context_new("- serve trends of performance");
	g_autoptr(GError) error = NULL;
	g_option_context_add_main_entries(context, entries, NULL);
	if (g_option_context_parse(context, argc, argv, &error) && *argc == 1)
		return TRUE;
	g_printerr("perfdashd: %s\n", error != NULL ? error->message : "unexpected argument");
	return FALSE;
}

/* NULL when there was something wrong with it, which is said */
static PddConfig *
load_config(const char *path)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(PddConfig) config = pdd_config_load(path, errors);
	for (guint i = 0; i < errors->len; i++)
		g_printerr("%s\n", (const char *)g_ptr_array_index(errors, i));
	return errors->len == 0 ? g_steal_pointer(&config) : NULL;
}

static gboolean
quit_cb(gpointer user_data)
{
	g_main_loop_quit(user_data);
	return G_SOURCE_CONTINUE;
}

/* a main loop, and why it ended before anybody wanted it to */
typedef struct {
	GMainLoop *loop;
	GError *error;
	PddService *service;
	const char *config; /* its path */
} Serving;

static gboolean
reload_cb(gpointer user_data)
{
	Serving *serving = user_data;
	PddConfig *config = load_config(serving->config);
	if (config != NULL)
		pdd_service_reload(serving->service, config);
	else
		g_printerr("the configuration is not read again: it stays as it was\n");
	return G_SOURCE_CONTINUE;
}

static void
failed_cb(const GError *error, gpointer user_data)
{
	Serving *serving = user_data;
	serving->error = g_error_copy(error);
	g_main_loop_quit(serving->loop);
}

static gboolean
serve(PddService *service,
      PddServer *server,
      const char *address,
      const char *config,
      GError **error)
{
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	Serving serving = {loop, NULL, service, config};
	g_unix_signal_add(SIGHUP, reload_cb, &serving);
	g_unix_signal_add(SIGTERM, quit_cb, loop);
	g_unix_signal_add(SIGINT, quit_cb, loop);
	printf("listening on %s\n", address);
	fflush(stdout);
	pdd_service_start(service, failed_cb, &serving);
	g_main_loop_run(loop);
	pdd_server_stop(server);
	pdd_service_stop(service);
	if (serving.error != NULL)
		g_propagate_error(error, serving.error);
	return serving.error == NULL;
}

/* takes over config, which was at path */
static gboolean
run(PddConfig *config, const char *path, GError **error)
{
	g_autoptr(PddService) service = pdd_service_new(config, error);
	if (service == NULL)
		return FALSE;
	g_autoptr(PddServer) server = pdd_server_new(service);
	g_autofree char *address = pdd_server_listen(server, error);
	if (address != NULL)
		return serve(service, server, address, path, error);
	pdd_server_stop(server);
	return FALSE;
}

static gboolean
run_locked(PddConfig *config, const char *path, GError **error)
{
	g_autofree char *directory = g_strdup(config->data_dir);
	int lock = pdd_data_dir_lock(directory, error);
	if (lock < 0 || !pdd_data_dir_prepare(directory, error)) {
		pdd_config_free(config);
		return FALSE;
	}
	gboolean ok = run(config, path, error);
	g_close(lock, NULL);
	return ok;
}

static int
run_daemon(const Options *options)
{
	g_autoptr(GError) error = NULL;
	PddConfig *config = load_config(options->config);
	if (config == NULL)
		return EXIT_FAILURE;
	if (options->check_config) {
		pdd_config_free(config);
		return EXIT_SUCCESS;
	}
	if (run_locked(config, options->config, &error))
		return EXIT_SUCCESS;
	g_printerr("perfdashd: %s\n", error->message);
	return EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	Options options = {0};
	int status = EXIT_FAILURE;
	setlocale(LC_ALL, "C.UTF-8");
	/* a heap for each thread would keep what only one of them needed once */
	mallopt(M_ARENA_MAX, 2);
	/* see pdd-file.c */
	signal(SIGIO, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (read_options(&options, &argc, &argv)) {
		if (options.version)
			printf("perfdashd %s\n", PERFDASH_VERSION_S);
		else if (options.config == NULL)
			g_printerr("perfdashd: --config FILE is missing\n");
		status = options.version          ? EXIT_SUCCESS
			 : options.config == NULL ? EXIT_FAILURE
						  : run_daemon(&options);
	}
	g_free(options.config);
	return status;
}
