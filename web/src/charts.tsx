// SPDX-License-Identifier: LGPL-2.1-or-later

// the charts of a trend, worked with mouse or keyboard

import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import type { Analysis } from './api';
import { ChangeSign } from './change-badge';
import { ChangeLane } from './change-lane';
import { overlayOf, type Overlay } from './change-marks';
import { HoverCard, spoken } from './hover-card';
import { moveTo, type Moves, type Picture } from './picture';
import { Plot } from './plot';
import { navigate, type Trend } from './route';
import type { Hiding } from './run-hiding';
import { groupByUnit, nearestPoint, pointAt, stepPoint, summarize, type Line, type Point, type Span } from './trend-data';
import { describeDirection } from './unit';

function findPoint(lines: readonly Line[], name: string): Point | null {
  const [id = '', run = ''] = name.split('.');
  const line = lines.find((candidate) => candidate.id === id);
  const index = line?.points.runs.indexOf(Number(run)) ?? -1;
  return line === undefined || index < 0 ? null : pointAt(line, index);
}

function pointName(point: Point): string {
  return `${point.line.id}.${String(point.run)}`;
}

interface ChartsProps {
  readonly route: Trend;
  readonly picture: Picture;
  readonly lines: readonly Line[];
  readonly moves: Moves;
  /** By the id of the series, as far as they are known. */
  readonly analyses: ReadonlyMap<string, Analysis>;
  readonly hiding: Hiding;
}

function firstPoint(lines: readonly Line[], span: Span): Point | null {
  return nearestPoint(lines, (x) => (x <= span.max && x >= span.min ? span.max - x : Infinity));
}

// up and down go to the line next to this one, at the result closest in time
function otherLine(point: Point, lines: readonly Line[], step: number): Point | null {
  const at = lines.findIndex((line) => line.id === point.line.id);
  const line = lines[(at + step + lines.length) % lines.length];
  return line === undefined ? null : nearestPoint([line], (x) => Math.abs(x - point.x));
}

interface Steering extends ChartsProps {
  readonly point: Point | null;
  readonly pinned: Point | null;
  readonly hover: (point: Point | null) => void;
  readonly pin: (point: Point | null) => void;
}

function moveCursor({ point, lines, picture }: Steering, key: string): Point | null {
  if (point === null) return firstPoint(lines, picture.span);
  if (key === 'ArrowUp' || key === 'ArrowDown') return otherLine(point, lines, key === 'ArrowUp' ? -1 : 1);
  return stepPoint(point, key === 'ArrowLeft' ? -1 : 1, picture.span) ?? point;
}

function steer(event: KeyboardEvent, steering: Steering): void {
  const { moves, point, pinned, hover, pin } = steering;
  if (event.target !== event.currentTarget) return;
  const arrow = event.key.startsWith('Arrow');
  if (arrow && event.shiftKey) moves.pan(event.key === 'ArrowLeft' ? -0.25 : 0.25);
  else if (arrow) (pinned === null ? hover : pin)(moveCursor(steering, event.key));
  else if (event.key === '+') moves.zoom(0.5);
  else if (event.key === '-') moves.zoom(2);
  else if (event.key === '0') moves.reset();
  else if (event.key === 'Enter') pin(point);
  else return;
  event.preventDefault();
}

function chartTitle(lines: readonly Line[]): string {
  const metrics = [...new Set(lines.map((line) => line.labels['metric'] ?? ''))].filter((metric) => metric !== '');
  return metrics.slice(0, 3).join(', ') + (metrics.length > 3 ? ' …' : '');
}

function chartDirection(lines: readonly Line[]): string {
  const directions = [...new Set(lines.map((line) => line.direction))];
  return directions.length === 1 ? describeDirection(directions[0] ?? 'none') : 'directions differ';
}

interface ChartProps extends Steering {
  readonly unit: string;
  readonly alone: boolean;
}

const KEY = [
  { direction: 'regression', up: true, doubt: '', word: 'worse' },
  { direction: 'improvement', up: false, doubt: '', word: 'better' },
  { direction: 'neither', up: true, doubt: '', word: 'changed' },
  { direction: 'neither', up: true, doubt: 'unsure', word: 'unsure: not told' },
  { direction: 'neither', up: true, doubt: 'undecided', word: 'undecided' },
] as const;

function Key(): JSX.Element {
  return (
    <p class="key muted">
      {KEY.map((look) => (
        <span key={look.word}>
          <ChangeSign look={look} /> {look.word}
        </span>
      ))}
      <span>thick line: level, shaded: where it or a change may lie</span>
      <span>✕ outlier, set aside</span>
    </p>
  );
}

function isAside({ outliers }: Overlay, point: Point): boolean {
  return outliers.get(point.line.id)?.has(point.run) === true;
}

function Chart(props: ChartProps): JSX.Element {
  const { route, picture, lines, moves, point, hover, pin, unit, alone, pinned, analyses, hiding } = props;
  const overlay = useMemo(() => overlayOf(lines, analyses), [lines, analyses]);
  const title = chartTitle(lines);
  return (
    <section class="chart">
      <h2>
        {title} <span class="muted">{chartDirection(lines)}</span>
      </h2>
      {lines.every((line) => summarize(line, picture.span) === null) && (
        <p class="plot-empty">
          No result in this window.{' '}
          <button type="button" class="link-button" onClick={moves.reset}>
            Show all results
          </button>
        </p>
      )}
      <Plot
        {...{ lines, unit, alone, point, overlay }}
        builds={picture.axis?.builds ?? null}
        span={picture.span}
        zero={route.zero}
        label={`${title}: arrow keys walk along results, plus and minus zoom, shift and arrows pan, enter keeps the card`}
        onSpan={(span, how) => {
          moveTo(route, picture, span, how);
        }}
        onReset={moves.reset}
        onHover={hover}
        onPin={pin}
        onKey={(event) => {
          steer(event, props);
        }}
        lane={(frame) => (
          <ChangeLane
            marks={overlay.marks}
            frame={frame}
            chosen={route.change}
            onChoose={(id) => {
              navigate({ ...route, change: id === route.change ? '' : id }, 'replace');
            }}
          />
        )}
      >
        {(place) =>
          point !== null && (
            <HoverCard
              {...{ point, place, hiding }}
              pinned={point === pinned}
              aside={isAside(overlay, point)}
              onClose={() => {
                pin(null);
              }}
            />
          )
        }
      </Plot>
    </section>
  );
}

export const HOW = 'Drag to zoom, Shift and drag to pan, double click to reset, click a result to keep its card.';

/** One chart for each unit, all on the same axis. */
export function Charts(props: ChartsProps): JSX.Element {
  const { route, lines } = props;
  const [under, hover] = useState<Point | null>(null);
  // lines are others after a reload
  const hovered = useMemo(() => (under === null ? null : findPoint(lines, pointName(under))), [lines, under]);
  const pinned = useMemo(() => findPoint(lines, route.point), [lines, route.point]);
  const groups = useMemo(() => [...groupByUnit(lines)], [lines]);
  const pin = (point: Point | null): void => {
    navigate({ ...route, point: point === null ? '' : pointName(point) }, 'replace');
  };
  const pointOf = (group: readonly Line[]): Point | null =>
    [pinned, hovered].find((point) => group.some((line) => line.id === point?.line.id)) ?? null;
  return (
    <>
      {groups.map(([unit, group]) => (
        <Chart key={unit} {...props} {...{ unit, hover, pin, pinned }} lines={group} alone={groups.length === 1} point={pointOf(group)} />
      ))}
      <p class="unseen spoken" role="status">
        {hovered === null ? '' : spoken(hovered)}
      </p>
      <Key />
    </>
  );
}
