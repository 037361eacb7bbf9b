/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-peer.h"

#include <perfdash.h>

/* whether it is this machine */
gboolean
pdd_peer_is_local(GUri *uri)
{
	const char *host = g_uri_get_host(uri);
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
	return g_ascii_strcasecmp(host, "localhost") == 0 ||
	       (address != NULL && g_inet_address_get_is_loopback(address));
}

/* timeout is in seconds without a byte; no proxy is asked for this machine */
SoupSession *
pdd_peer_make_session(GUri *uri, guint timeout)
{
	g_autoptr(GProxyResolver) direct = g_simple_proxy_resolver_new(NULL, NULL);
	SoupSession *session = soup_session_new_with_options("timeout",
							     timeout,
							     "user-agent",
							     "perfdash/" PERFDASH_VERSION_S,
							     NULL);
	if (pdd_peer_is_local(uri))
		soup_session_set_proxy_resolver(session, direct);
	return session;
}

/* how long an answer asks us to wait, or 0 */
GTimeSpan
pdd_peer_get_retry_after(SoupMessage *message, GTimeSpan longest)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(message);
	const char *text = soup_message_headers_get_one(headers, "Retry-After");
	guint64 seconds;
	if (text == NULL)
		return 0;
	if (g_ascii_string_to_unsigned(text, 10, 0, 1000 * 1000, &seconds, NULL))
		return MIN((GTimeSpan)seconds * G_TIME_SPAN_SECOND, longest);
	g_autoptr(GDateTime) time = soup_date_time_new_from_http_string(text);
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	return time != NULL ? CLAMP(g_date_time_difference(time, now), 0, longest) : 0;
}
