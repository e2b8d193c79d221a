/** keepalived.conf(5): keywords that name a command to run, the same in several blocks. */
import { command } from './arguments.ts';
import { acts } from './schema.ts';

/** Of an instance or a sync group. */
export const stateNotifications = {
  notify_master: acts(
    command,
    'Run on becoming Master. Quotes keep its arguments with it; a second word is a user',
  ),
  notify_backup: acts(
    command,
    'Run on becoming Backup. Quotes keep its arguments with it; a second word is a user',
  ),
  notify_fault: acts(
    command,
    'Run on going to Fault. Quotes keep its arguments with it; a second word is a user',
  ),
  notify_stop: acts(
    command,
    'Run when VRRP stops. Quotes keep its arguments with it; a second word is a user',
  ),
  notify: acts(
    command,
    'Run on every change of state, with INSTANCE or GROUP, the name, the state and the priority as its last arguments',
  ),
};

/** Of a real server. */
export const serverNotifications = {
  notify_up: acts(
    command,
    'Run when the server comes up. Quotes keep its arguments with it; a second word is a user',
  ),
  notify_down: acts(
    command,
    'Run when the server goes down. Quotes keep its arguments with it; a second word is a user',
  ),
};
