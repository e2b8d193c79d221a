/** What Debian's keepalived 2.2.7 sent between two network namespaces, from the IP header on, captured with tcpdump. */
import { bytesOf } from '../net/hex.ts';

/** auth_type AH, auth_pass s3cr, VRID 51, priority 100, from 10.9.0.1 to 224.0.0.18, for 10.9.0.3; its second advertisement. */
export const multicastAuthenticated = bytesOf(`
  45c0 0040 0002 0000 ff33 d0ac 0a09 0001 e000 0012
  7004 0000 0a09 0001 0000 0002 905c 7a1d f90f a12f a4b7 ca3a
  2133 6401 0201 6ebe 0a09 0003 0000 0000 0000 0000`);

/** The same, with priority 150 from 10.9.0.2: the first that it sent, numbered behind what it had heard from 10.9.0.1. */
export const multicastAuthenticatedSuccessor = bytesOf(`
  45c0 0040 0001 0000 ff33 d0ac 0a09 0002 e000 0012
  7004 0000 0a09 0002 0000 0007 5f13 c5ca 2516 9190 b1f9 f73b
  2133 9601 0201 3cbe 0a09 0003 0000 0000 0000 0000`);

/** The same with unicast_peer: priority 150, from 10.9.0.1 to 10.9.0.2. */
export const unicastAuthenticated = bytesOf(`
  45c0 0040 0001 0000 ff33 a6b5 0a09 0001 0a09 0002
  7004 0000 0a09 0001 0000 0001 5e65 e6aa 75b5 40a0 f8ec 2a18
  2133 9601 0201 3cbe 0a09 0003 0000 0000 0000 0000`);

/** auth_type PASS, auth_pass 1111, priority 150. */
export const multicastPassword = bytesOf(`
  45c0 0028 0001 0000 ff70 d088 0a09 0001 e000 0012
  2133 9601 0101 db5b 0a09 0003 3131 3131 0000 0000`);

/** The same to the unicast_peer 10.9.0.2. */
export const unicastPassword = bytesOf(`
  45c0 0028 0001 0000 ff70 a690 0a09 0001 0a09 0002
  2133 9601 0101 db5b 0a09 0003 3131 3131 0000 0000`);

/** Version 3 every 0.1 s, priority 150. */
export const multicastVersion3 = bytesOf(`
  45c0 0020 0001 0000 ff70 d090 0a09 0001 e000 0012
  3133 9601 000a 441c 0a09 0003`);

/** Version 3 every 0.5 s, priority 150, to the unicast_peer 10.9.0.2. */
export const unicastVersion3 = bytesOf(`
  45c0 0020 0001 0000 ff70 a698 0a09 0001 0a09 0002
  3133 9601 0032 19fc 0a09 0003`);

/** The same with old_unicast_checksum. */
export const unicastVersion3OldChecksum = bytesOf(`
  45c0 0020 0001 0000 ff70 a698 0a09 0001 0a09 0002
  3133 9601 0032 43f4 0a09 0003`);

/** Version 3 over IPv6 every 0.1 s, priority 150, from fe80::a to ff02::12, for fe80::33 and 2001:db8::3; without the IP header. */
export const multicastIpv6 = bytesOf(`
  3133 9602 000a 0e18
  fe80 0000 0000 0000 0000 0000 0000 0033 2001 0db8 0000 0000 0000 0000 0000 0003`);
