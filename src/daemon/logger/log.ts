/**
 * The daemon's one log. Lines are taken at once, whatever becomes of their destination; winston is loaded when `start`
 * is called, so that the first configuration need not wait for it.
 */
import { fstatSync } from 'node:fs';
import type { Logger } from 'winston';
import type { LogRecord } from '../ipc.ts';
import { type LogOptions, logFileOf, styleOf, writesToStandardError } from './destinations.ts';
import {
  formatEntry,
  type LineStyle,
  type LogEntry,
  type LogSource,
  severityOf,
  supervisorName,
} from './format-line.ts';
import { type LineSink, LineWriter } from './line-writer.ts';
import { openDescriptorSink, openFileSink } from './sinks.ts';

/** keepalived's own log goes on while the last lines have this long to leave. */
const drainMs = 100;

interface Destination {
  readonly writer: LineWriter;
  readonly style: LineStyle;
}

/** Opens the destinations that `options` name. Throws the system's error when the log file cannot be opened. */
export function openLog(options: LogOptions): Log {
  const destinations: Destination[] = [];
  const file = logFileOf(options);
  if (file !== undefined) destinations.push(destination(openFileSink(file), 'dated'));
  if (writesToStandardError(options)) {
    const style = styleOf(process.env['JOURNAL_STREAM'], fstatSync(2));
    destinations.push(destination(openDescriptorSink(2, 'standard error'), style));
  }
  return new Log(destinations, options.detail);
}

function destination(sink: LineSink, style: LineStyle): Destination {
  const noticeOf = (dropped: number) =>
    formatEntry(
      {
        source: { name: supervisorName, pid: process.pid },
        level: 'warning',
        message: droppedNotice(dropped, sink.name),
        at: new Date(),
      },
      style,
    );
  return { writer: new LineWriter(sink, noticeOf), style };
}

function droppedNotice(dropped: number, name: string): string {
  const lines = dropped === 1 ? '1 log line was' : `${dropped} log lines were`;
  return `${lines} dropped while ${name} was blocked`;
}

export class Log {
  private readonly destinations: readonly Destination[];
  private readonly detail: boolean;
  private readonly early: LogEntry[] = [];
  private logger: Logger | undefined;
  private starting: Promise<void> | undefined;

  constructor(destinations: readonly Destination[], detail: boolean) {
    this.destinations = destinations;
    this.detail = detail;
  }

  /** `detail` and debug records are written only with -D. */
  write(source: LogSource, record: LogRecord): void {
    if (!this.detail && (record.detail === true || record.level === 'debug')) return;
    const entry = { source, level: record.level, message: record.message, at: new Date() };
    if (this.logger === undefined) this.early.push(entry);
    else this.logger.log(entry);
  }

  /** Loads winston and writes what has waited for it. */
  start(): Promise<void> {
    this.starting ??= this.load();
    return this.starting;
  }

  /** Opens log files anew, for log rotation. What cannot be opened stays as it is and is complained about. */
  reopen(): void {
    for (const { writer } of this.destinations) {
      try {
        writer.reopen();
      } catch (error) {
        this.write(
          { name: supervisorName, pid: process.pid },
          { level: 'error', message: `log file: ${String(error)}` },
        );
      }
    }
  }

  /** Gives pending lines a short chance to leave, then closes everything. */
  async close(): Promise<void> {
    await this.start();
    const logger = this.logger;
    if (logger !== undefined) {
      const finished = new Promise((resolve) => logger.once('finish', resolve));
      logger.end();
      await finished;
    }
    await Promise.all(this.destinations.map(({ writer }) => writer.flush(drainMs)));
    for (const { writer } of this.destinations) writer.close();
  }

  private async load(): Promise<void> {
    const winston = (await import('winston')).default;
    const transports = this.destinations.map(
      ({ writer, style }) =>
        new winston.transports.Stream({
          stream: writer,
          eol: '',
          format: winston.format.printf((info) => formatEntry(info as unknown as LogEntry, style)),
        }),
    );
    const silent = transports.length === 0;
    this.logger = winston.createLogger({ levels: { ...severityOf }, level: 'debug', transports, silent });
    for (const entry of this.early.splice(0)) this.logger.log(entry);
  }
}
