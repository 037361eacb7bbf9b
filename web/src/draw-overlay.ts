// SPDX-License-Identifier: LGPL-2.1-or-later

// paints what the analysis says on the canvas of a chart: below the lines where levels and changes may lie, above them the levels

import type uPlot from 'uplot';

import type { Kind } from './api';
import type { Mark, Overlay, Stretch } from './change-marks';
import { slotColor } from './marker';
import { resolveColor } from './theme';

const COLORS: Readonly<Record<Kind, string>> = { regression: '--worse', improvement: '--better', neither: '--muted' };
// a level of one result is still to be seen, and a span of none
const LEAST = 8;

interface Paint {
  readonly chart: uPlot;
  readonly host: Element;
  readonly ratio: number;
}

function clipped(chart: uPlot, paint: () => void): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  paint();
  ctx.restore();
}

function extentOf({ chart, ratio }: Paint, from: number, to: number): { left: number; width: number } {
  const [left, right] = [chart.valToPos(from, 'x', true), chart.valToPos(to, 'x', true)];
  const room = Math.max(0, LEAST * ratio - (right - left)) / 2;
  return { left: left - room, width: right - left + 2 * room };
}

function paintBand(paint: Paint, { line, from, to, level }: Stretch): void {
  const { chart, host } = paint;
  if (level.low === null || level.high === null) return;
  const [top, bottom] = [chart.valToPos(level.high, 'y', true), chart.valToPos(level.low, 'y', true)];
  const { left, width } = extentOf(paint, from, to);
  chart.ctx.globalAlpha = 0.2;
  chart.ctx.fillStyle = resolveColor(host, slotColor(line.slot));
  chart.ctx.fillRect(left, top, width, Math.max(bottom - top, 1));
}

// where it may begin is shaded, where it most likely does is a line from the badge down
function paintPlace(paint: Paint, { point, from, to, x, change }: Mark): void {
  const { chart, host, ratio } = paint;
  const { ctx, bbox } = chart;
  ctx.fillStyle = ctx.strokeStyle = resolveColor(host, change?.state === 'unsure' ? COLORS.neither : COLORS[point.direction]);
  if (to > from) {
    const { left, width } = extentOf(paint, from, to);
    ctx.globalAlpha = 0.14;
    ctx.fillRect(left, bbox.top, width, bbox.height);
  }
  const at = Math.round(chart.valToPos(x, 'x', true)) + 0.5;
  ctx.globalAlpha = 0.75;
  ctx.lineWidth = ratio;
  ctx.setLineDash(change === null ? [2 * ratio, 4 * ratio] : [5 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Below the lines. */
export function paintGround(chart: uPlot, host: Element, overlay: Overlay): void {
  const paint = { chart, host, ratio: devicePixelRatio };
  clipped(chart, () => {
    for (const mark of overlay.marks) paintPlace(paint, mark);
    for (const stretch of overlay.stretches) paintBand(paint, stretch);
  });
}

function paintLevel(paint: Paint, { line, from, to, level, undecided }: Stretch): void {
  const { chart, host, ratio } = paint;
  const { ctx } = chart;
  if (level.value === null) return;
  const y = chart.valToPos(level.value, 'y', true);
  const { left, width } = extentOf(paint, from, to);
  ctx.setLineDash(undecided ? [4 * ratio, 3 * ratio] : []);
  ctx.strokeStyle = resolveColor(host, slotColor(line.slot));
  ctx.lineWidth = 2.4 * ratio;
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Above the lines, below the markers of results. */
export function paintLevels(chart: uPlot, host: Element, overlay: Overlay): void {
  const paint = { chart, host, ratio: devicePixelRatio };
  clipped(chart, () => {
    for (const stretch of overlay.stretches) paintLevel(paint, stretch);
  });
}

/** A result that was set aside: a cross instead of the marker of its line. */
export function paintOutlier(ctx: CanvasRenderingContext2D, radius: number, ground: string): void {
  const color = ctx.strokeStyle;
  for (const [style, thick] of [[ground, 1.5], [color, 0.55]] as const) {
    ctx.strokeStyle = style;
    ctx.lineWidth = thick * radius;
    ctx.beginPath();
    ctx.moveTo(-radius, -radius);
    ctx.lineTo(radius, radius);
    ctx.moveTo(radius, -radius);
    ctx.lineTo(-radius, radius);
    ctx.stroke();
  }
}
