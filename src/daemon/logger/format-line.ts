/** How a log record becomes a line: `Nov 22 22:10:11 holdfast_vrrp[123]: (VI_1) Entering MASTER STATE`. */
import type { LogLevel } from '../ipc.ts';

/** Which process a line comes from. */
export interface LogSource {
  readonly name: string;
  /** Undefined where the process never came to life. */
  readonly pid: number | undefined;
}

export interface LogEntry {
  readonly source: LogSource;
  readonly level: LogLevel;
  readonly message: string;
  readonly at: Date;
}

/** `dated` for people and files; `journal` for systemd, which adds the time and our name itself. */
export type LineStyle = 'dated' | 'journal';

/** syslog(3) severities, also what sd-daemon(3) prefixes mean. */
export const severityOf: Readonly<Record<LogLevel, number>> = {
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const supervisorName = 'holdfast';

/** One entry as text with its line end; a message of several lines (a stack) becomes as many full lines. */
export function formatEntry(entry: LogEntry, style: LineStyle): string {
  const prefix = style === 'dated' ? datedPrefix(entry) : journalPrefix(entry);
  return entry.message
    .split('\n')
    .map((line) => `${prefix}${withoutControls(line)}\n`)
    .join('');
}

function datedPrefix({ at, source }: LogEntry): string {
  const day = String(at.getDate()).padStart(2, ' ');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0'));
  return `${months[at.getMonth()]} ${day} ${time.join(':')} ${source.name}${processId(source)}: `;
}

function journalPrefix({ level, source }: LogEntry): string {
  // The journal already shows the supervisor's name and pid on each line that it reads from it.
  const who = source.name === supervisorName ? '' : `${source.name}${processId(source)}: `;
  return `<${severityOf[level]}>${who}`;
}

function processId({ pid }: LogSource): string {
  return pid === undefined ? '' : `[${pid}]`;
}

/** What a message quotes may come from the network or a file: it must not move an operator's cursor. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');
}
