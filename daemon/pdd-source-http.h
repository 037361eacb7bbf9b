/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-source-remote.h"

G_BEGIN_DECLS

#define PDD_TYPE_SOURCE_HTTP (pdd_source_http_get_type())

G_DECLARE_FINAL_TYPE(PddSourceHttp, pdd_source_http, PDD, SOURCE_HTTP, PddSourceRemote)

PddSource *
pdd_source_http_new(PddService *service, PddSourceConfig *config);

G_END_DECLS
