import { hostRule } from '../../rule.ts';
import { datedKeywords } from '../pair/daemon-words.ts';
import { instance } from './example.ts';

/** keepalived(8): --version; the tables say since when a keyword is known. */
export const hostVersionMismatch = hostRule({
  name: 'host/version-mismatch',
  level: 'warn',
  summary: 'The installed keepalived does not know a keyword',
  details: `keepalived says "Unknown keyword" to what its release does not know, and goes on without it; where the keyword
opens a block, it takes the lines inside for those of the block around, and the closing brace closes that. Compared is the
release of the keepalived that is installed on this machine with the one that first knew the keyword, or that no longer
knows it. holdfast itself knows them all, so that this matters only as long as keepalived still runs here.`,
  keepalived: 'reports',
  exampleHost: { keepalivedVersion: '2.2.7' },
  bad: instance({ lines: ['v3_checksum_as_v2'] }),
  good: instance(),
  check: (file, { keepalivedVersion }, report) => {
    const installed = keepalivedVersion === undefined ? undefined : releaseOf(keepalivedVersion);
    if (installed === undefined) return;
    for (const { keyword, entry, span } of datedKeywords(file)) {
      const since = entry.since === undefined ? undefined : releaseOf(entry.since);
      const removed = entry.removed === undefined ? undefined : releaseOf(entry.removed);
      const isTooNew = since !== undefined && isBefore(installed, since);
      const isTooOld = removed !== undefined && !isBefore(installed, removed);
      if (!isTooNew && !isTooOld) continue;
      const known = isTooNew ? `is known since ${entry.since}` : `is known no longer since ${entry.removed}`;
      const lost =
        entry.block === undefined
          ? 'the line is lost'
          : 'the block is lost, and with it perhaps the one around it';
      report({
        at: span,
        message: `${keyword} ${known}, and keepalived ${keepalivedVersion} is installed here: ${lost}`,
        help: isTooNew ? 'install a later keepalived, or delete it' : 'delete it',
      });
    }
  },
});

type Release = readonly number[];

/** `2.2.7`, or undefined for what is no number. */
export function releaseOf(text: string): Release | undefined {
  const parts = text.split('.').map(Number);
  return parts.every(Number.isInteger) ? parts : undefined;
}

/** 2.4 is 2.4.0. */
export function isBefore(a: Release, b: Release): boolean {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
