/**
 * Brings arguments into the one form that commander reads as getopt_long(3) does: clusters such as `-Dln` are taken
 * apart, and an optional value counts only where it is attached. `-t FILE` must never take FILE for a log to write.
 */
export interface KnownOption {
  /** `-t` */
  readonly short?: string | undefined;
  /** `--config-test` */
  readonly long?: string | undefined;
  /** Takes a value, attached or as the next argument. */
  readonly required: boolean;
  /** Takes a value only when attached: `-tFILE`, `--config-test=FILE`. */
  readonly optional: boolean;
}

/** `args` in long form where the option is known; everything else is left for commander to complain about. */
export function normalizeArguments(args: readonly string[], options: readonly KnownOption[]): string[] {
  const normal: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') return [...normal, '--', ...rest];
    if (arg.startsWith('--')) normal.push(...longOption(arg, rest, options));
    else if (arg.startsWith('-') && arg.length > 1) normal.push(...cluster(arg.slice(1), rest, options));
    else normal.push(arg);
  }
  return normal;
}

function longOption(arg: string, rest: string[], options: readonly KnownOption[]): string[] {
  const option = options.find(({ long }) => long === arg);
  if (option?.optional === true) return [`${arg}=`];
  if (option?.required === true && rest.length > 0) return [`${arg}=${rest.shift()}`];
  return [arg];
}

function cluster(letters: string, rest: string[], options: readonly KnownOption[]): string[] {
  const normal: string[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const short = `-${letters[at]}`;
    const option = options.find((known) => known.short === short);
    const name = option?.long ?? short;
    const attached = letters.slice(at + 1);
    if (option?.optional === true) return [...normal, `${name}=${attached}`];
    if (option?.required === true) {
      const value = attached === '' ? rest.shift() : attached;
      return [...normal, value === undefined ? name : `${name}=${value}`];
    }
    normal.push(name);
  }
  return normal;
}
