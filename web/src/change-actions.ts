// SPDX-License-Identifier: LGPL-2.1-or-later

// what a reader may say of a change, what it does, and how it is taken back

import { editChange, type Change, type ChangeEdit, type ChangeState } from './api';
import { useEdits, type Edits } from './edits';
import { formatDay } from './time';
import { readWho } from './who';

type Said = Omit<ChangeEdit, 'who'>;

const DONE: Readonly<Partial<Record<ChangeState, string>>> = {
  new: 'is new again',
  acknowledged: 'is acknowledged',
  ignored: 'is ignored',
};

/** What brings a change back to how it was; null where only the analysis could. */
export function undoOf(before: Change, said: Said): Said | null {
  if (said.state === undefined) {
    const { owner, note, link, reason } = before;
    return Object.fromEntries(Object.entries({ owner, note, link, reason }).filter(([key]) => key in said));
  }
  if (['historic', 'withdrawn', 'unsure'].includes(before.state)) return null;
  // the analysis sees by itself that it is fixed
  const state = before.state === 'fixed' ? 'new' : before.state;
  return state === 'ignored' ? { state, reason: before.reason } : { state };
}

export function describeAct(change: Change, said: Said): string {
  const what = said.state === undefined ? 'is saved' : (DONE[said.state] ?? 'is saved');
  return `The change of ${formatDay(Date.parse(change.time))} ${what}.`;
}

export interface Acts extends Edits {
  readonly act: (change: Change, said: Said) => Promise<boolean>;
}

/** Says something of changes; `changed` is called when the store knows. */
export function useActs(changed: () => void): Acts {
  const edits = useEdits(changed);
  const act = (change: Change, said: Said): Promise<boolean> => {
    const send = (what: Said) => () => editChange(change.id, { who: readWho(), ...what });
    const undo = undoOf(change, said);
    return edits.make({ words: describeAct(change, said), send: send(said), takeBack: undo === null ? null : send(undo) });
  };
  return { ...edits, act };
}
