/**
 * A large configuration without mistakes: `node bench/generate-large-configuration.mjs [VIRTUAL-SERVERS] > FILE`. Each
 * virtual server has four real servers with a TCP_CHECK, about 865 bytes in all; no two addresses are the same.
 */
import { pathToFileURL } from 'node:url';

const realServersEach = 4;

export function generateLargeConfiguration(virtualServers) {
  const parts = ['global_defs {\n    router_id lb01\n}\n\n'];
  for (let index = 0; index < virtualServers; index += 1) parts.push(virtualServer(index));
  return parts.join('');
}

function virtualServer(index) {
  const servers = Array.from({ length: realServersEach }, (_, n) => realServer(index * realServersEach + n));
  return `virtual_server ${address(10, index)} 80 {
    delay_loop 6
    lb_algo wrr
    lb_kind DR
    protocol TCP

${servers.join('')}}

`;
}

function realServer(index) {
  return `    real_server ${address(172, index)} 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
            retry 3
            delay_before_retry 3
            warmup 1
        }
    }
`;
}

/** One of 16,000,000 addresses below `first`.0.0.0; none ends in 0 or 255. */
function address(first, index) {
  const low = (index % 250) + 1;
  const rest = Math.floor(index / 250);
  return `${first}.${Math.floor(rest / 250) + 16}.${rest % 250}.${low}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(generateLargeConfiguration(Number(process.argv[2] ?? 20_000)));
}
