/** The Unix socket over which operators ask the daemon: its protocol and both ends. */
export { askDaemon, NoAnswerError, NoDaemonError } from './control-client.ts';
export {
  type Answerer,
  type ControlLimits,
  type ControlSocket,
  openControlSocket,
} from './control-server.ts';
export {
  type ChildStatus,
  type ControlAnswer,
  type ControlRequest,
  type DaemonStatus,
  defaultControlSocket,
  parseRequest,
} from './protocol.ts';
