/** keepalived.conf(5): TCP_CHECK. A connection that is made is a success. */
import { checkerConnection, checkerTiming } from './checker-common.ts';
import { type Deprecation, defineBlock } from './schema.ts';

/** Files in use have it, although only early releases of keepalived took it here. */
const oldRetry: Deprecation = {
  message: 'is an old word for "retry"',
  help: 'write "retry" instead',
  note: 'later releases of keepalived do not know the word inside TCP_CHECK and would go on with 1 retry',
  replacement: 'retry',
};

export const tcpCheck = defineBlock('TCP_CHECK', {
  ...checkerTiming,
  ...checkerConnection,
  retry: { ...checkerTiming.retry, aliases: { nb_get_retry: { deprecated: oldRetry } } },
});
