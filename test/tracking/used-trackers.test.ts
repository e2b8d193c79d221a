import { expect, it } from 'vitest';
import type { Config, TrackingConfig } from '../../src/config-parser/config.ts';
import { usedTrackers } from '../../src/tracking/index.ts';

const nothing: TrackingConfig = { interfaces: [], scripts: [], files: [], processes: [], bfds: [] };
const item = (name: string) => ({ name, weight: 0, reverse: false });

it('runs what an instance or a group names, once, and nothing else', () => {
  const config = {
    vrrpInstances: [
      { tracking: { ...nothing, scripts: [item('a'), item('b')], files: [item('f')] } },
      { tracking: { ...nothing, scripts: [item('a'), item('unknown')] } },
    ],
    virtualServers: [],
    syncGroups: [{ tracking: { ...nothing, processes: [item('p')] } }],
    trackers: {
      scripts: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'p' }],
      files: [{ name: 'f' }, { name: 'a' }],
      processes: [{ name: 'p' }, { name: 'q' }],
      bfds: [{ name: 'a' }],
    },
  } as unknown as Config;
  expect(usedTrackers(config)).toEqual({
    scripts: [{ name: 'a' }, { name: 'b' }],
    files: [{ name: 'f' }],
    processes: [{ name: 'p' }],
    bfds: [],
  });
});

it('runs what a health check follows', () => {
  const checkers = [
    { kind: 'FILE_CHECK', file: 'f' },
    { kind: 'BFD_CHECK', name: 'b' },
    { kind: 'TCP_CHECK' },
  ];
  const config = {
    vrrpInstances: [],
    syncGroups: [],
    virtualServers: [{ realServers: [{ checkers }] }],
    trackers: {
      scripts: [],
      files: [{ name: 'f' }, { name: 'g' }],
      processes: [],
      bfds: [{ name: 'b' }, { name: 'c' }],
    },
  } as unknown as Config;
  expect(usedTrackers(config)).toMatchObject({ files: [{ name: 'f' }], bfds: [{ name: 'b' }] });
});
