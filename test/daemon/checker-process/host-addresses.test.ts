import { afterEach, expect, test } from 'vitest';
import {
  type HostAddresses,
  watchHostAddresses,
} from '../../../src/daemon/checker-process/host-addresses.ts';
import { address } from '../../../src/net/address.ts';

const watching: HostAddresses[] = [];
afterEach(() => {
  for (const addresses of watching.splice(0)) addresses.close();
});

test("this host's addresses are known as soon as they are watched", async () => {
  const addresses = await watchHostAddresses(
    () => {},
    ({ message }) => {
      throw new Error(message);
    },
  );
  watching.push(addresses);
  expect(addresses.all()).toContain(address('127.0.0.1'));
  expect(addresses.all()).not.toContain(address('192.0.2.123'));
});
