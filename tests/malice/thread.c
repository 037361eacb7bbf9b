/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pthread.h>
#include <unistd.h>

#include "malice.h"

static void *
wait_for_ever(void *data)
{
	pause();
	return NULL;
}

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	pthread_t thread;
	pthread_create(&thread, NULL, wait_for_ever, NULL);
	return malice_done(builder);
}

MALICE("thread", act)
