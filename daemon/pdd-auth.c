/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who may write. Reading is open. What a route's scope stands for wants a token (RFC 6750)
 *
 *   auth=tokens   always
 *   auth=open     never
 *   not said      when there ever was a token that has the scope, or when the daemon listens on an
 *                 address that other machines can reach
 *
 * so that the first line of curl on the same machine works, and making a token for jobs does not
 * take the pages' buttons away. A token that comes where none is wanted is looked at all the same:
 * its limits hold, and one that is wrong is found out before that matters. */

#include "pdd-auth.h"

#include <string.h>

#include "pdd-problem.h"
#include "pdd-token-folder.h"

#define CREATE "perfdash token create --scope %s"

static PddAnswer *G_GNUC_PRINTF(4, 5)
	refuse(PddExchange *exchange, PddProblem problem, const char *code, const char *format, ...)
{
	va_list args;
	PddScope scope = pdd_request_get_scope(exchange->request);
	g_autoptr(GString) challenge = g_string_new("Bearer realm=\"perfdash\"");
	va_start(args, format);
	g_autofree char *detail = g_strdup_vprintf(format, args);
	va_end(args);
	if (code != NULL)
		g_string_append_printf(challenge, ", error=\"%s\"", code);
	g_string_append_printf(challenge, ", scope=\"%s\"", pdd_scope_to_string(scope));
	PddAnswer *answer =
		pdd_problem_new(problem, pdd_request_get_id(exchange->request), "%s", detail);
	pdd_answer_add_header(answer, "WWW-Authenticate", challenge->str);
	return answer;
}

/* whether error is of the folder itself, which the one who asks is not told more about */
static PddAnswer *
answer_broken(PddExchange *exchange, const GError *error)
{
	const char *id = pdd_request_get_id(exchange->request);
	g_warning("request %s: %s", id, error->message);
	return pdd_problem_new(PDD_PROBLEM_INTERNAL,
			       id,
			       "tokens cannot be read; the log of the server says why");
}

static gboolean
is_local(const PddConfig *config)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(config->address);
	return g_inet_address_get_is_loopback(address);
}

static gboolean
is_open(const PddConfig *config, PddScope scope, GError **error)
{
	g_autoptr(GError) local = NULL;
	if (config->auth != PDD_AUTH_BY_USE)
		return config->auth == PDD_AUTH_OPEN;
	if (!is_local(config) || pdd_token_folder_has_scope(config->data_dir, scope, &local))
		return FALSE;
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* what stands behind "Bearer", or NULL */
static const char *
get_bearer(PddExchange *exchange)
{
	static const char scheme[] = "Bearer ";
	SoupMessageHeaders *headers = soup_server_message_get_request_headers(exchange->message);
	const char *value = soup_message_headers_get_list(headers, "Authorization");
	if (value == NULL || g_ascii_strncasecmp(value, scheme, strlen(scheme)) != 0)
		return NULL;
	value += strlen(scheme);
	return value + strspn(value, " ");
}

static char *
format_date(gint64 time)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
	return g_date_time_format(date, "%Y-%m-%d");
}

static PddAnswer *
refuse_old(PddExchange *exchange, PddToken *token)
{
	gboolean is_revoked = token->revoked_at != 0;
	g_autofree char *date = format_date(is_revoked ? token->revoked_at : token->expires_at);
	return refuse(exchange,
		      PDD_PROBLEM_UNAUTHORIZED,
		      "invalid_token",
		      is_revoked
			      ? "token %s (%s) was revoked on %s; a new one is made with: " CREATE
			      : "token %s (%s) expired on %s; a new one is made with: " CREATE,
		      token->id,
		      *token->name != '\0' ? token->name : "without a name",
		      date,
		      pdd_scope_to_string(token->scope));
}

static PddAnswer *
check_token(PddExchange *exchange, PddToken *token)
{
	PddScope scope = pdd_request_get_scope(exchange->request);
	if (!pdd_token_is_valid(token))
		return refuse_old(exchange, token);
	if (!pdd_token_has_scope(token, scope))
		return refuse(exchange,
			      PDD_PROBLEM_FORBIDDEN,
			      "insufficient_scope",
			      "token %s is for %s, this wants %s; one is made with: " CREATE,
			      token->id,
			      pdd_scope_to_string(token->scope),
			      pdd_scope_to_string(scope),
			      pdd_scope_to_string(scope));
	pdd_token_folder_touch(exchange->service->config->data_dir, token);
	pdd_request_set_token(exchange->request, token);
	return NULL;
}

static PddAnswer *
check_secret(PddExchange *exchange, const char *secret)
{
	g_autoptr(GError) error = NULL;
	if (!pdd_token_is_secret(secret))
		return refuse(exchange,
			      PDD_PROBLEM_UNAUTHORIZED,
			      "invalid_token",
			      "this is no whole token of perfdash: was it cut, or copied with "
			      "something else?");
	g_autoptr(PddToken)
		token = pdd_token_folder_find(exchange->service->config->data_dir, secret, &error);
	if (token != NULL)
		return check_token(exchange, token);
	if (!g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
		return answer_broken(exchange, error);
	return refuse(exchange,
		      PDD_PROBLEM_UNAUTHORIZED,
		      "invalid_token",
		      "this server knows no such token; \"perfdash token list\" there tells which "
		      "there are");
}

static PddAnswer *
refuse_without(PddExchange *exchange)
{
	PddScope scope = pdd_request_get_scope(exchange->request);
	return refuse(exchange,
		      PDD_PROBLEM_UNAUTHORIZED,
		      NULL,
		      "this wants a token in the header \"Authorization: Bearer pd_...\"; whoever "
		      "runs the server makes one with: " CREATE,
		      pdd_scope_to_string(scope));
}

PddAnswer *
pdd_auth_check(PddExchange *exchange)
{
	const PddConfig *config = exchange->service->config;
	PddScope scope = pdd_request_get_scope(exchange->request);
	const char *bearer = get_bearer(exchange);
	g_autoptr(GError) error = NULL;
	if (scope == PDD_SCOPE_NONE)
		return NULL;
	if (bearer != NULL && g_str_has_prefix(bearer, "pd_"))
		return check_secret(exchange, bearer);
	/* that of somebody else, such as of a proxy in front, is not ours to judge */
	if (is_open(config, scope, &error))
		return NULL;
	if (error != NULL)
		return answer_broken(exchange, error);
	return bearer != NULL ? check_secret(exchange, bearer) : refuse_without(exchange);
}
