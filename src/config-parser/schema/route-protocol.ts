/** keepalived watches its routes and rules by their protocol, so that what it watches can have no other. */
import type { Word } from '../words.ts';
import type { Problem } from './arguments.ts';
import type { NumberOrName } from './routing-names.ts';

/** rtnetlink(7): RTPROT_KEEPALIVED. */
const keepalivedProtocol = 18;

export interface WithProtocol {
  readonly noTrack: boolean;
  readonly protocol?: NumberOrName;
}

/** What is to be said where the protocol is not used; undefined where it is. `what` is told of at `word`. */
export function foreignProtocol(
  word: Word,
  { noTrack, protocol }: WithProtocol,
  what: 'route' | 'rule',
): Problem | undefined {
  if (protocol === undefined || protocol === keepalivedProtocol || noTrack) return undefined;
  return {
    word,
    severity: 'warning',
    code: 'value-changed',
    message: `the protocol of this ${what} is set to keepalived instead of ${protocol}: only by that is it known again when somebody deletes it and it is to be put back`,
    help: 'delete "protocol", or add "no_track" to leave what is deleted deleted',
  };
}
