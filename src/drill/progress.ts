/** What the operator sees while a drill runs: lines on standard error, with the time since the start. */

export interface DrillProgress {
  readonly say: (text: string) => void;
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
}

export function createProgress({ write, nowMs }: ProgressOptions): DrillProgress {
  const beganAtMs = nowMs();
  return {
    say: (text) => write(`${((nowMs() - beganAtMs) / 1000).toFixed(1).padStart(7)} s  ${text}\n`),
  };
}
