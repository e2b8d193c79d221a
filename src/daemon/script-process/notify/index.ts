/** Telling people: scripts, named pipes, mail, and the scripts of the daemon's begin and end. */
export { Notifier, type NotifierConfig, type NotifierPorts } from './notifier.ts';
export { type LifecyclePorts, runLifecycleScript } from './run-lifecycle-script.ts';
