/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* the pages, which are part of the program */

#include "pdd-assets.h"

#include <string.h>

#define PREFIX "/org/perfdash/web/"

static const struct {
	const char *suffix;
	const char *content_type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".woff2", "font/woff2"},
	{".json", "application/json"},
	{".map", "application/json"},
	{".webmanifest", "application/manifest+json"},
};

static const char *
content_type_of(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		if (g_str_has_suffix(name, types[i].suffix))
			return types[i].content_type;
	}
	return "application/octet-stream";
}

static GBytes *
look_up(const char *name, const char *suffix)
{
	g_autofree char *path = g_strconcat(PREFIX, name, suffix, NULL);
	return g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static PddAnswer *
find_file(const char *name, guint status, gboolean gzip)
{
	g_autoptr(GBytes) plain = look_up(name, "");
	if (plain == NULL)
		return NULL;
	GBytes *packed = gzip ? look_up(name, ".gz") : NULL;
	g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, plain);
	PddAnswer *answer = pdd_answer_new(status,
					   content_type_of(name),
					   packed != NULL ? packed : g_bytes_ref(plain));
	answer->is_gzip = packed != NULL;
	answer->etag = g_strdup_printf("\"%.16s%s\"", digest, packed != NULL ? "-gz" : "");
	/* the name changes with the content */
	if (g_str_has_prefix(name, "assets/"))
		pdd_answer_add_header(answer,
				      "Cache-Control",
				      "public, max-age=31536000, immutable");
	return answer;
}

/* the addresses that the page finds its way by itself from */
static gboolean
is_page(const char *path)
{
	static const char *const pages[] = {"/", "/changes", "/trend", "/sources", NULL};
	if (g_strv_contains(pages, path))
		return TRUE;
	const char *run = g_str_has_prefix(path, "/runs/") ? path + strlen("/runs/") : "";
	return *run != '\0' && run[strspn(run, "0123456789")] == '\0';
}

/* the page or asset that is asked for, or NULL; a person who went astray gets the page, which says
 * so */
PddAnswer *
pdd_assets_find(PddExchange *exchange)
{
	const char *path = pdd_request_get_path(exchange->request);
	gboolean gzip = pdd_exchange_accepts_gzip(exchange);
	if (is_page(path))
		return find_file("index.html", 200, gzip);
	PddAnswer *asset = g_str_has_prefix(path, "/assets/") ? find_file(path + 1, 200, gzip)
							      : NULL;
	if (asset == NULL && pdd_exchange_accepts_html(exchange))
		return find_file("index.html", 404, gzip);
	return asset;
}
