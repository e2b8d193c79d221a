/** Each of keepalived's messages, and who answers it: rules, one of which must have a finding there, or a kind of difference. */
import type { Kind } from './kinds.ts';

export interface Answer {
  readonly message: RegExp;
  /** One of these reports it, at that line if the message has one. */
  readonly rules: readonly string[];
  /** Keepalived names the end of the block, or a line of it: a finding anywhere in the block will do. */
  readonly isOfBlock?: boolean;
  /** Else this explains why none does. */
  readonly kind?: Kind;
}

const answer = (message: RegExp, rules: string, kind?: Kind): Answer => ({
  message,
  rules: rules.split(' ').filter((rule) => rule !== ''),
  ...(kind && { kind }),
});

const ofBlock = (message: RegExp, rules: string): Answer => ({ ...answer(message, rules), isOfBlock: true });

/** The first that fits counts. */
export const answers: readonly Answer[] = [
  answer(
    /^WARNING - interface .* doesn't exist|^Non-existent interface|tracked interface .* doesn't exist/,
    '',
    'interface-of-this-machine',
  ),
  answer(/^Disabling track script/, '', 'script-of-this-machine'),
  answer(/^Error setting global script uid|^Unable to set default user/, '', 'account-of-this-machine'),
  answer(/^iptables not supported/, '', 'build-of-this-machine'),
  answer(/^SECURITY VIOLATION - scripts/, 'vrrp/script-root'),
  answer(/^SECURITY VIOLATION - check scripts/, 'lvs/check-script-as-root'),
  answer(/track script … not found/, 'vrrp/unknown-tracker conf/define-after-use', 'account-of-this-machine'),
  answer(/^There are \d+ missing/, 'conf/unclosed-brace'),
  answer(
    /^\*\*\* Configuration line .* missing a parameter/,
    'conf/missing-argument conf/undefined-variable',
  ),
  answer(
    /A unicast keyword has been specified without any unicast peers/,
    'vrrp/unicast-without-peers',
    'consequence',
  ),
  ofBlock(
    /unicast with use_vmac requires vmac_xmit_base/,
    'vrrp/unicast-vmac-xmit-base vrrp/unicast-without-peers',
  ),
  answer(/Ignoring track_interface .* since own interface/, 'vrrp/no-track-interface-needed'),
  answer(
    /track_interface .* configured on VRRP instance and sync group/,
    'vrrp/track-interface-on-instance-and-group',
  ),
  answer(/No VIP specified/, 'vrrp/no-virtual-address', 'cascade'),
  answer(
    /VRRP parsed invalid IP|Invalid (address|rule to address)/,
    'vrrp/vip-entry-invalid conf/invalid-value',
  ),
  answer(/Priority not valid/, 'vrrp/priority-zero-range'),
  answer(
    /^invalid number|^number '…' outside range/,
    'vrrp/priority-zero-range conf/invalid-value conf/value-out-of-range vrrp/vip-entry-invalid',
    'cascade',
  ),
  answer(/VRID '…' not valid/, 'conf/invalid-value vrrp/vrid-missing'),
  answer(/the virtual router id must be set/, 'vrrp/vrid-missing', 'consequence'),
  answer(/Unknown interface!/, 'vrrp/interface-missing', 'consequence'),
  answer(/^Interface name '…' too long/, 'conf/invalid-value'),
  answer(/lvs_sync_daemon/, 'conf/deprecated-keyword'),
  answer(/VRRP version 3 does not support authentication/, 'vrrp/auth-v3-ignored'),
  answer(/nopreempt will not work with initial state MASTER/, 'vrrp/nopreempt-with-master'),
  answer(/ignoring tracked script .* due to SYNC group/, 'vrrp/weight-ignored-in-sync-group'),
  answer(/script already specified/, 'conf/duplicate-keyword'),
  answer(/unknown state/, 'conf/invalid-value'),
  answer(/Block notification_email has extra parameters/, 'conf/missing-block'),
  answer(/Config files missing/, 'conf/include-failed conf/include-matches-nothing'),
  ofBlock(/BFD instance .* no neighbor address/, 'vrrp/tracker-incomplete conf/missing-argument'),
  answer(/MUST be of the same family/, 'vrrp/unicast-peer-family vrrp/vip-family-mismatch'),
  answer(/malformed unicast peer/, 'vrrp/unicast-peer-malformed'),
  answer(/Invalid smtp server/, '', 'names-of-this-machine'),
  answer(/Invalid virtual server group IP/, 'conf/invalid-value', 'cascade'),
  ofBlock(/virtual server group … has no entries/, 'lvs/group-empty'),
  answer(/^Missing '{'/, 'conf/missing-block', 'cascade'),
  ofBlock(/No script set for/, 'vrrp/tracker-incomplete'),
  answer(/No script .* has been specified/, 'lvs/checker-dropped'),
  answer(/Route cannot be tracked|cannot track route|Rule has no preference/, 'conf/value-changed'),
  answer(/Virtual router .* specified in sync group/, 'vrrp/sync-group-unknown-member'),
  answer(
    /Sync group .*no (virtual router|matching)/,
    'vrrp/sync-group-too-small vrrp/sync-group-unknown-member',
  ),
  answer(/Truncating auth_pass/, 'vrrp/auth-pass-truncated'),
  answer(/real server .* is duplicated/, 'lvs/duplicate-real-server', 'cascade'),
  answer(/empty notification_email/, '', 'nothing-lost'),
  answer(/quorum .* exceeds total weight/, 'lvs/quorum-exceeds-weights'),
  answer(/protocol specified for/, 'lvs/fwmark-protocol'),
  answer(/nb_get_retry is deprecated|'(nat_mask|nb_get_retry)'/, 'conf/deprecated-keyword', 'cascade'),
  answer(/persistence_timeout invalid|vrrp_g(na|arp)_interval '…' is invalid/, 'conf/invalid-value'),
  answer(/routerid name missing/, 'conf/undefined-variable conf/missing-argument'),
  answer(/vrrp instance … already defined/, 'vrrp/duplicate-instance-name'),
  answer(/vrrp_instance … have a name/, 'conf/missing-argument conf/invalid-value conf/unexpected-block'),
  answer(
    /^Unknown keyword|^Unexpected '{'/,
    'conf/unknown-keyword-suggest conf/unknown-block-cascade conf/unexpected-block conf/multiple-keywords-per-line conf/undefined-variable conf/keyword-case',
    'cascade',
  ),
];
