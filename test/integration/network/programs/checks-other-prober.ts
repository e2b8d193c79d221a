/**
 * Probes as the checker process makes them: each line `probe` names a checker and is answered by a line `outcome` of the same id.
 * `abort` ends one; `sockets` counts the datagram and raw sockets of this namespace.
 */
import { readFileSync } from 'node:fs';
import type { ScriptSecurityConfig } from '../../../../src/config-parser/config.ts';
import { CheckerTools } from '../../../../src/daemon/checker-process/probe-tools.ts';
import type { Probe } from '../../../../src/healthcheck/probe.ts';
import { type PolledCheckConfig, probeOf } from '../../../../src/healthcheck/probes/index.ts';
import { onCommand, say } from './lines.ts';

type ProberCommand =
  | { readonly kind: 'probe'; readonly id: number; readonly checker: PolledCheckConfig }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'configure'; readonly security: ScriptSecurityConfig }
  | { readonly kind: 'sockets' }
  | { readonly kind: 'stop' };

const tools = new CheckerTools({ log: (record) => say({ ...record, kind: 'log' }) });
/** One for each checker, as in the checker process. */
const probes = new Map<string, Probe>();
const controllers = new Map<number, AbortController>();

async function probe(id: number, checker: PolledCheckConfig): Promise<void> {
  const key = JSON.stringify(checker);
  const made = probes.get(key) ?? probeOf(checker, tools);
  probes.set(key, made);
  const controller = new AbortController();
  controllers.set(id, controller);
  const outcome = await made(controller.signal);
  controllers.delete(id);
  say({ kind: 'outcome', id, outcome });
}

/** Each line but the first is a socket. */
function countSockets(): number {
  const tables = ['udp', 'udp6', 'raw', 'raw6'].map((name) => readFileSync(`/proc/self/net/${name}`, 'utf8'));
  return tables.reduce((sum, table) => sum + table.trimEnd().split('\n').length - 1, 0);
}

onCommand((line) => {
  const command = line as unknown as ProberCommand;
  switch (command.kind) {
    case 'probe':
      void probe(command.id, command.checker);
      break;
    case 'abort':
      controllers.get(command.id)?.abort();
      break;
    case 'configure':
      tools.configure(command.security);
      break;
    case 'sockets':
      say({ kind: 'sockets', count: countSockets() });
      break;
    case 'stop':
      void tools.stop().then(() => say({ kind: 'stopped' }));
  }
});
say({ kind: 'ready' });
