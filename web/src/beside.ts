// SPDX-License-Identifier: LGPL-2.1-or-later

// what most visits do without: one file of its own, as many small ones are larger together

export { FirstRun } from './first-run';
export { HiddenList, HideForm } from './hidden-list';
export { PointsTable } from './points-table';
export { RunScreen } from './run';
export { SourcesScreen } from './sources';
