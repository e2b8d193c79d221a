import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { checkScriptAsRoot } from '../../src/lint/rules/lvs/check-script-as-root.ts';
import { checkerDropped } from '../../src/lint/rules/lvs/checker-dropped.ts';
import { bracketFault } from '../../src/lint/rules/lvs/http-regex.ts';
import { miscCheckArgs } from '../../src/lint/rules/lvs/misc-check-args.ts';
import { miscDynamicExitCodes } from '../../src/lint/rules/lvs/misc-dynamic-exit-codes.ts';
import { rsWithoutChecker } from '../../src/lint/rules/lvs/rs-without-checker.ts';
import { sslGetNoSni } from '../../src/lint/rules/lvs/ssl-get-no-sni.ts';
import { tcpCheckOnUdp } from '../../src/lint/rules/lvs/tcp-check-on-udp.ts';
import { modelsOf } from './rule-harness.ts';

interface Around {
  readonly before?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly address?: string;
}

function textOf(
  lines: string,
  { before = '', protocol = 'TCP', port = 80, address = '192.0.2.20' }: Around,
): string {
  return `${before}
virtual_server ${address.includes(':') ? '2001:db8::10' : '192.0.2.10'} ${port} {
delay_loop 6
protocol ${protocol}
lb_algo wrr
lb_kind DR
real_server ${address} ${port} {
${lines}
}
}
`;
}

function findings(rule: Rule, text: string) {
  return lint(modelsOf(rule, text), { rules: [rule], isPair: false }).filter(
    ({ rule: name }) => name === rule.name,
  );
}

function saidOf(rule: Rule, lines: string, around: Around = {}): readonly string[] {
  return findings(rule, textOf(lines, around)).map(({ message }) => message);
}

describe('lvs/checker-dropped', () => {
  it.each([
    ['HTTP_GET {\n}', 'has no url and'],
    ['SSL_GET {\nurl {\nstatus_code 200\n}\n}', 'has no url with a path and'],
    ['MISC_CHECK {\nmisc_timeout 3\n}', 'has no misc_path and'],
    ['FILE_CHECK {\n}', 'has no track_file and'],
    ['FILE_CHECK {\ntrack_file load\n}', 'follows track_file load, which does not exist, and'],
    ['BFD_CHECK {\n}', 'has no name and'],
    ['TCP_CHECK {\nconnect_ip fe80::20\n}', 'goes to the link-local address fe80::20 and has no bind_if and'],
  ])('reports %j', (lines, what) => {
    const said = saidOf(checkerDropped, lines);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`${what} is dropped: real server 192.0.2.20:80 counts as up for ever`);
  });

  it.each([
    ['HTTP_GET {\nurl {\nstatus_code 200\n}\nurl {\npath /\n}\n}', {}],
    ['MISC_CHECK {\nmisc_path /bin/true\n}', {}],
    ['FILE_CHECK {\ntrack_file load\n}', { before: 'track_file load {\nfile /tmp/load\n}' }],
    ['BFD_CHECK {\nname up\n}', { before: 'bfd_instance up {\nneighbor_ip 192.0.2.1\n}' }],
    ['TCP_CHECK {\nconnect_ip fe80::20\nbind_if eth0\n}', {}],
    ['PING_CHECK {\n}', { address: '2001:db8::20' }],
  ])('allows %j', (lines, around) => {
    expect(saidOf(checkerDropped, lines, around)).toEqual([]);
  });

  it('says so where another checker is left', () => {
    const [said] = saidOf(checkerDropped, 'TCP_CHECK {\n}\nMISC_CHECK {\n}');
    expect(said).toContain('is checked only by what else stands in its block');
  });
});

describe('lvs/rs-without-checker', () => {
  it('reports all servers of a file together, shows four places and counts the rest', () => {
    const servers = Array.from({ length: 9 }, (_, at) => `real_server 192.0.2.${at + 20} 80 {\n}`).join('\n');
    const [finding, ...others] = findings(
      rsWithoutChecker,
      `virtual_server 192.0.2.10 80 {\n${servers}\n}\n`,
    );
    expect(others).toEqual([]);
    expect(finding?.message).toMatch(/^9 of 9 real servers have no checker/);
    expect(finding?.notes?.map(({ message }) => message)).toEqual([
      'also here',
      'also here',
      'also here',
      'and in 5 more places',
    ]);
  });
});

describe('lvs/http-regex', () => {
  it.each([
    'ok',
    'a(b|c)',
    '[(]',
    '[])(]',
    '[^])]',
    '\\(',
    '\\Q(\\E',
    '[[:alpha:](]',
    '[[:]',
    '[a[:b]',
    '(?:a(b)c)',
    'a\\\\(b)',
  ])('finds nothing wrong with %s', (pattern) => {
    expect(bracketFault(pattern)).toBeUndefined();
  });

  it.each([
    ['(a', 'has a "(" without a ")"'],
    ['a)', 'has a ")" without a "("'],
    [')(', 'has a ")" without a "("'],
    ['[a', 'has a "[" without a "]"'],
    ['[]', 'has a "[" without a "]"'],
    ['(a\\)', 'has a "(" without a ")"'],
    ['\\Q(\\E(', 'has a "(" without a ")"'],
  ])('reports %s', (pattern, fault) => {
    expect(bracketFault(pattern)).toBe(fault);
  });
});

describe('lvs/http-regex, of a long expression', () => {
  it('looks at each character a few times only', () => {
    // A search to the end from each of these would take minutes.
    expect(bracketFault(`[${'[:'.repeat(500_000)}`)).toBe('has a "[" without a "]"');
    expect(bracketFault(`[${'[:'.repeat(500_000)}:]]`)).toBeUndefined();
  });
});

describe('lvs/misc-check-args', () => {
  it('is silent about one word, and about quotes that join several', () => {
    for (const path of ['/bin/true', '"/bin/true a b"', "'/bin/true a b'", '/bin/true\\ a']) {
      expect(saidOf(miscCheckArgs, `MISC_CHECK {\nmisc_path ${path}\n}`), path).toEqual([]);
    }
  });

  it('mends it so that nothing is left to report', () => {
    const text = textOf('MISC_CHECK {\nmisc_path /bin/check   -p 80\n}', {});
    const [finding] = findings(miscCheckArgs, text);
    const [model] = modelsOf(miscCheckArgs, text);
    const source = model?.resolved.sources.get('keepalived.conf');
    expect(finding?.fix?.isSafe).toBe(true);
    expect(source).toBeDefined();
    const edits = finding?.fix?.edits ?? [];
    const mended = edits
      .toSorted((a, b) => b.span.start - a.span.start)
      .reduce((all, { span, text: put }) => all.slice(0, span.start) + put + all.slice(span.end), text);
    expect(mended).toContain('misc_path "/bin/check   -p 80"\n');
    expect(findings(miscCheckArgs, mended)).toEqual([]);
  });
});

describe('lvs/misc-dynamic-exit-codes', () => {
  it.each([
    ['"/usr/lib/nagios/plugins/check_http -H web"', 1],
    ['curl', 1],
    ['/usr/local/bin/weight-of-web', 0],
    ['/opt/curl/weight', 0],
  ])('looks at the name of the program: %s', (path, count) => {
    expect(saidOf(miscDynamicExitCodes, `MISC_CHECK {\nmisc_path ${path}\nmisc_dynamic\n}`)).toHaveLength(
      count,
    );
  });

  it('is silent without misc_dynamic', () => {
    expect(saidOf(miscDynamicExitCodes, 'MISC_CHECK {\nmisc_path curl\n}')).toEqual([]);
  });
});

describe('lvs/check-script-as-root', () => {
  const check = 'MISC_CHECK {\nmisc_path /bin/true\n}';

  it.each([
    ['', 1],
    ['global_defs {\nscript_user root\n}', 1],
    ['global_defs {\nscript_user nobody\n}', 0],
    ['global_defs {\nenable_script_security\n}', 0],
  ])('with %j reports %i', (before, count) => {
    expect(saidOf(checkScriptAsRoot, check, { before })).toHaveLength(count);
  });

  it('is silent about a check with a user of its own, and where no program is run', () => {
    expect(saidOf(checkScriptAsRoot, 'MISC_CHECK {\nmisc_path /bin/true\nuser nobody\n}')).toEqual([]);
    expect(saidOf(checkScriptAsRoot, 'TCP_CHECK {\n}')).toEqual([]);
  });
});

describe('lvs/ssl-get-no-sni', () => {
  const url = 'url {\npath /\n}';

  it.each([
    [`SSL_GET {\n${url}\n}`, 0],
    [`virtualhost web.example\nSSL_GET {\n${url}\n}`, 1],
    ['SSL_GET {\nurl {\npath /\nvirtualhost web.example\n}\n}', 1],
    [`SSL_GET {\nvirtualhost web.example\nenable_sni off\n${url}\n}`, 1],
    [`SSL_GET {\nvirtualhost web.example\nenable_sni\n${url}\n}`, 0],
    [`SSL_GET {\nvirtualhost web.example\nsni_name web.example\n${url}\n}`, 0],
    [`HTTP_GET {\nvirtualhost web.example\n${url}\n}`, 0],
  ])('of %j reports %i', (lines, count) => {
    expect(saidOf(sslGetNoSni, lines)).toHaveLength(count);
  });
});

describe('lvs/tcp-check-on-udp', () => {
  it.each([
    ['TCP_CHECK {\n}', { protocol: 'UDP', port: 53 }, 1],
    ['TCP_CHECK {\nconnect_port 22\n}', { protocol: 'UDP', port: 53 }, 0],
    ['DNS_CHECK {\n}', { protocol: 'UDP', port: 53 }, 0],
    ['DNS_CHECK {\n}', { protocol: 'UDP', port: 514 }, 1],
    ['PING_CHECK {\n}', { protocol: 'UDP', port: 514 }, 0],
    ['SMTP_CHECK {\n}', { port: 587 }, 0],
    ['SMTP_CHECK {\n}', { port: 80 }, 1],
    ['SMTP_CHECK {\nconnect_port 80\n}', { port: 80 }, 0],
    ['TCP_CHECK {\n}', { protocol: 'SCTP' }, 0],
  ])('of %j in %j reports %i', (lines, around, count) => {
    expect(saidOf(tcpCheckOnUdp, lines, around)).toHaveLength(count);
  });

  it('leaves a service without protocol to the rule about that', () => {
    const text = 'virtual_server 192.0.2.10 53 {\nreal_server 192.0.2.20 53 {\nTCP_CHECK {\n}\n}\n}\n';
    expect(findings(tcpCheckOnUdp, text)).toEqual([]);
  });
});
