/**
 * Installs and removes our tables of nftables by the program nft(8), which reads them from its standard input. What
 * is in them: firewall-text.ts. They depend on the configuration, not on the state: a Backup has no virtual address
 * that a packet could be dropped for.
 */
import { execFile } from 'node:child_process';
import { type DesiredFirewall, removalText } from './firewall-text.ts';

export {
  type DesiredFirewall,
  desiredFirewall,
  type FirewallRequest,
  type MacvlanRules,
  type RefusedAddress,
} from './firewall-text.ts';

export type FirewallResult =
  | {
      readonly ok: true;
      /** The kernel can send no copies: membership reports are dropped on macvlans, and none leaves by the base. */
      readonly withoutCopies: boolean;
    }
  /** Nothing has changed. A sentence without an end. */
  | { readonly ok: false; readonly problem: string };

export interface NftOptions {
  /** `nft`, unless told. */
  readonly program?: string;
  /** It is killed when it takes longer; 10,000 unless told. */
  readonly timeoutMs?: number;
}

/** Puts both tables in the place of what they were, in one transaction. Never rejects. */
export async function installFirewall(
  desired: DesiredFirewall,
  options: NftOptions = {},
): Promise<FirewallResult> {
  const doing = `cannot install the firewall table ${desired.table}`;
  const problem = await runNft(desired.text, doing, options);
  if (problem === undefined) return { ok: true, withoutCopies: false };
  if (desired.textWithoutCopies === undefined || problem.isMissing)
    return { ok: false, problem: problem.text };
  const second = await runNft(desired.textWithoutCopies, doing, options);
  return second === undefined ? { ok: true, withoutCopies: true } : { ok: false, problem: second.text };
}

/** No table of that name is left. Never rejects. */
export async function removeFirewall(table: string, options: NftOptions = {}): Promise<FirewallResult> {
  const problem = await runNft(removalText(table), `cannot remove the firewall table ${table}`, options);
  return problem === undefined ? { ok: true, withoutCopies: false } : { ok: false, problem: problem.text };
}

export interface NftProblem {
  readonly text: string;
  /** There is no such program. */
  readonly isMissing: boolean;
}

/** Gives `text` to nft. Undefined when all of it was done; nft does all or nothing. */
export function runNft(text: string, doing: string, options: NftOptions): Promise<NftProblem | undefined> {
  const { program = 'nft', timeoutMs = 10_000 } = options;
  return new Promise((resolve) => {
    const settings = { timeout: timeoutMs, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
    const child = execFile(program, ['-f', '-'], settings, (error, _stdout, stderr) => {
      resolve(error === null ? undefined : problemOf(error, stderr, doing, program));
    });
    // EPIPE when it ends before it has read everything: its exit status says why.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(text);
  });
}

function problemOf(
  error: Error & { code?: number | string | null; killed?: boolean },
  stderr: string,
  doing: string,
  program: string,
): NftProblem {
  if (error.code === 'ENOENT') {
    return { text: `${doing}: there is no program ${program} (Debian package nftables)`, isMissing: true };
  }
  if (error.killed) return { text: `${doing}: ${program} took too long and was stopped`, isMissing: false };
  const [said = ''] = stderr.split('\n').filter((line) => line.trim() !== '');
  const reason = said.replace(/^\/dev\/stdin:/, 'line ') || error.message;
  return { text: `${doing}: ${program} says "${reason}"`, isMissing: false };
}
