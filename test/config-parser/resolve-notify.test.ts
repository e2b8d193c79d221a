import { describe, expect, it } from 'vitest';
import { blockOf, instanceWith, onlyInstance, parseText } from './parse-helpers.ts';

const silent = { priorityChanges: false, mail: false };

function notifyOf(...lines: readonly string[]) {
  return onlyInstance(instanceWith(...lines)).notify;
}

function globalsOf(...lines: readonly string[]) {
  return parseText(blockOf('global_defs', ...lines)).config.globalDefs.notify;
}

describe('whom an instance tells', () => {
  it.each<[string, object]>([
    ['', silent],
    ['notify_master /bin/a', { ...silent, master: { argv: ['/bin/a'] } }],
    [
      `notify_backup "/bin/a 'b c' d" nobody nogroup`,
      { ...silent, backup: { argv: ['/bin/a', 'b c', 'd'], user: 'nobody', group: 'nogroup' } },
    ],
    ['notify_fault /bin/a\nnotify_fault /bin/b', { ...silent, fault: { argv: ['/bin/a'] } }],
    ['notify_stop /bin/a', { ...silent, stop: { argv: ['/bin/a'] } }],
    ['notify /bin/a', { ...silent, any: { argv: ['/bin/a'] } }],
    ['notify_deleted', { ...silent, deleted: {} }],
    ['notify_deleted /bin/a', { ...silent, deleted: { command: { argv: ['/bin/a'] } } }],
    ['notify_master_rx_lower_pri /bin/a', { ...silent, masterRxLowerPriority: { argv: ['/bin/a'] } }],
    [`notify_master "''"`, silent],
    ['notify_priority_changes\nsmtp_alert', { priorityChanges: true, mail: true }],
  ])('with %j is that', (lines, expected) => {
    expect(notifyOf(lines)).toEqual(expected);
  });

  it.each<[string, string, boolean]>([
    ['', '', false],
    ['smtp_alert', '', true],
    ['smtp_alert\nsmtp_alert_vrrp off', '', false],
    ['smtp_alert off\nsmtp_alert_vrrp', '', true],
    ['smtp_alert_vrrp', 'smtp_alert off', false],
    ['smtp_alert off', 'smtp_alert', true],
  ])('with %j in global_defs and %j gets mail: %s', (global, line, expected) => {
    const text = `global_defs {\n${global}\n}\n${instanceWith(line)}`;
    expect(onlyInstance(text).notify.mail).toBe(expected);
  });

  it('hears of priorities as vrrp_notify_priority_changes says', () => {
    const text = (line: string) => `global_defs {\nvrrp_notify_priority_changes\n}\n${instanceWith(line)}`;
    expect(onlyInstance(text('')).notify.priorityChanges).toBe(true);
    expect(onlyInstance(text('notify_priority_changes off')).notify.priorityChanges).toBe(false);
  });
});

describe('named pipes', () => {
  it('have their owner and their reader', () => {
    const { fifos } = globalsOf(
      'notify_fifo /run/all nobody nogroup',
      'notify_fifo_script "/bin/read a"',
      'vrrp_notify_fifo /run/vrrp',
      'lvs_notify_fifo /run/lvs',
      'lvs_notify_fifo_script /bin/b root',
    );
    expect(fifos).toEqual([
      {
        concerns: 'all',
        path: '/run/all',
        user: 'nobody',
        group: 'nogroup',
        script: { argv: ['/bin/read', 'a'] },
      },
      { concerns: 'vrrp', path: '/run/vrrp' },
      { concerns: 'lvs', path: '/run/lvs', script: { argv: ['/bin/b'], user: 'root' } },
    ]);
  });

  it('are the first of two of a kind', () => {
    expect(globalsOf('vrrp_notify_fifo /run/a', 'vrrp_notify_fifo /run/b').fifos).toMatchObject([
      { path: '/run/a' },
    ]);
  });

  it('that are that of notify_fifo are left out', () => {
    const { fifos } = globalsOf('lvs_notify_fifo /run/a', 'notify_fifo /run/a', 'vrrp_notify_fifo /run/a');
    expect(fifos).toEqual([{ concerns: 'all', path: '/run/a' }]);
  });

  it('get all states after a reload where that is said', () => {
    expect(globalsOf().writesStatesOnReload).toBe(false);
    expect(globalsOf('fifo_write_vrrp_states_on_reload').writesStatesOnReload).toBe(true);
  });
});

describe('mail', () => {
  const to = blockOf('notification_email', 'ops@example.org root', 'boss@example.org');
  const all = ['ops@example.org', 'root', 'boss@example.org'];

  it.each<[string, readonly string[], object | undefined]>([
    ['no server', [to], undefined],
    ['nobody to write to', ['smtp_server 192.0.2.25'], undefined],
    [
      'nothing more',
      [to, 'smtp_server 192.0.2.25'],
      { server: '192.0.2.25', port: 25, from: '', to: all, connectTimeoutMs: 30_000, noFaults: false },
    ],
    [
      'all that can be said',
      [
        to,
        'smtp_server mail.example.org 587',
        'notification_email_from hf@example.org',
        'smtp_helo_name lb01',
        'smtp_connect_timeout 5',
        'no_email_faults',
      ],
      {
        server: 'mail.example.org',
        port: 587,
        from: 'hf@example.org',
        to: all,
        heloName: 'lb01',
        connectTimeoutMs: 5000,
        noFaults: true,
      },
    ],
  ])('with %s is as it says', (_what, lines, expected) => {
    expect(globalsOf(...lines).mail).toEqual(expected);
  });
});

describe('scripts of the daemon', () => {
  it('run at the start and at the end, the first of two', () => {
    const given = globalsOf(
      'startup_script /bin/a',
      'startup_script /bin/b',
      'shutdown_script /bin/c',
      'shutdown_script_timeout 3',
    );
    expect(given.startup).toEqual({ command: { argv: ['/bin/a'] }, timeoutMs: 10_000 });
    expect(given.shutdown).toEqual({ command: { argv: ['/bin/c'] }, timeoutMs: 3000 });
    expect(globalsOf()).not.toHaveProperty('startup');
  });

  it('run as whom, and are refused when, is as it says', () => {
    expect(globalsOf().scripts).toEqual({
      refusesWritable: false,
      useSymlinkPaths: false,
      setSupplementaryGroups: false,
    });
    const lines = [
      'script_user a :b',
      'enable_script_security',
      'use_symlink_paths',
      'set_supplementary_groups on',
    ];
    expect(globalsOf(...lines).scripts).toEqual({
      defaultUser: 'a',
      defaultGroup: 'b',
      refusesWritable: true,
      useSymlinkPaths: true,
      setSupplementaryGroups: true,
    });
  });
});
