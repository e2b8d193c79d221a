/** keepalived.conf(5): SMTP_CHECK, over one connection. What is said is in `smtp-dialogue.ts`. */
import type { SmtpCheckConfig } from '../../config-parser/config-checks.ts';
import type { ProbeOutcome } from '../probe.ts';
import { outcomeOfFailure } from './outcome.ts';
import { SmtpDialogue } from './smtp-dialogue.ts';
import { type PhaseName, StreamAttempt } from './stream-attempt.ts';
import { converse } from './stream-conversation.ts';
import type { StreamTools } from './stream-tools.ts';

const doing: Readonly<Partial<Record<PhaseName, string>>> = {
  greeting: 'waiting for the greeting',
  reply: 'waiting for the reply to HELO',
  quit: 'waiting for the reply to QUIT',
};

export async function probeSmtp(
  checker: SmtpCheckConfig,
  tools: StreamTools,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const attempt = new StreamAttempt(checker.timing, signal);
  try {
    const failure = await converse(
      attempt,
      { connection: checker, tools },
      new SmtpDialogue(checker.heloName),
    );
    attempt.settle();
    const { elapsedMs, phases, phase = 'connect' } = attempt;
    if (failure === undefined) return { kind: 'ok', elapsedMs, phases };
    return outcomeOfFailure(failure, attempt, doing[phase] ?? 'connecting');
  } finally {
    attempt.close();
  }
}
