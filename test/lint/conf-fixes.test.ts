/** What --fix makes of the mistakes that have a sure answer. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixed, fixedUnsafely, lintText, messagesOf, modelOfText } from './conf-harness.ts';

const examples = join(import.meta.dirname, '../../examples');
const tutorial = join(import.meta.dirname, '../../../shared/tutorial');
const oldWords = /\b(?:nat_mask|nb_get_retry)\b/g;

function textsIn(folder: string): readonly { readonly name: string; readonly text: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^lb0[12].*\.conf$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

const files = [
  ...textsIn(examples).map((file) => ({ ...file, name: `examples/${file.name}` })),
  ...textsIn(tutorial).map((file) => ({ ...file, name: `tutorial/${file.name}` })),
].filter(({ text }) => text.search(oldWords) !== -1);

describe('old words of the files that everybody copies', () => {
  it('stand in some of the files at hand', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)('are reported once at each place of $name', ({ text }) => {
    const findings = lintText(text, 'conf/deprecated-keyword');
    const places = findings.map(({ span }) => text.slice(span?.start, span?.end));
    expect(places).toEqual(text.match(oldWords));
    for (const { message } of findings) expect(message).toContain('keepalived 2.4.3');
  });

  it.each(files)('are gone from $name after the safe edits, which change no meaning', ({ text }) => {
    const after = fixed(text);
    expect(after.match(oldWords)).toBeNull();
    expect(after.match(/^ *retry 3/gm)?.length).toBe(text.match(/nb_get_retry 3/g)?.length);
    expect(modelOfText(after).resolved.config).toEqual(modelOfText(text).resolved.config);
    expect(lintText(after, 'conf/deprecated-keyword')).toEqual([]);
  });

  it('are told with what keepalived makes of them', () => {
    const text = service('        nb_get_retry 3');
    expect(messagesOf(text, 'conf/deprecated-keyword')).toEqual([
      '"nb_get_retry" is an old word for "retry": keepalived 2.4.3 does not know it inside TCP_CHECK, and goes on with 1 retry where 3 were meant',
    ]);
  });
});

function service(checkerLine: string): string {
  return `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 192.0.2.20 80 {
        TCP_CHECK {
${checkerLine}
        }
    }
}
`;
}

function inVirtualServer(line: string): string {
  return service('').replace('    lb_algo rr\n', `${line}    lb_algo rr\n`);
}

describe('a line without effect', () => {
  it('is deleted whole where it stands alone', () => {
    const text = inVirtualServer('    nat_mask 255.255.255.0\n');
    expect(fixed(text, 'conf/deprecated-keyword')).toBe(inVirtualServer(''));
  });

  it('leaves its comment', () => {
    const text = inVirtualServer('    nat_mask 255.255.255.0 # ask Ada\n');
    expect(fixed(text, 'conf/deprecated-keyword')).toBe(inVirtualServer('     # ask Ada\n'));
  });

  it('leaves a brace on its line', () => {
    const text = 'virtual_server 192.0.2.10 80 { nat_mask 255.255.255.0 }\n';
    expect(fixed(text, 'conf/deprecated-keyword')).toBe('virtual_server 192.0.2.10 80 {  }\n');
  });

  it('is not touched where a variable holds a part of it', () => {
    const text = `$MASK=nat_mask 255.255.255.0\n${inVirtualServer('    $MASK\n')}`;
    expect(fixed(text, 'conf/deprecated-keyword')).toBe(text);
  });
});

describe('safe edits', () => {
  it('take the byte order mark away', () => {
    expect(fixed('\uFEFFglobal_defs {\n}\n')).toBe('global_defs {\n}\n');
  });

  it('take the blanks round the equals sign of a definition away', () => {
    expect(fixed('$X = 1\n', 'conf/var-space-before-equals')).toBe('$X=1\n');
    expect(fixed('  @lb01 $X\t=\t1 2\n', 'conf/var-space-before-equals')).toBe('  @lb01 $X=1 2\n');
  });

  it('write keywords and constants in their own case, and blocks too', () => {
    const text = 'Vrrp_Instance A {\n    interface eth0\n    virtual_router_id 7\n    State master\n}\n';
    const once = fixed(text, 'conf/keyword-case');
    expect(once).toContain('vrrp_instance A');
    expect(fixed(fixed(once, 'conf/keyword-case'), 'conf/keyword-case')).toContain('    state MASTER\n');
  });

  it('take blanks at the ends of lines away, and leave those of an open quote and of line ends', () => {
    expect(fixed('a  \r\n\t\nb "c  \n  d \t', 'conf/trailing-blanks')).toBe('a\r\n\nb "c  \n  d');
  });

  it('say how many lines end in blanks, once', () => {
    expect(messagesOf('a \nb \n# c \n', 'conf/trailing-blanks')).toEqual([
      '3 lines end in blanks, which comparing files shows as differences',
    ]);
  });
});

describe('edits that are a guess', () => {
  it('write the nearest keyword only with --unsafe-fixes', () => {
    const text = 'vrrp_instance A {\n    prioritty 150\n}\n';
    expect(fixed(text)).toBe(text);
    expect(fixedUnsafely(text)).toContain('    priority 150\n');
  });

  it('begin a new line before a second keyword', () => {
    const text = 'vrrp_instance A {\n    interface eth0 virtual_router_id 7\n}\n';
    expect(fixedUnsafely(text, 'conf/multiple-keywords-per-line')).toContain(
      '    interface eth0\n    virtual_router_id 7\n',
    );
  });
});
