/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens for those who write to a daemon. They lie beside its store, so it need not run, and knows
 * at once when it does. The secret goes to standard output alone, what people should know of it to
 * standard error: "perfdash token create > FILE" leaves what a job needs. */

#include "pdc-command.h"
#include "pdc-table.h"
#include "pdd-token-folder.h"

typedef struct {
	char *store;
	char *scope;
	GStrv projects;
	GStrv labs;
	char *name;
	char *expires;
	char *format;
} Options;

static void
options_clear(Options *options)
{
	g_free(options->store);
	g_free(options->scope);
	g_strfreev(options->projects);
	g_strfreev(options->labs);
	g_free(options->name);
	g_free(options->expires);
	g_free(options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static int
fail(const GError *error)
{
	pdc_complain("%s", error->message);
	return error->code == PERFDASH_ERROR_INVALID ? PDC_USAGE : PDC_FAILED;
}

/* others: the command's own options; arguments: what must be left, or NULL */
static gboolean
read_options(Options *options,
	     int *argc,
	     char ***argv,
	     const GOptionEntry *others,
	     const char *arguments,
	     const char *summary)
{
	const GOptionEntry store[] = {
		{"store",
		 's',
		 0,
		 G_OPTION_ARG_FILENAME,
		 &options->store,
		 "The data directory of the daemon (default: $PERFDASH_STORE)",
		 "DIRECTORY"},
		G_OPTION_ENTRY_NULL};
	g_autoptr(GArray) entries = g_array_new(TRUE, FALSE, sizeof(GOptionEntry));
	int n_arguments = arguments != NULL;
	g_array_append_vals(entries, store, 1);
	for (const GOptionEntry *entry = others; entry->long_name != NULL; entry++)
		g_array_append_vals(entries, entry, 1);
	if (!pdc_read_options(argc, argv, (GOptionEntry *)entries->data, arguments, summary))
		return FALSE;
	if (*argc - 1 != n_arguments) {
		if (*argc - 1 > n_arguments)
			pdc_complain("unexpected argument \"%s\"", (*argv)[n_arguments + 1]);
		else
			pdc_complain("which one? perfdash token list tells");
		return FALSE;
	}
	g_autofree char *place = options->store;
	options->store = pdc_store_directory(place);
	if (options->store == NULL)
		pdc_complain("whose? give --store DIRECTORY, the data directory of the daemon, or "
			     "set PERFDASH_STORE");
	return options->store != NULL;
}

/* such as 90d, or a day; "never", as nothing, is 0 */
static gboolean
read_expiry(const char *text, gint64 *time, GError **error)
{
	char *end;
	if (text == NULL || g_str_equal(text, "never"))
		return TRUE;
	guint64 days = g_ascii_strtoull(text, &end, 10);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autofree char *midnight = g_strconcat(text, "T00:00:00", NULL);
	g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(midnight, utc);
	if (g_ascii_isdigit(*text) && g_str_equal(end, "d") && days > 0 && days <= 36500)
		*time = g_get_real_time() + days * G_TIME_SPAN_DAY;
	else if (day != NULL)
		*time = g_date_time_to_unix(day) * G_USEC_PER_SEC;
	if (*time > g_get_real_time())
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "expires \"%s\" is no time to come such as 90d or 2027-06-30",
		    text);
	return FALSE;
}

/* the secret, when its token is kept */
static char *
create_token(const Options *options, PddToken **token, GError **error)
{
	gint64 expires_at = 0;
	if (!read_expiry(options->expires, &expires_at, error))
		return NULL;
	g_autofree char *secret = pdd_token_new_secret(error);
	if (secret == NULL)
		return NULL;
	*token = pdd_token_new(secret,
			       options->name,
			       pdd_scope_from_string(options->scope),
			       (const char *const *)options->projects,
			       (const char *const *)options->labs,
			       expires_at,
			       error);
	if (*token == NULL || !pdd_token_folder_add(options->store, *token, error))
		return NULL;
	return g_steal_pointer(&secret);
}

static int
run_create(int argc, char **argv)
{
	g_auto(Options) options = {0};
	g_autoptr(PddToken) token = NULL;
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {{"scope",
					 0,
					 0,
					 G_OPTION_ARG_STRING,
					 &options.scope,
					 "ingest (push logs), triage (say what changes are, hide "
					 "runs) or admin (everything)",
					 "SCOPE"},
					{"project",
					 0,
					 0,
					 G_OPTION_ARG_STRING_ARRAY,
					 &options.projects,
					 "Only for this project; may be repeated",
					 "NAME"},
					{"lab",
					 0,
					 0,
					 G_OPTION_ARG_STRING_ARRAY,
					 &options.labs,
					 "Only for this lab; may be repeated",
					 "NAME"},
					{"name",
					 0,
					 0,
					 G_OPTION_ARG_STRING,
					 &options.name,
					 "What the token is called in the list",
					 "NAME"},
					{"expires",
					 0,
					 0,
					 G_OPTION_ARG_STRING,
					 &options.expires,
					 "A number of days such as 90d, or a day (default: never)",
					 "WHEN"},
					G_OPTION_ENTRY_NULL};
	if (!read_options(&options,
			  &argc,
			  &argv,
			  entries,
			  NULL,
			  "Makes a token and prints it, once."))
		return PDC_USAGE;
	g_autofree char *secret = create_token(&options, &token, &error);
	if (secret == NULL)
		return fail(error);
	g_print("%s\n", secret);
	g_printerr("this is the only time that token %s is shown; what is kept is its digest\n",
		   token->id);
	return PDC_OK;
}

static void
add_values(PdcTable *table, GStrv values)
{
	g_autofree char *joined = g_strjoinv(",", values);
	pdc_table_add_text(table, joined);
}

static void
add_time(PdcTable *table, gint64 time)
{
	if (time != 0)
		pdc_table_add_time(table, time);
	else
		pdc_table_add_nothing(table);
}

static void
add_token(PdcTable *table, PddToken *token)
{
	pdc_table_add_text(table, token->id);
	pdc_table_add_text(table, token->name);
	pdc_table_add_text(table, pdd_scope_to_string(token->scope));
	add_values(table, token->projects);
	add_values(table, token->labs);
	add_time(table, token->created_at);
	add_time(table, token->used_at);
	add_time(table, token->expires_at);
	pdc_table_add_text(table,
			   token->revoked_at != 0      ? "revoked"
			   : pdd_token_is_valid(token) ? "valid"
						       : "expired");
}

static int
run_list(int argc, char **argv)
{
	static const char *const names[] = {"id",
					    "name",
					    "scope",
					    "project",
					    "lab",
					    "created",
					    "last_use",
					    "expires",
					    "state",
					    NULL};
	g_auto(Options) options = {0};
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {{"format",
					 'f',
					 0,
					 G_OPTION_ARG_STRING,
					 &options.format,
					 "table (default), json or csv",
					 "FORMAT"},
					G_OPTION_ENTRY_NULL};
	if (!read_options(&options,
			  &argc,
			  &argv,
			  entries,
			  NULL,
			  "Lists tokens, never what they are."))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = pdc_table_new(options.format, names, names);
	if (table == NULL)
		return PDC_USAGE;
	g_autoptr(GPtrArray) tokens = pdd_token_folder_list(options.store, &error);
	if (tokens == NULL)
		return fail(error);
	for (guint i = 0; i < tokens->len; i++)
		add_token(table, g_ptr_array_index(tokens, i));
	pdc_table_print(table);
	return PDC_OK;
}

static int
run_revoke(int argc, char **argv)
{
	g_auto(Options) options = {0};
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
	if (!read_options(&options,
			  &argc,
			  &argv,
			  entries,
			  "ID|NAME",
			  "Makes a token worth nothing, at once."))
		return PDC_USAGE;
	g_autoptr(PddToken) token = pdd_token_folder_revoke(options.store, argv[1], &error);
	if (token == NULL)
		return fail(error);
	g_print("revoked %s\n", token->id);
	return PDC_OK;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {{"create", run_create}, {"list", run_list}, {"revoke", run_revoke}};

int
pdc_token(int argc, char **argv)
{
	for (guint i = 0; argc > 1 && i < G_N_ELEMENTS(commands); i++) {
		if (g_str_equal(argv[1], commands[i].name)) {
			g_autofree char *name = g_strdup_printf("token %s", argv[1]);
			argv[1] = name;
			return commands[i].run(argc - 1, argv + 1);
		}
	}
	if (argc > 1 && (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h"))) {
		g_print("Usage:\n"
			"  perfdash token create --scope SCOPE [OPTION...]\n"
			"  perfdash token list\n"
			"  perfdash token revoke ID|NAME\n\n"
			"'perfdash token create --help' explains more.\n");
		return PDC_OK;
	}
	pdc_complain("token: create, list or revoke? see perfdash token --help");
	return PDC_USAGE;
}
