/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-label.h"

#include <string.h>

#include "reader-text.h"

#define MAX_KEY 60

static const char *const left_out[] = {"benchmark",
				       "metric",
				       "stat",
				       "unit",
				       "instance",
				       "host",
				       "hostname",
				       "user",
				       "username",
				       "email",
				       NULL};

/* our form of a key, or NULL when nothing is left of it */
static char *
make_key(const char *key)
{
	GString *ours = g_string_new(NULL);
	for (; *key != '\0' && ours->len < MAX_KEY; key++) {
		char c = g_ascii_tolower(*key);
		gboolean fits = g_ascii_isalnum(c) || strchr("_.-", c) != NULL;
		if (ours->len == 0 && !g_ascii_isalpha(c))
			continue;
		g_string_append_c(ours, fits ? c : '_');
	}
	return g_string_free(ours, ours->len == 0);
}

void
reader_add_label(PerfdashRunBuilder *builder, const char *key, const char *value)
{
	g_autofree char *ours = make_key(key);
	if (ours == NULL || *value == '\0' || g_strv_contains(left_out, ours))
		return;
	g_autofree char *name = reader_name(value);
	perfdash_run_builder_add_result_label(builder, ours, name);
}
