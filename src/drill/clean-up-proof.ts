/** What is left after a lab was closed: looked for, not believed. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from './lab/lab.ts';
import { namespacesLeft } from './lab/namespaces.ts';
import type { CleanUpProof } from './report/report.ts';
import { isAlive } from './scratch-folder.ts';

/** Of 50 ms. */
const patience = 60;

export async function cleanUpProof(lab: Lab | undefined): Promise<CleanUpProof> {
  if (lab === undefined)
    return { isClean: true, checks: [{ what: 'no lab was left', holds: true, found: 'none was built' }] };
  const left = namespacesLeft(lab.network.prefix);
  // What was killed is a process until its parent has taken note, which may be this one.
  for (let waited = 0; waited < patience && lab.processIds().some(isAlive); waited += 1) await delay(50);
  const running = lab.processIds().filter(isAlive);
  const checks = [
    {
      what: 'no network namespace of the lab is left',
      holds: left.length === 0,
      found: left.length === 0 ? 'none' : left.join(', '),
    },
    {
      what: 'no daemon of the lab runs',
      holds: running.length === 0,
      found: running.length === 0 ? 'none' : `processes ${running.join(', ')}`,
    },
    {
      what: "the lab's temporary folder is gone",
      holds: !existsSync(lab.scratch),
      found: existsSync(lab.scratch) ? lab.scratch : 'it is',
    },
  ];
  return { isClean: checks.every(({ holds }) => holds), checks };
}
