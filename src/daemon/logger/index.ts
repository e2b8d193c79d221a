/** The daemon's log. */
export { defaultLogFile, type LogOptions } from './destinations.ts';
export { errorCode } from './error-code.ts';
export { type LogSource, supervisorName } from './format-line.ts';
export { type Log, openLog } from './log.ts';
