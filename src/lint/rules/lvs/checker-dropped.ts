import { familyOf, type IpAddress } from '../../../net/address.ts';
import type { CheckerModel, FileModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { checkersOf, isConnecting, isHttp, isWritten, textValue, urlsOf } from './checkers.ts';

/** keepalived.conf(5): what a checker must have, without which keepalived takes it out again. */
export const checkerDropped = fileRule({
  name: 'lvs/checker-dropped',
  level: 'error',
  summary: 'A checker lacks what it needs and is dropped, so that its server always counts as up',
  details: `An \`HTTP_GET\` or \`SSL_GET\` needs a \`url\` with a \`path\`, a \`MISC_CHECK\` a \`misc_path\`, a \`FILE_CHECK\` the name of a
\`track_file\` that exists, a \`BFD_CHECK\` the name of a \`bfd_instance\` that exists, and a check of a link-local IPv6 address
needs \`bind_if\`. keepalived drops a checker that lacks this, and a real server without any checker counts as up for ever:
it goes on to get connections when it is dead. \`keepalived -t\` reports it; version 2.2.7 crashes on an \`HTTP_GET\` without a
url. Complete the checker, or use a \`TCP_CHECK\`.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        BFD_CHECK {
            name uplink
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: (file, report) => {
    for (const checker of checkersOf(file.virtualServers)) {
      const lack = lackOf(checker, file);
      if (lack === undefined) continue;
      const { realServer, kind, heading } = checker;
      const others = realServer.checkers.length - 1;
      const then =
        others === 0 ? 'counts as up for ever' : 'is checked only by what else stands in its block';
      report({
        at: heading,
        message: `this ${kind} ${lack.what} and is dropped: real server ${realServer.name} ${then}`,
        help: lack.help,
      });
    }
  },
});

interface Lack {
  readonly what: string;
  readonly help: string;
}

function lackOf(checker: CheckerModel, file: FileModel): Lack | undefined {
  if (isHttp(checker)) return lackOfPage(checker) ?? lackOfInterface(checker);
  if (isConnecting(checker)) return lackOfInterface(checker);
  if (checker.kind === 'MISC_CHECK') return lackOfProgram(checker);
  if (checker.kind === 'FILE_CHECK') return lackOfTracker(checker, 'track_file', file.trackers.file);
  return lackOfTracker(checker, 'name', file.trackers.bfd);
}

/** keepalived drops a url without a path, and then a checker without a url. */
function lackOfPage(checker: CheckerModel): Lack | undefined {
  const urls = urlsOf(checker);
  if (urls.some((url) => isWritten(url, 'path'))) return undefined;
  if (urls.length > 0) return { what: 'has no url with a path', help: 'write "path /" in its url' };
  return { what: 'has no url', help: 'write "url {", "path /" and "}" in it, each on a line of its own' };
}

function lackOfProgram({ values }: CheckerModel): Lack | undefined {
  if (isWritten(values, 'misc_path')) return undefined;
  return { what: 'has no misc_path', help: 'write "misc_path" and the program in double quotes' };
}

function lackOfTracker(
  { kind, values }: CheckerModel,
  keyword: 'track_file' | 'name',
  defined: ReadonlyMap<string, unknown>,
): Lack | undefined {
  const block = kind === 'FILE_CHECK' ? 'track_file' : 'bfd_instance';
  const name = textValue(values, keyword);
  if (name === undefined) {
    if (isWritten(values, keyword)) return undefined;
    return { what: `has no ${keyword}`, help: `write "${keyword}" and the name of a ${block}` };
  }
  if (defined.has(name)) return undefined;
  return {
    what: `follows ${block} ${name}, which does not exist,`,
    help: `define "${block} ${name}" above, or write the name of one that is defined`,
  };
}

function lackOfInterface({ values, realServer }: CheckerModel): Lack | undefined {
  const given = textValue(values, 'connect_ip') as IpAddress | undefined;
  const address = given ?? realServer.address;
  if (!isLinkLocal(address) || isWritten(values, 'bind_if')) return undefined;
  return {
    what: `goes to the link-local address ${address} and has no bind_if`,
    help: 'write "bind_if" and the interface that leads there',
  };
}

/** RFC 4291 section 2.5.6: fe80::/10. */
function isLinkLocal(address: IpAddress): boolean {
  return familyOf(address) === 6 && /^fe[89ab]/.test(address);
}
