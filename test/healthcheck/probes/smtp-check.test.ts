import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { SmtpCheckConfig } from '../../../src/config-parser/config-checks.ts';
import { probeSmtp } from '../../../src/healthcheck/probes/smtp-check.ts';
import {
  asFailure,
  asSuccess,
  handlesSettle,
  openHandles,
  patience,
  serve,
  smtpCheck,
  tools,
} from './stream-fixtures.ts';

function check(port: number, change: Partial<SmtpCheckConfig> = {}, signal = new AbortController().signal) {
  return probeSmtp(smtpCheck(port, change), tools, signal);
}

interface Script {
  readonly greeting?: string;
  readonly helo?: string;
  readonly quit?: string;
  readonly onCommand?: (socket: Socket, command: string) => void;
}

/** A server that answers as the script says; the commands that it was given. */
async function serveSmtp(script: Script = {}): Promise<{ port: number; commands: string[] }> {
  const { greeting = '220 mx.example ESMTP\r\n', helo = '250 mx.example\r\n', quit = '221 bye\r\n' } = script;
  const commands: string[] = [];
  const port = await serve((socket) => {
    socket.write(greeting);
    socket.on('data', (bytes) => {
      const command = bytes.toString();
      commands.push(command);
      if (script.onCommand !== undefined) script.onCommand(socket, command);
      else if (command.startsWith('QUIT')) socket.end(quit);
      else socket.write(helo);
    });
  });
  return { port, commands };
}

describe('a server that greets and answers', () => {
  test('passes, is told HELO and QUIT, and no more', async () => {
    const { port, commands } = await serveSmtp();
    const { phases } = asSuccess(await check(port));
    expect(commands).toEqual(['HELO lb01.example\r\n', 'QUIT\r\n']);
    expect(phases?.map(({ name }) => name)).toEqual(['connect', 'greeting', 'reply', 'quit']);
  });

  test.each<[string, Script]>([
    ['a greeting of several lines', { greeting: '220-mx.example\r\n220-no spam\r\n220 ready\r\n' }],
    ['a greeting without a text', { greeting: '220\r\n' }],
    ['a reply to HELO of several lines', { helo: '250-mx.example\r\n250 SIZE\r\n' }],
    ['lines that end with line feeds alone', { greeting: '220 x\n', helo: '250 x\n', quit: '221 x\n' }],
    ['any line after QUIT', { quit: 'whatever\r\n' }],
  ])('passes with %s', async (_what, script) => {
    const { port } = await serveSmtp(script);
    asSuccess(await check(port));
  });
});

describe('a server that does not', () => {
  test.each<[string, Script, string]>([
    [
      'greets with a 554',
      { greeting: '554 go away\r\n' },
      'The greeting is "554 go away", and 220 is wanted (waiting for the greeting).',
    ],
    [
      'speaks something else',
      { greeting: 'SSH-2.0-x\r\n' },
      'The greeting is not SMTP: "SSH-2.0-x" (waiting for the greeting).',
    ],
    [
      'changes the code within a greeting',
      { greeting: '220-a\r\n221 b\r\n' },
      'The greeting has lines with the codes 220 and 221 (waiting for the greeting).',
    ],
    [
      'refuses HELO',
      { helo: '501 who?\r\n' },
      'The reply to HELO is "501 who?", and 250 is wanted (waiting for the reply to HELO).',
    ],
    [
      'greets without end',
      { greeting: '220-a\r\n'.repeat(20_000) },
      'The greeting has more than 65536 bytes (waiting for the greeting).',
    ],
    [
      'greets with an endless line',
      { greeting: `220 ${'a'.repeat(5000)}` },
      'The greeting has a line of more than 4096 bytes (waiting for the greeting).',
    ],
  ])('%s fails', async (_what, script, detail) => {
    const { port } = await serveSmtp(script);
    expect(asFailure(await check(port))).toMatchObject({ reason: 'other', detail });
  });

  test('answer QUIT but ends fails', async () => {
    const { port } = await serveSmtp({
      onCommand: (socket, command) => (command.startsWith('QUIT') ? socket.end() : socket.write('250 x\r\n')),
    });
    expect(asFailure(await check(port)).detail).toBe(
      'The server closed the connection before the reply to QUIT was whole (waiting for the reply to QUIT).',
    );
  });

  test('greet fails after connect_timeout', async () => {
    const port = await serve(() => {});
    expect(asFailure(await check(port, patience(150)))).toMatchObject({
      reason: 'timeout',
      detail: 'Nothing came from the server for 0.15 s (waiting for the greeting).',
    });
  });

  test('stop dripping fails after attempt_timeout', async () => {
    const port = await serve((socket) => {
      const drip = setInterval(() => socket.write('220-x\r\n'), 20);
      socket.once('close', () => clearInterval(drip));
    });
    expect(asFailure(await check(port, patience(150, 300))).detail).toContain('its attempt_timeout');
  });

  test('hold on but resets is told as reset', async () => {
    const { port } = await serveSmtp({ onCommand: (socket) => socket.resetAndDestroy() });
    expect(asFailure(await check(port))).toMatchObject({
      reason: 'reset',
      detail: 'The server reset it (waiting for the reply to HELO).',
    });
  });

  test('listen is refused', async () => {
    expect(asFailure(await check(1))).toMatchObject({
      reason: 'refused',
      detail: 'The server refused it (connecting).',
    });
  });
});

test('an abort leaves no handle behind', async () => {
  const port = await serve(() => {});
  const before = openHandles();
  const controller = new AbortController();
  const outcome = check(port, {}, controller.signal);
  await new Promise((resolve) => setTimeout(resolve, 30));
  controller.abort();
  expect(await outcome).toMatchObject({ kind: 'inconclusive' });
  expect(await handlesSettle(before + 1)).toBeLessThanOrEqual(before + 1);
});
