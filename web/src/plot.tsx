// SPDX-License-Identifier: LGPL-2.1-or-later

// the one wrapper around uPlot: it draws lines in a window and says what the reader does with it

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';

import { type Frame, type Overlay } from './change-marks';
import { paintGround, paintLevels, paintOutlier } from './draw-overlay';
import { markerPath, slotColor, slotDash, SLOTS } from './marker';
import { resolveColor, usePaint } from './theme';
import { formatTimeTicks } from './time';
import { joinLines, nearestPoint, type Line, type Point, type Span } from './trend-data';
import { formatTicks, tickSteps } from './unit';

const NARROW = 560;
const HEIGHTS = { narrow: 260, shared: 320, most: 620 };
const ROOM_BESIDE_CHART = 430;
const Y_AXIS = 84;
// above the lines, for changes
const LANE = 30;
const MARKER_ROOM = 7;
const CLICK = 4;
// half a marker may stand out above and below
const EDGE = 6;

export interface PlotProps {
  readonly lines: readonly Line[];
  readonly unit: string;
  /** Names of the places on a build axis, or null for time. */
  readonly builds: readonly string[] | null;
  readonly span: Span;
  readonly zero: boolean;
  /** Whether it is the only chart of the page. */
  readonly alone: boolean;
  readonly point: Point | null;
  readonly overlay: Overlay;
  readonly label: string;
  readonly onSpan: (span: Span, how: 'push' | 'replace') => void;
  readonly onReset: () => void;
  readonly onHover: (point: Point | null) => void;
  readonly onPin: (point: Point | null) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  /** What stands above the lines. */
  readonly lane: (frame: Frame) => ComponentChildren;
  readonly children?: (place: Place) => ComponentChildren;
}

/** Where the current point is, in CSS pixels inside the plot. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

interface Latest {
  readonly current: PlotProps;
}

function rangeY(min: number | null, max: number | null, zero: boolean): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = (max - min) * 0.08 || Math.abs(max) * 0.05 || 1;
  const low = min >= 0 ? Math.max(0, min - room) : min - room;
  return zero ? [Math.min(0, low), Math.max(0, max + room)] : [low, max + room];
}

function axisStyle(host: Element): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font'> {
  const line = { stroke: resolveColor(host, '--grid'), width: 1 };
  return {
    stroke: resolveColor(host, '--muted'),
    font: `12px ${getComputedStyle(host).fontFamily}`,
    grid: line,
    ticks: { ...line, size: 5 },
  };
}

function timeAxis(host: Element): uPlot.Axis {
  return {
    ...axisStyle(host),
    size: 46,
    space: 74,
    values: (_, splits, _axis, _space, step) => formatTimeTicks(splits, step),
  };
}

function buildsAxis(host: Element, builds: readonly string[]): uPlot.Axis {
  const longest = builds.reduce((length, build) => Math.max(length, build.length), 1);
  return {
    ...axisStyle(host),
    size: 46,
    space: Math.min(160, longest * 7.5 + 18),
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
    values: (_, splits) => splits.map((split) => builds[split] ?? ''),
  };
}

function valueAxis(host: Element, unit: string): uPlot.Axis {
  return {
    ...axisStyle(host),
    size: Y_AXIS,
    space: 40,
    incrs: (_, _axis, min, max) => tickSteps(unit, Math.max(Math.abs(min), Math.abs(max))),
    values: (_, splits, _axis, _space, step) => formatTicks(splits, unit, step),
  };
}

function lineSeries(host: Element, line: Line): uPlot.Series {
  return {
    stroke: resolveColor(host, slotColor(line.slot)),
    // levels are what is to be seen first
    width: 1.3,
    alpha: 0.6,
    dash: slotDash(line.slot),
    spanGaps: true,
    points: { show: false },
  };
}

// every result gets its marker while there is room; one that did not end well always does
function drawMarkers(chart: uPlot, host: Element, lines: readonly Line[], { outliers }: Overlay): void {
  const { ctx } = chart;
  const [ratio, { left, top, width, height }] = [devicePixelRatio, chart.bbox];
  const ground = resolveColor(host, '--surface');
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top - EDGE * ratio, width, height + 2 * EDGE * ratio);
  ctx.clip();
  for (const line of lines) {
    const inside = line.xs.map((x, i) => ({ x, i })).filter(({ x }) => within(x, chart.scales['x']));
    const roomy = inside.length * MARKER_ROOM * ratio <= width;
    ctx.strokeStyle = ctx.fillStyle = resolveColor(host, slotColor(line.slot));
    ctx.lineWidth = 1.6 * ratio;
    const aside = outliers.get(line.id);
    for (const { x, i } of inside) {
      const set = aside?.has(line.points.runs[i] ?? 0) === true;
      drawMarker(chart, line, x, i, { roomy, ground, aside: set });
    }
  }
  ctx.restore();
}

function within(x: number, scale: uPlot.Scale | undefined): boolean {
  return x >= (scale?.min ?? Infinity) && x <= (scale?.max ?? -Infinity);
}

interface MarkerLook {
  readonly roomy: boolean;
  readonly ground: string;
  readonly aside: boolean;
}

function drawMarker(chart: uPlot, line: Line, x: number, i: number, { roomy, ground, aside }: MarkerLook): void {
  const odd = (line.points.outcomes[i] ?? 'ok') !== 'ok';
  const value = line.points.values[i];
  if (value === undefined || (!roomy && !odd && !aside)) return;
  const { ctx } = chart;
  const path = markerPath(line.slot, (odd ? 4.4 : 3.1) * devicePixelRatio);
  ctx.save();
  ctx.translate(chart.valToPos(x, 'x', true), chart.valToPos(value, 'y', true));
  if (odd) ctx.fillStyle = ground;
  if (!aside) ctx.fill(path);
  if (odd && !aside) ctx.stroke(path);
  if (aside) paintOutlier(ctx, 4 * devicePixelRatio, ground);
  ctx.restore();
}

function frameOf(chart: uPlot): Frame {
  const { offsetLeft, offsetTop, clientWidth, clientHeight } = chart.over;
  const { min = 0, max = 1 } = chart.scales['x'] ?? {};
  return { left: offsetLeft, top: offsetTop, width: clientWidth, height: clientHeight, min, max };
}

function sameFrame(a: Frame | null, b: Frame): boolean {
  return a !== null && (Object.keys(b) as (keyof Frame)[]).every((key) => a[key] === b[key]);
}

function plotOptions(host: HTMLElement, latest: Latest, onFrame: (frame: Frame) => void): uPlot.Options {
  const props = latest.current;
  const { lines, builds, unit, zero } = props;
  return {
    ...sizeOf(host, props.alone),
    ms: 1,
    padding: [LANE, 14, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      sync: { key: 'trend', scales: ['x', null], filters: { pub: (type) => type.startsWith('mouse') && !/down|up/.test(type) } },
      bind: {
        mousedown: (chart, _, handler) => (event) => {
          if (event.shiftKey || event.button === 1) startPan(chart, event, latest);
          else handler(event);
          return null;
        },
        dblclick: () => () => {
          latest.current.onReset();
          return null;
        },
      },
    },
    scales: {
      x: { time: builds === null, range: (_, min, max) => [min, max] },
      y: { range: (_, min, max) => rangeY(min, max, zero) },
    },
    axes: [builds === null ? timeAxis(host) : buildsAxis(host, builds), valueAxis(host, unit)],
    series: [{}, ...lines.map((line) => lineSeries(host, line))],
    hooks: {
      setSelect: [
        (chart) => {
          select(chart, latest);
        },
      ],
      drawAxes: [
        (chart) => {
          paintGround(chart, host, latest.current.overlay);
        },
      ],
      draw: [
        (chart) => {
          paintLevels(chart, host, latest.current.overlay);
          drawMarkers(chart, host, lines, latest.current.overlay);
          onFrame(frameOf(chart));
        },
      ],
    },
  };
}

// a chart that stands alone takes what the window has left
function sizeOf(host: HTMLElement, alone: boolean): { width: number; height: number } {
  const width = Math.max(200, host.clientWidth);
  if (width < NARROW) return { width, height: HEIGHTS.narrow };
  const left = alone ? innerHeight - ROOM_BESIDE_CHART : 0;
  return { width, height: Math.max(HEIGHTS.shared, Math.min(left, HEIGHTS.most)) };
}

function select(chart: uPlot, latest: Latest): void {
  const { left, width } = chart.select;
  if (width < CLICK) return;
  const span = { min: chart.posToVal(left, 'x'), max: chart.posToVal(left + width, 'x') };
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  latest.current.onSpan(span, 'push');
}

// the drawing follows the hand; the address changes once, when it lets go
function startPan(chart: uPlot, start: MouseEvent, latest: Latest): void {
  const { min, max } = latest.current.span;
  const perPixel = (max - min) / chart.over.clientWidth;
  let span = { min, max };
  const move = (event: MouseEvent): void => {
    const shift = (start.clientX - event.clientX) * perPixel;
    span = { min: min + shift, max: max + shift };
    chart.setScale('x', span);
  };
  const stop = (): void => {
    removeEventListener('mousemove', move);
    removeEventListener('mouseup', stop);
    if (span.min !== min) latest.current.onSpan(span, 'push');
  };
  addEventListener('mousemove', move);
  addEventListener('mouseup', stop);
}

// on each line the result above or below the mouse, and of those the one closest to it
function hovered(chart: uPlot, event: MouseEvent, lines: readonly Line[]): Point | null {
  const { left, top } = chart.over.getBoundingClientRect();
  const away = (x: number, value: number): [number, number] => [
    Math.abs(chart.valToPos(x, 'x') - event.clientX + left),
    Math.abs(chart.valToPos(value, 'y') - event.clientY + top),
  ];
  const underMouse = lines.map((line) =>
    nearestPoint([line], (x, value) => {
      const [aside, apart] = away(x, value);
      return within(x, chart.scales['x']) ? aside * 1000 + apart : Infinity;
    }),
  );
  const distances = underMouse.map((point) => (point === null ? Infinity : Math.hypot(...away(point.x, point.value))));
  return underMouse[distances.indexOf(Math.min(...distances))] ?? null;
}

function wheel(chart: uPlot, event: WheelEvent, latest: Latest): void {
  const { min, max } = latest.current.span;
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!sideways && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const width = max - min;
  if (sideways) {
    const shift = (event.deltaX / chart.over.clientWidth) * width;
    latest.current.onSpan({ min: min + shift, max: max + shift }, 'replace');
    return;
  }
  const factor = Math.exp(Math.sign(event.deltaY) * 0.18);
  const at = chart.posToVal(event.offsetX, 'x');
  latest.current.onSpan({ min: at - (at - min) * factor, max: at + (max - at) * factor }, 'replace');
}

function listen(chart: uPlot, latest: Latest): void {
  let down = { x: 0, y: 0 };
  const { over } = chart;
  over.addEventListener('mousemove', (event) => {
    latest.current.onHover(hovered(chart, event, latest.current.lines));
  });
  over.addEventListener('mouseleave', () => {
    latest.current.onHover(null);
  });
  over.addEventListener('mousedown', (event) => {
    down = { x: event.clientX, y: event.clientY };
  });
  over.addEventListener('click', (event) => {
    if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > CLICK) return;
    latest.current.onPin(hovered(chart, event, latest.current.lines));
  });
  over.addEventListener(
    'wheel',
    (event) => {
      wheel(chart, event, latest);
    },
    { passive: false },
  );
}

function placeOf(chart: uPlot, point: Point | null): Place | null {
  if (point === null || !within(point.x, chart.scales['x'])) return null;
  return {
    left: chart.over.offsetLeft + chart.valToPos(point.x, 'x'),
    top: chart.over.offsetTop + chart.valToPos(point.value, 'y'),
    width: chart.width,
  };
}

interface Charted {
  readonly host: { current: HTMLDivElement | null };
  readonly place: Place | null;
  readonly frame: Frame | null;
}

function useChart(latest: Latest): Charted {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const [frame, setFrame] = useState<Frame | null>(null);
  const paint = usePaint();
  const { lines, builds, unit, zero, span, point, alone, overlay } = latest.current;
  const onFrame = (next: Frame): void => {
    setFrame((old) => (sameFrame(old, next) ? old : next));
  };
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = new uPlot(plotOptions(element, latest, onFrame), joinLines(lines), element);
    made.setScale('x', { min: span.min, max: span.max });
    listen(made, latest);
    chart.current = made;
    const resize = new ResizeObserver(() => {
      made.setSize(sizeOf(element, latest.current.alone));
      setPlace(placeOf(made, latest.current.point));
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [lines, builds, unit, zero, alone, paint]);
  useLayoutEffect(() => {
    chart.current?.setScale('x', { min: span.min, max: span.max });
  }, [span.min, span.max]);
  useLayoutEffect(() => {
    chart.current?.redraw(false);
  }, [overlay]);
  useEffect(() => {
    setPlace(chart.current === null ? null : placeOf(chart.current, point));
  }, [point, lines, span.min, span.max, zero]);
  return { host, place, frame };
}

export function Plot(props: PlotProps): JSX.Element {
  const latest = useRef(props);
  latest.current = props;
  const { host, place, frame } = useChart(latest);
  const { label, point, onKey, lane, children } = props;
  return (
    <div class="plot" role="group" aria-roledescription="chart" aria-label={label} tabIndex={0} onKeyDown={onKey}>
      <div class="plot-canvas" ref={host} />
      {frame !== null && lane(frame)}
      {place !== null && point !== null && (
        <>
          <i class={`plot-dot slot-${String(point.line.slot % SLOTS)}`} style={{ left: px(place.left), top: px(place.top) }} />
          {children?.(place)}
        </>
      )}
    </div>
  );
}

function px(length: number): string {
  return `${String(Math.round(length))}px`;
}
