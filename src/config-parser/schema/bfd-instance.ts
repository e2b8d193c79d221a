/** keepalived.conf(5): bfd_instance: a session of Bidirectional Forwarding Detection (RFC 5880). */
import { type Argument, flag, integer, ipAddress, onOff } from './arguments.ts';
import { acts, defineBlock } from './schema.ts';
import { weightUpTo } from './weight.ts';

const longestName = 31;

/** Of a bfd_instance; longer ones are not accepted. */
export const bfdName: Argument<string> = {
  expects: `a name of at most ${longestName} characters, in double quotes if it holds blanks`,
  syntax: '<name>',
  samples: { good: ['name', '"two words"'], bad: ['', 'a_name_that_is_longer_than_31_characters'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    return word.value.length <= longestName ? { ok: true, value: word.value, used: 1 } : { ok: false, word };
  },
};

const milliseconds = integer(1, 0x7fff_ffff);

export const bfdInstance = defineBlock('bfd_instance', {
  neighbor_ip: acts(ipAddress(), 'Address of the other end', {
    aliases: { neighbour_ip: {} },
  }),
  source_ip: acts(
    ipAddress(),
    'Address of this end, of the same family. Without it, the one that the kernel chooses',
  ),
  min_rx: acts(milliseconds, 'Shortest time between packets that this end accepts, in milliseconds', {
    default: '10',
  }),
  min_tx: acts(milliseconds, 'Shortest time between packets that this end wants to send, in milliseconds', {
    default: '10',
  }),
  idle_tx: acts(
    integer(1000, 0x7fff_ffff),
    'Time between packets while the session is down, in milliseconds',
    { default: '1000' },
  ),
  multiplier: acts(integer(1, 255), 'How many packets in a row must be missed before the session is down', {
    default: '5',
  }),
  passive: acts(flag, 'Send nothing until the other end has been heard'),
  ttl: acts(
    integer(1, 255),
    'Time to live, or hop limit, of packets. Without it, 255 over IPv4 and 64 over IPv6',
    { aliases: { hoplimit: {} } },
  ),
  max_hops: acts(
    integer(-1, 255),
    'How many hops a packet may have come; -1 for any number. One that has come further is dropped',
    { default: '0' },
  ),
  multihop: acts(onOff, 'The other end is not on the same network: port 4784 is used instead of 3784', {
    default: 'off',
    since: '2.4',
  }),
  weight: acts(
    weightUpTo(253),
    'Added to the priority while the session is up, or if negative while it is down; 0 makes it a fault instead',
    { default: '0' },
  ),
  vrrp: acts(flag, 'Only VRRP uses this session'),
  checker: acts(flag, 'Only checkers use this session'),
});
