// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';

import type * as Beside from './beside';
import { useLoad } from './load';
import { ErrorBox, Skeleton } from './states';

interface LazyProps {
  /** As high as it is, about. */
  readonly rows: number;
  readonly children: (beside: typeof Beside) => JSX.Element;
}

/** What is loaded when somebody asks for it. */
export function Lazy({ rows, children }: LazyProps): JSX.Element {
  const beside = useLoad('beside', () => import('./beside'));
  if (beside.data !== null) return children(beside.data);
  if (beside.error !== null) return <ErrorBox error={beside.error} retry={beside.reload} />;
  return <Skeleton rows={rows} label="Loading" />;
}
