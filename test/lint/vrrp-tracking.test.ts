import { describe, expect, it } from 'vitest';
import { vrrpTrackingRules } from '../../src/lint/rules/vrrp/tracking/index.ts';
import { findingsOf } from './rule-harness.ts';

/** What one rule says of a configuration. */
function said(name: string, text: string) {
  const rule = vrrpTrackingRules.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return findingsOf(rule, text).filter((finding) => finding.rule === name);
}

function messages(name: string, text: string): readonly string[] {
  return said(name, text).map(({ message }) => message);
}

function block(heading: string, ...lines: readonly string[]): string {
  return `${heading} {\n${lines.join('\n')}\n}\n`;
}

const usual = { VI_1: ['eth0', 7, '192.0.2.10/24'], VI_2: ['eth1', 8, '198.51.100.10/24'] } as const;

function instance(name: 'VI_1' | 'VI_2', ...lines: readonly string[]): string {
  const [device, vrid, held] = usual[name];
  const own = lines.some((line) => line.startsWith('interface ')) ? [] : [`interface ${device}`];
  return block(
    `vrrp_instance ${name}`,
    ...own,
    `virtual_router_id ${vrid}`,
    ...lines,
    block('virtual_ipaddress', held),
  );
}

function script(name: string, ...lines: readonly string[]): string {
  return block(`vrrp_script ${name}`, 'script "/usr/local/bin/check"', ...lines);
}

function tracks(...entries: readonly string[]): string {
  return block('track_script', ...entries);
}

function group(...lines: readonly string[]): string {
  return block('vrrp_sync_group G', block('group', 'VI_1', 'VI_2'), ...lines);
}

describe('vrrp/weight-clamps', () => {
  const rule = 'vrrp/weight-clamps';

  it('adds what counts while all is good: positive weights, and negative ones that are reversed', () => {
    const scripts = script('a') + script('b') + script('c');
    const list = tracks('a weight 10', 'b weight -5', 'c weight -20 reverse');
    expect(messages(rule, scripts + instance('VI_1', 'priority 240', list))).toEqual([
      'at most, VI_1 comes to 240 + 10 + 20 = 270 and is cut to 254: failures that cost no more than 16 change nothing',
    ]);
  });

  it('is content with 254 and 1', () => {
    const config = (priority: number, weight: number) =>
      script('a') + instance('VI_1', `priority ${priority}`, tracks(`a weight ${weight}`));
    expect(messages(rule, config(234, 20))).toEqual([]);
    expect(messages(rule, config(235, 20))).toHaveLength(1);
    expect(messages(rule, config(21, -20))).toEqual([]);
    expect(messages(rule, config(20, -20))).toHaveLength(1);
  });

  it('tells what is too low once for a file, as information', () => {
    const list = tracks('a weight -60', 'b weight -60');
    const config = script('a') + script('b') + instance('VI_1', list) + instance('VI_2', list);
    const [finding, ...more] = said(rule, config);
    expect(finding?.level).toBe('info');
    expect(finding?.message).toContain('100 - 60 - 60 = -20 and is raised to 1');
    expect(finding?.notes).toHaveLength(1);
    expect(more).toEqual([]);
  });

  it('counts what the sync group tracks, and nothing that is dropped', () => {
    const scripts = script('a', 'weight 50') + script('b', 'weight 50');
    const shared =
      scripts +
      group(tracks('a')) +
      instance('VI_1', 'priority 200', tracks('b')) +
      instance('VI_2', 'priority 200');
    expect(messages(rule, shared)).toEqual([]);
    const kept = shared.replace('vrrp_sync_group G {', 'vrrp_sync_group G {\nsync_group_tracking_weight');
    expect(messages(rule, kept)).toEqual([expect.stringContaining('200 + 50 + 50 = 300')]);
  });

  it('leaves the owner alone, whose priority does not change', () => {
    expect(messages(rule, script('a') + instance('VI_1', 'priority 255', tracks('a weight 50')))).toEqual([]);
  });
});

describe('vrrp/weight-too-small', () => {
  const rule = 'vrrp/weight-too-small';

  it.each([
    ['1', 1],
    ['-1', 1],
    ['2', 0],
    ['-2', 0],
    ['0', 0],
  ])('reports of a single weight of %s: %i', (weight, count) => {
    expect(said(rule, script('a') + instance('VI_1', tracks(`a weight ${weight}`)))).toHaveLength(count);
  });

  it('lets small weights be that add up', () => {
    const config = script('a') + script('b') + instance('VI_1', tracks('a weight -1', 'b weight -1'));
    expect(said(rule, config)).toEqual([]);
  });

  it('tells a weight of the definition once, however many instances track it', () => {
    const config = script('a', 'weight 1') + instance('VI_1', tracks('a')) + instance('VI_2', tracks('a'));
    expect(messages(rule, config)).toEqual([expect.stringContaining('takes VI_1 from 101 to 100')]);
  });

  it('knows that a file holds any number', () => {
    const file = block('track_file f', 'file /run/f', 'weight 1');
    expect(said(rule, file + instance('VI_1', block('track_file', 'f')))).toEqual([]);
  });
});

describe('the time that a script takes', () => {
  const timed = (...lines: readonly string[]) => script('a', ...lines) + instance('VI_1', tracks('a'));

  it('is too long for its interval only if a timeout says so', () => {
    const rule = 'vrrp/script-slower-than-interval';
    expect(said(rule, timed('interval 5'))).toEqual([]);
    expect(said(rule, timed('interval 5', 'timeout 5'))).toEqual([]);
    expect(messages(rule, timed('interval 5', 'timeout 5.5', 'fall 3'))).toEqual([
      'a run of a may take 5.5 s and the next is due after 5 s: when it hangs, 1 run is skipped each time and it counts as failed after 3 x 10 s = 30 s, not 15 s',
    ]);
  });

  it('is slow beyond 30 s of interval x fall + timeout', () => {
    const rule = 'vrrp/slow-failure-detection';
    expect(said(rule, timed('interval 10', 'fall 2'))).toEqual([]);
    expect(said(rule, timed('interval 10', 'fall 2', 'timeout 10.001'))).toHaveLength(1);
    expect(messages(rule, timed('interval 5', 'fall 10', 'timeout 2'))[0]).toContain('5 s x 10 + 2 s = 52 s');
  });

  it('makes it nervous when one run decides both ways, which is told once for a file', () => {
    const rule = 'vrrp/script-flaps';
    expect(said(rule, timed('fall 2'))).toEqual([]);
    expect(said(rule, timed('rise 2'))).toEqual([]);
    const many = Array.from({ length: 7 }, (_, index) => script(`s${index}`)).join('');
    const [finding, ...more] = said(rule, many);
    expect(more).toEqual([]);
    expect(finding?.notes?.at(-1)?.message).toBe('and in 3 more places');
  });
});

describe('vrrp/weight-with-nopreempt', () => {
  const rule = 'vrrp/weight-with-nopreempt';
  const config = (...lines: readonly string[]) =>
    script('a', 'weight -20') + instance('VI_1', ...lines, tracks('a'));

  it('asks whether nopreempt holds: the last of preempt and nopreempt counts, and MASTER clears it', () => {
    expect(said(rule, config('nopreempt'))).toHaveLength(1);
    expect(said(rule, config('preempt', 'nopreempt'))).toHaveLength(1);
    expect(said(rule, config('nopreempt', 'preempt'))).toEqual([]);
    expect(said(rule, config('state MASTER', 'priority 150', 'nopreempt'))).toEqual([]);
  });
});

describe('vrrp/untracked-other-interface', () => {
  const rule = 'vrrp/untracked-other-interface';
  const config = (device: string, ...lines: readonly string[]) =>
    instance(
      'VI_1',
      ...lines,
      block('virtual_ipaddress_excluded', `203.0.113.1/24 dev ${device}`, `203.0.113.2/24 dev ${device}`),
    );

  it('tells each interface once', () => {
    expect(said(rule, config('eth2'))).toHaveLength(1);
  });

  it('knows what goes down with the instance: its own interface, VLANs on it, and lo, which does not', () => {
    for (const device of ['eth0', 'eth0.10', 'lo', 'vrrp.7'])
      expect(said(rule, config(device)), device).toEqual([]);
  });

  it('knows what the instance tracks, its sync group, and the other members', () => {
    expect(said(rule, config('eth2', block('track_interface', 'eth2')))).toEqual([]);
    const second = instance('VI_2');
    expect(said(rule, config('eth2') + second + group(block('track_interface', 'eth2')))).toEqual([]);
    expect(said(rule, config('eth1') + second + group())).toEqual([]);
    expect(said(rule, config('eth1') + second)).toHaveLength(1);
  });
});

describe('vrrp/missing-sync-group', () => {
  const rule = 'vrrp/missing-sync-group';
  const server = (kind: string) =>
    block(
      'virtual_server 192.0.2.10 80',
      `lb_kind ${kind}`,
      'lb_algo rr',
      'protocol TCP',
      'real_server 203.0.113.5 80 {',
      '}',
    );
  const both = instance('VI_1') + instance('VI_2');

  it('asks for NAT, or for a router without virtual servers', () => {
    expect(said(rule, both)).toHaveLength(1);
    expect(said(rule, both + server('NAT'))).toHaveLength(1);
    expect(said(rule, both + server('DR'))).toEqual([]);
  });

  it('leaves instances alone that are meant to be apart', () => {
    expect(said(rule, instance('VI_1', 'priority 150') + instance('VI_2', 'priority 100'))).toEqual([]);
  });

  it('leaves VLANs of one link alone, and instances that track each other', () => {
    expect(said(rule, instance('VI_1', 'interface eth0.10') + instance('VI_2', 'interface eth0.20'))).toEqual(
      [],
    );
    const crossed =
      instance('VI_1', block('track_interface', 'eth1')) + instance('VI_2', block('track_interface', 'eth0'));
    expect(said(rule, crossed)).toEqual([]);
    expect(said(rule, instance('VI_1', block('track_interface', 'eth1')) + instance('VI_2'))).toHaveLength(1);
  });
});

describe('sync groups', () => {
  it('report a name in other letters with the right one', () => {
    const config =
      block('vrrp_sync_group G', block('group', 'VI_1', 'vi_2')) + instance('VI_1') + instance('VI_2');
    expect(said('vrrp/sync-group-unknown-member', config).map(({ help }) => help)).toEqual(['write "VI_2"']);
  });

  it('read several members on a line', () => {
    const config =
      block('vrrp_sync_group G', block('group', 'VI_1 VI_2 VI_3')) + instance('VI_1') + instance('VI_2');
    const findings = said('vrrp/sync-group-unknown-member', config);
    expect(findings.map(({ span }) => span && config.slice(span.start, span.end))).toEqual(['VI_3']);
    expect(said('vrrp/sync-group-too-small', config)).toEqual([]);
  });

  it('without any group are empty too', () => {
    expect(messages('vrrp/sync-group-too-small', block('vrrp_sync_group G'))[0]).toContain('has no members');
  });

  it('tell a name that stands twice in one group from one in two groups', () => {
    const config =
      block('vrrp_sync_group G', block('group', 'VI_1', 'VI_2', 'VI_1')) +
      instance('VI_1') +
      instance('VI_2');
    expect(messages('vrrp/sync-group-member-twice', config)[0]).toContain('stands in sync group G twice');
  });

  it('keep the weights of members with sync_group_tracking_weight', () => {
    const rule = 'vrrp/weight-ignored-in-sync-group';
    const members = instance('VI_1', tracks('a')) + instance('VI_2', tracks('a'));
    expect(said(rule, script('a', 'weight -20') + members + group('sync_group_tracking_weight'))).toEqual([]);
    expect(said(rule, script('a') + members + group())).toEqual([]);
    const [finding, ...more] = said(rule, script('a', 'weight -20') + members + group());
    expect(finding?.notes).toHaveLength(2);
    expect(more).toEqual([]);
  });

  it('with an owner among them are not also called mixed', () => {
    const config = group() + instance('VI_1', 'priority 255') + instance('VI_2', 'priority 100');
    expect(said('vrrp/sync-group-mixed-priorities', config)).toEqual([]);
    expect(said('vrrp/sync-group-mixed-owner', config)).toHaveLength(1);
  });
});

describe('scripts', () => {
  const notifying = (...globals: readonly string[]) =>
    block('global_defs', ...globals) + instance('VI_1', 'notify_master "/usr/local/bin/notify"');

  it('run as root unless an account that is not root is named by the line, its block or script_user', () => {
    const rule = 'vrrp/script-root';
    expect(said(rule, notifying())).toHaveLength(1);
    expect(said(rule, notifying('script_user root'))).toHaveLength(1);
    expect(said(rule, notifying('script_user nobody'))).toEqual([]);
    expect(said(rule, notifying('enable_script_security'))).toEqual([]);
    expect(said(rule, script('a', 'user nobody') + instance('VI_1', 'notify "/bin/x" nobody'))).toEqual([]);
    expect(messages(rule, notifying('script_user root'))[0]).not.toContain('keepalived_script');
  });

  it('are counted when script_user is missing, those of health checks too', () => {
    const rule = 'vrrp/script-user-missing';
    const check = block('MISC_CHECK', 'misc_path "/usr/local/bin/probe"');
    const server = block(
      'virtual_server 192.0.2.10 80',
      'protocol TCP',
      block('real_server 203.0.113.5 80', 'notify_up "/bin/x"', check),
    );
    const config = notifying('enable_script_security') + server;
    expect(messages(rule, config)[0]).toContain('3 scripts of this file are removed');
    expect(said(rule, block('global_defs', 'enable_script_security') + instance('VI_1'))).toEqual([]);
  });

  it.each([
    ['"scripts/a.sh -x"', '/scripts/a.sh'],
    ['./a.sh', '/a.sh'],
    ['../etc/./a.sh', '/etc/a.sh'],
    ['"~/a.sh"', '/~/a.sh'],
  ])('named %s are looked for at %s', (command, path) => {
    const [message] = messages('vrrp/notify-script-missing', instance('VI_1', `notify ${command}`));
    expect(message).toContain(`looked for at ${path}:`);
  });

  it.each(['/usr/bin/a', '"killall -0 haproxy"', '"/bin/sh -c ./a"'])('named %s are found', (command) => {
    expect(said('vrrp/notify-script-missing', instance('VI_1', `notify ${command}`))).toEqual([]);
  });
});

describe('vrrp/smtp-without-server', () => {
  const rule = 'vrrp/smtp-without-server';

  it('names what is missing', () => {
    const server = block('global_defs', 'smtp_server 192.0.2.25', 'smtp_alert');
    expect(messages(rule, server)[0]).toContain('has no notification_email:');
    const receiver = block('global_defs', block('notification_email', 'ops@example.com'), 'smtp_alert');
    expect(messages(rule, receiver)[0]).toContain('has no smtp_server:');
  });

  it('takes "off" for off, and looks into groups and real servers', () => {
    expect(said(rule, instance('VI_1', 'smtp_alert off'))).toEqual([]);
    expect(said(rule, group('smtp_alert') + instance('VI_1') + instance('VI_2'))).toHaveLength(1);
    const real = block('real_server 203.0.113.5 80', 'smtp_alert on');
    expect(said(rule, block('virtual_server 192.0.2.10 80', 'protocol TCP', real))).toHaveLength(1);
  });
});

describe('trackers', () => {
  it('that are missing are told once, with the names that exist', () => {
    const rule = 'vrrp/unknown-tracker';
    const config =
      script('chk_web') + instance('VI_1', tracks('chk_wbe')) + instance('VI_2', tracks('chk_wbe'));
    const [finding, ...more] = said(rule, config);
    expect(more).toEqual([]);
    expect(finding?.help).toContain('chk_web');
    expect(finding?.notes).toHaveLength(1);
  });

  it('may have one name as a script and as a file', () => {
    const config = script('a') + block('track_file a', 'file /run/a', 'weight 0');
    const tracking = instance('VI_1', tracks('a'), block('track_file', 'a'));
    expect(said('vrrp/tracked-twice', config + tracking)).toEqual([]);
    expect(said('vrrp/unknown-tracker', config + tracking)).toEqual([]);
  });

  it.each(['vrrp_script', 'track_file', 'vrrp_track_process', 'bfd_instance'])(
    '%s needs its subject',
    (keyword) => {
      expect(said('vrrp/tracker-incomplete', block(`${keyword} a`))).toHaveLength(1);
    },
  );

  it('with another spelling of neighbor_ip are complete', () => {
    expect(said('vrrp/tracker-incomplete', block('bfd_instance a', 'neighbour_ip 192.0.2.2'))).toEqual([]);
  });

  it('of files may have their weight where they are tracked', () => {
    const rule = 'vrrp/track-file-default-weight';
    const file = block('track_file f', 'file /run/f');
    expect(said(rule, file + instance('VI_1', block('track_file', 'f weight 0')))).toEqual([]);
    expect(said(rule, file)).toEqual([]);
    expect(said(rule, file + instance('VI_1', block('track_file', 'f')))).toHaveLength(1);
  });

  it('of the own interface make sense with dont_track_primary', () => {
    const rule = 'vrrp/no-track-interface-needed';
    const list = block('track_interface', 'eth0 weight -20');
    expect(messages(rule, instance('VI_1', list))[0]).toContain('with its weight -20');
    expect(said(rule, instance('VI_1', 'dont_track_primary', list))).toEqual([]);
  });
});

describe('vrrp/process-quorum-max', () => {
  const config = (...lines: readonly string[]) => block('vrrp_track_process p', 'process nginx', ...lines);

  it('is about the later line, whichever that is', () => {
    const places = (text: string) =>
      said('vrrp/process-quorum-max', text).map(({ span }) => span && text.slice(span.start, span.end));
    expect(places(config('quorum 3', 'quorum_max 2'))).toEqual(['2']);
    expect(places(config('quorum_max 2', 'quorum 3'))).toEqual(['3']);
  });

  it('lets equal numbers be, and none at all', () => {
    expect(said('vrrp/process-quorum-max', config('quorum 2', 'quorum_max 2'))).toEqual([]);
    expect(said('vrrp/process-quorum-max', config('quorum 1', 'quorum_max 0'))).toEqual([]);
    expect(said('vrrp/process-quorum-max', config('quorum_max 0'))).toEqual([]);
  });
});
