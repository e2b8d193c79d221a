import { fileRule } from '../../rule.ts';
import { checkersOf } from './checkers.ts';

const defaultLongestReply = 255;

/** keepalived.conf(5): UDP_CHECK: min_reply_length, max_reply_length. */
export const udpReplyLengths = fileRule({
  name: 'lvs/udp-reply-lengths',
  level: 'error',
  summary: 'No reply can be long enough and short enough for a UDP_CHECK',
  details: `A \`UDP_CHECK\` accepts a reply whose length is from \`min_reply_length\` to \`max_reply_length\` bytes; without the
second, up to 255. Where the least is greater than the most, every reply is refused: the check always fails and the real
server never gets a connection. Exchange the two, or write a greater \`max_reply_length\`.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 514 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 514 {
        UDP_CHECK {
            payload 00
            require_reply
            min_reply_length 300
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 514 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 514 {
        UDP_CHECK {
            payload 00
            require_reply
            min_reply_length 300
            max_reply_length 600
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    for (const checker of checkersOf(virtualServers, 'UDP_CHECK')) {
      const least = checker.number('min_reply_length') ?? 0;
      const most = checker.number('max_reply_length') ?? defaultLongestReply;
      if (least <= most) continue;
      report({
        at: checker.at('min_reply_length'),
        message: `a reply must have ${least} bytes or more and ${most} or fewer: this check always fails, and real server ${checker.realServer.name} stays down`,
        help: `write "max_reply_length" and a number of at least ${least}`,
      });
    }
  },
});
