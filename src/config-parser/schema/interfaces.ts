/** keepalived.conf(5): linkbeat_interfaces, interface_up_down_delays and garp_group: how interfaces are watched and paced. */
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, choice, interfaceName, nothing, seconds } from './arguments.ts';
import { interfaceNames } from './name-list.ts';
import { acts, defineBlock, defineList } from './schema.ts';

export interface LinkbeatInterface {
  readonly interface: string;
  /** How its link is asked for; without it, the first of MII, ETHTOOL and IOCTL that works. */
  readonly method?: 'MII' | 'ETHTOOL' | 'IOCTL';
}

const method = choice('MII', 'ETHTOOL', 'IOCTL');

const linkbeatEntry: Argument<LinkbeatInterface> = {
  expects: `an interface, and ${method.expects} if that is to be used`,
  syntax: `<interface> [${method.syntax}]`,
  samples: {
    good: ['eth0', 'eth0 MII', 'eth0 ETHTOOL', 'eth0 IOCTL'],
    bad: ['', 'sixteen-letters-', 'eth0 mii', 'eth0 MII IOCTL'],
  },
  parse: (words): ArgumentResult<LinkbeatInterface> => {
    const [, word] = words;
    const device = interfaceName.parse(words);
    if (!device.ok || word === undefined) {
      return device.ok ? { ...device, value: { interface: device.value } } : device;
    }
    const chosen = method.parse([word]);
    if (!chosen.ok) return { ok: false, word, expects: `an interface with ${method.expects}` };
    return { ok: true, value: { interface: device.value, method: chosen.value }, used: 2 };
  },
};

export const linkbeatInterfaces = defineList('a line of linkbeat_interfaces', linkbeatEntry);

/** How long an interface must stay down or up before that counts. */
export interface InterfaceDelays {
  readonly interface: string;
  readonly downDelayMs: number;
  /** Undefined where it is not written, which means 0, and not the delay for down as the manual page says. */
  readonly upDelayMs?: number;
}

const delay = seconds(0, 255);

const delayEntry: Argument<InterfaceDelays> = {
  expects: `an interface and ${delay.expects} that it must be down, and then that it must be up if that is not 0`,
  syntax: '<interface> <down-seconds> [<up-seconds>]',
  samples: {
    good: ['eth0 1.5', 'eth0 1 2.5', 'eth0 0 255'],
    bad: ['', 'eth0', 'sixteen-letters- 1', 'eth0 x', 'eth0 256', 'eth0 1 256', 'eth0 1 2 3'],
  },
  parse: (words): ArgumentResult<InterfaceDelays> => {
    const [first, downWord, upWord] = words;
    const device = interfaceName.parse(words);
    if (!device.ok) return device;
    const down = delay.parse(downWord === undefined ? [] : [downWord]);
    if (!down.ok) return badDelay(down.word ?? first);
    if (upWord === undefined) {
      return { ok: true, value: { interface: device.value, downDelayMs: down.value }, used: 2 };
    }
    const up = delay.parse([upWord]);
    if (!up.ok) return badDelay(upWord);
    const value = { interface: device.value, downDelayMs: down.value, upDelayMs: up.value };
    return { ok: true, value, used: 3 };
  },
};

function badDelay(word: Word | undefined): ArgumentResult<never> {
  return { ok: false, ...(word && { word }), expects: `an interface with ${delay.expects}` };
}

export const interfaceDelays = defineList('a line of interface_up_down_delays', delayEntry);

const pause = seconds(0, 2147.483647);

export const garpGroup = defineBlock('garp_group', {
  garp_interval: acts(pause, 'Seconds between two gratuitous ARPs on whichever of the interfaces'),
  gna_interval: acts(
    pause,
    'Seconds between two unsolicited neighbour advertisements on whichever of the interfaces',
  ),
  interface: acts(interfaceName, 'An interface of the group', { repeatable: true }),
  interfaces: acts(nothing, 'Interfaces of the group', {
    block: defineList('a line of interfaces', interfaceNames),
    repeatable: true,
  }),
});
