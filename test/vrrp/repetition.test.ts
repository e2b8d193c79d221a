/** What a Master says again and again is examined once, and what it says differently is examined as ever. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import type { Datagram } from '../../src/vrrp/messages.ts';
import { initialReceptionMemory, receiveAdvertisement } from '../../src/vrrp/reception.ts';
import { isSigned } from '../../src/vrrp/repetition.ts';
import { mutatedDatagrams, wireConfigs } from './mutated-datagrams.ts';
import { newYearMs, Receiver, Sender, version3, wireConfig, wireDatagram } from './reception-fixtures.ts';

const config = wireConfig(version3);
const good = wireDatagram(config, 150);

/** The same bytes in memory of their own, as the next packet has them. */
function again(datagram: Datagram): Datagram {
  return { ...datagram, payload: Uint8Array.from(datagram.payload) };
}

test('the same packet again gives the same answer and changes nothing that is remembered', () => {
  const receiver = new Receiver(config);
  const first = receiver.receives(good);
  const second = receiver.receives(again(good));
  expect(second.result).toEqual(first.result);
  expect(second.memory).toBe(first.memory);
});

describe('after a good packet', () => {
  const payload = Uint8Array.from(good.payload);
  payload[2] = 151;
  const others: Readonly<Record<string, [Partial<Datagram>, string]>> = {
    'one with another byte': [{ payload }, 'checksumErr'],
    'one that is longer': [
      { payload: Uint8Array.from([...good.payload, ...new Uint8Array(40)]) },
      'packetLenErr',
    ],
    'one with another TTL': [{ hopLimit: 254 }, 'ipTtlErr'],
    'one from elsewhere, whose checksum is not for that': [{ source: address('10.0.0.77') }, 'checksumErr'],
    'one to this host alone': [{ destination: address('10.0.0.2') }, 'checksumErr'],
    'one whose IP header claims another length': [{ claimedPayloadBytes: 99 }, 'packetLenErr'],
    'one with an Authentication Header': [{ authenticationHeader: new Uint8Array(44) }, 'authtypeMismatch'],
  };

  test.each(Object.entries(others))('%s is dropped', (_what, [changes, counter]) => {
    const receiver = new Receiver(config);
    expect(receiver.hears(good)).toBe('accepted');
    expect(receiver.hears({ ...again(good), ...changes })).toBe(counter);
    expect(receiver.hears(again(good))).toBe('accepted');
  });

  test('the same is judged anew by another configuration', () => {
    const { memory } = receiveAdvertisement(config, initialReceptionMemory, good, {});
    const other = { ...config, vrid: 99 };
    expect(receiveAdvertisement(other, memory, again(good), {}).result).toMatchObject({
      ok: false,
      error: { reason: 'vridErr' },
    });
  });

  test('a tampered one of any kind gets the answer that it would get as the first', () => {
    let compared = 0;
    for (const { config: own, datagram, genuine } of mutatedDatagrams(815, 6000)) {
      if (isSigned(own)) continue;
      const { memory } = receiveAdvertisement(own, initialReceptionMemory, genuine, {});
      const [second, first] = [memory, initialReceptionMemory].map(
        (remembered) => receiveAdvertisement(own, remembered, datagram, {}).result,
      );
      expect(second).toEqual(first);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(2000);
  });
});

test('a signed packet is never taken for a repetition: heard again it is a recording', () => {
  const signed = Object.entries(wireConfigs).filter(([, own]) => isSigned(own));
  expect(signed.length).toBeGreaterThan(4);
  for (const [kind, own] of signed) {
    const receiver = new Receiver(own);
    const packet = new Sender(own).says(150, newYearMs);
    expect(receiver.hears(packet, newYearMs), kind).toBe('accepted');
    expect(receiver.hears(again(packet), newYearMs), kind).not.toBe('accepted');
  }
});
