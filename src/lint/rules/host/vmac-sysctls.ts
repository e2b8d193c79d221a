import type { Span } from '../../../config-parser/index.ts';
import type { Host } from '../../host.ts';
import { hostRule } from '../../rule.ts';
import { instance } from './example.ts';
import { interfaceOf, worksElsewhere } from './interfaces.ts';

/** ip-sysctl of the kernel: rp_filter, arp_ignore. */
export const vmacSysctls = hostRule({
  name: 'host/vmac-sysctls',
  level: 'info',
  summary: 'Settings of the kernel stand in the way of a virtual MAC address',
  details: `With \`use_vmac\` the virtual addresses are on a macvlan interface beside the instance's own, both on one network.
With \`rp_filter\` 1 the kernel drops what comes in by one of them and would be answered by the other; the larger of the
values of \`all\` and of the interface counts. With \`arp_ignore\` 0 it answers ARP requests for the virtual address from the
interface below too, with the wrong MAC address. keepalived sets what it can on the interfaces that it makes; settings of
\`all\`, and tools that set them again later, go over that. Write them into a file below \`/etc/sysctl.d\`.`,
  keepalived: 'silent',
  exampleHost: { sysctl: (name) => (name.endsWith('rp_filter') ? '1' : '0') },
  bad: instance({ lines: ['use_vmac'] }),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    const wrong = new Map<string, Wrong>();
    for (const { values, interface: device, family } of file.instances) {
      const given = values.last('use_vmac');
      if (given === undefined || family === 6 || device === undefined || wrong.has(device)) continue;
      const settings = interfaceOf(host, device) === undefined ? [] : wrongSettings(host, device);
      if (settings.length > 0) wrong.set(device, { settings, span: given.heading });
    }
    const [[device, first] = ['', undefined]] = wrong;
    if (first === undefined) return;
    const more = wrong.size === 1 ? '' : ` and ${wrong.size - 1} more interfaces`;
    report({
      at: first.span,
      message: `${first.settings.join(', and ')} on ${device}${more}: packets to a virtual MAC address there may be dropped, or answered from the wrong one`,
      help: `write "net.ipv4.conf.all.rp_filter = 2" and "net.ipv4.conf.${device.replaceAll('.', '/')}.arp_ignore = 1" into a file in /etc/sysctl.d`,
    });
  },
});

interface Wrong {
  readonly settings: readonly string[];
  readonly span: Span;
}

function wrongSettings(host: Host, device: string): readonly string[] {
  return [
    ...(greatest(host, device, 'rp_filter') === 1 ? ['rp_filter is 1 (0 or 2 is needed)'] : []),
    ...(greatest(host, device, 'arp_ignore') === 0 ? ['arp_ignore is 0 (1 is needed)'] : []),
  ];
}

/** The kernel takes the larger of the two. */
function greatest(host: Host, device: string, setting: string): number | undefined {
  const values = ['all', device.replaceAll('.', '/')].flatMap((scope) => {
    const value = host.sysctl(`net.ipv4.conf.${scope.replaceAll('.', '/')}.${setting}`);
    return value === undefined ? [] : [Number(value)];
  });
  return values.length === 0 ? undefined : Math.max(...values);
}
