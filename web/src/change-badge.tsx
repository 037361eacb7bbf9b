// SPDX-License-Identifier: LGPL-2.1-or-later

// the sign of a change: its outline says what it means, its arrow which way the level went, and colour only repeats the first

import type { JSX } from 'preact';

import type { Change, ChangePoint } from './api';
import { isUp } from './change-text';

// in a box from -8 to 8
const OUTLINES = {
  regression: 'M-3.3-8H3.3L8-3.3V3.3L3.3 8H-3.3L-8 3.3V-3.3Z',
  improvement: 'M8 0A8 8 0 1 1-8 0A8 8 0 1 1 8 0Z',
  neither: 'M0-8.6L8.6 0L0 8.6L-8.6 0Z',
} as const;
const UP = 'M0 4.4V-4M-3.4-.8L0-4.2L3.4-.8';

export interface BadgeLook {
  readonly direction: ChangePoint['direction'];
  readonly up: boolean;
  /** How much of it is held back: an unsure one is hollow, an undecided one dashed too. */
  readonly doubt: '' | 'unsure' | 'undecided';
}

export function lookOf(point: ChangePoint, change: Pick<Change, 'state'> | null): BadgeLook {
  return { direction: point.direction, up: isUp(point), doubt: change === null ? 'undecided' : change.state === 'unsure' ? 'unsure' : '' };
}

export function ChangeSign({ look }: { readonly look: BadgeLook }): JSX.Element {
  const { direction, up, doubt } = look;
  return (
    <svg class={`sign ${direction}${doubt === '' ? '' : ` doubt ${doubt}`}`} viewBox="-10 -10 20 20" aria-hidden="true">
      <path class="sign-outline" d={OUTLINES[direction]} />
      <path class="sign-arrow" d={UP} transform={up ? undefined : 'rotate(180)'} />
    </svg>
  );
}
