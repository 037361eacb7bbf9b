// SPDX-License-Identifier: LGPL-2.1-or-later

// what the list of changes says of a group, as text

import type { ChangeGroup, ChangeState, Status } from './api';
import { formatAge } from './time';
import { formatNumber } from './unit';

const WORDS = { benchmark: 'tests', metric: 'metrics', lab: 'labs', suite: 'suites', project: 'projects', branch: 'branches' } as const;
const NAMED = 3;

// one test or one metric is named where the worst is
function place(group: ChangeGroup, key: keyof typeof WORDS): string {
  const { n, values } = group.labels[key];
  if (n < 2) return key === 'lab' || key === 'branch' ? (values[0] ?? '') : '';
  const names = n <= NAMED ? ` (${values.join(', ')})` : '';
  return `${formatNumber(n, 1)} ${WORDS[key]}${names}`;
}

/** Where a group of changes is seen: `62 changes: 31 tests, 2 metrics (latency, throughput), dfw`. */
export function describeSpread(group: ChangeGroup): string {
  if (group.changes === 1) return '';
  const places = (['benchmark', 'metric', 'lab', 'branch'] as const).map((key) => place(group, key)).filter((words) => words !== '');
  return `${formatNumber(group.changes, 1)} changes: ${places.join(', ')}`;
}

/** How many of a group are in which state. */
export function statesOf(group: ChangeGroup): { readonly state: ChangeState; readonly count: number }[] {
  const counts = new Map<ChangeState, number>();
  for (const { state, ids } of group.said) counts.set(state, (counts.get(state) ?? 0) + ids.length);
  return [...counts].map(([state, count]) => ({ state, count }));
}

export function ownersOf(group: ChangeGroup): string {
  return [...new Set(group.said.map(({ owner }) => owner))].filter((owner) => owner !== '').join(', ');
}

export function linksOf(group: ChangeGroup): string[] {
  return [...new Set(group.said.map(({ link }) => link))].filter((link) => link !== '');
}

/** What is true when nothing waits: `last result 14 min ago`. */
export function describeQuiet({ last_result }: Pick<Status, 'last_result'>, labs: number, now: number): string {
  if (last_result === null) return 'No result has come yet.';
  const from = labs === 0 ? '' : ` from ${formatNumber(labs, 1)} ${labs === 1 ? 'lab' : 'labs'}`;
  return `Last result ${formatAge(Date.parse(last_result), now)}${from}.`;
}
