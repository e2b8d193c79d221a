/**
 * keepalived.conf(5): HTTP_GET and SSL_GET. One probe asks for all urls, one after the other, each on a connection of its own; all
 * must be good, and the first that is not is the verdict.
 */
import type { HttpCheckConfig, HttpUrlConfig, StatusRange } from '../../config-parser/config-checks.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { Page, type PageRules, pageRules } from './http-page.ts';
import { httpRequest } from './http-request.ts';
import { HttpResponse, type Reading } from './http-response.ts';
import { outcomeOfFailure, type StepFailure } from './outcome.ts';
import { type PhaseName, StreamAttempt } from './stream-attempt.ts';
import { type Channel, type Conversation, converse, type End, type Reply } from './stream-conversation.ts';
import type { StreamTools } from './stream-tools.ts';
import { TlsClient } from './tls-client.ts';

/** Compiles patterns and reads certificates once. What cannot be used makes every attempt inconclusive, with the reason. */
export function httpProbe(checker: HttpCheckConfig, tools: StreamTools): Probe {
  const prepared = prepare(checker, tools);
  if (typeof prepared === 'string') {
    return async () => ({ kind: 'inconclusive', detail: prepared, elapsedMs: 0 });
  }
  return (signal) => probeUrls(checker, prepared, signal);
}

interface PreparedUrl {
  readonly url: HttpUrlConfig;
  readonly request: string;
  readonly rules: PageRules;
  readonly channel: Channel;
}

/** A text says why nothing can be asked. */
function prepare(checker: HttpCheckConfig, tools: StreamTools): readonly PreparedUrl[] | string {
  const tls = checker.kind === 'SSL_GET' ? TlsClient.create(checker, tools) : undefined;
  if (typeof tls === 'string') return tls;
  const urls: PreparedUrl[] = [];
  for (const url of checker.urls) {
    const rules = pageRules(url);
    if ('refused' in rules) return `The url ${url.path} is not asked for: ${rules.refused}.`;
    const secure = tls?.channelTo(url);
    const channel = { connection: checker, tools, ...(secure && { secure }) };
    urls.push({ url, request: httpRequest(checker, url), rules, channel });
  }
  return urls;
}

async function probeUrls(
  checker: HttpCheckConfig,
  urls: readonly PreparedUrl[],
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const attempt = new StreamAttempt(checker.timing, signal);
  try {
    for (const url of urls) {
      const failure = await converse(attempt, url.channel, new HttpConversation(url));
      if (failure !== undefined) return failedAt(attempt, failure, url.url);
    }
    attempt.settle();
    return { kind: 'ok', elapsedMs: attempt.elapsedMs, phases: attempt.phases };
  } finally {
    attempt.close();
  }
}

const doing: Readonly<Partial<Record<PhaseName, string>>> = {
  connect: 'connecting for',
  tls: 'in the TLS handshake for',
  firstByte: 'waiting for the reply to',
  body: 'in the reply to',
};

function failedAt(attempt: StreamAttempt, failure: StepFailure, { path }: HttpUrlConfig): ProbeOutcome {
  attempt.settle();
  const during = `${doing[attempt.phase ?? 'connect'] ?? 'asking for'} GET ${path}`;
  return outcomeOfFailure(failure, attempt, during);
}

class HttpConversation implements Conversation {
  readonly opening: string;
  readonly firstPhase = 'firstByte';
  readonly #response: HttpResponse;
  readonly #page: Page;
  readonly #url: HttpUrlConfig;
  #isFirst = true;
  #isWhole = false;

  constructor({ url, request, rules }: PreparedUrl) {
    this.opening = request;
    this.#url = url;
    this.#page = new Page(rules);
    this.#response = new HttpResponse({
      onStatus: (status) => refusedStatus(status, url.statusCodes),
      onBody: (bytes) => this.#page.add(bytes),
    });
  }

  take(bytes: Buffer): Reply {
    const reading = this.#isWhole ? 'more' : this.#response.take(bytes);
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (reading !== 'more') return this.#onReading(reading);
    return isFirst ? { kind: 'wait', phase: 'body' } : { kind: 'wait' };
  }

  end(isAnnounced: boolean): End {
    if (this.#url.tlsCompliant && !isAnnounced) {
      return failed('The server ended the connection without close_notify, which tls_compliant asks for');
    }
    const reading = this.#isWhole ? 'whole' : this.#response.end();
    return reading === 'whole' ? (this.#page.verdict() ?? { kind: 'done' }) : failed(reading.wrong);
  }

  #onReading(reading: Exclude<Reading, 'more'>): Reply {
    if (reading !== 'whole') return failed(reading.wrong);
    this.#isWhole = true;
    // Then the reply is whole only with the end of the connection, and its end says whether it is.
    if (this.#url.tlsCompliant) return { kind: 'wait', phase: 'body' };
    return this.#page.verdict() ?? { kind: 'done' };
  }
}

function refusedStatus(status: number, ranges: readonly StatusRange[]): string | undefined {
  if (ranges.some(({ first, last }) => first <= status && status <= last)) return undefined;
  const wanted = ranges
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
    .join(' ');
  return `The status is ${status}, and ${wanted} is wanted`;
}

function failed(what: string): StepFailure {
  return { kind: 'failed', reason: 'other', what };
}
