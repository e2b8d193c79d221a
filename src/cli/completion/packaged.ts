/** The completion scripts as they are packaged, by their paths in the repository. */
import { describeProgram } from '../program.ts';
import { commandFacts } from './command-facts.ts';
import { completionScript, shells } from './scripts.ts';

export function packagedCompletions(): ReadonlyMap<string, string> {
  const facts = commandFacts(describeProgram());
  const names = { bash: 'holdfast.bash', zsh: '_holdfast', fish: 'holdfast.fish' } as const;
  return new Map(
    shells.map((shell) => [`packaging/completion/${names[shell]}`, completionScript(shell, facts)]),
  );
}
