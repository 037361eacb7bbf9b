// SPDX-License-Identifier: LGPL-2.1-or-later

// each screen is a file of its own, loaded when somebody goes there first

import type { ComponentType, JSX } from 'preact';

import { useLoad } from './load';
import { ErrorBox, Skeleton } from './states';

export function screen<P>(load: () => Promise<ComponentType<P>>): (props: P & JSX.IntrinsicAttributes) => JSX.Element {
  let known: ComponentType<P> | null = null;
  return function Loaded(props): JSX.Element {
    const page = useLoad('screen', async () => (known ??= await load()));
    const Known = known;
    if (Known !== null) return <Known {...props} />;
    if (page.error !== null) return <ErrorBox error={page.error} retry={page.reload} />;
    return <Skeleton rows={8} label="Loading the page" />;
  };
}
