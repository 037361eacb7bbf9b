/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-service.h"
#include "pdd-source.h"

G_BEGIN_DECLS

#define PDD_TYPE_SOURCE_DIRECTORY (pdd_source_directory_get_type())

G_DECLARE_FINAL_TYPE(PddSourceDirectory, pdd_source_directory, PDD, SOURCE_DIRECTORY, PddSource)

PddSource *
pdd_source_directory_new(PddService *service, PddSourceConfig *config);

G_END_DECLS
