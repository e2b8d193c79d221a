/** keepalived.conf(5): TCP_CHECK. A connection that is made is a success. */
import { checkerConnection, checkerTiming } from './checker-common.ts';
import { type Deprecation, defineBlock } from './schema.ts';

const oldRetry: Deprecation = {
  message: 'is an old word for "retry"',
  help: 'write "retry" instead',
  note: 'later releases of keepalived do not know the word inside TCP_CHECK and would go on with 1 retry',
};

export const tcpCheck = defineBlock('TCP_CHECK', {
  ...checkerTiming,
  ...checkerConnection,
  retry: { ...checkerTiming.retry, aliases: { nb_get_retry: { deprecated: oldRetry } } },
});
