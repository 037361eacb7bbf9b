// SPDX-License-Identifier: LGPL-2.1-or-later

// the tools above a trend: window, axis, view

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Icon } from './icons';
import type { Moves } from './picture';
import { navigate, type Trend } from './route';
import { formatDateTime, formatZone, parseDateTime, toRfc3339 } from './time';
import type { Span } from './trend-data';

const RANGES = [
  { from: '-7d', label: '7 d', title: 'Last 7 days' },
  { from: '-30d', label: '30 d', title: 'Last 30 days' },
  { from: '-90d', label: '90 d', title: 'Last 90 days' },
  { from: '-365d', label: '1 y', title: 'Last year' },
  { from: '', label: 'All', title: 'All results' },
] as const;

interface ChoiceProps {
  readonly pressed: boolean;
  readonly title?: string;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

function Choice({ pressed, title, onClick, children }: ChoiceProps): JSX.Element {
  return (
    <button type="button" class="button" aria-pressed={pressed} title={title} onClick={onClick}>
      {children}
    </button>
  );
}

function Ranges({ route }: { readonly route: Trend }): JSX.Element {
  return (
    <div class="segments" role="group" aria-label="Range">
      {RANGES.map(({ from, label, title }) => (
        <Choice
          key={label}
          pressed={route.from === from && route.to === ''}
          title={title}
          onClick={() => {
            navigate({ ...route, from, to: '' });
          }}
        >
          {label}
        </Choice>
      ))}
    </div>
  );
}

interface DateProps {
  readonly label: string;
  readonly ms: number;
  readonly onChange: (ms: number) => void;
}

function DateField({ label, ms, onChange }: DateProps): JSX.Element {
  const [text, setText] = useState(formatDateTime(ms));
  useEffect(() => {
    setText(formatDateTime(ms));
  }, [ms]);
  const value = parseDateTime(text);
  const apply = (): void => {
    if (value !== null && text !== formatDateTime(ms)) onChange(value);
  };
  return (
    <input
      class="input date"
      aria-label={label}
      aria-invalid={value === null}
      title="YYYY-MM-DD or YYYY-MM-DD HH:MM"
      spellcheck={false}
      value={text}
      onInput={(event) => {
        setText(event.currentTarget.value);
      }}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply();
      }}
    />
  );
}

function Dates({ route, window }: { readonly route: Trend; readonly window: Span }): JSX.Element {
  const go = (min: number, max: number): void => {
    if (min < max) navigate({ ...route, from: toRfc3339(min), to: toRfc3339(max) });
  };
  return (
    <div class="dates" role="group" aria-label="Window">
      <DateField
        label="From"
        ms={window.min}
        onChange={(ms) => {
          go(ms, window.max);
        }}
      />
      <span aria-hidden="true">–</span>
      <DateField
        label="To"
        ms={window.max}
        onChange={(ms) => {
          go(window.min, ms);
        }}
      />
      <span class="muted">{formatZone(window.max)}</span>
    </div>
  );
}

const MOVES = [
  { icon: 'left', label: 'Earlier', act: (moves: Moves) => { moves.pan(-0.5); } },
  { icon: 'right', label: 'Later', act: (moves: Moves) => { moves.pan(0.5); } },
  { icon: 'plus', label: 'Zoom in', act: (moves: Moves) => { moves.zoom(0.5); } },
  { icon: 'minus', label: 'Zoom out', act: (moves: Moves) => { moves.zoom(2); } },
] as const;

function MoveButtons({ moves, zoomed }: { readonly moves: Moves; readonly zoomed: boolean }): JSX.Element {
  return (
    <div class="segments" role="group" aria-label="Zoom and pan">
      {MOVES.map(({ icon, label, act }) => (
        <button
          key={label}
          type="button"
          class="button"
          aria-label={label}
          title={label}
          onClick={() => {
            act(moves);
          }}
        >
          <Icon name={icon} />
        </button>
      ))}
      <button type="button" class="button" disabled={!zoomed} title="Back to all results (double click)" onClick={moves.reset}>
        Reset
      </button>
    </div>
  );
}

interface BarProps {
  readonly route: Trend;
  readonly window: Span;
  readonly moves: Moves;
}

export function RangeBar({ route, window, moves }: BarProps): JSX.Element {
  const set = (change: Partial<Trend>): void => {
    navigate({ ...route, ...change });
  };
  return (
    <div class="bar range-bar" role="toolbar" aria-label="Trend">
      <Ranges route={route} />
      <Dates route={route} window={window} />
      {route.view === 'chart' && <MoveButtons moves={moves} zoomed={route.from !== '' || route.to !== ''} />}
      <div class="segments" role="group" aria-label="Horizontal axis">
        <Choice pressed={route.x === 'time'} onClick={() => { set({ x: 'time' }); }}>
          By time
        </Choice>
        <Choice pressed={route.x === 'build'} onClick={() => { set({ x: 'build' }); }}>
          By build
        </Choice>
      </div>
      <Choice pressed={route.zero} title="Begin the vertical axis at zero" onClick={() => { set({ zero: !route.zero }); }}>
        From zero
      </Choice>
      <span class="spring" />
      <div class="segments" role="group" aria-label="View">
        <Choice pressed={route.view === 'chart'} onClick={() => { set({ view: 'chart' }); }}>
          Chart
        </Choice>
        <Choice pressed={route.view === 'table'} onClick={() => { set({ view: 'table' }); }}>
          Table
        </Choice>
      </div>
    </div>
  );
}
