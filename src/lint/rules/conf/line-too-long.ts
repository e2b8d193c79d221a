import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const lineTooLong = diagnosticRule({
  name: 'conf/line-too-long',
  level: 'warn',
  summary: 'A line is longer than keepalived reads',
  details: `keepalived reads lines of at most 1023 bytes. What is longer is dropped, or its end is read as a line of its own, even
the end of a comment; a heading that is lost so takes its block with it. holdfast reads lines of any length. Break the line up: a list
may have its entries on lines of their own, and a long comment may be several.`,
  keepalived: 'reports',
  bad: textOf([`# ${'x'.repeat(1100)}`], instance('VI_1')),
  good: textOf(instance('VI_1')),
  claims: ({ code }) => code === 'line-too-long',
  improve: ({ message, help }) => ({
    message: `${message}: keepalived drops it, or reads its end as a line of its own; holdfast reads it whole`,
    help: help ?? 'break it up into several lines',
    notes: [],
  }),
});
