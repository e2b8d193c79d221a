import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { connectTimeoutVsDelay } from '../../src/lint/rules/lvs/connect-timeout-vs-delay.ts';
import { delayLoopDefault } from '../../src/lint/rules/lvs/delay-loop-default.ts';
import { detectionTime } from '../../src/lint/rules/lvs/detection-time.ts';
import { httpSlowRecovery } from '../../src/lint/rules/lvs/http-slow-recovery.ts';
import { modelsOf } from './rule-harness.ts';

/** What `rule` says of one service with these lines of its own, and one real server with these in its block. */
function saidOf(rule: Rule, serviceLines: string, serverLines: string) {
  const text = `virtual_server 192.0.2.10 80 {
protocol TCP
lb_algo wrr
lb_kind DR
${serviceLines}
real_server 192.0.2.20 80 {
${serverLines}
}
}
`;
  return findings(rule, text).map(({ message }) => message);
}

function findings(rule: Rule, text: string) {
  return lint(modelsOf(rule, text), { rules: [rule], isPair: false }).filter(
    ({ rule: name }) => name === rule.name,
  );
}

const urls = (count: number) => Array.from({ length: count }, (_, at) => `url {\npath /${at}\n}`).join('\n');

describe('lvs/detection-time', () => {
  it.each([
    ['the defaults of TCP_CHECK', 'delay_loop 60', 'TCP_CHECK {\n}', '60 + 1 x (5 + 1) + 5 = 71 s'],
    [
      'what the service says',
      'delay_loop 6\nretry 3\nconnect_timeout 6\ndelay_before_retry 3',
      'TCP_CHECK {\n}',
      '6 + 3 x (6 + 3) + 6 = 39 s',
    ],
    [
      'the checker before its real server and its service',
      'connect_timeout 100',
      'connect_timeout 50\nTCP_CHECK {\ndelay_loop 30.5\nconnect_timeout 2\n}',
      '30.5 + 1 x (2 + 1) + 2 = 35.5 s',
    ],
    [
      'no retry',
      'delay_loop 30',
      'TCP_CHECK {\nretry 0\nconnect_timeout 1\n}',
      '30 + 0 x (1 + 1) + 1 = 31 s',
    ],
    [
      'one url in each delay_loop',
      'delay_loop 10',
      `HTTP_GET {\nconnect_timeout 3\n${urls(3)}\n}`,
      '3 x 10 + 1 x (3 + 3) + 3 = 39 s',
    ],
    [
      'the time-out of a program',
      'delay_loop 30',
      'MISC_CHECK {\nmisc_path /bin/true\nmisc_timeout 4\n}',
      '30 + 0 x (4 + 30) + 4 = 34 s',
    ],
  ])('counts %s', (_what, service, server, sum) => {
    expect(saidOf(detectionTime, service, server)).toEqual([
      `a dead real server is taken out after up to ${sum}`,
    ]);
  });

  it('leaves a checker without delay_loop to the rule about that', () => {
    expect(saidOf(detectionTime, '', 'TCP_CHECK {\n}')).toEqual([]);
    expect(saidOf(delayLoopDefault, '', 'TCP_CHECK {\n}')).toHaveLength(1);
  });

  it('is silent at 30 seconds and reports a thousandth more', () => {
    const checker = 'TCP_CHECK {\nretry 0\nconnect_timeout 5\n}';
    expect(saidOf(detectionTime, 'delay_loop 25', checker)).toEqual([]);
    expect(saidOf(detectionTime, 'delay_loop 25.001', checker)).toHaveLength(1);
  });

  it('knows nothing of checkers that wait for no answer', () => {
    expect(saidOf(detectionTime, '', 'BFD_CHECK {\nname up\n}\nFILE_CHECK {\ntrack_file f\n}')).toEqual([]);
  });

  it('reports the slowest checker of a file, once', () => {
    const text = ['40', '50', '45']
      .map(
        (loop, at) => `virtual_server 192.0.2.1${at} 80 {
delay_loop ${loop}
real_server 192.0.2.20 80 {
TCP_CHECK {
}
}
}
`,
      )
      .join('');
    const [finding, ...others] = findings(detectionTime, text);
    expect(others).toEqual([]);
    expect(finding?.message).toContain('50 + ');
    expect(finding?.notes).toEqual([{ message: '3 checkers of this file need more than 30 s' }]);
  });
});

describe('lvs/connect-timeout-vs-delay', () => {
  it('allows a time-out that is as long as the time between checks', () => {
    expect(saidOf(connectTimeoutVsDelay, 'delay_loop 5', 'TCP_CHECK {\n}')).toEqual([]);
    expect(saidOf(connectTimeoutVsDelay, 'delay_loop 4.9', 'TCP_CHECK {\n}')).toHaveLength(1);
  });

  it('points at the line that says the time-out, wherever it was inherited from', () => {
    const text =
      'virtual_server 192.0.2.10 80 {\ndelay_loop 2\nconnect_timeout 9\nreal_server 192.0.2.20 80 {\nTCP_CHECK {\n}\n}\n}\n';
    const [finding] = findings(connectTimeoutVsDelay, text);
    expect(text.slice(finding?.span?.start, finding?.span?.end)).toBe('9');
  });

  it('reports each pair of figures once, with the number of its checks', () => {
    const checker = (timeout: number) => `TCP_CHECK {\nconnect_timeout ${timeout}\n}`;
    const said = saidOf(connectTimeoutVsDelay, 'delay_loop 6', [8, 9, 8, 8].map(checker).join('\n'));
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^3 checks wait 8 s .* every 6 s/);
    expect(said[1]).toMatch(/^this check waits 9 s/);
  });
});

describe('lvs/delay-loop-default', () => {
  it.each([
    ['the service', 'delay_loop 6', 'TCP_CHECK {\n}'],
    ['the real server', '', 'delay_loop 6\nTCP_CHECK {\n}'],
    ['the checker', '', 'TCP_CHECK {\ndelay_loop 6\n}'],
    ['nobody, where nothing is checked', '', 'weight 1'],
    ['nobody, where BFD tells by itself', '', 'BFD_CHECK {\nname up\n}'],
  ])('is silent where delay_loop stands in %s', (_where, service, server) => {
    expect(saidOf(delayLoopDefault, service, server)).toEqual([]);
  });

  it('reports one checker without it among others that have it', () => {
    expect(saidOf(delayLoopDefault, '', 'TCP_CHECK {\ndelay_loop 6\n}\nPING_CHECK {\n}')).toHaveLength(1);
  });
});

describe('lvs/http-slow-recovery', () => {
  it('needs one success more than there are urls', () => {
    const said = saidOf(httpSlowRecovery, 'delay_loop 12', `HTTP_GET {\n${urls(3)}\n}`);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('(3 + 1) x 12 = 48 s');
  });

  it('is silent about fast_recovery, and about a checker that has no url and is dropped', () => {
    expect(saidOf(httpSlowRecovery, '', `SSL_GET {\nfast_recovery\n${urls(1)}\n}`)).toEqual([]);
    expect(saidOf(httpSlowRecovery, '', 'HTTP_GET {\n}')).toEqual([]);
  });

  it('is silent at 30 seconds and reports a thousandth more', () => {
    const checker = `HTTP_GET {\n${urls(1)}\n}`;
    expect(saidOf(httpSlowRecovery, 'delay_loop 15', checker)).toEqual([]);
    expect(saidOf(httpSlowRecovery, 'delay_loop 15.0005', checker)).toHaveLength(1);
  });

  it('does not take fast_recovery off for on', () => {
    expect(saidOf(httpSlowRecovery, '', `SSL_GET {\nfast_recovery off\n${urls(1)}\n}`)).toHaveLength(1);
  });
});
