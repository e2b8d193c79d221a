/**
 * The wall clock put forward, and back: in the embedded kernel alone, where it is nobody else's. What carries the stepped
 * time is counted back, so that all observations stay on one clock.
 */
import { insideEmbeddedKernelVariable } from '../kernels/embedded-kernel.ts';
import { requireProgram } from '../run-program.ts';
import { nowMs, type Recorder } from './recorder.ts';

export class ClockStep {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** 0 puts it right. Throws on a kernel that is this host's own. */
  async step(ms: number): Promise<void> {
    if (!mayStepClock()) throw new Error("this kernel's clock is the host's, which a drill does not touch");
    // Stays after the clock is right again: observers may still have stamps from before.
    if (ms !== 0) this.#recorder.clockOffsetMs = ms;
    await requireProgram('date', ['-u', '-s', `@${((nowMs() + ms) / 1000).toFixed(3)}`]);
  }
}

export function mayStepClock(): boolean {
  return process.env[insideEmbeddedKernelVariable] === '1';
}
