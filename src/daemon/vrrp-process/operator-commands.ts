/**
 * What an operator asks of running instances: failover, drain, resume. Backups are silent, so whether anybody will take the
 * addresses is not known before they are given up; the answer comes when it is.
 */

import type { Hold, InstanceEffect } from '../../vrrp/index.ts';
import { describeDuration } from '../durations.ts';
import type { CommandAnswer, InstanceCommand } from '../ipc.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

type GiveUp = Extract<InstanceCommand, { kind: 'giveUp' }>;
type Reply = (answer: CommandAnswer) => void;

interface Pending {
  readonly waiting: Set<InstanceRuntime>;
  readonly lines: string[];
  readonly reply: Reply;
  allTaken: boolean;
}

export interface CommandTools {
  nowMs(): number;
  instances(): readonly InstanceRuntime[];
}

export class OperatorCommands {
  readonly #tools: CommandTools;
  readonly #pending = new Set<Pending>();

  constructor(tools: CommandTools) {
    this.#tools = tools;
  }

  giveUp(command: GiveUp, reply: Reply): void {
    const chosen = this.#chosen(command.instances);
    if (!Array.isArray(chosen)) {
      reply(chosen);
      return;
    }
    const masters = chosen.filter(({ state }) => state.name === 'Master');
    if (masters.length > 0 && !command.evenIfAlone) {
      reply(this.#askFirst(masters));
      return;
    }
    const pending: Pending = { waiting: new Set(masters), lines: [], reply, allTaken: true };
    this.#pending.add(pending);
    for (const runtime of chosen) {
      if (!pending.waiting.has(runtime)) pending.lines.push(alreadyAway(runtime));
      runtime.dispatch({ kind: 'giveUp', hold: this.#holdOf(command) });
    }
    this.#answerIfDone(pending);
  }

  resume(names: readonly string[], reply: Reply): void {
    const chosen = this.#chosen(names);
    if (!Array.isArray(chosen)) {
      reply(chosen);
      return;
    }
    const lines = chosen.map((runtime) => {
      const had = runtime.state.hold !== undefined;
      runtime.dispatch({ kind: 'resume' });
      const { name } = runtime.config;
      return had ? `${name} takes part in elections again` : `${name} was not held`;
    });
    reply({ ok: true, lines });
  }

  /** A step of an instance may be what a command waits for. */
  stepped(runtime: InstanceRuntime, effects: readonly InstanceEffect[]): void {
    if (this.#pending.size === 0) return;
    for (const pending of this.#pending) {
      if (!pending.waiting.has(runtime)) continue;
      for (const effect of effects) this.#note(pending, runtime, effect);
      if (runtime.state.name !== 'Leaving') pending.waiting.delete(runtime);
      this.#answerIfDone(pending);
    }
  }

  #note(pending: Pending, { config }: InstanceRuntime, effect: InstanceEffect): void {
    if (effect.kind !== 'report') return;
    const { report } = effect;
    if (report.kind === 'successorHeard') {
      const after = describeDuration(report.afterMs);
      pending.lines.push(`${config.name}: ${report.source} took over after ${after}`);
    }
    if (report.kind === 'takenBack') {
      pending.allTaken = false;
      const after = describeDuration(report.afterMs);
      pending.lines.push(`${config.name}: nobody took over within ${after}; it is Master again here`);
    }
  }

  #answerIfDone(pending: Pending): void {
    if (pending.waiting.size > 0) return;
    this.#pending.delete(pending);
    pending.reply({ ok: pending.allTaken, lines: pending.lines });
  }

  #askFirst(masters: readonly InstanceRuntime[]): CommandAnswer {
    const lines = masters.map(
      (runtime) => `${runtime.config.name} is Master here; ${this.#lastHeard(runtime)}`,
    );
    return { ok: false, confirm: true, lines };
  }

  #lastHeard({ state }: InstanceRuntime): string {
    const [peer] = state.peers;
    if (peer === undefined) return 'no other router has been heard since this one started';
    const ago = describeDuration(this.#tools.nowMs() - peer.heardAtMs);
    return `another router was last heard ${ago} ago: ${peer.source}, priority ${peer.priority}`;
  }

  #holdOf({ hold: kind, forMs, reason }: GiveUp): Hold {
    return {
      kind,
      ...(forMs !== undefined && { untilMs: this.#tools.nowMs() + forMs }),
      ...(reason !== undefined && { reason }),
    };
  }

  #chosen(names: readonly string[]): InstanceRuntime[] | Extract<CommandAnswer, { ok: false }> {
    const all = this.#tools.instances();
    if (names.length === 0) return [...all];
    const unknown = names.filter((name) => !all.some(({ config }) => config.name === name));
    const known = all.map(({ config }) => config.name).join(', ');
    if (unknown.length > 0)
      return { ok: false, lines: unknown.map((name) => `there is no instance ${name}; there is ${known}`) };
    return all.filter(({ config }) => names.includes(config.name));
  }
}

function alreadyAway({ config, state }: InstanceRuntime): string {
  return `${config.name} is ${state.name} here, and stays away from being Master`;
}
