// SPDX-License-Identifier: LGPL-2.1-or-later

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { logPath } from './api';
import { HideButton } from './hide-button';
import { HideForm } from './hidden-list';
import { Icon } from './icons';
import { contextOf, distinction, nameTag, subjectOf } from './labels';
import { Marker } from './marker';
import type { Place } from './plot';
import { formatRoute } from './route';
import type { Hiding } from './run-hiding';
import { formatTime } from './time';
import { pointAt, type Point } from './trend-data';
import { describeDirection, formatChange, formatValue, quantity } from './unit';
import { judge } from './verdict';

interface CardProps {
  readonly point: Point;
  readonly place: Place;
  readonly pinned: boolean;
  /** Whether the analysis set it aside. */
  readonly aside: boolean;
  readonly hiding: Hiding;
  readonly onClose: () => void;
}

const GAP = 14;

// beside the point where there is room, else on its other side; never outside the plot
export function usePosition(place: Place): { ref: { current: HTMLDivElement | null }; left: number; top: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 280, height: 220 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    if (width !== size.width || height !== size.height) setSize({ width, height });
  });
  const fits = place.left + GAP + size.width <= place.width;
  const left = fits ? place.left + GAP : Math.max(0, place.left - GAP - size.width);
  return { ref, left, top: Math.max(0, place.top - size.height / 2) };
}

export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function SincePrevious({ point }: { readonly point: Point }): JSX.Element | null {
  const previous = pointAt(point.line, point.index - 1);
  if (previous === null || previous.value === 0) return null;
  const change = point.value / previous.value - 1;
  const { judgement, word, sign } = judge(change, point.line.direction);
  return (
    <Fact name="Since previous">
      <span class={`change ${judgement}`}>
        <span class="change-sign" aria-hidden="true">
          {sign}
        </span>
        {formatChange(change)} <span class="change-word">{word}</span>
      </span>
    </Fact>
  );
}

const OUTCOMES = { ok: 'ok', partial: 'partial: cut off or stopped early', failed: 'failed' } as const;

function Facts({ point, aside }: { readonly point: Point; readonly aside: boolean }): JSX.Element {
  const lab = point.line.labels['lab'];
  return (
    <dl>
      <SincePrevious point={point} />
      <Fact name="Build">{point.build === '' ? <span class="muted">unknown</span> : point.build}</Fact>
      <Fact name="Revision">
        {point.revision === '' ? <span class="muted">unknown</span> : <code title={point.revision}>{point.revision.slice(0, 12)}</code>}
      </Fact>
      {lab !== undefined && <Fact name="Lab">{lab}</Fact>}
      <Fact name="Time">{formatTime(point.time)}</Fact>
      <Fact name="Outcome">{OUTCOMES[point.outcome]}</Fact>
      {aside && <Fact name="Outlier">set aside when levels were found</Fact>}
    </dl>
  );
}

interface LinksProps {
  readonly run: number;
  readonly back: boolean;
  readonly onHide: () => void;
  readonly onClose: () => void;
}

function Links({ run, back, onHide, onClose }: LinksProps): JSX.Element {
  return (
    <p class="card-links">
      <a href={formatRoute({ screen: 'run', id: run })}>Run {run}</a>
      <a href={logPath(run)} target="_blank" rel="noopener">
        Log
      </a>
      <HideButton class="link-button" back={back} onHide={onHide} />
      <button type="button" class="button quiet card-close" aria-label="Close" onClick={onClose}>
        <Icon name="close" />
      </button>
    </p>
  );
}

export function HoverCard({ point, place, pinned, aside, hiding, onClose }: CardProps): JSX.Element {
  const { ref, left, top } = usePosition(place);
  const { refused } = hiding;
  const [asked, setAsked] = useState<{ readonly run: number; readonly open: boolean } | null>(refused === null ? null : { run: refused.run, open: true });
  const asking = asked?.run === point.run && asked.open;
  const { number, symbol } = quantity(point.value, point.line.unit);
  useEffect(() => {
    if (!pinned) return undefined;
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('keydown', escape);
    };
  }, [pinned, onClose]);
  const style = { left: `${String(Math.round(left))}px`, top: `${String(Math.round(top))}px` };
  return (
    <div ref={ref} class={`card${pinned ? ' pinned' : ''}`} style={style}>
      <p class="card-series">
        <Marker slot={point.line.slot} hollow={point.outcome !== 'ok'} />
        {subjectOf(point.line.labels)}
      </p>
      <p class="card-context">{contextOf(point.line.labels).map(nameTag).join(' / ')}</p>
      <p class="card-value">
        <b>{number}</b> {symbol} <span class="muted">{describeDirection(point.line.direction)}</span>
      </p>
      <Facts point={point} aside={aside} />
      {!pinned && <p class="card-hint muted">Click for run {point.run} and its log</p>}
      {pinned && !asking && (
        <Links
          run={point.run}
          back={asked?.run === point.run}
          onHide={() => {
            setAsked({ run: point.run, open: true });
          }}
          onClose={onClose}
        />
      )}
      {pinned && asking && (
        <HideForm
          run={point.run}
          draft={refused?.run === point.run ? refused.reason : ''}
          busy={hiding.busy}
          onHide={(reason) => {
            // the card goes with its result
            ref.current?.closest<HTMLElement>('.plot')?.focus({ preventScroll: true });
            void hiding.hide(point.run, reason);
          }}
          onCancel={() => {
            setAsked({ run: point.run, open: false });
          }}
        />
      )}
    </div>
  );
}

/** What a screen reader hears when the arrow keys walk along a line. */
export function spoken(point: Point): string {
  const build = point.build === '' ? '' : `, build ${point.build}`;
  return `${formatValue(point.value, point.line.unit)}, ${formatTime(point.time)}${build}, ${distinction(point.line.labels, {})}`;
}
