/** What is wrong with a command, as a value; and how an operator reads it. */

export interface CommandProblem {
  readonly kind:
    | 'no-such-user'
    | 'no-such-group'
    | 'not-root'
    | 'no-default-account'
    | 'not-found'
    | 'not-executable'
    | 'writable-by-others'
    | 'security-off'
    | 'no-setpriv'
    | 'not-started';
  /** `refused`: the command is not run. `warned`: it is run all the same. */
  readonly severity: 'refused' | 'warned';
  /** One sentence, without what the command is for: what was found, what happens, what helps. */
  readonly message: string;
}

export function refused(kind: CommandProblem['kind'], message: string): CommandProblem {
  return { kind, severity: 'refused', message };
}

export function warned(kind: CommandProblem['kind'], message: string): CommandProblem {
  return { kind, severity: 'warned', message };
}
