/** keepalived.conf(5): interface_up_down_delays. */
import { expect, test } from 'vitest';
import { debounced, initialDebounce } from '../../src/vrrp/debounce.ts';

const delays = { downDelayMs: 2000, upDelayMs: 500 };

test('an interface that is down counts as down after its delay, and not before', () => {
  const down = debounced(initialDebounce(true), false, delays, 1000);
  expect(down).toEqual({ isUp: true, changesAtMs: 3000 });
  expect(debounced(down, false, delays, 2999).isUp).toBe(true);
  expect(debounced(down, false, delays, 3000)).toEqual(initialDebounce(false));
});

test('one that comes back within its delay was never down', () => {
  const down = debounced(initialDebounce(true), false, delays, 1000);
  expect(debounced(down, true, delays, 2000)).toEqual(initialDebounce(true));
});

test('up has a delay of its own', () => {
  expect(debounced(initialDebounce(false), true, delays, 1000).changesAtMs).toBe(1500);
  expect(debounced(initialDebounce(false), true, { ...delays, upDelayMs: 0 }, 1000).isUp).toBe(true);
});
