/**
 * Where others find the supervisor: the control socket for operators, HTTP for who collects metrics. Loaded and opened after the
 * children have their configuration; the daemon serves its addresses also when one of them cannot be had.
 */
import type { ControlSocket } from '../control-socket/index.ts';
import type { LogRecord } from '../ipc.ts';
import type { MetricsAddress, MetricsServer } from '../metrics/index.ts';
import { describeError } from './describe-error.ts';
import type { Desk } from './desk.ts';

export class Services {
  private readonly desk: Desk;
  private readonly log: (record: LogRecord) => void;
  private control: ControlSocket | undefined;
  private metrics: MetricsServer | undefined;
  private isOver = false;

  constructor(desk: Desk, log: (record: LogRecord) => void) {
    this.desk = desk;
    this.log = log;
  }

  open(controlSocket: string | undefined, metrics: MetricsAddress | undefined): void {
    if (controlSocket !== undefined) {
      this.attempt(`open the control socket ${controlSocket}`, () => this.openControl(controlSocket));
    }
    if (metrics !== undefined) {
      const { host, port } = metrics;
      this.attempt(`serve metrics at ${host}, port ${port}`, () => this.openMetrics(metrics));
    }
  }

  close(): void {
    this.isOver = true;
    this.control?.close();
    this.metrics?.close();
  }

  private async openControl(path: string): Promise<void> {
    const { openControlSocket } = await import('../control-socket/index.ts');
    const control = await openControlSocket(path, (request) => this.desk.ask(request));
    this.control = control;
    if (this.isOver) control.close();
  }

  private async openMetrics(address: MetricsAddress): Promise<void> {
    const { serveMetrics } = await import('../metrics/index.ts');
    const metrics = await serveMetrics(address, () => this.desk.status());
    this.metrics = metrics;
    this.log({ level: 'info', message: `Serving metrics at ${address.host}, port ${metrics.port}` });
    if (this.isOver) metrics.close();
  }

  private attempt(what: string, action: () => Promise<void>): void {
    action().catch((error: unknown) => {
      this.log({ level: 'error', message: `cannot ${what}: ${describeError(error, 'short')}` });
    });
  }
}
