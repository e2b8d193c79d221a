import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ChildLog } from '../../src/daemon/child-log.ts';
import type { ChildMessage } from '../../src/daemon/ipc.ts';

/** A channel that takes messages only when told to. */
function setUp(limit?: number) {
  const messages: Extract<ChildMessage, { kind: 'log' }>[] = [];
  const takers: (() => void)[] = [];
  const log = new ChildLog((message, sent) => {
    if (message.kind === 'log') messages.push(message);
    takers.push(sent);
  }, limit);
  return { log, messages, take: () => takers.shift()?.() };
}

test('the records of one turn of the event loop go in one message, in order', async () => {
  const { log, messages } = setUp();
  log.write('info', 'one');
  log.write('warning', 'two', true);
  expect(messages).toEqual([]);
  await turn();
  expect(messages).toEqual([
    {
      kind: 'log',
      dropped: 0,
      records: [
        { level: 'info', message: 'one', detail: false },
        { level: 'warning', message: 'two', detail: true },
      ],
    },
  ]);
});

test('while a message is under way no other is sent, and what comes meanwhile goes in the next', async () => {
  const { log, messages, take } = setUp();
  log.write('info', 'one');
  await turn();
  log.write('info', 'two');
  log.write('info', 'three');
  await turn();
  expect(messages).toHaveLength(1);
  take();
  expect(messages[1]?.records.map(({ message }) => message)).toEqual(['two', 'three']);
});

test('records beyond the limit are dropped and counted in the next message, and only there', async () => {
  const { log, messages, take } = setUp(2);
  log.write('info', 'under way');
  await turn();
  for (const text of ['a', 'b', 'c', 'd', 'e']) log.write('info', text);
  take();
  take();
  log.write('info', 'after');
  await turn();
  expect(messages.map(({ dropped, records }) => [dropped, records.map(({ message }) => message)])).toEqual([
    [0, ['under way']],
    [3, ['a', 'b']],
    [0, ['after']],
  ]);
});

test('flush resolves once the channel has taken everything, and at once when there is nothing', async () => {
  const { log, take } = setUp();
  await log.flush();
  let flushed = false;
  log.write('info', 'one');
  void log.flush().then(() => {
    flushed = true;
  });
  await turn();
  log.write('info', 'two');
  take();
  await turn();
  expect(flushed).toBe(false);
  take();
  await turn();
  expect(flushed).toBe(true);
});
