/** keepalived.conf(5): vrrp_garp_interval: announcements that leave one by one. */
import { expect, test } from 'vitest';
import {
  dueAnnouncements,
  emptyAnnouncementQueue,
  enqueueAnnouncements,
  nextAnnouncementMs,
  withdrawAnnouncements,
} from '../../src/vrrp/announcement-queue.ts';
import { virtualAddress } from './instances.ts';

const [first, second, third] = ['10.0.0.3', '10.0.0.4', '10.0.0.5'].map((text) => virtualAddress(text));
const all = [first, second, third].filter((address) => address !== undefined);

test('the first leaves at once, each further one a pause later, and then nothing is due', () => {
  const enqueued = enqueueAnnouncements(emptyAnnouncementQueue, all, 10, 1000);
  expect(enqueued.send).toEqual([first]);
  expect(nextAnnouncementMs(enqueued.next)).toBe(1010);
  expect(dueAnnouncements(enqueued.next, 10, 1009).send).toEqual([]);
  const next = dueAnnouncements(enqueued.next, 10, 1010);
  expect(next.send).toEqual([second]);
  const last = dueAnnouncements(next.next, 10, 1020);
  expect(last.send).toEqual([third]);
  expect(nextAnnouncementMs(last.next)).toBeUndefined();
});

test('a late timer keeps the pause: two never leave together', () => {
  const { next } = enqueueAnnouncements(emptyAnnouncementQueue, all, 10, 1000);
  const late = dueAnnouncements(next, 10, 5000);
  expect(late.send).toEqual([second]);
  expect(nextAnnouncementMs(late.next)).toBe(5010);
});

test('without a pause all leave together', () => {
  expect(enqueueAnnouncements(emptyAnnouncementQueue, all, 0, 1000).send).toEqual(all);
});

test("an address that is another router's by now is not announced any more", () => {
  const { next } = enqueueAnnouncements(emptyAnnouncementQueue, all, 10, 1000);
  const withdrawn = withdrawAnnouncements(next, second === undefined ? [] : [second]);
  expect(dueAnnouncements(withdrawn, 10, 1010).send).toEqual([third]);
});
