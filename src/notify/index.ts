/** Who is told what, as values: scripts, lines for named pipes, mail, and the order of scripts. */
export { type MailSettings, mailFor } from './mail-for.ts';
export {
  type GroupNotifyEvent,
  type GroupWord,
  type InstanceNotifyEvent,
  type InstanceWord,
  type Mail,
  type NotifyAction,
  type NotifyEvent,
  type RealServerNotifyEvent,
  subjectKey,
  type VirtualServerNotifyEvent,
} from './messages.ts';
export { type NotifySettings, notificationsFor } from './notifications-for.ts';
export {
  emptyScriptQueue,
  nextTimeout,
  patienceMs,
  type ScriptQueue,
  type ScriptQueueEffect,
  type ScriptQueueEvent,
  type ScriptQueueStep,
  stepScriptQueue,
} from './script-queue.ts';
