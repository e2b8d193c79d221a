import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLifecycleScript } from '../../../../src/daemon/script-process/notify/index.ts';
import { Folder, loggedRunner } from './fixtures.ts';

let folder: Folder;
let world: ReturnType<typeof loggedRunner>;

beforeEach(() => {
  folder = new Folder();
  world = loggedRunner();
});

afterEach(() => folder.remove());

describe('startup_script and shutdown_script', () => {
  it('have ended with what they do when the promise resolves', async () => {
    const path = folder.script('up', 'sleep 0.1; echo "$# $1" >> $out');
    await runLifecycleScript('startup', { command: { argv: [path, 'own word'] }, timeoutMs: 5000 }, world);
    expect(folder.lines()).toEqual(['1 own word']);
    expect(world.said.at(-1)).toBe(`info: startup_script "${path} own word" has ended`);
  });

  it('are ended when their time is over, and that is said', async () => {
    const path = folder.script('hangs', 'trap "echo told to end >> $out; exit" TERM; sleep 20 & wait');
    const startMs = performance.now();
    await runLifecycleScript('shutdown', { command: { argv: [path] }, timeoutMs: 200 }, world);
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(folder.lines()).toEqual(['told to end']);
    expect(world.said.at(-1)).toBe(
      `warning: shutdown_script "${path}" was ended, since it took too long (shutdown_script_timeout is 0.2 s)`,
    );
  });

  it('that fail or are missing are said, and nothing is thrown', async () => {
    const path = folder.script('fails', 'exit 4');
    await runLifecycleScript('startup', { command: { argv: [path] }, timeoutMs: 1000 }, world);
    expect(world.said.at(-1)).toBe(`warning: startup_script "${path}" ended with status 4`);
    const missing = folder.join('missing');
    await runLifecycleScript('startup', { command: { argv: [missing] }, timeoutMs: 1000 }, world);
    expect(world.said.at(-1)).toMatch(/^warning: startup_script cannot run: /);
  });
});
