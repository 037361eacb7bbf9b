// SPDX-License-Identifier: LGPL-2.1-or-later

import type { Direction } from './api';

export type Judgement = 'better' | 'worse' | 'steady' | 'changed';

export interface Verdict {
  readonly judgement: Judgement;
  /** A word and a sign carry the meaning; colour only repeats it. */
  readonly word: string;
  readonly sign: string;
}

// a reading aid, not a test: a week that moved by less than this is not called anything
const STEADY = 0.02;

export function judge(change: number, direction: Direction): Verdict {
  if (Math.abs(change) < STEADY) return { judgement: 'steady', word: 'steady', sign: '=' };
  const sign = change > 0 ? '▲' : '▼';
  if (direction === 'none') return { judgement: 'changed', word: 'changed', sign };
  const better = change > 0 === (direction === 'higher');
  return better ? { judgement: 'better', word: 'better', sign } : { judgement: 'worse', word: 'worse', sign };
}
