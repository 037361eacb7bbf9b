/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-source-remote.h"

G_BEGIN_DECLS

#define PDD_TYPE_SOURCE_JENKINS (pdd_source_jenkins_get_type())

G_DECLARE_FINAL_TYPE(PddSourceJenkins, pdd_source_jenkins, PDD, SOURCE_JENKINS, PddSourceRemote)

PddSource *
pdd_source_jenkins_new(PddService *service, PddSourceConfig *config);

G_END_DECLS
