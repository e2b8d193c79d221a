import { diagnosticRule } from '../../rule.ts';

const blocks: ReadonlySet<string> = new Set([
  'url',
  'HTTP_GET',
  'SSL_GET',
  'SMTP_CHECK',
  'DNS_CHECK',
  'MISC_CHECK',
  'UDP_CHECK',
  'FILE_CHECK',
  'BFD_CHECK',
]);

/** What every checker has is timing and addresses, which are values like any others. */
const keywords: ReadonlySet<string> = new Set([
  'digest',
  'status_code',
  'http_protocol',
  'regex',
  'regex_options',
  'regex_min_offset',
  'regex_max_offset',
  'regex_stack',
  'type',
  'name',
  'payload',
  'require_reply',
  'min_reply_length',
  'max_reply_length',
  'misc_timeout',
  'weight',
  'track_file',
]);

/** keepalived.conf(5): HTTP_GET, SSL_GET, DNS_CHECK, UDP_CHECK: what they ask for and what they accept. */
export const checkerValue = diagnosticRule({
  name: 'lvs/checker-value',
  level: 'error',
  summary: 'A condition of a checker is not valid and is left out',
  details: `A checker with a condition that keepalived cannot read goes on without it: a page whose \`digest\` has not 32
hexadecimal digits is not compared at all, a bad \`status_code\` means 200 to 299 again, an unknown DNS \`type\` asks for SOA.
The server then counts as healthy although nobody looks at what you wanted to be looked at. Status codes are numbers or
ranges, such as \`200 301-308\`, apart by blanks and not by commas; a digest is made by \`genhash\`; DNS types are A, NS, CNAME,
SOA, MX, TXT, AAAA, RRSIG and DNSKEY.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 53 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 53 {
        DNS_CHECK {
            type PTR
            name www.example.com
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 53 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 53 {
        DNS_CHECK {
            type A
            name www.example.com
        }
    }
}
`,
  claims: ({ code, subject }) =>
    code === 'invalid-value' &&
    subject !== undefined &&
    blocks.has(subject.block) &&
    keywords.has(subject.keyword),
  levelOf: () => 'error',
  improve: ({ subject }) => {
    const help = helps[subject?.keyword ?? ''];
    return help === undefined ? {} : { help };
  },
});

const helps: Readonly<Record<string, string>> = {
  digest: 'write the 32 hexadecimal digits that "genhash" prints for the page',
  status_code: 'write numbers and ranges with blanks between them, such as "200 301-302"',
  http_protocol: 'write "1.0", "1.0C" or "1.1"',
  type: 'write one of the types, or delete the line to ask for SOA',
  payload: 'write the bytes as pairs of hexadecimal digits',
  require_reply: 'write the bytes as pairs of hexadecimal digits, or nothing to accept any reply',
};
