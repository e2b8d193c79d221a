import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { DaemonStatus } from '../../../src/daemon/control-socket/index.ts';
import { type MetricsServer, metricsText, serveMetrics } from '../../../src/daemon/metrics/index.ts';
import {
  checkerWith,
  daemonWith,
  instanceStatus,
  realServerStatus,
  vrrpWith,
} from '../control-socket/status.ts';

describe('the metrics', () => {
  test('say of each instance which state it is in', async () => {
    const text = await metricsText(daemonWith({ vrrp: vrrpWith({ instances: [instanceStatus()] }) }));
    const labels = 'instance="VI_1",interface="eth0",vrid="51",family="ipv4"';
    expect(text).toContain(`holdfast_vrrp_state{${labels},state="Master"} 1\n`);
    expect(text).toContain(`holdfast_vrrp_state{${labels},state="Backup"} 0\n`);
    expect(text).toContain(`holdfast_vrrp_base_priority{${labels}} 150\n`);
    expect(text).toContain(`holdfast_vrrp_effective_priority{${labels}} 140\n`);
    expect(text).toContain(`holdfast_vrrp_dual_master_seconds{${labels}} 0\n`);
  });

  test('count transitions and everything else that an instance counts', async () => {
    const statistics = { becomeMaster: 3, releaseMaster: 2, advertRcvd: 7 };
    const instances = [instanceStatus({ statistics })];
    const text = await metricsText(
      daemonWith({ vrrp: vrrpWith({ instances, counters: { pausesSeen: 4 } }) }),
    );
    expect(text).toContain('holdfast_vrrp_transitions_total{instance="VI_1",to="master"} 3\n');
    expect(text).toContain('holdfast_vrrp_transitions_total{instance="VI_1",to="backup"} 2\n');
    expect(text).toContain('holdfast_vrrp_instance_events_total{instance="VI_1",event="advert_rcvd"} 7\n');
    expect(text).toContain('holdfast_vrrp_events_total{event="pauses_seen"} 4\n');
  });

  test('tell of two masters, holds, trackers, restarts and the event loop', async () => {
    const instances = [
      instanceStatus({ rival: { address: '10.0.0.2', forSeconds: 12.5 }, hold: { kind: 'drain' } }),
    ];
    const trackers = [
      { kind: 'script', name: 'chk', isUp: false },
      { kind: 'file', name: 'knob', value: -3 },
    ] as const;
    const text = await metricsText(daemonWith({ vrrp: vrrpWith({ instances, trackers }) }));
    expect(text).toMatch(/^holdfast_vrrp_dual_master_seconds\{.*\} 12.5$/m);
    expect(text).toMatch(/^holdfast_vrrp_held\{.*\} 1$/m);
    expect(text).toContain('holdfast_tracker_up{kind="script",name="chk"} 0\n');
    expect(text).toContain('holdfast_tracker_value{kind="file",name="knob"} -3\n');
    expect(text).toContain('holdfast_child_restarts_total{child="vrrp"} 2\n');
    expect(text).toContain('holdfast_vrrp_event_loop_delay_seconds{quantile="0.999"} 0.003\n');
  });

  test('say of each real server what it is worth, and what an operator has done to it', async () => {
    const real = realServerStatus({ isUp: false, effectiveWeight: 0, hold: { reason: 'kernel' } });
    const text = await metricsText(
      daemonWith({ checker: checkerWith([real], { counters: { repairs: 2 } }) }),
    );
    const labels = 'virtual_server="[10.0.0.3]:tcp:80",real_server="10.0.0.7:80"';
    expect(text).toContain(`holdfast_real_server_up{${labels}} 0\n`);
    expect(text).toContain(`holdfast_real_server_weight{${labels}} 0\n`);
    expect(text).toContain(`holdfast_real_server_drained{${labels}} 1\n`);
    expect(text).toContain(`holdfast_real_server_connections{${labels},state="inactive"} 5\n`);
    expect(text).toContain(`holdfast_check_duration_seconds{${labels},check="TCP_CHECK"} 0.0015\n`);
    expect(text).toContain('holdfast_ipvs_table_in_step 1\n');
    expect(text).toContain('holdfast_checker_events_total{event="repairs"} 2\n');
  });

  test('without VRRP say that it does not answer, and nothing stale', async () => {
    const text = await metricsText(daemonWith({ vrrpSilence: 'stuck' }));
    expect(text).toContain('holdfast_vrrp_answers 0\n');
    expect(text).not.toContain('holdfast_vrrp_state');
  });
});

describe('the server', () => {
  let server: MetricsServer | undefined;
  let asked = 0;

  afterEach(() => {
    server?.close();
    asked = 0;
  });

  async function serve(status: () => Promise<DaemonStatus> = async () => daemonWith({})): Promise<void> {
    server = await serveMetrics({ host: '127.0.0.1', port: 0 }, () => {
      asked += 1;
      return status();
    });
  }

  function get(path: string, method = 'GET'): Promise<{ status: number; type: string; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: server?.port, path, method }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text });
      });
      sent.on('error', reject).end();
    });
  }

  test('asks for the status once for all who come within a second', async () => {
    await serve();
    const pages = await Promise.all([get('/metrics'), get('/metrics?x=1'), get('/metrics')]);
    for (const { status, type, text } of pages) {
      expect(status).toBe(200);
      expect(type).toContain('text/plain; version=0.0.4');
      expect(text).toContain('holdfast_info{version="1.2.3"} 1\n');
    }
    await get('/metrics');
    expect(asked).toBe(1);
  });

  test('has one page, for reading', async () => {
    await serve();
    expect((await get('/')).status).toBe(404);
    expect((await get('/metrics', 'POST')).status).toBe(405);
    expect(asked).toBe(0);
  });

  test('answers also when the status cannot be had', async () => {
    await serve(() => Promise.reject(new Error('no status')));
    expect(await get('/metrics')).toMatchObject({ status: 500, text: 'Error: no status\n' });
  });

  test('says when its address is taken', async () => {
    await serve();
    const port = server?.port ?? 0;
    await expect(serveMetrics({ host: '127.0.0.1', port }, async () => daemonWith({}))).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
