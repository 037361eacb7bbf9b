// SPDX-License-Identifier: LGPL-2.1-or-later

// what a reader says of groups of changes: which changes it is said of, and what takes it back

import type { ChangeEdit, ChangeGroup, ChangeState, Said } from './api';

/** As many as the store changes at once. */
export const MOST_IDS = 1000;

export type Saying = Omit<ChangeEdit, 'who' | 'note'>;

export interface Batch {
  readonly ids: readonly number[];
  readonly saying: Saying;
}

// only the analysis brings these back
const NO_WAY_BACK: readonly ChangeState[] = ['historic', 'withdrawn', 'unsure'];

/** Of those that wait for somebody, or else of all. */
function meant(group: ChangeGroup, saying: Saying): readonly Said[] {
  if (saying.state === undefined) return group.said;
  const other = group.said.filter(({ state }) => state !== saying.state);
  const waiting = other.filter(({ state }) => state === 'new');
  return waiting.length > 0 ? waiting : other;
}

function chunks(ids: readonly number[], saying: Saying): Batch[] {
  const count = Math.ceil(ids.length / MOST_IDS);
  return Array.from({ length: count }, (_, i) => ({ ids: ids.slice(i * MOST_IDS, (i + 1) * MOST_IDS), saying }));
}

export function batchesOf(groups: readonly ChangeGroup[], saying: Saying): Batch[] {
  return chunks(groups.flatMap((group) => meant(group, saying).flatMap(({ ids }) => ids)), saying);
}

function former(said: Said, saying: Saying): Saying {
  const kept = Object.fromEntries((['owner', 'link'] as const).filter((key) => key in saying).map((key) => [key, said[key]]));
  if (saying.state === undefined) return kept;
  // the analysis sees by itself that it is fixed
  const state = said.state === 'fixed' ? 'new' : said.state;
  return state === 'ignored' ? { ...kept, state, reason: said.reason } : { ...kept, state };
}

/** What makes all as it was; null where that cannot be. */
export function wayBack(groups: readonly ChangeGroup[], saying: Saying): Batch[] | null {
  const all = groups.flatMap((group) => meant(group, saying));
  if (saying.state !== undefined && all.some(({ state }) => NO_WAY_BACK.includes(state))) return null;
  return all.flatMap((said) => chunks(said.ids, former(said, saying)));
}

const DONE: Readonly<Partial<Record<ChangeState, readonly [string, string]>>> = {
  new: ['is new again', 'are new again'],
  acknowledged: ['is acknowledged', 'are acknowledged'],
  ignored: ['is ignored', 'are ignored'],
};

export function describeSaying(batches: readonly Batch[], saying: Saying): string {
  const n = batches.reduce((sum, { ids }) => sum + ids.length, 0);
  const [one, many] = (saying.state === undefined ? undefined : DONE[saying.state]) ?? ['is saved', 'are saved'];
  return n === 1 ? `1 change ${one}.` : `${String(n)} changes ${many}.`;
}
