/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-exchange.h"

G_BEGIN_DECLS

PddAnswer *
pdd_guard_check(PddExchange *exchange);

G_END_DECLS
