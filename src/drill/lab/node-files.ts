/** The files that a lab's daemons read, and the two programs that stand in for those of the configuration. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceReader } from '../../config-parser/index.ts';
import type { NodeConfig } from '../virtual-routers.ts';
import { type ConfigCopy, copyConfiguration } from './config-copy.ts';

/** Two small scripts: one writes down that it was called, one ends with the status that its file holds. */
export function writeRecorder(scratch: string, notes: string): void {
  const record = `#!/bin/sh
separator=$(printf '\\037')
line=$(date +%s.%N)
for word in "$@"; do line="$line$separator$word"; done
printf '%s\\n' "$line" >>${notes}
`;
  const answer = `#!/bin/sh
[ -r "${scratch}/status-$1-$2" ] && exit "$(cat "${scratch}/status-$1-$2")"
exit 0
`;
  writeFileSync(join(scratch, 'record'), record, { mode: 0o755 });
  writeFileSync(join(scratch, 'answer'), answer, { mode: 0o755 });
  writeFileSync(notes, '');
  chmodSync(notes, 0o666);
}

export function copyFiles(reader: SourceReader, node: NodeConfig, scratch: string): ConfigCopy {
  const copy = copyConfiguration(node.configFile, {
    node: node.name,
    folder: scratch,
    recorder: [join(scratch, 'record'), node.name],
    standIn: [join(scratch, 'answer'), node.name],
    reader,
  });
  for (const [name, text] of copy.files) writeFileSync(join(scratch, name), text, { mode: 0o600 });
  for (const [path, place] of copy.trackFiles)
    writeFileSync(place, existsSync(path) ? readFileSync(path) : '0\n');
  for (const [path, place] of copy.keyFiles) {
    // Both nodes get the same key where theirs are not here to be read.
    writeFileSync(place, existsSync(path) ? readFileSync(path) : 'a key for the lab alone\n', {
      mode: 0o600,
    });
  }
  return copy;
}

export function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
}
