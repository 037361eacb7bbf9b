// SPDX-License-Identifier: LGPL-2.1-or-later

// the page of the sources is a file of its own, loaded when somebody goes there

import type { JSX } from 'preact';

import { useLoad } from './load';
import type { SourcesPage } from './route';
import { ErrorBox, Skeleton } from './states';

export function LazySources({ route }: { readonly route: SourcesPage }): JSX.Element {
  const page = useLoad('sources-page', () => import('./sources'));
  if (page.data !== null) return <page.data.SourcesScreen route={route} />;
  if (page.error !== null) return <ErrorBox error={page.error} retry={page.reload} />;
  return <Skeleton rows={8} label="Loading the page" />;
}
