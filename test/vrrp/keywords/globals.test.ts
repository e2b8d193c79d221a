/** What keywords of global_defs and of a group change in what is told, run and installed. */
import { describe, expect, test } from 'vitest';
import { desiredFirewall } from '../../../src/kernel/firewall.ts';
import { setUpSteps } from '../../../src/kernel/virtual-link.ts';
import { address } from '../../../src/net/address.ts';
import { type GroupWord, type NotifyEvent, notificationsFor } from '../../../src/notify/index.ts';
import { blockOf, instanceWith, parseText } from '../../config-parser/parse-helpers.ts';
import { link } from '../../daemon/vrrp-process/fakes.ts';
import { configured } from './configured.ts';

function globalsOf(...lines: readonly string[]) {
  return parseText(blockOf('global_defs', ...lines)).config.globalDefs;
}

describe('the firewall', () => {
  const textOf = (...lines: readonly string[]) => {
    const refused = [{ address: address('fe80::3'), interface: 'eth0' }];
    const { firewall } = globalsOf(...lines).vrrp;
    return desiredFirewall(firewall, { refused, macvlans: [] })?.text ?? '';
  };

  test.each([
    ['nftables hf', 'table ip6 hf'],
    ['nftables_priority -7', 'priority -7'],
    ['nftables_counters', 'counter'],
  ])('with %s has "%s" in it', (line, part) => {
    expect(textOf(line)).toContain(part);
    expect(textOf()).not.toContain(part);
  });

  test('compares interfaces by number with nftables_ifindex', () => {
    expect(textOf()).toMatch(/iifname/);
    expect(textOf('nftables_ifindex')).not.toMatch(/iifname/);
  });

  test.each(['', 'vrrp_iptables', 'vrrp_iptables IN OUT'])('with %j is that of nftables', (line) => {
    expect(textOf(line)).toBe(textOf());
  });
});

describe('startup_script and shutdown_script', () => {
  test('have the time of startup_script_timeout and shutdown_script_timeout', () => {
    const { startup, shutdown } = globalsOf(
      'startup_script /bin/a',
      'startup_script_timeout 7',
      'shutdown_script /bin/b',
      'shutdown_script_timeout 8',
    ).notify;
    expect([startup?.timeoutMs, shutdown?.timeoutMs]).toEqual([7000, 8000]);
  });
});

test('vrrp_notify_fifo_script and notify_fifo_script read the pipe of their kind', () => {
  const { fifos } = globalsOf(
    'vrrp_notify_fifo /run/v',
    'vrrp_notify_fifo_script /bin/v',
    'notify_fifo /run/a',
    'notify_fifo_script /bin/a',
  ).notify;
  const readers = fifos.map(({ concerns, script }) => [concerns, script?.argv]);
  expect(readers.sort()).toEqual([
    ['all', ['/bin/a']],
    ['vrrp', ['/bin/v']],
  ]);
});

describe('mail', () => {
  test('bears the name that router_id gives', () => {
    const globals = globalsOf('router_id lb77');
    const event: NotifyEvent = { kind: 'instance', name: 'VI_1', state: 'MASTER', priority: 100 };
    const { notify } = configured('smtp_alert');
    const routerId = globals.routerId ?? '';
    const actions = notificationsFor({ notify, fifos: [], routerId, mail: { noFaults: false } }, event);
    expect(actions).toMatchObject([
      { kind: 'sendMail', mail: { subject: expect.stringContaining('[lb77]') } },
    ]);
  });
});

describe('a vrrp_sync_group', () => {
  const groupOf = (...lines: readonly string[]) => {
    const text = blockOf('vrrp_sync_group G', blockOf('group', 'VI_1 VI_2'), ...lines);
    const second = instanceWith().replace('VI_1', 'VI_2').replace(' 51', ' 52');
    return parseText(`${text}\n${instanceWith()}${second}`);
  };
  const scriptsFor = (lines: readonly string[], state: GroupWord) => {
    const [group] = groupOf(...lines).config.syncGroups;
    if (group === undefined) throw new Error('the group was left out');
    const settings = { notify: group.notify, fifos: [], routerId: 'lb01' };
    const actions = notificationsFor(settings, { kind: 'group', name: 'G', state });
    return actions.map((action) => (action.kind === 'runScript' ? action.command.argv[0] : action.kind));
  };

  test.each([
    ['notify_master', 'MASTER'],
    ['notify_backup', 'BACKUP'],
    ['notify_fault', 'FAULT'],
    ['notify_stop', 'STOP'],
  ] as const)('runs %s for %s, and for nothing else', (keyword, word) => {
    const all: readonly GroupWord[] = ['MASTER', 'BACKUP', 'FAULT', 'STOP'];
    const runs = all.filter((state) => scriptsFor([`${keyword} /bin/a`], state).length > 0);
    expect(runs).toEqual([word]);
  });

  test('runs notify for every state', () => {
    expect(scriptsFor(['notify /bin/any'], 'FAULT')).toEqual(['/bin/any']);
  });

  test.each(['global_tracking', 'notify_priority_changes'])('is the same with %s', (line) => {
    const [plain, with_] = [groupOf(), groupOf(line)].map(({ config }) => config.syncGroups[0]);
    const { notify: _, ...rest } = with_ ?? { notify: undefined };
    expect(plain).toMatchObject(rest);
  });
});

test('netlink_notify_msg makes the kernel tell of the interface below once more, in the end', () => {
  const operationsOf = (line: string) => {
    const config = configured(line).virtualLink;
    if (config === undefined) throw new Error('there is no link');
    const made = { index: 9, name: config.name } as Parameters<typeof setUpSteps>[0];
    return setUpSteps(made, config, link('eth0'), 4, {}).map(({ operation }) => operation);
  };
  expect(operationsOf('use_vmac').at(-1)).toBe('RTM_NEWLINK vrrp.51 up');
  expect(operationsOf('use_vmac vrrp.51 netlink_notify_msg').at(-1)).toBe('RTM_NEWLINK eth0 group');
});
