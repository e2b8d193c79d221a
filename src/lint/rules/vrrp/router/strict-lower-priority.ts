import type { Given } from '../../../../config-parser/index.ts';
import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** RFC 5798 section 6.4.3: what a Master does about an advertisement of lower or higher priority. */
export const strictLowerPriority = fileRule({
  name: 'vrrp/strict-lower-priority',
  level: 'error',
  summary: 'Answers to other Masters that strict mode does not allow',
  details: `When a Master hears another one of lower priority, keepalived answers at once and repeats its gratuitous ARPs, and
when it yields to a higher one it can send a last advertisement. The RFC has none of that: in strict mode
\`garp_lower_prio_repeat\` and \`garp_lower_prio_delay\` are reset to 0, \`lower_prio_no_advert\` is always on and
\`higher_prio_send_advert\` always off. keepalived reports each line that says otherwise.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', 'garp_lower_prio_repeat 3'),
  good: instanceWith('garp_lower_prio_repeat 3'),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      for (const { given, used } of refused(instance)) {
        report({
          at: given.heading,
          message: `strict mode overrides this line of ${instance.name}: ${used}`,
          help: `delete the line, or "${strictKeyword(instance)}"`,
          notes: strictNotes(instance, file),
        });
      }
    }
  },
});

interface Refused {
  readonly given: Given;
  readonly used: string;
}

/** What global_defs says is reset without a word. */
function refused({ values }: InstanceModel): readonly Refused[] {
  const candidates: readonly (Refused | false)[] = [
    above0(values.last('garp_lower_prio_repeat'), {
      used: 'no gratuitous ARP is sent again after an advertisement of lower priority',
    }),
    above0(values.last('garp_lower_prio_delay'), {
      used: 'the delay is reset to 0',
    }),
    is(false, values.last('lower_prio_no_advert'), {
      used: 'an advertisement of lower priority is not answered',
    }),
    is(true, values.last('higher_prio_send_advert'), {
      used: 'no last advertisement is sent to a Master of higher priority',
    }),
  ];
  return candidates.filter((candidate) => candidate !== false);
}

function above0(given: Given<number> | undefined, { used }: { readonly used: string }): Refused | false {
  return given !== undefined && given.value > 0 && { given, used };
}

function is(
  value: boolean,
  given: Given<boolean> | undefined,
  { used }: { readonly used: string },
): Refused | false {
  return given !== undefined && given.value === value && { given, used };
}
