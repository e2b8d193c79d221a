import { nearest } from '../../../config-parser/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';
import { textAt } from './source-text.ts';
import { trackOptions } from './track-options.ts';

export const unknownOption = diagnosticRule({
  name: 'conf/unknown-option',
  level: 'error',
  summary: 'An option of a line is not known',
  details: `Lines such as those of \`track_interface\`, \`unicast_peer\` and \`lvs_sync_daemon\` may have options behind what they
name. A word that is none is reported by keepalived and ignored, so that the line does less than it says. The help names the option
that is nearest, where there is one.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', block('track_interface', ['eth1 wieght 10']))),
  good: textOf(instance('VI_1', block('track_interface', ['eth1 weight 10']))),
  claims: ({ code }) => code === 'unknown-option',
  improve: ({ span, help }, file) => {
    const near =
      span && help?.startsWith('a line names one') ? nearest(textAt(file, span), trackOptions) : undefined;
    return near === undefined ? {} : { help: `did you mean "${near}"?` };
  },
});
