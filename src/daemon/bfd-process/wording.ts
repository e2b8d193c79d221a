/** The wording of what BFD sessions report: keepalived's own words wherever operators grep for them. */
import type { SessionReport, StateChange } from '../../bfd/index.ts';
import type { LogRecord } from '../ipc.ts';

/** RFC 5880 section 4.1, field Diag, in keepalived's words. */
const diagnosticWords = [
  'No Diagnostic',
  'Control Detection Time Expired',
  'Echo Function Failed',
  'Neighbor Signaled Session Down',
  'Forwarding Plane Reset',
  'Path Down',
  'Concatenated Path Down',
  'Administratively Down',
  'Reverse Concatenated Path Down',
];

/** keepalived(8) writes Init only with -D -D; we with -D. */
export function describeStateChange(name: string, change: StateChange): LogRecord {
  const { to } = change;
  const entering = `(${name}) Entering ${to} state`;
  if (to !== 'Down') return { level: 'info', message: entering, detail: to === 'Init' };
  const local = diagnosticWord(change.diagnostic);
  const remote = diagnosticWord(change.remoteDiagnostic);
  return {
    level: 'warning',
    message: `${entering} (Local diagnostic - ${local}, Remote diagnostic - ${remote})`,
  };
}

export function describeReport(name: string, report: SessionReport): LogRecord {
  switch (report.kind) {
    case 'expired': {
      const overdueUs = Math.max(0, Math.round(report.overdueMs * 1000));
      const message = `(${name}) Expired after ${Math.trunc(report.afterMs)} ms (${overdueUs} usec overdue)`;
      return { level: 'warning', message };
    }
    case 'detectionTimeChanged': {
      const [now, before] = [report.detectionTimeMs, report.wasMs].map(milliseconds);
      return {
        level: 'info',
        message: `(${name}) Detection time is ${now} ms (was ${before} ms)`,
        detail: true,
      };
    }
    case 'pollStarted':
      return { level: 'info', message: `(${name}) Starting poll sequence`, detail: true };
    case 'authenticatedPacket':
      return {
        level: 'warning',
        message: `(${name}) the neighbour sends authenticated packets, which are dropped: turn authentication off there`,
      };
  }
}

function diagnosticWord(diagnostic: number): string {
  return diagnosticWords[diagnostic] ?? `unknown (${diagnostic})`;
}

function milliseconds(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
