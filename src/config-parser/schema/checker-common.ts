/** keepalived.conf(5): the keywords that checkers share. */
import { integer, interfaceName, ipAddress, onOff, seconds } from './arguments.ts';
import { acts, later } from './schema.ts';

/** Timing and conditions of every checker; BFD_CHECK alone has none of them. */
export const checkerTiming = {
  retry: acts(integer(0, 0xffff_ffff), 'Further tries before a server that is up goes down', {
    default: '1',
  }),
  delay_before_retry: acts(seconds(0, 4294.967295), 'Time between a failed try and the next', {
    default: '1',
  }),
  warmup: acts(seconds(0, 4294.967295), 'Upper bound of the random delay before the first check', {
    default: 'delay_loop',
  }),
  delay_loop: acts(seconds(0.000001, 4294.967295), 'Time between checks'),
  alpha: acts(onOff, 'Take the server for down until a check has succeeded'),
  log_all_failures: later(onOff, 'Log every failure, not only changes'),
};

/** Where a checker with a network connection connects from and to. */
export const checkerConnection = {
  connect_ip: acts(ipAddress(), 'Address to connect to', { default: "the real server's" }),
  connect_port: acts(integer(1, 65_535), 'Port to connect to', { default: "the real server's" }),
  bindto: acts(ipAddress(), 'Address to connect from'),
  bind_port: acts(integer(1, 65_535), 'Port to connect from'),
  bind_if: later(interfaceName, 'Interface to connect from; needed for link-local addresses'),
  connect_timeout: acts(seconds(0.000001, 4294.967295), 'Time after which a connection has failed', {
    default: '5',
  }),
  fwmark: later(integer(0, 0xffff_ffff), 'Firewall mark of the packets'),
};
