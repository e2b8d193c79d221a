import { fileRule } from '../../../rule.ts';
import { instanceText } from './example.ts';

const addresses = ['192.0.2.10/24'];

/** keepalived.conf(5): no_virtual_ipaddress. */
export const noVirtualIpaddressInStrict = fileRule({
  name: 'vrrp/no-virtual-ipaddress-in-strict',
  level: 'error',
  summary: 'no_virtual_ipaddress in strict mode, which does not allow it',
  details: `\`no_virtual_ipaddress\` says that an instance may do without addresses. Strict mode (\`vrrp_strict\` or
\`strict_mode\`) keeps to the RFC, which wants at least one, so keepalived clears the line; an instance that really has no
address then does not start. Delete the line, or leave strict mode for this instance with \`strict_mode off\`.`,
  keepalived: 'reports',
  bad: instanceText({ lines: ['strict_mode on', 'no_virtual_ipaddress'], addresses }),
  good: instanceText({ lines: ['strict_mode on'], addresses }),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      if (!instance.isStrict || !instance.values.has('no_virtual_ipaddress')) continue;
      const outcome =
        instance.addresses.length === 0
          ? `${instance.name} has no address, so it does not start`
          : 'the line is cleared';
      report({
        at: instance.at('no_virtual_ipaddress'),
        message: `strict mode does not allow no_virtual_ipaddress: ${outcome}`,
        help: 'delete the line, or write "strict_mode off" in this instance',
      });
    }
  },
});
