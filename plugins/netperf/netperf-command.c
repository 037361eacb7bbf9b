/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A trace of a shell (set -x) says what the numbers mean that netperf -P 0 prints without a word.
 * Options whose output has another form make the command unknown. */

#include "netperf.h"

#include <string.h>

/* what a banner and headings would say */
static const struct {
	const char *option;
	const char *test;
	const char *heading;
	const char *unit; /* NULL: that of -f */
} tests[] = {
	{"TCP_STREAM", "TCP STREAM", "Recv   Send    Send", NULL},
	{"TCP_MAERTS", "TCP MAERTS", "Recv   Send    Send", NULL},
	{"TCP_SENDFILE", "TCP SENDFILE", "Recv   Send    Send", NULL},
	{"UDP_STREAM", "UDP STREAM", "Socket  Message  Elapsed", NULL},
	{"TCP_RR", "TCP REQUEST/RESPONSE", "Local /Remote", "per sec"},
	{"UDP_RR", "UDP REQUEST/RESPONSE", "Local /Remote", "per sec"},
	{"TCP_CRR", "TCP Connect/Request/Response", "Local /Remote", "per sec"},
};

static const struct {
	const char *option;
	const char *unit;
} units[] = {
	{"k", "10^3bits/s"},
	{"m", "10^6bits/s"},
	{"g", "10^9bits/s"},
	{"K", "KBytes/s"},
	{"M", "MBytes/s"},
	{"G", "GBytes/s"},
};

/* what an option says, in its own word or the next: "-P 0" and "-P0"; NULL when it is not there */
static const char *
get_option(GStrv words, const char *option)
{
	for (guint i = 0; words[i] != NULL && !g_str_equal(words[i], "--"); i++) {
		if (g_str_equal(words[i], option))
			return words[i + 1];
		if (g_str_has_prefix(words[i], option))
			return words[i] + strlen(option);
	}
	return NULL;
}

/* the keys that omni was told to print as CSV, or NULL */
static const char *
get_keys(GStrv words)
{
	guint i = 0;
	while (words[i] != NULL && !g_str_equal(words[i], "--"))
		i++;
	const char *keys = words[i] != NULL ? get_option(words + i + 1, "-o") : NULL;
	return keys != NULL && g_ascii_isupper(*keys) ? keys : NULL;
}

/* the words of the command, or NULL when the line is no trace of netperf */
static GStrv
split_command(const char *line)
{
	const char *text = line + strspn(line, "+");
	if (text == line || *text != ' ')
		return NULL;
	g_auto(GStrv) words = reader_words(text);
	g_autofree char *name = words[0] != NULL ? g_path_get_basename(words[0]) : NULL;
	return g_strcmp0(name, "netperf") == 0 ? g_steal_pointer(&words) : NULL;
}

static gboolean
find_unit(GStrv words, const char **unit)
{
	const char *option = get_option(words, "-f");
	if (*unit != NULL)
		return option == NULL;
	if (option == NULL)
		option = "m";
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (g_str_equal(units[i].option, option))
			*unit = units[i].unit;
	}
	return *unit != NULL;
}

gboolean
netperf_command_read(const char *line, NetperfCommand *command)
{
	g_auto(GStrv) words = split_command(line);
	const char *test = words != NULL ? get_option(words, "-t") : NULL;
	const char *keys = words != NULL ? get_keys(words) : NULL;
	if (words == NULL || g_strcmp0(get_option(words, "-P"), "0") != 0 ||
	    get_option(words, "-v") != NULL)
		return FALSE;
	*command = (NetperfCommand){0};
	if (keys != NULL) {
		command->keys = g_strdup(keys);
		return TRUE;
	}
	if (test == NULL)
		test = "TCP_STREAM";
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		if (g_ascii_strcasecmp(tests[i].option, test) != 0)
			continue;
		command->test = tests[i].test;
		command->heading = tests[i].heading;
		command->unit = tests[i].unit;
		return find_unit(words, &command->unit);
	}
	return FALSE;
}
