/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* what a worker that reads one log gives back: an answer in memory that is sealed before it is
 * looked at, so that nobody changes it any more, and what it says on its standard error */
typedef struct {
	int answer;
	int errors;           /* read end of a pipe */
	int errors_of_worker; /* its write end */
	GString *said;
} PerfdashParserExchange;

#define PERFDASH_PARSER_EXCHANGE_CLOSED                                                            \
	{                                                                                          \
		-1, -1, -1, NULL                                                                   \
	}

gboolean
perfdash_parser_exchange_open(PerfdashParserExchange *self, GError **error);
void
perfdash_parser_exchange_clear(PerfdashParserExchange *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashParserExchange, perfdash_parser_exchange_clear)
/* when the worker has its ends */
void
perfdash_parser_exchange_begin(PerfdashParserExchange *self);
/* takes in what the worker says until end can be read; FALSE when the deadline came first, or it
 * was cancelled */
gboolean
perfdash_parser_exchange_wait(PerfdashParserExchange *self,
			      int end,
			      gint64 deadline,
			      GCancellable *cancellable);
/* the answer, of a type in normal form, of a worker that ended with a status of waitpid(); an empty
 * tuple when there is no type, for the worker unpacked a log. What
 * went wrong in it is PERFDASH_ERROR_CRASHED, TIMED_OUT, OVER_LIMIT, FORBIDDEN or PROTOCOL */
GVariant *
perfdash_parser_exchange_take(PerfdashParserExchange *self,
			      int status,
			      const char *answer_type,
			      GError **error);

G_END_DECLS
