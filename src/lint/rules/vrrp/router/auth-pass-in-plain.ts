import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';

/** RFC 2338 section 10.2: the simple text password protects against mistakes, not against anybody who listens. */
export const authPassInPlain = fileRule({
  name: 'vrrp/auth-pass-in-plain',
  level: 'info',
  summary: 'auth_pass is sent in clear in every advertisement',
  details: `With \`auth_type PASS\` the password stands in clear in each advertisement, that is once a second on the whole
network; dumps of older versions of keepalived show it too. It keeps apart groups that were given the same VRID by
mistake, and it stops nobody who can listen. Use it for nothing else, and let a firewall or a network of their own see to
it that only the directors send IP protocol 112.`,
  keepalived: 'silent',
  bad: instanceWith('authentication {\n    auth_type PASS\n    auth_pass example\n}'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    const sending = instances.filter(sendsPassword);
    const [first] = sending;
    if (first === undefined) return;
    report({
      at: passwordIn(first),
      message: `auth_pass is sent in clear in every advertisement${countOf(sending)}: whoever listens on ${networkOf(first)} can read it and become Master`,
      help: 'use it for nothing else, and let only the directors send IP protocol 112 there',
      notes: furtherPlaces(sending, passwordIn),
    });
  },
});

/** Where the password is ignored, that is a finding of another rule. */
function sendsPassword({ values, version, isStrict }: InstanceModel): boolean {
  const given = values.last('authentication')?.values;
  if (given === undefined || version === 3 || isStrict || values.has('auth_hmac')) return false;
  return given.value('auth_type') === 'PASS' && given.has('auth_pass');
}

function passwordIn({ values, heading }: InstanceModel) {
  return values.last('authentication')?.values.spanOf('auth_pass') ?? heading;
}

function networkOf({ interface: name }: InstanceModel): string {
  return name === undefined ? 'the way' : `the network of ${name}`;
}
