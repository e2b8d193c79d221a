import { expect, test } from 'vitest';
import { parseIpvsTable } from '../../src/drill/ipvs-table.ts';

const heading = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;

test('services come with their destinations', () => {
  const text = `${heading}TCP  0A000003:0050 wrr persistent 50000 FFFFFFFF
  -> 0A000008:0050      Route   1      0          0
  -> 0A000007:0050      Route   3      2          11
UDP  0A000004:0035 rr
`;
  expect(parseIpvsTable(text)).toEqual([
    {
      protocol: 'TCP',
      address: '10.0.0.3:80',
      scheduler: 'wrr',
      destinations: [
        { address: '10.0.0.8:80', forwarding: 'Route', weight: 1 },
        { address: '10.0.0.7:80', forwarding: 'Route', weight: 3 },
      ],
    },
    { protocol: 'UDP', address: '10.0.0.4:53', scheduler: 'rr', destinations: [] },
  ]);
});

test('an empty table has no services', () => {
  expect(parseIpvsTable(heading)).toEqual([]);
  expect(parseIpvsTable('')).toEqual([]);
});
