/** keepalived.conf(5): the variables that exist without a definition. A definition of the same name takes their place. */
import type { Diagnostic, Span } from './diagnostics.ts';
import type { Scope } from './variables.ts';

export interface BuiltInValue {
  readonly text: string;
  /** Where it came from, for messages about it. */
  readonly note?: string;
}

interface Context {
  readonly scope: Scope;
  /** Of the reference. */
  readonly span: () => Span;
  /** The file that is being read. */
  readonly file: string;
}

interface BuiltIn {
  readonly parameters: readonly [least: number, most: number];
  readonly valueOf: (parameters: readonly string[], context: Context) => BuiltInValue | undefined;
}

/** `random()` of C, as keepalived uses it, by default gives values below this. */
const largestRandom = 32_767;

const builtIns: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  ['_PWD', { parameters: [0, 0], valueOf: (_, { file }) => ({ text: folderOf(file) }) }],
  ['_INSTANCE', { parameters: [0, 0], valueOf: (_, { scope }) => ({ text: scope.configId }) }],
  ['_HASH', { parameters: [0, 0], valueOf: () => ({ text: '#' }) }],
  ['_BANG', { parameters: [0, 0], valueOf: () => ({ text: '!' }) }],
  ['_RANDOM', { parameters: [0, 2], valueOf: randomValue }],
  ['_ENV', { parameters: [1, 1], valueOf: environmentValue }],
]);

/** The value of what stands between `${` and `}`; `refused` when its parameters are bad, which is reported. */
export function builtIn(call: string, context: Context): BuiltInValue | 'unknown' | 'refused' {
  const [name = '', ...parameters] = call.trim().split(/[ \t]+/);
  const found = call.startsWith('_') ? builtIns.get(name) : undefined;
  if (found === undefined) return 'unknown';
  const [least, most] = found.parameters;
  if (parameters.length >= least && parameters.length <= most) {
    return found.valueOf(parameters, context) ?? 'refused';
  }
  const wanted = least === most ? String(least) : `${least} to ${most}`;
  context.scope.report(
    badParameters(`"${name}" takes ${wanted} parameters, found ${parameters.length}`, context.span()),
  );
  return 'refused';
}

function randomValue(parameters: readonly string[], { scope, span }: Context): BuiltInValue | undefined {
  const bad = parameters.find((parameter) => !/^\d{1,10}$/.test(parameter));
  if (bad !== undefined) {
    scope.report(badParameters(`"_RANDOM" takes only whole numbers, found "${bad}"`, span()));
    return undefined;
  }
  const [first = 0, second = largestRandom] = parameters.map(Number);
  const text = String(scope.random(Math.min(first, second), Math.max(first, second)));
  return { text, note: `it was replaced by "${text}"` };
}

function environmentValue([name = '']: readonly string[], { scope, span }: Context): BuiltInValue {
  const text = Object.hasOwn(scope.environment, name) ? scope.environment[name] : undefined;
  if (text !== undefined) return { text, note: `the environment says "${text}"` };
  scope.report({
    severity: 'warning',
    code: 'undefined-variable',
    message: `the environment has no "${name}"; nothing stands in its place`,
    span: span(),
  });
  return { text: '' };
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, Math.max(file.lastIndexOf('/'), 1)) : '.';
}

function badParameters(message: string, span: Span): Diagnostic {
  return {
    severity: 'error',
    code: 'invalid-value',
    message: `${message}; the text stays as it is`,
    span,
    notes: [{ message: 'keepalived would take its braces for those of a block' }],
  };
}
