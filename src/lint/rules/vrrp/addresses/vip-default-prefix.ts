import { fileRule } from '../../../rule.ts';

/** keepalived.conf(5): virtual_ipaddress: an address without a prefix length is a host's own. */
export const vipDefaultPrefix = fileRule({
  name: 'vrrp/vip-default-prefix',
  level: 'warn',
  summary: 'A virtual address without a prefix length becomes a /32 or a /128',
  details: `keepalived adds an address that is written without a prefix length as \`/32\` (IPv4) or \`/128\` (IPv6). The
Master then has the address and no route to the network round it through that address; what the address is for often
works, until something binds to it and wants to talk to its neighbours. Write the network's prefix length, or \`/32\` if
that is what you want.`,
  keepalived: 'silent',
  bad: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10
    }
}
`,
  good: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10/24
    }
}
`,
  check: ({ instances }, report) => {
    for (const { addresses, excludedAddresses } of instances) {
      for (const { value, statement } of [...addresses, ...excludedAddresses]) {
        if (value.prefixLength !== undefined) continue;
        const length = value.address.includes(':') ? 128 : 32;
        report({
          at: statement.spanOfWords(0, 1),
          message: `${value.address} has no prefix length and is added as ${value.address}/${length}`,
          help: `write the network's prefix length, or "/${length}" if that is meant`,
        });
      }
    }
  },
});
