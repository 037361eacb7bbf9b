// SPDX-License-Identifier: LGPL-2.1-or-later

// cases one after the other, printed as TAP

const cases = [];

export function test(name, body) {
  cases.push({ name, body });
}

/** A figure or remark that goes into the test log. */
export function note(text) {
  process.stdout.write(`# ${text}\n`);
}

function report(number, name, error) {
  process.stdout.write(`${error === null ? 'ok' : 'not ok'} ${number} - ${name}\n`);
  if (error !== null) for (const line of String(error.stack ?? error).split('\n')) note(line);
}

/** Runs all cases with what `prepare` makes for each; returns how many failed. */
export async function runAll(prepare) {
  const wanted = process.env.PERFDASH_ONLY ?? '';
  const chosen = cases.filter(({ name }) => name.includes(wanted));
  if (chosen.length === 0) throw new Error(`no case is called ${wanted}`);
  process.stdout.write(`1..${chosen.length}\n`);
  let failed = 0;
  for (const [i, { name, body }] of chosen.entries()) {
    let error = null;
    const prepared = await prepare(name);
    try {
      await body(prepared.given);
    } catch (caught) {
      error = caught;
    }
    error = (await prepared.finish(error)) ?? error;
    if (error !== null) failed++;
    report(i + 1, name, error);
  }
  return failed;
}
