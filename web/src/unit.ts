// SPDX-License-Identifier: LGPL-2.1-or-later

// the store keeps base units; people read the prefix that fits the number

const NARROW_SPACE = '\u202f';
const MINUS = '\u2212';

export interface Scale {
  /** How many base units one shown unit is. */
  readonly size: number;
  readonly symbol: string;
}

interface Ladder {
  readonly steps: readonly Scale[];
  /** A number moves up a step when it reaches this many of the next one. */
  readonly reach: number;
}

function decimal(symbol: string): Ladder {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  return { steps: prefixes.map((prefix, i) => ({ size: 1000 ** i, symbol: prefix + symbol })), reach: 1 };
}

function binary(suffix: string): Ladder {
  const prefixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  return { steps: prefixes.map((prefix, i) => ({ size: 1024 ** i, symbol: `${prefix}B${suffix}` })), reach: 1 };
}

const LADDERS: Readonly<Record<string, Ladder>> = {
  s: {
    steps: [
      { size: 1e-9, symbol: 'ns' },
      { size: 1e-6, symbol: 'µs' },
      { size: 1e-3, symbol: 'ms' },
      { size: 1, symbol: 's' },
      { size: 60, symbol: 'min' },
      { size: 3600, symbol: 'h' },
    ],
    reach: 1,
  },
  B: binary(''),
  'B/s': binary('/s'),
  'bit/s': decimal('bit/s'),
  '1/s': decimal('/s'),
  ratio: { steps: [{ size: 0.01, symbol: '%' }], reach: 1 },
};

// minutes and hours only when seconds would need four digits
const PATIENCE: Readonly<Record<string, number>> = { min: 10, h: 2 };

const COUNT: Ladder = {
  steps: [
    { size: 1, symbol: '' },
    { size: 1e6, symbol: 'M' },
    { size: 1e9, symbol: 'G' },
    { size: 1e12, symbol: 'T' },
  ],
  reach: 10,
};

function ladderOf(unit: string): Ladder {
  if (unit === '1') return COUNT;
  return LADDERS[unit] ?? { steps: [{ size: 1, symbol: unit }], reach: 1 };
}

/** The step of the unit's ladder in which `magnitude` is read best. */
export function scaleFor(unit: string, magnitude: number): Scale {
  const { steps, reach } = ladderOf(unit);
  const size = Math.abs(magnitude);
  const first = steps[0] ?? { size: 1, symbol: unit };
  if (size === 0 || !Number.isFinite(size)) return steps.find((step) => step.size === 1) ?? first;
  const threshold = (step: Scale): number => step.size * (step.size === 1 ? 1 : (PATIENCE[step.symbol] ?? reach));
  return steps.filter((step) => size >= threshold(step)).pop() ?? first;
}

function group(digits: string): string {
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
}

/** Digits with a real minus sign and narrow spaces between thousands. */
export function formatNumber(value: number, significant = 4): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
    return sign + size.toExponential(significant - 1).replace('-', MINUS);
  }
  if (size >= 10 ** (significant - 1)) return sign + group(size.toFixed(0));
  const whole = size === 0 ? 0 : Math.floor(Math.log10(size));
  return sign + size.toFixed(Math.max(0, Math.min(significant - 1 - whole, 8)));
}

function isCount(unit: string, value: number): boolean {
  return unit === '1' && Number.isInteger(value) && Math.abs(value) < 1e7;
}

export interface Quantity {
  readonly number: string;
  readonly symbol: string;
}

/** A value in the prefix that fits it, as the two parts a table aligns. */
export function quantity(value: number, unit: string): Quantity {
  const scale = scaleFor(unit, value);
  if (value === 0) return { number: '0', symbol: scale.symbol };
  return { number: formatNumber(value / scale.size, isCount(unit, value) ? 1 : 4), symbol: scale.symbol };
}

/** A value for a sentence: `31.20 ms`. */
export function formatValue(value: number, unit: string): string {
  const { number, symbol } = quantity(value, unit);
  return symbol === '' ? number : `${number}\u00a0${symbol}`;
}

/** A share with its sign: `+6.9 %`. */
export function formatChange(change: number): string {
  const percent = change * 100;
  const size = Math.abs(percent);
  const digits = size >= 100 ? size.toFixed(0) : size.toFixed(1);
  const sign = Number(digits) === 0 ? '±' : percent < 0 ? MINUS : '+';
  return `${sign}${group(digits)}\u00a0%`;
}

// the fewest decimals that write a step exactly
function decimals(step: number): number {
  for (let places = 0; places < 8; places++) {
    const shifted = step * 10 ** places;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 * Math.max(1, shifted)) return places;
  }
  return 8;
}

/** The ticks of one axis, all in one prefix and with just the digits their distance needs. */
export function formatTicks(ticks: readonly number[], unit: string, step: number): string[] {
  const largest = Math.max(...ticks.map(Math.abs), 0);
  const scale = scaleFor(unit, largest);
  const places = decimals(step / scale.size);
  return ticks.map((tick) => {
    const size = Math.abs(tick / scale.size).toFixed(places);
    const [whole = '', rest] = size.split('.');
    const sign = tick < 0 && Number(size) !== 0 ? MINUS : '';
    const digits = sign + group(whole) + (rest === undefined ? '' : `.${rest}`);
    return scale.symbol === '' ? digits : `${digits} ${scale.symbol}`;
  });
}

/** Distances between ticks that are round in the prefix that an axis up to `largest` is written in. */
export function tickSteps(unit: string, largest: number): number[] {
  const { size } = scaleFor(unit, largest);
  const powers = Array.from({ length: 18 }, (_, i) => 10 ** (i - 9));
  return powers.flatMap((power) => [1, 2, 2.5, 5].map((digit) => digit * power * size));
}

export function describeDirection(direction: string): string {
  if (direction === 'lower') return 'lower is better';
  if (direction === 'higher') return 'higher is better';
  return 'no better direction';
}
