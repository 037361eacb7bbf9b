/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-secret.h"

#include <string.h>

static const struct {
	const char *text;
	const char *hidden; /* NULL: nothing to hide */
} cases[] = {
	{"https://anna:s3cret@shop.example/login", "https://shop.example/login"},
	{"GET http://anna@shop.example:8080/?q=1", "GET http://shop.example:8080/?q=1"},
	{"http://a:p@ss@shop.example/", "http://shop.example/"},
	{"/items?access_token=eyJhbGci.x.y&page=2", "/items?access_token=***&page=2"},
	{"/items?page=2&key=AIza12", "/items?page=2&key=***"},
	{"--header Authorization: Bearer abc.def --quiet", "--header Authorization: *** --quiet"},
	{"psql postgresql://bench:pw@db/bench", "psql postgresql://db/bench"},
	{"PGPASSWORD=pw pgbench -c 8", "PGPASSWORD=*** pgbench -c 8"},
	{"{\"api_key\":\"abc\"}", "{\"api_key\":\"***\"}"},
	{"api_key: 'abc'", "api_key: '***'"},
	{"Cookie: JSESSIONID=12ab", "Cookie: ***"},
	{"curl --token abc http://shop.example/", "curl --token *** http://shop.example/"},
	{"--password 1234 --quiet", "--password *** --quiet"},
	{"curl -u anna:pw http://shop.example/", "curl -u anna:*** http://shop.example/"},
	{"Password: 1234", "Password: ***"},
	{"/items?session_id=1234", "/items?session_id=***"},
	{"--token --quiet", NULL},
	{"docker run -u 1000:1000 shop", NULL},
	{"BM_decode/tokens:128", NULL},
	{"infer --max-tokens 128 --n_token=4", NULL},
	{"a token of http", NULL},
	{"SET key=1 keys:100", NULL},
	{"http://shop.example/@anna", NULL},
	{"BM_sort/threads:4", NULL},
	{"tokens: ", NULL},
	{"p99 of login", NULL},
	{"mail anna@shop.example", NULL},
};

static void
test_hide(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *hidden = perfdash_secret_hide(cases[i].text);
		g_assert_cmpstr(hidden, ==, cases[i].hidden);
	}
}

/* what is hidden stays as it is */
static void
test_again(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *hidden = perfdash_secret_hide(cases[i].text);
		g_autofree char *again = hidden != NULL ? perfdash_secret_hide(hidden) : NULL;
		if (again != NULL)
			g_assert_cmpstr(again, ==, hidden);
	}
}

/* takes no time that grows with the square of the length, for a process may send any text */
static void
test_long(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < 2000000; i++)
		g_string_append(text, "a=");
	g_autofree char *hidden = perfdash_secret_hide(text->str);
	g_assert_null(hidden);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/secret/hide", test_hide);
	g_test_add_func("/secret/again", test_again);
	g_test_add_func("/secret/long", test_long);
	return g_test_run();
}
