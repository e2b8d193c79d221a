import type { Diagnostic, Span } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';
import { type Lines, type UnknownBlock, unknownBlockAt } from './unknown-blocks.ts';

/** keepalived.conf(5) does not say so: the parser does not skip a block that it does not know. */
export const unknownBlockCascade = diagnosticRule({
  name: 'conf/unknown-block-cascade',
  level: 'error',
  summary: 'A block that is not known ends the block around it, for keepalived',
  details: `holdfast skips a block that it does not know as a whole. keepalived says \`Unknown keyword\`, ignores the opening
brace, reads the lines inside as lines of the block around it, and takes the closing brace for the end of that block. What
follows in it is then read one level further out, where hardly a keyword is known: one mistyped word can lose half an instance.
The message lists the lines that keepalived reads at the wrong level. Mend or delete the block.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', [...block('authentification', ['auth_type PASS', 'auth_pass x'])])),
  good: textOf(instance('VI_1')),
  claims: ({ code }) => code === 'unknown-block',
  improve: (diagnostic, file) => {
    const { reason, suggestion, span } = diagnostic;
    const fix =
      reason === 'near' && suggestion !== undefined && span !== undefined
        ? { title: `write "${suggestion}"`, isSafe: false, edits: [{ span: bare(span), text: suggestion }] }
        : undefined;
    return { ...consequence(diagnostic, file), ...(fix && { fix }) };
  },
});

function bare({ file, start, end }: Span): Span {
  return { file, start, end };
}

function consequence(
  { span, subject }: Diagnostic,
  file: FileModel,
): { message?: string; notes?: readonly [] } {
  const found = span && unknownBlockAt(file, span);
  if (found === undefined) return {};
  const { inside, after, around } = found;
  const where = around === undefined ? 'outside of all blocks' : `in ${around}`;
  const parts = [
    ...(inside.count === 0
      ? []
      : [`reads ${listed(inside)} as if ${inside.count === 1 ? 'it' : 'they'} stood ${where}`]),
    ...endOf(found),
    ...(after.count === 0 ? [] : [`reads ${listed(after)} below it one level too far out`]),
  ];
  const then = parts.length === 0 ? 'goes on behind its braces' : joined(parts);
  return {
    message: `unknown block "${subject?.keyword}" ${where}: holdfast skips it, but keepalived ${then}`,
    notes: [],
  };
}

function endOf({ around, isClosed }: UnknownBlock): readonly string[] {
  return around !== undefined && isClosed ? ['takes its "}" for the end of that'] : [];
}

/** `3 lines (state, priority, advert_int)`. */
function listed({ count, keywords }: Lines): string {
  const rest = count > keywords.length ? ', ...' : '';
  return `${count} ${count === 1 ? 'line' : 'lines'} (${keywords.join(', ')}${rest})`;
}

function joined(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
