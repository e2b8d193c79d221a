/** What instances depend on besides their interfaces: scripts, files and processes, as decisions without any I/O. */
export * from './file-tracker.ts';
export { mostFileBytes } from './file-value.ts';
export * from './process-match.ts';
export * from './process-tracker.ts';
export * from './script-tracker.ts';
export { trackedByChecks, usedTrackers } from './used-trackers.ts';
