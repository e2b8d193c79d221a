/** What HTTP_GET wants of a page: its MD5, and what its text matches or must not match. */
import { createHash, type Hash } from 'node:crypto';
import { createContext, Script } from 'node:vm';
import type { HttpRegexConfig, HttpUrlConfig } from '../../config-parser/config-checks.ts';
import { compileRegex } from './http-regex.ts';
import type { StepFailure } from './outcome.ts';

/** The most that is held for a regex. A digest holds nothing. */
const mostHeldBytes = 16 * 1024 * 1024;

/** All checks wait meanwhile: a pattern that backtracks without end must not hold them up. */
const longestMatchMs = 200;

/** Made once a url: compiled patterns are used again and again. */
export interface PageRules {
  readonly digest?: string;
  readonly regex?: CompiledRule;
}

interface CompiledRule {
  readonly config: HttpRegexConfig;
  readonly regex: RegExp;
}

/** `refused` says why the pattern cannot be used. */
export function pageRules({ digest, regex }: HttpUrlConfig): PageRules | { readonly refused: string } {
  const digestRule = digest === undefined ? {} : { digest };
  if (regex === undefined) return digestRule;
  const compiled = compileRegex(regex.pattern, regex.options);
  if ('refused' in compiled) return compiled;
  return { ...digestRule, regex: { config: regex, regex: compiled.regex } };
}

/** Takes the body of one reply as it comes. */
export class Page {
  readonly #rules: PageRules;
  readonly #hash: Hash | undefined;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(rules: PageRules) {
    this.#rules = rules;
    if (rules.digest !== undefined) this.#hash = createHash('md5');
  }

  add(bytes: Buffer): void {
    this.#hash?.update(bytes);
    if (this.#rules.regex === undefined) return;
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= mostHeldBytes) this.#held.push(bytes);
  }

  /** Once the body is whole. Undefined: all is as it should be. */
  verdict(): StepFailure | undefined {
    return this.#digestVerdict() ?? this.#regexVerdict();
  }

  #digestVerdict(): StepFailure | undefined {
    const { digest } = this.#rules;
    const found = this.#hash?.digest('hex');
    if (found === undefined || digest === undefined || found === digest) return undefined;
    return failed(`The page has the MD5 digest ${found}, and ${digest} is wanted`);
  }

  #regexVerdict(): StepFailure | undefined {
    const rule = this.#rules.regex;
    if (rule === undefined) return undefined;
    if (this.#heldBytes > mostHeldBytes) {
      return failed(
        `The page has more than ${mostHeldBytes} bytes, which is the most that a regex is tried on`,
      );
    }
    const found = search(rule, Buffer.concat(this.#held));
    if (found === 'endless') {
      return {
        kind: 'inconclusive',
        what: `The regex was not through with the page after ${longestMatchMs} ms, and was given up; write a simpler one`,
      };
    }
    if (found !== rule.config.mustNotMatch) return undefined;
    const pattern = JSON.stringify(rule.config.pattern);
    return failed(
      found
        ? `The page matches the regex ${pattern}, and must not`
        : `The page does not match the regex ${pattern}`,
    );
  }
}

function failed(what: string): StepFailure {
  return { kind: 'failed', reason: 'other', what };
}

/** keepalived.conf(5): regex_min_offset, regex_max_offset, regex_options firstline. */
function search({ config, regex }: CompiledRule, body: Buffer): boolean | 'endless' {
  const encoding = config.options.includes('utf') ? 'utf8' : 'latin1';
  const text = body.toString(encoding);
  const offsetOf = (bytes: number): number =>
    encoding === 'latin1' ? bytes : body.subarray(0, bytes).toString(encoding).length;
  const from = offsetOf(config.minOffset);
  if (from > text.length) return false;
  regex.lastIndex = from;
  const at = firstMatch(regex, text);
  if (at === 'endless') return at;
  if (at === undefined || (config.maxOffset !== undefined && at > offsetOf(config.maxOffset))) return false;
  if (!config.options.includes('firstline')) return true;
  const lineEnd = text.indexOf('\n', from);
  return lineEnd === -1 || at <= lineEnd;
}

/** V8 can be told to give up a match only where it runs a script. */
const matching = new Script('at = regex.exec(text)?.index');
const place: { at?: number | undefined; regex?: RegExp; text?: string } = createContext({});

function firstMatch(regex: RegExp, text: string): number | undefined | 'endless' {
  place.regex = regex;
  place.text = text;
  try {
    matching.runInContext(place, { timeout: longestMatchMs });
    return place.at;
  } catch (error) {
    // It is an Error of the context that the script ran in, so not an `instanceof` of ours.
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return 'endless';
    throw error;
  } finally {
    place.text = '';
  }
}
