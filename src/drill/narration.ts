/** What the reader of a drill sees while it runs: numbered steps, what happened in each, and the time it took. */

export interface Narrator {
  /** Begins the next step. */
  readonly step: (title: string) => void;
  /** One line of what was seen. */
  readonly say: (text: string) => void;
  /** Lines as they came from a program, set apart. */
  readonly quote: (text: string) => void;
  /** Awaits `work`, and every few seconds says that it is still waited for, so that silence never lasts. */
  readonly waitFor: <T>(what: string, work: Promise<T>) => Promise<T>;
}

export interface NarratorOptions {
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
}

const patienceMs = 4000;

export function createNarrator({ write, nowMs }: NarratorOptions): Narrator {
  const beganAtMs = nowMs();
  let steps = 0;
  const say = (text: string): void => write(`${stamp(nowMs() - beganAtMs)}      ${text}\n`);
  return {
    step: (title) => {
      steps += 1;
      write(`${stamp(nowMs() - beganAtMs)}  ${String(steps).padStart(2)}. ${title}\n`);
    },
    say,
    quote: (text) => write(text.trimEnd().replace(/^/gm, '           | ').concat('\n')),
    waitFor: async (what, work) => {
      const since = nowMs();
      const timer = setInterval(
        () => say(`... ${what} (${Math.round((nowMs() - since) / 1000)} s)`),
        patienceMs,
      );
      try {
        return await work;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

function stamp(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1).padStart(6)} s`;
}
