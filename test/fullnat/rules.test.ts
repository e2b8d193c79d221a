import { describe, expect, test } from 'vitest';
import { countTargets, desiredRules, noRules } from '../../src/fullnat/index.ts';
import { range, realServer, service, virtualServer } from './virtual-servers.ts';

const http = service('10.0.0.3', 80);
const http6 = service('2001:db8::3', 80);

describe('the rules of a configuration', () => {
  test('are none without a real server of method FULLNAT', () => {
    const nat = virtualServer([http], [realServer('10.1.0.7', 80, 'NAT')], { method: { forwarding: 'NAT' } });
    expect(desiredRules({ virtualServers: [nat] })).toEqual(noRules);
  });

  test('name those real servers alone that are reached by FULLNAT', () => {
    const mixed = virtualServer([http], [realServer('10.1.0.7'), realServer('10.1.0.8', 80, 'DR')]);
    expect(desiredRules({ virtualServers: [mixed] })[4]).toEqual([
      { localAddresses: [], targets: [{ service: http, address: '10.1.0.7', port: 80 }] },
    ]);
  });

  test('reach the sorry server by its own method', () => {
    const sorry = { address: realServer('10.1.0.99').address, port: 81, inhibit: false };
    const with_ = (forwarding: 'NAT' | 'FULLNAT') =>
      desiredRules({
        virtualServers: [virtualServer([http], [], { sorryServer: { ...sorry, method: { forwarding } } })],
      });
    expect(with_('NAT')).toEqual(noRules);
    expect(with_('FULLNAT')[4][0]?.targets).toEqual([{ service: http, address: '10.1.0.99', port: 81 }]);
  });

  test('pair each service with the real servers of its own family', () => {
    const both = virtualServer([http, http6], [realServer('10.1.0.7'), realServer('2001:db8:1::7')], {
      localAddresses: [range('2001:db8::5', '2001:db8::6'), range('10.0.0.5')],
    });
    const rules = desiredRules({ virtualServers: [both] });
    expect(rules[4]).toEqual([
      {
        localAddresses: [range('10.0.0.5')],
        targets: [{ service: http, address: '10.1.0.7', port: 80 }],
      },
    ]);
    expect(rules[6]).toEqual([
      {
        localAddresses: [range('2001:db8::5', '2001:db8::6')],
        targets: [{ service: http6, address: '2001:db8:1::7', port: 80 }],
      },
    ]);
  });

  test('put virtual servers with the same local addresses together, and others apart', () => {
    const of = (host: string, localAddresses = [range('10.0.0.5')]) =>
      virtualServer([service(host, 80)], [realServer('10.1.0.7')], { localAddresses });
    const rules = desiredRules({ virtualServers: [of('10.0.0.3'), of('10.0.0.4'), of('10.0.0.9', [])] });
    expect(rules[4].map(({ targets }) => targets.length)).toEqual([1, 2]);
    expect(countTargets(rules[4])).toBe(3);
  });

  test('are the same whatever the order of servers and ranges in the file', () => {
    const servers = [realServer('10.1.0.10'), realServer('10.1.0.9'), realServer('10.1.0.9', 8080)];
    const ranges = [range('10.0.0.10'), range('10.0.0.9')];
    const one = virtualServer([http], servers, { localAddresses: ranges });
    const other = virtualServer([http], [...servers].reverse(), { localAddresses: [...ranges].reverse() });
    expect(desiredRules({ virtualServers: [one] })).toEqual(desiredRules({ virtualServers: [other] }));
  });

  test('have a target once, also where two virtual servers name it', () => {
    const twice = virtualServer([http], [realServer('10.1.0.7'), realServer('10.1.0.7')]);
    expect(countTargets(desiredRules({ virtualServers: [twice, twice] })[4])).toBe(1);
  });
});
