import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { rewriteFile } from '../../src/cli/rewrite-file.ts';
import { testFolder } from './lint-harness.ts';
import { asNobody } from './run-command.ts';

const { at, write } = testFolder();
const change = { before: 'before\n', after: 'after\n' };

describe('rewriting a file', () => {
  let file = '';
  beforeEach(() => {
    file = write('a.conf', change.before);
    chmodSync(file, 0o640);
  });

  it('replaces its text and leaves nothing else in the folder', () => {
    const names = readdirSync(at('.'));
    rewriteFile(file, change);
    expect(readFileSync(file, 'utf8')).toBe('after\n');
    expect(readdirSync(at('.'))).toEqual(names);
  });

  it('keeps its mode', () => {
    rewriteFile(file, change);
    expect(statSync(file).mode & 0o7777).toBe(0o640);
  });

  it.skipIf(process.geteuid?.() !== 0)('keeps its owner and group', () => {
    chownSync(file, 65534, 65534);
    rewriteFile(file, change);
    expect(statSync(file)).toMatchObject({ uid: 65534, gid: 65534 });
  });

  it('gives who reads at the same time the old text or the new one: it is another file that takes the name', () => {
    linkSync(file, at('old.conf'));
    rewriteFile(file, change);
    expect(readFileSync(at('old.conf'), 'utf8')).toBe('before\n');
  });

  it('follows a symbolic link, which stays one', () => {
    symlinkSync(file, at('link.conf'));
    rewriteFile(at('link.conf'), change);
    expect(lstatSync(at('link.conf')).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('after\n');
  });

  it('refuses where somebody else has changed the file meanwhile', () => {
    writeFileSync(file, 'theirs\n');
    expect(() => rewriteFile(file, change)).toThrow('it has changed since it was read');
    expect(readFileSync(file, 'utf8')).toBe('theirs\n');
  });

  it('refuses where bytes would be lost', () => {
    writeFileSync(file, Buffer.from([0x23, 0xe9, 0x0a]));
    const before = readFileSync(file, 'utf8');
    expect(() => rewriteFile(file, { before, after: '#\n' })).toThrow('bytes that are not UTF-8');
    expect([...readFileSync(file)]).toEqual([0x23, 0xe9, 0x0a]);
  });

  it('refuses what is no regular file', () => {
    expect(() => rewriteFile('/dev/null', { before: '', after: 'x' })).toThrow('it is not a regular file');
  });

  it('leaves the file, and no other, where the folder cannot be written', async () => {
    const names = readdirSync(at('.'));
    chmodSync(at('.'), 0o555);
    chmodSync(file, 0o644);
    await asNobody(async () => expect(() => rewriteFile(file, change)).toThrow(/EACCES/));
    chmodSync(at('.'), 0o755);
    expect(readFileSync(file, 'utf8')).toBe('before\n');
    expect(readdirSync(at('.'))).toEqual(names);
  });
});
