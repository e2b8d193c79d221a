import type { Diagnostic, Span } from '../../../config-parser/index.ts';
import type { Fix } from '../../finding.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { block, textOf } from './example.ts';
import { lineAt, textAt } from './source-text.ts';

function example(definition: string): string {
  const lines = [
    'interface eth0',
    'virtual_router_id 7',
    'priority $PRIO',
    ...block('virtual_ipaddress', ['192.0.2.10/24']),
  ];
  return `${definition}\n${textOf(block('vrrp_instance VI_1', lines))}`;
}

/** keepalived.conf(5): $NAME=VALUE. */
export const varSpaceBeforeEquals = diagnosticRule({
  name: 'conf/var-space-before-equals',
  level: 'error',
  summary: 'A variable is defined with a blank before the equals sign',
  details: `A definition is \`$NAME=value\`, with nothing between the name and the equals sign. With a blank there keepalived takes
\`$NAME\` for a keyword, which it does not know, and every use of the variable stays as it is written: \`priority $PRIO\` is then
no number, and the priority is 100. \`--fix\` takes the blanks away.`,
  keepalived: 'reports',
  bad: example('$PRIO = 150'),
  good: example('$PRIO=150'),
  claims: (diagnostic, file) =>
    diagnostic.code === 'undefined-variable' && afterName(diagnostic, file) !== undefined,
  improve: (diagnostic, file) => {
    const blanks = afterName(diagnostic, file);
    if (diagnostic.span === undefined || blanks === undefined) return {};
    const name = textAt(file, diagnostic.span);
    return {
      message: `a blank stands between ${name} and "=": the variable is not defined, and every use of it stays as it is written`,
      help: `write "${name}=" without a blank`,
      fix: withoutBlanks(name, blanks),
    };
  },
});

/** The blanks, the equals sign and the blanks after it, where a line begins with such a definition. */
function afterName({ span }: Diagnostic, file: FileModel): Span | undefined {
  const line = span && lineAt(file, span);
  if (span === undefined || line === undefined) return undefined;
  const match = /^[ \t]+=[ \t]*/.exec(line.text.slice(span.end - line.start));
  const isFirst = /^\uFEFF?[ \t]*(?:@\S+[ \t]+)?$/.test(line.text.slice(0, span.start - line.start));
  if (match === null || !isFirst) return undefined;
  return { file: span.file, start: span.end, end: span.end + match[0].length };
}

function withoutBlanks(name: string, span: Span): Fix {
  return { title: `write "${name}="`, isSafe: true, edits: [{ span, text: '=' }] };
}
