// SPDX-License-Identifier: LGPL-2.1-or-later

// the changes of a chart as badges above it; one stop of the tab key, arrows go from badge to badge

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { ChangeSign, lookOf } from './change-badge';
import { badgesOf, placeTexts, type Badge, type Frame, type Mark } from './change-marks';
import { explainState, formatP, formatRange, formatState, formatStep, remarksOf, runsNeeded, sizeOf, verdictOf } from './change-text';
import { Fact, usePosition } from './hover-card';
import { distinction, sharedLabels, subjectOf } from './labels';
import { formatTime } from './time';

const MOST_TOLD = 5;

function isTold({ change }: Mark): boolean {
  return change !== null && change.state !== 'unsure';
}

function headline(mark: Mark): string {
  const { amount, interval } = sizeOf(mark.point, mark.line.unit);
  return `${amount}${interval === '' ? '' : ` ${interval}`} ${mark.change === null ? 'undecided' : verdictOf(mark.point).word}${mark.change?.state === 'unsure' ? ', unsure' : ''}`;
}

/** What a badge says, the longest first. */
function textsOf({ marks }: Badge): string[] {
  const [only] = marks;
  if (marks.length > 1 || only === undefined) return [`${String(marks.length)} changes`, `${String(marks.length)}×`];
  const { amount, interval } = sizeOf(only.point, only.line.unit);
  if (only.change === null) return [`undecided: ${runsNeeded(only.runsNeeded)}`, 'undecided', '?'];
  const doubt = isTold(only) ? '' : ' unsure';
  return interval === '' ? [amount + doubt] : [`${amount} ${interval}${doubt}`, amount + doubt];
}

// the badge of several looks like the worst of those that are told
function leadOf({ marks }: Badge): Mark {
  const told = marks.filter(isTold);
  const lead = told.find(({ point }) => point.direction === 'regression') ?? told[0] ?? marks[0];
  if (lead === undefined) throw new Error('a badge without marks');
  return lead;
}

function Told({ mark, name }: { readonly mark: Mark; readonly name: string }): JSX.Element {
  const { point, change, line } = mark;
  const { builds, revisions } = change === null ? { builds: '', revisions: '' } : formatRange(change);
  const apart = change !== null && change.first_run !== change.last_run;
  return (
    <div class="told">
      <p class={`told-head ${isTold(mark) ? point.direction : 'unsure'}`}>
        <ChangeSign look={lookOf(point, change)} />
        {headline(mark)}
      </p>
      {name !== '' && <p class="card-context">{name}</p>}
      <dl>
        <Fact name="Level">{formatStep(point, line.unit)}</Fact>
        <Fact name="Since">{formatTime(Date.parse(point.time))}</Fact>
        {builds !== '' && <Fact name="Build">{builds}</Fact>}
        {revisions !== '' && (
          <Fact name="Revision">
            <code>{revisions}</code>
          </Fact>
        )}
        {apart && <Fact name="May begin">in the shaded span</Fact>}
        {change === null ? (
          <Fact name="Undecided">{runsNeeded(mark.runsNeeded)}</Fact>
        ) : (
          <>
            <Fact name="Confidence">{`${change.confidence}, ${formatP(change.p)}`}</Fact>
            <Fact name="State">{Object.values(formatState(change)).filter(Boolean).join(' ')}</Fact>
            {explainState(change) !== undefined && <Fact name="Unsure">{explainState(change)}</Fact>}
            {remarksOf(change).map(({ name, means }) => <Fact key={name} name={name}>{means}</Fact>)}
          </>
        )}
      </dl>
    </div>
  );
}

function Card({ badge, frame }: { readonly badge: Badge; readonly frame: Frame }): JSX.Element {
  const { ref, left } = usePosition({ left: badge.left, top: frame.top, width: frame.left + frame.width });
  const shared = sharedLabels(badge.marks.map(({ line }) => line.labels));
  const rest = badge.marks.length - MOST_TOLD;
  return (
    <div ref={ref} class="card change-card" style={{ left: `${String(Math.round(left))}px`, top: `${String(Math.round(frame.top))}px` }}>
      {badge.marks.slice(0, MOST_TOLD).map((mark) => (
        <Told
          key={`${mark.line.id}-${String(mark.point.run)}`}
          mark={mark}
          name={badge.marks.length > 1 ? distinction(mark.line.labels, shared) : subjectOf(mark.line.labels)}
        />
      ))}
      {rest > 0 && <p class="card-hint muted">and {rest} more: see the list below</p>}
    </div>
  );
}

interface LaneProps {
  readonly marks: readonly Mark[];
  readonly frame: Frame;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

export function ChangeLane({ marks, frame, chosen, onChoose }: LaneProps): JSX.Element | null {
  const [active, setActive] = useState(-1);
  const [tabbed, setTabbed] = useState(0);
  const badges = badgesOf(marks, frame);
  if (badges.length === 0) return null;
  const stop = Math.min(tabbed, badges.length - 1);
  const texts = placeTexts(badges.map(({ left }) => left), badges.map(textsOf), frame.left, frame.left + frame.width);
  const shown = badges[active];
  const steer = (event: KeyboardEvent): void => {
    const targets: Readonly<Record<string, number>> = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: badges.length - 1 };
    const target = targets[event.key];
    event.stopPropagation();
    if (target === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(badges.length - 1, target));
    setTabbed(next);
    (event.currentTarget as HTMLElement).querySelectorAll('button')[next]?.focus();
  };
  return (
    <>
      <div class="lane" role="toolbar" aria-label="Changes: arrow keys go from one to the next" onKeyDown={steer}>
        {badges.map((badge, i) => {
          const lead = leadOf(badge);
          const text = texts[i] ?? null;
          const ids = badge.marks.map(({ change }) => String(change?.id ?? ''));
          return (
            <button
              key={`${lead.line.id}-${String(lead.point.run)}`}
              type="button"
              class={`badge ${isTold(lead) || lead.change === null ? lead.point.direction : 'unsure'}${ids.includes(chosen) && chosen !== '' ? ' chosen' : ''}`}
              style={{ left: `${String(Math.round(badge.left))}px` }}
              tabIndex={i === stop ? 0 : -1}
              aria-label={badge.marks.map((mark) => `${subjectOf(mark.line.labels)} ${headline(mark)}, ${formatTime(Date.parse(mark.point.time))}`).join('; ')}
              onMouseEnter={() => { setActive(i); }}
              onMouseLeave={() => { setActive(-1); }}
              onFocus={() => { setActive(i); setTabbed(i); }}
              onBlur={() => { setActive(-1); }}
              onClick={() => { onChoose(String(lead.change?.id ?? '')); }}
            >
              <ChangeSign look={lookOf(lead.point, lead.change)} />
              {text !== null && <span class={`badge-text ${text.side}`}>{text.text}</span>}
            </button>
          );
        })}
      </div>
      {shown !== undefined && <Card badge={shown} frame={frame} />}
    </>
  );
}
