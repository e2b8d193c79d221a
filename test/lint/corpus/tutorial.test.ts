/** The tutorial's four files: what lint makes of them, and what the safe fixes leave. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig, type Resolved, type Span } from '../../../src/config-parser/index.ts';
import { applyFixes } from '../../../src/lint/apply-fixes.ts';
import type { Finding } from '../../../src/lint/finding.ts';
import { lint } from '../../../src/lint/lint.ts';
import { buildFileModel } from '../../../src/lint/model/index.ts';
import { allRules } from '../../../src/lint/rules/index.ts';
import { repository } from '../../config-parser/parse-helpers.ts';

const names = ['lb01.conf', 'lb02.conf', 'lb01-two-instances.conf', 'lb02-two-instances.conf'];

function parse(text: string): Resolved {
  return parseConfig({ read: () => ({ text }) }, 'lb01.conf', { configId: 'lb01', fold: false });
}

function findingsOf(text: string): readonly Finding[] {
  return lint([buildFileModel('lb01.conf', parse(text))], { rules: allRules, isPair: false });
}

function textAt(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

function fixed(before: string): string {
  let text = before;
  for (let round = 0; round < 10; round += 1) {
    const { texts } = applyFixes(findingsOf(text), new Map([['lb01.conf', text]]), { unsafe: false });
    const next = texts.get('lb01.conf');
    if (next === undefined) return text;
    text = next;
  }
  throw new Error('the fixes undo each other');
}

function textOf(name: string): string {
  return readFileSync(join(repository, 'examples', name), 'utf8');
}

/** What `keepalived -t` says besides that interfaces are missing; undefined without keepalived. */
function complaintsOfKeepalived(text: string): readonly string[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-tutorial-'));
  try {
    const file = join(folder, 'lb01.conf');
    writeFileSync(file, text);
    const { error, stdout, stderr } = spawnSync('keepalived', ['-t', '-f', file], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (error !== undefined) throw error;
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
    return lines.filter((line) => !/interface .* doesn't exist|^Non-existent interface/.test(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hasKeepalived(): boolean {
  try {
    execFileSync('keepalived', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.each(names)('the tutorial’s %s', (name) => {
  const text = textOf(name);

  it.each([
    ['vrrp/vrid-sparse', /virtual_router_id 51\b/],
    ['vrrp/auth-pass-in-plain', /auth_pass is sent in clear/],
    ['vrrp/garp-refresh-missing', /no garp_master_refresh/],
  ])('gets %s with %s, once', (rule, message) => {
    const found = findingsOf(text).filter(
      (finding) => finding.rule === rule && message.test(finding.message),
    );
    expect(found.map(({ message: said }) => said)).toHaveLength(1);
  });

  it.each([
    ['nb_get_retry', /^"nb_get_retry" .* 2\.4\.3 .* goes on with 1 retry where 3 were meant$/],
    ['nat_mask', /^"nat_mask" .* 2\.4\.3 does not know it/],
  ])('gets one finding for each %s, which says what keepalived 2.4.3 makes of it', (word, message) => {
    const found = findingsOf(text).filter(({ span }) => span !== undefined && textAt(text, span) === word);
    expect(found.map(({ rule }) => rule)).toEqual(
      Array.from(text.matchAll(new RegExp(`\\b${word}\\b`, 'g')), () => 'conf/deprecated-keyword'),
    );
    for (const finding of found) expect(finding.message).toMatch(message);
  });

  it('has no old or unknown word any more after the safe fixes', () => {
    const after = findingsOf(fixed(text)).map(({ rule }) => rule);
    expect(after.filter((rule) => /deprecated|unknown/.test(rule))).toEqual([]);
    expect(fixed(text)).not.toMatch(/nat_mask|nb_get_retry/);
  });

  it('means after the safe fixes what its author meant', () => {
    const { config } = parse(fixed(text));
    expect(config).toEqual(parse(text).config);
    const retries = config.virtualServers.flatMap(({ realServers }) =>
      realServers.flatMap(({ checkers }) => checkers.map(({ timing }) => timing.retry)),
    );
    expect(new Set(retries)).toEqual(new Set([3]));
  });

  it.skipIf(!hasKeepalived())('is clean for keepalived after the safe fixes', () => {
    expect(complaintsOfKeepalived(fixed(text))).toEqual([]);
  });
});
