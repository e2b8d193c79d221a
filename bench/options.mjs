/** What every bench script takes on its command line: `--daemon NAME` measures that one alone, and how much of it. */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    daemon: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    instances: { type: 'string' },
    reloads: { type: 'string' },
    rate: { type: 'string' },
  },
});

const known = ['holdfast', 'keepalived'];
if (values.daemon !== undefined && !known.includes(values.daemon)) {
  throw new Error(`--daemon is ${known.join(' or ')}, not ${values.daemon}`);
}

export const daemons = values.daemon === undefined ? known : [values.daemon];

/** The number given for the option, or `usual`. Undefined where neither is there. */
export function amount(name, usual) {
  if (values[name] === undefined) return usual;
  const given = Number(values[name]);
  if (!(given > 0)) throw new Error(`--${name} takes a number above 0, not ${values[name]}`);
  return given;
}
