// SPDX-License-Identifier: LGPL-2.1-or-later

// runs that the reader hides or shows again: at once on this page, and as they were when the store refuses

import { useState } from 'preact/hooks';

import { editRun, type Hidden } from './api';
import { useEdits, type Edits } from './edits';
import { readWho } from './who';

/** What a run is in answers older than a generation of the store. */
export interface Standing {
  readonly hidden: Hidden | null;
  readonly until: number;
}

export type Standings = ReadonlyMap<number, Standing>;

/** Whether a run is hidden when an answer of that generation says whether it was. */
export function isHidden(standings: Standings, run: number, generation: number, was: boolean): boolean {
  const standing = standings.get(run);
  return standing !== undefined && generation < standing.until ? standing.hidden !== null : was;
}

export interface Hiding extends Edits {
  readonly standings: Standings;
  /** The last run that the store did not hide, and the reason that was given. */
  readonly refused: { readonly run: number; readonly reason: string } | null;
  /** Whether the store took it. */
  readonly hide: (run: number, reason: string) => Promise<boolean>;
  /** `reason` is why it was hidden, and is again when this is taken back. */
  readonly show: (run: number, reason: string) => void;
}

const NONE: Standings = new Map();

/** `changed` is called when the store knows. */
export function useHiding(changed: () => void): Hiding {
  const edits = useEdits(changed);
  const [standings, setStandings] = useState(NONE);
  const [refused, setRefused] = useState<Hiding['refused']>(null);
  const mark = (run: number, standing: Standing | undefined): void => {
    setStandings((old) => new Map([...old].filter(([id]) => id !== run).concat(standing === undefined ? [] : [[run, standing]])));
  };
  const send = async (run: number, reason: string | null): Promise<void> => {
    const who = readWho();
    const hidden = reason === null ? null : { reason, who: who === '' ? 'somebody' : who, time: new Date().toISOString() };
    mark(run, { hidden, until: Infinity });
    try {
      const { generation } = await editRun(run, { who, hidden: reason !== null, ...(reason === null ? {} : { reason }) });
      mark(run, { hidden, until: generation });
      setRefused(null);
    } catch (error) {
      mark(run, standings.get(run));
      setRefused(reason === null ? null : { run, reason });
      throw error;
    }
  };
  const name = (run: number): string => `Run ${String(run)}`;
  return {
    ...edits,
    standings,
    refused,
    hide: (run, reason) => edits.make({ words: `${name(run)} is hidden.`, send: () => send(run, reason), takeBack: () => send(run, null) }),
    show: (run, reason) => {
      void edits.make({ words: `${name(run)} is shown again.`, send: () => send(run, null), takeBack: () => send(run, reason) });
    },
  };
}
