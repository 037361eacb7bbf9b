// SPDX-License-Identifier: LGPL-2.1-or-later

// which runs of the drawn series people hid, in one line and as a list that shows them again

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Analysis, HiddenRun } from './api';
import { Outcome } from './edits';
import { HiddenList } from './hidden-list';
import { isHidden, type Hiding, type Standings } from './run-hiding';
import type { Line } from './trend-data';
import { formatNumber } from './unit';

/** With its value on each line that has one. */
export interface Entry extends HiddenRun {
  readonly values: readonly { readonly line: Line; readonly value: number }[];
}

/** All hidden runs of all lines, the newest first; each once, with its value on each line. */
export function hiddenEntries(lines: readonly Line[], analyses: ReadonlyMap<string, Analysis>, standings: Standings): Entry[] {
  const entries = new Map<number, Entry>();
  for (const line of lines) {
    const { hidden = [], generation = 0 } = analyses.get(line.id) ?? {};
    for (const one of hidden) {
      if (!isHidden(standings, one.run, generation, true)) continue;
      entries.set(one.run, { ...one, values: [...(entries.get(one.run)?.values ?? []), { line, value: one.value }] });
    }
  }
  return [...entries.values()].sort((a, b) => b.time.localeCompare(a.time));
}

const MOST_LETTERS = 40;

function shorten(reason: string): string {
  return reason.length > MOST_LETTERS ? `${reason.slice(0, MOST_LETTERS - 1)}…` : reason;
}

function summary(entries: readonly Entry[]): string {
  const reasons = [...new Set(entries.map(({ reason }) => reason))];
  const told = reasons.slice(0, 2).map(shorten).join('; ') + (reasons.length > 2 ? ' …' : '');
  return `${formatNumber(entries.length, 1)} ${entries.length === 1 ? 'run is' : 'runs are'} hidden: ${told}`;
}

interface HiddenRunsProps {
  readonly lines: readonly Line[];
  readonly analyses: ReadonlyMap<string, Analysis>;
  readonly hiding: Hiding;
  /** Stands in the same line before it. */
  readonly hint: string;
}

export function HiddenRuns({ lines, analyses, hiding, hint }: HiddenRunsProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const entries = hiddenEntries(lines, analyses, hiding.standings);
  return (
    <>
      <div class="hidden-line">
        {hint !== '' && <p class="hint muted">{hint}</p>}
        <span class="spring" />
        <Outcome edits={hiding} />
        {entries.length > 0 && (
          <p>
            <span class="muted">{summary(entries)}</span>
            <button
              type="button"
              class="link-button"
              aria-expanded={open}
              onClick={() => {
                setOpen(!open);
              }}
            >
              {open ? 'Close the list' : 'List'}
            </button>
          </p>
        )}
      </div>
      {open && entries.length > 0 && <HiddenList {...{ entries, hiding }} several={lines.length > 1} />}
    </>
  );
}
