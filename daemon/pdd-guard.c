/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What can be said against a request when its head is there, whatever it asks for:
 *
 *  - a length that is no number or is given twice: a proxy and libsoup might not agree where the
 *    request ends;
 *  - a name that the daemon is not known by: a page of another site that points its own name to
 *    this address (DNS rebinding) would read what the browser can reach;
 *  - a page of another site that posts what its reader never sent;
 *  - a token in the address, where proxies and browsers write it down;
 *  - one who may not write, see pdd-auth.c;
 *  - a body where none is wanted. */

#include "pdd-guard.h"

#include <string.h>

#include "pdd-auth.h"
#include "pdd-problem.h"

#define MAX_SMALL (128 * 1024)

static const char *
get_header(PddExchange *exchange, const char *name)
{
	SoupMessageHeaders *headers = soup_server_message_get_request_headers(exchange->message);
	return soup_message_headers_get_list(headers, name);
}

static PddAnswer *
check_length(PddExchange *exchange)
{
	const char *length = get_header(exchange, "Content-Length");
	if (length == NULL || (length[strspn(length, "0123456789")] == '\0' &&
			       get_header(exchange, "Transfer-Encoding") == NULL))
		return NULL;
	return pdd_problem_new(PDD_PROBLEM_BAD_REQUEST,
			       pdd_request_get_id(exchange->request),
			       "the length of the body is not one number");
}

static gboolean
is_own_name(const PddConfig *config, const char *host)
{
	if (g_hostname_is_ip_address(host) || g_ascii_strcasecmp(host, "localhost") == 0)
		return TRUE;
	if (config->hostnames == NULL) {
		g_autoptr(GInetAddress) address = g_inet_address_new_from_string(config->address);
		return !g_inet_address_get_is_loopback(address);
	}
	for (guint i = 0; config->hostnames[i] != NULL; i++) {
		if (g_ascii_strcasecmp(config->hostnames[i], host) == 0)
			return TRUE;
	}
	return FALSE;
}

static PddAnswer *
check_host(PddExchange *exchange)
{
	const char *host = g_uri_get_host(soup_server_message_get_uri(exchange->message));
	if (is_own_name(exchange->service->config, host))
		return NULL;
	return pdd_problem_new(PDD_PROBLEM_UNKNOWN_HOST,
			       pdd_request_get_id(exchange->request),
			       "this server is not known as %.100s; if it is, name it under "
			       "hostnames= in its configuration",
			       host);
}

static PddAnswer *
check_origin(PddExchange *exchange)
{
	const char *method = soup_server_message_get_method(exchange->message);
	const char *origin = get_header(exchange, "Origin");
	const char *host = get_header(exchange, "Host");
	if (origin == NULL || g_str_equal(method, "GET") || g_str_equal(method, "HEAD"))
		return NULL;
	const char *name = strstr(origin, "://");
	if (name != NULL && host != NULL && g_ascii_strcasecmp(name + 3, host) == 0)
		return NULL;
	return pdd_problem_new(PDD_PROBLEM_CROSS_ORIGIN,
			       pdd_request_get_id(exchange->request),
			       "pages of %.100s may not send anything here",
			       origin);
}

static PddAnswer *
check_address(PddExchange *exchange)
{
	static const char *const names[] = {"token", "access_token", "api_key", "apikey"};
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (pdd_request_get(exchange->request, names[i]) == NULL)
			continue;
		return pdd_problem_new(
			PDD_PROBLEM_BAD_REQUEST,
			pdd_request_get_id(exchange->request),
			"%s: a token in an address stands in the logs of every proxy; send it in "
			"the "
			"header \"Authorization: Bearer pd_...\", and revoke this one",
			names[i]);
	}
	return NULL;
}

/* it is kept in memory */
static PddAnswer *
check_small(PddExchange *exchange)
{
	const char *length = get_header(exchange, "Content-Length");
	if (length == NULL)
		return pdd_problem_new(PDD_PROBLEM_BAD_REQUEST,
				       pdd_request_get_id(exchange->request),
				       "say how long the body is (Content-Length)");
	if (g_ascii_strtoull(length, NULL, 10) <= MAX_SMALL)
		return NULL;
	return pdd_problem_new(PDD_PROBLEM_TOO_LARGE,
			       pdd_request_get_id(exchange->request),
			       "the body is larger than %d bytes",
			       MAX_SMALL);
}

static PddAnswer *
check_body(PddExchange *exchange)
{
	const PddRoute *route = pdd_request_get_route(exchange->request);
	if (!pdd_exchange_has_body(exchange) || route == NULL || route->kind == PDD_ROUTE_UPLOAD)
		return NULL;
	if (route->kind == PDD_ROUTE_EDIT)
		return check_small(exchange);
	return pdd_problem_new(PDD_PROBLEM_BAD_REQUEST,
			       pdd_request_get_id(exchange->request),
			       "this request takes no body");
}

static PddAnswer *
check_parameters(PddExchange *exchange)
{
	g_autoptr(GError) error = NULL;
	const PddRoute *route = pdd_request_get_route(exchange->request);
	if (route == NULL || route->kind == PDD_ROUTE_VOLATILE || route->kind == PDD_ROUTE_STORED ||
	    pdd_request_check(exchange->request, &error))
		return NULL;
	return pdd_problem_new_for_error(error, pdd_request_get_id(exchange->request));
}

/* NULL when there is nothing against the request */
PddAnswer *
pdd_guard_check(PddExchange *exchange)
{
	static PddAnswer *(*const checks[])(PddExchange *) = {
		check_length,
		check_host,
		check_origin,
		check_address,
		pdd_auth_check,
		check_body,
		check_parameters,
	};
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		PddAnswer *objection = checks[i](exchange);
		if (objection != NULL)
			return objection;
	}
	return NULL;
}
