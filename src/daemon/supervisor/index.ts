/** The process that reads the configuration, runs the others and writes the log. */
export type { ConfigurationReading, ServiceState } from './messages.ts';
export {
  childScripts,
  type DaemonFiles,
  runSupervisor,
  type SignalSource,
  type SupervisorSettings,
} from './supervisor.ts';
export type { SupervisorOptions } from './supervisor-state.ts';
