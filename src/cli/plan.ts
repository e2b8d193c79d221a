/** `holdfast plan`: what a reload would change, told by the daemon that runs. */
import { isEmptyPlan, type Plan, type PlannedChange } from '../plan/index.ts';
import { ask } from './ctl-ask.ts';
import type { PlanCommand } from './plan-options.ts';
import type { Streams } from './streams.ts';

/** As `terraform plan -detailed-exitcode`: scripts tell "nothing", "something" and "an error" apart. */
const nothing = 0;
const changes = 2;

export async function runPlan(command: PlanCommand, streams: Streams): Promise<number> {
  const { exitCode, answer } = await ask(command, { kind: 'plan', file: command.file });
  const plan = answer.ok ? answer.plan : undefined;
  if (plan === undefined) {
    if (command.json) streams.out(`${JSON.stringify(answer)}\n`);
    else for (const line of answer.lines) streams.error(`${line}\n`);
    return exitCode === nothing ? 1 : exitCode;
  }
  if (command.json) streams.out(`${JSON.stringify({ notes: answer.lines, ...plan })}\n`);
  else {
    for (const line of answer.lines) streams.error(`${line}\n`);
    streams.out(describePlan(plan));
  }
  return isEmptyPlan(plan) ? nothing : changes;
}

export function describePlan(plan: Plan): string {
  const { configuration, table, tableSilence } = plan;
  if (isEmptyPlan(plan) && tableSilence === undefined) return 'Nothing would change.\n';
  const sections = [
    section('Configuration', configuration),
    section("The kernel's IPVS table", table),
    tableSilence === undefined ? [] : [`The kernel's IPVS table: nothing is known (${tableSilence})`],
    [summary([...configuration, ...table])],
  ];
  return sections
    .filter(({ length }) => length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

const signs = { add: '+', change: '~', remove: '-' } as const;

function section(title: string, planned: readonly PlannedChange[]): string[] {
  if (planned.length === 0) return [];
  return [`${title}:`, ...planned.flatMap(changeLines)];
}

function changeLines({ change, subject, details, consequences = [], refused }: PlannedChange): string[] {
  return [
    `  ${signs[change]} ${subject}`,
    ...details.map((line) => `      ${line}`),
    ...consequences.map((line) => `      ! ${line}`),
    ...(refused === undefined ? [] : [`      ! ${refused}`]),
  ];
}

function summary(planned: readonly PlannedChange[]): string {
  const count = (change: PlannedChange['change']) => planned.filter((one) => one.change === change).length;
  return `${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove. Nothing was changed.`;
}
