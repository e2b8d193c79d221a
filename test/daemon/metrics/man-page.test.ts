import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { metricsText } from '../../../src/daemon/metrics/index.ts';
import { checkerWith, daemonWith, instanceStatus, vrrpWith } from '../control-socket/status.ts';

test('the man page names every metric, and none that there is not', async () => {
  const page = readFileSync(fileURLToPath(new URL('../../../packaging/holdfast.8', import.meta.url)), 'utf8');
  const named = new Set([...page.matchAll(/\bholdfast_[a-z_]+/g)].map(([name]) => name));
  const text = await metricsText(
    daemonWith({ vrrp: vrrpWith({ instances: [instanceStatus()] }), checker: checkerWith() }),
  );
  const served = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  expect(named).toEqual(served);
});
