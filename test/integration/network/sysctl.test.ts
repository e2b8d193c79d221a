import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVethPair, inNamespace, Program, type VethPair } from './namespace-fixture.ts';

let pair: VethPair;
beforeAll(() => {
  pair = createVethPair();
});
afterAll(() => pair?.remove());

test('settings are changed in the namespace of the process, and what they were is told', async () => {
  const setting = (path: string) => inNamespace(pair.left, 'cat', `/proc/sys/net/ipv4/${path}`).trim();
  expect(setting('igmp_link_local_mcast_reports')).toBe('1');
  const program = new Program(pair.left, 'sysctl-changes.ts');
  const { results } = await program.line('done');
  await program.stop();
  expect(results).toEqual([
    { ok: true, previous: '0', changed: true },
    { ok: true, previous: '1', changed: false },
    {
      ok: false,
      code: 'ENOENT',
      problem: 'cannot read net/ipv4/conf/veth9/promote_secondaries: ENOENT',
    },
    { ok: true, previous: '1', changed: true },
  ]);
  expect(setting('conf/veth0/promote_secondaries')).toBe('1');
  expect(setting('igmp_link_local_mcast_reports')).toBe('0');
  expect(inNamespace(pair.right, 'cat', '/proc/sys/net/ipv4/igmp_link_local_mcast_reports').trim()).toBe('1');
});
