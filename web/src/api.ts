// SPDX-License-Identifier: LGPL-2.1-or-later

// the types and requests of docs/api.md, and nothing else

export type Direction = 'lower' | 'higher' | 'none';
export type Outcome = 'ok' | 'partial' | 'failed';
export type Labels = Readonly<Record<string, string>>;
export type Params = readonly (readonly [string, string])[];

export interface LastResult {
  readonly value: number;
  readonly time: string;
  readonly run: number;
  readonly build: string;
  readonly revision: string;
}

/** With the bounds that hold it in 95 of 100 cases; null is unknown. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export type Kind = 'regression' | 'improvement' | 'neither';
export type ChangeState = 'new' | 'unsure' | 'acknowledged' | 'ignored' | 'fixed' | 'historic' | 'withdrawn';

/** The newest level against that of 30 days before; without a change in between there are no estimates. */
export interface Baseline {
  readonly verdict: 'worse' | 'better' | 'changed' | 'same' | 'not-enough-data';
  readonly changes: number;
  readonly change: Estimate | null;
  readonly before: Estimate | null;
  readonly after: Estimate | null;
}

export interface OpenChange {
  readonly id: number;
  readonly state: ChangeState;
  readonly direction: Kind;
  readonly time: string;
}

export interface Series {
  readonly id: string;
  readonly labels: Labels;
  readonly unit: string;
  readonly direction: Direction;
  readonly n: number;
  readonly last: LastResult | null;
  readonly baseline: Baseline;
  readonly open_change: OpenChange | null;
  readonly spark: readonly number[];
}

export interface SeriesPage {
  readonly generation: number;
  readonly total: number;
  readonly matched: number;
  readonly items: readonly Series[];
  readonly next: string | null;
}

export interface Points {
  readonly generation: number;
  readonly id: string;
  readonly labels: Labels;
  readonly unit: string;
  readonly direction: Direction;
  readonly n: number;
  readonly sampled: boolean;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly runs: readonly number[];
  readonly builds: readonly string[];
  readonly revisions: readonly string[];
  readonly outcomes: readonly Outcome[];
}

/** What the analysis says of a step in a level. */
export interface ChangePoint {
  readonly run: number;
  readonly time: string;
  readonly before: Estimate;
  readonly after: Estimate;
  readonly change: Estimate;
  readonly p: number | null;
  readonly confidence: string;
  readonly direction: Kind;
  readonly outliers: number;
}

export interface ChangeEvent {
  readonly time: string;
  /** Empty when the analysis did it. */
  readonly who: string;
  readonly what: string;
  readonly value: string;
}

export interface Change extends ChangePoint {
  readonly id: number;
  readonly sentence: string;
  readonly state: ChangeState;
  readonly reason: string;
  readonly owner: string;
  readonly note: string;
  readonly link: string;
  readonly fixed_run: number | null;
  readonly detected_at: string;
  readonly previous_run: number;
  readonly first_run: number;
  readonly last_run: number;
  readonly build: string;
  readonly previous_build: string;
  readonly revision: string;
  readonly previous_revision: string;
  readonly moved: boolean;
  /** p among all series of the day; null when no change of that day waits. */
  readonly p_adjusted: number | null;
  /** No code is between. */
  readonly machine: boolean;
  /** Of a series that code cannot move. */
  readonly control: boolean;
  readonly history: readonly ChangeEvent[];
}

/** What was one thing in the runs before a change and another from it on. */
export interface Cause {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

export interface ChangeDetail extends Change {
  readonly causes: readonly Cause[];
}

/** Changes that one cause can explain. */
export interface ChangeGroup {
  readonly id: number;
  readonly sentence: string;
  readonly suspect: 'code' | 'lab' | 'machine' | 'unclear';
  readonly evidence: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly build: string;
  readonly previous_build: string;
  readonly revision: string;
  readonly previous_revision: string;
  readonly labels: Readonly<Record<'lab' | 'project' | 'suite' | 'branch' | 'benchmark' | 'metric', { readonly n: number; readonly values: readonly string[] }>>;
  readonly changes: number;
  readonly regressions: number;
  readonly improvements: number;
  readonly ids: readonly number[];
  /** What people said of them, each once with the changes of which it was said. */
  readonly said: readonly Said[];
  readonly worst: Omit<Change, 'history'> & { readonly series: { readonly id: string; readonly labels: Labels; readonly unit: string } };
  readonly spark: readonly number[];
}

export interface Said {
  readonly state: ChangeState;
  readonly reason: string;
  readonly owner: string;
  readonly link: string;
  readonly ids: readonly number[];
}

export interface ChangeGroups {
  readonly matched: number;
  readonly items: readonly ChangeGroup[];
}

export interface Level {
  readonly from: string;
  readonly to: string;
  readonly level: Estimate;
}

/** How often the analysis was right, by what people said of changes. */
export interface Precision {
  readonly right: number;
  readonly wrong: number;
}

/** A run that somebody hid, with its value in one series. */
export interface HiddenRun {
  readonly run: number;
  readonly time: string;
  readonly build: string;
  readonly value: number;
  readonly reason: string;
  readonly who: string;
  readonly hidden_at: string;
}

/** The analysis of a series; noise and drift are shares of the level when `relative`. */
export interface Analysis {
  readonly generation: number;
  readonly id: string;
  readonly relative: boolean;
  readonly noise: number;
  readonly correlation: number;
  readonly modes: number;
  readonly level: Estimate;
  readonly drift_per_week: Estimate | null;
  readonly levels: readonly Level[];
  readonly changes: readonly Change[];
  readonly precision: Precision;
  readonly undecided: (ChangePoint & { readonly runs_needed: number }) | null;
  readonly outliers: readonly number[];
  readonly hidden: readonly HiddenRun[];
}

export interface ChangeEdit {
  readonly who: string;
  readonly state?: ChangeState;
  readonly reason?: string;
  readonly owner?: string;
  readonly note?: string;
  readonly link?: string;
}

export interface LabelValue {
  readonly value: string;
  readonly series: number;
}

export interface LabelKey {
  readonly key: string;
  readonly n_values: number;
  readonly values: readonly LabelValue[];
}

/** Why a run is hidden. */
export interface Hidden {
  readonly reason: string;
  readonly who: string;
  readonly time: string;
}

export interface Run {
  readonly id: number;
  readonly labels: Labels;
  readonly build: string;
  readonly revision: string;
  readonly url: string;
  readonly started_at: string;
  readonly outcome: Outcome;
  readonly parser: string;
  readonly n_results: number;
  readonly log: { readonly id: number; readonly digest: string; readonly name: string } | null;
  readonly hidden: Hidden | null;
}

export interface Result {
  readonly series: string;
  readonly benchmark: string;
  readonly metric: string;
  readonly labels: Labels;
  readonly unit: string;
  readonly direction: Direction;
  readonly value: number;
  readonly stats: Readonly<Record<string, number>>;
  readonly replicates: readonly number[];
}

/** How many values of a log a second reading leaves, changes and so on, and the parsers that read it. */
export interface Rereading {
  readonly parser_before: string;
  readonly parser: string;
  readonly logs_same: number;
  readonly values_same: number;
  readonly values_rounded: number;
  readonly values_changed: number;
  readonly values_moved: number;
  readonly values_appeared: number;
  readonly values_vanished: number;
}

/** A value before and after; what is not there is null. */
export interface RereadExample {
  readonly what: 'rounded' | 'changed' | 'moved' | 'appeared' | 'vanished';
  readonly series_before: string | null;
  readonly value_before: number | null;
  readonly unit_before: string | null;
  readonly series: string | null;
  readonly value: number | null;
  readonly unit: string | null;
}

/** Of one log. */
export interface RereadReport {
  readonly parsers: readonly [Rereading];
  readonly examples: readonly RereadExample[];
}

export interface RunEdit {
  readonly hidden: boolean;
  readonly who: string;
  /** Of one that is to be hidden. */
  readonly reason?: string;
}

export interface RunDetail extends Run {
  /** The run that is in its place now. */
  readonly replaced_by: number | null;
  readonly history: readonly ChangeEvent[];
  readonly environment: Labels;
  readonly parameters: Labels;
  readonly warnings: readonly string[];
  readonly results: readonly Result[];
  readonly log_removed_at: string | null;
  readonly log_removed_reason: string | null;
}

export interface Status {
  readonly version: string;
  readonly generation: number;
  readonly title: string;
  readonly notice: string;
  readonly series: number;
  readonly runs: number;
  readonly results: number;
  readonly last_result: string | null;
}

/** A log that could not be read. */
export interface FailedLog {
  readonly digest: string;
  readonly name: string;
  readonly received_at: string;
  readonly error: { readonly class: string; readonly message: string } | null;
}

export interface RedJob {
  readonly job: string;
  readonly build: number;
  readonly result: string;
  readonly time: string;
  readonly url: string;
  readonly builds: number;
}

export interface SourceDay {
  readonly date: string;
  readonly logs: number;
  readonly failed: number;
  readonly results: number;
}

export interface Source {
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly labs: readonly string[];
  readonly state: 'watching' | 'silent' | 'error';
  readonly last_read: string | null;
  readonly logs: number;
  readonly days: readonly SourceDay[];
  readonly failed_week: number;
  readonly last_poll: string | null;
  readonly next_poll: string | null;
  readonly poll_failures: number;
  readonly usual_seconds: number | null;
  readonly due: string | null;
  readonly delay_seconds: number | null;
  readonly cause: string | null;
  readonly error: string | null;
  readonly failures: readonly FailedLog[];
  readonly problems: readonly { readonly item: string; readonly message: string }[];
  readonly red_jobs: readonly RedJob[];
}

/** Sources, labs and jobs of which no results come for one cause. */
export interface Silence {
  readonly cause: string;
  readonly sentence: string;
  readonly sources: readonly string[];
  readonly since: string | null;
  readonly red_jobs: readonly RedJob[];
}

export interface Sources {
  readonly silences: readonly Silence[];
  readonly items: readonly Source[];
}

interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly request_id?: string;
}

/** What went wrong, in the server's own words where it has some. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly requestId: string;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? 'The server gave no reason.');
    this.name = 'ApiError';
    this.status = status;
    this.title = problem.title ?? `The server answered ${String(status)}`;
    this.requestId = problem.request_id ?? '';
  }
}

/** A path of the API as a link, relative to the document's base. */
export function apiPath(path: string, params: Params = []): string {
  const query = new URLSearchParams(params.map(([key, value]) => [key, value])).toString();
  return `api/v1/${path}${query === '' ? '' : `?${query}`}`;
}

async function readProblem(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) return {};
  return (await response.json()) as Problem;
}

async function request(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(new URL(url, document.baseURI), options);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    const detail = 'perfdashd did not answer. Is it running, and can this browser reach it?';
    throw new ApiError(0, { title: 'No answer', detail });
  }
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new ApiError(response.status, await readProblem(response));
  return (await response.json()) as T;
}

async function get<T>(path: string, params: Params, signal: AbortSignal): Promise<T> {
  return read(await request(apiPath(path, params), { signal }));
}

export function getStatus(signal: AbortSignal): Promise<Status> {
  return get('status', [], signal);
}

export function getSources(signal: AbortSignal): Promise<Sources> {
  return get('sources', [], signal);
}

export async function pollSource(name: string): Promise<Source> {
  return read(await request(apiPath(`sources/${encodeURIComponent(name)}/poll`), { method: 'POST' }));
}

export function rawLogPath(digest: string): string {
  return apiPath(`logs/${digest}/raw`);
}

export function getLabels(params: Params, signal: AbortSignal): Promise<{ readonly items: readonly LabelKey[] }> {
  return get('labels', params, signal);
}

export function getLabelValues(
  key: string,
  params: Params,
  signal: AbortSignal,
): Promise<{ readonly items: readonly LabelValue[] }> {
  return get(`labels/${encodeURIComponent(key)}/values`, params, signal);
}

export function getSeriesPage(params: Params, signal: AbortSignal): Promise<SeriesPage> {
  return get('series', params, signal);
}

export function getSeries(id: string, signal: AbortSignal): Promise<Series> {
  return get(`series/${encodeURIComponent(id)}`, [], signal);
}

export function getPoints(id: string, params: Params, signal: AbortSignal): Promise<Points> {
  return get(`series/${encodeURIComponent(id)}/points`, params, signal);
}

export function getAnalysis(id: string, signal: AbortSignal): Promise<Analysis> {
  return get(`series/${encodeURIComponent(id)}/trend`, [], signal);
}

export function getChange(id: number, signal: AbortSignal): Promise<ChangeDetail> {
  return get(`changes/${String(id)}`, [], signal);
}

export function getGroups(params: Params, signal: AbortSignal): Promise<ChangeGroups> {
  return get('changes/groups', params, signal);
}

async function send<T>(method: string, path: string, body: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return read(await request(apiPath(path), { method, headers, body: JSON.stringify(body) }));
}

export function editChange(id: number, edit: ChangeEdit): Promise<Change> {
  return send('PATCH', `changes/${String(id)}`, edit);
}

/** At most 1000 at a time. */
export function editChanges(ids: readonly number[], edit: ChangeEdit): Promise<{ readonly changed: number }> {
  return send('POST', 'changes/bulk', { ids, ...edit });
}

/** The answer is the generation of the store from which on it is so. */
export function editRun(id: number, edit: RunEdit): Promise<{ readonly generation: number }> {
  return send('POST', 'runs/bulk', { ids: [id], ...edit });
}

/** Parses a log by the parsers that there are now; a preview changes nothing. */
export async function parseAgain(log: number, preview: boolean, signal?: AbortSignal): Promise<{ readonly report: RereadReport }> {
  const path = apiPath(`logs/${String(log)}/reparse`, [['preview', String(preview)]]);
  return read(await request(path, { method: 'POST', ...(signal === undefined ? {} : { signal }) }));
}

export function getRun(id: number, signal: AbortSignal): Promise<RunDetail> {
  return get(`runs/${String(id)}`, [], signal);
}

export function logPath(run: number): string {
  return apiPath(`runs/${String(run)}/log`);
}

export function pointsCsvPath(id: string, params: Params): string {
  return apiPath(`series/${encodeURIComponent(id)}/points`, [...params, ['format', 'csv']]);
}
