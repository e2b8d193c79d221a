/**
 * keepalived.conf(5): SMTP_CHECK. A greeting 220, HELO answered by 250, QUIT answered by any line (RFC 5321 sections 4.2 and
 * 4.3.2). Pure.
 */
import type { StepFailure } from './outcome.ts';
import type { Conversation, End, Reply } from './stream-conversation.ts';

/** RFC 5321 section 4.5.3.1.5 allows 512; servers are known that write more. */
const mostLineBytes = 4096;
const mostReplyBytes = 65_536;

type Stage = 'greeting' | 'reply' | 'quit';

const wanted = {
  greeting: { code: '220', what: 'The greeting' },
  reply: { code: '250', what: 'The reply to HELO' },
  quit: { code: undefined, what: 'The reply to QUIT' },
} as const;

export class SmtpDialogue implements Conversation {
  readonly firstPhase = 'greeting';
  readonly #heloName: string;
  #stage: Stage = 'greeting';
  #pending = '';
  #replyBytes = 0;
  /** Of the reply that is being read. */
  #code: string | undefined;

  constructor(heloName: string) {
    this.#heloName = heloName;
  }

  take(bytes: Buffer): Reply {
    this.#replyBytes += bytes.length;
    this.#pending += bytes.toString('latin1');
    for (;;) {
      const end = this.#pending.indexOf('\n');
      if (end > mostLineBytes || (end === -1 && this.#pending.length > mostLineBytes)) {
        return failed(`${wanted[this.#stage].what} has a line of more than ${mostLineBytes} bytes`);
      }
      if (this.#replyBytes > mostReplyBytes) {
        return failed(`${wanted[this.#stage].what} has more than ${mostReplyBytes} bytes`);
      }
      if (end === -1) return { kind: 'wait' };
      const line = this.#pending.slice(0, end).replace(/\r$/, '');
      this.#pending = this.#pending.slice(end + 1);
      const reply = this.#takeLine(line);
      if (reply.kind !== 'wait') return reply;
    }
  }

  end(): End {
    return failed(
      `The server closed the connection before ${wanted[this.#stage].what.replace('The', 'the')} was whole`,
    );
  }

  #takeLine(line: string): Reply {
    const { what, code } = wanted[this.#stage];
    // keepalived.conf(5), SMTP_CHECK: after QUIT any line will do.
    if (code === undefined) return { kind: 'done' };
    const match = /^([2-5]\d\d)(?:([ -])|$)/.exec(line);
    if (match === null) return failed(`${what} is not SMTP: ${shown(line)}`);
    // RFC 5321 section 4.2.1: all lines of one reply have the same code.
    if (this.#code !== undefined && this.#code !== match[1]) {
      return failed(`${what} has lines with the codes ${this.#code} and ${match[1]}`);
    }
    if (match[1] !== code) return failed(`${what} is ${shown(line)}, and ${code} is wanted`);
    this.#code = match[1];
    return match[2] === '-' ? { kind: 'wait' } : this.#next();
  }

  /** The reply is whole. What was sent ahead of the next command is no answer to it, and is dropped. */
  #next(): Reply {
    this.#code = undefined;
    this.#replyBytes = 0;
    this.#pending = '';
    if (this.#stage === 'greeting') {
      this.#stage = 'reply';
      return { kind: 'send', text: `HELO ${this.#heloName}\r\n`, phase: 'reply' };
    }
    this.#stage = 'quit';
    return { kind: 'send', text: 'QUIT\r\n', phase: 'quit' };
  }
}

function shown(line: string): string {
  return JSON.stringify(line.slice(0, 80));
}

function failed(what: string): StepFailure {
  return { kind: 'failed', reason: 'other', what };
}
