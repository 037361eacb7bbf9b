/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-answer.h"
#include "pdd-exchange.h"

G_BEGIN_DECLS

/* NULL when the request may do what its route does; then the request has the token it came with */
PddAnswer *
pdd_auth_check(PddExchange *exchange);

G_END_DECLS
