/** keepalived.conf(5): keywords that name a command to run, the same in several blocks. */
import { command } from './arguments.ts';
import { later } from './schema.ts';

/** Of an instance or a sync group. */
export const stateNotifications = {
  notify_master: later(command, 'Run on becoming Master'),
  notify_backup: later(command, 'Run on becoming Backup'),
  notify_fault: later(command, 'Run on a fault'),
  notify_stop: later(command, 'Run when VRRP stops'),
  notify: later(command, 'Run on every change of state'),
};

/** Of a real server. */
export const serverNotifications = {
  notify_up: later(command, 'Run when the server comes up'),
  notify_down: later(command, 'Run when the server goes down'),
};
