// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';

import type { Baseline, OpenChange } from './api';
import { formatLevel, formatShare, formatStep, standingOf, UNSURE_MEANS, type Size } from './change-text';
import { formatDay } from './time';

/** What the column is called, and what it means. */
export const BASELINE = 'Against 30 days ago';
export const BASELINE_MEANS =
  'The newest level of a series against its level 30 days before its newest result, or its first level when it is younger, by the changes found in between. ' +
  'The bounds hold the change in 95 of 100 cases.';

interface BaselineProps {
  readonly baseline: Baseline;
  readonly open: OpenChange | null;
  readonly unit: string;
}

function sizeOf({ change, before, after }: Baseline, unit: string): Size {
  const share = change === null ? null : formatShare(change);
  if (share !== null) return share;
  return { amount: before === null || after === null ? '' : formatStep({ before, after }, unit), interval: '' };
}

function title({ before, after, verdict }: Baseline, unit: string): string {
  if (verdict === 'not-enough-data') return 'Levels are told from eight results on';
  if (before === null || after === null) return 'No change was found in the last 30 days';
  return `Level ${formatLevel(after, unit)}, 30 days before the newest result ${formatLevel(before, unit)}`;
}

/** The change against the baseline: sign, amount, word; below its bounds and how far somebody is with it. */
export function BaselineText({ baseline, open, unit }: BaselineProps): JSX.Element {
  const { judgement, word, sign } = standingOf(baseline);
  const { amount, interval } = sizeOf(baseline, unit);
  const old = baseline.changes === 0 && open !== null ? ` since ${formatDay(Date.parse(open.time))}` : '';
  return (
    <>
      <span class={`change ${judgement}`} title={title(baseline, unit)}>
        <span class="change-sign" aria-hidden="true">
          {sign}
        </span>
        {amount !== '' && <span class="change-amount">{amount}</span>}
        <span class="change-word">{word}</span>
      </span>
      {(interval !== '' || open !== null) && (
        <span class="change-note">
          {interval !== '' && <span class="change-interval">{interval}</span>}
          {open !== null && <span class={`state ${open.state}`} title={open.state === 'unsure' ? UNSURE_MEANS : undefined}>{open.state + old}</span>}
        </span>
      )}
    </>
  );
}
