/** keepalived.conf(5): MISC_CHECK. Runs a program and reads its exit status; with misc_dynamic that can set the server's weight. */
import type { MiscCheckConfig } from '../../config-parser/config.ts';
import type { Probe } from '../probe.ts';
import { type Asked, askOnce, longestTimerMs, type Verdict } from './ask-once.ts';
import type { CommandEnd, ProbeTools } from './tools.ts';

/**
 * One probe for all of a check's life: it never runs the program a second time beside the first. When the time of a run is over its
 * verdict comes at once, and the next run waits for what is left of the program.
 */
export function miscProbe(checker: MiscCheckConfig, tools: Pick<ProbeTools, 'runCommand'>): Probe {
  const { command } = checker;
  const timeoutMs = Math.min(checker.timeoutMs, checker.timing.attemptTimeoutMs, longestTimerMs);
  let running: Promise<void> | undefined;

  const run = (finish: (verdict: Verdict) => void): Asked => {
    let hasTimedOut = false;
    const program = tools.runCommand(command, {
      purpose: 'misc check',
      timeoutMs,
      onTimeout: () => {
        hasTimedOut = true;
        finish(timedOut(timeoutMs));
      },
    });
    running = program.finished.then((end) => {
      running = undefined;
      finish(verdictOf(checker, end));
    });
    // After its time it is being ended already.
    return { close: () => (hasTimedOut ? undefined : program.end()) };
  };

  return (signal) =>
    askOnce({ signal, phase: 'run' }, (finish) => {
      if (running === undefined) return run(finish);
      let begun: Asked | undefined;
      let isOver = false;
      const patience = setTimeout(() => finish(stillRunning(timeoutMs)), timeoutMs);
      void running.then(() => {
        clearTimeout(patience);
        if (!isOver) begun = run(finish);
      });
      const close = () => {
        isOver = true;
        clearTimeout(patience);
        begun?.close();
      };
      return { close };
    });
}

function verdictOf(checker: MiscCheckConfig, end: CommandEnd): Verdict {
  switch (end.kind) {
    case 'exited':
      return verdictOfStatus(checker, end.status, end.output);
    case 'killed':
      return failed(`The program was killed by ${end.signal}${quoted(end.output)}.`);
    case 'not-started':
      return failed(`The program was not run: ${end.message}.`);
    case 'ended':
      return { kind: 'inconclusive', detail: 'The program was stopped.' };
  }
}

/** keepalived.conf(5): misc_dynamic. 0 is success and says nothing of the weight, 1 is always failure. */
function verdictOfStatus({ isDynamic }: MiscCheckConfig, status: number, output: string): Verdict {
  if (status === 0) return { kind: 'ok' };
  if (isDynamic && status >= 2) return { kind: 'ok', weight: { set: status - 2 } };
  return failed(`The program exited with status ${status}${quoted(output)}.`);
}

function failed(detail: string): Verdict {
  return { kind: 'failed', reason: 'other', detail };
}

function timedOut(timeoutMs: number): Verdict {
  const detail = `The program did not end within ${timeoutMs / 1000} s and is ended.`;
  return { kind: 'failed', reason: 'timeout', detail };
}

function stillRunning(timeoutMs: number): Verdict {
  const detail = `The program of an earlier run has not ended in ${timeoutMs / 1000} s more, so it was not run again.`;
  return { kind: 'failed', reason: 'timeout', detail };
}

const mostQuotedCharacters = 200;

/** The last line that says something: what a program writes before it gives up. */
function quoted(output: string): string {
  const lines = output.split('\n').map((line) => printable(line).trim());
  const last = lines.findLast((line) => line !== '');
  if (last === undefined) return '';
  const text = last.length > mostQuotedCharacters ? `${last.slice(0, mostQuotedCharacters)}...` : last;
  return `; it wrote "${text}"`;
}

/** Nothing that could move the cursor of who reads the log. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
