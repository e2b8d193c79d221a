import { describe, expect, it } from 'vitest';
import { describeReport, describeStateChange } from '../../../src/daemon/bfd-process/wording.ts';

describe('the words of a state change', () => {
  it('are keepalived’s, with both diagnostics where the session is down', () => {
    expect(describeStateChange('B1', { from: 'Up', to: 'Down', diagnostic: 1, remoteDiagnostic: 7 })).toEqual(
      {
        level: 'warning',
        message:
          '(B1) Entering Down state (Local diagnostic - Control Detection Time Expired, Remote diagnostic - Administratively Down)',
      },
    );
    expect(describeStateChange('B1', { from: 'Init', to: 'Up', diagnostic: 0, remoteDiagnostic: 0 })).toEqual(
      {
        level: 'info',
        message: '(B1) Entering Up state',
        detail: false,
      },
    );
  });

  it('leave Init to -D', () => {
    const change = { from: 'Down', to: 'Init', diagnostic: 0, remoteDiagnostic: 0 } as const;
    expect(describeStateChange('B1', change)).toMatchObject({ detail: true });
  });

  it('name a diagnostic that has no words yet by its number', () => {
    const change = { from: 'Up', to: 'Down', diagnostic: 3, remoteDiagnostic: 30 } as const;
    expect(describeStateChange('B1', change).message).toContain('Remote diagnostic - unknown (30)');
  });
});

describe('the words of a report', () => {
  it.each([
    [{ kind: 'expired', afterMs: 150.135, overdueMs: 0.135 }, '(B1) Expired after 150 ms (135 usec overdue)'],
    [
      { kind: 'detectionTimeChanged', detectionTimeMs: 150, wasMs: 3000 },
      '(B1) Detection time is 150 ms (was 3000 ms)',
    ],
    [{ kind: 'pollStarted' }, '(B1) Starting poll sequence'],
  ] as const)('are keepalived’s where it has some: %j', (report, message) => {
    expect(describeReport('B1', report).message).toBe(message);
  });

  it('say what to do about authentication', () => {
    expect(describeReport('B1', { kind: 'authenticatedPacket' }).message).toMatch(
      /turn authentication off there$/,
    );
  });
});
