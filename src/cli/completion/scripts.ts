/** Completion for bash, zsh and fish: scripts that the shells read at their start. */
import type { CommandFacts, OptionFacts } from './command-facts.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, commands: readonly CommandFacts[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
  }
}

/** `holdfast explain` completes names of rules and keywords, which the program lists itself. */
const explained = 'holdfast explain --list 2>/dev/null';

function bashScript(commands: readonly CommandFacts[]): string {
  const inner = nested(commands).map(
    ({ name }) => `    '${name}') if (( COMP_CWORD > 2 )); then command='${name}'; fi ;;\n`,
  );
  return `# Completion of holdfast for bash: put it into /etc/bash_completion.d/ or source it.
_holdfast() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local words='' files='' command=\${COMP_WORDS[1]}
  # bash takes --flag=value for three words.
  if [[ $current == '=' ]]; then current=''; elif [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    mapfile -t COMPREPLY < <(compgen -W "${topLevel(commands).join(' ')} --help --version" -- "$current")
    return
  fi
  case "$command \${COMP_WORDS[2]}" in
${inner.join('')}  esac
  case "$command" in
${commands.map(bashCase).join('')}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files && \${#COMPREPLY[@]} -eq 0 ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -F _holdfast holdfast
`;
}

function bashCase(command: CommandFacts): string {
  const { name, options, subcommands, argumentChoices } = command;
  const values = options
    .filter(({ choices }) => choices.length > 0)
    .map(({ flags, choices }) => `      ${flags.join('|')}) words="${choices.join(' ')}" ;;\n`);
  const paths = options.filter(({ takesValue, choices }) => takesValue && choices.length === 0);
  const pathFlags = paths.flatMap(({ flags }) => flags).join('|');
  const files = paths.length === 0 ? '' : `      ${pathFlags}) files=1 ;;\n`;
  const free = name === 'explain' ? `$(${explained})` : [...subcommands, ...argumentChoices].join(' ');
  const flags = options.flatMap((option) => option.flags).join(' ');
  const rest = `words="${free}"${command.takesFiles ? '; files=1' : ''}`;
  return `    '${name}')
      case "$previous" in
${values.join('')}${files}      *)
        if [[ $current == -* ]]; then words="${flags} --help"; else ${rest}; fi ;;
      esac ;;
`;
}

function zshScript(commands: readonly CommandFacts[]): string {
  const cases = commands.map((command) => {
    const options = command.options.flatMap((option) => option.flags.map((flag) => zshOption(flag, option)));
    const rest = restOfZsh(command);
    const lines = [...options, rest].map((line) => `        ${line}`).join(' \\\n');
    return `    '${command.name}')\n      _arguments -s \\\n${lines} ;;\n`;
  });
  const top = commands
    .filter(({ name }) => !name.includes(' '))
    .map(({ name, description }) => `    ${zshQuote(`${name}:${description}`)}\n`);
  return `#compdef holdfast
# Completion of holdfast for zsh: put it as _holdfast into a folder of your fpath.
_holdfast_names() {
  local -a names
  names=(\${(f)"$(${explained})"})
  compadd -a names
}
_holdfast() {
  local -a commands
  commands=(
${top.join('')}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name="$words[2]"
  case "$words[2] $words[3]" in
${nested(commands)
  .map(({ name }) => `    '${name}') (( CURRENT > 3 )) && name='${name}' ;;\n`)
  .join('')}  esac
  shift words; (( CURRENT-- ))
  [[ "$name" == *' '* ]] && { shift words; (( CURRENT-- )) }
  case "$name" in
${cases.join('')}  esac
}
_holdfast "$@"
`;
}

function zshOption(flag: string, { description, takesValue, choices }: OptionFacts): string {
  const text = description.replace(/[[\]:\\]/g, ' ');
  if (!takesValue) return zshQuote(`${flag}[${text}]`);
  const values = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
  return zshQuote(`${flag}[${text}]:value:${values}`);
}

function restOfZsh({ name, subcommands, argumentChoices, takesFiles }: CommandFacts): string {
  if (name === 'explain') return zshQuote('*:name:_holdfast_names');
  const words = [...subcommands, ...argumentChoices];
  if (words.length > 0) return zshQuote(`1:command:(${words.join(' ')})`);
  return zshQuote(takesFiles ? '*:file:_files' : '*:');
}

function zshQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishScript(commands: readonly CommandFacts[]): string {
  const top = commands
    .filter(({ name }) => !name.includes(' '))
    .map(
      ({ name, description }) =>
        `complete -c holdfast -n __fish_use_subcommand -f -a ${name} -d ${fishQuote(description)}\n`,
    );
  const rest = commands.flatMap((command) => fishLines(command));
  return `# Completion of holdfast for fish: put it into ~/.config/fish/completions/holdfast.fish.\n${top.join('')}${rest.join('')}`;
}

function fishLines({ name, options, subcommands, argumentChoices }: CommandFacts): readonly string[] {
  const condition = `-n '__fish_seen_subcommand_from ${name.split(' ').at(-1)}'`;
  const inner = [...subcommands, ...argumentChoices].map(
    (word) => `complete -c holdfast ${condition} -f -a ${word}\n`,
  );
  const explain = name === 'explain' ? [`complete -c holdfast ${condition} -f -a '(${explained})'\n`] : [];
  return [...inner, ...explain, ...options.map((option) => fishOption(condition, option))];
}

function fishOption(condition: string, { flags, description, takesValue, choices }: OptionFacts): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = !takesValue ? '' : choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : ' -r';
  return `complete -c holdfast ${condition} ${names.join(' ')}${value} -d ${fishQuote(description)}\n`;
}

function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function topLevel(commands: readonly CommandFacts[]): readonly string[] {
  return commands.filter(({ name }) => !name.includes(' ')).map(({ name }) => name);
}

function nested(commands: readonly CommandFacts[]): readonly CommandFacts[] {
  return commands.filter(({ name }) => name.includes(' '));
}
