// SPDX-License-Identifier: LGPL-2.1-or-later

// the same runs every time: three labs, two benchmarks, two metrics of different units, 60 builds

const DAY = 86_400_000;
export const BUILDS = 60;
export const LABS = ['dfw', 'muc', 'blr'];

// a small generator, so that noise is the same in every run of the tests
function noise(seed) {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x) - 0.5;
}

// muc gets slower a week before the end, so that one series is clearly worse; blr got faster, has an outlier, and
// may be getting slower with its newest three results
function slowness(lab, build) {
  if (lab === 'muc') return build >= BUILDS - 14 ? 1.3 : 1;
  if (lab !== 'blr') return 1;
  if (build === 40) return 1.6;
  return build < 25 ? 1.25 : build < BUILDS - 3 ? 1 : 1.15;
}

function latency(lab, build) {
  return 20 * slowness(lab, build) * (1 + 0.02 * noise(build + lab.length * LABS.indexOf(lab)));
}

function result(benchmark, metric, unit, value) {
  const stats = unit === 'ms' ? { n: 400, min: value * 0.5, p50: value * 0.9, p99: value * 2, max: value * 4 } : undefined;
  return { benchmark, metric, unit, value, ...(stats === undefined ? {} : { stats }) };
}

export function makeRun(lab, build, startedAt, scale = 1) {
  const slow = latency(lab, build) * scale;
  return {
    labels: { lab, project: 'shop', suite: 'checkout', branch: 'main' },
    build: String(700 + build),
    revision: `77be01c${String(build).padStart(4, '0')}`,
    url: `https://ci.example/job/${700 + build}/`,
    started_at: startedAt,
    outcome: build === 20 ? 'partial' : 'ok',
    environment: { kernel: '6.1.0-18-amd64' },
    parameters: { threads: '64' },
    results: [
      result('GET home', 'latency', 'ms', slow),
      result('GET home', 'throughput', '1/s', 40_000 / slow),
      result('POST pay', 'latency', 'ms', 3 * slow),
      result('POST pay', 'throughput', '1/s', 15_000 / slow),
    ],
  };
}

/** Two builds a day up to now, for every lab. */
export function history(now) {
  return LABS.flatMap((lab) =>
    Array.from({ length: BUILDS }, (_, build) => {
      const at = now - 60_000 - ((BUILDS - 1 - build) * DAY) / 2;
      return makeRun(lab, build, new Date(at).toISOString());
    }),
  );
}

/** One run with many series, as a lab with a large suite leaves it. */
export function wideRun(count, startedAt) {
  return {
    labels: { lab: 'dfw', project: 'shop', suite: 'micro', branch: 'main' },
    build: '1',
    started_at: startedAt,
    results: Array.from({ length: count }, (_, i) => result(`case ${String(i).padStart(5, '0')}`, 'time', 'us', 10 + (i % 90))),
  };
}
