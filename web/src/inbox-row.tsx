// SPDX-License-Identifier: LGPL-2.1-or-later

// one group of changes: the worst of them, where it is seen, since when, and how far people are with it

import type { JSX } from 'preact';

import type { ChangeGroup } from './api';
import { ChangeSign, lookOf } from './change-badge';
import { formatRange, formatStep, remarksOf, sizeOf, verdictOf } from './change-text';
import { describeSpread, linksOf, ownersOf, statesOf } from './inbox-text';
import { contextOf, nameTag, subjectOf } from './labels';
import { formatRoute, TREND } from './route';
import { Sparkline } from './sparkline';
import { formatAge, formatDay, formatTime } from './time';
import { formatNumber } from './unit';

export interface RowProps {
  readonly group: ChangeGroup;
  readonly current: boolean;
  readonly selected: boolean;
  readonly onCurrent: () => void;
  readonly onSelect: () => void;
}

function SizeCell({ worst }: ChangeGroup): JSX.Element {
  const { amount, interval } = sizeOf(worst, worst.series.unit);
  const { judgement, word } = verdictOf(worst);
  return (
    <td class="nowrap">
      <span class={`change ${worst.state === 'unsure' ? 'steady' : judgement}`} title={`${formatStep(worst, worst.series.unit)}, ${worst.confidence}`}>
        <ChangeSign look={lookOf(worst, worst)} />
        <span class="change-amount">{amount}</span>
        <span class="change-word">{word}</span>
      </span>
      <span class="second indent">{interval}</span>
    </td>
  );
}

function NameCell({ group }: { readonly group: ChangeGroup }): JSX.Element {
  const { series, id } = group.worst;
  const spread = describeSpread(group);
  return (
    <td class="inbox-name">
      <a class="strong" href={formatRoute({ ...TREND, series: [series.id], change: String(id) })}>
        {subjectOf(series.labels)}
      </a>
      <span class="second">{spread === '' ? contextOf(series.labels).map(nameTag).join(' / ') : spread}</span>
    </td>
  );
}

function SinceCell({ group, now }: { readonly group: ChangeGroup; readonly now: number }): JSX.Element {
  const ms = Date.parse(group.worst.time);
  const { builds, revisions } = formatRange(group);
  return (
    <td class="nowrap" title={formatTime(ms)}>
      {formatDay(ms)} <span class="muted">{formatAge(ms, now)}</span>
      <span class="second">
        {builds !== '' && `build ${builds} `}
        {revisions !== '' && <code>{revisions}</code>}
      </span>
    </td>
  );
}

function SuspectCell({ group }: { readonly group: ChangeGroup }): JSX.Element {
  return (
    <td class="inbox-suspect" title={group.evidence.join('\n')}>
      {group.suspect}
      {remarksOf(group.worst).map(({ word, means }) => (
        <span key={word} class="change-remark" title={means}>
          {word}
        </span>
      ))}
    </td>
  );
}

function StateCell({ group }: { readonly group: ChangeGroup }): JSX.Element {
  const states = statesOf(group);
  const owners = ownersOf(group);
  return (
    <td>
      {states.map(({ state, count }) => (
        <span key={state} class={`state ${state}`}>
          {states.length > 1 ? `${formatNumber(count, 1)} ${state}` : state}
        </span>
      ))}
      <span class="second">
        {owners !== '' && `owner ${owners} `}
        {linksOf(group).map((link) => (
          <a key={link} href={link} rel="noopener">
            {new URL(link).host}
          </a>
        ))}
      </span>
    </td>
  );
}

export function GroupRow({ group, current, selected, onCurrent, onSelect }: RowProps): JSX.Element {
  return (
    <tr id={`group-${String(group.id)}`} class={current ? 'chosen' : undefined} onFocusCapture={onCurrent} onClick={onCurrent}>
      <td>
        <input type="checkbox" aria-label={`Select ${group.sentence}`} checked={selected} onChange={onSelect} />
      </td>
      <SizeCell {...group} />
      <NameCell group={group} />
      <td class="inbox-spark">
        <Sparkline values={group.spark} />
      </td>
      <SinceCell group={group} now={Date.now()} />
      <SuspectCell group={group} />
      <StateCell group={group} />
    </tr>
  );
}
