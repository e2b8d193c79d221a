/**
 * A process of its own on the machine of a BFD neighbour: answers the directors' sessions with what the bfd process is made of.
 * Argument: one JSON list of sessions, each from the neighbour's end. Ends by a signal.
 */
import { randomBytes } from 'node:crypto';
import type { BfdInstanceConfig } from '../../../config-parser/config.ts';
import { BfdProcess } from '../../../daemon/bfd-process/bfd-process.ts';

const [list = '[]'] = process.argv.slice(2);

const bfd = new BfdProcess({
  log: ({ level, message }) => process.stderr.write(`${level}: ${message}\n`),
  // Whether the director is there is nobody's concern here.
  reportReadings: () => {},
  random32: () => randomBytes(4).readUInt32BE(),
});
bfd.configure(JSON.parse(list) as readonly BfdInstanceConfig[]);
process.stdout.write('ready\n');
