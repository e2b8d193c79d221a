/** The checks that poll a server: what is configured, how the server is made to fail, and what the log then says. */
import type { PolledCheckConfig } from '../../../src/healthcheck/probes/index.ts';

export type PolledKind = PolledCheckConfig['kind'];

/** `…Once` is for the next exchange alone; after `answerOnce` all are wrong. */
export type ServerMode =
  | 'answer'
  | 'wrong'
  | 'wrongOnce'
  | 'reset'
  | 'resetOnce'
  | 'hang'
  | 'drip'
  | 'refuse'
  | 'answerOnce';

export interface ServedPlace {
  readonly kind: PolledKind;
  readonly address: string;
  readonly port: number;
}

/** Of every virtual server of these tests. */
export const timing = {
  delayLoopMs: 1000,
  connectTimeoutMs: 1000,
  retry: 1,
  delayBeforeRetryMs: 500,
} as const;
export const attemptTimeoutMs = 2000;

/** keepalived begins no check in its first second, and so does holdfast. */
export const bootstrapMs = 1000;

/** What the log says of one check; without the lines that all checks have alike. */
export interface Wording {
  readonly good: string;
  /** A failing attempt, in the way that the test calls wrong. */
  readonly wrong: string;
  readonly timeout: string;
  /** After the last retry; those of MISC_CHECK differ by what went wrong. */
  readonly down: string;
  readonly downByTimeout?: string;
}

/** A further way to fail, of the server itself. */
export interface OtherFault {
  readonly what: string;
  readonly mode: ServerMode;
  /** Of each failing attempt. */
  readonly line: string;
  /** How long such an attempt takes. */
  readonly attemptMs: number;
}

export interface KindOfCheck extends ServedPlace {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly configuration: string;
  readonly wording: Wording;
  /** As `holdfast ctl servers` has them, of a good attempt. */
  readonly phases: readonly string[];
  /** Good attempts before the server gets traffic again. */
  readonly attemptsToRecover: number;
  readonly otherFaults: readonly OtherFault[];
}

const seconds = (ms: number) => String(ms / 1000);

interface Given {
  readonly kind: PolledKind;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
  readonly lines?: readonly string[];
  readonly phases: readonly string[];
  readonly words: (realServer: string, virtualServer: string) => Wording;
  readonly others?: (realServer: string) => readonly OtherFault[];
}

const refusing = (line: string): OtherFault => ({
  what: 'refuses connections',
  mode: 'refuse',
  line,
  attemptMs: 0,
});
const unreachablePort = 'The server refused it (ICMP port unreachable).';

const web =
  (name: string, wrong: string, timeout: string) =>
  (server: string): Wording => ({
    good: `Remote Web server ${server} succeed on service.`,
    wrong: `Remote Web server ${server} failed on service. ${wrong}`,
    timeout: `Remote Web server ${server} failed on service. ${timeout}`,
    down: `${name} on service ${server} failed after 1 retries.`,
  });

const named =
  (kind: PolledKind, word: string, wrong: string, timeout: string) =>
  (server: string): Wording => ({
    good: `${word} ${server} success.`,
    wrong: `${word} ${server} failed. ${wrong}`,
    timeout: `${word} ${server} timeout. ${timeout}`,
    down: `${kind} on service ${server} failed after 1 retries.`,
  });

const silence = 'The server did not answer within 1 s.';
const url = ['url {', 'path /health', 'status_code 200', '}'];

function given(folder: string): readonly Given[] {
  const script = `${folder}/misc-check`;
  return [
    {
      kind: 'TCP_CHECK',
      port: 80,
      phases: ['connect'],
      words: named('TCP_CHECK', 'TCP connection to', 'The server refused it.', silence),
    },
    {
      kind: 'HTTP_GET',
      port: 80,
      lines: [...url, `attempt_timeout ${seconds(attemptTimeoutMs)}`],
      phases: ['connect', 'firstByte'],
      others: (server) => [
        refusing(
          `Remote Web server ${server} failed on service. The server refused it (connecting for GET /health).`,
        ),
        {
          what: 'answers a byte at a time',
          mode: 'drip',
          line: `Remote Web server ${server} failed on service. The attempt as a whole was not over after 2 s, its attempt_timeout (in the reply to GET /health).`,
          attemptMs: attemptTimeoutMs,
        },
      ],
      words: web(
        'HTTP_CHECK',
        'The status is 503, and 200 is wanted (waiting for the reply to GET /health).',
        'Nothing came from the server for 1 s (waiting for the reply to GET /health).',
      ),
    },
    {
      kind: 'SSL_GET',
      port: 443,
      lines: url,
      phases: ['connect', 'tls', 'firstByte'],
      others: (server) => [
        {
          what: 'has another status',
          mode: 'wrong',
          line: `Remote Web server ${server} failed on service. The status is 503, and 200 is wanted (waiting for the reply to GET /health).`,
          attemptMs: 0,
        },
      ],
      words: web(
        'SSL_CHECK',
        'The server reset it (in the TLS handshake for GET /health).',
        'Nothing came from the server for 1 s (in the TLS handshake for GET /health).',
      ),
    },
    {
      kind: 'SMTP_CHECK',
      port: 25,
      phases: ['connect', 'greeting', 'reply', 'quit'],
      others: (server) => [
        refusing(`SMTP_CHECK on service ${server} failed. The server refused it (connecting).`),
      ],
      words: (server) => ({
        ...named(
          'SMTP_CHECK',
          'SMTP_CHECK on service',
          'The greeting is "554 no service", and 220 is wanted (waiting for the greeting).',
          'Nothing came from the server for 1 s (waiting for the greeting).',
        )(server),
        good: `Remote SMTP server ${server} succeed on service.`,
      }),
    },
    {
      kind: 'DNS_CHECK',
      port: 53,
      protocol: 'UDP',
      lines: ['type A', 'name www.example'],
      phases: ['reply'],
      others: (server) => [refusing(`DNS_CHECK on service ${server} failed. ${unreachablePort}`)],
      words: named(
        'DNS_CHECK',
        'DNS_CHECK on service',
        'The server answered SERVFAIL for www.example A.',
        silence,
      ),
    },
    {
      kind: 'UDP_CHECK',
      port: 7007,
      protocol: 'UDP',
      lines: ['payload 70696e67', 'require_reply 706f6e67'],
      phases: ['reply'],
      others: (server) => [refusing(`UDP connection to ${server} failed. ${unreachablePort}`)],
      words: named(
        'UDP_CHECK',
        'UDP connection to',
        'Byte 1 of the reply is 6e, which require_reply does not allow.',
        silence,
      ),
    },
    {
      kind: 'PING_CHECK',
      port: 80,
      phases: ['reply'],
      words: named('PING_CHECK', 'ICMP connection to', '192.0.2.17 says: host unreachable.', silence),
    },
    {
      kind: 'MISC_CHECK',
      port: 80,
      lines: [`misc_path "${script}"`, `misc_timeout ${seconds(timing.connectTimeoutMs)}`],
      phases: ['run'],
      words: (server, virtualServer) => {
        const subject = `Misc check for [${server} VS ${virtualServer}] by [${script}]`;
        const exited = 'The program exited with status 1; it wrote "the service is not well".';
        const late = 'The program did not end within 1 s and is ended.';
        return {
          good: `${subject} succeeded.`,
          wrong: `${subject} failed. ${exited}`,
          timeout: `${subject} timed out. ${late}`,
          down: `${subject} failed after 1 retries. ${exited}`,
          downByTimeout: `${subject} timed out after 1 retries. ${late}`,
        };
      },
    },
  ];
}

/** Each has a virtual server and an address of its own, so that its log lines can be told from the others'. */
export function polledChecks(folder: string): readonly KindOfCheck[] {
  return given(folder).map(({ kind, port, protocol = 'TCP', lines = [], phases, words, others }, index) => {
    const address = `192.0.2.${11 + index}`;
    const virtualAddress = `198.51.100.${11 + index}`;
    const word = protocol.toLowerCase();
    const virtualServer = `[${virtualAddress}]:${word}:${port}`;
    const realServer = `[${address}]:${word}:${port}`;
    const configuration = `virtual_server ${virtualAddress} ${port} {
  delay_loop ${seconds(timing.delayLoopMs)}
  connect_timeout ${seconds(timing.connectTimeoutMs)}
  retry ${timing.retry}
  delay_before_retry ${seconds(timing.delayBeforeRetryMs)}
  warmup 0
  lb_algo rr
  lb_kind NAT
  protocol ${protocol}
  real_server ${address} ${port} {
    ${kind} {
      ${lines.join('\n      ')}
    }
  }
}
`;
    const isWeb = kind === 'HTTP_GET' || kind === 'SSL_GET';
    const wording = words(realServer, virtualServer);
    return {
      ...{ kind, address, port, virtualServer, realServer, configuration, wording, phases },
      attemptsToRecover: isWeb ? 2 : 1,
      otherFaults: others?.(realServer) ?? [],
    };
  });
}
