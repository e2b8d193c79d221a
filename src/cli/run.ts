/** `holdfast run`: the daemon in the foreground or the background, or one of the flags that only print something. */
import type { LogLevel } from '../daemon/ipc.ts';
import { errorCode, type Log, openLog, supervisorName } from '../daemon/logger/index.ts';
import {
  type ConfigurationReading,
  childScripts,
  runSupervisor,
  type ServiceState,
} from '../daemon/supervisor/index.ts';
import { holdfastPackage } from '../kernel/package-root.ts';
import { isBackgroundProcess, reportReady, startInBackground } from './background.ts';
import { nameFiles, PidClaim } from './run-files.ts';
import type { RunOptions } from './run-options.ts';
import { signalNames, signalNumber } from './signal-number.ts';

/** Performs `options` and resolves with the exit status. */
export async function run(options: RunOptions): Promise<number> {
  if (options.printVersion) return print(`holdfast ${holdfastPackage().version}`);
  if (options.signalName !== undefined) return printSignal(options.signalName);
  if (options.umask !== undefined) process.umask(options.umask);
  if (options.configTest !== undefined) return testOnly(options, options.configTest);
  const inBackground = isBackgroundProcess();
  if (!options.foreground && !inBackground) return startInBackground(options);
  return runDaemon(options, inBackground);
}

type WriteLine = (level: LogLevel, message: string) => void;

async function runDaemon(options: RunOptions, inBackground: boolean): Promise<number> {
  const log = openDaemonLog(options, inBackground);
  if (log === undefined) return 1;
  const writeLine: WriteLine = (level, message) =>
    log.write({ name: supervisorName, pid: process.pid }, { level, message });
  process.title = supervisorName;
  const version = holdfastPackage().version;
  writeLine('info', `Starting holdfast v${version}`);
  writeLine('info', `Command line: ${process.argv.slice(1).map(quote).join(' ')}`);
  for (const notice of options.notices) writeLine('warning', notice);
  const exitCode = await supervise(options, log, writeLine);
  writeLine('info', `Stopped holdfast v${version}`);
  await log.close();
  return exitCode;
}

/** The log can only complain on standard error about itself. */
function openDaemonLog(options: RunOptions, inBackground: boolean): Log | undefined {
  try {
    return openLog({
      console: options.logConsole,
      foreground: options.foreground,
      startUp: inBackground,
      noSyslog: options.noSyslog,
      file: options.logFile,
      detail: options.logDetail,
    });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    process.stderr.write(`holdfast: cannot open the log file: ${messageOf(error)}\n`);
    return undefined;
  }
}

async function supervise(options: RunOptions, log: Log, writeLine: WriteLine): Promise<number> {
  const claim = new PidClaim(options);
  try {
    return await runSupervisor({
      options,
      childOptions: {
        keepAddressesOnExit: options.keepAddressesOnExit,
        keepIpvsOnExit: options.keepIpvsOnExit,
        logDetail: options.logDetail,
      },
      ignoreSigint: options.ignoreSigint,
      scripts: childScripts,
      version: holdfastPackage().version,
      configurationFile: options.file,
      ...(options.metrics !== undefined && { metrics: options.metrics }),
      files: (daemon) => nameFiles(options, daemon),
      log,
      readConfiguration: async (isReload) => {
        const reading = await readAfterStart(options, isReload);
        return isReload || !reading.ok ? reading : claim.require(reading);
      },
      readPlanned: (file) => readAfterStart({ ...options, file, dumpConfiguration: false }, true),
      notify: (state) => void notify(state, writeLine),
    });
  } finally {
    claim.release();
  }
}

async function testOnly(options: RunOptions, logFile: string): Promise<number> {
  const { testConfiguration } = await import('./config-test.ts');
  return testConfiguration(options, logFile);
}

/** The parser is loaded while the children, forked before, load what they need. */
async function readAfterStart(options: RunOptions, isReload: boolean): Promise<ConfigurationReading> {
  const { readConfiguration } = await import('./read-configuration.ts');
  return readConfiguration(options, isReload);
}

/** systemd, where it started us, and the process that put us into the background, where there is one. */
async function notify(state: ServiceState, writeLine: WriteLine): Promise<void> {
  if (state === 'READY=1') reportReady();
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  try {
    // Loaded only under systemd: it needs the native socket.
    const { notifyServiceManager } = await import('../kernel/service-notify.ts');
    notifyServiceManager(state);
  } catch (error) {
    writeLine('warning', `cannot tell the service manager ${state}: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function printSignal(name: string): number {
  const number = signalNumber(name);
  if (number !== undefined) return print(String(number));
  process.stderr.write(`holdfast: no signal for ${name}; there is one for ${signalNames.join(', ')}\n`);
  return 1;
}

function quote(word: string): string {
  return `'${word}'`;
}
