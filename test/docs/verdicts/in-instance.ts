/** The blocks and the lines inside of vrrp_instance. */
import {
  authenticationHeader,
  besideInPairs,
  globalKeywords,
  heldKeywords,
  hmac,
  linksInKernel,
  linkText,
  reception,
  resolve,
  resolveHmac,
  resolveLink,
  schemaInstance,
  wireKeywords,
} from './tests.ts';
import { each, proven, type Verdict } from './verdict.ts';

const values = resolve('a vrrp_instance › with %j means it');
const linkValues = resolveLink('the link of an instance › with %j is what it says');

const authenticationVerdicts: Readonly<Record<string, Verdict>> = {
  auth_type: proven(
    values,
    wireKeywords('an advertisement › has the password of auth_pass with auth_type PASS'),
    wireKeywords('an advertisement › has a header of IPsec before it with auth_type AH'),
    authenticationHeader(
      'the header is demanded exactly when auth_type is AH › without it the packet is dropped',
    ),
    besideInPairs,
  ),
  auth_pass: proven(
    values,
    wireKeywords('an advertisement › has the password of auth_pass with auth_type PASS'),
    wireKeywords('what is heard › by an instance with %j of one with %j is %s'),
    authenticationHeader('another password, and one that only begins alike, are refused'),
    besideInPairs,
  ),
};

const hmacValues = resolveHmac('auth_hmac › with %s means it');
const authHmacVerdicts: Readonly<Record<string, Verdict>> = {
  key: proven(
    hmacValues,
    hmac('keys › each key that is configured is accepted, whichever signs here'),
    hmac('keys › what is signed with another key of the same number is invalid'),
  ),
  active_key: proven(
    hmacValues,
    hmac('keys › a rotation is heard through, and a recording under the old key is not'),
  ),
  time_window: proven(
    hmacValues,
    hmac('anti_replay time › the whole window counts as fresh, and no second more'),
  ),
  anti_replay: proven(
    hmacValues,
    hmac('anti_replay time › the whole window counts as fresh, and no second more'),
    hmac('anti_replay monotonic › the number may not go back'),
  ),
  mode: proven(
    hmacValues,
    hmac('modes › %s accepts the unsigned and the wrongly signed, and says what was wrong'),
    hmac('modes › receive-only sends unsigned packets, permissive signs them'),
    hmac('modes › enforce accepts nothing unsigned'),
  ),
};

export const inInstance = { authentication: authenticationVerdicts, auth_hmac: authHmacVerdicts };

const peerLimits = wireKeywords('what is heard › from the peer %s with a TTL of %i is %s');
export const instanceLines = {
  unicast_peer: each(
    ['min_ttl', 'max_ttl'],
    proven(
      peerLimits,
      reception(
        'in unicast › min_ttl and max_ttl are the limits of that peer, and turn on check_unicast_src',
      ),
    ),
  ),
  use_vmac: {
    name: proven(
      schemaInstance('use_vmac › %s gives its parts'),
      heldKeywords('where the addresses are held › with %j beside %j is the macvlan %s'),
    ),
    group: proven(
      schemaInstance('use_vmac › %s gives its parts'),
      linkText('RTM_NEWLINK › of a macvlan is private and has its name, base, MTU, group and MAC address'),
    ),
    netlink_notify_msg: proven(
      schemaInstance('use_vmac › %s gives its parts'),
      globalKeywords('netlink_notify_msg makes the kernel tell of the interface below once more, in the end'),
    ),
  },
  use_ipvlan: {
    name: proven(
      schemaInstance('use_ipvlan › %s gives its parts'),
      heldKeywords('where the addresses are held › with use_ipvlan stays the interface'),
    ),
    group: proven(
      linkValues,
      linkText('RTM_NEWLINK › of a macvlan is private and has its name, base, MTU, group and MAC address'),
    ),
    ...each(
      ['bridge', 'private', 'vepa'],
      proven(
        linkValues,
        linkText('RTM_NEWLINK › of an ipvlan in mode %s is of layer 2 with flags %s'),
        linksInKernel(
          'virtual links › an ipvlan has its mode and its address, and cannot share its base with a macvlan',
        ),
      ),
    ),
  },
};
