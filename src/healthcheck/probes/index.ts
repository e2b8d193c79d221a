/** The probe for each kind of checker that asks. A new kind does not compile until it has one. */
import type { Probe } from '../probe.ts';
import { probeDns } from './dns-check.ts';
import { httpProbe } from './http-get.ts';
import { miscProbe } from './misc-check.ts';
import { probePing } from './ping-check.ts';
import type { PolledCheckConfig } from './reading-outcome.ts';
import { probeSmtp } from './smtp-check.ts';
import { probeTcp } from './tcp-check.ts';
import type { ProbeTools } from './tools.ts';
import { probeUdp } from './udp-check.ts';

export {
  type FollowingCheckConfig,
  followedReading,
  isFollowing,
  outcomeOfReading,
  type PolledCheckConfig,
  type ReadingKey,
} from './reading-outcome.ts';
export type { ProbeTools } from './tools.ts';

export function probeOf(checker: PolledCheckConfig, tools: ProbeTools): Probe {
  switch (checker.kind) {
    case 'TCP_CHECK':
      return (signal) => probeTcp(checker, tools, signal);
    case 'HTTP_GET':
    case 'SSL_GET':
      return httpProbe(checker, tools);
    case 'SMTP_CHECK':
      return (signal) => probeSmtp(checker, tools, signal);
    case 'DNS_CHECK':
      return (signal) => probeDns(checker, tools, signal);
    case 'UDP_CHECK':
      return (signal) => probeUdp(checker, tools, signal);
    case 'PING_CHECK':
      return (signal) => probePing(checker, tools, signal);
    case 'MISC_CHECK':
      return miscProbe(checker, tools);
  }
}
