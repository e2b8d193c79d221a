/** All scenarios that come with holdfast, in the order in which they are played. */
import {
  linkDown,
  pause,
  powerOff,
  processes,
  returnPreempt,
  sigkill,
  startBoth,
  stop,
} from './directors.ts';
import { intruder } from './intruder.ts';
import {
  clockStep,
  ipvsCleared,
  reloadBroken,
  reloadSame,
  reloadServerRemoved,
  scriptFails,
} from './operations.ts';
import type { Scenario } from './scenario.ts';
import { servers } from './servers.ts';
import { cutVrrpBoth, cutVrrpOneway, delay200ms, losses, staleArp } from './wire.ts';

export const scenarios: readonly Scenario[] = [
  stop,
  sigkill,
  ...processes,
  pause,
  linkDown,
  powerOff,
  cutVrrpBoth,
  cutVrrpOneway,
  ...losses,
  delay200ms,
  startBoth,
  returnPreempt,
  scriptFails,
  ...servers,
  reloadSame,
  reloadServerRemoved,
  reloadBroken,
  intruder,
  staleArp,
  ipvsCleared,
  clockStep,
];
