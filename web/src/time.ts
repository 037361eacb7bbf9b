// SPDX-License-Identifier: LGPL-2.1-or-later

// ISO dates in the reader's zone, the zone always shown

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** The reader's offset from UTC at that moment: `UTC`, `+01:00`. */
export function formatZone(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '\u2212' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export function formatDay(ms: number): string {
  const date = new Date(ms);
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function formatClock(ms: number, seconds: boolean): string {
  const date = new Date(ms);
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

/** `2026-11-23 18:12 +01:00` */
export function formatTime(ms: number, seconds = false): string {
  return `${formatDay(ms)} ${formatClock(ms, seconds)} ${formatZone(ms)}`;
}

/** How long ago, in the largest unit that is not zero. */
export function formatAge(ms: number, now: number): string {
  const age = now - ms;
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${String(Math.floor(age / MINUTE))}\u00a0min ago`;
  if (age < 2 * DAY) return `${String(Math.floor(age / HOUR))}\u00a0h ago`;
  return `${String(Math.floor(age / DAY))}\u00a0d ago`;
}

/** A series that has been silent for a week is stale. */
export function isStale(ms: number, now: number): boolean {
  return now - ms > 7 * DAY;
}

const OFFSETS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** Reads what the API's `from` and `to` take: an RFC 3339 time or an offset from now such as `-30d`. */
export function resolveTime(text: string, now: number): number | null {
  const offset = /^-(\d+)([mhdw])$/.exec(text);
  if (offset !== null) return now - Number(offset[1]) * (OFFSETS[offset[2] ?? ''] ?? 0);
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

export function toRfc3339(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

function axisTop(ms: number, step: number): string {
  if (step >= DAY) return formatDay(ms).slice(5);
  return formatClock(ms, step < MINUTE);
}

function axisBelow(ms: number, step: number): string {
  return step >= DAY ? formatDay(ms).slice(0, 4) : formatDay(ms);
}

/** Labels of a time axis: the changing part above, the year or the day below where it starts. */
export function formatTimeTicks(ticks: readonly number[], step: number): string[] {
  let shown = '';
  return ticks.map((ms) => {
    const below = axisBelow(ms, step);
    const label = below === shown ? axisTop(ms, step) : `${axisTop(ms, step)}\n${below}`;
    shown = below;
    return label;
  });
}

/** What a date field shows: `2026-11-23 18:12`, in the reader's zone. */
export function formatDateTime(ms: number): string {
  return `${formatDay(ms)} ${formatClock(ms, false)}`;
}

/** Reads what a date field takes, a day alone being its first moment. */
export function parseDateTime(text: string): number | null {
  const parts = /^\s*(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?\s*$/.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const date = new Date(year, month - 1, day, hour, minute);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}
