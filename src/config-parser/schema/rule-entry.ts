/** keepalived.conf(5): a line of static_rules or virtual_rules: ip-rule(8)'s words, with a few of keepalived's own. */
import { type AddressFamily, familyOf } from '../../net/address.ts';
import type { Word } from '../words.ts';
import {
  type Argument,
  type ArgumentResult,
  integer,
  interfaceName,
  name,
  type Problem,
} from './arguments.ts';
import {
  type LineOption,
  type LineOptions,
  option,
  readOptionLine,
  refusalOf,
  switchOn,
  syntaxOf,
} from './line-options.ts';
import { foreignProtocol } from './route-protocol.ts';
import {
  interfaceGroup,
  ipProtocol,
  realms,
  routingProtocol,
  routingTable,
  typeOfService,
} from './routing-names.ts';
import type { RuleAction, RuleEntry } from './rule.ts';
import { fwmark, networkOrAll, ports, userIds } from './rule-selectors.ts';

interface RuleDraft extends Mutable<Omit<RuleEntry, 'action'>> {
  readonly actions: RuleAction[];
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

function field<Name extends keyof RuleDraft>(
  name: Name,
  argument: Argument<RuleDraft[Name]>,
): LineOption<RuleDraft> {
  return option(argument, (draft, value) => {
    draft[name] = value;
  });
}

function familyOption(family: AddressFamily): LineOption<RuleDraft> {
  return switchOn((draft) => {
    draft.family = family;
  });
}

function action(made: RuleAction): LineOption<RuleDraft> {
  return switchOn((draft) => {
    draft.actions.push(made);
  });
}

const preferenceNumber = integer(0, 0xffff_ffff);

const table = option<RuleDraft, number | string>(routingTable, (draft, value) => {
  draft.actions.push({ kind: 'table', table: value });
});
const preference = field('preference', preferenceNumber);
const service = field('typeOfService', typeOfService);
const input = field('inputInterface', interfaceName);

/** By word; those with one meaning share an entry. */
const ruleOptions: LineOptions<RuleDraft> = new Map<string, LineOption<RuleDraft>>([
  ['inet', familyOption(4)],
  ['inet6', familyOption(6)],
  [
    'not',
    switchOn((draft) => {
      draft.invert = true;
    }),
  ],
  ['from', field('from', networkOrAll)],
  ['to', field('to', networkOrAll)],
  ['table', table],
  ['lookup', table],
  ['preference', preference],
  ['order', preference],
  ['priority', preference],
  ['tos', service],
  ['dsfield', service],
  ['fwmark', field('fwmark', fwmark)],
  ['iif', input],
  ['dev', input],
  ['oif', field('outputInterface', interfaceName)],
  ['realms', field('realms', realms)],
  ['suppress_prefixlength', field('suppressPrefixLength', integer(0, 128))],
  ['suppress_ifgroup', field('suppressInterfaceGroup', interfaceGroup)],
  ['tunnel-id', field('tunnelId', integer(0, 0xffff_ffff))],
  ['uidrange', field('userIds', userIds)],
  ['l3mdev', action({ kind: 'l3mdev' })],
  ['protocol', field('protocol', routingProtocol)],
  ['ipproto', field('ipProtocol', ipProtocol)],
  ['sport', field('sourcePorts', ports)],
  ['dport', field('destinationPorts', ports)],
  [
    'goto',
    option(preferenceNumber, (draft, value) => {
      draft.actions.push({ kind: 'goto', preference: value });
    }),
  ],
  ['nop', action({ kind: 'nop' })],
  ['unreachable', action({ kind: 'unreachable' })],
  ['blackhole', action({ kind: 'blackhole' })],
  ['prohibit', action({ kind: 'prohibit' })],
  [
    'no_track',
    switchOn((draft) => {
      draft.noTrack = true;
    }),
  ],
]);

const goodSamples = [
  'from 192.0.2.0/24 table 100 preference 10',
  'to 192.0.2.0/24 lookup main priority 11 no_track',
  'inet6 fwmark 1/0xff iif eth0 table 100 preference 12',
  'from all ipproto tcp dport 80-90 sport 1024-65535 oif eth0 unreachable preference 13',
  'l3mdev preference 14',
  'from 192.0.2.0/24 goto 500 preference 15',
  'uidrange 1000-2000 tos 0x10 realms 1/2 suppress_prefixlength 0 table 100 preference 16',
];

const badSamples = [
  'preference 14',
  'from 192.0.2.0/33 table 100 preference 10',
  'from 192.0.2.0/24 tabel 100 preference 10',
  'from 192.0.2.0/24 table 100 unreachable preference 10',
  'from 192.0.2.0/24 to 2001:db8::/64 table 100 preference 10',
  'from 192.0.2.0/24 table 100',
  'from 192.0.2.0/24 goto 5 preference 10',
  'ip_proto tcp table 100 preference 10',
  'sport 80 table 100 preference 10',
  'table 100 preference',
];

/** A line of virtual_rules. */
export const virtualRule = ruleEntry(ruleOptions, []);

/** A line of static_rules. */
export const staticRule = ruleEntry(new Map([...ruleOptions, ['track_group', field('trackGroup', name)]]), [
  'to 192.0.2.0/24 table 100 preference 10 track_group name',
]);

function ruleEntry(options: LineOptions<RuleDraft>, ownSamples: readonly string[]): Argument<RuleEntry> {
  return {
    expects: 'what packets it is for, and what is done with them',
    syntax: syntaxOf(options),
    samples: { good: [...goodSamples, ...ownSamples], bad: badSamples },
    parse: (words) => parseRule(words, options),
  };
}

function parseRule(words: readonly Word[], options: LineOptions<RuleDraft>): ArgumentResult<RuleEntry> {
  const [first] = words;
  if (first === undefined) return { ok: false };
  const draft: RuleDraft = { invert: false, noTrack: false, actions: [] };
  const { faults, problems } = readOptionLine(words, options, draft);
  const [fault] = faults;
  if (fault !== undefined) return refusalOf(fault, 'a selection and an action');
  const [only, second] = draft.actions;
  if (only === undefined || second !== undefined) return { ok: false, word: first, expects: oneAction };
  const wrong = contradiction(draft, only);
  if (wrong !== undefined) return { ok: false, word: first, expects: wrong };
  const foreign = foreignProtocol(first, draft, 'rule');
  const value = ruleOf(draft, only, foreign === undefined);
  const said = [...problems, ...(foreign ? [foreign] : []), ...unordered(first, value)];
  return { ok: true, value, used: words.length, problems: said };
}

function ruleOf(draft: RuleDraft, action: RuleAction, keepsProtocol: boolean): RuleEntry {
  const { actions: _, protocol, ...others } = draft;
  const [address] = networksOf(draft);
  const family = draft.family ?? (address && familyOf(address));
  return {
    ...others,
    action,
    ...(family && { family }),
    ...(protocol !== undefined && keepsProtocol && { protocol }),
  };
}

const oneAction = 'given one action (table, goto, l3mdev, nop, unreachable, blackhole or prohibit)';

function networksOf({ from, to }: RuleDraft) {
  return [from, to].flatMap((end) => (end === undefined || end === 'all' ? [] : [end.address]));
}

/** Completes "a rule must be", when its parts do not go together. */
function contradiction(draft: RuleDraft, only: RuleAction): string | undefined {
  const families = new Set([...networksOf(draft).map(familyOf), ...(draft.family ? [draft.family] : [])]);
  if (families.size > 1) return 'of IPv4 or of IPv6 alone';
  const isBackwards = only.kind === 'goto' && only.preference <= (draft.preference ?? -1);
  return isBackwards ? 'of a lower preference than the one it goes to' : undefined;
}

function unordered(word: Word, { preference: given }: RuleEntry): readonly Problem[] {
  if (given !== undefined) return [];
  return [
    {
      word,
      severity: 'warning',
      code: 'value-changed',
      message:
        'this rule has no preference: one is chosen for it, so which rule comes first depends on when each was added',
      help: 'add "preference" and a number; lower ones are asked first',
    },
  ];
}
