import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRoutingNames } from '../../src/kernel/netlink/read-routing-names.ts';
import {
  flowOf,
  numberOf,
  parseNumberedNames,
  parseProtocols,
} from '../../src/kernel/netlink/routing-names.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-names-'));
  mkdirSync(join(folder, 'rt_tables.d'));
  writeFileSync(join(folder, 'rt_tables'), '# reserved\n255\tlocal\n100 blue # ours\n101 green\n');
  writeFileSync(join(folder, 'rt_tables.d', 'b.conf'), '201 blue\n');
  writeFileSync(join(folder, 'rt_tables.d', 'a.conf'), '0xc8 blue\n300 red\n');
  writeFileSync(join(folder, 'rt_tables.d', 'c.txt'), '400 blue\n');
  writeFileSync(join(folder, 'rt_realms'), '7 office\n');
  writeFileSync(join(folder, 'protocols'), 'ip 0 IP\ntcp 6 TCP # stream\nmine 200\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = () => readRoutingNames([folder], join(folder, 'protocols'));

test('a file names numbers, its folder more, of which the last counts', () => {
  const names = read();
  expect(numberOf(names, 'table', 'green')).toBe(101);
  expect(numberOf(names, 'table', 'red')).toBe(300);
  expect(numberOf(names, 'table', 'blue')).toBe(201);
  expect(numberOf(names, 'table', 77)).toBe(77);
});

test('the usual names hold without files', () => {
  const names = readRoutingNames([join(folder, 'nowhere')], join(folder, 'nothing'));
  expect(numberOf(names, 'table', 'main')).toBe(254);
  expect(numberOf(names, 'protocol', 'bgp')).toBe(186);
  expect(numberOf(names, 'scope', 'site')).toBe(200);
  expect(numberOf(names, 'typeOfService', 'AF11')).toBe(0x28);
  expect(numberOf(names, 'typeOfService', 'AF43')).toBe(0x98);
  expect(numberOf(names, 'typeOfService', 'CS6')).toBe(0xc0);
  expect(numberOf(names, 'typeOfService', 'EF')).toBe(0xb8);
  expect(numberOf(names, 'ipProtocol', 'vrrp')).toBe(112);
});

test('protocols have names and aliases', () => {
  const names = read();
  expect(numberOf(names, 'ipProtocol', 'mine')).toBe(200);
  expect(numberOf(names, 'ipProtocol', 'TCP')).toBe(6);
  expect(parseProtocols('x y z\n# tcp 6\n')).toEqual(new Map());
});

test('realms are where from above where to', () => {
  const names = read();
  expect(flowOf(names, { to: 'office' })).toBe(7);
  expect(flowOf(names, { from: 0xffff, to: 'office' })).toBe(0xffff0007);
});

test('a name that stands for nothing is refused with the file that could name it', () => {
  expect(() => numberOf(read(), 'table', 'yellow')).toThrow(
    'no routing table is called "yellow" in /etc/iproute2/rt_tables',
  );
  expect(() => numberOf(read(), 'ipProtocol', 'nope')).toThrow('/etc/protocols');
});

test('lines that name nothing are passed over', () => {
  expect(parseNumberedNames('\n#\nx 1\n5\n  6  six  \n-1 minus\n')).toEqual(new Map([['six', 6]]));
});
