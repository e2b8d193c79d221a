import { describe, expect, it } from 'vitest';
import type { NotifyConfig } from '../../src/config-parser/config.ts';
import {
  type InstanceWord,
  type NotifyAction,
  type NotifyEvent,
  type NotifySettings,
  notificationsFor,
} from '../../src/notify/index.ts';

const everyScript: NotifyConfig = {
  master: { argv: ['/m', 'own'] },
  backup: { argv: ['/b'] },
  fault: { argv: ['/f'] },
  stop: { argv: ['/s'] },
  deleted: { command: { argv: ['/d'] } },
  masterRxLowerPriority: { argv: ['/l'] },
  any: { argv: ['/any', 'own'] },
  priorityChanges: true,
  mail: true,
};

const everything: NotifySettings = {
  notify: everyScript,
  fifos: [
    { concerns: 'all', path: '/run/all' },
    { concerns: 'vrrp', path: '/run/vrrp' },
    { concerns: 'lvs', path: '/run/lvs' },
  ],
  routerId: 'lb01',
  mail: { noFaults: false },
};

function instance(state: InstanceWord, isRepeated?: true): NotifyEvent {
  return { kind: 'instance', name: 'VI_1', state, priority: 110, ...(isRepeated && { isRepeated }) };
}

/** One short line an action, to compare with. */
function brief(actions: readonly NotifyAction[]): string[] {
  return actions.map(briefAction);
}

function briefAction(action: NotifyAction): string {
  switch (action.kind) {
    case 'runScript':
      return `run ${[...action.command.argv, ...action.arguments].join(' ')}${action.isLast ? ' (last)' : ''}`;
    case 'writeLine':
      return `${action.path}: ${action.line.replace('\n', '\\n')}`;
    case 'sendMail':
      return `mail ${action.mail.subject} | ${action.mail.body}`;
  }
}

describe('an event of an instance', () => {
  it.each<[InstanceWord, string[]]>([
    [
      'MASTER',
      [
        'run /m own',
        'run /any own INSTANCE VI_1 MASTER 110',
        '/run/all: INSTANCE "VI_1" MASTER 110\\n',
        '/run/vrrp: INSTANCE "VI_1" MASTER 110\\n',
        'mail [lb01] VRRP Instance VI_1 - Entering MASTER state | => VRRP Instance is now owning VRRP VIPs <=',
      ],
    ],
    [
      'BACKUP',
      [
        'run /b',
        'run /any own INSTANCE VI_1 BACKUP 110',
        '/run/all: INSTANCE "VI_1" BACKUP 110\\n',
        '/run/vrrp: INSTANCE "VI_1" BACKUP 110\\n',
        'mail [lb01] VRRP Instance VI_1 - Entering BACKUP state | => VRRP Instance is no longer owning VRRP VIPs <=',
      ],
    ],
    [
      'FAULT',
      [
        'run /f',
        'run /any own INSTANCE VI_1 FAULT 110',
        '/run/all: INSTANCE "VI_1" FAULT 110\\n',
        '/run/vrrp: INSTANCE "VI_1" FAULT 110\\n',
        'mail [lb01] VRRP Instance VI_1 - Entering FAULT state | => VRRP Instance is no longer owning VRRP VIPs <=',
      ],
    ],
    [
      'STOP',
      [
        'run /s (last)',
        'run /any own INSTANCE VI_1 STOP 110 (last)',
        '/run/all: INSTANCE "VI_1" STOP 110\\n',
        '/run/vrrp: INSTANCE "VI_1" STOP 110\\n',
        'mail [lb01] VRRP Instance VI_1 - Stopping | => VRRP Instance stopping <=',
      ],
    ],
    [
      'DELETED',
      [
        'run /d',
        'run /any own INSTANCE VI_1 DELETED 110',
        '/run/all: INSTANCE "VI_1" DELETED 110\\n',
        '/run/vrrp: INSTANCE "VI_1" DELETED 110\\n',
        'mail [lb01] VRRP Instance VI_1 - Deleted | => VRRP Deleted at reload <=',
      ],
    ],
    [
      'MASTER_RX_LOWER_PRI',
      [
        'run /l',
        '/run/all: INSTANCE "VI_1" MASTER_RX_LOWER_PRI 110\\n',
        '/run/vrrp: INSTANCE "VI_1" MASTER_RX_LOWER_PRI 110\\n',
      ],
    ],
    [
      'MASTER_PRIORITY',
      [
        '/run/all: INSTANCE "VI_1" MASTER_PRIORITY 110\\n',
        '/run/vrrp: INSTANCE "VI_1" MASTER_PRIORITY 110\\n',
      ],
    ],
    [
      'BACKUP_PRIORITY',
      [
        '/run/all: INSTANCE "VI_1" BACKUP_PRIORITY 110\\n',
        '/run/vrrp: INSTANCE "VI_1" BACKUP_PRIORITY 110\\n',
      ],
    ],
  ])('with %s runs the specific script, the generic one, writes lines and mails', (state, expected) => {
    expect(brief(notificationsFor(everything, instance(state)))).toEqual(expected);
  });

  it('is nothing to anybody where nobody is configured', () => {
    const nobody: NotifySettings = {
      notify: { priorityChanges: false, mail: false },
      fifos: [],
      routerId: 'lb01',
    };
    for (const state of ['MASTER', 'DELETED', 'MASTER_RX_LOWER_PRI', 'STOP'] as const) {
      expect(notificationsFor(nobody, instance(state))).toEqual([]);
    }
  });

  it('of a change of priority is told only with notify_priority_changes', () => {
    const settings = { ...everything, notify: { ...everyScript, priorityChanges: false } };
    expect(notificationsFor(settings, instance('MASTER_PRIORITY'))).toEqual([]);
    expect(notificationsFor(settings, instance('BACKUP_PRIORITY'))).toEqual([]);
    expect(notificationsFor(settings, instance('MASTER'))).not.toEqual([]);
  });

  it('told again after a reload goes to the named pipes alone', () => {
    expect(brief(notificationsFor(everything, instance('MASTER', true)))).toEqual([
      '/run/all: INSTANCE "VI_1" MASTER 110\\n',
      '/run/vrrp: INSTANCE "VI_1" MASTER 110\\n',
    ]);
  });
});

describe('a deleted instance', () => {
  it('is told as FAULT to everybody without notify_deleted', () => {
    const { deleted: _, ...notify } = everyScript;
    expect(brief(notificationsFor({ ...everything, notify }, instance('DELETED')))).toEqual(
      brief(notificationsFor({ ...everything, notify }, instance('FAULT'))),
    );
  });

  it('is told as DELETED to the generic script alone when notify_deleted has no command', () => {
    const settings = { ...everything, fifos: [], notify: { ...everyScript, deleted: {}, mail: false } };
    expect(brief(notificationsFor(settings, instance('DELETED')))).toEqual([
      'run /any own INSTANCE VI_1 DELETED 110',
    ]);
  });
});

describe('an event of a sync group', () => {
  it('has priority 0 and its own text', () => {
    expect(brief(notificationsFor(everything, { kind: 'group', name: 'G', state: 'MASTER' }))).toEqual([
      'run /m own',
      'run /any own GROUP G MASTER 0',
      '/run/all: GROUP "G" MASTER 0\\n',
      '/run/vrrp: GROUP "G" MASTER 0\\n',
      'mail [lb01] VRRP Group G - Entering MASTER state | => All VRRP group instances are now in MASTER state <=',
    ]);
  });

  it('that stops says so in words of its own', () => {
    const actions = notificationsFor(everything, { kind: 'group', name: 'G', state: 'STOP' });
    expect(brief(actions).at(-1)).toBe(
      'mail [lb01] VRRP Group G - Stopping | => All VRRP group instances are now stopping <=',
    );
  });
});

describe('mail', () => {
  const mailsOf = (settings: NotifySettings, state: InstanceWord) =>
    notificationsFor(settings, instance(state)).filter(({ kind }) => kind === 'sendMail').length;

  it('is sent only for another state than the last mailed one', () => {
    expect(mailsOf({ ...everything, lastMailedState: 'MASTER' }, 'MASTER')).toBe(0);
    expect(mailsOf({ ...everything, lastMailedState: 'MASTER' }, 'BACKUP')).toBe(1);
  });

  it('about a fault is not sent with no_email_faults, and no other is held back by it', () => {
    const settings = { ...everything, mail: { noFaults: true } };
    expect(mailsOf(settings, 'FAULT')).toBe(0);
    expect(mailsOf(settings, 'BACKUP')).toBe(1);
  });

  it('is sent neither without a server nor without smtp_alert', () => {
    expect(mailsOf({ ...everything, mail: undefined }, 'MASTER')).toBe(0);
    expect(mailsOf({ ...everything, notify: { ...everyScript, mail: false } }, 'MASTER')).toBe(0);
  });
});

describe('a server', () => {
  const up = {
    kind: 'virtualServer',
    name: '[10.0.0.3]:tcp:80',
    state: 'UP',
    mail: true,
    text: 'Gained quorum',
  } as const;
  const down = {
    kind: 'realServer',
    name: '[10.0.0.7]:tcp:80',
    virtualServer: '[10.0.0.3]:tcp:80',
    state: 'DOWN',
    command: { argv: ['/down', 'web01'] },
    mail: true,
    text: 'TCP CHECK failed on service',
  } as const;

  it('tells its script, the pipes for LVS, and people', () => {
    expect(brief(notificationsFor(everything, down))).toEqual([
      'run /down web01',
      '/run/all: RS [10.0.0.7]:tcp:80 [10.0.0.3]:tcp:80 DOWN\\n',
      '/run/lvs: RS [10.0.0.7]:tcp:80 [10.0.0.3]:tcp:80 DOWN\\n',
      'mail [lb01] Realserver [10.0.0.7]:tcp:80 of virtual server [10.0.0.3]:tcp:80 - DOWN | => TCP CHECK failed on service <=',
    ]);
    expect(brief(notificationsFor(everything, up))).toEqual([
      '/run/all: VS [10.0.0.3]:tcp:80 UP\\n',
      '/run/lvs: VS [10.0.0.3]:tcp:80 UP\\n',
      'mail [lb01] Virtualserver [10.0.0.3]:tcp:80 - UP | => Gained quorum <=',
    ]);
  });

  it('gives its script only a moment at the end of the daemon', () => {
    expect(
      brief(notificationsFor({ ...everything, fifos: [] }, { ...down, mail: false, isLast: true })),
    ).toEqual(['run /down web01 (last)']);
  });

  it('sends no mail where nobody can be written to', () => {
    const { mail: _, ...nobody } = everything;
    expect(brief(notificationsFor({ ...nobody, fifos: [] }, up))).toEqual([]);
  });
});
