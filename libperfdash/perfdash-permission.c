/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-permission.h"

#include "perfdash-error.h"

/* a result may have labels of its own in place of those of its run */
gboolean
perfdash_permission_check_run(PerfdashSelector *allowed, PerfdashRun *run, GError **error)
{
	PerfdashLabels *labels = perfdash_run_get_labels(run);
	g_autoptr(PerfdashLabels) refused = NULL;
	if (!perfdash_selector_matches(allowed, labels))
		refused = perfdash_labels_ref(labels);
	for (guint i = 0; refused == NULL && i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		g_autoptr(PerfdashLabels)
			own = perfdash_labels_merge(labels, perfdash_result_get_labels(result));
		if (!perfdash_selector_matches(allowed, own))
			refused = g_steal_pointer(&own);
	}
	if (refused == NULL)
		return TRUE;
	g_autofree char *text = perfdash_labels_to_string(refused);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_DENIED,
		    "the log has results of %s",
		    *text != '\0' ? text : "no lab and no project");
	return FALSE;
}
