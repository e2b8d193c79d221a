/**
 * A unit of systemd that makes the host a real server at every start. A unit and no sysctl.d file: settings of `tunl0` can only be
 * written once its module is loaded, and the address may come only after the settings; the command does it in that order.
 */
import type { VirtualIp } from './needs.ts';

/** The first line: a file without it is somebody else's. */
export const unitMark = '# Written by "holdfast realserver up --persist"; "down --persist" removes it.';

export interface UnitOptions {
  /** All of one mode and one interface option. */
  readonly vips: readonly VirtualIp[];
  /** The absolute path of the program and its first arguments. */
  readonly command: readonly string[];
}

export function unitText({ vips, command }: UnitOptions): string {
  const groups = new Map<string, VirtualIp[]>();
  for (const vip of vips) {
    const key = `${vip.mode} ${vip.interface}`;
    groups.set(key, [...(groups.get(key) ?? []), vip]);
  }
  const starts = [...groups.values()].map((group) => {
    const [first] = group;
    const addresses = group.map(({ address }) => address);
    const options = ['--mode', first?.mode ?? 'dr', '--interface', first?.interface ?? 'lo'];
    return execLine('ExecStart', [...command, 'realserver', 'up', ...options, ...addresses]);
  });
  return [
    unitMark,
    '[Unit]',
    'Description=Virtual addresses of a real server (holdfast)',
    'Documentation=man:holdfast(8)',
    // Programs that bind to the address find it.
    'Wants=network-pre.target',
    'After=network-pre.target systemd-modules-load.service systemd-sysctl.service',
    'Before=network.target',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...starts,
    execLine('ExecStop', [...command, 'realserver', 'down']),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** systemd.service(5): words in double quotes; % and $ begin something of systemd's own unless they are doubled. */
function execLine(key: string, words: readonly string[]): string {
  const quoted = words.map((word) => {
    const escaped = word
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replaceAll('%', '%%')
      .replaceAll('$', '$$$$');
    return /^[\w./:=-]+$/.test(word) ? word : `"${escaped}"`;
  });
  return `${key}=${quoted.join(' ')}`;
}
