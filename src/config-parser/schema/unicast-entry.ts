/** keepalived.conf(5): a line of unicast_peer. */
import type { IpAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, integer, ipAddress, type Problem } from './arguments.ts';
import { invalidValue, type OptionTable, readOptions, unknownOption } from './entry-options.ts';

export interface UnicastPeer {
  readonly address: IpAddress;
  /** Advertisements that arrive with a lower TTL are discarded. */
  readonly minTtl?: number;
  /** Advertisements that arrive with a higher TTL are discarded. */
  readonly maxTtl?: number;
}

type Draft = { -readonly [Name in keyof UnicastPeer]: UnicastPeer[Name] };

const peerAddress = ipAddress();
const ttl = integer(0, 255);

const options: OptionTable<Draft> = new Map([
  ['min_ttl', ttlOption('minTtl')],
  ['max_ttl', ttlOption('maxTtl')],
]);

export const unicastPeer: Argument<UnicastPeer> = {
  expects: 'an IP address, with its limits of TTL after it',
  syntax: '<ip> [min_ttl <0-255>] [max_ttl <0-255>]',
  samples: {
    good: ['192.0.2.2', '2001:db8::2', '192.0.2.2 min_ttl 254 max_ttl 255', '192.0.2.2 max_ttl 64'],
    bad: [
      'host.example',
      '192.0.2.2 192.0.2.3',
      '192.0.2.2 min_ttl',
      '192.0.2.2 min_ttl 256',
      '192.0.2.2 min_ttl 10 max_ttl 9',
    ],
  },
  parse: parsePeer,
};

function parsePeer(words: readonly Word[]): ArgumentResult<UnicastPeer> {
  const read = peerAddress.parse(words);
  if (!read.ok) return read.word === undefined ? read : { ok: false, word: read.word };
  const { value: address, remark } = read;
  const result = readOptions<Draft>(words, 1, options, { address }, (word) => reportUnknown(address, word));
  if (!result.ok) return result;
  const crossed = reportCrossed(words, result.value);
  const problems = [...(result.problems ?? []), ...(crossed === undefined ? [] : [crossed])];
  return {
    ...result,
    ...(remark !== undefined && { remark }),
    ...(problems.length > 0 && { problems }),
  };
}

function ttlOption(name: 'minTtl' | 'maxTtl') {
  return {
    takesValue: true as const,
    read: (draft: Draft, option: Word, word: Word | undefined): Problem | undefined => {
      const result = ttl.parse(word === undefined ? [] : [word]);
      if (result.ok) {
        draft[name] = result.value;
        return undefined;
      }
      const message = `${option.value} must be ${ttl.expects}, found "${word?.value ?? ''}"; it is ignored`;
      return invalidValue(word ?? option, message);
    },
  };
}

function reportCrossed([first]: readonly Word[], peer: UnicastPeer): Problem | undefined {
  const { address, minTtl = 0, maxTtl = 255 } = peer;
  if (first === undefined || minTtl <= maxTtl) return undefined;
  const message = `min_ttl ${minTtl} is above max_ttl ${maxTtl}: every advertisement of ${address} will be discarded`;
  return invalidValue(first, message);
}

function reportUnknown(address: IpAddress, word: Word): Problem {
  const isAddress = peerAddress.parse([word]).ok;
  const help = isAddress ? 'write every peer on a line of its own' : undefined;
  return unknownOption(word, `unknown option "${word.value}" of peer ${address}; it is ignored`, help);
}
